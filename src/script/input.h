/* SPDX-License-Identifier: MIT
 *
 * What a recorded script reads from sys.stdin: typed lines, each asked for when it is
 * read and recorded in its place among the output. C code and child processes see
 * an empty standard input. GIL held. */
#pragma once

#include "py.h"
#include "script.h"

/* run must outlive the run; its read_input may be NULL. */
void script_input_start (const ScriptRun *run);
/* From here on, and in a forked child, the input has ended. */
void script_input_finish (void);
/* read_input (n) → at most n bytes of one line, b'' at the end: for typed_input.py. */
PyObject *script_input_read (PyObject *module, PyObject *size);
