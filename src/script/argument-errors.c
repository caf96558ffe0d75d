/* SPDX-License-Identifier: MIT
 *
 * The words of a refused call, as PyTorch's Python argument parser has them: one
 * sentence where a function has one signature, else the list of signatures with
 * the reason under each. Only reached when nothing fitted. */
#include "arguments.h"

static const char *
type_name (const EngParam *param)
{
  switch (param->type)
    {
    case ENG_PARAM_TENSOR:
      return "Tensor";
    case ENG_PARAM_TENSORS:
      return "tuple of Tensors";
    case ENG_PARAM_SCALAR:
      return "Number";
    case ENG_PARAM_BOOL:
      return "bool";
    case ENG_PARAM_INT:
      return "int";
    case ENG_PARAM_FLOAT:
      return "float";
    case ENG_PARAM_INTS:
      return "tuple of ints";
    case ENG_PARAM_DTYPE:
      return "torch.dtype";
    case ENG_PARAM_STRING:
      return "str";
    case ENG_PARAM_GENERATOR:
      return "torch.Generator";
    case ENG_PARAM_DEVICE:
      return "torch.device";
    }
  return "object";
}

static const char *
python_type_name (PyObject *object)
{
  const char *name = Py_TYPE (object)->tp_name;
  const char *dot = strrchr (name, '.');
  return dot != NULL ? dot + 1 : name;
}

static const char *
python_param_name (const EngParam *param)
{
  return g_str_equal (param->name, "self") ? "input" : param->name;
}

static void
append_signature (GString *text, const EngSignature *signature, gboolean method)
{
  gboolean starred = FALSE;
  const char *separator = "";

  g_string_append_c (text, '(');
  for (guint k = method ? 1 : 0; k < signature->n_params; k++)
    {
      const EngParam *param = &signature->params[k];
      if (param->keyword_only && !starred)
        {
          g_string_append_printf (text, "%s*", separator);
          separator = ", ";
          starred = TRUE;
        }
      g_string_append_printf (text, "%s%s %s", separator, type_name (param), python_param_name (param));
      separator = ", ";
    }
  g_string_append_c (text, ')');
}

static void
append_got (GString *text, const ScriptCallArgs *call)
{
  const char *separator = "";
  gsize n_keywords = call->kwnames != NULL ? PyTuple_GET_SIZE (call->kwnames) : 0;

  g_string_append_c (text, '(');
  for (gsize i = call->method ? 1 : 0; i < call->n_args; i++, separator = ", ")
    g_string_append_printf (text, "%s%s", separator, python_type_name (call->args[i]));
  for (gsize i = 0; i < n_keywords; i++, separator = ", ")
    {
      const char *keyword = PyUnicode_AsUTF8 (PyTuple_GET_ITEM (call->kwnames, i));
      g_string_append_printf (text, "%s%s=%s", separator, keyword != NULL ? keyword : "?",
                              python_type_name (call->args[call->n_args + i]));
    }
  g_string_append_c (text, ')');
}

static void
raise_combination (const char *name, const EngSignature *const *signatures, guint n, const ScriptCallArgs *call)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%s() received an invalid combination of arguments - got ", name);
  append_got (text, call);
  g_string_append (text, n == 1 ? ", but expected " : ", but expected one of:");
  for (guint i = 0; i < n; i++)
    {
      if (n > 1)
        g_string_append (text, "\n * ");
      append_signature (text, signatures[i], call->method);
    }
  PyErr_SetString (PyExc_TypeError, text->str);
}

static void
raise_missing (const char *name, const EngSignature *signature, const ScriptCallArgs *call, const ScriptFit *fit)
{
  g_autoptr (GString) names = g_string_new (NULL);
  guint n = 0;

  for (guint k = fit->param; k < signature->n_params; k++)
    if (!signature->params[k].has_default && k >= call->n_args)
      g_string_append_printf (names, "%s\"%s\"", n++ > 0 ? ", " : "", python_param_name (&signature->params[k]));
  PyErr_Format (PyExc_TypeError, "%s() missing %u required positional arguments: %s", name, n, names->str);
}

static void
raise_too_many (const char *name, const EngSignature *signature, const ScriptCallArgs *call)
{
  guint n_positional = 0, hidden = call->method ? 1 : 0;

  while (n_positional < signature->n_params && !signature->params[n_positional].keyword_only)
    n_positional++;
  guint most = n_positional - hidden, given = (guint) call->n_args - hidden;
  PyErr_Format (PyExc_TypeError, "%s() takes %u positional argument%s but %u %s given", name, most,
                most == 1 ? "" : "s", given, given == 1 ? "was" : "were");
}

static void
raise_single (const char *name, const EngSignature *signature, const ScriptCallArgs *call, const ScriptFit *fit)
{
  const EngParam *param = &signature->params[MIN (fit->param, MAX (signature->n_params, 1) - 1)];

  switch (fit->fitness)
    {
    case SCRIPT_TOO_MANY:
      raise_too_many (name, signature, call);
      return;
    case SCRIPT_MISSING:
      raise_missing (name, signature, call, fit);
      return;
    case SCRIPT_UNKNOWN_KEYWORD:
      PyErr_Format (PyExc_TypeError, "%s() got an unexpected keyword argument '%U'", name, fit->culprit);
      return;
    case SCRIPT_TWICE:
      PyErr_Format (PyExc_TypeError, "%s() got multiple values for argument '%U'", name, fit->culprit);
      return;
    default:
      break;
    }
  if (fit->position != G_MAXUINT)
    PyErr_Format (PyExc_TypeError, "%s(): argument '%s' (position %u) must be %s, not %s", name,
                  python_param_name (param), fit->position + (call->method ? 0 : 1), type_name (param),
                  python_type_name (fit->culprit));
  else
    PyErr_Format (PyExc_TypeError, "%s(): argument '%s' must be %s, not %s", name, python_param_name (param),
                  type_name (param), python_type_name (fit->culprit));
}

void
script_arguments_raise (const char *name, const EngSignature *const *signatures, guint n, const ScriptCallArgs *call)
{
  ScriptArguments arguments;
  ScriptFit fit = { SCRIPT_FIT };

  for (guint i = 0; i < n; i++)
    {
      fit = (ScriptFit) { SCRIPT_FIT };
      if (!script_arguments_parse (signatures[i], call, &arguments, &fit) && fit.fitness == SCRIPT_RAISED)
        return;
    }
  if (n == 1)
    raise_single (name, signatures[0], call, &fit);
  else
    raise_combination (name, signatures, n, call);
}
