/* SPDX-License-Identifier: MIT
 *
 * "line 11" in a label as a link that puts the cursor on that line of the script. */
#pragma once

#include <gtk/gtk.h>

/* A new label's text; each "line N" in it is a link. */
void td_line_link_set (GtkLabel *label, const char *text);
