/* SPDX-License-Identifier: MIT
 *
 * Typing into a run: each read of sys.stdin asks with its line, what is typed stands
 * in the output below its prompt, the end ends one read, and Stop never waits. */
#include "helpers.h"

#include <string.h>

static RunnerClient *
start (const char *source)
{
  RunnerClient *client = test_client_new ();
  runner_client_set_has_input (client, TRUE);
  test_run (client, source, RUNNER_TO_END, NULL);
  return client;
}

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Until the script asks at that line. */
static void
wait_asking (RunnerClient *client, guint line)
{
  g_autoptr (GTimer) timer = g_timer_new ();
  guint waker = g_timeout_add (50, wake_cb, NULL), asking_line;
  while (!runner_client_is_asking (client, &asking_line))
    {
      g_main_context_iteration (NULL, TRUE);
      if (runner_client_get_state (client) != RUNNER_RUNNING || g_timer_elapsed (timer, NULL) > DEADLINE_S)
        g_error ("nobody asked: state %d", runner_client_get_state (client));
    }
  g_source_remove (waker);
  g_assert_cmpuint (asking_line, ==, line);
}

static void
assert_output (RunnerClient *client, const char *expected)
{
  g_autofree char *output = test_dup_output (runner_client_get_recording (client), FALSE);
  g_assert_cmpstr (output, ==, expected);
}

static void
assert_ends_with (RunnerClient *client, const char *expected)
{
  test_wait_end (client);
  g_autofree char *errors = test_dup_output (runner_client_get_recording (client), TRUE);
  g_assert_cmpstr (errors, ==, "");
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_ENDED);
  assert_output (client, expected);
}

static void
test_asks (void)
{
  g_autoptr (RunnerClient) client = start ("a = input('name? ')\n\nb = input()\nprint('hello', a, b)\n");
  wait_asking (client, 1);
  assert_output (client, "name? ");
  runner_client_send_input (client, "Ada");
  g_assert_false (runner_client_is_asking (client, NULL));
  wait_asking (client, 3);
  assert_output (client, "name? Ada\n");
  runner_client_send_input (client, "Löveläce\n");
  assert_ends_with (client, "name? Ada\nLöveläce\nhello Ada Löveläce\n");
}

/* Each typed line bears the line that read it, and is told from what was printed. */
static void
test_recorded (void)
{
  g_autoptr (RunnerClient) client = start ("import torch\na = torch.ones(2)\nn = int(input('n? '))\nb = a + n\n");
  wait_asking (client, 3);
  runner_client_send_input (client, "5");
  test_wait_end (client);
  RecRecording *recording = runner_client_get_recording (client);
  RecEvent event;
  guint64 prompt, typed, op;
  g_assert_true (test_find_event (recording, REC_OUTPUT, 0, &prompt, &event));
  g_assert_cmpuint (event.flags, ==, 0);
  g_assert_true (test_find_event (recording, REC_OUTPUT, prompt + 1, &typed, &event));
  g_assert_cmpuint (event.flags, ==, 4);
  g_assert_cmpuint (event.line, ==, 3);
  g_assert_true (test_find_event (recording, REC_OP_DONE, typed, &op, &event));
  g_assert_cmpuint (event.line, ==, 4);
}

/* Typed before it was asked for: nothing is lost, and nobody is asked. */
static void
test_ahead (void)
{
  g_autoptr (RunnerClient) client = start ("import time\na = input()\ntime.sleep(0.05)\nb = input('b? ')\nprint(a + b)\n");
  runner_client_send_input (client, "1");
  runner_client_send_input (client, "2");
  assert_ends_with (client, "1\nb? 2\n12\n");
}

static void
test_streams (void)
{
  g_autoptr (RunnerClient) client =
    start ("import sys\nprint(repr(sys.stdin.readline()))\nfor line in sys.stdin: print(line.strip())\n"
           "print(repr(sys.stdin.read()))\nprint(sys.stdin.buffer.readline())\n");
  g_autofree char *text = g_strnfill (20000, 'x');
  wait_asking (client, 2);
  runner_client_send_input (client, "one");
  wait_asking (client, 3);
  runner_client_send_input (client, text);
  wait_asking (client, 3);
  runner_client_end_input (client);
  wait_asking (client, 4);
  runner_client_send_input (client, "a");
  wait_asking (client, 4);
  runner_client_send_input (client, "b");
  wait_asking (client, 4);
  runner_client_end_input (client);
  wait_asking (client, 5);
  runner_client_send_input (client, "ü");
  g_autofree char *expected =
    g_strdup_printf ("one\n'one\\n'\n%s\n%s\na\nb\n'a\\nb\\n'\nü\nb'\\xc3\\xbc\\n'\n", text, text);
  assert_ends_with (client, expected);
}

