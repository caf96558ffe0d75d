/* SPDX-License-Identifier: MIT
 *
 * The door's way for operations that write their first argument; call.c sends
 * them here. */
#pragma once

#include "op.h"

/* For ENG_OP_MUTATES_SELF: the kernel itself writes args[0]. Returns a new
 * reference to args[0], NULL with error set. */
EngTensor *eng_call_mutating (const EngOp *op, const EngValue *args, GError **error);
