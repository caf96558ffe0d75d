/* SPDX-License-Identifier: MIT
 *
 * torch.autograd.backward and torch.autograd.grad: checks what was asked in
 * PyTorch's words, seeds the roots, and lets the backward loop run. Nothing is
 * changed when a check fails. */
#include "engine/autograd.h"

#include "engine/backend.h"
#include "engine/backward.h"
#include "engine/observer-private.h"
#include "engine/pool.h"
#include "engine/shape.h"
#include "engine/infer.h"
#include "engine/inline.h"
#include "engine/vjp.h"

/* One pass as it was asked for; arrays of n_roots. */
typedef struct
{
  EngTask task;
  EngTensor *const *roots;
  guint n_roots;
  EngTensor **seeds;          /* owned */
  EngEdge *edges;             /* owned references */
  EngTensor *inline_seed;     /* both of the usual single root */
  EngEdge inline_edge;
} Request;

static gboolean
fail (GError **error, const char *text)
{
  g_set_error_literal (error, ENG_ERROR, ENG_ERROR_RUNTIME, text);
  return FALSE;
}

static gboolean
check_seed_sizes (const EngTensor *root, const EngTensor *grad, guint k, GError **error)
{
  if (eng_shape_equal (root->ndim, root->sizes, grad->ndim, grad->sizes))
    return TRUE;
  g_autofree char *got = eng_shape_to_string (grad->ndim, grad->sizes);
  g_autofree char *expected = eng_shape_to_string (root->ndim, root->sizes);
  g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
               "Mismatch in shape: grad_output[%u] has a shape of torch.Size(%s) and output[%u] has a shape of "
               "torch.Size(%s).", k, got, k, expected);
  return FALSE;
}

/* The ones that backward() starts with; no operation of the script made them. */
static EngTensor *
new_ones (const EngTensor *like, GError **error)
{
  g_autoptr (EngTensor) ones = eng_tensor_new ((EngDtype) like->dtype, like->ndim, like->sizes, error);
  if (ones == NULL || !eng_backend_cpu ()->fill (ones, 1.0, error))
    return NULL;
  return g_steal_pointer (&ones);
}

static inline gboolean
make_seed (Request *request, EngTensor *grad, guint k, GError **error)
{
  EngTensor *root = request->roots[k];
  if (grad != NULL && !check_seed_sizes (root, grad, k, error))
    return FALSE;
  if (grad == NULL && !eng_tensor_get_requires_grad (root))
    return TRUE;                                     /* refused below, with its number */
  if (grad == NULL && root->numel != 1)
    return fail (error, "grad can be implicitly created only for scalar outputs");
  request->seeds[k] = grad != NULL ? eng_tensor_ref (grad) : new_ones (root, error);
  return request->seeds[k] != NULL;
}

static inline gboolean
make_edge (Request *request, guint k, GError **error)
{
  request->edges[k] = eng_tensor_dup_edge (request->roots[k]);
  if (request->edges[k].grad_fn != NULL)
    return TRUE;
  g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
               "element %u of tensors does not require grad and does not have a grad_fn", k);
  return FALSE;
}

static inline gboolean
request_begin (Request *request, EngTensor *const *roots, EngTensor *const *grads, guint n_roots,
               GError **error)
{
  request->roots = roots;
  request->n_roots = n_roots;
  request->seeds = &request->inline_seed;
  request->edges = &request->inline_edge;
  request->inline_seed = NULL;
  request->inline_edge = (EngEdge) { NULL, 0 };
  if (n_roots > 1)
    {
      request->seeds = eng_pool_alloc0 (n_roots * sizeof (EngTensor *));
      request->edges = eng_pool_alloc0 (n_roots * sizeof (EngEdge));
    }
  for (guint k = 0; k < n_roots; k++)
    if (!make_seed (request, grads != NULL ? grads[k] : NULL, k, error))
      return FALSE;
  for (guint k = 0; k < n_roots; k++)
    if (!make_edge (request, k, error))
      return FALSE;
  return TRUE;
}

static inline void
request_end (Request *request)
{
  eng_task_end (&request->task);
  for (guint k = 0; k < request->n_roots; k++)
    {
      g_clear_pointer (&request->seeds[k], eng_tensor_unref);
      if (request->edges[k].grad_fn != NULL)
        eng_grad_fn_unref (request->edges[k].grad_fn);
    }
  if (request->n_roots <= 1)
    return;
  eng_pool_free (request->seeds, request->n_roots * sizeof (EngTensor *));
  eng_pool_free (request->edges, request->n_roots * sizeof (EngEdge));
}

