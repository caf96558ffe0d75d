/* SPDX-License-Identifier: MIT
 *
 * grad_fns whose gradients are all here, in the order they will run: leaves'
 * AccumulateGrad at once, then latest-made first. And the tensors that grad_fns
 * keep (the tab "S"). */
#include "graph-private.h"

GraphGradFn *
player_graph_grad_fn (PlayerGraph *graph, guint64 id)
{
  GraphGradFn *grad_fn = g_hash_table_lookup (graph->grad_fns, &id);

  if (grad_fn == NULL)
    {
      grad_fn = player_arena_new0 (&graph->arena, sizeof (GraphGradFn));
      grad_fn->id = id;
      grad_fn->pill = PLAYER_NONE;
      g_hash_table_insert (graph->grad_fns, &grad_fn->id, grad_fn);
    }
  return grad_fn;
}

static gboolean
runs_before (const GraphGradFn *a, const GraphGradFn *b)
{
  if ((a->leaf != 0) != (b->leaf != 0))
    return a->leaf != 0;
  return a->leaf == 0 && a->id > b->id;
}

void
player_graph_make_ready (PlayerGraph *graph, GraphGradFn *grad_fn)
{
  GraphGradFn **link = &graph->ready;
  GraphNode *pill = player_graph_node (graph, grad_fn->pill);

  if (grad_fn->ready)
    return;
  while (*link != NULL && !runs_before (grad_fn, *link))
    link = &(*link)->next_ready;
  PLAYER_SET (graph, grad_fn->next_ready, *link);
  PLAYER_SET (graph, *link, grad_fn);
  PLAYER_SET (graph, grad_fn->ready, TRUE);
  if (pill != NULL)
    PLAYER_SET (graph, pill->pub.pill_state, PLAYER_PILL_READY);
}

void
player_graph_end_ready (PlayerGraph *graph, GraphGradFn *grad_fn)
{
  GraphGradFn **link = &graph->ready;
  GraphNode *pill = player_graph_node (graph, grad_fn->pill);

  while (*link != NULL && *link != grad_fn)
    link = &(*link)->next_ready;
  if (*link == grad_fn)
    PLAYER_SET (graph, *link, grad_fn->next_ready);
  PLAYER_SET (graph, grad_fn->ready, FALSE);
  if (pill != NULL)
    PLAYER_SET (graph, pill->pub.ready_nr, 0);
}

/* Folded views run without a number; AccumulateGrad counts but has no pill to show it. */
void
player_graph_number_ready (PlayerGraph *graph)
{
  guint nr = 0;

  for (GraphGradFn *grad_fn = graph->ready; grad_fn != NULL; grad_fn = grad_fn->next_ready)
    {
      GraphNode *pill = player_graph_node (graph, grad_fn->pill);
      nr += grad_fn->is_view ? 0 : 1;
      if (pill != NULL)
        PLAYER_SET (graph, pill->pub.ready_nr, nr);
    }
}

static void
count_saved (PlayerGraph *graph, GraphValue *value, int change)
{
  GraphNode *node = player_graph_node (graph, value->node);

  PLAYER_SET (graph, value->n_saved, value->n_saved + (guint) change);
  if (node != NULL)
    PLAYER_SET (graph, node->pub.n_saved, value->n_saved);
}

/* A grad_fn that keeps a value twice keeps it once for us. */
void
player_graph_keep_saved (PlayerGraph *graph, GraphGradFn *grad_fn, GraphValue *value)
{
  for (guint k = 0; k < grad_fn->n_saved; k++)
    if (grad_fn->saved[k] == value)
      return;
  if (grad_fn->n_saved == G_N_ELEMENTS (grad_fn->saved))
    return;
  PLAYER_SET (graph, grad_fn->saved[grad_fn->n_saved], value);
  PLAYER_SET (graph, grad_fn->n_saved, grad_fn->n_saved + 1);
  count_saved (graph, value, 1);
}

void
player_graph_release_saved (PlayerGraph *graph, GraphGradFn *grad_fn)
{
  if (grad_fn->freed)
    return;
  PLAYER_SET (graph, grad_fn->freed, TRUE);
  for (guint k = 0; k < grad_fn->n_saved; k++)
    count_saved (graph, grad_fn->saved[k], -1);
}
