/* SPDX-License-Identifier: MIT
 *
 * Every pair of colours that the painter puts on each other, in both themes:
 * text at least 4.5:1, lines and marks at least 3:1 (WCAG 2.1). */
#include "painter/paint-private.h"

#define ON(theme, what, where, least) on (theme, #what " on " #where, &(theme)->what, &(theme)->where, least)

static void
on (const PaintTheme *theme, const char *pair, const PaintColor *what, const PaintColor *where, double least)
{
  double contrast = paint_color_contrast (what, where);

  if (!(contrast >= least))
    g_test_message ("%s: %s is %.2f:1, wanted %.1f", theme->kind == PAINT_DARK ? "dark" : "light", pair, contrast, least);
  g_assert_cmpfloat (contrast, >=, least);
}

static void
check_text (const PaintTheme *theme)
{
  ON (theme, text, background, 4.5);
  ON (theme, text, background_edge, 4.5);
  ON (theme, text, panel, 4.5);
  ON (theme, text, box, 4.5);
  ON (theme, text_dim, background, 4.5);
  ON (theme, text_dim, background_edge, 4.5);
  ON (theme, text_dim, panel, 4.5);
  ON (theme, text_dim, box, 4.5);
  ON (theme, text_dim, box_dim, 4.5);
  ON (theme, backward, background, 4.5);
  ON (theme, backward, background_edge, 4.5);
  ON (theme, backward, panel, 4.5);
  ON (theme, error, background_edge, 4.5);
  ON (theme, error, panel, 4.5);
}

static void
check_marks (const PaintTheme *theme)
{
  const PaintColor *grounds[] = { &theme->background, &theme->background_edge };
  const PaintColor *marks[] = {
    &theme->box_border, &theme->edge, &theme->edge_dim, &theme->frame, &theme->leaf, &theme->output,
    &theme->forward, &theme->backward, &theme->update, &theme->error, &theme->accent };

  for (guint g = 0; g < G_N_ELEMENTS (grounds); g++)
    {
      for (guint m = 0; m < G_N_ELEMENTS (marks); m++)
        on (theme, "mark on ground", marks[m], grounds[g], 3);
      PaintColor passed = paint_color_mix (grounds[g], &theme->backward, PAINT_PASSED_ALPHA);
      on (theme, "passed edge on ground", &passed, grounds[g], 3);
    }
  ON (theme, frame, box, 3);
  ON (theme, frame, box_dim, 3);
  ON (theme, box_border, box, 3);
  ON (theme, edge_dim, box_dim, 3);
  ON (theme, leaf, box, 3);
  ON (theme, output, box, 3);
}

/* Of the editor: the position's lines, those of what is pointed at, and both on one another. */
static void
check_lines (const PaintTheme *theme)
{
  PaintColor pointed = paint_color_mix (&theme->background, &theme->accent, PAINT_POINTED_ALPHA);

  on (theme, "text on a pointed line", &theme->text, &pointed, 4.5);
  on (theme, "number on a pointed line", &theme->text_dim, &pointed, 4.5);
  on (theme, "bar on its line", &theme->accent, &pointed, 3);
  for (PlayerPhase phase = PLAYER_PHASE_FORWARD; phase <= PLAYER_PHASE_UPDATE; phase++)
    {
      PaintColor line = paint_color_mix (&theme->background, paint_phase_color (theme, phase),
                                         PAINT_POSITION_ALPHA);

      on (theme, "text on the position's line", &theme->text, &line, 4.5);
      on (theme, "arrow on its line", paint_phase_color (theme, phase), &line, 3);
      on (theme, "bar on the position's line", &theme->accent, &line, 3);
    }
  ON (theme, accent, background, 4.5); /* links */
  ON (theme, accent, box, 4.5);
}

static void
check_maps (const PaintTheme *theme)
{
  ON (theme, positive, box, 3);
  ON (theme, negative, box, 3);
  ON (theme, positive, zero, 3);
  ON (theme, negative, zero, 3);
  ON (theme, nan, zero, 4.5);
  ON (theme, zero, box, 1.15);
}

static void
check_timeline (const PaintTheme *theme)
{
  for (PlayerPhase phase = PLAYER_PHASE_FORWARD; phase <= PLAYER_PHASE_UPDATE; phase++)
    {
      PaintColor band = paint_band_color (theme, phase), pale = paint_pale_tick (theme, phase);

      on (theme, "word on band", &theme->text, &band, 4.5);
      on (theme, "tick on band", paint_phase_color (theme, phase), &band, 3);
      on (theme, "future tick on band", &pale, &band, 3);
      on (theme, "playhead on band", &theme->text, &band, 3);
    }
}

static void
test_light (void)
{
  const PaintTheme *theme = paint_theme_get (PAINT_LIGHT);

  check_text (theme);
  check_marks (theme);
  check_lines (theme);
  check_maps (theme);
  check_timeline (theme);
}

static void
test_dark (void)
{
  const PaintTheme *theme = paint_theme_get (PAINT_DARK);

  check_text (theme);
  check_marks (theme);
  check_lines (theme);
  check_maps (theme);
  check_timeline (theme);
}

/* The formula itself: black on white is 21, a known grey pair is known. */
static void
test_formula (void)
{
  PaintColor black = { 0, 0, 0, 1 }, white = { 1, 1, 1, 1 };
  PaintColor grey = { 0x76 / 255.0, 0x76 / 255.0, 0x76 / 255.0, 1 };

  g_assert_cmpfloat_with_epsilon (paint_color_contrast (&black, &white), 21, 1e-9);
  g_assert_cmpfloat_with_epsilon (paint_color_contrast (&grey, &white), 4.54, 0.01);
  g_assert_cmpfloat_with_epsilon (paint_color_contrast (&grey, &grey), 1, 1e-9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/painter/contrast/formula", test_formula);
  g_test_add_func ("/painter/contrast/light", test_light);
  g_test_add_func ("/painter/contrast/dark", test_dark);
  return g_test_run ();
}
