/* SPDX-License-Identifier: MIT
 *
 * The moving layer: the step's edges in their phase's colour with chevrons that
 * point where they travel (teal down, magenta up), wave after wave; at rest
 * (progress 1) the same edges with resting chevrons, so that a still picture says
 * it too. What follows the pointer is in pointed.c. Drawn over the still layer; no
 * clock in here. */
#include "paint-private.h"

#include <math.h>

#define LINE_PX 3.6
#define CHEVRON_PX 11.0
#define HEAD_PX 9.0
#define SHORT_EDGE_PX 44.0
#define SPACING_PX 17.0
#define STATIONS 24

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

typedef struct { LayoutPoint point; double angle, walked; } Station;

/* Points along the curve in the direction of travel, with the length walked so far. */
static GArray *
walk (const LayoutPoint *points, guint n_points, gboolean backward)
{
  GArray *stations = g_array_new (FALSE, FALSE, sizeof (Station));
  guint n_cubics = (n_points - 1) / 3;
  Station station = { .walked = 0 };

  for (guint c = 0; c < n_cubics; c++)
    for (guint i = c == 0 ? 0 : 1; i <= STATIONS; i++)
      {
        LayoutPoint p[4], part[4], before = station.point;
        double t = MAX (i, 0.01) / (double) STATIONS;

        for (guint k = 0; k < 4; k++)
          p[k] = backward ? points[n_points - 1 - 3 * c - k] : points[3 * c + k];
        head_of (p, t, part);
        station.point = part[3];
        station.angle = atan2 (part[3].y - part[2].y, part[3].x - part[2].x);
        if (stations->len > 0)
          station.walked += hypot (part[3].x - before.x, part[3].y - before.y);
        g_array_append_val (stations, station);
      }
  return stations;
}

/* A chevron at so many px of the way; none at the very ends. */
static void
draw_chevron_at (cairo_t *cr, const PaintScene *scene, const GArray *stations, double px, const PaintColor *color)
{
  double length = g_array_index (stations, Station, stations->len - 1).walked;

  if (px < 3 || px > length - 3)
    return;
  for (guint i = 1; i < stations->len; i++)
    {
      const Station *a = &g_array_index (stations, Station, i - 1), *b = &g_array_index (stations, Station, i);
      double t;

      if (b->walked < px)
        continue;
      t = b->walked > a->walked ? (px - a->walked) / (b->walked - a->walked) : 0;
      paint_chevron (cr, a->point.x + t * (b->point.x - a->point.x), a->point.y + t * (b->point.y - a->point.y),
                     b->angle, CHEVRON_PX, color, &scene->theme->background);
      return;
    }
}

static void
draw_heads (cairo_t *cr, const LayoutPoint *whole, guint n_points, gboolean backward, double above, double below,
            const PaintColor *color)
{
  int direction = paint_curve_direction (whole, n_points);

  if (backward)
    paint_open_head (cr, whole[0].x, whole[0].y + above + 2, -G_PI / 2, 7, color);
  else
    paint_arrow_head (cr, whole[n_points - 1].x, whole[n_points - 1].y - direction * below, direction * G_PI / 2,
                      HEAD_PX, color);
}

/* done: 0…1 of this pulse's own way; at rest its chevrons stand still. */
static void
draw_pulse (cairo_t *cr, const PaintScene *scene, const PlayerPulse *pulse, double done, gboolean at_rest)
{
  const PaintColor *color = pulse->backward ? &scene->theme->backward : &scene->theme->forward;
  const PlayerEdge *edge = player_graph_find_edge (scene->graph, pulse->edge);
  guint n_points;
  const LayoutPoint *whole = layout_result_get_edge (scene->layout, pulse->edge, &n_points);
  g_autofree LayoutPoint *points = NULL;
  g_autoptr (GArray) stations = NULL;
  double length, above, below;

  if (edge == NULL || whole == NULL || n_points < 4 || done <= 0)
    return;
  above = paint_ring_reach (scene, edge->from);
  below = paint_ring_reach (scene, edge->to);
  points = paint_trim_curve (whole, n_points, above + (edge->passed ? 1.5 : 0), below + HEAD_PX - 2);
  path_done (cr, points, n_points, pulse->backward, done);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_line_width (cr, LINE_PX);
  paint_set_color (cr, color);
  cairo_stroke (cr);
  if (scene->zoom < PAINT_TINY_ZOOM)
    return;
  if (done >= 1)
    draw_heads (cr, whole, n_points, pulse->backward, above, below, color);
  stations = walk (points, n_points, pulse->backward);
  length = g_array_index (stations, Station, stations->len - 1).walked;
  if (!at_rest)
    for (int i = 0; i < (length < SHORT_EDGE_PX ? 1 : 3); i++)
      draw_chevron_at (cr, scene, stations, done * (length + 2 * SPACING_PX) - i * SPACING_PX, color);
  else if (length >= SHORT_EDGE_PX)
    for (int i = -1; i <= 1; i += 2)
      draw_chevron_at (cr, scene, stations, length / 2 + i * SPACING_PX / 2, color);
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
  paint_hover (cr, scene);
  if (scene->motion != NULL)
    {
      draw_motion (cr, scene);
      redraw_tags (cr, scene);
    }
  paint_marked (cr, scene);
  paint_selection (cr, scene);
  paint_lights (cr, scene);
  cairo_restore (cr);
}
