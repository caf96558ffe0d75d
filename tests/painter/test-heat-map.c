/* SPDX-License-Identifier: MIT
 *
 * Heat maps, probed by colour: signs, zero, NaN, blocks, proportions, scale. The
 * recordings are written here, entry by entry. */
#include "painter/paint-private.h"
#include "pixels.h"
#include "recording/writer.h"

#include <math.h>
#include <unistd.h>

typedef struct { RecRecording *recording; RecWriter *writer; } Tape;

static void
tape_init (Tape *tape, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  tape->recording = rec_recording_new (4 << 20, &error);
  g_assert_no_error (error);
  tape->writer = rec_writer_new (dup (rec_recording_get_events_fd (tape->recording)),
                                 dup (rec_recording_get_heap_fd (tape->recording)), &error);
  g_assert_no_error (error);
}

static void
tape_clear (Tape *tape, gconstpointer unused)
{
  rec_writer_free (tape->writer);
  rec_recording_unref (tape->recording);
}

static guint64
add (Tape *tape, gint64 rows, gint64 cols, const float *values)
{
  gint64 sizes[2] = { rows, cols };

  return rec_writer_add_shot (tape->writer, REC_FLOAT32, 2, sizes, values);
}

/* The map alone, `cell` px per cell. */
static cairo_surface_t *
draw (Tape *tape, guint64 shot, int width, int height, double scale, const PaintTheme *theme, gboolean pale)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);
  LayoutRect rect = { 0, 0, width, height };

  paint_heat_map (cr, tape->recording, shot, &rect, scale, theme, pale);
  cairo_destroy (cr);
  return surface;
}

static void
test_colors (Tape *tape, gconstpointer unused)
{
  const float values[] = { 4, -4, 0, 8, -1, 1 };

  for (PaintThemeKind kind = PAINT_LIGHT; kind <= PAINT_DARK; kind++)
    {
      const PaintTheme *theme = paint_theme_get (kind);
      cairo_surface_t *map = draw (tape, add (tape, 2, 3, values), 30, 20, 4, theme, FALSE);

      g_assert_cmpint (pixel_distance (pixel_at (map, 5, 5), &theme->positive), <=, 1);
      g_assert_cmpint (pixel_distance (pixel_at (map, 15, 5), &theme->negative), <=, 1);
      g_assert_cmpint (pixel_distance (pixel_at (map, 25, 5), &theme->zero), <=, 1);
      g_assert_cmpint (pixel_distance (pixel_at (map, 5, 15), &theme->positive), <=, 1);  /* beyond the scale */
      g_assert_cmpint (pixel_distance (pixel_at (map, 15, 15), &theme->negative), >, 20); /* a quarter of it */
      g_assert_cmpint (pixel_distance (pixel_at (map, 15, 15), &theme->zero), >, 20);
      cairo_surface_destroy (map);
    }
}

/* Equal magnitudes of both signs are equally far from neutral, whatever stands beside them. */
static void
test_symmetric (Tape *tape, gconstpointer unused)
{
  const PaintTheme *theme = paint_theme_get (PAINT_DARK);
  PaintColor half = paint_value_color (theme, 1, 2), minus = paint_value_color (theme, -1, 2);
  double t = (half.red - theme->zero.red) / (theme->positive.red - theme->zero.red);
  double u = (minus.red - theme->zero.red) / (theme->negative.red - theme->zero.red);

  g_assert_cmpfloat_with_epsilon (t, u, 1e-9);
  g_assert_cmpfloat (t, >, 0.3);
  g_assert_cmpfloat (t, <, 0.9);
}

static void
test_nan (Tape *tape, gconstpointer unused)
{
  const PaintTheme *theme = paint_theme_get (PAINT_LIGHT);
  const float values[] = { NAN, 1, INFINITY, -INFINITY };
  cairo_surface_t *map = draw (tape, add (tape, 2, 2, values), 40, 40, 1, theme, FALSE);

  g_assert_cmpint (pixel_distance (pixel_at (map, 10, 10), &theme->nan), <=, 40);
  g_assert_cmpint (pixel_distance (pixel_at (map, 10, 3), &theme->zero), <=, 1);
  g_assert_cmpint (pixel_distance (pixel_at (map, 3, 23), &theme->positive), <=, 1);
  g_assert_cmpint (pixel_distance (pixel_at (map, 23, 23), &theme->negative), <=, 1);
  cairo_surface_destroy (map);
}

/* Cells of 12 px and more bear their sign, smaller ones do not; zero bears none. */
static void
test_signs (Tape *tape, gconstpointer unused)
{
  const PaintTheme *theme = paint_theme_get (PAINT_LIGHT);
  const float values[] = { 3, -3, 0 };
  guint64 shot = add (tape, 1, 3, values);
  cairo_surface_t *large = draw (tape, shot, 60, 20, 3, theme, FALSE);
  cairo_surface_t *small = draw (tape, shot, 33, 11, 3, theme, FALSE);

  g_assert_cmpint (pixel_distance (pixel_at (large, 10, 10), &theme->positive), >, 60);
  g_assert_cmpint (pixel_distance (pixel_at (large, 10, 7), &theme->positive), >, 60);   /* + has an upright */
  g_assert_cmpint (pixel_distance (pixel_at (large, 30, 10), &theme->negative), >, 60);
  g_assert_cmpint (pixel_distance (pixel_at (large, 30, 7), &theme->negative), <=, 1);   /* − has none */
  g_assert_cmpint (pixel_distance (pixel_at (large, 50, 10), &theme->zero), <=, 1);
  g_assert_cmpint (pixel_distance (pixel_at (small, 5, 5), &theme->positive), <=, 1);
  cairo_surface_destroy (large);
  cairo_surface_destroy (small);
}

