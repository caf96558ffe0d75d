/* SPDX-License-Identifier: MIT
 *
 * torch.tensor and its kin. Two passes over nested data: the first finds sizes and
 * the element type (bool < int64 < default float), the second fills. Tensors and
 * numpy scalars inside lists count as their numbers, arrays by their buffer. */
#include "tensor-data.h"

#include "device-object.h"
#include "dtype-object.h"
#include "errors.h"
#include "operation.h"
#include "probe.h"
#include "tensor-buffer.h"
#include "tensor-object.h"

typedef struct
{
  gint64 sizes[ENG_MAX_NDIM];
  guint ndim;
  EngDtype dtype;        /* highest met so far */
  gboolean any;          /* a number was met */
  EngTensor *target;     /* second pass */
  gboolean as_float;     /* the dtype asked for is floating: any whole number is one */
  gint64 filled;
} Building;

static gboolean
is_nested (PyObject *object)
{
  if (PyUnicode_Check (object) || PyBytes_Check (object) || PyDict_Check (object) || PyAnySet_Check (object))
    return FALSE;
  if (script_tensor_check (object))
    return eng_tensor_get_ndim (script_tensor_get (object)) > 0;
  return PySequence_Check (object) && PySequence_Size (object) >= 0;
}

/* Reads the sizes along first elements; sets *leaf to the first number. */
static gboolean
measure (PyObject *data, Building *building)
{
  PyObject *current = Py_NewRef (data);

  while (is_nested (current))
    {
      Py_ssize_t n = PySequence_Size (current);
      if (building->ndim == ENG_MAX_NDIM)
        {
          PyErr_Format (PyExc_ValueError, "too many dimensions '%s'", Py_TYPE (current)->tp_name);
          Py_DECREF (current);
          return FALSE;
        }
      building->sizes[building->ndim++] = n;
      PyObject *first = n > 0 ? PySequence_GetItem (current, 0) : NULL;
      Py_DECREF (current);
      if (first == NULL)
        return !PyErr_Occurred ();
      current = first;
    }
  PyErr_Clear ();
  if (PyUnicode_Check (current) && building->ndim > 0)
    PyErr_Format (PyExc_ValueError, "too many dimensions '%s'", Py_TYPE (current)->tp_name);
  Py_DECREF (current);
  return !PyErr_Occurred ();
}

static gboolean
raise_not_a_number (PyObject *object, const Building *building)
{
  if (PyErr_Occurred ())
    return FALSE;
  if (object == Py_None || !PyUnicode_Check (object))
    PyErr_Format (PyExc_RuntimeError, "Could not infer dtype of %s", Py_TYPE (object)->tp_name);
  else
    PyErr_Format (PyExc_TypeError, "new(): invalid data type '%s'", Py_TYPE (object)->tp_name);
  return FALSE;
}

static gboolean
read_number (PyObject *object, gboolean as_float, EngValue *value, EngDtype *dtype)
{
  if (script_tensor_check (object) && eng_tensor_get_numel (script_tensor_get (object)) == 1)
    {
      EngTensor *tensor = script_tensor_get (object);
      *dtype = eng_tensor_get_dtype (tensor);
      value->kind = eng_dtype_category (*dtype) == ENG_CATEGORY_FLOATING ? ENG_VALUE_FLOAT : ENG_VALUE_INT;
      if (value->kind == ENG_VALUE_FLOAT)
        value->number = eng_tensor_get_double (tensor, 0);
      else
        value->integer = eng_tensor_get_int64 (tensor, 0);
      return TRUE;
    }
  if (as_float && PyLong_CheckExact (object))
    {
      *value = (EngValue) { .kind = ENG_VALUE_FLOAT, .number = PyLong_AsDouble (object) };
      *dtype = eng_get_default_dtype ();
      return !PyErr_Occurred ();
    }
  if (PyUnicode_Check (object) || !script_scalar_from_python (object, value))
    return FALSE;
  *dtype = value->kind == ENG_VALUE_BOOL ? ENG_BOOL
           : value->kind == ENG_VALUE_INT ? ENG_INT64
                                          : eng_get_default_dtype ();
  return TRUE;
}

