/* SPDX-License-Identifier: MIT
 *
 * The cards that choose between two numbers entry by entry (maximum, minimum,
 * clamp) and those of whole division (floor_divide, remainder). */
#include "card.h"

#include <math.h>

#define ENG_BOTH (ENG_OP_ELEMENTWISE | ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)
#define FOR_0 (1 << 0)
#define FOR_1 (1 << 1)

static gboolean
kernel_maximum (EngCall *call, GError **error)
{
  return eng_kernel_binary (call, ENG_FORMULA_MAXIMUM, NULL, error);
}

static gboolean
kernel_minimum (EngCall *call, GError **error)
{
  return eng_kernel_binary (call, ENG_FORMULA_MINIMUM, NULL, error);
}

/* 1 where winner beats loser, ½ where they are equal, else 0. */
static EngTensor *
winning_share (EngTensor *winner, EngTensor *loser, EngDtype dtype, GError **error)
{
  g_autoptr (EngTensor) beats = eng_gt (winner, loser, error);
  g_autoptr (EngTensor) equal = beats != NULL ? eng_eq (winner, loser, error) : NULL;
  g_autoptr (EngTensor) whole = equal != NULL ? eng_cast (beats, dtype, error) : NULL;
  g_autoptr (EngTensor) ties = whole != NULL ? eng_cast (equal, dtype, error) : NULL;
  g_autoptr (EngTensor) half = ties != NULL ? eng_mul_scalar (ties, 0.5, error) : NULL;
  return half != NULL ? eng_add (whole, half, error) : NULL;
}

