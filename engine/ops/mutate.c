/* SPDX-License-Identifier: MIT
 *
 * The cards that write their first tensor: zero_, fill_, copy_ and the in-place
 * random ones. What was there before has no influence any more, so it receives no
 * gradient; the source of copy_ and fill_ receives it all. */
#include "card.h"
#include "engine/random-private.h"

#define ENG_WRITER (ENG_OP_MUTATES_SELF | ENG_OP_TENSOR_METHOD)

static EngGenerator *
arg_generator (const EngCall *call, guint k)
{
  return call->args[k].kind == ENG_VALUE_GENERATOR ? call->args[k].generator : eng_generator_get_default ();
}

static gboolean
kernel_zero (EngCall *call, GError **error)
{
  eng_kernel_fill_int64 (call->outputs[0], 0);
  return TRUE;
}

static gboolean
kernel_fill_scalar (EngCall *call, GError **error)
{
  const EngValue *value = &call->args[1];
  if (value->kind == ENG_VALUE_FLOAT)
    eng_kernel_fill (call->outputs[0], value->number);
  else
    eng_kernel_fill_int64 (call->outputs[0], eng_value_as_int64 (value));
  return TRUE;
}

static gboolean
infer_fill_scalar (EngCall *call, GError **error)
{
  return eng_rule_value_fits (&call->args[1], eng_tensor_get_dtype (eng_arg_tensor (call, 0)), error)
         && eng_infer_same (call, error);
}

static gboolean
kernel_copy (EngCall *call, GError **error)
{
  return eng_kernel_copy_within (call->outputs[0], eng_arg_tensor (call, 1), error);
}

/* The source must broadcast to self's sizes. */
static gboolean
infer_copy (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  EngTensor *src = eng_arg_tensor (call, 1);
  guint ndim = eng_tensor_get_ndim (self), wide_ndim;
  const gint64 *sizes = eng_tensor_get_sizes (self);
  gint64 wide[ENG_MAX_NDIM];
  if (!eng_shape_broadcast (ndim, sizes, eng_tensor_get_ndim (src), eng_tensor_get_sizes (src),
                            &wide_ndim, wide, error))
    return FALSE;
  if (!eng_shape_equal (ndim, sizes, wide_ndim, wide))
    {
      g_autofree char *own = eng_shape_to_string (ndim, sizes);
      g_autofree char *broadcast = eng_shape_to_string (wide_ndim, wide);
      return eng_rule_fails (error, ENG_ERROR_RUNTIME, "output with shape %s doesn't match the broadcast shape %s",
                             own, broadcast);
    }
  return eng_infer_same (call, error);
}

static gboolean
infer_fill_tensor (EngCall *call, GError **error)
{
  guint ndim = eng_tensor_get_ndim (eng_arg_tensor (call, 1));
  if (ndim != 0)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "fill_ only supports 0-dimension value tensor but got tensor with %u dimensions.", ndim);
  return eng_infer_same (call, error);
}

static gboolean
vjp_forgets (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return !eng_vjp_needs (vjp, 0)
         || eng_vjp_give (grad_inputs, 0, eng_zeros_like (vjp->grad_outputs[0], error));
}

/* The source gets the gradient; the engine undoes broadcasting and casting. */
static gboolean
vjp_copy (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return vjp_forgets (vjp, grad_inputs, error)
         && (!eng_vjp_needs (vjp, 1) || eng_vjp_give (grad_inputs, 1, eng_tensor_ref (vjp->grad_outputs[0])));
}

static gboolean
check_floating (EngCall *call, const char *kernel, GError **error)
{
  EngDtype dtype = eng_tensor_get_dtype (eng_arg_tensor (call, 0));
  if (eng_dtype_category (dtype) != ENG_CATEGORY_FLOATING)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "\"%s\" not implemented for '%s'", kernel,
                           eng_dtype_scalar_name (dtype));
  return eng_infer_same (call, error);
}

static gboolean
infer_uniform (EngCall *call, GError **error)
{
  double from = eng_arg_double (call, 1), to = eng_arg_double (call, 2);
  if (!(from <= to))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "uniform_ expects to return a [from, to) range, but found from=%g > to=%g", from, to);
  return check_floating (call, "check_uniform_bounds", error);
}

