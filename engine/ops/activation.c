/* SPDX-License-Identifier: MIT
 *
 * The cards of activation functions, tanh, sigmoid, relu, and their backward
 * cards: hidden, one kernel each, so that a tiny net's backward stays fast; their
 * own derivatives are composed of ordinary operations. */
#include "card.h"

#define ENG_TWO_WAYS (ENG_OP_ELEMENTWISE | ENG_OP_INPLACE_TWIN | ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)
#define FOR_0 (1 << 0)
#define FOR_1 (1 << 1)

static gboolean
infer_relu (EngCall *call, GError **error)
{
  if (eng_tensor_get_dtype (eng_arg_tensor (call, 0)) == ENG_BOOL)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "Boolean inputs not supported for relu");
  return eng_infer_same (call, error);
}

/* The gradient through a backward card over the saved output. */
static gboolean
vjp_by_output (EngVjp *vjp, EngTensor *(*backward) (EngTensor *, EngTensor *, GError **),
               EngTensor **grad_inputs, GError **error)
{
  EngTensor *out = eng_vjp_get_output (vjp, 0, error);
  return out != NULL && eng_vjp_give (grad_inputs, 0, backward (vjp->grad_outputs[0], out, error));
}

static gboolean
vjp_tanh (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return vjp_by_output (vjp, eng_tanh_backward, grad_inputs, error);
}

static gboolean
vjp_sigmoid (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return vjp_by_output (vjp, eng_sigmoid_backward, grad_inputs, error);
}

static gboolean
vjp_relu (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return vjp_by_output (vjp, eng_threshold_backward, grad_inputs, error);
}

/* For out = grad · slope (y): the gradient of `grad` is the card once more; that of
 * y is G · grad · slope′ (y), where slope′ (y) = constant − 2·y. */
static gboolean
vjp_slope (EngVjp *vjp, double constant, EngTensor **grad_inputs, GError **error)
{
  EngTensor *incoming = vjp->grad_outputs[0];
  EngTensor *y = eng_vjp_get_input (vjp, 1, error);
  if (y == NULL)
    return FALSE;
  if (eng_vjp_needs (vjp, 0) && !eng_vjp_give (grad_inputs, 0, eng_call_two (vjp->op, incoming, y, error)))
    return FALSE;
  if (!eng_vjp_needs (vjp, 1))
    return TRUE;
  EngTensor *grad = eng_vjp_get_input (vjp, 0, error);
  if (grad == NULL)
    return FALSE;
  g_autoptr (EngTensor) product = eng_mul (incoming, grad, error);
  g_autoptr (EngTensor) twice = product != NULL ? eng_mul_scalar (y, -2, error) : NULL;
  g_autoptr (EngTensor) bend = twice != NULL ? eng_add_scalar (twice, constant, error) : NULL;
  return bend != NULL && eng_vjp_give (grad_inputs, 1, eng_mul (product, bend, error));
}

/* slope = 1 − y² */
static gboolean
vjp_tanh_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return vjp_slope (vjp, 0, grad_inputs, error);
}

/* slope = y − y² */
static gboolean
vjp_sigmoid_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return vjp_slope (vjp, 1, grad_inputs, error);
}

/* slope = 1 where y > 0, so that y itself receives nothing. */
static gboolean
vjp_threshold_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  if (eng_vjp_needs (vjp, 1) && !eng_vjp_give (grad_inputs, 1, eng_zeros_like (vjp->grad_outputs[0], error)))
    return FALSE;
  if (!eng_vjp_needs (vjp, 0))
    return TRUE;
  EngTensor *y = eng_vjp_get_input (vjp, 1, error);
  return y != NULL && eng_vjp_give (grad_inputs, 0, eng_threshold_backward (vjp->grad_outputs[0], y, error));
}

