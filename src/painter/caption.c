/* SPDX-License-Identifier: MIT
 *
 * What stands above and below the graph in a picture or a film, where no window
 * says it: caption and next step above; phase, timeline and number below. Their
 * heights never change, so that the graph keeps its place from frame to frame. */
#include "paint-private.h"

#define SIDE_PX 18.0
#define LINE_PX 20.0
#define WORD_PX 84.0
#define NUMBER_PX 92.0
#define TIMELINE_PX 44.0
#define PANEL_ALPHA 0.88

void
paint_caption (cairo_t *cr, const char *caption, const char *next, double width, const PaintTheme *theme)
{
  double room = MAX (width - 2 * SIDE_PX, 1), y;
  g_auto (GStrv) lines = paint_text_wrap (PAINT_FONT_CAPTION, caption, room, 2);
  guint n = g_strv_length (lines);

  cairo_rectangle (cr, 0, 0, width, PAINT_CAPTION_HEIGHT);
  paint_set_color_alpha (cr, &theme->background, PANEL_ALPHA);
  cairo_fill (cr);
  y = n > 1 ? 9 + LINE_PX / 2 : 12 + LINE_PX / 2;
  for (guint k = 0; k < n; k++, y += LINE_PX)
    paint_text (cr, PAINT_FONT_CAPTION, lines[k], width / 2, y, PAINT_CENTER, room, &theme->text);
  if (next != NULL && next[0] != '\0')
    paint_text (cr, PAINT_FONT_NEXT, next, width / 2, y, PAINT_CENTER, room, &theme->text_dim);
}

static void
draw_phase (cairo_t *cr, PlayerPhase phase, double y, const PaintTheme *theme)
{
  LayoutRect rect = { SIDE_PX, y - 12, WORD_PX, 24 };
  const PaintColor *color = paint_phase_color (theme, phase);

  paint_rounded (cr, &rect, 12);
  paint_set_color_alpha (cr, color, 0.22);
  cairo_fill_preserve (cr);
  paint_set_color (cr, color);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
  paint_text (cr, PAINT_FONT_BAND, player_phase_word (phase), rect.x + rect.width / 2, y, PAINT_CENTER, rect.width - 8,
              &theme->text);
}

void
paint_foot (cairo_t *cr, Player *player, double width, const PaintTheme *theme)
{
  double y = PAINT_FOOT_HEIGHT / 2, left = 2 * SIDE_PX + WORD_PX, right = width - NUMBER_PX - SIDE_PX;
  g_autofree char *number = g_strdup_printf ("step %u of %u", player_get_position (player), player_get_n_steps (player));

  cairo_rectangle (cr, 0, 0, width, PAINT_FOOT_HEIGHT);
  paint_set_color (cr, &theme->panel);
  cairo_fill (cr);
  cairo_rectangle (cr, 0, 0, width, 1);
  paint_set_color (cr, &theme->panel_edge);
  cairo_fill (cr);
  draw_phase (cr, player_get_phase (player), y, theme);
  paint_text (cr, PAINT_FONT_BAND, number, width - SIDE_PX, y, PAINT_RIGHT, NUMBER_PX - 6, &theme->text);
  cairo_save (cr);
  cairo_translate (cr, left, y - TIMELINE_PX / 2 - 3);
  paint_timeline (cr, player, right - left, TIMELINE_PX, theme);
  cairo_restore (cr);
}
