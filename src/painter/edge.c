/* SPDX-License-Identifier: MIT
 *
 * One edge: grey with a filled head where data flows; once a gradient has passed,
 * a thick magenta line with a second, open head at its upper end. Tags of folded
 * views lie on the curve. Called by still.c and moving.c. */
#include "paint-private.h"

#include <math.h>

#define HEAD_PX 8.0

/* 1: the curve ends from above, −1: from below (an update of a box that was there before). */
int
paint_curve_direction (const LayoutPoint *points, guint n_points)
{
  return points[n_points - 1].y < points[0].y ? -1 : 1;
}

/* The curve with its two ends cut back along the vertical by so many px. Caller frees. */
LayoutPoint *
paint_trim_curve (const LayoutPoint *points, guint n_points, double trim_start, double trim_end)
{
  LayoutPoint *trimmed = g_memdup2 (points, n_points * sizeof *points);
  int direction = paint_curve_direction (points, n_points);

  trimmed[0].y += direction * trim_start;
  trimmed[1].y += direction * trim_start;
  trimmed[n_points - 2].y -= direction * trim_end;
  trimmed[n_points - 1].y -= direction * trim_end;
  return trimmed;
}

void
paint_edge_path (cairo_t *cr, const LayoutPoint *points, guint n_points, double trim_start, double trim_end)
{
  g_autofree LayoutPoint *p = paint_trim_curve (points, n_points, trim_start, trim_end);

  cairo_move_to (cr, p[0].x, p[0].y);
  for (guint k = 0; k + 3 < n_points; k += 3)
    cairo_curve_to (cr, p[k + 1].x, p[k + 1].y, p[k + 2].x, p[k + 2].y, p[k + 3].x, p[k + 3].y);
}

/* How far the ring round a lit node reaches: heads stop there. */
double
paint_ring_reach (const PaintScene *scene, guint node)
{
  const PlayerNode *found = player_graph_find_node (scene->graph, node);

  if (found == NULL || found->outline)
    return 0;
  if (found->kind == PLAYER_BOX)
    return found->lit ? PAINT_RING_PX : 0;
  return found->pill_state == PLAYER_PILL_LIT || found->pill_state == PLAYER_PILL_FORWARD
         || found->pill_state == PLAYER_PILL_FAILED ? PAINT_RING_PX : 0;
}

void
paint_edge (cairo_t *cr, const PaintScene *scene, const PlayerEdge *edge)
{
  const PaintTheme *theme = scene->theme;
  const PaintColor *color = edge->needs_grad ? &theme->edge : &theme->edge_dim;
  guint n_points;
  const LayoutPoint *points = layout_result_get_edge (scene->layout, edge->id, &n_points);
  gboolean tiny = scene->zoom < PAINT_TINY_ZOOM;
  int direction;
  double above = paint_ring_reach (scene, edge->from), below = paint_ring_reach (scene, edge->to);

  if (points == NULL || n_points < 4)
    return;
  paint_edge_path (cr, points, n_points, above + (edge->passed ? 1.5 : 0), below + (tiny ? 0 : HEAD_PX - 1));
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_line_width (cr, edge->passed ? 3 : edge->needs_grad ? 1.9 : 1.5);
  if (edge->passed)
    paint_set_color_alpha (cr, &theme->backward, PAINT_PASSED_ALPHA);
  else
    paint_set_color (cr, color);
  cairo_stroke (cr);
  if (tiny)
    return;
  direction = paint_curve_direction (points, n_points);
  paint_arrow_head (cr, points[n_points - 1].x, points[n_points - 1].y - direction * below, direction * G_PI / 2,
                    HEAD_PX, color);
  if (edge->passed)
    paint_open_head (cr, points[0].x, points[0].y + above + 2, -G_PI / 2, 7, &theme->backward);
}

void
paint_tag (cairo_t *cr, const PaintScene *scene, const PlayerEdge *edge, const LayoutRect *rect)
{
  const PaintTheme *theme = scene->theme;
  LayoutRect frame = paint_grown (rect, -0.6);

  paint_rounded (cr, &frame, rect->height / 2);
  paint_set_color (cr, &theme->background_edge);
  cairo_fill_preserve (cr);
  if (edge->passed)
    paint_set_color_alpha (cr, &theme->backward, PAINT_PASSED_ALPHA);
  else
    paint_set_color (cr, &theme->edge_dim);
  cairo_set_line_width (cr, 1.2);
  cairo_stroke (cr);
  if (scene->zoom >= PAINT_TINY_ZOOM)
    paint_text (cr, PAINT_FONT_TAG, edge->tag, rect->x + rect->width / 2, rect->y + rect->height / 2, PAINT_CENTER,
                rect->width - 8, &theme->text_dim);
}
