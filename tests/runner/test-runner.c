/* SPDX-License-Identifier: MIT
 *
 * A real runner process on small scripts: running, pausing, stepping, stopping
 * what does not want to stop, dying in every way, and starting again. */
#include "helpers.h"
#include "runner/death.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

static void
assert_ends_with_run_ends (RunnerClient *client)
{
  RecRecording *recording = runner_client_get_recording (client);
  RecEvent event;
  g_assert_true (rec_recording_get_event (recording, rec_recording_get_n_events (recording) - 1, &event));
  g_assert_cmpuint (event.kind, ==, REC_RUN_ENDS);
  g_assert_cmpint (event.number, ==, runner_client_get_exit_status (client));
}

static void
test_to_end (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_IDLE);
  g_assert_null (runner_client_get_recording (client));
  test_run (client, "import torch\na = torch.ones(2)\nprint(a + 1)\n", RUNNER_TO_END, NULL);
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_RUNNING);
  test_wait_end (client);
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_ENDED);
  g_assert_cmpint (runner_client_get_exit_status (client), ==, 0);
  RecRecording *recording = runner_client_get_recording (client);
  g_autofree char *output = test_dup_output (recording, FALSE);
  g_assert_cmpstr (output, ==, "tensor([2., 2.])\n");
  g_assert_cmpuint (test_count_events (recording, REC_OP_DONE), ==, 2);
  assert_ends_with_run_ends (client);
}

/* A script that closes every file takes the line with it; its end is told all the same. */
static void
test_closed_line (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, "import os, torch\nos.closerange(3, 256)\na = torch.ones(2)\n", RUNNER_TO_END, NULL);
  test_wait_end (client);
  g_assert_cmpuint (test_count_events (runner_client_get_recording (client), REC_OP_DONE), ==, 1);
}

static void
test_step (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  static const guint lines[] = { 1, 3, 4, 5, 4, 5, 6 };
  const char *source = "a = 1\n\nb = 2\nfor k in range(2):\n  b += k\nprint(a + b)\n";
  test_run (client, source, RUNNER_TO_NEXT_STATEMENT, NULL);
  guint seen = 0;
  for (;;)
    {
      while (runner_client_get_state (client) == RUNNER_RUNNING)
        g_main_context_iteration (NULL, TRUE);
      if (runner_client_get_state (client) != RUNNER_PAUSED)
        break;
      guint line = runner_client_get_line (client);
      while (seen < G_N_ELEMENTS (lines) && lines[seen] != line)
        seen++;                /* a loop's own line may be told again or not */
      g_assert_cmpuint (seen, <, G_N_ELEMENTS (lines));
      if (line == 6)
        g_assert_cmpuint (test_count_events (runner_client_get_recording (client), REC_OUTPUT), ==, 0);
      runner_client_go_on (client, RUNNER_TO_NEXT_STATEMENT, NULL, 0);
      g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_RUNNING);
    }
  g_assert_cmpuint (seen, ==, G_N_ELEMENTS (lines) - 1);
  g_autofree char *output = test_dup_output (runner_client_get_recording (client), FALSE);
  g_assert_cmpstr (output, ==, "4\n");
}

/* A step over what records nothing is one way, not one for each statement. */
static void
test_step_to_event (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client,
            "import torch\nn = 0\nfor k in range(3000):\n  n += k\nx = torch.ones(2)\nn = 1\nprint('a')\n"
            "n = 2\n",
            RUNNER_TO_NEXT_STATEMENT, NULL);
  test_wait_paused_at (client, 1);
  runner_client_go_on (client, RUNNER_TO_NEXT_EVENT, NULL, 0);
  test_wait_paused_at (client, 6);
  runner_client_go_on (client, RUNNER_TO_NEXT_EVENT, NULL, 0);
  test_wait_paused_at (client, 8);
  runner_client_go_on (client, RUNNER_TO_NEXT_EVENT, NULL, 0);
  test_wait_end (client);
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_ENDED);
}