static gboolean
visit_number (PyObject *object, Building *building)
{
  EngValue value;
  EngDtype dtype;

  if (!read_number (object, building->as_float, &value, &dtype))
    return raise_not_a_number (object, building);
  if (building->target == NULL)
    {
      building->dtype = building->any ? eng_dtype_promote (building->dtype, dtype) : dtype;
      building->any = TRUE;
    }
  else if (eng_dtype_category (eng_tensor_get_dtype (building->target)) == ENG_CATEGORY_FLOATING)
    eng_tensor_set_double (building->target, building->filled++, eng_value_as_double (&value));
  else if (eng_tensor_get_dtype (building->target) == ENG_BOOL)
    eng_tensor_set_int64 (building->target, building->filled++, eng_value_as_double (&value) != 0);
  else if (eng_value_fits (&value, eng_tensor_get_dtype (building->target)))
    eng_tensor_set_int64 (building->target, building->filled++, eng_value_as_int64 (&value));
  else
    PyErr_Format (PyExc_RuntimeError, "value cannot be converted to type %s without overflow",
                  eng_dtype_name (eng_tensor_get_dtype (building->target)));
  return !PyErr_Occurred ();
}

static gboolean
visit (PyObject *data, guint dim, Building *building)
{
  if (dim > 0 && script_tensor_check (data) && eng_tensor_get_numel (script_tensor_get (data)) != 1)
    {
      PyErr_SetString (PyExc_ValueError, "only one element tensors can be converted to Python scalars");
      return FALSE;
    }
  if (dim == building->ndim)
    {
      if (!is_nested (data))
        return visit_number (data, building);
      PyErr_Format (PyExc_TypeError, "only numbers can stand at depth %u of the data, not '%s'", dim,
                    Py_TYPE (data)->tp_name);
      return FALSE;
    }
  Py_ssize_t n = is_nested (data) ? PySequence_Size (data) : -1;
  if (n < 0)
    {
      PyErr_Clear ();
      PyErr_Format (PyExc_TypeError, "expected a sequence at dim %u, not '%s'", dim, Py_TYPE (data)->tp_name);
      return FALSE;
    }
  if (n != building->sizes[dim])
    {
      PyErr_Format (PyExc_ValueError, "expected sequence of length %lld at dim %u (got %zd)",
                    (long long) building->sizes[dim], dim, n);
      return FALSE;
    }
  for (Py_ssize_t i = 0; i < n; i++)
    {
      PyObject *item = PySequence_GetItem (data, i);
      gboolean visited = item != NULL && visit (item, dim + 1, building);
      Py_XDECREF (item);
      if (!visited)
        return FALSE;
    }
  return TRUE;
}

static EngTensor *
build (PyObject *data, const EngDtype *dtype)
{
  Building building = { .dtype = eng_get_default_dtype () };
  GError *error = NULL;

  building.as_float = dtype != NULL && eng_dtype_category (*dtype) == ENG_CATEGORY_FLOATING;
  if (!measure (data, &building) || !visit (data, 0, &building))
    return NULL;
  g_autoptr (EngTensor) tensor
      = eng_tensor_new (dtype != NULL ? *dtype : building.dtype, building.ndim, building.sizes, &error);
  if (tensor == NULL)
    {
      script_raise (error);
      return NULL;
    }
  building.target = tensor;
  return visit (data, 0, &building) ? g_steal_pointer (&tensor) : NULL;
}

