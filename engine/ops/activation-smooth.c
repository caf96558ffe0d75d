/* SPDX-License-Identifier: MIT
 *
 * The cards of smooth activation functions: elu, gelu, silu, mish, softplus, log_sigmoid,
 * with their backward cards: hidden, one kernel each; their own derivatives are
 * composed. Formulas after the PyTorch pages of torch.nn.functional, 2.x. */
#include "chain.h"

#include <math.h>

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
is_tanh_form (const EngValue *approximate)
{
  return g_strcmp0 (approximate->string, "tanh") == 0;
}

static gboolean
infer_gelu (EngCall *call, GError **error)
{
  const char *form = call->args[1].string;
  if (g_strcmp0 (form, "none") != 0 && g_strcmp0 (form, "tanh") != 0)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "approximate argument must be either none or tanh.");
  return infer_floating (call, error);
}

static gboolean
kernel_gelu (EngCall *call, GError **error)
{
  return eng_kernel_unary (call, is_tanh_form (&call->args[1]) ? ENG_FORMULA_GELU_TANH : ENG_FORMULA_GELU, error);
}

static gboolean
kernel_gelu_backward (EngCall *call, GError **error)
{
  gboolean tanh_form = is_tanh_form (&call->args[2]);
  return eng_kernel_binary (call, tanh_form ? ENG_FORMULA_GELU_TANH_BACKWARD : ENG_FORMULA_GELU_BACKWARD, NULL, error);
}

/* Where x ≤ 0: αs·r²·e^(r·x). */
static EngTensor *
bend_elu (EngChain *chain, EngTensor *x, const EngValue *args)
{
  double alpha = eng_value_as_double (&args[2]), scale = eng_value_as_double (&args[3]);
  double input_scale = eng_value_as_double (&args[4]);
  EngTensor *power = eng_step_exp (chain, eng_step_times (chain, x, input_scale));
  EngTensor *negative = eng_chain_keep (chain, eng_le_scalar (x, 0, chain->error));
  return eng_step_where (chain, negative,
                         eng_step_times (chain, power, alpha * scale * input_scale * input_scale));
}

/* φ(x)·(2 − x²), φ the normal density. */
static EngTensor *
bend_gelu_erf (EngChain *chain, EngTensor *x)
{
  EngTensor *square = eng_step_square (chain, x);
  EngTensor *density = eng_step_times (chain, eng_step_exp (chain, eng_step_times (chain, square, -0.5)),
                                       M_SQRT1_2 * M_2_SQRTPI / 2);
  return eng_step_mul (chain, density, eng_step_from (chain, 2, square));
}

/* With t = tanh u, u = k(x + c·x³): (1 − t²)·(u′ + ½x·(u″ − 2t·u′²)). */
static EngTensor *
bend_gelu_tanh (EngChain *chain, EngTensor *x)
{
  EngTensor *square = eng_step_square (chain, x);
  EngTensor *cubic = eng_step_plus (chain, eng_step_times (chain, square, EM_GELU_C), 1);
  EngTensor *t = eng_step_tanh (chain, eng_step_times (chain, eng_step_mul (chain, x, cubic), EM_GELU_K));
  EngTensor *u1 = eng_step_plus (chain, eng_step_times (chain, square, 3 * EM_GELU_K * EM_GELU_C), EM_GELU_K);
  EngTensor *u2 = eng_step_times (chain, x, 6 * EM_GELU_K * EM_GELU_C);
  EngTensor *twice = eng_step_times (chain, eng_step_mul (chain, t, eng_step_square (chain, u1)), 2);
  EngTensor *inner = eng_step_mul (chain, eng_step_times (chain, x, 0.5), eng_step_sub (chain, u2, twice));
  EngTensor *slope = eng_step_from (chain, 1, eng_step_square (chain, t));
  return eng_step_mul (chain, slope, eng_step_add (chain, u1, inner));
}

static EngTensor *
bend_gelu (EngChain *chain, EngTensor *x, const EngValue *args)
{
  return is_tanh_form (&args[2]) ? bend_gelu_tanh (chain, x) : bend_gelu_erf (chain, x);
}

/* With s = sigmoid x: s(1 − s)·(2 + x(1 − 2s)). */
static EngTensor *
bend_silu (EngChain *chain, EngTensor *x, const EngValue *args)
{
  EngTensor *s = eng_step_sigmoid (chain, x);
  EngTensor *bell = eng_step_sub (chain, s, eng_step_square (chain, s));
  EngTensor *rest = eng_step_mul (chain, x, eng_step_plus (chain, eng_step_times (chain, s, -2), 1));
  return eng_step_mul (chain, bell, eng_step_plus (chain, rest, 2));
}

