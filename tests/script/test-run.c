/* SPDX-License-Identifier: MIT
 *
 * `tapedeck run` beside the real interpreter: every script of run/ is run by both,
 * and output, error text and exit status must be equal. The scripts of torch/ check
 * themselves with assert; they must end with status 0. */
#include <gio/gio.h>
#include <signal.h>
#include <string.h>

typedef struct
{
  char *out, *err;
  int status;            /* exit status, or −signal */
} Result;

static void
result_clear (Result *result)
{
  g_free (result->out);
  g_free (result->err);
}

static void
run (const char *const *argv, const char *input, Result *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_set_cwd (launcher, TEST_FOLDER);
  g_subprocess_launcher_setenv (launcher, "PYTHONDONTWRITEBYTECODE", "1", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "PYTHONPATH");
  g_autoptr (GSubprocess) child = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (child, input, NULL, &result->out, &result->err, &error);
  g_assert_no_error (error);
  result->status = g_subprocess_get_if_exited (child) ? g_subprocess_get_exit_status (child)
                                                      : -g_subprocess_get_term_sig (child);
}

/* Python numbers an interrupt by the signal; a shell shows that as 130. */
static int
as_shell (int status)
{
  return status < 0 ? 128 - status : status;
}

static void
compare (const char *script, const char *argument, const char *input)
{
  Result real = { NULL }, ours = { NULL };
  const char *real_argv[] = { PYTHON, script, argument, NULL };
  const char *our_argv[] = { SCRIPT_RUN, script, argument, NULL };

  run (real_argv, input, &real);
  run (our_argv, input, &ours);
  g_assert_cmpstr (ours.out, ==, real.out);
  g_assert_cmpstr (ours.err, ==, real.err);
  g_assert_cmpint (as_shell (ours.status), ==, as_shell (real.status));
  result_clear (&real);
  result_clear (&ours);
}

static void
test_same_as_python (gconstpointer script)
{
  compare (script, NULL, "Ada\nrest\nof it");
}

static void
test_arguments (void)
{
  compare ("run/exit_code.py", "7", "");
  compare ("run/exit_code.py", "300", "");
  compare ("run/exit_code.py", "-1", "");
}

static void
test_missing_file (void)
{
  compare ("run/not_there.py", NULL, "");
  compare ("run", NULL, "");
}

static void
test_from_stdin (void)
{
  compare ("-", "word", "import sys\nprint(sys.argv)\nsys.exit(3)\n");
}

static void
test_binary_file (void)
{
  Result ours = { NULL };
  const char *argv[] = { SCRIPT_RUN, SCRIPT_RUN, NULL };

  run (argv, "", &ours);
  g_assert_cmpint (ours.status, ==, 1);
  g_assert_cmpstr (ours.out, ==, "");
  g_assert_true (strstr (ours.err, "Error") != NULL);
  result_clear (&ours);
}

static void
test_torch (gconstpointer script)
{
  Result ours = { NULL };
  const char *argv[] = { SCRIPT_RUN, script, NULL };

  run (argv, "", &ours);
  if (ours.status != 0)
    g_test_message ("%s\n%s", ours.out, ours.err);
  g_assert_cmpint (ours.status, ==, 0);
  result_clear (&ours);
}

static void
add_folder (const char *folder, const char *prefix, GTestDataFunc function)
{
  g_autofree char *path = g_build_filename (TEST_FOLDER, folder, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".py"))
      {
        g_autofree char *test = g_strconcat (prefix, name, NULL);
        char *script = g_build_filename (folder, name, NULL);
        g_test_add_data_func_full (test, script, function, g_free);
        n++;
      }
  g_assert_cmpuint (n, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_folder ("run", "/script/run/", test_same_as_python);
  add_folder ("torch", "/script/torch/", test_torch);
  g_test_add_func ("/script/run/arguments", test_arguments);
  g_test_add_func ("/script/run/missing-file", test_missing_file);
  g_test_add_func ("/script/run/from-stdin", test_from_stdin);
  g_test_add_func ("/script/run/binary-file", test_binary_file);
  return g_test_run ();
}
