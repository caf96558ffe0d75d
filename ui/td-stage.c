/* SPDX-License-Identifier: MIT
 *
 * The stage's type: what it shows and when that changes. It keeps no copy of the
 * graph: every paint reads the player. Drawing, motion, input, camera and layout
 * stand in files of their own. UI thread. */
#include "td-stage-private.h"

#include <adwaita.h>

G_DEFINE_FINAL_TYPE (TdStage, td_stage, GTK_TYPE_WIDGET)

enum
{
  SELECTED,
  HOVERED,
  TIDIED,
  LAYOUT_FAILED,
  RESIZED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

void
td_stage_invalidate (TdStage *self)
{
  self->still_stale = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_stage_describe (TdStage *self)
{
  const char *caption = self->player != NULL ? player_get_caption (self->player, player_get_position (self->player)) : "";
  g_autofree char *folds = self->player != NULL ? td_stage_dup_folds (self) : NULL;
  const char *const parts[] = { caption, folds != NULL ? folds : self->note, folds != NULL ? self->note : NULL, NULL };
  g_autofree char *text = g_strjoinv (" ", (char **) parts);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

/* The values on the screen changed: scales, layout, picture. */
static void
refresh (TdStage *self)
{
  const PlayerGraph *graph = player_get_graph (self->player);

  if (self->scale_per_tensor)
    self->value_scale = self->gradient_scale = 0;
  else
    paint_scene_scales (player_get_recording (self->player), graph, &self->value_scale,
                        &self->gradient_scale);
  if (self->selected != TD_NO_NODE && player_graph_find_node (graph, self->selected) == NULL)
    td_stage_select (self, TD_NO_NODE);
  if (self->hovered != TD_NO_NODE && player_graph_find_node (graph, self->hovered) == NULL)
    self->hovered = TD_NO_NODE;
  if (self->selected_edge != TD_NO_NODE && player_graph_find_edge (graph, self->selected_edge) == NULL)
    td_stage_select (self, TD_NO_NODE);
  if (self->hovered_edge != TD_NO_NODE && player_graph_find_edge (graph, self->hovered_edge) == NULL)
    self->hovered_edge = TD_NO_NODE;
  td_stage_forget_card (self);
  td_stage_remember_marked (self);
  td_stage_request_layout (self);
  if (self->layout != NULL && !self->gliding)
    td_stage_glide_to (self, self->layout);
  td_stage_motion_update_tick (self);
  td_stage_invalidate (self);
}

static void
moved_cb (TdStage *self, guint old, guint new_position)
{
  td_stage_motion_moved (self, old, new_position);
  refresh (self);
  td_stage_describe (self);
}

static void
grown_cb (TdStage *self)
{
  refresh (self);
}

static void
playing_cb (TdStage *self)
{
  td_stage_motion_update_tick (self);
}

void
td_stage_set_player (TdStage *self, Player *player)
{
  if (self->player != NULL)
    g_signal_handlers_disconnect_by_data (self->player, self);
  g_set_object (&self->player, player);
  td_stage_motion_stop (self);
  if (player != NULL)
    {
      g_signal_connect_swapped (player, "moved", G_CALLBACK (moved_cb), self);
      g_signal_connect_swapped (player, "grown", G_CALLBACK (grown_cb), self);
      g_signal_connect_swapped (player, "notify::playing", G_CALLBACK (playing_cb), self);
      refresh (self);
    }
  td_stage_invalidate (self);
}

Player *
td_stage_get_player (TdStage *self)
{
  return self->player;
}

guint
td_stage_get_selected (TdStage *self)
{
  return self->selected;
}

guint
td_stage_get_selected_edge (TdStage *self)
{
  return self->selected_edge;
}

static void
select_target (TdStage *self, guint node, guint edge)
{
  if (self->selected == node && self->selected_edge == edge)
    return;
  self->selected = node;
  self->selected_edge = edge;
  self->selected_use = 0;
  g_signal_emit (self, signals[SELECTED], 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_stage_select (TdStage *self, guint node)
{
  select_target (self, node, TD_NO_NODE);
}

void
td_stage_select_edge (TdStage *self, guint edge)
{
  select_target (self, TD_NO_NODE, edge);
}

void
td_stage_get_scales (TdStage *self, double *value_scale, double *gradient_scale)
{
  *value_scale = self->value_scale;
  *gradient_scale = self->gradient_scale;
}

void
td_stage_set_scale_per_tensor (TdStage *self, gboolean per_tensor)
{
  if (self->scale_per_tensor == per_tensor)
    return;
  self->scale_per_tensor = per_tensor;
  self->refit = TRUE;
  if (self->player != NULL)
    refresh (self);
}

gboolean
td_stage_get_scale_per_tensor (TdStage *self)
{
  return self->scale_per_tensor;
}

void
td_stage_set_animate (TdStage *self, gboolean animate)
{
  self->animate = animate;
  if (!animate)
    td_stage_motion_stop (self);
}

gboolean
td_stage_is_settled (TdStage *self)
{
  return !self->moving && !self->gliding && self->cancellable == NULL && self->refine_id == 0;
}

LayoutResult *
td_stage_get_layout (TdStage *self)
{
  return self->layout;
}

static void
theme_cb (TdStage *self)
{
  td_stage_invalidate (self);
}

static void
td_stage_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TdStage *self = TD_STAGE (widget);

  if (!self->user_moved)
    td_stage_fit (self);
  self->still_stale = TRUE;
  g_signal_emit (self, signals[RESIZED], 0);
}

static void
td_stage_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                  int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 260 : 160;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 720 : 560;
}

static void
td_stage_dispose (GObject *object)
{
  TdStage *self = TD_STAGE (object);

  g_signal_handlers_disconnect_by_data (adw_style_manager_get_default (), self);
  td_stage_motion_stop (self);
  if (self->player != NULL)
    g_signal_handlers_disconnect_by_data (self->player, self);
  g_clear_object (&self->player);
  td_stage_motion_update_tick (self);
  td_stage_cancel_layout (self);
  g_clear_handle_id (&self->refine_id, g_source_remove);
  g_clear_handle_id (&self->note_id, g_source_remove);
  g_clear_pointer (&self->layout, layout_result_unref);
  g_clear_pointer (&self->still, gsk_render_node_unref);
  g_clear_pointer (&self->note, g_free);
  td_stage_forget_card (self);
  g_clear_pointer (&self->marked, g_array_unref);
  G_OBJECT_CLASS (td_stage_parent_class)->dispose (object);
}

static void
td_stage_class_init (TdStageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = td_stage_dispose;
  widget_class->size_allocate = td_stage_size_allocate;
  widget_class->measure = td_stage_measure;
  widget_class->snapshot = td_stage_snapshot;
  signals[SELECTED] = g_signal_new ("selected", TD_TYPE_STAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[HOVERED] = g_signal_new ("hovered", TD_TYPE_STAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[TIDIED] = g_signal_new ("tidied", TD_TYPE_STAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_BOOLEAN);
  signals[LAYOUT_FAILED] = g_signal_new ("layout-failed", TD_TYPE_STAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[RESIZED] = g_signal_new ("resized", TD_TYPE_STAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  td_stage_keys_add_bindings (widget_class);
  gtk_widget_class_set_css_name (widget_class, "stage");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
td_stage_init (TdStage *self)
{
  self->camera.zoom = 1;
  self->most_nodes = LAYOUT_MAX_NODES;
  self->hovered = self->selected = self->hovered_edge = self->selected_edge = TD_NO_NODE;
  self->progress = 1;
  self->animate = TRUE;
  self->value_scale = self->gradient_scale = 1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, "Graph", -1);
  g_signal_connect_swapped (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (theme_cb), self);
  td_stage_input_init (self);
  td_stage_point_init (self);
}

GtkWidget *
td_stage_new (void)
{
  return g_object_new (TD_TYPE_STAGE, NULL);
}
