/* SPDX-License-Identifier: MIT
 *
 * How payloads stand in the heap: a sequence of 8-byte words, native byte order;
 * a text is its length with the final zero (0: NULL) and then its bytes, padded
 * to a word. Encoding and decoding of one payload stand side by side in codec.c.
 * A decoder never looks beyond its end: after a bad item it gives zeros and
 * `bad` stays TRUE. Private to this room. */
#pragma once

#include "area.h"
#include "writer.h"

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
gsize rec_text_nbytes (const char *text);               /* what it takes; text may be NULL */
guint64 rec_decode_word (RecDecoder *decoder);
/* A word that must be at most max. */
guint rec_decode_count (RecDecoder *decoder, guint max);
const gint64 *rec_decode_words (RecDecoder *decoder, gsize n);
const char *rec_decode_text (RecDecoder *decoder);
/* Nothing bad and nothing left over. */
gboolean rec_decoder_is_complete (const RecDecoder *decoder);

/* The hot path puts its words straight into the heap: so many bytes must be there.
 * A tensor's facts: a record of its own, named by its offset in the heap. */
gsize rec_tensor_nbytes (guint ndim);
void rec_put_tensor (guint64 *at, const RecTensor *tensor);
gboolean rec_read_tensor (const RecArea *heap, guint64 offset, RecTensor *tensor);

/* An operation: a form (what was called and how; written once, named by its offset)
 * and, per call, the places of its tensors' records. */
void rec_encode_form (RecEncoder *encoder, const RecOp *op);
gsize rec_places_nbytes (const RecOpPlaces *places);
void rec_put_places (guint64 *at, const RecOpPlaces *places);
gboolean rec_decode_op (const RecArea *heap, RecDecoder *decoder, const RecEvent *event, RecOp *op);

gsize rec_grad_fn_run_nbytes (const RecGradFnRun *run);
void rec_put_grad_fn_run (guint64 *at, const RecGradFnRun *run);
gboolean rec_decode_grad_fn_run (RecDecoder *decoder, const RecEvent *event, RecGradFnRun *run);
void rec_encode_backward (RecEncoder *encoder, const RecBackward *backward);
gboolean rec_decode_backward (RecDecoder *decoder, RecBackward *backward);
void rec_encode_op_def (RecEncoder *encoder, const RecOpDef *def, guint index, guint64 before);
gboolean rec_decode_op_def (RecDecoder *decoder, RecOpDef *def, guint *index, guint64 *before);
void rec_encode_run (RecEncoder *encoder, const RecRun *run);
gboolean rec_decode_run (RecDecoder *decoder, RecRun *run);
void rec_encode_error (RecEncoder *encoder, const RecErrorText *text);
gboolean rec_decode_error (RecDecoder *decoder, RecErrorText *text);
