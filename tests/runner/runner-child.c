/* SPDX-License-Identifier: MIT
 *
 * The runner as a program of its own, for tests: what `tapedeck --runner` is. */
#include "runner/server.h"

int
main (int argc, char **argv)
{
  return runner_server_main (argc, argv);
}