/* A seed of another dtype is cast to its root's; its sizes were checked. */
static inline EngTensor *
fit_seed (Request *request, guint k, GError **error)
{
  EngMeta meta;
  EngTensor *seed = eng_tensor_ref (request->seeds[k]);
  if (G_LIKELY (seed->dtype == request->roots[k]->dtype))
    return seed;
  eng_meta_set_like (&meta, (EngDtype) request->roots[k]->dtype, request->roots[k]);
  return eng_vjp_fit (request->edges[k].grad_fn, 0, &meta, &seed, error) ? seed : NULL;
}

static inline gboolean
deliver_seeds (Request *request, GError **error)
{
  gboolean mode = eng_grad_mode;
  gboolean done = TRUE;
  eng_grad_mode = request->task.create_graph;
  for (guint k = 0; done && k < request->n_roots; k++)
    {
      EngTensor *seed = fit_seed (request, k, error);
      done = seed != NULL && eng_task_deliver (&request->task, &request->edges[k], seed, error);
    }
  eng_grad_mode = mode;
  return done;
}

static inline gboolean
request_run (Request *request, GError **error)
{
  eng_observe (backward_begins, request->roots, request->seeds, request->n_roots,
               request->task.retain_graph, request->task.create_graph);
  gboolean done = deliver_seeds (request, error) && eng_task_run (&request->task, error);
  eng_observe (backward_ends, done);
  return done;
}

static inline void
request_init (Request *request, gboolean retain_graph, gboolean create_graph)
{
  EngTask *task = &request->task;
  task->retain_graph = retain_graph;
  task->create_graph = create_graph;
  task->nodes = NULL;
  task->last = &task->nodes;
  task->captures = NULL;
  task->n_captures = 0;
  task->results = NULL;
  eng_work_list_init (&task->ready);
  eng_work_list_init (&task->leaves);
}

gboolean
eng_backward (EngTensor *const *roots, EngTensor *const *grads, guint n_roots,
              gboolean retain_graph, gboolean create_graph, GError **error)
{
  Request request;
  request_init (&request, retain_graph, create_graph);
  gboolean done = request_begin (&request, roots, grads, n_roots, error);
  if (done)
    {
      eng_task_discover (&request.task, request.edges, n_roots);
      done = request_run (&request, error);
    }
  request_end (&request);
  return done;
}

static gboolean
list_captures (EngTensor *const *inputs, guint n_inputs, EngEdge *captures, GError **error)
{
  for (guint k = 0; k < n_inputs; k++)
    {
      captures[k] = eng_tensor_dup_edge (inputs[k]);
      if (captures[k].grad_fn == NULL)
        return fail (error, "One of the differentiated Tensors does not require grad");
    }
  return TRUE;
}

static gboolean
check_used (EngTensor *const *results, guint n_inputs, GError **error)
{
  for (guint k = 0; k < n_inputs; k++)
    if (results[k] == NULL)
      return fail (error, "One of the differentiated Tensors appears to not have been used in the graph. Set "
                          "allow_unused=True if this is the desired behavior.");
  return TRUE;
}

static gboolean
run_captured (Request *request, EngTensor *const *grads, gboolean allow_unused, GError **error)
{
  EngTask *task = &request->task;
  if (!request_begin (request, request->roots, grads, request->n_roots, error))
    return FALSE;
  eng_task_discover (task, request->edges, request->n_roots);
  for (guint k = 0; k < task->n_captures; k++)
    if (!eng_task_capture (task, &task->captures[k]) && !allow_unused)
      return check_used (task->results, task->n_captures, error);
  eng_task_mark_needed (task);
  return request_run (request, error) && (allow_unused || check_used (task->results, task->n_captures, error));
}

gboolean
eng_grad (EngTensor *const *roots, EngTensor *const *grads, guint n_roots,
          EngTensor *const *inputs, guint n_inputs, EngTensor **results,
          gboolean retain_graph, gboolean create_graph, gboolean allow_unused, GError **error)
{
  Request request = { .roots = roots, .n_roots = n_roots };
  g_return_val_if_fail (n_inputs > 0, FALSE);
  g_autofree EngEdge *captures = g_new0 (EngEdge, n_inputs);
  for (guint k = 0; k < n_inputs; k++)
    results[k] = NULL;
  request_init (&request, retain_graph, create_graph);
  request.task.captures = captures;
  request.task.n_captures = n_inputs;
  request.task.results = results;
  gboolean listed = list_captures (inputs, n_inputs, captures, error);
  gboolean done = listed && run_captured (&request, grads, allow_unused, error);
  if (listed)
    request_end (&request);
  for (guint k = 0; k < n_inputs; k++)
    {
      if (captures[k].grad_fn != NULL)
        eng_grad_fn_unref (captures[k].grad_fn);
      if (!done)
        g_clear_pointer (&results[k], eng_tensor_unref);
    }
  return done;
}
