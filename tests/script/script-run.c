/* SPDX-License-Identifier: MIT
 *
 * `tapedeck run` without the app round it: what the script tests and the
 * conformance cases start as a child process. */
#include "script/script.h"

int
main (int argc, char **argv)
{
  return script_main (argc - 1, argv + 1);
}
