/* SPDX-License-Identifier: MIT
 *
 * The cards of activation functions made of straight pieces: leaky_relu, hardtanh, hardsigmoid,
 * hardswish, hardshrink, softshrink, with
 * their backward cards: hidden, one kernel each, and flat themselves. Formulas after the PyTorch pages of torch.nn.functional, 2.x. */
#include "chain.h"

#define ENG_NN_TWIN (ENG_OP_ELEMENTWISE | ENG_OP_INPLACE_TWIN | ENG_OP_NN)
#define FOR_0 (1 << 0)
#define FOR_1 (1 << 1)

/* Sizes and dtype of the input, which must be floating. */
static gboolean
infer_floating (EngCall *call, GError **error)
{
  EngDtype dtype = eng_tensor_get_dtype (eng_arg_tensor (call, 0));
  if (eng_dtype_category (dtype) != ENG_CATEGORY_FLOATING)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "\"%s_cpu\" not implemented for '%s'", call->signature->name,
                           eng_dtype_scalar_name (dtype));
  return eng_infer_same (call, error);
}

static gboolean
infer_hardtanh (EngCall *call, GError **error)
{
  if (eng_tensor_get_dtype (eng_arg_tensor (call, 0)) == ENG_BOOL)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "Bool inputs not supported for hardtanh");
  return eng_infer_same (call, error);
}

/* A slope that does not change: its own derivative is 0. */
static gboolean
vjp_straight_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_of_slope (vjp, NULL, grad_inputs, error);
}

/* ⅓ between −3 and 3. */
static EngTensor *
bend_hardswish (EngChain *chain, EngTensor *x, const EngValue *args)
{
  EngTensor *low = eng_chain_keep (chain, eng_ge_scalar (x, -3, chain->error));
  EngTensor *high = eng_chain_keep (chain, eng_le_scalar (x, 3, chain->error));
  EngTensor *inside = eng_step_two (chain, eng_logical_and, low, high);
  EngTensor *third = eng_chain_keep (chain, eng_full (eng_tensor_get_dtype (x), 0, NULL, 1.0 / 3, chain->error));
  return eng_step_where (chain, inside, third);
}

static gboolean
vjp_hardswish_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_of_slope (vjp, bend_hardswish, grad_inputs, error);
}

const EngOp eng_op_leaky_relu_backward = {
  .signature = "leaky_relu_backward(Tensor grad_output, Tensor self, Scalar negative_slope, bool self_is_result=False) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_HIDDEN,
  .grad_fn = "LeakyReluBackwardBackward0",
  .infer = eng_infer_binary,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_LEAKY_RELU_BACKWARD,
  .saves = { { ENG_SAVE_INPUT (1), FOR_0 } },
  .vjp = vjp_straight_backward,
  .text = {
    .symbol = "slope",
    .title = "derivative of leaky_relu",
    .formula = "{out} = {0} where {1} > 0, else {0} × {param.negative_slope}",
    .caption = "The gradient passed where {1} is above 0 and was weakened elsewhere.",
  },
  .samples = { "T(2,3), T(2,3), 0.1, False", "T(), T(), 0.1, False", NULL },
};

const EngOp eng_op_hardtanh_backward = {
  .signature = "hardtanh_backward(Tensor grad_output, Tensor self, Scalar min_val, Scalar max_val) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_HIDDEN,
  .grad_fn = "HardtanhBackwardBackward0",
  .infer = eng_infer_binary,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_HARDTANH_BACKWARD,
  .saves = { { ENG_SAVE_INPUT (1), FOR_0 } },
  .vjp = vjp_straight_backward,
  .text = {
    .symbol = "slope",
    .title = "derivative of hardtanh",
    .formula = "{out} = {0} between the limits, else 0",
    .caption = "The gradient passed where {1} is between the limits.",
  },
  .samples = { "T(2,3), T(2,3), -1, 1", "T(), T(), -1, 1", NULL },
};

const EngOp eng_op_hardsigmoid_backward = {
  .signature = "hardsigmoid_backward(Tensor grad_output, Tensor self) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_HIDDEN,
  .grad_fn = "HardsigmoidBackwardBackward0",
  .infer = eng_infer_binary,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_HARDSIGMOID_BACKWARD,
  .saves = { { ENG_SAVE_INPUT (1), FOR_0 } },
  .vjp = vjp_straight_backward,
  .text = {
    .symbol = "slope",
    .title = "derivative of hardsigmoid",
    .formula = "{out} = {0} / 6 where −3 < {1} < 3, else 0",
    .caption = "A sixth of the gradient passed where {1} is between −3 and 3.",
  },
  .samples = { "T(2,3), T(2,3)", "T(), T()", NULL },
};

