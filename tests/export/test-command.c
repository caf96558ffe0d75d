/* SPDX-License-Identifier: MIT
 *
 * `tapedeck export` as a user's shell runs it, with no display at all. */
#include "export-run.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

typedef struct
{
  int status;
  char *out, *err;
} Ran;

static void
ran_clear (Ran *ran)
{
  g_free (ran->out);
  g_free (ran->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ran, ran_clear)

static Ran run (const char *first, ...) G_GNUC_NULL_TERMINATED;

static Ran
run (const char *first, ...)
{
  g_autoptr (GSubprocessLauncher)
      launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GPtrArray) command = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  Ran ran = { 0 };
  va_list rest;

  g_ptr_array_add (command, (gpointer) g_getenv ("TAPEDECK_BINARY"));
  g_ptr_array_add (command, "export");
  va_start (rest, first);
  for (const char *word = first; word != NULL; word = va_arg (rest, const char *))
    g_ptr_array_add (command, (gpointer) word);
  va_end (rest);
  g_ptr_array_add (command, NULL);
  g_subprocess_launcher_unsetenv (launcher, "DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) command->pdata, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &ran.out, &ran.err, &error);
  g_assert_no_error (error);
  ran.status = g_subprocess_get_exit_status (process);
  return ran;
}

static void
assert_says (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” does not say “%s”", text, part);
}

static char *
write_script (ExportFolder *folder, const char *source)
{
  char *path = export_folder_file (folder, "script.py");

  g_assert_true (g_file_set_contents (path, source, -1, NULL));
  return path;
}

static void
test_demo (ExportFolder *folder, gconstpointer data)
{
  static const struct
  {
    const char *name, *magic;
    gsize at;
  } files[] = {
    { "demo.svg", "<?xml", 0 },
    { "demo.png", "\x89PNG", 0 },
    { "demo.webp", "WEBPVP8X", 8 },
  };
  g_autofree char *demo = g_build_filename (g_getenv ("PLAYER_EXAMPLES"), "dynamic_graph.py", NULL);

  for (guint k = 0; k < G_N_ELEMENTS (files); k++)
    {
      g_autofree char *path = export_folder_file (folder, files[k].name), *bytes = NULL;
      g_auto (Ran) ran = run (demo, "-o", path, "--size=480x400", "--fps=5", "--seconds=0.4", NULL);
      gsize n;

      g_assert_cmpstr (ran.err, ==, "");
      g_assert_cmpint (ran.status, ==, 0);
      g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
      g_assert_cmpuint (n, >, 1000);
      g_assert_cmpint (memcmp (bytes + files[k].at, files[k].magic, strlen (files[k].magic)), ==, 0);
      if (k == 0)
        assert_says (bytes, "−0.6520");
      g_unlink (path);
    }
}

/* The boxes say the scales of their maps where they are asked to: 2 and 3 are their tensors' largest numbers. */
static void
test_scale_per_tensor (ExportFolder *folder, gconstpointer data)
{
  static const char *const options[] = { "--theme=light", "--scale-per-tensor" };
  g_autofree char *path = export_folder_file (folder, "scales.svg");
  g_autofree char *script = write_script (
      folder, "import torch\na = torch.full((2, 3), 2.0)\nb = torch.full((2, 2), -3.0)\n");

  for (guint k = 0; k < G_N_ELEMENTS (options); k++)
    {
      g_auto (Ran) ran = run (script, "-o", path, options[k], NULL);
      g_autofree char *bytes = NULL;

      g_assert_cmpstr (ran.err, ==, "");
      g_assert_true (g_file_get_contents (path, &bytes, NULL, NULL));
      g_assert_cmpint (strstr (bytes, "±2") != NULL, ==, k);
      g_assert_cmpint (strstr (bytes, "±3") != NULL, ==, k);
    }
  g_unlink (path);
  g_unlink (script);
}

/* What the script prints comes out; what it is given comes in. */
static void
test_output (ExportFolder *folder, gconstpointer data)
{
  g_autofree char *path = export_folder_file (folder, "run.dot");
  g_autofree char *script = write_script (
      folder, "import sys, torch\na = torch.ones(2, 3)\nprint('args', sys.argv[1:])\n"
              "print('aside', file=sys.stderr)\n");
  g_auto (Ran) ran = run ("-o", path, "--", script, "one", "--two", NULL);

  g_assert_cmpint (ran.status, ==, 0);
  g_assert_cmpstr (ran.out, ==, "args ['one', '--two']\n");
  g_assert_cmpstr (ran.err, ==, "aside\n");
  g_unlink (path);
  g_unlink (script);
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  for (const char *at = strstr (text, part); at != NULL; at = strstr (at + 1, part))
    n++;
  return n;
}

/* A script that fails: its own words, its own status, and the run until there. */
static void
test_failing_script (ExportFolder *folder, gconstpointer data)
{
  g_autofree char *path = export_folder_file (folder, "run.svg"), *bytes = NULL;
  g_autofree char *script = write_script (
      folder, "import torch\nweight = torch.ones(2, 3)\nraise ValueError('my own')\n");
  g_auto (Ran) ran = run (script, "-o", path, NULL);

  g_assert_cmpint (ran.status, ==, 1);
  g_assert_cmpstr (strstr (ran.err, "ValueError: my own"), ==,
                   "ValueError: my own\ntapedeck export: the script failed; what it did until then is exported.\n");
  g_assert_cmpuint (count (ran.err, "Traceback"), ==, 1);
  g_assert_cmpuint (count (ran.err, "ValueError: my own"), ==, 1);
  assert_says (ran.err, "until then");
  g_assert_true (g_file_get_contents (path, &bytes, NULL, NULL));
  assert_says (bytes, ">weight</text>");
  g_unlink (path);
  g_unlink (script);
}

static void
test_killed_script (ExportFolder *folder, gconstpointer data)
{
  g_autofree char *path = export_folder_file (folder, "run.svg");
  g_autofree char *script = write_script (folder,
                                          "import os, torch\nweight = torch.ones(2, 3)\nos._exit(7)\n");
  g_auto (Ran) ran = run (script, "-o", path, NULL);

  g_assert_cmpint (ran.status, ==, 7);
  assert_says (ran.err, "os._exit(7)");
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_unlink (path);
  g_unlink (script);
}

static void
test_wrong_usage (ExportFolder *folder, gconstpointer data)
{
  g_autofree char *script = write_script (folder, "print('must not run')\n");
  g_autofree char *webp = export_folder_file (folder, "a.webp"), *avi = export_folder_file (folder, "a.avi");
  g_autofree char *nowhere = export_folder_file (folder, "nowhere/a.webp");
  g_autofree char *missing = export_folder_file (folder, "missing.py");
  const struct
  {
    const char *words[5];
    int status;
    const char *says;
  } cases[] = {
    { { script, NULL }, 2, "-o is missing" },
    { { "-o", webp, NULL }, 2, "the script is missing" },
    { { script, "-o", avi, NULL }, 2, "no known format" },
    { { script, "-o", nowhere, NULL }, 1, "cannot be written" },
    { { missing, "-o", webp, NULL }, 2, "missing.py" },
    { { script, "-o", webp, "--size=big", NULL }, 2, "--size" },
    { { script, "-o", webp, "--size=7x7", NULL }, 1, "320" },
    { { script, "-o", webp, "--theme=pink", NULL }, 2, "--theme" },
    { { script, "-o", webp, "--nonsense", NULL }, 2, "nonsense" },
    { { script, "-o", webp, "--fps=0", NULL }, 1, "per second" },
    { { script, "-o", webp, "--from=-3", NULL }, 2, "counted from 0" },
  };

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      const char *const *words = cases[k].words;
      g_auto (Ran) ran = run (words[0], words[1], words[1] != NULL ? words[2] : NULL,
                              words[1] != NULL && words[2] != NULL ? words[3] : NULL, NULL);

      assert_says (ran.err, cases[k].says);
      g_assert_cmpint (ran.status, ==, cases[k].status);
      g_assert_cmpstr (ran.out, ==, "");
      g_assert_cmpuint (export_folder_count (folder), ==, 1);
    }
  g_unlink (script);
}

