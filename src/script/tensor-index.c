/* SPDX-License-Identifier: MIT
 *
 * x[…] and x[…] = …, with integers, slices, None, Ellipsis and tuples of these:
 * each becomes select, slice or unsqueeze, as in PyTorch, so that the result is a
 * view with a grad_fn. Tensors, lists and masks go to the operations index and
 * index_put. Bounds are checked here, in indexing's own words. */
#include "errors.h"
#include "operation.h"
#include "probe.h"
#include "tensor-convert.h"
#include "tensor-data.h"
#include "tensor-object.h"
#include "engine/ops/ops.h"

typedef struct
{
  PyObject *current;     /* the view so far: owned */
  guint n;               /* index tensors met so far */
  EngTensor *indices[ENG_MAX_NDIM];   /* owned */
  gint64 dims[ENG_MAX_NDIM];          /* the dimension of current at which each begins */
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

/* Remembers an index tensor (taken) for the dimension(s) it takes. */
static gboolean
take_tensor (Indexing *indexing, EngTensor *index)
{
  EngDtype dtype = eng_tensor_get_dtype (index);
  gboolean mask = dtype == ENG_BOOL || dtype == ENG_UINT8;
  if (eng_dtype_category (dtype) == ENG_CATEGORY_FLOATING || indexing->n == ENG_MAX_NDIM)
    {
      PyErr_SetString (PyExc_IndexError, indexing->n == ENG_MAX_NDIM
                                           ? "too many index tensors"
                                           : "tensors used as indices must be long, byte or bool tensors");
      eng_tensor_unref (index);
      return FALSE;
    }
  indexing->indices[indexing->n] = index;
  indexing->dims[indexing->n++] = indexing->dim;
  indexing->dim += mask ? eng_tensor_get_ndim (index) : 1;
  return TRUE;
}

/* x[True] and x[False]: a mask without dimensions. */
static gboolean
take_bool (Indexing *indexing, gboolean value)
{
  GError *error = NULL;
  EngTensor *mask = eng_tensor_new (ENG_BOOL, 0, NULL, &error);
  if (mask == NULL)
    {
      script_raise (error);
      return FALSE;
    }
  eng_tensor_set_int64 (mask, 0, value);
  return take_tensor (indexing, mask);
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

/* Is item a 0-dim integer tensor? It selects, like a number. */
static gboolean
is_number (PyObject *item)
{
  EngTensor *tensor = script_tensor_get (item);
  return eng_tensor_get_ndim (tensor) == 0
         && eng_dtype_category (eng_tensor_get_dtype (tensor)) == ENG_CATEGORY_INTEGER
         && eng_tensor_get_dtype (tensor) != ENG_UINT8;
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
  if (item == Py_None)
    {
      gint64 dim = indexing->dim++;
      return apply (indexing, "unsqueeze", 1, &dim);
    }
  if (PyBool_Check (item))
    return take_bool (indexing, item == Py_True);
  if (PySlice_Check (item))
    return take_slice (indexing, item);
  if (script_tensor_check (item) && !is_number (item))
    return take_tensor (indexing, eng_tensor_ref (script_tensor_get (item)));
  if (script_int_from_python (item, &number))
    return take_integer (indexing, number);
  if (!PyErr_Occurred ())
    PyErr_Format (PyExc_IndexError,
                  "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices "
                  "(got %s)", Py_TYPE (item)->tp_name);
  return FALSE;
}

/* A list of numbers, a range, an array: what becomes an index tensor. */
static gboolean
is_listing (PyObject *item)
{
  return PySequence_Check (item) && !script_tensor_check (item);
}

static PyObject *
index_from_listing (PyObject *item)
{
  PyObject *tensor = script_tensor_from_python (item, NULL);
  if (tensor != NULL && eng_tensor_get_numel (script_tensor_get (tensor)) == 0)
    Py_SETREF (tensor, script_tensor_from_data (ENG_INT64, script_tensor_get (tensor)));
  return tensor;
}

/* PyTorch reads x[[a, b]] as x[a, b] if the list holds anything but numbers. */
static gboolean
is_tuple_in_disguise (PyObject *key)
{
  if (!PyList_Check (key) || PyList_GET_SIZE (key) >= 32)
    return FALSE;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE (key); i++)
    {
      PyObject *item = PyList_GET_ITEM (key, i);
      if (item == Py_None || item == Py_Ellipsis || PySlice_Check (item) || script_tensor_check (item)
          || PySequence_Check (item))
        return TRUE;
    }
  return FALSE;
}

/* The key with all listings made tensors: itself, a tensor, or a new tuple. New reference. */
static PyObject *
plain_key (PyObject *key)
{
  gboolean plain = TRUE;

  if (!PyTuple_Check (key) && !is_tuple_in_disguise (key))
    return is_listing (key) ? index_from_listing (key) : Py_NewRef (key);
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE (key); i++)
    plain = plain && !is_listing (PySequence_Fast_GET_ITEM (key, i));
  if (plain && PyTuple_Check (key))
    return Py_NewRef (key);
  PyObject *items = PyTuple_New (PySequence_Fast_GET_SIZE (key));
  for (Py_ssize_t i = 0; items != NULL && i < PyTuple_GET_SIZE (items); i++)
    {
      PyObject *item = PySequence_Fast_GET_ITEM (key, i);
      item = is_listing (item) ? index_from_listing (item) : Py_NewRef (item);
      if (item == NULL)
        Py_CLEAR (items);
      else
        PyTuple_SET_ITEM (items, i, item);
    }
  return items;
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
  indexing->n = 0;
  indexing->dim = 0;
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

static gboolean
start (Indexing *indexing, PyObject *self, PyObject *key)
{
  indexing->current = NULL;
  indexing->n = 0;
  PyObject *plain = plain_key (key);
  gboolean walked = plain != NULL && walk (indexing, self, plain);
  Py_XDECREF (plain);
  return walked;
}

static void
clear (Indexing *indexing)
{
  Py_CLEAR (indexing->current);
  for (guint k = 0; k < indexing->n; k++)
    eng_tensor_unref (indexing->indices[k]);
}

/* current[index tensors], or with values written there. */
static PyObject *
call_index (Indexing *indexing, EngTensor *values)
{
  GError *error = NULL;
  EngTensor *current = script_tensor_get (indexing->current);

  script_probe_touch ();
  eng_call_set_written (values != NULL ? "[ ] =" : "[ ]");
  EngTensor *result = values != NULL
    ? eng_index_put_ (current, indexing->indices, indexing->n, indexing->dims, values, FALSE, &error)
    : eng_index (current, indexing->indices, indexing->n, indexing->dims, &error);
  if (result != NULL)
    return script_tensor_wrap (result);
  eng_call_set_written (NULL);
  return script_raise (error);
}

static PyObject *
tensor_subscript (PyObject *self, PyObject *key)
{
  Indexing indexing;
  PyObject *result = NULL;

  if (start (&indexing, self, key))
    {
      if (indexing.n > 0)
        result = call_index (&indexing, NULL);
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
  if (PyList_Check (value) || PyTuple_Check (value))
    return PyErr_Format (PyExc_TypeError, "can't assign a %s to a torch.%sTensor", Py_TYPE (value)->tp_name,
                         eng_dtype_scalar_name (eng_tensor_get_dtype (script_tensor_get (target))));
  PyObject *tensor = script_tensor_from_python (value, NULL);
  EngDtype dtype = eng_tensor_get_dtype (script_tensor_get (target));
  if (tensor != NULL && eng_tensor_get_dtype (script_tensor_get (tensor)) != dtype)
    Py_SETREF (tensor, script_tensor_from_data (dtype, script_tensor_get (tensor)));
  return tensor;
}

/* A value may have more leading dimensions of size 1 than its place: they go. */
static PyObject *
without_leading_ones (PyObject *value, guint ndim)
{
  EngTensor *tensor = script_tensor_get (value);
  const gint64 *sizes = eng_tensor_get_sizes (tensor);
  guint first = 0, n = eng_tensor_get_ndim (tensor);
  GError *error = NULL;

  while (n - first > ndim && sizes[first] == 1)
    first++;
  if (first == 0)
    return Py_NewRef (value);
  EngTensor *shorter = eng_reshape (tensor, n - first, sizes + first, &error);
  return shorter != NULL ? script_tensor_wrap (shorter) : script_raise (error);
}

/* How many dimensions current[index tensors] has. */
static guint
result_ndim (const Indexing *indexing)
{
  guint ndim = eng_tensor_get_ndim (script_tensor_get (indexing->current));
  guint taken = 0, shape = 0;

  for (guint k = 0; k < indexing->n; k++)
    {
      guint own = eng_tensor_get_ndim (indexing->indices[k]);
      EngDtype dtype = eng_tensor_get_dtype (indexing->indices[k]);
      gboolean mask = dtype == ENG_BOOL || dtype == ENG_UINT8;
      taken += mask ? own : 1;
      shape = MAX (shape, mask ? 1 : own);
    }
  return ndim + shape - MIN (taken, ndim);
}

static PyObject *
store (Indexing *indexing, PyObject *value)
{
  EngValue scalar;

  if (indexing->n == 0 && !script_tensor_check (value) && script_scalar_from_python (value, &scalar))
    return script_operation_call_named ("fill_", "[ ] =", indexing->current, value, NULL);
  if (PyErr_Occurred ())
    return NULL;
  PyObject *tensor = value_as_tensor (indexing->current, value);
  if (tensor != NULL)
    Py_SETREF (tensor, without_leading_ones (tensor, result_ndim (indexing)));
  if (tensor == NULL)
    return NULL;
  PyObject *done = indexing->n == 0
                     ? script_operation_call_named ("copy_", "[ ] =", indexing->current, tensor, NULL)
                     : call_index (indexing, script_tensor_get (tensor));
  Py_DECREF (tensor);
  return done;
}

static int
tensor_ass_subscript (PyObject *self, PyObject *key, PyObject *value)
{
  Indexing indexing;
  PyObject *done = NULL;

  if (value == NULL)
    {
      PyErr_SetString (PyExc_TypeError, "Tensor does not support deleting items");
      return -1;
    }
  if (start (&indexing, self, key))
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
