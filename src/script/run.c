/* SPDX-License-Identifier: MIT
 *
 * One recorded run of a script: sets up sys and __main__ as python3 does, compiles
 * with probes, runs, and turns what comes out into an exit status, an error text
 * and events. */
#include "allocator.h"
#include "capture.h"
#include "embedded.h"
#include "gil.h"
#include "input.h"
#include "output.h"
#include "probe.h"
#include "script.h"
#include "statements.h"

#include <pthread.h>
#include <unistd.h>

/* The name in tracebacks and __file__: a file's absolute path, as python3 has it. */
static char *
shown_path (const ScriptRun *run)
{
  const char *path = run->path;

  if (run->source != NULL)
    return g_strdup (path);
  if (g_path_is_absolute (path))
    return g_strdup (path);
  g_autofree char *cwd = g_get_current_dir ();
  return g_strconcat (cwd, "/", g_str_has_prefix (path, "./") ? path + 2 : path, NULL);
}

/* sys.argv and sys.path[0]. */
static gboolean
set_arguments (const ScriptRun *run)
{
  PyObject *argv = PyList_New (0);
  PyObject *path = PySys_GetObject ("path");
  g_autofree char *folder = g_path_get_dirname (run->path);
  g_autofree char *absolute = g_canonicalize_filename (folder, NULL);
  gboolean done = argv != NULL && path != NULL;

  for (int i = -1; done && i < run->argc; i++)
    {
      PyObject *item = PyUnicode_DecodeFSDefault (i < 0 ? run->path : run->argv[i]);
      done = item != NULL && PyList_Append (argv, item) == 0;
      Py_XDECREF (item);
    }
  PyObject *first = done ? PyUnicode_DecodeFSDefault (absolute) : NULL;
  done = first != NULL && PySys_SetObject ("argv", argv) == 0 && PyList_Insert (path, 0, first) == 0;
  Py_XDECREF (first);
  Py_XDECREF (argv);
  return done;
}

/* The namespace of __main__ (borrowed), with __file__ set. */
static PyObject *
main_namespace (const ScriptRun *run)
{
  PyObject *module = PyImport_AddModule ("__main__");
  PyObject *dict = module != NULL ? PyModule_GetDict (module) : NULL;
  g_autofree char *shown = shown_path (run);
  PyObject *file = dict != NULL ? PyUnicode_DecodeFSDefault (shown) : NULL;

  if (file == NULL || PyDict_SetItemString (dict, "__file__", file) < 0 ||
      PyDict_SetItemString (dict, "__cached__", Py_None) < 0)
    dict = NULL;
  Py_XDECREF (file);
  return dict;
}

/* The code to run, with probes: source as bytes (a file, which may say how it is
 * encoded) or str. */
static PyObject *
compile_script (const ScriptRun *run, const char *text, gsize n)
{
  g_autofree char *shown = shown_path (run);
  g_autofree char *folder = g_path_get_dirname (run->path);
  PyObject *path = PyUnicode_DecodeFSDefault (shown);
  PyObject *source = run->source != NULL ? PyUnicode_FromStringAndSize (text, (Py_ssize_t) n)
                                         : PyBytes_FromStringAndSize (text, (Py_ssize_t) n);
  PyObject *probes = path != NULL && source != NULL ? script_embedded_import ("probes") : NULL;
  PyObject *watched = probes != NULL ? PyObject_CallMethod (probes, "watch_folder", "s", folder) : NULL;
  PyObject *code = watched != NULL ? PyObject_CallMethod (probes, "instrument", "OO", source, path) : NULL;
  Py_XDECREF (watched);
  Py_XDECREF (probes);
  Py_XDECREF (source);
  Py_XDECREF (path);
  return code;
}

/* The status of SystemExit, as python3: None 0, a number itself, else 1 with the
 * value on stderr. */
static int
exit_status (PyObject *exception)
{
  PyObject *code = PyObject_GetAttrString (exception, "code");
  int status = 0;

  if (code == NULL)
    PyErr_Clear ();
  else if (PyLong_Check (code))
    status = (int) PyLong_AsLong (code);
  else if (code != Py_None)
    {
      PyObject *stream = PySys_GetObject ("stderr");
      if (stream != NULL && stream != Py_None)
        {
          PyFile_WriteObject (code, stream, Py_PRINT_RAW);
          PyFile_WriteString ("\n", stream);
        }
      status = 1;
    }
  PyErr_Clear ();
  Py_XDECREF (code);
  return status & 0xff;
}

