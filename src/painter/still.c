/* SPDX-License-Identifier: MIT
 *
 * The still layer: background, edges, tags, boxes, pills. A pure function of the
 * scene, so a clipped picture is a crop of the whole and a position reached by
 * steps looks like one jumped to. */
#include "paint-private.h"

#include <math.h>

#define OUTSIDE_PX 26.0   /* rings, glows, tabs and numbers reach so far beyond a body */

gboolean
paint_is_inside (const PaintScene *scene, const LayoutRect *rect, double margin)
{
  const LayoutRect *clip = &scene->clip;

  return rect->x - margin < clip->x + clip->width && rect->x + rect->width + margin > clip->x
         && rect->y - margin < clip->y + clip->height && rect->y + rect->height + margin > clip->y;
}

static void
paint_background (cairo_t *cr, const PaintScene *scene)
{
  const PaintTheme *theme = scene->theme;
  LayoutRect bounds = { 0 };
  cairo_pattern_t *pattern;
  double x, y, radius;

  if (scene->layout != NULL)
    bounds = layout_result_get_bounds (scene->layout);
  x = bounds.x + bounds.width / 2;
  y = bounds.y + bounds.height / 2;
  radius = MAX (MAX (bounds.width, bounds.height) * 0.75, 300);
  pattern = cairo_pattern_create_radial (x, y, 0, x, y, radius);
  cairo_pattern_add_color_stop_rgb (pattern, 0, theme->background.red, theme->background.green,
                                    theme->background.blue);
  cairo_pattern_add_color_stop_rgb (pattern, 1, theme->background_edge.red, theme->background_edge.green,
                                    theme->background_edge.blue);
  cairo_set_source (cr, pattern);
  cairo_paint (cr);
  cairo_pattern_destroy (pattern);
}

static LayoutRect
edge_extents (const LayoutPoint *points, guint n_points)
{
  double left = points[0].x, right = left, top = points[0].y, bottom = top;

  for (guint k = 1; k < n_points; k++)
    {
      left = MIN (left, points[k].x);
      right = MAX (right, points[k].x);
      top = MIN (top, points[k].y);
      bottom = MAX (bottom, points[k].y);
    }
  return (LayoutRect) { left, top, right - left, bottom - top };
}

static void
paint_edges (cairo_t *cr, const PaintScene *scene, gboolean passed)
{
  for (guint k = 0; k < player_graph_get_n_edges (scene->graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (scene->graph, k);
      guint n_points;
      const LayoutPoint *points = layout_result_get_edge (scene->layout, edge->id, &n_points);
      LayoutRect extents;

      if (points == NULL || n_points < 4 || edge->passed != passed)
        continue;
      extents = edge_extents (points, n_points);
      if (paint_is_inside (scene, &extents, 12))
        paint_edge (cr, scene, edge);
    }
}

static void
paint_tags (cairo_t *cr, const PaintScene *scene)
{
  for (guint k = 0; k < player_graph_get_n_edges (scene->graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (scene->graph, k);
      LayoutRect rect;

      if (edge->tag != NULL && layout_result_get_tag (scene->layout, edge->id, &rect)
          && paint_is_inside (scene, &rect, 4))
        paint_tag (cr, scene, edge, &rect);
    }
}

static double
reach_of (const PlayerNode *node)
{
  double factor = 0;

  if (node->kind == PLAYER_PILL && node->factor != NULL)
    paint_text_size (PAINT_FONT_WORDS, node->factor, &factor, NULL);
  return OUTSIDE_PX + factor;
}

/* One, or one per use. */
static void
paint_boxes (cairo_t *cr, const PaintScene *scene, const PlayerNode *node)
{
  g_autofree PaintUse *uses = paint_list_uses (scene, node);
  LayoutRect rect;

  for (guint use = 0; layout_result_get_use (scene->layout, node->id, use, &rect); use++)
    if (uses[use].there && paint_is_inside (scene, &rect, OUTSIDE_PX))
      paint_box (cr, scene, node, &uses[use], &rect);
}

static void
paint_nodes (cairo_t *cr, const PaintScene *scene)
{
  for (guint k = 0; k < player_graph_get_n_nodes (scene->graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (scene->graph, k);
      LayoutRect rect;

      if (node->kind == PLAYER_BOX)
        paint_boxes (cr, scene, node);
      else if (layout_result_get_node (scene->layout, node->id, &rect)
               && paint_is_inside (scene, &rect, reach_of (node)))
        paint_pill (cr, scene, node, &rect);
    }
}

void
paint_still (cairo_t *cr, const PaintScene *scene)
{
  cairo_save (cr);
  cairo_rectangle (cr, scene->clip.x, scene->clip.y, scene->clip.width, scene->clip.height);
  cairo_clip (cr);
  paint_background (cr, scene);
  if (scene->graph != NULL && scene->layout != NULL)
    {
      paint_edges (cr, scene, FALSE);
      paint_edges (cr, scene, TRUE);
      paint_tags (cr, scene);
      paint_nodes (cr, scene);
    }
  cairo_restore (cr);
}
