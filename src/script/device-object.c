/* SPDX-License-Identifier: MIT
 *
 * torch.device objects. A device can be named without existing (scripts write
 * torch.device ("cuda" if … else "cpu")); only using it is an error. */
#include "device-object.h"
#include "engine/backend.h"

typedef struct
{
  PyObject_HEAD
  const char *type;      /* one of `types`: interned */
  int index;             /* −1: not said */
} ScriptDevice;

static const char *const types[] = { "cpu", "cuda", "mps", "xpu", "meta" };
static PyObject *cpu;

static ScriptDevice *
device_new (const char *type, int index)
{
  ScriptDevice *self = PyObject_New (ScriptDevice, &script_device_type);
  if (self != NULL)
    {
      self->type = type;
      self->index = index;
    }
  return self;
}

/* "cuda:1" into an interned type and an index. */
static gboolean
parse (const char *text, const char **type, int *index)
{
  const char *colon = strchr (text, ':');
  gsize n = colon != NULL ? (gsize) (colon - text) : strlen (text);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strlen (types[i]) == n && strncmp (types[i], text, n) == 0)
      {
        char *end = NULL;
        *type = types[i];
        *index = colon != NULL ? (int) g_ascii_strtoll (colon + 1, &end, 10) : -1;
        if (colon == NULL || (end > colon + 1 && *end == '\0' && *index >= 0))
          return TRUE;
        PyErr_Format (PyExc_RuntimeError, "Invalid device string: '%s'", text);
        return FALSE;
      }
  PyErr_Format (PyExc_RuntimeError,
                "Expected one of cpu, cuda, mps, xpu, meta device type at start of device string: %s", text);
  return FALSE;
}

static PyObject *
device_construct (PyTypeObject *python_type, PyObject *args, PyObject *kwargs)
{
  static char *keywords[] = { "type", "index", NULL };
  PyObject *what;
  int index = -1, said = -1;
  const char *type;

  if (!PyArg_ParseTupleAndKeywords (args, kwargs, "O|i:device", keywords, &what, &said))
    return NULL;
  if (Py_IS_TYPE (what, &script_device_type))
    return Py_NewRef (what);
  if (!PyUnicode_Check (what))
    return PyErr_Format (PyExc_TypeError, "device(): argument 'device' must be torch.device, not %s",
                         Py_TYPE (what)->tp_name);
  const char *text = PyUnicode_AsUTF8 (what);
  if (text == NULL || !parse (text, &type, &index))
    return NULL;
  return (PyObject *) device_new (type, said >= 0 ? said : index);
}

static PyObject *
device_repr (PyObject *object)
{
  ScriptDevice *self = (ScriptDevice *) object;
  if (self->index < 0)
    return PyUnicode_FromFormat ("device(type='%s')", self->type);
  return PyUnicode_FromFormat ("device(type='%s', index=%d)", self->type, self->index);
}

static PyObject *
device_str (PyObject *object)
{
  ScriptDevice *self = (ScriptDevice *) object;
  if (self->index < 0)
    return PyUnicode_FromString (self->type);
  return PyUnicode_FromFormat ("%s:%d", self->type, self->index);
}

static PyObject *
device_richcompare (PyObject *a, PyObject *b, int operation)
{
  if (!Py_IS_TYPE (b, &script_device_type) || (operation != Py_EQ && operation != Py_NE))
    Py_RETURN_NOTIMPLEMENTED;
  ScriptDevice *x = (ScriptDevice *) a, *y = (ScriptDevice *) b;
  return PyBool_FromLong ((x->type == y->type && x->index == y->index) == (operation == Py_EQ));
}

static Py_hash_t
device_hash (PyObject *object)
{
  ScriptDevice *self = (ScriptDevice *) object;
  return (Py_hash_t) (g_str_hash (self->type) * 31u + (guint) (self->index + 1));
}

static PyObject *
get_type (PyObject *self, void *closure)
{
  return PyUnicode_FromString (((ScriptDevice *) self)->type);
}

static PyObject *
get_index (PyObject *self, void *closure)
{
  int index = ((ScriptDevice *) self)->index;
  return index < 0 ? Py_NewRef (Py_None) : PyLong_FromLong (index);
}

static PyGetSetDef getset[] = {
  { "type", get_type },
  { "index", get_index },
  { NULL },
};

PyTypeObject script_device_type = {
  PyVarObject_HEAD_INIT (NULL, 0)
  .tp_name = "torch.device",
  .tp_basicsize = sizeof (ScriptDevice),
  .tp_flags = Py_TPFLAGS_DEFAULT,
  .tp_new = device_construct,
  .tp_repr = device_repr,
  .tp_str = device_str,
  .tp_hash = device_hash,
  .tp_richcompare = device_richcompare,
  .tp_getset = getset,
};

gboolean
script_device_type_ready (void)
{
  if (PyType_Ready (&script_device_type) < 0)
    return FALSE;
  cpu = (PyObject *) device_new (types[0], -1);
  return cpu != NULL;
}

PyObject *
script_device_cpu (void)
{
  return cpu;
}

/* In PyTorch's words without CUDA, and with our reason. */
static void
refuse_cuda (void)
{
  g_autoptr (GError) error = NULL;
  const char *reason = eng_backend_load ("cuda", &error) != NULL
                           ? "there is a GPU, but Tapedeck's CUDA module has no kernels yet"
                           : error->message;
  PyErr_Format (PyExc_AssertionError, "Torch not compiled with CUDA enabled (%s)", reason);
}

gboolean
script_device_accept (PyObject *object)
{
  const char *type;
  int index;

  if (Py_IS_TYPE (object, &script_device_type))
    type = ((ScriptDevice *) object)->type;
  else if (PyLong_Check (object) && !PyBool_Check (object))
    type = types[1];
  else if (!PyUnicode_Check (object))
    return FALSE;
  else if (PyUnicode_AsUTF8 (object) == NULL || !parse (PyUnicode_AsUTF8 (object), &type, &index))
    return FALSE;
  if (type == types[0])
    return TRUE;
  if (type == types[1])
    refuse_cuda ();
  else
    PyErr_Format (PyExc_RuntimeError, "The device '%s' is not available: Tapedeck computes on the CPU", type);
  return FALSE;
}
