/* SPDX-License-Identifier: MIT
 *
 * Payloads of the hot path to words and back: tensors, operations, grad_fn runs.
 * Ids that the event itself carries are not repeated. A decoder follows offsets
 * only after checking them. Called by the writer (the encoders) and the reader
 * (the decoders). */
#include "codec.h"

#include <string.h>

/* A tensor: eight words, then its sizes and strides. */

enum { TENSOR_REQUIRES_GRAD = 1, TENSOR_LEAF = 2 };
#define TENSOR_WORDS 8

gsize
rec_tensor_nbytes (guint ndim)
{
  return (TENSOR_WORDS + 2 * ndim) * sizeof (guint64);
}

static inline guint64 *
put_words (guint64 *at, const guint64 *words, guint n)
{
  for (guint k = 0; k < n; k++)
    at[k] = words[k];
  return at + n;
}

void
rec_put_tensor (guint64 *at, const RecTensor *tensor)
{
  guint64 flags = (tensor->requires_grad ? TENSOR_REQUIRES_GRAD : 0) | (tensor->leaf ? TENSOR_LEAF : 0);
  at[0] = tensor->id;
  at[1] = tensor->version | (guint64) tensor->dtype << 32 | (guint64) tensor->ndim << 40 | flags << 48;
  at[2] = tensor->storage;
  at[3] = tensor->storage_offset;
  at[4] = tensor->base;
  at[5] = tensor->grad_fn;
  at[6] = tensor->output_nr;
  at[7] = tensor->shot;
  at = put_words (at + TENSOR_WORDS, (const guint64 *) tensor->sizes, tensor->ndim);
  put_words (at, (const guint64 *) tensor->strides, tensor->ndim);
}

static gboolean
has_good_sizes (const RecTensor *tensor)
{
  for (guint d = 0; d < tensor->ndim; d++)
    if (tensor->sizes[d] < 0)
      return FALSE;
  return TRUE;
}

gboolean
rec_read_tensor (const RecArea *heap, guint64 offset, RecTensor *tensor)
{
  const guint64 *words = offset % 8 == 0 ? (const guint64 *) rec_area_at (heap, offset, rec_tensor_nbytes (0)) : NULL;
  if (words == NULL)
    return FALSE;
  guint64 packed = words[1];
  guint dtype = packed >> 32 & 0xff, ndim = packed >> 40 & 0xff, flags = packed >> 48 & 0xff;
  if (words[0] == 0 || dtype > REC_FLOAT64 || ndim > REC_MAX_NDIM
      || rec_area_at (heap, offset, rec_tensor_nbytes (ndim)) == NULL)
    return FALSE;
  *tensor = (RecTensor){
    .id = words[0], .version = (guint32) packed, .dtype = dtype, .ndim = ndim,
    .requires_grad = (flags & TENSOR_REQUIRES_GRAD) != 0, .leaf = (flags & TENSOR_LEAF) != 0,
    .storage = words[2], .storage_offset = words[3], .base = words[4], .grad_fn = words[5], .output_nr = words[6],
    .shot = words[7], .sizes = (const gint64 *) words + TENSOR_WORDS,
    .strides = (const gint64 *) words + TENSOR_WORDS + ndim,
  };
  return has_good_sizes (tensor);
}

/* A form: its length, what was called, the texts, the numbers among the arguments. */

enum
{
  FORM_IN_PLACE = 1,
  FORM_GRAD_MODE = 2,
  FORM_SWAPPED = 4
};

void
rec_encode_form (RecEncoder *encoder, const RecOp *op)
{
  guint64 flags = (op->in_place ? FORM_IN_PLACE : 0) | (op->grad_mode ? FORM_GRAD_MODE : 0)
                  | (op->swapped ? FORM_SWAPPED : 0);
  guint8 *begin = encoder->at;
  rec_encode_word (encoder, 0);
  rec_encode_word (encoder, op->op | flags << 32 | (guint64) op->n_scalars << 48);
  rec_encode_text (encoder, op->written);
  rec_encode_text (encoder, op->params);
  rec_encode_text (encoder, op->arguments);
  for (guint k = 0; k < op->n_scalars; k++)
    {
      rec_encode_word (encoder, op->scalar_places[k]);
      rec_encode_text (encoder, op->scalars[k]);
    }
  guint64 nbytes = encoder->at - begin;
  if (!encoder->full)
    memcpy (begin, &nbytes, sizeof nbytes);
}

