/* SPDX-License-Identifier: MIT
 *
 * What the window says of the run: caption, next, status, the editor's mark, the
 * inspector, errors and what to do about them. Everything shows the position,
 * never the live end. UI thread. */
#include "td-window-private.h"
#include "td-theme.h"

/* "Line 3 is still running (4 s)…"; NULL: something else is to be said. */
static char *
dup_still_text (TdWindow *self)
{
  TdStill still;

  if (!td_run_get_still (self->run, &still))
    return NULL;
  if (still.line == 0)
    return g_strdup_printf ("The script is still beginning (%u s)…", still.seconds);
  if (still.moves)
    return g_strdup_printf ("The script is still running, now in line %u, without a new step (%u s)…",
                            still.line, still.seconds);
  return g_strdup_printf ("Line %u is still running (%u s)…", still.line, still.seconds);
}

/* What is to come, where the position is the end of what there is. */
static char *
dup_coming_text (TdWindow *self)
{
  const char *asking = td_window_input_get_text (self);

  if (asking != NULL)
    return g_strdup_printf ("%s: type a line under Output", asking);
  return td_run_is_stopping (self->run) ? g_strdup ("Stopping…") : dup_still_text (self);
}

static void
refresh_caption (TdWindow *self, Player *player)
{
  guint position = player_get_position (player);
  g_autofree char *text = position == player_get_n_steps (player) ? dup_coming_text (self) : NULL;

  if (position == 0 && text != NULL)
    {
      gtk_label_set_text (self->caption, text);
      gtk_label_set_text (self->next, "");
    }
  else
    {
      gtk_label_set_text (self->caption, player_get_caption_here (player));
      gtk_label_set_text (self->next, text != NULL ? text : player_get_next_here (player));
    }
}

static void
refresh_mark (TdWindow *self, Player *player)
{
  guint last = 0, first = player_get_line (player, &last), error_line = 0;
  const char *phase_class = td_theme_phase_class (player_get_phase (player));
  gboolean failed = player_get_error (player, NULL, &error_line) && error_line == first;
  TdStill still;

  td_script_view_set_position (self->script_view, first, MAX (first, last), player_get_phase (player),
                               failed);
  td_script_view_set_running (self->script_view, td_run_get_still (self->run, &still) ? still.line : 0);
  if (g_strcmp0 (phase_class, self->phase_class) == 0)
    return;
  if (self->phase_class != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self), self->phase_class);
  gtk_widget_add_css_class (GTK_WIDGET (self), phase_class);
  self->phase_class = phase_class;
}

static void
refresh_status (TdWindow *self, Player *player)
{
  guint n_ahead = td_run_get_n_ahead (self->run);
  const char *status = player_get_status (player);
  const char *asking = td_window_input_get_text (self);
  g_autofree char *text = NULL;
  TdStill still;

  if (asking != NULL)
    text = g_strdup (asking);
  else if (td_run_is_stopping (self->run))
    text = g_strdup ("stopping");
  else if (td_run_get_still (self->run, &still) && still.line != 0)
    text = g_strdup_printf ("running line %u", still.line);
  else if (td_run_is_running (self->run) && n_ahead > 0)
    text = g_strdup_printf ("%s · the run is %u step%s ahead", status, n_ahead, n_ahead == 1 ? "" : "s");
  else if (td_run_is_running (self->run))
    text = g_strdup ("running");
  else
    text = g_strdup (status);
  td_script_view_set_status (self->script_view, text);
}

/* What ended the script, if that lies at the position: an exception or the end of its process. */
static void
refresh_error (TdWindow *self, Player *player)
{
  guint line = 0;
  g_autofree char *text = player_dup_error (player, &line);

  td_script_view_set_error (self->script_view, text, text != NULL ? line : 0);
}

/* An action bar that offers to run the changed text up to where we stand. */
static void
refresh_stale (TdWindow *self, Player *player)
{
  gboolean stale = td_run_is_stale (self->run) && !td_run_is_running (self->run);
  guint line = player_get_line (player, NULL);

  gtk_widget_set_visible (GTK_WIDGET (self->stale_bar), stale);
  gtk_info_bar_set_revealed (self->stale_bar, stale);
  if (!stale)
    return;
  self->again_line = player_is_finished (player) || player_get_position (player) == 0 ? 0 : line;
  if (self->again_line != 0)
    {
      g_autofree char *label = g_strdup_printf ("Run again to line %u", line);

      gtk_button_set_label (self->stale_button, label);
    }
  else
    gtk_button_set_label (self->stale_button, "Run again");
}

static void
answered_cb (TdWindow *self, guint64 event, int input, gint64 index)
{
  const char *json, *reason;

  if (!player_lookup_answer (td_run_get_player (self->run), event, input, index, &json, &reason))
    return;
  if (json != NULL)
    td_inspector_set_element (self->inspector, event, input, index, json);
  else
    td_inspector_refuse_element (self->inspector, event, input, index, reason);
}

