/* SPDX-License-Identifier: MIT
 *
 * x[…] and x[…] = …, with integers, slices, None, Ellipsis and tuples of these:
 * each becomes select, slice or unsqueeze, as in PyTorch, so that the result is a
 * view with a grad_fn. Tensors, lists and masks go to the operations index and
 * index_put. Bounds are checked here, in indexing's own words. */
#include "errors.h"
#include "operation.h"
#include "tensor-convert.h"
#include "tensor-data.h"
#include "tensor-object.h"

typedef struct
{
  PyObject *current;     /* the view so far: owned */
  PyObject *indices;     /* list for index (): None or a tensor per dimension; NULL until one occurs */
  guint dim;             /* the dimension the next index applies to */
  guint ndim;            /* of the tensor indexed, for messages */
} Indexing;

/* name (current, dim, …numbers) → current. */
static gboolean
apply (Indexing *indexing, const char *name, guint n, const gint64 *numbers)
{
  PyObject *args[5] = { indexing->current };
  const ScriptOperation *operation = script_operation_require (name);
  if (operation == NULL)
    return FALSE;
  for (guint i = 0; i < n; i++)
    args[i + 1] = PyLong_FromLongLong (numbers[i]);
  ScriptCallArgs call = { args, n + 1, NULL, TRUE };
  PyObject *next = script_operation_call (operation, &call, "[ ]");
  for (guint i = 0; i < n; i++)
    Py_DECREF (args[i + 1]);
  if (next == NULL)
    return FALSE;
  Py_SETREF (indexing->current, next);
  return TRUE;
}

static gboolean
take_integer (Indexing *indexing, gint64 index)
{
  gint64 size = eng_tensor_get_sizes (script_tensor_get (indexing->current))[indexing->dim];

  if (index < -size || index >= size)
    {
      PyErr_Format (PyExc_IndexError, "index %lld is out of bounds for dimension %u with size %lld",
                    (long long) index, indexing->dim, (long long) size);
      return FALSE;
    }
  gint64 numbers[] = { indexing->dim, index < 0 ? index + size : index };
  return apply (indexing, "select", 2, numbers);
}

static gboolean
take_slice (Indexing *indexing, PyObject *slice)
{
  Py_ssize_t start, stop, step;

  if (PySlice_Unpack (slice, &start, &stop, &step) < 0)
    return FALSE;
  if (step <= 0)
    {
      PyErr_SetString (PyExc_ValueError, "step must be greater than zero");
      return FALSE;
    }
  gint64 size = eng_tensor_get_sizes (script_tensor_get (indexing->current))[indexing->dim];
  Py_ssize_t length = PySlice_AdjustIndices (size, &start, &stop, step);
  gboolean whole = start == 0 && length == size && step == 1;
  gint64 numbers[] = { indexing->dim, start, MAX (start, stop), step };
  if (!whole && !apply (indexing, "slice", 4, numbers))
    return FALSE;
  indexing->dim++;
  return TRUE;
}

/* Remembers an index tensor for the dimension(s) it takes. */
static gboolean
take_tensor (Indexing *indexing, PyObject *index)
{
  if (indexing->indices == NULL)
    indexing->indices = PyList_New (0);
  while (indexing->indices != NULL && PyList_GET_SIZE (indexing->indices) < (Py_ssize_t) indexing->dim)
    PyList_Append (indexing->indices, Py_None);
  if (indexing->indices == NULL || PyList_Append (indexing->indices, index) < 0)
    return FALSE;
  EngDtype dtype = eng_tensor_get_dtype (script_tensor_get (index));
  gboolean mask = dtype == ENG_BOOL || dtype == ENG_UINT8;
  indexing->dim += mask ? eng_tensor_get_ndim (script_tensor_get (index)) : 1;
  return TRUE;
}

static gboolean
take_sequence (Indexing *indexing, PyObject *item)
{
  PyObject *tensor = script_tensor_from_python (item, NULL);
  if (tensor == NULL)
    return FALSE;
  if (eng_tensor_get_numel (script_tensor_get (tensor)) == 0)
    Py_SETREF (tensor, script_tensor_from_data (ENG_INT64, script_tensor_get (tensor)));
  gboolean taken = tensor != NULL && take_tensor (indexing, tensor);
  Py_XDECREF (tensor);
  return taken;
}

/* How many dimensions an index uses up. */
static guint
dims_of (PyObject *item)
{
  if (item == Py_None || item == Py_Ellipsis || PyBool_Check (item))
    return 0;
  if (!script_tensor_check (item))
    return 1;
  EngDtype dtype = eng_tensor_get_dtype (script_tensor_get (item));
  return dtype == ENG_BOOL || dtype == ENG_UINT8 ? eng_tensor_get_ndim (script_tensor_get (item)) : 1;
}

static gboolean
take (Indexing *indexing, PyObject *item, guint n_used)
{
  gint64 number;

  if (item == Py_Ellipsis)
    {
      indexing->dim += eng_tensor_get_ndim (script_tensor_get (indexing->current)) - indexing->dim - n_used;
      return TRUE;
    }
  if (item == Py_None || item == Py_True)
    {
      gint64 dim = indexing->dim++;
      return apply (indexing, "unsqueeze", 1, &dim);
    }
  if (PySlice_Check (item))
    return take_slice (indexing, item);
  if (script_tensor_check (item) &&
      !(eng_tensor_get_ndim (script_tensor_get (item)) == 0 && script_int_from_python (item, &number)))
    {
      EngCategory category = eng_dtype_category (eng_tensor_get_dtype (script_tensor_get (item)));
      if (category != ENG_CATEGORY_FLOATING)
        return take_tensor (indexing, item);
      PyErr_SetString (PyExc_IndexError, "tensors used as indices must be long, byte or bool tensors");
      return FALSE;
    }
  if (script_int_from_python (item, &number))
    return take_integer (indexing, number);
  if (!PyErr_Occurred () && PySequence_Check (item) && !PyUnicode_Check (item))
    return take_sequence (indexing, item);
  if (!PyErr_Occurred ())
    PyErr_Format (PyExc_TypeError,
                  "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices "
                  "(got %s)", Py_TYPE (item)->tp_name);
  return FALSE;
}

