/* SPDX-License-Identifier: MIT
 *
 * Life and facts of a grad_fn: reference counts, edges, names. A chain of millions
 * is freed with a work list, never by recursion: whoever drops the last reference
 * queues the grad_fn, and only the outermost call empties the queue. */
#include "engine/grad-fn.h"

#include "engine/copy-slices.h"
#include "engine/pool.h"
#include "engine/inline.h"

EngGradFn *eng_running_grad_fn;

guint64 eng_grad_fn_last_id;
static EngGradFn *free_queue;
static gboolean emptying;

EngGradFn *
eng_grad_fn_ref (EngGradFn *grad_fn)
{
  grad_fn->ref_count++;
  return grad_fn;
}

static void
grad_fn_free (EngGradFn *grad_fn)
{
  for (guint k = 0; k < grad_fn->n_next; k++)
    if (grad_fn->edges[k].grad_fn != NULL)
      eng_grad_fn_unref (grad_fn->edges[k].grad_fn);
  EngSaved *saved = eng_grad_fn_saved (grad_fn);
  for (guint k = 0; k < grad_fn->n_saved; k++)
    if (saved[k].tensor != NULL)
      eng_saved_drop (&saved[k]);
  if (grad_fn->kind == ENG_GRAD_FN_COPY_SLICES)
    eng_copy_slices_free (grad_fn->copy_slices);
  if (grad_fn->hooks != NULL)
    eng_hooks_free (grad_fn->hooks);
  eng_pool_free (grad_fn, grad_fn->nbytes);
}

void
eng_grad_fn_unref (EngGradFn *grad_fn)
{
  if (--grad_fn->ref_count > 0)
    return;
  if (grad_fn->kind == ENG_GRAD_FN_ACCUMULATE)
    {
      eng_tensor_unref (grad_fn->variable); /* it rests on its leaf, if that lives on */
      return;
    }
  grad_fn->next_free = free_queue;
  free_queue = grad_fn;
  if (emptying)
    return;
  emptying = TRUE;
  while (free_queue != NULL)
    {
      EngGradFn *first = free_queue;
      free_queue = first->next_free;
      grad_fn_free (first);
    }
  emptying = FALSE;
}

guint64
eng_grad_fn_get_id (const EngGradFn *grad_fn)
{
  return grad_fn->id;
}

/* Grows with time; AccumulateGrad comes before everything, as in PyTorch. */
guint64
eng_grad_fn_get_sequence_nr (const EngGradFn *grad_fn)
{
  return grad_fn->kind == ENG_GRAD_FN_ACCUMULATE ? G_MAXUINT64 : grad_fn->id;
}

const char *
eng_grad_fn_get_name (const EngGradFn *grad_fn)
{
  switch ((EngGradFnKind) grad_fn->kind)
    {
    case ENG_GRAD_FN_ACCUMULATE:
      return "AccumulateGrad";
    case ENG_GRAD_FN_COPY_SLICES:
      return "CopySlices";
    case ENG_GRAD_FN_OP:
      break;
    }
  const EngOp *op = grad_fn->entry->op;
  return op->grad_fn != NULL ? op->grad_fn : grad_fn->entry->signature->name;
}

const EngOp *
eng_grad_fn_get_op (const EngGradFn *grad_fn)
{
  switch ((EngGradFnKind) grad_fn->kind)
    {
    case ENG_GRAD_FN_OP:
      return grad_fn->entry->op;
    case ENG_GRAD_FN_COPY_SLICES:
      return eng_grad_fn_get_op (eng_copy_slices_get_inner (grad_fn->copy_slices));
    case ENG_GRAD_FN_ACCUMULATE:
      break;
    }
  return NULL;
}

guint
eng_grad_fn_get_n_next (const EngGradFn *grad_fn)
{
  return grad_fn->n_next;
}

EngGradFn *
eng_grad_fn_get_next (const EngGradFn *grad_fn, guint k, guint *input_nr)
{
  g_return_val_if_fail (k < grad_fn->n_next, NULL);
  if (input_nr != NULL)
    *input_nr = grad_fn->edges[k].input_nr;
  return grad_fn->edges[k].grad_fn;
}

EngTensor *
eng_grad_fn_get_variable (const EngGradFn *grad_fn)
{
  return grad_fn->kind == ENG_GRAD_FN_ACCUMULATE ? grad_fn->variable : NULL;
}

void
eng_grad_fn_free_resting (EngGradFn *accumulator)
{
  eng_pool_free (accumulator, accumulator->nbytes);
}

EngGradFn *
eng_tensor_dup_grad_accumulator (EngTensor *leaf)
{
  g_return_val_if_fail (leaf->grad_fn == NULL && leaf->requires_grad, NULL);
  EngTensorExtra *extra = eng_tensor_ensure_extra (leaf);
  if (extra->accumulator == NULL)
    {
      extra->accumulator = eng_grad_fn_alloc (ENG_GRAD_FN_ACCUMULATE, 0, 0, 0, 0);
      extra->accumulator->ref_count = 0;
    }
  return eng_leaf_dup_accumulator (leaf);
}
