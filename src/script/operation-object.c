/* SPDX-License-Identifier: MIT
 *
 * The callables: one object per Tensor method and per torch function, called by
 * CPython's vectorcall, so that a call costs no tuple and no lookup. Methods are
 * descriptors that CPython calls without making a bound method. */
#include "operation.h"

typedef struct
{
  PyObject_HEAD
  vectorcallfunc vectorcall;
  ScriptOperation operation;           /* only the overloads this callable offers */
  const char *python_name;             /* "add_" */
  gboolean in_place;
  gboolean method;
} ScriptCallable;

static PyTypeObject function_type, method_type;

static PyObject *
callable_vectorcall (PyObject *object, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
  ScriptCallable *self = (ScriptCallable *) object;
  ScriptCallArgs call = { args, PyVectorcall_NARGS (nargsf), kwnames, self->method };

  return self->in_place ? script_operation_call_inplace (&self->operation, &call, NULL)
                        : script_operation_call (&self->operation, &call, NULL);
}

static PyObject *
function_repr (PyObject *object)
{
  return PyUnicode_FromFormat ("<built-in method %s of type object>", ((ScriptCallable *) object)->python_name);
}

static PyObject *
method_repr (PyObject *object)
{
  return PyUnicode_FromFormat ("<method '%s' of 'torch._C._TensorBase' objects>",
                               ((ScriptCallable *) object)->python_name);
}

static PyObject *
method_bind (PyObject *self, PyObject *instance, PyObject *owner)
{
  if (instance == NULL || instance == Py_None)
    return Py_NewRef (self);
  return PyMethod_New (self, instance);
}

static PyObject *
get_name (PyObject *self, void *closure)
{
  return PyUnicode_FromString (((ScriptCallable *) self)->python_name);
}

/* The signatures, one a line: what help () and an editor show. */
static PyObject *
get_doc (PyObject *object, void *closure)
{
  ScriptOperation *operation = &((ScriptCallable *) object)->operation;
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < operation->n; i++)
    {
      const ScriptOverload *overload = &operation->overloads[i];
      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                              overload->op != NULL ? overload->op->signature : overload->composite->signature);
    }
  return PyUnicode_FromString (text->str);
}

static PyGetSetDef getset[] = {
  { "__name__", get_name },
  { "__qualname__", get_name },
  { "__doc__", get_doc },
  { NULL },
};

static PyTypeObject function_type = {
  PyVarObject_HEAD_INIT (NULL, 0)
  .tp_name = "builtin_function_or_method",
  .tp_basicsize = sizeof (ScriptCallable),
  .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL,
  .tp_vectorcall_offset = offsetof (ScriptCallable, vectorcall),
  .tp_call = PyVectorcall_Call,
  .tp_repr = function_repr,
  .tp_getset = getset,
};

static PyTypeObject method_type = {
  PyVarObject_HEAD_INIT (NULL, 0)
  .tp_name = "method_descriptor",
  .tp_basicsize = sizeof (ScriptCallable),
  .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR,
  .tp_vectorcall_offset = offsetof (ScriptCallable, vectorcall),
  .tp_call = PyVectorcall_Call,
  .tp_repr = method_repr,
  .tp_descr_get = method_bind,
  .tp_getset = getset,
};

/* A callable for the overloads that bear all of `flags`; NULL when there are none. */
static PyObject *
callable_new (const ScriptOperation *operation, guint flags, gboolean method, gboolean in_place)
{
  guint n = 0;
  ScriptOverload *overloads = g_new0 (ScriptOverload, operation->n);

  for (guint i = 0; i < operation->n; i++)
    if ((operation->overloads[i].flags & flags) == flags)
      overloads[n++] = operation->overloads[i];
  if (n == 0)
    {
      g_free (overloads);
      return NULL;
    }
  ScriptCallable *self = PyObject_New (ScriptCallable, method ? &method_type : &function_type);
  if (self == NULL)
    return NULL;
  self->vectorcall = callable_vectorcall;
  self->operation = (ScriptOperation) { operation->name, n, overloads };
  self->python_name = in_place ? g_intern_string (g_strdup_printf ("%s_", operation->name)) : operation->name;
  self->in_place = in_place;
  self->method = method;
  return (PyObject *) self;
}

/* Names in registry order, so that building the module is the same every time. */
static gboolean
for_each_name (gboolean (*add) (const ScriptOperation *operation, gpointer data), gpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_ops = 0, n_composites = 0;
  const EngOp *const *ops = eng_op_list (&n_ops);
  const EngComposite *const *composites = eng_composite_list (&n_composites);

  for (guint i = 0; i < n_ops + n_composites; i++)
    {
      const EngSignature *signature
          = i < n_ops ? eng_op_get_signature (ops[i]) : eng_composite_get_signature (composites[i - n_ops]);
      const ScriptOperation *operation = script_operation_lookup (signature->name);
      if (operation != NULL && g_hash_table_add (seen, signature->name) && !add (operation, data))
        return FALSE;
    }
  return TRUE;
}

/* Adds the callable under its name unless something hand-written has it already. */
static gboolean
put (PyObject *dict, PyObject *callable)
{
  if (callable == NULL)
    return !PyErr_Occurred ();
  const char *name = ((ScriptCallable *) callable)->python_name;
  int failed = PyDict_GetItemString (dict, name) == NULL ? PyDict_SetItemString (dict, name, callable) : 0;
  Py_DECREF (callable);
  return failed == 0;
}

static gboolean
add_nn_function (const ScriptOperation *operation, gpointer dict)
{
  return put (dict, callable_new (operation, ENG_OP_NN, FALSE, FALSE))
         && put (dict, callable_new (operation, ENG_OP_NN | ENG_OP_INPLACE_TWIN, FALSE, TRUE));
}

static gboolean
add_function (const ScriptOperation *operation, gpointer dict)
{
  return put (dict, callable_new (operation, ENG_OP_FUNCTION, FALSE, FALSE)) &&
         put (dict, callable_new (operation, ENG_OP_FUNCTION | ENG_OP_INPLACE_TWIN, FALSE, TRUE));
}

static gboolean
add_method (const ScriptOperation *operation, gpointer dict)
{
  return put (dict, callable_new (operation, ENG_OP_TENSOR_METHOD, TRUE, FALSE)) &&
         put (dict, callable_new (operation, ENG_OP_TENSOR_METHOD | ENG_OP_INPLACE_TWIN, TRUE, TRUE));
}

gboolean
script_operations_add_functions (PyObject *module, PyObject *nn)
{
  return PyType_Ready (&function_type) == 0 && for_each_name (add_function, PyModule_GetDict (module))
         && for_each_name (add_nn_function, PyModule_GetDict (nn));
}

gboolean
script_operations_add_methods (PyTypeObject *type)
{
  if (PyType_Ready (&method_type) < 0 || !for_each_name (add_method, type->tp_dict))
    return FALSE;
  PyType_Modified (type);
  return TRUE;
}
