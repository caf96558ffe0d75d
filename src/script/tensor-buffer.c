/* SPDX-License-Identifier: MIT
 *
 * numpy without numpy's headers: arrays come in and go out by the buffer protocol,
 * so memory is shared both ways and no numpy version is tied. A recording has to
 * notice what numpy writes: small shared tensors are remembered while they are
 * shared and compared after each statement. */
#include "tensor-buffer.h"

#include "dtype-object.h"
#include "errors.h"
#include "probe.h"
#include "tensor-object.h"

/* Beyond these, comparing at every statement would cost more than it tells. */
#define MAX_COMPARED_NBYTES 65536
#define MAX_COMPARED_NBYTES_TOTAL (1 << 20)

/* A tensor whose memory somebody else may write: lent to n_lent buffers, or borrowed
 * from one (then only looked at while somebody but us still holds it). */
typedef struct
{
  EngTensor *tensor;
  guint n_lent;
  gboolean borrowed;
} Shared;

static GHashTable *shared;             /* EngTensor* → Shared* */
static gsize shared_nbytes;

static const char formats[ENG_N_DTYPES] = {
  [ENG_BOOL] = '?', [ENG_UINT8] = 'B', [ENG_INT8] = 'b', [ENG_INT16] = 'h',
  [ENG_INT32] = 'i', [ENG_INT64] = 'q', [ENG_FLOAT32] = 'f', [ENG_FLOAT64] = 'd',
};

static gsize
count_nbytes (EngTensor *tensor)
{
  return (gsize) eng_tensor_get_numel (tensor) * eng_dtype_size (eng_tensor_get_dtype (tensor));
}

static void
shared_free (gpointer data)
{
  Shared *entry = data;

  shared_nbytes -= count_nbytes (entry->tensor);
  eng_tensor_unref (entry->tensor);
  g_free (entry);
}

static void
remember (EngTensor *tensor, gboolean borrowed)
{
  gsize nbytes = count_nbytes (tensor);

  if (script_probe_recorder () == NULL || nbytes > MAX_COMPARED_NBYTES)
    return;
  if (shared == NULL)
    shared = g_hash_table_new_full (NULL, NULL, NULL, shared_free);
  Shared *entry = g_hash_table_lookup (shared, tensor);
  if (entry == NULL && shared_nbytes + nbytes > MAX_COMPARED_NBYTES_TOTAL)
    return;
  if (entry == NULL)
    {
      entry = g_new0 (Shared, 1);
      entry->tensor = eng_tensor_ref (tensor);
      shared_nbytes += nbytes;
      g_hash_table_insert (shared, tensor, entry);
    }
  entry->n_lent += !borrowed;
  entry->borrowed |= borrowed;
}

static void
forget (EngTensor *tensor)
{
  Shared *entry = shared != NULL ? g_hash_table_lookup (shared, tensor) : NULL;

  if (entry != NULL && entry->n_lent > 0 && --entry->n_lent == 0 && !entry->borrowed)
    g_hash_table_remove (shared, tensor);
}

void
script_buffer_check_shared (void)
{
  GHashTableIter iter;
  gpointer value;

  if (shared == NULL || g_hash_table_size (shared) == 0)
    return;
  g_hash_table_iter_init (&iter, shared);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Shared *entry = value;
      if (entry->n_lent == 0 && eng_tensor_is_sole_owner (entry->tensor))
        g_hash_table_iter_remove (&iter);
      else
        rec_recorder_check_shared (script_probe_recorder (), entry->tensor);
    }
}

/* Going out: the tensor's memory as a buffer. */

static const char needs_detach[] =
    "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.";

typedef struct
{
  char format[2];
  Py_ssize_t shape[ENG_MAX_NDIM];
  Py_ssize_t strides[ENG_MAX_NDIM];
} Lent;

/* Whether a consumer asks for an order of elements that the tensor does not have. */
static gboolean
wants_other_order (EngTensor *tensor, int flags)
{
  gboolean is_plain = eng_tensor_is_contiguous (tensor);

  if ((flags & PyBUF_F_CONTIGUOUS) == PyBUF_F_CONTIGUOUS)
    return !is_plain || eng_tensor_get_ndim (tensor) > 1;
  if ((flags & PyBUF_C_CONTIGUOUS) == PyBUF_C_CONTIGUOUS || (flags & PyBUF_ANY_CONTIGUOUS) == PyBUF_ANY_CONTIGUOUS)
    return !is_plain;
  return (flags & PyBUF_STRIDES) != PyBUF_STRIDES && !is_plain;
}