static gboolean
read_form (const RecArea *heap, guint64 offset, RecOp *op)
{
  const guint64 *at = offset % 8 == 0 ? (const guint64 *) rec_area_at (heap, offset, sizeof *at) : NULL;
  guint64 nbytes = at != NULL ? __atomic_load_n (at, __ATOMIC_RELAXED)
                              : 0; /* once: the writer may change it */
  const guint8 *bytes = nbytes >= sizeof nbytes ? rec_area_at (heap, offset, nbytes) : NULL;
  if (bytes == NULL)
    return FALSE;
  RecDecoder decoder = { .at = bytes + sizeof nbytes, .end = bytes + nbytes };
  guint64 packed = rec_decode_word (&decoder);
  op->op = (guint32) packed;
  op->in_place = (packed >> 32 & FORM_IN_PLACE) != 0;
  op->grad_mode = (packed >> 32 & FORM_GRAD_MODE) != 0;
  op->swapped = (packed >> 32 & FORM_SWAPPED) != 0;
  op->n_scalars = packed >> 48;
  op->written = rec_decode_text (&decoder);
  op->params = rec_decode_text (&decoder);
  op->arguments = rec_decode_text (&decoder);
  if (decoder.bad || op->n_scalars > G_N_ELEMENTS (op->scalars))
    return FALSE;
  for (guint k = 0; k < op->n_scalars; k++)
    {
      op->scalar_places[k] = rec_decode_count (&decoder, G_MAXUINT8);
      op->scalars[k] = rec_decode_text (&decoder);
    }
  return rec_decoder_is_complete (&decoder);
}

/* One call: form and counts, the places of tensors, then saved ids and edges. */

#define NEXT_WORDS 2
#define NEXT_INPUT_NR_BITS 16
#define CLEARED_OPERANDS 8

gsize
rec_places_nbytes (const RecOpPlaces *places)
{
  gsize n_words = 2 + places->n_inputs + places->n_outputs + places->n_saved + NEXT_WORDS * places->n_next;
  return n_words * sizeof (guint64) + (places->message != NULL ? rec_text_nbytes (places->message) : 0);
}

void
rec_put_places (guint64 *at, const RecOpPlaces *places)
{
  *at++ = places->form;
  *at++ = places->n_inputs | places->n_outputs << 8 | places->n_saved << 16 | (guint64) places->n_next << 24;
  at = put_words (at, places->inputs, places->n_inputs);
  at = put_words (at, places->outputs, places->n_outputs);
  at = put_words (at, places->saved, places->n_saved);
  for (guint k = 0; k < places->n_next; k++, at += NEXT_WORDS)
    {
      at[0] = places->next[k].grad_fn;
      at[1] = places->next[k].leaf << NEXT_INPUT_NR_BITS | places->next[k].input_nr;
    }
  if (places->message == NULL)
    return;
  RecEncoder encoder = { .at = (guint8 *) at, .end = (guint8 *) at + rec_text_nbytes (places->message) };
  rec_encode_text (&encoder, places->message);
}

static void
decode_counts (RecDecoder *decoder, RecOp *op)
{
  guint64 counts = rec_decode_word (decoder);
  op->n_inputs = counts & 0xff;
  op->n_outputs = counts >> 8 & 0xff;
  op->n_saved = counts >> 16 & 0xff;
  op->n_next = counts >> 24 & 0xff;
  if (op->n_inputs > G_N_ELEMENTS (op->inputs) || op->n_outputs > G_N_ELEMENTS (op->outputs)
      || op->n_saved > G_N_ELEMENTS (op->saved) || op->n_next > G_N_ELEMENTS (op->next))
    decoder->bad = TRUE;
}

