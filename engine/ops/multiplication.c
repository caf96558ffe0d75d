/* SPDX-License-Identifier: MIT
 *
 * The cards of × and ÷: mul, div, reciprocal, for tensors and numbers. Each
 * operand's gradient is the gradient times the local derivative; both operands
 * are saved only where the other one needs a gradient. */
#include "card.h"

#define ENG_TWO_WAYS (ENG_OP_ELEMENTWISE | ENG_OP_INPLACE_TWIN | ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)
#define FOR_0 (1 << 0)
#define FOR_1 (1 << 1)

/* grad · input k of the forward operation. */
static EngTensor *
times_input (EngVjp *vjp, guint k, GError **error)
{
  EngTensor *input = eng_vjp_get_input (vjp, k, error);
  return input != NULL ? eng_mul (vjp->grad_outputs[0], input, error) : NULL;
}

static gboolean
vjp_mul (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  if (eng_vjp_needs (vjp, 0) && !eng_vjp_give (grad_inputs, 0, times_input (vjp, 1, error)))
    return FALSE;
  return !eng_vjp_needs (vjp, 1) || eng_vjp_give (grad_inputs, 1, times_input (vjp, 0, error));
}

static gboolean
vjp_mul_scalar (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngValue args[] = { eng_value_tensor (vjp->grad_outputs[0]), vjp->args[1] };
  return eng_vjp_give (grad_inputs, 0, eng_call_one (vjp->op, args, error));
}

/* −grad · (self / other) / other */
static EngTensor *
gradient_of_divisor (EngVjp *vjp, EngTensor *other, GError **error)
{
  EngTensor *self = eng_vjp_get_input (vjp, 0, error);
  if (self == NULL)
    return NULL;
  g_autoptr (EngTensor) quotient = eng_div (self, other, error);
  g_autoptr (EngTensor) slope = quotient != NULL ? eng_div (quotient, other, error) : NULL;
  g_autoptr (EngTensor) negated = slope != NULL ? eng_neg (vjp->grad_outputs[0], error) : NULL;
  return negated != NULL ? eng_mul (negated, slope, error) : NULL;
}

static gboolean
vjp_div (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *other = eng_vjp_get_input (vjp, 1, error);
  if (other == NULL)
    return FALSE;
  if (eng_vjp_needs (vjp, 0) && !eng_vjp_give (grad_inputs, 0, eng_div (vjp->grad_outputs[0], other, error)))
    return FALSE;
  return !eng_vjp_needs (vjp, 1) || eng_vjp_give (grad_inputs, 1, gradient_of_divisor (vjp, other, error));
}

/* −grad · out² */
static gboolean
vjp_reciprocal (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *out = eng_vjp_get_output (vjp, 0, error);
  if (out == NULL)
    return FALSE;
  g_autoptr (EngTensor) square = eng_mul (out, out, error);
  g_autoptr (EngTensor) negated = square != NULL ? eng_neg (vjp->grad_outputs[0], error) : NULL;
  return negated != NULL && eng_vjp_give (grad_inputs, 0, eng_mul (negated, square, error));
}

const EngOp eng_op_mul_tensor = {
  .signature = "mul.Tensor(Tensor self, Tensor other) -> Tensor",
  .flags = ENG_TWO_WAYS,
  .grad_fn = "MulBackward0",
  .infer = eng_infer_binary,
  .kernel = eng_kernel_two,
  .formula = ENG_FORMULA_MUL,
  .plain = 2,
  .saves = { { ENG_SAVE_INPUT (0), FOR_1 }, { ENG_SAVE_INPUT (1), FOR_0 } },
  .vjp = vjp_mul,
  .text = {
    .symbol = "×",
    .title = "product, entry by entry",
    .formula = "{out} = {0} × {1}",
    .caption = "{op} multiplied {0} and {1} entry by entry and made {out} ({out.size}).",
    .caption_moved = "{op} multiplied {0} and {1} entry by entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied the gradient by {by} and sent it to {to}{none}.",
    .shape_rule = "{0} is {0.size} and {1} is {1.size}: entry by entry, sizes must be equal or 1",
    .derivative = {
      { "{grad} × {1}", "× multiplies by the other input", "× {1}" },
      { "{grad} × {0}", "× multiplies by the other input", "× {0}" },
    },
  },
  .samples = { "T(2,3), T(2,3)", "T(2,3), T(3)", "T(2,1), T(1,4)", "T(), T(2)", "T(0,3), T(3)", "I(4), I(4)",
               "B(3), B(3)", NULL },
};

