/* SPDX-License-Identifier: MIT
 *
 * The reader of samples (samples.h). Texts come from the cards, so a mistake in
 * one is a mistake of the programmer and stops the test. */
#include "samples.h"

#include <math.h>
#include <string.h>

typedef struct
{
  Sample *sample;
  const char *at;
  EngDtype floating;
  Layout layout;
  gboolean requires_grad;
  guint n_lists;
} Reader;

static gboolean
take (Reader *reader, const char *token)
{
  while (*reader->at == ' ' || *reader->at == ',')
    reader->at++;
  if (!g_str_has_prefix (reader->at, token))
    return FALSE;
  reader->at += strlen (token);
  return TRUE;
}

/* Element i of the k-th tensor. */
static double
element (char kind, guint k, gint64 i)
{
  double spread = (double) ((i * 7 + k * 5 + 3) % 23 - 11) / 6.5 + 0.031 * (double) (k + 1);
  switch (kind)
    {
    case 'P':
      return 0.5 + fabs (spread);
    case 'U':
      return spread / 2;
    case 'G':
      return 1.1 + fabs (spread);
    case 'I':
      return (double) ((i * 5 + k * 3) % 7 - 3);
    case 'J':
      return (double) (1 + (i * 5 + k) % 4);
    case 'B':
      return (double) ((i + k) % 2);
    default:
      return spread;
    }
}

/* An uninitialised tensor of these sizes, its elements laid out as asked. */
static EngTensor *
laid_out (EngDtype dtype, guint ndim, const gint64 *sizes, Layout layout)
{
  gint64 turned[ENG_MAX_NDIM], strides[ENG_MAX_NDIM];
  gint64 step = layout == LAYOUT_STEPPED ? 2 : 1;
  gint64 numel = 1;
  for (guint d = 0; d < ndim; d++)
    numel *= sizes[d];
  if (layout == LAYOUT_CONTIGUOUS || ndim == 0 || numel == 0)
    return eng_tensor_new (dtype, ndim, sizes, NULL);
  gint64 stride = step;
  for (guint k = 0; k < ndim; k++)
    {
      guint d = layout == LAYOUT_TRANSPOSED ? k : ndim - 1 - k;
      strides[d] = stride;
      stride *= sizes[d];
    }
  turned[0] = stride;
  g_autoptr (EngTensor) memory = eng_tensor_new (dtype, 1, turned, NULL);
  return eng_tensor_new_alias (memory, ndim, sizes, strides, 0);
}

static EngTensor *
read_tensor (Reader *reader, char kind)
{
  Sample *sample = reader->sample;
  gint64 sizes[ENG_MAX_NDIM];
  guint ndim = 0;
  guint k = sample->n_tensors++;
  EngDtype dtype = kind == 'I' || kind == 'J' ? ENG_INT64 : kind == 'B' ? ENG_BOOL : reader->floating;
  while (!take (reader, ")"))
    {
      char *end;
      sizes[ndim++] = g_ascii_strtoll (reader->at, &end, 10);
      g_assert (end != reader->at);
      reader->at = end;
    }
  EngTensor *tensor = laid_out (dtype, ndim, sizes, reader->layout);
  for (gint64 i = 0; i < eng_tensor_get_numel (tensor); i++)
    eng_tensor_set_double (tensor, i, element (kind, k, i));
  sample->wants_grad[k] = reader->requires_grad && strchr ("TPUG", kind) != NULL;
  if (sample->wants_grad[k])
    g_assert_true (eng_tensor_set_requires_grad (tensor, TRUE, NULL));
  sample->tensors[k] = tensor;
  return tensor;
}

static EngTensor *
try_tensor (Reader *reader)
{
  static const char kinds[] = "TPUGNIJB";
  take (reader, "");
  if (*reader->at == '\0' || strchr (kinds, *reader->at) == NULL || reader->at[1] != '(')
    return NULL;
  char kind = *reader->at;
  reader->at += 2;
  return read_tensor (reader, kind);
}

