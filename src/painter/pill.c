/* SPDX-License-Identifier: MIT
 *
 * One pill: an operation as the student wrote it; in the backward phase its
 * grad_fn's name below, its running number at the left, its factor at the right.
 * Called by still.c. */
#include "paint-private.h"

static gboolean
is_backward (const PlayerNode *node)
{
  return node->pill_state == PLAYER_PILL_READY || node->pill_state == PLAYER_PILL_LIT
         || node->pill_state == PLAYER_PILL_RAN || node->pill_state == PLAYER_PILL_FAILED;
}

static void
draw_frame (cairo_t *cr, const PaintTheme *theme, const PlayerNode *node, const LayoutRect *rect)
{
  const PaintColor *border = &theme->box_border;
  LayoutRect frame = paint_grown (rect, -1);

  if (node->pill_state == PLAYER_PILL_FORWARD)
    border = &theme->forward;
  else if (node->pill_state == PLAYER_PILL_LIT)
    border = &theme->backward;
  else if (node->pill_state == PLAYER_PILL_FAILED)
    border = &theme->error;
  if (border != &theme->box_border)
    paint_glow (cr, rect, rect->height / 2, border);
  paint_rounded (cr, &frame, rect->height / 2);
  paint_set_color (cr, &theme->background_edge);
  cairo_fill_preserve (cr);
  paint_set_color (cr, border);
  cairo_set_line_width (cr, 1.6);
  cairo_stroke (cr);
}

/* The colour of what is written small at a pill: its state's, where it is what the step is about. */
static const PaintColor *
note_color (const PlayerNode *node, const PaintTheme *theme)
{
  if (node->pill_state == PLAYER_PILL_FAILED)
    return &theme->error;
  return node->pill_state == PLAYER_PILL_LIT ? &theme->backward : &theme->text_dim;
}

static void
draw_label (cairo_t *cr, const PaintTheme *theme, const PlayerNode *node, const LayoutRect *rect)
{
  double x = rect->x + rect->width / 2, y = rect->y + rect->height / 2;
  gboolean two = is_backward (node) && node->grad_fn_name != NULL;

  paint_text (cr, PAINT_FONT_PILL, node->label, x, two ? y - 6 : y, PAINT_CENTER, rect->width - 24,
              node->pill_state == PLAYER_PILL_FAILED ? &theme->error : &theme->text);
  if (two)
    paint_text (cr, PAINT_FONT_GRAD_FN, node->grad_fn_name, x, y + 8, PAINT_CENTER, rect->width - 18,
                note_color (node, theme));
}

void
paint_pill (cairo_t *cr, const PaintScene *scene, const PlayerNode *node, const LayoutRect *rect)
{
  const PaintTheme *theme = scene->theme;
  double y = rect->y + rect->height / 2;

  draw_frame (cr, theme, node, rect);
  if (scene->zoom < PAINT_TINY_ZOOM)
    return;
  draw_label (cr, theme, node, rect);
  if (node->pill_state == PLAYER_PILL_READY && node->ready_nr > 0)
    paint_number_mark (cr, rect->x - 12, y, node->ready_nr, theme);
  if (node->factor != NULL && is_backward (node) && node->pill_state != PLAYER_PILL_READY)
    paint_text (cr, PAINT_FONT_WORDS, node->factor, rect->x + rect->width + 9, y, PAINT_LEFT, 0,
                note_color (node, theme));
}
