/* SPDX-License-Identifier: MIT
 *
 * The cards that put tensors together: cat along a dim, stack along a new one. Each
 * piece gets back its own part of the gradient. */
#include "card.h"

static gboolean
is_skipped (const EngTensor *tensor)
{
  return eng_tensor_get_ndim (tensor) == 1 && eng_tensor_get_numel (tensor) == 0;
}

/* The first piece that counts: an empty 1-D tensor joins with anything, as ever. */
static EngTensor *
first_counting (const EngValue *list)
{
  for (gsize k = 0; k < list->tensors.n; k++)
    if (!is_skipped (list->tensors.items[k]))
      return list->tensors.items[k];
  return list->tensors.items[0];
}

static gboolean
add_piece (EngMeta *out, const EngTensor *piece, guint dim, gsize place, GError **error)
{
  const gint64 *sizes = eng_tensor_get_sizes (piece);
  if (eng_tensor_get_ndim (piece) != out->ndim)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "Tensors must have same number of dimensions: got %u and %u",
                           out->ndim, eng_tensor_get_ndim (piece));
  for (guint d = 0; d < out->ndim; d++)
    if (d != dim && sizes[d] != out->sizes[d])
      return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                             "Sizes of tensors must match except in dimension %u. Expected size %" G_GINT64_FORMAT
                             " but got size %" G_GINT64_FORMAT " for tensor number %" G_GSIZE_FORMAT " in the list.",
                             dim, out->sizes[d], sizes[d], place);
  out->sizes[dim] += sizes[dim];
  return TRUE;
}

static gboolean
infer_cat (EngCall *call, GError **error)
{
  const EngValue *list = &call->args[0];
  EngMeta *out = &call->out[0];
  if (list->tensors.n == 0)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "torch.cat(): expected a non-empty list of Tensors");
  for (gsize k = 0; k < list->tensors.n; k++)
    if (eng_tensor_get_ndim (list->tensors.items[k]) == 0)
      return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                             "zero-dimensional tensor (at position %" G_GSIZE_FORMAT ") cannot be concatenated", k);
  EngTensor *first = first_counting (list);
  int dim = eng_shape_wrap_dim (eng_arg_int (call, 1), eng_tensor_get_ndim (first), error);
  if (dim < 0)
    return FALSE;
  call->compute_dtype = eng_result_type (list, 1);
  eng_meta_set_like (out, call->compute_dtype, first);
  out->sizes[dim] = 0;
  for (gsize k = 0; k < list->tensors.n; k++)
    if (!is_skipped (list->tensors.items[k]) && !add_piece (out, list->tensors.items[k], (guint) dim, k, error))
      return FALSE;
  return TRUE;
}

/* The part of out from `start` with `size` along dim. */
static EngTensor *
part_of (EngTensor *out, guint dim, gint64 start, gint64 size)
{
  gint64 sizes[ENG_MAX_NDIM];
  const gint64 *strides = eng_tensor_get_strides (out);
  for (guint d = 0; d < eng_tensor_get_ndim (out); d++)
    sizes[d] = d == dim ? size : eng_tensor_get_sizes (out)[d];
  gint64 offset = eng_tensor_get_storage_offset (out) + (size > 0 ? start * strides[dim] : 0);
  return eng_tensor_new_alias (out, eng_tensor_get_ndim (out), sizes, strides, offset);
}

static gboolean
kernel_cat (EngCall *call, GError **error)
{
  EngTensor *out = call->outputs[0];
  const EngValue *list = &call->args[0];
  gint64 start = 0;
  gint64 dim = eng_arg_int (call, 1);
  guint at = (guint) (dim < 0 ? dim + eng_tensor_get_ndim (out) : dim);
  for (gsize k = 0; k < list->tensors.n; k++)
    {
      EngTensor *piece = list->tensors.items[k];
      if (is_skipped (piece))
        continue;
      gint64 size = eng_tensor_get_sizes (piece)[at];
      g_autoptr (EngTensor) part = part_of (out, at, start, size);
      eng_kernel_copy (part, piece);
      start += size;
    }
  return TRUE;
}

static guint
n_wanted (const EngVjp *vjp)
{
  guint n = 0;
  while (n < 64 && (vjp->needs >> n) != 0)
    n++;
  return n;
}

static gboolean
vjp_cat (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *grad = vjp->grad_outputs[0];
  gint64 dim = vjp->args[1].integer;
  gint64 start = 0;
  gint64 ndim = eng_tensor_get_ndim (grad);
  gint64 at = dim < 0 ? dim + ndim : dim;
  for (guint k = 0; k < n_wanted (vjp); k++)
    {
      const EngMeta *piece = eng_vjp_get_input_meta (vjp, k);
      if (piece->ndim == 1 && piece->sizes[0] == 0)
        continue;
      gint64 size = piece->sizes[at];
      if (eng_vjp_needs (vjp, k)
          && !eng_vjp_give (grad_inputs, k, eng_slice (grad, at, start, start + size, 1, error)))
        return FALSE;
      start += size;
    }
  return TRUE;
}