static int
tensor_getbuffer (PyObject *self, Py_buffer *view, int flags)
{
  EngTensor *tensor = script_tensor_get (self);
  EngDtype dtype = eng_tensor_get_dtype (tensor);
  guint ndim = eng_tensor_get_ndim (tensor);

  view->obj = NULL;
  if (eng_tensor_get_requires_grad (tensor))
    {
      PyErr_SetString (PyExc_BufferError, needs_detach);
      return -1;
    }
  if (wants_other_order (tensor, flags))
    {
      PyErr_SetString (PyExc_BufferError, "the tensor is not contiguous");
      return -1;
    }
  Lent *lent = g_new0 (Lent, 1);
  lent->format[0] = formats[dtype];
  for (guint i = 0; i < ndim; i++)
    {
      lent->shape[i] = eng_tensor_get_sizes (tensor)[i];
      lent->strides[i] = eng_tensor_get_strides (tensor)[i] * (gint64) eng_dtype_size (dtype);
    }
  *view = (Py_buffer) {
    .buf = eng_tensor_get_data (tensor),
    .obj = Py_NewRef (self),
    .len = eng_tensor_get_numel (tensor) * (gint64) eng_dtype_size (dtype),
    .itemsize = (Py_ssize_t) eng_dtype_size (dtype),
    .ndim = (int) ndim,
    .format = flags & PyBUF_FORMAT ? lent->format : NULL,
    .shape = flags & PyBUF_ND ? lent->shape : NULL,
    .strides = flags & PyBUF_STRIDES ? lent->strides : NULL,
    .internal = lent,
  };
  remember (tensor, FALSE);
  return 0;
}

static void
tensor_releasebuffer (PyObject *self, Py_buffer *view)
{
  forget (script_tensor_get (self));
  g_free (view->internal);
}

PyBufferProcs script_tensor_as_buffer = { tensor_getbuffer, tensor_releasebuffer };

static PyObject *
to_array (PyObject *self, PyObject *dtype)
{
  PyObject *numpy = PyImport_ImportModule ("numpy");
  if (numpy == NULL)
    {
      PyErr_Clear ();
      PyErr_SetString (PyExc_RuntimeError, "Numpy is not available");
      return NULL;
    }
  PyObject *view = PyMemoryView_FromObject (self);
  PyObject *array = view == NULL ? NULL
                    : dtype != NULL ? PyObject_CallMethod (numpy, "asarray", "OO", view, dtype)
                                    : PyObject_CallMethod (numpy, "asarray", "O", view);
  Py_XDECREF (view);
  Py_DECREF (numpy);
  return array;
}

static gboolean
check_no_grad (PyObject *self)
{
  if (!eng_tensor_get_requires_grad (script_tensor_get (self)))
    return TRUE;
  PyErr_SetString (PyExc_RuntimeError, needs_detach);
  return FALSE;
}

PyObject *
script_tensor_numpy (PyObject *self, PyObject *args, PyObject *kwargs)
{
  static char *keywords[] = { "force", NULL };
  int force = 0;

  if (!PyArg_ParseTupleAndKeywords (args, kwargs, "|$p:numpy", keywords, &force))
    return NULL;
  if (!force)
    return check_no_grad (self) ? to_array (self, NULL) : NULL;
  PyObject *detached = script_tensor_wrap (eng_tensor_detach (script_tensor_get (self)));
  PyObject *array = detached != NULL ? to_array (detached, NULL) : NULL;
  Py_XDECREF (detached);
  return array;
}

PyObject *
script_tensor_array (PyObject *self, PyObject *args)
{
  PyObject *dtype = NULL;
  if (!PyArg_ParseTuple (args, "|O:__array__", &dtype) || !check_no_grad (self))
    return NULL;
  return to_array (self, dtype == Py_None ? NULL : dtype);
}

PyObject *
script_tensor_array_interface (PyObject *self, void *closure)
{
  static const char *const type_strings[ENG_N_DTYPES] = {
    [ENG_BOOL] = "|b1", [ENG_UINT8] = "|u1", [ENG_INT8] = "|i1", [ENG_INT16] = "<i2",
    [ENG_INT32] = "<i4", [ENG_INT64] = "<i8", [ENG_FLOAT32] = "<f4", [ENG_FLOAT64] = "<f8",
  };
  EngTensor *tensor = script_tensor_get (self);
  EngDtype dtype = eng_tensor_get_dtype (tensor);
  guint ndim = eng_tensor_get_ndim (tensor);

  if (!check_no_grad (self))
    {
      PyErr_Clear ();
      PyErr_SetString (PyExc_AttributeError, "__array_interface__");
      return NULL;
    }
  PyObject *shape = PyTuple_New (ndim), *strides = PyTuple_New (ndim);
  for (guint i = 0; shape != NULL && strides != NULL && i < ndim; i++)
    {
      gint64 nbytes = eng_tensor_get_strides (tensor)[i] * (gint64) eng_dtype_size (dtype);
      PyTuple_SET_ITEM (shape, i, PyLong_FromLongLong (eng_tensor_get_sizes (tensor)[i]));
      PyTuple_SET_ITEM (strides, i, PyLong_FromLongLong (nbytes));
    }
  return Py_BuildValue ("{s:s,s:N,s:N,s:(KO),s:i}", "typestr", type_strings[dtype], "shape", shape, "strides",
                        strides, "data", (unsigned long long) (gsize) eng_tensor_get_data (tensor), Py_False,
                        "version", 3);
}

