/* SPDX-License-Identifier: MIT
 *
 * The argument parser. It never raises for a mere mismatch, because the next
 * overload may fit; argument-errors.c words the refusal when none did. The common
 * case (a few positional tensors and numbers) touches no memory but the stack. */
#include "arguments.h"

#include "device-object.h"
#include "dtype-object.h"
#include "generator-object.h"
#include "tensor-object.h"

gboolean
script_int_from_python (PyObject *object, gint64 *value)
{
  if (PyBool_Check (object) || PyFloat_Check (object))
    return FALSE;
  if (script_tensor_check (object))
    {
      EngTensor *tensor = script_tensor_get (object);
      if (eng_tensor_get_numel (tensor) != 1 || eng_tensor_get_ndim (tensor) != 0 ||
          eng_dtype_category (eng_tensor_get_dtype (tensor)) != ENG_CATEGORY_INTEGER)
        return FALSE;
      *value = eng_tensor_get_int64 (tensor, 0);
      return TRUE;
    }
  if (!PyLong_Check (object) && !PyIndex_Check (object))
    return FALSE;
  PyObject *index = PyNumber_Index (object);
  if (index == NULL)
    {
      PyErr_Clear ();
      return FALSE;
    }
  int overflow = 0;
  long long number = PyLong_AsLongLongAndOverflow (index, &overflow);
  Py_DECREF (index);
  if (overflow != 0)
    {
      PyErr_SetString (PyExc_OverflowError, "Overflow when unpacking long");
      return FALSE;
    }
  *value = number;
  return TRUE;
}

static gboolean
scalar_from_tensor (EngTensor *tensor, EngValue *value)
{
  if (eng_tensor_get_ndim (tensor) != 0 || eng_tensor_get_requires_grad (tensor))
    return FALSE;
  switch (eng_dtype_category (eng_tensor_get_dtype (tensor)))
    {
    case ENG_CATEGORY_BOOL:
      value->kind = ENG_VALUE_BOOL;
      value->boolean = eng_tensor_get_int64 (tensor, 0) != 0;
      return TRUE;
    case ENG_CATEGORY_INTEGER:
      value->kind = ENG_VALUE_INT;
      value->integer = eng_tensor_get_int64 (tensor, 0);
      return TRUE;
    case ENG_CATEGORY_FLOATING:
      value->kind = ENG_VALUE_FLOAT;
      value->number = eng_tensor_get_double (tensor, 0);
      return TRUE;
    }
  return FALSE;
}

/* Scalars of numpy and others: an index is an int; __float__ makes a float unless
 * the object is a sequence or has dimensions (an array is no number). */
static gboolean
scalar_from_foreign (PyObject *object, EngValue *value)
{
  if (PyIndex_Check (object) && !PySequence_Check (object) && script_int_from_python (object, &value->integer))
    {
      value->kind = ENG_VALUE_INT;
      return TRUE;
    }
  PyNumberMethods *number = Py_TYPE (object)->tp_as_number;
  if (PyErr_Occurred () || number == NULL || number->nb_float == NULL || PySequence_Check (object))
    return FALSE;
  PyObject *converted = PyNumber_Float (object);
  if (converted == NULL)
    {
      PyErr_Clear ();
      return FALSE;
    }
  value->kind = ENG_VALUE_FLOAT;
  value->number = PyFloat_AS_DOUBLE (converted);
  Py_DECREF (converted);
  return TRUE;
}

gboolean
script_scalar_from_python (PyObject *object, EngValue *value)
{
  if (PyFloat_Check (object))
    {
      value->kind = ENG_VALUE_FLOAT;
      value->number = PyFloat_AS_DOUBLE (object);
      return TRUE;
    }
  if (PyBool_Check (object))
    {
      value->kind = ENG_VALUE_BOOL;
      value->boolean = object == Py_True;
      return TRUE;
    }
  if (PyLong_Check (object))
    {
      value->kind = ENG_VALUE_INT;
      return script_int_from_python (object, &value->integer);
    }
  if (script_tensor_check (object))
    return scalar_from_tensor (script_tensor_get (object), value);
  return scalar_from_foreign (object, value);
}

static gboolean
convert_int_list (PyObject *const *items, Py_ssize_t n, ScriptArguments *out, EngValue *value)
{
  if (n > (Py_ssize_t) (SCRIPT_MAX_INTS - out->n_ints))
    {
      PyErr_Format (PyExc_TypeError, "a list of %zd integers is longer than the %d that an argument can hold",
                    n, SCRIPT_MAX_INTS);
      return FALSE;
    }
  gint64 *list = out->ints + out->n_ints;
  for (Py_ssize_t i = 0; i < n; i++)
    if (!script_int_from_python (items[i], &list[i]))
      return FALSE;
  out->n_ints += n;
  value->kind = ENG_VALUE_INTS;
  value->ints.items = list;
  value->ints.n = n;
  return TRUE;
}

