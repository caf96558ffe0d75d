/* SPDX-License-Identifier: MIT
 *
 * The composition root's front door: decides by the first argument which half of
 * the program this process is. The window never holds the engine, the runner and
 * `run` never touch a display. */
#include "application.h"
#include "export-command.h"
#include "layout/layout.h"
#include "runner/server.h"
#include "script/script.h"

#include <stdio.h>
#include <string.h>

#define EXPORT_LAYOUT_LIMIT_S 120 /* nobody waits at a window */
#define SELF "/proc/self/exe"   /* of whoever starts it: the very same program, even after an update */

static const char usage[] =
  "Usage:\n"
  "  tapedeck [FILE…]              open the window (with the demo when no FILE is named)\n"
  "  tapedeck run SCRIPT [ARG…]    run a script without a window, as python3 would\n"
  "  tapedeck export SCRIPT [ARG…] -o FILE [OPTION…]\n"
  "                                run it and save a film (.webp .webm .mp4 .gif) or a picture (.png .svg\n"
  "                                .pdf .dot); tapedeck export --help lists the options\n"
  "  tapedeck --version            print the version\n"
  "  tapedeck --help               print this text\n";

static int
run_script (int argc, char **argv)
{
  if (argc < 3)
    {
      fputs ("tapedeck run: the script is missing.\n", stderr);
      fputs (usage, stderr);
      return 2;
    }
  return script_main (argc - 2, argv + 2);
}

static int
open_windows (int argc, char **argv)
{
  g_autoptr (TdApplication) application = td_application_new ();

  layout_set_helper (SELF, LAYOUT_LIMIT_S);
  return g_application_run (G_APPLICATION (application), argc, argv);
}

int
main (int argc, char **argv)
{
  const char *first = argc > 1 ? argv[1] : "";

  if (script_is_python (argv[0]))
    return script_python_main (argc, argv);
  if (strcmp (first, "--runner") == 0)
    return runner_server_main (argc, argv);
  if (strcmp (first, "--layout") == 0)
    return layout_helper_main (argc, argv);
  if (strcmp (first, "run") == 0)
    return run_script (argc, argv);
  if (strcmp (first, "export") == 0)
    {
      layout_set_helper (SELF, EXPORT_LAYOUT_LIMIT_S);
      return export_command_main (argc - 1, argv + 1);
    }
  if (strcmp (first, "--version") == 0)
    {
      puts ("tapedeck " TAPEDECK_VERSION);
      return 0;
    }
  if (strcmp (first, "--help") == 0 || strcmp (first, "-h") == 0)
    {
      fputs (usage, stdout);
      return 0;
    }
  if (first[0] == '-' && strcmp (first, "--") != 0)
    {
      fprintf (stderr, "tapedeck: unknown option %s\n%s", first, usage);
      return 2;
    }
  return open_windows (argc, argv);
}
