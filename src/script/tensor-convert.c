/* SPDX-License-Identifier: MIT
 *
 * item, tolist, float, int, bool, len, in, repr and format: where tensors become
 * Python values. None of these is an operation of the graph. */
#include "tensor-convert.h"

#include "operation.h"
#include "probe.h"
#include "tensor-object.h"

static PyObject *
element (EngTensor *tensor, gint64 index)
{
  switch (eng_dtype_category (eng_tensor_get_dtype (tensor)))
    {
    case ENG_CATEGORY_BOOL:
      return PyBool_FromLong (eng_tensor_get_int64 (tensor, index) != 0);
    case ENG_CATEGORY_INTEGER:
      return PyLong_FromLongLong (eng_tensor_get_int64 (tensor, index));
    case ENG_CATEGORY_FLOATING:
      break;
    }
  return PyFloat_FromDouble (eng_tensor_get_double (tensor, index));
}

PyObject *
script_tensor_item (PyObject *self, PyObject *ignored)
{
  EngTensor *tensor = script_tensor_get (self);
  gint64 numel = eng_tensor_get_numel (tensor);

  if (numel != 1)
    return PyErr_Format (PyExc_RuntimeError, "a Tensor with %lld elements cannot be converted to Scalar",
                         (long long) numel);
  return element (tensor, 0);
}

static PyObject *
to_list (EngTensor *tensor, guint dim, gint64 *flat)
{
  if (dim == eng_tensor_get_ndim (tensor))
    return element (tensor, (*flat)++);
  gint64 n = eng_tensor_get_sizes (tensor)[dim];
  PyObject *list = PyList_New (n);
  for (gint64 i = 0; list != NULL && i < n; i++)
    {
      PyObject *item = to_list (tensor, dim + 1, flat);
      if (item == NULL)
        Py_CLEAR (list);
      else
        PyList_SET_ITEM (list, i, item);
    }
  return list;
}

PyObject *
script_tensor_tolist (PyObject *self, PyObject *ignored)
{
  gint64 flat = 0;
  return to_list (script_tensor_get (self), 0, &flat);
}

int
script_tensor_bool (PyObject *self)
{
  EngTensor *tensor = script_tensor_get (self);
  gint64 numel = eng_tensor_get_numel (tensor);

  if (numel == 1)
    return eng_dtype_category (eng_tensor_get_dtype (tensor)) == ENG_CATEGORY_FLOATING
             ? eng_tensor_get_double (tensor, 0) != 0
             : eng_tensor_get_int64 (tensor, 0) != 0;
  PyErr_Format (PyExc_RuntimeError, "Boolean value of Tensor with %s is ambiguous",
                numel == 0 ? "no values" : "more than one value");
  return -1;
}

PyObject *
script_tensor_float (PyObject *self)
{
  PyObject *item = script_tensor_item (self, NULL);
  PyObject *number = item != NULL ? PyNumber_Float (item) : NULL;
  Py_XDECREF (item);
  return number;
}

PyObject *
script_tensor_int (PyObject *self)
{
  PyObject *item = script_tensor_item (self, NULL);
  PyObject *number = item != NULL ? PyNumber_Long (item) : NULL;
  Py_XDECREF (item);
  return number;
}

PyObject *
script_tensor_as_index (PyObject *self)
{
  EngTensor *tensor = script_tensor_get (self);
  if (eng_tensor_get_numel (tensor) != 1 ||
      eng_dtype_category (eng_tensor_get_dtype (tensor)) == ENG_CATEGORY_FLOATING)
    {
      PyErr_SetString (PyExc_TypeError, "only integer tensors of a single element can be converted to an index");
      return NULL;
    }
  return PyLong_FromLongLong (eng_tensor_get_int64 (tensor, 0));
}

Py_ssize_t
script_tensor_length (PyObject *self)
{
  EngTensor *tensor = script_tensor_get (self);
  if (eng_tensor_get_ndim (tensor) > 0)
    return eng_tensor_get_sizes (tensor)[0];
  PyErr_SetString (PyExc_TypeError, "len() of a 0-d tensor");
  return -1;
}

/* value in tensor: any entry equal to it. */
int
script_tensor_contains (PyObject *self, PyObject *value)
{
  EngValue scalar;
  if (!script_tensor_check (value) && !script_scalar_from_python (value, &scalar))
    {
      if (!PyErr_Occurred ())
        PyErr_Format (PyExc_RuntimeError,
                      "Tensor.__contains__ only supports Tensor or scalar, but you passed in a %R.", Py_TYPE (value));
      return -1;
    }
  PyObject *equal = PyObject_RichCompare (self, value, Py_EQ);
  if (equal == NULL)
    return -1;
  EngTensor *flags = script_tensor_get (equal);
  int found = 0;
  for (gint64 i = 0, n = eng_tensor_get_numel (flags); i < n && !found; i++)
    found = eng_tensor_get_int64 (flags, i) != 0;
  Py_DECREF (equal);
  return found;
}

static gboolean
is_parameter (PyObject *self)
{
  return strcmp (Py_TYPE (self)->tp_name, "Parameter") == 0;
}

PyObject *
script_tensor_repr (PyObject *self)
{
  char *text = eng_tensor_to_string (script_tensor_get (self));
  PyObject *result = PyUnicode_FromFormat ("%s%s", is_parameter (self) ? "Parameter containing:\n" : "", text);
  g_free (text);
  return result;
}

/* A 0-dim tensor formats as its number, others as text. */
PyObject *
script_tensor_format (PyObject *self, PyObject *spec)
{
  PyObject *what = eng_tensor_get_ndim (script_tensor_get (self)) == 0 && Py_IS_TYPE (self, &script_tensor_type)
                     ? script_tensor_item (self, NULL)
                     : PyObject_Str (self);
  PyObject *text = what != NULL ? PyObject_Format (what, spec) : NULL;
  Py_XDECREF (what);
  return text;
}

PyObject *
script_tensor_iter (PyObject *self)
{
  EngTensor *tensor = script_tensor_get (self);
  if (eng_tensor_get_ndim (tensor) == 0)
    {
      PyErr_SetString (PyExc_TypeError, "iteration over a 0-d tensor");
      return NULL;
    }
  gint64 n = eng_tensor_get_sizes (tensor)[0];
  PyObject *rows = PyTuple_New (n);
  PyObject *zero = PyLong_FromLong (0);
  for (gint64 i = 0; rows != NULL && i < n; i++)
    {
      PyObject *index = PyLong_FromLongLong (i);
      PyObject *row = script_operation_call_named ("select", "for", self, zero, index, NULL);
      Py_DECREF (index);
      if (row == NULL)
        Py_CLEAR (rows);
      else
        PyTuple_SET_ITEM (rows, i, row);
    }
  Py_DECREF (zero);
  PyObject *iterator = rows != NULL ? PyObject_GetIter (rows) : NULL;
  Py_XDECREF (rows);
  return iterator;
}
