/* SPDX-License-Identifier: MIT
 *
 * `tapedeck export`: runs a script in a runner and saves its run as a film or a
 * picture, without a display. */
#pragma once

/* argv[0] is "export". Returns the process's exit status: 0, 1 no file was made, 2 wrong usage, 130 interrupted;
 * else the script's own, when it failed: then the file shows the run until there. */
int export_command_main (int argc, char **argv);
