/* SPDX-License-Identifier: MIT
 *
 * Holds the one observer. Every site in the engine reads it through
 * observer-private.h; the recorder sets it. */
#include "engine/observer-private.h"

#include "engine/grad-fn.h"
#include "engine/inline.h"

const EngObserver *eng_observer;
gpointer eng_observer_data;

/* Watches everything from now on; NULL stops. observer must live until then. */
void
eng_set_observer (const EngObserver *observer, gpointer data)
{
  eng_observer = observer;
  eng_observer_data = data;
}

/* Only a view may have to make its grad_fn anew first. */
static inline EngGradFn *
grad_fn_of (const EngTensor *tensor)
{
  return G_LIKELY (tensor->base == NULL) ? tensor->grad_fn : eng_tensor_get_grad_fn (tensor);
}

void
eng_observe_tensor (const EngTensor *tensor, EngTensorFacts *facts)
{
  const EngGradFn *grad_fn = grad_fn_of (tensor);
  facts->id = tensor->id;
  facts->storage = tensor->storage->id;
  facts->base = tensor->base != NULL ? tensor->base->id : 0;
  facts->grad_fn = grad_fn != NULL ? grad_fn->id : 0;
  facts->data = eng_tensor_get_data (tensor);
  facts->sizes = eng_tensor_get_sizes (tensor);
  facts->strides = eng_tensor_get_strides (tensor);
  facts->storage_offset = tensor->offset;
  facts->numel = tensor->numel;
  facts->version = tensor->storage->version;
  facts->output_nr = tensor->output_nr;
  facts->dtype = tensor->dtype;
  facts->ndim = tensor->ndim;
  facts->requires_grad = tensor->requires_grad || (tensor->base != NULL && tensor->base->requires_grad);
  facts->is_contiguous = tensor->is_contiguous;
}

guint
eng_observe_edges (const EngGradFn *grad_fn, EngEdgeFacts *edges, guint max)
{
  guint n = MIN (grad_fn->n_next, max);
  for (guint k = 0; k < n; k++)
    {
      const EngGradFn *next = grad_fn->edges[k].grad_fn;
      edges[k].grad_fn = next != NULL ? next->id : 0;
      edges[k].input_nr = grad_fn->edges[k].input_nr;
      edges[k].leaf = next != NULL && next->kind == ENG_GRAD_FN_ACCUMULATE ? next->variable->id : 0;
    }
  return n;
}
