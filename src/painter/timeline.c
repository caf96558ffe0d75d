/* SPDX-License-Identifier: MIT
 *
 * The timeline: bands with the words forward, backward, update, each with its own
 * pattern; one tick of equal width per step up to 60 steps. Beyond, the whole run
 * as a strip on top (timeline-strip.c) and below it the window around the position.
 * Steps are counted as the player counts them: in lines when stepping goes by line.
 * The playhead stands between two ticks, as a position lies between two steps, or
 * part of the way where terms are added or a line is half done. UI thread. */
#include "paint-private.h"

#include <math.h>

#define MOST_TICKS 60
#define MOST_LOOKED_AT (4 * MOST_TICKS)
#define KNOB_PX PAINT_KNOB_PX
#define STRIP_GAP_PX 4.0
#define FOOT_PX 4.0
#define FLAG_PX 13.0

typedef PaintTimelineWindow Window;

static PlayerPhase
phase_of (Player *player, guint step)
{
  return paint_phase_of (player, step);
}

/* The page of the iteration that the position is in. Far from the iteration's start
 * pages are counted from the run's, so that they stay where they are; the last one
 * goes back as far as there is room. */
static void
find_page (Player *player, Window *window, guint n)
{
  guint at = CLAMP (player_get_count_position (player), 1, n), start = at;

  while (start > 1 && at - start < MOST_LOOKED_AT && !paint_begins_iteration (player, start))
    start--;
  if (start == 1 || paint_begins_iteration (player, start))
    window->first = start + (at - start) / MOST_TICKS * MOST_TICKS;
  else
    window->first = 1 + (at - 1) / MOST_TICKS * MOST_TICKS;
  window->last = at;
  while (window->last < n && window->last - window->first + 1 < MOST_TICKS
         && !paint_begins_iteration (player, window->last + 1))
    window->last++;
  if (window->last - window->first + 1 < MOST_TICKS)
    window->first = MAX (start, window->last - MIN (window->last, MOST_TICKS) + 1);
}

/* The steps shown as ticks: all of them, else a page. */
static Window
find_window (Player *player, double height)
{
  guint n = player_get_count_steps (player);
  Window window = { 1, n, KNOB_PX, height - FOOT_PX };

  if (n <= MOST_TICKS)
    return window;
  window.top += paint_strip_height (height) + STRIP_GAP_PX;
  find_page (player, &window, n);
  return window;
}

PaintColor
paint_band_color (const PaintTheme *theme, PlayerPhase phase)
{
  return paint_color_mix (&theme->background_edge, paint_phase_color (theme, phase),
                          theme->kind == PAINT_DARK ? 0.24 : 0.18);
}

PaintColor
paint_pale_tick (const PaintTheme *theme, PlayerPhase phase)
{
  PaintColor band = paint_band_color (theme, phase);

  return paint_color_mix (paint_phase_color (theme, phase), &band, 0.16);
}

/* Backward: strokes leaning to the left; update: dots; forward: plain. */
static void
draw_pattern (cairo_t *cr, const LayoutRect *rect, PlayerPhase phase, const PaintColor *color)
{
  if (phase == PLAYER_PHASE_FORWARD)
    return;
  cairo_save (cr);
  paint_rounded (cr, rect, 5);
  cairo_clip (cr);
  paint_set_color_alpha (cr, color, 0.22);
  cairo_set_line_width (cr, 1.4);
  if (phase == PLAYER_PHASE_BACKWARD)
    {
      for (double x = rect->x; x < rect->x + rect->width + rect->height; x += 9)
        {
          cairo_move_to (cr, x, rect->y);
          cairo_line_to (cr, x - rect->height, rect->y + rect->height);
        }
      cairo_stroke (cr);
    }
  else
    for (double x = rect->x + 5; x < rect->x + rect->width; x += 9)
      for (double y = rect->y + 5; y < rect->y + rect->height; y += 8)
        {
          cairo_arc (cr, x, y, 1.3, 0, 2 * G_PI);
          cairo_fill (cr);
        }
  cairo_restore (cr);
}

static void
draw_band (cairo_t *cr, const LayoutRect *rect, PlayerPhase phase, const PaintTheme *theme)
{
  PaintColor color = paint_band_color (theme, phase);
  const char *word = player_phase_word (phase);
  double width, height;

  paint_rounded (cr, rect, 5);
  paint_set_color (cr, &color);
  cairo_fill (cr);
  draw_pattern (cr, rect, phase, paint_phase_color (theme, phase));
  paint_text_size (PAINT_FONT_BAND, word, &width, &height);
  if (width + 12 <= rect->width)
    {
      LayoutRect plate = { rect->x + rect->width - width - 12, rect->y + 1, width + 11, height };

      paint_rounded (cr, &plate, 4);
      paint_set_color (cr, &color);
      cairo_fill (cr);
      paint_text (cr, PAINT_FONT_BAND, word, rect->x + rect->width - 7, rect->y + 1 + height / 2, PAINT_RIGHT, 0,
                  &theme->text);
    }
}

static void
draw_bands (cairo_t *cr, Player *player, const Window *window, double width, const PaintTheme *theme)
{
  double step_width = width / (window->last - window->first + 1);

  for (guint step = window->first; step <= window->last;)
    {
      guint end = step + 1;
      PlayerPhase phase = phase_of (player, step);
      LayoutRect rect = { (step - window->first) * step_width, window->top, 0, window->bottom - window->top };

      while (end <= window->last && phase_of (player, end) == phase)
        end++;
      rect.width = (end - step) * step_width - (end <= window->last ? 1.5 : 0);
      draw_band (cr, &rect, phase, theme);
      step = end;
    }
}

