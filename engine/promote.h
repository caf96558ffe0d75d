/* SPDX-License-Identifier: MIT
 *
 * The dtype of a result: tensors with dimensions come first, then 0-dim tensors,
 * then Python numbers; a lower group raises only the category. */
#pragma once

#include "value.h"

/* Over every TENSOR, TENSORS, BOOL, INT and FLOAT among the n values; others are
 * skipped. float32 (the default) when nothing counts. */
EngDtype eng_result_type (const EngValue *args, guint n);
/* Can a result of dtype from be stored in a tensor of dtype to (x += y)? */
gboolean eng_can_cast (EngDtype from, EngDtype to);
