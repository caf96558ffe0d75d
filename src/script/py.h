/* SPDX-License-Identifier: MIT
 *
 * Python and the engine, included in the order that CPython asks for, and the few
 * helpers that differ between CPython 3.11, 3.12 and 3.13. Only src/script
 * includes it. */
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "engine/engine.h"

/* Takes the exception that is set, with its traceback attached (new reference;
 * NULL when none is set). */
static inline PyObject *
script_py_take_exception (void)
{
#if PY_VERSION_HEX >= 0x030c0000
  return PyErr_GetRaisedException ();
#else
  PyObject *type, *value, *traceback;
  PyErr_Fetch (&type, &value, &traceback);
  if (type == NULL)
    return NULL;
  PyErr_NormalizeException (&type, &value, &traceback);
  if (traceback != NULL)
    PyException_SetTraceback (value, traceback);
  Py_XDECREF (traceback);
  Py_DECREF (type);
  return value;
#endif
}

/* Sets an exception again (steals the reference). */
static inline void
script_py_give_exception (PyObject *exception)
{
#if PY_VERSION_HEX >= 0x030c0000
  PyErr_SetRaisedException (exception);
#else
  PyObject *type = (PyObject *) Py_TYPE (exception);
  Py_INCREF (type);
  PyErr_Restore (type, exception, PyException_GetTraceback (exception));
#endif
}