/* With s = sigmoid x, t = tanh (softplus x), t′ = (1 − t²)·s: t′·(2 + x·(1 − s − 2t·s)). */
static EngTensor *
bend_mish (EngChain *chain, EngTensor *x, const EngValue *args)
{
  EngTensor *s = eng_step_sigmoid (chain, x);
  EngTensor *soft = eng_step_neg (chain, eng_step_one (chain, eng_log_sigmoid, eng_step_neg (chain, x)));
  EngTensor *t = eng_step_tanh (chain, soft);
  EngTensor *slope = eng_step_mul (chain, eng_step_from (chain, 1, eng_step_square (chain, t)), s);
  EngTensor *twice = eng_step_times (chain, eng_step_mul (chain, t, s), 2);
  EngTensor *inner = eng_step_sub (chain, eng_step_from (chain, 1, s), twice);
  return eng_step_mul (chain, slope, eng_step_plus (chain, eng_step_mul (chain, x, inner), 2));
}

/* With s = sigmoid (β·x): β·s·(1 − s) up to the threshold. */
static EngTensor *
bend_softplus (EngChain *chain, EngTensor *x, const EngValue *args)
{
  double beta = eng_value_as_double (&args[2]), threshold = eng_value_as_double (&args[3]);
  EngTensor *s = eng_step_sigmoid (chain, eng_step_times (chain, x, beta));
  EngTensor *bell = eng_step_sub (chain, s, eng_step_square (chain, s));
  EngTensor *below = eng_chain_keep (chain, eng_le_scalar (x, threshold / beta, chain->error));
  return eng_step_where (chain, below, eng_step_times (chain, bell, beta));
}

/* −s(1 − s) */
static EngTensor *
bend_log_sigmoid (EngChain *chain, EngTensor *x, const EngValue *args)
{
  EngTensor *s = eng_step_sigmoid (chain, x);
  return eng_step_sub (chain, eng_step_square (chain, s), s);
}

static gboolean
vjp_elu_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_of_slope (vjp, bend_elu, grad_inputs, error);
}

static gboolean
vjp_gelu_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_of_slope (vjp, bend_gelu, grad_inputs, error);
}

static gboolean
vjp_silu_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_of_slope (vjp, bend_silu, grad_inputs, error);
}

static gboolean
vjp_mish_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_of_slope (vjp, bend_mish, grad_inputs, error);
}

static gboolean
vjp_softplus_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_of_slope (vjp, bend_softplus, grad_inputs, error);
}

static gboolean
vjp_log_sigmoid_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_of_slope (vjp, bend_log_sigmoid, grad_inputs, error);
}

const EngOp eng_op_elu_backward = {
  .signature = "elu_backward(Tensor grad_output, Tensor self, Scalar alpha=1, Scalar scale=1, Scalar input_scale=1) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_HIDDEN,
  .grad_fn = "EluBackwardBackward0",
  .infer = eng_infer_binary,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_ELU_BACKWARD,
  .saves = { { ENG_SAVE_INPUT (0), FOR_1 }, { ENG_SAVE_INPUT (1), FOR_0 | FOR_1 } },
  .vjp = vjp_elu_backward,
  .text = {
    .symbol = "slope",
    .title = "derivative of elu",
    .formula = "{out} = {0} × elu′({1})",
    .caption = "The gradient was multiplied by the slope of elu at {1}.",
  },
  .samples = { "T(2,3), T(2,3)", "T(), T()", "T(2,3), T(2,3), 1.5, 1.1, 0.7", NULL },
};

const EngOp eng_op_gelu_backward = {
  .signature = "gelu_backward(Tensor grad_output, Tensor self, *, str approximate='none') -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_HIDDEN,
  .grad_fn = "GeluBackwardBackward0",
  .infer = eng_infer_binary,
  .kernel = kernel_gelu_backward,
  .saves = { { ENG_SAVE_INPUT (0), FOR_1 }, { ENG_SAVE_INPUT (1), FOR_0 | FOR_1 } },
  .vjp = vjp_gelu_backward,
  .text = {
    .symbol = "slope",
    .title = "derivative of gelu",
    .formula = "{out} = {0} × gelu′({1})",
    .caption = "The gradient was multiplied by the slope of gelu at {1}.",
  },
  .samples = { "T(2,3), T(2,3)", "T(), T()", "T(2,3), T(2,3), approximate='tanh'", NULL },
};