static gboolean
check_rank (Indexing *indexing, PyObject *const *items, Py_ssize_t n, guint *n_used)
{
  *n_used = 0;
  for (Py_ssize_t i = 0; i < n; i++)
    *n_used += dims_of (items[i]);
  if (*n_used <= indexing->ndim)
    return TRUE;
  if (indexing->ndim == 0)
    PyErr_SetString (PyExc_IndexError, "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or "
                                       "`tensor.item<T>()` in C++ to convert a 0-dim tensor to a number");
  else
    PyErr_Format (PyExc_IndexError, "too many indices for tensor of dimension %u", indexing->ndim);
  return FALSE;
}

/* Applies every index that makes a view; FALSE with an exception. */
static gboolean
walk (Indexing *indexing, PyObject *self, PyObject *key)
{
  PyObject *const *items = PyTuple_Check (key) ? PySequence_Fast_ITEMS (key) : &key;
  Py_ssize_t n = PyTuple_Check (key) ? PyTuple_GET_SIZE (key) : 1;
  guint n_used;

  indexing->current = Py_NewRef (self);
  indexing->ndim = eng_tensor_get_ndim (script_tensor_get (self));
  if (!check_rank (indexing, items, n, &n_used))
    return FALSE;
  for (Py_ssize_t i = 0; i < n; i++)
    {
      guint used = dims_of (items[i]);
      if (items[i] != Py_Ellipsis)
        n_used -= used;
      if (!take (indexing, items[i], n_used))
        return FALSE;
    }
  return TRUE;
}

static void
clear (Indexing *indexing)
{
  Py_CLEAR (indexing->current);
  Py_CLEAR (indexing->indices);
}

static PyObject *
tensor_subscript (PyObject *self, PyObject *key)
{
  Indexing indexing = { NULL };
  PyObject *result = NULL;

  if (walk (&indexing, self, key))
    {
      if (indexing.indices != NULL)
        result = script_operation_call_named ("index", "[ ]", indexing.current, indexing.indices, NULL);
      else if (indexing.current == self)
        result = script_operation_call_named ("alias", "[ ]", self, NULL);
      else
        result = Py_NewRef (indexing.current);
    }
  clear (&indexing);
  return result;
}

/* The value as a tensor (borrowed number → 0-dim of the target's dtype). */
static PyObject *
value_as_tensor (PyObject *target, PyObject *value)
{
  if (script_tensor_check (value))
    return Py_NewRef (value);
  PyObject *tensor = script_tensor_from_python (value, NULL);
  EngDtype dtype = eng_tensor_get_dtype (script_tensor_get (target));
  if (tensor != NULL && eng_tensor_get_dtype (script_tensor_get (tensor)) != dtype)
    Py_SETREF (tensor, script_tensor_from_data (dtype, script_tensor_get (tensor)));
  return tensor;
}

static PyObject *
store (Indexing *indexing, PyObject *value)
{
  EngValue scalar;

  if (indexing->indices == NULL && !script_tensor_check (value) && script_scalar_from_python (value, &scalar))
    return script_operation_call_named ("fill_", "[ ] =", indexing->current, value, NULL);
  if (PyErr_Occurred ())
    return NULL;
  PyObject *tensor = value_as_tensor (indexing->current, value);
  if (tensor == NULL)
    return NULL;
  PyObject *done = indexing->indices == NULL
                     ? script_operation_call_named ("copy_", "[ ] =", indexing->current, tensor, NULL)
                     : script_operation_call_named ("index_put_", "[ ] =", indexing->current, indexing->indices,
                                                    tensor, NULL);
  Py_DECREF (tensor);
  return done;
}

static int
tensor_ass_subscript (PyObject *self, PyObject *key, PyObject *value)
{
  Indexing indexing = { NULL };
  PyObject *done = NULL;

  if (value == NULL)
    {
      PyErr_SetString (PyExc_TypeError, "Tensor does not support deleting items");
      return -1;
    }
  if (walk (&indexing, self, key))
    done = store (&indexing, value);
  clear (&indexing);
  Py_XDECREF (done);
  return done != NULL ? 0 : -1;
}

static PyObject *
tensor_item_at (PyObject *self, Py_ssize_t index)
{
  PyObject *number = PyLong_FromSsize_t (index);
  PyObject *row = number != NULL ? tensor_subscript (self, number) : NULL;
  Py_XDECREF (number);
  return row;
}

PyMappingMethods script_tensor_as_mapping = {
  .mp_length = script_tensor_length,
  .mp_subscript = tensor_subscript,
  .mp_ass_subscript = tensor_ass_subscript,
};

PySequenceMethods script_tensor_as_sequence = {
  .sq_length = script_tensor_length,
  .sq_item = tensor_item_at,
  .sq_contains = script_tensor_contains,
};
