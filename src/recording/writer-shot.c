/* SPDX-License-Identifier: MIT
 *
 * Writes snapshots: a header, the sizes and then the values or the picture, in
 * one piece of the heap. 0 when the budget is used up. Called by the recorder. */
#include "shot.h"
#include "writer-private.h"

#include <string.h>

/* picture NULL: whole. */
static inline guint64
put_shot (RecWriter *writer, const RecShotHeader *header, const gint64 *sizes, const RecShotPicture *picture,
          gconstpointer data, gsize nbytes)
{
  gsize offset = rec_shot_data_offset (header->ndim, picture == NULL);
  guint64 begin;
  guint8 *at = nbytes <= G_MAXINT64 ? rec_writer_claim (writer, 16, offset + nbytes, REC_ROOM_FOR_VALUES, &begin) : NULL;
  if (at == NULL)
    return 0;
  gint64 *words = (gint64 *) (at + sizeof *header);
  memcpy (at, header, sizeof *header);
  for (guint d = 0; d < header->ndim; d++)
    words[d] = sizes[d];
  if (picture != NULL)
    memcpy (words + header->ndim, picture, sizeof *picture);
  if (nbytes > 0)
    memcpy (at + offset, data, nbytes);
  rec_writer_show (writer, begin + offset + nbytes);
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