static PyObject *
paths_of_user (const ScriptRun *run)
{
  PyObject *list = PyList_New (0);
  g_autofree char *shown = shown_path (run);
  const char *path = shown;
  for (guint i = 1; list != NULL && path != NULL; path = script_statements_get_file (i++))
    {
      PyObject *item = PyUnicode_DecodeFSDefault (path);
      if (item != NULL)
        PyList_Append (list, item);
      Py_XDECREF (item);
    }
  return list;
}

static guint
file_number (const char *path)
{
  const char *known;
  for (guint i = 0; (known = script_statements_get_file (i)) != NULL; i++)
    if (g_str_equal (known, path))
      return i;
  return 0;
}

/* Writes the error that ended a recorded run: text to the recording's stderr, and
 * the error itself with its line. */
static void
record_error (const ScriptRun *run, PyObject *exception)
{
  PyObject *report = script_embedded_import ("report");
  PyObject *paths = paths_of_user (run);
  PyObject *facts = report != NULL && paths != NULL
                      ? PyObject_CallMethod (report, "describe", "OO", exception, paths) : NULL;
  RecErrorText text = { 0 };
  unsigned int line;

  if (facts != NULL
      && PyArg_ParseTuple (facts, "ssssII", &text.type, &text.message, &text.traceback, &text.file, &line,
                           &text.script_line))
    {
      RecWriter *writer = rec_recorder_get_writer (run->recorder);
      guint file = file_number (text.file);
      if (line == 0) /* an exception for want of memory may have no frames */
        script_probe_get_place (&file, &line);
      script_capture_collect ();
      script_probe_write_pending ();
      script_probe_set_position (file, line);
      rec_writer_output (writer, TRUE, text.traceback, strlen (text.traceback));
      rec_writer_error (writer, &text, line);
    }
  PyErr_Clear ();
  Py_XDECREF (facts);
  Py_XDECREF (paths);
  Py_XDECREF (report);
}

/* Takes our own frames out of its traceback. */
static void
hide_frames (PyObject *exception)
{
  PyObject *frames = script_embedded_import ("frames");
  PyObject *done = frames != NULL ? PyObject_CallMethod (frames, "hide_own_frames", "O", exception) : NULL;
  PyErr_Clear ();
  Py_XDECREF (done);
  Py_XDECREF (frames);
}

/* In a forked child, by the script's own hook if it has one. */
static void
show_error (PyObject *exception)
{
  script_py_give_exception (Py_NewRef (exception));
  PyErr_Print ();
}

/* What an uncaught exception means (taken): the exit status and, for a recording,
 * the reason. */
static int
finish_with (const ScriptRun *run, PyObject *exception, const char **reason)
{
  int status = 1;

  script_allocator_lift_limit ();
  *reason = "error";
  if (PyErr_GivenExceptionMatches (exception, PyExc_SystemExit))
    {
      *reason = "exit";
      status = exit_status (exception);
    }
  else if (PyErr_GivenExceptionMatches (exception, script_stop_exception ()))
    {
      *reason = "stopped";
      status = 130;
    }
  else
    {
      if (PyErr_GivenExceptionMatches (exception, PyExc_KeyboardInterrupt))
        status = 130;
      hide_frames (exception);
      if (script_probe_recorder () != NULL)
        record_error (run, exception);
      else
        show_error (exception);
    }
  Py_DECREF (exception);
  return status;
}

/* The script's threads and atexit functions, which may print and raise like it. */
static void
finish_as_python (void)
{
  PyObject *ending = script_embedded_import ("ending");
  PyObject *done = ending != NULL ? PyObject_CallMethod (ending, "finish", NULL) : NULL;
  if (done == NULL)
    PyErr_Print ();
  Py_XDECREF (done);
  Py_XDECREF (ending);
}

static void
flush_streams (void)
{
  static const char *const names[] = { "stdout", "stderr" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      PyObject *stream = PySys_GetObject (names[i]);
      PyObject *done = stream != NULL && stream != Py_None ? PyObject_CallMethod (stream, "flush", NULL) : NULL;
      Py_XDECREF (done);
      PyErr_Clear ();
    }
}

