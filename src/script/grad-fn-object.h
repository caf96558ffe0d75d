/* SPDX-License-Identifier: MIT
 *
 * Grad_fns as Python sees them: one object per grad_fn while it is alive, of a
 * class named like it (MulBackward0). */
#pragma once

#include "py.h"

gboolean script_grad_fn_type_ready (void);
/* The object of grad_fn, which is taken (new reference). */
PyObject *script_grad_fn_wrap (EngGradFn *grad_fn);
