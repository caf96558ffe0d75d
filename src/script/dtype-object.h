/* SPDX-License-Identifier: MIT
 *
 * torch.dtype: one immortal object per element type the engine has. */
#pragma once

#include "py.h"

extern PyTypeObject script_dtype_type;

gboolean script_dtype_type_ready (void);
/* The object of dtype (borrowed). */
PyObject *script_dtype_object (EngDtype dtype);
/* torch.dtype, or Python's float, int and bool; FALSE for anything else. */
gboolean script_dtype_from_python (PyObject *object, EngDtype *dtype);
/* Adds torch.float32, torch.float, torch.long, … to module. */
gboolean script_dtype_add_to (PyObject *module);
/* "torch.FloatTensor" */
const char *script_dtype_tensor_type_name (EngDtype dtype);
