/* SPDX-License-Identifier: MIT
 *
 * How a shot stands in the heap, and the reducer that makes a picture and
 * statistics of values that come in chunks. Private to this room. */
#pragma once

#include "area.h"
#include "recording.h"

#define REC_SHOT_MAGIC 0x544f4853u
#define REC_SHOT_WHOLE_NUMEL 65536   /* more elements than this: a reduced picture */
#define REC_SHOT_PICTURE_SIDE 64     /* blocks per side at most */

/* 16-byte aligned in the heap; then sizes (ndim words); then, for a picture, its
 * facts; then, 16-byte aligned, numel elements or rows × cols floats. */
typedef struct
{
  guint32 magic;
  guint8 dtype;
  guint8 ndim;
  guint8 whole;
  guint8 reserved;
  gint64 numel;
} RecShotHeader;
G_STATIC_ASSERT (sizeof (RecShotHeader) == 16);

typedef struct
{
  guint32 rows, cols;
  RecStats stats;
} RecShotPicture;
G_STATIC_ASSERT (sizeof (RecShotPicture) % 8 == 0);

/* Checks everything it reads. */
gboolean rec_shot_read (const RecArea *heap, guint64 shot, RecShot *out);
/* The product of sizes; −1 when one is negative or it does not fit. */
static inline gint64
rec_sizes_get_numel (guint ndim, const gint64 *sizes)
{
  gint64 numel = 1;
  for (guint d = 0; d < ndim; d++)
    if (sizes[d] < 0 || __builtin_mul_overflow (numel, sizes[d], &numel))
      return -1;
  return numel;
}

static inline gsize
rec_shot_data_offset (guint ndim, gboolean whole)
{
  gsize facts = sizeof (RecShotHeader) + ndim * sizeof (gint64) + (whole ? 0 : sizeof (RecShotPicture));
  return (facts + 15) & ~(gsize) 15;
}
double rec_element_get (RecDtype dtype, gconstpointer data, gint64 index);

/* Statistics of elements that arrive chunk by chunk. */
typedef struct
{
  RecStats stats;
  double sum, squares;
  gint64 n;
} RecTally;
void rec_tally_init (RecTally *tally);
void rec_tally_add (RecTally *tally, RecDtype dtype, gconstpointer data, gint64 n);
void rec_tally_finish (RecTally *tally, RecStats *stats);

/* A picture of a rows × cols matrix: each block shows its entry of largest
 * magnitude, NaN winning. No memory besides the struct, whatever the sizes. */
typedef struct
{
  gint64 rows, cols;             /* of the matrix */
  guint picture_rows, picture_cols;
  float picture[REC_SHOT_PICTURE_SIDE * REC_SHOT_PICTURE_SIDE];
  RecTally tally;
  gint64 at;                                   /* elements seen by rec_reducer_add */
  gint64 first_col[REC_SHOT_PICTURE_SIDE + 1]; /* of each block; then cols */
} RecReducer;
void rec_reducer_init (RecReducer *reducer, gint64 rows, gint64 cols);
/* The first row of the matrix that block row picture_row shows; rows behind the last. */
gint64 rec_reducer_get_first_row (const RecReducer *reducer, guint picture_row);
/* Elements that arrive row-major, chunk by chunk: into picture and tally. */
void rec_reducer_add (RecReducer *reducer, RecDtype dtype, gconstpointer data, gint64 n);
/* n elements of one row from column col on: into picture_row of the picture, not into the tally. */
void rec_reducer_show (RecReducer *reducer, guint picture_row, gint64 col, RecDtype dtype, gconstpointer data,
                       gint64 n);
void rec_reducer_finish (RecReducer *reducer, RecStats *stats);
