/* SPDX-License-Identifier: MIT
 *
 * Search in the editor: a bar above the text, all matches marked, Enter and
 * Shift+Enter go on and back, and the count is said. UI thread. */
#include "td-keys.h"
#include "td-script-view-private.h"

static void
update_count (TdScriptView *self)
{
  int count = gtk_source_search_context_get_occurrences_count (self->search);
  GtkSourceSearchSettings *settings = gtk_source_search_context_get_settings (self->search);
  const char *text = gtk_source_search_settings_get_search_text (settings);
  g_autofree char *label = NULL;

  if (text == NULL || count < 0)
    label = g_strdup ("");
  else if (count == 0)
    label = g_strdup ("none");
  else
    label = g_strdup_printf ("%d", count);
  gtk_label_set_text (self->search_count, label);
}

static void
move_to_match (TdScriptView *self, gboolean forward)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  GtkTextIter start, end, match_start, match_end;
  gboolean found;

  gtk_text_buffer_get_selection_bounds (buffer, &start, &end);
  if (forward)
    found = gtk_source_search_context_forward (self->search, &end, &match_start, &match_end, NULL);
  else
    found = gtk_source_search_context_backward (self->search, &start, &match_start, &match_end, NULL);
  if (!found)
    return;
  gtk_text_buffer_select_range (buffer, &match_start, &match_end);
  gtk_text_view_scroll_to_iter (GTK_TEXT_VIEW (self->editor), &match_start, 0.1, FALSE, 0, 0);
}

static void
search_changed_cb (TdScriptView *self)
{
  GtkSourceSearchSettings *settings = gtk_source_search_context_get_settings (self->search);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  GtkTextIter iter;

  gtk_source_search_settings_set_search_text (settings, *text != '\0' ? text : NULL);
  if (gtk_text_buffer_get_selection_bounds (buffer, &iter, NULL))
    gtk_text_buffer_place_cursor (buffer, &iter);
  move_to_match (self, TRUE);
  update_count (self);
}

static void
next_cb (TdScriptView *self)
{
  move_to_match (self, TRUE);
}

static void
previous_cb (TdScriptView *self)
{
  move_to_match (self, FALSE);
}

static void
stop_cb (TdScriptView *self)
{
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->editor));
}

static void
mode_cb (TdScriptView *self)
{
  gtk_source_search_context_set_highlight (self->search, gtk_search_bar_get_search_mode (self->search_bar));
}

void
td_script_view_search (TdScriptView *self)
{
  GtkTextIter start, end;

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  if (gtk_text_buffer_get_selection_bounds (GTK_TEXT_BUFFER (self->buffer), &start, &end) &&
      gtk_text_iter_get_line (&start) == gtk_text_iter_get_line (&end))
    {
      g_autofree char *text = gtk_text_iter_get_text (&start, &end);

      gtk_editable_set_text (GTK_EDITABLE (self->search_entry), text);
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  gtk_editable_select_region (GTK_EDITABLE (self->search_entry), 0, -1);
}

void
td_script_view_search_init (TdScriptView *self)
{
  g_autoptr (GtkSourceSearchSettings) settings = gtk_source_search_settings_new ();

  gtk_source_search_settings_set_wrap_around (settings, TRUE);
  self->search = gtk_source_search_context_new (self->buffer, settings);
  gtk_source_search_context_set_highlight (self->search, FALSE);
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  td_keys_add_search_back (GTK_WIDGET (self->search_entry));
  g_signal_connect_object (self->search, "notify::occurrences-count", G_CALLBACK (update_count), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search_entry, "search-changed", G_CALLBACK (search_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search_entry, "next-match", G_CALLBACK (next_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search_entry, "activate", G_CALLBACK (next_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search_entry, "previous-match", G_CALLBACK (previous_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search_entry, "stop-search", G_CALLBACK (stop_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search_bar, "notify::search-mode-enabled", G_CALLBACK (mode_cb), self, G_CONNECT_SWAPPED);
}
