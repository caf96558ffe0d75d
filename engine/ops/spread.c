/* SPDX-License-Identifier: MIT
 *
 * The cards of spread: var and std, over everything or along dims. */
#include "reduce.h"

#include <math.h>

#define ENG_BOTH (ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)
#define FOR_0 (1 << 0)

/* var and std: unbiased is parameter `at`. The divisor may be 0 (NaN, as in PyTorch). */
static gboolean
infer_spread (EngCall *call, const EngValue *dim, gboolean keepdim, const char *name, GError **error)
{
  EngDtype dtype = eng_tensor_get_dtype (eng_arg_tensor (call, 0));
  gsize n = dim == NULL || dim->kind == ENG_VALUE_NONE ? 0 : dim->kind == ENG_VALUE_INT ? 1 : dim->ints.n;
  const gint64 *dims = n == 0 ? NULL : dim->kind == ENG_VALUE_INT ? &dim->integer : dim->ints.items;
  if (eng_dtype_category (dtype) != ENG_CATEGORY_FLOATING)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "%s only support floating point and complex dtypes", name);
  return eng_infer_reduce (call, n, dims, keepdim, dtype, error);
}

static double
finish_variance (double folded, double divisor)
{
  return folded / (divisor > 0 ? divisor : 0);
}

static double
finish_deviation (double folded, double divisor)
{
  return sqrt (finish_variance (folded, divisor));
}

static double
finish_quotient (double folded, double count)
{
  return folded / count;
}

/* Two passes in double: the mean, then the squares of what differs from it. */
static gboolean
run_spread (EngCall *call, const EngValue *dim, gboolean unbiased, EngFinish finish, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  guint ndim = eng_tensor_get_ndim (self);
  const gint64 *sizes = eng_tensor_get_sizes (self);
  guint32 mask = eng_reduced_mask (ndim, dim);
  double count = (double) eng_reduced_numel (ndim, sizes, mask);
  gint64 kept[ENG_MAX_NDIM];
  for (guint d = 0; d < ndim; d++)
    kept[d] = (mask >> d) & 1 ? 1 : sizes[d];
  g_autoptr (EngTensor) mean = eng_tensor_new (ENG_FLOAT64, ndim, kept, error);
  g_autoptr (EngTensor) wide = mean != NULL ? eng_tensor_new (ENG_FLOAT64, ndim, sizes, error) : NULL;
  if (wide == NULL)
    return FALSE;
  eng_run_fold (ENG_FOLD_SUM, mean, self, mask, finish_quotient, count);
  eng_kernel_copy (wide, self);
  EngTensor *inputs[] = { wide, mean };
  if (!eng_run_formula (ENG_FORMULA_SUB, wide, inputs, 2, NULL, error))
    return FALSE;
  eng_run_fold (ENG_FOLD_SQUARE_SUM, call->outputs[0], wide, mask, finish, count - (unbiased ? 1 : 0));
  return TRUE;
}

/* factor · (self − mean) · grad, the reduced dims of grad as 1. */
static EngTensor *
spread_gradient (EngVjp *vjp, EngTensor *grad, guint32 mask, gboolean unbiased, GError **error)
{
  const EngMeta *input = eng_vjp_get_input_meta (vjp, 0);
  EngTensor *self = eng_vjp_get_input (vjp, 0, error);
  gint64 dims[ENG_MAX_NDIM];
  guint n = 0;
  for (guint d = 0; d < input->ndim; d++)
    if ((mask >> d) & 1)
      dims[n++] = d;
  if (self == NULL)
    return NULL;
  double divisor = (double) eng_reduced_numel (input->ndim, input->sizes, mask) - (unbiased ? 1 : 0);
  g_autoptr (EngTensor) mean = n == 0 ? eng_tensor_ref (self) : eng_mean_dims (self, dims, n, TRUE, error);
  g_autoptr (EngTensor) rest = mean != NULL ? eng_sub (self, mean, error) : NULL;
  g_autoptr (EngTensor) slope = rest != NULL ? eng_mul_scalar (rest, 2 / (divisor > 0 ? divisor : 0), error) : NULL;
  return slope != NULL ? eng_mul (slope, grad, error) : NULL;
}

static gboolean
vjp_spread (EngVjp *vjp, const EngValue *dim, gboolean unbiased, gboolean root, EngTensor **grad_inputs, GError **error)
{
  const EngMeta *input = eng_vjp_get_input_meta (vjp, 0);
  guint32 mask = eng_reduced_mask (input->ndim, dim);
  g_autoptr (EngTensor) grad = eng_tensor_ref (vjp->grad_outputs[0]);
  if (root)
    {
      EngTensor *out = eng_vjp_get_output (vjp, 0, error);
      g_autoptr (EngTensor) twice = out != NULL ? eng_mul_scalar (out, 2, error) : NULL;
      EngTensor *scaled = twice != NULL ? eng_safe_ratio (grad, twice, error) : NULL;
      eng_tensor_unref (grad);
      grad = scaled;
    }
  g_autoptr (EngTensor) kept = grad != NULL ? eng_keep_reduced (grad, input, mask, error) : NULL;
  return kept != NULL && eng_vjp_give (grad_inputs, 0, spread_gradient (vjp, kept, mask, unbiased, error));
}