/* A signal while the script runs: it ends with that signal's status, and nothing is left. */
static void
check_signal (ExportFolder *folder, int signal, int status)
{
  g_autofree char *path = export_folder_file (folder, "run.webp");
  g_autofree char *script = write_script (folder, "print('begun', flush=True)\nwhile True: pass\n");
  const char *const words[] = { g_getenv ("TAPEDECK_BINARY"), "export", script, "-o", path, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (words, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  char said[6] = "";

  g_assert_no_error (error);
  g_input_stream_read_all (g_subprocess_get_stdout_pipe (process), said, 5, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (said, ==, "begun");
  g_subprocess_send_signal (process, signal);
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, status);
  g_assert_cmpuint (export_folder_count (folder), ==, 1);
  g_unlink (script);
}

static void
test_interrupted (ExportFolder *folder, gconstpointer data)
{
  check_signal (folder, SIGINT, 130);
  check_signal (folder, SIGTERM, 143);
}

/* A script that cannot be read says why once too. */
static void
test_unreadable_script (ExportFolder *folder, gconstpointer data)
{
  g_autofree char *path = export_folder_file (folder, "run.svg");
  g_autofree char *script = write_script (folder, "import torch\nx = (\n");
  g_auto (Ran) ran = run (script, "-o", path, NULL);

  g_assert_cmpint (ran.status, ==, 1);
  g_assert_cmpuint (count (ran.err, "SyntaxError"), ==, 1);
  g_unlink (path);
  g_unlink (script);
}

/* What a terminal understands and XML does not can be read in the picture all the same. */
static void
test_control_characters (ExportFolder *folder, gconstpointer data)
{
  g_autofree char *path = export_folder_file (folder, "run.svg"), *bytes = NULL;
  g_autofree char *script = write_script (folder, "import torch\nx = torch.ones(2)\n"
                                                  "print('\\x1b[31mred\\x07 & <b>')\n");
  g_auto (Ran) ran = run (script, "-o", path, NULL);
  gsize n;

  g_assert_cmpint (ran.status, ==, 0);
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  assert_says (bytes, "␛[31mred␇ &amp; &lt;b&gt;");
  g_assert_null (strstr (bytes, "&#x"));
  for (gsize k = 0; k < n; k++)
    g_assert_true ((guchar) bytes[k] >= ' ' || strchr ("\t\n\r", bytes[k]) != NULL);
  g_unlink (path);
  g_unlink (script);
}

/* What stands on its standard input is the script's; after its end each question hears so. */
static void
test_input (ExportFolder *folder, gconstpointer data)
{
  g_autofree char *path = export_folder_file (folder, "run.dot"), *out = NULL;
  g_autofree char *script = write_script (folder, "n = int(input('n? '))\nfor k in range(2):\n  try: input()\n"
                                                  "  except EOFError as error: print(n + k, error)\n");
  const char *argv[] = { "sh", "-c", "echo 3 | \"$0\" export \"$1\" -o \"$2\"", g_getenv ("TAPEDECK_BINARY"),
                         script, path, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpstr (out, ==, "n? 3 EOF when reading a line\n4 EOF when reading a line\n");
  g_unlink (path);
  g_unlink (script);
}

static void
test_help (void)
{
  g_auto (Ran) ran = run ("--help", NULL);

  g_assert_cmpint (ran.status, ==, 0);
  assert_says (ran.out, "tapedeck export [OPTION…] SCRIPT [ARG…]");
  assert_says (ran.out, "--seconds");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test)                                                                                      \
  g_test_add ("/export/command/" name, ExportFolder, NULL, export_folder_set_up, test,                       \
              export_folder_tear_down)
  ADD ("demo", test_demo);
  ADD ("scale-per-tensor", test_scale_per_tensor);
  ADD ("output", test_output);
  ADD ("failing-script", test_failing_script);
  ADD ("killed-script", test_killed_script);
  ADD ("wrong-usage", test_wrong_usage);
  ADD ("interrupted", test_interrupted);
  ADD ("unreadable-script", test_unreadable_script);
  ADD ("control-characters", test_control_characters);
  ADD ("input", test_input);
#undef ADD
  g_test_add_func ("/export/command/help", test_help);
  return g_test_run ();
}
