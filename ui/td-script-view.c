/* SPDX-License-Identifier: MIT
 *
 * The editor pane's type: text in and out, its name and status, its error bar.
 * Marks and search stand in files of their own. The window owns the file; this
 * widget knows text only. UI thread. */
#include "td-script-view-private.h"
#include "td-theme.h"

G_DEFINE_FINAL_TYPE (TdScriptView, td_script_view, GTK_TYPE_WIDGET)

enum
{
  EDITED,
  BREAKPOINTS_CHANGED,
  LINE_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

#define EDITED_AFTER_MS 150

GtkTextBuffer *
td_script_view_get_buffer (TdScriptView *self)
{
  return GTK_TEXT_BUFFER (self->buffer);
}

GtkWidget *
td_script_view_get_editor (TdScriptView *self)
{
  return GTK_WIDGET (self->editor);
}

char *
td_script_view_dup_text (TdScriptView *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (GTK_TEXT_BUFFER (self->buffer), &start, &end);
  return gtk_text_buffer_get_text (GTK_TEXT_BUFFER (self->buffer), &start, &end, TRUE);
}

void
td_script_view_set_text (TdScriptView *self, const char *text)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  GtkTextIter start, end;

  td_script_view_set_error (self, NULL, 0);
  td_script_view_set_position (self, 0, 0, PLAYER_PHASE_FORWARD, FALSE);
  td_script_view_set_running (self, 0);
  td_script_view_set_pointed (self, 0, 0, FALSE);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_source_buffer_remove_source_marks (self->buffer, &start, &end, TD_MARK_BREAKPOINT);
  gtk_text_buffer_begin_irreversible_action (buffer);
  gtk_text_buffer_set_text (buffer, text, -1);
  gtk_text_buffer_end_irreversible_action (buffer);
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_place_cursor (buffer, &start);
  gtk_text_buffer_set_modified (buffer, FALSE);
  g_clear_handle_id (&self->edited_id, g_source_remove);
  g_signal_emit (self, signals[BREAKPOINTS_CHANGED], 0);
}

void
td_script_view_replace_text (TdScriptView *self, const char *text)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_source_buffer_remove_source_marks (self->buffer, &start, &end, TD_MARK_BREAKPOINT);
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, text, -1);
  gtk_text_buffer_end_user_action (buffer);
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_place_cursor (buffer, &start);
}

gboolean
td_script_view_is_modified (TdScriptView *self)
{
  return gtk_text_buffer_get_modified (GTK_TEXT_BUFFER (self->buffer));
}

void
td_script_view_set_modified (TdScriptView *self, gboolean modified)
{
  gtk_text_buffer_set_modified (GTK_TEXT_BUFFER (self->buffer), modified);
}

void
td_script_view_set_name (TdScriptView *self, const char *name)
{
  gtk_label_set_text (self->name, name);
}

void
td_script_view_set_status (TdScriptView *self, const char *status)
{
  g_autofree char *text = status != NULL && *status != '\0' ? g_strconcat ("· ", status, NULL) : g_strdup ("");

  gtk_label_set_text (self->status, text);
}

void
td_script_view_set_error (TdScriptView *self, const char *message, guint line)
{
  g_autofree char *label = g_strdup_printf ("Go to line %u", line);

  if (line != 0 && line != self->error_line)
    td_script_view_reveal_line (self, line);
  self->error_line = line;
  gtk_label_set_text (self->error_label, message != NULL ? message : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->error_label), message);
  gtk_button_set_label (self->error_button, label);
  gtk_widget_set_visible (GTK_WIDGET (self->error_button), line != 0);
  gtk_widget_set_visible (GTK_WIDGET (self->error_bar), message != NULL);
  gtk_info_bar_set_revealed (self->error_bar, message != NULL);
}

const char *
td_script_view_get_error (TdScriptView *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->error_bar)) ? gtk_label_get_text (self->error_label) : NULL;
}

guint
td_script_view_get_cursor_line (TdScriptView *self)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_mark (buffer, &iter, gtk_text_buffer_get_insert (buffer));
  return (guint) gtk_text_iter_get_line (&iter) + 1;
}

void
td_script_view_go_to_line (TdScriptView *self, guint line)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_line (buffer, &iter, (int) MAX (line, 1) - 1);
  gtk_text_buffer_place_cursor (buffer, &iter);
  gtk_text_view_scroll_to_mark (GTK_TEXT_VIEW (self->editor), gtk_text_buffer_get_insert (buffer), 0.2, FALSE, 0, 0);
  gtk_widget_grab_focus (GTK_WIDGET (self->editor));
}

