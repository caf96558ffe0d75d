/* SPDX-License-Identifier: MIT
 *
 * backward, grad and hooks: Python's way into the engine's autograd. */
#pragma once

#include "py.h"

PyObject *script_tensor_backward (PyObject *self, PyObject *args, PyObject *kwargs);
/* register_hook (callable) → handle; _remove_hook (id), which the handle calls. */
PyObject *script_tensor_register_hook (PyObject *self, PyObject *callable);
PyObject *script_tensor_remove_hook (PyObject *self, PyObject *id);
/* _backward, _grad, _set_grad_mode, is_grad_enabled. */
extern PyMethodDef script_autograd_functions[];
