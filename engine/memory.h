/* SPDX-License-Identifier: MIT
 *
 * How much memory may still be taken. Whoever takes much of it on a script's behalf
 * asks here first, so that a script meets the end of memory as an error of its own:
 * the small allocations of GLib, which end the process when they fail, still find
 * room. Any thread. */
#pragma once

#include <glib.h>

/* Whether nbytes more may be taken. FALSE near a limit that was set for this process
 * (RLIMIT_DATA), and for very much at once when the system has not got it. Cheap: it
 * looks only when a few MB were asked for since the last look. */
gboolean eng_memory_may_take (gsize nbytes);
/* Bytes of private memory that this process has, as RLIMIT_DATA counts them; 0 unknown. */
guint64 eng_memory_get_own (void);
