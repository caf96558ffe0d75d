/* SPDX-License-Identifier: MIT
 *
 * Line and graph, both ways: the lines of the node that is pointed at bear a bar and
 * a pale ground under whatever the position marks, and it is told when the cursor goes
 * to another line. UI thread. */
#include "td-script-view-private.h"
#include "td-theme.h"

void
td_script_view_lines_update_colors (TdScriptView *self)
{
  GdkRGBA color = td_theme_rgba (&td_theme_get ()->accent);

  td_gutter_set_pointed (self->gutter, self->pointed_first, self->pointed_last, &color);
  color.alpha = PAINT_POINTED_ALPHA;
  gtk_source_mark_attributes_set_background (self->pointed_look, &color);
  gtk_widget_queue_draw (GTK_WIDGET (self->editor));
}

void
td_script_view_set_pointed (TdScriptView *self, guint first, guint last, gboolean scroll)
{
  guint n_lines = (guint) gtk_text_buffer_get_line_count (GTK_TEXT_BUFFER (self->buffer));

  if (first > n_lines)
    first = 0;
  last = first != 0 ? CLAMP (last, first, n_lines) : 0;
  if (scroll && first != 0)
    td_script_view_show_line (self, first);
  if (first == self->pointed_first && last == self->pointed_last)
    return;
  self->pointed_first = first;
  self->pointed_last = last;
  td_script_view_remove_marks (self, TD_MARK_POINTED);
  for (guint line = first; first != 0 && line <= last; line++)
    td_script_view_add_mark (self, TD_MARK_POINTED, line);
  td_script_view_lines_update_colors (self);
}

guint
td_script_view_get_pointed (TdScriptView *self, guint *last)
{
  if (last != NULL)
    *last = self->pointed_last;
  return self->pointed_first;
}

static void
follow_cursor (TdScriptView *self)
{
  guint line = td_script_view_get_cursor_line (self);

  if (self->cursor_line == line)
    return;
  self->cursor_line = line;
  g_signal_emit_by_name (self, "line-changed");
}

void
td_script_view_lines_init (TdScriptView *self)
{
  self->pointed_look = gtk_source_mark_attributes_new ();
  gtk_source_view_set_mark_attributes (self->editor, TD_MARK_POINTED, self->pointed_look, 3);
  g_signal_connect_swapped (self->buffer, "notify::cursor-position", G_CALLBACK (follow_cursor), self);
}
