/* SPDX-License-Identifier: MIT
 *
 * The transport shows what the run and the player can do now: Stop exists only
 * while a statement runs, Step and Play sleep at the end, Run says "again" when
 * the run is over. UI thread. */
#include "td-transport.h"
#include "td-timeline.h"

#include <math.h>

struct _TdTransport
{
  GtkWidget parent_instance;

  TdRun *run;
  GtkButton *play, *run_button, *stop, *latest;
  GtkImage *play_icon;
  GtkLabel *play_label, *run_label, *speed_label, *of_label, *speed_title, *by_title;
  GtkLabel *run_key, *stop_label, *step_title;
  GtkScale *speed;
  GtkSpinButton *step_entry;
  GtkToggleButton *by_line, *by_operation, *by_element;
  TdTimeline *timeline;
  gboolean updating;
  guint shown_position, shown_n; /* in the box and beside it */
  GtkWidget *focus_before; /* weak: what had the focus when a click began */
  guint focus_id;
};

G_DEFINE_FINAL_TYPE (TdTransport, td_transport, GTK_TYPE_WIDGET)

double
td_transport_speed_at (double place)
{
  return pow (2, CLAMP (place, -2, 3));
}

double
td_transport_place_of (double speed)
{
  return speed > 0 ? CLAMP (log2 (speed), -2, 3) : 0;
}

static void
update_speed (TdTransport *self, Player *player)
{
  double speed = player_get_speed (player);
  g_autofree char *text = g_strdup_printf ("%.3g×", speed);

  gtk_range_set_value (GTK_RANGE (self->speed), td_transport_place_of (speed));
  gtk_label_set_text (self->speed_label, text);
}

/* Whether the box holds a number that is being typed and was not taken yet. */
static gboolean
is_typing (TdTransport *self)
{
  g_autofree char *taken = g_strdup_printf ("%d", gtk_spin_button_get_value_as_int (self->step_entry));

  return !g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self->step_entry)), taken);
}

/* A position that only follows the end of a run does not take away what is being typed. */
static void
update_entry (TdTransport *self, guint position, guint n)
{
  gboolean followed = position == n && self->shown_position == self->shown_n;

  gtk_spin_button_set_range (self->step_entry, 0, n);
  if (!is_typing (self) || (position != self->shown_position && !followed))
    gtk_spin_button_set_value (self->step_entry, position);
  self->shown_position = position;
  self->shown_n = n;
}

static void
update_counter (TdTransport *self, Player *player)
{
  guint n = player_get_count_steps (player), term = player_get_term (player);
  g_autofree char *text = term > 0 ? g_strdup_printf ("of %u · %u/%u", n, term, player_get_n_terms (player))
                                   : g_strdup_printf ("of %u", n);
  GtkToggleButton *const choices[] = { self->by_line, self->by_operation, self->by_element };

  update_entry (self, player_get_count_position (player), n);
  gtk_widget_set_sensitive (GTK_WIDGET (self->step_entry), n > 0);
  gtk_label_set_text (self->of_label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->of_label), term > 0 ? "Terms of the followed entry that were added" : NULL);
  gtk_toggle_button_set_active (choices[player_get_granularity (player)], TRUE);
}

static void
update_buttons (TdTransport *self, Player *player)
{
  gboolean playing = player_get_playing (player), running = td_run_is_running (self->run);
  guint n_ahead = td_run_get_n_ahead (self->run);
  g_autofree char *latest = g_strdup_printf ("Latest (+%u)", n_ahead);

  gtk_image_set_from_icon_name (self->play_icon, playing ? "media-playback-pause-symbolic" : "media-playback-start-symbolic");
  gtk_label_set_text (self->play_label, playing ? "Pause" : "Play");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->play), playing ? "Pause (Space)" : "Play step by step (Space)");
  gtk_label_set_text (self->run_label, td_run_is_over (self->run) ? "Run again" : "Run");
  gtk_widget_set_visible (GTK_WIDGET (self->stop), running);
  gtk_button_set_label (self->latest, latest);
  gtk_widget_set_visible (GTK_WIDGET (self->latest), !td_run_is_over (self->run) && n_ahead > 0);
}

static void
update (TdTransport *self)
{
  Player *player;

  if (self->run == NULL || self->updating)
    return;
  player = td_run_get_player (self->run);
  self->updating = TRUE;
  update_speed (self, player);
  update_counter (self, player);
  update_buttons (self, player);
  self->updating = FALSE;
}

static void
step_entry_cb (TdTransport *self)
{
  Player *player;

  if (self->run == NULL || self->updating)
    return;
  player = td_run_get_player (self->run);
  player_set_playing (player, FALSE);
  player_set_position (player, player_from_count (player, (guint) gtk_spin_button_get_value_as_int (self->step_entry)));
  update (self);
}

