/* SPDX-License-Identifier: MIT
 *
 * What the script printed up to the position: the last 10,000 lines, saying what
 * was dropped; below it the line to type into while the script waits for one. */
#pragma once

#include "td-prompt.h"
#include "player/player.h"
#include <gtk/gtk.h>

#define TD_TYPE_OUTPUT (td_output_get_type ())
G_DECLARE_FINAL_TYPE (TdOutput, td_output, TD, OUTPUT, GtkWidget)

#define TD_OUTPUT_LINES_MAX 10000

GtkWidget *td_output_new (void);
void td_output_set_player (TdOutput *output, Player *player);   /* kept by reference */
gboolean td_output_shows_end (TdOutput *output);              /* the last line is in sight */
/* The text shown (caller frees), and the note above it ("" when nothing was dropped). */
char *td_output_dup_text (TdOutput *output);
const char *td_output_get_note (TdOutput *output);
const char *
td_output_get_hint (TdOutput *output); /* what stands in the place of no text; NULL: there is text */
TdPrompt *td_output_get_prompt (TdOutput *output);             /* below the text */
