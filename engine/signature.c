/* SPDX-License-Identifier: MIT
 *
 * Parses a card's first line in PyTorch's schema language. A cursor walks the
 * text; every mistake is a GError that shows where. Called once per card by the
 * registry, and on whatever a test feeds it: never trusts the text. */
#include "engine/signature.h"

#include <string.h>

typedef struct
{
  const char *text;
  const char *at;
  GError **error;
} Cursor;

static const struct
{
  const char *name;
  EngParamType type;
  EngParamType list_type;    /* of name[]; the same as type where there is none */
} types[] = {
  { "Tensor", ENG_PARAM_TENSOR, ENG_PARAM_TENSORS },
  { "Scalar", ENG_PARAM_SCALAR, ENG_PARAM_SCALAR },
  { "bool", ENG_PARAM_BOOL, ENG_PARAM_BOOL },
  { "int", ENG_PARAM_INT, ENG_PARAM_INTS },
  { "SymInt", ENG_PARAM_INT, ENG_PARAM_INTS },
  { "float", ENG_PARAM_FLOAT, ENG_PARAM_FLOAT },
  { "ScalarType", ENG_PARAM_DTYPE, ENG_PARAM_DTYPE },
  { "str", ENG_PARAM_STRING, ENG_PARAM_STRING },
  { "Generator", ENG_PARAM_GENERATOR, ENG_PARAM_GENERATOR },
  { "Device", ENG_PARAM_DEVICE, ENG_PARAM_DEVICE },
};

static gboolean
fail (Cursor *cursor, const char *expected)
{
  g_set_error (cursor->error, ENG_ERROR, ENG_ERROR_VALUE, "signature \"%s\": expected %s at column %d",
               cursor->text, expected, (int) (cursor->at - cursor->text) + 1);
  return FALSE;
}

static void
skip_space (Cursor *cursor)
{
  while (*cursor->at == ' ')
    cursor->at++;
}

static gboolean
accept (Cursor *cursor, const char *token)
{
  skip_space (cursor);
  if (!g_str_has_prefix (cursor->at, token))
    return FALSE;
  cursor->at += strlen (token);
  return TRUE;
}

static gboolean
expect (Cursor *cursor, const char *token)
{
  g_autofree char *quoted = NULL;
  if (accept (cursor, token))
    return TRUE;
  quoted = g_strdup_printf ("'%s'", token);
  return fail (cursor, quoted);
}

/* A name of letters, digits and _; NULL when there is none. */
static char *
accept_name (Cursor *cursor)
{
  skip_space (cursor);
  const char *start = cursor->at;
  if (!g_ascii_isalpha (*start) && *start != '_')
    return NULL;
  while (g_ascii_isalnum (*cursor->at) || *cursor->at == '_')
    cursor->at++;
  return g_strndup (start, (gsize) (cursor->at - start));
}

/* "(a!)" and "(a)": who shares memory with whom; the flags of the card say it too. */
static gboolean
skip_alias (Cursor *cursor)
{
  if (*cursor->at != '(')
    return TRUE;
  const char *end = strchr (cursor->at, ')');
  if (end == NULL)
    return fail (cursor, "')' after the alias mark");
  cursor->at = end + 1;
  return TRUE;
}

static gboolean
parse_list_mark (Cursor *cursor, EngParam *param, EngParamType list_type)
{
  if (!accept (cursor, "["))
    return TRUE;
  if (list_type == param->type)
    return fail (cursor, "a type that has lists");
  param->type = list_type;
  if (g_ascii_isdigit (*cursor->at))
    {
      guint64 n = g_ascii_strtoull (cursor->at, (char **) &cursor->at, 10);
      param->single_int = n >= 1;
    }
  return expect (cursor, "]");
}

static gboolean
parse_type (Cursor *cursor, EngParam *param)
{
  g_autofree char *name = accept_name (cursor);
  if (name == NULL)
    return fail (cursor, "a type");
  guint k = 0;
  while (k < G_N_ELEMENTS (types) && strcmp (types[k].name, name) != 0)
    k++;
  if (k == G_N_ELEMENTS (types))
    {
      cursor->at -= strlen (name);
      return fail (cursor, "a known type");
    }
  param->type = types[k].type;
  if (!skip_alias (cursor) || !parse_list_mark (cursor, param, types[k].list_type))
    return FALSE;
  param->optional = *cursor->at == '?';
  if (param->optional)
    cursor->at++;
  return TRUE;
}