static void
speed_cb (TdTransport *self)
{
  if (self->run == NULL || self->updating)
    return;
  player_set_speed (td_run_get_player (self->run), td_transport_speed_at (gtk_range_get_value (GTK_RANGE (self->speed))));
  update (self);
}

static void
granularity_cb (TdTransport *self, GtkToggleButton *button)
{
  if (self->run == NULL || self->updating || !gtk_toggle_button_get_active (button))
    return;
  player_set_granularity (td_run_get_player (self->run), button == self->by_line      ? PLAYER_BY_LINE
                                                         : button == self->by_element ? PLAYER_BY_ELEMENT
                                                                                      : PLAYER_BY_OPERATION);
  update (self);
}

static gboolean
give_back_focus_cb (gpointer data)
{
  TdTransport *self = data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  self->focus_id = 0;
  if (focus != NULL && focus != self->focus_before && gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    gtk_root_set_focus (root, self->focus_before);
  g_clear_weak_pointer (&self->focus_before);
  return G_SOURCE_REMOVE;
}

/* Before the slider, or a button of the number box, takes the focus, as both do in spite of focus-on-click. */
static void
pressed_cb (TdTransport *self, int n_press, double x, double y, GtkGesture *gesture)
{
  GtkWidget *widget = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  GtkRoot *root = gtk_widget_get_root (widget);

  if (root == NULL || self->focus_id != 0 || GTK_IS_TEXT (gtk_widget_pick (widget, x, y, GTK_PICK_DEFAULT)))
    return;
  g_set_weak_pointer (&self->focus_before, gtk_root_get_focus (root));
  self->focus_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, give_back_focus_cb, self, NULL);
}

static void
leave_focus (TdTransport *self, GtkWidget *widget)
{
  GtkGesture *gesture = gtk_gesture_click_new ();

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (gesture), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (gesture, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (gesture));
}

void
td_transport_set_run (TdTransport *self, TdRun *run)
{
  static const char *const signals[] = { "moved", "grown", "notify::playing", "notify::speed", "notify::granularity" };

  if (self->run != NULL)
    {
      g_signal_handlers_disconnect_by_data (td_run_get_player (self->run), self);
      g_signal_handlers_disconnect_by_data (self->run, self);
    }
  g_set_object (&self->run, run);
  td_timeline_set_player (self->timeline, run != NULL ? td_run_get_player (run) : NULL);
  if (run == NULL)
    return;
  for (guint k = 0; k < G_N_ELEMENTS (signals); k++)
    g_signal_connect_swapped (td_run_get_player (run), signals[k], G_CALLBACK (update), self);
  g_signal_connect_swapped (run, "changed", G_CALLBACK (update), self);
  update (self);
}

void
td_transport_set_room (TdTransport *self, gboolean narrow, gboolean tight)
{
  gtk_widget_set_visible (GTK_WIDGET (self->play_label), !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->run_key), !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->speed), !tight);
  gtk_widget_set_visible (GTK_WIDGET (self->speed_label), !tight);
  gtk_widget_set_visible (GTK_WIDGET (self->step_title), !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->stop_label), !tight);
  gtk_widget_set_visible (GTK_WIDGET (self->speed_title), !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->by_title), !narrow);
  gtk_widget_set_size_request (GTK_WIDGET (self->speed), narrow ? 70 : 110, -1);
}

static void
td_transport_dispose (GObject *object)
{
  TdTransport *self = TD_TRANSPORT (object);
  GtkWidget *child;

  g_clear_handle_id (&self->focus_id, g_source_remove);
  g_clear_weak_pointer (&self->focus_before);
  if (self->timeline != NULL)
    td_transport_set_run (self, NULL);
  self->timeline = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (td_transport_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, TdTransport, play);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, play_icon);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, play_label);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, run_button);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, run_label);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, stop);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, latest);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, speed);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, speed_title);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, run_key);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, stop_label);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, step_title);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, speed_label);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, step_entry);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, of_label);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, by_title);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, by_line);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, by_operation);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, by_element);
  gtk_widget_class_bind_template_child (widget_class, TdTransport, timeline);
  gtk_widget_class_bind_template_callback (widget_class, step_entry_cb);
  gtk_widget_class_bind_template_callback (widget_class, speed_cb);
  gtk_widget_class_bind_template_callback (widget_class, granularity_cb);
}

static void
td_transport_class_init (TdTransportClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = td_transport_dispose;
  g_type_ensure (TD_TYPE_TIMELINE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tapedeck/Tapedeck/ui/transport.ui");
  bind_children (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "transport");
}

static void
td_transport_init (TdTransport *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (double place = -2; place <= 3; place++)
    gtk_scale_add_mark (self->speed, place, GTK_POS_BOTTOM, NULL);
  leave_focus (self, GTK_WIDGET (self->speed));
  leave_focus (self, GTK_WIDGET (self->step_entry));
}
