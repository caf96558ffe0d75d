/* SPDX-License-Identifier: MIT
 *
 * Marks, the place where one was last time, and what the caption offers at the end
 * of a run. UI thread. */
#include "td-window-private.h"

static Player *
get_player (TdWindow *self)
{
  return td_run_get_player (self->run);
}

static void
mark_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdWindow *self = TD_WINDOW (widget);

  if (td_window_input_end (self))
    return;
  if (!player_toggle_mark (get_player (self)))
    td_window_say (self, GTK_MESSAGE_INFO,
                   "All nine marks are in use. Go to one and press Ctrl+D there to remove it.");
}

/* Where a mark lies beyond what is recorded the run goes on, or begins, until it gets there. */
static void
go_to_mark_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdWindow *self = TD_WINDOW (widget);
  guint position = player_get_mark (get_player (self), g_variant_get_uint32 (parameter));
  g_autofree char *text = NULL;

  if (position != G_MAXUINT)
    {
      td_run_go_to_position (td_window_get_current_run (self), position);
      return;
    }
  text = g_strdup_printf ("There is no mark %u. Ctrl+D marks the step that is shown.", g_variant_get_uint32 (parameter));
  td_window_say (self, GTK_MESSAGE_INFO, text);
}

static void
run_to_last_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdWindow *self = TD_WINDOW (widget);

  td_run_go_to_position (td_window_get_current_run (self), self->last_position);
}

void
td_window_time_install (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.mark", NULL, mark_cb);
  gtk_widget_class_install_action (klass, "win.go-to-mark", "u", go_to_mark_cb);
  gtk_widget_class_install_action (klass, "win.run-to-last", NULL, run_to_last_cb);
}

void
td_window_time_update (TdWindow *self)
{
  Player *player = get_player (self);
  gboolean fresh = player_get_n_steps (player) == 0 && !player_is_complete (player);
  gboolean ended = player_is_finished (player) && td_run_is_over (self->run) && !player_is_refused (player);
  gboolean back = fresh && self->last_position > 0 && !td_run_is_running (self->run);

  if (!fresh)
    self->last_position = 0;
  gtk_widget_set_visible (self->run_again, ended);
  gtk_widget_set_visible (self->ending_dot, ended);
  gtk_widget_set_visible (self->play_again, ended && player_get_n_steps (player) > 0);
  gtk_widget_set_visible (self->go_back, back);
  gtk_widget_set_visible (self->ending, ended || back);
  /* Elsewhere the pointer reaches the stage through the caption. */
  gtk_widget_set_can_target (self->caption_box, ended || back);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.mark", !fresh);
}