static int
run_text (const ScriptRun *run, const char *text, gsize n, const char **reason)
{
  g_autofree char *shown = shown_path (run);
  PyObject *namespace = set_arguments (run) ? main_namespace (run) : NULL;
  PyObject *report = namespace != NULL && run->source != NULL ? script_embedded_import ("report") : NULL;
  PyObject *remembered = report != NULL ? PyObject_CallMethod (report, "remember_source", "ss", shown, run->source)
                                        : Py_NewRef (Py_None);
  PyObject *code = namespace != NULL && remembered != NULL ? compile_script (run, text, n) : NULL;
  PyObject *result = code != NULL ? PyEval_EvalCode (code, namespace, namespace) : NULL;
  int status = 0;

  *reason = "end";
  if (result == NULL)
    {
      PyObject *exception = script_py_take_exception ();
      if (code == NULL && PyErr_GivenExceptionMatches (exception, PyExc_SyntaxError))
        PyException_SetTraceback (exception, Py_None); /* the frames are those of the compiling */
      status = finish_with (run, exception, reason);
    }
  Py_XDECREF (result);
  Py_XDECREF (code);
  Py_XDECREF (remembered);
  Py_XDECREF (report);
  if (!script_probe_is_stopping ())
    finish_as_python ();
  script_interrupt_finish ();
  flush_streams ();
  return status;
}

static gboolean
prepare_input (const ScriptRun *run)
{
  script_input_start (run);
  PyObject *module = script_embedded_import (run->read_input != NULL ? "typed_input" : "no_input");
  PyObject *done = module != NULL ? PyObject_CallMethod (module, "install", NULL) : NULL;
  Py_XDECREF (done);
  Py_XDECREF (module);
  return done != NULL;
}

static RecRecorder *recorded;

/* A child that the script forked goes on as a plain Python process. */
static void
forked_cb (void)
{
  if (recorded == NULL)
    return;
  script_capture_forget ();
  script_output_forget ();
  script_input_finish ();
  script_probe_forget ();
  rec_recorder_detach (recorded);
  recorded = NULL;
}

static void
watch_forks (void)
{
  static gboolean is_watching;
  if (!is_watching)
    pthread_atfork (NULL, NULL, forked_cb);
  is_watching = TRUE;
}

/* Its copy of this program ends here, as python3 would. */
static void
end_child (int status)
{
  int closing = script_finalize ();
  fflush (NULL);
  _exit (status != 0 ? status : closing);
}

static int
run_recorded (const ScriptRun *run, const char *text, gsize n)
{
  RecWriter *writer = rec_recorder_get_writer (run->recorder);
  const char *reason = "error";
  int status = 1;

  script_allocator_install ();
  script_statements_clear ();
  rec_writer_run_begins (writer, run->path, run->source != NULL ? run->source : text, (guint) run->argc,
                         (const char *const *) run->argv);
  script_probe_start (run);
  rec_recorder_attach (run->recorder);
  recorded = run->recorder;
  watch_forks ();
  if (script_output_install () && prepare_input (run) && script_capture_start (run->pipes))
    status = run_text (run, text, n, &reason);
  else
    PyErr_Print ();
  if (recorded == NULL)
    end_child (status);
  recorded = NULL;
  script_input_finish ();
  script_capture_finish ();
  script_probe_finish ();
  rec_recorder_detach (run->recorder);
  if (g_str_equal (reason, "stopped")) /* there, and not on the last line that recorded something */
    rec_writer_set_position (writer, 0, rec_writer_get_running (writer));
  rec_writer_run_ends (writer, reason, status);
  return status;
}

int
script_run (const ScriptRun *run)
{
  g_autofree char *contents = NULL;
  const char *text = run->source;
  gsize n = text != NULL ? strlen (text) : 0;

  if (text == NULL)
    {
      g_autoptr (GError) error = NULL;
      if (!g_file_get_contents (run->path, &contents, &n, &error))
        {
          g_printerr ("%s: can't open file '%s': [Errno %d] %s\n", SCRIPT_PYTHON_PROGRAM, run->path,
                      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? ENOENT : EIO, error->message);
          return 2;
        }
      text = contents;
    }
  return run_recorded (run, text, n);
}
