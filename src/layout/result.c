/* SPDX-License-Identifier: MIT
 *
 * LayoutResult: boxes and curves, sorted by id, immutable once made, counted
 * atomically because it is made in the worker and read by the stage. */
#include "layout-private.h"

#include <string.h>

LayoutResult *
layout_result_ref (LayoutResult *result)
{
  g_atomic_int_inc (&result->ref_count);
  return result;
}

void
layout_result_unref (LayoutResult *result)
{
  if (!g_atomic_int_dec_and_test (&result->ref_count))
    return;
  for (guint i = 0; i < result->n_edges; i++)
    g_free (result->edges[i].points);
  g_free (result->nodes);
  g_free (result->edges);
  g_free (result);
}

typedef struct { guint id, use; } NodeKey;

static int
compare_node (gconstpointer key, gconstpointer data)
{
  const NodeKey *wanted = key;
  const LayoutNode *node = data;

  if (wanted->id != node->id)
    return wanted->id < node->id ? -1 : 1;
  return (wanted->use > node->use) - (wanted->use < node->use);
}

static int
compare_edge (gconstpointer key, gconstpointer edge)
{
  guint id = *(const guint *) key, other = ((const LayoutEdge *) edge)->id;
  return (id > other) - (id < other);
}

const LayoutNode *
layout_result_lookup_use (const LayoutResult *result, guint node, guint use)
{
  NodeKey key = { node, use };
  return bsearch (&key, result->nodes, result->n_nodes, sizeof *result->nodes, compare_node);
}

const LayoutNode *
layout_result_lookup_node (const LayoutResult *result, guint node)
{
  return layout_result_lookup_use (result, node, 0);
}

const LayoutEdge *
layout_result_lookup_edge (const LayoutResult *result, guint edge)
{
  return bsearch (&edge, result->edges, result->n_edges, sizeof *result->edges, compare_edge);
}

/* The same picture elsewhere: a new result. */
LayoutResult *
layout_result_moved (const LayoutResult *result, double dx, double dy, guint64 structure_hash)
{
  LayoutResult *moved = g_new (LayoutResult, 1);

  *moved = *result;
  moved->ref_count = 1;
  moved->structure_hash = structure_hash;
  moved->bounds.x += dx;
  moved->bounds.y += dy;
  moved->nodes = g_memdup2 (result->nodes, MAX (result->n_nodes, 1) * sizeof *result->nodes);
  moved->edges = g_memdup2 (result->edges, MAX (result->n_edges, 1) * sizeof *result->edges);
  for (guint i = 0; i < moved->n_nodes; i++)
    {
      moved->nodes[i].rect.x += dx;
      moved->nodes[i].rect.y += dy;
      moved->nodes[i].room.x += dx;
      moved->nodes[i].room.y += dy;
    }
  for (guint i = 0; i < moved->n_edges; i++)
    {
      LayoutEdge *edge = &moved->edges[i];

      edge->tag.x += dx;
      edge->tag.y += dy;
      edge->points = g_memdup2 (edge->points, edge->n_points * sizeof *edge->points);
      for (guint k = 0; k < edge->n_points; k++)
        {
          edge->points[k].x += dx;
          edge->points[k].y += dy;
        }
    }
  return moved;
}

LayoutRect
layout_result_get_bounds (const LayoutResult *result)
{
  return result->bounds;
}

gboolean
layout_result_get_node (const LayoutResult *result, guint node, LayoutRect *rect)
{
  const LayoutNode *found = layout_result_lookup_node (result, node);

  if (found != NULL && rect != NULL)
    *rect = found->rect;
  return found != NULL;
}

guint
layout_result_get_n_uses (const LayoutResult *result, guint node)
{
  const LayoutNode *found = layout_result_lookup_node (result, node);
  return found != NULL ? found->n_uses : 0;
}

gboolean
layout_result_get_use (const LayoutResult *result, guint node, guint use, LayoutRect *rect)
{
  const LayoutNode *found = layout_result_lookup_use (result, node, use);

  if (found != NULL && rect != NULL)
    *rect = found->rect;
  return found != NULL;
}

guint
layout_result_get_edge_use (const LayoutResult *result, guint edge, guint node)
{
  const LayoutEdge *found = layout_result_lookup_edge (result, edge);
  return found != NULL && found->upper == node ? found->use : 0;
}

gboolean
layout_result_has_use_in (const LayoutResult *result, const PlayerGraph *graph, guint node, guint use)
{
  for (guint k = 0; use > 0 && k < player_graph_get_n_edges (graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph, k);

      if ((edge->from == node || edge->to == node)
          && layout_result_get_edge_use (result, edge->id, node) == use)
        return TRUE;
    }
  return use == 0 && player_graph_find_node (graph, node) != NULL;
}

guint
layout_result_get_use_at (const LayoutResult *result, guint node, double x, double y)
{
  double best = G_MAXDOUBLE;
  LayoutRect rect;
  guint nearest = 0;

  for (guint use = 0; layout_result_get_use (result, node, use, &rect); use++)
    {
      double dx = MAX (MAX (rect.x - x, x - rect.x - rect.width), 0);
      double dy = MAX (MAX (rect.y - y, y - rect.y - rect.height), 0);

      if (dx * dx + dy * dy >= best)
        continue;
      best = dx * dx + dy * dy;
      nearest = use;
    }
  return nearest;
}

const LayoutPoint *
layout_result_get_edge (const LayoutResult *result, guint edge, guint *n_points)
{
  const LayoutEdge *found = layout_result_lookup_edge (result, edge);

  if (n_points != NULL)
    *n_points = found != NULL ? found->n_points : 0;
  return found != NULL ? found->points : NULL;
}

gboolean
layout_result_get_tag (const LayoutResult *result, guint edge, LayoutRect *rect)
{
  const LayoutEdge *found = layout_result_lookup_edge (result, edge);

  if (found == NULL || !found->tagged)
    return FALSE;
  if (rect != NULL)
    *rect = found->tag;
  return TRUE;
}

guint64
layout_result_get_structure_hash (const LayoutResult *result)
{
  return result->structure_hash;
}
