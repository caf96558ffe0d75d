/* SPDX-License-Identifier: MIT
 *
 * Measures the line to the runner as the app uses it:
 *   bench-runner PROGRAM first-event SCRIPT N   milliseconds from Run to the first
 *       recorded operation, N times: the first without a warm spare, the others with
 *   bench-runner PROGRAM record SCRIPT          runs it recorded, prints its output
 * Called by bench.py. */

#include "runner/client.h"

#include <stdio.h>
#include <string.h>

#define DEADLINE_US (60 * G_USEC_PER_SEC)
/* Time that a fresh spare is given to warm up between two runs. */
#define REST_US (G_USEC_PER_SEC)

static void
fail (const char *what, const GError *error)
{
  fprintf (stderr, "bench-runner: %s%s%s\n", what, error != NULL ? ": " : "", error != NULL ? error->message : "");
  exit (1);
}

/* Index after the last event read; TRUE once an operation was among them. */
static gboolean
has_operation (RecRecording *recording, guint64 *next)
{
  RecEvent event;

  while (*next < rec_recording_get_n_events (recording))
    {
      if (!rec_recording_get_event (recording, (*next)++, &event))
        fail ("an event cannot be read", NULL);
      if (event.kind == REC_OP_DONE)
        return TRUE;
    }
  return FALSE;
}

/* Runs the main loop until the run is over. */
static void
wait_for_end (RunnerClient *client)
{
  gint64 start = g_get_monotonic_time ();

  while (runner_client_get_state (client) != RUNNER_ENDED && runner_client_get_state (client) != RUNNER_DEAD)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (200);
      if (g_get_monotonic_time () - start > DEADLINE_US)
        fail ("the run does not end", NULL);
    }
}

static void
rest (void)
{
  gint64 start = g_get_monotonic_time ();

  while (g_get_monotonic_time () - start < REST_US)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
start_run (RunnerClient *client, const char *path, const char *source)
{
  const char *const argv[] = { NULL };
  const guint breakpoints[] = { 0 };
  g_autoptr (GError) error = NULL;

  if (!runner_client_run (client, path, source, argv, breakpoints, RUNNER_TO_END, 0, &error))
    fail ("the run does not start", error);
}

static void
measure_first_event (RunnerClient *client, const char *path, const char *source, int n_runs)
{
  for (int k = 0; k < n_runs; k++)
    {
      gint64 start = g_get_monotonic_time ();
      guint64 next = 0;

      start_run (client, path, source);
      while (!has_operation (runner_client_get_recording (client), &next))
        {
          g_main_context_iteration (NULL, FALSE);
          g_usleep (50);
          if (g_get_monotonic_time () - start > DEADLINE_US)
            fail ("no operation arrives", NULL);
        }
      printf ("%.3f\n", (double) (g_get_monotonic_time () - start) / 1000.0);
      wait_for_end (client);
      rest ();
    }
}

static void
print_output (RecRecording *recording)
{
  for (guint64 k = 0; k < rec_recording_get_n_events (recording); k++)
    {
      RecEvent event;
      const char *bytes;
      gsize n = 0;

      if (!rec_recording_get_event (recording, k, &event) || event.kind != REC_OUTPUT)
        continue;
      bytes = rec_recording_get_bytes (recording, &event, &n);
      if (bytes != NULL)
        fwrite (bytes, 1, n, stdout);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (RunnerClient) client = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *source = NULL;

  if (argc < 4)
    fail ("usage: bench-runner PROGRAM first-event|record SCRIPT [N]", NULL);
  if (!g_file_get_contents (argv[3], &source, NULL, &error))
    fail ("the script cannot be read", error);
  client = runner_client_new (argv[1]);
  if (strcmp (argv[2], "first-event") == 0)
    {
      measure_first_event (client, argv[3], source, argc > 4 ? atoi (argv[4]) : 5);
      return 0;
    }
  start_run (client, argv[3], source);
  wait_for_end (client);
  print_output (runner_client_get_recording (client));
  if (runner_client_get_state (client) == RUNNER_DEAD)
    fail (runner_client_get_reason (client), NULL);
  return 0;
}
