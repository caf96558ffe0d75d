/* SPDX-License-Identifier: MIT
 *
 * The cards of + and −: add, sub, rsub, neg, each for tensors and numbers.
 * Derivatives pass the gradient on, scaled by alpha; the engine undoes
 * broadcasting. */
#include "card.h"

/* Where `alpha` stands in add, sub and rsub. */
#define ALPHA 2

static gboolean
kernel_alpha (EngCall *call, GError **error)
{
  double numbers[ENG_MAX_NUMBERS] = { eng_arg_double (call, ALPHA) };
  return eng_kernel_binary (call, (EngFormula) call->op->formula, numbers, error);
}

static gboolean
infer_alpha (EngCall *call, GError **error)
{
  if (!eng_infer_binary (call, error))
    return FALSE;
  if (call->args[ALPHA].kind == ENG_VALUE_FLOAT
      && eng_dtype_category (call->compute_dtype) != ENG_CATEGORY_FLOATING)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "For integral input tensors, argument alpha must not be a floating point number.");
  return TRUE;
}

static gboolean
is_bool (const EngCall *call, guint k)
{
  EngTensor *tensor = eng_arg_tensor (call, k);
  return tensor != NULL ? eng_tensor_get_dtype (tensor) == ENG_BOOL : call->args[k].kind == ENG_VALUE_BOOL;
}

static gboolean
infer_sub (EngCall *call, GError **error)
{
  if (is_bool (call, 0) && is_bool (call, 1))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "Subtraction, the `-` operator, with two bool tensors is not supported. "
                           "Use the `^` or `logical_xor()` operator instead.");
  if (is_bool (call, 0) || is_bool (call, 1))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "Subtraction, the `-` operator, with a bool tensor is not supported. "
                           "If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.");
  return infer_alpha (call, error);
}

static gboolean
infer_neg (EngCall *call, GError **error)
{
  if (is_bool (call, 0))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "Negation, the `-` operator, on a bool tensor is not supported. "
                           "If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.");
  return eng_infer_same (call, error);
}

/* The gradient times factor, without a multiplication by 1. */
static EngTensor *
scaled (EngTensor *grad, double factor, GError **error)
{
  return factor == 1 ? eng_tensor_ref (grad) : eng_mul_scalar (grad, factor, error);
}

/* self gets the gradient times `left`, other the gradient times `right`. */
static gboolean
vjp_linear (EngVjp *vjp, double left, double right, EngTensor **grad_inputs, GError **error)
{
  EngTensor *grad = vjp->grad_outputs[0];
  if (eng_vjp_needs (vjp, 0) && !eng_vjp_give (grad_inputs, 0, scaled (grad, left, error)))
    return FALSE;
  return !eng_vjp_needs (vjp, 1) || eng_vjp_give (grad_inputs, 1, scaled (grad, right, error));
}

static gboolean
vjp_add (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return vjp_linear (vjp, 1, eng_value_as_double (&vjp->args[ALPHA]), grad_inputs, error);
}

static gboolean
vjp_sub (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return vjp_linear (vjp, 1, -eng_value_as_double (&vjp->args[ALPHA]), grad_inputs, error);
}

static gboolean
vjp_rsub (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return vjp_linear (vjp, -eng_value_as_double (&vjp->args[ALPHA]), 1, grad_inputs, error);
}

static gboolean
vjp_neg (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_give (grad_inputs, 0, eng_neg (vjp->grad_outputs[0], error));
}

#define ENG_TWO_WAYS (ENG_OP_ELEMENTWISE | ENG_OP_INPLACE_TWIN | ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)

const EngOp eng_op_add_tensor = {
  .signature = "add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor",
  .flags = ENG_TWO_WAYS,
  .grad_fn = "AddBackward0",
  .infer = infer_alpha,
  .kernel = kernel_alpha,
  .formula = ENG_FORMULA_ADD,
  .plain = 2,
  .vjp = vjp_add,
  .text = {
    .symbol = "+",
    .title = "sum of two tensors",
    .formula = "{out} = {0} + {number.alpha} × {1}\n{out} = {0} + {1}",
    .caption = "{op} added {0} and {number.alpha} × {1} entry by entry and made {out} ({out.size}).\n"
               "{op} added {0} and {1} entry by entry and made {out} ({out.size}).",
    .caption_moved = "{op} added {0} and {number.alpha} × {1} entry by entry; the name {out} now means this result.\n"
                     "{op} added {0} and {1} entry by entry; the name {out} now means this result.",
    .backward_caption = "{given.alpha}{grad_fn} passed the gradient on to {shares}{none}.\n"
                        "{grad_fn} passed the same gradient, unchanged, to {to}{none}.",
    .shape_rule = "{0} is {0.size} and {1} is {1.size}: entry by entry, sizes must be equal or 1",
    .derivative = {
      { "{grad}", "+ passes it unchanged to the left, times {number.alpha} to the right\n+ passes it unchanged to both",
        "{given.alpha}× 1\n× 1 to both" },
      { "{grad} × {number.alpha}\n{grad}",
        "+ passes it unchanged to the left, times {number.alpha} to the right\n+ passes it unchanged to both",
        "× {number.alpha}\n× 1 to both" },
    },
  },
  .samples = { "T(2,3), T(2,3)", "T(2,3), T(3)", "T(2,1), T(1,4), alpha=2", "T(), T(2)", "T(0,3), T(3)",
               "I(4), I(4)", "B(3), B(3)", NULL },
};

