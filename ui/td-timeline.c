/* SPDX-License-Identifier: MIT
 *
 * The painter draws the timeline and knows what lies under the pointer; this
 * widget seeks, and says the caption of the step it would go to. UI thread. */
#include "td-timeline.h"
#include "td-keys.h"
#include "td-theme.h"

struct _TdTimeline
{
  GtkWidget parent_instance;

  Player *player;
  GtkWidget *popover;
  GtkLabel *popover_label;
  double height;              /* asked for: with or without an overview */
};

G_DEFINE_FINAL_TYPE (TdTimeline, td_timeline, GTK_TYPE_WIDGET)

static void
describe (TdTimeline *self)
{
  guint position = player_get_position (self->player);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_MAX,
                                  (double) player_get_count_steps (self->player), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW,
                                  (double) player_count_of (self->player, position), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  player_get_caption (self->player, position), -1);
}

static void
changed_cb (TdTimeline *self)
{
  double height = paint_timeline_get_height (self->player);

  describe (self);
  if (height != self->height)
    gtk_widget_queue_resize (GTK_WIDGET (self));
  self->height = height;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_timeline_set_player (TdTimeline *self, Player *player)
{
  if (self->player != NULL)
    g_signal_handlers_disconnect_by_data (self->player, self);
  g_set_object (&self->player, player);
  if (player == NULL)
    return;
  g_signal_connect_swapped (player, "moved", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (player, "grown", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (player, "notify::granularity", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (player, "marks-changed", G_CALLBACK (changed_cb), self);
  changed_cb (self);
}

static guint
position_at (TdTimeline *self, double x, double y)
{
  return paint_timeline_hit_at (self->player, gtk_widget_get_width (GTK_WIDGET (self)),
                                gtk_widget_get_height (GTK_WIDGET (self)), x, y);
}

/* What is under the pointer: its number, its mark, its caption. */
static char *
dup_text (TdTimeline *self, guint position)
{
  guint mark = player_find_mark (self->player, position);
  g_autofree char *flag = mark > 0 ? g_strdup_printf ("mark %u · ", mark) : g_strdup ("");

  return g_strdup_printf ("%u  %s%s", player_count_of (self->player, position), flag,
                          position > 0 ? player_get_caption (self->player, position) : "Before the first step");
}

static void
show_caption (TdTimeline *self, guint position, double x)
{
  g_autofree char *text = NULL;

  if (player_get_n_steps (self->player) == 0)
    return;
  text = dup_text (self, position);
  gtk_label_set_text (self->popover_label, text);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &(GdkRectangle) { (int) x, 0, 1, 4 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
seek (TdTimeline *self, double x, double y)
{
  guint position = position_at (self, x, y);

  player_set_playing (self->player, FALSE);
  player_set_position (self->player, position);
  show_caption (self, position, x);
}

static void
drag_begin_cb (TdTimeline *self, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->player != NULL)
    seek (self, x, y);
}

static void
drag_update_cb (TdTimeline *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double x, y;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  if (self->player != NULL)
    seek (self, CLAMP (x + dx, 0, gtk_widget_get_width (GTK_WIDGET (self))), y);
}

static void
drag_end_cb (TdTimeline *self)
{
  gtk_popover_popdown (GTK_POPOVER (self->popover));
}

static gboolean
query_tooltip_cb (TdTimeline *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  g_autofree char *text = NULL;
  guint position;

  if (keyboard || self->player == NULL || player_get_n_steps (self->player) == 0 ||
      gtk_widget_get_visible (self->popover))
    return FALSE;
  position = position_at (self, x, y);
  text = dup_text (self, position);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
td_timeline_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TdTimeline *self = TD_TIMELINE (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  cairo_t *cr;

  if (self->player == NULL || width <= 0)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  paint_timeline (cr, self->player, width, height, td_theme_get ());
  cairo_destroy (cr);
}

static void
td_timeline_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                     int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL
                          ? 200 : (int) paint_timeline_get_height (TD_TIMELINE (widget)->player);
}

static void
td_timeline_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_popover_present (GTK_POPOVER (TD_TIMELINE (widget)->popover));
}

static void
td_timeline_dispose (GObject *object)
{
  TdTimeline *self = TD_TIMELINE (object);

  g_signal_handlers_disconnect_by_data (adw_style_manager_get_default (), self);
  td_timeline_set_player (self, NULL);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  G_OBJECT_CLASS (td_timeline_parent_class)->dispose (object);
}

static void
td_timeline_class_init (TdTimelineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = td_timeline_dispose;
  widget_class->snapshot = td_timeline_snapshot;
  widget_class->measure = td_timeline_measure;
  widget_class->size_allocate = td_timeline_size_allocate;
  td_keys_add_transport_bindings (widget_class);
  gtk_widget_class_set_css_name (widget_class, "timeline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
}

static void
td_timeline_init (TdTimeline *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 48);
  self->popover = gtk_popover_new ();
  self->popover_label = GTK_LABEL (label);
  gtk_popover_set_autohide (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_position (GTK_POPOVER (self->popover), GTK_POS_TOP);
  gtk_popover_set_child (GTK_POPOVER (self->popover), label);
  gtk_widget_set_can_focus (self->popover, FALSE);
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, "Timeline",
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0, -1);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  g_signal_connect (self, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
  g_signal_connect_swapped (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (gtk_widget_queue_draw), self);
}

GtkWidget *
td_timeline_new (void)
{
  return g_object_new (TD_TYPE_TIMELINE, NULL);
}
