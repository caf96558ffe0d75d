/* SPDX-License-Identifier: MIT
 *
 * The main window: editor and console at the left, stage in the middle, inspector
 * at the right, transport below. One window, one script, one run. UI thread. */
#pragma once

#include "td-console.h"
#include "td-inspector.h"
#include "td-legend.h"
#include "td-run.h"
#include "td-script-view.h"
#include "td-stage.h"
#include "td-stage-search.h"

#include "export/film.h"

#include <adwaita.h>

#define TD_TYPE_WINDOW (td_window_get_type ())
G_DECLARE_FINAL_TYPE (TdWindow, td_window, TD, WINDOW, AdwApplicationWindow)

/* program: the binary to spawn for runners (NULL: this one). */
TdWindow *td_window_new (GtkApplication *application, const char *program);
/* Opens a file in place of the current text, asking first about unsaved edits. */
void td_window_open (TdWindow *window, GFile *file);
/* Opens a built-in example ("dynamic_graph.py") as a copy without a file. */
void td_window_open_example (TdWindow *window, const char *name);
/* Saves the run, or the position shown, without asking where; nothing else waits for it. */
void td_window_save_film (TdWindow *window, GFile *file, const ExportFilmOptions *options);
void td_window_save_picture (TdWindow *window, GFile *file);
gboolean td_window_is_exporting (TdWindow *window);
gboolean td_window_is_pristine (TdWindow *window);      /* an untouched example: may be replaced */

/* The parts, borrowed (tests, benches). */
TdRun *td_window_get_run (TdWindow *window);
TdStage *td_window_get_stage (TdWindow *window);
TdScriptView *td_window_get_script_view (TdWindow *window);
TdStageSearch *td_window_get_stage_search (TdWindow *window);
TdInspector *td_window_get_inspector (TdWindow *window);
TdConsole *td_window_get_console (TdWindow *window);
TdLegend *td_window_get_legend (TdWindow *window);
const char *td_window_get_caption (TdWindow *window);
const char *td_window_get_next (TdWindow *window);
const char *td_window_get_message (TdWindow *window);   /* of the bar below the header; NULL: none shown */
