/* SPDX-License-Identifier: MIT
 *
 * torch.Size: a tuple of ints that prints as torch.Size([2, 3]). */
#pragma once

#include "py.h"

extern PyTypeObject script_size_type;

gboolean script_size_type_ready (void);
PyObject *script_size_new (guint ndim, const gint64 *sizes);
