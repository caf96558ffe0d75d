/* SPDX-License-Identifier: MIT
 *
 * The client's insides, shared by its files (the object and its run, its end, questions). */
#pragma once

#include "client.h"
#include "process.h"

struct _RunnerClient
{
  GObject parent_instance;
  char *program;
  gsize budget_nbytes;
  RunnerProcess *process;       /* of the latest run; stays when dead */
  RunnerProcess *answerer;      /* answers for the latest run when its process is dead; NULL until asked */
  RunnerProcess *spare;         /* warm, or on its way */
  RecRecording *recording;
  RunnerState state;
  char *reason;
  int exit_status;
  guint line;
  gint64 go_nr;                 /* counts go-ons: an older pause is stale */
  guint64 n_events;             /* told by "grown" */
  guint n_moves;                /* from line to line, as last seen, and when it was another number */
  gint64 moved_us;
  gint64 n_oom_kills; /* the system's, when the run began; −1 unknown */
  gboolean stopping;
  gboolean has_input;           /* later runs are told that lines may come */
  gboolean asking;              /* the script waits for a line */
  guint asking_line;
  gint64 n_typed;               /* lines and ends sent: an older asking is stale */
  guint grow_source, stop_source, spare_source;
};

/* Gives the recording of a process that is gone its end, if it has none; says in words what happened. */
char *runner_client_write_end (RunnerClient *client);
/* A process that can answer questions about the latest run; NULL with error set. */
RunnerProcess *runner_client_ensure_answerer (RunnerClient *client, GError **error);
/* A process that can answer a scan: the spare, made if there is none. */
RunnerProcess *runner_client_ensure_spare (RunnerClient *client, GError **error);