static gboolean
kernel_uniform (EngCall *call, GError **error)
{
  eng_fill_uniform (call->outputs[0], eng_arg_double (call, 1), eng_arg_double (call, 2), arg_generator (call, 3));
  return TRUE;
}

static gboolean
infer_normal (EngCall *call, GError **error)
{
  double std = eng_arg_double (call, 2);
  if (!(std >= 0))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "normal expects std >= 0.0, but found std %g", std);
  return check_floating (call, "normal_kernel_cpu", error);
}

static gboolean
kernel_normal (EngCall *call, GError **error)
{
  eng_fill_normal (call->outputs[0], eng_arg_double (call, 1), eng_arg_double (call, 2), arg_generator (call, 3));
  return TRUE;
}

static gboolean
infer_random (EngCall *call, GError **error)
{
  gboolean from_given = !eng_arg_is_none (call, 1);
  gint64 from = from_given ? eng_arg_int (call, 1) : 0;
  gint64 to = eng_arg_is_none (call, 2) ? G_MAXINT64 : eng_arg_int (call, 2);
  if (from >= to)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "random_ expects 'from' to be less than 'to', but got from=%" G_GINT64_FORMAT " >= to=%"
                           G_GINT64_FORMAT, from, to);
  return eng_infer_same (call, error);
}

static gboolean
kernel_random (EngCall *call, GError **error)
{
  EngGenerator *generator = arg_generator (call, 3);
  if (eng_arg_is_none (call, 2) && eng_arg_is_none (call, 1))
    eng_fill_integers_full (call->outputs[0], generator);
  else if (eng_arg_is_none (call, 2))
    eng_fill_integers (call->outputs[0], 0, eng_arg_int (call, 1), generator);
  else
    eng_fill_integers (call->outputs[0], eng_arg_int (call, 1), eng_arg_int (call, 2), generator);
  return TRUE;
}

static gboolean
infer_bernoulli (EngCall *call, GError **error)
{
  double p = eng_arg_double (call, 1);
  if (!(p >= 0 && p <= 1))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "bernoulli_ expects p to be in [0, 1], but got p=%g", p);
  return eng_infer_same (call, error);
}

static gboolean
kernel_bernoulli (EngCall *call, GError **error)
{
  eng_fill_bernoulli (call->outputs[0], eng_arg_double (call, 1), arg_generator (call, 2));
  return TRUE;
}

const EngOp eng_op_zero_ = {
  .signature = "zero_(Tensor(a!) self) -> Tensor(a!)",
  .flags = ENG_WRITER | ENG_OP_FUNCTION,
  .grad_fn = "ZeroBackward0",
  .infer = eng_infer_same,
  .kernel = kernel_zero,
  .vjp = vjp_forgets,
  .text = { .symbol = "zero_",
            .title = "set to zero",
            .formula = "{0} ← 0",
            .caption = "zero_ set {0.all_entries} of {0} to 0, in place.",
            .backward_caption = "{grad_fn} stopped the gradient: what stood there before has no influence." },
  .samples = { "N(2,3)", "I(4)", NULL },
};

const EngOp eng_op_fill_scalar_ = {
  .signature = "fill_.Scalar(Tensor(a!) self, Scalar value) -> Tensor(a!)",
  .flags = ENG_WRITER,
  .grad_fn = "FillBackward0",
  .infer = infer_fill_scalar,
  .kernel = kernel_fill_scalar,
  .vjp = vjp_forgets,
  .text = { .symbol = "fill_",
            .title = "set to one value",
            .formula = "{0} ← {1}",
            .caption = "fill_ set {0.all_entries} of {0} to {1}, in place.",
            .backward_caption = "{grad_fn} stopped the gradient: what stood there before has no influence." },
  .samples = { "N(2,3), 1.5", "I(4), 2", "B(2), True", NULL },
};

const EngOp eng_op_fill_tensor_ = {
  .signature = "fill_.Tensor(Tensor(a!) self, Tensor value) -> Tensor(a!)",
  .flags = ENG_WRITER,
  .grad_fn = "FillBackward1",
  .infer = infer_fill_tensor,
  .kernel = kernel_copy,
  .vjp = vjp_copy,
  .text = { .symbol = "fill_",
            .title = "set to one value",
            .formula = "{0} ← {1}",
            .caption = "fill_ set {0.all_entries} of {0} to {1}, in place.",
            .backward_caption = "{grad_fn} added up the gradients of all entries and sent the sum to {to}." },
  .samples = { "N(2,3), N()", NULL },
};

