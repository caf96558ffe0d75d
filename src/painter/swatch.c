/* SPDX-License-Identifier: MIT
 *
 * The legend's swatches: the same shapes the stage draws, small. Called by the
 * legend widget for each entry, in its rectangle. */
#include "paint-private.h"

static LayoutRect
inner (const LayoutRect *rect, double dx, double dy)
{
  return (LayoutRect) { rect->x + dx, rect->y + dy, MAX (rect->width - 2 * dx, 1), MAX (rect->height - 2 * dy, 1) };
}

static void
draw_box_swatch (cairo_t *cr, const LayoutRect *rect, const PaintTheme *theme, const PaintColor *border,
                 gboolean doubled)
{
  LayoutRect frame = inner (rect, 2, 2);

  paint_rounded (cr, &frame, 5);
  paint_set_color (cr, &theme->box);
  cairo_fill_preserve (cr);
  paint_set_color (cr, border);
  cairo_set_line_width (cr, border == &theme->box_border ? 1.6 : 2);
  cairo_stroke (cr);
  if (!doubled)
    return;
  frame = paint_grown (&frame, -3.2);
  paint_rounded (cr, &frame, 3);
  cairo_set_line_width (cr, 1.2);
  cairo_stroke (cr);
}

static void
draw_pill_swatch (cairo_t *cr, const LayoutRect *rect, const PaintTheme *theme, const char *text, PaintFont font,
                  const PaintColor *border)
{
  LayoutRect frame = inner (rect, 2, 2);

  paint_rounded (cr, &frame, frame.height / 2);
  paint_set_color (cr, &theme->background_edge);
  cairo_fill_preserve (cr);
  paint_set_color (cr, border);
  cairo_set_line_width (cr, 1.4);
  cairo_stroke (cr);
  paint_text (cr, font, text, rect->x + rect->width / 2, rect->y + rect->height / 2, PAINT_CENTER,
              frame.width - 8, font == PAINT_FONT_PILL ? &theme->text : &theme->text_dim);
}

/* A line across; data flows to the right here. */
static void
draw_line_swatch (cairo_t *cr, const LayoutRect *rect, const PaintColor *color, double width)
{
  double y = rect->y + rect->height / 2;

  cairo_move_to (cr, rect->x + 2, y);
  cairo_line_to (cr, rect->x + rect->width - 8, y);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_line_width (cr, width);
  paint_set_color (cr, color);
  cairo_stroke (cr);
}

static void
draw_pulse_swatch (cairo_t *cr, const LayoutRect *rect, const PaintTheme *theme, gboolean backward)
{
  const PaintColor *color = backward ? &theme->backward : &theme->forward;
  double y = rect->y + rect->height / 2, angle = backward ? G_PI : 0;

  draw_line_swatch (cr, rect, color, 3.4);
  for (int i = 1; i <= 2; i++)
    paint_chevron (cr, rect->x + rect->width * i / 3, y, angle, 11, color, &theme->background);
}

static void
draw_passed_swatch (cairo_t *cr, const LayoutRect *rect, const PaintTheme *theme)
{
  double y = rect->y + rect->height / 2;
  PaintColor color = theme->backward;

  color.alpha = PAINT_PASSED_ALPHA;
  draw_line_swatch (cr, rect, &color, 3);
  paint_arrow_head (cr, rect->x + rect->width - 2, y, 0, 8, &theme->edge);
  paint_open_head (cr, rect->x + 4, y, G_PI, 7, &theme->backward);
}

static void
draw_scale_swatch (cairo_t *cr, const LayoutRect *rect, const PaintTheme *theme)
{
  LayoutRect bar = inner (rect, 2, rect->height > 14 ? (rect->height - 12) / 2 : 1);
  int n = 24;

  for (int i = 0; i < n; i++)
    {
      PaintColor color = paint_value_color (theme, 2.0 * i / (n - 1) - 1, 1);

      paint_set_color (cr, &color);
      cairo_rectangle (cr, bar.x + i * bar.width / n, bar.y, bar.width / n + 0.5, bar.height);
      cairo_fill (cr);
    }
}

void
paint_swatch (cairo_t *cr, PaintSwatch swatch, const LayoutRect *rect, const PaintTheme *theme)
{
  LayoutRect part = inner (rect, 2, 2);

  cairo_save (cr);
  switch (swatch)
    {
    case PAINT_SWATCH_LEAF:
      draw_box_swatch (cr, rect, theme, &theme->leaf, TRUE);
      break;
    case PAINT_SWATCH_BOX:
      draw_box_swatch (cr, rect, theme, &theme->box_border, FALSE);
      break;
    case PAINT_SWATCH_OUTPUT:
      draw_box_swatch (cr, rect, theme, &theme->output, FALSE);
      break;
    case PAINT_SWATCH_PILL:
      draw_pill_swatch (cr, rect, theme, "mm", PAINT_FONT_PILL, &theme->box_border);
      break;
    case PAINT_SWATCH_TAG:
      draw_pill_swatch (cr, rect, theme, "ᵀ", PAINT_FONT_TAG, &theme->edge_dim);
      break;
    case PAINT_SWATCH_SAVED:
      part = (LayoutRect) { rect->x, rect->y, rect->width / 2 + 4, rect->height / 2 + 4 };
      paint_saved_tab (cr, &part, theme);
      break;
    case PAINT_SWATCH_FLOW:
      draw_line_swatch (cr, rect, &theme->edge, 1.9);
      paint_arrow_head (cr, rect->x + rect->width - 2, rect->y + rect->height / 2, 0, 8, &theme->edge);
      break;
    case PAINT_SWATCH_FORWARD:
    case PAINT_SWATCH_BACKWARD:
      draw_pulse_swatch (cr, rect, theme, swatch == PAINT_SWATCH_BACKWARD);
      break;
    case PAINT_SWATCH_PASSED:
      draw_passed_swatch (cr, rect, theme);
      break;
    case PAINT_SWATCH_SCALE:
      draw_scale_swatch (cr, rect, theme);
      break;
    default:
      break;
    }
  cairo_restore (cr);
}