const EngOp eng_op_silu_backward = {
  .signature = "silu_backward(Tensor grad_output, Tensor self) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_HIDDEN,
  .grad_fn = "SiluBackwardBackward0",
  .infer = eng_infer_binary,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_SILU_BACKWARD,
  .saves = { { ENG_SAVE_INPUT (0), FOR_1 }, { ENG_SAVE_INPUT (1), FOR_0 | FOR_1 } },
  .vjp = vjp_silu_backward,
  .text = {
    .symbol = "slope",
    .title = "derivative of silu",
    .formula = "{out} = {0} × silu′({1})",
    .caption = "The gradient was multiplied by the slope of silu at {1}.",
  },
  .samples = { "T(2,3), T(2,3)", "T(), T()", NULL },
};

const EngOp eng_op_mish_backward = {
  .signature = "mish_backward(Tensor grad_output, Tensor self) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_HIDDEN,
  .grad_fn = "MishBackwardBackward0",
  .infer = eng_infer_binary,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_MISH_BACKWARD,
  .saves = { { ENG_SAVE_INPUT (0), FOR_1 }, { ENG_SAVE_INPUT (1), FOR_0 | FOR_1 } },
  .vjp = vjp_mish_backward,
  .text = {
    .symbol = "slope",
    .title = "derivative of mish",
    .formula = "{out} = {0} × mish′({1})",
    .caption = "The gradient was multiplied by the slope of mish at {1}.",
  },
  .samples = { "T(2,3), T(2,3)", "T(), T()", NULL },
};

const EngOp eng_op_softplus_backward = {
  .signature = "softplus_backward(Tensor grad_output, Tensor self, Scalar beta, Scalar threshold) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_HIDDEN,
  .grad_fn = "SoftplusBackwardBackward0",
  .infer = eng_infer_binary,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_SOFTPLUS_BACKWARD,
  .saves = { { ENG_SAVE_INPUT (0), FOR_1 }, { ENG_SAVE_INPUT (1), FOR_0 | FOR_1 } },
  .vjp = vjp_softplus_backward,
  .text = {
    .symbol = "slope",
    .title = "derivative of softplus",
    .formula = "{out} = {0} × sigmoid({1})",
    .caption = "The gradient was multiplied by the sigmoid of {1}.",
  },
  .samples = { "T(2,3), T(2,3), 1, 20", "T(), T(), 1, 20", "T(2,3), T(2,3), 2.0, 1.5", NULL },
};

const EngOp eng_op_log_sigmoid_backward = {
  .signature = "log_sigmoid_backward(Tensor grad_output, Tensor self) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_HIDDEN,
  .grad_fn = "LogSigmoidBackwardBackward0",
  .infer = eng_infer_binary,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_LOG_SIGMOID_BACKWARD,
  .saves = { { ENG_SAVE_INPUT (0), FOR_1 }, { ENG_SAVE_INPUT (1), FOR_0 | FOR_1 } },
  .vjp = vjp_log_sigmoid_backward,
  .text = {
    .symbol = "slope",
    .title = "derivative of log_sigmoid",
    .formula = "{out} = {0} × sigmoid(−{1})",
    .caption = "The gradient was multiplied by the sigmoid of −{1}.",
  },
  .samples = { "T(2,3), T(2,3)", "T(), T()", NULL },
};