const EngOp eng_op_add_scalar = {
  .signature = "add.Scalar(Tensor self, Scalar other, *, Scalar alpha=1) -> Tensor",
  .flags = ENG_TWO_WAYS,
  .grad_fn = "AddBackward0",
  .infer = infer_alpha,
  .kernel = kernel_alpha,
  .formula = ENG_FORMULA_ADD,
  .vjp = vjp_add,
  .text = {
    .symbol = "+",
    .title = "tensor plus a number",
    .formula = "{out} = {0} + {number.alpha} × {1}\n{out} = {left} + {right}",
    .caption = "{op} added {number.alpha} × {1} to every entry of {0} and made {out} ({out.size}).\n"
               "{op} added {1} to every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} added {number.alpha} × {1} to every entry; the name {out} now means this result.\n"
                     "{op} added {1} to every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} passed the gradient on to {to}, unchanged.",
    .derivative = { { "{grad}", "+ passes it unchanged", "× 1" } },
  },
  .samples = { "T(2,3), 1.5", "T(2,3), 2, alpha=3", "I(4), 2", "I(4), 1.5", "B(3), 1", NULL },
};

const EngOp eng_op_sub_tensor = {
  .signature = "sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor",
  .flags = ENG_TWO_WAYS,
  .grad_fn = "SubBackward0",
  .infer = infer_sub,
  .kernel = kernel_alpha,
  .formula = ENG_FORMULA_SUB,
  .plain = 2,
  .vjp = vjp_sub,
  .text = {
    .symbol = "−",
    .title = "difference of two tensors",
    .formula = "{out} = {0} − {number.alpha} × {1}\n{out} = {0} − {1}",
    .caption = "{op} subtracted {number.alpha} × {1} from {0} entry by entry and made {out} ({out.size}).\n"
               "{op} subtracted {1} from {0} entry by entry and made {out} ({out.size}).",
    .caption_moved = "{op} subtracted {number.alpha} × {1} from {0} entry by entry; the name {out} now means this "
                     "result.\n{op} subtracted {1} from {0} entry by entry; the name {out} now means this result.",
    .backward_caption = "{given.alpha}{grad_fn} passed the gradient on to {shares}{none}.\n"
                        "{grad_fn} passed the gradient on to {to}; what was subtracted gets it negated{none}.",
    .shape_rule = "{0} is {0.size} and {1} is {1.size}: entry by entry, sizes must be equal or 1",
    .derivative = {
      { "{grad}", "− passes it unchanged to the left", "× 1" },
      { "{grad} × {negative.alpha}\n−{grad}",
        "− passes it times {negative.alpha} to the right\n− passes it negated to the right",
        "× {negative.alpha}\n× −1" },
    },
  },
  .samples = { "T(2,3), T(2,3)", "T(2,3), T(3)", "T(2,1), T(1,4), alpha=2", "T(2,2), T()", "I(4), I(4)", NULL },
};

const EngOp eng_op_sub_scalar = {
  .signature = "sub.Scalar(Tensor self, Scalar other, *, Scalar alpha=1) -> Tensor",
  .flags = ENG_TWO_WAYS,
  .grad_fn = "SubBackward0",
  .infer = infer_sub,
  .kernel = kernel_alpha,
  .formula = ENG_FORMULA_SUB,
  .vjp = vjp_sub,
  .text = {
    .symbol = "−",
    .title = "tensor minus a number",
    .formula = "{out} = {0} − {number.alpha} × {1}\n{out} = {0} − {1}",
    .caption = "{op} subtracted {number.alpha} × {1} from every entry of {0} and made {out} ({out.size}).\n"
               "{op} subtracted {1} from every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} subtracted {number.alpha} × {1} from every entry; the name {out} now means this result.\n"
                     "{op} subtracted {1} from every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} passed the gradient on to {to}, unchanged.",
    .derivative = { { "{grad}", "− passes it unchanged to the left", "× 1" } },
  },
  .samples = { "T(2,3), 1.5", "T(2,3), 2, alpha=3", "I(4), 2", NULL },
};

