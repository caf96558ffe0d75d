/* SPDX-License-Identifier: MIT
 *
 * Tensor's attributes: sizes, dtype, the facts of autograd, .grad and .data. */
#include "device-object.h"
#include "dtype-object.h"
#include "errors.h"
#include "grad-fn-object.h"
#include "operation.h"
#include "probe.h"
#include "size-object.h"
#include "tensor-buffer.h"
#include "tensor-object.h"
#include "engine/shape.h"

#include <string.h>

static PyObject *
get_shape (PyObject *self, void *closure)
{
  EngTensor *tensor = script_tensor_get (self);
  return script_size_new (eng_tensor_get_ndim (tensor), eng_tensor_get_sizes (tensor));
}

static PyObject *
get_ndim (PyObject *self, void *closure)
{
  return PyLong_FromUnsignedLong (eng_tensor_get_ndim (script_tensor_get (self)));
}

static PyObject *
get_dtype (PyObject *self, void *closure)
{
  return Py_NewRef (script_dtype_object (eng_tensor_get_dtype (script_tensor_get (self))));
}

static PyObject *
get_device (PyObject *self, void *closure)
{
  return Py_NewRef (script_device_cpu ());
}

static PyObject *
get_false (PyObject *self, void *closure)
{
  Py_RETURN_FALSE;
}

static PyObject *
get_none (PyObject *self, void *closure)
{
  Py_RETURN_NONE;
}

static PyObject *
get_itemsize (PyObject *self, void *closure)
{
  return PyLong_FromSize_t (eng_dtype_size (eng_tensor_get_dtype (script_tensor_get (self))));
}

static PyObject *
get_nbytes (PyObject *self, void *closure)
{
  EngTensor *tensor = script_tensor_get (self);
  return PyLong_FromSize_t ((gsize) eng_tensor_get_numel (tensor) * eng_dtype_size (eng_tensor_get_dtype (tensor)));
}

static PyObject *
get_requires_grad (PyObject *self, void *closure)
{
  return PyBool_FromLong (eng_tensor_get_requires_grad (script_tensor_get (self)));
}

static int
set_requires_grad (PyObject *self, PyObject *value, void *closure)
{
  GError *error = NULL;

  if (value == NULL || !PyBool_Check (value))
    {
      PyErr_SetString (PyExc_RuntimeError, "requires_grad must be a bool");
      return -1;
    }
  script_probe_touch ();
  if (eng_tensor_set_requires_grad (script_tensor_get (self), value == Py_True, &error))
    return 0;
  script_raise (error);
  return -1;
}

static PyObject *
get_grad (PyObject *self, void *closure)
{
  EngTensor *tensor = script_tensor_get (self);
  EngTensor *grad = eng_tensor_get_grad (tensor);

  if (grad == NULL && !eng_tensor_is_leaf (tensor) && !eng_tensor_get_retains_grad (tensor) &&
      PyErr_WarnEx (PyExc_UserWarning,
                    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute "
                    "won't be populated during autograd.backward(). If you indeed want the .grad field to be populated "
                    "for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor. If you access the non-leaf "
                    "Tensor by mistake, make sure you access the leaf Tensor instead.",
                    1) < 0)
    return NULL;
  return script_tensor_wrap_or_none (grad != NULL ? eng_tensor_ref (grad) : NULL);
}

static int
set_grad (PyObject *self, PyObject *value, void *closure)
{
  GError *error = NULL;

  if (value != NULL && value != Py_None && !script_tensor_check (value))
    {
      PyErr_Format (PyExc_TypeError, "assigned grad expected to be a Tensor or None but got grad of type %s",
                    Py_TYPE (value)->tp_name);
      return -1;
    }
  EngTensor *grad = value == NULL || value == Py_None ? NULL : script_tensor_get (value);
  script_probe_touch ();
  if (eng_tensor_set_grad (script_tensor_get (self), grad, &error))
    return 0;
  script_raise (error);
  return -1;
}

static PyObject *
get_grad_fn (PyObject *self, void *closure)
{
  EngGradFn *grad_fn = eng_tensor_get_grad_fn (script_tensor_get (self));
  return grad_fn != NULL ? script_grad_fn_wrap (eng_grad_fn_ref (grad_fn)) : Py_NewRef (Py_None);
}

static PyObject *
get_is_leaf (PyObject *self, void *closure)
{
  return PyBool_FromLong (eng_tensor_is_leaf (script_tensor_get (self)));
}

static PyObject *
get_retains_grad (PyObject *self, void *closure)
{
  return PyBool_FromLong (eng_tensor_get_retains_grad (script_tensor_get (self)));
}

