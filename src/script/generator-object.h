/* SPDX-License-Identifier: MIT
 *
 * torch.Generator: a Python handle on an engine generator. */
#pragma once

#include "py.h"

extern PyTypeObject script_generator_type;

gboolean script_generator_type_ready (void);
/* The engine's generator of a torch.Generator, borrowed; NULL for other objects. */
EngGenerator *script_generator_get (PyObject *object);
/* torch.default_generator (new reference). */
PyObject *script_generator_default (void);
/* Functions manual_seed, seed, initial_seed, get_rng_state and set_rng_state. */
extern PyMethodDef script_generator_functions[];
