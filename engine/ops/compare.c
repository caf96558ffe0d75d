/* SPDX-License-Identifier: MIT
 *
 * The cards of comparison and logic: results are bool, there is nothing to
 * differentiate. */
#include "card.h"

#define ENG_COMPARES (ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION | ENG_OP_NOT_DIFFERENTIABLE)

static gboolean
kernel_eq (EngCall *call, GError **error)
{
  return eng_kernel_binary (call, ENG_FORMULA_EQ, NULL, error);
}

static gboolean
kernel_ne (EngCall *call, GError **error)
{
  return eng_kernel_binary (call, ENG_FORMULA_NE, NULL, error);
}

static gboolean
kernel_lt (EngCall *call, GError **error)
{
  return eng_kernel_binary (call, ENG_FORMULA_LT, NULL, error);
}

static gboolean
kernel_le (EngCall *call, GError **error)
{
  return eng_kernel_binary (call, ENG_FORMULA_LE, NULL, error);
}

static gboolean
kernel_gt (EngCall *call, GError **error)
{
  return eng_kernel_binary (call, ENG_FORMULA_GT, NULL, error);
}

static gboolean
kernel_ge (EngCall *call, GError **error)
{
  return eng_kernel_binary (call, ENG_FORMULA_GE, NULL, error);
}

static gboolean
kernel_logical_and (EngCall *call, GError **error)
{
  return eng_kernel_binary (call, ENG_FORMULA_LOGICAL_AND, NULL, error);
}

static gboolean
kernel_logical_or (EngCall *call, GError **error)
{
  return eng_kernel_binary (call, ENG_FORMULA_LOGICAL_OR, NULL, error);
}

static gboolean
kernel_logical_xor (EngCall *call, GError **error)
{
  return eng_kernel_binary (call, ENG_FORMULA_LOGICAL_XOR, NULL, error);
}

static gboolean
kernel_logical_not (EngCall *call, GError **error)
{
  return eng_kernel_unary (call, ENG_FORMULA_LOGICAL_NOT, error);
}

static gboolean
kernel_isnan (EngCall *call, GError **error)
{
  return eng_kernel_unary (call, ENG_FORMULA_ISNAN, error);
}

static gboolean
kernel_isinf (EngCall *call, GError **error)
{
  return eng_kernel_unary (call, ENG_FORMULA_ISINF, error);
}

static gboolean
kernel_isfinite (EngCall *call, GError **error)
{
  return eng_kernel_unary (call, ENG_FORMULA_ISFINITE, error);
}

/* Sizes of self, bool. */
static gboolean
infer_predicate (EngCall *call, GError **error)
{
  eng_meta_set_like (&call->out[0], ENG_BOOL, eng_arg_tensor (call, 0));
  return TRUE;
}

const EngOp eng_op_eq_tensor = {
  .signature = "eq.Tensor(Tensor self, Tensor other) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = eng_infer_compare,
  .kernel = kernel_eq,
  .text = {
    .symbol = "=",
    .title = "comparison",
    .formula = "{out} = {0} = {1}",
    .caption = "{op} asked of each entry of {0} whether it is equal to that of {1}: {out} ({out.size}).",
    .shape_rule = "{0} is {0.size} and {1} is {1.size}: entry by entry, sizes must be equal or 1",
  },
  .samples = { "T(2,3), T(2,3)", "T(2,3), T(3)", "I(4), T(4)", "B(3), B(3)", NULL },
};

const EngOp eng_op_eq_scalar = {
  .signature = "eq.Scalar(Tensor self, Scalar other) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = eng_infer_compare,
  .kernel = kernel_eq,
  .text = {
    .symbol = "=",
    .title = "comparison",
    .formula = "{out} = {0} = {1}",
    .caption = "{op} asked of each entry of {0} whether it is equal to {1}: {out} ({out.size}).",
  },
  .samples = { "T(2,3), 0.5", "I(4), 2", "I(4), 0.5", "B(3), 1", NULL },
};

const EngOp eng_op_ne_tensor = {
  .signature = "ne.Tensor(Tensor self, Tensor other) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = eng_infer_compare,
  .kernel = kernel_ne,
  .text = {
    .symbol = "≠",
    .title = "comparison",
    .formula = "{out} = {0} ≠ {1}",
    .caption = "{op} asked of each entry of {0} whether it differs from that of {1}: {out} ({out.size}).",
    .shape_rule = "{0} is {0.size} and {1} is {1.size}: entry by entry, sizes must be equal or 1",
  },
  .samples = { "T(2,3), T(2,3)", "T(2,3), T(3)", "I(4), T(4)", "B(3), B(3)", NULL },
};

const EngOp eng_op_ne_scalar = {
  .signature = "ne.Scalar(Tensor self, Scalar other) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = eng_infer_compare,
  .kernel = kernel_ne,
  .text = {
    .symbol = "≠",
    .title = "comparison",
    .formula = "{out} = {0} ≠ {1}",
    .caption = "{op} asked of each entry of {0} whether it differs from {1}: {out} ({out.size}).",
  },
  .samples = { "T(2,3), 0.5", "I(4), 2", "I(4), 0.5", "B(3), 1", NULL },
};

