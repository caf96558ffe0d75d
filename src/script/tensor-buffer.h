/* SPDX-License-Identifier: MIT
 *
 * Memory shared with numpy through Python's buffer protocol. */
#pragma once

#include "py.h"

/* TRUE for objects whose memory can be read as numbers: arrays and their scalars. */
gboolean script_buffer_check (PyObject *object);
/* A tensor over the object's memory (share) or over a copy of it. Raises TypeError
 * for element types a tensor cannot have, ValueError for negative strides. */
EngTensor *script_buffer_to_tensor (PyObject *object, gboolean share);
/* Tensor.numpy () and Tensor.__array__ (dtype). */
PyObject *script_tensor_numpy (PyObject *self, PyObject *args, PyObject *kwargs);
PyObject *script_tensor_array (PyObject *self, PyObject *args);
PyObject *script_tensor_array_interface (PyObject *self, void *closure);
/* Tells the recorder of tensors whose shared memory was written from outside. */
void script_buffer_check_shared (void);
