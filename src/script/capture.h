/* SPDX-License-Identifier: MIT
 *
 * What C code and child processes write to descriptors 1 and 2 during a recorded
 * run. Two pipes stand there; what is in them is given to output.c before the
 * script prints more, when a statement ends and, from a thread of its own, while
 * the script waits. */
#pragma once

#include "py.h"

/* Puts the pipes in place; fds: both ends of stdout's, then of stderr's, read ends
 * non-blocking (NULL: made here). Once made they stay for the process's life. GIL
 * held. FALSE with a Python exception set. */
gboolean script_capture_start (const int *fds);
/* Takes what is left and puts the old descriptors back; what children write later
 * goes nowhere. */
void script_capture_finish (void);
/* Takes what stands in the pipes now. GIL held. Costs a poll, or less in
 * a flood of prints. */
void script_capture_collect (void);
/* In a forked child: nothing is captured there, it writes into its parent's pipes. */
void script_capture_forget (void);

/* What was printed waits to be written: should the script not come to it soon (it sleeps, or another thread
 * printed), the thread that delivers does. Any thread; cheap. */
void script_capture_nudge (void);

/* Something was seen in a pipe: the next statement should collect. */
extern gint script_capture_waiting;
