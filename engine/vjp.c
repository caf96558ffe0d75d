/* SPDX-License-Identifier: MIT
 *
 * Calls a card's vjp and puts its results right: whatever the forward operation
 * broadcast is summed back, and each gradient gets its input's dtype. This happens
 * here once, so that no card has to. Called by backward.c and copy-slices.c. */
#include "engine/vjp.h"

#include "engine/ops/ops.h"
#include "engine/pool.h"
#include "engine/shape.h"
#include "engine/inline.h"

#define MAX_UNPACKED (4 * ENG_MAX_SAVES)

typedef struct _MetaCopy MetaCopy;
struct _MetaCopy
{
  MetaCopy *next;
  EngMeta meta;
};

/* What a running vjp borrows lives here until it returns. */
typedef struct
{
  EngVjp vjp;
  guint n_unpacked;
  EngTensor *unpacked[MAX_UNPACKED];
  MetaCopy *metas;
  EngValue args[ENG_MAX_PARAMS];
} Frame;

static EngTensor *
get_saved (EngVjp *vjp, gint8 what, GError **error)
{
  Frame *frame = (Frame *) vjp;
  const EngSaved *saved = eng_grad_fn_saved (vjp->grad_fn);
  for (guint k = 0; k < vjp->grad_fn->n_saved; k++)
    {
      if (saved[k].what != what)
        continue;
      g_assert (frame->n_unpacked < MAX_UNPACKED);
      EngTensor *tensor = saved[k].tensor;
      if (G_LIKELY (what > 0 && !vjp->grad_fn->freed && tensor != NULL
                    && tensor->storage->version == saved[k].version))
        eng_tensor_ref (tensor);
      else
        tensor = eng_grad_fn_unpack (vjp->grad_fn, k, error);
      if (tensor != NULL)
        frame->unpacked[frame->n_unpacked++] = tensor;
      return tensor;
    }
  g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME, "%s asked for a tensor that it does not save",
               eng_grad_fn_get_name (vjp->grad_fn));
  return NULL;
}

EngTensor *
eng_vjp_get_input (EngVjp *vjp, guint k, GError **error)
{
  return get_saved (vjp, ENG_SAVE_INPUT (k), error);
}

EngTensor *
eng_vjp_get_output (EngVjp *vjp, guint k, GError **error)
{
  return get_saved (vjp, ENG_SAVE_OUTPUT (k), error);
}

const EngMeta *
eng_vjp_get_input_meta (EngVjp *vjp, guint k)
{
  Frame *frame = (Frame *) vjp;
  MetaCopy *copy = eng_pool_alloc (sizeof (MetaCopy));
  eng_grad_fn_input_meta (vjp->grad_fn, k, &copy->meta);
  copy->next = frame->metas;
  frame->metas = copy;
  return &copy->meta;
}

static inline void
frame_begin (Frame *frame, EngGradFn *grad_fn, EngTensor *const *grad_outputs, guint64 needs)
{
  const EngEntry *entry = grad_fn->entry;
  const EngValue *others = eng_grad_fn_others (grad_fn);
  frame->n_unpacked = 0;
  frame->metas = NULL;
  for (guint k = 0; k < entry->n_inputs; k++)
    frame->args[entry->input_params[k]].kind = ENG_VALUE_NONE;
  for (guint k = 0; k < entry->n_others; k++)
    frame->args[entry->other_params[k]] = others[k];
  frame->vjp = (EngVjp) {
    .op = entry->op, .args = frame->args, .grad_outputs = grad_outputs, .needs = needs, .grad_fn = grad_fn,
  };
}

static inline void
frame_end (Frame *frame)
{
  for (guint k = 0; k < frame->n_unpacked; k++)
    eng_tensor_unref (frame->unpacked[k]);
  while (frame->metas != NULL)
    {
      MetaCopy *copy = frame->metas;
      frame->metas = copy->next;
      eng_pool_free (copy, sizeof (MetaCopy));
    }
}

/* Can sizes be broadcast to the gradient's sizes? */
static gboolean
is_expandable (const EngMeta *meta, const EngTensor *grad)
{
  if (meta->ndim > grad->ndim)
    return FALSE;
  guint lead = grad->ndim - meta->ndim;
  for (guint d = 0; d < meta->ndim; d++)
    if (meta->sizes[d] != 1 && meta->sizes[d] != grad->sizes[lead + d])
      return FALSE;
  return TRUE;
}

