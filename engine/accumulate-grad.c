/* SPDX-License-Identifier: MIT
 *
 * What AccumulateGrad does, as PyTorch: the first gradient becomes .grad itself
 * when nobody else holds it, else a copy; later ones are added into .grad (out of
 * place under create_graph, so that the sum has a history). Called by backward. */
#include "engine/accumulate-grad.h"

#include "engine/ops/ops.h"
#include "engine/inline.h"

/* Nobody else can see a change of its memory, and all of its memory is used. */
static gboolean
may_take (const EngTensor *grad)
{
  return !eng_grad_mode && grad->ref_count == 1 && grad->base == NULL && grad->is_contiguous
         && grad->storage->ref_count == 1;
}

static EngTensor *
first_gradient (EngTensor *grad, GError **error)
{
  if (may_take (grad))
    return eng_tensor_ref (grad);
  return eng_clone (grad, error);
}

gboolean
eng_accumulate_grad_run (EngGradFn *grad_fn, EngTensor *grad, gboolean *accumulated, GError **error)
{
  EngTensorExtra *extra = eng_tensor_ensure_extra (grad_fn->variable);
  EngTensor *old = extra->grad;
  EngTensor *sum;
  *accumulated = old != NULL;
  if (old == NULL)
    sum = first_gradient (grad, error);
  else if (eng_grad_mode)
    sum = eng_add (old, grad, error);
  else
    sum = eng_add_ (old, grad, 1.0, error);
  if (sum == NULL)
    return FALSE;
  extra->grad = sum;
  if (old != NULL)
    eng_tensor_unref (old);
  return TRUE;
}
