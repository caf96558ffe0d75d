/* SPDX-License-Identifier: MIT
 *
 * Long scripts through `tapedeck run`: hand-written training reaches its minimum,
 * and many thousand forward and backward passes leave memory flat. Each script
 * prints facts as `name value` lines; the judging is done here. */
#include <gio/gio.h>
#include <string.h>

/* Runs scripts/NAME and returns what it printed; fails the test when it fails. */
static char *
run_script (const char *name)
{
  const char *binary = g_getenv ("TAPEDECK_BINARY");
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "scripts", name, NULL);
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                                      binary, "run", path, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  return output;
}

/* The number on the line that begins with the name. */
static double
read_fact (const char *output, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  g_autofree char *prefix = g_strconcat (name, " ", NULL);
  for (guint k = 0; lines[k] != NULL; k++)
    if (g_str_has_prefix (lines[k], prefix))
      return g_ascii_strtod (lines[k] + strlen (prefix), NULL);
  g_test_message ("no line '%s' in: %s", name, output);
  g_test_fail ();
  return 0.0 / 0.0;
}

static void
test_regression_reaches_least_squares (void)
{
  g_autofree char *output = run_script ("regression.py");
  g_assert_cmpfloat_with_epsilon (read_fact (output, "slope"), read_fact (output, "best_slope"), 1e-4);
  g_assert_cmpfloat_with_epsilon (read_fact (output, "offset"), read_fact (output, "best_offset"), 1e-4);
}

static void
test_xor_is_learned (void)
{
  g_autofree char *output = run_script ("xor.py");
  g_assert_cmpfloat (read_fact (output, "first_loss"), >, 0.2);
  g_assert_cmpfloat (read_fact (output, "last_loss"), <, 0.01);
  g_assert_cmpfloat (read_fact (output, "right"), ==, 4);
}

static void
test_memory_stays_flat (void)
{
  g_autofree char *output = run_script ("flat.py");
  g_assert_cmpfloat (read_fact (output, "warm_kib"), >, 1000);
  g_assert_cmpfloat (read_fact (output, "grown_kib"), <, 2048);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/long-runs/regression", test_regression_reaches_least_squares);
  g_test_add_func ("/long-runs/xor", test_xor_is_learned);
  g_test_add_func ("/long-runs/memory", test_memory_stays_flat);
  return g_test_run ();
}
