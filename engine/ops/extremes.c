/* SPDX-License-Identifier: MIT
 *
 * The cards of extremes over a tensor: max, min, argmax, argmin, over everything or
 * along a dim. The gradient goes to the winner; over everything, equal winners
 * share it. */
#include "reduce.h"

#define ENG_BOTH (ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)
#define ENG_PLACES (ENG_BOTH | ENG_OP_NOT_DIFFERENTIABLE)
#define FOR_0 (1 << 0)

/* Everything at once: there must be something. */
static gboolean
infer_all (EngCall *call, const char *name, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  if (eng_tensor_get_numel (self) == 0)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "%s(): Expected reduction dim to be specified for input.numel() == 0. Specify the "
                           "reduction dim with the 'dim' argument.", name);
  return eng_infer_reduce (call, 0, NULL, FALSE, eng_tensor_get_dtype (self), error);
}

static gboolean
infer_max (EngCall *call, GError **error)
{
  return infer_all (call, "max", error);
}

static gboolean
infer_min (EngCall *call, GError **error)
{
  return infer_all (call, "min", error);
}

static gboolean
kernel_max (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  eng_run_fold (ENG_FOLD_MAX, call->outputs[0], self, eng_reduced_mask (eng_tensor_get_ndim (self), NULL), NULL, 0);
  return TRUE;
}

static gboolean
kernel_min (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  eng_run_fold (ENG_FOLD_MIN, call->outputs[0], self, eng_reduced_mask (eng_tensor_get_ndim (self), NULL), NULL, 0);
  return TRUE;
}

/* grad · [self = out] / how many are. */
static gboolean
vjp_extreme (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *self = eng_vjp_get_input (vjp, 0, error);
  EngTensor *out = self != NULL ? eng_vjp_get_output (vjp, 0, error) : NULL;
  EngTensor *grad = vjp->grad_outputs[0];
  if (out == NULL)
    return FALSE;
  g_autoptr (EngTensor) equal = eng_eq (self, out, error);
  g_autoptr (EngTensor) winners = equal != NULL ? eng_cast (equal, eng_tensor_get_dtype (grad), error) : NULL;
  g_autoptr (EngTensor) count = winners != NULL ? eng_sum (winners, error) : NULL;
  g_autoptr (EngTensor) share = count != NULL ? eng_div (grad, count, error) : NULL;
  return share != NULL && eng_vjp_give (grad_inputs, 0, eng_mul (winners, share, error));
}

/* The one dim of max.dim and min.dim, which must not be empty. */
static gboolean
infer_dim (EngCall *call, const char *name, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  guint ndim = eng_tensor_get_ndim (self);
  gint64 wanted = eng_arg_int (call, 1);
  int dim = eng_shape_wrap_dim (wanted, ndim, error);
  if (dim < 0)
    return FALSE;
  if (ndim > 0 && eng_tensor_get_sizes (self)[dim] == 0)
    return eng_rule_fails (error, ENG_ERROR_INDEX, "%s(): Expected reduction dim %d to have non-zero size.", name, dim);
  if (!eng_infer_reduce (call, 1, &wanted, eng_arg_bool (call, 2), eng_tensor_get_dtype (self), error))
    return FALSE;
  call->out[1] = call->out[0];
  call->out[1].dtype = ENG_INT64;
  return TRUE;
}

static gboolean
infer_max_dim (EngCall *call, GError **error)
{
  return infer_dim (call, "max", error);
}

static gboolean
infer_min_dim (EngCall *call, GError **error)
{
  return infer_dim (call, "min", error);
}

static guint
wrapped_dim (gint64 dim, guint ndim)
{
  return (guint) (dim < 0 ? dim + MAX (1, (gint64) ndim) : dim);
}

static gboolean
pick_dim (EngCall *call, gboolean largest)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  eng_run_pick (largest, call->outputs[0], call->outputs[1], self,
                wrapped_dim (eng_arg_int (call, 1), eng_tensor_get_ndim (self)));
  return TRUE;
}

static gboolean
kernel_max_dim (EngCall *call, GError **error)
{
  return pick_dim (call, TRUE);
}

static gboolean
kernel_min_dim (EngCall *call, GError **error)
{
  return pick_dim (call, FALSE);
}

