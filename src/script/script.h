/* SPDX-License-Identifier: MIT
 *
 * Runs PyTorch-style Python on the engine: embeds CPython, owns `torch`, puts one
 * probe before each statement of the user's code. Runner side, main thread only
 * (script_interrupt: any thread). */
#pragma once

#include "recording/recorder.h"

/* Called by the probe before each statement of user code (recorded runs only),
 * GIL held. Blocks while the run is paused; call script_flush () before waiting.
 * FALSE: stop the script (SystemExit-like). */
typedef gboolean (*ScriptStatementFunc) (guint file, guint line, gpointer data);

/* What waiting for standard input has brought. */
typedef enum
{
  SCRIPT_INPUT_LINE,                /* a line, with its newline */
  SCRIPT_INPUT_END,                 /* the end of the input; a later read may ask again */
  SCRIPT_INPUT_STOP,                /* the script is to stop */
  SCRIPT_INPUT_ATTEND,              /* something else is wanted: call attend and wait again */
} ScriptInput;

typedef struct
{
  const char *path;                 /* shown in tracebacks, sys.argv[0], __file__; may not exist on disk (unsaved) */
  const char *source;               /* UTF-8 text, or NULL: read from path */
  int argc;
  char **argv;                      /* arguments after the script's name */
  RecRecorder *recorder;
  const int *pipes;                 /* both ends of the pipes to catch descriptors 1 and 2 with, read ends
                                     * non-blocking; they stay in use for ever. NULL: made here */
  /* The script reads a line from sys.stdin at (file, line): waits, GIL not held, on the thread that reads. *text is
   * then the caller's. NULL: nobody types, sys.stdin is empty and input () says so. */
  ScriptInput (*read_input) (guint file, guint line, char **text, gpointer data);
  void (*attend) (gpointer data);   /* GIL held */
  ScriptStatementFunc statement;
  gpointer data;
} ScriptRun;

/* Initialises Python as python3 does and registers torch. Once per process. warm:
 * imports numpy too, so that a script that does need not wait for it. */
gboolean script_init (int argc, char **argv, gboolean warm, GError **error);
/* Runs to the end; returns the exit status python3 would give (130 when stopped).
 * Uncaught errors are printed as python3 does (frames of ours hidden) and recorded
 * with their line. Writes run_begins and run_ends. */
int script_run (const ScriptRun *run);
/* From now on this process may have as much private memory as there is left in the
 * machine: asking for more fails, with an error on its line, before the machine
 * begins to swap and the system to kill. For whoever runs scripts in a process of
 * their own. */
void script_limit_memory (void);
/* Where the statement of the running script begins that holds a line, or else the next one after it; 0: none.
 * Main thread; O(statements). */
guint script_find_line (guint line);
/* Makes running Python code stop soon (any thread). */
void script_interrupt (void);
/* Writes output that waits to be written together; cheap when there is none. */
void script_flush (void);
/* Reads, without running it, which lines will create named leaves:
 * JSON {"leaves":[{"name":"W_h","line":4,"sizes":[20,20],"requires_grad":true,"place":0}…], "first_line":4,
 * "statements":[{"line":9, "does":"makes h2h"}, {"line":2, "then":4}…], what lines will do or, of those that can do
 * nothing to tensors, which line follows; "error": {"line":…, "message":…} or absent}. place: smaller where a leaf
 * will be used earlier. Owned by the caller. */
char *script_scan (const char *source, const char *path);
/* Runs exit handlers and flushes; returns 0, or 120 as python3 when flushing failed. */
int script_finalize (void);

/* `tapedeck run SCRIPT [ARG…]`: argv[0] is the script, argv[1…] its arguments, as
 * python3 takes them ("-", folders, archives and options too). Runs the unmodified
 * code, unrecorded, on Python's own main program; returns its exit status. */
int script_main (int argc, char **argv);
/* The same for a program that was started in place of python3 (sys.executable). */
int script_python_main (int argc, char **argv);
/* Whether argv[0] is the name under which sys.executable starts this program. */
gboolean script_is_python (const char *program);