static gboolean
infer_stack (EngCall *call, GError **error)
{
  const EngValue *list = &call->args[0];
  EngMeta *out = &call->out[0];
  if (list->tensors.n == 0)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "stack expects a non-empty TensorList");
  EngTensor *first = list->tensors.items[0];
  guint ndim = eng_tensor_get_ndim (first);
  const gint64 *sizes = eng_tensor_get_sizes (first);
  int dim = eng_shape_wrap_dim (eng_arg_int (call, 1), ndim + 1, error);
  if (dim < 0)
    return FALSE;
  if (ndim + 1 > ENG_MAX_NDIM)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "a tensor can have at most %d dimensions, got %u", ENG_MAX_NDIM,
                           ndim + 1);
  for (gsize k = 1; k < list->tensors.n; k++)
    {
      EngTensor *piece = list->tensors.items[k];
      if (eng_shape_equal (ndim, sizes, eng_tensor_get_ndim (piece), eng_tensor_get_sizes (piece)))
        continue;
      g_autofree char *a = eng_shape_to_string (ndim, sizes);
      g_autofree char *b = eng_shape_to_string (eng_tensor_get_ndim (piece), eng_tensor_get_sizes (piece));
      return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                             "stack expects each tensor to be equal size, but got %s at entry 0 and %s at entry %"
                             G_GSIZE_FORMAT, a, b, k);
    }
  call->compute_dtype = out->dtype = eng_result_type (list, 1);
  out->ndim = ndim + 1;
  for (guint d = 0; d < out->ndim; d++)
    out->sizes[d] = d == (guint) dim ? (gint64) list->tensors.n : sizes[d < (guint) dim ? d : d - 1];
  return TRUE;
}

static gboolean
kernel_stack (EngCall *call, GError **error)
{
  EngTensor *out = call->outputs[0];
  const EngValue *list = &call->args[0];
  guint ndim = eng_tensor_get_ndim (out);
  gint64 dim = eng_arg_int (call, 1);
  guint at = (guint) (dim < 0 ? dim + ndim : dim);
  gint64 strides[ENG_MAX_NDIM];
  for (guint d = 0; d + 1 < ndim; d++)
    strides[d] = eng_tensor_get_strides (out)[d < at ? d : d + 1];
  if (eng_tensor_get_numel (out) == 0)
    return TRUE;
  for (gsize k = 0; k < list->tensors.n; k++)
    {
      EngTensor *piece = list->tensors.items[k];
      gint64 offset = eng_tensor_get_storage_offset (out) + (gint64) k * eng_tensor_get_strides (out)[at];
      g_autoptr (EngTensor) part = eng_tensor_new_alias (out, ndim - 1, eng_tensor_get_sizes (piece), strides, offset);
      eng_kernel_copy (part, piece);
    }
  return TRUE;
}

static gboolean
vjp_stack (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  for (guint k = 0; k < n_wanted (vjp); k++)
    if (eng_vjp_needs (vjp, k)
        && !eng_vjp_give (grad_inputs, k, eng_select (vjp->grad_outputs[0], vjp->args[1].integer, k, error)))
      return FALSE;
  return TRUE;
}

const EngOp eng_op_cat = {
  .signature = "cat(Tensor[] tensors, int dim=0) -> Tensor",
  .flags = ENG_OP_FUNCTION,
  .grad_fn = "CatBackward0",
  .infer = infer_cat,
  .kernel = kernel_cat,
  .vjp = vjp_cat,
  .text = {
    .symbol = "cat",
    .title = "joined along a dim",
    .formula = "{out} = {0}, {1}, … joined along dim {param.dim}",
    .caption = "{op} joined the tensors along dim {param.dim} and made {out} ({out.size}).",
    .caption_moved = "{op} joined the tensors along dim {param.dim}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} cut the gradient up again and sent the parts to {to}{none}.",
    .derivative = {
      { "its part of {grad}", "cat gives each piece its own part", "its own part" },
      { "its part of {grad}", "cat gives each piece its own part", "its own part" },
    },
  },
  .samples = { "[T(2,3), T(1,3)], 0", "[T(2,3), T(2,1)], -1", "[T(2), T(0), T(3)]", "[I(4), T(2)]", NULL },
};

const EngOp eng_op_stack = {
  .signature = "stack(Tensor[] tensors, int dim=0) -> Tensor",
  .flags = ENG_OP_FUNCTION,
  .grad_fn = "StackBackward0",
  .infer = infer_stack,
  .kernel = kernel_stack,
  .vjp = vjp_stack,
  .text = {
    .symbol = "stack",
    .title = "stacked along a new dim",
    .formula = "{out} = {0}, {1}, … stacked along dim {param.dim}",
    .caption = "{op} stacked the tensors along a new dim {param.dim} and made {out} ({out.size}).",
    .caption_moved = "{op} stacked the tensors along a new dim {param.dim}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} took the gradient apart again and sent the parts to {to}{none}.",
    .derivative = {
      { "its part of {grad}", "stack gives each piece its own part", "its own part" },
      { "its part of {grad}", "stack gives each piece its own part", "its own part" },
    },
  },
  .samples = { "[T(2,3), T(2,3)], 0", "[T(2,3), T(2,3)], -1", "[T(), T(), T()]", "[I(4), I(4)], 1", NULL },
};

static EngTensor *
call_list (const EngOp *op, EngTensor *const *tensors, guint n_tensors, gint64 dim, GError **error)
{
  EngValue args[] = { eng_value_tensors (tensors, n_tensors), eng_value_int (dim) };
  return eng_call_one (op, args, error);
}

EngTensor *
eng_cat (EngTensor *const *tensors, guint n_tensors, gint64 dim, GError **error)
{
  return call_list (&eng_op_cat, tensors, n_tensors, dim, error);
}

EngTensor *
eng_stack (EngTensor *const *tensors, guint n_tensors, gint64 dim, GError **error)
{
  return call_list (&eng_op_stack, tensors, n_tensors, dim, error);
}
