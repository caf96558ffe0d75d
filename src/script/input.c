/* SPDX-License-Identifier: MIT
 *
 * The rest of a line that was longer than its reader's buffer waits here. The wait
 * itself lets the GIL go, so that the script's other threads run on. */
#include "input.h"

#include "probe.h"

#include <string.h>

static const ScriptRun *run;
static GString *rest;

void
script_input_start (const ScriptRun *script)
{
  run = script->read_input != NULL ? script : NULL;
  if (rest == NULL)
    rest = g_string_new (NULL);
  g_string_truncate (rest, 0);
}

void
script_input_finish (void)
{
  run = NULL;
}

/* The line as it was typed, below its prompt. */
static void
record (const char *text)
{
  RecWriter *writer = rec_recorder_get_writer (run->recorder);
  guint file, line;

  script_flush ();                     /* other threads may have printed */
  script_probe_get_place (&file, &line);
  if (line != 0)
    rec_writer_set_position (writer, file, line);
  rec_writer_typed (writer, text, strlen (text));
}

/* Fills rest, or leaves it empty at the end; FALSE with a Python exception set. */
static gboolean
wait_for_line (void)
{
  ScriptInput what;
  guint file, line;

  script_flush ();                     /* the prompt is seen before the wait */
  script_probe_get_place (&file, &line);
  do
    {
      g_autofree char *text = NULL;
      Py_BEGIN_ALLOW_THREADS
      what = run->read_input (file, line, &text, run->data);
      Py_END_ALLOW_THREADS
      if (run == NULL)
        return TRUE;
      if (what == SCRIPT_INPUT_ATTEND)
        run->attend (run->data);
      else if (what == SCRIPT_INPUT_LINE)
        {
          record (text);
          g_string_assign (rest, text);
        }
    }
  while (what == SCRIPT_INPUT_ATTEND);
  if (what != SCRIPT_INPUT_STOP)
    return TRUE;
  script_probe_set_stopping (TRUE);
  return script_probe_raise_stop ();
}

PyObject *
script_input_read (PyObject *module, PyObject *size)
{
  Py_ssize_t n = PyLong_AsSsize_t (size);

  if (n == -1 && PyErr_Occurred ())
    return NULL;
  if (run != NULL && rest->len == 0 && !wait_for_line ())
    return NULL;
  n = rest != NULL ? CLAMP (n, 0, (Py_ssize_t) rest->len) : 0;
  PyObject *bytes = PyBytes_FromStringAndSize (n > 0 ? rest->str : NULL, n);
  if (bytes != NULL && n > 0)
    g_string_erase (rest, 0, n);
  return bytes;
}
