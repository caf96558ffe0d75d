/* SPDX-License-Identifier: MIT
 *
 * Note [The backward loop]. Every grad_fn that the roots reach gets a node task
 * with the number of edges that lead to it. A grad_fn runs when all of them have
 * delivered: AccumulateGrad at once, in order of arrival, then the latest-made
 * first. Node tasks stack up on a grad_fn when a hook calls backward again, so
 * the inner run never sees the outer one's sums. Nothing recurses. */
#include "engine/backward.h"

#include "engine/accumulate-grad.h"
#include "engine/copy-slices.h"
#include "engine/observer-private.h"
#include "engine/ops/ops.h"
#include "engine/pool.h"
#include "engine/inline.h"
#include "engine/vjp.h"

struct _EngNodeTask
{
  EngGradFn *grad_fn;
  const EngTask *owner;
  EngNodeTask *outer;         /* of a backward that this one interrupts */
  EngNodeTask *next;          /* all of the task's, to clean up */
  guint dependencies;
  guint8 n_grads;
  guint8 needed;              /* leads to an asked-for input */
  guint8 captured;            /* is one */
  EngTensor *grads[];         /* arrived so far, summed; owned */
};

static inline gsize
node_task_nbytes (guint n_grads)
{
  return sizeof (EngNodeTask) + MAX (n_grads, 1) * sizeof (EngTensor *);
}

static inline EngNodeTask *
find_node_task (const EngTask *task, const EngGradFn *grad_fn)
{
  EngNodeTask *node = grad_fn->task;
  return node != NULL && node->owner == task ? node : NULL;
}

/* With one edge that leads to it. */
static inline void
add_node_task (EngTask *task, EngGradFn *grad_fn)
{
  guint n_grads = grad_fn->n_outputs;
  EngNodeTask *node = eng_pool_alloc (node_task_nbytes (n_grads));
  node->grad_fn = grad_fn;
  node->owner = task;
  node->outer = grad_fn->task;
  node->next = NULL;
  node->dependencies = 1;
  node->n_grads = (guint8) n_grads;
  node->needed = FALSE;
  node->captured = FALSE;
  node->grads[0] = NULL;
  for (guint k = 1; G_UNLIKELY (k < n_grads); k++)
    node->grads[k] = NULL;
  *task->last = node;
  task->last = &node->next;
  grad_fn->task = node;
}

/* One edge more leads to grad_fn. */
static inline void
count_edge (EngTask *task, EngGradFn *grad_fn)
{
  EngNodeTask *node = find_node_task (task, grad_fn);
  if (node == NULL)
    add_node_task (task, grad_fn);
  else
    node->dependencies++;
}

/* The list of node tasks is the queue of those whose edges are still to be counted. */
void
eng_task_discover (EngTask *task, const EngEdge *roots, guint n_roots)
{
  for (guint k = 0; k < n_roots; k++)
    count_edge (task, roots[k].grad_fn);
  for (EngNodeTask *node = task->nodes; node != NULL; node = node->next)
    {
      const EngGradFn *grad_fn = node->grad_fn;
      for (guint k = 0; k < grad_fn->n_next; k++)
        if (grad_fn->edges[k].grad_fn != NULL)
          count_edge (task, grad_fn->edges[k].grad_fn);
    }
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  const EngGradFn *const *fn_a = a;
  const EngGradFn *const *fn_b = b;
  return (*fn_a)->id < (*fn_b)->id ? -1 : (*fn_a)->id > (*fn_b)->id;
}

/* A grad_fn is needed when one of its edges leads to a captured or needed one.
 * Except for AccumulateGrad, which has none, edges lead to older grad_fns. */
void
eng_task_mark_needed (EngTask *task)
{
  EngWorkList *order = &task->ready;
  for (EngNodeTask *node = task->nodes; node != NULL; node = node->next)
    eng_work_list_push (order, node->grad_fn);
  qsort (order->items, order->n, sizeof (EngGradFn *), compare_ids);
  for (gsize i = 0; i < order->n; i++)
    {
      const EngGradFn *grad_fn = order->items[i];
      for (guint k = 0; k < grad_fn->n_next; k++)
        {
          const EngGradFn *next = grad_fn->edges[k].grad_fn;
          if (next != NULL && (next->task->needed || next->task->captured))
            grad_fn->task->needed = TRUE;
        }
    }
  order->n = 0;
}