static void
test_breakpoints (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  static const guint breakpoints[] = { 2, 5, 0 }, later[] = { 5, 0 };
  test_run (client, "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\nf = 6\n", RUNNER_TO_END, breakpoints);
  test_wait_paused_at (client, 2);
  runner_client_go_on (client, RUNNER_TO_END, later, 4);
  test_wait_paused_at (client, 4);
  runner_client_go_on (client, RUNNER_TO_END, later, 0);
  test_wait_paused_at (client, 5);
  runner_client_go_on (client, RUNNER_TO_END, NULL, 0);
  test_wait_end (client);
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_ENDED);
}

static void
count_cb (RunnerClient *client, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_pause_and_grow (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  guint grown = 0;
  g_signal_connect (client, "grown", G_CALLBACK (count_cb), &grown);
  test_run (client, "import torch\nx = torch.ones(1)\nwhile True:\n  x = x + 1\n  y = x\n", RUNNER_TO_END, NULL);
  while (grown < 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_RUNNING);
  runner_client_pause (client);
  test_wait_state (client, RUNNER_PAUSED);
  guint64 n = rec_recording_get_n_events (runner_client_get_recording (client));
  runner_client_go_on (client, RUNNER_TO_NEXT_STATEMENT, NULL, 0);
  test_wait_state (client, RUNNER_PAUSED);
  runner_client_go_on (client, RUNNER_TO_END, NULL, 0);
  while (rec_recording_get_n_events (runner_client_get_recording (client)) <= n + 10)
    g_main_context_iteration (NULL, TRUE);
  runner_client_stop (client);
  test_wait_end (client);
  g_assert_cmpstr (runner_client_get_reason (client), ==, "Stopped.");
  assert_ends_with_run_ends (client);
}

/* Stop */

static void
assert_stops (const char *source, RunnerState state)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, source, RUNNER_TO_END, NULL);
  while (test_count_events (runner_client_get_recording (client), REC_OUTPUT) == 0)
    g_main_context_iteration (NULL, TRUE);   /* it printed: it is where it does not end */
  g_autoptr (GTimer) timer = g_timer_new ();
  runner_client_stop (client);
  test_wait_end (client);
  g_assert_cmpfloat (g_timer_elapsed (timer, NULL), <, 5.0);
  g_assert_cmpint (runner_client_get_state (client), ==, state);
  g_assert_cmpstr (runner_client_get_reason (client), ==, "Stopped.");
  assert_ends_with_run_ends (client);
  g_autofree char *output = test_dup_output (runner_client_get_recording (client), FALSE);
  g_assert_true (g_str_has_prefix (output, "here\n"));
}

static void
test_stop_loop (void)
{
  assert_stops ("print('here')\nwhile True:\n  pass\n", RUNNER_ENDED);
}

static void
test_stop_one_line (void)
{
  assert_stops ("print('here')\nwhile True: pass\n", RUNNER_ENDED);
}

static void
test_stop_comprehension (void)
{
  assert_stops ("print('here')\nx = [None for _ in iter(int, 1) if _]\n", RUNNER_ENDED);
}

/* One expression of many operations: Python itself looks at nothing between them. */
static void
test_stop_operations (void)
{
  GString *source = g_string_new ("import torch\na = torch.ones(300, 300)\nprint('here')\nx = [");
  for (guint k = 0; k < 20000; k++)
    g_string_append (source, "a @ a, ");
  g_string_append (source, "0]\n");
  assert_stops (source->str, RUNNER_ENDED);
  g_string_free (source, TRUE);
}

static void
test_stop_stubborn (void)
{
  assert_stops ("print('here')\nwhile True:\n  try:\n    while True:\n      pass\n  except BaseException:\n    pass\n",
                RUNNER_ENDED);
}

static void
test_stop_never_returns (void)
{
  assert_stops ("print('here')\nsum(iter(int, 1))\n", RUNNER_DEAD);
}