static PyObject *
get_output_nr (PyObject *self, void *closure)
{
  return PyLong_FromUnsignedLong (eng_tensor_get_output_nr (script_tensor_get (self)));
}

static PyObject *
get_version (PyObject *self, void *closure)
{
  return PyLong_FromUnsignedLong (eng_tensor_get_version (script_tensor_get (self)));
}

static PyObject *
get_base (PyObject *self, void *closure)
{
  EngTensor *base = eng_tensor_get_base (script_tensor_get (self));
  return script_tensor_wrap_or_none (base != NULL ? eng_tensor_ref (base) : NULL);
}

static PyObject *
get_data (PyObject *self, void *closure)
{
  return script_tensor_wrap (eng_tensor_detach (script_tensor_get (self)));
}

/* What x.data -= y ends with: x.data = the alias that has been written to. */
static gboolean
is_own_data (EngTensor *tensor, EngTensor *value)
{
  gsize nbytes = eng_tensor_get_ndim (tensor) * sizeof (gint64);
  return eng_tensor_get_data (tensor) == eng_tensor_get_data (value)
         && eng_tensor_get_dtype (tensor) == eng_tensor_get_dtype (value)
         && eng_tensor_get_ndim (tensor) == eng_tensor_get_ndim (value)
         && (nbytes == 0 || (memcmp (eng_tensor_get_sizes (tensor), eng_tensor_get_sizes (value), nbytes) == 0
                             && memcmp (eng_tensor_get_strides (tensor), eng_tensor_get_strides (value), nbytes) == 0));
}

/* A tensor keeps its sizes and dtype for life; nothing is broadcast or converted silently. */
static gboolean
check_data (EngTensor *tensor, EngTensor *value)
{
  guint ndim = eng_tensor_get_ndim (tensor);
  if (eng_tensor_get_dtype (tensor) == eng_tensor_get_dtype (value) && ndim == eng_tensor_get_ndim (value)
      && (ndim == 0
          || memcmp (eng_tensor_get_sizes (tensor), eng_tensor_get_sizes (value), ndim * sizeof (gint64))
                 == 0))
    return TRUE;
  g_autofree char *own = eng_shape_to_string (ndim, eng_tensor_get_sizes (tensor));
  g_autofree char *other = eng_shape_to_string (eng_tensor_get_ndim (value), eng_tensor_get_sizes (value));
  PyErr_Format (
      PyExc_RuntimeError,
      ".data of a torch.%sTensor of size %s cannot become a torch.%sTensor of size %s: Tapedeck keeps a "
      "tensor's size and dtype; bind the name to a new tensor instead",
      eng_dtype_scalar_name (eng_tensor_get_dtype (tensor)), own,
      eng_dtype_scalar_name (eng_tensor_get_dtype (value)), other);
  return FALSE;
}

/* x.data = y: x's values become y's, outside the graph. */
static int
set_data (PyObject *self, PyObject *value, void *closure)
{
  if (value == NULL || !script_tensor_check (value))
    {
      PyErr_SetString (PyExc_TypeError, "Variable data has to be a tensor");
      return -1;
    }
  if (is_own_data (script_tensor_get (self), script_tensor_get (value)))
    return 0;
  if (!check_data (script_tensor_get (self), script_tensor_get (value)))
    return -1;
  PyObject *data = get_data (self, NULL);
  PyObject *done = data != NULL ? script_operation_call_named ("copy_", ".data =", data, value, NULL) : NULL;
  Py_XDECREF (data);
  Py_XDECREF (done);
  return done != NULL ? 0 : -1;
}

/* T and mT are composites without arguments. */
static PyObject *
get_transposed (PyObject *self, void *closure)
{
  return script_operation_call_named (closure, closure, self, NULL);
}

PyGetSetDef script_tensor_getset[] = {
  { "__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict },
  { "shape", get_shape },
  { "ndim", get_ndim },
  { "dtype", get_dtype },
  { "device", get_device },
  { "itemsize", get_itemsize },
  { "nbytes", get_nbytes },
  { "is_cuda", get_false },
  { "is_sparse", get_false },
  { "is_quantized", get_false },
  { "name", get_none },
  { "requires_grad", get_requires_grad, set_requires_grad },
  { "grad", get_grad, set_grad },
  { "grad_fn", get_grad_fn },
  { "is_leaf", get_is_leaf },
  { "retains_grad", get_retains_grad },
  { "output_nr", get_output_nr },
  { "_version", get_version },
  { "_base", get_base },
  { "data", get_data, set_data },
  { "T", get_transposed, NULL, NULL, "T" },
  { "mT", get_transposed, NULL, NULL, "mT" },
  { "__array_interface__", script_tensor_array_interface },
  { NULL },
};
