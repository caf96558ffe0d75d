/* SPDX-License-Identifier: MIT
 *
 * The cards of inverse and hyperbolic angles: asin, acos, sinh, cosh, asinh, acosh,
 * atanh; and exp2, frac. */
#include "chain.h"

#include <math.h>

#define ENG_ONE_INPUT (ENG_OP_ELEMENTWISE | ENG_OP_INPLACE_TWIN | ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)
#define FOR_0 (1 << 0)

/* Gives grad · slope, slope made by the chain from the saved input. */
static gboolean
give_slope (EngVjp *vjp, EngTensor *(*slope) (EngChain *, EngTensor *), EngTensor **grad_inputs, GError **error)
{
  EngChain chain = eng_chain (error);
  EngTensor *self = eng_vjp_get_input (vjp, 0, error);
  EngTensor *factor = self != NULL ? slope (&chain, self) : NULL;
  return eng_vjp_give (grad_inputs, 0,
                       eng_chain_give (&chain, eng_step_mul (&chain, vjp->grad_outputs[0], factor)));
}

/* 1/√(1 − x²) */
static EngTensor *
slope_asin (EngChain *chain, EngTensor *x)
{
  return eng_step_pow (chain, eng_step_from (chain, 1, eng_step_square (chain, x)), -0.5);
}

static gboolean
vjp_asin (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return give_slope (vjp, slope_asin, grad_inputs, error);
}

/* −1/√(1 − x²) */
static EngTensor *
slope_acos (EngChain *chain, EngTensor *x)
{
  return eng_step_neg (chain, eng_step_pow (chain, eng_step_from (chain, 1, eng_step_square (chain, x)), -0.5));
}

static gboolean
vjp_acos (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return give_slope (vjp, slope_acos, grad_inputs, error);
}

/* cosh x */
static EngTensor *
slope_sinh (EngChain *chain, EngTensor *x)
{
  return eng_step_one (chain, eng_cosh, x);
}

static gboolean
vjp_sinh (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return give_slope (vjp, slope_sinh, grad_inputs, error);
}

/* sinh x */
static EngTensor *
slope_cosh (EngChain *chain, EngTensor *x)
{
  return eng_step_one (chain, eng_sinh, x);
}

static gboolean
vjp_cosh (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return give_slope (vjp, slope_cosh, grad_inputs, error);
}

/* 1/√(x² + 1) */
static EngTensor *
slope_asinh (EngChain *chain, EngTensor *x)
{
  return eng_step_pow (chain, eng_step_plus (chain, eng_step_square (chain, x), 1), -0.5);
}

static gboolean
vjp_asinh (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return give_slope (vjp, slope_asinh, grad_inputs, error);
}

/* 1/√(x² − 1) */
static EngTensor *
slope_acosh (EngChain *chain, EngTensor *x)
{
  return eng_step_pow (chain, eng_step_plus (chain, eng_step_square (chain, x), -1), -0.5);
}

static gboolean
vjp_acosh (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return give_slope (vjp, slope_acosh, grad_inputs, error);
}

/* 1/(1 − x²) */
static EngTensor *
slope_atanh (EngChain *chain, EngTensor *x)
{
  return eng_step_reciprocal (chain, eng_step_from (chain, 1, eng_step_square (chain, x)));
}

static gboolean
vjp_atanh (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return give_slope (vjp, slope_atanh, grad_inputs, error);
}

/* log 2 · out */
static gboolean
vjp_exp2 (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngChain chain = eng_chain (error);
  EngTensor *out = eng_vjp_get_output (vjp, 0, error);
  EngTensor *product = out != NULL ? eng_step_mul (&chain, vjp->grad_outputs[0], out) : NULL;
  return eng_vjp_give (grad_inputs, 0, eng_chain_give (&chain, eng_step_times (&chain, product, M_LN2)));
}

static gboolean
vjp_frac (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_give (grad_inputs, 0, eng_tensor_ref (vjp->grad_outputs[0]));
}

static gboolean
infer_frac (EngCall *call, GError **error)
{
  EngDtype dtype = eng_tensor_get_dtype (eng_arg_tensor (call, 0));
  if (eng_dtype_category (dtype) != ENG_CATEGORY_FLOATING)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "\"frac_cpu\" not implemented for '%s'",
                           eng_dtype_scalar_name (dtype));
  return eng_infer_same (call, error);
}

const EngOp eng_op_asin = {
  .signature = "asin(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "AsinBackward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_ASIN,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_asin,
  .text = {
    .symbol = "asin",
    .title = "arc sine",
    .formula = "{out} = asin {0}",
    .caption = "{op} took the arc sine of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the arc sine of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} divided each gradient by √(1 − {0}²) and sent it to {to}.",
    .derivative = { { "{grad} / √(1 − {0}²)", "asin divides by √(1 − x²)",
                      "÷ √(1 − {0}²)" } },
  },
  .samples = { "U(2,3)", "U()", "U(0)", NULL },
};

