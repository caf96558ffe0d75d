/* SPDX-License-Identifier: MIT
 *
 * `tapedeck run` without the app round it: what the script tests and the
 * conformance cases start as a child process. */
#include "script/script.h"

int
main (int argc, char **argv)
{
  if (script_is_python (argv[0]))
    return script_python_main (argc, argv);
  return script_main (argc - 1, argv + 1);
}
