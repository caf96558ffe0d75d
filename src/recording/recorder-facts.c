/* SPDX-License-Identifier: MIT
 *
 * Where each tensor's facts and values stand in the recording: written when it is
 * met and again when something about it has changed, so that an operation names
 * its operands by one word each. Called by the recorder's observer. */
#include "recorder-private.h"

/* A detached alias names the tensor that showed its memory first, as a view names its base. */
static guint64
find_base (RecRecorder *recorder, const EngTensorFacts *from)
{
  RecKnown *known = from->base == 0 ? rec_table_lookup (&recorder->storages, from->storage) : NULL;

  while (known != NULL && known->next_in_storage != NULL)
    known = known->next_in_storage;
  return known != NULL && known->id != from->id ? known->id : from->base;
}

static void
fill_facts (RecRecorder *recorder, const EngTensorFacts *from, guint64 shot, RecTensor *facts)
{
  facts->id = from->id;
  facts->version = from->version;
  facts->dtype = (RecDtype) from->dtype;
  facts->ndim = from->ndim;
  facts->sizes = from->sizes;
  facts->strides = from->strides;
  facts->storage_offset = from->storage_offset;
  facts->storage = from->storage;
  facts->base = find_base (recorder, from);
  facts->grad_fn = from->grad_fn;
  facts->output_nr = from->output_nr;
  facts->requires_grad = from->requires_grad;
  facts->leaf = from->grad_fn == 0;
  facts->shot = shot;
}

void
rec_recorder_get_facts (RecRecorder *recorder, EngTensor *tensor, RecTensor *facts)
{
  EngTensorFacts from;
  eng_observe_tensor (tensor, &from);
  fill_facts (recorder, &from, 0, facts);
}

static inline gboolean
is_same (const RecPlaced *placed, const EngTensorFacts *now, guint64 shot)
{
  return placed->shot == shot && placed->grad_fn == now->grad_fn && placed->data == now->data
         && placed->version == now->version && placed->output_nr == now->output_nr
         && placed->requires_grad == now->requires_grad;
}

static guint64
write_place (RecRecorder *recorder, const EngTensorFacts *now, guint64 shot)
{
  RecTensor facts;
  fill_facts (recorder, now, shot, &facts);
  return rec_writer_add_tensor (recorder->writer, &facts);
}

static inline guint64
get_known_place (RecRecorder *recorder, RecKnown *known, const EngTensorFacts *now, guint64 shot)
{
  if (known->place != 0 && is_same (&known->placed, now, shot))
    return known->place;
  known->place = write_place (recorder, now, shot);
  known->placed.shot = shot;
  known->placed.grad_fn = now->grad_fn;
  known->placed.data = now->data;
  known->placed.version = now->version;
  known->placed.output_nr = now->output_nr;
  known->placed.requires_grad = now->requires_grad;
  return known->place;
}

guint64
rec_recorder_get_place (RecRecorder *recorder, EngTensor *tensor)
{
  EngTensorFacts now;
  eng_observe_tensor (tensor, &now);
  RecKnown *known = rec_recorder_lookup (recorder, now.id);
  guint64 shot = rec_recorder_get_shot_of (recorder, &known, tensor, &now);
  return get_known_place (recorder, known, &now, shot);
}

guint64
rec_recorder_get_passing_place (RecRecorder *recorder, EngTensor *tensor)
{
  EngTensorFacts now;
  eng_observe_tensor (tensor, &now);
  RecKnown *known = rec_recorder_lookup (recorder, now.id);
  guint64 shot = rec_recorder_get_passing_shot_of (recorder, known, tensor, &now);
  if (known == NULL)
    return write_place (recorder, &now, shot);
  /* The shadow of a tensor that still lives says the same as the tensor itself. */
  if (known->tensor != tensor && eng_tensor_get_data (known->tensor) == now.data
      && eng_tensor_get_version (known->tensor) == now.version)
    eng_observe_tensor (known->tensor, &now);
  return get_known_place (recorder, known, &now, shot);
}

guint64
rec_recorder_get_place_before (RecRecorder *recorder, EngTensor *tensor)
{
  RecTensor facts;
  RecKnown *known = rec_recorder_lookup (recorder, eng_tensor_get_id (tensor));
  if (known != NULL && known->place != 0 && known->has_shot && known->placed.version == known->version
      && known->placed.shot == known->shot)
    return known->place;
  rec_recorder_get_facts (recorder, tensor, &facts);
  facts.version = known != NULL ? known->version : facts.version - MIN (facts.version, 1);
  facts.shot = known != NULL && known->has_shot ? known->shot : 0;
  return rec_writer_add_tensor (recorder->writer, &facts);
}
