/* SPDX-License-Identifier: MIT
 *
 * The cards that draw tensors: rand, randn, randint, randperm, normal, and the
 * same like another tensor. The streams are PyTorch's (random-fill.c); the
 * generator argument None means the default one. */
#include "card.h"
#include "engine/random-private.h"

#define ENG_MAKER (ENG_OP_FACTORY | ENG_OP_FUNCTION | ENG_OP_NOT_DIFFERENTIABLE)
#define ENG_TAIL "Generator? generator=None, ScalarType? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor"
#define ENG_LIKE_TAIL "ScalarType? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor"

static EngGenerator *
arg_generator (const EngCall *call, guint k)
{
  return call->args[k].kind == ENG_VALUE_GENERATOR ? call->args[k].generator : eng_generator_get_default ();
}

static gboolean
set_sizes (EngCall *call, guint k, EngDtype dtype, GError **error)
{
  gsize n;
  const gint64 *sizes = eng_arg_ints (call, k, &n);
  gint64 numel;
  if (n > ENG_MAX_NDIM)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "a tensor can have at most %d dimensions, got %" G_GSIZE_FORMAT,
                           ENG_MAX_NDIM, n);
  if (!eng_shape_check ((guint) n, sizes, eng_dtype_size (dtype), &numel, error))
    return FALSE;
  eng_meta_set (&call->out[0], dtype, (guint) n, sizes);
  return TRUE;
}

static gboolean
check_floating (EngDtype dtype, const char *kernel, GError **error)
{
  if (eng_dtype_category (dtype) == ENG_CATEGORY_FLOATING)
    return TRUE;
  return eng_rule_fails (error, ENG_ERROR_RUNTIME, "\"%s\" not implemented for '%s'", kernel,
                         eng_dtype_scalar_name (dtype));
}

static gboolean
infer_rand (EngCall *call, GError **error)
{
  EngDtype dtype = eng_arg_dtype (call, 2, eng_get_default_dtype ());
  return check_floating (dtype, "check_uniform_bounds", error) && set_sizes (call, 0, dtype, error);
}

static gboolean
infer_randn (EngCall *call, GError **error)
{
  EngDtype dtype = eng_arg_dtype (call, 2, eng_get_default_dtype ());
  return check_floating (dtype, "normal_kernel_cpu", error) && set_sizes (call, 0, dtype, error);
}

static gboolean
infer_like (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  EngDtype dtype = eng_arg_dtype (call, 1, eng_tensor_get_dtype (self));
  eng_meta_set_like (&call->out[0], dtype, self);
  return check_floating (dtype, "normal_kernel_cpu", error);
}

static gboolean
kernel_rand (EngCall *call, GError **error)
{
  eng_fill_uniform (call->outputs[0], 0, 1, arg_generator (call, 1));
  return TRUE;
}

static gboolean
kernel_randn (EngCall *call, GError **error)
{
  eng_fill_normal (call->outputs[0], 0, 1, arg_generator (call, 1));
  return TRUE;
}

static gboolean
kernel_rand_like (EngCall *call, GError **error)
{
  eng_fill_uniform (call->outputs[0], 0, 1, eng_generator_get_default ());
  return TRUE;
}

static gboolean
kernel_randn_like (EngCall *call, GError **error)
{
  eng_fill_normal (call->outputs[0], 0, 1, eng_generator_get_default ());
  return TRUE;
}

static gboolean
check_range (gint64 low, gint64 high, GError **error)
{
  if (low < high)
    return TRUE;
  return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                         "random_ expects 'from' to be less than 'to', but got from=%" G_GINT64_FORMAT " >= to=%"
                         G_GINT64_FORMAT, low, high);
}

static gboolean
infer_randint (EngCall *call, GError **error)
{
  return check_range (0, eng_arg_int (call, 0), error)
         && set_sizes (call, 1, eng_arg_dtype (call, 3, ENG_INT64), error);
}

static gboolean
infer_randint_low (EngCall *call, GError **error)
{
  return check_range (eng_arg_int (call, 0), eng_arg_int (call, 1), error)
         && set_sizes (call, 2, eng_arg_dtype (call, 4, ENG_INT64), error);
}

static gboolean
kernel_randint (EngCall *call, GError **error)
{
  eng_fill_integers (call->outputs[0], 0, eng_arg_int (call, 0), arg_generator (call, 2));
  return TRUE;
}

static gboolean
kernel_randint_low (EngCall *call, GError **error)
{
  eng_fill_integers (call->outputs[0], eng_arg_int (call, 0), eng_arg_int (call, 1), arg_generator (call, 3));
  return TRUE;
}

static gboolean
infer_randperm (EngCall *call, GError **error)
{
  gint64 n = eng_arg_int (call, 0);
  EngDtype dtype = eng_arg_dtype (call, 2, ENG_INT64);
  if (n < 0)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "Trying to create tensor with negative dimension %" G_GINT64_FORMAT ": [%" G_GINT64_FORMAT
                           "]", n, n);
  eng_meta_set (&call->out[0], dtype, 1, &n);
  return TRUE;
}

