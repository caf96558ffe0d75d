/* SPDX-License-Identifier: MIT
 *
 * Which palette is in force: the painter's colours, handed to the style sheet as
 * named colours, and the choice system / light / dark. UI thread. */
#pragma once

#include "painter/painter.h"
#include <adwaita.h>

/* The painter's palette for what the desktop or the user's choice asks for. */
const PaintTheme *td_theme_get (void);
/* Loads the style sheet and keeps the named colours (@td_forward …) in step with the theme. Once per process. */
void td_theme_init (void);
/* "system", "light" or "dark"; anything else counts as "system". */
void td_theme_set_choice (const char *choice);
/* CSS class of a phase, for the window and the story's current row: "phase-forward" … */
const char *td_theme_phase_class (PlayerPhase phase);
const PaintColor *td_theme_phase_color (const PaintTheme *theme, PlayerPhase phase);
GdkRGBA td_theme_rgba (const PaintColor *color);
