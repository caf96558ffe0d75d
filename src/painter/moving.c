/* SPDX-License-Identifier: MIT
 *
 * The moving layer: the step's edges in their phase's colour with chevrons that
 * point where they travel (teal down, magenta up), wave after wave; at rest
 * (progress 1) the same edges with resting chevrons, so that a still picture says
 * it too. Also what follows the pointer: hover and selection. Drawn over the
 * still layer; no clock in here. */
#include "paint-private.h"

#include <math.h>

#define LINE_PX 3.6
#define CHEVRON_PX 11.0
#define SHORT_EDGE_PX 56.0

static LayoutPoint
cut (LayoutPoint a, LayoutPoint b, double t)
{
  return (LayoutPoint) { a.x + t * (b.x - a.x), a.y + t * (b.y - a.y) };
}

/* The first part (0…t) of one cubic, by de Casteljau. */
static void
head_of (const LayoutPoint *p, double t, LayoutPoint *out)
{
  LayoutPoint ab = cut (p[0], p[1], t), bc = cut (p[1], p[2], t), cd = cut (p[2], p[3], t);
  LayoutPoint abc = cut (ab, bc, t), bcd = cut (bc, cd, t);

  out[0] = p[0];
  out[1] = ab;
  out[2] = abc;
  out[3] = cut (abc, bcd, t);
}

/* The part of the curve a pulse has run through: `done` of its cubics' parameter, from its end when backward. */
static void
path_done (cairo_t *cr, const LayoutPoint *points, guint n_points, gboolean backward, double done)
{
  guint n_cubics = (n_points - 1) / 3;
  double left = CLAMP (done, 0, 1) * n_cubics;

  for (guint c = 0; c < n_cubics && left > 0; c++, left -= 1)
    {
      LayoutPoint p[4], part[4];

      for (guint i = 0; i < 4; i++)
        p[i] = backward ? points[n_points - 1 - 3 * c - i] : points[3 * c + i];
      head_of (p, MIN (left, 1), part);
      if (c == 0)
        cairo_move_to (cr, part[0].x, part[0].y);
      cairo_curve_to (cr, part[1].x, part[1].y, part[2].x, part[2].y, part[3].x, part[3].y);
    }
}

static double
rough_length (const LayoutPoint *points, guint n_points)
{
  double length = 0;

  for (guint k = 1; k < n_points; k++)
    length += hypot (points[k].x - points[k - 1].x, points[k].y - points[k - 1].y);
  return length;
}

static void
draw_chevron_at (cairo_t *cr, const PaintScene *scene, const PlayerPulse *pulse, double t, const PaintColor *color)
{
  LayoutPoint point;
  double angle;

  if (t < 0.02 || t > 0.98)
    return;
  if (!layout_result_point_on_edge (scene->layout, pulse->edge, pulse->backward ? 1 - t : t, &point, &angle))
    return;
  paint_chevron (cr, point.x, point.y, pulse->backward ? angle + G_PI : angle, CHEVRON_PX, color,
                 &scene->theme->background);
}

/* done: 0…1 of this pulse's own way; at rest its chevrons stand still. */
static void
draw_pulse (cairo_t *cr, const PaintScene *scene, const PlayerPulse *pulse, double done, gboolean at_rest)
{
  const PaintColor *color = pulse->backward ? &scene->theme->backward : &scene->theme->forward;
  guint n_points;
  const LayoutPoint *points = layout_result_get_edge (scene->layout, pulse->edge, &n_points);
  double length, spacing;

  if (points == NULL || n_points < 4 || done <= 0)
    return;
  path_done (cr, points, n_points, pulse->backward, done);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_line_width (cr, LINE_PX);
  paint_set_color (cr, color);
  cairo_stroke (cr);
  if (scene->zoom < PAINT_TINY_ZOOM)
    return;
  if (pulse->backward && done >= 1)
    paint_open_head (cr, points[0].x, points[0].y + 2, -G_PI / 2, 7, color);
  if (!pulse->backward && done >= 1)
    paint_arrow_head (cr, points[n_points - 1].x, points[n_points - 1].y, G_PI / 2, 9, color);
  length = rough_length (points, n_points);
  spacing = MAX (CHEVRON_PX * 1.5 / length, 0.08);
  if (!at_rest)
    for (int i = 0; i < (length < SHORT_EDGE_PX ? 1 : 3); i++)
      draw_chevron_at (cr, scene, pulse, done - i * spacing, color);
  else if (length < SHORT_EDGE_PX)
    draw_chevron_at (cr, scene, pulse, 0.5, color);
  else
    for (int i = -1; i <= 1; i += 2)
      draw_chevron_at (cr, scene, pulse, 0.5 + i * MAX (spacing * 0.6, 0.1), color);
}