const EngOp eng_op_acos = {
  .signature = "acos(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "AcosBackward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_ACOS,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_acos,
  .text = {
    .symbol = "acos",
    .title = "arc cosine",
    .formula = "{out} = acos {0}",
    .caption = "{op} took the arc cosine of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the arc cosine of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} divided each gradient by −√(1 − {0}²) and sent it to {to}.",
    .derivative = { { "−{grad} / √(1 − {0}²)", "acos divides by −√(1 − x²)",
                      "÷ −√(1 − {0}²)" } },
  },
  .samples = { "U(2,3)", "U()", "U(0)", NULL },
};

const EngOp eng_op_sinh = {
  .signature = "sinh(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "SinhBackward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_SINH,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_sinh,
  .text = {
    .symbol = "sinh",
    .title = "hyperbolic sine",
    .formula = "{out} = sinh {0}",
    .caption = "{op} took the hyperbolic sine of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the hyperbolic sine of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by cosh {0} and sent it to {to}.",
    .derivative = { { "{grad} × cosh {0}", "sinh multiplies by cosh",
                      "× cosh {0}" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_cosh = {
  .signature = "cosh(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "CoshBackward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_COSH,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_cosh,
  .text = {
    .symbol = "cosh",
    .title = "hyperbolic cosine",
    .formula = "{out} = cosh {0}",
    .caption = "{op} took the hyperbolic cosine of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the hyperbolic cosine of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by sinh {0} and sent it to {to}.",
    .derivative = { { "{grad} × sinh {0}", "cosh multiplies by sinh",
                      "× sinh {0}" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_asinh = {
  .signature = "asinh(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "AsinhBackward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_ASINH,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_asinh,
  .text = {
    .symbol = "asinh",
    .title = "inverse hyperbolic sine",
    .formula = "{out} = asinh {0}",
    .caption = "{op} took the inverse hyperbolic sine of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the inverse hyperbolic sine of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} divided each gradient by √({0}² + 1) and sent it to {to}.",
    .derivative = { { "{grad} / √({0}² + 1)", "asinh divides by √(x² + 1)",
                      "÷ √({0}² + 1)" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_acosh = {
  .signature = "acosh(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "AcoshBackward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_ACOSH,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_acosh,
  .text = {
    .symbol = "acosh",
    .title = "inverse hyperbolic cosine",
    .formula = "{out} = acosh {0}",
    .caption = "{op} took the inverse hyperbolic cosine of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the inverse hyperbolic cosine of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} divided each gradient by √({0}² − 1) and sent it to {to}.",
    .derivative = { { "{grad} / √({0}² − 1)", "acosh divides by √(x² − 1)",
                      "÷ √({0}² − 1)" } },
  },
  .samples = { "G(2,3)", "G()", "G(0)", NULL },
};

const EngOp eng_op_atanh = {
  .signature = "atanh(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "AtanhBackward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_ATANH,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_atanh,
  .text = {
    .symbol = "atanh",
    .title = "inverse hyperbolic tangent",
    .formula = "{out} = atanh {0}",
    .caption = "{op} took the inverse hyperbolic tangent of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the inverse hyperbolic tangent of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} divided each gradient by 1 − {0}² and sent it to {to}.",
    .derivative = { { "{grad} / (1 − {0}²)", "atanh divides by 1 − x²",
                      "÷ (1 − {0}²)" } },
  },
  .samples = { "U(2,3)", "U()", "U(0)", NULL },
};

const EngOp eng_op_exp2 = {
  .signature = "exp2(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "Exp2Backward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_EXP2,
  .saves = { { ENG_SAVE_OUTPUT (0), FOR_0 } },
  .vjp = vjp_exp2,
  .text = {
    .symbol = "exp2",
    .title = "power of two",
    .formula = "{out} = 2^{0}",
    .caption = "{op} took 2 to the power of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took 2 to the power of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by {out} × log 2 and sent it to {to}.",
    .derivative = { { "{grad} × {out} × log 2", "exp2 multiplies by its value times log 2",
                      "× {out} × log 2" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_frac = {
  .signature = "frac(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "FracBackward0",
  .infer = infer_frac,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_FRAC,
  .vjp = vjp_frac,
  .text = {
    .symbol = "frac",
    .title = "fraction",
    .formula = "{out} = {0} − trunc {0}",
    .caption = "{op} kept the fraction of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} kept the fraction of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} passed each gradient unchanged and sent it to {to}.",
    .derivative = { { "{grad}", "frac passes it unchanged",
                      "× 1" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", NULL },
};

EngTensor *
eng_sinh (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_sinh, self, error);
}

EngTensor *
eng_cosh (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_cosh, self, error);
}
