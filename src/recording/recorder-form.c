/* SPDX-License-Identifier: MIT
 *
 * The forms of calls: operation, arguments that are no tensors, how it was written.
 * A loop makes the same calls again and again, so texts are formatted when a form
 * is met for the first time only; afterwards its key, a few words, finds its place
 * in the recording. Called by the recorder's observer. */
#include "recorder-private.h"

#include <string.h>

#define MAX_KEY_WORDS 96
#define MAX_FORMS 4096          /* then all are forgotten: each is written once more at most */

typedef struct
{
  guint64 place;                /* heap offset */
  guint n;
  guint64 words[];
} RecForm;

typedef struct
{
  guint n;                      /* MAX_KEY_WORDS + 1: too long to be remembered */
  guint64 words[MAX_KEY_WORDS];
} RecFormKey;

static inline void
put (RecFormKey *key, guint64 word)
{
  if (key->n < MAX_KEY_WORDS)
    key->words[key->n++] = word;
  else
    key->n = MAX_KEY_WORDS + 1;
}

static void
put_bytes (RecFormKey *key, gconstpointer bytes, gsize n)
{
  put (key, n);
  for (gsize at = 0; at < n && key->n <= MAX_KEY_WORDS; at += sizeof (guint64))
    {
      guint64 word = 0;
      memcpy (&word, (const char *) bytes + at, MIN (n - at, sizeof word));
      put (key, word);
    }
}

static void
put_value (RecFormKey *key, const EngValue *value)
{
  guint64 bits;
  put (key, value->kind);
  switch (value->kind)
    {
    case ENG_VALUE_BOOL: put (key, value->boolean != 0); break;
    case ENG_VALUE_INT: put (key, (guint64) value->integer); break;
    case ENG_VALUE_FLOAT:
      memcpy (&bits, &value->number, sizeof bits);
      put (key, bits);
      break;
    case ENG_VALUE_INTS: put_bytes (key, value->ints.items, value->ints.n * sizeof *value->ints.items); break;
    case ENG_VALUE_DTYPE: put (key, value->dtype); break;
    case ENG_VALUE_STRING: put_bytes (key, value->string, strlen (value->string)); break;
    case ENG_VALUE_TENSORS: put (key, value->tensors.n); break;
    case ENG_VALUE_NONE: case ENG_VALUE_TENSOR: case ENG_VALUE_GENERATOR: break;
    }
}

static void
make_key (RecFormKey *key, const RecCall *call, const EngSignature *signature)
{
  key->n = 0;
  put (key, (guint64) (gsize) call->op);
  put (key, (call->in_place ? 1 : 0) | (call->grad_mode ? 2 : 0) | (call->written != NULL ? 4 : 0));
  if (call->written != NULL)
    put_bytes (key, call->written, strlen (call->written));
  for (guint k = 0; k < signature->n_params; k++)
    if (signature->params[k].type != ENG_PARAM_DEVICE)
      put_value (key, &call->args[k]);
}

/* Never 0: that is no key. */
static guint64
hash_key (const RecFormKey *key)
{
  guint64 hash = key->n;
  for (guint k = 0; k < key->n; k++)
    {
      hash = (hash ^ key->words[k]) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      hash ^= hash >> 29;
    }
  return hash | 1;
}

/* What the student wrote, or the card's word for it. */
static const char *
get_written (const EngOp *op, const char *written)
{
  if (written != NULL)
    return written;
  return op->text.symbol != NULL ? op->text.symbol : eng_op_get_signature (op)->name;
}

static guint64
write_form (RecRecorder *recorder, const RecCall *call, const EngSignature *signature)
{
  RecOp op;
  char numbers[G_N_ELEMENTS (op.scalars) * 32];
  memset (&op, 0, G_STRUCT_OFFSET (RecOp, inputs));
  op.n_scalars = 0;
  op.op = rec_recorder_get_op (recorder, call->op);
  op.written = get_written (call->op, call->written);
  g_autofree char *arguments = rec_recorder_format_arguments (signature, call->args);
  g_autofree char *params = arguments != NULL ? eng_signature_format_params (signature, call->args) : NULL;
  op.arguments = arguments;
  op.params = params != NULL ? params : "";
  op.in_place = call->in_place;
  op.grad_mode = call->grad_mode;
  rec_recorder_list_scalars (signature, call->args, &op, numbers, sizeof numbers);
  return rec_writer_add_form (recorder->writer, &op);
}

static void
remember (RecRecorder *recorder, guint64 hash, const RecFormKey *key, guint64 place)
{
  if (recorder->forms.n >= MAX_FORMS)
    rec_recorder_forget_forms (recorder);
  RecForm *form = g_malloc (sizeof *form + key->n * sizeof *key->words);
  form->place = place;
  form->n = key->n;
  memcpy (form->words, key->words, key->n * sizeof *key->words);
  g_free (rec_table_lookup (&recorder->forms, hash));
  rec_table_set (&recorder->forms, hash, form);
}

guint64
rec_recorder_get_form (RecRecorder *recorder, const RecCall *call)
{
  const EngSignature *signature = eng_op_get_signature (call->op);
  RecFormKey key;
  make_key (&key, call, signature);
  if (key.n > MAX_KEY_WORDS)
    return write_form (recorder, call, signature);
  guint64 hash = hash_key (&key);
  const RecForm *form = rec_table_lookup (&recorder->forms, hash);
  if (form != NULL && form->n == key.n && memcmp (form->words, key.words, key.n * sizeof *key.words) == 0)
    return form->place;
  guint64 place = write_form (recorder, call, signature);
  if (place != 0)
    remember (recorder, hash, &key, place);
  return place;
}

void
rec_recorder_forget_forms (RecRecorder *recorder)
{
  for (gsize k = 0; k <= recorder->forms.mask; k++)
    g_free (recorder->forms.slots[k].value);
  rec_table_remove_all (&recorder->forms);
}
