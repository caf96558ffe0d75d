/* SPDX-License-Identifier: MIT
 *
 * The timeline over a real player: a tick per step, the playhead where the
 * position is, hits that lead back to it, and the strip beyond 60 steps. */
#include "../player/tape.h"
#include "painter/paint-private.h"
#include "pixels.h"

#include <math.h>

#define WIDTH 900
#define HEIGHT 44

static cairo_surface_t *
draw (Player *player, PaintThemeKind theme)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);

  paint_timeline (cr, player, WIDTH, HEIGHT, paint_theme_get (theme));
  cairo_destroy (cr);
  return surface;
}

static Player *
new_demo_player (Tape *tape)
{
  Player *player = player_new ();

  player_set_recording (player, tape->recording);
  player_sync (player, FALSE);
  g_assert_cmpuint (player_get_n_steps (player), ==, 18);
  return player;
}

/* An RNN-like loop long enough for the overview. */
static Tape *
new_long_tape (guint rounds)
{
  Tape *tape = tape_new ();
  TapeTensor *h;

  tape_begin (tape, 1);
  h = tape_leaf (tape, 4, 4, TRUE, NULL);
  tape_name (tape, "h", h);
  tape_end (tape);
  for (guint i = 0; i < rounds; i++)
    {
      tape_begin (tape, 2);
      h = tape_op (tape, TAPE_TANH, h, NULL, NULL);
      tape_name (tape, "h", h);
      tape_end (tape);
    }
  tape_ends (tape);
  return tape;
}

/* Ticks stand in the lower half at the middle of equal cells, in their phase's colour. */
static void
test_ticks (void)
{
  g_autoptr (Tape) tape = tape_new_demo ();
  g_autoptr (Player) player = new_demo_player (tape);
  const PaintTheme *theme = paint_theme_get (PAINT_DARK);
  cairo_surface_t *picture;

  player_set_position (player, 18);
  picture = draw (player, PAINT_DARK);
  for (guint step = 1; step <= 18; step++)
    {
      const PaintColor *color = step <= 9 ? &theme->forward : &theme->backward;
      int x = lround ((step - 0.5) * WIDTH / 18);

      g_assert_cmpuint (pixels_like (picture, x - 2, 30, 4, 4, color, 30), >=, 8);
      g_assert_cmpuint (pixels_like (picture, x - 16, 30, 10, 4, color, 10), ==, 0);
    }
  cairo_surface_destroy (picture);
}

/* Steps to come are thinner and paler; the playhead stands between done and to come. */
static void
test_playhead (void)
{
  g_autoptr (Tape) tape = tape_new_demo ();
  g_autoptr (Player) player = new_demo_player (tape);
  const PaintTheme *theme = paint_theme_get (PAINT_LIGHT);

  for (guint position = 1; position < 18; position++)
    {
      cairo_surface_t *picture;
      int x = lround (position * WIDTH / 18.0), next = lround ((position + 0.5) * WIDTH / 18);
      const PaintColor *color = position + 1 <= 9 ? &theme->forward : &theme->backward;

      player_set_position (player, position);
      picture = draw (player, PAINT_LIGHT);
      g_assert_cmpuint (pixels_like (picture, x - 1, 20, 2, 16, &theme->text, 60), >=, 16);
      g_assert_cmpuint (pixels_like (picture, next - 3, 30, 6, 4, color, 10), <, 8);
      cairo_surface_destroy (picture);
    }
}

static void
test_hits (void)
{
  g_autoptr (Tape) tape = tape_new_demo ();
  g_autoptr (Player) player = new_demo_player (tape);

  for (guint position = 0; position <= 18; position++)
    {
      g_assert_cmpuint (paint_timeline_hit_at (player, WIDTH, HEIGHT, position * WIDTH / 18.0, HEIGHT - 4),
                        ==, position);
    }
  g_assert_cmpuint (paint_timeline_hit_at (player, WIDTH, HEIGHT, -50, HEIGHT - 4), ==, 0);
  g_assert_cmpuint (paint_timeline_hit_at (player, WIDTH, HEIGHT, WIDTH + 50, HEIGHT - 4), ==, 18);
  g_assert_cmpuint (paint_timeline_hit_at (player, 0, HEIGHT, 10, HEIGHT - 4), ==, 0);
}

