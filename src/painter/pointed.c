/* SPDX-License-Identifier: MIT
 *
 * What follows the pointer and the keys. Hover: a node with what feeds it and what
 * it feeds, an edge with its two ends. Selection: dashes in the accent colour, round
 * a node or along an edge. What the editor's line made: corners in that colour.
 * Part of the moving layer. */
#include "paint-private.h"

#define HOVER_PX 2.2
#define PASSED_HOVER_PX 3.4     /* over the thicker line of an edge that a gradient has passed */
#define NEIGHBOUR_PX 1.2
#define HEAD_PX 8.0
#define CORNER_AT_PX 10.0 /* outside the ring of a selection */
#define CORNER_PX 9.0

#define ALL_USES G_MAXUINT

/* Rings `by` px outside a node: round one of its boxes, or round all. FALSE: it is not on the stage. */
static gboolean
ring_path (cairo_t *cr, const PaintScene *scene, guint id, guint only, double by)
{
  const PlayerNode *node = player_graph_find_node (scene->graph, id);
  g_autofree PaintUse *uses = node != NULL ? paint_list_uses (scene, node) : NULL;
  LayoutRect rect;
  gboolean found = FALSE;

  for (guint use = 0; node != NULL && layout_result_get_use (scene->layout, id, use, &rect); use++)
    {
      if (!uses[use].there || (only != ALL_USES && only != use))
        continue;
      rect = paint_grown (&rect, by);
      paint_rounded (cr, &rect, node->kind == PLAYER_PILL ? rect.height / 2 : PAINT_BOX_RADIUS + by);
      found = TRUE;
    }
  return found;
}

static void
draw_ring (cairo_t *cr, const PaintScene *scene, guint node, guint use, double width)
{
  if (!ring_path (cr, scene, node, use, 1.5))
    return;
  cairo_set_line_width (cr, width);
  cairo_stroke (cr);
}

/* Round the box at one end of an edge. */
static void
draw_end_ring (cairo_t *cr, const PaintScene *scene, const PlayerEdge *edge, guint node)
{
  draw_ring (cr, scene, node, layout_result_get_edge_use (scene->layout, edge->id, node), NEIGHBOUR_PX);
}

/* The curve between the rings of its ends. FALSE: it is not on the stage. */
static gboolean
edge_path (cairo_t *cr, const PaintScene *scene, const PlayerEdge *edge)
{
  guint n_points;
  const LayoutPoint *points = layout_result_get_edge (scene->layout, edge->id, &n_points);

  if (points == NULL || n_points < 4)
    return FALSE;
  paint_edge_path (cr, points, n_points, paint_ring_reach (scene, edge->from),
                   paint_ring_reach (scene, edge->to) + HEAD_PX - 1);
  return TRUE;
}

static void
draw_head (cairo_t *cr, const PaintScene *scene, const PlayerEdge *edge, const PaintColor *color)
{
  guint n_points;
  const LayoutPoint *points = layout_result_get_edge (scene->layout, edge->id, &n_points);
  int direction = paint_curve_direction (points, n_points);

  paint_arrow_head (cr, points[n_points - 1].x, points[n_points - 1].y - direction * paint_ring_reach (scene, edge->to),
                    direction * G_PI / 2, HEAD_PX, color);
}

static void
redraw_tag (cairo_t *cr, const PaintScene *scene, const PlayerEdge *edge)
{
  LayoutRect rect;

  if (edge->tag != NULL && layout_result_get_tag (scene->layout, edge->id, &rect))
    paint_tag (cr, scene, edge, &rect);
}

static void
light_edge (cairo_t *cr, const PaintScene *scene, const PlayerEdge *edge)
{
  paint_set_color (cr, &scene->theme->text);
  if (!edge_path (cr, scene, edge))
    return;
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_line_width (cr, edge->passed ? PASSED_HOVER_PX : HOVER_PX);
  cairo_stroke (cr);
  if (scene->zoom >= PAINT_TINY_ZOOM)
    draw_head (cr, scene, edge, &scene->theme->text);
  redraw_tag (cr, scene, edge);
}