/* A row of bools per result: TRUE at the winner's place. */
static EngTensor *
winner_mask (EngVjp *vjp, EngTensor *indices, guint dim, GError **error)
{
  const EngMeta *input = eng_vjp_get_input_meta (vjp, 0);
  gint64 sizes[ENG_MAX_NDIM];
  for (guint d = 0; d < input->ndim; d++)
    sizes[d] = d == dim ? input->sizes[d] : 1;
  g_autoptr (EngTensor) places = eng_zeros (ENG_INT64, input->ndim, sizes, error);
  if (places == NULL)
    return NULL;
  for (gint64 i = 0; i < eng_tensor_get_numel (places); i++)
    eng_tensor_set_int64 (places, i, i);
  g_autoptr (EngTensor) kept = eng_keep_reduced (indices, input, 1u << dim, error);
  return kept != NULL ? eng_eq (places, kept, error) : NULL;
}

static gboolean
vjp_dim (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  const EngMeta *input = eng_vjp_get_input_meta (vjp, 0);
  EngTensor *grad = vjp->grad_outputs[0];
  if (grad == NULL)
    return TRUE;
  if (input->ndim == 0)
    return eng_vjp_give (grad_inputs, 0, eng_tensor_ref (grad));
  guint dim = wrapped_dim (vjp->args[1].integer, input->ndim);
  EngTensor *indices = eng_vjp_get_output (vjp, 1, error);
  g_autoptr (EngTensor) mask = indices != NULL ? winner_mask (vjp, indices, dim, error) : NULL;
  g_autoptr (EngTensor) kept = mask != NULL ? eng_keep_reduced (grad, input, 1u << dim, error) : NULL;
  g_autoptr (EngTensor) zero = kept != NULL ? eng_zeros (eng_tensor_get_dtype (grad), 0, NULL, error) : NULL;
  return zero != NULL && eng_vjp_give (grad_inputs, 0, eng_where (mask, kept, zero, error));
}

static gboolean
infer_arg (EngCall *call, const char *name, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  guint ndim = eng_tensor_get_ndim (self);
  gboolean everything = eng_arg_is_none (call, 1);
  gint64 wanted = everything ? 0 : eng_arg_int (call, 1);
  if (everything && eng_tensor_get_numel (self) == 0)
    return eng_rule_fails (error, ENG_ERROR_INDEX,
                           "%s(): Expected reduction dim to be specified for input.numel() == 0.", name);
  int dim = everything ? 0 : eng_shape_wrap_dim (wanted, ndim, error);
  if (dim < 0)
    return FALSE;
  if (!everything && ndim > 0 && eng_tensor_get_sizes (self)[dim] == 0)
    return eng_rule_fails (error, ENG_ERROR_INDEX, "%s(): Expected reduction dim %d to have non-zero size.", name, dim);
  return eng_infer_reduce (call, everything ? 0 : 1, &wanted, eng_arg_bool (call, 2), ENG_INT64, error);
}

static gboolean
infer_argmax (EngCall *call, GError **error)
{
  return infer_arg (call, "argmax", error);
}

static gboolean
infer_argmin (EngCall *call, GError **error)
{
  return infer_arg (call, "argmin", error);
}

/* Over everything: the place in row-major order, so self is read as one row. */
static gboolean
pick_place (EngCall *call, gboolean largest, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  EngTensor *out = call->outputs[0];
  if (!eng_arg_is_none (call, 1))
    {
      eng_run_pick (largest, NULL, out, self, wrapped_dim (eng_arg_int (call, 1), eng_tensor_get_ndim (self)));
      return TRUE;
    }
  gint64 numel = eng_tensor_get_numel (self);
  g_autoptr (EngTensor) row = eng_tensor_new (eng_tensor_get_dtype (self), 1, &numel, error);
  if (row == NULL)
    return FALSE;
  g_autoptr (EngTensor) shaped = NULL;
  gint64 strides[ENG_MAX_NDIM];
  eng_shape_contiguous_strides (eng_tensor_get_ndim (self), eng_tensor_get_sizes (self), strides);
  shaped = eng_tensor_new_alias (row, eng_tensor_get_ndim (self), eng_tensor_get_sizes (self), strides, 0);
  eng_kernel_copy (shaped, self);
  eng_run_pick (largest, NULL, out, row, 0);
  return TRUE;
}

static gboolean
kernel_argmax (EngCall *call, GError **error)
{
  return pick_place (call, TRUE, error);
}

static gboolean
kernel_argmin (EngCall *call, GError **error)
{
  return pick_place (call, FALSE, error);
}

#define ENG_EXTREME_SAVES { { ENG_SAVE_INPUT (0), FOR_0 }, { ENG_SAVE_OUTPUT (0), FOR_0 } }

