/* SPDX-License-Identifier: MIT
 *
 * The stream type (a TextIOBase with a fast write) and the buffer behind both
 * streams. Text is written as UTF-8; what cannot be encoded is escaped, as Python
 * does on stderr. */
#include "output.h"

#include "capture.h"
#include "probe.h"

#include <errno.h>
#include <unistd.h>

#define WRITE_AT_NBYTES 32768

static Py_ssize_t flag_offset;         /* of the gboolean after TextIOBase's own fields */

static gboolean *
is_stderr_of (PyObject *stream)
{
  return (gboolean *) (gpointer) ((char *) stream + flag_offset);
}

static GByteArray *waiting;
static gboolean waiting_is_stderr;
gint script_output_n_written;

void
script_output_write (RecWriter *writer)
{
  if (waiting == NULL || waiting->len == 0)
    return;
  rec_writer_output (writer, waiting_is_stderr, (const char *) waiting->data, waiting->len);
  g_byte_array_set_size (waiting, 0);
  g_atomic_int_inc (&script_output_n_written);
}

gboolean
script_output_is_waiting (void)
{
  return waiting != NULL && waiting->len > 0;
}

void
script_output_forget (void)
{
  if (waiting != NULL)
    g_byte_array_set_size (waiting, 0);
}

void
script_output_gather (gboolean is_stderr, const char *bytes, gsize n)
{
  if (waiting == NULL)
    waiting = g_byte_array_new ();
  if (waiting->len > 0 && (waiting_is_stderr != is_stderr || waiting->len + n > WRITE_AT_NBYTES))
    script_probe_write_output ();
  if (waiting->len == 0)
    script_capture_nudge ();
  waiting_is_stderr = is_stderr;
  g_byte_array_append (waiting, (const guint8 *) bytes, (guint) n);
  script_probe_pending = TRUE;
}

/* A forked child's: straight to the descriptor. FALSE with a Python exception set. */
static gboolean
write_to (int fd, const char *bytes, gsize n)
{
  while (n > 0)
    {
      gssize written;
      Py_BEGIN_ALLOW_THREADS
      written = write (fd, bytes, n);
      Py_END_ALLOW_THREADS
      if (written < 0 && errno == EINTR && PyErr_CheckSignals () == 0)
        continue;
      if (written < 0)
        return PyErr_Occurred () != NULL ? FALSE : PyErr_SetFromErrno (PyExc_OSError) != NULL;
      bytes += written;
      n -= (gsize) written;
    }
  return TRUE;
}

static gboolean
put (PyObject *self, const char *bytes, gsize n)
{
  gboolean is_stderr = *is_stderr_of (self);
  if (script_probe_recorder () == NULL)
    return write_to (is_stderr ? 2 : 1, bytes, n);
  script_capture_collect ();             /* it came before this */
  script_output_gather (is_stderr, bytes, n);
  return TRUE;
}

static PyObject *
stream_write (PyObject *self, PyObject *text)
{
  Py_ssize_t n;

  if (!PyUnicode_Check (text))
    return PyErr_Format (PyExc_TypeError, "write() argument must be str, not %s", Py_TYPE (text)->tp_name);
  const char *bytes = PyUnicode_AsUTF8AndSize (text, &n);
  gboolean done;
  if (bytes != NULL)
    done = put (self, bytes, (gsize) n);
  else
    {
      PyErr_Clear ();
      PyObject *escaped = PyUnicode_AsEncodedString (text, "utf-8", "backslashreplace");
      if (escaped == NULL)
        return NULL;
      done = put (self, PyBytes_AS_STRING (escaped), (gsize) PyBytes_GET_SIZE (escaped));
      Py_DECREF (escaped);
    }
  return done ? PyLong_FromSsize_t (PyUnicode_GET_LENGTH (text)) : NULL;
}

/* reconfigure (encoding=…, line_buffering=…): accepted, for what is recorded is
 * UTF-8 and unbuffered whatever a script asks for. */
