/* SPDX-License-Identifier: MIT
 *
 * Curves. Note "free by construction": the ranks' bands are disjoint, so a curve
 * that falls straight through a free column of a band and swings sideways only in
 * the gap between two bands cannot touch a foreign box; an S-curve with vertical
 * ends stays inside the rectangle of its two ends. Where that rectangle is free
 * of boxes, bands are skipped and the curve becomes one long swing. */
#include "layout-private.h"

#include <math.h>

#define CLEARANCE_PX 7.0

static gboolean
rank_is_free (const LayoutField *field, guint rank, const LayoutRect *hull)
{
  for (guint i = field->first[rank]; i < field->first[rank + 1]; i++)
    {
      const LayoutRect *box = &field->obstacles[i];
      if (box->x < hull->x + hull->width && hull->x < box->x + box->width
          && box->y < hull->y + hull->height && hull->y < box->y + box->height)
        return FALSE;
    }
  return TRUE;
}

/* Whether one swing from the end of a to the beginning of b touches no box. */
static gboolean
swing_is_free (const LayoutField *field, const LayoutWaypoint *a, const LayoutWaypoint *b)
{
  LayoutRect hull = { MIN (a->x, b->x) - CLEARANCE_PX, a->bottom + 0.5,
                      fabs (a->x - b->x) + 2 * CLEARANCE_PX, b->top - a->bottom - 1 };

  for (guint rank = a->rank; rank <= b->rank; rank++)
    if (!rank_is_free (field, rank, &hull))
      return FALSE;
  return TRUE;
}

/* The x nearest to the wanted one at which a band can be passed. */
double
layout_route_clear_x (const LayoutField *field, guint rank, double x)
{
  double left = x, right = x;

  for (guint i = field->first[rank]; i < field->first[rank + 1]; i++)
    {
      const LayoutRect *box = &field->obstacles[i];
      if (right > box->x - CLEARANCE_PX && right < box->x + box->width + CLEARANCE_PX)
        right = box->x + box->width + CLEARANCE_PX;
    }
  for (guint i = field->first[rank + 1]; i-- > field->first[rank];)
    {
      const LayoutRect *box = &field->obstacles[i];
      if (left > box->x - CLEARANCE_PX && left < box->x + box->width + CLEARANCE_PX)
        left = box->x - CLEARANCE_PX;
    }
  return x - left < right - x ? left : right;
}

static void
line_to (GArray *points, double x, double y)
{
  LayoutPoint last = g_array_index (points, LayoutPoint, points->len - 1);
  LayoutPoint cubic[3] = {
    { last.x + (x - last.x) / 3, last.y + (y - last.y) / 3 },
    { last.x + 2 * (x - last.x) / 3, last.y + 2 * (y - last.y) / 3 },
    { x, y } };

  if (fabs (last.x - x) + fabs (last.y - y) > 0.01)
    g_array_append_vals (points, cubic, 3);
}

static void
swing_to (GArray *points, double x, double y)
{
  LayoutPoint last = g_array_index (points, LayoutPoint, points->len - 1);
  double reach = 0.55 * (y - last.y);
  LayoutPoint cubic[3] = { { last.x, last.y + reach }, { x, y - reach }, { x, y } };

  if (fabs (last.x - x) < 0.01)
    line_to (points, x, y);
  else
    g_array_append_vals (points, cubic, 3);
}

/* The furthest waypoint that one swing from ways[i] can reach; 0: not even the next. */
static guint
find_reach (const LayoutField *field, const LayoutWaypoint *ways, guint n_ways, guint i)
{
  guint reached = 0;

  for (guint j = i + 1; j < n_ways; j++)
    {
      if (swing_is_free (field, &ways[i], &ways[j]))
        reached = j;
      if (ways[j].fixed)
        break;
    }
  return reached;
}

/* Curve through the waypoints, from ways[0] to the last: 3k+1 points, caller frees. */
LayoutPoint *
layout_route (const LayoutField *field, const LayoutWaypoint *ways, guint n_ways, guint *n_points)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (LayoutPoint));
  LayoutPoint start = { ways[0].x, ways[0].bottom };

  g_array_append_val (points, start);
  for (guint i = 0; i + 1 < n_ways;)
    {
      guint j = find_reach (field, ways, n_ways, i);

      if (j == 0)
        {
          j = i + 1;
          line_to (points, ways[i].x, field->bands[ways[i].rank].bottom);
          swing_to (points, ways[j].x, field->bands[ways[j].rank].top);
          line_to (points, ways[j].x, ways[j].top);
        }
      else
        swing_to (points, ways[j].x, ways[j].top);
      line_to (points, ways[j].x, ways[j].bottom);
      i = j;
    }
  *n_points = points->len;
  return (LayoutPoint *) g_array_free (points, FALSE);
}
