/* SPDX-License-Identifier: MIT
 *
 * Where each tensor's facts and values stand in the recording: written when it is
 * met and again when something about it has changed, so that an operation names
 * its operands by one word each. Called by the recorder's observer. */
#include "recorder-private.h"

#include <string.h>

void
rec_recorder_fill_facts (EngTensor *tensor, RecTensor *facts)
{
  EngTensor *base = eng_tensor_get_base (tensor);
  EngGradFn *grad_fn = eng_tensor_get_grad_fn (tensor);
  *facts = (RecTensor){
    .id = eng_tensor_get_id (tensor),
    .dtype = (RecDtype) eng_tensor_get_dtype (tensor),
    .ndim = eng_tensor_get_ndim (tensor),
    .sizes = eng_tensor_get_sizes (tensor),
    .strides = eng_tensor_get_strides (tensor),
    .storage_offset = eng_tensor_get_storage_offset (tensor),
    .storage = eng_storage_get_id (eng_tensor_get_storage (tensor)),
    .base = base != NULL ? eng_tensor_get_id (base) : 0,
    .grad_fn = grad_fn != NULL ? eng_grad_fn_get_id (grad_fn) : 0,
    .output_nr = eng_tensor_get_output_nr (tensor),
    .requires_grad = eng_tensor_get_requires_grad (tensor),
    .leaf = eng_tensor_is_leaf (tensor),
    .version = eng_tensor_get_version (tensor),
  };
}

static RecPlaced
get_changing_facts (EngTensor *tensor, guint64 shot)
{
  EngGradFn *grad_fn = eng_tensor_get_grad_fn (tensor);
  return (RecPlaced){
    .shot = shot,
    .grad_fn = grad_fn != NULL ? eng_grad_fn_get_id (grad_fn) : 0,
    .data = eng_tensor_get_data (tensor),
    .version = eng_tensor_get_version (tensor),
    .output_nr = eng_tensor_get_output_nr (tensor),
    .ndim = eng_tensor_get_ndim (tensor),
    .requires_grad = eng_tensor_get_requires_grad (tensor) != 0,
  };
}

static inline gboolean
is_same (const RecPlaced *a, const RecPlaced *b)
{
  return a->shot == b->shot && a->grad_fn == b->grad_fn && a->data == b->data && a->version == b->version
         && a->output_nr == b->output_nr && a->ndim == b->ndim && a->requires_grad == b->requires_grad;
}

static gboolean
has_written_sizes (RecRecorder *recorder, const RecKnown *known, EngTensor *tensor)
{
  const gint64 *sizes, *strides;
  gsize nbytes = known->placed.ndim * sizeof *sizes;
  rec_writer_get_sizes (recorder->writer, known->place, known->placed.ndim, &sizes, &strides);
  return nbytes == 0 || (memcmp (sizes, eng_tensor_get_sizes (tensor), nbytes) == 0
                         && memcmp (strides, eng_tensor_get_strides (tensor), nbytes) == 0);
}

static guint64
get_known_place (RecRecorder *recorder, RecKnown *known, EngTensor *tensor, guint64 shot)
{
  RecTensor facts;
  RecPlaced now = get_changing_facts (tensor, shot);
  if (known->place != 0 && is_same (&known->placed, &now) && has_written_sizes (recorder, known, tensor))
    return known->place;
  rec_recorder_fill_facts (tensor, &facts);
  facts.shot = shot;
  known->place = rec_writer_add_tensor (recorder->writer, &facts);
  known->placed = now;
  return known->place;
}

guint64
rec_recorder_get_place (RecRecorder *recorder, EngTensor *tensor)
{
  guint64 shot = rec_recorder_get_shot (recorder, tensor);
  return get_known_place (recorder, rec_recorder_lookup (recorder, eng_tensor_get_id (tensor)), tensor, shot);
}

/* The shadow of a tensor that still lives says the same as the tensor itself. */
static EngTensor *
find_original (EngTensor *tensor, RecKnown *known)
{
  return eng_tensor_get_data (known->tensor) == eng_tensor_get_data (tensor)
                 && eng_tensor_get_version (known->tensor) == eng_tensor_get_version (tensor)
             ? known->tensor : tensor;
}

guint64
rec_recorder_get_passing_place (RecRecorder *recorder, EngTensor *tensor)
{
  RecTensor facts;
  RecKnown *known = rec_recorder_lookup (recorder, eng_tensor_get_id (tensor));
  guint64 shot = rec_recorder_get_passing_shot (recorder, tensor);
  if (known != NULL)
    return get_known_place (recorder, known, find_original (tensor, known), shot);
  rec_recorder_fill_facts (tensor, &facts);
  facts.shot = shot;
  return rec_writer_add_tensor (recorder->writer, &facts);
}

guint64
rec_recorder_get_place_before (RecRecorder *recorder, EngTensor *tensor)
{
  RecTensor facts;
  RecKnown *known = rec_recorder_lookup (recorder, eng_tensor_get_id (tensor));
  if (known != NULL && known->place != 0 && known->has_shot && known->placed.version == known->version
      && known->placed.shot == known->shot)
    return known->place;
  rec_recorder_fill_facts (tensor, &facts);
  facts.version = known != NULL ? known->version : facts.version - MIN (facts.version, 1);
  facts.shot = known != NULL && known->has_shot ? known->shot : 0;
  return rec_writer_add_tensor (recorder->writer, &facts);
}
