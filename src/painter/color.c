/* SPDX-License-Identifier: MIT
 *
 * Arithmetic of colours: mixing, and contrast as WCAG 2.1 defines it
 * (https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio). No state. */
#include "paint-private.h"

#include <math.h>

void
paint_set_color (cairo_t *cr, const PaintColor *color)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha);
}

void
paint_set_color_alpha (cairo_t *cr, const PaintColor *color, double alpha)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha * alpha);
}

PaintColor
paint_color_mix (const PaintColor *a, const PaintColor *b, double t)
{
  return (PaintColor) { a->red + t * (b->red - a->red), a->green + t * (b->green - a->green),
                        a->blue + t * (b->blue - a->blue), 1 };
}

static double
linear (double channel)
{
  return channel <= 0.04045 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

double
paint_color_luminance (const PaintColor *color)
{
  return 0.2126 * linear (color->red) + 0.7152 * linear (color->green) + 0.0722 * linear (color->blue);
}

double
paint_color_contrast (const PaintColor *a, const PaintColor *b)
{
  double la = paint_color_luminance (a), lb = paint_color_luminance (b);

  return (MAX (la, lb) + 0.05) / (MIN (la, lb) + 0.05);
}

const PaintColor *
paint_phase_color (const PaintTheme *theme, PlayerPhase phase)
{
  switch (phase)
    {
    case PLAYER_PHASE_BACKWARD:
      return &theme->backward;
    case PLAYER_PHASE_UPDATE:
      return &theme->update;
    case PLAYER_PHASE_FORWARD:
    default:
      return &theme->forward;
    }
}