/* "[]", "[0, 1]", or one number that stands for a list of one. */
static gboolean
parse_ints (Cursor *cursor, EngParam *param)
{
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean bracket = accept (cursor, "[");
  while (!(bracket && accept (cursor, "]")))
    {
      skip_space (cursor);
      char *end;
      gint64 item = g_ascii_strtoll (cursor->at, &end, 10);
      if (end == cursor->at)
        return fail (cursor, "an integer");
      cursor->at = end;
      g_array_append_val (items, item);
      if (!bracket)
        break;
      if (!accept (cursor, ",") && *cursor->at != ']')
        return fail (cursor, "',' or ']'");
    }
  param->default_value.kind = ENG_VALUE_INTS;
  param->default_value.ints.n = items->len;
  param->default_value.ints.items = (gint64 *) g_array_free (g_steal_pointer (&items), FALSE);
  return TRUE;
}

static gboolean
parse_number (Cursor *cursor, EngParam *param)
{
  char *end;
  skip_space (cursor);
  double number = g_ascii_strtod (cursor->at, &end);
  if (end == cursor->at)
    return fail (cursor, "a number");
  gboolean integral = strcspn (cursor->at, ".eEnN") >= (gsize) (end - cursor->at);
  if (param->type == ENG_PARAM_INT && !integral)
    return fail (cursor, "an integer");
  if (param->type != ENG_PARAM_FLOAT && integral)
    {
      param->default_value.kind = ENG_VALUE_INT;
      param->default_value.integer = g_ascii_strtoll (cursor->at, NULL, 10);
    }
  else
    {
      param->default_value.kind = ENG_VALUE_FLOAT;
      param->default_value.number = number;
    }
  cursor->at = end;
  return TRUE;
}

static gboolean
parse_bool (Cursor *cursor, EngParam *param)
{
  param->default_value.kind = ENG_VALUE_BOOL;
  if (accept (cursor, "True"))
    {
      param->default_value.boolean = TRUE;
      return TRUE;
    }
  return accept (cursor, "False") || fail (cursor, "True or False");
}

static gboolean
parse_string (Cursor *cursor, EngParam *param)
{
  skip_space (cursor);
  char quote = *cursor->at;
  if (quote != '"' && quote != '\'')
    return fail (cursor, "a string");
  const char *start = cursor->at + 1;
  const char *end = strchr (start, quote);
  if (end == NULL)
    return fail (cursor, "the end of the string");
  param->default_value.kind = ENG_VALUE_STRING;
  param->default_value.string = g_strndup (start, (gsize) (end - start));
  cursor->at = end + 1;
  return TRUE;
}

static gboolean
parse_dtype (Cursor *cursor, EngParam *param)
{
  g_autofree char *name = accept_name (cursor);
  for (guint k = 0; name != NULL && k < ENG_N_DTYPES; k++)
    if (strcmp (eng_dtype_name ((EngDtype) k), name) == 0)
      {
        param->default_value.kind = ENG_VALUE_DTYPE;
        param->default_value.dtype = (EngDtype) k;
        return TRUE;
      }
  return fail (cursor, "a dtype");
}

static gboolean
parse_default (Cursor *cursor, EngParam *param)
{
  param->has_default = TRUE;
  if (accept (cursor, "None"))
    {
      param->default_value.kind = ENG_VALUE_NONE;
      return param->optional || fail (cursor, "an optional type (?) before =None");
    }
  switch (param->type)
    {
    case ENG_PARAM_BOOL:
      return parse_bool (cursor, param);
    case ENG_PARAM_SCALAR:
      if (g_str_has_prefix (cursor->at, "True") || g_str_has_prefix (cursor->at, "False"))
        return parse_bool (cursor, param);
      return parse_number (cursor, param);
    case ENG_PARAM_INT:
    case ENG_PARAM_FLOAT:
      return parse_number (cursor, param);
    case ENG_PARAM_INTS:
      return parse_ints (cursor, param);
    case ENG_PARAM_STRING:
      return parse_string (cursor, param);
    case ENG_PARAM_DTYPE:
      return parse_dtype (cursor, param);
    case ENG_PARAM_TENSOR:
    case ENG_PARAM_TENSORS:
    case ENG_PARAM_GENERATOR:
    case ENG_PARAM_DEVICE:
      break;
    }
  return fail (cursor, "None");
}

static gboolean
parse_param (Cursor *cursor, EngParam *param)
{
  if (!parse_type (cursor, param))
    return FALSE;
  param->name = accept_name (cursor);
  if (param->name == NULL)
    return fail (cursor, "the parameter's name");
  return !accept (cursor, "=") || parse_default (cursor, param);
}

