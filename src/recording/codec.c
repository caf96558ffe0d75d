/* SPDX-License-Identifier: MIT
 *
 * Payloads to words and back. Each encoder is followed by its decoder, which
 * checks every count, element type and size it meets. Called by the writer (the
 * encoders) and the reader (the decoders). */
#include "codec.h"

#include <string.h>

/* Words and texts */

static gsize
padded (gsize nbytes)
{
  return (nbytes + 7) & ~(gsize) 7;
}

static guint8 *
claim (RecEncoder *encoder, gsize nbytes)
{
  guint8 *at = encoder->at;
  if (encoder->full || (gsize) (encoder->end - at) < nbytes)
    {
      encoder->full = TRUE;
      return NULL;
    }
  encoder->at += nbytes;
  return at;
}

void
rec_encode_word (RecEncoder *encoder, guint64 word)
{
  guint8 *at = claim (encoder, sizeof word);
  if (at != NULL)
    memcpy (at, &word, sizeof word);
}

void
rec_encode_words (RecEncoder *encoder, const gint64 *words, gsize n)
{
  guint8 *at = claim (encoder, n * sizeof *words);
  if (at != NULL && n > 0)
    memcpy (at, words, n * sizeof *words);
}

void
rec_encode_text (RecEncoder *encoder, const char *text)
{
  gsize nbytes = text != NULL ? strlen (text) + 1 : 0;
  rec_encode_word (encoder, nbytes);
  guint8 *at = claim (encoder, padded (nbytes));
  if (at == NULL || nbytes == 0)
    return;
  memset (at + padded (nbytes) - 8, 0, 8);
  memcpy (at, text, nbytes);
}

static const guint8 *
take (RecDecoder *decoder, gsize nbytes)
{
  const guint8 *at = decoder->at;
  if (decoder->bad || (gsize) (decoder->end - at) < nbytes)
    {
      decoder->bad = TRUE;
      return NULL;
    }
  decoder->at += nbytes;
  return at;
}

guint64
rec_decode_word (RecDecoder *decoder)
{
  guint64 word = 0;
  const guint8 *at = take (decoder, sizeof word);
  if (at != NULL)
    memcpy (&word, at, sizeof word);
  return word;
}

guint
rec_decode_count (RecDecoder *decoder, guint max)
{
  guint64 word = rec_decode_word (decoder);
  if (word > max)
    decoder->bad = TRUE;
  return decoder->bad ? 0 : word;
}

const gint64 *
rec_decode_words (RecDecoder *decoder, gsize n)
{
  return (const gint64 *) take (decoder, n * sizeof (gint64));
}

const char *
rec_decode_text (RecDecoder *decoder)
{
  guint64 nbytes = rec_decode_word (decoder);
  if (nbytes > (guint64) (decoder->end - decoder->at))
    decoder->bad = TRUE;
  if (decoder->bad || nbytes == 0)
    return NULL;
  const char *text = (const char *) take (decoder, padded (nbytes));
  if (text == NULL || text[nbytes - 1] != '\0')
    {
      decoder->bad = TRUE;
      return NULL;
    }
  return text;
}

static gboolean
is_complete (const RecDecoder *decoder)
{
  return !decoder->bad && decoder->at == decoder->end;
}

/* A tensor's facts. Word 0 is the id (0: None, nothing follows). */

enum { TENSOR_REQUIRES_GRAD = 1, TENSOR_LEAF = 2 };

void
rec_encode_tensor (RecEncoder *encoder, const RecTensor *tensor)
{
  rec_encode_word (encoder, tensor->id);
  if (tensor->id == 0)
    return;
  guint64 flags = (tensor->requires_grad ? TENSOR_REQUIRES_GRAD : 0) | (tensor->leaf ? TENSOR_LEAF : 0);
  guint64 facts[] = {
    tensor->version | (guint64) tensor->dtype << 32 | (guint64) tensor->ndim << 40 | flags << 48,
    tensor->storage, tensor->storage_offset, tensor->base, tensor->grad_fn, tensor->output_nr, tensor->shot,
  };
  rec_encode_words (encoder, (const gint64 *) facts, G_N_ELEMENTS (facts));
  rec_encode_words (encoder, tensor->sizes, tensor->ndim);
  rec_encode_words (encoder, tensor->strides, tensor->ndim);
}

