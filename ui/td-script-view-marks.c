/* SPDX-License-Identifier: MIT
 *
 * Marks in the editor: the position (arrow in the gutter, line background in the
 * phase's colour; a cross and the colour of errors where the script failed), the
 * line that still runs (an outlined arrow) and breakpoints. All are marks of the
 * buffer, so they move with the text while it is edited. UI thread. */
#include "td-script-view-private.h"
#include "td-theme.h"

static void
line_activated_cb (TdScriptView *self, guint line)
{
  td_script_view_toggle_breakpoint (self, line);
}

void
td_script_view_remove_marks (TdScriptView *self, const char *category)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (GTK_TEXT_BUFFER (self->buffer), &start, &end);
  gtk_source_buffer_remove_source_marks (self->buffer, &start, &end, category);
}

void
td_script_view_add_mark (TdScriptView *self, const char *category, guint line)
{
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_line (GTK_TEXT_BUFFER (self->buffer), &iter, (int) line - 1);
  gtk_source_buffer_create_source_mark (self->buffer, NULL, category, &iter);
}

void
td_script_view_marks_update_colors (TdScriptView *self)
{
  const PaintTheme *theme = td_theme_get ();
  GdkRGBA background = td_theme_rgba (self->failed ? &theme->error
                                                   : td_theme_phase_color (theme, self->phase));
  GdkRGBA running = td_theme_rgba (td_theme_phase_color (theme, self->phase));
  GdkRGBA text = td_theme_rgba (&theme->text), number = td_theme_rgba (&theme->text_dim);
  GdkRGBA breakpoint = td_theme_rgba (&theme->error);

  td_gutter_set_colors (self->gutter, &text, &number, &breakpoint);
  td_gutter_set_position (self->gutter, self->position_first, self->position_last, &background, self->failed);
  td_gutter_set_running (self->gutter, self->running, &running);
  background.alpha = PAINT_POSITION_ALPHA;
  running.alpha = PAINT_RUNNING_ALPHA;
  gtk_source_mark_attributes_set_background (self->position_look, &background);
  gtk_source_mark_attributes_set_background (self->running_look, &running);
  gtk_widget_queue_draw (GTK_WIDGET (self->editor));
}

static gboolean
is_line_visible (TdScriptView *self, const GtkTextIter *iter)
{
  GdkRectangle visible, place;

  gtk_text_view_get_visible_rect (GTK_TEXT_VIEW (self->editor), &visible);
  gtk_text_view_get_iter_location (GTK_TEXT_VIEW (self->editor), iter, &place);
  return place.y >= visible.y && place.y + place.height <= visible.y + visible.height;
}

void
td_script_view_show_line (TdScriptView *self, guint line)
{
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_line (GTK_TEXT_BUFFER (self->buffer), &iter, (int) line - 1);
  if (!is_line_visible (self, &iter))
    gtk_text_view_scroll_to_iter (GTK_TEXT_VIEW (self->editor), &iter, 0.1, FALSE, 0, 0);
}

void
td_script_view_set_position (TdScriptView *self, guint first, guint last, PlayerPhase phase, gboolean failed)
{
  guint n_lines = (guint) gtk_text_buffer_get_line_count (GTK_TEXT_BUFFER (self->buffer));

  td_script_view_remove_marks (self, TD_MARK_POSITION);
  if (first > n_lines)
    first = last = 0;
  self->position_first = first;
  self->position_last = first != 0 ? CLAMP (last, first, n_lines) : 0;
  self->phase = phase;
  self->failed = failed;
  for (guint line = self->position_first; first != 0 && line <= self->position_last; line++)
    td_script_view_add_mark (self, TD_MARK_POSITION, line);
  td_script_view_marks_update_colors (self);
  if (first != 0)
    td_script_view_reveal_line (self, first);
}

void
td_script_view_set_running (TdScriptView *self, guint line)
{
  if (line > (guint) gtk_text_buffer_get_line_count (GTK_TEXT_BUFFER (self->buffer)))
    line = 0;
  if (line == self->running)
    return;
  self->running = line;
  td_script_view_remove_marks (self, TD_MARK_RUNNING);
  if (line != 0)
    td_script_view_add_mark (self, TD_MARK_RUNNING, line);
  td_script_view_marks_update_colors (self);
  if (line != 0)
    td_script_view_reveal_line (self, line);
}

guint
td_script_view_get_running (TdScriptView *self)
{
  return self->running;
}

