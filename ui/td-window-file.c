/* SPDX-License-Identifier: MIT
 *
 * The window's file: opening, and the question about unsaved edits (saving stands
 * in td-window-save.c, what survives a crash in td-window-recovery.c). Invariant:
 * the text in the editor is never replaced before the new one has been read, nor
 * while it has edits nobody was asked about: an answer is for the text it was
 * given for. At most one wish waits; the later wins. UI thread. */
#include "td-window-private.h"
#include "td-document.h"
#include "td-file-chooser.h"
#include "td-state.h"

#define UNNAMED "untitled.py"
#define N_RECENT 8

typedef void (*Then) (TdWindow *self);

/* What is to happen, or to be shown, once nothing unsaved can be lost. */
typedef struct _TdPending
{
  Then then;
  GFile *file;
  char *example;
  char *given_up; /* the text that was to be discarded: no other one is */
} TdPending;

static char *
dup_path (TdWindow *self)
{
  return self->file != NULL && g_file_peek_path (self->file) != NULL ? g_strdup (g_file_peek_path (self->file))
                                                                     : g_strdup (self->name);
}

GFile *
td_window_file_dup_key (TdWindow *self)
{
  g_autofree char *uri = NULL;

  if (self->file != NULL)
    return g_object_ref (self->file);
  if (self->example == NULL)
    return NULL;
  uri = g_strconcat ("resource:///org/tapedeck/Tapedeck/examples/", self->example, NULL);
  return g_file_new_for_uri (uri);
}

static void
load_state (TdWindow *self)
{
  g_autoptr (GFile) key = td_window_file_dup_key (self);
  Player *player = td_run_get_player (self->run);
  TdFileState state;

  td_state_load_file (key, &state);
  self->last_position = (guint) state.position;
  self->pane_width = state.pane;
  if (state.pane > 0 && self->width_class == TD_WIDTH_WIDE)
    gtk_paned_set_position (self->paned, state.pane);
  if (state.console > 0)
    gtk_paned_set_position (self->left_pane, state.console);
  player_set_speed (player, state.speed);
  player_set_granularity (player, (PlayerGranularity) state.granularity);
  g_object_set (self, "scale-per-tensor", state.scale_per_tensor, NULL);
  for (guint k = 1; k <= PLAYER_N_MARKS; k++)
    player_set_mark (player, k, state.marks[k - 1] >= 0 ? (guint) state.marks[k - 1] : G_MAXUINT);
}

void
td_window_file_remember (TdWindow *self)
{
  g_autoptr (GFile) file = td_window_file_dup_key (self);
  Player *player = td_run_get_player (self->run);
  TdFileState state = {
    .pane = self->width_class == TD_WIDTH_WIDE ? gtk_paned_get_position (self->paned) : self->pane_width,
    .console = gtk_paned_get_position (self->left_pane),
    .speed = player_get_speed (player),
    .granularity = (int) player_get_granularity (player),
    .scale_per_tensor = td_stage_get_scale_per_tensor (self->stage),
    .position = player_is_finished (player) ? 0 : (int) MIN (player_get_position (player), G_MAXINT),
  };

  for (guint k = 1; k <= PLAYER_N_MARKS; k++)
    state.marks[k - 1] = player_get_mark (player, k) != G_MAXUINT ? (int) player_get_mark (player, k) : -1;

  if (player_get_n_steps (player) == 0)
    state.position = (int) self->last_position;
  td_state_save_file (file, &state);
}

/* The text belongs to this file now; file NULL: an example or an unnamed script. */
void
td_window_file_set (TdWindow *self, GFile *file, const char *name)
{
  g_autofree char *new_name = g_strdup (name);
  g_autofree char *title = g_strdup_printf ("%s – Tapedeck", new_name);
  g_autofree char *path = NULL;

  g_set_object (&self->file, file);
  g_free (self->name);
  self->name = g_steal_pointer (&new_name);
  path = dup_path (self);
  td_run_set_path (self->run, path);
  gtk_window_set_title (GTK_WINDOW (self), title);
  td_script_view_set_name (self->script_view, self->name);
}

