/* SPDX-License-Identifier: MIT
 *
 * Python's beginning and end. It is configured as python3 configures itself
 * (environment variables, virtual environment, user site, signal handlers), with
 * the interpreter it was built against as its name, so that numpy and the rest of
 * the system's packages are found; then `torch` is made ours. */
#include "embedded.h"
#include "gil.h"
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

static PyStatus
configure (PyConfig *config, const char *program)
{
  PyStatus status = PyConfig_SetBytesString (config, &config->program_name, program);
  config->parse_argv = 0;
  config->install_signal_handlers = 1;
  config->safe_path = 1;
  if (!PyStatus_Exception (status))
    status = PyConfig_SetBytesString (config, &config->executable, program);
  return status;
}

/* In modules' dicts and sys: what only needs doing once Python runs. */
static gboolean
prepare (gboolean warm)
{
  PyObject *finder = script_embedded_import ("finder");
  PyObject *installed = finder != NULL ? PyObject_CallMethod (finder, "install", NULL) : NULL;
  Py_XDECREF (finder);
  Py_XDECREF (installed);
  if (installed == NULL || !script_probe_install ())
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

gboolean
script_init (int argc, char **argv, gboolean warm, GError **error)
{
  g_autofree char *venv = venv_interpreter ();
  PyConfig config;

  eng_init ();
  script_operations_init ();
  PyImport_AppendInittab ("_tapedeck_torch", script_torch_module_init);
  PyImport_AppendInittab ("_tapedeck_host", host_module_init);
  PyConfig_InitPythonConfig (&config);
  PyStatus status = configure (&config, venv != NULL ? venv : SCRIPT_PYTHON_PROGRAM);
  if (!PyStatus_Exception (status))
    status = Py_InitializeFromConfig (&config);
  PyConfig_Clear (&config);
  if (PyStatus_Exception (status))
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME, "Python could not be started: %s",
                   status.err_msg != NULL ? status.err_msg : "unknown reason");
      return FALSE;
    }
  script_gil_init ();
  if (prepare (warm))
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
