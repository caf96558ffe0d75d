/* SPDX-License-Identifier: MIT
 *
 * The editor's gutter: line numbers, breakpoints, the arrow of the position in the
 * phase's colour, and a bar at the lines of the node that is pointed at. */
#pragma once

#include <gtksourceview/gtksource.h>

#define TD_TYPE_GUTTER (td_gutter_get_type ())
G_DECLARE_FINAL_TYPE (TdGutter, td_gutter, TD, GUTTER, GtkSourceGutterRenderer)

#define TD_MARK_BREAKPOINT "breakpoint"

/* Signal: "line-activated" (guint line) when a line's number was clicked; lines count from 1. */
GtkSourceGutterRenderer *td_gutter_new (void);
/* The lines of the position (0: none), the colour of arrow and background; failed: a cross takes the arrow's place. */
void td_gutter_set_position (TdGutter *gutter, guint first_line, guint last_line, const GdkRGBA *color,
                             gboolean failed);
/* The line that still runs (0: none): an outlined arrow, unless the position is there too. */
void td_gutter_set_running (TdGutter *gutter, guint line, const GdkRGBA *color);
/* The lines of what is pointed at (0: none). */
void td_gutter_set_pointed (TdGutter *gutter, guint first_line, guint last_line, const GdkRGBA *color);
/* Colours of plain text, of line numbers and of breakpoints. */
void td_gutter_set_colors (TdGutter *gutter, const GdkRGBA *text, const GdkRGBA *number, const GdkRGBA *breakpoint);
