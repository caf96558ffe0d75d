/* SPDX-License-Identifier: MIT
 *
 * Where a run may go on to and where it waits. The line's thread turns commands
 * into changes here; the script's thread asks at every statement, which costs one
 * atomic load while nothing is wanted. Private to this room's server. */
#pragma once

#include "message.h"
#include "script/script.h"

typedef struct _RunnerControl RunnerControl;

typedef struct
{
  void (*paused) (guint file, guint line, gint64 nr, gpointer data);  /* about to wait */
  void (*asks) (guint file, guint line, gint64 nr, gpointer data);    /* waits for a line; nr were typed before */
  void (*question) (JsonObject *question, gpointer data);             /* answer it now */
  guint64 (*count) (gpointer data); /* what was recorded so far, output too */
} RunnerControlEvents;

/* Lives as long as the process: two threads hold it. */
RunnerControl *runner_control_new (const RunnerControlEvents *events, gpointer data);

/* The line's thread. */
void runner_control_go (RunnerControl *control, JsonObject *message);       /* also what "run" says of it */
void runner_control_pause (RunnerControl *control);
void runner_control_stop (RunnerControl *control);
void runner_control_type (RunnerControl *control, const char *line);       /* NULL: the input ends here */
void runner_control_push (RunnerControl *control, JsonObject *message);     /* a question, "run" or "quit"; taken */

/* The main thread. The next message while no script runs; waits for one. */
JsonObject *runner_control_pop (RunnerControl *control);
/* Whichever thread of the script reads its input (ScriptRun's read_input and attend). */
ScriptInput runner_control_read (RunnerControl *control, guint file, guint line, char **text);
void runner_control_attend (RunnerControl *control);
/* Before a statement: waits while paused, answers questions. FALSE: stop. */
gboolean runner_control_statement (RunnerControl *control, guint file, guint line);
