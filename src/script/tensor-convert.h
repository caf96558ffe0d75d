/* SPDX-License-Identifier: MIT
 *
 * Tensors as Python values: numbers, lists, text. */
#pragma once

#include "py.h"

int script_tensor_bool (PyObject *self);
PyObject *script_tensor_float (PyObject *self);
PyObject *script_tensor_int (PyObject *self);
PyObject *script_tensor_as_index (PyObject *self);
PyObject *script_tensor_item (PyObject *self, PyObject *ignored);
PyObject *script_tensor_tolist (PyObject *self, PyObject *ignored);
PyObject *script_tensor_format (PyObject *self, PyObject *spec);
Py_ssize_t script_tensor_length (PyObject *self);
int script_tensor_contains (PyObject *self, PyObject *value);