static PyObject *
stream_reconfigure (PyObject *self, PyObject *args, PyObject *keywords)
{
  Py_RETURN_NONE;
}

/* The binary stream below: unbuffered, so that its bytes keep their place. */
static PyObject *
get_buffer (PyObject *self, void *closure)
{
  PyObject *io = PyImport_ImportModule ("io");
  PyObject *type = io != NULL ? PyObject_GetAttrString (io, "FileIO") : NULL;
  PyObject *file = type != NULL ? PyObject_CallFunction (type, "isO", *is_stderr_of (self) ? 2 : 1, "w", Py_False) : NULL;
  Py_XDECREF (type);
  Py_XDECREF (io);
  return file;
}

static PyObject *
stream_flush (PyObject *self, PyObject *ignored)
{
  Py_RETURN_NONE;
}

static PyObject *
stream_true (PyObject *self, PyObject *ignored)
{
  Py_RETURN_TRUE;
}

static PyObject *
stream_false (PyObject *self, PyObject *ignored)
{
  Py_RETURN_FALSE;
}

/* The descriptor under the stream, for children that inherit it. */
static PyObject *
stream_fileno (PyObject *self, PyObject *ignored)
{
  return PyLong_FromLong (*is_stderr_of (self) ? 2 : 1);
}

static PyObject *
get_encoding (PyObject *self, void *closure)
{
  return PyUnicode_FromString (closure);
}

static PyObject *
get_name (PyObject *self, void *closure)
{
  return PyUnicode_FromString (*is_stderr_of (self) ? "<stderr>" : "<stdout>");
}

static PyMethodDef methods[] = {
  { "write", stream_write, METH_O, NULL },
  { "flush", stream_flush, METH_NOARGS, NULL },
  { "writable", stream_true, METH_NOARGS, NULL },
  { "isatty", stream_false, METH_NOARGS, NULL },
  { "readable", stream_false, METH_NOARGS, NULL },
  { "fileno", stream_fileno, METH_NOARGS, NULL },
  { "reconfigure", (PyCFunction) (void (*) (void)) stream_reconfigure, METH_VARARGS | METH_KEYWORDS, NULL },
  { NULL },
};

static PyGetSetDef getset[] = {
  { "encoding", get_encoding, NULL, NULL, "utf-8" },
  { "errors", get_encoding, NULL, NULL, "backslashreplace" },
  { "buffer", get_buffer },
  { "name", get_name },
  { "mode", get_encoding, NULL, NULL, "w" },
  { NULL },
};

static PyObject *
make_type (void)
{
  PyType_Slot slots[] = {
    { Py_tp_methods, methods },
    { Py_tp_getset, getset },
    { Py_tp_doc, "Output of a recorded script." },
    { 0, NULL },
  };
  PyType_Spec spec = { "tapedeck.Stream", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, slots };
  PyObject *io = PyImport_ImportModule ("io");
  PyObject *base = io != NULL ? PyObject_GetAttrString (io, "TextIOBase") : NULL;
  PyObject *type = NULL;
  if (base != NULL)
    {
      flag_offset = ((PyTypeObject *) base)->tp_basicsize;
      spec.basicsize = (int) (flag_offset + (Py_ssize_t) sizeof (gpointer));
      type = PyType_FromSpecWithBases (&spec, base);
    }
  Py_XDECREF (base);
  Py_XDECREF (io);
  return type;
}

gboolean
script_output_install (void)
{
  PyObject *type = make_type ();
  gboolean done = type != NULL;

  for (guint i = 0; done && i < 2; i++)
    {
      PyObject *stream = PyObject_CallNoArgs (type);
      done = stream != NULL;
      if (stream == NULL)
        break;
      *is_stderr_of (stream) = i == 1;
      done = PySys_SetObject (i == 1 ? "stderr" : "stdout", stream) == 0 &&
             PySys_SetObject (i == 1 ? "__stderr__" : "__stdout__", stream) == 0;
      Py_DECREF (stream);
    }
  Py_XDECREF (type);
  return done;
}