static gboolean
convert_ints (const EngParam *param, PyObject *object, ScriptArguments *out, EngValue *value)
{
  if (PyTuple_Check (object) || PyList_Check (object))
    return convert_int_list (PySequence_Fast_ITEMS (object), PySequence_Fast_GET_SIZE (object), out, value);
  if (param->single_int || param->varargs)
    return convert_int_list (&object, 1, out, value);
  return FALSE;
}

static gboolean
convert_tensors (PyObject *object, ScriptArguments *out, EngValue *value)
{
  if (!PyTuple_Check (object) && !PyList_Check (object))
    return FALSE;
  Py_ssize_t n = PySequence_Fast_GET_SIZE (object);
  if (n > (Py_ssize_t) (ENG_MAX_INPUTS - out->n_tensors))
    {
      PyErr_Format (PyExc_RuntimeError, "a list of %zd tensors is longer than the %d that one operation takes",
                    n, ENG_MAX_INPUTS);
      return FALSE;
    }
  EngTensor **list = out->tensors + out->n_tensors;
  for (Py_ssize_t i = 0; i < n; i++)
    {
      PyObject *item = PySequence_Fast_GET_ITEM (object, i);
      if (!script_tensor_check (item))
        return FALSE;
      list[i] = script_tensor_get (item);
    }
  out->n_tensors += n;
  value->kind = ENG_VALUE_TENSORS;
  value->tensors.items = list;
  value->tensors.n = n;
  return TRUE;
}

static gboolean
convert_float (PyObject *object, EngValue *value)
{
  EngValue scalar;
  if (PyBool_Check (object) || !script_scalar_from_python (object, &scalar))
    return FALSE;
  value->kind = ENG_VALUE_FLOAT;
  value->number = eng_value_as_double (&scalar);
  return TRUE;
}

static gboolean
convert_other (const EngParam *param, PyObject *object, EngValue *value)
{
  switch (param->type)
    {
    case ENG_PARAM_BOOL:
      value->kind = ENG_VALUE_BOOL;
      value->boolean = object == Py_True;
      return PyBool_Check (object);
    case ENG_PARAM_DTYPE:
      value->kind = ENG_VALUE_DTYPE;
      return script_dtype_from_python (object, &value->dtype);
    case ENG_PARAM_STRING:
      value->kind = ENG_VALUE_STRING;
      value->string = PyUnicode_Check (object) ? PyUnicode_AsUTF8 (object) : NULL;
      return value->string != NULL;
    case ENG_PARAM_GENERATOR:
      value->kind = ENG_VALUE_GENERATOR;
      value->generator = script_generator_get (object);
      return value->generator != NULL;
    case ENG_PARAM_DEVICE:
      value->kind = ENG_VALUE_NONE;
      return script_device_accept (object);
    default:
      return FALSE;
    }
}

static gboolean
convert (const EngParam *param, PyObject *object, ScriptArguments *out, EngValue *value)
{
  if (object == Py_None)
    {
      value->kind = ENG_VALUE_NONE;
      return param->optional || param->type == ENG_PARAM_DEVICE;
    }
  switch (param->type)
    {
    case ENG_PARAM_TENSOR:
      if (!script_tensor_check (object))
        return FALSE;
      value->kind = ENG_VALUE_TENSOR;
      value->tensor = script_tensor_get (object);
      return TRUE;
    case ENG_PARAM_SCALAR:
      return script_scalar_from_python (object, value);
    case ENG_PARAM_INT:
      value->kind = ENG_VALUE_INT;
      return script_int_from_python (object, &value->integer);
    case ENG_PARAM_FLOAT:
      return convert_float (object, value);
    case ENG_PARAM_INTS:
      return convert_ints (param, object, out, value);
    case ENG_PARAM_TENSORS:
      return convert_tensors (object, out, value);
    default:
      return convert_other (param, object, value);
    }
}

/* PyTorch's parser also knows numpy's names of some parameters. */
static gboolean
names_param (PyObject *keyword, const EngParam *param)
{
  static const char *const aliases[][2] = {
    { "self", "input" }, { "dim", "axis" }, { "keepdim", "keepdims" }, { "other", "x2" },
  };
  if (PyUnicode_CompareWithASCIIString (keyword, param->name) == 0)
    return g_strcmp0 (param->name, "self") != 0;
  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (g_str_equal (param->name, aliases[i][0]) &&
        PyUnicode_CompareWithASCIIString (keyword, aliases[i][1]) == 0)
      return TRUE;
  return FALSE;
}

