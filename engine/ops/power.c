/* SPDX-License-Identifier: MIT
 *
 * The cards of powers: tensor ** number, tensor ** tensor, number ** tensor. Whole
 * and half exponents that everybody writes have their own formulas, as exact as
 * multiplying out. */
#include "card.h"

#include <math.h>

#define ENG_METHODS (ENG_OP_ELEMENTWISE | ENG_OP_INPLACE_TWIN | ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)
#define FOR_0 (1 << 0)
#define FOR_1 (1 << 1)

static gboolean
infer_pow_scalar (EngCall *call, GError **error)
{
  if (!eng_infer_binary (call, error))
    return FALSE;
  if (eng_dtype_category (call->compute_dtype) != ENG_CATEGORY_FLOATING && eng_arg_double (call, 1) < 0)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "Integers to negative integer powers are not allowed.");
  return TRUE;
}

/* The formula that multiplies this exponent out; ENG_N_FORMULAS if there is none. */
static EngFormula
formula_of_exponent (double exponent, gboolean floating)
{
  if (exponent == 2)
    return ENG_FORMULA_SQUARE;
  if (exponent == 3)
    return ENG_FORMULA_CUBE;
  if (floating && exponent == 0.5)
    return ENG_FORMULA_SQRT;
  if (floating && exponent == -0.5)
    return ENG_FORMULA_RSQRT;
  if (floating && exponent == -1)
    return ENG_FORMULA_RECIPROCAL;
  return ENG_N_FORMULAS;
}

static gboolean
kernel_pow (EngCall *call, GError **error)
{
  return eng_kernel_binary (call, ENG_FORMULA_POW, NULL, error);
}

static gboolean
kernel_pow_scalar (EngCall *call, GError **error)
{
  gboolean floating = eng_dtype_category (call->compute_dtype) == ENG_CATEGORY_FLOATING;
  EngFormula formula = formula_of_exponent (eng_arg_double (call, 1), floating);
  return formula == ENG_N_FORMULAS ? kernel_pow (call, error) : eng_kernel_unary (call, formula, error);
}

/* grad · n · selfⁿ⁻¹; 0 for n = 0, where self⁻¹ may be infinite. */
static gboolean
vjp_pow_scalar (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *grad = vjp->grad_outputs[0];
  double exponent = eng_value_as_double (&vjp->args[1]);
  EngTensor *self = eng_vjp_get_input (vjp, 0, error);
  if (self == NULL)
    return FALSE;
  if (exponent == 0)
    return eng_vjp_give (grad_inputs, 0, eng_zeros_like (grad, error));
  g_autoptr (EngTensor) lower = eng_pow_scalar (self, exponent - 1, error);
  g_autoptr (EngTensor) slope = lower != NULL ? eng_mul_scalar (lower, exponent, error) : NULL;
  return slope != NULL && eng_vjp_give (grad_inputs, 0, eng_mul (grad, slope, error));
}

/* value where condition holds, else 0. */
static EngTensor *
zero_unless (EngTensor *condition, EngTensor *value, GError **error)
{
  if (condition == NULL || value == NULL)
    return NULL;
  g_autoptr (EngTensor) zero = eng_zeros_like (value, error);
  return zero != NULL ? eng_where (condition, value, zero, error) : NULL;
}

/* n · selfⁿ⁻¹, 0 where n = 0. */
static EngTensor *
slope_of_base (EngTensor *self, EngTensor *exponent, GError **error)
{
  g_autoptr (EngTensor) one_less = eng_add_scalar (exponent, -1, error);
  g_autoptr (EngTensor) lower = one_less != NULL ? eng_pow (self, one_less, error) : NULL;
  g_autoptr (EngTensor) slope = lower != NULL ? eng_mul (lower, exponent, error) : NULL;
  g_autoptr (EngTensor) counts = slope != NULL ? eng_ne_scalar (exponent, 0, error) : NULL;
  return zero_unless (counts, slope, error);
}

/* out · ln base, 0 where the base is 0 and the power was not infinite. */
static EngTensor *
slope_of_exponent (EngTensor *base, EngTensor *exponent, EngTensor *out, GError **error)
{
  g_autoptr (EngTensor) logarithm = eng_log (base, error);
  g_autoptr (EngTensor) slope = logarithm != NULL ? eng_mul (out, logarithm, error) : NULL;
  g_autoptr (EngTensor) is_zero = slope != NULL ? eng_eq_scalar (base, 0, error) : NULL;
  g_autoptr (EngTensor) not_negative = is_zero != NULL ? eng_ge_scalar (exponent, 0, error) : NULL;
  g_autoptr (EngTensor) vanishes = not_negative != NULL ? eng_logical_and (is_zero, not_negative, error) : NULL;
  g_autoptr (EngTensor) counts = vanishes != NULL ? eng_logical_not (vanishes, error) : NULL;
  return zero_unless (counts, slope, error);
}

