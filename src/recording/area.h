/* SPDX-License-Identifier: MIT
 *
 * One of a recording's two shared-memory areas: a header page and bytes after it.
 * An area has its full size from the start (sparse, sealed against shrinking and
 * growing) and is mapped whole, once, so that nothing is ever remapped and no
 * reader can run into a truncated file. Private to this room. */
#pragma once

#include <glib.h>

#define REC_AREA_HEADER_NBYTES 4096
#define REC_AREA_VERSION 2

typedef enum
{
  REC_AREA_EXHAUSTED = 1 << 0,      /* the budget is used up: values are missing from here on */
  REC_AREA_OUTPUT_DROPPED = 1 << 1, /* not all printed lines were kept */
} RecAreaFlags;

/* Written by the writer only. `used` is release-stored last: what it covers is complete. */
typedef struct
{
  char magic[8];
  guint32 version;
  guint32 flags;
  guint64 used;         /* events: their number; heap: bytes, this header included */
  guint64 budget;       /* heap: bytes that values may fill */
  guint64 last_op_def;  /* heap: offset of the latest operation text; each names the one before */
  guint64
      running; /* events: the script's line that runs now, above how often it was another (32 bits each) */
} RecAreaHeader;

typedef struct
{
  guint8 *bytes;        /* NULL: not mapped */
  gsize size;           /* of the file, header included */
  int fd;
} RecArea;

typedef enum { REC_AREA_EVENTS, REC_AREA_HEAP } RecAreaKind;

/* Makes a sealed memfd of size bytes and maps it for reading. */
gboolean rec_area_create (RecArea *area, RecAreaKind kind, gsize size, guint64 budget, GError **error);
/* Maps the area behind fd (taken, also on failure); refuses what is not one. */
gboolean rec_area_map (RecArea *area, RecAreaKind kind, int fd, gboolean writable, GError **error);
void rec_area_clear (RecArea *area);
/* Has the system set memory aside up to byte `end`; FALSE when there is none. */
gboolean rec_area_commit (const RecArea *area, gsize begin, gsize end);

static inline RecAreaHeader *
rec_area_header (const RecArea *area)
{
  return (RecAreaHeader *) area->bytes;
}

/* What a reader may look at: never beyond the mapping, whatever the header says. */
static inline guint64
rec_area_get_used (const RecArea *area)
{
  return __atomic_load_n (&rec_area_header (area)->used, __ATOMIC_ACQUIRE);
}

/* The n bytes at an offset of a heap; NULL when they are not all there. */
static inline const guint8 *
rec_area_at (const RecArea *heap, guint64 offset, guint64 nbytes)
{
  guint64 used = MIN (rec_area_get_used (heap), heap->size);
  if (offset < REC_AREA_HEADER_NBYTES || offset > used || nbytes > used - offset)
    return NULL;
  return heap->bytes + offset;
}

static inline void
rec_area_set_used (RecArea *area, guint64 used)
{
  __atomic_store_n (&rec_area_header (area)->used, used, __ATOMIC_RELEASE);
}
