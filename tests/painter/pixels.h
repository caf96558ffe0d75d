/* SPDX-License-Identifier: MIT
 *
 * Looking at pixels of ARGB32 image surfaces. Used by the painter's tests. */
#pragma once

#include "painter/painter.h"

guint32 pixel_at (cairo_surface_t *surface, int x, int y);
/* How far apart in the worst channel, 0…255. */
int pixel_distance (guint32 pixel, const PaintColor *color);
/* Pixels of which some channel (0…255) differs by more than that; 0: all that differ. */
guint pixels_differing (cairo_surface_t *a, cairo_surface_t *b, int by_more_than);
/* Pixels of the area (whole px) within `near` of a colour. */
guint pixels_like (cairo_surface_t *surface, int x, int y, int width, int height, const PaintColor *color, int near);
