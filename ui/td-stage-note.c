/* SPDX-License-Identifier: MIT
 *
 * One plain sentence on the stage itself: that places are being found, or why the
 * picture is not drawn any further and what can be done. It lies over the lower
 * edge of the picture, in the middle where there is none yet. UI thread. */
#include "td-stage-private.h"
#include "td-theme.h"

#define MOST_WIDTH_PX 520
#define PAD_PX 12
#define MARGIN_PX 14

const char *
td_stage_get_note (TdStage *self)
{
  return self->note;
}

void
td_stage_set_note (TdStage *self, const char *text)
{
  if (g_strcmp0 (self->note, text) == 0)
    return;
  g_free (self->note);
  self->note = g_strdup (text);
  td_stage_describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static PangoLayout *
make_text (TdStage *self, int width)
{
  PangoLayout *text = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->note);

  pango_layout_set_wrap (text, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_alignment (text, PANGO_ALIGN_CENTER);
  pango_layout_set_width (text, MAX (MIN (MOST_WIDTH_PX, width - 2 * MARGIN_PX) - 2 * PAD_PX, 40) * PANGO_SCALE);
  return text;
}

void
td_stage_note_snapshot (TdStage *self, GtkSnapshot *snapshot, int width, int height)
{
  const PaintTheme *theme = td_theme_get ();
  GdkRGBA panel = td_theme_rgba (&theme->panel), edge = td_theme_rgba (&theme->panel_edge),
          color = td_theme_rgba (&theme->text);
  g_autoptr (PangoLayout) text = NULL;
  PangoRectangle size;
  GskRoundedRect frame;
  float x, y;

  if (self->note == NULL)
    return;
  text = make_text (self, width);
  pango_layout_get_pixel_extents (text, NULL, &size);
  x = (float) ((width - size.width) / 2 - PAD_PX);
  y = (float) (self->layout != NULL ? height - MARGIN_PX - size.height - 2 * PAD_PX
                                    : self->inset_top + (height - self->inset_top - size.height) / 2 - PAD_PX);
  gsk_rounded_rect_init_from_rect (&frame, &GRAPHENE_RECT_INIT (x, y, (float) (size.width + 2 * PAD_PX),
                                                                (float) (size.height + 2 * PAD_PX)), 9);
  gtk_snapshot_push_rounded_clip (snapshot, &frame);
  gtk_snapshot_append_color (snapshot, &panel, &frame.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &frame, (float[4]) { 1, 1, 1, 1 }, (GdkRGBA[4]) { edge, edge, edge, edge });
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x + PAD_PX - (float) size.x, y + PAD_PX));
  gtk_snapshot_append_layout (snapshot, text, &color);
  gtk_snapshot_restore (snapshot);
}