static void
param_clear (gpointer data)
{
  EngParam *param = data;
  g_free ((char *) param->name);
  if (param->default_value.kind == ENG_VALUE_INTS)
    g_free ((gint64 *) param->default_value.ints.items);
  if (param->default_value.kind == ENG_VALUE_STRING)
    g_free ((char *) param->default_value.string);
}

/* Everything between the parentheses; the opening one is consumed. */
static gboolean
parse_params (Cursor *cursor, GArray *params)
{
  gboolean keyword_only = FALSE;
  if (accept (cursor, ")"))
    return TRUE;
  do
    {
      if (!keyword_only && accept (cursor, "*"))
        {
          keyword_only = TRUE;
          continue;
        }
      EngParam param = { .keyword_only = keyword_only };
      gboolean parsed = parse_param (cursor, &param);
      g_array_append_val (params, param);
      if (!parsed)
        return FALSE;
    }
  while (accept (cursor, ","));
  return expect (cursor, ")");
}

/* "Tensor", "Tensor(a!)", "(Tensor values, Tensor indices)", "()". */
static gboolean
parse_returns (Cursor *cursor, guint *n_outputs)
{
  EngParam ignored = { 0 };
  if (!accept (cursor, "("))
    {
      *n_outputs = 1;
      return parse_type (cursor, &ignored);
    }
  *n_outputs = 0;
  if (accept (cursor, ")"))
    return TRUE;
  do
    {
      if (!parse_type (cursor, &ignored))
        return FALSE;
      g_autofree char *name = accept_name (cursor);
      (*n_outputs)++;
    }
  while (accept (cursor, ","));
  return expect (cursor, ")");
}

/* int[] takes loose integers, x.view(2, 3), when it is the only or the first list
 * after self and whatever may follow it by position can be left out. */
static void
mark_varargs (EngSignature *signature)
{
  gboolean has_self = signature->n_params > 0 && signature->params[0].type == ENG_PARAM_TENSOR;
  guint k = has_self ? 1 : 0;
  if (k >= signature->n_params)
    return;
  EngParam *param = &signature->params[k];
  if (param->type != ENG_PARAM_INTS || param->single_int || param->keyword_only || param->optional)
    return;
  for (guint later = k + 1; later < signature->n_params; later++)
    if (!signature->params[later].keyword_only && !signature->params[later].has_default)
      return;
  param->varargs = TRUE;
}

static gboolean
check_order (Cursor *cursor, const EngSignature *signature)
{
  gboolean defaults = FALSE;
  for (guint k = 0; k < signature->n_params; k++)
    {
      const EngParam *param = &signature->params[k];
      if (defaults && !param->has_default && !param->keyword_only)
        return fail (cursor, "a default for every parameter after the first that has one");
      defaults |= param->has_default;
      for (guint j = 0; j < k; j++)
        if (strcmp (signature->params[j].name, param->name) == 0)
          return fail (cursor, "parameters of different names");
    }
  return TRUE;
}

static gboolean
parse_signature (Cursor *cursor, EngSignature *signature, GArray *params)
{
  signature->name = accept_name (cursor);
  if (signature->name == NULL)
    return fail (cursor, "the operation's name");
  signature->overload = *cursor->at == '.' ? (cursor->at++, accept_name (cursor)) : g_strdup ("");
  if (signature->overload == NULL)
    return fail (cursor, "the overload's name");
  if (!expect (cursor, "(") || !parse_params (cursor, params))
    return FALSE;
  if (!expect (cursor, "->") || !parse_returns (cursor, &signature->n_outputs))
    return FALSE;
  skip_space (cursor);
  return *cursor->at == '\0' || fail (cursor, "the end");
}

EngSignature *
eng_signature_parse (const char *text, GError **error)
{
  g_autoptr (EngSignature) signature = g_new0 (EngSignature, 1);
  GArray *params = g_array_new (FALSE, TRUE, sizeof (EngParam));
  Cursor cursor = { text, text, error };
  gboolean parsed = parse_signature (&cursor, signature, params);
  signature->n_params = params->len;
  signature->params = (EngParam *) g_array_free (params, FALSE);
  for (guint k = 0; k < signature->n_params; k++)
    signature->n_tensor_params += signature->params[k].type == ENG_PARAM_TENSOR;
  if (!parsed || !check_order (&cursor, signature))
    return NULL;
  mark_varargs (signature);
  return g_steal_pointer (&signature);
}

void
eng_signature_free (EngSignature *signature)
{
  for (guint k = 0; k < signature->n_params; k++)
    param_clear (&signature->params[k]);
  g_free (signature->params);
  g_free (signature->name);
  g_free (signature->overload);
  g_free (signature);
}
