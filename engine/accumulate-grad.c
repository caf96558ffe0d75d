/* SPDX-License-Identifier: MIT
 *
 * What AccumulateGrad does, as PyTorch: the first gradient becomes .grad itself
 * when nobody else holds it, else a copy; later ones are added into .grad (out of
 * place under create_graph, so that the sum has a history). Called by backward. */
#include "engine/accumulate-grad.h"

#include "engine/door.h"
#include "engine/kernels/run.h"
#include "engine/ops/ops.h"

/* More than this goes through the door where that lets other threads run meanwhile. */
#define SHORT_NUMEL 16384

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

/* The usual sum: the kernel of add_, which needs none of what the door would do round it.
 * It is what this grad_fn does, not an operation of its own, so the observer hears of
 * the grad_fn only. FALSE where the door is needed. */
static inline gboolean
add_plain (EngTensor *old, EngTensor *grad)
{
  static const double alpha[ENG_MAX_NUMBERS] = { 1 };
  if (eng_grad_mode || old->dtype != grad->dtype || !old->is_contiguous || old->storage == grad->storage
      || (old->numel > SHORT_NUMEL && eng_door_leave != NULL)
      || !eng_shape_equal (old->ndim, old->sizes, grad->ndim, grad->sizes))
    return FALSE;
  EngRow row = eng_kernels->rows[old->dtype][ENG_FORMULA_ADD];
  if (G_LIKELY (grad->is_contiguous))
    row ((char *[]) { old->data, old->data, grad->data }, (const gint64[]) { 1, 1, 1 }, old->numel, alpha);
  else
    eng_run_row (row, old, (EngTensor *[]) { old, grad }, 2, alpha);
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
