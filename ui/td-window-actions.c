/* SPDX-License-Identifier: MIT
 *
 * The window's actions: every button, menu item and key ends here. Which of them
 * sleep is decided in one place, td_window_actions_update. UI thread. */
#include "td-window-private.h"

#define ZOOM_STEP 1.2

TdRun *
td_window_get_current_run (TdWindow *self)
{
  g_autofree char *text = td_script_view_dup_text (self->script_view);
  g_autofree guint *lines = td_script_view_list_breakpoints (self->script_view);

  td_run_edit (self->run, text);
  td_run_set_breakpoints (self->run, lines);
  return self->run;
}

static TdRun *
get_current_run (GtkWidget *widget)
{
  return td_window_get_current_run (TD_WINDOW (widget));
}

/* A run that waits for a line goes on only when it has one: whoever wants it to is led there. */
static void
focus_input (GtkWidget *widget)
{
  Player *player = td_run_get_player (TD_WINDOW (widget)->run);

  if (player_get_position (player) == player_get_n_steps (player))
    td_window_input_focus (TD_WINDOW (widget));
}

static void
step_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  td_run_step (get_current_run (widget));
  focus_input (widget);
}

static Player *
get_player (GtkWidget *widget)
{
  return td_run_get_player (TD_WINDOW (widget)->run);
}

static void
step_back_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  player_set_playing (get_player (widget), FALSE);
  player_step_back (get_player (widget));
}

static void
step_line_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  td_run_step_line (get_current_run (widget));
  focus_input (widget);
}

static void
step_line_back_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  Player *player = get_player (widget);
  guint position = player_get_position (player);

  player_set_playing (player, FALSE);
  if (position == 0)
    return;
  for (position--; position > 0 && !player_get_step (player, position)->ends_line; position--)
    ;
  player_set_position (player, position);
}

static void
go_to (GtkWidget *widget, guint position)
{
  player_set_playing (get_player (widget), FALSE);
  player_set_position (get_player (widget), position);
}

static void
start_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go_to (widget, 0);
}

static void
end_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go_to (widget, player_get_n_steps (get_player (widget)));
}

static void
goto_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go_to (widget, g_variant_get_uint32 (parameter));
}

static void
next_stop_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go_to (widget, player_next_stop (get_player (widget), +1));
}

static void
previous_stop_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go_to (widget, player_next_stop (get_player (widget), -1));
}

static void
play_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  td_run_play (get_current_run (widget), !player_get_playing (get_player (widget)));
}

static void
run_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  td_run_go (get_current_run (widget));
  focus_input (widget);
}

static void
stop_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  td_run_stop (TD_WINDOW (widget)->run);
}

static void
run_to_cursor_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdWindow *self = TD_WINDOW (widget);

  td_run_go_to_line (get_current_run (widget), td_script_view_get_cursor_line (self->script_view));
}

static void
breakpoint_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdWindow *self = TD_WINDOW (widget);

  td_script_view_toggle_breakpoint (self->script_view, td_script_view_get_cursor_line (self->script_view));
}

static void
fit_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  td_stage_fit (TD_WINDOW (widget)->stage);
}

static void
zoom_in_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  td_stage_zoom_by (TD_WINDOW (widget)->stage, ZOOM_STEP);
}

static void
zoom_out_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  td_stage_zoom_by (TD_WINDOW (widget)->stage, 1 / ZOOM_STEP);
}

static void
zoom_100_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  td_stage_zoom_to (TD_WINDOW (widget)->stage, 1.0);
}

/* In what has the focus: the script, the story or the graph. */
static void
search_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdWindow *self = TD_WINDOW (widget);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (td_console_get_story (self->console))))
    {
      td_story_search (td_console_get_story (self->console));
      return;
    }
  if (focus == NULL || !gtk_widget_is_ancestor (focus, self->left_frame))
    {
      td_stage_search_open (self->stage_search);
      return;
    }
  if (self->width_class == TD_WIDTH_NARROW)
    adw_flap_set_reveal_flap (self->editor_flap, TRUE);
  td_script_view_search (self->script_view);
}

