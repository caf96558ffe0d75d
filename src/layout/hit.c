/* SPDX-License-Identifier: MIT
 *
 * What lies under a point, and the point at a part of an edge's length. Bodies
 * win over tags, tags over curves; of two curves the nearer one. UI thread. */
#include "layout-private.h"

#include <math.h>

#define SAMPLES_PER_CUBIC 24

static gboolean
contains (const LayoutRect *rect, double x, double y)
{
  return x >= rect->x && x <= rect->x + rect->width && y >= rect->y && y <= rect->y + rect->height;
}

static double
distance_of (const LayoutEdge *edge, double x, double y)
{
  return edge->tagged && contains (&edge->tag, x, y) ? 0
                                                     : layout_curve_distance (edge->points, edge->n_points, x, y);
}

double
layout_result_get_edge_distance (const LayoutResult *result, guint edge, double x, double y)
{
  const LayoutEdge *found = layout_result_lookup_edge (result, edge);

  return found != NULL && found->n_points >= 4 ? distance_of (found, x, y) : G_MAXDOUBLE;
}

static gboolean
hit_edge (const LayoutResult *result, double x, double y, double within, guint *edge)
{
  double best = within;
  gboolean found = FALSE;

  for (guint i = 0; i < result->n_edges; i++)
    {
      const LayoutEdge *candidate = &result->edges[i];
      double distance = distance_of (candidate, x, y);

      if (distance > best || (found && distance == best))
        continue;
      best = distance;
      *edge = candidate->id;
      found = TRUE;
    }
  return found;
}

gboolean
layout_result_hit (const LayoutResult *result, double x, double y, double within, guint *node, guint *edge)
{
  guint edge_id = G_MAXUINT;

  if (node != NULL)
    *node = G_MAXUINT;
  if (edge != NULL)
    *edge = G_MAXUINT;
  for (guint i = 0; i < result->n_nodes; i++)
    if (contains (&result->nodes[i].rect, x, y))
      {
        if (node != NULL)
          *node = result->nodes[i].id;
        return TRUE;
      }
  if (!hit_edge (result, x, y, within, &edge_id))
    return FALSE;
  if (edge != NULL)
    *edge = edge_id;
  return TRUE;
}

gboolean
layout_result_point_on_edge (const LayoutResult *result, guint edge, double t, LayoutPoint *point, double *angle)
{
  const LayoutEdge *found = layout_result_lookup_edge (result, edge);
  double wanted, walked = 0;

  if (found == NULL || found->n_points < 4)
    return FALSE;
  wanted = CLAMP (t, 0, 1) * layout_curve_length (found->points, found->n_points);
  for (guint k = 0; k + 3 < found->n_points; k += 3)
    for (guint i = 0; i < SAMPLES_PER_CUBIC; i++)
      {
        const LayoutPoint *cubic = found->points + k;
        double t0 = i / (double) SAMPLES_PER_CUBIC, t1 = (i + 1) / (double) SAMPLES_PER_CUBIC;
        LayoutPoint a = layout_curve_at (cubic, t0), b = layout_curve_at (cubic, t1);
        double length = hypot (b.x - a.x, b.y - a.y);
        gboolean last = k + 6 >= found->n_points && i + 1 == SAMPLES_PER_CUBIC;

        if (walked + length < wanted && !last)
          {
            walked += length;
            continue;
          }
        double part = length > 0 ? CLAMP ((wanted - walked) / length, 0, 1) : 0;
        if (point != NULL)
          *point = (LayoutPoint) { a.x + part * (b.x - a.x), a.y + part * (b.y - a.y) };
        if (angle != NULL)
          {
            LayoutPoint along = layout_curve_tangent (cubic, t0 + part * (t1 - t0));
            *angle = atan2 (along.y, along.x);
          }
        return TRUE;
      }
  return FALSE;
}