/* Sums grad over the dimensions that meta does not have or has as 1. */
static EngTensor *
sum_to (const EngMeta *meta, EngTensor *grad, GError **error)
{
  gint64 dims[ENG_MAX_NDIM];
  guint n_dims = 0;
  guint lead = grad->ndim - meta->ndim;
  for (guint d = 0; d < grad->ndim; d++)
    if (d < lead || (meta->sizes[d - lead] == 1 && grad->sizes[d] != 1))
      dims[n_dims++] = d;
  g_autoptr (EngTensor) sum = eng_sum_dims (grad, dims, n_dims, TRUE, error);
  if (sum == NULL || lead == 0)
    return g_steal_pointer (&sum);
  return eng_view (sum, meta->ndim, meta->sizes, error);
}

gboolean
eng_vjp_fit (EngGradFn *grad_fn, guint k, const EngMeta *meta, EngTensor **grad, GError **error)
{
  EngTensor *now = *grad;
  if (G_UNLIKELY (!eng_shape_equal (now->ndim, now->sizes, meta->ndim, meta->sizes)))
    {
      if (!is_expandable (meta, now))
        {
          g_autofree char *got = eng_shape_to_string (now->ndim, now->sizes);
          g_autofree char *expected = eng_shape_to_string (meta->ndim, meta->sizes);
          g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
                       "Function %s returned an invalid gradient at index %u - got %s but expected shape compatible "
                       "with %s", eng_grad_fn_get_name (grad_fn), k, got, expected);
          return FALSE;
        }
      *grad = sum_to (meta, now, error);
      eng_tensor_unref (now);
      now = *grad;
    }
  if (G_UNLIKELY (now != NULL && now->dtype != meta->dtype))
    {
      *grad = eng_cast (now, meta->dtype, error);
      eng_tensor_unref (now);
    }
  return *grad != NULL;
}

/* The gradient of input k, where it is not as it should be. */
static G_NO_INLINE gboolean
fit_one (EngGradFn *grad_fn, guint k, gboolean needed, EngTensor **grad, GError **error)
{
  EngMeta meta;
  if (!needed)
    {
      g_clear_pointer (grad, eng_tensor_unref);
      return TRUE;
    }
  eng_grad_fn_input_meta (grad_fn, k, &meta);
  return eng_vjp_fit (grad_fn, k, &meta, grad, error);
}

static inline gboolean
fit_all (EngGradFn *grad_fn, guint64 needs, EngTensor **grad_inputs, GError **error)
{
  const EngPackedMeta *metas = eng_grad_fn_metas (grad_fn);
  const gint64 *numbers = eng_grad_fn_numbers (grad_fn);
  for (guint k = 0; k < grad_fn->n_next; k++)
    {
      const EngTensor *grad = grad_inputs[k];
      gboolean needed = (needs >> k) & 1;
      if (grad == NULL
          || (needed && metas[k].dtype == grad->dtype
              && eng_shape_equal (metas[k].ndim, numbers + metas[k].first_size, grad->ndim, grad->sizes)))
        continue;
      if (!fit_one (grad_fn, k, needed, &grad_inputs[k], error))
        return FALSE;
    }
  return TRUE;
}

static inline gboolean
any_gradient (const EngGradFn *grad_fn, EngTensor *const *grad_outputs)
{
  for (guint k = 0; k < grad_fn->n_outputs; k++)
    if (grad_outputs[k] != NULL)
      return TRUE;
  return FALSE;
}

gboolean
eng_vjp_run (EngGradFn *grad_fn, EngTensor *const *grad_outputs, guint64 needs,
             EngTensor **grad_inputs, GError **error)
{
  Frame frame;
  const EngOp *op = grad_fn->entry->op;
  if (needs == 0 || !any_gradient (grad_fn, grad_outputs))
    return TRUE;
  if (op->vjp == NULL)
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_NOT_IMPLEMENTED, "derivative for %s is not implemented",
                   grad_fn->entry->signature->name);
      return FALSE;
    }
  if ((op->flags & ENG_OP_SAVES_SCALAR) != 0 && !eng_grad_fn_check_freed (grad_fn, error))
    return FALSE;
  frame_begin (&frame, grad_fn, grad_outputs, needs);
  gboolean done = op->vjp (&frame.vjp, grad_inputs, error);
  frame_end (&frame);
  if (done && fit_all (grad_fn, needs, grad_inputs, error))
    return TRUE;
  for (guint k = 0; k < grad_fn->n_next; k++)
    g_clear_pointer (&grad_inputs[k], eng_tensor_unref);
  return FALSE;
}
