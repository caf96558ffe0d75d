/* SPDX-License-Identifier: MIT
 *
 * sys.stdout and sys.stderr of a recorded run. What one statement prints is gathered
 * and given to the recording's writer when the statement ends; the writer gathers
 * further when a script floods it. In a forked child they write to its descriptors. */
#pragma once

#include "py.h"
#include "recording/recorder.h"

/* Replaces sys.stdout and sys.stderr; FALSE with a Python exception set. */
gboolean script_output_install (void);
/* Takes bytes (UTF-8) as if the script had printed them. GIL held. */
void script_output_gather (gboolean is_stderr, const char *bytes, gsize n);
/* In a forked child: what waits is its parent's. */
void script_output_forget (void);
/* Gives the writer what was gathered; its position must be set. */
void script_output_write (RecWriter *writer);
gboolean script_output_is_waiting (void);
/* How often what was gathered was given on (atomic). */
extern gint script_output_n_written;