/* Coming in: an array's memory as a tensor. */

static gboolean
dtype_of_format (const Py_buffer *view, EngDtype *dtype)
{
  const char *format = view->format != NULL ? view->format : "B";
  if (*format == '@' || *format == '=' || *format == '<')
    format++;
  if (format[0] == '\0' || format[1] != '\0')
    return FALSE;
  if (*format == 'l')
    *dtype = view->itemsize == 8 ? ENG_INT64 : ENG_INT32;
  else
    {
      guint i = 0;
      while (i < ENG_N_DTYPES && formats[i] != *format)
        i++;
      *dtype = (EngDtype) i;
    }
  return *dtype < ENG_N_DTYPES && (gsize) view->itemsize == eng_dtype_size (*dtype);
}

gboolean
script_buffer_check (PyObject *object)
{
  return PyObject_CheckBuffer (object) && !PyBytes_Check (object) && !PyByteArray_Check (object) &&
         !script_tensor_check (object);
}

static void
release_view (gpointer data)
{
  PyGILState_STATE state = PyGILState_Ensure ();
  PyBuffer_Release (data);
  PyGILState_Release (state);
  g_free (data);
}

static gboolean
read_shape (const Py_buffer *view, gint64 *sizes, gint64 *strides)
{
  if (view->ndim > ENG_MAX_NDIM)
    {
      PyErr_Format (PyExc_ValueError, "an array of %d dimensions is more than a tensor's %d", view->ndim,
                    ENG_MAX_NDIM);
      return FALSE;
    }
  for (int i = 0; i < view->ndim; i++)
    {
      sizes[i] = view->shape[i];
      strides[i] = view->strides[i] / view->itemsize;
      if (view->strides[i] >= 0 && view->strides[i] % view->itemsize == 0)
        continue;
      PyErr_SetString (PyExc_ValueError, "At least one stride in the given numpy array is negative, and tensors with "
                                         "negative strides are not currently supported. (You can probably work around "
                                         "this by making a copy of your array  with array.copy().) ");
      return FALSE;
    }
  return TRUE;
}

/* Bytes from the first element to the end of the last. */
static gsize
extent (const Py_buffer *view)
{
  gsize nbytes = (gsize) view->itemsize;

  for (int i = 0; i < view->ndim; i++)
    {
      if (view->shape[i] == 0)
        return 0;
      nbytes += (gsize) (view->shape[i] - 1) * (gsize) view->strides[i];
    }
  return nbytes;
}

/* Once in a process, as PyTorch. Sets the exception when warnings are errors. */
static void
warn_not_writable (void)
{
  static gboolean has_warned;
  if (has_warned)
    return;
  has_warned = TRUE;
  PyErr_WarnEx (PyExc_UserWarning,
                "The given NumPy array is not writable, and PyTorch does not support non-writable tensors. "
                "This means writing to this tensor will result in undefined behavior. You may want to copy "
                "the array to protect its data or make it writable before converting it to a tensor. This "
                "type of warning will be suppressed for the rest of this program.", 1);
}

EngTensor *
script_buffer_to_tensor (PyObject *object, gboolean share)
{
  Py_buffer *view = g_new0 (Py_buffer, 1);
  gint64 sizes[ENG_MAX_NDIM], strides[ENG_MAX_NDIM];
  GError *error = NULL;
  EngDtype dtype = ENG_FLOAT32;

  if (PyObject_GetBuffer (object, view, PyBUF_RECORDS) < 0)
    {
      PyErr_Clear ();
      if (PyObject_GetBuffer (object, view, PyBUF_RECORDS_RO) < 0)
        {
          g_free (view);
          return NULL;
        }
    }
  if (!dtype_of_format (view, &dtype))
    PyErr_Format (PyExc_TypeError,
                  "can't convert an array of element type '%s'. The supported types are: float64, float32, "
                  "int64, int32, int16, int8, uint8, and bool.", view->format != NULL ? view->format : "?");
  else if (share && view->readonly)
    warn_not_writable ();
  if (PyErr_Occurred () || !read_shape (view, sizes, strides))
    {
      release_view (view);
      return NULL;
    }
  EngTensor *tensor = eng_tensor_new_from_data (dtype, (guint) view->ndim, sizes, strides, view->buf,
                                                extent (view), release_view, view);
  if (share)
    {
      remember (tensor, TRUE);
      return tensor;
    }
  EngTensor *copy = eng_tensor_new (dtype, (guint) view->ndim, sizes, &error);
  if (copy == NULL)
    script_raise (error);
  else if (PyBuffer_ToContiguous (eng_tensor_get_data (copy), view, view->len, 'C') < 0)
    g_clear_pointer (&copy, eng_tensor_unref);
  eng_tensor_unref (tensor);
  return copy;
}
