/* SPDX-License-Identifier: MIT
 *
 * What AccumulateGrad does, as PyTorch: the first gradient becomes .grad itself
 * when nobody else holds it, else a copy; later ones are added into .grad (out of
 * place under create_graph, so that the sum has a history). Called by backward. */
#include "engine/accumulate-grad.h"

#include "engine/kernels/run.h"
#include "engine/observer-private.h"
#include "engine/ops/ops.h"

/* More than this goes through the door, which lets other threads run meanwhile. */
#define PLAIN_NUMEL 16384

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

/* The usual sum: the kernel of add_ on two plain tensors, which needs none of what the
 * door would do round it while nobody watches. FALSE where it would. */
static inline gboolean
add_plain (EngTensor *old, const EngTensor *grad)
{
  const double alpha[ENG_MAX_NUMBERS] = { 1 };
  const gint64 strides[3] = { 1, 1, 1 };
  if (eng_observer != NULL || eng_grad_mode || old->numel > PLAIN_NUMEL || old->dtype != grad->dtype
      || !old->is_contiguous || !grad->is_contiguous || old->storage == grad->storage
      || !eng_shape_equal (old->ndim, old->sizes, grad->ndim, grad->sizes))
    return FALSE;
  char *data[3] = { old->data, old->data, grad->data };
  eng_kernels->rows[old->dtype][ENG_FORMULA_ADD](data, strides, old->numel, alpha);
  old->storage->version++;
  return TRUE;
}

gboolean
eng_accumulate_grad_run (EngGradFn *grad_fn, EngTensor *grad, gboolean *accumulated, GError **error)
{
  EngTensorExtra *extra = eng_tensor_ensure_extra (grad_fn->variable);
  EngTensor *old = extra->grad;
  EngTensor *sum;
  *accumulated = old != NULL;
  if (old != NULL && add_plain (old, grad))
    return TRUE;
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
