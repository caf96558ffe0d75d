/* SPDX-License-Identifier: MIT
 *
 * The editor pane: file name, unsaved dot and status above a source view with the
 * position's mark and breakpoints, and the place where errors of the script are
 * said. UI thread. */
#pragma once

#include "player/player.h"
#include <gtksourceview/gtksource.h>

#define TD_TYPE_SCRIPT_VIEW (td_script_view_get_type ())
G_DECLARE_FINAL_TYPE (TdScriptView, td_script_view, TD, SCRIPT_VIEW, GtkWidget)

/* Signals: "edited" () some time after the last change of the text; "breakpoints-changed" ();
 * "line-changed" () when the cursor is on another line. */
GtkTextBuffer *td_script_view_get_buffer (TdScriptView *view);
GtkWidget *td_script_view_get_editor (TdScriptView *view);
/* Replaces the text; it counts as saved, and cannot be undone into the text before. Breakpoints go. */
void td_script_view_set_text (TdScriptView *view, const char *text);
/* The same as one edit of the user's: Undo brings the text before back. */
void td_script_view_replace_text (TdScriptView *view, const char *text);
char *td_script_view_dup_text (TdScriptView *view);
gboolean td_script_view_is_modified (TdScriptView *view);
void td_script_view_set_modified (TdScriptView *view, gboolean modified);

void td_script_view_set_name (TdScriptView *view, const char *name);
void td_script_view_set_status (TdScriptView *view, const char *status);
/* Marks lines first … last (0: none) in the phase's colour, or as where the script failed, and scrolls there if they
 * are not visible. */
void td_script_view_set_position (TdScriptView *view, guint first, guint last, PlayerPhase phase,
                                  gboolean failed);
/* Marks the line that still runs (0: none), beside the position. */
void td_script_view_set_running (TdScriptView *view, guint line);
guint td_script_view_get_running (TdScriptView *view);
gboolean td_script_view_is_failed (TdScriptView *view,
                                   guint line); /* it is marked as where the script failed */
/* Marks softly the lines first … last (0: none), those of what is pointed at in the graph; the position's mark lies over
 * it. scroll: they come into view. */
void td_script_view_set_pointed (TdScriptView *view, guint first, guint last, gboolean scroll);
guint td_script_view_get_pointed (TdScriptView *view, guint *last);
/* What went wrong, and on which line (0: none; else a button goes there). NULL hides it. */
void td_script_view_set_error (TdScriptView *view, const char *message, guint line);
const char *td_script_view_get_error (TdScriptView *view);       /* NULL: none shown */

guint td_script_view_get_cursor_line (TdScriptView *view);       /* from 1 */
void td_script_view_go_to_line (TdScriptView *view, guint line); /* cursor, scroll, focus */
void td_script_view_toggle_breakpoint (TdScriptView *view, guint line);
guint *td_script_view_list_breakpoints (TdScriptView *view);     /* ascending, 0 ends; caller frees */
/* Opens the search bar, takes the selection as its text. */
void td_script_view_search (TdScriptView *view);
