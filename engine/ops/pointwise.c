/* SPDX-License-Identifier: MIT
 *
 * The cards of angles, signs and rounding: sin, cos, tan, atan, abs, sign, floor,
 * ceil, round, trunc, erf. Where a function is flat its gradient is zero. */
#include "card.h"

#include <math.h>

#define ENG_ONE_INPUT (ENG_OP_ELEMENTWISE | ENG_OP_INPLACE_TWIN | ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)
#define FOR_0 (1 << 0)

static gboolean
kernel_sin (EngCall *call, GError **error)
{
  return eng_kernel_unary (call, ENG_FORMULA_SIN, error);
}

static gboolean
kernel_cos (EngCall *call, GError **error)
{
  return eng_kernel_unary (call, ENG_FORMULA_COS, error);
}

static gboolean
kernel_tan (EngCall *call, GError **error)
{
  return eng_kernel_unary (call, ENG_FORMULA_TAN, error);
}

static gboolean
kernel_atan (EngCall *call, GError **error)
{
  return eng_kernel_unary (call, ENG_FORMULA_ATAN, error);
}

static gboolean
kernel_abs (EngCall *call, GError **error)
{
  return eng_kernel_unary (call, ENG_FORMULA_ABS, error);
}

static gboolean
kernel_sign (EngCall *call, GError **error)
{
  return eng_kernel_unary (call, ENG_FORMULA_SIGN, error);
}

static gboolean
kernel_erf (EngCall *call, GError **error)
{
  return eng_kernel_unary (call, ENG_FORMULA_ERF, error);
}

/* Integers are whole already: they are copied. */
static gboolean
round_to_whole (EngCall *call, EngFormula formula, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  if (eng_dtype_category (eng_tensor_get_dtype (self)) == ENG_CATEGORY_FLOATING)
    return eng_kernel_unary (call, formula, error);
  eng_kernel_copy (call->outputs[0], self);
  return TRUE;
}

static gboolean
kernel_floor (EngCall *call, GError **error)
{
  return round_to_whole (call, ENG_FORMULA_FLOOR, error);
}

static gboolean
kernel_ceil (EngCall *call, GError **error)
{
  return round_to_whole (call, ENG_FORMULA_CEIL, error);
}

static gboolean
kernel_round (EngCall *call, GError **error)
{
  return round_to_whole (call, ENG_FORMULA_ROUND, error);
}

static gboolean
kernel_trunc (EngCall *call, GError **error)
{
  return round_to_whole (call, ENG_FORMULA_TRUNC, error);
}

/* grad · cos x */
static gboolean
vjp_sin (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *self = eng_vjp_get_input (vjp, 0, error);
  if (self == NULL)
    return FALSE;
  g_autoptr (EngTensor) slope = eng_cos (self, error);
  return slope != NULL && eng_vjp_give (grad_inputs, 0, eng_mul (vjp->grad_outputs[0], slope, error));
}

/* −grad · sin x */
static gboolean
vjp_cos (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *self = eng_vjp_get_input (vjp, 0, error);
  if (self == NULL)
    return FALSE;
  g_autoptr (EngTensor) sine = eng_sin (self, error);
  g_autoptr (EngTensor) slope = sine != NULL ? eng_neg (sine, error) : NULL;
  return slope != NULL && eng_vjp_give (grad_inputs, 0, eng_mul (vjp->grad_outputs[0], slope, error));
}

/* grad · (1 + out²) */
static gboolean
vjp_tan (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *out = eng_vjp_get_output (vjp, 0, error);
  if (out == NULL)
    return FALSE;
  g_autoptr (EngTensor) square = eng_mul (out, out, error);
  g_autoptr (EngTensor) slope = square != NULL ? eng_add_scalar (square, 1, error) : NULL;
  return slope != NULL && eng_vjp_give (grad_inputs, 0, eng_mul (vjp->grad_outputs[0], slope, error));
}

