/* SPDX-License-Identifier: MIT
 *
 * Films: what each frame shows, and that a decoded WebP is the frames painted. */
#include "export-run.h"
#include "export/encoder.h"

#include <string.h>
#include <glib/gstdio.h>
#include <webp/demux.h>

static ExportReel *
make_reel (ExportSource *source, const ExportFilmOptions *options)
{
  g_autoptr (GError) error = NULL;
  ExportReel *reel = export_reel_new (source, options, &error);

  g_assert_no_error (error);
  return reel;
}

/* A copy of a frame, which the reel paints over with the next. */
static cairo_surface_t *
copy_frame (ExportReel *reel, guint frame)
{
  cairo_surface_t *page = export_reel_paint (reel, frame);
  cairo_surface_t *copy = cairo_image_surface_create (
      CAIRO_FORMAT_RGB24, cairo_image_surface_get_width (page), cairo_image_surface_get_height (page));
  cairo_t *cr = cairo_create (copy);

  cairo_set_source_surface (cr, page, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_flush (copy);
  return copy;
}

/* The frame of a film that shows one position alone. */
static cairo_surface_t *
paint_alone (ExportSource *source, guint position, PaintThemeKind theme)
{
  g_autoptr (ExportReel) reel = NULL;
  ExportFilmOptions options;

  export_run_options (&options);
  options.theme = theme;
  options.from = options.to = position;
  reel = make_reel (source, &options);
  return copy_frame (reel, 0);
}

static void
assert_frame_is (ExportReel *reel, guint frame, ExportSource *source, guint position)
{
  cairo_surface_t *shown = copy_frame (reel, frame);
  cairo_surface_t *expected = paint_alone (source, position, PAINT_LIGHT);

  g_assert_true (export_same_pixels (shown, expected));
  cairo_surface_destroy (shown);
  cairo_surface_destroy (expected);
}

/* First position 0, then each step, at last the end; each at rest before the next begins. */
static void
test_positions (void)
{
  g_autoptr (ExportSource) source = export_run_source (), other = export_run_source ();
  guint n_steps = player_get_n_steps (export_run_demo ()), n_frames;
  g_autoptr (ExportReel) reel = NULL;
  ExportFilmOptions options;
  cairo_surface_t *before = NULL;

  export_run_options (&options);
  reel = make_reel (source, &options);
  n_frames = export_reel_get_n_frames (reel);
  g_assert_cmpuint (n_frames, ==, 2 * n_steps + 8); /* the end stays for 1.6 s */
  assert_frame_is (reel, 0, other, 0);
  assert_frame_is (reel, n_frames - 1, other, n_steps);
  for (guint position = 0; position <= n_steps; position++)
    {
      guint frame = 2 * position + 1;
      cairo_surface_t *now = copy_frame (reel, frame);

      g_assert_cmpuint (export_reel_get_position (reel, frame), ==, position);
      assert_frame_is (reel, frame, other, position);
      if (before != NULL)
        g_assert_false (export_same_pixels (before, now));
      g_clear_pointer (&before, cairo_surface_destroy);
      before = now;
    }
  cairo_surface_destroy (before);
}

/* Pulses run between two positions, and a frame does not hang on those painted before. */
static void
test_motion (void)
{
  g_autoptr (ExportSource) source = export_run_source (), other = export_run_source ();
  g_autoptr (ExportReel) reel = NULL, jumping = NULL;
  ExportFilmOptions options;
  guint n_moving = 0;

  export_run_options (&options);
  options.frames_per_s = 20;
  options.s_per_step = 0.8;
  options.from = 4;
  options.to = 5; /* mm: two edges, then one */
  reel = make_reel (source, &options);
  jumping = make_reel (other, &options);
  for (guint frame = 16; frame < 32; frame++)
    {
      cairo_surface_t *now = copy_frame (reel, frame), *next = copy_frame (reel, frame + 1), *jumped;

      export_reel_paint (jumping, 0);
      jumped = copy_frame (jumping, frame);
      g_assert_true (export_same_pixels (now, jumped));
      n_moving += !export_same_pixels (now, next);
      if (export_reel_is_repeat (reel, frame + 1))
        g_assert_true (export_same_pixels (now, next));
      cairo_surface_destroy (now);
      cairo_surface_destroy (next);
      cairo_surface_destroy (jumped);
    }
  g_assert_cmpuint (n_moving, ==, 8); /* 400 ms at 20 frames/s */
}

/* The part of a page between caption and timeline. */
static cairo_surface_t *
copy_room (ExportReel *reel, guint frame)
{
  cairo_surface_t *page = copy_frame (reel, frame);
  int width = cairo_image_surface_get_width (page), height = cairo_image_surface_get_height (page);
  int top = (int) PAINT_CAPTION_HEIGHT + 1, rest = height - top - (int) PAINT_FOOT_HEIGHT;
  cairo_surface_t *room = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, rest);
  cairo_t *cr = cairo_create (room);

  cairo_set_source_surface (cr, page, 0, -top);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_flush (room);
  cairo_surface_destroy (page);
  return room;
}