static EngValue
read_list (Reader *reader)
{
  Sample *sample = reader->sample;
  gsize n = 0, n_tensors = 0;
  gint64 *ints = sample->ints[reader->n_lists++];
  while (!take (reader, "]"))
    {
      EngTensor *tensor = try_tensor (reader);
      if (tensor != NULL)
        sample->list[n_tensors++] = tensor;
      else
        {
          char *end;
          ints[n++] = g_ascii_strtoll (reader->at, &end, 10);
          g_assert (end != reader->at);
          reader->at = end;
        }
    }
  if (n_tensors > 0)
    return (EngValue) { .kind = ENG_VALUE_TENSORS, .tensors = { sample->list, n_tensors } };
  return (EngValue) { .kind = ENG_VALUE_INTS, .ints = { ints, n } };
}

/* 'tanh': a Python string, without escapes. */
static EngValue
read_string (Reader *reader)
{
  gsize length = strcspn (reader->at, "'");
  g_autofree char *text = g_strndup (reader->at, length);
  g_assert (reader->at[length] == '\'');
  reader->at += length + 1;
  return (EngValue) { .kind = ENG_VALUE_STRING, .string = g_intern_string (text) };
}

static EngValue
read_value (Reader *reader)
{
  EngTensor *tensor = try_tensor (reader);
  if (tensor != NULL)
    return (EngValue) { .kind = ENG_VALUE_TENSOR, .tensor = tensor };
  if (take (reader, "["))
    return read_list (reader);
  if (take (reader, "'"))
    return read_string (reader);
  if (take (reader, "True"))
    return (EngValue) { .kind = ENG_VALUE_BOOL, .boolean = TRUE };
  if (take (reader, "False"))
    return (EngValue) { .kind = ENG_VALUE_BOOL, .boolean = FALSE };
  if (take (reader, "None"))
    return (EngValue) { .kind = ENG_VALUE_NONE };
  if (take (reader, "'"))
    {
      gsize length = strcspn (reader->at, "'");
      g_autofree char *string = g_strndup (reader->at, length);
      reader->at += length + 1;
      return (EngValue) { .kind = ENG_VALUE_STRING, .string = g_intern_string (string) };
    }
  if (take (reader, "inf"))
    return (EngValue) { .kind = ENG_VALUE_FLOAT, .number = INFINITY };
  for (guint d = 0; d < ENG_N_DTYPES; d++)
    if (take (reader, eng_dtype_name ((EngDtype) d)))
      return (EngValue) { .kind = ENG_VALUE_DTYPE, .dtype = (EngDtype) d };
  char *end;
  gsize length = strspn (reader->at, "-0123456789.e");
  gboolean whole = memchr (reader->at, '.', length) == NULL;
  double number = g_ascii_strtod (reader->at, &end);
  g_assert (end != reader->at);
  reader->at = end;
  return whole ? (EngValue) { .kind = ENG_VALUE_INT, .integer = (gint64) number }
               : (EngValue) { .kind = ENG_VALUE_FLOAT, .number = number };
}

/* "name=" before a value: the parameter's place; else the next one. */
static guint
read_place (Reader *reader, const EngSignature *signature, guint next)
{
  take (reader, "");
  for (guint p = 0; p < signature->n_params; p++)
    {
      g_autofree char *prefix = g_strconcat (signature->params[p].name, "=", NULL);
      if (take (reader, prefix))
        return p;
    }
  return next;
}

void
sample_parse (Sample *sample, const EngOp *op, const char *text, EngDtype floating, Layout layout,
              gboolean requires_grad)
{
  const EngSignature *signature = eng_op_get_signature (op);
  Reader reader = { sample, text, floating, layout, requires_grad, 0 };
  memset (sample, 0, sizeof *sample);
  for (guint p = 0; p < signature->n_params; p++)
    sample->args[p] = signature->params[p].default_value;
  for (guint next = 0; take (&reader, ""), *reader.at != '\0'; next++)
    {
      guint place = read_place (&reader, signature, next);
      g_assert_cmpuint (place, <, signature->n_params);
      sample->args[place] = read_value (&reader);
    }
}

void
sample_clear (Sample *sample)
{
  for (guint k = 0; k < sample->n_tensors; k++)
    eng_tensor_unref (sample->tensors[k]);
  sample->n_tensors = 0;
}
