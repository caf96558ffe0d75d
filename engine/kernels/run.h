/* SPDX-License-Identifier: MIT
 *
 * Walks tensors of any strides and hands rows of them to the kernel table. Cards
 * call these from their `kernel`; inputs are broadcast to the output's sizes.
 * Dtypes are as the table wants them: the door and the cards cast before. */
#pragma once

#include "engine/inline.h"
#include "engine/op.h"
#include "kernels.h"

/* out = row over the inputs, each broadcast to out's sizes. numbers may be NULL. */
void eng_run_row (EngRow row, EngTensor *out, EngTensor *const *inputs, guint n_inputs, const double *numbers);
/* The formula of the inputs' dtype. FALSE with a "not implemented" error if the
 * table has no such kernel. */
gboolean eng_run_formula (EngFormula formula, EngTensor *out, EngTensor *const *inputs, guint n_inputs,
                          const double *numbers, GError **error);
/* A card's whole kernel: parameter 0, then parameter 1 where it is a tensor or a
 * Scalar, into outputs[0]. */
gboolean eng_kernel_unary (EngCall *call, EngFormula formula, GError **error);
gboolean eng_kernel_binary (EngCall *call, EngFormula formula, const double *numbers, GError **error);

/* The same for cards that name their formula (EngOp.formula), without numbers. */
gboolean eng_kernel_one (EngCall *call, GError **error);
gboolean eng_kernel_two (EngCall *call, GError **error);
/* The kernel of cards that name a formula (EngOp.formula): its operands are the call's
 * tensors in order, its p, q and r the call's numbers in order. */
gboolean eng_kernel_formula (EngCall *call, GError **error);

/* Copies src into dst: broadcast to its sizes, converted to its dtype, any strides.
 * Their memory must not overlap. */
void eng_kernel_copy (EngTensor *dst, const EngTensor *src);
/* The same where it may: then by way of a temporary (error: no memory for it; nothing
 * was written). */
gboolean eng_kernel_copy_within (EngTensor *dst, const EngTensor *src, GError **error);
void eng_kernel_fill (EngTensor *dst, double value);
void eng_kernel_fill_int64 (EngTensor *dst, gint64 value);

/* Folds self over the dims in mask; out holds the kept dims (with or without the
 * reduced ones as 1) and may be of another dtype. Every accumulator goes through
 * `finish` (NULL: as it is); number is finish's own argument. MAX and MIN need at
 * least one element. */
typedef double (*EngFinish) (double folded, double number);
void eng_run_fold (EngFold fold, EngTensor *out, EngTensor *self, guint32 mask, EngFinish finish, double number);

/* For each row of self along dim: the largest (smallest) value and the place of its
 * first occurrence; NaN wins. values (self's dtype) may be NULL; both hold self's
 * sizes without dim, or with dim as 1. The rows must not be empty. */
void eng_run_pick (gboolean largest, EngTensor *values, EngTensor *indices, EngTensor *self, guint dim);

/* out = a @ b for 2-D operands of one dtype, any strides; out is contiguous. Sets
 * product->out, the first element of the result. */
void eng_run_product (EngTensor *out, gint64 out_offset, EngProduct *product, EngDtype dtype);