static void
draw_motion (cairo_t *cr, const PaintScene *scene)
{
  guint n_waves = MAX (scene->motion->n_waves, 1);
  gboolean at_rest = scene->progress >= 1;

  for (guint k = 0; k < scene->motion->n_pulses; k++)
    {
      const PlayerPulse *pulse = &scene->motion->pulses[k];
      double done = at_rest ? 1 : scene->progress * n_waves - pulse->wave;

      draw_pulse (cr, scene, pulse, CLAMP (done, 0, 1), at_rest);
    }
}

/* What feeds the hovered node and what it feeds. */
static void
draw_hover (cairo_t *cr, const PaintScene *scene)
{
  const PlayerNode *node = player_graph_find_node (scene->graph, scene->hovered);
  LayoutRect rect;

  if (node == NULL || !layout_result_get_node (scene->layout, node->id, &rect))
    return;
  paint_set_color (cr, &scene->theme->text);
  cairo_set_line_width (cr, 2.2);
  for (guint k = 0; k < player_graph_get_n_edges (scene->graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (scene->graph, k);
      guint n_points;
      const LayoutPoint *points = layout_result_get_edge (scene->layout, edge->id, &n_points);

      if ((edge->from != node->id && edge->to != node->id) || points == NULL || n_points < 4)
        continue;
      paint_edge_path (cr, points, n_points, 0, 7);
      cairo_stroke (cr);
      if (edge->tag != NULL && layout_result_get_tag (scene->layout, edge->id, &rect))
        paint_tag (cr, scene, edge, &rect);
    }
  layout_result_get_node (scene->layout, node->id, &rect);
  rect = paint_grown (&rect, 1.5);
  paint_rounded (cr, &rect, node->kind == PLAYER_PILL ? rect.height / 2 : PAINT_BOX_RADIUS + 1.5);
  paint_set_color (cr, &scene->theme->text);
  cairo_set_line_width (cr, 1.6);
  cairo_stroke (cr);
}

static void
draw_selection (cairo_t *cr, const PaintScene *scene)
{
  static const double dashes[] = { 6, 3 };
  const PlayerNode *node = player_graph_find_node (scene->graph, scene->selected);
  LayoutRect rect;

  if (node == NULL || !layout_result_get_node (scene->layout, node->id, &rect))
    return;
  rect = paint_grown (&rect, 8);
  cairo_save (cr);
  paint_rounded (cr, &rect, node->kind == PLAYER_PILL ? rect.height / 2 : PAINT_BOX_RADIUS + 8);
  cairo_set_dash (cr, dashes, 2, 0);
  cairo_set_line_width (cr, 2);
  paint_set_color (cr, &scene->theme->accent);
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* Tags hide the line beneath them in the still layer; so must they here. */
static void
redraw_tags (cairo_t *cr, const PaintScene *scene)
{
  for (guint k = 0; k < scene->motion->n_pulses; k++)
    {
      const PlayerEdge *edge = player_graph_find_edge (scene->graph, scene->motion->pulses[k].edge);
      LayoutRect rect;

      if (edge != NULL && edge->tag != NULL && layout_result_get_tag (scene->layout, edge->id, &rect))
        paint_tag (cr, scene, edge, &rect);
    }
}

void
paint_moving (cairo_t *cr, const PaintScene *scene)
{
  if (scene->graph == NULL || scene->layout == NULL)
    return;
  cairo_save (cr);
  cairo_rectangle (cr, scene->clip.x, scene->clip.y, scene->clip.width, scene->clip.height);
  cairo_clip (cr);
  if (scene->hovered != G_MAXUINT)
    draw_hover (cr, scene);
  if (scene->motion != NULL)
    {
      draw_motion (cr, scene);
      redraw_tags (cr, scene);
    }
  if (scene->selected != G_MAXUINT)
    draw_selection (cr, scene);
  cairo_restore (cr);
}