static void
error_response_cb (TdScriptView *self, int response)
{
  if (response == GTK_RESPONSE_CLOSE)
    td_script_view_set_error (self, NULL, 0);
  else if (self->error_line != 0)
    td_script_view_go_to_line (self, self->error_line);
}

static void
error_button_cb (TdScriptView *self)
{
  td_script_view_go_to_line (self, self->error_line);
}

static gboolean
edited_cb (gpointer data)
{
  TdScriptView *self = data;

  self->edited_id = 0;
  g_signal_emit (self, signals[EDITED], 0);
  g_signal_emit (self, signals[BREAKPOINTS_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
changed_cb (TdScriptView *self)
{
  g_clear_handle_id (&self->edited_id, g_source_remove);
  self->edited_id = g_timeout_add (EDITED_AFTER_MS, edited_cb, self);
}

static void
modified_cb (TdScriptView *self)
{
  gtk_widget_set_visible (self->dot, td_script_view_is_modified (self));
}

static void
theme_cb (TdScriptView *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GtkSourceStyleSchemeManager *manager = gtk_source_style_scheme_manager_get_default ();

  gtk_source_buffer_set_style_scheme (self->buffer,
    gtk_source_style_scheme_manager_get_scheme (manager, dark ? "Adwaita-dark" : "Adwaita"));
  td_script_view_marks_update_colors (self);
  td_script_view_lines_update_colors (self);
}

static void
td_script_view_dispose (GObject *object)
{
  TdScriptView *self = TD_SCRIPT_VIEW (object);
  GtkWidget *child;

  g_signal_handlers_disconnect_by_data (adw_style_manager_get_default (), self);
  if (self->buffer != NULL)
    g_signal_handlers_disconnect_by_data (self->buffer, self);
  g_clear_handle_id (&self->edited_id, g_source_remove);
  g_clear_handle_id (&self->keep_id, g_source_remove);
  g_clear_object (&self->search);
  g_clear_object (&self->position_look);
  g_clear_object (&self->running_look);
  g_clear_object (&self->pointed_look);
  g_clear_object (&self->buffer);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (td_script_view_parent_class)->dispose (object);
}

static void
td_script_view_class_init (TdScriptViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = td_script_view_dispose;
  signals[EDITED] = g_signal_new ("edited", TD_TYPE_SCRIPT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[BREAKPOINTS_CHANGED] = g_signal_new ("breakpoints-changed", TD_TYPE_SCRIPT_VIEW, G_SIGNAL_RUN_LAST, 0,
                                               NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LINE_CHANGED] = g_signal_new ("line-changed", TD_TYPE_SCRIPT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 0);
  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tapedeck/Tapedeck/ui/script-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TdScriptView, editor);
  gtk_widget_class_bind_template_child (widget_class, TdScriptView, name);
  gtk_widget_class_bind_template_child (widget_class, TdScriptView, dot);
  gtk_widget_class_bind_template_child (widget_class, TdScriptView, status);
  gtk_widget_class_bind_template_child (widget_class, TdScriptView, error_bar);
  gtk_widget_class_bind_template_child (widget_class, TdScriptView, error_label);
  gtk_widget_class_bind_template_child (widget_class, TdScriptView, error_button);
  gtk_widget_class_bind_template_child (widget_class, TdScriptView, search_bar);
  gtk_widget_class_bind_template_child (widget_class, TdScriptView, search_entry);
  gtk_widget_class_bind_template_child (widget_class, TdScriptView, search_count);
  gtk_widget_class_bind_template_callback (widget_class, error_response_cb);
  gtk_widget_class_bind_template_callback (widget_class, error_button_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
td_script_view_init (TdScriptView *self)
{
  GtkSourceLanguageManager *languages = gtk_source_language_manager_get_default ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->buffer = gtk_source_buffer_new_with_language (gtk_source_language_manager_get_language (languages, "python3"));
  gtk_text_view_set_buffer (GTK_TEXT_VIEW (self->editor), GTK_TEXT_BUFFER (self->buffer));
  g_signal_connect_swapped (self->buffer, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->buffer, "modified-changed", G_CALLBACK (modified_cb), self);
  g_signal_connect_swapped (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (theme_cb), self);
  td_script_view_marks_init (self);
  td_script_view_lines_init (self);
  td_script_view_search_init (self);
  theme_cb (self);
}
