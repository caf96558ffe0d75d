/* SPDX-License-Identifier: MIT
 *
 * The card of size: norm, any p, over everything or along dims. */
#include "reduce.h"

#include <math.h>

#define ENG_BOTH (ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)
#define FOR_0 (1 << 0)

/* Places of norm's arguments. */
#define P 1
#define DIM 2
#define KEEPDIM 3

static double
order_of (const EngValue *p)
{
  return p->kind == ENG_VALUE_NONE ? 2 : eng_value_as_double (p);
}

static gboolean
infer_norm (EngCall *call, GError **error)
{
  gsize n;
  const gint64 *dims = eng_arg_ints (call, DIM, &n);
  EngDtype dtype = eng_tensor_get_dtype (eng_arg_tensor (call, 0));
  if (eng_dtype_category (dtype) != ENG_CATEGORY_FLOATING)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "linalg.vector_norm: Expected a floating point or complex tensor as input. Got %s",
                           eng_dtype_scalar_name (dtype));
  return eng_infer_reduce (call, n, dims, eng_arg_bool (call, KEEPDIM), dtype, error);
}

static double
finish_root (double folded, double p)
{
  return p == 2 ? sqrt (folded) : pow (folded, 1 / p);
}

/* |self|ᵖ (or |self|, or self ≠ 0) in a temporary of double. */
static EngTensor *
powered (EngTensor *self, double p, GError **error)
{
  g_autoptr (EngTensor) copy = eng_tensor_new (ENG_FLOAT64, eng_tensor_get_ndim (self), eng_tensor_get_sizes (self),
                                               error);
  if (copy == NULL)
    return NULL;
  eng_kernel_copy (copy, self);
  double *x = eng_tensor_get_data (copy);
  for (gint64 i = 0; i < eng_tensor_get_numel (copy); i++)
    x[i] = p == 0 ? x[i] != 0 : isinf (p) ? fabs (x[i]) : pow (fabs (x[i]), p);
  return g_steal_pointer (&copy);
}

static gboolean
kernel_norm (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  EngTensor *out = call->outputs[0];
  guint32 mask = eng_reduced_mask (eng_tensor_get_ndim (self), &call->args[DIM]);
  double p = order_of (&call->args[P]);
  if (p == 2)
    eng_run_fold (ENG_FOLD_SQUARE_SUM, out, self, mask, finish_root, p);
  else if (p == 1)
    eng_run_fold (ENG_FOLD_ABS_SUM, out, self, mask, NULL, 0);
  else if (isinf (p) && p > 0)
    eng_run_fold (ENG_FOLD_ABS_MAX, out, self, mask, NULL, 0);
  else
    {
      g_autoptr (EngTensor) terms = powered (self, p, error);
      if (terms == NULL)
        return FALSE;
      eng_run_fold (isinf (p) ? ENG_FOLD_MIN : ENG_FOLD_SUM, out, terms, mask, p == 0 || isinf (p) ? NULL : finish_root,
                    p);
    }
  return TRUE;
}

EngTensor *
eng_safe_ratio (EngTensor *numerator, EngTensor *denominator, GError **error)
{
  g_autoptr (EngTensor) ratio = eng_div (numerator, denominator, error);
  g_autoptr (EngTensor) zero = ratio != NULL ? eng_zeros (eng_tensor_get_dtype (ratio), 0, NULL, error) : NULL;
  g_autoptr (EngTensor) vanishes = zero != NULL ? eng_eq_scalar (denominator, 0, error) : NULL;
  return vanishes != NULL ? eng_where (vanishes, zero, ratio, error) : NULL;
}

