/* SPDX-License-Identifier: MIT
 *
 * The cards that make tensors of one value: zeros, ones, full, empty, and the same
 * like another tensor. They make leaves; the door applies requires_grad. */
#include "card.h"

#define ENG_MAKER (ENG_OP_FACTORY | ENG_OP_FUNCTION | ENG_OP_NOT_DIFFERENTIABLE)
#define ENG_TAIL "ScalarType? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor"
#define ENG_CREATED "{out} was created by {op}: {out.size}, every entry "

/* Sizes from parameter 0. */
static gboolean
infer_sizes (EngCall *call, EngDtype dtype, GError **error)
{
  gsize n;
  const gint64 *sizes = eng_arg_ints (call, 0, &n);
  if (n > ENG_MAX_NDIM)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "a tensor can have at most %d dimensions, got %" G_GSIZE_FORMAT,
                           ENG_MAX_NDIM, n);
  for (gsize k = 0; k < n; k++)
    if (sizes[k] < 0)
      {
        g_autofree char *list = eng_shape_to_string ((guint) n, sizes);
        return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                               "Trying to create tensor with negative dimension %" G_GINT64_FORMAT ": %s",
                               sizes[k], list);
      }
  eng_meta_set (&call->out[0], dtype, (guint) n, sizes);
  return TRUE;
}

static gboolean
infer_default (EngCall *call, GError **error)
{
  return infer_sizes (call, eng_arg_dtype (call, 1, eng_get_default_dtype ()), error);
}

/* The dtype of a Python number. */
static EngDtype
number_dtype (const EngValue *value)
{
  if (value->kind == ENG_VALUE_BOOL)
    return ENG_BOOL;
  return value->kind == ENG_VALUE_INT ? ENG_INT64 : eng_get_default_dtype ();
}

static gboolean
infer_full (EngCall *call, GError **error)
{
  EngDtype dtype = eng_arg_dtype (call, 2, number_dtype (&call->args[1]));
  return eng_rule_value_fits (&call->args[1], dtype, error) && infer_sizes (call, dtype, error);
}

static void
infer_like (EngCall *call, guint dtype_arg)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  eng_meta_set_like (&call->out[0], eng_arg_dtype (call, dtype_arg, eng_tensor_get_dtype (self)), self);
}

static gboolean
infer_like_default (EngCall *call, GError **error)
{
  infer_like (call, 1);
  return TRUE;
}

static gboolean
infer_full_like (EngCall *call, GError **error)
{
  infer_like (call, 2);
  return eng_rule_value_fits (&call->args[1], call->out[0].dtype, error);
}

static gboolean
kernel_zeros (EngCall *call, GError **error)
{
  eng_kernel_fill_int64 (call->outputs[0], 0);
  return TRUE;
}

static gboolean
kernel_ones (EngCall *call, GError **error)
{
  eng_kernel_fill_int64 (call->outputs[0], 1);
  return TRUE;
}

static gboolean
kernel_full (EngCall *call, GError **error)
{
  const EngValue *value = &call->args[1];
  if (value->kind == ENG_VALUE_FLOAT)
    eng_kernel_fill (call->outputs[0], value->number);
  else
    eng_kernel_fill_int64 (call->outputs[0], eng_value_as_int64 (value));
  return TRUE;
}

const EngOp eng_op_zeros = {
  .signature = "zeros(int[] size, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_default,
  .kernel = kernel_zeros,
  .text = { .symbol = "zeros", .title = "tensor of zeros", .formula = "{out} = 0", .caption = ENG_CREATED "0." },
  .samples = { "[2,3]", "[]", "[0,2]", "[3], dtype=int64", "[2], dtype=bool", NULL },
};

const EngOp eng_op_ones = {
  .signature = "ones(int[] size, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_default,
  .kernel = kernel_ones,
  .text = { .symbol = "ones", .title = "tensor of ones", .formula = "{out} = 1", .caption = ENG_CREATED "1." },
  .samples = { "[2,3]", "[]", "[0,2]", "[3], dtype=int64", "[2], dtype=bool", NULL },
};

