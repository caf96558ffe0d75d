/* SPDX-License-Identifier: MIT
 *
 * Reading snapshots of values: elements, shape as a matrix, statistics, and the
 * reduced picture of what is too big to keep. Called by reader, recorder, player
 * and painter. */
#include "shot.h"

#include "codec.h"

#include <math.h>
#include <string.h>

#define MAX_PICTURE_SIDE 4096   /* of any writer */

double
rec_element_get (RecDtype dtype, gconstpointer data, gint64 index)
{
  switch (dtype)
    {
    case REC_BOOL: return ((const guint8 *) data)[index] != 0;
    case REC_UINT8: return ((const guint8 *) data)[index];
    case REC_INT8: return ((const gint8 *) data)[index];
    case REC_INT16: return ((const gint16 *) data)[index];
    case REC_INT32: return ((const gint32 *) data)[index];
    case REC_INT64: return ((const gint64 *) data)[index];
    case REC_FLOAT32: return ((const float *) data)[index];
    case REC_FLOAT64: return ((const double *) data)[index];
    }
  return NAN;
}

double
rec_shot_get (const RecShot *shot, gint64 flat_index)
{
  if (!shot->whole || flat_index < 0 || flat_index >= shot->numel)
    return NAN;
  return rec_element_get (shot->dtype, shot->data, flat_index);
}

void
rec_sizes_get_matrix (guint ndim, const gint64 *sizes, gint64 *rows, gint64 *cols)
{
  *rows = 1;
  *cols = ndim > 0 ? sizes[ndim - 1] : 1;
  for (guint d = 0; d + 1 < ndim; d++)
    *rows *= sizes[d];
}

void
rec_shot_get_matrix (const RecShot *shot, gint64 *rows, gint64 *cols)
{
  rec_sizes_get_matrix (shot->ndim, shot->sizes, rows, cols);
}

void
rec_shot_get_position (const RecShot *shot, gint64 flat_index, gint64 *position)
{
  for (guint d = shot->ndim; d-- > 0;)
    {
      gint64 size = MAX (shot->sizes[d], 1);
      position[d] = flat_index % size;
      flat_index /= size;
    }
}

/* Finding one in the heap */

static gboolean
get_data (const RecArea *heap, guint64 shot, RecShot *out)
{
  gint64 n = out->whole ? out->numel : (gint64) out->rows * out->cols;
  gint64 nbytes;
  if (out->rows > MAX_PICTURE_SIDE || out->cols > MAX_PICTURE_SIDE)
    return FALSE;
  if (__builtin_mul_overflow (n, (gint64) (out->whole ? rec_dtype_size (out->dtype) : sizeof (float)), &nbytes))
    return FALSE;
  const guint8 *data = rec_area_at (heap, shot + rec_shot_data_offset (out->ndim, out->whole), nbytes);
  out->data = out->whole ? data : NULL;
  out->picture = out->whole ? NULL : (const float *) data;
  return data != NULL;
}

static gboolean
get_picture_facts (const RecArea *heap, guint64 shot, RecShot *out)
{
  gsize offset = sizeof (RecShotHeader) + out->ndim * sizeof (gint64);
  const RecShotPicture *picture = (const RecShotPicture *) rec_area_at (heap, shot + offset, sizeof *picture);
  if (picture == NULL)
    return FALSE;
  out->rows = picture->rows;
  out->cols = picture->cols;
  out->stats = &picture->stats;
  return TRUE;
}

gboolean
rec_shot_read (const RecArea *heap, guint64 shot, RecShot *out)
{
  const RecShotHeader *at = (const RecShotHeader *) rec_area_at (heap, shot, sizeof *at);
  memset (out, 0, sizeof *out);
  if (at == NULL || shot % 16 != 0)
    return FALSE;
  RecShotHeader header = *at;
  if (header.magic != REC_SHOT_MAGIC || header.dtype > REC_FLOAT64 || header.ndim > REC_MAX_NDIM)
    return FALSE;
  const gint64 *sizes = (const gint64 *) rec_area_at (heap, shot + sizeof header, header.ndim * sizeof (gint64));
  if (sizes == NULL || header.numel < 0 || rec_sizes_get_numel (header.ndim, sizes) != header.numel)
    return FALSE;
  out->dtype = header.dtype;
  out->ndim = header.ndim;
  out->sizes = sizes;
  out->numel = header.numel;
  out->whole = header.whole != 0;
  return (out->whole || get_picture_facts (heap, shot, out)) && get_data (heap, shot, out);
}

/* Statistics */

void
rec_tally_init (RecTally *tally)
{
  *tally = (RecTally){ .stats = { .min = NAN, .max = NAN, .largest_index = -1 } };
}

