/* SPDX-License-Identifier: MIT
 *
 * The cards that copy: clone and the change of element type. contiguous and
 * reshape copy only where they must, by way of clone. */
#include "card.h"

static gboolean
infer_to_copy (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  eng_meta_set_like (&call->out[0], eng_arg_dtype (call, 1, eng_tensor_get_dtype (self)), self);
  return TRUE;
}

static gboolean
kernel_copy (EngCall *call, GError **error)
{
  eng_kernel_copy (call->outputs[0], eng_arg_tensor (call, 0));
  return TRUE;
}

static gboolean
vjp_clone (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_give (grad_inputs, 0, eng_tensor_ref (vjp->grad_outputs[0]));
}

static gboolean
vjp_to_copy (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngDtype dtype = eng_vjp_get_input_meta (vjp, 0)->dtype;
  return eng_vjp_give (grad_inputs, 0, eng_cast (vjp->grad_outputs[0], dtype, error));
}

const EngOp eng_op_clone = {
  .signature = "clone(Tensor self) -> Tensor",
  .flags = ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION,
  .grad_fn = "CloneBackward0",
  .infer = eng_infer_same,
  .kernel = kernel_copy,
  .vjp = vjp_clone,
  .text = {
    .symbol = "clone",
    .title = "copy",
    .formula = "{out} = {0}",
    .caption = "{op} copied the {0.numbers} of {0} into a tensor of its own, {out} ({out.size}).",
    .caption_moved = "{op} copied the {0.numbers}; the name {out} now means the copy.",
    .backward_caption = "{grad_fn} passed the gradient on to {to}, unchanged.",
    .derivative = { { "{grad}", "clone passes it unchanged", "× 1" } },
  },
  .samples = { "T(2,3)", "T()", "T(0)", "I(4)", "B(2)", NULL },
};

const EngOp eng_op_to_copy = {
  .signature = "_to_copy(Tensor self, *, ScalarType? dtype=None) -> Tensor",
  .flags = 0,
  .grad_fn = "ToCopyBackward0",
  .infer = infer_to_copy,
  .kernel = kernel_copy,
  .vjp = vjp_to_copy,
  .text = {
    .symbol = "to",
    .title = "change of element type",
    .formula = "{out} = {0} as {param.dtype}",
    .caption = "{0} was copied to {param.dtype}: {out} ({out.size}).",
    .caption_moved = "Every entry was copied to {param.dtype}; the name {out} now means the copy.",
    .backward_caption = "{grad_fn} turned the gradient back into {to}'s element type.",
    .derivative = { { "{grad}, in {0}'s element type", "to passes it on in the old element type", "× 1" } },
  },
  .samples = { "T(2,3), dtype=float64", "T(3), dtype=int64", "I(4), dtype=float32", "I(4), dtype=bool",
               "B(3), dtype=float32", "I(4), dtype=uint8", NULL },
};

EngTensor *
eng_clone (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_clone, self, error);
}

EngTensor *
eng_contiguous (EngTensor *self, GError **error)
{
  return eng_tensor_is_contiguous (self) ? eng_tensor_ref (self) : eng_clone (self, error);
}

EngTensor *
eng_cast (EngTensor *self, EngDtype dtype, GError **error)
{
  if (eng_tensor_get_dtype (self) == dtype)
    return eng_tensor_ref (self);
  EngValue args[] = { eng_value_tensor (self), eng_value_dtype (dtype) };
  return eng_call_one (&eng_op_to_copy, args, error);
}

EngTensor *
eng_reshape (EngTensor *self, guint ndim, const gint64 *sizes, GError **error)
{
  gint64 whole[ENG_MAX_NDIM], strides[ENG_MAX_NDIM];
  if (ndim > ENG_MAX_NDIM)
    {
      eng_rule_fails (error, ENG_ERROR_RUNTIME, "a tensor can have at most %d dimensions, got %u", ENG_MAX_NDIM, ndim);
      return NULL;
    }
  for (guint d = 0; d < ndim; d++)
    whole[d] = sizes[d];
  if (!eng_shape_infer (ndim, whole, eng_tensor_get_numel (self), error))
    return NULL;
  if (eng_shape_view_strides (eng_tensor_get_ndim (self), eng_tensor_get_sizes (self), eng_tensor_get_strides (self),
                              ndim, whole, strides))
    return eng_view (self, ndim, whole, error);
  g_autoptr (EngTensor) copy = eng_clone (self, error);
  return copy != NULL ? eng_view (copy, ndim, whole, error) : NULL;
}
