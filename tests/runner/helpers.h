/* SPDX-License-Identifier: MIT
 *
 * Shared by the runner's tests: a client of the child program, scripts given as
 * text, waiting for conditions with a deadline. */
#pragma once

#include "runner/client.h"

#define DEADLINE_S 120.0

RunnerClient *test_client_new (void);
/* Starts source as /nowhere/script.py (or path). */
void test_run (RunnerClient *client, const char *source, RunnerUntil until, const guint *breakpoints);
/* Runs the main loop until the state is there; fails after the deadline. */
void test_wait_state (RunnerClient *client, RunnerState state);
void test_wait_end (RunnerClient *client);       /* ENDED or DEAD */
void test_wait_paused_at (RunnerClient *client, guint line);
/* All that was printed to one stream. */
char *test_dup_output (RecRecording *recording, gboolean is_stderr);
guint test_count_events (RecRecording *recording, RecEventKind kind);
gboolean test_find_event (RecRecording *recording, RecEventKind kind, guint64 from, guint64 *index, RecEvent *event);