/* FALSE when nothing in this backward reaches the edge's grad_fn. */
gboolean
eng_task_capture (EngTask *task, const EngEdge *edge)
{
  EngNodeTask *node = find_node_task (task, edge->grad_fn);
  if (node != NULL)
    node->captured = TRUE;
  return node != NULL;
}

static inline EngHooks *
hooks_of_node (const EngGradFn *grad_fn)
{
  if (grad_fn->kind == ENG_GRAD_FN_ACCUMULATE)
    return grad_fn->variable->extra->hooks;
  return grad_fn->hooks;
}

static G_NO_INLINE void
tell_node (EngNodeTask *node, EngTensor *const *grad_inputs, gboolean saved_freed, gboolean accumulated)
{
  EngGradFn *grad_fn = node->grad_fn;
  EngGradFnDone done = {
    .grad_fn = grad_fn,
    .grad_outputs = node->grads,
    .n_grad_outputs = node->n_grads,
    .grad_inputs = grad_inputs,
    .n_grad_inputs = grad_fn->n_next,
    .saved_freed = saved_freed,
    .leaf = eng_grad_fn_get_variable (grad_fn),
    .accumulated = accumulated,
  };
  eng_observer->grad_fn_done (eng_observer_data, &done);
}

static inline void
observe_node (EngNodeTask *node, EngTensor *const *grad_inputs, gboolean saved_freed, gboolean accumulated)
{
  if (G_UNLIKELY (eng_observer != NULL) && eng_observer->grad_fn_done != NULL)
    tell_node (node, grad_inputs, saved_freed, accumulated);
}

static gboolean
run_leaf (EngNodeTask *node, GError **error)
{
  gboolean accumulated = FALSE;
  if (node->grads[0] == NULL)
    return TRUE;
  if (!eng_accumulate_grad_run (node->grad_fn, node->grads[0], &accumulated, error))
    return FALSE;
  observe_node (node, NULL, FALSE, accumulated);
  g_clear_pointer (&node->grads[0], eng_tensor_unref);
  return TRUE;
}

static inline gboolean
wants (const EngTask *task, const EngNodeTask *node)
{
  return task->n_captures == 0 || node->needed || node->captured;
}

static G_NO_INLINE gboolean
add_arrived (EngTensor **sum, EngTensor *grad, GError **error)
{
  EngTensor *new_sum = eng_add (*sum, grad, error);
  eng_tensor_unref (grad);
  if (new_sum == NULL)
    return FALSE;
  eng_tensor_unref (*sum);
  *sum = new_sum;
  return TRUE;
}

static inline gboolean
deliver (EngTask *task, const EngEdge *edge, EngTensor *grad, GError **error)
{
  EngGradFn *grad_fn = edge->grad_fn;
  EngNodeTask *node = grad_fn->task;
  EngTensor **place = &node->grads[edge->input_nr];
  if (G_LIKELY (*place == NULL))
    *place = grad;
  else if (grad != NULL && !add_arrived (place, grad, error))
    return FALSE;
  if (--node->dependencies > 0)
    return TRUE;
  if (grad_fn->kind != ENG_GRAD_FN_ACCUMULATE)
    eng_work_list_push_heap (&task->ready, grad_fn);
  else if (eng_observer == NULL && task->n_captures == 0 && hooks_of_node (grad_fn) == NULL)
    return run_leaf (node, error); /* nobody sees that its turn is a moment later */
  else
    eng_work_list_push (&task->leaves, grad_fn);
  return TRUE;
}

/* Adds grad (taken; NULL counts as zero) to what has arrived on the edge. */
gboolean
eng_task_deliver (EngTask *task, const EngEdge *edge, EngTensor *grad, GError **error)
{
  return deliver (task, edge, grad, error);
}

static G_NO_INLINE gboolean
run_hooks (EngNodeTask *node, EngHooks *hooks, GError **error)
{
  for (guint k = 0; k < node->n_grads; k++)
    if (node->grads[k] != NULL
        && (!eng_hooks_run (hooks, k, &node->grads[k], error)
            || !eng_hooks_store_retained (hooks, k, node->grads[k], error)))
      return FALSE;
  return TRUE;
}