const EngOp eng_op_hardswish_backward = {
  .signature = "hardswish_backward(Tensor grad_output, Tensor self) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_HIDDEN,
  .grad_fn = "HardswishBackwardBackward0",
  .infer = eng_infer_binary,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_HARDSWISH_BACKWARD,
  .saves = { { ENG_SAVE_INPUT (0), FOR_1 }, { ENG_SAVE_INPUT (1), FOR_0 | FOR_1 } },
  .vjp = vjp_hardswish_backward,
  .text = {
    .symbol = "slope",
    .title = "derivative of hardswish",
    .formula = "{out} = {0} × hardswish′({1})",
    .caption = "The gradient was multiplied by the slope of hardswish at {1}.",
  },
  .samples = { "T(2,3), T(2,3)", "T(), T()", NULL },
};

const EngOp eng_op_hardshrink_backward = {
  .signature = "hardshrink_backward(Tensor grad_out, Tensor self, Scalar lambd) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_HIDDEN,
  .grad_fn = "HardshrinkBackwardBackward0",
  .infer = eng_infer_binary,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_SHRINK_BACKWARD,
  .saves = { { ENG_SAVE_INPUT (1), FOR_0 } },
  .vjp = vjp_straight_backward,
  .text = {
    .symbol = "slope",
    .title = "derivative of hardshrink",
    .formula = "{out} = {0} where |{1}| > {param.lambd}, else 0",
    .caption = "The gradient passed where {1} is further than {param.lambd} from 0.",
  },
  .samples = { "T(2,3), T(2,3), 0.5", "T(), T(), 0.5", NULL },
};

const EngOp eng_op_softshrink_backward = {
  .signature = "softshrink_backward(Tensor grad_output, Tensor self, Scalar lambd) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_HIDDEN,
  .grad_fn = "SoftshrinkBackwardBackward0",
  .infer = eng_infer_binary,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_SHRINK_BACKWARD,
  .saves = { { ENG_SAVE_INPUT (1), FOR_0 } },
  .vjp = vjp_straight_backward,
  .text = {
    .symbol = "slope",
    .title = "derivative of softshrink",
    .formula = "{out} = {0} where |{1}| > {param.lambd}, else 0",
    .caption = "The gradient passed where {1} is further than {param.lambd} from 0.",
  },
  .samples = { "T(2,3), T(2,3), 0.5", "T(), T(), 0.5", NULL },
};

