/* SPDX-License-Identifier: MIT
 *
 * The room of the caption over the stage: always the same, whatever the sentences
 * say, so that the picture does not move with them; beside the inspector where that
 * lies over the stage, and then the picture stands beside it too. UI thread. */
#include "td-window-private.h"

#define ENDING_PX 23   /* what the caption offers at the end of a run, see style.css */

static int
text_height (GtkLabel *label, const char *text)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (label), text);
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

static gboolean
takes_two_lines (GtkLabel *label, int width)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (label), gtk_label_get_text (label));
  int text_width;

  pango_layout_get_pixel_size (layout, &text_width, NULL);
  return text_width > width;
}

/* How much of the stage's right side lies under the inspector. */
static int
covered_width (TdWindow *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self->inspector));

  if (self->width_class == TD_WIDTH_WIDE || !adw_flap_get_reveal_flap (self->inspector_flap))
    return 0;
  if (width == 0)
    gtk_widget_measure (GTK_WIDGET (self->inspector), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  return width;
}

/* Two lines of caption and one of what comes next, or what is offered at the end; where that is not enough for all
 * three, the last line goes. A longer caption ends in dots: the story and the error bar have it whole. */
void
td_window_caption_lay_out (TdWindow *self)
{
  int right = covered_width (self), stage_width = gtk_widget_get_width (GTK_WIDGET (self->stage));
  int line = text_height (self->caption, "One line"), two_lines = text_height (self->caption, "Two\nlines");
  int next = text_height (self->next, "One line"), height;
  gboolean ending = gtk_widget_get_visible (self->ending), two;
  GtkBorder padding;

  gtk_style_context_get_padding (gtk_widget_get_style_context (self->caption_box), &padding);
  height = padding.top + MAX (two_lines + MAX (next, ENDING_PX), line + next + ENDING_PX) + padding.bottom;
  two = stage_width > 0 && takes_two_lines (self->caption, stage_width - right - padding.left - padding.right);
  gtk_widget_set_visible (GTK_WIDGET (self->next), !(ending && two));
  gtk_widget_set_margin_end (self->caption_box, right);
  gtk_widget_set_size_request (self->caption_box, -1, height);
  td_stage_set_insets (self->stage, height, right);
}

static gboolean
lay_out_cb (gpointer data)
{
  TdWindow *self = data;

  self->caption_id = 0;
  td_window_caption_lay_out (self);
  return G_SOURCE_REMOVE;
}

/* When idle: a label must not come or go during an allocation. */
static void
changed_cb (TdWindow *self)
{
  if (self->caption_id == 0)
    self->caption_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, lay_out_cb, self, NULL);
}

void
td_window_caption_init (TdWindow *self)
{
  g_signal_connect_object (self->inspector_flap, "notify::reveal-flap", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->stage, "resized", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
}
