/* SPDX-License-Identifier: MIT
 *
 * Looks embedded Python files up and imports those of the host. Code objects bear
 * the file name "<tapedeck NAME>", by which frames.py hides their frames. */
#include "embedded.h"

static PyObject *modules;              /* name → module */

const char *
script_embedded_lookup (const char *name)
{
  for (const ScriptEmbedded *file = script_embedded; file->name != NULL; file++)
    if (g_str_equal (file->name, name))
      return file->source;
  return NULL;
}

PyObject *
script_embedded_source (PyObject *module, PyObject *name)
{
  const char *text = PyUnicode_AsUTF8 (name);
  const char *source = text != NULL ? script_embedded_lookup (text) : NULL;
  if (PyErr_Occurred ())
    return NULL;
  return source != NULL ? PyUnicode_FromString (source) : Py_NewRef (Py_None);
}

PyObject *
script_embedded_import (const char *name)
{
  if (modules == NULL && (modules = PyDict_New ()) == NULL)
    return NULL;
  PyObject *module = PyDict_GetItemString (modules, name);
  if (module != NULL)
    return Py_NewRef (module);

  g_autofree char *file = g_strconcat (name, ".py", NULL);
  g_autofree char *shown = g_strdup_printf ("<tapedeck %s>", file);
  const char *source = script_embedded_lookup (file);
  g_assert (source != NULL);
  PyObject *code = Py_CompileString (source, shown, Py_file_input);
  module = code != NULL ? PyModule_New (name) : NULL;
  PyObject *dict = module != NULL ? PyModule_GetDict (module) : NULL;
  PyObject *done = NULL;
  if (dict != NULL && PyDict_SetItemString (dict, "__builtins__", PyEval_GetBuiltins ()) == 0)
    done = PyEval_EvalCode (code, dict, dict);
  if (done == NULL || PyDict_SetItemString (modules, name, module) < 0)
    Py_CLEAR (module);
  Py_XDECREF (done);
  Py_XDECREF (code);
  return module;
}