static void
draw_ticks (cairo_t *cr, Player *player, const Window *window, double width, const PaintTheme *theme)
{
  double step_width = width / (window->last - window->first + 1);
  double top = window->top + (window->bottom - window->top) * 0.5;
  guint at = (guint) floor (player_get_place (player));   /* the last one that is done */

  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  for (guint step = window->first; step <= window->last; step++)
    {
      const PaintColor *color = paint_phase_color (theme, phase_of (player, step));
      PaintColor pale = paint_pale_tick (theme, phase_of (player, step));
      double x = (step - window->first + 0.5) * step_width;

      cairo_set_line_width (cr, MIN (step <= at ? 3.4 : 1.6, step_width * 0.5));
      paint_set_color (cr, step <= at ? color : &pale);
      cairo_move_to (cr, x, top);
      cairo_line_to (cr, x, window->bottom - 4);
      cairo_stroke (cr);
    }
}

static void
draw_playhead (cairo_t *cr, double x, double top, double bottom, const PaintTheme *theme)
{
  paint_set_color (cr, &theme->text);
  cairo_set_line_width (cr, 2);
  cairo_move_to (cr, x, top);
  cairo_line_to (cr, x, bottom);
  cairo_stroke (cr);
  cairo_arc (cr, x, top, 4.6, 0, 2 * G_PI);
  cairo_fill (cr);
}

static double
x_of (const Window *window, double place, double width)
{
  return (place + 1.0 - window->first) * width / (window->last - window->first + 1);
}

/* A flag with the mark's number, its pole where the position is. */
static void
draw_flag (cairo_t *cr, double x, guint number, const Window *window, double width, const PaintTheme *theme)
{
  static const PaintColor black = { 0, 0, 0, 1 }, white = { 1, 1, 1, 1 };
  const PaintColor *ink = paint_color_contrast (&theme->accent, &black) > paint_color_contrast (&theme->accent, &white)
                            ? &black : &white;
  double side = x + FLAG_PX > width ? -1 : 1;
  g_autofree char *digit = g_strdup_printf ("%u", number);
  LayoutRect flag = { side > 0 ? x : x - FLAG_PX, window->top, FLAG_PX, FLAG_PX };

  paint_set_color (cr, &theme->accent);
  cairo_set_line_width (cr, 2);
  cairo_move_to (cr, x, window->top);
  cairo_line_to (cr, x, window->bottom);
  cairo_stroke (cr);
  paint_rounded (cr, &flag, 2.5);
  cairo_fill (cr);
  paint_text (cr, PAINT_FONT_MARK, digit, flag.x + FLAG_PX / 2, flag.y + FLAG_PX / 2, PAINT_CENTER, FLAG_PX, ink);
}

static void
draw_flags (cairo_t *cr, Player *player, const Window *window, double width, const PaintTheme *theme)
{
  for (guint k = 1; k <= PLAYER_N_MARKS; k++)
    {
      guint position = player_get_mark (player, k);
      double place = position <= player_get_n_steps (player) ? player_place_of (player, position) : -1;

      if (place >= window->first - 1 && place <= window->last)
        draw_flag (cr, CLAMP (x_of (window, place, width), 1, width - 1), k, window, width, theme);
    }
}

/* Best about 44 px high: the upper half of a band bears its word, the lower its ticks. */
void
paint_timeline (cairo_t *cr, Player *player, double width, double height, const PaintTheme *theme)
{
  Window window;

  g_return_if_fail (player != NULL);
  if (width <= 0 || height <= KNOB_PX + FOOT_PX)
    return;
  if (player_get_n_steps (player) == 0)
    {
      LayoutRect rect = { 0, KNOB_PX, width, height - KNOB_PX - FOOT_PX };

      paint_rounded (cr, &rect, 5);
      paint_set_color (cr, &theme->panel);
      cairo_fill_preserve (cr);
      paint_set_color (cr, &theme->frame);
      cairo_set_line_width (cr, 1);
      cairo_stroke (cr);
      return;
    }
  window = find_window (player, height);
  if (window.top > KNOB_PX)
    paint_strip (cr, player, &window, width, height, theme);
  draw_bands (cr, player, &window, width, theme);
  draw_ticks (cr, player, &window, width, theme);
  draw_flags (cr, player, &window, width, theme);
  draw_playhead (cr, CLAMP (x_of (&window, player_get_place (player), width), 4.6, width - 4.6), window.top - 2,
                 height - 1, theme);
}

static guint
hit_window (Player *player, const Window *window, double width, double x)
{
  guint unit = window->first - 1 + (guint) lround (CLAMP (x / width, 0, 1) * (window->last - window->first + 1));

  return player_from_count (player, unit);
}

guint
paint_timeline_hit_at (Player *player, double width, double height, double x, double y)
{
  Window window;
  guint n;

  g_return_val_if_fail (player != NULL, 0);
  n = player_get_count_steps (player);
  if (width <= 0 || n == 0)
    return 0;
  window = find_window (player, height);
  if (window.top > KNOB_PX && y < window.top - 2)
    return player_from_count (player, (guint) lround (CLAMP (x / width, 0, 1) * n));
  return hit_window (player, &window, width, x);
}

double
paint_timeline_get_height (Player *player)
{
  return player != NULL && player_get_count_steps (player) > MOST_TICKS ? 64 : 42;
}