static gboolean
infer_var (EngCall *call, GError **error)
{
  return infer_spread (call, NULL, FALSE, "var", error);
}

static gboolean
kernel_var (EngCall *call, GError **error)
{
  return run_spread (call, NULL, eng_arg_bool (call, 1), finish_variance, error);
}

static gboolean
vjp_var (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return vjp_spread (vjp, NULL, vjp->args[1].boolean, FALSE, grad_inputs, error);
}

static gboolean
infer_var_dim (EngCall *call, GError **error)
{
  return infer_spread (call, &call->args[1], eng_arg_bool (call, 3), "var", error);
}

static gboolean
kernel_var_dim (EngCall *call, GError **error)
{
  return run_spread (call, &call->args[1], eng_arg_bool (call, 2), finish_variance, error);
}

static gboolean
vjp_var_dim (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return vjp_spread (vjp, &vjp->args[1], vjp->args[2].boolean, FALSE, grad_inputs, error);
}

const EngOp eng_op_var = {
  .signature = "var(Tensor self, bool unbiased=True) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "VarBackward0",
  .infer = infer_var,
  .kernel = kernel_var,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_var,
  .text = {
    .symbol = "var",
    .title = "variance",
    .formula = "{out} = var {0}",
    .caption = "{op} measured how far the {0.entries} of {0} spread: {out} = {out.value}.",
    .backward_caption = "{grad_fn} sent each entry of {to} the gradient times its distance from the mean, scaled.",
    .derivative = { { "{grad} × 2 ({0} − mean) / (n − 1)", "var multiplies by the distance from the mean, scaled", "× ({0} − mean)" } },
  },
  .samples = { "T(2,3)", "T(2,3), False", NULL },
};

const EngOp eng_op_var_dim = {
  .signature = "var.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "VarBackward0",
  .infer = infer_var_dim,
  .kernel = kernel_var_dim,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_var_dim,
  .text = {
    .symbol = "var",
    .title = "variance",
    .formula = "{out} = var {0}",
    .caption = "{op} measured the spread of {0} ({0.size}) along dim {param.dim} and made {out} ({out.size}).",
    .backward_caption = "{grad_fn} sent each entry of {to} the gradient times its distance from the mean, scaled.",
    .derivative = { { "{grad} × 2 ({0} − mean) / (n − 1)", "var multiplies by the distance from the mean, scaled", "× ({0} − mean)" } },
  },
  .samples = { "T(2,3), 1", "T(2,3), [0], False, True", NULL },
};

static gboolean
infer_std (EngCall *call, GError **error)
{
  return infer_spread (call, NULL, FALSE, "std", error);
}

static gboolean
kernel_std (EngCall *call, GError **error)
{
  return run_spread (call, NULL, eng_arg_bool (call, 1), finish_deviation, error);
}

static gboolean
vjp_std (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return vjp_spread (vjp, NULL, vjp->args[1].boolean, TRUE, grad_inputs, error);
}

static gboolean
infer_std_dim (EngCall *call, GError **error)
{
  return infer_spread (call, &call->args[1], eng_arg_bool (call, 3), "std", error);
}

static gboolean
kernel_std_dim (EngCall *call, GError **error)
{
  return run_spread (call, &call->args[1], eng_arg_bool (call, 2), finish_deviation, error);
}

static gboolean
vjp_std_dim (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return vjp_spread (vjp, &vjp->args[1], vjp->args[2].boolean, TRUE, grad_inputs, error);
}

const EngOp eng_op_std = {
  .signature = "std(Tensor self, bool unbiased=True) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "StdBackward0",
  .infer = infer_std,
  .kernel = kernel_std,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 }, { ENG_SAVE_OUTPUT (0), FOR_0 } },
  .vjp = vjp_std,
  .text = {
    .symbol = "std",
    .title = "standard deviation",
    .formula = "{out} = std {0}",
    .caption = "{op} measured how far the {0.entries} of {0} spread: {out} = {out.value}.",
    .backward_caption = "{grad_fn} sent each entry of {to} the gradient times its distance from the mean, scaled.",
    .derivative = { { "{grad} × ({0} − mean) / ((n − 1) {out})", "std multiplies by the distance from the mean, scaled", "× ({0} − mean)" } },
  },
  .samples = { "T(2,3)", "T(2,3), False", NULL },
};

const EngOp eng_op_std_dim = {
  .signature = "std.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "StdBackward0",
  .infer = infer_std_dim,
  .kernel = kernel_std_dim,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 }, { ENG_SAVE_OUTPUT (0), FOR_0 } },
  .vjp = vjp_std_dim,
  .text = {
    .symbol = "std",
    .title = "standard deviation",
    .formula = "{out} = std {0}",
    .caption = "{op} measured the spread of {0} ({0.size}) along dim {param.dim} and made {out} ({out.size}).",
    .backward_caption = "{grad_fn} sent each entry of {to} the gradient times its distance from the mean, scaled.",
    .derivative = { { "{grad} × ({0} − mean) / ((n − 1) {out})", "std multiplies by the distance from the mean, scaled", "× ({0} − mean)" } },
  },
  .samples = { "T(2,3), 1", "T(2,3), [0], False, True", NULL },
};