static void
hover_node (cairo_t *cr, const PaintScene *scene, guint hovered)
{
  for (guint k = 0; k < player_graph_get_n_edges (scene->graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (scene->graph, k);

      if (edge->from != hovered && edge->to != hovered)
        continue;
      light_edge (cr, scene, edge);
      paint_set_color (cr, &scene->theme->text);
      draw_end_ring (cr, scene, edge, edge->from == hovered ? edge->to : edge->from);
    }
  paint_set_color (cr, &scene->theme->text);
  draw_ring (cr, scene, hovered, ALL_USES, HOVER_PX);
}

/* A ring round the tag, where there is one: it is what one points at. */
static void
ring_tag (cairo_t *cr, const PaintScene *scene, const PlayerEdge *edge, double by)
{
  LayoutRect rect;

  if (edge->tag == NULL || !layout_result_get_tag (scene->layout, edge->id, &rect))
    return;
  rect = paint_grown (&rect, by);
  paint_rounded (cr, &rect, rect.height / 2);
  cairo_stroke (cr);
}

static void
hover_edge (cairo_t *cr, const PaintScene *scene, const PlayerEdge *edge)
{
  light_edge (cr, scene, edge);
  paint_set_color (cr, &scene->theme->text);
  cairo_set_line_width (cr, HOVER_PX);
  ring_tag (cr, scene, edge, 0.5);
  draw_end_ring (cr, scene, edge, edge->from);
  draw_end_ring (cr, scene, edge, edge->to);
}

void
paint_hover (cairo_t *cr, const PaintScene *scene)
{
  const PlayerEdge *edge = player_graph_find_edge (scene->graph, scene->hovered_edge);

  if (player_graph_find_node (scene->graph, scene->hovered) != NULL)
    hover_node (cr, scene, scene->hovered);
  else if (edge != NULL)
    hover_edge (cr, scene, edge);
}

/* Over a line of the background's colour, so that the dashes are seen on any edge. */
static void
select_edge (cairo_t *cr, const PaintScene *scene, const PlayerEdge *edge)
{
  static const double dashes[] = { 7, 3 };

  if (!edge_path (cr, scene, edge))
    return;
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  paint_set_color (cr, &scene->theme->background);
  cairo_set_line_width (cr, 6);
  cairo_stroke (cr);
  edge_path (cr, scene, edge);
  cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  paint_set_color (cr, &scene->theme->accent);
  cairo_set_line_width (cr, 4);
  cairo_stroke (cr);
  if (scene->zoom >= PAINT_TINY_ZOOM)
    draw_head (cr, scene, edge, &scene->theme->accent);
  redraw_tag (cr, scene, edge);
  paint_set_color (cr, &scene->theme->accent);
  cairo_set_line_width (cr, 2);
  ring_tag (cr, scene, edge, 3);
}

void
paint_selection (cairo_t *cr, const PaintScene *scene)
{
  static const double dashes[] = { 6, 3 };
  const PlayerEdge *edge = player_graph_find_edge (scene->graph, scene->selected_edge);

  cairo_save (cr);
  if (ring_path (cr, scene, scene->selected, ALL_USES, 8))
    {
      cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
      cairo_set_line_width (cr, 2);
      paint_set_color (cr, &scene->theme->accent);
      cairo_stroke (cr);
    }
  else if (edge != NULL)
    select_edge (cr, scene, edge);
  cairo_restore (cr);
}

/* The corner at (x, y) of a frame, whose sides go on to the left or right, up or down. */
static void
corner (cairo_t *cr, double x, double y, int to_x, int to_y)
{
  cairo_move_to (cr, x + to_x * CORNER_PX, y);
  cairo_line_to (cr, x, y);
  cairo_line_to (cr, x, y + to_y * CORNER_PX);
}

void
paint_marked (cairo_t *cr, const PaintScene *scene)
{
  gboolean tiny = scene->zoom < PAINT_TINY_ZOOM;

  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  paint_set_color (cr, &scene->theme->accent);
  cairo_set_line_width (cr, MAX (2, tiny ? 1.5 / scene->zoom : 0));
  for (guint k = 0; k < scene->n_marked; k++)
    {
      LayoutRect rect;

      if (player_graph_find_node (scene->graph, scene->marked[k]) == NULL
          || !layout_result_get_node (scene->layout, scene->marked[k], &rect))
        continue;
      rect = paint_grown (&rect, CORNER_AT_PX);
      corner (cr, rect.x, rect.y, +1, +1);
      corner (cr, rect.x + rect.width, rect.y, -1, +1);
      corner (cr, rect.x, rect.y + rect.height, +1, -1);
      corner (cr, rect.x + rect.width, rect.y + rect.height, -1, -1);
      cairo_stroke (cr);
    }
}
