/* SPDX-License-Identifier: MIT
 *
 * The cards of exponentials, logarithms and roots: exp, expm1, log, log1p, log2,
 * log10, sqrt, rsqrt. */
#include "card.h"

#define ENG_ONE_INPUT (ENG_OP_ELEMENTWISE | ENG_OP_INPLACE_TWIN | ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)
#define FOR_0 (1 << 0)

/* grad · out */
static gboolean
vjp_exp (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *out = eng_vjp_get_output (vjp, 0, error);
  if (out == NULL)
    return FALSE;
  return eng_vjp_give (grad_inputs, 0, eng_mul (vjp->grad_outputs[0], out, error));
}

/* grad · (out + 1) */
static gboolean
vjp_expm1 (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *out = eng_vjp_get_output (vjp, 0, error);
  if (out == NULL)
    return FALSE;
  g_autoptr (EngTensor) slope = eng_add_scalar (out, 1, error);
  return slope != NULL && eng_vjp_give (grad_inputs, 0, eng_mul (vjp->grad_outputs[0], slope, error));
}

/* grad / x */
static gboolean
vjp_log (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *self = eng_vjp_get_input (vjp, 0, error);
  if (self == NULL)
    return FALSE;
  return eng_vjp_give (grad_inputs, 0, eng_div (vjp->grad_outputs[0], self, error));
}

/* grad / (x + 1) */
static gboolean
vjp_log1p (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *self = eng_vjp_get_input (vjp, 0, error);
  if (self == NULL)
    return FALSE;
  g_autoptr (EngTensor) shifted = eng_add_scalar (self, 1, error);
  return shifted != NULL && eng_vjp_give (grad_inputs, 0, eng_div (vjp->grad_outputs[0], shifted, error));
}

/* grad / (x · ln base) */
static gboolean
divide_by_scaled_input (EngVjp *vjp, double factor, EngTensor **grad_inputs, GError **error)
{
  EngTensor *self = eng_vjp_get_input (vjp, 0, error);
  if (self == NULL)
    return FALSE;
  g_autoptr (EngTensor) scaled = eng_mul_scalar (self, factor, error);
  return scaled != NULL && eng_vjp_give (grad_inputs, 0, eng_div (vjp->grad_outputs[0], scaled, error));
}

static gboolean
vjp_log2 (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return divide_by_scaled_input (vjp, G_LN2, grad_inputs, error);
}

static gboolean
vjp_log10 (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return divide_by_scaled_input (vjp, G_LN10, grad_inputs, error);
}

/* grad / (2 · out) */
static gboolean
vjp_sqrt (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *out = eng_vjp_get_output (vjp, 0, error);
  if (out == NULL)
    return FALSE;
  g_autoptr (EngTensor) twice = eng_mul_scalar (out, 2, error);
  return twice != NULL && eng_vjp_give (grad_inputs, 0, eng_div (vjp->grad_outputs[0], twice, error));
}

/* −grad · out³ / 2 */
static gboolean
vjp_rsqrt (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *out = eng_vjp_get_output (vjp, 0, error);
  if (out == NULL)
    return FALSE;
  g_autoptr (EngTensor) cube = eng_pow_scalar (out, 3, error);
  g_autoptr (EngTensor) slope = cube != NULL ? eng_mul_scalar (cube, -0.5, error) : NULL;
  return slope != NULL && eng_vjp_give (grad_inputs, 0, eng_mul (vjp->grad_outputs[0], slope, error));
}

