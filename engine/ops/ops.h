/* SPDX-License-Identifier: MIT
 *
 * Operations as C calls: each builds the argument list of one card and goes
 * through the door. Every function returns a new reference, or NULL with error
 * set (ENG_ERROR); sizes and dtypes are the card's. Derivatives, modules and the
 * core call these. A Scalar is given as a double unless the name says int. */
#pragma once

#include "engine/call.h"

/* Creation: fresh leaves that do not require grad. */
EngTensor *eng_zeros (EngDtype dtype, guint ndim, const gint64 *sizes, GError **error);
EngTensor *eng_ones (EngDtype dtype, guint ndim, const gint64 *sizes, GError **error);
EngTensor *eng_full (EngDtype dtype, guint ndim, const gint64 *sizes, double value, GError **error);
EngTensor *eng_randn (guint ndim, const gint64 *sizes, GError **error);   /* default dtype and generator */
EngTensor *eng_rand (guint ndim, const gint64 *sizes, GError **error);
EngTensor *eng_zeros_like (EngTensor *self, GError **error);
EngTensor *eng_ones_like (EngTensor *self, GError **error);

/* Arithmetic: broadcast and promoted. */
EngTensor *eng_add (EngTensor *self, EngTensor *other, GError **error);
EngTensor *eng_sub (EngTensor *self, EngTensor *other, GError **error);
EngTensor *eng_mul (EngTensor *self, EngTensor *other, GError **error);
EngTensor *eng_div (EngTensor *self, EngTensor *other, GError **error);
EngTensor *eng_add_scalar (EngTensor *self, double other, GError **error);
EngTensor *eng_mul_scalar (EngTensor *self, double other, GError **error);
EngTensor *eng_div_scalar (EngTensor *self, double other, GError **error);
EngTensor *eng_rsub_scalar (EngTensor *self, double other, GError **error);     /* other − self */
EngTensor *eng_neg (EngTensor *self, GError **error);
EngTensor *eng_pow_scalar (EngTensor *self, double exponent, GError **error);
EngTensor *eng_pow (EngTensor *self, EngTensor *exponent, GError **error);
EngTensor *eng_reciprocal (EngTensor *self, GError **error);
EngTensor *eng_floor_divide (EngTensor *self, EngTensor *other, GError **error);

/* One entry at a time. */
EngTensor *eng_exp (EngTensor *self, GError **error);
EngTensor *eng_log (EngTensor *self, GError **error);
EngTensor *eng_sqrt (EngTensor *self, GError **error);
EngTensor *eng_abs (EngTensor *self, GError **error);
EngTensor *eng_sign (EngTensor *self, GError **error);
EngTensor *eng_tanh (EngTensor *self, GError **error);
EngTensor *eng_sigmoid (EngTensor *self, GError **error);
EngTensor *eng_relu (EngTensor *self, GError **error);
EngTensor *eng_log_sigmoid (EngTensor *self, GError **error);
EngTensor *eng_sin (EngTensor *self, GError **error);
EngTensor *eng_cos (EngTensor *self, GError **error);
EngTensor *eng_sinh (EngTensor *self, GError **error);
EngTensor *eng_cosh (EngTensor *self, GError **error);

/* Comparison (bool) and choice. */
EngTensor *eng_eq (EngTensor *self, EngTensor *other, GError **error);
EngTensor *eng_eq_scalar (EngTensor *self, double other, GError **error);
EngTensor *eng_ne_scalar (EngTensor *self, double other, GError **error);
EngTensor *eng_lt (EngTensor *self, EngTensor *other, GError **error);
EngTensor *eng_gt (EngTensor *self, EngTensor *other, GError **error);
EngTensor *eng_gt_scalar (EngTensor *self, double other, GError **error);
EngTensor *eng_ge_scalar (EngTensor *self, double other, GError **error);
EngTensor *eng_le_scalar (EngTensor *self, double other, GError **error);
EngTensor *eng_logical_not (EngTensor *self, GError **error);
EngTensor *eng_logical_and (EngTensor *self, EngTensor *other, GError **error);
EngTensor *eng_where (EngTensor *condition, EngTensor *self, EngTensor *other, GError **error);

/* Products. */
EngTensor *eng_mm (EngTensor *self, EngTensor *mat2, GError **error);     /* (M,K) @ (K,N) → (M,N) */
EngTensor *eng_mv (EngTensor *self, EngTensor *vec, GError **error);      /* (M,K) @ (K) → (M) */
EngTensor *eng_dot (EngTensor *self, EngTensor *tensor, GError **error);  /* (K), (K) → () */
EngTensor *eng_bmm (EngTensor *self, EngTensor *mat2, GError **error);    /* (B,M,K) @ (B,K,N) → (B,M,N) */

