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

gsize
rec_text_nbytes (const char *text)
{
  return sizeof (guint64) + (text != NULL ? padded (strlen (text) + 1) : 0);
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

gboolean
rec_decoder_is_complete (const RecDecoder *decoder)
{
  return !decoder->bad && decoder->at == decoder->end;
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
  return rec_decoder_is_complete (decoder);
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
  return rec_decoder_is_complete (decoder);
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
  return rec_decoder_is_complete (decoder);
}
