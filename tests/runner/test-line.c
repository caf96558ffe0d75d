/* SPDX-License-Identifier: MIT
 *
 * The line under fire: noise, too deep, too long, in either direction. Neither end
 * may crash, grow without limit or stop listening. */
#include "helpers.h"

#include "runner/process.h"

#include <string.h>

/* json-glib itself leaks what it has read of a text that turns out to be wrong. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#define EXPECT_LEAKS() __lsan_disable ()
#define EXPECT_NO_LEAKS() __lsan_enable ()
#else
#define EXPECT_LEAKS()
#define EXPECT_NO_LEAKS()
#endif

static void
ignore_cb (JsonObject *message, gpointer data)
{
  (*(guint *) data)++;
}

/* Bytes that look like messages, in pieces of any size. */
static void
test_noise (void)
{
  static const char alphabet[] = "{}[]\":,\\\n\n0aé\x01\xff";
  guint n_messages = 0;
  RunnerLines *lines = runner_lines_new (ignore_cb, &n_messages);
  g_assert_true (runner_lines_take (lines, "\n", 1));       /* nothing was ever begun */
  EXPECT_LEAKS ();
  for (guint k = 0; k < 20000; k++)
    {
      char piece[64];
      gsize n = (gsize) g_test_rand_int_range (0, sizeof piece);
      for (gsize i = 0; i < n; i++)
        piece[i] = alphabet[g_test_rand_int_range (0, sizeof alphabet)];
      g_assert_true (runner_lines_take (lines, piece, n));
    }
  EXPECT_NO_LEAKS ();
  n_messages = 0;
  static const char last[] = "\n{\"do\":\"go\"}\n";
  for (gsize k = 0; k < strlen (last); k++)
    g_assert_true (runner_lines_take (lines, last + k, 1));
  g_assert_cmpuint (n_messages, ==, 1);
  runner_lines_free (lines);
}

static void
test_deep (void)
{
  g_autofree char *deep = g_strnfill (5 << 20, '[');
  g_assert_null (runner_message_parse (deep, 5 << 20));
  g_assert_null (runner_message_parse ("[]]", 3));
  JsonObject *message = runner_message_parse ("{\"do\":\"[[[[[[[[[[[[[[[[[[[[\\\"[\"}", 32);
  g_assert_nonnull (message);
  json_object_unref (message);
}

static void
test_too_long (void)
{
  guint n_messages = 0;
  RunnerLines *lines = runner_lines_new (ignore_cb, &n_messages);
  g_autofree char *piece = g_strnfill (1 << 20, 'x');
  guint n_refused = 0;
  for (guint k = 0; k < 130; k++)
    n_refused += !runner_lines_take (lines, piece, 1 << 20);
  g_assert_cmpuint (n_refused, ==, 1);
  g_assert_true (runner_lines_take (lines, "tail\n{}\n", 8));
  g_assert_cmpuint (n_messages, ==, 1);
  runner_lines_free (lines);
}

/* A script that finds the descriptor and writes to it. */
static void
test_script_writes_noise (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, "import os\nos.write(3, b'\\n' + os.urandom(100000) + b'\\n[[[[{{{\\n\\n{\"is\":\"paused\"}\\n')\nprint('on')\n",
            RUNNER_TO_END, NULL);
  EXPECT_LEAKS ();
  test_wait_end (client);
  EXPECT_NO_LEAKS ();
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_ENDED);
  g_autofree char *out = test_dup_output (runner_client_get_recording (client), FALSE);
  g_assert_cmpstr (out, ==, "on\n");
}

static void
test_script_writes_too_much (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, "import os\nprint('kept')\nwhile True:\n  os.write(3, b'x' * 1000000)\n", RUNNER_TO_END, NULL);
  test_wait_end (client);
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_DEAD);
  g_assert_nonnull (strstr (runner_client_get_reason (client), "the line that Tapedeck itself uses"));
  g_autofree char *out = test_dup_output (runner_client_get_recording (client), FALSE);
  g_assert_cmpstr (out, ==, "kept\n");
  test_run (client, "print('again')\n", RUNNER_TO_END, NULL);
  test_wait_end (client);
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_ENDED);
}

