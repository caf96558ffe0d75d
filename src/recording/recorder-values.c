/* SPDX-License-Identifier: MIT
 *
 * Which values the recording already has: one shot per tensor and version, shared
 * by tensors that show the same memory in the same way. Small tensors are copied
 * whole, big ones reduced chunk by chunk without a copy of the whole. Called by
 * the recorder's observer, on the engine's thread. */
#include "recorder-private.h"
#include "recorder-strided.h"

#include <string.h>

static RecKnown *
take_known (RecRecorder *recorder)
{
  RecKnown *known = recorder->spare;
  if (known == NULL)
    return g_new (RecKnown, 1);
  recorder->spare = known->next_in_storage;
  return known;
}

static void
give_known (RecRecorder *recorder, RecKnown *known)
{
  known->next_in_storage = recorder->spare;
  recorder->spare = known;
}

static RecKnown *
meet (RecRecorder *recorder, EngTensor *tensor, guint64 id, guint64 storage)
{
  RecKnown *known = take_known (recorder);
  known->id = id;
  known->tensor = tensor;
  known->storage = storage;
  known->has_shot = FALSE;
  known->shot = 0;
  known->place = 0;
  known->next_in_storage = rec_table_lookup (&recorder->storages, storage);
  rec_table_set (&recorder->storages, storage, known);
  rec_table_set (&recorder->known, id, known);
  return known;
}

RecKnown *
rec_recorder_meet (RecRecorder *recorder, EngTensor *tensor)
{
  guint64 id = eng_tensor_get_id (tensor);
  RecKnown *known = rec_recorder_lookup (recorder, id);
  return known != NULL ? known : meet (recorder, tensor, id, eng_storage_get_id (eng_tensor_get_storage (tensor)));
}

/* Takes known out of its storage's list. */
static void
unlink_known (RecRecorder *recorder, RecKnown *known)
{
  RecKnown *first = rec_table_lookup (&recorder->storages, known->storage);
  if (first == known && known->next_in_storage == NULL)
    rec_table_remove (&recorder->storages, known->storage);
  else if (first == known)
    rec_table_set (&recorder->storages, known->storage, known->next_in_storage);
  else
    {
      while (first->next_in_storage != known)
        first = first->next_in_storage;
      first->next_in_storage = known->next_in_storage;
    }
}

void
rec_recorder_forget (RecRecorder *recorder, guint64 id)
{
  RecKnown *known = rec_recorder_lookup (recorder, id);
  if (known == NULL)
    return;
  unlink_known (recorder, known);
  rec_table_remove (&recorder->known, id);
  give_known (recorder, known);
}

void
rec_recorder_forget_all (RecRecorder *recorder)
{
  for (gsize k = 0; k <= recorder->known.mask; k++)
    g_free (recorder->known.slots[k].value);
  rec_table_remove_all (&recorder->known);
  rec_table_remove_all (&recorder->storages);
  for (RecKnown *next; recorder->spare != NULL; recorder->spare = next)
    {
      next = recorder->spare->next_in_storage;
      g_free (recorder->spare);
    }
}

/* Copying */

/* All elements, row-major: the tensor's own memory, or a copy in the scratch buffer. */
static gconstpointer
get_contiguous (RecRecorder *recorder, EngTensor *tensor)
{
  gint64 numel = eng_tensor_get_numel (tensor);
  if (eng_tensor_is_contiguous (tensor) || numel == 0)
    return eng_tensor_get_data (tensor);
  g_byte_array_set_size (recorder->scratch, numel * eng_dtype_size (eng_tensor_get_dtype (tensor)));
  RecStrided all;
  rec_strided_init (&all, tensor);
  rec_strided_drop_ones (&all);
  rec_strided_copy (&all, 0, numel, recorder->scratch->data);
  return recorder->scratch->data;
}

static guint64
write_picture (RecRecorder *recorder, EngTensor *tensor, const EngTensorFacts *facts)
{
  RecReducer reducer;
  RecStats stats;
  rec_strided_reduce (recorder->scratch, tensor, &reducer, &stats);
  return rec_writer_add_picture (recorder->writer, (RecDtype) facts->dtype, facts->ndim, facts->sizes,
                                 reducer.picture_rows, reducer.picture_cols, reducer.picture, &stats);
}

static guint64
write_shot (RecRecorder *recorder, EngTensor *tensor, const EngTensorFacts *facts)
{
  if (facts->numel > REC_SHOT_WHOLE_NUMEL)
    return write_picture (recorder, tensor, facts);
  return rec_writer_add_shot (recorder->writer, (RecDtype) facts->dtype, facts->ndim, facts->sizes,
                              facts->is_contiguous ? facts->data : get_contiguous (recorder, tensor));
}

