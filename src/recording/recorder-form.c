/* SPDX-License-Identifier: MIT
 *
 * The forms of calls: operation, arguments that are no tensors, how it was written.
 * A loop makes the same calls again and again, so texts are formatted when a form
 * is met for the first time only; afterwards its key, a few words, finds its place
 * in the recording. What was called a moment ago is compared word by word without
 * making the key. Called by the recorder's observer. */
#include "recorder-private.h"

#include <string.h>

#define MAX_KEY_WORDS 96
#define MAX_FORMS 4096          /* then all are forgotten: each is written once more at most */

struct _RecForm
{
  guint64 place;                /* heap offset */
  guint n;
  guint64 words[];
};

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

static inline guint64
get_flags (const RecCall *call)
{
  return (call->in_place ? 1 : 0) | (call->grad_mode ? 2 : 0) | (call->written != NULL ? 4 : 0)
         | (call->swapped ? 8 : 0);
}

static void
make_key (RecFormKey *key, const RecCall *call, const EngSignature *signature)
{
  key->n = 0;
  put (key, (guint64) (gsize) call->op);
  put (key, get_flags (call));
  if (call->written != NULL)
    put_bytes (key, call->written, strlen (call->written));
  for (guint k = 0; k < signature->n_params; k++)
    if (signature->params[k].type != ENG_PARAM_DEVICE)
      put_value (key, &call->args[k]);
}

/* The same words again, compared with those of a form. Each word tells what follows it,
 * so that a comparison ends before the words do. */

static inline gboolean
is_next (const guint64 **at, guint64 word)
{
  return *(*at)++ == word;
}

static gboolean
are_bytes_next (const guint64 **at, gconstpointer bytes, gsize n)
{
  if (!is_next (at, n))
    return FALSE;
  const guint64 *words = *at;
  *at += (n + sizeof *words - 1) / sizeof *words;
  return n == 0 || memcmp (words, bytes, n) == 0;
}

static inline gboolean
is_value_next (const guint64 **at, const EngValue *value)
{
  guint64 bits;
  if (!is_next (at, value->kind))
    return FALSE;
  switch (value->kind)
    {
    case ENG_VALUE_BOOL: return is_next (at, value->boolean != 0);
    case ENG_VALUE_INT: return is_next (at, (guint64) value->integer);
    case ENG_VALUE_FLOAT:
      memcpy (&bits, &value->number, sizeof bits);
      return is_next (at, bits);
    case ENG_VALUE_INTS: return are_bytes_next (at, value->ints.items, value->ints.n * sizeof *value->ints.items);
    case ENG_VALUE_DTYPE: return is_next (at, value->dtype);
    case ENG_VALUE_STRING: return are_bytes_next (at, value->string, strlen (value->string));
    case ENG_VALUE_TENSORS: return is_next (at, value->tensors.n);
    case ENG_VALUE_NONE: case ENG_VALUE_TENSOR: case ENG_VALUE_GENERATOR: break;
    }
  return TRUE;
}

static gboolean
is_form_of (const RecForm *form, const RecCall *call, const EngSignature *signature)
{
  const guint64 *at = form->words;
  if (!is_next (&at, (guint64) (gsize) call->op) || !is_next (&at, get_flags (call)))
    return FALSE;
  if (call->written != NULL && !are_bytes_next (&at, call->written, strlen (call->written)))
    return FALSE;
  for (guint k = 0; k < signature->n_params; k++)
    if (signature->params[k].type != ENG_PARAM_DEVICE && !is_value_next (&at, &call->args[k]))
      return FALSE;
  return TRUE;
}

/* Where the latest form of such calls stands. */
static inline RecForm **
get_recent (RecRecorder *recorder, const RecCall *call)
{
  guint64 mixed = (guint64) (gsize) call->op ^ (guint64) (gsize) call->written << 17 ^ get_flags (call);
  return &recorder->recent_forms[mixed * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) >> (64 - REC_RECENT_FORMS_BITS)];
}

/* Never 0: that is no key. */
static guint64
hash_key (const RecFormKey *key)
{
  guint64 hash = key->n;
  for (guint k = 0; k < MIN (key->n, MAX_KEY_WORDS); k++)
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
  op.swapped = call->swapped;
  op.in_place = call->in_place;
  op.grad_mode = call->grad_mode;
  rec_recorder_list_scalars (signature, call->args, &op, numbers, sizeof numbers);
  return rec_writer_add_form (recorder->writer, &op);
}

static RecForm *
remember (RecRecorder *recorder, guint64 hash, const RecFormKey *key, guint64 place)
{
  if (recorder->forms.n >= MAX_FORMS || rec_table_lookup (&recorder->forms, hash) != NULL)
    rec_recorder_forget_forms (recorder);
  RecForm *form = g_malloc (sizeof *form + key->n * sizeof *key->words);
  form->place = place;
  form->n = key->n;
  memcpy (form->words, key->words, key->n * sizeof *key->words);
  rec_table_set (&recorder->forms, hash, form);
  return form;
}

/* By its key; NULL when it was not to be remembered: then *place says where it is. */
static RecForm *
find_form (RecRecorder *recorder, const RecCall *call, const EngSignature *signature, guint64 *place)
{
  RecFormKey key;
  make_key (&key, call, signature);
  guint64 hash = hash_key (&key);
  RecForm *form = key.n <= MAX_KEY_WORDS ? rec_table_lookup (&recorder->forms, hash) : NULL;
  if (form != NULL && form->n == key.n && memcmp (form->words, key.words, key.n * sizeof *key.words) == 0)
    return form;
  *place = write_form (recorder, call, signature);
  return *place != 0 && key.n <= MAX_KEY_WORDS ? remember (recorder, hash, &key, *place) : NULL;
}

guint64
rec_recorder_get_form (RecRecorder *recorder, const RecCall *call)
{
  const EngSignature *signature = eng_op_get_signature (call->op);
  RecForm **recent = get_recent (recorder, call);
  guint64 place = 0;
  if (G_LIKELY (*recent != NULL && is_form_of (*recent, call, signature)))
    return (*recent)->place;
  RecForm *form = find_form (recorder, call, signature, &place);
  if (form == NULL)
    return place;
  *recent = form;
  return form->place;
}

void
rec_recorder_forget_forms (RecRecorder *recorder)
{
  for (gsize k = 0; k <= recorder->forms.mask; k++)
    g_free (recorder->forms.slots[k].value);
  rec_table_remove_all (&recorder->forms);
  memset (recorder->recent_forms, 0, sizeof recorder->recent_forms);
}