static void
test_stop_sleep (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, "import time\nprint('here')\ntime.sleep(100)\n", RUNNER_TO_END, NULL);
  while (test_count_events (runner_client_get_recording (client), REC_OUTPUT) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_autoptr (GTimer) timer = g_timer_new ();
  runner_client_stop (client);
  test_wait_end (client);
  g_assert_cmpfloat (g_timer_elapsed (timer, NULL), <, 5.0);
  g_assert_cmpstr (runner_client_get_reason (client), ==, "Stopped.");
}

static void
test_stop_paused (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, "a = 1\nprint('never')\n", RUNNER_TO_NEXT_STATEMENT, NULL);
  test_wait_paused_at (client, 1);
  runner_client_stop (client);
  test_wait_end (client);
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_ENDED);
  g_assert_cmpstr (runner_client_get_reason (client), ==, "Stopped.");
  g_autofree char *output = test_dup_output (runner_client_get_recording (client), FALSE);
  g_assert_cmpstr (output, ==, "");
}

/* Deaths */

/* The last event but one says what ended the process, on the line that ran. */
static void
assert_error (RecRecording *recording, const char *type, const char *message, guint line)
{
  RecEvent event;
  RecErrorText text;
  g_assert_true (rec_recording_get_event (recording, rec_recording_get_n_events (recording) - 2, &event));
  g_assert_cmpuint (event.kind, ==, REC_ERROR);
  g_assert_cmpuint (event.line, ==, line);
  g_assert_true (rec_recording_get_error (recording, &event, &text));
  g_assert_true (text.process_ended);
  g_assert_cmpstr (text.type, ==, type);
  g_assert_cmpstr (text.message, ==, message);
}

static void
assert_dies (const char *source, const char *type, const char *reason, guint line, int status)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, source, RUNNER_TO_END, NULL);
  test_wait_end (client);
  assert_error (runner_client_get_recording (client), type, reason, line);
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_DEAD);
  g_assert_cmpstr (runner_client_get_reason (client), ==, reason);
  g_assert_cmpint (runner_client_get_exit_status (client), ==, status);
  assert_ends_with_run_ends (client);
  g_assert_cmpuint (test_count_events (runner_client_get_recording (client), REC_OP_DONE), ==, 1);
  test_run (client, "print('again')\n", RUNNER_TO_END, NULL);
  test_wait_end (client);
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_ENDED);
}

static void
test_os_exit (void)
{
  assert_dies ("import os, torch\nx = torch.ones(2)\nos._exit(3)\n", "os._exit(3)",
               "Line 3 left with os._exit(3), which ends a script at once.", 3, 3);
}

static void
test_segfault (void)
{
  assert_dies (
      "import ctypes, torch\nx = torch.ones(2)\nctypes.string_at(0)\n", "segmentation fault",
      "Line 3 crashed with a segmentation fault: C code that it called used memory that is not its own.", 3,
      128 + 11);
}

/* The line is that of the innermost statement, and the caller's again when that is done. */
static void
test_abort_after_call (void)
{
  assert_dies (
      "import os, torch\ndef f(x):\n  y = x\n  return 0\nf(torch.ones(2)), os.abort()\n", "abort",
      "Line 5 crashed with an abort: C code that it called found itself in a state it cannot go on from.", 5,
      128 + 6);
  assert_dies (
      "import os, torch\ndef f(x):\n  y = x\n  os.abort()\nf(torch.ones(2))\n", "abort",
      "Line 4 crashed with an abort: C code that it called found itself in a state it cannot go on from.", 4,
      128 + 6);
}

static void
test_killed (void)
{
  assert_dies ("import os, signal, torch\nx = torch.ones(2)\nos.kill(os.getpid(), signal.SIGKILL)\n",
               "signal 9", "The script was killed from outside on line 3.", 3, 128 + 9);
}

static void
assert_words (RunnerDeath death, guint line, const char *name, const char *sentence)
{
  g_autofree char *short_text = runner_death_dup_name (&death), *text = runner_death_describe (&death, line);
  g_assert_cmpstr (short_text, ==, name);
  g_assert_cmpstr (text, ==, sentence);
}

