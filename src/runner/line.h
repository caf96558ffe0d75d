/* SPDX-License-Identifier: MIT
 *
 * The runner's end of the line: a thread that reads commands and acts on those
 * that cannot wait for the script, and a way to send. Private to this room's
 * server. */
#pragma once

#include "control.h"

typedef struct _RunnerLine RunnerLine;

/* Starts the thread. Ends the process when the app's end is gone. */
RunnerLine *runner_line_new (int socket, RunnerControl *control);
/* Any thread; consumed. FALSE: nobody can be reached. */
gboolean runner_line_send (RunnerLine *line, JsonObject *message);
JsonObject *runner_line_message (const char *what);   /* {"is": what} */