/* On a page too small for the whole graph the camera goes where the step is: each step can be seen. */
static void
test_small_page (void)
{
  g_autoptr (ExportSource) source = export_run_source ();
  guint n_steps = player_get_n_steps (export_run_demo ());
  g_autoptr (ExportReel) reel = NULL;
  ExportFilmOptions options;
  cairo_surface_t *before;

  export_run_options (&options);
  options.width = 480;
  options.height = 400;
  reel = make_reel (source, &options);
  before = copy_room (reel, 1);
  for (guint position = 1; position < n_steps; position++) /* the last one only frees what was saved */
    {
      cairo_surface_t *now = copy_room (reel, 2 * position + 1);

      g_assert_false (export_same_pixels (before, now));
      cairo_surface_destroy (before);
      before = now;
    }
  cairo_surface_destroy (before);
}

static void
test_themes (void)
{
  g_autoptr (ExportSource) source = export_run_source ();
  cairo_surface_t *light = paint_alone (source, 14, PAINT_LIGHT),
                  *dark = paint_alone (source, 14, PAINT_DARK);
  guint32 pixel = *(const guint32 *) (gconstpointer) cairo_image_surface_get_data (dark);

  g_assert_false (export_same_pixels (light, dark));
  g_assert_cmpuint (pixel & 255, <, 80);
  cairo_surface_destroy (light);
  cairo_surface_destroy (dark);
}

/* The window's player stays where it is while a film is made. */
static void
test_own_player (void)
{
  Player *shown = export_run_demo ();
  g_autoptr (ExportSource) source = NULL;
  cairo_surface_t *page;

  player_set_position (shown, 7);
  source = export_run_source ();
  page = paint_alone (source, 12, PAINT_LIGHT);
  g_assert_cmpuint (player_get_position (shown), ==, 7);
  cairo_surface_destroy (page);
  player_set_position (shown, 0);
}

static void
test_options (void)
{
  static const struct
  {
    int width, height;
    guint fps;
    double s;
    guint from, to;
    const char *says;
  } bad[] = {
    { 481, 400, 5, 0.4, 0, 9, "even" },
    { 100, 400, 5, 0.4, 0, 9, "320" },
    { 480, 9000, 5, 0.4, 0, 9, "3840" },
    { 480, 400, 0, 0.4, 0, 9, "frames per second" },
    { 480, 400, 500, 0.4, 0, 9, "frames per second" },
    { 480, 400, 5, 0, 0, 9, "seconds" },
    { 480, 400, 5, 0.0 / 0.0, 0, 9, "seconds" },
    { 480, 400, 5, 0.4, 9, 8, "no steps" },
    { 480, 400, 5, 0.4, 99, 100, "no steps" },
  };
  g_autoptr (ExportSource) source = export_run_source ();

  for (guint k = 0; k < G_N_ELEMENTS (bad); k++)
    {
      ExportFilmOptions options = { bad[k].width, bad[k].height, bad[k].fps, bad[k].s,
                                    bad[k].from,  bad[k].to,     PAINT_LIGHT };
      g_autoptr (GError) error = NULL;

      g_assert_null (export_reel_new (source, &options, &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, bad[k].says));
    }
}