/* Kinds of death that a test had better not cause. */
static void
test_words (void)
{
  assert_words ((RunnerDeath) { .signal = 9, .out_of_memory = TRUE }, 4, "out of memory",
                "Memory ran out on line 4, so the system killed the script.");
  assert_words ((RunnerDeath) { .signal = 9, .memory_unknown = TRUE }, 0, "signal 9",
                "The script was killed from outside: most often the system does that when memory runs out.");
  assert_words ((RunnerDeath) { .signal = 15, .out_of_memory = TRUE }, 2, "signal 15",
                "The script was ended on line 2 by signal 15 (Terminated).");
  assert_words ((RunnerDeath) { .status = 1 }, 0, "os._exit(1)",
                "The script left with os._exit(1), which ends a script at once.");
  assert_words (
      (RunnerDeath) { .signal = 4 }, 7, "illegal instruction",
      "Line 7 crashed with an illegal instruction: C code that it called is not for this processor, or is "
      "damaged.");
  assert_words ((RunnerDeath) { .signal = 5, .starved = TRUE }, 7, "out of memory",
                "Memory ran out on line 7: C code that it called got none and gave up.");
  g_assert_cmpint (runner_death_count_oom_kills (), >=, 0);
}

/* A runner is the one to go when memory runs out, and is refused it before. */
static void
test_memory_bounds (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client,
            "import resource\nprint(open('/proc/self/oom_score_adj').read().strip())\n"
            "rows = dict(row.split(':') for row in open('/proc/meminfo'))\n"
            "most = sum(int(rows[name].split()[0]) for name in ('MemTotal', 'SwapTotal')) * 1024\n"
            "print(0 < resource.getrlimit(resource.RLIMIT_DATA)[0] <= most + (1 << 30))\n",
            RUNNER_TO_END, NULL);
  test_wait_end (client);
  g_autofree char *output = test_dup_output (runner_client_get_recording (client), FALSE);
#ifdef __SANITIZE_ADDRESS__
  g_assert_true (g_str_has_prefix (output, "800\n")); /* its shadow is more than any machine has */
#else
  g_assert_cmpstr (output, ==, "800\nTrue\n");
#endif
}

/* The limit is lowered, which spares the machine; the rest is as when it is reached. */
static void
assert_runs_out (const char *statement)
{
  g_autofree char *source = g_strconcat (
      "import torch, resource\nx, kept = torch.ones(3), []\n"
      "used = int(open('/proc/self/statm').read().split()[5]) * 4096\n"
      "hard = resource.getrlimit(resource.RLIMIT_DATA)[1]\n"
      "resource.setrlimit(resource.RLIMIT_DATA, (used + (200 << 20), hard))\n"
      "while True: kept.append(",
      statement, ")\n", NULL);
  g_autoptr (RunnerClient) client = test_client_new ();
  RecEvent event;
  RecErrorText text;
  guint64 at;
  test_run (client, source, RUNNER_TO_END, NULL);
  test_wait_end (client);
  RecRecording *recording = runner_client_get_recording (client);
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_ENDED);
  g_assert_true (test_find_event (recording, REC_ERROR, 0, &at, &event));
  g_assert_cmpuint (event.line, ==, 6);
  g_assert_true (rec_recording_get_error (recording, &event, &text));
  g_assert_nonnull (strstr (text.message, "memory"));
}

static void
test_memory_runs_out (void)
{
#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("the sanitizer itself needs more memory than this test leaves");
  return;
#endif
  assert_runs_out ("torch.ones(10**6)");
  assert_runs_out ("bytearray(10**6)");
  assert_runs_out ("[0] * 100");
}