const EngOp eng_op_exp = {
  .signature = "exp(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "ExpBackward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_one,
  .formula = ENG_FORMULA_EXP,
  .plain = 1,
  .saves = { { ENG_SAVE_OUTPUT (0), FOR_0 } },
  .vjp = vjp_exp,
  .text = {
    .symbol = "exp",
    .title = "exponential",
    .formula = "{out} = e^{0}",
    .caption = "{op} raised e to every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} raised e to every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by {out} and sent it to {to}.",
    .derivative = { { "{grad} × {out}", "exp multiplies by its own value",
                      "× {out}" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_expm1 = {
  .signature = "expm1(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "Expm1Backward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_one,
  .formula = ENG_FORMULA_EXPM1,
  .plain = 1,
  .saves = { { ENG_SAVE_OUTPUT (0), FOR_0 } },
  .vjp = vjp_expm1,
  .text = {
    .symbol = "expm1",
    .title = "exponential minus 1",
    .formula = "{out} = e^{0} − 1",
    .caption = "{op} raised e to every entry of {0}, minus 1, and made {out} ({out.size}).",
    .caption_moved = "{op} raised e to every entry, minus 1,; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by {out} + 1 and sent it to {to}.",
    .derivative = { { "{grad} × ({out} + 1)", "expm1 multiplies by its value plus 1",
                      "× ({out} + 1)" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_log = {
  .signature = "log(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "LogBackward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_one,
  .formula = ENG_FORMULA_LOG,
  .plain = 1,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_log,
  .text = {
    .symbol = "log",
    .title = "natural logarithm",
    .formula = "{out} = ln {0}",
    .caption = "{op} took the logarithm of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the logarithm of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} divided each gradient by {0} and sent it to {to}.",
    .derivative = { { "{grad} / {0}", "log divides by its input",
                      "÷ {0}" } },
  },
  .samples = { "P(2,3)", "P()", "T(0)", "J(4)", NULL },
};

const EngOp eng_op_log1p = {
  .signature = "log1p(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "Log1PBackward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_one,
  .formula = ENG_FORMULA_LOG1P,
  .plain = 1,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_log1p,
  .text = {
    .symbol = "log1p",
    .title = "logarithm of 1 + x",
    .formula = "{out} = ln (1 + {0})",
    .caption = "{op} took the logarithm of 1 plus every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the logarithm of 1 plus every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} divided each gradient by 1 + {0} and sent it to {to}.",
    .derivative = { { "{grad} / (1 + {0})", "log1p divides by 1 plus its input",
                      "÷ (1 + {0})" } },
  },
  .samples = { "P(2,3)", "P()", "T(0)", "J(4)", NULL },
};

const EngOp eng_op_log2 = {
  .signature = "log2(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "Log2Backward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_one,
  .formula = ENG_FORMULA_LOG2,
  .plain = 1,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_log2,
  .text = {
    .symbol = "log2",
    .title = "logarithm to base 2",
    .formula = "{out} = log₂ {0}",
    .caption = "{op} took the base-2 logarithm of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the base-2 logarithm of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} divided each gradient by {0} · ln 2 and sent it to {to}.",
    .derivative = { { "{grad} / ({0} · ln 2)", "log2 divides by its input times ln 2",
                      "÷ ({0} · ln 2)" } },
  },
  .samples = { "P(2,3)", "P()", "T(0)", "J(4)", NULL },
};

const EngOp eng_op_log10 = {
  .signature = "log10(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "Log10Backward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_one,
  .formula = ENG_FORMULA_LOG10,
  .plain = 1,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_log10,
  .text = {
    .symbol = "log10",
    .title = "logarithm to base 10",
    .formula = "{out} = log₁₀ {0}",
    .caption = "{op} took the base-10 logarithm of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the base-10 logarithm of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} divided each gradient by {0} · ln 10 and sent it to {to}.",
    .derivative = { { "{grad} / ({0} · ln 10)", "log10 divides by its input times ln 10",
                      "÷ ({0} · ln 10)" } },
  },
  .samples = { "P(2,3)", "P()", "T(0)", "J(4)", NULL },
};

const EngOp eng_op_sqrt = {
  .signature = "sqrt(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "SqrtBackward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_one,
  .formula = ENG_FORMULA_SQRT,
  .plain = 1,
  .saves = { { ENG_SAVE_OUTPUT (0), FOR_0 } },
  .vjp = vjp_sqrt,
  .text = {
    .symbol = "sqrt",
    .title = "square root",
    .formula = "{out} = √{0}",
    .caption = "{op} took the square root of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the square root of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} divided each gradient by 2 × {out} and sent it to {to}.",
    .derivative = { { "{grad} / (2 {out})", "sqrt divides by twice its value",
                      "÷ 2{out}" } },
  },
  .samples = { "P(2,3)", "P()", "T(0)", "J(4)", NULL },
};

const EngOp eng_op_rsqrt = {
  .signature = "rsqrt(Tensor self) -> Tensor",
  .flags = ENG_ONE_INPUT,
  .grad_fn = "RsqrtBackward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_one,
  .formula = ENG_FORMULA_RSQRT,
  .plain = 1,
  .saves = { { ENG_SAVE_OUTPUT (0), FOR_0 } },
  .vjp = vjp_rsqrt,
  .text = {
    .symbol = "rsqrt",
    .title = "1 over the square root",
    .formula = "{out} = 1 / √{0}",
    .caption = "{op} divided 1 by the square root of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} divided 1 by the square root of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by −½ {out}³ and sent it to {to}.",
    .derivative = { { "−{grad} × {out}³ / 2", "rsqrt multiplies by −½ of its value cubed",
                      "× −½{out}³" } },
  },
  .samples = { "P(2,3)", "P()", "T(0)", "J(4)", NULL },
};

EngTensor *
eng_exp (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_exp, self, error);
}

EngTensor *
eng_log (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_log, self, error);
}

EngTensor *
eng_sqrt (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_sqrt, self, error);
}
