/* SPDX-License-Identifier: MIT
 *
 * History of a base and its views when one view is written in place: the base
 * gets a CopySlices grad_fn, and every view an AsStridedBackward0 over the base. */
#pragma once

#include "autograd.h"

typedef struct _EngCopySlices EngCopySlices;

/* view was written by the operation of grad_fn: its base's history becomes CopySlices. */
void eng_view_rebase_history (EngTensor *view, EngGradFn *grad_fn);
/* Gives a view whose base changed the history that reads it from the base. */
void eng_view_renew_history (EngTensor *view);

/* The backward loop's part. grad is borrowed, grad_inputs become the caller's. */
gboolean eng_copy_slices_run (EngGradFn *grad_fn, EngTensor *grad, guint64 needs,
                              EngTensor **grad_inputs, GError **error);
EngGradFn *eng_copy_slices_get_inner (const EngCopySlices *slices);   /* of the operation; borrowed */
void eng_copy_slices_free (EngCopySlices *slices);