const EngOp eng_op_copy_ = {
  .signature = "copy_(Tensor(a!) self, Tensor src, bool non_blocking=False) -> Tensor(a!)",
  .flags = ENG_WRITER,
  .grad_fn = "CopyBackwards",
  .infer = infer_copy,
  .kernel = kernel_copy,
  .vjp = vjp_copy,
  .text = { .symbol = "copy_", .title = "copied into", .formula = "{0} ← {1}",
            .caption = "copy_ wrote {1} ({1.size}) into {0} ({0.size}), in place.",
            .backward_caption = "{grad_fn} passed the gradient on to {to}, from where the numbers came." },
  .samples = { "N(2,3), N(2,3)", "N(2,3), N(3)", "I(4), N(4)", NULL },
};

const EngOp eng_op_uniform_ = {
  .signature = "uniform_(Tensor(a!) self, float from=0, float to=1, *, Generator? generator=None) -> Tensor(a!)",
  .flags = ENG_WRITER,
  .grad_fn = "UniformBackward0",
  .infer = infer_uniform,
  .kernel = kernel_uniform,
  .vjp = vjp_forgets,
  .text = { .symbol = "uniform_", .title = "drawn evenly", .formula = "{0} ~ U({1}, {2})",
            .caption = "uniform_ filled {0} ({0.size}) with numbers drawn evenly from {1}…{2}, in place." },
  .samples = { "N(2,3)", "N(20), -2.0, 3.0", NULL },
};

const EngOp eng_op_normal_ = {
  .signature = "normal_(Tensor(a!) self, float mean=0, float std=1, *, Generator? generator=None) -> Tensor(a!)",
  .flags = ENG_WRITER,
  .grad_fn = "NormalBackward0",
  .infer = infer_normal,
  .kernel = kernel_normal,
  .vjp = vjp_forgets,
  .text = { .symbol = "normal_", .title = "drawn from a normal distribution", .formula = "{0} ~ N({1}, {2}²)",
            .caption = "normal_ filled {0} ({0.size}) with normal numbers, mean {1}, standard deviation {2}." },
  .samples = { "N(2,3)", "N(20), -2.0, 3.0", NULL },
};

const EngOp eng_op_random_ = {
  .signature = "random_(Tensor(a!) self, int? from=None, int? to=None, *, Generator? generator=None) -> Tensor(a!)",
  .flags = ENG_WRITER,
  .grad_fn = "RandomBackward0",
  .infer = infer_random,
  .kernel = kernel_random,
  .vjp = vjp_forgets,
  .text = { .symbol = "random_", .title = "random integers", .formula = "{0} ~ integers",
            .caption = "random_ filled {0} ({0.size}) with random integers, in place." },
  .samples = { "I(4), 5", "I(4), 2, 9", "I(4)", "N(4)", NULL },
};

const EngOp eng_op_bernoulli_ = {
  .signature = "bernoulli_.float(Tensor(a!) self, float p=0.5, *, Generator? generator=None) -> Tensor(a!)",
  .flags = ENG_WRITER,
  .grad_fn = "BernoulliBackward1",
  .infer = infer_bernoulli,
  .kernel = kernel_bernoulli,
  .vjp = vjp_forgets,
  .text = { .symbol = "bernoulli_", .title = "coin tosses", .formula = "{0} ~ 1 with probability {1}, else 0",
            .caption = "bernoulli_ set each entry of {0} to 1 with probability {1}, else to 0." },
  .samples = { "N(20), 0.3", "I(4)", NULL },
};

EngTensor *
eng_zero_ (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_zero_, self, error);
}

EngTensor *
eng_fill_ (EngTensor *self, double value, GError **error)
{
  return eng_call_number (&eng_op_fill_scalar_, self, value, error);
}

EngTensor *
eng_copy_ (EngTensor *self, EngTensor *src, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_tensor (src), eng_value_bool (FALSE) };
  return eng_call_one (&eng_op_copy_, args, error);
}