/* Which line runs is known while it runs. */
static void
test_running_line (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  gint64 since_us = 0, again_us = 0;
  test_run (client, "x = 1\nprint('here')\nwhile True: pass\n", RUNNER_TO_END, NULL);
  while (runner_client_get_running_line (client, &since_us) != 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (since_us, <=, g_get_monotonic_time ());
  g_assert_cmpuint (runner_client_get_running_line (client, &again_us), ==, 3);
  g_assert_cmpint (since_us, ==, again_us);
  runner_client_stop (client);
  test_wait_end (client);
  g_assert_cmpuint (runner_client_get_running_line (client, NULL), ==, 0);
}

static void
test_error (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, "import torch\na = torch.ones(2, 3)\nb = torch.mm(a, a)\n", RUNNER_TO_END, NULL);
  test_wait_end (client);
  RecRecording *recording = runner_client_get_recording (client);
  RecErrorText text;
  RecEvent event;
  guint64 at;
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_ENDED);
  g_assert_cmpint (runner_client_get_exit_status (client), ==, 1);
  g_assert_true (test_find_event (recording, REC_OP_FAILED, 0, &at, &event));
  RecOp *op = g_new (RecOp, 1);
  g_assert_true (rec_recording_get_op (recording, &event, op));
  g_assert_cmpuint (op->n_inputs, ==, 2);
  g_assert_cmpint (op->inputs[1].sizes[0], ==, 2);
  g_assert_nonnull (strstr (op->message, "shapes cannot be multiplied (2x3 and 2x3)"));
  g_free (op);
  g_assert_true (test_find_event (recording, REC_ERROR, 0, &at, &event));
  g_assert_true (rec_recording_get_error (recording, &event, &text));
  g_assert_cmpstr (text.type, ==, "RuntimeError");
  g_assert_cmpuint (event.line, ==, 3);
  g_autofree char *errors = test_dup_output (recording, TRUE);
  g_assert_nonnull (strstr (errors, "RuntimeError: mat1 and mat2"));
}