static gboolean
kernel_randperm (EngCall *call, GError **error)
{
  eng_fill_permutation (call->outputs[0], arg_generator (call, 1));
  return TRUE;
}

static gboolean
infer_normal (EngCall *call, GError **error)
{
  EngDtype dtype = eng_arg_dtype (call, 4, eng_get_default_dtype ());
  if (eng_arg_double (call, 1) < 0)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "normal expects std >= 0.0, but found std %g",
                           eng_arg_double (call, 1));
  return check_floating (dtype, "normal_kernel_cpu", error) && set_sizes (call, 2, dtype, error);
}

static gboolean
kernel_normal (EngCall *call, GError **error)
{
  eng_fill_normal (call->outputs[0], eng_arg_double (call, 0), eng_arg_double (call, 1), arg_generator (call, 3));
  return TRUE;
}

const EngOp eng_op_rand = {
  .signature = "rand(int[] size, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_rand,
  .kernel = kernel_rand,
  .text = { .symbol = "rand", .title = "uniform random tensor", .formula = "{out} ~ U(0, 1)",
            .caption = "{out} was created: {out.size}, drawn evenly from 0…1." },
  .samples = { "[2,3]", "[]", "[20]", "[3], dtype=float64", NULL },
};

const EngOp eng_op_randn = {
  .signature = "randn(int[] size, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_randn,
  .kernel = kernel_randn,
  .text = { .symbol = "randn", .title = "normal random tensor", .formula = "{out} ~ N(0, 1)",
            .caption = "{out} was created: {out.size}, drawn from the normal distribution." },
  .samples = { "[2,3]", "[]", "[16]", "[17]", "[20], dtype=float64", NULL },
};

const EngOp eng_op_rand_like = {
  .signature = "rand_like(Tensor self, *, " ENG_LIKE_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_like,
  .kernel = kernel_rand_like,
  .text = { .symbol = "rand_like", .title = "uniform random, another tensor's size", .formula = "{out} ~ U(0, 1)",
            .caption = "{out} was created as large as {0}: {out.size}, drawn evenly from 0…1." },
  .samples = { "T(2,3)", NULL },
};

const EngOp eng_op_randn_like = {
  .signature = "randn_like(Tensor self, *, " ENG_LIKE_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_like,
  .kernel = kernel_randn_like,
  .text = { .symbol = "randn_like", .title = "normal random, another tensor's size", .formula = "{out} ~ N(0, 1)",
            .caption = "{out} was created as large as {0}: {out.size}, drawn from the normal distribution." },
  .samples = { "T(2,3)", "T(20)", NULL },
};

const EngOp eng_op_randint = {
  .signature = "randint(int high, int[] size, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_randint,
  .kernel = kernel_randint,
  .text = { .symbol = "randint", .title = "random integers", .formula = "{out} ~ 0 … {0} − 1",
            .caption = "{out} was created: {out.size} random integers from 0 up to, not including, {0}." },
  .samples = { "10, [2,3]", "2, [20]", NULL },
};

const EngOp eng_op_randint_low = {
  .signature = "randint.low(int low, int high, int[] size, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_randint_low,
  .kernel = kernel_randint_low,
  .text = { .symbol = "randint", .title = "random integers", .formula = "{out} ~ {0} … {1} − 1",
            .caption = "{out} was created: {out.size} random integers from {0} up to, not including, {1}." },
  .samples = { "-5, 10, [2,3]", "3, 4, [2], dtype=float32", NULL },
};

const EngOp eng_op_randperm = {
  .signature = "randperm(int n, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_randperm,
  .kernel = kernel_randperm,
  .text = { .symbol = "randperm", .title = "random order", .formula = "{out} = 0 … {0} − 1, shuffled",
            .caption = "{out} was created: the numbers 0 … {0} − 1 in random order." },
  .samples = { "10", "0", "1", NULL },
};

const EngOp eng_op_normal = {
  .signature = "normal.float_float(float mean, float std, int[] size, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_normal,
  .kernel = kernel_normal,
  .text = { .symbol = "normal", .title = "normal random tensor", .formula = "{out} ~ N({0}, {1}²)",
            .caption = "{out} was created: {out.size}, normal with mean {0} and standard deviation {1}." },
  .samples = { "1.5, 2.0, [2,3]", "0.0, 0.5, [20]", NULL },
};

static EngTensor *
call_sizes (const EngOp *op, guint ndim, const gint64 *sizes, GError **error)
{
  EngValue args[] = { eng_value_ints (sizes, ndim), eng_value_none (), eng_value_none (), eng_value_none (),
                      eng_value_bool (FALSE) };
  return eng_call_one (op, args, error);
}

EngTensor *
eng_rand (guint ndim, const gint64 *sizes, GError **error)
{
  return call_sizes (&eng_op_rand, ndim, sizes, error);
}

EngTensor *
eng_randn (guint ndim, const gint64 *sizes, GError **error)
{
  return call_sizes (&eng_op_randn, ndim, sizes, error);
}
