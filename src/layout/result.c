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

static int
compare_node (gconstpointer key, gconstpointer node)
{
  guint id = *(const guint *) key, other = ((const LayoutNode *) node)->id;
  return (id > other) - (id < other);
}

static int
compare_edge (gconstpointer key, gconstpointer edge)
{
  guint id = *(const guint *) key, other = ((const LayoutEdge *) edge)->id;
  return (id > other) - (id < other);
}

const LayoutNode *
layout_result_lookup_node (const LayoutResult *result, guint node)
{
  return bsearch (&node, result->nodes, result->n_nodes, sizeof *result->nodes, compare_node);
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
