/* SPDX-License-Identifier: MIT
 *
 * cairo writes the letters of an SVG as outlines. Here they are kept out of the
 * drawing and put into the file as texts: searchable, copyable, editable. */
#pragma once

#include "painter/painter.h"

/* Keeps all texts drawn on cr from now on; of <text> elements, for export_svg_text_insert. */
GString *export_svg_text_begin (cairo_t *cr);
/* The SVG with the texts above everything else; NULL when it does not end as one. Caller frees. */
char *export_svg_text_insert (const char *svg, gsize n, const GString *texts);