gboolean
td_script_view_is_failed (TdScriptView *self, guint line)
{
  return self->failed && line >= self->position_first && line <= self->position_last && line != 0;
}

void
td_script_view_reveal_line (TdScriptView *self, guint line)
{
  GtkTextIter iter;

  self->keeps_line = TRUE;
  gtk_text_buffer_get_iter_at_line (GTK_TEXT_BUFFER (self->buffer), &iter, (int) MAX (line, 1) - 1);
  if (!is_line_visible (self, &iter))
    gtk_text_view_scroll_to_iter (GTK_TEXT_VIEW (self->editor), &iter, 0.1, FALSE, 0, 0);
}

/* The error's line, the one that still runs, or the one that is marked. */
static gboolean
keep_line_cb (gpointer data)
{
  TdScriptView *self = data;
  guint line = self->error_line != 0 ? self->error_line : self->running != 0 ? self->running : self->position_first;

  self->keep_id = 0;
  if (line != 0)
    td_script_view_reveal_line (self, line);
  return G_SOURCE_REMOVE;
}

/* When the text view knows its new height. */
static void
height_cb (TdScriptView *self)
{
  if (self->keeps_line && self->keep_id == 0)
    self->keep_id = g_idle_add_full (GTK_PRIORITY_RESIZE + 20, keep_line_cb, self, NULL);
}

static gboolean
scrolled_cb (TdScriptView *self)
{
  self->keeps_line = FALSE;
  return GDK_EVENT_PROPAGATE;
}

static void
watch_height (TdScriptView *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->editor));
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  g_signal_connect_object (adjustment, "notify::page-size", G_CALLBACK (height_cb), self, G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scrolled_cb), self);
  g_signal_connect_object (self->buffer, "changed", G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->editor), scroll);
}

void
td_script_view_toggle_breakpoint (TdScriptView *self, guint line)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  GtkTextIter iter, end;
  g_autoptr (GSList) marks = NULL;

  gtk_text_buffer_get_iter_at_line (buffer, &iter, (int) MAX (line, 1) - 1);
  marks = gtk_source_buffer_get_source_marks_at_line (self->buffer, gtk_text_iter_get_line (&iter), TD_MARK_BREAKPOINT);
  if (marks != NULL)
    {
      end = iter;
      gtk_text_iter_forward_to_line_end (&end);
      gtk_source_buffer_remove_source_marks (self->buffer, &iter, &end, TD_MARK_BREAKPOINT);
    }
  else
    gtk_source_buffer_create_source_mark (self->buffer, NULL, TD_MARK_BREAKPOINT, &iter);
  gtk_widget_queue_draw (GTK_WIDGET (self->gutter));
  g_signal_emit_by_name (self, "breakpoints-changed");
}

guint *
td_script_view_list_breakpoints (TdScriptView *self)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  g_autoptr (GArray) lines = g_array_new (TRUE, FALSE, sizeof (guint));
  GtkTextIter iter;
  guint last = 0;

  gtk_text_buffer_get_start_iter (buffer, &iter);
  do
    {
      g_autoptr (GSList) marks = gtk_source_buffer_get_source_marks_at_iter (self->buffer, &iter, TD_MARK_BREAKPOINT);
      guint line = (guint) gtk_text_iter_get_line (&iter) + 1;

      if (marks != NULL && line != last)
        {
          g_array_append_val (lines, line);
          last = line;
        }
    }
  while (gtk_source_buffer_forward_iter_to_source_mark (self->buffer, &iter, TD_MARK_BREAKPOINT));
  return (guint *) g_array_free (g_steal_pointer (&lines), FALSE);
}

void
td_script_view_marks_init (TdScriptView *self)
{
  GtkSourceGutter *gutter = gtk_source_view_get_gutter (self->editor, GTK_TEXT_WINDOW_LEFT);

  self->gutter = TD_GUTTER (td_gutter_new ());
  gtk_source_gutter_insert (gutter, GTK_SOURCE_GUTTER_RENDERER (self->gutter), 0);
  g_signal_connect_object (self->gutter, "line-activated", G_CALLBACK (line_activated_cb), self, G_CONNECT_SWAPPED);
  watch_height (self);
  self->position_look = gtk_source_mark_attributes_new ();
  gtk_source_view_set_mark_attributes (self->editor, TD_MARK_POSITION, self->position_look, 10);
  self->running_look = gtk_source_mark_attributes_new ();
  gtk_source_view_set_mark_attributes (self->editor, TD_MARK_RUNNING, self->running_look, 5);
}