/* Sums and extremes. n_dims == 0 means all dims. */
EngTensor *eng_sum (EngTensor *self, GError **error);
EngTensor *eng_sum_dims (EngTensor *self, const gint64 *dims, guint n_dims, gboolean keepdim, GError **error);
EngTensor *eng_mean (EngTensor *self, GError **error);
EngTensor *eng_mean_dims (EngTensor *self, const gint64 *dims, guint n_dims, gboolean keepdim, GError **error);
EngTensor *eng_norm (EngTensor *self, double p, GError **error);

/* Views: no data is copied. */
EngTensor *eng_t (EngTensor *self, GError **error);
EngTensor *eng_transpose (EngTensor *self, gint64 dim0, gint64 dim1, GError **error);
EngTensor *eng_permute (EngTensor *self, guint n_dims, const gint64 *dims, GError **error);
EngTensor *eng_view (EngTensor *self, guint ndim, const gint64 *sizes, GError **error);
EngTensor *eng_expand (EngTensor *self, guint ndim, const gint64 *sizes, GError **error);
EngTensor *eng_unsqueeze (EngTensor *self, gint64 dim, GError **error);
EngTensor *eng_squeeze_dim (EngTensor *self, gint64 dim, GError **error);
EngTensor *eng_select (EngTensor *self, gint64 dim, gint64 index, GError **error);
EngTensor *eng_slice (EngTensor *self, gint64 dim, gint64 start, gint64 end, gint64 step, GError **error);
EngTensor *eng_unfold (EngTensor *self, gint64 dim, gint64 size, gint64 step, GError **error);
EngTensor *eng_diagonal (EngTensor *self, gint64 offset, gint64 dim1, gint64 dim2, GError **error);

/* Copies. eng_contiguous and eng_cast return self itself where nothing is to do;
 * eng_reshape is a view where it can be. */
EngTensor *eng_clone (EngTensor *self, GError **error);
EngTensor *eng_contiguous (EngTensor *self, GError **error);
EngTensor *eng_cast (EngTensor *self, EngDtype dtype, GError **error);
EngTensor *eng_reshape (EngTensor *self, guint ndim, const gint64 *sizes, GError **error);
EngTensor *eng_cat (EngTensor *const *tensors, guint n_tensors, gint64 dim, GError **error);
EngTensor *eng_stack (EngTensor *const *tensors, guint n_tensors, gint64 dim, GError **error);
EngTensor *eng_matmul (EngTensor *self, EngTensor *other, GError **error);   /* torch.matmul, see composite.h */

/* Indexing. dims: at which dim of self each index tensor begins; NULL: 0, 1, …. An index
 * is int64, or a bool mask, which takes as many dims as it has. */
EngTensor *eng_index (EngTensor *self, EngTensor *const *indices, guint n_indices, const gint64 *dims, GError **error);
EngTensor *eng_index_put (EngTensor *self, EngTensor *const *indices, guint n_indices, const gint64 *dims,
                          EngTensor *values, gboolean accumulate, GError **error);
EngTensor *eng_index_put_ (EngTensor *self, EngTensor *const *indices, guint n_indices, const gint64 *dims,
                           EngTensor *values, gboolean accumulate, GError **error);
EngTensor *eng_index_select (EngTensor *self, gint64 dim, EngTensor *index, GError **error);
EngTensor *eng_index_add (EngTensor *self, gint64 dim, EngTensor *index, EngTensor *source, GError **error);
EngTensor *eng_index_fill (EngTensor *self, gint64 dim, EngTensor *index, double value, GError **error);
EngTensor *eng_gather (EngTensor *self, gint64 dim, EngTensor *index, GError **error);
EngTensor *eng_scatter_value (EngTensor *self, gint64 dim, EngTensor *index, double value, GError **error);
EngTensor *eng_scatter_add (EngTensor *self, gint64 dim, EngTensor *index, EngTensor *src, GError **error);
EngTensor *eng_masked_fill (EngTensor *self, EngTensor *mask, double value, GError **error);
EngTensor *eng_masked_select (EngTensor *self, EngTensor *mask, GError **error);
EngTensor *eng_nonzero (EngTensor *self, GError **error);      /* (N, ndim) int64 */

/* In place: self is returned with one reference more. */
EngTensor *eng_zero_ (EngTensor *self, GError **error);
EngTensor *eng_fill_ (EngTensor *self, double value, GError **error);
EngTensor *eng_copy_ (EngTensor *self, EngTensor *src, GError **error);
EngTensor *eng_add_ (EngTensor *self, EngTensor *other, double alpha, GError **error);
EngTensor *eng_mul_scalar_ (EngTensor *self, double other, GError **error);
