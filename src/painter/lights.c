/* SPDX-License-Identifier: MIT
 *
 * The entries that the term just added came from, ringed in the boxes that show
 * them; the followed entry itself has a double ring. Painted over everything else,
 * as part of the moving layer. UI thread. */
#include "paint-private.h"

#define LEAST_RING_PX 9.0

/* Where an entry of the tensor stands in its map. FALSE: the map does not show it. */
gboolean
paint_entry_rect (guint ndim, const gint64 *sizes, gint64 index, const LayoutRect *map, LayoutRect *rect)
{
  PaintGrid grid = paint_grid_for (ndim, sizes);
  gint64 cols = ndim > 0 ? sizes[ndim - 1] : 1, row, col;

  if (grid.rows == 0 || cols <= 0)
    return FALSE;
  row = grid.lying ? 0 : index / cols / grid.block;
  col = (grid.lying ? index : index % cols) / grid.block;
  if (row >= grid.rows || col >= grid.cols)
    return FALSE;
  *rect = (LayoutRect) { map->x + col * map->width / grid.cols, map->y + row * map->height / grid.rows,
                         map->width / grid.cols, map->height / grid.rows };
  return TRUE;
}

gint64
paint_entry_at (guint ndim, const gint64 *sizes, const LayoutRect *map, double x, double y)
{
  PaintGrid grid = paint_grid_for (ndim, sizes);
  gint64 cols = ndim > 0 ? sizes[ndim - 1] : 1, row, col;

  if (grid.rows == 0 || cols <= 0 || grid.block != 1 || x < map->x || y < map->y || x >= map->x + map->width
      || y >= map->y + map->height)
    return -1;
  row = (gint64) ((y - map->y) / map->height * grid.rows);
  col = (gint64) ((x - map->x) / map->width * grid.cols);
  return grid.lying ? col : row * cols + col;
}

/* A node's map of values or of gradients; FALSE: it has none now. */
static gboolean
find_map (const PlayerNode *node, gboolean gradient, const LayoutRect *box, LayoutRect *map)
{
  PaintBoxShape shape;

  paint_box_shape (node, &shape);
  if (!shape.has_map || (gradient && (!shape.has_gradient_map || node->grad_shot == 0)))
    return FALSE;
  *map = gradient ? paint_gradient_map (&shape) : shape.map;
  map->x += box->x;
  map->y += box->y;
  return TRUE;
}

gint64
paint_box_entry_at (const PlayerNode *node, const LayoutRect *box, double x, double y, gboolean *gradient)
{
  LayoutRect map;
  gint64 index = -1;

  if (node->kind != PLAYER_BOX || node->outline)
    return -1;
  *gradient = FALSE;
  if (find_map (node, FALSE, box, &map))
    index = paint_entry_at (node->ndim, node->sizes, &map, x, y);
  if (index < 0 && find_map (node, TRUE, box, &map))
    {
      *gradient = TRUE;
      index = paint_entry_at (node->ndim, node->sizes, &map, x, y);
    }
  return index;
}

/* Dark round light, so that it stands out on every cell; never too small to see. */
static void
draw_ring (cairo_t *cr, const PaintScene *scene, const LayoutRect *entry, gboolean target)
{
  double least = LEAST_RING_PX / MAX (scene->zoom, 0.05);
  LayoutRect ring = paint_grown (entry, 1);

  if (MIN (ring.width, ring.height) < least)
    ring = paint_grown (&ring, (least - MIN (ring.width, ring.height)) / 2);
  paint_rounded (cr, &ring, 2);
  paint_set_color (cr, &scene->theme->background);
  cairo_set_line_width (cr, 4.5);
  cairo_stroke_preserve (cr);
  paint_set_color (cr, &scene->theme->text);
  cairo_set_line_width (cr, 2);
  cairo_stroke (cr);
  if (!target)
    return;
  ring = paint_grown (&ring, 3.5);
  paint_rounded (cr, &ring, 4);
  paint_set_color (cr, &scene->theme->accent);
  cairo_set_line_width (cr, 2);
  cairo_stroke (cr);
}

/* In every box of its tensor; a .grad only where it is shown, in the first. */
static void
draw_light (cairo_t *cr, const PaintScene *scene, const PlayerLight *light, const PlayerNode *node)
{
  g_autofree PaintUse *uses = paint_list_uses (scene, node);
  LayoutRect box, map, entry;

  for (guint use = 0; layout_result_get_use (scene->layout, node->id, use, &box); use++)
    if (uses[use].there && (use == 0 || !light->gradient) && find_map (node, light->gradient, &box, &map)
        && paint_entry_rect (node->ndim, node->sizes, light->index, &map, &entry))
      draw_ring (cr, scene, &entry, light->target);
}

void
paint_lights (cairo_t *cr, const PaintScene *scene)
{
  for (guint k = 0; k < scene->n_lights; k++)
    {
      const PlayerLight *light = scene->lights[k];
      const PlayerNode *node = player_graph_find_node (scene->graph, light->node);

      if (node != NULL && scene->zoom >= PAINT_TINY_ZOOM)
        draw_light (cr, scene, light, node);
    }
}