static void
test_long_script (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *source = g_strnfill ((8 << 20) + 1, '#');
  g_assert_false (runner_client_run (client, "a.py", source, NULL, NULL, RUNNER_TO_END, 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  source[8 << 20] = '\0';
  memcpy (source, "print(7)\n", 9);
  test_run (client, source, RUNNER_TO_END, NULL);
  test_wait_end (client);
  g_autofree char *out = test_dup_output (runner_client_get_recording (client), FALSE);
  g_assert_cmpstr (out, ==, "7\n");
}

typedef struct
{
  char *refusal;
  gboolean gone;
} Heard;

static void
heard_cb (RunnerProcess *process, JsonObject *message, gpointer data)
{
  Heard *heard = data;
  if (g_strcmp0 (runner_message_get_string (message, "is"), "refused") == 0)
    heard->refusal = g_strdup (runner_message_get_string (message, "error"));
}

static void
gone_cb (RunnerProcess *process, gpointer data)
{
  ((Heard *) data)->gone = TRUE;
}

static const RunnerProcessEvents events = { heard_cb, gone_cb };

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  char **answer = data;
  *answer = g_task_propagate_pointer (G_TASK (result), &error);
  if (*answer == NULL)
    *answer = g_strdup (error->message);
}

static void
ask_scan (RunnerProcess *process, char **answer)
{
  JsonObject *question = runner_process_message ("scan");
  json_object_set_string_member (question, "source", "a = 1\n");
  runner_process_ask (process, question, g_task_new (NULL, NULL, answered_cb, answer));
}

/* The runner says so and goes on listening. */
static void
test_runner_refuses (void)
{
  g_autoptr (GError) error = NULL;
  Heard heard = { NULL };
  g_autofree char *answer = NULL, *text = g_strnfill (RUNNER_MESSAGE_MAX_NBYTES, 'y');
  RunnerProcess *process = runner_process_new (g_getenv ("RUNNER_CHILD"), 1 << 20, &error);
  g_assert_no_error (error);
  runner_process_set_events (process, &events, &heard);
  JsonObject *message = runner_process_message ("scan");
  json_object_set_string_member (message, "source", text);
  runner_process_send (process, message);
  ask_scan (process, &answer);
  while (answer == NULL || heard.refusal == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (heard.refusal, ==, "A message of more than 64 MiB was refused");
  g_assert_nonnull (strstr (answer, "leaves"));
  g_free (heard.refusal);
  runner_process_discard (process);
}

/* What could not be written waits nowhere; who asked is told. */
static void
test_failed_write (void)
{
  g_autoptr (GError) error = NULL;
  Heard heard = { NULL };
  g_autofree char *answer = NULL, *later = NULL;
  RunnerProcess *process = runner_process_new ("/bin/true", 1 << 20, &error);
  g_assert_no_error (error);
  runner_process_set_events (process, &events, &heard);
  ask_scan (process, &answer);
  while (answer == NULL || !heard.gone)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (strstr (answer, "gone"));
  ask_scan (process, &later);
  while (later == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (strstr (later, "gone"));
  runner_process_discard (process);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/line/noise", test_noise);
  g_test_add_func ("/line/deep", test_deep);
  g_test_add_func ("/line/too-long", test_too_long);
  g_test_add_func ("/line/script-writes-noise", test_script_writes_noise);
  g_test_add_func ("/line/script-writes-too-much", test_script_writes_too_much);
  g_test_add_func ("/line/long-script", test_long_script);
  g_test_add_func ("/line/runner-refuses", test_runner_refuses);
  g_test_add_func ("/line/failed-write", test_failed_write);
  return g_test_run ();
}
