/* SPDX-License-Identifier: MIT
 *
 * The picture between two pictures: boxes that stand in both go straight from
 * their old place to the new one, curves stay at the borders of their boxes, what
 * is new stands where it belongs. Made anew for each frame of a glide. UI thread. */
#include "layout-private.h"

#define BORDER_PX 1.0

static double
between (double from, double to, double t)
{
  return from + (to - from) * t;
}

static LayoutRect
rect_between (const LayoutRect *from, const LayoutRect *to, double t)
{
  return (LayoutRect) { between (from->x, to->x, t), between (from->y, to->y, t),
                        between (from->width, to->width, t), between (from->height, to->height, t) };
}

/* How far the box that this end of a curve touches still has to go. */
static LayoutPoint
box_offset (const LayoutResult *from, const LayoutResult *to, LayoutPoint end)
{
  for (guint i = 0; i < to->n_nodes; i++)
    {
      const LayoutRect *rect = &to->nodes[i].rect;
      const LayoutNode *old;

      if (end.x < rect->x - BORDER_PX || end.x > rect->x + rect->width + BORDER_PX ||
          end.y < rect->y - BORDER_PX || end.y > rect->y + rect->height + BORDER_PX)
        continue;
      old = layout_result_lookup_node (from, to->nodes[i].id);
      if (old == NULL)
        break;
      return (LayoutPoint) { old->rect.x + old->rect.width / 2 - rect->x - rect->width / 2,
                             old->rect.y + (old->rect.height - rect->height) / 2 - rect->y };
    }
  return (LayoutPoint) { 0, 0 };
}

static LayoutPoint
difference (LayoutPoint a, LayoutPoint b)
{
  return (LayoutPoint) { a.x - b.x, a.y - b.y };
}

/* Moves a curve of the new picture back towards where its ends were. */
static void
bend (LayoutEdge *edge, LayoutPoint first, LayoutPoint last, double left)
{
  for (guint k = 0; k < edge->n_points; k++)
    {
      double along = edge->n_points > 1 ? (double) k / (edge->n_points - 1) : 0;

      edge->points[k].x += left * between (first.x, last.x, along);
      edge->points[k].y += left * between (first.y, last.y, along);
    }
  edge->tag.x += left * (first.x + last.x) / 2;
  edge->tag.y += left * (first.y + last.y) / 2;
}

static void
blend_edge (const LayoutResult *from, const LayoutResult *to, LayoutEdge *edge, double t)
{
  const LayoutEdge *old = layout_result_lookup_edge (from, edge->id);
  guint n = edge->n_points;
  LayoutRect tag = edge->tag;

  if (n == 0)
    return;
  if (old == NULL || old->n_points == 0)
    bend (edge, box_offset (from, to, edge->points[0]), box_offset (from, to, edge->points[n - 1]), 1 - t);
  else if (old->n_points != n)
    bend (edge, difference (old->points[0], edge->points[0]),
          difference (old->points[old->n_points - 1], edge->points[n - 1]), 1 - t);
  else
    for (guint k = 0; k < n; k++)
      edge->points[k] = (LayoutPoint) { between (old->points[k].x, edge->points[k].x, t),
                                        between (old->points[k].y, edge->points[k].y, t) };
  if (old != NULL && old->tagged && edge->tagged)
    edge->tag = rect_between (&old->tag, &tag, t);
}

LayoutResult *
layout_result_blend (const LayoutResult *from, const LayoutResult *to, double t)
{
  LayoutResult *result;

  g_return_val_if_fail (from != NULL && to != NULL, NULL);
  result = layout_result_moved (to, 0, 0, to->structure_hash);
  for (guint i = 0; i < result->n_nodes; i++)
    {
      LayoutNode *node = &result->nodes[i];
      const LayoutNode *old = layout_result_lookup_node (from, node->id);

      if (old == NULL)
        continue;
      node->rect = rect_between (&old->rect, &node->rect, t);
      node->room = rect_between (&old->room, &node->room, t);
    }
  for (guint i = 0; i < result->n_edges; i++)
    blend_edge (from, to, &result->edges[i], t);
  result->bounds = rect_between (&from->bounds, &to->bounds, t);
  return result;
}

gboolean
layout_result_same_places (const LayoutResult *from, const LayoutResult *to)
{
  for (guint i = 0; i < from->n_nodes; i++)
    {
      const LayoutRect *old = &from->nodes[i].rect;
      const LayoutNode *now = layout_result_lookup_node (to, from->nodes[i].id);

      if (now != NULL && (ABS (now->rect.x - old->x) > BORDER_PX || ABS (now->rect.y - old->y) > BORDER_PX))
        return FALSE;
    }
  return TRUE;
}
