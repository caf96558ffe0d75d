/* SPDX-License-Identifier: MIT
 *
 * The overhearing: see drawn-text.h. The contrast is taken from the pixels that are
 * under the text before it is drawn, so no colour table is believed. */
#include "drawn-text.h"

#include <dlfcn.h>
#include <math.h>
#include <pango/pangocairo.h>

static GArray *texts;

typedef struct { double red, green, blue; } Rgb;

static double
linear (double channel)
{
  return channel <= 0.03928 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static double
luminance (const Rgb *color)
{
  return 0.2126 * linear (color->red) + 0.7152 * linear (color->green) + 0.0722 * linear (color->blue);
}

static double
contrast (const Rgb *a, const Rgb *b)
{
  double la = luminance (a), lb = luminance (b);

  return (MAX (la, lb) + 0.05) / (MIN (la, lb) + 0.05);
}

/* The mean colour of the surface inside the rectangle; FALSE when it cannot be read. */
static gboolean
mean_color (cairo_surface_t *surface, const LayoutRect *rect, Rgb *mean)
{
  int width, height, n = 0;
  const guint8 *data;

  if (cairo_surface_get_type (surface) != CAIRO_SURFACE_TYPE_IMAGE)
    return FALSE;
  cairo_surface_flush (surface);
  width = cairo_image_surface_get_width (surface);
  height = cairo_image_surface_get_height (surface);
  data = cairo_image_surface_get_data (surface);
  *mean = (Rgb) { 0, 0, 0 };
  for (int y = MAX (0, (int) rect->y); y < MIN (height, (int) (rect->y + rect->height)); y++)
    for (int x = MAX (0, (int) rect->x); x < MIN (width, (int) (rect->x + rect->width)); x++)
      {
        guint32 pixel = *(const guint32 *) (data + y * cairo_image_surface_get_stride (surface) + 4 * x);

        mean->red += ((pixel >> 16) & 255) / 255.0;
        mean->green += ((pixel >> 8) & 255) / 255.0;
        mean->blue += (pixel & 255) / 255.0;
        n++;
      }
  if (n == 0)
    return FALSE;
  *mean = (Rgb) { mean->red / n, mean->green / n, mean->blue / n };
  return TRUE;
}

static double
contrast_here (cairo_t *cr, const LayoutRect *rect)
{
  Rgb under, ink;
  double alpha = 1;

  if (cairo_pattern_get_rgba (cairo_get_source (cr), &ink.red, &ink.green, &ink.blue, &alpha) != CAIRO_STATUS_SUCCESS
      || cairo_get_group_target (cr) != cairo_get_target (cr) || !mean_color (cairo_get_target (cr), rect, &under))
    return 0;
  ink.red = alpha * ink.red + (1 - alpha) * under.red;
  ink.green = alpha * ink.green + (1 - alpha) * under.green;
  ink.blue = alpha * ink.blue + (1 - alpha) * under.blue;
  return contrast (&ink, &under);
}

static void
note_text (cairo_t *cr, PangoLayout *layout)
{
  DrawnText text = { 0 };
  PangoRectangle ink;
  double x, y, right, bottom;

  pango_layout_get_pixel_extents (layout, &ink, NULL);
  cairo_get_current_point (cr, &x, &y);
  x += ink.x;
  y += ink.y;
  right = x + ink.width;
  bottom = y + ink.height;
  cairo_user_to_device (cr, &x, &y);
  cairo_user_to_device (cr, &right, &bottom);
  text.text = g_strdup (pango_layout_get_text (layout));
  text.rect = (LayoutRect) { x, y, right - x, bottom - y };
  text.contrast = contrast_here (cr, &text.rect);
  g_array_append_val (texts, text);
}

/* In place of Pango's: the painter's calls come here. */
void
pango_cairo_show_layout (cairo_t *cr, PangoLayout *layout)
{
  static void (*draw) (cairo_t *, PangoLayout *);

  if (draw == NULL)
    draw = (void (*) (cairo_t *, PangoLayout *)) dlsym (RTLD_NEXT, "pango_cairo_show_layout");
  g_assert (draw != NULL);
  if (texts != NULL)
    note_text (cr, layout);
  draw (cr, layout);
}

static void
clear_text (gpointer data)
{
  g_free (((DrawnText *) data)->text);
}

void
drawn_text_begin (void)
{
  g_assert (texts == NULL);
  texts = g_array_new (FALSE, FALSE, sizeof (DrawnText));
  g_array_set_clear_func (texts, clear_text);
}

GArray *
drawn_text_end (void)
{
  return g_steal_pointer (&texts);
}
