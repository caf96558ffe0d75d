/* SPDX-License-Identifier: MIT
 *
 * While the script waits for a line: Output comes to the front with the line to type
 * into and has the focus; afterwards the focus goes back. UI thread. */
#include "td-window-private.h"

#define HIDE_MS 300

static TdPrompt *
get_prompt (TdWindow *self)
{
  return td_output_get_prompt (td_console_get_output (self->console));
}

void
td_window_input_focus (TdWindow *self)
{
  if (!td_prompt_is_shown (get_prompt (self)))
    return;
  if (self->width_class == TD_WIDTH_NARROW)
    adw_flap_set_reveal_flap (self->editor_flap, TRUE);
  td_console_show (self->console, "output");
  td_prompt_focus (get_prompt (self));
}

/* To where the user was before the question, unless he has gone elsewhere since. */
static void
give_focus_back (TdWindow *self)
{
  GtkWidget *before = self->focus_before_input;

  if (td_prompt_has_focus (get_prompt (self)))
    gtk_widget_grab_focus (before != NULL && gtk_widget_get_mapped (before) ? before : GTK_WIDGET (self->stage));
  g_clear_weak_pointer (&self->focus_before_input);
}

static void
hide (TdWindow *self)
{
  g_clear_handle_id (&self->input_id, g_source_remove);
  give_focus_back (self);
  td_prompt_hide (get_prompt (self));
}

static gboolean
hide_cb (gpointer data)
{
  TdWindow *self = data;

  self->input_id = 0;
  hide (self);
  return G_SOURCE_REMOVE;
}

static void
show (TdWindow *self, guint line)
{
  TdPrompt *prompt = get_prompt (self);
  gboolean was_shown = td_prompt_is_shown (prompt);

  g_clear_handle_id (&self->input_id, g_source_remove);
  if (was_shown && line == self->asking_line)
    return;
  self->asking_line = line;
  td_prompt_ask (prompt, line);
  if (was_shown)
    return;
  g_set_weak_pointer (&self->focus_before_input, gtk_window_get_focus (GTK_WINDOW (self)));
  td_window_input_focus (self);
}

/* An answered question stays for a moment: the script may ask the next one, and what
 * is typed meanwhile must not go elsewhere. */
void
td_window_input_refresh (TdWindow *self)
{
  guint line;

  if (runner_client_is_asking (td_run_get_client (self->run), &line))
    show (self, line);
  else if (!td_prompt_is_shown (get_prompt (self)))
    return;
  else if (!td_run_is_running (self->run))
    hide (self);
  else if (self->input_id == 0)
    self->input_id = g_timeout_add (HIDE_MS, hide_cb, self);
}

/* Who waits for a line; NULL: nobody. */
const char *
td_window_input_get_text (TdWindow *self)
{
  return runner_client_is_asking (td_run_get_client (self->run), NULL) ? td_prompt_get_text (get_prompt (self)) : NULL;
}

gboolean
td_window_input_end (TdWindow *self)
{
  if (!td_prompt_is_shown (get_prompt (self)) || !td_prompt_has_focus (get_prompt (self)))
    return FALSE;
  td_prompt_end (get_prompt (self));
  return TRUE;
}

static void
typed_cb (TdWindow *self, const char *line)
{
  runner_client_send_input (td_run_get_client (self->run), line);
}

static void
ended_cb (TdWindow *self)
{
  runner_client_end_input (td_run_get_client (self->run));
}

void
td_window_input_init (TdWindow *self)
{
  g_signal_connect_object (get_prompt (self), "typed", G_CALLBACK (typed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (get_prompt (self), "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
}
