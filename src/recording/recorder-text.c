/* SPDX-License-Identifier: MIT
 *
 * What the recording says of operations: the card's texts, once, before its first
 * use; the arguments of one call, for captions (numbers) and for running it again
 * (JSON). Called by the recorder's observer. */
#include "recorder-private.h"

#include <math.h>
#include <string.h>

static RecOpDef
describe (const EngOp *op, const char *name)
{
  const EngOpText *text = &op->text;
  RecOpDef def = { .name = name, .grad_fn_name = op->grad_fn,
                   .is_view = (op->flags & ENG_OP_VIEW) != 0, .is_factory = (op->flags & ENG_OP_FACTORY) != 0,
                   .symbol = text->symbol, .title = text->title, .formula = text->formula, .caption = text->caption,
                   .caption_moved = text->caption_moved, .backward_caption = text->backward_caption,
                   .shape_rule = text->shape_rule, .view_tag = text->view_tag, .saturation = text->saturation };
  for (guint k = 0; k < G_N_ELEMENTS (def.derivative) && k < ENG_MAX_TEXT_INPUTS; k++)
    {
      def.derivative[k].symbols = text->derivative[k].symbols;
      def.derivative[k].words = text->derivative[k].words;
      def.derivative[k].factor = text->derivative[k].factor;
    }
  return def;
}

guint
rec_recorder_get_op (RecRecorder *recorder, const EngOp *op)
{
  gpointer place = g_hash_table_lookup (recorder->ops, op);
  if (place != NULL)
    return GPOINTER_TO_UINT (place) - 1;
  const EngSignature *signature = eng_op_get_signature (op);
  g_autofree char *name = *signature->overload == '\0' ? g_strdup (signature->name)
                                                       : g_strconcat (signature->name, ".", signature->overload, NULL);
  RecOpDef def = describe (op, name);
  guint index = rec_writer_add_op_def (recorder->writer, &def);
  if (index != G_MAXUINT)
    g_hash_table_insert (recorder->ops, (gpointer) op, GUINT_TO_POINTER (index + 1));
  return index;
}

/* Arguments as JSON */

static void
append_number (GString *text, double number)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  if (isfinite (number))
    g_string_append (text, g_ascii_formatd (digits, sizeof digits, "%.17g", number));
  else
    g_string_append (text, isnan (number) ? "\"nan\"" : number > 0 ? "\"inf\"" : "\"-inf\"");
  if (isfinite (number) && strpbrk (digits, ".e") == NULL)
    g_string_append (text, ".0");
}

static void
append_string (GString *text, const char *string)
{
  g_string_append_c (text, '"');
  for (; *string != '\0'; string++)
    if (*string == '"' || *string == '\\' || (guchar) *string < 0x20)
      g_string_append_printf (text, "\\u%04x", (guchar) *string);
    else
      g_string_append_c (text, *string);
  g_string_append_c (text, '"');
}

static void
append_value (GString *text, const EngValue *value)
{
  switch (value->kind)
    {
    case ENG_VALUE_BOOL:
      g_string_append (text, value->boolean ? "true" : "false");
      break;
    case ENG_VALUE_INT:
      g_string_append_printf (text, "%" G_GINT64_FORMAT, value->integer);
      break;
    case ENG_VALUE_FLOAT:
      append_number (text, value->number);
      break;
    case ENG_VALUE_INTS:
      g_string_append_c (text, '[');
      for (gsize k = 0; k < value->ints.n; k++)
        g_string_append_printf (text, "%s%" G_GINT64_FORMAT, k > 0 ? "," : "", value->ints.items[k]);
      g_string_append_c (text, ']');
      break;
    case ENG_VALUE_DTYPE:
      append_string (text, eng_dtype_name (value->dtype));
      break;
    case ENG_VALUE_STRING:
      append_string (text, value->string);
      break;
    case ENG_VALUE_TENSORS:
      g_string_append_printf (text, "{\"tensors\":%" G_GSIZE_FORMAT "}", value->tensors.n);
      break;
    case ENG_VALUE_NONE:
    case ENG_VALUE_TENSOR:
    case ENG_VALUE_GENERATOR:
      g_string_append (text, "null");
      break;
    }
}

static gboolean
is_default (const EngParam *param, const EngValue *value)
{
  const EngValue *given = &param->default_value;
  if (!param->has_default)
    return FALSE;
  if (given->kind != value->kind)
    return FALSE;
  switch (value->kind)
    {
    case ENG_VALUE_NONE: return TRUE;
    case ENG_VALUE_BOOL: return !value->boolean == !given->boolean;
    case ENG_VALUE_INT: return value->integer == given->integer;
    case ENG_VALUE_FLOAT: return value->number == given->number;
    case ENG_VALUE_DTYPE: return value->dtype == given->dtype;
    case ENG_VALUE_STRING: return strcmp (value->string, given->string) == 0;
    default: return FALSE;
    }
}

char *
rec_recorder_format_arguments (const EngSignature *signature, const EngValue *args)
{
  GString *text = NULL;
  for (guint k = 0; k < signature->n_params; k++)
    {
      const EngParam *param = &signature->params[k];
      if (param->type == ENG_PARAM_TENSOR || param->type == ENG_PARAM_DEVICE || is_default (param, &args[k]))
        continue;
      if (text == NULL)
        text = g_string_new ("{");
      else
        g_string_append_c (text, ',');
      append_string (text, param->name);
      g_string_append_c (text, ':');
      append_value (text, &args[k]);
    }
  return text != NULL ? g_string_free (g_string_append_c (text, '}'), FALSE) : NULL;
}

/* Numbers for captions */

static void
format_number (const EngValue *value, char *text, gsize nbytes)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  if (value->kind == ENG_VALUE_BOOL)
    g_strlcpy (text, value->boolean ? "True" : "False", nbytes);
  else if (value->kind == ENG_VALUE_INT && value->integer >= 0 && value->integer < 10)
    memcpy (text, (char[]){ '0' + (char) value->integer, '\0' }, 2);
  else if (value->kind == ENG_VALUE_INT)
    g_snprintf (text, nbytes, "%" G_GINT64_FORMAT, value->integer);
  else
    {
      g_ascii_formatd (digits, sizeof digits, "%.15g", value->number);
      if (g_ascii_strtod (digits, NULL) != value->number)
        g_ascii_formatd (digits, sizeof digits, "%.17g", value->number);
      g_snprintf (text, nbytes, "%s%s", digits, strpbrk (digits, ".en") == NULL ? ".0" : "");
    }
}

void
rec_recorder_list_scalars (const EngSignature *signature, const EngValue *args, RecOp *op, char *buffer, gsize nbytes)
{
  const gsize each = nbytes / G_N_ELEMENTS (op->scalars);
  guint place = 0;
  for (guint k = 0; k < signature->n_params; k++)
    {
      const EngParam *param = &signature->params[k];
      gboolean is_number = param->type == ENG_PARAM_SCALAR;
      if (is_number && args[k].kind != ENG_VALUE_NONE && op->n_scalars < G_N_ELEMENTS (op->scalars))
        {
          char *text = buffer + op->n_scalars * each;
          format_number (&args[k], text, each);
          op->scalar_places[op->n_scalars] = place;
          op->scalars[op->n_scalars++] = text;
        }
      if (param->type == ENG_PARAM_TENSORS && args[k].kind == ENG_VALUE_TENSORS)
        place += args[k].tensors.n;
      else if (is_number || param->type == ENG_PARAM_TENSOR)
        place++;
    }
}
