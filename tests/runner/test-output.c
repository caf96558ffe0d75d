/* SPDX-License-Identifier: MIT
 *
 * Output that print knows nothing of: what C code, binary streams and children
 * write reaches the recording, in its place among what is printed, whatever becomes
 * of the process. */
#include "helpers.h"

#include <string.h>
#include <sys/resource.h>

static RunnerState
run (const char *source, char **out, char **err)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, source, RUNNER_TO_END, NULL);
  test_wait_end (client);
  *out = test_dup_output (runner_client_get_recording (client), FALSE);
  *err = test_dup_output (runner_client_get_recording (client), TRUE);
  return runner_client_get_state (client);
}

static void
assert_output (const char *source, const char *expected, RunnerState state)
{
  g_autofree char *out = NULL, *err = NULL;
  g_assert_cmpint (run (source, &out, &err), ==, state);
  g_assert_cmpstr (err, ==, "");
  g_assert_cmpstr (out, ==, expected);
}

static void
test_descriptor (void)
{
  assert_output ("import os\nprint('one')\nos.write(1, b'two\\n')\nprint('three')\n"
                 "for k in range(3):\n  print('p', k)\n  os.write(1, b'w %d\\n' % k)\n",
                 "one\ntwo\nthree\np 0\nw 0\np 1\nw 1\np 2\nw 2\n", RUNNER_ENDED);
}

static void
test_c_code (void)
{
  assert_output ("import ctypes\nc = ctypes.CDLL(None)\nprint('before')\nc.puts(b'from C')\nprint('after')\n",
                 "before\nfrom C\nafter\n", RUNNER_ENDED);
}

static void
test_binary_stream (void)
{
  assert_output ("import sys\nprint('a')\nsys.stdout.buffer.write('ü\\n'.encode())\nsys.stdout.buffer.flush()\n"
                 "sys.stdout.reconfigure(line_buffering=True)\nprint('b')\n"
                 "sys.stdout = None\nsys.stdout = sys.__stdout__\nprint('c')\n",
                 "a\nü\nb\nc\n", RUNNER_ENDED);
}

static void
test_children (void)
{
  g_autofree char *out = NULL, *err = NULL;
  g_assert_cmpint (run ("import os, subprocess, sys\nprint('one')\nos.system('echo two; echo bad >&2')\nprint('three')\n"
                        "subprocess.run(['sh', '-c', 'printf fo; printf ur'])\nprint()\n"
                        "sys.stderr.write('worse\\n')\n", &out, &err), ==, RUNNER_ENDED);
  g_assert_cmpstr (out, ==, "one\ntwo\nthree\nfour\n");
  g_assert_cmpstr (err, ==, "bad\nworse\n");
}

/* Not UTF-8, and a character in two halves. */
static void
test_bytes (void)
{
  assert_output ("import os, time\nos.write(1, b'\\xff|\\xc3')\ntime.sleep(0.1)\nx = 1\nos.write(1, b'\\xbc\\n\\xe2')\n",
                 "\357\277\275|ü\n\357\277\275", RUNNER_ENDED);
}

/* While the source's last statement never ends, what it printed is there, and stays. */
static void
assert_told_early (const char *source)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, source, RUNNER_TO_END, NULL);
  g_autoptr (GTimer) timer = g_timer_new ();
  while (test_count_events (runner_client_get_recording (client), REC_OUTPUT) == 0)
    {
      g_main_context_iteration (NULL, TRUE);
      g_assert_cmpfloat (g_timer_elapsed (timer, NULL), <, DEADLINE_S);
    }
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_RUNNING);
  runner_client_stop (client);
  test_wait_end (client);
  g_autofree char *out = test_dup_output (runner_client_get_recording (client), FALSE);
  g_assert_cmpstr (out, ==, "working\n");
}

static void
test_while_waiting (void)
{
  assert_told_early ("import subprocess\nsubprocess.run(['sh', '-c', 'echo working; exec sleep 1000'])\n");
  assert_told_early ("import time\n[print('working'), time.sleep(1000)]\n");
  assert_told_early ("import threading, time\nt = threading.Timer(0.01, print, ['working'])\nt.start()\nt.join() or time.sleep(1000)\n");
}

