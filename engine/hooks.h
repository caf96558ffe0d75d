/* SPDX-License-Identifier: MIT
 *
 * Functions that see, and may replace, the gradient of one tensor, and retained
 * gradients. A leaf's stand on the leaf, a result's on its grad_fn (they outlive
 * the tensor there, as in PyTorch). Retained gradients are taken after all hooks. */
#pragma once

#include "autograd.h"

typedef struct _EngHooks EngHooks;

/* Runs on *grad (owned; may be replaced) of output output_nr of the owner. */
gboolean eng_hooks_run (EngHooks *hooks, guint output_nr, EngTensor **grad, GError **error);
void eng_hooks_free (EngHooks *hooks);
/* The tensor goes, or gets another grad_fn: its hooks stay, but forget it. */
void eng_hooks_forget (EngHooks *hooks, const EngTensor *tensor);
/* Where tensor's hooks stand; created if create. NULL: none yet. */
EngHooks *eng_hooks_of (EngTensor *tensor, gboolean create);
void eng_hooks_retain (EngHooks *hooks, EngTensor *tensor);
/* Stores the gradient that reached output_nr in .grad of the tensor that asked for it. */
gboolean eng_hooks_store_retained (EngHooks *hooks, guint output_nr, EngTensor *grad, GError **error);
