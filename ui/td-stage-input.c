/* SPDX-License-Identifier: MIT
 *
 * Pointer and touch on the stage: drag to pan (after a threshold, since a drag
 * gesture also begins on a plain click), Ctrl+wheel and pinch to zoom, hover to
 * light up a node or an edge, click to select one, double-click to travel along an edge. UI thread. */
#include "td-stage-private.h"

#define ZOOM_PER_NOTCH 1.15
#define PAN_PER_NOTCH 48.0

void
td_stage_hover_at (TdStage *self, double x, double y)
{
  guint node, edge;

  td_stage_target_at (self, x, y, &node, &edge);
  if (node == self->hovered && edge == self->hovered_edge)
    return;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), node != TD_NO_NODE || edge != TD_NO_NODE ? "pointer" : NULL);
  td_stage_set_hovered (self, node, edge);
}

static void
motion_cb (TdStage *self, double x, double y)
{
  self->pointer_x = x;
  self->pointer_y = y;
  if (!self->dragging)
    td_stage_hover_at (self, x, y);
}

static void
leave_cb (TdStage *self)
{
  td_stage_set_hovered (self, TD_NO_NODE, TD_NO_NODE);
}

static void
drag_begin_cb (TdStage *self, double x, double y)
{
  self->dragging = FALSE;
  self->drag_x = self->drag_y = 0;
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
drag_update_cb (TdStage *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double x, y;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  if (!self->dragging)
    {
      if (!gtk_drag_check_threshold (GTK_WIDGET (self), (int) x, (int) y, (int) (x + dx), (int) (y + dy)))
        return;
      self->dragging = TRUE;
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
      gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grabbing");
    }
  td_stage_camera_pan (self, dx - self->drag_x, dy - self->drag_y);
  self->drag_x = dx;
  self->drag_y = dy;
}

static void
drag_end_cb (TdStage *self)
{
  if (self->dragging)
    gtk_widget_set_cursor_from_name (GTK_WIDGET (self), NULL);
  self->dragging = FALSE;
}

/* While stepping goes by element, a click on an entry of a box picks it. */
static gboolean
pick_at (TdStage *self, guint node, double x, double y)
{
  const PlayerNode *box = player_graph_find_node (player_get_graph (self->player), node);
  double layout_x, layout_y;
  gboolean gradient;
  LayoutRect rect;
  gint64 index;

  if (player_get_granularity (self->player) != PLAYER_BY_ELEMENT || box == NULL || self->layout == NULL)
    return FALSE;
  td_stage_camera_to_layout (self, x, y, &layout_x, &layout_y);
  if (!layout_result_get_use (self->layout, node,
                              layout_result_get_use_at (self->layout, node, layout_x, layout_y), &rect))
    return FALSE;
  index = paint_box_entry_at (box, &rect, layout_x, layout_y, &gradient);
  if (index < 0)
    return FALSE;
  player_pick (self->player, box->tensor, index, box->ndim, box->sizes);
  return TRUE;
}

static void
select_at (TdStage *self, guint node, double x, double y)
{
  double layout_x, layout_y;

  td_stage_select (self, node);
  if (self->layout == NULL)
    return;
  td_stage_camera_to_layout (self, x, y, &layout_x, &layout_y);
  self->selected_use = layout_result_get_use_at (self->layout, node, layout_x, layout_y);
}

static void
released_cb (TdStage *self, int n_press, double x, double y)
{
  guint node, edge;

  if (self->dragging)
    return;
  td_stage_target_at (self, x, y, &node, &edge);
  if (edge != TD_NO_NODE && n_press == 2)
    td_stage_travel (self, edge, x, y);
  else if (edge != TD_NO_NODE)
    td_stage_select_edge (self, edge);
  else if (node == TD_NO_NODE || !pick_at (self, node, x, y))
    select_at (self, node, x, y);
  gtk_widget_activate_action (GTK_WIDGET (self), node != TD_NO_NODE || edge != TD_NO_NODE ? "win.show-inspector"
                                                                                          : "win.hide-inspector", NULL);
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, TdStage *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  double step = gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_SURFACE ? 1.0 : PAN_PER_NOTCH;

  if (state & GDK_CONTROL_MASK)
    td_stage_camera_zoom_at (self, pow (ZOOM_PER_NOTCH, -dy * step / PAN_PER_NOTCH), self->pointer_x, self->pointer_y);
  else if (state & GDK_SHIFT_MASK)
    td_stage_camera_pan (self, -dy * step, -dx * step);
  else
    td_stage_camera_pan (self, -dx * step, -dy * step);
  return GDK_EVENT_STOP;
}

static void
pinch_begin_cb (TdStage *self)
{
  self->pinch_zoom = self->camera.zoom;
}

static void
pinch_cb (TdStage *self, double scale, GtkGestureZoom *gesture)
{
  double x = self->pointer_x, y = self->pointer_y;

  gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y);
  td_stage_camera_zoom_at (self, self->pinch_zoom * scale / self->camera.zoom, x, y);
}

static void
add_gestures (TdStage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();

  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect_swapped (click, "released", G_CALLBACK (released_cb), self);
  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));
}

void
td_stage_input_init (TdStage *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  add_gestures (self);
}
