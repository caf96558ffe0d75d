/* SPDX-License-Identifier: MIT
 *
 * The cards of sum and mean, over everything or over dims. Their derivative spreads
 * the gradient back over the entries that went in. */
#include "reduce.h"

#define ENG_BOTH (ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)

/* Places of the arguments in sum.dim and mean.dim. */
#define DIM 1
#define KEEPDIM 2

/* Integers and bool add up in int64; dtype= converts before adding. */
static EngDtype
sum_dtype (EngCall *call, guint dtype_arg)
{
  EngDtype dtype = eng_tensor_get_dtype (eng_arg_tensor (call, 0));
  EngDtype natural = eng_dtype_category (dtype) == ENG_CATEGORY_FLOATING ? dtype : ENG_INT64;
  EngDtype wanted = eng_arg_dtype (call, dtype_arg, natural);
  if (wanted != natural)
    call->compute_dtype = wanted;
  return wanted;
}

static gboolean
infer_sum (EngCall *call, GError **error)
{
  return eng_infer_reduce (call, 0, NULL, FALSE, sum_dtype (call, 1), error);
}

static gboolean
infer_sum_dim (EngCall *call, GError **error)
{
  gsize n;
  const gint64 *dims = eng_arg_ints (call, DIM, &n);
  return eng_infer_reduce (call, n, dims, eng_arg_bool (call, KEEPDIM), sum_dtype (call, 3), error);
}

static gboolean
mean_dtype (EngCall *call, guint dtype_arg, EngDtype *dtype, GError **error)
{
  EngDtype own = eng_tensor_get_dtype (eng_arg_tensor (call, 0));
  *dtype = eng_arg_dtype (call, dtype_arg, own);
  if (eng_dtype_category (*dtype) != ENG_CATEGORY_FLOATING)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "mean(): could not infer output dtype. Input dtype must be either a floating point or "
                           "complex dtype. Got: %s", eng_dtype_scalar_name (*dtype));
  if (*dtype != own)
    call->compute_dtype = *dtype;
  return TRUE;
}

static gboolean
infer_mean (EngCall *call, GError **error)
{
  EngDtype dtype;
  return mean_dtype (call, 1, &dtype, error) && eng_infer_reduce (call, 0, NULL, FALSE, dtype, error);
}

static gboolean
infer_mean_dim (EngCall *call, GError **error)
{
  gsize n;
  EngDtype dtype;
  const gint64 *dims = eng_arg_ints (call, DIM, &n);
  return mean_dtype (call, 3, &dtype, error)
         && eng_infer_reduce (call, n, dims, eng_arg_bool (call, KEEPDIM), dtype, error);
}

guint32
eng_reduced_mask (guint ndim, const EngValue *dim)
{
  guint32 mask = 0;
  gsize n = dim == NULL || dim->kind == ENG_VALUE_NONE ? 0 : dim->kind == ENG_VALUE_INT ? 1 : dim->ints.n;
  const gint64 *dims = n == 0 ? NULL : dim->kind == ENG_VALUE_INT ? &dim->integer : dim->ints.items;
  gboolean valid = eng_reduce_mask (ndim, n, dims, &mask, NULL);
  g_assert (valid);
  return mask;
}

gint64
eng_reduced_numel (guint ndim, const gint64 *sizes, guint32 mask)
{
  gint64 numel = 1;
  for (guint d = 0; d < ndim; d++)
    numel *= (mask >> d) & 1 ? sizes[d] : 1;
  return numel;
}

EngTensor *
eng_keep_reduced (EngTensor *reduced, const EngMeta *input, guint32 mask, GError **error)
{
  gint64 kept[ENG_MAX_NDIM];
  if (eng_tensor_get_ndim (reduced) == input->ndim)
    return eng_tensor_ref (reduced);
  for (guint d = 0; d < input->ndim; d++)
    kept[d] = (mask >> d) & 1 ? 1 : input->sizes[d];
  return eng_reshape (reduced, input->ndim, kept, error);
}

static double
finish_mean (double folded, double count)
{
  return folded / count;
}

