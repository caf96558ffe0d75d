/* SPDX-License-Identifier: MIT
 *
 * The app's end of the line to a runner process: spawns it (the same binary,
 * `--runner`), hands it a recording's two descriptors and a socket, sends
 * commands, reports what became of it. Never blocks. UI thread. One warm spare is
 * kept so that Run starts at once; every run is a fresh process. */
#pragma once

#include "recording/recording.h"
#include <gio/gio.h>

typedef enum
{
  RUNNER_IDLE, /* nothing run yet */
  RUNNER_RUNNING,
  RUNNER_PAUSED, /* between two statements */
  RUNNER_ENDED,  /* the script came to its end or raised; still answers questions */
  RUNNER_DEAD,   /* the process is gone, stopped or by itself: then the recording holds the error */
} RunnerState;

#define RUNNER_TYPE_CLIENT (runner_client_get_type ())
G_DECLARE_FINAL_TYPE (RunnerClient, runner_client, RUNNER, CLIENT, GObject)

/* Signals: "state-changed" (), also when the script begins or ends to wait for input;
 * "grown" () at most once a frame while the recording grows.
 * Property "state". program: path of the binary to spawn (NULL: /proc/self/exe). */
RunnerClient *runner_client_new (const char *program);

/* Bound of the values kept by each later run (512 MB unless set). */
void runner_client_set_budget (RunnerClient *client, gsize budget_nbytes);

typedef enum
{
  RUNNER_TO_NEXT_STATEMENT,
  RUNNER_TO_NEXT_EVENT, /* to the next statement once something was recorded: passes over what does nothing */
  RUNNER_TO_END,
} RunnerUntil;

/* Starts a fresh run (kills the old one): a new recording. RUNNER_TO_NEXT_STATEMENT:
 * pauses before the first statement, nothing has run then. until_line: also pauses
 * before that line, 0 none. source NULL: read from path. argv (or NULL): the
 * arguments after the script's name. breakpoints (or NULL): lines, 0 ends. A line
 * stands for the statement that holds it, or the next one that begins after it.
 * Takes a warm spare when there is one. cwd: the script's folder. Sets error (and leaves the old run alone) when there is no such file, the
 * source is no UTF-8 text, or this process is itself one that a client started. */
gboolean runner_client_run (RunnerClient *client, const char *path, const char *source,
                            const char *const *argv, const guint *breakpoints, RunnerUntil until,
                            guint until_line, GError **error);
/* until_line, breakpoints: as above. No effect unless running or paused. */
void runner_client_go_on (RunnerClient *client, RunnerUntil until, const guint *breakpoints, guint until_line);
void runner_client_pause (RunnerClient *client);
/* Flag; after 200 ms an interrupt; after 1 s a kill. The recording stays. A script
 * that obeys leads to ENDED (it still answers questions), a killed one to DEAD. */
void runner_client_stop (RunnerClient *client);
/* Whether somebody can type for later runs (nobody, unless set): without, standard
 * input is empty and input () says so. */
void runner_client_set_has_input (RunnerClient *client, gboolean has_input);
/* What was typed, with or without its newline; it waits for a script that has not asked yet. */
void runner_client_send_input (RunnerClient *client, const char *line);
/* The input ends for one read, as Ctrl+D in a terminal: input () raises EOFError. */
void runner_client_end_input (RunnerClient *client);
/* Whether the script waits for a line now; *line (or NULL): of the script, 0: not known, or in another file. */
gboolean runner_client_is_asking (RunnerClient *client, guint *line);

RunnerState runner_client_get_state (RunnerClient *client);
const char *runner_client_get_reason (
    RunnerClient *client); /* NULL, or "Stopped."; of DEAD: "Line 3 left with os._exit(3), …" */
int runner_client_get_exit_status (RunnerClient *client);
RecRecording *runner_client_get_recording (RunnerClient *client);   /* borrowed; of the latest run or NULL */
/* RUNNING: the script's line that runs now (0: none has begun), and since when without a move to another line, in
 * monotonic time. */
guint runner_client_get_running_line (RunnerClient *client, gint64 *since_us);
guint runner_client_get_line (RunnerClient *client);                /* PAUSED: the statement that runs next; 0 in another file */

/* Which lines will create leaves, without running (script_scan's JSON), by the spare. */
void runner_client_scan_async (RunnerClient *client, const char *source, const char *path,
                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
char *runner_client_scan_finish (RunnerClient *client, GAsyncResult *result, GError **error);
/* The terms that make one element (src/insight): JSON as insight.h says. */
void runner_client_element_async (RunnerClient *client, guint64 event, int input, gint64 index,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
char *runner_client_element_finish (RunnerClient *client, GAsyncResult *result, GError **error);
