/* SPDX-License-Identifier: MIT
 *
 * Edits that survive a crash: a copy of them is kept while one types, and what an
 * earlier window left behind is offered in a bar of its own, until it is answered
 * or another script is opened. Invariant: a copy goes only when its text is saved,
 * taken back or discarded by its owner. UI thread. */
#include "td-window-private.h"

#define AUTOSAVE_MS 1500

static void
keep_now (TdWindow *self)
{
  g_autoptr (GFile) key = td_window_file_dup_key (self);
  g_autofree char *text = td_script_view_dup_text (self->script_view);
  g_autoptr (GError) error = NULL;

  g_clear_handle_id (&self->autosave_id, g_source_remove);
  if (!td_script_view_is_modified (self->script_view))
    {
      g_clear_pointer (&self->kept, td_unsaved_forget);
      return;
    }
  if (self->kept == NULL)
    self->kept = td_unsaved_new (key);
  if (!td_unsaved_write (self->kept, text, &error))
    g_debug ("No copy of the unsaved text: %s", error->message);
}

static gboolean
autosave_cb (gpointer data)
{
  TdWindow *self = data;

  self->autosave_id = 0;
  keep_now (self);
  return G_SOURCE_REMOVE;
}

void
td_window_recovery_edited (TdWindow *self)
{
  g_autofree char *text = NULL;

  if (self->run == NULL)
    return;
  text = td_script_view_dup_text (self->script_view);
  td_run_edit (self->run, text);
  if (self->autosave_id == 0)
    self->autosave_id = g_timeout_add (AUTOSAVE_MS, autosave_cb, self);
}

void
td_window_recovery_saved (TdWindow *self)
{
  TdUnsaved *before = g_steal_pointer (&self->kept);

  /* What was typed while it was written is kept under the script's address of now. */
  keep_now (self);
  td_unsaved_forget (before);
}

void
td_window_recovery_forget (TdWindow *self)
{
  g_clear_handle_id (&self->autosave_id, g_source_remove);
  g_clear_pointer (&self->kept, td_unsaved_forget);
}

static void
show_offer (TdWindow *self)
{
  gboolean offered = self->offered != NULL;

  if (offered)
    {
      gtk_label_set_text (self->recovery_label, self->offered_unnamed
                                                    ? "A script without a name was not saved last time."
                                                    : "Edits of this script were not saved last time.");
      gtk_button_set_label (self->recovery_button,
                            self->offered_unnamed ? "Bring it back" : "Bring them back");
    }
  gtk_widget_set_visible (GTK_WIDGET (self->recovery_bar), offered);
  gtk_info_bar_set_revealed (self->recovery_bar, offered);
}

void
td_window_recovery_leave (TdWindow *self)
{
  g_clear_pointer (&self->offered, td_unsaved_leave);
  g_clear_pointer (&self->offered_text, g_free);
  show_offer (self);
}

/* A copy of what is shown anyway has nothing to offer. */
static TdUnsaved *
take (TdWindow *self, GFile *key, char **text)
{
  g_autofree char *shown = td_script_view_dup_text (self->script_view);
  TdUnsaved *copy;

  while ((copy = td_unsaved_take (key, text)) != NULL && !td_script_view_is_modified (self->script_view)
         && g_str_equal (*text, shown))
    {
      td_unsaved_forget (copy);
      g_clear_pointer (text, g_free);
    }
  return copy;
}

void
td_window_recovery_offer (TdWindow *self)
{
  g_autoptr (GFile) key = td_window_file_dup_key (self);

  td_window_recovery_leave (self);
  self->offered_unnamed = FALSE;
  self->offered = take (self, key, &self->offered_text);
  if (self->offered == NULL && self->example != NULL)
    {
      self->offered_unnamed = TRUE;
      self->offered = take (self, NULL, &self->offered_text);
    }
  show_offer (self);
}

/* In place of what is shown: as a script of its own. */
static void
bring_back_unnamed (TdWindow *self)
{
  TdUnsaved *copy = g_steal_pointer (&self->offered);
  g_autofree char *text = g_steal_pointer (&self->offered_text);

  if (copy == NULL)
    return;
  td_window_file_adopt_unnamed (self, text);
  td_script_view_set_modified (self->script_view, TRUE);
  self->kept = copy;
}

/* Over the same script's text: an edit, which can be undone; what was typed meanwhile keeps its copy too. */
static void
bring_back (TdWindow *self)
{
  g_autofree char *text = g_steal_pointer (&self->offered_text);

  keep_now (self);
  g_clear_pointer (&self->kept, td_unsaved_leave);
  self->kept = g_steal_pointer (&self->offered);
  show_offer (self);
  td_script_view_replace_text (self->script_view, text);
  td_run_edit (self->run, text);
}

void
td_window_recovery_accept (TdWindow *self)
{
  if (self->offered == NULL)
    return;
  if (self->offered_unnamed)
    td_window_file_when_safe (self, bring_back_unnamed);
  else
    bring_back (self);
}

void
td_window_recovery_discard (TdWindow *self)
{
  g_clear_pointer (&self->offered, td_unsaved_forget);
  td_window_recovery_offer (self); /* of what is left */
}
