/* SPDX-License-Identifier: MIT
 *
 * torch.Tensor: the one Python object of an engine tensor. The object owns a
 * reference to the tensor; the tensor's binding slot points back, so that the same
 * tensor always is the same object while that object is alive. */
#pragma once

#include "gil.h"

typedef struct
{
  PyObject_HEAD
  EngTensor *tensor;
  PyObject *dict;        /* attributes a script adds; NULL until then */
  PyObject *weakrefs;
} ScriptTensor;

extern PyTypeObject script_tensor_type;

#define script_tensor_check(object) PyObject_TypeCheck (object, &script_tensor_type)
/* Borrowed. GIL held; may be let go meanwhile (script_gil_guard). */
static inline EngTensor *
script_tensor_get (PyObject *object)
{
  script_gil_guard ();
  return ((ScriptTensor *) object)->tensor;
}

/* Readies the type; returns FALSE with a Python exception set. */
gboolean script_tensor_type_ready (void);
/* The object of tensor, which is taken (new reference, or NULL with MemoryError). */
PyObject *script_tensor_wrap (EngTensor *tensor);
/* The same; None for NULL. */
PyObject *script_tensor_wrap_or_none (EngTensor *tensor);
/* A new object of `type` (a subclass of Tensor) over tensor, which is taken; the
 * tensor must have no object yet. */
PyObject *script_tensor_new_of_type (PyTypeObject *type, EngTensor *tensor);

/* Slots and methods written in the other tensor-*.c files. */
extern PyNumberMethods script_tensor_as_number;
extern PyMappingMethods script_tensor_as_mapping;
extern PySequenceMethods script_tensor_as_sequence;
extern PyBufferProcs script_tensor_as_buffer;
extern PyGetSetDef script_tensor_getset[];
extern PyMethodDef script_tensor_methods[];
PyObject *script_tensor_repr (PyObject *self);
PyObject *script_tensor_richcompare (PyObject *a, PyObject *b, int operation);
PyObject *script_tensor_iter (PyObject *self);
PyObject *script_tensor_construct (PyTypeObject *type, PyObject *args, PyObject *kwargs);