const EngOp eng_op_mul_scalar = {
  .signature = "mul.Scalar(Tensor self, Scalar other) -> Tensor",
  .flags = ENG_TWO_WAYS | ENG_OP_SAVES_SCALAR,
  .grad_fn = "MulBackward0",
  .infer = eng_infer_binary,
  .kernel = eng_kernel_two,
  .formula = ENG_FORMULA_MUL,
  .vjp = vjp_mul_scalar,
  .text = {
    .symbol = "×",
    .title = "tensor times a number",
    .formula = "{out} = {left} × {right}",
    .caption = "{op} multiplied {left.each} by {right.each} and made {out} ({out.size}).",
    .caption_moved = "{op} multiplied every entry by {1}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied the gradient by {1} and sent it to {to}.",
    .derivative = { { "{grad} × {1}", "× multiplies by the other input", "× {1}" } },
  },
  .samples = { "T(2,3), 1.5", "T(), 2", "I(4), 2", "I(4), 1.5", "B(3), 2", NULL },
};

const EngOp eng_op_div_tensor = {
  .signature = "div.Tensor(Tensor self, Tensor other) -> Tensor",
  .flags = ENG_TWO_WAYS,
  .grad_fn = "DivBackward0",
  .infer = eng_infer_binary_float,
  .kernel = eng_kernel_two,
  .formula = ENG_FORMULA_DIV,
  .plain = 2,
  .saves = { { ENG_SAVE_INPUT (0), FOR_1 }, { ENG_SAVE_INPUT (1), FOR_0 | FOR_1 } },
  .vjp = vjp_div,
  .text = {
    .symbol = "÷",
    .title = "quotient, entry by entry",
    .formula = "{out} = {0} / {1}",
    .caption = "{op} divided {0} by {1} entry by entry and made {out} ({out.size}).",
    .caption_moved = "{op} divided {0} by {1} entry by entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} sent the gradient, times its local slope, to {to}{none}.",
    .shape_rule = "{0} is {0.size} and {1} is {1.size}: entry by entry, sizes must be equal or 1",
    .derivative = {
      { "{grad} / {1}", "÷ divides by the divisor", "÷ {1}" },
      { "−{grad} × {0} / {1}²", "÷ multiplies by −numerator / divisor²", "× −{0}/{1}²" },
    },
  },
  .samples = { "T(2,3), P(2,3)", "T(2,3), P(3)", "T(2,1), P(1,4)", "T(), P(2)", "I(4), J(4)", NULL },
};

const EngOp eng_op_div_scalar = {
  .signature = "div.Scalar(Tensor self, Scalar other) -> Tensor",
  .flags = ENG_TWO_WAYS | ENG_OP_SAVES_SCALAR,
  .grad_fn = "DivBackward0",
  .infer = eng_infer_binary_float,
  .kernel = eng_kernel_two,
  .formula = ENG_FORMULA_DIV,
  .vjp = vjp_mul_scalar,
  .text = {
    .symbol = "÷",
    .title = "tensor divided by a number",
    .formula = "{out} = {0} / {1}",
    .caption = "{op} divided every entry of {0} by {1} and made {out} ({out.size}).",
    .caption_moved = "{op} divided every entry by {1}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} divided the gradient by {1} and sent it to {to}.",
    .derivative = { { "{grad} / {1}", "÷ divides by the divisor", "÷ {1}" } },
  },
  .samples = { "T(2,3), 1.5", "T(), 2", "I(4), 2", NULL },
};

const EngOp eng_op_reciprocal = {
  .signature = "reciprocal(Tensor self) -> Tensor",
  .flags = ENG_TWO_WAYS,
  .grad_fn = "ReciprocalBackward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_one,
  .formula = ENG_FORMULA_RECIPROCAL,
  .plain = 1,
  .saves = { { ENG_SAVE_OUTPUT (0), FOR_0 } },
  .vjp = vjp_reciprocal,
  .text = {
    .symbol = "1/x",
    .title = "reciprocal",
    .formula = "{out} = 1 / {0}",
    .caption = "1 was divided by every entry of {0}, which made {out} ({out.size}).",
    .caption_moved = "1 was divided by every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by −{out}² and sent it to {to}.",
    .derivative = { { "−{grad} × {out}²", "1/x multiplies by −1/x²", "× −{out}²" } },
  },
  .samples = { "P(2,3)", "P()", "T(0)", "J(4)", NULL },
};

EngTensor *
eng_mul (EngTensor *self, EngTensor *other, GError **error)
{
  return eng_call_two (&eng_op_mul_tensor, self, other, error);
}

EngTensor *
eng_div (EngTensor *self, EngTensor *other, GError **error)
{
  return eng_call_two (&eng_op_div_tensor, self, other, error);
}

EngTensor *
eng_mul_scalar (EngTensor *self, double other, GError **error)
{
  return eng_call_number (&eng_op_mul_scalar, self, other, error);
}

EngTensor *
eng_div_scalar (EngTensor *self, double other, GError **error)
{
  return eng_call_number (&eng_op_div_scalar, self, other, error);
}

EngTensor *
eng_reciprocal (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_reciprocal, self, error);
}

EngTensor *
eng_mul_scalar_ (EngTensor *self, double other, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_number_for (self, other) };
  return eng_call_inplace (&eng_op_mul_scalar, args, error);
}
