/* SPDX-License-Identifier: MIT
 *
 * Where the stage looks. The camera moves by itself only when the step's node is
 * off-screen or a growing graph has grown out of the view, and never after the
 * user has panned or zoomed, until "fit". UI thread. */
#include "td-stage-private.h"

#define MARGIN_PX 9
#define FIT_ZOOM_MAX 1.15
#define FIT_ZOOM_MIN 0.45

double
td_stage_get_zoom (TdStage *self)
{
  return self->camera.zoom;
}

static gboolean
get_size (TdStage *self, double *width, double *height)
{
  *width = gtk_widget_get_width (GTK_WIDGET (self)) - self->inset_right;
  *height = gtk_widget_get_height (GTK_WIDGET (self)) - self->inset_top;
  return *width > 2 * MARGIN_PX && *height > 2 * MARGIN_PX;
}

/* The zoom at which the whole graph can be seen. */
static double
get_fit_zoom (const LayoutRect *bounds, double width, double height)
{
  double zoom = MIN ((width - 2 * MARGIN_PX) / MAX (bounds->width, 1), (height - 2 * MARGIN_PX) / MAX (bounds->height, 1));

  return CLAMP (zoom, TD_ZOOM_MIN, FIT_ZOOM_MAX);
}

/* The whole graph, hanging from the top, if it can be read that small; else its focus in the middle. */
static void
show_all (TdStage *self, gboolean however_small)
{
  LayoutRect bounds, focus;
  double width, height, zoom, top = MARGIN_PX;

  if (self->layout == NULL || !get_size (self, &width, &height))
    return;
  bounds = layout_result_get_bounds (self->layout);
  zoom = get_fit_zoom (&bounds, width, height);
  if (!however_small && zoom < FIT_ZOOM_MIN &&
      layout_result_get_node (self->layout, player_get_focus (self->player), &focus))
    {
      bounds = focus;
      zoom = FIT_ZOOM_MIN;
      top = (height - focus.height * zoom) / 2;
    }
  self->camera.zoom = zoom;
  self->camera.x = width / 2 - (bounds.x + bounds.width / 2) * zoom;
  self->camera.y = self->inset_top + top - bounds.y * zoom;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_stage_set_insets (TdStage *self, int top, int right)
{
  TdCamera camera, wanted;

  if (self->inset_top == top && self->inset_right == right)
    return;
  self->inset_top = top;
  self->inset_right = right;
  if (self->user_moved)
    return;
  td_stage_glide_finish (self);
  camera = self->camera;
  show_all (self, FALSE);
  wanted = self->camera;
  self->camera = camera;
  if (self->layout != NULL)
    td_stage_glide_camera (self, &wanted);
}

void
td_stage_fit (TdStage *self)
{
  td_stage_glide_finish (self);
  self->user_moved = FALSE;
  show_all (self, TRUE);
}

static gboolean
is_visible (TdStage *self, const LayoutRect *rect)
{
  double width, height;
  double left = rect->x * self->camera.zoom + self->camera.x, top = rect->y * self->camera.zoom + self->camera.y;

  if (!get_size (self, &width, &height))
    return TRUE;
  top -= self->inset_top;
  return left >= 0 && top >= 0 && left + rect->width * self->camera.zoom <= width &&
         top + rect->height * self->camera.zoom <= height;
}

/* The box at the other end of one of the focus's edges. */
static gboolean
get_other_end (TdStage *self, const PlayerEdge *edge, guint focus, LayoutRect *rect)
{
  guint other = edge->from == focus ? edge->to : edge->from;

  return layout_result_get_use (self->layout, other,
                                layout_result_get_edge_use (self->layout, edge->id, other), rect);
}

/* The step's node with all that it takes and makes; TRUE also when it is not laid out yet. Of a node that stands
 * once per use, the first box. */
static gboolean
is_operation_visible (TdStage *self)
{
  const PlayerGraph *graph = player_get_graph (self->player);
  guint focus = player_get_focus (self->player);
  LayoutRect rect;

  if (!layout_result_get_node (self->layout, focus, &rect))
    return TRUE;
  if (!is_visible (self, &rect))
    return FALSE;
  for (guint k = 0; k < player_graph_get_n_edges (graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph, k);

      if ((edge->from != focus && edge->to != focus)
          || layout_result_get_edge_use (self->layout, edge->id, focus) > 0)
        continue;
      if (get_other_end (self, edge, focus, &rect) && !is_visible (self, &rect))
        return FALSE;
    }
  return TRUE;
}

void
td_stage_camera_follow (TdStage *self)
{
  if (self->user_moved || self->gliding || self->layout == NULL || self->player == NULL)
    return;
  if (is_operation_visible (self))
    return;
  show_all (self, FALSE);
  td_stage_invalidate (self);
}

/* After a new layout: a graph that can be seen whole stays whole in the view, as large as it can be if that is wanted. */
void
td_stage_camera_keep_whole (TdStage *self)
{
  LayoutRect bounds = layout_result_get_bounds (self->layout);
  gboolean refit = self->refit;
  double width, height;

  self->refit = FALSE;
  if (self->user_moved || !get_size (self, &width, &height) || (is_visible (self, &bounds) && !refit))
    return;
  if (get_fit_zoom (&bounds, width, height) >= FIT_ZOOM_MIN)
    show_all (self, FALSE);
}

void
td_stage_go_to_use (TdStage *self, guint node, guint use)
{
  TdCamera camera;
  LayoutRect rect;
  double width, height;

  td_stage_select (self, node);
  self->selected_use = use;
  td_stage_glide_finish (self);
  if (self->layout == NULL || !layout_result_get_use (self->layout, node, use, &rect)
      || is_visible (self, &rect) || !get_size (self, &width, &height))
    return;
  camera.zoom = self->camera.zoom;
  camera.x = width / 2 - (rect.x + rect.width / 2) * camera.zoom;
  camera.y = self->inset_top + height / 2 - (rect.y + rect.height / 2) * camera.zoom;
  self->user_moved = TRUE;
  td_stage_glide_camera (self, &camera);
}

/* Of several boxes, to the one nearest to the middle of the view that is there already. */
void
td_stage_go_to (TdStage *self, guint node)
{
  double x, y, width, height;
  guint use;

  if (self->layout == NULL || !get_size (self, &width, &height))
    {
      td_stage_select (self, node);
      return;
    }
  td_stage_camera_to_layout (self, width / 2, self->inset_top + height / 2, &x, &y);
  use = layout_result_get_use_at (self->layout, node, x, y);
  if (!layout_result_has_use_in (self->layout, player_get_graph (self->player), node, use))
    use = 0;
  td_stage_go_to_use (self, node, use);
}

void
td_stage_camera_zoom_at (TdStage *self, double factor, double x, double y)
{
  double zoom, ratio;

  td_stage_glide_finish (self);
  zoom = CLAMP (self->camera.zoom * factor, TD_ZOOM_MIN, TD_ZOOM_MAX);
  ratio = zoom / self->camera.zoom;
  self->camera.x = x - (x - self->camera.x) * ratio;
  self->camera.y = y - (y - self->camera.y) * ratio;
  self->camera.zoom = zoom;
  self->user_moved = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_stage_camera_pan (TdStage *self, double dx, double dy)
{
  td_stage_glide_finish (self);
  self->camera.x += dx;
  self->camera.y += dy;
  self->user_moved = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_stage_zoom_by (TdStage *self, double factor)
{
  td_stage_camera_zoom_at (self, factor, gtk_widget_get_width (GTK_WIDGET (self)) / 2.0,
                           gtk_widget_get_height (GTK_WIDGET (self)) / 2.0);
}

void
td_stage_zoom_to (TdStage *self, double zoom)
{
  td_stage_zoom_by (self, zoom / self->camera.zoom);
}

void
td_stage_camera_to_layout (TdStage *self, double x, double y, double *layout_x, double *layout_y)
{
  *layout_x = (x - self->camera.x) / self->camera.zoom;
  *layout_y = (y - self->camera.y) / self->camera.zoom;
}

gboolean
td_stage_locate (TdStage *self, guint node, double *x, double *y)
{
  LayoutRect rect;

  if (self->layout == NULL
      || !layout_result_get_use (self->layout, node, node == self->selected ? self->selected_use : 0, &rect))
    return FALSE;
  *x = (rect.x + rect.width / 2) * self->camera.zoom + self->camera.x;
  *y = (rect.y + rect.height / 2) * self->camera.zoom + self->camera.y;
  return TRUE;
}

gboolean
td_stage_locate_edge (TdStage *self, guint edge, double *x, double *y)
{
  LayoutPoint point;

  if (self->layout == NULL || !layout_result_point_on_edge (self->layout, edge, 0.5, &point, NULL))
    return FALSE;
  *x = point.x * self->camera.zoom + self->camera.x;
  *y = point.y * self->camera.zoom + self->camera.y;
  return TRUE;
}