const EngOp eng_op_leaky_relu = {
  .signature = "leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor",
  .flags = ENG_NN_TWIN,
  .grad_fn = "LeakyReluBackward0",
  .infer = infer_floating,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_LEAKY_RELU,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = eng_vjp_by_card,
  .backward = &eng_op_leaky_relu_backward,
  .text = {
    .symbol = "leaky_relu",
    .title = "leaky rectified linear unit",
    .formula = "{out} = {0} where {0} > 0, else {param.negative_slope} × {0}",
    .caption = "{op} multiplied every negative entry of {0} by {param.negative_slope} and made {out} ({out.size}).",
    .caption_moved = "{op} multiplied every negative entry of {0} by {param.negative_slope}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} let the gradient through where {0} is above 0 and multiplied it by {param.negative_slope} elsewhere{almost0}.",
    .derivative = { { "{grad} where {0} > 0, else {param.negative_slope} × {grad}", "leaky_relu passes it where its input is above 0 and weakens it below",
                      "× 1 or {param.negative_slope}" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "T(2,3), 0.2", NULL },
};

const EngOp eng_op_hardtanh = {
  .signature = "hardtanh(Tensor self, Scalar min_val=-1, Scalar max_val=1) -> Tensor",
  .flags = ENG_NN_TWIN,
  .grad_fn = "HardtanhBackward0",
  .infer = infer_hardtanh,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_CLAMP,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = eng_vjp_by_card,
  .backward = &eng_op_hardtanh_backward,
  .text = {
    .symbol = "hardtanh",
    .title = "clipped identity",
    .formula = "{out} = {0} cut to {param.min_val}…{param.max_val}",
    .caption = "{op} cut every entry of {0} to {param.min_val}…{param.max_val} and made {out} ({out.size}).",
    .caption_moved = "{op} cut every entry of {0} to {param.min_val}…{param.max_val}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} let the gradient through where {0} is between the limits and stopped it elsewhere{almost0}.",
    .derivative = { { "{grad} between the limits, else 0", "hardtanh passes it between its limits",
                      "× 1 between {param.min_val} and {param.max_val}" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "T(2,3), 0, 1.5", NULL },
};

const EngOp eng_op_hardsigmoid = {
  .signature = "hardsigmoid(Tensor self) -> Tensor",
  .flags = ENG_NN_TWIN,
  .grad_fn = "HardsigmoidBackward0",
  .infer = infer_floating,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_HARDSIGMOID,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = eng_vjp_by_card,
  .backward = &eng_op_hardsigmoid_backward,
  .text = {
    .symbol = "hardsigmoid",
    .title = "sigmoid of straight pieces",
    .formula = "{out} = ({0} + 3) / 6 cut to 0…1",
    .caption = "{op} squashed every entry of {0} into 0…1 along a straight line and made {out} ({out.size}).",
    .caption_moved = "{op} squashed every entry of {0} into 0…1 along a straight line; the name {out} now means this result.",
    .backward_caption = "{grad_fn} passed a sixth of the gradient where {0} is between −3 and 3 and stopped it elsewhere{almost0}.",
    .derivative = { { "{grad} / 6 where −3 < {0} < 3, else 0", "hardsigmoid passes a sixth of it between −3 and 3",
                      "× 1/6 between −3 and 3" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", NULL },
};

const EngOp eng_op_hardswish = {
  .signature = "hardswish(Tensor self) -> Tensor",
  .flags = ENG_NN_TWIN,
  .grad_fn = "HardswishBackward0",
  .infer = infer_floating,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_HARDSWISH,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = eng_vjp_by_card,
  .backward = &eng_op_hardswish_backward,
  .text = {
    .symbol = "hardswish",
    .title = "silu of straight pieces",
    .formula = "{out} = {0} × hardsigmoid({0})",
    .caption = "{op} multiplied every entry of {0} by its hardsigmoid and made {out} ({out.size}).",
    .caption_moved = "{op} multiplied every entry of {0} by its hardsigmoid; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by the slope of hardswish{almost0}.",
    .derivative = { { "{grad} × ({0}/3 + ½) where −3 < {0} < 3", "hardswish multiplies by its slope",
                      "× hardswish′({0})" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", NULL },
};

const EngOp eng_op_hardshrink = {
  .signature = "hardshrink(Tensor self, Scalar lambd=0.5) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_NN | ENG_OP_FUNCTION | ENG_OP_TENSOR_METHOD,
  .grad_fn = "HardshrinkBackward0",
  .infer = infer_floating,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_HARDSHRINK,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = eng_vjp_by_card,
  .backward = &eng_op_hardshrink_backward,
  .text = {
    .symbol = "hardshrink",
    .title = "hard shrinkage",
    .formula = "{out} = {0} where |{0}| > {param.lambd}, else 0",
    .caption = "{op} set every entry of {0} within {param.lambd} of 0 to 0 and made {out} ({out.size}).",
    .caption_moved = "{op} set every entry of {0} within {param.lambd} of 0 to 0; the name {out} now means this result.",
    .backward_caption = "{grad_fn} let the gradient through where {0} is further than {param.lambd} from 0{almost0}.",
    .derivative = { { "{grad} where |{0}| > {param.lambd}, else 0", "hardshrink passes it far from 0",
                      "× 1 where |{0}| > {param.lambd}" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "T(2,3), 1.2", NULL },
};

const EngOp eng_op_softshrink = {
  .signature = "softshrink(Tensor self, Scalar lambd=0.5) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_NN,
  .grad_fn = "SoftshrinkBackward0",
  .infer = infer_floating,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_SOFTSHRINK,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = eng_vjp_by_card,
  .backward = &eng_op_softshrink_backward,
  .text = {
    .symbol = "softshrink",
    .title = "soft shrinkage",
    .formula = "{out} = {0} moved {param.lambd} towards 0",
    .caption = "{op} moved every entry of {0} towards 0 by up to {param.lambd} and made {out} ({out.size}).",
    .caption_moved = "{op} moved every entry of {0} towards 0 by up to {param.lambd}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} let the gradient through where {0} is further than {param.lambd} from 0{almost0}.",
    .derivative = { { "{grad} where |{0}| > {param.lambd}, else 0", "softshrink passes it far from 0",
                      "× 1 where |{0}| > {param.lambd}" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "T(2,3), 1.2", NULL },
};
