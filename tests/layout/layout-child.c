/* SPDX-License-Identifier: MIT
 *
 * The layout's helper as a program of its own, for tests: what `tapedeck --layout` is. */
#include "layout/layout.h"

int
main (int argc, char **argv)
{
  return layout_helper_main (argc, argv);
}
