/* SPDX-License-Identifier: MIT
 *
 * Whether two graphs show the same: structure and every state. For tests and for
 * whoever asks "is this still the picture?". */
#include "graph.h"

#include <string.h>

static gboolean
same_sizes (guint ndim_a, const gint64 *a, guint ndim_b, const gint64 *b)
{
  if (ndim_a != ndim_b || (a == NULL) != (b == NULL))
    return FALSE;
  return a == NULL || ndim_a == 0 || memcmp (a, b, ndim_a * sizeof *a) == 0;
}

static gboolean
same_box (const PlayerNode *a, const PlayerNode *b)
{
  return a->outline == b->outline && a->dimmed == b->dimmed && a->is_leaf == b->is_leaf
         && a->requires_grad == b->requires_grad && a->is_output == b->is_output && a->lit == b->lit
         && a->tensor == b->tensor && a->version == b->version && a->dtype == b->dtype && a->shot == b->shot
         && a->n_saved == b->n_saved && a->grad_state == b->grad_state && a->grad_shot == b->grad_shot
         && g_strcmp0 (a->grad_root, b->grad_root) == 0 && a->grad_arrived == b->grad_arrived
         && a->grad_expected == b->grad_expected && g_strcmp0 (a->badge, b->badge) == 0
         && same_sizes (a->ndim, a->sizes, b->ndim, b->sizes);
}

static gboolean
same_node (const PlayerNode *a, const PlayerNode *b)
{
  return a->id == b->id && a->kind == b->kind && g_strcmp0 (a->label, b->label) == 0 && a->line == b->line
         && a->event == b->event && same_box (a, b) && a->op == b->op && a->grad_fn == b->grad_fn
         && g_strcmp0 (a->grad_fn_name, b->grad_fn_name) == 0 && a->pill_state == b->pill_state
         && a->ready_nr == b->ready_nr && g_strcmp0 (a->factor, b->factor) == 0;
}

static gboolean
same_edge (const PlayerEdge *a, const PlayerEdge *b)
{
  return a->id == b->id && a->from == b->from && a->to == b->to && a->operand == b->operand
         && g_strcmp0 (a->tag, b->tag) == 0 && a->tensor == b->tensor && a->shot == b->shot
         && a->upward == b->upward && a->needs_grad == b->needs_grad && a->passed == b->passed
         && a->grad_shot == b->grad_shot && g_strcmp0 (a->grad_root, b->grad_root) == 0;
}

static gboolean
same_folds (const PlayerGraph *a, const PlayerGraph *b)
{
  g_autofree char *of_a = player_graph_dup_folds (a), *of_b = player_graph_dup_folds (b);

  return g_strcmp0 (of_a, of_b) == 0;
}

gboolean
player_graph_equal (const PlayerGraph *a, const PlayerGraph *b)
{
  guint n_nodes = player_graph_get_n_nodes (a), n_edges = player_graph_get_n_edges (a);

  if (n_nodes != player_graph_get_n_nodes (b) || n_edges != player_graph_get_n_edges (b)
      || player_graph_get_structure_hash (a) != player_graph_get_structure_hash (b) || !same_folds (a, b))
    return FALSE;
  for (guint k = 0; k < n_nodes; k++)
    if (!same_node (player_graph_get_node (a, k), player_graph_get_node (b, k)))
      return FALSE;
  for (guint k = 0; k < n_edges; k++)
    if (!same_edge (player_graph_get_edge (a, k), player_graph_get_edge (b, k)))
      return FALSE;
  return TRUE;
}