void
rec_decode_tensor (RecDecoder *decoder, RecTensor *tensor)
{
  memset (tensor, 0, sizeof *tensor);
  tensor->id = rec_decode_word (decoder);
  if (tensor->id == 0)
    return;
  guint64 packed = rec_decode_word (decoder);
  guint flags = packed >> 48 & 0xff;
  guint dtype = packed >> 32 & 0xff;
  tensor->version = (guint32) packed;
  tensor->ndim = packed >> 40 & 0xff;
  if (dtype > REC_FLOAT64 || tensor->ndim > REC_MAX_NDIM)
    decoder->bad = TRUE;
  tensor->dtype = decoder->bad ? REC_BOOL : dtype;
  tensor->ndim = decoder->bad ? 0 : tensor->ndim;
  tensor->requires_grad = (flags & TENSOR_REQUIRES_GRAD) != 0;
  tensor->leaf = (flags & TENSOR_LEAF) != 0;
  tensor->storage = rec_decode_word (decoder);
  tensor->storage_offset = rec_decode_word (decoder);
  tensor->base = rec_decode_word (decoder);
  tensor->grad_fn = rec_decode_word (decoder);
  tensor->output_nr = rec_decode_word (decoder);
  tensor->shot = rec_decode_word (decoder);
  tensor->sizes = rec_decode_words (decoder, tensor->ndim);
  tensor->strides = rec_decode_words (decoder, tensor->ndim);
  for (guint d = 0; tensor->sizes != NULL && d < tensor->ndim; d++)
    if (tensor->sizes[d] < 0)
      decoder->bad = TRUE;
}

/* An operation. Word 0 packs the counts that are known to be small. */

enum { OP_IN_PLACE = 1, OP_GRAD_MODE = 2 };

void
rec_encode_op (RecEncoder *encoder, const RecOp *op)
{
  guint64 flags = (op->in_place ? OP_IN_PLACE : 0) | (op->grad_mode ? OP_GRAD_MODE : 0);
  rec_encode_word (encoder, op->op | flags << 32);
  rec_encode_word (encoder, op->n_inputs | op->n_outputs << 8 | op->n_scalars << 16 | op->n_saved << 24
                            | (guint64) op->n_next << 32);
  rec_encode_word (encoder, op->grad_fn);
  rec_encode_text (encoder, op->written);
  rec_encode_text (encoder, op->params);
  rec_encode_text (encoder, op->arguments);
  rec_encode_text (encoder, op->message);
  for (guint k = 0; k < op->n_inputs; k++)
    rec_encode_tensor (encoder, &op->inputs[k]);
  for (guint k = 0; k < op->n_outputs; k++)
    rec_encode_tensor (encoder, &op->outputs[k]);
  for (guint k = 0; k < op->n_scalars; k++)
    {
      rec_encode_word (encoder, op->scalar_places[k]);
      rec_encode_text (encoder, op->scalars[k]);
    }
  rec_encode_words (encoder, (const gint64 *) op->saved, op->n_saved);
  for (guint k = 0; k < op->n_next; k++)
    {
      rec_encode_word (encoder, op->next[k].grad_fn);
      rec_encode_word (encoder, op->next[k].input_nr);
      rec_encode_word (encoder, op->next[k].leaf);
    }
}

static void
decode_op_counts (RecDecoder *decoder, RecOp *op)
{
  guint64 counts = rec_decode_word (decoder);
  op->n_inputs = counts & 0xff;
  op->n_outputs = counts >> 8 & 0xff;
  op->n_scalars = counts >> 16 & 0xff;
  op->n_saved = counts >> 24 & 0xff;
  op->n_next = counts >> 32 & 0xff;
  if (op->n_inputs > G_N_ELEMENTS (op->inputs) || op->n_outputs > G_N_ELEMENTS (op->outputs)
      || op->n_scalars > G_N_ELEMENTS (op->scalars) || op->n_saved > G_N_ELEMENTS (op->saved)
      || op->n_next > G_N_ELEMENTS (op->next))
    decoder->bad = TRUE;
}

