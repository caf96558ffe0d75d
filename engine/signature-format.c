/* SPDX-License-Identifier: MIT
 *
 * Writes the non-tensor arguments of a call as Python would: "dim=1, keepdim=True".
 * For captions, recordings and error texts. */
#include "engine/signature.h"

#include <math.h>
#include <string.h>

/* The shortest digits that read back as the same double, with ".0" on integers. */
static void
append_number (GString *text, double number)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  if (isnan (number) || isinf (number))
    {
      g_string_append (text, isnan (number) ? "nan" : number > 0 ? "inf" : "-inf");
      return;
    }
  for (int precision = 1; precision <= 17; precision++)
    {
      g_autofree char *format = g_strdup_printf ("%%.%dg", precision);
      g_ascii_formatd (digits, sizeof digits, format, number);
      if (g_ascii_strtod (digits, NULL) == number)
        break;
    }
  g_string_append (text, digits);
  if (strpbrk (digits, ".e") == NULL)
    g_string_append (text, ".0");
}

static void
append_ints (GString *text, const EngValue *value, gboolean single)
{
  if (single && value->ints.n == 1)
    {
      g_string_append_printf (text, "%" G_GINT64_FORMAT, value->ints.items[0]);
      return;
    }
  g_string_append_c (text, '(');
  for (gsize k = 0; k < value->ints.n; k++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, k > 0 ? ", " : "", value->ints.items[k]);
  g_string_append (text, value->ints.n == 1 ? ",)" : ")");
}

static void
append_value (GString *text, const EngParam *param, const EngValue *value)
{
  switch (value->kind)
    {
    case ENG_VALUE_NONE:
      g_string_append (text, "None");
      break;
    case ENG_VALUE_BOOL:
      g_string_append (text, value->boolean ? "True" : "False");
      break;
    case ENG_VALUE_INT:
      g_string_append_printf (text, "%" G_GINT64_FORMAT, value->integer);
      break;
    case ENG_VALUE_FLOAT:
      append_number (text, value->number);
      break;
    case ENG_VALUE_INTS:
      append_ints (text, value, param->single_int);
      break;
    case ENG_VALUE_DTYPE:
      g_string_append_printf (text, "torch.%s", eng_dtype_name (value->dtype));
      break;
    case ENG_VALUE_STRING:
      g_string_append_printf (text, "'%s'", value->string);
      break;
    case ENG_VALUE_GENERATOR:
      g_string_append (text, "<torch.Generator>");
      break;
    case ENG_VALUE_TENSOR:
    case ENG_VALUE_TENSORS:
      break;
    }
}

static gboolean
is_number (const EngValue *value)
{
  return value->kind == ENG_VALUE_INT || value->kind == ENG_VALUE_FLOAT || value->kind == ENG_VALUE_BOOL;
}

/* Lists: a single integer equals the list of it. */
static gboolean
same_ints (const EngValue *a, const EngValue *b)
{
  const gint64 *items_a = a->kind == ENG_VALUE_INTS ? a->ints.items : &a->integer;
  const gint64 *items_b = b->kind == ENG_VALUE_INTS ? b->ints.items : &b->integer;
  gsize n_a = a->kind == ENG_VALUE_INTS ? a->ints.n : 1;
  gsize n_b = b->kind == ENG_VALUE_INTS ? b->ints.n : 1;
  return n_a == n_b && (n_a == 0 || memcmp (items_a, items_b, n_a * sizeof (gint64)) == 0);
}

static gboolean
same_value (const EngValue *a, const EngValue *b)
{
  if (is_number (a) && is_number (b))
    return eng_value_as_double (a) == eng_value_as_double (b);
  gboolean a_list = a->kind == ENG_VALUE_INTS || a->kind == ENG_VALUE_INT;
  gboolean b_list = b->kind == ENG_VALUE_INTS || b->kind == ENG_VALUE_INT;
  if (a_list && b_list)
    return same_ints (a, b);
  if (a->kind != b->kind)
    return FALSE;
  switch (a->kind)
    {
    case ENG_VALUE_NONE:
      return TRUE;
    case ENG_VALUE_DTYPE:
      return a->dtype == b->dtype;
    case ENG_VALUE_STRING:
      return strcmp (a->string, b->string) == 0;
    case ENG_VALUE_GENERATOR:
      return a->generator == b->generator;
    case ENG_VALUE_BOOL:
    case ENG_VALUE_INT:
    case ENG_VALUE_FLOAT:
    case ENG_VALUE_INTS:
    case ENG_VALUE_TENSOR:
    case ENG_VALUE_TENSORS:
      break;
    }
  return FALSE;
}

char *
eng_signature_format_params (const EngSignature *signature, const EngValue *args)
{
  GString *text = g_string_new (NULL);
  for (guint k = 0; k < signature->n_params; k++)
    {
      const EngParam *param = &signature->params[k];
      if (args[k].kind == ENG_VALUE_TENSOR || args[k].kind == ENG_VALUE_TENSORS)
        continue;
      if (param->type == ENG_PARAM_TENSOR || param->type == ENG_PARAM_TENSORS)
        continue;
      if (param->has_default && same_value (&args[k], &param->default_value))
        continue;
      if (text->len > 0)
        g_string_append (text, ", ");
      g_string_append_printf (text, "%s=", param->name);
      append_value (text, param, &args[k]);
    }
  return g_string_free (text, FALSE);
}
