/* SPDX-License-Identifier: MIT
 *
 * The line to type into while the script waits for its input: says who waits, takes
 * a line, sends it. Stands below the output; hidden while nobody asks. */
#pragma once

#include <gtk/gtk.h>

#define TD_TYPE_PROMPT (td_prompt_get_type ())
G_DECLARE_FINAL_TYPE (TdPrompt, td_prompt, TD, PROMPT, GtkWidget)

/* Signals: "typed" (const char *line), also for an empty one; "ended" (): Ctrl+D. */
GtkWidget *td_prompt_new (void);
/* line: of the script, 0: not known. What is typed already stays. */
void td_prompt_ask (TdPrompt *prompt, guint line);
void td_prompt_hide (TdPrompt *prompt);               /* and forgets what was being typed */
gboolean td_prompt_is_shown (TdPrompt *prompt);
gboolean td_prompt_has_focus (TdPrompt *prompt);
void td_prompt_focus (TdPrompt *prompt);
void td_prompt_end (TdPrompt *prompt);                /* as Ctrl+D there */
const char *td_prompt_get_text (TdPrompt *prompt);    /* who waits */
