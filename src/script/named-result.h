/* SPDX-License-Identifier: MIT
 *
 * Several results at once: torch.return_types.max with its fields' names. */
#pragma once

#include "py.h"

/* A named tuple of items (borrowed) for the operation `name`; the fields' names are
 * read from the schema's "-> (Tensor values, Tensor indices)". A plain tuple when
 * the schema names none. */
PyObject *script_named_result_new (const char *name, const char *schema, PyObject *const *items, guint n);