static gboolean
vjp_choice (EngVjp *vjp, gboolean largest, EngTensor **grad_inputs, GError **error)
{
  EngTensor *grad = vjp->grad_outputs[0];
  EngTensor *inputs[2] = { eng_vjp_get_input (vjp, 0, error), NULL };
  inputs[1] = inputs[0] != NULL ? eng_vjp_get_input (vjp, 1, error) : NULL;
  if (inputs[1] == NULL)
    return FALSE;
  for (guint k = 0; k < 2; k++)
    {
      if (!eng_vjp_needs (vjp, k))
        continue;
      EngTensor *own = inputs[k], *other = inputs[1 - k];
      g_autoptr (EngTensor) share = winning_share (largest ? own : other, largest ? other : own,
                                                   eng_tensor_get_dtype (grad), error);
      if (share == NULL || !eng_vjp_give (grad_inputs, k, eng_mul (grad, share, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
vjp_maximum (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return vjp_choice (vjp, TRUE, grad_inputs, error);
}

static gboolean
vjp_minimum (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return vjp_choice (vjp, FALSE, grad_inputs, error);
}

/* The limits take part in promotion. */
static gboolean
infer_clamp (EngCall *call, GError **error)
{
  if (eng_arg_is_none (call, 1) && eng_arg_is_none (call, 2))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "torch.clamp: At least one of 'min' or 'max' must not be None");
  call->compute_dtype = eng_result_type (call->args, 3);
  eng_meta_set_like (&call->out[0], call->compute_dtype, eng_arg_tensor (call, 0));
  return TRUE;
}

static gboolean
kernel_clamp (EngCall *call, GError **error)
{
  EngTensor *inputs[] = { eng_arg_tensor (call, 0) };
  gboolean low = !eng_arg_is_none (call, 1), high = !eng_arg_is_none (call, 2);
  double numbers[ENG_MAX_NUMBERS] = { eng_arg_double (call, 1), eng_arg_double (call, 2) };
  EngFormula formula = !high ? ENG_FORMULA_CLAMP_MIN : !low ? ENG_FORMULA_CLAMP_MAX : ENG_FORMULA_CLAMP;
  if (!low)
    numbers[0] = numbers[1];
  return eng_run_formula (formula, call->outputs[0], inputs, 1, numbers, error);
}

/* grad where min ≤ self ≤ max, else 0. */
static gboolean
vjp_clamp (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *self = eng_vjp_get_input (vjp, 0, error);
  const EngValue *low = &vjp->args[1], *high = &vjp->args[2];
  if (self == NULL)
    return FALSE;
  double least = low->kind == ENG_VALUE_NONE ? -INFINITY : eng_value_as_double (low);
  double most = high->kind == ENG_VALUE_NONE ? INFINITY : eng_value_as_double (high);
  g_autoptr (EngTensor) above = eng_ge_scalar (self, least, error);
  g_autoptr (EngTensor) below = above != NULL ? eng_le_scalar (self, most, error) : NULL;
  g_autoptr (EngTensor) inside = below != NULL ? eng_logical_and (above, below, error) : NULL;
  g_autoptr (EngTensor) zero = inside != NULL ? eng_zeros (eng_tensor_get_dtype (self), 0, NULL, error) : NULL;
  return zero != NULL && eng_vjp_give (grad_inputs, 0, eng_where (inside, vjp->grad_outputs[0], zero, error));
}

/* Whole division by zero is an error for integers, inf or nan for floats. */
static gboolean
check_divisor (EngCall *call, GError **error)
{
  EngTensor *divisor = eng_arg_tensor (call, 1);
  gboolean zero = FALSE;
  if (eng_dtype_category (call->compute_dtype) == ENG_CATEGORY_FLOATING)
    return TRUE;
  if (divisor == NULL)
    zero = eng_arg_int (call, 1) == 0;
  else
    for (gint64 i = 0; i < eng_tensor_get_numel (divisor) && !zero; i++)
      zero = eng_tensor_get_int64 (divisor, i) == 0;
  return !zero || eng_rule_fails (error, ENG_ERROR_RUNTIME, "ZeroDivisionError");
}

static gboolean
kernel_floor_divide (EngCall *call, GError **error)
{
  return check_divisor (call, error) && eng_kernel_binary (call, ENG_FORMULA_FLOOR_DIVIDE, NULL, error);
}

static gboolean
kernel_remainder (EngCall *call, GError **error)
{
  return check_divisor (call, error) && eng_kernel_binary (call, ENG_FORMULA_REMAINDER, NULL, error);
}

/* self gets the gradient as it is; the divisor −grad · ⌊self / divisor⌋. */
static gboolean
vjp_remainder (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *grad = vjp->grad_outputs[0];
  if (eng_vjp_needs (vjp, 0))
    eng_vjp_give (grad_inputs, 0, eng_tensor_ref (grad));
  if (!eng_vjp_needs (vjp, 1))
    return TRUE;
  EngTensor *self = eng_vjp_get_input (vjp, 0, error);
  EngTensor *divisor = self != NULL ? eng_vjp_get_input (vjp, 1, error) : NULL;
  g_autoptr (EngTensor) times = divisor != NULL ? eng_floor_divide (self, divisor, error) : NULL;
  g_autoptr (EngTensor) negated = times != NULL ? eng_neg (grad, error) : NULL;
  return negated != NULL && eng_vjp_give (grad_inputs, 1, eng_mul (negated, times, error));
}

static gboolean
vjp_remainder_scalar (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_give (grad_inputs, 0, eng_tensor_ref (vjp->grad_outputs[0]));
}

const EngOp eng_op_maximum = {
  .signature = "maximum(Tensor self, Tensor other) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "MaximumBackward0",
  .infer = eng_infer_binary,
  .kernel = kernel_maximum,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 | FOR_1 }, { ENG_SAVE_INPUT (1), FOR_0 | FOR_1 } },
  .vjp = vjp_maximum,
  .text = {
    .symbol = "maximum",
    .title = "larger of two, entry by entry",
    .formula = "{out} = max({0}, {1})",
    .caption = "{op} took the larger of {0} and {1} entry by entry and made {out} ({out.size}).",
    .caption_moved = "{op} took the larger of {0} and {1}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} sent each gradient to the larger of the two; equals share it{none}.",
    .shape_rule = "{0} is {0.size} and {1} is {1.size}: entry by entry, sizes must be equal or 1",
    .derivative = {
      { "{grad} where {0} won", "maximum passes it to the one that won", "× 1 where it won" },
      { "{grad} where {1} won", "maximum passes it to the one that won", "× 1 where it won" },
    },
  },
  .samples = { "T(2,3), T(2,3)", "T(2,3), T(3)", "I(4), I(4)", "B(3), B(3)", NULL },
};

const EngOp eng_op_minimum = {
  .signature = "minimum(Tensor self, Tensor other) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "MinimumBackward0",
  .infer = eng_infer_binary,
  .kernel = kernel_minimum,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 | FOR_1 }, { ENG_SAVE_INPUT (1), FOR_0 | FOR_1 } },
  .vjp = vjp_minimum,
  .text = {
    .symbol = "minimum",
    .title = "smaller of two, entry by entry",
    .formula = "{out} = min({0}, {1})",
    .caption = "{op} took the smaller of {0} and {1} entry by entry and made {out} ({out.size}).",
    .caption_moved = "{op} took the smaller of {0} and {1}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} sent each gradient to the smaller of the two; equals share it{none}.",
    .shape_rule = "{0} is {0.size} and {1} is {1.size}: entry by entry, sizes must be equal or 1",
    .derivative = {
      { "{grad} where {0} won", "minimum passes it to the one that won", "× 1 where it won" },
      { "{grad} where {1} won", "minimum passes it to the one that won", "× 1 where it won" },
    },
  },
  .samples = { "T(2,3), T(2,3)", "T(2,3), T(3)", "I(4), I(4)", "B(3), B(3)", NULL },
};

