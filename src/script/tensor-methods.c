/* SPDX-License-Identifier: MIT
 *
 * Tensor's methods that are no operations: sizes, casts that choose an operation,
 * backward and hooks, copies. All others come from the table (operation-object.c). */
#include "autograd-functions.h"
#include "device-object.h"
#include "dtype-object.h"
#include "errors.h"
#include "operation.h"
#include "probe.h"
#include "size-object.h"
#include "tensor-buffer.h"
#include "tensor-convert.h"
#include "tensor-data.h"
#include "tensor-object.h"

static gboolean
wrap_dim (EngTensor *tensor, gint64 *dim)
{
  gint64 ndim = MAX ((gint64) eng_tensor_get_ndim (tensor), 1);
  if (*dim < -ndim || *dim >= ndim)
    {
      PyErr_Format (PyExc_IndexError, "Dimension out of range (expected to be in range of [%lld, %lld], but got %lld)",
                    (long long) -ndim, (long long) ndim - 1, (long long) *dim);
      return FALSE;
    }
  *dim += *dim < 0 ? ndim : 0;
  return TRUE;
}

/* size () and stride (): the whole tuple, or one dimension. */
static PyObject *
one_or_all (PyObject *self, PyObject *args, PyObject *kwargs, gboolean strides)
{
  static char *keywords[] = { "dim", NULL };
  EngTensor *tensor = script_tensor_get (self);
  const gint64 *numbers = strides ? eng_tensor_get_strides (tensor) : eng_tensor_get_sizes (tensor);
  PyObject *which = Py_None;
  gint64 dim;

  if (!PyArg_ParseTupleAndKeywords (args, kwargs, strides ? "|O:stride" : "|O:size", keywords, &which))
    return NULL;
  if (which == Py_None && !strides)
    return script_size_new (eng_tensor_get_ndim (tensor), numbers);
  if (which == Py_None)
    {
      PyObject *size = script_size_new (eng_tensor_get_ndim (tensor), numbers);
      PyObject *tuple = size != NULL ? PyTuple_GetSlice (size, 0, PyTuple_GET_SIZE (size)) : NULL;
      Py_XDECREF (size);
      return tuple;
    }
  if (!script_int_from_python (which, &dim))
    return PyErr_Format (PyExc_TypeError, "%s(): argument 'dim' must be int, not %s", strides ? "stride" : "size",
                         Py_TYPE (which)->tp_name);
  if (!wrap_dim (tensor, &dim))
    return NULL;
  if (eng_tensor_get_ndim (tensor) == 0)
    return PyErr_Format (PyExc_IndexError, "Dimension specified as %lld but tensor has no dimensions", (long long) dim);
  return PyLong_FromLongLong (numbers[dim]);
}

static PyObject *
method_size (PyObject *self, PyObject *args, PyObject *kwargs)
{
  return one_or_all (self, args, kwargs, FALSE);
}

static PyObject *
method_stride (PyObject *self, PyObject *args, PyObject *kwargs)
{
  return one_or_all (self, args, kwargs, TRUE);
}

static PyObject *
method_dim (PyObject *self, PyObject *ignored)
{
  return PyLong_FromUnsignedLong (eng_tensor_get_ndim (script_tensor_get (self)));
}

static PyObject *
method_numel (PyObject *self, PyObject *ignored)
{
  return PyLong_FromLongLong (eng_tensor_get_numel (script_tensor_get (self)));
}

static PyObject *
method_element_size (PyObject *self, PyObject *ignored)
{
  return PyLong_FromSize_t (eng_dtype_size (eng_tensor_get_dtype (script_tensor_get (self))));
}

static PyObject *
method_storage_offset (PyObject *self, PyObject *ignored)
{
  return PyLong_FromLongLong (eng_tensor_get_storage_offset (script_tensor_get (self)));
}

static PyObject *
method_data_ptr (PyObject *self, PyObject *ignored)
{
  return PyLong_FromVoidPtr (eng_tensor_get_data (script_tensor_get (self)));
}

static PyObject *
method_is_contiguous (PyObject *self, PyObject *ignored)
{
  return PyBool_FromLong (eng_tensor_is_contiguous (script_tensor_get (self)));
}

static PyObject *
method_is_floating_point (PyObject *self, PyObject *ignored)
{
  EngDtype dtype = eng_tensor_get_dtype (script_tensor_get (self));
  return PyBool_FromLong (eng_dtype_category (dtype) == ENG_CATEGORY_FLOATING);
}

