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

/* What is not UTF-8 is escaped. */
static char *
as_text (GBytes *bytes)
{
  gsize n;
  const char *data = g_bytes_get_data (bytes, &n);
  g_autofree char *text = g_strndup (data != NULL ? data : "", n);

  return g_utf8_validate (text, -1, NULL) ? g_steal_pointer (&text) : g_strescape (text, NULL);
}

/* env: NAME, VALUE, … */
static void
run_with (const char *const *argv, const char *input, const char *const *env, Result *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_set_cwd (launcher, TEST_FOLDER);
  g_subprocess_launcher_setenv (launcher, "PYTHONDONTWRITEBYTECODE", "1", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "PYTHONPATH");
  g_subprocess_launcher_unsetenv (launcher, "VIRTUAL_ENV");
  for (; env != NULL && env[0] != NULL; env += 2)
    g_subprocess_launcher_setenv (launcher, env[0], env[1], TRUE);
  g_autoptr (GSubprocess) child = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) in = g_bytes_new (input, strlen (input)), out = NULL, err = NULL;
  g_subprocess_communicate (child, in, NULL, &out, &err, &error);
  g_assert_no_error (error);
  result->out = as_text (out);
  result->err = as_text (err);
  result->status = g_subprocess_get_if_exited (child) ? g_subprocess_get_exit_status (child)
                                                      : -g_subprocess_get_term_sig (child);
}

/* Where something lies in memory is not compared. */
static void
hide_addresses (char **text)
{
  g_autoptr (GRegex) address = g_regex_new ("0x[0-9a-f]+", 0, 0, NULL);
  char *hidden = g_regex_replace_literal (address, *text, -1, 0, "0x…", 0, NULL);
  g_free (*text);
  *text = hidden;
}

static void
run (const char *const *argv, const char *input, Result *result)
{
  run_with (argv, input, NULL, result);
}

static void
compare_with (const char *script, const char *argument, const char *input, const char *const *env)
{
  Result real = { NULL }, ours = { NULL };
  const char *real_argv[] = { PYTHON, script, argument, NULL };
  const char *our_argv[] = { SCRIPT_RUN, script, argument, NULL };

  run_with (real_argv, input, env, &real);
  run_with (our_argv, input, env, &ours);
  hide_addresses (&real.err);
  hide_addresses (&ours.err);
  g_assert_cmpstr (ours.out, ==, real.out);
  g_assert_cmpstr (ours.err, ==, real.err);
  g_assert_cmpint (ours.status, ==, real.status);
  result_clear (&real);
  result_clear (&ours);
}

static void
compare (const char *script, const char *argument, const char *input)
{
  compare_with (script, argument, input, NULL);
}

static void
test_same_as_python (gconstpointer script)
{
#ifdef __SANITIZE_ADDRESS__
  if (g_str_has_suffix (script, "/no_memory.py"))
    {
      g_test_skip ("the sanitizer itself needs more address space than this script leaves");
      return;
    }
#endif
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
}

static void
test_folders (void)
{
  Result ours = { NULL };
  const char *argv[] = { SCRIPT_RUN, "run", NULL };

  compare ("run/app", "word", "");
  compare ("run/shadowed/script.py", NULL, "");
  compare ("./run/../run/error.py", NULL, "");
  run (argv, "", &ours);                 /* python3 names itself in this one */
  g_assert_cmpint (ours.status, ==, 1);
  g_assert_cmpstr (ours.out, ==, "");
  g_assert_nonnull (strstr (ours.err, ": can't find '__main__' module in '"));
  result_clear (&ours);
}

static void
test_environment (void)
{
  static const char *const variables[][3] = {
    { "PYTHONPATH", "/nowhere:run/app" }, { "PYTHONUNBUFFERED", "1" }, { "PYTHONIOENCODING", "latin-1:replace" },
    { "PYTHONUTF8", "1" }, { "PYTHONOPTIMIZE", "2" }, { "PYTHONSAFEPATH", "1" }, { "PYTHONNOUSERSITE", "1" },
    { "PYTHONWARNINGS", "error" }, { "PYTHONINTMAXSTRDIGITS", "0" }, { "LC_ALL", "C" }, { "LC_ALL", "POSIX" },
  };
  for (guint k = 0; k < G_N_ELEMENTS (variables); k++)
    compare_with ("run/names.py", "--flag", "rest", variables[k]);
}

/* Through a shell, where a descriptor is closed, full or read by nobody. */
static void
compare_in_shell (const char *format)
{
  Result results[2] = { { NULL }, { NULL } };

  for (guint k = 0; k < 2; k++)
    {
      g_autofree char *program = g_strconcat (k == 0 ? PYTHON : SCRIPT_RUN, " run/", NULL);
      g_auto (GStrv) parts = g_strsplit (format, "@", 2);
      g_autofree char *command = g_strjoinv (program, parts);
      const char *argv[] = { "bash", "-c", command, NULL };
      run (argv, "", &results[k]);
    }
  g_assert_cmpstr (results[1].out, ==, results[0].out);
  g_assert_cmpstr (results[1].err, ==, results[0].err);
  g_assert_cmpint (results[1].status, ==, results[0].status);
  result_clear (&results[0]);
  result_clear (&results[1]);
}

static void
test_descriptors (void)
{
  compare_in_shell ("@many_lines.py | head -1; echo ${PIPESTATUS[0]}");
  compare_in_shell ("@exit_code.py >&-; echo $?");
  compare_in_shell ("@error.py 2>&-; echo $?");
  compare_in_shell ("@names.py <&-; echo $?");
  compare_in_shell ("@exit_code.py >/dev/full; echo $?");
}

static void
test_from_stdin (void)
{
  compare ("-", "word", "import sys\nprint(sys.argv, __name__, sys.path[0], sorted(globals()))\nsys.exit(3)\n");
  compare ("-", NULL, "def f():\n  return missing\nf()\n");
  compare ("-", NULL, "print(1\n");
  compare ("-", NULL, "");
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
  g_test_add_func ("/script/run/folders", test_folders);
  g_test_add_func ("/script/run/environment", test_environment);
  g_test_add_func ("/script/run/descriptors", test_descriptors);
  g_test_add_func ("/script/run/from-stdin", test_from_stdin);
  g_test_add_func ("/script/run/binary-file", test_binary_file);
  return g_test_run ();
}
