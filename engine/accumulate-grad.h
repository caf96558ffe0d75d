/* SPDX-License-Identifier: MIT
 *
 * The end of a leaf: its gradient is stored in .grad, or added to what is there. */
#pragma once

#include "grad-fn.h"

/* grad is borrowed; with one reference it may become .grad itself. Sets *accumulated when there was a gradient before. */
gboolean eng_accumulate_grad_run (EngGradFn *grad_fn, EngTensor *grad, gboolean *accumulated, GError **error);
