/* SPDX-License-Identifier: MIT
 *
 * Python's beginning and end. It is configured as python3 configures itself
 * (environment variables, virtual environment, user site, signal handlers), with
 * the interpreter it was built against as its name, so that numpy and the rest of
 * the system's packages are found; then `torch` is made ours. */
#include "host.h"

#include "embedded.h"
#include "gil.h"
#include "input.h"
#include "operation.h"
#include "probe.h"
#include "script.h"
#include "torch-module.h"

/* The interpreter of an active virtual environment of the same Python version, or
 * NULL. The caller frees. */
static char *
venv_interpreter (void)
{
  const char *venv = g_getenv ("VIRTUAL_ENV");
  if (venv == NULL)
    return NULL;
  g_autofree char *library = g_strdup_printf ("%s/lib/python%d.%d", venv, PY_MAJOR_VERSION, PY_MINOR_VERSION);
  g_autofree char *program = g_build_filename (venv, "bin", "python3", NULL);
  if (!g_file_test (library, G_FILE_TEST_IS_DIR) || !g_file_test (program, G_FILE_TEST_EXISTS))
    return NULL;
  return g_steal_pointer (&program);
}

const char *
script_host_program (void)
{
  static char *program;
  if (program == NULL)
    program = venv_interpreter ();
  if (program == NULL)
    program = g_strdup (SCRIPT_PYTHON_PROGRAM);
  return program;
}

static PyStatus
configure (PyConfig *config)
{
  const char *program = script_host_program ();
  PyStatus status = PyConfig_SetBytesString (config, &config->program_name, program);
  if (!PyStatus_Exception (status))
    status = PyConfig_SetBytesString (config, &config->executable, program);
  return status;
}

/* sys.executable: ourselves in the place of python3, so that children of a script
 * have its torch; the real interpreter where that file is missing. */
static gboolean
name_executable (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  g_autofree char *path = folder != NULL ? g_build_filename (folder, SCRIPT_EXECUTABLE_NAME, NULL) : NULL;
  if (path == NULL || !g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
    return TRUE;
  PyObject *value = PyUnicode_DecodeFSDefault (path);
  gboolean done = value != NULL && PySys_SetObject ("executable", value) == 0;
  Py_XDECREF (value);
  return done;
}

/* In modules' dicts and sys: what only needs doing once Python runs. */
static gboolean
prepare (void)
{
  PyObject *finder = script_embedded_import ("finder");
  PyObject *installed = finder != NULL ? PyObject_CallMethod (finder, "install", NULL) : NULL;
  Py_XDECREF (finder);
  Py_XDECREF (installed);
  return installed != NULL && name_executable ();
}

/* For recorded runs: what a script would otherwise wait for. */
static gboolean
prepare_runs (gboolean warm)
{
  PyObject *report = script_embedded_import ("report");
  Py_XDECREF (report);
  if (report == NULL || !script_probe_install ())
    return FALSE;
  PyObject *torch = PyImport_ImportModule ("torch");
  Py_XDECREF (torch);
  if (torch == NULL)
    return FALSE;
  if (warm)
    {
      PyObject *numpy = PyImport_ImportModule ("numpy");
      PyErr_Clear ();
      Py_XDECREF (numpy);
    }
  return TRUE;
}

static void
take_python_error (GError **error)
{
  PyObject *exception = script_py_take_exception ();
  PyObject *text = exception != NULL ? PyObject_Str (exception) : NULL;
  g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME, "Python could not be started: %s",
               text != NULL && PyUnicode_AsUTF8 (text) != NULL ? PyUnicode_AsUTF8 (text) : "unknown reason");
  PyErr_Clear ();
  Py_XDECREF (text);
  Py_XDECREF (exception);
}

static PyMethodDef host_functions[] = {
  { "source", script_embedded_source, METH_O, NULL },
  { "read_input", script_input_read, METH_O, NULL },
  { NULL },
};

static struct PyModuleDef host_definition = {
  PyModuleDef_HEAD_INIT,
  .m_name = "_tapedeck_host",
  .m_size = -1,
  .m_methods = host_functions,
};

static PyObject *
host_module_init (void)
{
  PyObject *module = PyModule_Create (&host_definition);
  if (module != NULL && PyModule_AddFunctions (module, script_probe_methods) < 0)
    Py_CLEAR (module);
  return module;
}

static gboolean
refuse (PyStatus status, GError **error)
{
  g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME, "Python could not be started: %s",
               status.err_msg != NULL ? status.err_msg : "unknown reason");
  return FALSE;
}

static void
register_modules (void)
{
  eng_init ();
  script_operations_init ();
  PyImport_AppendInittab ("_tapedeck_torch", script_torch_module_init);
  PyImport_AppendInittab ("_tapedeck_host", host_module_init);
}

static PyStatus
initialize (PyConfig *config)
{
  PyStatus status = configure (config);
  if (!PyStatus_Exception (status))
    status = Py_InitializeFromConfig (config);
  PyConfig_Clear (config);
  return status;
}

gboolean
script_init (int argc, char **argv, gboolean warm, GError **error)
{
  PyConfig config;

  register_modules ();
  PyConfig_InitPythonConfig (&config);
  config.parse_argv = 0;
  config.safe_path = 1;                /* run.c puts the script's folder there */
  PyStatus status = initialize (&config);
  if (PyStatus_Exception (status))
    return refuse (status, error);
  script_gil_init ();
  if (prepare () && prepare_runs (warm))
    return TRUE;
  take_python_error (error);
  return FALSE;
}

static gboolean
install_hook (void)
{
  PyObject *frames = script_embedded_import ("frames");
  PyObject *done = frames != NULL ? PyObject_CallMethod (frames, "install", NULL) : NULL;
  Py_XDECREF (done);
  Py_XDECREF (frames);
  return done != NULL;
}

gboolean
script_host_start_python (int argc, char **argv, int *status, GError **error)
{
  PyConfig config;

  *status = 1;
  register_modules ();
  PyConfig_InitPythonConfig (&config);
  PyStatus done = PyConfig_SetBytesArgv (&config, argc, argv);
  if (!PyStatus_Exception (done))
    done = initialize (&config);
  if (PyStatus_IsExit (done))
    {
      *status = done.exitcode;
      return FALSE;
    }
  if (PyStatus_Exception (done))
    return refuse (done, error);
  script_gil_init ();
  if (prepare () && install_hook ())
    return TRUE;
  take_python_error (error);
  return FALSE;
}

int
script_finalize (void)
{
  script_gil_finish ();
  return Py_FinalizeEx () < 0 ? 120 : 0;
}
