/* SPDX-License-Identifier: MIT
 *
 * The line between app and runner: one JSON object per line, UTF-8. To the
 * runner: {"do": "run" | "go" | "pause" | "stop" | "interrupt" | "input" | "scan"
 * | "element" | "quit", …}; from it: {"is": "ready" | "paused" | "ended" |
 * "answer", …}. Questions and answers bear the same "id". Private to this room. */
#pragma once

#include <json-glib/json-glib.h>

/* A line's object; NULL for what is not one. */
JsonObject *runner_message_parse (const char *line, gssize n);
/* The object (consumed) with its newline. */
GBytes *runner_message_format (JsonObject *message);

/* Members, forgiving: a missing one, or one of another type, gives NULL or 0. */
const char *runner_message_get_string (JsonObject *message, const char *member);
gint64 runner_message_get_int (JsonObject *message, const char *member);
JsonArray *runner_message_get_array (JsonObject *message, const char *member);