/* 48×48: blocks of 2×2, each its entry of largest magnitude, NaN winning. */
static void
test_blocks (Tape *tape, gconstpointer unused)
{
  const PaintTheme *theme = paint_theme_get (PAINT_LIGHT);
  g_autofree float *values = g_new0 (float, 48 * 48);
  cairo_surface_t *map;
  PaintGrid grid;
  RecShot shot;
  guint64 id;
  g_autofree double *shown = NULL;

  values[0] = 1;
  values[49] = -5;
  values[2] = 2;
  values[3 + 48] = NAN;
  id = add (tape, 48, 48, values);
  g_assert_true (rec_recording_get_shot (tape->recording, id, &shot));
  shown = paint_grid_values (&shot, &grid);
  g_assert_cmpuint (grid.rows, ==, 24);
  g_assert_cmpuint (grid.cols, ==, 24);
  g_assert_cmpfloat (shown[0], ==, -5);
  g_assert_true (isnan (shown[1]));
  g_assert_cmpfloat (shown[2], ==, 0);
  map = draw (tape, id, 240, 240, 5, theme, FALSE);
  g_assert_cmpint (pixel_distance (pixel_at (map, 5, 5), &theme->negative), <=, 1);
  cairo_surface_destroy (map);
}

static void
check_grid (gint64 rows, gint64 cols, guint shown_rows, guint shown_cols)
{
  gint64 sizes[2] = { rows, cols };
  PaintGrid grid = paint_grid_for (2, sizes);

  g_assert_cmpuint (grid.rows, ==, shown_rows);
  g_assert_cmpuint (grid.cols, ==, shown_cols);
}

static void
test_proportions (Tape *tape, gconstpointer unused)
{
  const float values[200] = { 1 };
  gint64 three[3] = { 2, 3, 4 };
  double width, height;
  PaintGrid grid;

  check_grid (20, 10, 20, 10);
  check_grid (24, 24, 24, 24);
  check_grid (25, 25, 13, 13);
  check_grid (1000, 500, 24, 12);
  check_grid (1, 20, 1, 20);
  check_grid (20, 1, 1, 20);         /* a column lies down */
  check_grid (0, 5, 0, 0);
  grid = paint_grid_for (3, three);
  g_assert_cmpuint (grid.rows, ==, 6);
  g_assert_cmpuint (grid.cols, ==, 4);
  grid = paint_grid_for (0, NULL);
  g_assert_cmpuint (grid.rows * grid.cols, ==, 1);
  paint_heat_map_size (tape->recording, add (tape, 20, 10, values), 200, 120, &width, &height);
  g_assert_cmpfloat_with_epsilon (height, 2 * width, 1e-9);
  g_assert_cmpfloat (height, <=, 120);
  g_assert_cmpfloat (height, >, 90);
  paint_heat_map_size (tape->recording, 0, 200, 120, &width, &height);
  g_assert_cmpfloat (width, ==, 0);
}

/* A reduced picture of a big tensor is drawn as it is. */
static void
test_picture (Tape *tape, gconstpointer unused)
{
  const PaintTheme *theme = paint_theme_get (PAINT_DARK);
  gint64 sizes[2] = { 4000, 2000 };
  g_autofree float *picture = g_new0 (float, 24 * 12);
  RecStats stats = { .min = -3, .max = 0, .norm = 3, .largest = -3, .largest_index = 0 };
  cairo_surface_t *map;
  guint64 id;

  picture[0] = -3;
  picture[24 * 12 - 1] = 3;
  id = rec_writer_add_picture (tape->writer, REC_FLOAT32, 2, sizes, 24, 12, picture, &stats);
  map = draw (tape, id, 120, 240, 3, theme, FALSE);
  g_assert_cmpint (pixel_distance (pixel_at (map, 5, 5), &theme->negative), <=, 1);
  g_assert_cmpint (pixel_distance (pixel_at (map, 115, 235), &theme->positive), <=, 1);
  g_assert_cmpint (pixel_distance (pixel_at (map, 65, 105), &theme->zero), <=, 1);
  cairo_surface_destroy (map);
}

/* Passed gradients are pale: nearer to the box than the full map, but not gone. */
static void
test_pale (Tape *tape, gconstpointer unused)
{
  const PaintTheme *theme = paint_theme_get (PAINT_LIGHT);
  const float values[] = { 1 };
  guint64 id = add (tape, 1, 1, values);
  cairo_surface_t *full = draw (tape, id, 10, 10, 1, theme, FALSE), *pale = draw (tape, id, 10, 10, 1, theme, TRUE);
  int far = pixel_distance (pixel_at (full, 5, 5), &theme->box), near = pixel_distance (pixel_at (pale, 5, 5), &theme->box);

  g_assert_cmpint (near, <, far - 30);
  g_assert_cmpint (near, >, 40);
  cairo_surface_destroy (full);
  cairo_surface_destroy (pale);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/painter/heat-map/" name, Tape, NULL, tape_init, function, tape_clear)
  ADD ("colors", test_colors);
  ADD ("symmetric", test_symmetric);
  ADD ("nan", test_nan);
  ADD ("signs", test_signs);
  ADD ("blocks", test_blocks);
  ADD ("proportions", test_proportions);
  ADD ("picture", test_picture);
  ADD ("pale", test_pale);
  return g_test_run ();
}
