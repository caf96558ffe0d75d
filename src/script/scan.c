/* SPDX-License-Identifier: MIT
 *
 * script_scan: asks scan.py, which reads the text and runs nothing. */
#include "embedded.h"
#include "script.h"

char *
script_scan (const char *source, const char *path)
{
  PyGILState_STATE state = PyGILState_Ensure ();
  PyObject *module = script_embedded_import ("scan");
  PyObject *coming = script_embedded_import ("coming");
  PyObject *text = PyUnicode_DecodeUTF8 (source, (Py_ssize_t) strlen (source), "replace");
  PyObject *json = module != NULL && coming != NULL && text != NULL
                       ? PyObject_CallMethod (module, "scan", "OsO", text, path, coming)
                       : NULL;
  const char *result = json != NULL ? PyUnicode_AsUTF8 (json) : NULL;
  char *copy = g_strdup (result != NULL ? result
                                        : "{\"leaves\": [], \"first_line\": 0, "
                                          "\"error\": {\"line\": 0, \"message\": \"the script cannot be read\"}}");

  PyErr_Clear ();
  Py_XDECREF (json);
  Py_XDECREF (text);
  Py_XDECREF (coming);
  Py_XDECREF (module);
  PyGILState_Release (state);
  return copy;
}
