/* SPDX-License-Identifier: MIT
 *
 * The probes' side of a recorded run: where the script stands (a stack of open
 * statements, functions and loop iterations) and what of it is written down. A
 * statement in which nothing happens leaves no event: entries are written when the
 * first operation, name or output asks for it. Main thread, GIL held. */
#pragma once

#include "py.h"
#include "script.h"

/* Something waits to be written before the next event. */
extern gboolean script_probe_pending;
void script_probe_write_pending (void);

/* Writes what was printed since the last event, with the line that printed it. */
void script_probe_write_output (void);

/* To be called before every use of the engine that can make an event. */
static inline void
script_probe_touch (void)
{
  if (G_UNLIKELY (script_probe_pending))
    script_probe_write_pending ();
}

gboolean script_probe_raise_stop (void);
extern gint script_probe_stopping;       /* atomic */

/* The same for an operation of its own. FALSE with the stop exception set: the run is to stop, and an expression of
 * many operations has no statement between them. */
static inline gboolean
script_probe_begin_operation (void)
{
  if (G_UNLIKELY (g_atomic_int_get (&script_probe_stopping)))
    return script_probe_raise_stop ();
  script_probe_touch ();
  return TRUE;
}

/* Whether a call of that function (its statement's number) runs now. */
gboolean script_probe_is_open (guint function);

/* Where the script stands: of the statement that runs now; 0, 0 outside of all. */
void script_probe_get_place (guint *file, guint *line);
/* Stamps it on all following events; a file that is met for the first time is named in the recording. */
void script_probe_set_position (guint file, guint line);

/* Begins and ends a recorded run; run must outlive it. */
void script_probe_start (const ScriptRun *run);
void script_probe_finish (void);
/* In a forked child, which must not write into its parent's recording. */
void script_probe_forget (void);
/* NULL while nothing is recorded. */
RecRecorder *script_probe_recorder (void);

/* Functions that the instrumented code calls, by the names that probes.py writes,
 * put into builtins. FALSE with a Python exception set. */
gboolean script_probe_install (void);
/* register_file (path) → number, register_statements (list): for probes.py. */
extern PyMethodDef script_probe_methods[];

/* script_probe_raise_stop () raises the exception that stops a script; it is no
 * Exception, so that `except Exception` lets it pass. */
PyObject *script_stop_exception (void);          /* its class, borrowed */
/* TRUE once script_interrupt () was called or the statement function said stop. */
gboolean script_probe_is_stopping (void);
void script_probe_set_stopping (gboolean stopping);
