/* SPDX-License-Identifier: MIT
 *
 * What the painter writes, overheard: a program that links this file has its own
 * pango_cairo_show_layout, which notes each text before it draws it. So a test sees
 * the very words and numbers that reach the picture, and where. */
#pragma once

#include "layout/layout.h"
#include <cairo.h>

typedef struct
{
  char *text;
  LayoutRect rect;         /* inked, in device pixels of the target surface */
  double contrast;         /* against what lay under it, WCAG 2.1: 1…21; 0 unknown */
} DrawnText;

/* From now on texts go into a fresh array; end gives it (owned by the caller). */
void drawn_text_begin (void);
GArray *drawn_text_end (void);
