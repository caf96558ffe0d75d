/* SPDX-License-Identifier: MIT
 *
 * The graph's nodes and edges as others see them: those that are not gone, in order
 * of their ids. While anything is gone, a list of the ids that are left is kept; it
 * is made anew when the structure has changed. UI thread, like the graph. */
#include "graph-private.h"

GraphAlive *
player_graph_alive_new (void)
{
  GraphAlive *alive = g_new0 (GraphAlive, 1);
  alive->ids = g_array_new (FALSE, FALSE, sizeof (guint));
  return alive;
}

void
player_graph_alive_free (GraphAlive *alive)
{
  g_array_unref (alive->ids);
  g_free (alive);
}

/* TRUE: the list has to be made anew. */
static gboolean
is_stale (GraphAlive *alive, guint64 structure, guint n_made, guint n_gone)
{
  if (alive->structure == structure && alive->n_made == n_made && alive->n_gone == n_gone
      && alive->ids->len > 0)
    return FALSE;
  alive->structure = structure;
  alive->n_made = n_made;
  alive->n_gone = n_gone;
  g_array_set_size (alive->ids, 0);
  return TRUE;
}

guint
player_graph_get_n_nodes (const PlayerGraph *graph)
{
  return graph->n_nodes - graph->n_gone;
}

const PlayerNode *
player_graph_get_node (const PlayerGraph *graph, guint k)
{
  GArray *ids = graph->alive_nodes->ids;

  if (graph->n_gone == 0)
    return player_graph_find_node (graph, k);
  if (is_stale (graph->alive_nodes, graph->structure, graph->n_nodes, graph->n_gone))
    for (guint id = 0; id < graph->n_nodes; id++)
      if (player_graph_node (graph, id) != NULL)
        g_array_append_val (ids, id);
  return k < ids->len ? player_graph_find_node (graph, g_array_index (ids, guint, k)) : NULL;
}

const PlayerNode *
player_graph_find_node (const PlayerGraph *graph, guint id)
{
  const GraphNode *node = player_graph_node (graph, id);
  return node != NULL ? &node->pub : NULL;
}

guint
player_graph_get_n_edges (const PlayerGraph *graph)
{
  return graph->n_edges - graph->n_edges_gone;
}

const PlayerEdge *
player_graph_get_edge (const PlayerGraph *graph, guint k)
{
  GArray *ids = graph->alive_edges->ids;

  if (graph->n_edges_gone == 0)
    return player_graph_find_edge (graph, k);
  if (is_stale (graph->alive_edges, graph->structure, graph->n_edges, graph->n_edges_gone))
    for (guint id = 0; id < graph->n_edges; id++)
      if (player_graph_edge (graph, id) != NULL)
        g_array_append_val (ids, id);
  return k < ids->len ? player_graph_find_edge (graph, g_array_index (ids, guint, k)) : NULL;
}

const PlayerEdge *
player_graph_find_edge (const PlayerGraph *graph, guint id)
{
  const GraphEdge *edge = player_graph_edge (graph, id);
  return edge != NULL ? &edge->pub : NULL;
}
