/* SPDX-License-Identifier: MIT
 *
 * The plate in the stage's corner that says how many iterations of a loop one graph
 * stands for: "line 5 × 20". It belongs to the view, not to the layout: wherever one
 * looks, it is there. Called by the stage and by pictures. */
#include "paint-private.h"

#define PAD_X 9.0
#define PAD_Y 4.0
#define SHEET_PX 3.0         /* two sheets peep out behind the plate: one stands for several */

static void
draw_sheet (cairo_t *cr, const LayoutRect *rect, const PaintTheme *theme)
{
  paint_rounded (cr, rect, 6);
  paint_set_color (cr, &theme->box);
  cairo_fill_preserve (cr);
  paint_set_color (cr, &theme->box_border);
  cairo_set_line_width (cr, 1.2);
  cairo_stroke (cr);
}

gboolean
paint_folds (cairo_t *cr, const PlayerGraph *graph, double left, double bottom, const PaintTheme *theme, LayoutRect *rect)
{
  g_autofree char *text = graph != NULL ? player_graph_dup_folds (graph) : NULL;
  double width, height;
  LayoutRect plate;

  if (text == NULL)
    return FALSE;
  paint_text_size (PAINT_FONT_WORDS, text, &width, &height);
  plate = (LayoutRect) { left, bottom - height - 2 * PAD_Y, width + 2 * PAD_X, height + 2 * PAD_Y };
  if (rect != NULL)
    *rect = plate;
  if (cr == NULL)
    return TRUE;
  for (int k = 2; k >= 0; k--)
    {
      LayoutRect sheet = plate;

      sheet.x += k * SHEET_PX;
      sheet.y -= k * SHEET_PX;
      draw_sheet (cr, &sheet, theme);
    }
  paint_text (cr, PAINT_FONT_WORDS, text, plate.x + PAD_X, plate.y + plate.height / 2, PAINT_LEFT, 0, &theme->text);
  return TRUE;
}
