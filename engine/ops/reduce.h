/* SPDX-License-Identifier: MIT
 *
 * What the reducing cards share: which dims a call reduces, and how a result is
 * seen again beside its input. */
#pragma once

#include "card.h"

/* The dims that a checked `dim` argument names, as bits; NULL, None or [] mean all. */
guint32 eng_reduced_mask (guint ndim, const EngValue *dim);
/* How many elements go into one result. */
gint64 eng_reduced_numel (guint ndim, const gint64 *sizes, guint32 mask);
/* A result with its reduced dims put back as size 1, so that it broadcasts against
 * the input. New reference. */
EngTensor *eng_keep_reduced (EngTensor *reduced, const EngMeta *input, guint32 mask, GError **error);
/* numerator / denominator, 0 where the denominator is 0. New reference. */
EngTensor *eng_safe_ratio (EngTensor *numerator, EngTensor *denominator, GError **error);