static gboolean
vjp_pow_tensor (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *grad = vjp->grad_outputs[0];
  EngTensor *self = eng_vjp_get_input (vjp, 0, error);
  EngTensor *exponent = self != NULL ? eng_vjp_get_input (vjp, 1, error) : NULL;
  if (exponent == NULL)
    return FALSE;
  if (eng_vjp_needs (vjp, 0))
    {
      g_autoptr (EngTensor) slope = slope_of_base (self, exponent, error);
      if (slope == NULL || !eng_vjp_give (grad_inputs, 0, eng_mul (grad, slope, error)))
        return FALSE;
    }
  if (!eng_vjp_needs (vjp, 1))
    return TRUE;
  EngTensor *out = eng_vjp_get_output (vjp, 0, error);
  g_autoptr (EngTensor) slope = out != NULL ? slope_of_exponent (self, exponent, out, error) : NULL;
  return slope != NULL && eng_vjp_give (grad_inputs, 1, eng_mul (grad, slope, error));
}

/* grad · out · ln base; the exponent is the only tensor input. */
static gboolean
vjp_pow_number (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  double base = eng_value_as_double (&vjp->args[0]);
  EngTensor *exponent = eng_vjp_get_input (vjp, 0, error);
  EngTensor *out = exponent != NULL ? eng_vjp_get_output (vjp, 0, error) : NULL;
  if (out == NULL)
    return FALSE;
  if (base != 0)
    {
      g_autoptr (EngTensor) slope = eng_mul_scalar (out, log (base), error);
      return slope != NULL && eng_vjp_give (grad_inputs, 0, eng_mul (vjp->grad_outputs[0], slope, error));
    }
  g_autoptr (EngTensor) bases = eng_full (eng_tensor_get_dtype (out), 0, NULL, base, error);
  g_autoptr (EngTensor) slope = bases != NULL ? slope_of_exponent (bases, exponent, out, error) : NULL;
  return slope != NULL && eng_vjp_give (grad_inputs, 0, eng_mul (vjp->grad_outputs[0], slope, error));
}

const EngOp eng_op_pow_tensor_scalar = {
  .signature = "pow.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor",
  .flags = ENG_METHODS,
  .grad_fn = "PowBackward0",
  .infer = infer_pow_scalar,
  .kernel = kernel_pow_scalar,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_pow_scalar,
  .text = {
    .symbol = "pow",
    .title = "power",
    .formula = "{out} = {0}^{1}",
    .caption = "{op} raised every entry of {0} to the power {1} and made {out} ({out.size}).",
    .caption_moved = "{op} raised every entry to the power {1}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by {1} × {0}{1.less_one} and sent it to {to}.",
    .derivative = { { "{grad} × {1} × {0}{1.less_one}", "a power multiplies by exponent × input to one less",
                      "× {1}·{0}{1.less_one}" } },
  },
  .samples = { "T(2,3), 2", "T(2,3), 3", "P(2,3), 0.5", "P(2,3), -1", "T(2,3), 0", "P(2), 1.7", "I(4), 2", NULL },
};

const EngOp eng_op_pow_tensor_tensor = {
  .signature = "pow.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor",
  .flags = ENG_METHODS,
  .grad_fn = "PowBackward1",
  .infer = eng_infer_binary,
  .kernel = kernel_pow,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 | FOR_1 }, { ENG_SAVE_INPUT (1), FOR_0 | FOR_1 },
             { ENG_SAVE_OUTPUT (0), FOR_1 } },
  .vjp = vjp_pow_tensor,
  .text = {
    .symbol = "pow",
    .title = "power, entry by entry",
    .formula = "{out} = {0}^{1}",
    .caption = "{op} raised {0} to the powers {1} entry by entry and made {out} ({out.size}).",
    .caption_moved = "{op} raised {0} to the powers {1}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} sent the gradient, times its local slope, to {to}{none}.",
    .shape_rule = "{0} is {0.size} and {1} is {1.size}: entry by entry, sizes must be equal or 1",
    .derivative = {
      { "{grad} × {1} × {0}^({1} − 1)", "a power multiplies by exponent × base to one less", "× {1}·{0}^({1}−1)" },
      { "{grad} × {out} × ln {0}", "its exponent receives the power × ln of the base", "× {out}·ln {0}" },
    },
  },
  .samples = { "P(2,3), T(2,3)", "P(2,3), T(3)", "P(), T()", "I(4), J(4)", NULL },
};

const EngOp eng_op_pow_scalar = {
  .signature = "pow.Scalar(Scalar self, Tensor exponent) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_FUNCTION,
  .grad_fn = "PowBackward1",
  .infer = eng_infer_binary,
  .kernel = kernel_pow,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 }, { ENG_SAVE_OUTPUT (0), FOR_0 } },
  .vjp = vjp_pow_number,
  .text = {
    .symbol = "pow",
    .title = "number to the powers of a tensor",
    .formula = "{out} = {0}^{1}",
    .caption = "{op} raised {0} to the powers {1} and made {out} ({out.size}).",
    .caption_moved = "{op} raised {0} to every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by {out} × ln {0} and sent it to {to}.",
    .derivative = { { "{grad} × {out} × ln {0}", "its exponent receives the power × ln of the base",
                      "× {out}·ln {0}" } },
  },
  .samples = { "2.5, T(2,3)", "2, T(3)", "2, J(4)", NULL },
};

EngTensor *
eng_pow_scalar (EngTensor *self, double exponent, GError **error)
{
  return eng_call_number (&eng_op_pow_tensor_scalar, self, exponent, error);
}

EngTensor *
eng_pow (EngTensor *self, EngTensor *exponent, GError **error)
{
  return eng_call_two (&eng_op_pow_tensor_tensor, self, exponent, error);
}