/* sign (self) · [|self| = out] / how many are: the slope of the ±∞ norms. */
static EngTensor *
slope_of_extreme (EngTensor *self, EngTensor *out, EngTensor *sign, guint32 mask, GError **error)
{
  gint64 dims[ENG_MAX_NDIM];
  guint n = 0;
  for (guint d = 0; d < eng_tensor_get_ndim (self); d++)
    if ((mask >> d) & 1)
      dims[n++] = d;
  g_autoptr (EngTensor) magnitude = eng_abs (self, error);
  g_autoptr (EngTensor) equal = magnitude != NULL ? eng_eq (magnitude, out, error) : NULL;
  g_autoptr (EngTensor) winners = equal != NULL ? eng_cast (equal, eng_tensor_get_dtype (self), error) : NULL;
  g_autoptr (EngTensor) count = winners == NULL ? NULL : n == 0 ? eng_tensor_ref (winners)
                                                                : eng_sum_dims (winners, dims, n, TRUE, error);
  g_autoptr (EngTensor) share = count != NULL ? eng_div (winners, count, error) : NULL;
  return share != NULL ? eng_mul (sign, share, error) : NULL;
}

/* d norm / d self; out has its reduced dims as 1. */
static EngTensor *
slope_of_norm (EngTensor *self, EngTensor *out, double p, guint32 mask, GError **error)
{
  if (p == 2)
    return eng_safe_ratio (self, out, error);
  g_autoptr (EngTensor) sign = eng_sign (self, error);
  if (sign == NULL || p == 1)
    return g_steal_pointer (&sign);
  if (isinf (p))
    return slope_of_extreme (self, out, sign, mask, error);
  g_autoptr (EngTensor) magnitude = eng_abs (self, error);
  g_autoptr (EngTensor) ratio = magnitude != NULL ? eng_safe_ratio (magnitude, out, error) : NULL;
  g_autoptr (EngTensor) power = ratio != NULL ? eng_pow_scalar (ratio, p - 1, error) : NULL;
  return power != NULL ? eng_mul (sign, power, error) : NULL;
}

static gboolean
vjp_norm (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  const EngMeta *input = eng_vjp_get_input_meta (vjp, 0);
  guint32 mask = eng_reduced_mask (input->ndim, &vjp->args[DIM]);
  double p = order_of (&vjp->args[P]);
  EngTensor *self = eng_vjp_get_input (vjp, 0, error);
  EngTensor *out = self != NULL ? eng_vjp_get_output (vjp, 0, error) : NULL;
  if (out == NULL)
    return FALSE;
  if (p == 0)
    return eng_vjp_give (grad_inputs, 0, eng_zeros_like (self, error));
  g_autoptr (EngTensor) kept = eng_keep_reduced (out, input, mask, error);
  g_autoptr (EngTensor) grad = kept != NULL ? eng_keep_reduced (vjp->grad_outputs[0], input, mask, error) : NULL;
  g_autoptr (EngTensor) slope = grad != NULL ? slope_of_norm (self, kept, p, mask, error) : NULL;
  return slope != NULL && eng_vjp_give (grad_inputs, 0, eng_mul (slope, grad, error));
}

const EngOp eng_op_norm = {
  .signature = "norm.ScalarOpt_dim(Tensor self, Scalar? p=2, int[1]? dim=None, bool keepdim=False) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "NormBackward1",
  .infer = infer_norm,
  .kernel = kernel_norm,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 }, { ENG_SAVE_OUTPUT (0), FOR_0 } },
  .vjp = vjp_norm,
  .text = {
    .symbol = "norm",
    .title = "size (norm)",
    .formula = "{out} = ‖{0}‖",
    .caption = "{op} measured the size of {0} ({0.size}): {out} = {out.value}.",
    .backward_caption = "{grad_fn} sent {to} the direction {0} / {out}, times the gradient.",
    .derivative = { { "{grad} × {0} / {out}", "norm multiplies by its input divided by the norm", "× {0}/{out}" } },
  },
  .samples = { "T(2,3)", "T(2,3), 1", "T(2,3), 3, [1], True", "T(2,3), inf, [0]", "T(2,3), 2, 0", "T(0)", "T()", NULL },
};

EngTensor *
eng_norm (EngTensor *self, double p, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_double (p), eng_value_none (), eng_value_bool (FALSE) };
  return eng_call_one (&eng_op_norm, args, error);
}
