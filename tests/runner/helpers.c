/* SPDX-License-Identifier: MIT
 *
 * Helpers of the runner's tests. Nothing sleeps: every wait runs the main loop
 * until its condition holds, and fails loudly after a deadline. */
#include "helpers.h"

RunnerClient *
test_client_new (void)
{
  const char *child = g_getenv ("RUNNER_CHILD");
  g_assert_nonnull (child);
  RunnerClient *client = runner_client_new (child);
  runner_client_set_budget (client, 64 << 20);
  return client;
}

void
test_run (RunnerClient *client, const char *source, RunnerUntil until, const guint *breakpoints)
{
  g_autoptr (GError) error = NULL;
  gboolean started = runner_client_run (client, "/nowhere/script.py", source, NULL, breakpoints, until, 0,
                                        &error);
  g_assert_no_error (error);
  g_assert_true (started);
}

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

typedef gboolean (*Condition) (RunnerClient *client, guint wanted);

static void
wait_until (RunnerClient *client, Condition holds, guint wanted)
{
  g_autoptr (GTimer) timer = g_timer_new ();
  guint waker = g_timeout_add (50, wake_cb, NULL);
  while (!holds (client, wanted))
    {
      g_main_context_iteration (NULL, TRUE);
      if (g_timer_elapsed (timer, NULL) > DEADLINE_S)
        g_error ("waited in vain: state %d, line %u, %s", runner_client_get_state (client),
                 runner_client_get_line (client), runner_client_get_reason (client));
    }
  g_source_remove (waker);
}

static gboolean
has_state (RunnerClient *client, guint wanted)
{
  return runner_client_get_state (client) == wanted;
}

static gboolean
has_ended (RunnerClient *client, guint wanted)
{
  return runner_client_get_state (client) >= RUNNER_ENDED;
}

static gboolean
is_paused_at (RunnerClient *client, guint wanted)
{
  return runner_client_get_state (client) == RUNNER_PAUSED && runner_client_get_line (client) == wanted;
}

void
test_wait_state (RunnerClient *client, RunnerState state)
{
  wait_until (client, has_state, state);
}

void
test_wait_end (RunnerClient *client)
{
  wait_until (client, has_ended, 0);
}

void
test_wait_paused_at (RunnerClient *client, guint line)
{
  wait_until (client, is_paused_at, line);
}

char *
test_dup_output (RecRecording *recording, gboolean is_stderr)
{
  GString *text = g_string_new (NULL);
  RecEvent event;
  gsize n;
  for (guint64 k = 0; rec_recording_get_event (recording, k, &event); k++)
    if (event.kind == REC_OUTPUT && (event.flags & 1) == (is_stderr ? 1 : 0))
      {
        const char *bytes = rec_recording_get_bytes (recording, &event, &n);
        g_string_append_len (text, bytes, n);
      }
  return g_string_free (text, FALSE);
}

gboolean
test_find_event (RecRecording *recording, RecEventKind kind, guint64 from, guint64 *index, RecEvent *event)
{
  for (*index = from; rec_recording_get_event (recording, *index, event); (*index)++)
    if (event->kind == kind)
      return TRUE;
  return FALSE;
}

guint
test_count_events (RecRecording *recording, RecEventKind kind)
{
  guint n = 0;
  guint64 at = 0;
  RecEvent event;
  while (test_find_event (recording, kind, at, &at, &event))
    {
      n++;
      at++;
    }
  return n;
}
