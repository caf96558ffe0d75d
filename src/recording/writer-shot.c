/* SPDX-License-Identifier: MIT
 *
 * Writes snapshots: a header, the sizes and then the values or the picture, in
 * one piece of the heap. 0 when the budget is used up. Called by the recorder. */
#include "shot.h"
#include "writer-private.h"

#include <string.h>

static guint64
put_shot (RecWriter *writer, RecShotHeader *header, const gint64 *sizes, gconstpointer data, gsize nbytes)
{
  gsize offset = rec_shot_data_offset (header->ndim);
  guint64 begin = (writer->heap_used + 15) & ~(guint64) 15;
  guint64 end = begin + offset + nbytes;
  RecEncoder encoder;
  if (!rec_writer_has_room_for_values (writer, end - writer->heap_used)
      || !rec_writer_begin_payload (writer, end - writer->heap_used, FALSE, &encoder))
    return 0;
  guint8 *at = writer->heap.bytes + begin;
  header->magic = REC_SHOT_MAGIC;
  memcpy (at, header, sizeof *header);
  if (header->ndim > 0)
    memcpy (at + sizeof *header, sizes, header->ndim * sizeof *sizes);
  if (nbytes > 0)
    memcpy (at + offset, data, nbytes);
  writer->heap_used = end;
  rec_area_set_used (&writer->heap, end);
  return begin;
}

guint64
rec_writer_add_shot (RecWriter *writer, RecDtype dtype, guint ndim, const gint64 *sizes, gconstpointer contiguous)
{
  gint64 numel = rec_sizes_get_numel (ndim, sizes);
  gsize size = rec_dtype_size (dtype);
  g_return_val_if_fail (numel >= 0 && ndim <= REC_MAX_NDIM && size > 0, 0);
  if ((guint64) numel > G_MAXINT64 / size)
    return 0;
  RecShotHeader header = { .dtype = dtype, .ndim = ndim, .whole = 1, .numel = numel };
  return put_shot (writer, &header, sizes, contiguous, numel * size);
}

guint64
rec_writer_add_picture (RecWriter *writer, RecDtype dtype, guint ndim, const gint64 *sizes,
                        guint rows, guint cols, const float *picture, const RecStats *stats)
{
  gint64 numel = rec_sizes_get_numel (ndim, sizes);
  g_return_val_if_fail (numel >= 0 && ndim <= REC_MAX_NDIM, 0);
  RecShotHeader header = { .dtype = dtype, .ndim = ndim, .numel = numel, .rows = rows, .cols = cols, .stats = *stats };
  return put_shot (writer, &header, sizes, picture, (gsize) rows * cols * sizeof *picture);
}

gboolean
rec_writer_get_shot (RecWriter *writer, guint64 shot, RecShot *out)
{
  return rec_shot_read (&writer->heap, shot, out);
}
