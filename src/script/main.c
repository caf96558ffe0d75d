/* SPDX-License-Identifier: MIT
 *
 * `tapedeck run`, and this program in the place of python3: both are Python's own
 * main program with our torch, so that whatever python3 does with a script, its
 * arguments, its end and its errors is done here too. */
#include "host.h"
#include "script.h"

#include <string.h>

static int
run_python (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  if (script_host_start_python (argc, argv, &status, &error))
    return Py_RunMain ();
  if (error != NULL)
    g_printerr ("%s\n", error->message);
  return status;
}

int
script_main (int argc, char **argv)
{
  if (argc < 1)
    {
      g_printerr ("usage: tapedeck run SCRIPT [ARG…]\n");
      return 2;
    }
  g_autofree char **all = g_new0 (char *, argc + 2);
  all[0] = (char *) script_host_program ();
  memcpy (all + 1, argv, argc * sizeof *argv);
  return run_python (argc + 1, all);
}

int
script_python_main (int argc, char **argv)
{
  return run_python (argc, argv);
}

gboolean
script_is_python (const char *program)
{
  g_autofree char *name = g_path_get_basename (program);
  return g_str_equal (name, SCRIPT_EXECUTABLE_NAME);
}
