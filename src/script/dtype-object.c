/* SPDX-License-Identifier: MIT
 *
 * torch.dtype objects, compared by identity as PyTorch's are. */
#include "dtype-object.h"

typedef struct
{
  PyObject_HEAD
  EngDtype dtype;
} ScriptDtype;

static ScriptDtype objects[ENG_N_DTYPES];

static PyObject *
dtype_repr (PyObject *self)
{
  return PyUnicode_FromFormat ("torch.%s", eng_dtype_name (((ScriptDtype *) self)->dtype));
}

static PyObject *
get_is_floating_point (PyObject *self, void *closure)
{
  return PyBool_FromLong (eng_dtype_category (((ScriptDtype *) self)->dtype) == ENG_CATEGORY_FLOATING);
}

static PyObject *
get_is_complex (PyObject *self, void *closure)
{
  Py_RETURN_FALSE;
}

static PyObject *
get_is_signed (PyObject *self, void *closure)
{
  EngDtype dtype = ((ScriptDtype *) self)->dtype;
  return PyBool_FromLong (dtype != ENG_BOOL && dtype != ENG_UINT8);
}

static PyObject *
get_itemsize (PyObject *self, void *closure)
{
  return PyLong_FromSize_t (eng_dtype_size (((ScriptDtype *) self)->dtype));
}

static PyObject *
dtype_reduce (PyObject *self, PyObject *ignored)
{
  return PyUnicode_FromString (eng_dtype_name (((ScriptDtype *) self)->dtype));
}

static PyGetSetDef getset[] = {
  { "is_floating_point", get_is_floating_point },
  { "is_complex", get_is_complex },
  { "is_signed", get_is_signed },
  { "itemsize", get_itemsize },
  { NULL },
};

static PyMethodDef methods[] = {
  { "__reduce__", dtype_reduce, METH_NOARGS, NULL },
  { NULL },
};

PyTypeObject script_dtype_type = {
  PyVarObject_HEAD_INIT (NULL, 0)
  .tp_name = "torch.dtype",
  .tp_basicsize = sizeof (ScriptDtype),
  .tp_flags = Py_TPFLAGS_DEFAULT,
  .tp_repr = dtype_repr,
  .tp_getset = getset,
  .tp_methods = methods,
};

gboolean
script_dtype_type_ready (void)
{
  if (PyType_Ready (&script_dtype_type) < 0)
    return FALSE;
  for (guint i = 0; i < ENG_N_DTYPES; i++)
    {
      PyObject_Init ((PyObject *) &objects[i], &script_dtype_type);
      objects[i].dtype = (EngDtype) i;
    }
  return TRUE;
}

PyObject *
script_dtype_object (EngDtype dtype)
{
  return (PyObject *) &objects[dtype];
}

gboolean
script_dtype_from_python (PyObject *object, EngDtype *dtype)
{
  if (Py_IS_TYPE (object, &script_dtype_type))
    *dtype = ((ScriptDtype *) object)->dtype;
  else if (object == (PyObject *) &PyFloat_Type)
    *dtype = ENG_FLOAT64;
  else if (object == (PyObject *) &PyLong_Type)
    *dtype = ENG_INT64;
  else if (object == (PyObject *) &PyBool_Type)
    *dtype = ENG_BOOL;
  else
    return FALSE;
  return TRUE;
}

const char *
script_dtype_tensor_type_name (EngDtype dtype)
{
  static const char *const names[ENG_N_DTYPES] = {
    [ENG_BOOL] = "torch.BoolTensor",     [ENG_UINT8] = "torch.ByteTensor",  [ENG_INT8] = "torch.CharTensor",
    [ENG_INT16] = "torch.ShortTensor",   [ENG_INT32] = "torch.IntTensor",   [ENG_INT64] = "torch.LongTensor",
    [ENG_FLOAT32] = "torch.FloatTensor", [ENG_FLOAT64] = "torch.DoubleTensor",
  };
  return names[dtype];
}

gboolean
script_dtype_add_to (PyObject *module)
{
  static const struct { const char *name; EngDtype dtype; } aliases[] = {
    { "float", ENG_FLOAT32 }, { "double", ENG_FLOAT64 }, { "long", ENG_INT64 },
    { "int", ENG_INT32 },     { "short", ENG_INT16 },
  };
  for (guint i = 0; i < ENG_N_DTYPES; i++)
    if (PyModule_AddObjectRef (module, eng_dtype_name ((EngDtype) i), script_dtype_object ((EngDtype) i)) < 0)
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (PyModule_AddObjectRef (module, aliases[i].name, script_dtype_object (aliases[i].dtype)) < 0)
      return FALSE;
  return PyModule_AddObjectRef (module, "dtype", (PyObject *) &script_dtype_type) == 0;
}