static EngTensor *
convert (EngTensor *tensor, EngDtype dtype)
{
  GError *error = NULL;
  EngTensor *copy
      = eng_tensor_new (dtype, eng_tensor_get_ndim (tensor), eng_tensor_get_sizes (tensor), &error);
  if (copy == NULL)
    {
      script_raise (error);
      return NULL;
    }
  gint64 numel = eng_tensor_get_numel (tensor);
  gboolean floating = eng_dtype_category (eng_tensor_get_dtype (tensor)) == ENG_CATEGORY_FLOATING ||
                      eng_dtype_category (dtype) == ENG_CATEGORY_FLOATING;
  for (gint64 i = 0; i < numel; i++)
    if (dtype == ENG_BOOL)
      eng_tensor_set_int64 (copy, i, eng_tensor_get_double (tensor, i) != 0);
    else if (floating)
      eng_tensor_set_double (copy, i, eng_tensor_get_double (tensor, i));
    else
      eng_tensor_set_int64 (copy, i, eng_tensor_get_int64 (tensor, i));
  return copy;
}

PyObject *
script_tensor_from_data (EngDtype dtype, EngTensor *tensor)
{
  EngTensor *copy = convert (tensor, dtype);
  return copy != NULL ? script_tensor_wrap (copy) : NULL;
}

/* The values of any data as a fresh engine tensor. */
static EngTensor *
tensor_of (PyObject *data, const EngDtype *dtype)
{
  if (script_tensor_check (data))
    {
      EngTensor *tensor = script_tensor_get (data);
      return convert (tensor, dtype != NULL ? *dtype : eng_tensor_get_dtype (tensor));
    }
  if (!script_buffer_check (data))
    return build (data, dtype);
  EngTensor *tensor = script_buffer_to_tensor (data, FALSE);
  if (tensor == NULL || dtype == NULL || *dtype == eng_tensor_get_dtype (tensor))
    return tensor;
  EngTensor *converted = convert (tensor, *dtype);
  eng_tensor_unref (tensor);
  return converted;
}

PyObject *
script_tensor_from_python (PyObject *data, const EngDtype *dtype)
{
  EngTensor *tensor = tensor_of (data, dtype);
  return tensor != NULL ? script_tensor_wrap (tensor) : NULL;
}

static PyObject *
set_requires_grad (PyObject *tensor, gboolean requires_grad)
{
  GError *error = NULL;

  if (tensor == NULL || !requires_grad)
    return tensor;
  EngTensor *leaf = script_tensor_get (tensor);
  script_probe_touch ();
  if (eng_dtype_category (eng_tensor_get_dtype (leaf)) != ENG_CATEGORY_FLOATING)
    PyErr_SetString (PyExc_RuntimeError, "Only Tensors of floating point and complex dtype can require gradients");
  else if (eng_tensor_set_requires_grad (leaf, TRUE, &error))
    return tensor;
  else
    script_raise (error);
  Py_DECREF (tensor);
  return NULL;
}

static gboolean
parse_options (PyObject *dtype_object, PyObject *device, EngDtype *dtype, const EngDtype **wanted)
{
  *wanted = NULL;
  if (device != Py_None && !script_device_accept (device))
    {
      if (!PyErr_Occurred ())
        PyErr_Format (PyExc_TypeError, "device must be torch.device, not %s", Py_TYPE (device)->tp_name);
      return FALSE;
    }
  if (dtype_object == Py_None)
    return TRUE;
  *wanted = dtype;
  if (script_dtype_from_python (dtype_object, dtype))
    return TRUE;
  PyErr_Format (PyExc_TypeError, "dtype must be torch.dtype, not %s", Py_TYPE (dtype_object)->tp_name);
  return FALSE;
}

static PyObject *
function_tensor (PyObject *module, PyObject *args, PyObject *kwargs)
{
  static char *keywords[] = { "data", "dtype", "device", "requires_grad", "pin_memory", NULL };
  PyObject *data, *dtype_object = Py_None, *device = Py_None;
  int requires_grad = 0, pin = 0;
  EngDtype dtype;
  const EngDtype *wanted;

  if (!PyArg_ParseTupleAndKeywords (args, kwargs, "O|$OOpp:tensor", keywords, &data, &dtype_object, &device,
                                    &requires_grad, &pin) ||
      !parse_options (dtype_object, device, &dtype, &wanted))
    return NULL;
  if (script_tensor_check (data) &&
      PyErr_WarnEx (PyExc_UserWarning,
                    "To copy construct from a tensor, it is recommended to use sourceTensor.clone().detach() or "
                    "sourceTensor.clone().detach().requires_grad_(True), rather than torch.tensor(sourceTensor).",
                    1) < 0)
    return NULL;
  return set_requires_grad (script_tensor_from_python (data, wanted), requires_grad);
}