const EngOp eng_op_lt_tensor = {
  .signature = "lt.Tensor(Tensor self, Tensor other) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = eng_infer_compare,
  .kernel = kernel_lt,
  .text = {
    .symbol = "<",
    .title = "comparison",
    .formula = "{out} = {0} < {1}",
    .caption = "{op} asked of each entry of {0} whether it is below that of {1}: {out} ({out.size}).",
    .shape_rule = "{0} is {0.size} and {1} is {1.size}: entry by entry, sizes must be equal or 1",
  },
  .samples = { "T(2,3), T(2,3)", "T(2,3), T(3)", "I(4), T(4)", "B(3), B(3)", NULL },
};

const EngOp eng_op_lt_scalar = {
  .signature = "lt.Scalar(Tensor self, Scalar other) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = eng_infer_compare,
  .kernel = kernel_lt,
  .text = {
    .symbol = "<",
    .title = "comparison",
    .formula = "{out} = {0} < {1}",
    .caption = "{op} asked of each entry of {0} whether it is below {1}: {out} ({out.size}).",
  },
  .samples = { "T(2,3), 0.5", "I(4), 2", "I(4), 0.5", "B(3), 1", NULL },
};

const EngOp eng_op_le_tensor = {
  .signature = "le.Tensor(Tensor self, Tensor other) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = eng_infer_compare,
  .kernel = kernel_le,
  .text = {
    .symbol = "≤",
    .title = "comparison",
    .formula = "{out} = {0} ≤ {1}",
    .caption = "{op} asked of each entry of {0} whether it is at most that of {1}: {out} ({out.size}).",
    .shape_rule = "{0} is {0.size} and {1} is {1.size}: entry by entry, sizes must be equal or 1",
  },
  .samples = { "T(2,3), T(2,3)", "T(2,3), T(3)", "I(4), T(4)", "B(3), B(3)", NULL },
};

const EngOp eng_op_le_scalar = {
  .signature = "le.Scalar(Tensor self, Scalar other) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = eng_infer_compare,
  .kernel = kernel_le,
  .text = {
    .symbol = "≤",
    .title = "comparison",
    .formula = "{out} = {0} ≤ {1}",
    .caption = "{op} asked of each entry of {0} whether it is at most {1}: {out} ({out.size}).",
  },
  .samples = { "T(2,3), 0.5", "I(4), 2", "I(4), 0.5", "B(3), 1", NULL },
};

const EngOp eng_op_gt_tensor = {
  .signature = "gt.Tensor(Tensor self, Tensor other) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = eng_infer_compare,
  .kernel = kernel_gt,
  .text = {
    .symbol = ">",
    .title = "comparison",
    .formula = "{out} = {0} > {1}",
    .caption = "{op} asked of each entry of {0} whether it is above that of {1}: {out} ({out.size}).",
    .shape_rule = "{0} is {0.size} and {1} is {1.size}: entry by entry, sizes must be equal or 1",
  },
  .samples = { "T(2,3), T(2,3)", "T(2,3), T(3)", "I(4), T(4)", "B(3), B(3)", NULL },
};

const EngOp eng_op_gt_scalar = {
  .signature = "gt.Scalar(Tensor self, Scalar other) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = eng_infer_compare,
  .kernel = kernel_gt,
  .text = {
    .symbol = ">",
    .title = "comparison",
    .formula = "{out} = {0} > {1}",
    .caption = "{op} asked of each entry of {0} whether it is above {1}: {out} ({out.size}).",
  },
  .samples = { "T(2,3), 0.5", "I(4), 2", "I(4), 0.5", "B(3), 1", NULL },
};

const EngOp eng_op_ge_tensor = {
  .signature = "ge.Tensor(Tensor self, Tensor other) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = eng_infer_compare,
  .kernel = kernel_ge,
  .text = {
    .symbol = "≥",
    .title = "comparison",
    .formula = "{out} = {0} ≥ {1}",
    .caption = "{op} asked of each entry of {0} whether it is at least that of {1}: {out} ({out.size}).",
    .shape_rule = "{0} is {0.size} and {1} is {1.size}: entry by entry, sizes must be equal or 1",
  },
  .samples = { "T(2,3), T(2,3)", "T(2,3), T(3)", "I(4), T(4)", "B(3), B(3)", NULL },
};

const EngOp eng_op_ge_scalar = {
  .signature = "ge.Scalar(Tensor self, Scalar other) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = eng_infer_compare,
  .kernel = kernel_ge,
  .text = {
    .symbol = "≥",
    .title = "comparison",
    .formula = "{out} = {0} ≥ {1}",
    .caption = "{op} asked of each entry of {0} whether it is at least {1}: {out} ({out.size}).",
  },
  .samples = { "T(2,3), 0.5", "I(4), 2", "I(4), 0.5", "B(3), 1", NULL },
};

