/* SPDX-License-Identifier: MIT
 *
 * A runner process without the app: what the truth tests spawn. Linked twice, once
 * with a derivative that is wrong on purpose (scaled-mm.c). */

#include "runner/server.h"

int
main (int argc, char **argv)
{
  return runner_server_main (argc, argv);
}