static inline void
tally_value (RecTally *tally, double value, gint64 index)
{
  RecStats *stats = &tally->stats;
  tally->sum += value;
  tally->squares += value * value;
  if (isnan (value))
    {
      stats->n_nan++;
      return;
    }
  if (!(stats->min <= value))
    stats->min = value;
  if (!(stats->max >= value))
    stats->max = value;
  if (isinf (value))
    stats->n_inf++;
  else if (stats->largest_index < 0 || fabs (value) > fabs (stats->largest))
    {
      stats->largest = value;
      stats->largest_index = index;
    }
}

void
rec_tally_add (RecTally *tally, RecDtype dtype, gconstpointer data, gint64 n)
{
  if (dtype == REC_FLOAT32)
    for (gint64 k = 0; k < n; k++)
      tally_value (tally, ((const float *) data)[k], tally->n + k);
  else
    for (gint64 k = 0; k < n; k++)
      tally_value (tally, rec_element_get (dtype, data, k), tally->n + k);
  tally->n += n;
}

void
rec_tally_finish (RecTally *tally, RecStats *stats)
{
  *stats = tally->stats;
  stats->mean = tally->n > 0 ? tally->sum / tally->n : NAN;
  stats->norm = sqrt (tally->squares);
}

void
rec_shot_get_stats (const RecShot *shot, RecStats *stats)
{
  if (!shot->whole && shot->stats != NULL)
    {
      *stats = *shot->stats;
      return;
    }
  RecTally tally;
  rec_tally_init (&tally);
  if (shot->whole)
    rec_tally_add (&tally, shot->dtype, shot->data, shot->numel);
  rec_tally_finish (&tally, stats);
}

/* Reduced pictures: block b of n begins at entry ⌈b · size / n⌉, so that entry k
 * belongs to block ⌊k · n / size⌋. */

static gint64
first_of_block (guint block, guint n_blocks, gint64 size)
{
  return n_blocks > 0 ? (gint64) (((__int128) block * size + n_blocks - 1) / n_blocks) : 0;
}

void
rec_reducer_init (RecReducer *reducer, gint64 rows, gint64 cols)
{
  memset (reducer, 0, sizeof *reducer);
  reducer->rows = rows;
  reducer->cols = cols;
  reducer->picture_rows = MIN (rows, REC_SHOT_PICTURE_SIDE);
  reducer->picture_cols = MIN (cols, REC_SHOT_PICTURE_SIDE);
  for (guint block = 0; block <= reducer->picture_cols; block++)
    reducer->first_col[block] = first_of_block (block, reducer->picture_cols, cols);
  rec_tally_init (&reducer->tally);
}

gint64
rec_reducer_get_first_row (const RecReducer *reducer, guint picture_row)
{
  return first_of_block (picture_row, reducer->picture_rows, reducer->rows);
}

static inline void
show_value (float *block, float value)
{
  if (!isnan (*block) && (isnan (value) || fabsf (value) > fabsf (*block)))
    *block = value;
}

static void
show_run (float *block, RecDtype dtype, gconstpointer data, gint64 first, gint64 end)
{
  float shown = *block;
  if (dtype == REC_FLOAT32)
    for (gint64 k = first; k < end; k++)
      show_value (&shown, ((const float *) data)[k]);
  else
    for (gint64 k = first; k < end; k++)
      show_value (&shown, rec_element_get (dtype, data, k));
  *block = shown;
}

void
rec_reducer_show (RecReducer *reducer, guint picture_row, gint64 col, RecDtype dtype, gconstpointer data,
                  gint64 n)
{
  float *blocks = reducer->picture + picture_row * reducer->picture_cols;
  guint block = (__int128) col * reducer->picture_cols / reducer->cols;
  for (gint64 at = 0; at < n; block++)
    {
      gint64 end = MIN (n, reducer->first_col[block + 1] - col);
      show_run (&blocks[block], dtype, data, at, end);
      at = end;
    }
}

void
rec_reducer_add (RecReducer *reducer, RecDtype dtype, gconstpointer data, gint64 n)
{
  const guint8 *bytes = data;
  while (n > 0)
    {
      gint64 row = reducer->at / reducer->cols, col = reducer->at % reducer->cols;
      gint64 run = MIN (n, reducer->cols - col);
      rec_reducer_show (reducer, (__int128) row * reducer->picture_rows / reducer->rows, col, dtype, bytes,
                        run);
      rec_tally_add (&reducer->tally, dtype, bytes, run);
      reducer->at += run;
      bytes += run * rec_dtype_size (dtype);
      n -= run;
    }
}

void
rec_reducer_finish (RecReducer *reducer, RecStats *stats)
{
  rec_tally_finish (&reducer->tally, stats);
}
