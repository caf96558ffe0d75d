/* SPDX-License-Identifier: MIT
 *
 * The overview of a long run, above the timeline's window: phases as columns, where
 * iterations begin, the loss of each backward pass as a curve where there is room,
 * marks, and the frame of the window. UI thread. */
#include "paint-private.h"

#include <math.h>

#define LEAST_CURVE_PX 16.0
#define LEAST_ITERATION_PX 5.0

double
paint_strip_height (double height)
{
  return CLAMP (height - 35, 9, 28);
}

PlayerPhase
paint_phase_of (Player *player, guint unit)
{
  return player_get_step (player, player_from_count (player, unit))->phase;
}

gboolean
paint_begins_iteration (Player *player, guint unit)
{
  return unit > 1 && paint_phase_of (player, unit) == PLAYER_PHASE_FORWARD
         && paint_phase_of (player, unit - 1) != PLAYER_PHASE_FORWARD;
}

static void
draw_columns (cairo_t *cr, Player *player, double width, double height, const PaintTheme *theme)
{
  guint n = player_get_count_steps (player);
  double at = player_get_place (player);

  for (double x = 0; x < width; x += 2)
    {
      guint unit = CLAMP ((guint) (x / width * n) + 1, 1, n);
      PaintColor color = paint_color_mix (&theme->background_edge, paint_phase_color (theme, paint_phase_of (player, unit)),
                                          unit <= at ? 0.75 : 0.35);

      paint_set_color (cr, &color);
      cairo_rectangle (cr, x, PAINT_KNOB_PX, MIN (2, width - x), height);
      cairo_fill (cr);
    }
}

/* Where iterations begin, unless they stand too close to be told apart. */
static void
draw_iterations (cairo_t *cr, Player *player, double width, double height, const PaintTheme *theme)
{
  guint n = player_get_count_steps (player);
  double last = -LEAST_ITERATION_PX;

  if (n > width * 8)
    return;
  paint_set_color (cr, &theme->background);
  cairo_set_line_width (cr, 1.5);
  for (guint unit = 2; unit <= n; unit++)
    {
      double x = (unit - 1) * width / n;

      if (x - last < LEAST_ITERATION_PX || !paint_begins_iteration (player, unit))
        continue;
      cairo_move_to (cr, x, PAINT_KNOB_PX);
      cairo_line_to (cr, x, PAINT_KNOB_PX + height);
      last = x;
    }
  cairo_stroke (cr);
}

/* Lowest and highest loss; FALSE: fewer than two are known. */
static gboolean
find_range (Player *player, double *low, double *high)
{
  guint n_known = 0, position;
  double loss;

  *low = G_MAXDOUBLE;
  *high = -G_MAXDOUBLE;
  for (guint k = 0; k < player_get_n_losses (player); k++)
    if (player_get_loss (player, k, &position, &loss))
      {
        *low = MIN (*low, loss);
        *high = MAX (*high, loss);
        n_known++;
      }
  return n_known >= 2;
}

/* At most one point for each px. */
static void
draw_losses (cairo_t *cr, Player *player, double width, double height, const PaintTheme *theme)
{
  double low, high, last = -1, loss;
  guint n = player_get_count_steps (player), position;

  if (height < LEAST_CURVE_PX || !find_range (player, &low, &high))
    return;
  for (guint k = 0; k < player_get_n_losses (player); k++)
    if (player_get_loss (player, k, &position, &loss))
      {
        double x = player_place_of (player, position) * width / n;
        double y = high > low ? (high - loss) / (high - low) : 0.5;

        if (x - last < 1 && last >= 0)
          continue;
        cairo_line_to (cr, x, PAINT_KNOB_PX + 3 + y * (height - 6));
        last = x;
      }
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  paint_set_color (cr, &theme->background);
  cairo_set_line_width (cr, 4);
  cairo_stroke_preserve (cr);
  paint_set_color (cr, &theme->text);
  cairo_set_line_width (cr, 1.6);
  cairo_stroke (cr);
}

static void
draw_marks (cairo_t *cr, Player *player, double width, double height, const PaintTheme *theme)
{
  guint n = player_get_count_steps (player);

  paint_set_color (cr, &theme->accent);
  for (guint k = 1; k <= PLAYER_N_MARKS; k++)
    {
      guint position = player_get_mark (player, k);

      if (position > player_get_n_steps (player))
        continue;
      cairo_rectangle (cr, CLAMP (player_place_of (player, position) * width / n - 1.5, 0, width - 3), PAINT_KNOB_PX, 3,
                       height);
      cairo_fill (cr);
    }
}

void
paint_strip (cairo_t *cr, Player *player, const PaintTimelineWindow *window, double width, double full_height,
             const PaintTheme *theme)
{
  guint n = player_get_count_steps (player);
  double height = paint_strip_height (full_height);
  LayoutRect frame = { (window->first - 1) * width / n, PAINT_KNOB_PX - 1,
                       MAX ((window->last - window->first + 1) * width / n, 4), height + 2 };

  draw_columns (cr, player, width, height, theme);
  draw_iterations (cr, player, width, height, theme);
  draw_losses (cr, player, width, height, theme);
  draw_marks (cr, player, width, height, theme);
  paint_rounded (cr, &frame, 3);
  paint_set_color (cr, &theme->text);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
}
