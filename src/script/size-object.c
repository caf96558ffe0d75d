/* SPDX-License-Identifier: MIT
 *
 * torch.Size: slices and sums of sizes are sizes again, as in PyTorch. */
#include "size-object.h"

PyObject *
script_size_new (guint ndim, const gint64 *sizes)
{
  PyObject *self = script_size_type.tp_alloc (&script_size_type, ndim);

  if (self == NULL)
    return NULL;
  for (guint i = 0; i < ndim; i++)
    {
      PyObject *size = PyLong_FromLongLong (sizes[i]);
      if (size == NULL)
        {
          Py_DECREF (self);
          return NULL;
        }
      PyTuple_SET_ITEM (self, i, size);
    }
  return self;
}

/* A plain tuple made a Size (takes it). */
static PyObject *
from_tuple (PyObject *tuple)
{
  if (tuple == NULL || !PyTuple_CheckExact (tuple))
    return tuple;
  Py_ssize_t n = PyTuple_GET_SIZE (tuple);
  PyObject *self = script_size_type.tp_alloc (&script_size_type, n);
  for (Py_ssize_t i = 0; self != NULL && i < n; i++)
    PyTuple_SET_ITEM (self, i, Py_NewRef (PyTuple_GET_ITEM (tuple, i)));
  Py_DECREF (tuple);
  return self;
}

static PyObject *
size_construct (PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
  PyObject *self = PyTuple_Type.tp_new (type, args, kwargs);
  for (Py_ssize_t i = 0; self != NULL && i < PyTuple_GET_SIZE (self); i++)
    {
      PyObject *item = PyTuple_GET_ITEM (self, i);
      if (PyLong_Check (item))
        continue;
      PyObject *number = PyNumber_Index (item);
      if (number == NULL)
        {
          PyErr_Clear ();
          PyErr_Format (PyExc_TypeError, "torch.Size() takes an iterable of 'int' (item %zd is '%s')", i,
                        Py_TYPE (item)->tp_name);
          Py_CLEAR (self);
          break;
        }
      PyTuple_SET_ITEM (self, i, number);
      Py_DECREF (item);
    }
  return self;
}

static PyObject *
size_repr (PyObject *self)
{
  PyObject *list = PySequence_List (self);
  PyObject *text = list != NULL ? PyUnicode_FromFormat ("torch.Size(%R)", list) : NULL;
  Py_XDECREF (list);
  return text;
}

static PyObject *
size_numel (PyObject *self, PyObject *ignored)
{
  long long numel = 1;
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE (self); i++)
    numel *= PyLong_AsLongLong (PyTuple_GET_ITEM (self, i));
  return PyLong_FromLongLong (numel);
}

static PyObject *
size_concat (PyObject *self, PyObject *other)
{
  return from_tuple (PyTuple_Type.tp_as_sequence->sq_concat (self, other));
}

static PyObject *
size_repeat (PyObject *self, Py_ssize_t n)
{
  return from_tuple (PyTuple_Type.tp_as_sequence->sq_repeat (self, n));
}

static PyObject *
size_subscript (PyObject *self, PyObject *key)
{
  return from_tuple (PyTuple_Type.tp_as_mapping->mp_subscript (self, key));
}

static PyMethodDef methods[] = {
  { "numel", size_numel, METH_NOARGS, "The product of the sizes." },
  { NULL },
};

static PySequenceMethods as_sequence = { .sq_concat = size_concat, .sq_repeat = size_repeat };
static PyMappingMethods as_mapping = { .mp_subscript = size_subscript };

PyTypeObject script_size_type = {
  PyVarObject_HEAD_INIT (NULL, 0)
  .tp_name = "torch.Size",
  .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
  .tp_new = size_construct,
  .tp_repr = size_repr,
  .tp_methods = methods,
  .tp_as_sequence = &as_sequence,
  .tp_as_mapping = &as_mapping,
};

gboolean
script_size_type_ready (void)
{
  script_size_type.tp_base = &PyTuple_Type;
  return PyType_Ready (&script_size_type) == 0;
}