static PyObject *
method_is_complex (PyObject *self, PyObject *ignored)
{
  Py_RETURN_FALSE;
}

static PyObject *
method_is_view (PyObject *self, PyObject *ignored)
{
  return PyBool_FromLong (eng_tensor_get_base (script_tensor_get (self)) != NULL);
}

static PyObject *
method_detach (PyObject *self, PyObject *ignored)
{
  return script_tensor_wrap (eng_tensor_detach (script_tensor_get (self)));
}

static PyObject *
method_requires_grad_ (PyObject *self, PyObject *args, PyObject *kwargs)
{
  static char *keywords[] = { "requires_grad", NULL };
  int value = 1;
  GError *error = NULL;

  if (!PyArg_ParseTupleAndKeywords (args, kwargs, "|p:requires_grad_", keywords, &value))
    return NULL;
  script_probe_touch ();
  if (!eng_tensor_set_requires_grad (script_tensor_get (self), value, &error))
    return script_raise (error);
  return Py_NewRef (self);
}

static PyObject *
method_retain_grad (PyObject *self, PyObject *ignored)
{
  GError *error = NULL;
  script_probe_touch ();
  if (!eng_tensor_retain_grad (script_tensor_get (self), &error))
    return script_raise (error);
  Py_RETURN_NONE;
}

/* The tensor in dtype: itself when it has it already. */
static PyObject *
cast (PyObject *self, EngDtype dtype, gboolean copy)
{
  if (eng_tensor_get_dtype (script_tensor_get (self)) == dtype)
    return copy ? script_operation_call_named ("clone", NULL, self, NULL) : Py_NewRef (self);
  return script_operation_cast (self, dtype);
}

#define CAST_METHOD(name, dtype)                        \
  static PyObject *method_##name (PyObject *self, PyObject *ignored) { return cast (self, dtype, FALSE); }
CAST_METHOD (float, ENG_FLOAT32)
CAST_METHOD (double, ENG_FLOAT64)
CAST_METHOD (long, ENG_INT64)
CAST_METHOD (int, ENG_INT32)
CAST_METHOD (short, ENG_INT16)
CAST_METHOD (bool, ENG_BOOL)

static PyObject *
method_self (PyObject *self, PyObject *ignored)
{
  return Py_NewRef (self);
}

/* One argument of to (): a dtype, a device or a tensor whose dtype is meant. */
static gboolean
read_target (PyObject *what, EngDtype *dtype)
{
  if (what == NULL || what == Py_None || script_dtype_from_python (what, dtype))
    return TRUE;
  if (script_tensor_check (what))
    *dtype = eng_tensor_get_dtype (script_tensor_get (what));
  else if (!script_device_accept (what))
    {
      if (!PyErr_Occurred ())
        PyErr_Format (PyExc_TypeError, "to() received an invalid combination of arguments - got (%s)",
                      Py_TYPE (what)->tp_name);
      return FALSE;
    }
  return TRUE;
}

static PyObject *
method_to (PyObject *self, PyObject *args, PyObject *kwargs)
{
  static char *keywords[] = { "", "", "non_blocking", "copy", "dtype", "device", NULL };
  PyObject *first = NULL, *second = NULL, *named_dtype = NULL, *device = NULL;
  int non_blocking = 0, copy = 0;
  EngDtype dtype = eng_tensor_get_dtype (script_tensor_get (self));

  if (!PyArg_ParseTupleAndKeywords (args, kwargs, "|OOpp$OO:to", keywords, &first, &second, &non_blocking, &copy,
                                    &named_dtype, &device))
    return NULL;
  if (second != NULL && PyBool_Check (second))
    second = NULL;
  if (!read_target (first, &dtype) || !read_target (second, &dtype) || !read_target (named_dtype, &dtype) ||
      !read_target (device, &dtype))
    return NULL;
  return cast (self, dtype, copy);
}