static void
decode_op_edges (RecDecoder *decoder, RecOp *op)
{
  for (guint k = 0; k < op->n_scalars; k++)
    {
      op->scalar_places[k] = rec_decode_count (decoder, G_MAXUINT8);
      op->scalars[k] = rec_decode_text (decoder);
    }
  for (guint k = 0; k < op->n_saved; k++)
    op->saved[k] = rec_decode_word (decoder);
  for (guint k = 0; k < op->n_next; k++)
    {
      op->next[k].grad_fn = rec_decode_word (decoder);
      op->next[k].input_nr = rec_decode_word (decoder);
      op->next[k].leaf = rec_decode_word (decoder);
    }
}

gboolean
rec_decode_op (RecDecoder *decoder, RecOp *op)
{
  memset (op, 0, sizeof *op);
  guint64 packed = rec_decode_word (decoder);
  op->op = (guint32) packed;
  op->in_place = (packed >> 32 & OP_IN_PLACE) != 0;
  op->grad_mode = (packed >> 32 & OP_GRAD_MODE) != 0;
  decode_op_counts (decoder, op);
  op->grad_fn = rec_decode_word (decoder);
  op->written = rec_decode_text (decoder);
  op->params = rec_decode_text (decoder);
  op->arguments = rec_decode_text (decoder);
  op->message = rec_decode_text (decoder);
  if (decoder->bad)
    return FALSE;
  for (guint k = 0; k < op->n_inputs; k++)
    rec_decode_tensor (decoder, &op->inputs[k]);
  for (guint k = 0; k < op->n_outputs; k++)
    rec_decode_tensor (decoder, &op->outputs[k]);
  decode_op_edges (decoder, op);
  return is_complete (decoder);
}

/* A grad_fn that ran */

void
rec_encode_grad_fn_run (RecEncoder *encoder, const RecGradFnRun *run)
{
  rec_encode_word (encoder, run->grad_fn);
  rec_encode_word (encoder, run->leaf);
  rec_encode_word (encoder, (run->accumulated ? 1 : 0) | (run->saved_freed ? 2 : 0));
  rec_encode_word (encoder, run->n_grad_outputs);
  rec_encode_words (encoder, (const gint64 *) run->grad_outputs, run->n_grad_outputs);
  rec_encode_word (encoder, run->n_grad_inputs);
  rec_encode_words (encoder, (const gint64 *) run->grad_inputs, run->n_grad_inputs);
  rec_encode_word (encoder, run->leaf_grad);
}

gboolean
rec_decode_grad_fn_run (RecDecoder *decoder, RecGradFnRun *run)
{
  memset (run, 0, sizeof *run);
  run->grad_fn = rec_decode_word (decoder);
  run->leaf = rec_decode_word (decoder);
  guint64 flags = rec_decode_word (decoder);
  run->accumulated = (flags & 1) != 0;
  run->saved_freed = (flags & 2) != 0;
  run->n_grad_outputs = rec_decode_count (decoder, G_N_ELEMENTS (run->grad_outputs));
  for (guint k = 0; k < run->n_grad_outputs; k++)
    run->grad_outputs[k] = rec_decode_word (decoder);
  run->n_grad_inputs = rec_decode_count (decoder, G_N_ELEMENTS (run->grad_inputs));
  for (guint k = 0; k < run->n_grad_inputs; k++)
    run->grad_inputs[k] = rec_decode_word (decoder);
  run->leaf_grad = rec_decode_word (decoder);
  return is_complete (decoder);
}

/* The start of a backward pass */

void
rec_encode_backward (RecEncoder *encoder, const RecBackward *backward)
{
  rec_encode_word (encoder, backward->n_roots);
  rec_encode_word (encoder, (backward->retain_graph ? 1 : 0) | (backward->create_graph ? 2 : 0));
  rec_encode_words (encoder, (const gint64 *) backward->roots, backward->n_roots);
  rec_encode_words (encoder, (const gint64 *) backward->grad_fns, backward->n_roots);
  rec_encode_words (encoder, (const gint64 *) backward->grads, backward->n_roots);
}

