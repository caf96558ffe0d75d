/* SPDX-License-Identifier: MIT
 *
 * Spawning the runner's process and ending it; the pipes that its script's output
 * goes through. Called by process.c. Private to this room. */
#pragma once

#include "death.h"
#include "recording/recording.h"
#include <gio/gio.h>

/* Read and write end of the script's standard output, then of its standard error.
 * The app keeps read ends too: what the process leaves unread at its death is there. */
typedef struct
{
  int fds[4];
} RunnerPipes;

#define RUNNER_PIPES_NONE ((RunnerPipes){ { -1, -1, -1, -1 } })

/* On failure too, what was opened is closed by runner_pipes_close. */
gboolean runner_pipes_open (RunnerPipes *pipes, GError **error);
void runner_pipes_close_write_ends (RunnerPipes *pipes);
void runner_pipes_close (RunnerPipes *pipes);
/* What stands in one pipe, at most about max_nbytes of it; never waits. */
GBytes *runner_pipes_take (RunnerPipes *pipes, gboolean is_stderr, gsize max_nbytes);

/* The descriptors are duplicated, not taken. Sets error in a process that was itself
 * started by this function and has not called runner_spawn_unmark. */
GSubprocess *runner_spawn (const char *program, RecRecording *recording, int socket, const RunnerPipes *pipes,
                           GError **error);
/* Kills the process and all of its group. */
void runner_spawn_kill (GSubprocess *subprocess);
/* Its signal or its status. It must have been waited for. */
void runner_spawn_get_death (GSubprocess *subprocess, RunnerDeath *death);
/* For the server, before it starts a thread: it is a runner indeed, and its script may start what it likes. */
void runner_spawn_unmark (void);
