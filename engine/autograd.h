/* SPDX-License-Identifier: MIT
 *
 * Back-propagation. A grad_fn is made by the door for each differentiable result;
 * leaves end in AccumulateGrad. backward runs ready grad_fns, latest-made first
 * (PyTorch's order: higher sequence number first, AccumulateGrad at once), with a
 * work list, never by recursion. */
#pragma once

#include "op.h"

EngGradFn *eng_grad_fn_ref (EngGradFn *grad_fn);
void eng_grad_fn_unref (EngGradFn *grad_fn);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngGradFn, eng_grad_fn_unref)

guint64 eng_grad_fn_get_id (const EngGradFn *grad_fn);               /* never reused */
guint64 eng_grad_fn_get_sequence_nr (const EngGradFn *grad_fn);
const char *eng_grad_fn_get_name (const EngGradFn *grad_fn);         /* "MmBackward0", "AccumulateGrad" */
const EngOp *eng_grad_fn_get_op (const EngGradFn *grad_fn);          /* NULL for AccumulateGrad */
guint eng_grad_fn_get_n_next (const EngGradFn *grad_fn);
EngGradFn *eng_grad_fn_get_next (const EngGradFn *grad_fn, guint k, guint *input_nr); /* borrowed; NULL: needs none */
EngTensor *eng_grad_fn_get_variable (const EngGradFn *grad_fn);      /* AccumulateGrad's leaf, borrowed */
guint eng_grad_fn_get_n_saved (const EngGradFn *grad_fn);
EngTensor *eng_grad_fn_dup_saved (EngGradFn *grad_fn, guint k, GError **error);
/* For a leaf that requires grad: its AccumulateGrad (new reference). */
EngGradFn *eng_tensor_dup_grad_accumulator (EngTensor *leaf);

/* Hooks. before: sees and may replace the gradient of one tensor (register_hook).
 * The returned tensor replaces grad (new reference), NULL keeps it; error stops. */
typedef EngTensor *(*EngTensorHook) (EngTensor *grad, gpointer data, GError **error);
guint64 eng_tensor_add_hook (EngTensor *tensor, EngTensorHook hook, gpointer data, GDestroyNotify destroy, GError **error);
/* By the id that adding it gave; an unknown id is ignored: removing twice is no error in PyTorch either. */
void eng_hook_remove (guint64 id);

/* Run backward from roots; grads[k] has roots[k]'s sizes, or is NULL for roots of one
 * element (then 1); grads NULL: all are. eng_backward accumulates into .grad of the
 * leaves; eng_grad touches no .grad and fills results with the gradients of inputs
 * (n_inputs > 0), owned by the caller, NULL where unused and allow_unused. On FALSE
 * nothing is left in results, and error is in PyTorch's words. */
gboolean eng_backward (EngTensor *const *roots, EngTensor *const *grads, guint n_roots,
                       gboolean retain_graph, gboolean create_graph, GError **error);
gboolean eng_grad (EngTensor *const *roots, EngTensor *const *grads, guint n_roots,
                   EngTensor *const *inputs, guint n_inputs, EngTensor **results,
                   gboolean retain_graph, gboolean create_graph, gboolean allow_unused, GError **error);