static gboolean
equals_decoded (cairo_surface_t *page, const guint8 *rgba, int width, int height)
{
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint32 pixel = ((const guint32 *) (gconstpointer) (cairo_image_surface_get_data (page)
                                                            + y * cairo_image_surface_get_stride (page)))[x];
        const guint8 *decoded = rgba + 4 * (y * width + x);

        if (((pixel >> 16) & 255) != decoded[0] || ((pixel >> 8) & 255) != decoded[1]
            || (pixel & 255) != decoded[2])
          return FALSE;
      }
  return TRUE;
}

/* Each picture of the file, for as long as it stands, is the frames painted then. */
static void
compare_decoded (const char *path, ExportReel *reel, guint frames_per_s)
{
  g_autofree char *bytes = NULL;
  guint frame = 0, n_frames = export_reel_get_n_frames (reel);
  WebPAnimDecoder *decoder;
  WebPAnimInfo info;
  WebPData data;
  int end_ms = 0;

  g_assert_true (g_file_get_contents (path, &bytes, &data.size, NULL));
  data.bytes = (const guint8 *) bytes;
  decoder = WebPAnimDecoderNew (&data, NULL);
  g_assert_nonnull (decoder);
  g_assert_true (WebPAnimDecoderGetInfo (decoder, &info));
  while (WebPAnimDecoderHasMoreFrames (decoder))
    {
      guint8 *rgba;

      g_assert_true (WebPAnimDecoderGetNext (decoder, &rgba, &end_ms));
      for (; frame < n_frames && (int) (frame * 1000 / frames_per_s) < end_ms; frame++)
        g_assert_true (equals_decoded (export_reel_paint (reel, frame), rgba, (int) info.canvas_width,
                                       (int) info.canvas_height));
    }
  g_assert_cmpuint (frame, ==, n_frames);
  g_assert_cmpint (end_ms, ==, (int) (n_frames * 1000 / frames_per_s));
  g_assert_cmpuint (info.frame_count, >, player_get_n_steps (export_run_demo ()));
  WebPAnimDecoderDelete (decoder);
}

static void
count_progress_cb (double done, gpointer data)
{
  double *last = data;

  g_assert_cmpfloat (done, >=, *last);
  *last = done;
}

static void
test_webp (ExportFolder *folder, gconstpointer data)
{
  g_autoptr (ExportSource) source = export_run_source (), other = export_run_source ();
  g_autofree char *path = export_folder_file (folder, "Demo.WEBP");
  g_autoptr (ExportReel) reel = NULL;
  g_autoptr (GError) error = NULL;
  ExportFilmOptions options;
  double last = 0;

  export_run_options (&options);
  export_film (source, &options, path, count_progress_cb, &last, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (last, ==, 1);
  g_assert_cmpuint (export_folder_count (folder), ==, 1);
  reel = make_reel (other, &options);
  compare_decoded (path, reel, options.frames_per_s);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

/* The test of the test: a film of other frames is found out. */
static void
test_webp_is_compared (void)
{
  g_autoptr (ExportSource) source = export_run_source ();
  cairo_surface_t *page = paint_alone (source, 3, PAINT_LIGHT);
  int width = cairo_image_surface_get_width (page), height = cairo_image_surface_get_height (page);
  g_autofree guint8 *rgba = g_malloc0 ((gsize) (4 * width * height));

  for (int k = 0; k < width * height; k++)
    {
      guint32 pixel = ((const guint32 *) (gconstpointer) cairo_image_surface_get_data (page))[k];

      rgba[4 * k] = (pixel >> 16) & 255;
      rgba[4 * k + 1] = (pixel >> 8) & 255;
      rgba[4 * k + 2] = pixel & 255;
    }
  g_assert_true (equals_decoded (page, rgba, width, height));
  rgba[4 * (width * height / 2) + 1] ^= 1;
  g_assert_false (equals_decoded (page, rgba, width, height));
  cairo_surface_destroy (page);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/export/film/positions", test_positions);
  g_test_add_func ("/export/film/motion", test_motion);
  g_test_add_func ("/export/film/small-page", test_small_page);
  g_test_add_func ("/export/film/themes", test_themes);
  g_test_add_func ("/export/film/own-player", test_own_player);
  g_test_add_func ("/export/film/options", test_options);
  g_test_add ("/export/film/webp", ExportFolder, NULL, export_folder_set_up, test_webp,
              export_folder_tear_down);
  g_test_add_func ("/export/film/webp-is-compared", test_webp_is_compared);
  return g_test_run ();
}
