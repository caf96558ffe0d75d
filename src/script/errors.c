/* SPDX-License-Identifier: MIT
 *
 * Engine errors as Python exceptions: each EngErrorCode has the class PyTorch
 * raises for the same mistake. A Python exception that crosses the engine waits in
 * `kept`; there is at most one, because the engine stops at the first error. */
#include "errors.h"

#define PYTHON_ERROR (g_quark_from_static_string ("script-python-error"))

static PyObject *kept;

static PyObject *
class_for (const GError *error)
{
  if (error->domain != ENG_ERROR)
    return PyExc_RuntimeError;
  switch ((EngErrorCode) error->code)
    {
    case ENG_ERROR_VALUE:
      return PyExc_ValueError;
    case ENG_ERROR_TYPE:
      return PyExc_TypeError;
    case ENG_ERROR_INDEX:
      return PyExc_IndexError;
    case ENG_ERROR_NOT_IMPLEMENTED:
      return PyExc_NotImplementedError;
    case ENG_ERROR_RUNTIME:
    case ENG_ERROR_MEMORY:
      break;
    }
  return PyExc_RuntimeError;
}

PyObject *
script_raise (GError *error)
{
  if (error == NULL)
    PyErr_SetString (PyExc_SystemError, "the engine failed without saying why");
  else if (error->domain == PYTHON_ERROR && kept != NULL)
    script_py_give_exception (g_steal_pointer (&kept));
  else
    PyErr_SetString (class_for (error), error->message);
  g_clear_error (&error);
  return NULL;
}

void
script_error_from_python (GError **error)
{
  Py_XSETREF (kept, script_py_take_exception ());
  g_set_error_literal (error, PYTHON_ERROR, 0, "an exception was raised in Python");
}