/* Puts a text in place of the old one, which nobody wants any more; file NULL: an example or unnamed. */
static void
adopt (TdWindow *self, GFile *file, const char *example, const char *name, const char *text)
{
  g_autofree char *path = NULL;

  if (self->name != NULL)
    td_window_file_remember (self);
  td_window_recovery_forget (self);
  td_window_recovery_leave (self);
  self->script++;
  g_free (self->example);
  self->example = g_strdup (example);
  g_clear_pointer (&self->etag, g_free);
  td_window_file_set (self, file, name);
  path = dup_path (self);
  td_window_say (self, GTK_MESSAGE_INFO, NULL);
  td_stage_select (self->stage, G_MAXUINT);
  td_script_view_set_text (self->script_view, text);
  td_run_open (self->run, path, text);
  td_stage_fit (self->stage);
  load_state (self);
  if (self->editor_flap != NULL)
    adw_flap_set_reveal_flap (self->editor_flap, FALSE);
}

void
td_window_file_adopt_unnamed (TdWindow *self, const char *text)
{
  adopt (self, NULL, NULL, UNNAMED, text);
}

/* What waits */

static void
close_question (TdWindow *self)
{
  GtkWidget *question = self->question;

  g_clear_weak_pointer (&self->question);
  if (question != NULL)
    gtk_window_destroy (GTK_WINDOW (question));
}

static void
drop_pending (TdWindow *self)
{
  TdPending *pending = g_steal_pointer (&self->pending);

  close_question (self);
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  if (pending == NULL)
    return;
  g_clear_object (&pending->file);
  g_free (pending->example);
  g_free (pending->given_up);
  g_free (pending);
}

/* Whether the text may go: it is saved, or it is the very one that was to be discarded. */
static gboolean
may_replace (TdWindow *self)
{
  g_autofree char *text = NULL;

  if (!td_script_view_is_modified (self->script_view))
    return TRUE;
  text = td_script_view_dup_text (self->script_view);
  return g_strcmp0 (text, self->pending->given_up) == 0;
}

static void go_on (TdWindow *self);

static void
saved_cb (TdWindow *self, gboolean saved)
{
  if (saved && self->pending != NULL)
    go_on (self);
  else if (self->question == NULL) /* else another wish has come, and waits for its own answer */
    drop_pending (self);
}

static void
answer_cb (TdWindow *self, const char *response)
{
  g_clear_weak_pointer (&self->question);
  if (self->pending == NULL)
    return;
  if (g_str_equal (response, "discard"))
    {
      g_free (self->pending->given_up);
      self->pending->given_up = td_script_view_dup_text (self->script_view);
      go_on (self);
    }
  else if (g_str_equal (response, "save"))
    td_window_file_save (self, FALSE, saved_cb);
  else
    drop_pending (self);
}

static void
ask (TdWindow *self)
{
  GtkWidget *dialog;

  close_question (self);
  dialog = adw_message_dialog_new (GTK_WINDOW (self), "Save the changes?", NULL);
  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog),
                                  "“%s” has edits that are not saved. Without saving they are lost.",
                                  self->name);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", "_Cancel", "discard", "_Discard",
                                    "save", "_Save", NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "save");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answer_cb), self, G_CONNECT_SWAPPED);
  g_set_weak_pointer (&self->question, dialog);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (TdWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autofree char *text = td_document_read_finish (result, &etag, &error);
  GFile *read = g_task_get_task_data (G_TASK (result));
  g_autofree char *base = NULL, *name = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->run == NULL)
    return;
  if (text != NULL && !may_replace (self))
    {
      ask (self); /* about what was typed while it was read */
      return;
    }
  drop_pending (self);
  if (text == NULL)
    {
      td_window_say (self, GTK_MESSAGE_ERROR, error->message);
      return;
    }
  base = g_file_get_basename (read);
  name = g_filename_display_name (base);
  adopt (self, read, NULL, name, text);
  self->etag = g_steal_pointer (&etag);
  if (g_file_peek_path (read) != NULL)
    {
      g_autofree char *uri = g_file_get_uri (read);

      gtk_recent_manager_add_item (gtk_recent_manager_get_default (), uri);
    }
  td_window_recovery_offer (self);
}

static void
read_file (TdWindow *self)
{
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  td_document_read_async (self->pending->file, self->loading, read_cb, g_object_ref (self));
}

