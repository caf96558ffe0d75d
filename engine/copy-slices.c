/* SPDX-License-Identifier: MIT
 *
 * Note [Writing through a view]. v = y[1:]; v.mul_(w) changes y too. PyTorch says:
 * y' = y with the slice replaced by f(slice, w). The gradient of y' therefore
 * splits: outside the slice it goes to y's old history unchanged, inside it goes
 * through f's vjp first. Made by the in-place door, run by the backward loop. */
#include "engine/copy-slices.h"

#include <string.h>

#include "engine/as-strided.h"
#include "engine/grad-fn.h"
#include "engine/ops/ops.h"
#include "engine/pool.h"
#include "engine/shape.h"
#include "engine/inline.h"
#include "engine/vjp.h"

struct _EngCopySlices
{
  EngGradFn *inner;           /* of the operation that wrote the view */
  EngGeometry base;
  EngGeometry view;
};

EngGradFn *
eng_copy_slices_get_inner (const EngCopySlices *slices)
{
  return slices->inner;
}

void
eng_copy_slices_free (EngCopySlices *slices)
{
  eng_grad_fn_unref (slices->inner);
  eng_pool_free (slices, sizeof *slices);
}

/* Edge 0 leads to the base's old history, the others where the operation's led. */
void
eng_view_rebase_history (EngTensor *view, EngGradFn *grad_fn)
{
  EngTensor *base = view->base;
  EngCopySlices *slices = eng_pool_alloc (sizeof *slices);
  slices->inner = eng_grad_fn_ref (grad_fn);
  eng_geometry_of (&slices->base, base);
  eng_geometry_of (&slices->view, view);
  EngGradFn *node = eng_grad_fn_alloc (ENG_GRAD_FN_COPY_SLICES, grad_fn->n_next, 0, 0, 0);
  node->copy_slices = slices;
  node->edges[0] = eng_tensor_dup_edge (base);
  for (guint k = 1; k < grad_fn->n_next; k++)
    {
      node->edges[k] = grad_fn->edges[k];
      if (node->edges[k].grad_fn != NULL)
        eng_grad_fn_ref (node->edges[k].grad_fn);
    }
  eng_tensor_set_history (base, node, 0);
  eng_view_renew_history (view);
}

void
eng_view_renew_history (EngTensor *view)
{
  EngGradFn *grad_fn = eng_as_strided_new_grad_fn (view->base, view);
  view->view_version = view->storage->version;
  eng_tensor_set_history (view, grad_fn, 0);
}

/* The operation's vjp on the slice, whose result replaces the slice of *whole. */
static gboolean
run_inner (EngCopySlices *slices, EngTensor *whole, guint64 needs, EngTensor **grad_inputs, GError **error)
{
  g_autoptr (EngTensor) slice = eng_as_strided (whole, &slices->view, slices->base.offset, error);
  g_autoptr (EngTensor) grad = slice != NULL ? eng_clone (slice, error) : NULL;
  if (grad == NULL)
    return FALSE;
  EngTensor *arrived = grad;
  guint64 view_needs = slices->inner->edges[0].grad_fn != NULL ? 1 : 0;
  if (!eng_vjp_run (slices->inner, &arrived, (needs & ~G_GUINT64_CONSTANT (1)) | view_needs, grad_inputs, error))
    return FALSE;
  g_autoptr (EngTensor) inside = g_steal_pointer (&grad_inputs[0]);
  g_autoptr (EngTensor) written = inside != NULL ? eng_copy_ (slice, inside, error) : eng_zero_ (slice, error);
  return written != NULL;
}

gboolean
eng_copy_slices_run (EngGradFn *grad_fn, EngTensor *grad, guint64 needs, EngTensor **grad_inputs, GError **error)
{
  EngCopySlices *slices = grad_fn->copy_slices;
  if (grad == NULL)
    return TRUE;
  g_autoptr (EngTensor) empty = eng_geometry_new_tensor (&slices->base, (EngDtype) grad->dtype, error);
  g_autoptr (EngTensor) whole = empty != NULL ? eng_copy_ (empty, grad, error) : NULL;
  if (whole == NULL || !run_inner (slices, whole, needs, grad_inputs, error))
    {
      for (guint k = 0; k < grad_fn->n_next; k++)
        g_clear_pointer (&grad_inputs[k], eng_tensor_unref);
      return FALSE;
    }
  if (needs & 1)
    grad_inputs[0] = g_steal_pointer (&whole);
  return TRUE;
}