/* grad / (1 + x²) */
static gboolean
vjp_atan (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *self = eng_vjp_get_input (vjp, 0, error);
  if (self == NULL)
    return FALSE;
  g_autoptr (EngTensor) square = eng_mul (self, self, error);
  g_autoptr (EngTensor) divisor = square != NULL ? eng_add_scalar (square, 1, error) : NULL;
  return divisor != NULL && eng_vjp_give (grad_inputs, 0, eng_div (vjp->grad_outputs[0], divisor, error));
}

/* grad · sign x */
static gboolean
vjp_abs (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *self = eng_vjp_get_input (vjp, 0, error);
  if (self == NULL)
    return FALSE;
  g_autoptr (EngTensor) slope = eng_sign (self, error);
  return slope != NULL && eng_vjp_give (grad_inputs, 0, eng_mul (vjp->grad_outputs[0], slope, error));
}

/* grad · 2/√π · e^(−x²) */
static gboolean
vjp_erf (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *self = eng_vjp_get_input (vjp, 0, error);
  if (self == NULL)
    return FALSE;
  g_autoptr (EngTensor) square = eng_mul (self, self, error);
  g_autoptr (EngTensor) negated = square != NULL ? eng_neg (square, error) : NULL;
  g_autoptr (EngTensor) bell = negated != NULL ? eng_exp (negated, error) : NULL;
  g_autoptr (EngTensor) slope = bell != NULL ? eng_mul_scalar (bell, M_2_SQRTPI, error) : NULL;
  return slope != NULL && eng_vjp_give (grad_inputs, 0, eng_mul (vjp->grad_outputs[0], slope, error));
}

/* A step function: its slope is 0 wherever it has one. */
static gboolean
vjp_flat (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_give (grad_inputs, 0, eng_zeros_like (vjp->grad_outputs[0], error));
}

