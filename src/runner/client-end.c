/* SPDX-License-Identifier: MIT
 *
 * The end of a process. A recording always gets an end: when the process died
 * without writing one, it is written here, with what stands in its pipes and, unless
 * the user stopped it, an error on the line that ran. UI thread. */
#include "client-private.h"

#include "recording/writer.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static gboolean
has_end (RecRecording *recording, int *status)
{
  RecEvent event;
  guint64 n = rec_recording_get_n_events (recording);
  if (n == 0 || !rec_recording_get_event (recording, n - 1, &event) || event.kind != REC_RUN_ENDS)
    return FALSE;
  *status = (int) event.number;
  return TRUE;
}

/* The runner is gone, so the recording has no other writer. */
static RecWriter *
open_writer (RecRecording *recording)
{
  int events = fcntl (rec_recording_get_events_fd (recording), F_DUPFD_CLOEXEC, 3);
  int heap = fcntl (rec_recording_get_heap_fd (recording), F_DUPFD_CLOEXEC, 3);
  if (events >= 0 && heap >= 0)
    return rec_writer_new (events, heap, NULL);
  if (events >= 0)
    close (events);
  return NULL;
}

/* GLib's last words where an allocation of its own fails. */
static gboolean
is_starved (GBytes *errors)
{
  gsize n;
  const char *text = g_bytes_get_data (errors, &n);
  return n > 0 && g_strstr_len (text, (gssize) n, "GLib-ERROR") != NULL
         && g_strstr_len (text, (gssize) n, "failed to allocate") != NULL;
}

static void
write_leftover (RecWriter *writer, GBytes *bytes, gboolean is_stderr)
{
  gsize n;
  const char *text = g_bytes_get_data (bytes, &n);
  g_autofree char *valid = n > 0 ? g_utf8_make_valid (text, (gssize) n) : NULL;
  if (valid != NULL)
    rec_writer_output (writer, is_stderr, valid, strlen (valid));
}

static void
write_error (RecWriter *writer, const RunnerDeath *death, const char *sentence, guint line)
{
  g_autofree char *name = runner_death_dup_name (death);
  RecErrorText text = { .type = name, .message = sentence, .traceback = "", .file = "", .process_ended = TRUE };
  rec_writer_error (writer, &text, line);
}

static void
get_death (RunnerClient *client, RunnerDeath *death)
{
  gint64 n_oom_kills = runner_death_count_oom_kills ();
  runner_process_get_death (client->process, death);
  death->memory_unknown = n_oom_kills < 0 || client->n_oom_kills < 0;
  death->out_of_memory = !death->memory_unknown && n_oom_kills > client->n_oom_kills;
}

char *
runner_client_write_end (RunnerClient *client)
{
  RecRecording *recording = runner_process_get_recording (client->process);
  guint line = client->state == RUNNER_PAUSED ? client->line : rec_recording_get_running (recording, NULL);
  g_autoptr (GBytes) output = runner_process_take_leftover (client->process, FALSE);
  g_autoptr (GBytes) errors = runner_process_take_leftover (client->process, TRUE);
  RunnerDeath death;
  get_death (client, &death);
  death.starved = death.signal != 0 && is_starved (errors);
  if (client->state == RUNNER_ENDED)
    return g_strdup (client->stopping ? "Stopped." : "The script's process is gone.");
  if (has_end (recording, &client->exit_status))
    return g_strdup (client->stopping ? "Stopped."
                                      : "The script ended; it had closed the line to this window.");
  char *reason = client->stopping ? g_strdup ("Stopped.") : runner_death_describe (&death, line);
  g_autoptr (RecWriter) writer = open_writer (recording);
  client->exit_status = death.signal != 0 ? 128 + death.signal : death.status;
  if (writer == NULL)
    return reason;
  rec_writer_set_position (writer, 0, line);
  write_leftover (writer, output, FALSE);
  write_leftover (writer, errors, TRUE);
  if (!client->stopping)
    write_error (writer, &death, reason, line);
  rec_writer_run_ends (writer, reason, client->exit_status);
  return reason;
}