static void
test_bad_files (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("tapedeck-XXXXXX", NULL);
  g_assert_false (
      runner_client_run (client, "/nowhere/at/all.py", NULL, NULL, NULL, RUNNER_TO_END, 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "/nowhere/at/all.py"));
  g_clear_error (&error);
  g_assert_false (runner_client_run (client, folder, NULL, NULL, NULL, RUNNER_TO_END, 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_clear_error (&error);
  g_assert_false (
      runner_client_run (client, "a.py", "\177ELF\377\376", NULL, NULL, RUNNER_TO_END, 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_IDLE);
  g_rmdir (folder);
}

static void
test_million_lines (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  g_autoptr (GTimer) timer = g_timer_new ();
  runner_client_set_budget (client, 512 << 20);
  test_run (client, "for k in range(1000000):\n  print('line', k)\n", RUNNER_TO_END, NULL);
  test_wait_end (client);
  g_test_message ("a million lines: %.2f s", g_timer_elapsed (timer, NULL));
  RecRecording *recording = runner_client_get_recording (client);
  g_autofree char *output = test_dup_output (recording, FALSE);
  g_assert_cmpuint (strlen (output), ==, 10 * 7 + 90 * 8 + 900 * 9 + 9000 * 10 + 90000 * 11 + 900000 * 12);
  /* A burst, then about one a millisecond: it counts how long it took, not how much it printed. */
  g_assert_cmpfloat (rec_recording_get_n_events (recording), <, 20000 + 1100 * g_timer_elapsed (timer, NULL));
  g_assert_true (g_str_has_prefix (output, "line 0\nline 1\n"));
  g_assert_true (g_str_has_suffix (output, "line 999998\nline 999999\n"));
  g_assert_false (rec_recording_has_dropped_output (recording));
}

static void
test_argv_and_fresh (void)
{
  static const char *const argv[] = { "--lr", "0.1 é", NULL };
  g_autoptr (RunnerClient) client = test_client_new ();
  g_autoptr (GError) error = NULL;
  const char *source = "import sys, os\nprint(sys.argv[1:], hasattr(sys, 'mark'))\nsys.mark = 1\n";
  for (guint k = 0; k < 3; k++)
    {
      g_assert_true (runner_client_run (client, "a.py", source, argv, NULL, RUNNER_TO_END, 0, &error));
      test_wait_end (client);
      g_autofree char *output = test_dup_output (runner_client_get_recording (client), FALSE);
      g_assert_cmpstr (output, ==, "['--lr', '0.1 é'] False\n");
    }
}

static void
test_run_while_running (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, "print('one')\nwhile True: pass\n", RUNNER_TO_END, NULL);
  test_run (client, "print('two')\n", RUNNER_TO_END, NULL);
  test_wait_end (client);
  g_autofree char *output = test_dup_output (runner_client_get_recording (client), FALSE);
  g_assert_cmpstr (output, ==, "two\n");
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_ENDED);
}

static void
test_finalized (void)
{
  RunnerClient *client = test_client_new ();
  test_run (client, "import os\nprint(os.getpid())\nwhile True: pass\n", RUNNER_TO_END, NULL);
  while (test_count_events (runner_client_get_recording (client), REC_OUTPUT) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_autofree char *pid = test_dup_output (runner_client_get_recording (client), FALSE);
  g_autofree char *folder = g_strdup_printf ("/proc/%s", g_strstrip (pid));
  g_assert_true (g_file_test (folder, G_FILE_TEST_IS_DIR));
  g_object_add_weak_pointer (G_OBJECT (client), (gpointer *) &client);
  g_object_unref (client);
  g_assert_null (client);
  g_autoptr (GTimer) timer = g_timer_new ();
  while (g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_main_context_iteration (NULL, FALSE);
      g_assert_cmpfloat (g_timer_elapsed (timer, NULL), <, DEADLINE_S);
    }
}

int
main (int argc, char **argv)
{
  struct rlimit no_core = { 0, 0 };
  setrlimit (RLIMIT_CORE, &no_core);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runner/to-end", test_to_end);
  g_test_add_func ("/runner/closed-line", test_closed_line);
  g_test_add_func ("/runner/step", test_step);
  g_test_add_func ("/runner/step-to-event", test_step_to_event);
  g_test_add_func ("/runner/breakpoints", test_breakpoints);
  g_test_add_func ("/runner/pause-and-grow", test_pause_and_grow);
  g_test_add_func ("/runner/stop/loop", test_stop_loop);
  g_test_add_func ("/runner/stop/one-line", test_stop_one_line);
  g_test_add_func ("/runner/stop/comprehension", test_stop_comprehension);
  g_test_add_func ("/runner/stop/operations", test_stop_operations);
  g_test_add_func ("/runner/stop/stubborn", test_stop_stubborn);
  g_test_add_func ("/runner/stop/never-returns", test_stop_never_returns);
  g_test_add_func ("/runner/stop/sleep", test_stop_sleep);
  g_test_add_func ("/runner/stop/paused", test_stop_paused);
  g_test_add_func ("/runner/dies/os-exit", test_os_exit);
  g_test_add_func ("/runner/dies/segfault", test_segfault);
  g_test_add_func ("/runner/dies/abort-after-call", test_abort_after_call);
  g_test_add_func ("/runner/dies/killed", test_killed);
  g_test_add_func ("/runner/dies/words", test_words);
  g_test_add_func ("/runner/memory/bounds", test_memory_bounds);
  g_test_add_func ("/runner/memory/runs-out", test_memory_runs_out);
  g_test_add_func ("/runner/running-line", test_running_line);
  g_test_add_func ("/runner/error", test_error);
  g_test_add_func ("/runner/bad-files", test_bad_files);
  g_test_add_func ("/runner/million-lines", test_million_lines);
  g_test_add_func ("/runner/argv-and-fresh", test_argv_and_fresh);
  g_test_add_func ("/runner/run-while-running", test_run_while_running);
  g_test_add_func ("/runner/finalized", test_finalized);
  return g_test_run ();
}
