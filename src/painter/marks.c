/* SPDX-License-Identifier: MIT
 *
 * Small shapes: rounded boxes, the lit ring with its glow, framed words, the tab
 * of saved tensors, arrow heads, chevrons, the ready number. No state; each sets
 * its own source and line. */
#include "paint-private.h"

#include <math.h>

LayoutRect
paint_grown (const LayoutRect *rect, double by)
{
  return (LayoutRect) { rect->x - by, rect->y - by, rect->width + 2 * by, rect->height + 2 * by };
}

void
paint_rounded (cairo_t *cr, const LayoutRect *rect, double radius)
{
  double r = MIN (radius, MIN (rect->width, rect->height) / 2);

  cairo_new_sub_path (cr);
  cairo_arc (cr, rect->x + rect->width - r, rect->y + r, r, -G_PI / 2, 0);
  cairo_arc (cr, rect->x + rect->width - r, rect->y + rect->height - r, r, 0, G_PI / 2);
  cairo_arc (cr, rect->x + r, rect->y + rect->height - r, r, G_PI / 2, G_PI);
  cairo_arc (cr, rect->x + r, rect->y + r, r, G_PI, 3 * G_PI / 2);
  cairo_close_path (cr);
}

/* A 3 px ring outside the shape, so that it exists on white, and a soft halo round it. */
void
paint_glow (cairo_t *cr, const LayoutRect *rect, double radius, const PaintColor *color)
{
  LayoutRect ring = paint_grown (rect, 4);

  for (int i = 4; i >= 1; i--)
    {
      paint_rounded (cr, &ring, radius + 4);
      cairo_set_line_width (cr, 3 + 3.2 * i);
      paint_set_color_alpha (cr, color, 0.075);
      cairo_stroke (cr);
    }
  paint_rounded (cr, &ring, radius + 4);
  cairo_set_line_width (cr, 3);
  paint_set_color (cr, color);
  cairo_stroke (cr);
}

void
paint_framed_word (cairo_t *cr, const LayoutRect *rect, const char *word, const PaintTheme *theme)
{
  static const double dashes[] = { 3, 2.5 };
  LayoutRect frame = paint_grown (rect, -0.5);

  cairo_save (cr);
  paint_rounded (cr, &frame, 4);
  cairo_set_dash (cr, dashes, 2, 0);
  cairo_set_line_width (cr, 1);
  paint_set_color (cr, &theme->frame);
  cairo_stroke (cr);
  cairo_restore (cr);
  paint_text (cr, PAINT_FONT_WORDS, word, rect->x + rect->width / 2, rect->y + rect->height / 2, PAINT_CENTER,
              rect->width - 6, &theme->text_dim);
}

LayoutRect
paint_saved_tab_rect (const LayoutRect *box)
{
  return (LayoutRect) { box->x + box->width - 14, box->y + box->height - 7, 17, 15 };
}

/* "S" on a tab: kept by a grad_fn for backward. */
void
paint_saved_tab (cairo_t *cr, const LayoutRect *box, const PaintTheme *theme)
{
  LayoutRect tab = paint_saved_tab_rect (box);

  paint_rounded (cr, &tab, 3.5);
  paint_set_color (cr, &theme->background_edge);
  cairo_fill_preserve (cr);
  paint_set_color (cr, &theme->box_border);
  cairo_set_line_width (cr, 1.3);
  cairo_stroke (cr);
  paint_text (cr, PAINT_FONT_MARK, "S", tab.x + tab.width / 2, tab.y + tab.height / 2, PAINT_CENTER, 0,
              &theme->text);
}

/* Filled, its tip at the point: where data flows to. */
void
paint_arrow_head (cairo_t *cr, double x, double y, double angle, double length, const PaintColor *color)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_rotate (cr, angle);
  cairo_move_to (cr, 0, 0);
  cairo_line_to (cr, -length, length * 0.56);
  cairo_line_to (cr, -length, -length * 0.56);
  cairo_close_path (cr);
  paint_set_color (cr, color);
  cairo_fill (cr);
  cairo_restore (cr);
}

/* Two strokes: a gradient has passed here. */
void
paint_open_head (cairo_t *cr, double x, double y, double angle, double length, const PaintColor *color)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_rotate (cr, angle);
  cairo_move_to (cr, -length, length * 0.85);
  cairo_line_to (cr, 0, 0);
  cairo_line_to (cr, -length, -length * 0.85);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_MITER);
  cairo_set_line_width (cr, 2.6);
  paint_set_color (cr, color);
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* A pulse, pointing where it travels; the halo sets it off from its own line. */
void
paint_chevron (cairo_t *cr, double x, double y, double angle, double length,
               const PaintColor *color, const PaintColor *halo)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_rotate (cr, angle);
  cairo_move_to (cr, length * 0.5, 0);
  cairo_line_to (cr, -length * 0.62, length * 0.62);
  cairo_line_to (cr, -length * 0.18, 0);
  cairo_line_to (cr, -length * 0.62, -length * 0.62);
  cairo_close_path (cr);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  paint_set_color (cr, halo);
  cairo_set_line_width (cr, 3);
  cairo_stroke_preserve (cr);
  paint_set_color (cr, color);
  cairo_fill (cr);
  cairo_restore (cr);
}

void
paint_number_mark (cairo_t *cr, double x, double y, guint number, const PaintTheme *theme)
{
  g_autofree char *text = g_strdup_printf ("%u", number);

  cairo_new_sub_path (cr);
  cairo_arc (cr, x, y, 9.5, 0, 2 * G_PI);
  paint_set_color (cr, &theme->background_edge);
  cairo_fill_preserve (cr);
  paint_set_color (cr, &theme->backward);
  cairo_set_line_width (cr, 1.6);
  cairo_stroke (cr);
  paint_text (cr, PAINT_FONT_MARK, text, x, y, PAINT_CENTER, 14, &theme->backward);
}