static gboolean
run_sum (EngCall *call, const EngValue *dim, gboolean mean)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  guint ndim = eng_tensor_get_ndim (self);
  guint32 mask = eng_reduced_mask (ndim, dim);
  double count = (double) eng_reduced_numel (ndim, eng_tensor_get_sizes (self), mask);
  eng_run_fold (ENG_FOLD_SUM, call->outputs[0], self, mask, mean ? finish_mean : NULL, count);
  return TRUE;
}

static gboolean
kernel_sum (EngCall *call, GError **error)
{
  return run_sum (call, NULL, FALSE);
}

#define QUICK_NUMEL 16384

/* One row of floats, added up as eng_run_fold does. */
static EngTensor *
quick_sum (const EngValue *args)
{
  const EngTensor *self = args[0].tensor;
  EngAccumulator total = { .number = 0 };
  EngDtype dtype = (EngDtype) self->dtype;
  if (args[1].kind != ENG_VALUE_NONE || !self->is_contiguous || self->numel > QUICK_NUMEL
      || (dtype != ENG_FLOAT32 && dtype != ENG_FLOAT64))
    return NULL;
  EngTensor *out = eng_tensor_new (dtype, 0, NULL, NULL);
  if (G_UNLIKELY (out == NULL))
    return NULL;
  eng_kernels->folds[dtype][ENG_FOLD_SUM].along (&total, self->data, 1, self->numel);
  if (dtype == ENG_FLOAT32)
    *(float *) out->data = (float) total.number;
  else
    *(double *) out->data = total.number;
  return out;
}

static gboolean
kernel_sum_dim (EngCall *call, GError **error)
{
  return run_sum (call, &call->args[DIM], FALSE);
}

static gboolean
kernel_mean (EngCall *call, GError **error)
{
  return run_sum (call, NULL, TRUE);
}

static gboolean
kernel_mean_dim (EngCall *call, GError **error)
{
  return run_sum (call, &call->args[DIM], TRUE);
}

/* The gradient, seen again at the input's sizes (a view: nothing is copied). */
static EngTensor *
spread (EngVjp *vjp, const EngValue *dim, GError **error)
{
  const EngMeta *input = eng_vjp_get_input_meta (vjp, 0);
  EngTensor *grad = vjp->grad_outputs[0];
  if (dim == NULL)
    return eng_expand (grad, input->ndim, input->sizes, error);
  g_autoptr (EngTensor) thin = eng_keep_reduced (grad, input, eng_reduced_mask (input->ndim, dim), error);
  return thin != NULL ? eng_expand (thin, input->ndim, input->sizes, error) : NULL;
}

static EngTensor *
spread_mean (EngVjp *vjp, const EngValue *dim, GError **error)
{
  const EngMeta *input = eng_vjp_get_input_meta (vjp, 0);
  gint64 count = eng_reduced_numel (input->ndim, input->sizes, eng_reduced_mask (input->ndim, dim));
  g_autoptr (EngTensor) wide = spread (vjp, dim, error);
  return wide != NULL ? eng_div_scalar (wide, (double) count, error) : NULL;
}

static gboolean
vjp_sum (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_give (grad_inputs, 0, spread (vjp, NULL, error));
}

static gboolean
vjp_sum_dim (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_give (grad_inputs, 0, spread (vjp, &vjp->args[DIM], error));
}

static gboolean
vjp_mean (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_give (grad_inputs, 0, spread_mean (vjp, NULL, error));
}

static gboolean
vjp_mean_dim (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_give (grad_inputs, 0, spread_mean (vjp, &vjp->args[DIM], error));
}

const EngOp eng_op_sum = {
  .signature = "sum(Tensor self, *, ScalarType? dtype=None) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "SumBackward0",
  .infer = infer_sum,
  .kernel = kernel_sum,
  .quick = quick_sum,
  .vjp = vjp_sum,
  .text = {
    .symbol = "sum",
    .title = "sum of all entries",
    .formula = "{out} = Σ {0}",
    .caption = "{op} added the {0.entries} of {0}: {out} = {out.value}.",
    .backward_caption = "{grad_fn} copied the gradient {grad.value} to {0.all_entries} of {to}.",
    .derivative = { { "{grad} for every entry", "sum copies its gradient to every entry",
                      "copies {grad.value} to all {0.numel}" } },
  },
  .samples = { "T(2,3)", "T()", "T(0,3)", "I(4)", "B(5)", "I(4), dtype=float64", NULL },
};