static void
open_example (TdWindow *self, const char *name)
{
  g_autofree char *path = g_strconcat ("/org/tapedeck/Tapedeck/examples/", name, NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *text = NULL;

  if (bytes == NULL)
    {
      td_window_say (self, GTK_MESSAGE_ERROR, "There is no such example.");
      return;
    }
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  adopt (self, NULL, name, name, text);
  td_window_recovery_offer (self);
  self->legend_by_itself = !gtk_toggle_button_get_active (self->legend_button);
  gtk_toggle_button_set_active (self->legend_button, TRUE);
}

/* Does what waits, or asks. A file is read first and asks again if the text changed meanwhile. */
static void
go_on (TdWindow *self)
{
  Then then = self->pending->then;
  g_autofree char *example = NULL;

  if (!may_replace (self))
    {
      ask (self);
      return;
    }
  close_question (self);
  if (self->pending->file != NULL)
    {
      read_file (self);
      return;
    }
  example = g_steal_pointer (&self->pending->example);
  drop_pending (self);
  if (example != NULL)
    open_example (self, example);
  else
    then (self);
}

/* Goes on at once when nothing is unsaved, else after the answer. */
static void
when_safe (TdWindow *self, Then then, GFile *file, const char *example)
{
  drop_pending (self);
  self->pending = g_new0 (TdPending, 1);
  self->pending->then = then;
  self->pending->file = file != NULL ? g_object_ref (file) : NULL;
  self->pending->example = g_strdup (example);
  go_on (self);
}

void
td_window_file_when_safe (TdWindow *self, Then then)
{
  when_safe (self, then, NULL, NULL);
}

void
td_window_file_clear (TdWindow *self)
{
  drop_pending (self);
}

/* What asks for it */

gboolean
td_window_is_pristine (TdWindow *self)
{
  return self->file == NULL && !td_script_view_is_modified (self->script_view);
}

void
td_window_open (TdWindow *self, GFile *file)
{
  when_safe (self, NULL, file, NULL);
}

void
td_window_open_example (TdWindow *self, const char *name)
{
  when_safe (self, NULL, NULL, name);
}

static void
new_now (TdWindow *self)
{
  adopt (self, NULL, NULL, UNNAMED, "import torch\n\n");
  td_script_view_go_to_line (self->script_view, 3);
}

void
td_window_file_new (TdWindow *self)
{
  when_safe (self, new_now, NULL, NULL);
}

static void
close_now (TdWindow *self)
{
  self->closing = TRUE;
  gtk_window_close (GTK_WINDOW (self));
}

gboolean
td_window_file_may_close (TdWindow *self)
{
  if (self->closing || !td_script_view_is_modified (self->script_view))
    return TRUE;
  when_safe (self, close_now, NULL, NULL);
  return FALSE;
}

static void
chosen_cb (GFile *file, gpointer data)
{
  if (file != NULL)
    td_window_open (data, file);
}

void
td_window_file_choose (TdWindow *self)
{
  td_file_chooser_open (GTK_WINDOW (self), self->file, chosen_cb, g_object_ref (self), g_object_unref);
}

/* A menu takes a single underscore for the mark of a mnemonic. */
static char *
escape_mnemonics (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "_", -1);

  return g_strjoinv ("__", parts);
}

void
td_window_file_fill_recent (TdWindow *self)
{
  g_autolist (GtkRecentInfo) items = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());
  guint n = 0;

  g_menu_remove_all (self->recent_menu);
  for (GList *item = items; item != NULL && n < N_RECENT; item = item->next)
    {
      GtkRecentInfo *info = item->data;
      const char *uri = gtk_recent_info_get_uri (info);
      g_autofree char *label = escape_mnemonics (gtk_recent_info_get_display_name (info));
      g_autoptr (GMenuItem) entry = NULL;

      if (!g_str_has_suffix (uri, ".py") || !gtk_recent_info_exists (info))
        continue;
      entry = g_menu_item_new (label, NULL);
      g_menu_item_set_action_and_target (entry, "win.open-file", "s", uri);
      g_menu_append_item (self->recent_menu, entry);
      n++;
    }
}
