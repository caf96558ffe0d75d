/* SPDX-License-Identifier: MIT
 *
 * sys.stdout and sys.stderr of a recorded run: what is printed is gathered and
 * written as few output events. Up to a few thousand events a second every
 * statement's output is written with the statement; a flood (a million lines in a
 * loop) is written in large pieces with the line that began it. */
#pragma once

#include "py.h"
#include "recording/recorder.h"

/* Replaces sys.stdout and sys.stderr; FALSE with a Python exception set. */
gboolean script_output_install (void);
/* The bytes gathered by the statement that is open, or (stale) by one that ended. */
void script_output_write (RecWriter *writer);
void script_output_write_stale (RecWriter *writer);
void script_output_set_stale (guint file, guint line);
gboolean script_output_is_waiting (void);
/* TRUE when there is output and the rate allows an event of its own. */
gboolean script_output_may_write_now (void);
