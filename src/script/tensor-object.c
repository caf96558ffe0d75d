/* SPDX-License-Identifier: MIT
 *
 * The life of torch.Tensor objects. Objects of the type itself come from a small
 * pool and are followed by the garbage collector only once they carry attributes,
 * because nothing else in them can close a cycle; subclasses live like any Python
 * class. What a tensor can do stands in the other tensor-*.c files. */
#include "tensor-object.h"


#define POOL_SIZE 256

static ScriptTensor *pool[POOL_SIZE];
static guint pool_n;

static ScriptTensor *
allocate (void)
{
  if (pool_n > 0)
    return (ScriptTensor *) PyObject_Init ((PyObject *) pool[--pool_n], &script_tensor_type);
  return PyObject_GC_New (ScriptTensor, &script_tensor_type);
}

PyObject *
script_tensor_wrap (EngTensor *tensor)
{
  PyObject *bound = eng_tensor_get_binding (tensor);
  if (bound != NULL)
    {
      eng_tensor_unref (tensor);
      return Py_NewRef (bound);
    }
  ScriptTensor *self = allocate ();
  if (self == NULL)
    {
      eng_tensor_unref (tensor);
      return NULL;
    }
  self->tensor = tensor;
  self->dict = NULL;
  self->weakrefs = NULL;
  eng_tensor_set_binding (tensor, self, NULL);
  return (PyObject *) self;
}

PyObject *
script_tensor_wrap_or_none (EngTensor *tensor)
{
  return tensor != NULL ? script_tensor_wrap (tensor) : Py_NewRef (Py_None);
}

PyObject *
script_tensor_new_of_type (PyTypeObject *type, EngTensor *tensor)
{
  if (type == &script_tensor_type)
    return script_tensor_wrap (tensor);
  ScriptTensor *self = (ScriptTensor *) type->tp_alloc (type, 0);
  if (self == NULL)
    {
      eng_tensor_unref (tensor);
      return NULL;
    }
  self->tensor = tensor;
  eng_tensor_set_binding (tensor, self, NULL);
  return (PyObject *) self;
}

static void
tensor_dealloc (PyObject *object)
{
  ScriptTensor *self = (ScriptTensor *) object;

  if (PyObject_GC_IsTracked (object))
    PyObject_GC_UnTrack (object);
  if (self->weakrefs != NULL)
    PyObject_ClearWeakRefs (object);
  Py_CLEAR (self->dict);
  script_gil_guard ();
  if (self->tensor != NULL)
    {
      eng_tensor_set_binding (self->tensor, NULL, NULL);
      g_clear_pointer (&self->tensor, eng_tensor_unref);
    }
  if (Py_IS_TYPE (object, &script_tensor_type) && pool_n < POOL_SIZE)
    pool[pool_n++] = self;
  else
    Py_TYPE (object)->tp_free (object);
}

static int
tensor_traverse (PyObject *object, visitproc visit, void *arg)
{
  Py_VISIT (((ScriptTensor *) object)->dict);
  return 0;
}

static int
tensor_clear (PyObject *object)
{
  Py_CLEAR (((ScriptTensor *) object)->dict);
  return 0;
}

static int
tensor_setattro (PyObject *object, PyObject *name, PyObject *value)
{
  if (PyObject_GenericSetAttr (object, name, value) < 0)
    return -1;
  if (((ScriptTensor *) object)->dict != NULL && !PyObject_GC_IsTracked (object))
    PyObject_GC_Track (object);
  return 0;
}

/* id (x), as PyTorch: shown and compared by some scripts. */
static Py_hash_t
tensor_hash (PyObject *object)
{
  PyObject *id = PyLong_FromVoidPtr (object);
  Py_hash_t hash = id != NULL ? PyObject_Hash (id) : -1;
  Py_XDECREF (id);
  return hash;
}

/* Note: the name of the type. Errors that Python itself words take tp_name, and
 * PyTorch's say 'Tensor'; but a static type's module is what stands before the dot
 * in tp_name. So the type's own type says where it comes from. */
static PyObject *
get_module (PyObject *type, void *closure)
{
  if (type == (PyObject *) &script_tensor_type)
    return PyUnicode_FromString ("torch");
  PyObject *module = PyDict_GetItemString (((PyTypeObject *) type)->tp_dict, "__module__");
  return Py_NewRef (module != NULL ? module : Py_None);
}

static int
set_module (PyObject *type, PyObject *value, void *closure)
{
  if (type != (PyObject *) &script_tensor_type && value != NULL)
    return PyDict_SetItemString (((PyTypeObject *) type)->tp_dict, "__module__", value);
  PyErr_SetString (PyExc_TypeError, "cannot set '__module__' attribute of immutable type 'Tensor'");
  return -1;
}

static PyObject *
type_repr (PyObject *type)
{
  if (type != (PyObject *) &script_tensor_type)
    return PyType_Type.tp_repr (type);
  return PyUnicode_FromString ("<class 'torch.Tensor'>");
}

static PyGetSetDef type_getset[] = {
  { "__module__", get_module, set_module },
  { NULL },
};

static PyTypeObject tensor_meta = {
  PyVarObject_HEAD_INIT (NULL, 0)
  .tp_name = "torch._C._TensorMeta",
  .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
  .tp_repr = type_repr,
  .tp_getset = type_getset,
};

PyTypeObject script_tensor_type = {
  PyVarObject_HEAD_INIT (&tensor_meta, 0)
  .tp_name = "Tensor",
  .tp_doc = "A tensor of Tapedeck's engine, used as PyTorch's.",
  .tp_basicsize = sizeof (ScriptTensor),
  .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
  .tp_new = script_tensor_construct,
  .tp_dealloc = tensor_dealloc,
  .tp_traverse = tensor_traverse,
  .tp_clear = tensor_clear,
  .tp_free = PyObject_GC_Del,
  .tp_setattro = tensor_setattro,
  .tp_dictoffset = offsetof (ScriptTensor, dict),
  .tp_weaklistoffset = offsetof (ScriptTensor, weakrefs),
  .tp_hash = tensor_hash,
  .tp_repr = script_tensor_repr,
  .tp_richcompare = script_tensor_richcompare,
  .tp_iter = script_tensor_iter,
  .tp_as_number = &script_tensor_as_number,
  .tp_as_mapping = &script_tensor_as_mapping,
  .tp_as_sequence = &script_tensor_as_sequence,
  .tp_as_buffer = &script_tensor_as_buffer,
  .tp_getset = script_tensor_getset,
  .tp_methods = script_tensor_methods,
};

gboolean
script_tensor_type_ready (void)
{
  tensor_meta.tp_base = &PyType_Type;
  return PyType_Ready (&tensor_meta) == 0 && PyType_Ready (&script_tensor_type) == 0;
}