static void
decode_tensors (const RecArea *heap, RecDecoder *decoder, RecTensor *tensors, guint n)
{
  for (guint k = 0; k < n; k++)
    {
      guint64 place = rec_decode_word (decoder);
      if (place == 0)
        tensors[k] = (RecTensor){ .id = 0 };
      else if (!rec_read_tensor (heap, place, &tensors[k]))
        decoder->bad = TRUE;
    }
}

/* Clears all but the long lists, of which the first few do: an operation has few operands. */
static void
clear_op (RecOp *op)
{
  memset (op, 0, G_STRUCT_OFFSET (RecOp, inputs) + CLEARED_OPERANDS * sizeof *op->inputs);
  memset (&op->n_scalars, 0, G_STRUCT_OFFSET (RecOp, next) - G_STRUCT_OFFSET (RecOp, n_scalars));
  memset (op->next, 0, CLEARED_OPERANDS * sizeof *op->next);
  op->message = NULL;
}

gboolean
rec_decode_op (const RecArea *heap, RecDecoder *decoder, const RecEvent *event, RecOp *op)
{
  clear_op (op);
  guint64 form = rec_decode_word (decoder);
  decode_counts (decoder, op);
  if (decoder->bad || !read_form (heap, form, op))
    return FALSE;
  op->grad_fn = event->object;
  decode_tensors (heap, decoder, op->inputs, op->n_inputs);
  decode_tensors (heap, decoder, op->outputs, op->n_outputs);
  for (guint k = 0; k < op->n_saved; k++)
    op->saved[k] = rec_decode_word (decoder);
  for (guint k = 0; k < op->n_next; k++)
    {
      op->next[k].grad_fn = rec_decode_word (decoder);
      guint64 edge = rec_decode_word (decoder);
      op->next[k].input_nr = edge & ((1u << NEXT_INPUT_NR_BITS) - 1);
      op->next[k].leaf = edge >> NEXT_INPUT_NR_BITS;
    }
  op->message = decoder->at < decoder->end ? rec_decode_text (decoder) : NULL;
  return rec_decoder_is_complete (decoder);
}

/* A grad_fn that ran: counts and flags, the shots that arrived and were sent, for a
 * leaf its gradient afterwards. */

gsize
rec_grad_fn_run_nbytes (const RecGradFnRun *run)
{
  return (1 + run->n_grad_outputs + run->n_grad_inputs + (run->leaf != 0)) * sizeof (guint64);
}

void
rec_put_grad_fn_run (guint64 *at, const RecGradFnRun *run)
{
  *at++ = (run->accumulated ? 1 : 0) | (run->saved_freed ? 2 : 0) | run->n_grad_outputs << 8
          | run->n_grad_inputs << 16;
  at = put_words (at, run->grad_outputs, run->n_grad_outputs);
  at = put_words (at, run->grad_inputs, run->n_grad_inputs);
  if (run->leaf != 0)
    *at = run->leaf_grad;
}

gboolean
rec_decode_grad_fn_run (RecDecoder *decoder, const RecEvent *event, RecGradFnRun *run)
{
  memset (run, 0, sizeof *run);
  guint64 packed = rec_decode_word (decoder);
  run->grad_fn = event->subject;
  run->leaf = event->object;
  run->accumulated = (packed & 1) != 0;
  run->saved_freed = (packed & 2) != 0;
  run->n_grad_outputs = packed >> 8 & 0xff;
  run->n_grad_inputs = packed >> 16 & 0xff;
  if (run->n_grad_outputs > G_N_ELEMENTS (run->grad_outputs) || run->n_grad_inputs > G_N_ELEMENTS (run->grad_inputs))
    return FALSE;
  for (guint k = 0; k < run->n_grad_outputs; k++)
    run->grad_outputs[k] = rec_decode_word (decoder);
  for (guint k = 0; k < run->n_grad_inputs; k++)
    run->grad_inputs[k] = rec_decode_word (decoder);
  run->leaf_grad = run->leaf != 0 ? rec_decode_word (decoder) : 0;
  return rec_decoder_is_complete (decoder);
}