const EngOp eng_op_logical_and = {
  .signature = "logical_and(Tensor self, Tensor other) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = eng_infer_compare,
  .kernel = kernel_logical_and,
  .text = {
    .symbol = "and",
    .title = "logical and",
    .formula = "{out} = {0} and {1}",
    .caption = "{op} joined the truth of {0} and {1} entry by entry and made {out} ({out.size}).",
    .shape_rule = "{0} is {0.size} and {1} is {1.size}: entry by entry, sizes must be equal or 1",
  },
  .samples = { "B(3), B(3)", "T(2,3), B(3)", "I(4), I(4)", NULL },
};

const EngOp eng_op_logical_or = {
  .signature = "logical_or(Tensor self, Tensor other) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = eng_infer_compare,
  .kernel = kernel_logical_or,
  .text = {
    .symbol = "or",
    .title = "logical or",
    .formula = "{out} = {0} or {1}",
    .caption = "{op} joined the truth of {0} and {1} entry by entry and made {out} ({out.size}).",
    .shape_rule = "{0} is {0.size} and {1} is {1.size}: entry by entry, sizes must be equal or 1",
  },
  .samples = { "B(3), B(3)", "T(2,3), B(3)", "I(4), I(4)", NULL },
};

const EngOp eng_op_logical_xor = {
  .signature = "logical_xor(Tensor self, Tensor other) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = eng_infer_compare,
  .kernel = kernel_logical_xor,
  .text = {
    .symbol = "xor",
    .title = "logical exclusive or",
    .formula = "{out} = {0} xor {1}",
    .caption = "{op} joined the truth of {0} and {1} entry by entry and made {out} ({out.size}).",
    .shape_rule = "{0} is {0.size} and {1} is {1.size}: entry by entry, sizes must be equal or 1",
  },
  .samples = { "B(3), B(3)", "T(2,3), B(3)", "I(4), I(4)", NULL },
};

const EngOp eng_op_logical_not = {
  .signature = "logical_not(Tensor self) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = infer_predicate,
  .kernel = kernel_logical_not,
  .text = {
    .symbol = "not",
    .title = "negated truth",
    .formula = "{out} = not {0}",
    .caption = "{op} turned the truth of every entry of {0} round: {out} ({out.size}).",
  },
  .samples = { "T(2,3)", "I(4)", "B(3)", NULL },
};

const EngOp eng_op_isnan = {
  .signature = "isnan(Tensor self) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = infer_predicate,
  .kernel = kernel_isnan,
  .text = {
    .symbol = "isnan",
    .title = "is it not a number?",
    .formula = "{out} = isnan {0}",
    .caption = "{op} asked of every entry of {0} whether it is NaN: {out} ({out.size}).",
  },
  .samples = { "T(2,3)", "I(4)", "B(3)", NULL },
};

const EngOp eng_op_isinf = {
  .signature = "isinf(Tensor self) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = infer_predicate,
  .kernel = kernel_isinf,
  .text = {
    .symbol = "isinf",
    .title = "is it infinite?",
    .formula = "{out} = isinf {0}",
    .caption = "{op} asked of every entry of {0} whether it is infinite: {out} ({out.size}).",
  },
  .samples = { "T(2,3)", "I(4)", "B(3)", NULL },
};

const EngOp eng_op_isfinite = {
  .signature = "isfinite(Tensor self) -> Tensor",
  .flags = ENG_COMPARES,
  .infer = infer_predicate,
  .kernel = kernel_isfinite,
  .text = {
    .symbol = "isfinite",
    .title = "is it finite?",
    .formula = "{out} = isfinite {0}",
    .caption = "{op} asked of every entry of {0} whether it is finite: {out} ({out.size}).",
  },
  .samples = { "T(2,3)", "I(4)", "B(3)", NULL },
};

EngTensor *
eng_eq (EngTensor *self, EngTensor *other, GError **error)
{
  return eng_call_two (&eng_op_eq_tensor, self, other, error);
}

EngTensor *
eng_lt (EngTensor *self, EngTensor *other, GError **error)
{
  return eng_call_two (&eng_op_lt_tensor, self, other, error);
}

EngTensor *
eng_gt (EngTensor *self, EngTensor *other, GError **error)
{
  return eng_call_two (&eng_op_gt_tensor, self, other, error);
}

EngTensor *
eng_logical_and (EngTensor *self, EngTensor *other, GError **error)
{
  return eng_call_two (&eng_op_logical_and, self, other, error);
}

EngTensor *
eng_eq_scalar (EngTensor *self, double other, GError **error)
{
  return eng_call_number (&eng_op_eq_scalar, self, other, error);
}

EngTensor *
eng_ne_scalar (EngTensor *self, double other, GError **error)
{
  return eng_call_number (&eng_op_ne_scalar, self, other, error);
}

EngTensor *
eng_gt_scalar (EngTensor *self, double other, GError **error)
{
  return eng_call_number (&eng_op_gt_scalar, self, other, error);
}

EngTensor *
eng_ge_scalar (EngTensor *self, double other, GError **error)
{
  return eng_call_number (&eng_op_ge_scalar, self, other, error);
}

EngTensor *
eng_le_scalar (EngTensor *self, double other, GError **error)
{
  return eng_call_number (&eng_op_le_scalar, self, other, error);
}

EngTensor *
eng_logical_not (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_logical_not, self, error);
}