static PyObject *
function_as_tensor (PyObject *module, PyObject *args, PyObject *kwargs)
{
  static char *keywords[] = { "data", "dtype", "device", NULL };
  PyObject *data, *dtype_object = Py_None, *device = Py_None;
  EngDtype dtype;
  const EngDtype *wanted;

  if (!PyArg_ParseTupleAndKeywords (args, kwargs, "O|OO:as_tensor", keywords, &data, &dtype_object, &device) ||
      !parse_options (dtype_object, device, &dtype, &wanted))
    return NULL;
  if (script_tensor_check (data))
    {
      if (wanted == NULL || dtype == eng_tensor_get_dtype (script_tensor_get (data)))
        return Py_NewRef (data);
      return script_operation_cast (data, dtype);
    }
  if (script_buffer_check (data))
    {
      EngTensor *shared = script_buffer_to_tensor (data, TRUE);
      if (shared == NULL || wanted == NULL || dtype == eng_tensor_get_dtype (shared))
        return shared != NULL ? script_tensor_wrap (shared) : NULL;
      PyObject *converted = script_tensor_from_data (dtype, shared);
      eng_tensor_unref (shared);
      return converted;
    }
  return script_tensor_from_python (data, wanted);
}

static PyObject *
function_from_numpy (PyObject *module, PyObject *array)
{
  if (!script_buffer_check (array))
    return PyErr_Format (PyExc_TypeError, "expected np.ndarray (got %s)", Py_TYPE (array)->tp_name);
  EngTensor *tensor = script_buffer_to_tensor (array, TRUE);
  return tensor != NULL ? script_tensor_wrap (tensor) : NULL;
}

/* Tensor (2, 3): uninitialised (zeros here); Tensor ([…]): the data as floats;
 * Tensor (): empty. Subclasses get an object of their own class. */
PyObject *
script_tensor_construct (PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
  EngDtype dtype = eng_get_default_dtype ();
  gint64 sizes[ENG_MAX_NDIM] = { 0 };
  Py_ssize_t n = PyTuple_GET_SIZE (args);
  GError *error = NULL;
  EngTensor *tensor;

  PyObject *first = n == 1 ? PyTuple_GET_ITEM (args, 0) : NULL;
  if (first != NULL && !PyLong_Check (first))
    tensor = tensor_of (first, &dtype);
  else
    {
      for (Py_ssize_t i = 0; i < n; i++)
        if (i >= ENG_MAX_NDIM || !script_int_from_python (PyTuple_GET_ITEM (args, i), &sizes[i]))
          return PyErr_Format (PyExc_TypeError, "new(): data must be a sequence (got %s)",
                               Py_TYPE (PyTuple_GET_ITEM (args, i))->tp_name);
      tensor = eng_tensor_new (dtype, n > 0 ? (guint) n : 1, sizes, &error);
      if (tensor == NULL)
        return script_raise (error);
      memset (eng_tensor_get_data (tensor), 0, (gsize) eng_tensor_get_numel (tensor) * eng_dtype_size (dtype));
    }
  return tensor != NULL ? script_tensor_new_of_type (type, tensor) : NULL;
}

PyMethodDef script_tensor_data_functions[] = {
  { "tensor", (PyCFunction) (void (*) (void)) function_tensor, METH_VARARGS | METH_KEYWORDS,
    "tensor(data, *, dtype=None, device=None, requires_grad=False): a leaf with a copy of the data." },
  { "as_tensor", (PyCFunction) (void (*) (void)) function_as_tensor, METH_VARARGS | METH_KEYWORDS,
    "as_tensor(data, dtype=None, device=None): shares memory with arrays where it can." },
  { "from_numpy", function_from_numpy, METH_O, "from_numpy(array): a tensor over the array's memory." },
  { NULL },
};
