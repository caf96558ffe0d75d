/* SPDX-License-Identifier: MIT
 *
 * How payloads stand in the heap: a sequence of 8-byte words, native byte order;
 * a text is its length with the final zero (0: NULL) and then its bytes, padded
 * to a word. Encoding and decoding of one payload stand side by side in codec.c.
 * A decoder never looks beyond its end: after a bad item it gives zeros and
 * `bad` stays TRUE. Private to this room. */
#pragma once

#include "recording.h"

#define REC_MAX_NDIM 16

typedef struct
{
  guint8 *at, *end;
  gboolean full;      /* something did not fit: the payload is not to be used */
} RecEncoder;

typedef struct
{
  const guint8 *at, *end;
  gboolean bad;
} RecDecoder;

void rec_encode_word (RecEncoder *encoder, guint64 word);
void rec_encode_words (RecEncoder *encoder, const gint64 *words, gsize n);
void rec_encode_text (RecEncoder *encoder, const char *text);
guint64 rec_decode_word (RecDecoder *decoder);
/* A word that must be at most max. */
guint rec_decode_count (RecDecoder *decoder, guint max);
const gint64 *rec_decode_words (RecDecoder *decoder, gsize n);
const char *rec_decode_text (RecDecoder *decoder);

void rec_encode_tensor (RecEncoder *encoder, const RecTensor *tensor);
void rec_decode_tensor (RecDecoder *decoder, RecTensor *tensor);
void rec_encode_op (RecEncoder *encoder, const RecOp *op);
gboolean rec_decode_op (RecDecoder *decoder, RecOp *op);
void rec_encode_grad_fn_run (RecEncoder *encoder, const RecGradFnRun *run);
gboolean rec_decode_grad_fn_run (RecDecoder *decoder, RecGradFnRun *run);
void rec_encode_backward (RecEncoder *encoder, const RecBackward *backward);
gboolean rec_decode_backward (RecDecoder *decoder, RecBackward *backward);
void rec_encode_op_def (RecEncoder *encoder, const RecOpDef *def, guint index, guint64 before);
gboolean rec_decode_op_def (RecDecoder *decoder, RecOpDef *def, guint *index, guint64 *before);
void rec_encode_run (RecEncoder *encoder, const RecRun *run);
gboolean rec_decode_run (RecDecoder *decoder, RecRun *run);
void rec_encode_error (RecEncoder *encoder, const RecErrorText *text);
gboolean rec_decode_error (RecDecoder *decoder, RecErrorText *text);