gboolean
rec_decode_backward (RecDecoder *decoder, RecBackward *backward)
{
  memset (backward, 0, sizeof *backward);
  backward->n_roots = rec_decode_count (decoder, G_N_ELEMENTS (backward->roots));
  guint64 flags = rec_decode_word (decoder);
  backward->retain_graph = (flags & 1) != 0;
  backward->create_graph = (flags & 2) != 0;
  for (guint k = 0; k < backward->n_roots; k++)
    backward->roots[k] = rec_decode_word (decoder);
  for (guint k = 0; k < backward->n_roots; k++)
    backward->grad_fns[k] = rec_decode_word (decoder);
  for (guint k = 0; k < backward->n_roots; k++)
    backward->grads[k] = rec_decode_word (decoder);
  return is_complete (decoder);
}

/* What an operation says of itself: a list of texts after its number and the
 * offset of the one before it. */

void
rec_encode_op_def (RecEncoder *encoder, const RecOpDef *def, guint index, guint64 before)
{
  const char *const texts[] = { def->name, def->grad_fn_name, def->symbol, def->title, def->formula, def->caption,
                                def->caption_moved, def->backward_caption, def->shape_rule, def->view_tag,
                                def->saturation };
  rec_encode_word (encoder, index);
  rec_encode_word (encoder, before);
  rec_encode_word (encoder, (def->is_view ? 1 : 0) | (def->is_factory ? 2 : 0));
  for (guint k = 0; k < G_N_ELEMENTS (texts); k++)
    rec_encode_text (encoder, texts[k]);
  for (guint k = 0; k < G_N_ELEMENTS (def->derivative); k++)
    {
      rec_encode_text (encoder, def->derivative[k].symbols);
      rec_encode_text (encoder, def->derivative[k].words);
      rec_encode_text (encoder, def->derivative[k].factor);
    }
}

gboolean
rec_decode_op_def (RecDecoder *decoder, RecOpDef *def, guint *index, guint64 *before)
{
  memset (def, 0, sizeof *def);
  const char **const texts[] = { &def->name, &def->grad_fn_name, &def->symbol, &def->title, &def->formula, &def->caption,
                                 &def->caption_moved, &def->backward_caption, &def->shape_rule, &def->view_tag,
                                 &def->saturation };
  *index = rec_decode_count (decoder, G_MAXUINT - 1);
  *before = rec_decode_word (decoder);
  guint64 flags = rec_decode_word (decoder);
  def->is_view = (flags & 1) != 0;
  def->is_factory = (flags & 2) != 0;
  for (guint k = 0; k < G_N_ELEMENTS (texts); k++)
    *texts[k] = rec_decode_text (decoder);
  for (guint k = 0; k < G_N_ELEMENTS (def->derivative); k++)
    {
      def->derivative[k].symbols = rec_decode_text (decoder);
      def->derivative[k].words = rec_decode_text (decoder);
      def->derivative[k].factor = rec_decode_text (decoder);
    }
  return !decoder->bad && def->name != NULL;
}

/* The run, and an error */

void
rec_encode_run (RecEncoder *encoder, const RecRun *run)
{
  rec_encode_text (encoder, run->path);
  rec_encode_text (encoder, run->source);
  rec_encode_word (encoder, run->argc);
  for (guint k = 0; k < run->argc; k++)
    rec_encode_text (encoder, run->argv[k]);
}

gboolean
rec_decode_run (RecDecoder *decoder, RecRun *run)
{
  memset (run, 0, sizeof *run);
  run->path = rec_decode_text (decoder);
  run->source = rec_decode_text (decoder);
  run->argc = rec_decode_count (decoder, G_N_ELEMENTS (run->argv));
  for (guint k = 0; k < run->argc; k++)
    run->argv[k] = rec_decode_text (decoder);
  return is_complete (decoder);
}

void
rec_encode_error (RecEncoder *encoder, const RecErrorText *text)
{
  rec_encode_text (encoder, text->type);
  rec_encode_text (encoder, text->message);
  rec_encode_text (encoder, text->traceback);
  rec_encode_text (encoder, text->file);
}

gboolean
rec_decode_error (RecDecoder *decoder, RecErrorText *text)
{
  memset (text, 0, sizeof *text);
  text->type = rec_decode_text (decoder);
  text->message = rec_decode_text (decoder);
  text->traceback = rec_decode_text (decoder);
  text->file = rec_decode_text (decoder);
  return is_complete (decoder);
}
