/* SPDX-License-Identifier: MIT
 *
 * The pane under the editor: Output, Variables and Story as tabs. */
#pragma once

#include "td-output.h"
#include "td-story.h"
#include "td-variables.h"

#define TD_TYPE_CONSOLE (td_console_get_type ())
G_DECLARE_FINAL_TYPE (TdConsole, td_console, TD, CONSOLE, GtkWidget)

/* Signal: "node-chosen" (guint node), from the variables. */
void td_console_set_player (TdConsole *console, Player *player);
void td_console_show (TdConsole *console, const char *page);    /* "output", "variables", "story" */
TdOutput *td_console_get_output (TdConsole *console);
TdStory *td_console_get_story (TdConsole *console);
