/* SPDX-License-Identifier: MIT
 *
 * Finds the tensors that a named object, list or dict holds, and remembers what such
 * objects are called. Runs no Python code of the user: only __dict__, lists, tuples and
 * dicts are looked into, not deep and not far. */
#pragma once

#include "py.h"

typedef void (*ScriptAdoptFunc) (const char *path, gboolean is_item, PyObject *tensor, gpointer data);

void script_adopt_start (void);
void script_adopt_finish (void);
/* Calls func for each tensor below value, which the script calls name: "layer1.W", "params[0]". */
void script_adopt (PyObject *value, const char *name, ScriptAdoptFunc func, gpointer data);
/* What the script calls an object; NULL: not known. */
const char *script_adopt_get_name (PyObject *object);
/* object.__dict__[attribute], or a parameter of a module; borrowed, NULL if neither. */
PyObject *script_adopt_get_attribute (PyObject *object, const char *attribute);
