/* SPDX-License-Identifier: MIT
 *
 * What autograd knows of a tensor: requires_grad, leaf, grad_fn, .grad, detach.
 * A view whose base was changed in place gets a new grad_fn here, when it is next
 * asked for. Called by the door, backward, and hosts. */
#include "engine/inline.h"

#include "engine/copy-slices.h"
#include "engine/grad-fn.h"
#include "engine/hooks.h"
#include "engine/observer-private.h"
#include "engine/shape.h"

gboolean
eng_tensor_get_requires_grad (const EngTensor *tensor)
{
  return tensor->requires_grad || (tensor->base != NULL && tensor->base->requires_grad);
}

/* Only floating leaves may be told; for others PyTorch's texts. */
gboolean
eng_tensor_set_requires_grad (EngTensor *tensor, gboolean value, GError **error)
{
  if (!value && !eng_tensor_is_leaf (tensor))
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
                   "you can only change requires_grad flags of leaf variables. If you want to use a computed variable "
                   "in a subgraph that doesn't require differentiation use var_no_grad = var.detach().");
      return FALSE;
    }
  if (value && eng_dtype_category ((EngDtype) tensor->dtype) != ENG_CATEGORY_FLOATING)
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
                   "only Tensors of floating point dtype can require gradients");
      return FALSE;
    }
  if (eng_tensor_get_requires_grad (tensor) == !!value)
    return TRUE;
  tensor->requires_grad = value ? 1 : 0;
  eng_observe (requires_grad_changed, tensor);
  return TRUE;
}

gboolean
eng_tensor_is_leaf (const EngTensor *tensor)
{
  return eng_tensor_get_grad_fn (tensor) == NULL;
}

EngGradFn *
eng_tensor_get_grad_fn (const EngTensor *tensor)
{
  if (G_LIKELY (tensor->base == NULL || tensor->view_version == tensor->storage->version))
    return tensor->grad_fn;
  if (tensor->grad_fn == NULL && !tensor->base->requires_grad)
    return NULL;
  eng_view_renew_history ((EngTensor *) tensor);
  return tensor->grad_fn;
}

guint
eng_tensor_get_output_nr (const EngTensor *tensor)
{
  return tensor->output_nr;
}

void
eng_tensor_set_history (EngTensor *tensor, EngGradFn *grad_fn, guint output_nr)
{
  EngGradFn *old = tensor->grad_fn;
  gboolean retains = tensor->extra != NULL && tensor->extra->retains_grad && old != NULL;
  if (G_UNLIKELY (old != NULL))
    eng_grad_fn_forget_tensor (old, tensor);
  tensor->grad_fn = grad_fn;
  tensor->output_nr = output_nr;
  tensor->requires_grad = grad_fn != NULL;
  if (G_UNLIKELY (retains && grad_fn != NULL))
    eng_hooks_retain (eng_hooks_of (tensor, TRUE), tensor);
  if (old != NULL)
    eng_grad_fn_unref (old);
}

EngTensor *
eng_tensor_get_grad (const EngTensor *tensor)
{
  return tensor->extra != NULL ? tensor->extra->grad : NULL;
}

static gboolean
check_grad (const EngTensor *tensor, const EngTensor *grad, GError **error)
{
  if (tensor->dtype != grad->dtype)
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME, "assigned grad has data of a different type");
      return FALSE;
    }
  if (!eng_shape_equal (tensor->ndim, tensor->sizes, grad->ndim, grad->sizes))
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME, "assigned grad has data of a different size");
      return FALSE;
    }
  if (tensor == grad)
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME, "can't assign Variable as its own grad");
      return FALSE;
    }
  return TRUE;
}

gboolean
eng_tensor_set_grad (EngTensor *tensor, EngTensor *grad, GError **error)
{
  if (grad != NULL && !check_grad (tensor, grad, error))
    return FALSE;
  if (grad == eng_tensor_get_grad (tensor))
    return TRUE;
  EngTensorExtra *extra = eng_tensor_ensure_extra (tensor);
  EngTensor *old = extra->grad;
  extra->grad = grad != NULL ? eng_tensor_ref (grad) : NULL;
  if (old != NULL)
    eng_tensor_unref (old);
  eng_observe (grad_replaced, tensor);
  return TRUE;
}

gboolean
eng_tensor_retain_grad (EngTensor *tensor, GError **error)
{
  if (!eng_tensor_get_requires_grad (tensor))
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME, "can't retain_grad on Tensor that has requires_grad=False");
      return FALSE;
    }
  if (eng_tensor_is_leaf (tensor) || eng_tensor_get_retains_grad (tensor))
    return TRUE;
  eng_tensor_ensure_extra (tensor)->retains_grad = TRUE;
  eng_hooks_retain (eng_hooks_of (tensor, TRUE), tensor);
  eng_observe (grad_retained, tensor, FALSE);
  return TRUE;
}

/* FALSE for a leaf: it keeps its gradient without being asked. */
gboolean
eng_tensor_get_retains_grad (const EngTensor *tensor)
{
  return tensor->extra != NULL && tensor->extra->retains_grad;
}

EngTensor *
eng_tensor_detach (EngTensor *tensor)
{
  return eng_tensor_new_over (eng_storage_ref (tensor->storage), (EngDtype) tensor->dtype, tensor->ndim,
                              tensor->sizes, eng_tensor_get_strides (tensor), tensor->offset, tensor->numel);
}
