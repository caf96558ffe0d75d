/* SPDX-License-Identifier: MIT
 *
 * backward, grad and hooks. Roots and gradients are gathered from Python into
 * arrays, then the engine runs; a hook that raises stops it, and its exception
 * comes out of the call that started backward. */
#include "autograd-functions.h"

#include "errors.h"
#include "probe.h"
#include "tensor-object.h"
#include "engine/ops/ops.h"

/* Borrowed tensors of a tensor or a sequence of tensors and None. */
typedef struct
{
  PyObject *sequence;    /* owned */
  EngTensor **items;
  guint n;
} Gathered;

static void
gathered_clear (Gathered *gathered)
{
  g_clear_pointer (&gathered->items, g_free);
  Py_CLEAR (gathered->sequence);
}

static gboolean
gather (PyObject *object, gboolean allow_none, const char *what, Gathered *gathered)
{
  gathered->sequence = script_tensor_check (object) ? PyTuple_Pack (1, object)
                                                    : PySequence_Tuple (object);
  if (gathered->sequence == NULL)
    return FALSE;
  gathered->n = (guint) PyTuple_GET_SIZE (gathered->sequence);
  gathered->items = g_new0 (EngTensor *, gathered->n + 1);
  for (guint i = 0; i < gathered->n; i++)
    {
      PyObject *item = PyTuple_GET_ITEM (gathered->sequence, i);
      if (script_tensor_check (item))
        gathered->items[i] = script_tensor_get (item);
      else if (item != Py_None || !allow_none)
        {
          PyErr_Format (PyExc_TypeError, "%s can be either Tensors or None, but got %s", what,
                        Py_TYPE (item)->tp_name);
          gathered_clear (gathered);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
check_not_empty (const Gathered *gathered, PyObject *kind, const char *text)
{
  if (gathered->n == 0)
    PyErr_SetString (kind, text);
  return gathered->n > 0;
}

/* Gradients for n roots; NULL and None mean one for every root. */
static gboolean
gather_grads (PyObject *object, guint n, Gathered *gathered)
{
  if (object == NULL || object == Py_None)
    {
      gathered->items = g_new0 (EngTensor *, n + 1);
      gathered->n = n;
      return TRUE;
    }
  if (!gather (object, TRUE, "gradients", gathered))
    return FALSE;
  if (gathered->n == n)
    return TRUE;
  PyErr_Format (PyExc_RuntimeError, "got %u tensors and %u gradients", n, gathered->n);
  gathered_clear (gathered);
  return FALSE;
}

/* 0 or 1; −1 with an exception. */
static int
truth (PyObject *object, int fallback)
{
  return object == NULL || object == Py_None ? fallback : PyObject_IsTrue (object);
}

/* Takes out what stands twice: each gets its gradient once. */
static void
gathered_make_unique (Gathered *gathered)
{
  guint n = 0;
  for (guint i = 0; i < gathered->n; i++)
    {
      guint k = 0;
      while (k < n && gathered->items[k] != gathered->items[i])
        k++;
      if (k == n)
        gathered->items[n++] = gathered->items[i];
    }
  gathered->n = n;
}

/* fresh becomes .grad, or is added to it: in place (others may hold that tensor), under
 * create_graph out of place, so that the sum has a history. */
static gboolean
accumulate (EngTensor *tensor, EngTensor *fresh, gboolean create, GError **error)
{
  EngTensor *old = eng_tensor_get_grad (tensor);
  gboolean before = eng_grad_mode_set (create);
  g_autoptr (EngTensor) sum = old == NULL ? eng_clone (fresh, error)
                              : create    ? eng_add (old, fresh, error)
                                          : eng_add_ (old, fresh, 1.0, error);
  eng_grad_mode_set (before);
  return sum != NULL && eng_tensor_set_grad (tensor, sum, error);
}

/* Accumulates into .grad of `inputs` only. */
static gboolean
backward_into (const Gathered *roots, const Gathered *grads, const Gathered *inputs, gboolean retain, gboolean create,
               GError **error)
{
  g_autofree EngTensor **results = g_new0 (EngTensor *, inputs->n + 1);
  gboolean done = eng_grad (roots->items, grads->items, roots->n, inputs->items, inputs->n, results, retain, create,
                            TRUE, error);

  for (guint i = 0; i < inputs->n; i++)
    {
      g_autoptr (EngTensor) fresh = results[i];
      if (fresh != NULL && done)
        done = accumulate (inputs->items[i], fresh, create, error);
    }
  return done;
}

static PyObject *
run_backward (PyObject *roots_object, PyObject *grads_object, PyObject *retain_object, gboolean create,
              PyObject *inputs_object)
{
  Gathered roots = { NULL }, grads = { NULL }, inputs = { NULL };
  GError *error = NULL;
  gboolean done = FALSE;

  if (gather (roots_object, FALSE, "tensors", &roots) && gather_grads (grads_object, roots.n, &grads)
      && (inputs_object == NULL || inputs_object == Py_None
          || (gather (inputs_object, FALSE, "inputs", &inputs)
              && check_not_empty (&inputs, PyExc_RuntimeError,
                                  "'inputs' argument to backward() cannot be empty."))))
    {
      int retain = truth (retain_object, create);
      script_probe_touch ();
      gathered_make_unique (&inputs);
      done = retain >= 0
             && (inputs.sequence != NULL
                     ? backward_into (&roots, &grads, &inputs, retain, create, &error)
                     : eng_backward (roots.items, grads.items, roots.n, retain, create, &error));
      if (!done && retain >= 0)
        script_raise (error);
    }
  gathered_clear (&roots);
  gathered_clear (&grads);
  gathered_clear (&inputs);
  return done ? Py_NewRef (Py_None) : NULL;
}

PyObject *
script_tensor_backward (PyObject *self, PyObject *args, PyObject *kwargs)
{
  static char *keywords[] = { "gradient", "retain_graph", "create_graph", "inputs", NULL };
  PyObject *gradient = NULL, *retain = NULL, *inputs = NULL;
  int create = 0;

  if (!PyArg_ParseTupleAndKeywords (args, kwargs, "|OOpO:backward", keywords, &gradient, &retain, &create, &inputs))
    return NULL;
  return run_backward (self, gradient, retain, create, inputs);
}

/* torch.autograd.backward */
static PyObject *
function_backward (PyObject *module, PyObject *args, PyObject *kwargs)
{
  static char *keywords[] = { "tensors", "grad_tensors", "retain_graph", "create_graph", "inputs", NULL };
  PyObject *tensors, *grads = NULL, *retain = NULL, *inputs = NULL;
  int create = 0;

  if (!PyArg_ParseTupleAndKeywords (args, kwargs, "O|OOpO:backward", keywords, &tensors, &grads, &retain, &create,
                                    &inputs))
    return NULL;
  return run_backward (tensors, grads, retain, create, inputs);
}

static PyObject *
results_tuple (EngTensor **results, guint n)
{
  PyObject *tuple = PyTuple_New (n);
  for (guint i = 0; i < n; i++)
    {
      PyObject *item = script_tensor_wrap_or_none (results[i]);
      if (tuple != NULL && item != NULL)
        PyTuple_SET_ITEM (tuple, i, item);
      else
        {
          Py_CLEAR (tuple);
          Py_XDECREF (item);
        }
    }
  return tuple;
}

/* torch.autograd.grad */
static PyObject *
function_grad (PyObject *module, PyObject *args, PyObject *kwargs)
{
  static char *keywords[] = { "outputs", "inputs", "grad_outputs", "retain_graph", "create_graph", "only_inputs",
                              "allow_unused", NULL };
  PyObject *outputs, *inputs_object, *grads_object = NULL, *retain = NULL, *unused = NULL, *result = NULL;
  int create = 0, only_inputs = 1;
  Gathered roots = { NULL }, grads = { NULL }, inputs = { NULL };
  GError *error = NULL;

  if (!PyArg_ParseTupleAndKeywords (args, kwargs, "OO|OOppO:grad", keywords, &outputs, &inputs_object, &grads_object,
                                    &retain, &create, &only_inputs, &unused))
    return NULL;
  if (gather (outputs, FALSE, "outputs", &roots) && gather_grads (grads_object, roots.n, &grads)
      && gather (inputs_object, FALSE, "inputs", &inputs)
      && check_not_empty (&inputs, PyExc_ValueError, "grad requires non-empty inputs."))
    {
      g_autofree EngTensor **results = g_new0 (EngTensor *, inputs.n + 1);
      int keeps = truth (retain, create), allows = keeps >= 0 ? truth (unused, FALSE) : -1;
      script_probe_touch ();
      if (allows >= 0
          && eng_grad (roots.items, grads.items, roots.n, inputs.items, inputs.n, results, keeps, create,
                       allows, &error))
        result = results_tuple (results, inputs.n);
      else if (allows >= 0)
        script_raise (error);
    }
  gathered_clear (&roots);
  gathered_clear (&grads);
  gathered_clear (&inputs);
  return result;
}

/* Hooks: a Python callable between the engine and a gradient. */

static EngTensor *
call_hook (EngTensor *grad, gpointer data, GError **error)
{
  PyObject *argument = script_tensor_wrap (eng_tensor_ref (grad));
  PyObject *result = argument != NULL ? PyObject_CallOneArg (data, argument) : NULL;
  EngTensor *replacement = NULL;

  Py_XDECREF (argument);
  if (result != NULL && result != Py_None && !script_tensor_check (result))
    {
      PyErr_Format (PyExc_TypeError, "expected Variable, but hook returned '%s'", Py_TYPE (result)->tp_name);
      Py_CLEAR (result);
    }
  if (result == NULL)
    script_error_from_python (error);
  else if (result != Py_None)
    replacement = eng_tensor_ref (script_tensor_get (result));
  Py_XDECREF (result);
  return replacement;
}

static void
forget_callable (gpointer data)
{
  if (!Py_IsInitialized ())
    return;
  PyGILState_STATE state = PyGILState_Ensure ();
  Py_DECREF ((PyObject *) data);
  PyGILState_Release (state);
}

static PyObject *
add_hook (PyObject *self, PyObject *callable)
{
  EngTensor *tensor = script_tensor_get (self);
  GError *error = NULL;

  if (!eng_tensor_get_requires_grad (tensor))
    {
      PyErr_SetString (PyExc_RuntimeError, "cannot register a hook on a tensor that doesn't require gradient");
      return NULL;
    }
  guint64 id = eng_tensor_add_hook (tensor, call_hook, Py_NewRef (callable), forget_callable, &error);
  if (error != NULL)
    return script_raise (error);
  return PyLong_FromUnsignedLongLong (id);
}

/* register_hook (callable) → torch.utils.hooks.RemovableHandle */
PyObject *
script_tensor_register_hook (PyObject *self, PyObject *callable)
{
  PyObject *hooks = PyImport_ImportModule ("torch.utils.hooks");
  PyObject *id = hooks != NULL ? add_hook (self, callable) : NULL;
  PyObject *handle = id != NULL ? PyObject_CallMethod (hooks, "RemovableHandle", "OO", self, id) : NULL;
  Py_XDECREF (id);
  Py_XDECREF (hooks);
  return handle;
}

PyObject *
script_tensor_remove_hook (PyObject *self, PyObject *id)
{
  guint64 number = PyLong_AsUnsignedLongLong (id);
  if (PyErr_Occurred ())
    return NULL;
  eng_hook_remove (number);
  Py_RETURN_NONE;
}

static PyObject *
function_set_grad_mode (PyObject *module, PyObject *enabled)
{
  int value = PyObject_IsTrue (enabled);
  if (value < 0)
    return NULL;
  script_probe_touch ();
  return PyBool_FromLong (eng_grad_mode_set (value));
}

static PyObject *
function_is_grad_enabled (PyObject *module, PyObject *ignored)
{
  return PyBool_FromLong (eng_grad_mode_get ());
}

PyMethodDef script_autograd_functions[] = {
  { "_backward", (PyCFunction) (void (*) (void)) function_backward, METH_VARARGS | METH_KEYWORDS, NULL },
  { "_grad", (PyCFunction) (void (*) (void)) function_grad, METH_VARARGS | METH_KEYWORDS, NULL },
  { "_set_grad_mode", function_set_grad_mode, METH_O, "Sets the grad mode; returns the old one." },
  { "is_grad_enabled", function_is_grad_enabled, METH_NOARGS, NULL },
  { NULL },
};