/* What was asked before is answered at once, the rest when the run's process has answered. */
static void
element_wanted_cb (TdWindow *self, guint64 event, int input, gint64 index)
{
  Player *player = td_run_get_player (self->run);
  const char *json, *reason;

  if (player_lookup_answer (player, event, input, index, &json, &reason))
    answered_cb (self, event, input, index);
  else
    player_ask (player, event, input, index);
}

static void
refresh_legend (TdWindow *self, const PlayerGraph *graph, double value_scale, double gradient_scale)
{
  gboolean has_values = FALSE, has_gradients = FALSE;

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);

      has_values = has_values || node->shot != 0;
      has_gradients = has_gradients || node->grad_shot != 0;
    }
  if (td_stage_get_scale_per_tensor (self->stage))
    td_legend_set_scale_per_tensor (self->legend, has_values, has_gradients);
  else
    td_legend_set_scales (self->legend, has_values ? value_scale : 0, has_gradients ? gradient_scale : 0);
}

void
td_window_run_inspect (TdWindow *self)
{
  Player *player = td_run_get_player (self->run);
  guint selected = td_stage_get_selected (self->stage), edge = td_stage_get_selected_edge (self->stage);
  gboolean pinned = selected != G_MAXUINT;
  double value_scale, gradient_scale;

  td_stage_get_scales (self->stage, &value_scale, &gradient_scale);
  if (edge != G_MAXUINT)
    td_inspector_show_edge (self->inspector, player, edge, value_scale, gradient_scale);
  else
    td_inspector_show (self->inspector, player, pinned ? selected : player_get_focus (player), pinned,
                       value_scale, gradient_scale);
  refresh_legend (self, player_get_graph (player), value_scale, gradient_scale);
}

/* Says once for each recording that it is full; the sentence goes when another run begins. */
static void
refresh_recording (TdWindow *self, Player *player)
{
  RecRecording *recording = player_get_recording (player);
  gboolean full = recording != NULL && rec_recording_is_exhausted (recording);

  if (full && self->full_recording != recording)
    td_window_say (
        self, GTK_MESSAGE_WARNING,
        "The recording is full: from here on tensors are shown without their values. What was recorded "
        "before stays.");
  else if (!full && self->full_recording != NULL)
    td_window_say (self, GTK_MESSAGE_INFO, NULL);
  self->full_recording = full ? recording : NULL;
}

static void
close_first_legend (TdWindow *self, Player *player)
{
  if (!self->legend_by_itself || player_get_position (player) == 0)
    return;
  self->legend_by_itself = FALSE;
  gtk_toggle_button_set_active (self->legend_button, FALSE);
}

void
td_window_run_refresh (TdWindow *self)
{
  Player *player = td_run_get_player (self->run);

  td_window_input_refresh (self);
  refresh_caption (self, player);
  refresh_mark (self, player);
  refresh_status (self, player);
  refresh_error (self, player);
  refresh_recording (self, player);
  refresh_stale (self, player);
  close_first_legend (self, player);
  td_window_view_refresh (self);
  td_window_time_update (self);
  td_window_caption_lay_out (self);
  td_window_actions_update (self);
}

static void
moved_cb (TdWindow *self)
{
  td_window_run_refresh (self);
  td_window_run_inspect (self);
}

static void
grown_cb (TdWindow *self)
{
  td_window_run_refresh (self);
}

static void
changed_cb (TdWindow *self)
{
  td_window_run_refresh (self);
}

static void
failed_cb (TdWindow *self, const char *message)
{
  td_window_say (self, GTK_MESSAGE_ERROR, message);
}

void
td_window_run_init (TdWindow *self)
{
  Player *player = td_run_get_player (self->run);

  g_signal_connect_swapped (self->run, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->run, "failed", G_CALLBACK (failed_cb), self);
  g_signal_connect_swapped (self->inspector, "element-wanted", G_CALLBACK (element_wanted_cb), self);
  td_stage_search_set_stage (self->stage_search, self->stage);
  td_stage_set_player (self->stage, player);
  td_transport_set_run (self->transport, self->run);
  td_console_set_player (self->console, player);
  td_window_input_init (self);
  /* After the stage: the inspector takes its scales. */
  g_signal_connect_swapped (player, "answered", G_CALLBACK (answered_cb), self);
  g_signal_connect_swapped (player, "moved", G_CALLBACK (moved_cb), self);
  g_signal_connect_swapped (player, "grown", G_CALLBACK (grown_cb), self);
  td_window_run_refresh (self);
}

void
td_window_run_clear (TdWindow *self)
{
  Player *player = td_run_get_player (self->run);

  g_signal_handlers_disconnect_by_data (self->run, self);
  g_signal_handlers_disconnect_by_data (player, self);
  player_set_playing (player, FALSE);
  if (td_run_is_running (self->run))
    td_run_stop (self->run);
  td_stage_set_player (self->stage, NULL);
  td_transport_set_run (self->transport, NULL);
  td_console_set_player (self->console, NULL);
}