const EngOp eng_op_tanh = {
  .signature = "tanh(Tensor self) -> Tensor",
  .flags = ENG_TWO_WAYS,
  .grad_fn = "TanhBackward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_one,
  .formula = ENG_FORMULA_TANH,
  .plain = 1,
  .saves = { { ENG_SAVE_OUTPUT (0), FOR_0 } },
  .vjp = vjp_tanh,
  .text = {
    .symbol = "tanh",
    .title = "hyperbolic tangent",
    .formula = "{out} = tanh({0})",
    .caption = "{op} squashed every entry into −1…1 and made {out} ({out.size}).",
    .caption_moved = "{op} squashed every entry into −1…1; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by 1 − {out}²{almost0}.",
    .saturation = "nearly ±1",
    .derivative = { { "{grad} × (1 − {out}²)", "tanh multiplies by 1 − tanh²", "× (1 − {out}²)" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_sigmoid = {
  .signature = "sigmoid(Tensor self) -> Tensor",
  .flags = ENG_TWO_WAYS,
  .grad_fn = "SigmoidBackward0",
  .infer = eng_infer_unary_float,
  .kernel = eng_kernel_one,
  .formula = ENG_FORMULA_SIGMOID,
  .plain = 1,
  .saves = { { ENG_SAVE_OUTPUT (0), FOR_0 } },
  .vjp = vjp_sigmoid,
  .text = {
    .symbol = "sigmoid",
    .title = "logistic function",
    .formula = "{out} = 1 / (1 + e^−{0})",
    .caption = "{op} squashed every entry into 0…1 and made {out} ({out.size}).",
    .caption_moved = "{op} squashed every entry into 0…1; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by {out} × (1 − {out}){almost0}.",
    .saturation = "nearly 0 or 1",
    .derivative = { { "{grad} × {out} × (1 − {out})", "sigmoid multiplies by its value times 1 − its value",
                      "× {out}(1 − {out})" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_relu = {
  .signature = "relu(Tensor self) -> Tensor",
  .flags = ENG_TWO_WAYS,
  .grad_fn = "ReluBackward0",
  .infer = infer_relu,
  .kernel = eng_kernel_one,
  .formula = ENG_FORMULA_RELU,
  .plain = 1,
  .saves = { { ENG_SAVE_OUTPUT (0), FOR_0 } },
  .vjp = vjp_relu,
  .text = {
    .symbol = "relu",
    .title = "rectified linear unit",
    .formula = "{out} = max(0, {0})",
    .caption = "{op} set every negative entry to 0 and made {out} ({out.size}).",
    .caption_moved = "{op} set every negative entry to 0; the name {out} now means this result.",
    .backward_caption = "{grad_fn} let the gradient through where {out} is above 0 and stopped it elsewhere.",
    .saturation = "exactly 0",
    .derivative = { { "{grad} where {out} > 0, else 0", "relu passes it where its result is above 0",
                      "× 1 where {out} > 0" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

const EngOp eng_op_tanh_backward = {
  .signature = "tanh_backward(Tensor grad_output, Tensor output) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_HIDDEN,
  .grad_fn = "TanhBackwardBackward0",
  .infer = eng_infer_binary,
  .kernel = eng_kernel_two,
  .formula = ENG_FORMULA_TANH_BACKWARD,
  .plain = 2,
  .saves = { { ENG_SAVE_INPUT (0), FOR_1 }, { ENG_SAVE_INPUT (1), FOR_0 | FOR_1 } },
  .vjp = vjp_tanh_backward,
  .text = {
    .symbol = "× (1 − y²)",
    .title = "derivative of tanh",
    .formula = "{out} = {0} × (1 − {1}²)",
    .caption = "The gradient was multiplied by 1 − {1}².",
  },
  .samples = { "T(2,3), T(2,3)", "T(), T()", NULL },
};

const EngOp eng_op_sigmoid_backward = {
  .signature = "sigmoid_backward(Tensor grad_output, Tensor output) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_HIDDEN,
  .grad_fn = "SigmoidBackwardBackward0",
  .infer = eng_infer_binary,
  .kernel = eng_kernel_two,
  .formula = ENG_FORMULA_SIGMOID_BACKWARD,
  .plain = 2,
  .saves = { { ENG_SAVE_INPUT (0), FOR_1 }, { ENG_SAVE_INPUT (1), FOR_0 | FOR_1 } },
  .vjp = vjp_sigmoid_backward,
  .text = {
    .symbol = "× y(1 − y)",
    .title = "derivative of sigmoid",
    .formula = "{out} = {0} × {1} × (1 − {1})",
    .caption = "The gradient was multiplied by {1} × (1 − {1}).",
  },
  .samples = { "T(2,3), T(2,3)", "T(), T()", NULL },
};

const EngOp eng_op_threshold_backward = {
  .signature = "threshold_backward(Tensor grad_output, Tensor output) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_HIDDEN,
  .grad_fn = "ThresholdBackwardBackward0",
  .infer = eng_infer_binary,
  .kernel = eng_kernel_two,
  .formula = ENG_FORMULA_THRESHOLD_BACKWARD,
  .plain = 2,
  .saves = { { ENG_SAVE_INPUT (1), FOR_0 } },
  .vjp = vjp_threshold_backward,
  .text = {
    .symbol = "where y > 0",
    .title = "derivative of relu",
    .formula = "{out} = {0} where {1} > 0, else 0",
    .caption = "The gradient passed where {1} is above 0.",
  },
  .samples = { "T(2,3), T(2,3)", "T(), T()", NULL },
};

EngTensor *
eng_tanh (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_tanh, self, error);
}

EngTensor *
eng_sigmoid (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_sigmoid, self, error);
}

EngTensor *
eng_relu (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_relu, self, error);
}

EngTensor *
eng_tanh_backward (EngTensor *grad, EngTensor *output, GError **error)
{
  return eng_call_two (&eng_op_tanh_backward, grad, output, error);
}

EngTensor *
eng_sigmoid_backward (EngTensor *grad, EngTensor *output, GError **error)
{
  return eng_call_two (&eng_op_sigmoid_backward, grad, output, error);
}

EngTensor *
eng_threshold_backward (EngTensor *grad, EngTensor *output, GError **error)
{
  return eng_call_two (&eng_op_threshold_backward, grad, output, error);
}