const EngOp eng_op_elu = {
  .signature = "elu(Tensor self, Scalar alpha=1, Scalar scale=1, Scalar input_scale=1) -> Tensor",
  .flags = ENG_NN_TWIN,
  .grad_fn = "EluBackward0",
  .infer = infer_floating,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_ELU,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = eng_vjp_by_card,
  .backward = &eng_op_elu_backward,
  .text = {
    .symbol = "elu",
    .title = "exponential linear unit",
    .formula = "{out} = {0} where {0} > 0, else {param.alpha} × (e^{0} − 1)",
    .caption = "{op} kept the positive entries of {0} and bent the negative ones towards −{param.alpha} and made {out} ({out.size}).",
    .caption_moved = "{op} kept the positive entries of {0} and bent the negative ones towards −{param.alpha}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by the slope of elu{almost0}.",
    .derivative = { { "{grad} where {0} > 0, else {grad} × {param.alpha} × e^{0}", "elu passes it where its input is above 0 and weakens it below",
                      "× elu′({0})" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "T(2,3), 1.5", NULL },
};

const EngOp eng_op_gelu = {
  .signature = "gelu(Tensor self, *, str approximate='none') -> Tensor",
  .flags = ENG_NN_TWIN,
  .grad_fn = "GeluBackward0",
  .infer = infer_gelu,
  .kernel = kernel_gelu,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = eng_vjp_by_card,
  .backward = &eng_op_gelu_backward,
  .text = {
    .symbol = "gelu",
    .title = "Gaussian error linear unit",
    .formula = "{out} = {0} × Φ({0})",
    .caption = "{op} multiplied every entry of {0} by the normal probability of a smaller one and made {out} ({out.size}).",
    .caption_moved = "{op} multiplied every entry of {0} by the normal probability of a smaller one; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by Φ + {0}·φ, the slope of gelu{almost0}.",
    .derivative = { { "{grad} × (Φ({0}) + {0}·φ({0}))", "gelu multiplies by its slope, Φ + x·φ",
                      "× (Φ + {0}·φ)" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "T(2,3), approximate='tanh'", NULL },
};

const EngOp eng_op_silu = {
  .signature = "silu(Tensor self) -> Tensor",
  .flags = ENG_NN_TWIN,
  .grad_fn = "SiluBackward0",
  .infer = infer_floating,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_SILU,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = eng_vjp_by_card,
  .backward = &eng_op_silu_backward,
  .text = {
    .symbol = "silu",
    .title = "sigmoid linear unit",
    .formula = "{out} = {0} × sigmoid({0})",
    .caption = "{op} multiplied every entry of {0} by its own sigmoid and made {out} ({out.size}).",
    .caption_moved = "{op} multiplied every entry of {0} by its own sigmoid; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by s·(1 + {0}·(1 − s)) with s = sigmoid {0}{almost0}.",
    .derivative = { { "{grad} × s(1 + {0}(1 − s)), s = sigmoid({0})", "silu multiplies by its slope",
                      "× s(1 + {0}(1 − s))" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", NULL },
};

const EngOp eng_op_mish = {
  .signature = "mish(Tensor self) -> Tensor",
  .flags = ENG_NN_TWIN,
  .grad_fn = "MishBackward0",
  .infer = infer_floating,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_MISH,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = eng_vjp_by_card,
  .backward = &eng_op_mish_backward,
  .text = {
    .symbol = "mish",
    .title = "mish",
    .formula = "{out} = {0} × tanh(softplus({0}))",
    .caption = "{op} multiplied every entry of {0} by the tanh of its softplus and made {out} ({out.size}).",
    .caption_moved = "{op} multiplied every entry of {0} by the tanh of its softplus; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by the slope of mish{almost0}.",
    .derivative = { { "{grad} × mish′({0})", "mish multiplies by its slope",
                      "× mish′({0})" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", NULL },
};

const EngOp eng_op_softplus = {
  .signature = "softplus(Tensor self, Scalar beta=1, Scalar threshold=20) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_NN,
  .grad_fn = "SoftplusBackward0",
  .infer = infer_floating,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_SOFTPLUS,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = eng_vjp_by_card,
  .backward = &eng_op_softplus_backward,
  .text = {
    .symbol = "softplus",
    .title = "smooth relu",
    .formula = "{out} = log(1 + e^{0})",
    .caption = "{op} bent every entry of {0} smoothly above 0 and made {out} ({out.size}).",
    .caption_moved = "{op} bent every entry of {0} smoothly above 0; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by the sigmoid of {0}{almost0}.",
    .derivative = { { "{grad} × sigmoid({0})", "softplus multiplies by the sigmoid of its input",
                      "× sigmoid({0})" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "T(2,3), 2.0, 1.5", NULL },
};

const EngOp eng_op_log_sigmoid = {
  .signature = "log_sigmoid(Tensor self) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_NN,
  .grad_fn = "LogSigmoidBackward0",
  .infer = infer_floating,
  .kernel = eng_kernel_formula,
  .formula = ENG_FORMULA_LOG_SIGMOID,
  .saves = { { ENG_SAVE_INPUT (0), FOR_0 } },
  .vjp = eng_vjp_by_card,
  .backward = &eng_op_log_sigmoid_backward,
  .text = {
    .symbol = "logsigmoid",
    .title = "logarithm of the sigmoid",
    .formula = "{out} = log sigmoid({0})",
    .caption = "{op} took the logarithm of the sigmoid of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} took the logarithm of the sigmoid of every entry of {0}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied each gradient by the sigmoid of −{0}{almost0}.",
    .derivative = { { "{grad} × sigmoid(−{0})", "logsigmoid multiplies by 1 − sigmoid",
                      "× sigmoid(−{0})" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", NULL },
};

EngTensor *
eng_log_sigmoid (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_log_sigmoid, self, error);
}
