/* SPDX-License-Identifier: MIT
 *
 * Running the vjp of one grad_fn: shared by the backward loop and CopySlices. */
#pragma once

#include "grad-fn.h"

/* Fills grad_inputs[0 … n_next-1] (NULL beforehand; owned by the caller after)
 * for the bits of needs, with broadcasting undone and cast to each input's dtype.
 * With no gradient at all it leaves everything NULL. */
gboolean eng_vjp_run (EngGradFn *grad_fn, EngTensor *const *grad_outputs, guint64 needs,
                      EngTensor **grad_inputs, GError **error);
/* Makes *grad fit meta: summed over what was broadcast, cast. Takes and gives a reference. */
gboolean eng_vjp_fit (EngGradFn *grad_fn, guint k, const EngMeta *meta, EngTensor **grad, GError **error);
