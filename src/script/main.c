/* SPDX-License-Identifier: MIT
 *
 * script_main: `tapedeck run`. Behaves as `python3 SCRIPT ARG…` does. */
#include "script.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* All of standard input, or NULL when it cannot be read. Owned by the caller. */
static char *
read_stdin (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char piece[4096];
  gsize n;

  while ((n = fread (piece, 1, sizeof piece, stdin)) > 0)
    g_string_append_len (text, piece, (gssize) n);
  return ferror (stdin) ? NULL : g_string_free (g_steal_pointer (&text), FALSE);
}

/* 0, or the errno for which python3 refuses the file. */
static int
check_file (const char *path)
{
  FILE *file = fopen (path, "rb");
  struct stat facts;
  int error = file == NULL ? errno : 0;

  if (file != NULL && fstat (fileno (file), &facts) == 0 && S_ISDIR (facts.st_mode))
    error = EISDIR;
  if (file != NULL)
    fclose (file);
  return error;
}

int
script_main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *from_stdin = NULL;

  if (argc < 1)
    {
      g_printerr ("usage: tapedeck run SCRIPT [ARG…]\n");
      return 2;
    }
  gboolean is_stdin = strcmp (argv[0], "-") == 0;
  int refused = is_stdin ? 0 : check_file (argv[0]);
  if (refused != 0)
    {
      g_autofree char *path = g_canonicalize_filename (argv[0], NULL);
      if (refused == EISDIR)
        {
          g_printerr ("%s: can't find '__main__' module in '%s'\n", SCRIPT_PYTHON_PROGRAM, path);
          return 1;
        }
      g_printerr ("%s: can't open file '%s': [Errno %d] %s\n", SCRIPT_PYTHON_PROGRAM, path, refused,
                  g_strerror (refused));
      return 2;
    }
  if (is_stdin && (from_stdin = read_stdin ()) == NULL)
    {
      g_printerr ("%s: standard input cannot be read: %s\n", SCRIPT_PYTHON_PROGRAM, g_strerror (errno));
      return 2;
    }
  if (!script_init (argc, argv, FALSE, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  ScriptRun run = { .path = argv[0], .source = from_stdin, .argc = argc - 1, .argv = argv + 1 };
  int status = script_run (&run);
  int closing = script_finalize ();
  return status != 0 ? status : closing;
}