/* Keywords that every creating function takes and that say nothing while there is
 * one device and one memory layout. They are checked, then dropped. */
static ScriptFitness
accept_plain_keyword (PyObject *keyword, PyObject *value)
{
  if (PyUnicode_CompareWithASCIIString (keyword, "device") == 0)
    return value == Py_None || script_device_accept (value) ? SCRIPT_FIT
           : PyErr_Occurred ()                              ? SCRIPT_RAISED
                                                            : SCRIPT_UNKNOWN_KEYWORD;
  if (PyUnicode_CompareWithASCIIString (keyword, "pin_memory") == 0 && PyBool_Check (value))
    return SCRIPT_FIT;
  if (PyUnicode_CompareWithASCIIString (keyword, "out") == 0 && value == Py_None)
    return SCRIPT_FIT;
  return SCRIPT_UNKNOWN_KEYWORD;
}

static gboolean
bind_keywords (const EngSignature *signature, const ScriptCallArgs *call, PyObject **bound, ScriptFit *fit)
{
  Py_ssize_t n = call->kwnames != NULL ? PyTuple_GET_SIZE (call->kwnames) : 0;

  for (Py_ssize_t i = 0; i < n; i++)
    {
      PyObject *keyword = PyTuple_GET_ITEM (call->kwnames, i);
      PyObject *value = call->args[call->n_args + i];
      guint k = 0;
      while (k < signature->n_params && !names_param (keyword, &signature->params[k]))
        k++;
      fit->culprit = keyword;
      if (k == signature->n_params)
        {
          fit->fitness = accept_plain_keyword (keyword, value);
          if (fit->fitness != SCRIPT_FIT)
            return FALSE;
          continue;
        }
      if (bound[k] != NULL)
        {
          fit->fitness = SCRIPT_TWICE;
          return FALSE;
        }
      bound[k] = value;
    }
  return TRUE;
}

/* Binds positional arguments. Sizes may be spread: they take all that is left, and
 * *spread says at which argument they begin. */
static gboolean
bind_positional (const EngSignature *signature, const ScriptCallArgs *call, PyObject **bound,
                 guint *spread_param, ScriptFit *fit)
{
  gsize i = 0;
  for (guint k = 0; k < signature->n_params && i < call->n_args; k++)
    {
      const EngParam *param = &signature->params[k];
      if (param->keyword_only)
        break;
      PyObject *object = call->args[i];
      bound[k] = object;
      if (param->varargs && !PyTuple_Check (object) && !PyList_Check (object))
        {
          *spread_param = k;
          return TRUE;
        }
      i++;
    }
  if (i < call->n_args)
    {
      fit->fitness = SCRIPT_TOO_MANY;
      return FALSE;
    }
  return TRUE;
}

static gboolean
convert_param (const EngSignature *signature, guint k, PyObject *object, guint spread, const ScriptCallArgs *call,
               ScriptArguments *out, ScriptFit *fit)
{
  const EngParam *param = &signature->params[k];
  EngValue *value = &out->values[k];

  if (object == NULL)
    {
      *value = param->default_value;
      fit->fitness = SCRIPT_MISSING;
      fit->param = k;
      return param->has_default;
    }
  gboolean converted = spread == k ? convert_int_list (call->args + k, call->n_args - k, out, value)
                                   : convert (param, object, out, value);
  if (converted)
    return TRUE;
  fit->fitness = PyErr_Occurred () ? SCRIPT_RAISED : SCRIPT_WRONG_TYPE;
  fit->param = k;
  fit->position = k < call->n_args ? k : G_MAXUINT;
  fit->culprit = object;
  return FALSE;
}

gboolean
script_arguments_parse (const EngSignature *signature, const ScriptCallArgs *call, ScriptArguments *out,
                        ScriptFit *fit)
{
  PyObject *bound[SCRIPT_MAX_PARAMS];
  guint spread = G_MAXUINT;

  memset (bound, 0, sizeof (PyObject *) * signature->n_params);
  out->n_ints = 0;
  out->n_tensors = 0;
  if (!bind_positional (signature, call, bound, &spread, fit) || !bind_keywords (signature, call, bound, fit))
    return FALSE;
  for (guint k = 0; k < signature->n_params; k++)
    if (!convert_param (signature, k, bound[k], spread, call, out, fit))
      return FALSE;
  fit->fitness = SCRIPT_FIT;
  return TRUE;
}