/* More than any pipe holds, written by C code that keeps the GIL. */
static void
test_flood_under_gil (void)
{
  g_autofree char *out = NULL, *err = NULL;
  g_assert_cmpint (run ("import ctypes\nc = ctypes.PyDLL(None)\ntext = b'x' * 99 + b'\\n'\n"
                        "n = sum(c.write(1, text * 30000, 3000000) for k in range(2))\nprint('wrote', n)\n", &out, &err),
                   ==, RUNNER_ENDED);
  g_assert_cmpstr (err, ==, "");
  g_assert_true (g_str_has_prefix (out, "xxxx"));
  g_assert_true (g_str_has_suffix (out, "x\nwrote 6000000\n"));
}

static void
test_last_words (void)
{
  g_autofree char *out = NULL, *err = NULL;
  assert_output ("import os\nprint('p')\nos.write(1, b'w') + os._exit(3)\n", "p\nw", RUNNER_DEAD);
  assert_output ("import os\nprint('p')\nos.system('echo child') or os._exit(3)\n", "p\nchild\n", RUNNER_DEAD);
  g_assert_cmpint (run ("import faulthandler, ctypes\nfaulthandler.enable()\nctypes.string_at(0)\n", &out, &err), ==,
                   RUNNER_DEAD);
  g_assert_nonnull (strstr (err, "Segmentation fault"));
}

/* A forked child prints, falls off the script's end, and leaves no other trace. */
static void
test_fork (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, "import atexit, os, torch\na = torch.ones(2)\nprint('parent')\npid = os.fork()\n"
                    "if pid == 0:\n  b = a + 1\n  print('child', b.sum().item())\n  atexit.register(print, 'at exit')\n"
                    "else:\n  status = os.waitpid(pid, 0)[1]\n  c = a * 3\n  print('ended', status)\n",
            RUNNER_TO_END, NULL);
  test_wait_end (client);
  RecRecording *recording = runner_client_get_recording (client);
  g_autofree char *out = test_dup_output (recording, FALSE), *err = test_dup_output (recording, TRUE);
  g_assert_cmpstr (err, ==, "");
  g_assert_cmpstr (out, ==, "parent\nchild 4.0\nat exit\nended 0\n");
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_ENDED);
  g_assert_cmpuint (test_count_events (recording, REC_OP_DONE), ==, 2);
  g_assert_cmpuint (test_count_events (recording, REC_RUN_ENDS), ==, 1);
}

static void
test_fork_error (void)
{
  g_autofree char *out = NULL, *err = NULL;
  g_assert_cmpint (run ("import os\npid = os.fork()\nif pid == 0:\n  1 / 0\nprint(os.waitpid(pid, 0)[1] >> 8)\n", &out, &err),
                   ==, RUNNER_ENDED);
  g_assert_cmpstr (out, ==, "1\n");
  g_assert_nonnull (strstr (err, "ZeroDivisionError"));
}

/* What a script has started does not outlive its Stop. */
static void
test_no_orphans (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, "import subprocess\np = subprocess.Popen(['sleep', '1000'])\nprint(p.pid)\nsum(iter(int, 1))\n",
            RUNNER_TO_END, NULL);
  while (test_count_events (runner_client_get_recording (client), REC_OUTPUT) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_autofree char *pid = test_dup_output (runner_client_get_recording (client), FALSE);
  g_autofree char *path = g_strdup_printf ("/proc/%s/cmdline", g_strstrip (pid));
  runner_client_stop (client);
  test_wait_end (client);
  g_autoptr (GTimer) timer = g_timer_new ();
  for (gboolean lives = TRUE; lives;)
    {
      g_autofree char *command = NULL;
      gsize n = 0;
      lives = g_file_get_contents (path, &command, &n, NULL) && n > 0;     /* a zombie has none */
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
  g_test_add_func ("/output/descriptor", test_descriptor);
  g_test_add_func ("/output/c-code", test_c_code);
  g_test_add_func ("/output/binary-stream", test_binary_stream);
  g_test_add_func ("/output/children", test_children);
  g_test_add_func ("/output/bytes", test_bytes);
  g_test_add_func ("/output/while-waiting", test_while_waiting);
  g_test_add_func ("/output/flood-under-gil", test_flood_under_gil);
  g_test_add_func ("/output/last-words", test_last_words);
  g_test_add_func ("/output/fork", test_fork);
  g_test_add_func ("/output/fork-error", test_fork_error);
  g_test_add_func ("/output/no-orphans", test_no_orphans);
  return g_test_run ();
}