static void
legend_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdWindow *self = TD_WINDOW (widget);

  gtk_toggle_button_set_active (self->legend_button, !gtk_toggle_button_get_active (self->legend_button));
}

static void
show_inspector_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  td_window_layout_show_inspector (TD_WINDOW (widget));
}

static void
hide_inspector_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  td_window_layout_hide_inspector (TD_WINDOW (widget));
}

static void
open_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  td_window_file_choose (TD_WINDOW (widget));
}

static void
open_file_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GFile) file = g_file_new_for_uri (g_variant_get_string (parameter, NULL));

  td_window_open (TD_WINDOW (widget), file);
}

static void
open_example_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  td_window_open_example (TD_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
new_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  td_window_file_new (TD_WINDOW (widget));
}

static void
save_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  td_window_file_save (TD_WINDOW (widget), FALSE, NULL);
}

static void
save_as_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  td_window_file_save (TD_WINDOW (widget), TRUE, NULL);
}

/* The device row only informs: it is never sensitive. */
static void
device_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
}

void
td_window_actions_install (GtkWidgetClass *klass)
{
  static const struct { const char *name, *type; GtkWidgetActionActivateFunc activate; } actions[] = {
    { "win.step", NULL, step_cb }, { "win.step-back", NULL, step_back_cb },
    { "win.step-line", NULL, step_line_cb }, { "win.step-line-back", NULL, step_line_back_cb },
    { "win.start", NULL, start_cb }, { "win.end", NULL, end_cb }, { "win.goto", "u", goto_cb },
    { "win.next-stop", NULL, next_stop_cb }, { "win.previous-stop", NULL, previous_stop_cb },
    { "win.play", NULL, play_cb }, { "win.run", NULL, run_cb }, { "win.stop", NULL, stop_cb },
    { "win.run-to-cursor", NULL, run_to_cursor_cb }, { "win.breakpoint", NULL, breakpoint_cb },
    { "win.fit", NULL, fit_cb }, { "win.zoom-in", NULL, zoom_in_cb }, { "win.zoom-out", NULL, zoom_out_cb },
    { "win.zoom-100", NULL, zoom_100_cb }, { "win.search", NULL, search_cb }, { "win.legend", NULL, legend_cb },
    { "win.show-inspector", NULL, show_inspector_cb }, { "win.hide-inspector", NULL, hide_inspector_cb },
    { "win.open", NULL, open_cb }, { "win.open-file", "s", open_file_cb }, { "win.open-example", "s", open_example_cb },
    { "win.new", NULL, new_cb }, { "win.save", NULL, save_cb }, { "win.save-as", NULL, save_as_cb },
    { "win.device", NULL, device_cb },
  };

  for (guint k = 0; k < G_N_ELEMENTS (actions); k++)
    gtk_widget_class_install_action (klass, actions[k].name, actions[k].type, actions[k].activate);
}

static void
enable (TdWindow *self, const char *action, gboolean enabled)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), action, enabled);
}

void
td_window_actions_update (TdWindow *self)
{
  Player *player = td_run_get_player (self->run);
  guint position = player_get_position (player), n_steps = player_get_n_steps (player);
  TdStill still;
  gboolean may_go_on = position < n_steps || td_run_may_begin (self->run)
                       || (!td_run_is_over (self->run) && !td_run_get_still (self->run, &still));
  gboolean may_step = may_go_on || player_may_step_terms (player);

  enable (self, "win.step", may_step);
  enable (self, "win.step-line", may_go_on);
  enable (self, "win.step-back", position > 0);
  enable (self, "win.step-line-back", position > 0);
  enable (self, "win.start", position > 0);
  enable (self, "win.end", position < n_steps);
  enable (self, "win.tidy", player_graph_get_n_nodes (player_get_graph (player)) > 0);
  enable (self, "win.play", may_step || n_steps > 0);
  enable (self, "win.stop", td_run_is_running (self->run));
  enable (self, "win.next-stop", position < n_steps);
  enable (self, "win.previous-stop", position > 0);
  enable (self, "win.device", FALSE);
  td_window_export_update (self);
}
