/* SPDX-License-Identifier: MIT
 *
 * Builds torch's C module: types, dtypes, hand-written functions, then every
 * operation of the table under its name. */
#include "torch-module.h"

#include "autograd-functions.h"
#include "device-object.h"
#include "dtype-object.h"
#include "errors.h"
#include "generator-object.h"
#include "grad-fn-object.h"
#include "operation.h"
#include "size-object.h"
#include "tensor-data.h"
#include "tensor-object.h"

static PyObject *
function_is_tensor (PyObject *module, PyObject *object)
{
  return PyBool_FromLong (script_tensor_check (object));
}

static PyObject *
function_set_default_dtype (PyObject *module, PyObject *object)
{
  EngDtype dtype;
  if (!script_dtype_from_python (object, &dtype))
    return PyErr_Format (PyExc_TypeError, "invalid dtype object: got %s", Py_TYPE (object)->tp_name);
  if (eng_dtype_category (dtype) != ENG_CATEGORY_FLOATING)
    {
      PyErr_SetString (PyExc_TypeError, "only floating-point types are supported as the default type");
      return NULL;
    }
  eng_set_default_dtype (dtype);
  Py_RETURN_NONE;
}

static PyObject *
function_get_default_dtype (PyObject *module, PyObject *ignored)
{
  return Py_NewRef (script_dtype_object (eng_get_default_dtype ()));
}

/* Print options as a tuple, and back: set_printoptions is in torch/__init__.py. */
static PyObject *
function_get_print_options (PyObject *module, PyObject *ignored)
{
  const EngPrintOptions *options = eng_print_options ();
  return Py_BuildValue ("(iLiii)", options->precision, (long long) options->threshold, options->edgeitems,
                        options->linewidth, options->sci_mode);
}

static PyObject *
function_set_print_options (PyObject *module, PyObject *args)
{
  EngPrintOptions options;
  long long threshold;

  if (!PyArg_ParseTuple (args, "iLiii", &options.precision, &threshold, &options.edgeitems, &options.linewidth,
                         &options.sci_mode))
    return NULL;
  options.threshold = threshold;
  options.precision = CLAMP (options.precision, 0, 30);
  options.edgeitems = MAX (options.edgeitems, 0);
  options.linewidth = MAX (options.linewidth, 1);
  *eng_print_options () = options;
  Py_RETURN_NONE;
}

/* A Tensor subclass's object over the values of a tensor: Parameter (data). */
static PyObject *
function_make_subclass (PyObject *module, PyObject *args)
{
  PyTypeObject *type;
  PyObject *data;
  int requires_grad;
  GError *error = NULL;

  if (!PyArg_ParseTuple (args, "O!O!p:_make_subclass", &PyType_Type, &type, &script_tensor_type, &data, &requires_grad))
    return NULL;
  if (!PyType_IsSubtype (type, &script_tensor_type))
    return PyErr_Format (PyExc_TypeError, "%s is no subclass of Tensor", type->tp_name);
  EngTensor *tensor = eng_tensor_detach (script_tensor_get (data));
  if (requires_grad && !eng_tensor_set_requires_grad (tensor, TRUE, &error))
    {
      eng_tensor_unref (tensor);
      return script_raise (error);
    }
  return script_tensor_new_of_type (type, tensor);
}

static PyMethodDef functions[] = {
  { "is_tensor", function_is_tensor, METH_O, NULL },
  { "set_default_dtype", function_set_default_dtype, METH_O, NULL },
  { "get_default_dtype", function_get_default_dtype, METH_NOARGS, NULL },
  { "_get_print_options", function_get_print_options, METH_NOARGS, NULL },
  { "_set_print_options", function_set_print_options, METH_VARARGS, NULL },
  { "_make_subclass", function_make_subclass, METH_VARARGS, NULL },
  { NULL },
};

static struct PyModuleDef definition = {
  PyModuleDef_HEAD_INIT,
  .m_name = "torch._C",
  .m_doc = "Tapedeck's engine as PyTorch's torch.",
  .m_size = -1,
};

static gboolean
types_ready (void)
{
  return script_dtype_type_ready () && script_device_type_ready () && script_size_type_ready () &&
         script_generator_type_ready () && script_grad_fn_type_ready () && script_tensor_type_ready () &&
         script_operations_add_methods (&script_tensor_type);
}

static gboolean
fill (PyObject *module)
{
  const struct { const char *name; PyTypeObject *type; } types[] = {
    { "Tensor", &script_tensor_type },
    { "Size", &script_size_type },
    { "device", &script_device_type },
    { "Generator", &script_generator_type },
  };
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (PyModule_AddObjectRef (module, types[i].name, (PyObject *) types[i].type) < 0)
      return FALSE;
  PyMethodDef *const tables[] = { functions, script_tensor_data_functions, script_generator_functions,
                                  script_autograd_functions };
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    if (PyModule_AddFunctions (module, tables[i]) < 0)
      return FALSE;
  PyObject *nn = PyModule_New ("torch._C._nn");
  if (nn == NULL || PyModule_AddObject (module, "_nn", nn) < 0)
    {
      Py_XDECREF (nn);
      return FALSE;
    }
  return PyModule_AddObject (module, "default_generator", script_generator_default ()) == 0 &&
         script_dtype_add_to (module) && script_operations_add_functions (module, nn);
}

PyObject *
script_torch_module_init (void)
{
  if (!types_ready ())
    return NULL;
  PyObject *module = PyModule_Create (&definition);
  if (module != NULL && !fill (module))
    Py_CLEAR (module);
  return module;
}
