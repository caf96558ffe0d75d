/* SPDX-License-Identifier: MIT
 *
 * The one door: every operation of every caller goes through eng_call. */
#pragma once

#include "op.h"

/* Runs op on args (signature->n_params values, defaults filled in). On success
 * outputs[0 … n_outputs-1] are new references; FALSE sets error (ENG_ERROR) and
 * leaves inputs and graph as they were. */
gboolean eng_call (const EngOp *op, const EngValue *args, EngTensor **outputs, GError **error);
/* The in-place twin: the result is written into args[0].tensor, whose version is
 * bumped and whose history is rebased, as PyTorch does. Returns a new reference
 * to it. Errors as PyTorch: leaf that requires grad, result type, sizes. */
EngTensor *eng_call_inplace (const EngOp *op, const EngValue *args, GError **error);

/* What the student wrote for the next call ("@", "+"); cleared by that call.
 * Static strings only. */
void eng_call_set_written (const char *written);
/* Whether the next call's second operand stands before its first in the source: 2 * x is
 * mul (x, 2). Cleared by that call. */
void eng_call_set_swapped (gboolean swapped);

/* Grad mode (per process; one thread uses the engine). Returns the old value. */
gboolean eng_grad_mode_get (void);
gboolean eng_grad_mode_set (gboolean enabled);

/* Hooks round kernels expected to take longer than 50 µs, so that a host can let
 * other threads run. NULL to remove. */
void eng_set_long_kernel_hooks (void (*leave) (void), void (*enter) (void));