static void
store_captures (EngTask *task, EngNodeTask *node)
{
  for (guint k = 0; k < task->n_captures; k++)
    if (task->captures[k].grad_fn == node->grad_fn && node->grads[task->captures[k].input_nr] != NULL)
      task->results[k] = eng_tensor_ref (node->grads[task->captures[k].input_nr]);
}

static inline gboolean
send_all (EngTask *task, EngGradFn *grad_fn, guint64 needs, EngTensor **grad_inputs, GError **error)
{
  gboolean sent = TRUE;
  for (guint k = 0; k < grad_fn->n_next; k++)
    {
      EngTensor *grad = grad_inputs[k];
      if (sent && ((needs >> k) & 1))
        sent = deliver (task, &grad_fn->edges[k], grad, error);
      else if (grad != NULL)
        eng_tensor_unref (grad);
    }
  return sent;
}

static inline void
drop_arrived (EngNodeTask *node)
{
  g_clear_pointer (&node->grads[0], eng_tensor_unref);
  for (guint k = 1; G_UNLIKELY (k < node->n_grads); k++)
    g_clear_pointer (&node->grads[k], eng_tensor_unref);
}

static inline gboolean
run_operation (EngTask *task, EngNodeTask *node, GError **error)
{
  EngTensor *grad_inputs[ENG_MAX_INPUTS];
  EngGradFn *grad_fn = node->grad_fn;
  guint64 needs = 0;
  for (guint k = 0; k < grad_fn->n_next; k++)
    {
      const EngGradFn *next = grad_fn->edges[k].grad_fn;
      needs |= (guint64) (next != NULL && wants (task, next->task)) << k;
      grad_inputs[k] = NULL;
    }
  gboolean done = G_UNLIKELY (grad_fn->kind == ENG_GRAD_FN_COPY_SLICES)
                      ? eng_copy_slices_run (grad_fn, node->grads[0], needs, grad_inputs, error)
                      : eng_vjp_run (grad_fn, node->grads, needs, grad_inputs, error);
  if (!done)
    return FALSE;
  gboolean saved_freed = !task->retain_graph && eng_grad_fn_release_saved (grad_fn);
  observe_node (node, grad_inputs, saved_freed, FALSE);
  drop_arrived (node);
  return send_all (task, grad_fn, needs, grad_inputs, error);
}

static gboolean
run_node (EngTask *task, EngGradFn *grad_fn, GError **error)
{
  EngNodeTask *node = grad_fn->task;
  EngHooks *hooks = hooks_of_node (grad_fn);
  eng_running_grad_fn = grad_fn;
  if (G_UNLIKELY (hooks != NULL) && !run_hooks (node, hooks, error))
    return FALSE;
  if (G_UNLIKELY (task->n_captures > 0))
    {
      if (node->captured)
        store_captures (task, node);
      if (!node->needed)
        return TRUE;
    }
  if (grad_fn->kind == ENG_GRAD_FN_ACCUMULATE)
    return run_leaf (node, error);
  return run_operation (task, node, error);
}

gboolean
eng_task_run (EngTask *task, GError **error)
{
  EngGradFn *outer = eng_running_grad_fn;
  gboolean mode = eng_grad_mode;
  gboolean done = TRUE;
  eng_grad_mode = task->create_graph;
  while (done)
    {
      EngGradFn *grad_fn = eng_work_list_take_first (&task->leaves);
      if (grad_fn == NULL)
        grad_fn = eng_work_list_pop_heap (&task->ready);
      if (grad_fn == NULL)
        break;
      done = run_node (task, grad_fn, error);
    }
  eng_grad_mode = mode;
  eng_running_grad_fn = outer;
  return done;
}

void
eng_task_end (EngTask *task)
{
  EngNodeTask *node = task->nodes;
  while (node != NULL)
    {
      EngNodeTask *next = node->next;
      node->grad_fn->task = node->outer;
      drop_arrived (node);
      eng_pool_free (node, node_task_nbytes (node->n_grads));
      node = next;
    }
  task->nodes = NULL;
  eng_work_list_clear (&task->ready);
  eng_work_list_clear (&task->leaves);
}
