/* SPDX-License-Identifier: MIT
 *
 * Curves. Note "free by construction": the ranks' bands are disjoint, so a curve
 * that falls straight through a free column of a band and swings sideways only in
 * the gap between two bands cannot touch a foreign box. Where one long swing over
 * several bands keeps clear of all boxes (sampled more densely than the clearance
 * it asks for), the bands between are skipped. */
#include "layout-private.h"

#include <math.h>

#define CLEARANCE_PX 7.0
#define STRIDE_PX 3.0
#define REACH 0.55           /* of the height: how long a swing stays vertical at its ends */

static void
swing_between (LayoutPoint from, LayoutPoint to, LayoutPoint *cubic)
{
  double reach = REACH * (to.y - from.y);

  cubic[0] = from;
  cubic[1] = (LayoutPoint) { from.x, from.y + reach };
  cubic[2] = (LayoutPoint) { to.x, to.y - reach };
  cubic[3] = to;
}

/* Whether the swing from a to b ends or begins at that box. */
static gboolean
is_end (const LayoutRect *box, const LayoutWaypoint *a, const LayoutWaypoint *b)
{
  return (fabs (box->y + box->height - a->bottom) < 0.01 && a->x > box->x && a->x < box->x + box->width)
         || (fabs (box->y - b->top) < 0.01 && b->x > box->x && b->x < box->x + box->width);
}

/* Whether a point of that swing keeps clear of the boxes of that rank. */
static gboolean
point_is_free (const LayoutField *field, guint rank, LayoutPoint p, const LayoutWaypoint *a, const LayoutWaypoint *b)
{
  for (guint i = field->first[rank]; i < field->first[rank + 1]; i++)
    {
      const LayoutRect *box = &field->obstacles[i];
      if (p.x > box->x - CLEARANCE_PX && p.x < box->x + box->width + CLEARANCE_PX
          && p.y > box->y - CLEARANCE_PX / 2 && p.y < box->y + box->height + CLEARANCE_PX / 2 && !is_end (box, a, b))
        return FALSE;
    }
  return TRUE;
}

/* Whether one swing from the end of a to the beginning of b touches no box. */
static gboolean
swing_is_free (const LayoutField *field, const LayoutWaypoint *a, const LayoutWaypoint *b)
{
  LayoutPoint cubic[4];
  double length = fabs (b->x - a->x) + b->top - a->bottom;
  guint n = CLAMP (length / STRIDE_PX, 8, 4000), rank = a->rank;

  swing_between ((LayoutPoint) { a->x, a->bottom }, (LayoutPoint) { b->x, b->top }, cubic);
  for (guint i = 0; i <= n; i++)
    {
      LayoutPoint p = layout_curve_at (cubic, i / (double) n);

      while (rank < b->rank && p.y > field->bands[rank].bottom + CLEARANCE_PX / 2)
        rank++;
      if (!point_is_free (field, rank, p, a, b))
        return FALSE;
    }
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
  LayoutPoint cubic[4], last = g_array_index (points, LayoutPoint, points->len - 1);

  if (fabs (last.x - x) < 0.01)
    {
      line_to (points, x, y);
      return;
    }
  swing_between (last, (LayoutPoint) { x, y }, cubic);
  g_array_append_vals (points, cubic + 1, 3);
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
