/* SPDX-License-Identifier: MIT
 *
 * name (), next_functions, variable and _saved_*: what PyTorch's nodes show. The
 * class of each name is made when first met. */
#include "grad-fn-object.h"

#include "errors.h"
#include "gil.h"
#include "tensor-object.h"

typedef struct
{
  PyObject_HEAD
  EngGradFn *grad_fn;
} ScriptGradFn;

static GHashTable *classes;            /* name → PyTypeObject */
static GHashTable *objects;            /* EngGradFn* → ScriptGradFn*, borrowed */

static void
grad_fn_dealloc (PyObject *object)
{
  ScriptGradFn *self = (ScriptGradFn *) object;
  PyTypeObject *type = Py_TYPE (object);

  script_gil_guard ();
  g_hash_table_remove (objects, self->grad_fn);
  eng_grad_fn_unref (self->grad_fn);
  type->tp_free (object);
  Py_DECREF (type);
}

static EngGradFn *
grad_fn_of (PyObject *object)
{
  script_gil_guard ();
  return ((ScriptGradFn *) object)->grad_fn;
}

static PyObject *
method_name (PyObject *self, PyObject *ignored)
{
  return PyUnicode_FromString (eng_grad_fn_get_name (grad_fn_of (self)));
}

static PyObject *
get_next_functions (PyObject *self, void *closure)
{
  EngGradFn *grad_fn = grad_fn_of (self);
  guint n = eng_grad_fn_get_n_next (grad_fn);
  PyObject *tuple = PyTuple_New (n);

  for (guint k = 0; tuple != NULL && k < n; k++)
    {
      guint input_nr = 0;
      EngGradFn *next = eng_grad_fn_get_next (grad_fn, k, &input_nr);
      PyObject *object = next != NULL ? script_grad_fn_wrap (eng_grad_fn_ref (next)) : Py_NewRef (Py_None);
      PyObject *pair = object != NULL ? Py_BuildValue ("(NI)", object, next != NULL ? input_nr : 0) : NULL;
      if (pair == NULL)
        Py_CLEAR (tuple);
      else
        PyTuple_SET_ITEM (tuple, k, pair);
    }
  return tuple;
}

static PyObject *
get_metadata (PyObject *self, void *closure)
{
  return PyDict_New ();
}

static PyObject *
saved (EngGradFn *grad_fn, guint slot)
{
  GError *error = NULL;
  EngTensor *tensor = eng_grad_fn_dup_saved (grad_fn, slot, &error);
  return tensor != NULL ? script_tensor_wrap (tensor) : error != NULL ? script_raise (error) : Py_NewRef (Py_None);
}

/* _saved_self, _saved_other, _saved_result: the card says which inputs and outputs
 * are kept, in the order of the saved list. */
static PyObject *
lookup_saved (EngGradFn *grad_fn, const char *name)
{
  const EngOp *op = eng_grad_fn_get_op (grad_fn);
  if (op == NULL)
    return NULL;
  const EngSignature *signature = eng_op_get_signature (op);

  for (guint slot = 0; slot < G_N_ELEMENTS (op->saves) && op->saves[slot].what != 0; slot++)
    {
      int what = op->saves[slot].what;
      if (what < 0 && g_str_equal (name, "result"))
        return saved (grad_fn, slot);
      for (guint k = 0, input = 0; what > 0 && k < signature->n_params; k++)
        if (signature->params[k].type == ENG_PARAM_TENSOR && (int) ++input == what &&
            g_str_equal (name, signature->params[k].name))
          return saved (grad_fn, slot);
    }
  return NULL;
}

static PyObject *
grad_fn_getattro (PyObject *self, PyObject *name)
{
  EngGradFn *grad_fn = grad_fn_of (self);
  const char *text = PyUnicode_AsUTF8 (name);

  if (text != NULL && g_str_has_prefix (text, "_saved_"))
    {
      PyObject *value = lookup_saved (grad_fn, text + strlen ("_saved_"));
      if (value != NULL || PyErr_Occurred ())
        return value;
    }
  if (text != NULL && g_str_equal (text, "variable") && eng_grad_fn_get_variable (grad_fn) != NULL)
    return script_tensor_wrap (eng_tensor_ref (eng_grad_fn_get_variable (grad_fn)));
  return PyObject_GenericGetAttr (self, name);
}

static PyObject *
grad_fn_repr (PyObject *self)
{
  return PyUnicode_FromFormat ("<%s object at %p>", eng_grad_fn_get_name (grad_fn_of (self)), self);
}

static PyMethodDef methods[] = {
  { "name", method_name, METH_NOARGS, NULL },
  { NULL },
};

static PyGetSetDef getset[] = {
  { "next_functions", get_next_functions },
  { "metadata", get_metadata },
  { NULL },
};

static PyTypeObject *
class_for (const char *name)
{
  PyTypeObject *type = g_hash_table_lookup (classes, name);
  if (type != NULL)
    return type;
  PyType_Slot slots[] = {
    { Py_tp_dealloc, grad_fn_dealloc },
    { Py_tp_repr, grad_fn_repr },
    { Py_tp_getattro, grad_fn_getattro },
    { Py_tp_methods, methods },
    { Py_tp_getset, getset },
    { 0, NULL },
  };
  g_autofree char *full_name = g_strconcat ("torch.autograd.", name, NULL);
  PyType_Spec spec = {
    .name = g_intern_string (full_name),
    .basicsize = sizeof (ScriptGradFn),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = slots,
  };
  type = (PyTypeObject *) PyType_FromSpec (&spec);
  if (type != NULL)
    g_hash_table_insert (classes, (gpointer) g_intern_string (name), type);
  return type;
}

gboolean
script_grad_fn_type_ready (void)
{
  if (classes == NULL)
    {
      classes = g_hash_table_new (g_str_hash, g_str_equal);
      objects = g_hash_table_new (NULL, NULL);
    }
  return TRUE;
}

PyObject *
script_grad_fn_wrap (EngGradFn *grad_fn)
{
  ScriptGradFn *self = g_hash_table_lookup (objects, grad_fn);
  if (self != NULL)
    {
      eng_grad_fn_unref (grad_fn);
      return Py_NewRef ((PyObject *) self);
    }
  PyTypeObject *type = class_for (eng_grad_fn_get_name (grad_fn));
  self = type != NULL ? PyObject_New (ScriptGradFn, type) : NULL;
  if (self == NULL)
    {
      eng_grad_fn_unref (grad_fn);
      return NULL;
    }
  self->grad_fn = grad_fn;
  g_hash_table_insert (objects, grad_fn, self);
  return (PyObject *) self;
}
