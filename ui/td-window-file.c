/* SPDX-License-Identifier: MIT
 *
 * The window's file: opening, and the question about unsaved edits (saving stands
 * in td-window-save.c). Invariant: the text in the editor is never replaced
 * before the new one has been read, nor while it has edits nobody was asked
 * about. UI thread. */
#include "td-window-private.h"
#include "td-document.h"
#include "td-file-chooser.h"
#include "td-state.h"

#define UNNAMED "untitled.py"
#define N_RECENT 8

typedef void (*Then) (TdWindow *self);

/* What waits for the answer to "save or discard?". */
typedef struct { TdWindow *window; Then then; GFile *file; char *example; } Pending;

static void
pending_free (Pending *pending)
{
  g_object_unref (pending->window);
  g_clear_object (&pending->file);
  g_free (pending->example);
  g_free (pending);
}

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

/* Puts a text in place of the old one; file NULL: an example or unnamed. */
static void
adopt (TdWindow *self, GFile *file, const char *name, const char *text)
{
  g_autofree char *path = NULL;

  td_window_file_set (self, file, name);
  path = dup_path (self);
  td_window_say (self, GTK_MESSAGE_INFO, NULL, NULL);
  td_stage_select (self->stage, G_MAXUINT);
  td_script_view_set_text (self->script_view, text);
  td_run_open (self->run, path, text);
  td_stage_fit (self->stage);
  load_state (self);
  if (self->editor_flap != NULL)
    adw_flap_set_reveal_flap (self->editor_flap, FALSE);
}

/* What was not saved of this script; where an example is opened, else what was not saved of an unnamed one. */
static void
offer_recovery (TdWindow *self, const char *text)
{
  g_autoptr (GFile) key = td_window_file_dup_key (self);
  g_autofree char *unsaved = td_document_lookup_unsaved (key);

  self->recovered_unnamed = FALSE;
  if ((unsaved == NULL || g_str_equal (unsaved, text)) && self->example != NULL)
    {
      g_free (unsaved);
      unsaved = td_document_lookup_unsaved (NULL);
      self->recovered_unnamed = TRUE;
    }
  if (unsaved == NULL || g_str_equal (unsaved, text))
    return;
  g_free (self->recovered);
  self->recovered = g_steal_pointer (&unsaved);
  td_window_say (self, GTK_MESSAGE_INFO,
                 self->recovered_unnamed ? "A script without a name was not saved last time."
                                         : "Edits of this script were not saved last time.",
                 "Bring them back");
}

void
td_window_file_recover (TdWindow *self)
{
  g_autofree char *text = g_steal_pointer (&self->recovered);

  if (text == NULL)
    return;
  if (self->recovered_unnamed)
    {
      td_window_file_remember (self);
      g_clear_pointer (&self->example, g_free);
      adopt (self, NULL, UNNAMED, text);
    }
  else
    td_script_view_set_text (self->script_view, text);
  td_script_view_set_modified (self->script_view, TRUE);
  td_run_edit (self->run, text);
}

/* The offer was turned down. */
void
td_window_file_forget_recovered (TdWindow *self)
{
  g_autoptr (GFile) key = self->recovered_unnamed ? NULL : td_window_file_dup_key (self);

  if (self->recovered != NULL)
    td_document_forget_unsaved (key);
  g_clear_pointer (&self->recovered, g_free);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (TdWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autofree char *text = td_document_read_finish (result, &etag, &error);
  GFile *read = g_task_get_task_data (G_TASK (result));
  g_autofree char *base = NULL;
  g_autofree char *name = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->run == NULL)
    return;
  g_clear_object (&self->loading);
  if (text == NULL)
    {
      td_window_say (self, GTK_MESSAGE_ERROR, error->message, NULL);
      return;
    }
  base = g_file_get_basename (read);
  name = g_filename_display_name (base);
  g_clear_pointer (&self->example, g_free);
  adopt (self, read, name, text);
  g_free (self->etag);
  self->etag = g_steal_pointer (&etag);
  if (g_file_peek_path (read) != NULL)
    {
      g_autofree char *uri = g_file_get_uri (read);

      gtk_recent_manager_add_item (gtk_recent_manager_get_default (), uri);
    }
  offer_recovery (self, text);
}

static void
open_now (TdWindow *self, GFile *file)
{
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  td_document_read_async (file, self->loading, read_cb, g_object_ref (self));
}

static void
open_example_now (TdWindow *self, const char *name)
{
  g_autofree char *path = g_strconcat ("/org/tapedeck/Tapedeck/examples/", name, NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *text = NULL;

  if (bytes == NULL)
    {
      td_window_say (self, GTK_MESSAGE_ERROR, "There is no such example.", NULL);
      return;
    }
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_free (self->example);
  self->example = g_strdup (name);
  adopt (self, NULL, name, text);
  offer_recovery (self, text);
  self->legend_by_itself = !gtk_toggle_button_get_active (self->legend_button);
  gtk_toggle_button_set_active (self->legend_button, TRUE);
}

gboolean
td_window_is_pristine (TdWindow *self)
{
  return self->file == NULL && !td_script_view_is_modified (self->script_view);
}

static void
proceed (Pending *pending)
{
  TdWindow *self = pending->window;

  g_clear_handle_id (&self->autosave_id, g_source_remove);
  if (self->name != NULL)
    td_window_file_remember (self);
  if (pending->file != NULL)
    open_now (self, pending->file);
  else if (pending->example != NULL)
    open_example_now (self, pending->example);
  else
    pending->then (self);
  pending_free (pending);
}

static void
saved_then_proceed (TdWindow *self)
{
  Pending *pending = g_object_steal_data (G_OBJECT (self), "td-pending");

  if (pending != NULL)
    proceed (pending);
}

static void
answer_cb (Pending *pending, const char *response)
{
  TdWindow *self = pending->window;

  if (g_str_equal (response, "discard"))
    {
      g_autoptr (GFile) key = td_window_file_dup_key (self);

      td_document_forget_unsaved (key);
      td_script_view_set_modified (self->script_view, FALSE);
      proceed (pending);
    }
  else if (g_str_equal (response, "save"))
    {
      g_object_set_data_full (G_OBJECT (self), "td-pending", pending, (GDestroyNotify) pending_free);
      td_window_file_save (self, FALSE, saved_then_proceed);
    }
  else
    pending_free (pending);
}

/* Goes on at once when nothing is unsaved, else after the answer. */
static void
when_safe (TdWindow *self, Then then, GFile *file, const char *example)
{
  Pending *pending = g_new0 (Pending, 1);
  GtkWidget *dialog;

  pending->window = g_object_ref (self);
  pending->then = then;
  pending->file = file != NULL ? g_object_ref (file) : NULL;
  pending->example = g_strdup (example);
  if (!td_script_view_is_modified (self->script_view))
    {
      proceed (pending);
      return;
    }
  dialog = adw_message_dialog_new (GTK_WINDOW (self), "Save the changes?", NULL);
  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog),
                                  "“%s” has edits that are not saved. Without saving they are lost.", self->name);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", "_Cancel", "discard", "_Discard", "save",
                                    "_Save", NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "save");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_swapped (dialog, "response", G_CALLBACK (answer_cb), pending);
  gtk_window_present (GTK_WINDOW (dialog));
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
  g_clear_pointer (&self->example, g_free);
  adopt (self, NULL, UNNAMED, "import torch\n\n");
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