const EngOp eng_op_rsub_tensor = {
  .signature = "rsub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_FUNCTION,
  .grad_fn = "RsubBackward0",
  .infer = infer_sub,
  .kernel = kernel_alpha,
  .formula = ENG_FORMULA_RSUB,
  .plain = 2,
  .vjp = vjp_rsub,
  .text = {
    .symbol = "−",
    .title = "difference, turned round",
    .formula = "{out} = {1} − {number.alpha} × {0}\n{out} = {1} − {0}",
    .caption = "{op} subtracted {number.alpha} × {0} from {1} entry by entry and made {out} ({out.size}).\n"
               "{op} subtracted {0} from {1} entry by entry and made {out} ({out.size}).",
    .backward_caption = "{given.alpha}{grad_fn} passed the gradient on to {shares}{none}.\n"
                        "{grad_fn} passed the gradient on to {to}; what was subtracted gets it negated{none}.",
    .derivative = {
      { "{grad} × {negative.alpha}\n−{grad}",
        "− passes it times {negative.alpha} to the right\n− passes it negated to the right",
        "× {negative.alpha}\n× −1" },
      { "{grad}", "− passes it unchanged to the left", "× 1" },
    },
  },
  .samples = { "T(2,3), T(2,3)", "T(2,3), T(3), alpha=2", NULL },
};

const EngOp eng_op_rsub_scalar = {
  .signature = "rsub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor",
  .flags = ENG_OP_ELEMENTWISE | ENG_OP_FUNCTION,
  .grad_fn = "RsubBackward1",
  .infer = infer_sub,
  .kernel = kernel_alpha,
  .formula = ENG_FORMULA_RSUB,
  .vjp = vjp_rsub,
  .text = {
    .symbol = "−",
    .title = "number minus a tensor",
    .formula = "{out} = {1} − {number.alpha} × {0}\n{out} = {1} − {0}",
    .caption = "{op} subtracted {number.alpha} × every entry of {0} from {1} and made {out} ({out.size}).\n"
               "{op} subtracted every entry of {0} from {1} and made {out} ({out.size}).",
    .caption_moved = "{op} subtracted {number.alpha} × every entry from {1}; the name {out} now means this result.\n"
                     "{op} subtracted every entry from {1}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied the gradient by {negative.alpha} and sent it to {to}.\n"
                        "{grad_fn} negated the gradient and sent it to {to}.",
    .derivative = { { "{grad} × {negative.alpha}\n−{grad}",
                      "− passes it times {negative.alpha} to the right\n− passes it negated to the right",
                      "× {negative.alpha}\n× −1" } },
  },
  .samples = { "T(2,3), 1.5", "T(2,3), 2, alpha=3", "I(4), 2", NULL },
};

const EngOp eng_op_neg = {
  .signature = "neg(Tensor self) -> Tensor",
  .flags = ENG_TWO_WAYS,
  .grad_fn = "NegBackward0",
  .infer = infer_neg,
  .kernel = eng_kernel_one,
  .formula = ENG_FORMULA_NEG,
  .plain = 1,
  .vjp = vjp_neg,
  .text = {
    .symbol = "−",
    .title = "negation",
    .formula = "{out} = −{0}",
    .caption = "{op} turned the sign of every entry of {0} and made {out} ({out.size}).",
    .caption_moved = "{op} turned the sign of every entry; the name {out} now means this result.",
    .backward_caption = "{grad_fn} negated the gradient and sent it to {to}.",
    .derivative = { { "−{grad}", "− negates it", "× −1" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", NULL },
};

static EngTensor *
call_alpha (const EngOp *op, EngTensor *self, EngValue other, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), other, eng_value_int (1) };
  return eng_call_one (op, args, error);
}

EngTensor *
eng_add (EngTensor *self, EngTensor *other, GError **error)
{
  return call_alpha (&eng_op_add_tensor, self, eng_value_tensor (other), error);
}

EngTensor *
eng_sub (EngTensor *self, EngTensor *other, GError **error)
{
  return call_alpha (&eng_op_sub_tensor, self, eng_value_tensor (other), error);
}

EngTensor *
eng_add_scalar (EngTensor *self, double other, GError **error)
{
  return call_alpha (&eng_op_add_scalar, self, eng_value_number_for (self, other), error);
}

EngTensor *
eng_rsub_scalar (EngTensor *self, double other, GError **error)
{
  return call_alpha (&eng_op_rsub_scalar, self, eng_value_number_for (self, other), error);
}

EngTensor *
eng_neg (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_neg, self, error);
}

EngTensor *
eng_add_ (EngTensor *self, EngTensor *other, double alpha, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_tensor (other), eng_value_number_for (self, alpha) };
  return eng_call_inplace (&eng_op_add_tensor, args, error);
}
