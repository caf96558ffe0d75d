/* SPDX-License-Identifier: MIT
 *
 * Engine errors as Python exceptions and back. A Python exception that must cross
 * the engine (raised in a hook) is kept aside and comes out again unchanged. */
#pragma once

#include "py.h"

/* Raises the Python exception of error's code and frees error. Returns NULL. */
PyObject *script_raise (GError *error);
/* Puts the Python exception that is set into error, to be raised again later. */
void script_error_from_python (GError **error);