const EngOp eng_op_sum_dim = {
  .signature = "sum.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "SumBackward1",
  .infer = infer_sum_dim,
  .kernel = kernel_sum_dim,
  .vjp = vjp_sum_dim,
  .text = {
    .symbol = "sum",
    .title = "sums along dimensions",
    .formula = "{out} = Σ over dim {param.dim} of {0}",
    .caption = "{op} added the entries of {0} ({0.size}) along dim {param.dim} and made {out} ({out.size}).",
    .caption_moved = "{op} added the entries of {0} along dim {param.dim}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} copied each gradient to all entries of {to} that were added up in it.",
    .derivative = { { "{grad} for every entry", "sum copies its gradient to every entry", "copies" } },
  },
  .samples = { "T(2,3), 0", "T(2,3), [1], True", "T(2,3,4), [0,-1]", "T(0,3), 0", "I(4), 0", "T(), 0", "T(2,3), None",
               NULL },
};

const EngOp eng_op_mean = {
  .signature = "mean(Tensor self, *, ScalarType? dtype=None) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "MeanBackward0",
  .infer = infer_mean,
  .kernel = kernel_mean,
  .vjp = vjp_mean,
  .text = {
    .symbol = "mean",
    .title = "mean of all entries",
    .formula = "{out} = Σ {0} / {0.numel}",
    .caption = "{op} averaged the {0.entries} of {0}: {out} = {out.value}.",
    .backward_caption = "{grad_fn} gave {0.all_entries} of {to} the gradient / {0.numel}.",
    .derivative = { { "{grad} / {0.numel}", "mean shares its gradient equally among the entries",
                      "÷ {0.numel} to each" } },
  },
  .samples = { "T(2,3)", "T()", "I(4), dtype=float64", NULL },
};

const EngOp eng_op_mean_dim = {
  .signature = "mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "MeanBackward1",
  .infer = infer_mean_dim,
  .kernel = kernel_mean_dim,
  .vjp = vjp_mean_dim,
  .text = {
    .symbol = "mean",
    .title = "means along dimensions",
    .formula = "{out} = mean over dim {param.dim} of {0}",
    .caption = "{op} averaged the entries of {0} ({0.size}) along dim {param.dim} and made {out} ({out.size}).",
    .caption_moved = "{op} averaged the entries of {0} along dim {param.dim}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} shared each gradient equally among the entries of {to} that were averaged in it.",
    .derivative = { { "{grad} / count", "mean shares its gradient equally among the entries", "shares equally" } },
  },
  .samples = { "T(2,3), 0", "T(2,3), [1], True", "T(2,3,4), [0,-1]", "T(), 0", NULL },
};

static EngTensor *
call_dims (const EngOp *op, EngTensor *self, const gint64 *dims, guint n_dims, gboolean keepdim, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), n_dims > 0 ? eng_value_ints (dims, n_dims) : eng_value_none (),
                      eng_value_bool (keepdim), eng_value_none () };
  return eng_call_one (op, args, error);
}

EngTensor *
eng_sum (EngTensor *self, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_none () };
  return eng_call_one (&eng_op_sum, args, error);
}

EngTensor *
eng_sum_dims (EngTensor *self, const gint64 *dims, guint n_dims, gboolean keepdim, GError **error)
{
  return call_dims (&eng_op_sum_dim, self, dims, n_dims, keepdim, error);
}

EngTensor *
eng_mean (EngTensor *self, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_none () };
  return eng_call_one (&eng_op_mean, args, error);
}

EngTensor *
eng_mean_dims (EngTensor *self, const gint64 *dims, guint n_dims, gboolean keepdim, GError **error)
{
  return call_dims (&eng_op_mean_dim, self, dims, n_dims, keepdim, error);
}
