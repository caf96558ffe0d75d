/* SPDX-License-Identifier: MIT
 *
 * Truth of what is exported: with two seeds every film frame that bears values
 * differs, with one seed none does; an SVG of the build whose derivative is scaled
 * tells the scaled gradient. No frame is canned. */
#include "export/film.h"
#include "export/picture.h"
#include "truth-run.h"

#include <glib/gstdio.h>
#include <string.h>

/* The frame without the caption: its graph alone must tell. */
static GBytes *
room_of (ExportReel *reel, guint frame)
{
  cairo_surface_t *page = export_reel_paint (reel, frame);
  int stride = cairo_image_surface_get_stride (page), height = cairo_image_surface_get_height (page);
  int top = (int) PAINT_CAPTION_HEIGHT + 1, bottom = height - (int) PAINT_FOOT_HEIGHT - 1;

  return g_bytes_new (cairo_image_surface_get_data (page) + top * stride, (gsize) ((bottom - top) * stride));
}

/* Counts frames after position 0, and those of them that look the same in both runs. */
static void
compare_films (guint seed_a, guint seed_b, guint *n_bearing, guint *n_same)
{
  g_autofree char *source_a = truth_demo_source (seed_a), *source_b = truth_demo_source (seed_b);
  g_autoptr (TruthRun) run_a = truth_run_new (truth_runner (), source_a),
                       run_b = truth_run_new (truth_runner (), source_b);
  g_autoptr (ExportSource) film_a = export_source_new (run_a->player, run_a->layout);
  g_autoptr (ExportSource) film_b = export_source_new (run_b->player, run_b->layout);
  g_autoptr (ExportReel) reel_a = NULL, reel_b = NULL;
  ExportFilmOptions options;
  guint n_frames;

  export_film_options_init (&options);
  options.width = 640;
  options.height = 600;
  options.frames_per_s = 10;
  reel_a = export_reel_new (film_a, &options, NULL);
  reel_b = export_reel_new (film_b, &options, NULL);
  n_frames = export_reel_get_n_frames (reel_a);
  g_assert_cmpuint (n_frames, ==, export_reel_get_n_frames (reel_b));
  *n_bearing = *n_same = 0;
  for (guint frame = 0; frame < n_frames; frame++)
    {
      g_autoptr (GBytes) a = room_of (reel_a, frame), b = room_of (reel_b, frame);

      if (export_reel_get_position (reel_a, frame) == 0)
        continue;
      (*n_bearing)++;
      *n_same += g_bytes_equal (a, b);
    }
}

static void
test_two_seeds (void)
{
  guint n_bearing, n_same;

  compare_films (0, 1, &n_bearing, &n_same);
  g_assert_cmpuint (n_bearing, ==, 17 * 8 + 16);
  g_assert_cmpuint (n_same, ==, 0);
}

static void
test_same_seed (void)
{
  guint n_bearing, n_same;

  compare_films (0, 0, &n_bearing, &n_same);
  g_assert_cmpuint (n_bearing, ==, 17 * 8 + 16);
  g_assert_cmpuint (n_same, ==, n_bearing);
}

static char *
dup_svg (TruthRun *run, guint position)
{
  g_autoptr (ExportSource) source = export_source_new (run->player, run->layout);
  g_autofree char *folder = g_dir_make_tmp ("tapedeck-truth-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "picture.svg", NULL);
  g_autoptr (GError) error = NULL;
  char *svg = NULL;

  export_picture (source, position, PAINT_LIGHT, path, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &svg, NULL, NULL));
  g_unlink (path);
  g_rmdir (folder);
  return svg;
}

/* "size 4.23" of a caption. */
static char *
dup_size (const char *caption)
{
  const char *begin = strstr (caption, "size ");

  g_assert_nonnull (begin);
  return g_strndup (begin, strcspn (begin, ")"));
}

static void
test_scaled_svg (void)
{
  g_autofree char *source = truth_demo_source (0);
  g_autoptr (TruthRun) honest = truth_run_new (truth_runner (), source);
  g_autoptr (TruthRun) scaled = truth_run_new (truth_runner_scaled (), source);
  guint n_told = 0;

  for (guint position = 1; position <= player_get_n_steps (honest->player); position++)
    {
      const char *caption = player_get_caption (honest->player, position);
      const char *other = player_get_caption (scaled->player, position);
      g_autofree char *svg = NULL, *svg_scaled = NULL, *size = NULL, *size_scaled = NULL;

      if (strcmp (caption, other) == 0)
        continue;
      n_told++;
      size = dup_size (caption);
      size_scaled = dup_size (other);
      svg = dup_svg (honest, position);
      svg_scaled = dup_svg (scaled, position);
      g_assert_nonnull (strstr (svg, size));
      g_assert_null (strstr (svg, size_scaled));
      g_assert_nonnull (strstr (svg_scaled, size_scaled));
    }
  g_assert_cmpuint (n_told, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/truth/film/two-seeds", test_two_seeds);
  g_test_add_func ("/truth/film/same-seed", test_same_seed);
  g_test_add_func ("/truth/film/scaled-svg", test_scaled_svg);
  return g_test_run ();
}
