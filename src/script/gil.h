/* SPDX-License-Identifier: MIT
 *
 * The GIL round long kernels, and stopping a running script from another thread. */
#pragma once

#include "py.h"

/* After Python has started, on the script's thread. */
void script_gil_init (void);
void script_gil_finish (void);
/* Another thread is inside a long kernel, without the GIL; the engine is its own till then. */
extern gboolean script_gil_is_lent;
/* Waits until no other thread is inside a long kernel. GIL held, let go meanwhile. */
void script_gil_wait_for_engine (void);
/* Stands before every use of the engine that Python code can bring about. */
static inline void
script_gil_guard (void)
{
  if (G_UNLIKELY (script_gil_is_lent))
    script_gil_wait_for_engine ();
}
/* Ends the thread that script_interrupt () started and clears its request. */
void script_interrupt_finish (void);