const EngOp eng_op_max = {
  .signature = "max(Tensor self) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "MaxBackward1",
  .infer = infer_max,
  .kernel = kernel_max,
  .saves = ENG_EXTREME_SAVES,
  .vjp = vjp_extreme,
  .text = {
    .symbol = "max",
    .title = "largest entry",
    .formula = "{out} = max {0}",
    .caption = "{op} found the largest of the {0.entries} of {0}: {out} = {out.value}.",
    .backward_caption = "{grad_fn} sent the gradient to the largest entry of {to}; the others get 0.",
    .derivative = { { "{grad} at the largest entry, else 0", "max passes it to the entry that won", "× 1 to the winner" } },
  },
  .samples = { "T(2,3)", "T()", "I(4)", "B(3)", NULL },
};

const EngOp eng_op_max_dim = {
  .signature = "max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)",
  .flags = ENG_BOTH,
  .grad_fn = "MaxBackward0",
  .infer = infer_max_dim,
  .kernel = kernel_max_dim,
  .saves = { { ENG_SAVE_OUTPUT (1), FOR_0 } },
  .vjp = vjp_dim,
  .text = {
    .symbol = "max",
    .title = "largest entries along a dim",
    .formula = "{out} = max of {0} along dim {1}",
    .caption = "{op} found the largest entries of {0} ({0.size}) along dim {1} and made {out} ({out.size}).",
    .caption_moved = "{op} found the largest entries of {0} along dim {1}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} sent each gradient to the largest entry of {to}; the others get 0.",
    .derivative = { { "{grad} at the largest entries, else 0", "max passes it to the entry that won", "× 1 to the winners" } },
  },
  .samples = { "T(2,3), 0", "T(2,3), -1, True", "T(), 0", "I(4), 0", "T(0,3), 1", NULL },
};

const EngOp eng_op_argmax = {
  .signature = "argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor",
  .flags = ENG_PLACES,
  .infer = infer_argmax,
  .kernel = kernel_argmax,
  .text = {
    .symbol = "argmax",
    .title = "place of the largest entry",
    .formula = "{out} = place of max {0}",
    .caption = "{op} found where the largest entries of {0} stand: {out} ({out.size}).",
  },
  .samples = { "T(2,3)", "T(2,3), 0", "T(2,3), 1, True", "T()", "I(4)", "T(2,3), None, True", NULL },
};

const EngOp eng_op_min = {
  .signature = "min(Tensor self) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "MinBackward1",
  .infer = infer_min,
  .kernel = kernel_min,
  .saves = ENG_EXTREME_SAVES,
  .vjp = vjp_extreme,
  .text = {
    .symbol = "min",
    .title = "smallest entry",
    .formula = "{out} = min {0}",
    .caption = "{op} found the smallest of the {0.entries} of {0}: {out} = {out.value}.",
    .backward_caption = "{grad_fn} sent the gradient to the smallest entry of {to}; the others get 0.",
    .derivative = { { "{grad} at the smallest entry, else 0", "min passes it to the entry that won", "× 1 to the winner" } },
  },
  .samples = { "T(2,3)", "T()", "I(4)", "B(3)", NULL },
};

const EngOp eng_op_min_dim = {
  .signature = "min.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)",
  .flags = ENG_BOTH,
  .grad_fn = "MinBackward0",
  .infer = infer_min_dim,
  .kernel = kernel_min_dim,
  .saves = { { ENG_SAVE_OUTPUT (1), FOR_0 } },
  .vjp = vjp_dim,
  .text = {
    .symbol = "min",
    .title = "smallest entries along a dim",
    .formula = "{out} = min of {0} along dim {1}",
    .caption = "{op} found the smallest entries of {0} ({0.size}) along dim {1} and made {out} ({out.size}).",
    .caption_moved = "{op} found the smallest entries of {0} along dim {1}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} sent each gradient to the smallest entry of {to}; the others get 0.",
    .derivative = { { "{grad} at the smallest entries, else 0", "min passes it to the entry that won", "× 1 to the winners" } },
  },
  .samples = { "T(2,3), 0", "T(2,3), -1, True", "T(), 0", "I(4), 0", "T(0,3), 1", NULL },
};

const EngOp eng_op_argmin = {
  .signature = "argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor",
  .flags = ENG_PLACES,
  .infer = infer_argmin,
  .kernel = kernel_argmin,
  .text = {
    .symbol = "argmin",
    .title = "place of the smallest entry",
    .formula = "{out} = place of min {0}",
    .caption = "{op} found where the smallest entries of {0} stand: {out} ({out.size}).",
  },
  .samples = { "T(2,3)", "T(2,3), 0", "T(2,3), 1, True", "T()", "I(4)", "T(2,3), None, True", NULL },
};