const EngOp eng_op_sin = {
  .signature = "sin(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "SinBackward0",
  .infer = eng_infer_unary_float,
  .kernel = kernel_sin,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_sin,
  .text = {
    .symbol = "sin",
    .title = "sine",
    .formula = "{out} = sin {0}",
    .caption = "{op} took the sine of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the sine of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by cos {0} and sent it to {to}.",
    .derivative = { { "{grad} × cos {0}", "sin multiplies by the cosine",
                      "× cos {0}" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_cos = {
  .signature = "cos(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "CosBackward0",
  .infer = eng_infer_unary_float,
  .kernel = kernel_cos,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_cos,
  .text = {
    .symbol = "cos",
    .title = "cosine",
    .formula = "{out} = cos {0}",
    .caption = "{op} took the cosine of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the cosine of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by −sin {0} and sent it to {to}.",
    .derivative = { { "−{grad} × sin {0}", "cos multiplies by minus the sine",
                      "× −sin {0}" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_tan = {
  .signature = "tan(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "TanBackward0",
  .infer = eng_infer_unary_float,
  .kernel = kernel_tan,
  .saves = { { ENG_SAVE_OUTPUT (0), FOR_0 } },
  .vjp = vjp_tan,
  .text = {
    .symbol = "tan",
    .title = "tangent",
    .formula = "{out} = tan {0}",
    .caption = "{op} took the tangent of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the tangent of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by 1 + {out}² and sent it to {to}.",
    .derivative = { { "{grad} × (1 + {out}²)", "tan multiplies by 1 + tan²",
                      "× (1 + {out}²)" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_atan = {
  .signature = "atan(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "AtanBackward0",
  .infer = eng_infer_unary_float,
  .kernel = kernel_atan,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_atan,
  .text = {
    .symbol = "atan",
    .title = "arc tangent",
    .formula = "{out} = atan {0}",
    .caption = "{op} took the arc tangent of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the arc tangent of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} divided each gradient by 1 + {0}² and sent it to {to}.",
    .derivative = { { "{grad} / (1 + {0}²)", "atan divides by 1 plus its input squared",
                      "÷ (1 + {0}²)" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_abs = {
  .signature = "abs(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "AbsBackward0",
  .infer = eng_infer_same,
  .kernel = kernel_abs,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_abs,
  .text = {
    .symbol = "abs",
    .title = "absolute value",
    .formula = "{out} = |{0}|",
    .caption = "{op} dropped the sign of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} dropped the sign of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by the sign of {0} and sent it to {to}.",
    .derivative = { { "{grad} × sign {0}", "abs multiplies by the sign of its input",
                      "× sign {0}" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_erf = {
  .signature = "erf(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "ErfBackward0",
  .infer = eng_infer_unary_float,
  .kernel = kernel_erf,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_erf,
  .text = {
    .symbol = "erf",
    .title = "error function",
    .formula = "{out} = erf {0}",
    .caption = "{op} took the error function of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the error function of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by 2/√π · e^(−{0}²) and sent it to {to}.",
    .derivative = { { "{grad} × 2/√π · e^(−{0}²)", "erf multiplies by 2/√π times e to minus its input squared",
                      "× 2/√π · e^(−{0}²)" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_sign = {
  .signature = "sign(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "SignBackward0",
  .infer = eng_infer_same,
  .kernel = kernel_sign,
  .vjp = vjp_flat,
  .text = {
    .symbol = "sign",
    .title = "sign",
    .formula = "{out} = sign {0}",
    .caption = "{op} replaced every entry of {0} by −1, 0 or 1 and made {out} ({out.size}).",
    .caption_moved = "{op} replaced every entry by −1, 0 or 1; the name {out} now means this result.",
    .backward_caption = "{grad_fn} sent 0 to {to}: sign is flat.",
    .derivative = { { "0", "sign is flat: its slope is 0",
                      "× 0" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_floor = {
  .signature = "floor(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "FloorBackward0",
  .infer = eng_infer_same,
  .kernel = kernel_floor,
  .vjp = vjp_flat,
  .text = {
    .symbol = "floor",
    .title = "rounded down",
    .formula = "{out} = ⌊{0}⌋",
    .caption = "{op} rounded every entry of {0} down and made {out} ({out.size}).",
    .caption_moved = "{op} rounded every entry down; the name {out} now means this result.",
    .backward_caption = "{grad_fn} sent 0 to {to}: floor is flat.",
    .derivative = { { "0", "floor is flat: its slope is 0",
                      "× 0" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_ceil = {
  .signature = "ceil(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "CeilBackward0",
  .infer = eng_infer_same,
  .kernel = kernel_ceil,
  .vjp = vjp_flat,
  .text = {
    .symbol = "ceil",
    .title = "rounded up",
    .formula = "{out} = ⌈{0}⌉",
    .caption = "{op} rounded every entry of {0} up and made {out} ({out.size}).",
    .caption_moved = "{op} rounded every entry up; the name {out} now means this result.",
    .backward_caption = "{grad_fn} sent 0 to {to}: ceil is flat.",
    .derivative = { { "0", "ceil is flat: its slope is 0",
                      "× 0" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_round = {
  .signature = "round(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "RoundBackward0",
  .infer = eng_infer_same,
  .kernel = kernel_round,
  .vjp = vjp_flat,
  .text = {
    .symbol = "round",
    .title = "rounded",
    .formula = "{out} = {0}, rounded",
    .caption = "{op} rounded every entry of {0} to a whole number and made {out} ({out.size}).",
    .caption_moved = "{op} rounded every entry to a whole number; the name {out} now means this result.",
    .backward_caption = "{grad_fn} sent 0 to {to}: round is flat.",
    .derivative = { { "0", "round is flat: its slope is 0",
                      "× 0" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_trunc = {
  .signature = "trunc(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "TruncBackward0",
  .infer = eng_infer_same,
  .kernel = kernel_trunc,
  .vjp = vjp_flat,
  .text = {
    .symbol = "trunc",
    .title = "fraction cut off",
    .formula = "{out} = {0} without its fraction",
    .caption = "{op} cut the fraction off every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} cut the fraction off every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} sent 0 to {to}: trunc is flat.",
    .derivative = { { "0", "trunc is flat: its slope is 0",
                      "× 0" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

EngTensor *
eng_sin (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_sin, self, error);
}

EngTensor *
eng_cos (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_cos, self, error);
}

EngTensor *
eng_abs (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_abs, self, error);
}

EngTensor *
eng_sign (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_sign, self, error);
}
