/* SPDX-License-Identifier: MIT
 *
 * The runner process: holds the engine, obeys the line, fills the recording. */
#pragma once

/* Entry of `tapedeck --runner` : descriptors 3 (socket), 4 (events), 5 (heap).
 * Returns the process's exit status. */
int runner_server_main (int argc, char **argv);
