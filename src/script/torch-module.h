/* SPDX-License-Identifier: MIT
 *
 * torch._C: everything of torch that is written in C; torch/__init__.py, a thin
 * Python file in resources/python, makes `torch` of it. */
#pragma once

#include "py.h"

/* For PyImport_AppendInittab ("_tapedeck_torch", …). */
PyObject *script_torch_module_init (void);
