/* SPDX-License-Identifier: MIT
 *
 * Arithmetic on sizes and strides, with PyTorch's error texts. Shape rules of
 * cards and the tensor constructors call it; nothing here touches memory of
 * tensors. Sizes and strides count elements, row-major. */
#pragma once

#include "tensor.h"

/* Product of the sizes (1 for ndim 0). Sizes were checked before. */
gint64 eng_shape_numel (guint ndim, const gint64 *sizes);
/* The same with checks: negative sizes and overflow of numel × item_size are errors. */
gboolean eng_shape_check (guint ndim, const gint64 *sizes, gsize item_size, gint64 *numel, GError **error);
/* Row-major strides of a fresh tensor (a size of 0 counts as 1, as in PyTorch). */
void eng_shape_contiguous_strides (guint ndim, const gint64 *sizes, gint64 *strides);
gboolean eng_shape_is_contiguous (guint ndim, const gint64 *sizes, const gint64 *strides);
gboolean eng_shape_equal (guint a_ndim, const gint64 *a, guint b_ndim, const gint64 *b);
/* Sets out to the broadcast of a and b, out_ndim to its length. Out may be a.
 * Error: "The size of tensor a (3) must match the size of tensor b (4) at
 * non-singleton dimension 0". */
gboolean eng_shape_broadcast (guint a_ndim, const gint64 *a, guint b_ndim, const gint64 *b,
                              guint *out_ndim, gint64 *out, GError **error);
/* Strides that read a tensor of (ndim, sizes, strides) as if it had out_sizes:
 * 0 where it is repeated. Assumes that the broadcast is legal. */
void eng_shape_broadcast_strides (guint ndim, const gint64 *sizes, const gint64 *strides,
                                  guint out_ndim, const gint64 *out_sizes, gint64 *out_strides);
/* dim in [-ndim, ndim-1] → [0, ndim-1]; a 0-dim tensor counts as 1-dim. Returns
 * -1 with IndexError "Dimension out of range (expected to be in range of [-2, 1],
 * but got 2)". */
int eng_shape_wrap_dim (gint64 dim, guint ndim, GError **error);
/* Strides of a view with new sizes over the same memory; FALSE if it cannot be
 * had without a copy (no error is set). */
gboolean eng_shape_view_strides (guint ndim, const gint64 *sizes, const gint64 *strides,
                                 guint new_ndim, const gint64 *new_sizes, gint64 *new_strides);
/* Replaces one -1 in sizes by what is left of numel. Errors as PyTorch: "shape
 * '[4, 2]' is invalid for input of size 6", "only one dimension can be inferred". */
gboolean eng_shape_infer (guint ndim, gint64 *sizes, gint64 numel, GError **error);
/* "[2, 3]", "[]". Owned by the caller. */
char *eng_shape_to_string (guint ndim, const gint64 *sizes);