const EngOp eng_op_full = {
  .signature = "full(int[] size, Scalar fill_value, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_full,
  .kernel = kernel_full,
  .text = { .symbol = "full", .title = "tensor of one value", .formula = "{out} = {0}", .caption = ENG_CREATED "{0}." },
  .samples = { "[2,3], 1.5", "[], 2", "[2], True", "[3], 7, dtype=float64", NULL },
};

/* Fresh memory is zeroed: what lies in memory is no number to learn from. */
const EngOp eng_op_empty = {
  .signature = "empty(int[] size, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_default,
  .kernel = kernel_zeros,
  .text = { .symbol = "empty", .title = "tensor without values yet", .formula = "{out} = 0",
            .caption = "{out} was created by {op}: {out.size}, to be filled." },
  .samples = { "[2,3]", "[0]", NULL },
};

const EngOp eng_op_zeros_like = {
  .signature = "zeros_like(Tensor self, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_like_default,
  .kernel = kernel_zeros,
  .text = { .symbol = "zeros_like", .title = "zeros of another tensor's size", .formula = "{out} = 0",
            .caption = "{out} was created by {op} as large as {0}: {out.size}, every entry 0." },
  .samples = { "T(2,3)", "I(2)", "T(2), dtype=int64", NULL },
};

const EngOp eng_op_ones_like = {
  .signature = "ones_like(Tensor self, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_like_default,
  .kernel = kernel_ones,
  .text = { .symbol = "ones_like", .title = "ones of another tensor's size", .formula = "{out} = 1",
            .caption = "{out} was created by {op} as large as {0}: {out.size}, every entry 1." },
  .samples = { "T(2,3)", "I(2)", "T(2), dtype=int64", NULL },
};

const EngOp eng_op_full_like = {
  .signature = "full_like(Tensor self, Scalar fill_value, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_full_like,
  .kernel = kernel_full,
  .text = { .symbol = "full_like", .title = "one value in another tensor's size", .formula = "{out} = {1}",
            .caption = "{out} was created by {op} as large as {0}: {out.size}, every entry {1}." },
  .samples = { "T(2,3), 1.5", "I(2), 3", "T(2), 4, dtype=int64", NULL },
};

const EngOp eng_op_empty_like = {
  .signature = "empty_like(Tensor self, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_like_default,
  .kernel = kernel_zeros,
  .text = { .symbol = "empty_like", .title = "another tensor's size, without values yet", .formula = "{out} = 0",
            .caption = "{out} was created by {op} as large as {0}: {out.size}, to be filled." },
  .samples = { "T(2,3)", NULL },
};

static EngTensor *
call_sizes (const EngOp *op, EngDtype dtype, guint ndim, const gint64 *sizes, GError **error)
{
  EngValue args[] = { eng_value_ints (sizes, ndim), eng_value_dtype (dtype), eng_value_none (),
                      eng_value_bool (FALSE) };
  return eng_call_one (op, args, error);
}

EngTensor *
eng_zeros (EngDtype dtype, guint ndim, const gint64 *sizes, GError **error)
{
  return call_sizes (&eng_op_zeros, dtype, ndim, sizes, error);
}

EngTensor *
eng_ones (EngDtype dtype, guint ndim, const gint64 *sizes, GError **error)
{
  return call_sizes (&eng_op_ones, dtype, ndim, sizes, error);
}

EngTensor *
eng_full (EngDtype dtype, guint ndim, const gint64 *sizes, double value, GError **error)
{
  EngValue args[] = { eng_value_ints (sizes, ndim), eng_value_double (value), eng_value_dtype (dtype),
                      eng_value_none (), eng_value_bool (FALSE) };
  return eng_call_one (&eng_op_full, args, error);
}

static EngTensor *
call_like (const EngOp *op, EngTensor *self, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_none (), eng_value_none (), eng_value_bool (FALSE) };
  return eng_call_one (op, args, error);
}

EngTensor *
eng_zeros_like (EngTensor *self, GError **error)
{
  return call_like (&eng_op_zeros_like, self, error);
}

EngTensor *
eng_ones_like (EngTensor *self, GError **error)
{
  return call_like (&eng_op_ones_like, self, error);
}
