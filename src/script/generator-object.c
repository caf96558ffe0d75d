/* SPDX-License-Identifier: MIT
 *
 * torch.Generator and the functions of the default generator. Seeds are taken as
 * PyTorch takes them: any 64-bit number, negative ones wrapped. */
#include "generator-object.h"

#include "errors.h"
#include "probe.h"
#include "tensor-object.h"

typedef struct
{
  PyObject_HEAD
  EngGenerator *generator;
} ScriptGenerator;

static PyObject *
wrap (EngGenerator *generator)
{
  ScriptGenerator *self = PyObject_New (ScriptGenerator, &script_generator_type);
  if (self == NULL)
    {
      eng_generator_unref (generator);
      return NULL;
    }
  self->generator = generator;
  return (PyObject *) self;
}

static PyObject *
generator_construct (PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
  static char *keywords[] = { "device", NULL };
  PyObject *device = NULL;
  if (!PyArg_ParseTupleAndKeywords (args, kwargs, "|O:Generator", keywords, &device))
    return NULL;
  return wrap (eng_generator_new ());
}

static void
generator_dealloc (PyObject *self)
{
  script_gil_guard ();
  eng_generator_unref (((ScriptGenerator *) self)->generator);
  Py_TYPE (self)->tp_free (self);
}

static gboolean
seed_from_python (PyObject *object, guint64 *seed)
{
  PyObject *number = PyNumber_Long (object);
  if (number == NULL)
    return FALSE;
  int overflow = 0;
  long long value = PyLong_AsLongLongAndOverflow (number, &overflow);
  *seed = overflow == 0 ? (guint64) value : PyLong_AsUnsignedLongLong (number);
  Py_DECREF (number);
  if (overflow == 0 || !PyErr_Occurred ())
    return TRUE;
  PyErr_Clear ();
  PyErr_SetString (PyExc_RuntimeError, "Overflow when unpacking long");
  return FALSE;
}

static gboolean
seed_generator (EngGenerator *generator, PyObject *object)
{
  guint64 seed;
  if (!seed_from_python (object, &seed))
    return FALSE;
  script_probe_touch ();
  eng_generator_seed (generator, seed);
  return TRUE;
}

static guint64
seed_randomly (EngGenerator *generator)
{
  guint64 seed = ((guint64) g_random_int () << 32 | g_random_int ()) & G_GUINT64_CONSTANT (0x1fffffffffffff);
  script_probe_touch ();
  eng_generator_seed (generator, seed);
  return seed;
}

/* The state as a uint8 tensor, as PyTorch hands it out. */
static PyObject *
save_state (EngGenerator *generator)
{
  g_autoptr (GBytes) state = eng_generator_save (generator);
  gsize n = 0;
  gconstpointer bytes = g_bytes_get_data (state, &n);
  gint64 size = (gint64) n;
  GError *error = NULL;
  EngTensor *tensor = eng_tensor_new (ENG_UINT8, 1, &size, &error);
  if (tensor == NULL)
    return script_raise (error);
  memcpy (eng_tensor_get_data (tensor), bytes, n);
  return script_tensor_wrap (tensor);
}

static PyObject *
load_state (EngGenerator *generator, PyObject *object)
{
  GError *error = NULL;
  if (!script_tensor_check (object) || eng_tensor_get_dtype (script_tensor_get (object)) != ENG_UINT8 ||
      !eng_tensor_is_contiguous (script_tensor_get (object)))
    return PyErr_Format (PyExc_TypeError, "expected a torch.ByteTensor, but got %s", Py_TYPE (object)->tp_name);
  EngTensor *tensor = script_tensor_get (object);
  g_autoptr (GBytes) state = g_bytes_new (eng_tensor_get_data (tensor), (gsize) eng_tensor_get_numel (tensor));
  if (!eng_generator_load (generator, state, &error))
    return script_raise (error);
  Py_RETURN_NONE;
}

static PyObject *
method_manual_seed (PyObject *self, PyObject *seed)
{
  return seed_generator (((ScriptGenerator *) self)->generator, seed) ? Py_NewRef (self) : NULL;
}

static PyObject *
method_seed (PyObject *self, PyObject *ignored)
{
  return PyLong_FromUnsignedLongLong (seed_randomly (((ScriptGenerator *) self)->generator));
}

static PyObject *
method_initial_seed (PyObject *self, PyObject *ignored)
{
  return PyLong_FromUnsignedLongLong (eng_generator_get_seed (((ScriptGenerator *) self)->generator));
}

static PyObject *
method_get_state (PyObject *self, PyObject *ignored)
{
  return save_state (((ScriptGenerator *) self)->generator);
}

static PyObject *
method_set_state (PyObject *self, PyObject *state)
{
  PyObject *done = load_state (((ScriptGenerator *) self)->generator, state);
  Py_XDECREF (done);
  return done != NULL ? Py_NewRef (self) : NULL;
}

static PyMethodDef methods[] = {
  { "manual_seed", method_manual_seed, METH_O, NULL },
  { "seed", method_seed, METH_NOARGS, NULL },
  { "initial_seed", method_initial_seed, METH_NOARGS, NULL },
  { "get_state", method_get_state, METH_NOARGS, NULL },
  { "set_state", method_set_state, METH_O, NULL },
  { NULL },
};

PyTypeObject script_generator_type = {
  PyVarObject_HEAD_INIT (NULL, 0)
  .tp_name = "torch.Generator",
  .tp_basicsize = sizeof (ScriptGenerator),
  .tp_flags = Py_TPFLAGS_DEFAULT,
  .tp_new = generator_construct,
  .tp_dealloc = generator_dealloc,
  .tp_methods = methods,
};

gboolean
script_generator_type_ready (void)
{
  return PyType_Ready (&script_generator_type) == 0;
}

EngGenerator *
script_generator_get (PyObject *object)
{
  script_gil_guard ();
  return Py_IS_TYPE (object, &script_generator_type) ? ((ScriptGenerator *) object)->generator : NULL;
}

PyObject *
script_generator_default (void)
{
  return wrap (eng_generator_ref (eng_generator_get_default ()));
}

static PyObject *
function_manual_seed (PyObject *module, PyObject *seed)
{
  return seed_generator (eng_generator_get_default (), seed) ? script_generator_default () : NULL;
}

static PyObject *
function_seed (PyObject *module, PyObject *ignored)
{
  return PyLong_FromUnsignedLongLong (seed_randomly (eng_generator_get_default ()));
}

static PyObject *
function_initial_seed (PyObject *module, PyObject *ignored)
{
  return PyLong_FromUnsignedLongLong (eng_generator_get_seed (eng_generator_get_default ()));
}

static PyObject *
function_get_rng_state (PyObject *module, PyObject *ignored)
{
  return save_state (eng_generator_get_default ());
}

static PyObject *
function_set_rng_state (PyObject *module, PyObject *state)
{
  return load_state (eng_generator_get_default (), state);
}

PyMethodDef script_generator_functions[] = {
  { "manual_seed", function_manual_seed, METH_O, "Seeds the default generator." },
  { "seed", function_seed, METH_NOARGS, "Seeds the default generator with a random number." },
  { "initial_seed", function_initial_seed, METH_NOARGS, NULL },
  { "get_rng_state", function_get_rng_state, METH_NOARGS, NULL },
  { "set_rng_state", function_set_rng_state, METH_O, NULL },
  { NULL },
};
