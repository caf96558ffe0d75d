/* SPDX-License-Identifier: MIT
 *
 * Arithmetic of cubic Bézier curves: point, tangent, length, distance. No state;
 * called by hit testing and by whoever travels along an edge. */
#include "layout-private.h"

#include <math.h>

#define STEPS_PER_CUBIC 24

LayoutPoint
layout_curve_at (const LayoutPoint *p, double t)
{
  double u = 1 - t;
  double a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t, d = t * t * t;

  return (LayoutPoint) { a * p[0].x + b * p[1].x + c * p[2].x + d * p[3].x,
                         a * p[0].y + b * p[1].y + c * p[2].y + d * p[3].y };
}

LayoutPoint
layout_curve_tangent (const LayoutPoint *p, double t)
{
  double u = 1 - t;
  double a = u * u, b = 2 * u * t, c = t * t;

  return (LayoutPoint) {
    3 * (a * (p[1].x - p[0].x) + b * (p[2].x - p[1].x) + c * (p[3].x - p[2].x)),
    3 * (a * (p[1].y - p[0].y) + b * (p[2].y - p[1].y) + c * (p[3].y - p[2].y)) };
}

double
layout_curve_length (const LayoutPoint *points, guint n_points)
{
  double length = 0;

  for (guint k = 0; k + 3 < n_points; k += 3)
    for (guint i = 0; i < STEPS_PER_CUBIC; i++)
      {
        LayoutPoint a = layout_curve_at (points + k, i / (double) STEPS_PER_CUBIC);
        LayoutPoint b = layout_curve_at (points + k, (i + 1) / (double) STEPS_PER_CUBIC);
        length += hypot (b.x - a.x, b.y - a.y);
      }
  return length;
}

static double
distance_to_segment (LayoutPoint a, LayoutPoint b, double x, double y)
{
  double dx = b.x - a.x, dy = b.y - a.y;
  double square = dx * dx + dy * dy;
  double t = square > 0 ? CLAMP (((x - a.x) * dx + (y - a.y) * dy) / square, 0, 1) : 0;

  return hypot (x - a.x - t * dx, y - a.y - t * dy);
}

double
layout_curve_distance (const LayoutPoint *points, guint n_points, double x, double y)
{
  double best = INFINITY;

  for (guint k = 0; k + 3 < n_points; k += 3)
    for (guint i = 0; i < STEPS_PER_CUBIC; i++)
      {
        LayoutPoint a = layout_curve_at (points + k, i / (double) STEPS_PER_CUBIC);
        LayoutPoint b = layout_curve_at (points + k, (i + 1) / (double) STEPS_PER_CUBIC);
        best = MIN (best, distance_to_segment (a, b, x, y));
      }
  return best;
}