/* Bands differ in more than colour: backward is hatched. */
static void
test_patterns (void)
{
  g_autoptr (Tape) tape = tape_new_demo ();
  g_autoptr (Player) player = new_demo_player (tape);
  const PaintTheme *theme = paint_theme_get (PAINT_DARK);
  PaintColor forward = paint_band_color (theme, PLAYER_PHASE_FORWARD);
  PaintColor backward = paint_band_color (theme, PLAYER_PHASE_BACKWARD);
  cairo_surface_t *picture;
  guint plain, hatched;

  player_set_position (player, 0);
  picture = draw (player, PAINT_DARK);
  plain = pixels_like (picture, 60, 12, 200, 8, &forward, 2);
  hatched = pixels_like (picture, 510, 12, 200, 8, &backward, 2);
  g_assert_cmpuint (plain, ==, 200 * 8);
  g_assert_cmpuint (hatched, <, 200 * 8 * 9 / 10);
  g_assert_cmpuint (hatched, >, 200 * 8 / 2);
  cairo_surface_destroy (picture);
}

/* Beyond 60 steps: the strip leads anywhere, the window shows the place of the position. */
static void
test_overview (void)
{
  g_autoptr (Tape) tape = new_long_tape (199);
  g_autoptr (Player) player = player_new ();
  guint n;

  player_set_recording (player, tape->recording);
  player_sync (player, FALSE);
  n = player_get_n_steps (player);
  g_assert_cmpuint (n, >, 180);
  for (guint position = 0; position <= n; position += 13)
    {
      guint left, right;

      player_set_position (player, position);
      left = paint_timeline_hit_at (player, WIDTH, HEIGHT, 0, HEIGHT - 4);
      right = paint_timeline_hit_at (player, WIDTH, HEIGHT, WIDTH, HEIGHT - 4);
      g_assert_cmpuint (left, <=, position);
      g_assert_cmpuint (right, >=, position);
      g_assert_cmpuint (right - left, <=, 60);
      g_assert_cmpuint (paint_timeline_hit_at (player, WIDTH, HEIGHT, WIDTH / 2.0, 10), ==, (n + 1) / 2);
      cairo_surface_destroy (draw (player, PAINT_LIGHT));
    }
}

static void
test_empty (void)
{
  g_autoptr (Player) player = player_new ();
  cairo_surface_t *picture = draw (player, PAINT_LIGHT);

  g_assert_cmpuint (paint_timeline_hit_at (player, WIDTH, HEIGHT, 100, HEIGHT - 4), ==, 0);
  g_assert_cmpuint (pixels_like (picture, 0, 0, WIDTH, HEIGHT, &paint_theme_get (PAINT_LIGHT)->forward, 10), ==, 0);
  cairo_surface_destroy (picture);
}

/* Each entry of the legend draws something, and no two the same. */
static void
test_swatches (void)
{
  cairo_surface_t *pictures[PAINT_SWATCH_SCALE + 1];
  LayoutRect rect = { 0, 0, 44, 24 };

  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
    {
      cairo_t *cr;

      pictures[i] = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 44, 24);
      cr = cairo_create (pictures[i]);
      paint_swatch (cr, i, &rect, paint_theme_get (PAINT_DARK));
      cairo_destroy (cr);
      for (guint j = 0; j < i; j++)
        g_assert_cmpuint (pixels_differing (pictures[i], pictures[j], 0), >, 20);
    }
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
    cairo_surface_destroy (pictures[i]);
}

/* Far from any iteration's start too, the window shows as many steps as there is room for,
 * keeps still while one steps through it, and what lies before the position can be clicked. */
static void
test_pages (void)
{
  g_autoptr (Tape) tape = new_long_tape (1001);
  g_autoptr (Player) player = player_new ();
  guint n, last_first = 0, n_moves = 0;

  player_set_recording (player, tape->recording);
  player_sync (player, FALSE);
  n = player_get_n_steps (player);
  for (guint at = 0; at <= n; at++)
    {
      guint first, last;

      player_set_position (player, at);
      first = paint_timeline_hit_at (player, WIDTH, HEIGHT, 1, HEIGHT - 4);
      last = paint_timeline_hit_at (player, WIDTH, HEIGHT, WIDTH - 1, HEIGHT - 4);
      g_assert_cmpuint (last - first, ==, 60);
      g_assert_cmpuint (first, <=, at > 0 ? at - 1 : 0);
      g_assert_cmpuint (last, >=, at);
      n_moves += first != last_first ? 1 : 0;
      last_first = first;
    }
  g_assert_cmpuint (n_moves, <=, n / 60 + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/painter/timeline/ticks", test_ticks);
  g_test_add_func ("/painter/timeline/playhead", test_playhead);
  g_test_add_func ("/painter/timeline/hits", test_hits);
  g_test_add_func ("/painter/timeline/patterns", test_patterns);
  g_test_add_func ("/painter/timeline/overview", test_overview);
  g_test_add_func ("/painter/timeline/empty", test_empty);
  g_test_add_func ("/painter/swatches", test_swatches);
  g_test_add_func ("/painter/timeline/pages", test_pages);
  return g_test_run ();
}
