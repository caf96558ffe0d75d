/* SPDX-License-Identifier: MIT
 *
 * The Python files of resources/python, compiled into the program. */
#pragma once

#include "py.h"

typedef struct
{
  const char *name;          /* "torch/__init__.py" */
  const char *source;        /* NUL-terminated UTF-8 */
} ScriptEmbedded;

extern const ScriptEmbedded script_embedded[];       /* ends with a NULL name */

/* The source of a file, or NULL. */
const char *script_embedded_lookup (const char *name);
/* Imports the embedded file NAME.py of the host (not of torch) as a module kept out
 * of scripts' sight; new reference or NULL with an exception. Cached. */
PyObject *script_embedded_import (const char *name);
/* source (name) → str or None: for the finder. */
PyObject *script_embedded_source (PyObject *module, PyObject *name);