/* type (): its name; type ("torch.LongTensor"), type (torch.int64): a cast. */
static PyObject *
method_type (PyObject *self, PyObject *args)
{
  PyObject *what = NULL;
  EngDtype dtype;

  if (!PyArg_ParseTuple (args, "|O:type", &what))
    return NULL;
  if (what == NULL)
    return PyUnicode_FromString (script_dtype_tensor_type_name (eng_tensor_get_dtype (script_tensor_get (self))));
  if (script_dtype_from_python (what, &dtype))
    return cast (self, dtype, FALSE);
  for (guint i = 0; PyUnicode_Check (what) && i < ENG_N_DTYPES; i++)
    if (PyUnicode_CompareWithASCIIString (what, script_dtype_tensor_type_name ((EngDtype) i)) == 0)
      return cast (self, (EngDtype) i, FALSE);
  PyObject *named = PyObject_GetAttrString (what, "dtype");
  if (named == NULL)
    PyErr_Clear ();
  gboolean found = named != NULL && script_dtype_from_python (named, &dtype);
  Py_XDECREF (named);
  return found ? cast (self, dtype, FALSE)
               : PyErr_Format (PyExc_TypeError, "dtype must be a type, str, or dtype object");
}

static PyObject *
method_deepcopy (PyObject *self, PyObject *memo)
{
  EngTensor *tensor = script_tensor_get (self);
  GError *error = NULL;

  if (!eng_tensor_is_leaf (tensor))
    {
      PyErr_SetString (PyExc_RuntimeError, "Only Tensors created explicitly by the user (graph leaves) support the "
                                           "deepcopy protocol at the moment");
      return NULL;
    }
  PyObject *copy = script_tensor_from_data (eng_tensor_get_dtype (tensor), tensor);
  if (copy == NULL)
    return NULL;
  EngTensor *grad = eng_tensor_get_grad (tensor);
  PyObject *grad_copy = grad != NULL ? script_tensor_from_data (eng_tensor_get_dtype (grad), grad) : NULL;
  script_probe_touch ();
  gboolean done = eng_tensor_set_requires_grad (script_tensor_get (copy), eng_tensor_get_requires_grad (tensor), &error) &&
                  (grad_copy == NULL ||
                   eng_tensor_set_grad (script_tensor_get (copy), script_tensor_get (grad_copy), &error));
  Py_XDECREF (grad_copy);
  if (done)
    return copy;
  Py_DECREF (copy);
  return script_raise (error);
}

#define KEYWORDS(function) (PyCFunction) (void (*) (void)) function, METH_VARARGS | METH_KEYWORDS

PyMethodDef script_tensor_methods[] = {
  { "size", KEYWORDS (method_size), NULL },
  { "stride", KEYWORDS (method_stride), NULL },
  { "dim", method_dim, METH_NOARGS, NULL },
  { "ndimension", method_dim, METH_NOARGS, NULL },
  { "numel", method_numel, METH_NOARGS, NULL },
  { "nelement", method_numel, METH_NOARGS, NULL },
  { "element_size", method_element_size, METH_NOARGS, NULL },
  { "storage_offset", method_storage_offset, METH_NOARGS, NULL },
  { "data_ptr", method_data_ptr, METH_NOARGS, NULL },
  { "is_contiguous", method_is_contiguous, METH_NOARGS, NULL },
  { "is_floating_point", method_is_floating_point, METH_NOARGS, NULL },
  { "is_complex", method_is_complex, METH_NOARGS, NULL },
  { "_is_view", method_is_view, METH_NOARGS, NULL },
  { "item", script_tensor_item, METH_NOARGS, NULL },
  { "tolist", script_tensor_tolist, METH_NOARGS, NULL },
  { "detach", method_detach, METH_NOARGS, NULL },
  { "requires_grad_", KEYWORDS (method_requires_grad_), NULL },
  { "retain_grad", method_retain_grad, METH_NOARGS, NULL },
  { "backward", KEYWORDS (script_tensor_backward), NULL },
  { "register_hook", script_tensor_register_hook, METH_O, NULL },
  { "_remove_hook", script_tensor_remove_hook, METH_O, NULL },
  { "numpy", KEYWORDS (script_tensor_numpy), NULL },
  { "float", method_float, METH_NOARGS, NULL },
  { "double", method_double, METH_NOARGS, NULL },
  { "long", method_long, METH_NOARGS, NULL },
  { "int", method_int, METH_NOARGS, NULL },
  { "short", method_short, METH_NOARGS, NULL },
  { "bool", method_bool, METH_NOARGS, NULL },
  { "cpu", method_self, METH_NOARGS, NULL },
  { "to", KEYWORDS (method_to), NULL },
  { "type", method_type, METH_VARARGS, NULL },
  { "__array__", script_tensor_array, METH_VARARGS, NULL },
  { "__format__", script_tensor_format, METH_O, NULL },
  { "__deepcopy__", method_deepcopy, METH_O, NULL },
  { NULL },
};
