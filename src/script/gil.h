/* SPDX-License-Identifier: MIT
 *
 * The GIL round long kernels, and stopping a running script from another thread. */
#pragma once

#include "py.h"

/* After Python has started, on the script's thread. */
void script_gil_init (void);
void script_gil_finish (void);
/* Waits until no other thread is inside a long kernel. GIL held, let go meanwhile. */
void script_gil_wait_for_engine (void);
/* Ends the thread that script_interrupt () started and clears its request. */
void script_interrupt_finish (void);
