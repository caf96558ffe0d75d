/* SPDX-License-Identifier: MIT
 *
 * Looking at pixels: see pixels.h. */
#include "pixels.h"

#include <math.h>
#include <stdlib.h>

guint32
pixel_at (cairo_surface_t *surface, int x, int y)
{
  cairo_surface_flush (surface);
  g_assert_cmpint (x, >=, 0);
  g_assert_cmpint (y, >=, 0);
  g_assert_cmpint (x, <, cairo_image_surface_get_width (surface));
  g_assert_cmpint (y, <, cairo_image_surface_get_height (surface));
  return ((const guint32 *) (cairo_image_surface_get_data (surface)
                             + y * cairo_image_surface_get_stride (surface)))[x];
}

int
pixel_distance (guint32 pixel, const PaintColor *color)
{
  int red = abs ((int) (pixel >> 16 & 0xff) - (int) lround (color->red * 255));
  int green = abs ((int) (pixel >> 8 & 0xff) - (int) lround (color->green * 255));
  int blue = abs ((int) (pixel & 0xff) - (int) lround (color->blue * 255));

  return MAX (red, MAX (green, blue));
}

static int
worst_channel (guint32 a, guint32 b)
{
  int worst = 0;

  for (int shift = 0; shift < 32; shift += 8)
    worst = MAX (worst, abs ((int) (a >> shift & 0xff) - (int) (b >> shift & 0xff)));
  return worst;
}

guint
pixels_differing (cairo_surface_t *a, cairo_surface_t *b, int by_more_than)
{
  int width = cairo_image_surface_get_width (a), height = cairo_image_surface_get_height (a);
  guint n = 0;

  g_assert_cmpint (width, ==, cairo_image_surface_get_width (b));
  g_assert_cmpint (height, ==, cairo_image_surface_get_height (b));
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      n += worst_channel (pixel_at (a, x, y), pixel_at (b, x, y)) > by_more_than;
  return n;
}

guint
pixels_like (cairo_surface_t *surface, int x, int y, int width, int height, const PaintColor *color, int near)
{
  guint n = 0;

  for (int row = y; row < y + height; row++)
    for (int col = x; col < x + width; col++)
      n += pixel_distance (pixel_at (surface, col, row), color) <= near;
  return n;
}