/* As python3 in a terminal: this read fails, the next one asks again. */
static void
test_end (void)
{
  g_autoptr (RunnerClient) client =
    start ("try: input('a? ')\nexcept EOFError as error: print(error)\nprint(input('b? '))\ninput()\n");
  wait_asking (client, 1);
  runner_client_end_input (client);
  wait_asking (client, 3);
  runner_client_send_input (client, "x");
  wait_asking (client, 4);
  runner_client_end_input (client);
  test_wait_end (client);
  RecRecording *recording = runner_client_get_recording (client);
  RecErrorText text;
  RecEvent event;
  guint64 at;
  assert_output (client, "a? EOF when reading a line\nb? x\nx\n");
  g_assert_true (test_find_event (recording, REC_ERROR, 0, &at, &event));
  g_assert_true (rec_recording_get_error (recording, &event, &text));
  g_assert_cmpstr (text.type, ==, "EOFError");
  g_assert_cmpuint (event.line, ==, 4);
  g_assert_null (strstr (text.traceback, "<tapedeck"));
}

/* The process obeys at once and stays for questions. */
static void
test_stop (void)
{
  g_autoptr (RunnerClient) client = start ("try:\n  input('? ')\nexcept Exception:\n  pass\nprint('never')\n");
  wait_asking (client, 2);
  runner_client_stop (client);
  g_assert_false (runner_client_is_asking (client, NULL));
  assert_ends_with (client, "? ");
  g_assert_cmpint (runner_client_get_exit_status (client), ==, 130);
  g_assert_cmpstr (runner_client_get_reason (client), ==, "Stopped.");
}

static void
element_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  *(char **) data = runner_client_element_finish (RUNNER_CLIENT (source), result, &error);
  g_assert_no_error (error);
}

/* While it waits, other threads go on and questions are answered. */
static void
test_meanwhile (void)
{
  g_autoptr (RunnerClient) client =
    start ("import threading, torch\na = torch.ones(2, requires_grad=True)\n(a * 3).sum().backward()\n"
           "event = threading.Event()\nthreading.Timer(0.1, lambda: (print('tick'), event.set())).start()\n"
           "n = input()\nprint(event.is_set(), n)\n");
  g_autofree char *answer = NULL;
  guint64 at;
  RecEvent event;
  wait_asking (client, 6);
  g_assert_true (test_find_event (runner_client_get_recording (client), REC_GRAD_FN_DONE, 0, &at, &event));
  runner_client_element_async (client, at, 0, 0, NULL, element_cb, &answer);
  while (answer == NULL || test_count_events (runner_client_get_recording (client), REC_OUTPUT) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (runner_client_is_asking (client, NULL));
  runner_client_send_input (client, "n");
  assert_ends_with (client, "tick\nn\nTrue n\n");
}

/* Nobody can type for a process that the script has started. */
static void
test_children (void)
{
  g_autoptr (RunnerClient) client =
    start ("import os, subprocess, sys\nprint(subprocess.run(['cat'], capture_output=True).stdout)\n"
           "pid = os.fork()\nif pid == 0:\n  print(repr(sys.stdin.readline()))\n  os._exit(0)\nos.waitpid(pid, 0)\n"
           "print(os.read(0, 9))\n");
  assert_ends_with (client, "b''\n''\nb''\n");
}

static void
test_no_input (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, "import sys\nprint(repr(sys.stdin.read()))\nn = input('how many? ')\n", RUNNER_TO_END, NULL);
  test_wait_end (client);
  RecRecording *recording = runner_client_get_recording (client);
  RecErrorText text;
  RecEvent event;
  guint64 at;
  g_assert_true (test_find_event (recording, REC_ERROR, 0, &at, &event));
  g_assert_true (rec_recording_get_error (recording, &event, &text));
  g_assert_cmpstr (text.type, ==, "EOFError");
  g_assert_cmpuint (event.line, ==, 3);
  g_assert_nonnull (strstr (text.message, "nobody to ask"));
  g_assert_null (strstr (text.traceback, "<tapedeck"));
  assert_output (client, "''\nhow many? ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/input/asks", test_asks);
  g_test_add_func ("/input/recorded", test_recorded);
  g_test_add_func ("/input/ahead", test_ahead);
  g_test_add_func ("/input/streams", test_streams);
  g_test_add_func ("/input/end", test_end);
  g_test_add_func ("/input/stop", test_stop);
  g_test_add_func ("/input/meanwhile", test_meanwhile);
  g_test_add_func ("/input/children", test_children);
  g_test_add_func ("/input/none", test_no_input);
  return g_test_run ();
}
