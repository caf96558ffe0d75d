/* SPDX-License-Identifier: MIT
 *
 * The line between app and runner: one JSON object per line, UTF-8. To the
 * runner: {"do": "run" | "go" | "pause" | "stop" | "interrupt" | "input" | "scan"
 * | "element" | "quit", …}; from it: {"is": "ready" | "paused" | "asks" |
 * "ended" | "answer" | "refused", …}. Questions and answers bear the same "id". Private to this room. */
#pragma once

#include <json-glib/json-glib.h>

/* A longer line is no message; its receiver drops it and says so. */
#define RUNNER_MESSAGE_MAX_NBYTES (64u << 20)

/* A line's object; NULL for what is not one. */
JsonObject *runner_message_parse (const char *line, gsize n);
/* The object (consumed) with its newline. */
GBytes *runner_message_format (JsonObject *message);

/* Members, forgiving: a missing one, or one of another type, gives NULL or 0. */
const char *runner_message_get_string (JsonObject *message, const char *member);
gint64 runner_message_get_int (JsonObject *message, const char *member);
JsonArray *runner_message_get_array (JsonObject *message, const char *member);

/* What has been received, cut into messages. */
typedef struct _RunnerLines RunnerLines;
typedef void (*RunnerMessageFunc) (JsonObject *message, gpointer data);

RunnerLines *runner_lines_new (RunnerMessageFunc func, gpointer data);
void runner_lines_free (RunnerLines *lines);
/* Calls func for each message that bytes complete. FALSE, once a line: it is longer
 * than RUNNER_MESSAGE_MAX_NBYTES, and what there is and will be of it is dropped.
 * func must not free the lines. */
gboolean runner_lines_take (RunnerLines *lines, const char *bytes, gsize n);
