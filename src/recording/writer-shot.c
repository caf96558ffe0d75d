/* SPDX-License-Identifier: MIT
 *
 * Writes snapshots: a header, the sizes and then the values or the picture, in
 * one piece of the heap. 0 when the budget is used up. Called by the recorder. */
#include "shot.h"
#include "writer-private.h"

#include <string.h>

/* picture NULL: whole. */
static guint64
put_shot (RecWriter *writer, const RecShotHeader *header, const gint64 *sizes, const RecShotPicture *picture,
          gconstpointer data, gsize nbytes)
{
  gsize offset = rec_shot_data_offset (header->ndim, picture == NULL);
  guint64 begin = (writer->heap_used + 15) & ~(guint64) 15;
  guint64 end = begin + offset + nbytes;
  RecEncoder encoder;
  if (!rec_writer_has_room_for_values (writer, end - writer->heap_used)
      || !rec_writer_begin_payload (writer, end - writer->heap_used, FALSE, &encoder))
    return 0;
  guint8 *at = writer->heap.bytes + begin;
  memcpy (at, header, sizeof *header);
  at += sizeof *header;
  for (guint d = 0; d < header->ndim; d++, at += sizeof *sizes)
    memcpy (at, &sizes[d], sizeof *sizes);
  if (picture != NULL)
    memcpy (at, picture, sizeof *picture);
  if (nbytes > 0)
    memcpy (writer->heap.bytes + begin + offset, data, nbytes);
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
  RecShotHeader header = { .magic = REC_SHOT_MAGIC, .dtype = dtype, .ndim = ndim, .whole = 1, .numel = numel };
  return put_shot (writer, &header, sizes, NULL, contiguous, numel * size);
}

guint64
rec_writer_add_picture (RecWriter *writer, RecDtype dtype, guint ndim, const gint64 *sizes,
                        guint rows, guint cols, const float *picture, const RecStats *stats)
{
  gint64 numel = rec_sizes_get_numel (ndim, sizes);
  g_return_val_if_fail (numel >= 0 && ndim <= REC_MAX_NDIM, 0);
  RecShotHeader header = { .magic = REC_SHOT_MAGIC, .dtype = dtype, .ndim = ndim, .numel = numel };
  RecShotPicture facts = { .rows = rows, .cols = cols, .stats = *stats };
  return put_shot (writer, &header, sizes, &facts, picture, (gsize) rows * cols * sizeof *picture);
}

gboolean
rec_writer_get_shot (RecWriter *writer, guint64 shot, RecShot *out)
{
  return rec_shot_read (&writer->heap, shot, out);
}