/* Whether both show the same elements in the same order. */
static gboolean
same_geometry (EngTensor *a, EngTensor *b)
{
  guint ndim = eng_tensor_get_ndim (a);
  gsize nbytes = ndim * sizeof (gint64);
  return eng_tensor_get_data (a) == eng_tensor_get_data (b) && eng_tensor_get_dtype (a) == eng_tensor_get_dtype (b)
         && ndim == eng_tensor_get_ndim (b)
         && (ndim == 0 || (memcmp (eng_tensor_get_sizes (a), eng_tensor_get_sizes (b), nbytes) == 0
                           && memcmp (eng_tensor_get_strides (a), eng_tensor_get_strides (b), nbytes) == 0));
}

/* Another tensor over the same memory whose values are written already. */
static inline RecKnown *
find_twin (RecKnown *first, EngTensor *tensor, guint32 version)
{
  for (RecKnown *other = first; other != NULL; other = other->next_in_storage)
    if (other->has_shot && other->version == version && other->tensor != tensor
        && same_geometry (other->tensor, tensor))
      return other;
  return NULL;
}

guint64
rec_recorder_get_shot_of (RecRecorder *recorder, RecKnown **known, EngTensor *tensor, const EngTensorFacts *facts)
{
  RecKnown *it = *known;
  if (it != NULL && it->has_shot && it->version == facts->version)
    return it->shot;
  if (it == NULL)
    *known = it = meet (recorder, tensor, facts->id, facts->storage);
  RecKnown *twin = find_twin (rec_table_lookup (&recorder->storages, facts->storage), it->tensor, facts->version);
  it->shot = twin != NULL ? twin->shot : write_shot (recorder, tensor, facts);
  it->version = facts->version;
  it->has_shot = TRUE;
  return it->shot;
}

guint64
rec_recorder_get_shot (RecRecorder *recorder, EngTensor *tensor)
{
  EngTensorFacts facts;
  eng_observe_tensor (tensor, &facts);
  RecKnown *known = rec_recorder_lookup (recorder, facts.id);
  return rec_recorder_get_shot_of (recorder, &known, tensor, &facts);
}

/* Inside backward an unknown tensor may be a shadow (a saved output under the id of
 * one that is gone), whose end nobody tells: it is shown but not remembered. */
guint64
rec_recorder_get_passing_shot_of (RecRecorder *recorder, RecKnown *known, EngTensor *tensor,
                                  const EngTensorFacts *facts)
{
  if (known != NULL)
    return rec_recorder_get_shot_of (recorder, &known, tensor, facts);
  RecKnown *twin = find_twin (rec_table_lookup (&recorder->storages, facts->storage), tensor, facts->version);
  return twin != NULL ? twin->shot : write_shot (recorder, tensor, facts);
}

guint64
rec_recorder_get_passing_shot (RecRecorder *recorder, EngTensor *tensor)
{
  EngTensorFacts facts;
  RecKnown *known = rec_recorder_lookup (recorder, eng_tensor_get_id (tensor));
  if (known != NULL && known->has_shot && known->version == eng_tensor_get_version (tensor))
    return known->shot; /* the usual answer needs no other facts */
  eng_observe_tensor (tensor, &facts);
  return rec_recorder_get_passing_shot_of (recorder, known, tensor, &facts);
}

void
rec_recorder_storage_changed (RecRecorder *recorder, EngTensor *tensor, gboolean itself)
{
  guint64 storage = eng_storage_get_id (eng_tensor_get_storage (tensor));
  guint32 version = eng_tensor_get_version (tensor);
  RecKnown *known = rec_table_lookup (&recorder->storages, storage);
  for (; known != NULL; known = known->next_in_storage)
    if ((itself || known->tensor != tensor) && !(known->has_shot && known->version == version))
      rec_writer_storage_changed (recorder->writer, known->id, storage, version,
                                  rec_recorder_get_shot (recorder, known->tensor));
}

/* Whether memory no longer holds what the latest shot shows (numpy wrote into it). */
gboolean
rec_recorder_bytes_differ (RecRecorder *recorder, RecKnown *known)
{
  RecShot shot;
  if (!known->has_shot || !rec_writer_get_shot (recorder->writer, known->shot, &shot))
    return FALSE;
  if (shot.whole)
    return shot.numel > 0 && memcmp (get_contiguous (recorder, known->tensor), shot.data,
                                     shot.numel * rec_dtype_size (shot.dtype)) != 0;
  RecReducer reducer;
  RecStats stats;
  rec_strided_reduce (recorder->scratch, known->tensor, &reducer, &stats);
  return memcmp (&stats, shot.stats, sizeof stats) != 0
         || memcmp (reducer.picture, shot.picture, (gsize) shot.rows * shot.cols * sizeof (float)) != 0;
}
