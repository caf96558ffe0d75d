/* SPDX-License-Identifier: MIT
 *
 * A program that is started as a runner and is none: this one, which then asks the
 * client for a run as an app would. The client refuses, or each would start the
 * next without end. What a script starts itself bears no trace of it. */
#include "helpers.h"

#include <stdio.h>
#include <string.h>

#define REFUSED 42
#define STARTED 43
#define HAS_RUN 44

/* The child's part. What it would start is harmless, should the client allow it. */
static int
be_started (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RunnerClient) client = runner_client_new ("/bin/true");
  if (runner_client_run (client, "script.py", "a = 1\n", NULL, NULL, RUNNER_TO_END, 0, &error))
    return STARTED;
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  return strstr (error->message, "A runner may not start another runner") != NULL ? REFUSED : STARTED;
}

/* Started by a script: an app like any other, with a run of its own. */
static int
run_within (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, "print('from within')\n", RUNNER_TO_END, NULL);
  test_wait_end (client);
  g_autofree char *output = test_dup_output (runner_client_get_recording (client), FALSE);
  fputs (output, stdout);
  return HAS_RUN;
}

static void
test_refused (void)
{
  g_autoptr (RunnerClient) client = runner_client_new (NULL);
  test_run (client, "a = 1\n", RUNNER_TO_END, NULL);
  test_wait_end (client);
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_DEAD);
  g_assert_cmpint (runner_client_get_exit_status (client), ==, REFUSED);
}

/* The environment of a script's children is the app's own. */
static void
test_unmarked (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, "import os, subprocess\nprint([k for k in os.environ if 'RUNNER' in k and k != 'RUNNER_CHILD'])\n"
                    "subprocess.run(['sh', '-c', 'env | grep -c ^TAPEDECK_RUNNER='])\n", RUNNER_TO_END, NULL);
  test_wait_end (client);
  g_autofree char *output = test_dup_output (runner_client_get_recording (client), FALSE);
  g_assert_cmpstr (output, ==, "[]\n0\n");
}

static void
test_script_may (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *source = g_strdup_printf ("import subprocess\n"
                                             "print(subprocess.run([r'%s', 'run-within']).returncode)\n", program);
  test_run (client, source, RUNNER_TO_END, NULL);
  test_wait_end (client);
  g_autofree char *output = test_dup_output (runner_client_get_recording (client), FALSE);
  g_assert_cmpstr (output, ==, "from within\n44\n");
}

int
main (int argc, char **argv)
{
  if (argc > 1 && g_str_equal (argv[1], "--runner"))
    return be_started ();
  if (argc > 1 && g_str_equal (argv[1], "run-within"))
    return run_within ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nested/refused", test_refused);
  g_test_add_func ("/nested/unmarked", test_unmarked);
  g_test_add_func ("/nested/script-may", test_script_may);
  return g_test_run ();
}