const EngOp eng_op_clamp = {
  .signature = "clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor",
  .flags = ENG_BOTH | ENG_OP_INPLACE_TWIN,
  .grad_fn = "ClampBackward1",
  .infer = infer_clamp,
  .kernel = kernel_clamp,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = vjp_clamp,
  .text = {
    .symbol = "clamp",
    .title = "kept within limits",
    .formula = "{out} = {0} within {1} … {2}",
    .caption = "{op} kept every entry of {0} within {param.min} … {param.max} and made {out} ({out.size}).",
    .caption_moved = "{op} kept every entry within {param.min} … {param.max}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} let the gradient through where {0} is within the limits and stopped it elsewhere.",
    .derivative = { { "{grad} where within the limits, else 0", "clamp passes it where its input was within the limits",
                      "× 1 within the limits" } },
  },
  .samples = { "T(2,3), -0.5, 0.5", "T(2,3), 0", "T(2,3), None, 0.25", "I(4), 1, 2", "I(4), 0.5", NULL },
};

const EngOp eng_op_floor_divide_tensor = {
  .signature = "floor_divide.Tensor(Tensor self, Tensor other) -> Tensor",
  .flags = ENG_BOTH | ENG_OP_INPLACE_TWIN | ENG_OP_NOT_DIFFERENTIABLE,
  .infer = eng_infer_binary,
  .kernel = kernel_floor_divide,
  .text = {
    .symbol = "//",
    .title = "quotient rounded down",
    .formula = "{out} = {0} // {1}",
    .caption = "{op} divided {0} by {1} and rounded down entry by entry and made {out} ({out.size}).",
  },
  .samples = { "P(2,3), P(2,3)", "I(4), J(4)", "T(2,3), P(3)", NULL },
};

const EngOp eng_op_floor_divide_scalar = {
  .signature = "floor_divide.Scalar(Tensor self, Scalar other) -> Tensor",
  .flags = ENG_BOTH | ENG_OP_INPLACE_TWIN | ENG_OP_NOT_DIFFERENTIABLE,
  .infer = eng_infer_binary,
  .kernel = kernel_floor_divide,
  .text = {
    .symbol = "//",
    .title = "quotient rounded down",
    .formula = "{out} = {0} // {1}",
    .caption = "{op} divided {0} by {1} and rounded down entry by entry and made {out} ({out.size}).",
  },
  .samples = { "T(2,3), 0.75", "I(4), 2", "I(4), -3", "I(4), 1.5", NULL },
};

const EngOp eng_op_remainder_tensor = {
  .signature = "remainder.Tensor(Tensor self, Tensor other) -> Tensor",
  .flags = ENG_BOTH | ENG_OP_INPLACE_TWIN,
  .grad_fn = "RemainderBackward1",
  .infer = eng_infer_binary,
  .kernel = kernel_remainder,
  .saves = { { ENG_SAVE_INPUT (0), FOR_1 }, { ENG_SAVE_INPUT (1), FOR_1 } },
  .vjp = vjp_remainder,
  .text = {
    .symbol = "%",
    .title = "remainder of division",
    .formula = "{out} = {0} % {1}",
    .caption = "{op} took the remainder of {0} divided by {1} entry by entry and made {out} ({out.size}).",
    .backward_caption = "{grad_fn} passed the gradient on to {to}{none}.",
    .derivative = { { "{grad}", "% passes it unchanged to the left", "× 1" } },
  },
  .samples = { "P(2,3), P(2,3)", "I(4), J(4)", "T(2,3), P(3)", NULL },
};

const EngOp eng_op_remainder_scalar = {
  .signature = "remainder.Scalar(Tensor self, Scalar other) -> Tensor",
  .flags = ENG_BOTH | ENG_OP_INPLACE_TWIN,
  .grad_fn = "RemainderBackward0",
  .infer = eng_infer_binary,
  .kernel = kernel_remainder,
  .vjp = vjp_remainder_scalar,
  .text = {
    .symbol = "%",
    .title = "remainder of division",
    .formula = "{out} = {0} % {1}",
    .caption = "{op} took the remainder of {0} divided by {1} entry by entry and made {out} ({out.size}).",
    .backward_caption = "{grad_fn} passed the gradient on to {to}{none}.",
    .derivative = { { "{grad}", "% passes it unchanged to the left", "× 1" } },
  },
  .samples = { "T(2,3), 0.75", "I(4), 2", "I(4), -3", "I(4), 1.5", NULL },
};

EngTensor *
eng_floor_divide (EngTensor *self, EngTensor *other, GError **error)
{
  return eng_call_two (&eng_op_floor_divide_tensor, self, other, error);
}
