/* SPDX-License-Identifier: MIT
 *
 * One runner process as the app sees it: spawned with a fresh recording and a
 * socket, spoken to by messages, asked questions, mourned. Dropping the last
 * reference kills it. UI thread; nothing blocks. Private to this room. */
#pragma once

#include "death.h"
#include "message.h"
#include "recording/recording.h"
#include <gio/gio.h>

typedef struct _RunnerProcess RunnerProcess;

typedef struct
{
  void (*message) (RunnerProcess *process, JsonObject *message, gpointer data);   /* not answers */
  void (*gone) (RunnerProcess *process, gpointer data);   /* once; no message comes after it */
} RunnerProcessEvents;

RunnerProcess *runner_process_new (const char *program, gsize budget_nbytes, GError **error);
/* One for questions about a recording whose own process is gone: it runs nothing. */
RunnerProcess *runner_process_new_for_recording (const char *program, RecRecording *recording, GError **error);
/* Whoever holds the process hears of it; NULL: nobody. */
void runner_process_set_events (RunnerProcess *process, const RunnerProcessEvents *events, gpointer data);
/* Kills the process, fails its questions, drops the reference. */
void runner_process_discard (RunnerProcess *process);
void runner_process_kill (RunnerProcess *process);
RecRecording *runner_process_get_recording (RunnerProcess *process);
gboolean runner_process_is_gone (RunnerProcess *process);
/* What it died of, as far as the process itself knows; when gone. */
void runner_process_get_death (RunnerProcess *process, RunnerDeath *death);

/* What the script's C code and children wrote and nobody recorded; when gone. */
GBytes *runner_process_take_leftover (RunnerProcess *process, gboolean is_stderr);

JsonObject *runner_process_message (const char *what);         /* {"do": what} */
void runner_process_send (RunnerProcess *process, JsonObject *message);   /* consumed */
/* A question: the task (taken) returns the answer's text, owned. */
void runner_process_ask (RunnerProcess *process, JsonObject *question, GTask *task);
