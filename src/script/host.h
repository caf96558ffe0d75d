/* SPDX-License-Identifier: MIT
 *
 * How Python is started for each use; the rest of host.c is in script.h. Private to
 * this room. */
#pragma once

#include "py.h"

/* The file that stands beside the program and starts it in place of python3. */
#define SCRIPT_EXECUTABLE_NAME "tapedeck-python"

/* The interpreter whose place is taken: that of the active virtual environment, or
 * the system's. */
const char *script_host_program (void);
/* Starts Python with python3's command line. FALSE: end with *status, error set
 * unless Python has said why itself. */
gboolean script_host_start_python (int argc, char **argv, int *status, GError **error);
