/* SPDX-License-Identifier: MIT
 *
 * The client's state machine: one run at a time, one spare. A pause that the
 * runner reported before it heard of the latest go-on is stale and ignored. UI
 * thread. */
#include "client-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define BUDGET_NBYTES (G_GUINT64_CONSTANT (512) << 20)
#define GROW_MS 16
#define INTERRUPT_MS 200
#define KILL_MS 800             /* after the interrupt */
#define SOURCE_MAX_NBYTES (8u << 20)   /* six bytes each at worst, as the line writes them */
#define SPARE_MS 400            /* after a run has begun: the script comes first */

G_DEFINE_TYPE (RunnerClient, runner_client, G_TYPE_OBJECT)

enum { PROP_0, PROP_STATE };
enum { STATE_CHANGED, GROWN, N_SIGNALS };
static guint signals[N_SIGNALS];

/* What is shown */

static void
tell_growth (RunnerClient *client)
{
  guint64 n = client->recording != NULL ? rec_recording_get_n_events (client->recording) : 0;
  if (n == client->n_events)
    return;
  client->n_events = n;
  g_signal_emit (client, signals[GROWN], 0);
}

/* The counter tells of a line that was left and came again between two looks. */
static void
look_at_line (RunnerClient *client)
{
  guint n_moves;
  if (client->recording == NULL)
    return;
  rec_recording_get_running (client->recording, &n_moves);
  if (n_moves == client->n_moves)
    return;
  client->n_moves = n_moves;
  client->moved_us = g_get_monotonic_time ();
}

static gboolean
grow_cb (gpointer data)
{
  look_at_line (data);
  tell_growth (data);
  return G_SOURCE_CONTINUE;
}

static void
set_state (RunnerClient *client, RunnerState state)
{
  if (state == RUNNER_RUNNING && client->state != RUNNER_RUNNING)
    client->moved_us = g_get_monotonic_time ();
  if (state == RUNNER_RUNNING && client->grow_source == 0)
    client->grow_source = g_timeout_add (GROW_MS, grow_cb, client);
  if (state != RUNNER_RUNNING)
    g_clear_handle_id (&client->grow_source, g_source_remove);
  client->state = state;
  client->asking = client->asking && state == RUNNER_RUNNING;
  g_object_ref (client);
  tell_growth (client);
  g_signal_emit (client, signals[STATE_CHANGED], 0);
  g_object_notify (G_OBJECT (client), "state");
  g_object_unref (client);
}

static void
forget_stop (RunnerClient *client)
{
  client->stopping = FALSE;
  g_clear_handle_id (&client->stop_source, g_source_remove);
}

static void
run_gone_cb (RunnerProcess *process, gpointer data)
{
  RunnerClient *client = data;
  g_free (client->reason);
  client->reason = runner_client_write_end (client);
  forget_stop (client);
  set_state (client, RUNNER_DEAD);
}

/* Messages */

static void
paused (RunnerClient *client, JsonObject *message)
{
  if (runner_message_get_int (message, "nr") != client->go_nr || client->state != RUNNER_RUNNING)
    return;
  client->line = runner_message_get_int (message, "file") == 0 ? runner_message_get_int (message, "line") : 0;
  set_state (client, RUNNER_PAUSED);
}

static void
ended (RunnerClient *client, JsonObject *message)
{
  client->exit_status = runner_message_get_int (message, "status");
  g_clear_pointer (&client->reason, g_free);
  if (client->stopping)
    client->reason = g_strdup ("Stopped.");
  forget_stop (client);
  set_state (client, RUNNER_ENDED);
}

static void
asks (RunnerClient *client, JsonObject *message)
{
  if (runner_message_get_int (message, "nr") != client->n_typed || client->state != RUNNER_RUNNING || client->stopping)
    return;
  client->asking = TRUE;
  client->asking_line = runner_message_get_int (message, "file") == 0 ? runner_message_get_int (message, "line") : 0;
  set_state (client, RUNNER_RUNNING);
}

static gboolean
spare_cb (gpointer data)
{
  RunnerClient *client = data;
  client->spare_source = 0;
  runner_client_ensure_spare (client, NULL);
  return G_SOURCE_REMOVE;
}

static void
run_message_cb (RunnerProcess *process, JsonObject *message, gpointer data)
{
  RunnerClient *client = data;
  const char *what = runner_message_get_string (message, "is");
  if (g_strcmp0 (what, "paused") == 0)
    paused (client, message);
  else if (g_strcmp0 (what, "asks") == 0)
    asks (client, message);
  else if (g_strcmp0 (what, "ended") == 0 && (client->state == RUNNER_RUNNING || client->state == RUNNER_PAUSED))
    ended (client, message);
}

static const RunnerProcessEvents run_events = { run_message_cb, run_gone_cb };

/* The spare */

RunnerProcess *
runner_client_ensure_spare (RunnerClient *client, GError **error)
{
  if (client->spare != NULL && runner_process_is_gone (client->spare))
    g_clear_pointer (&client->spare, runner_process_discard);
  if (client->spare == NULL)
    client->spare = runner_process_new (client->program, client->budget_nbytes, error);
  return client->spare;
}

void
runner_client_set_budget (RunnerClient *client, gsize budget_nbytes)
{
  if (client->budget_nbytes != budget_nbytes)
    g_clear_pointer (&client->spare, runner_process_discard);
  client->budget_nbytes = budget_nbytes;
}

/* Commands */

static gboolean
check_script (const char *path, const char *source, GError **error)
{
  if (!g_utf8_validate (path, -1, NULL) || (source != NULL && !g_utf8_validate (source, -1, NULL)))
    {
      g_autofree char *shown = g_filename_display_name (path);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "“%s” is not a UTF-8 text", shown);
      return FALSE;
    }
  if (source != NULL && strlen (source) > SOURCE_MAX_NBYTES)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "“%s” is too long: a script may have %u MB", path,
                   SOURCE_MAX_NBYTES >> 20);
      return FALSE;
    }
  if (source != NULL)
    return TRUE;
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, "“%s” is a folder", path);
      return FALSE;
    }
  if (access (path, R_OK) == 0)
    return TRUE;
  int code = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "“%s” cannot be opened: %s", path, g_strerror (code));
  return FALSE;
}

static void
set_until (JsonObject *message, RunnerUntil until, const guint *breakpoints, guint until_line, gint64 nr)
{
  JsonArray *lines = json_array_new ();
  for (; breakpoints != NULL && *breakpoints != 0; breakpoints++)
    json_array_add_int_element (lines, *breakpoints);
  json_object_set_array_member (message, "breakpoints", lines);
  json_object_set_string_member (message, "until",
                                 until == RUNNER_TO_END          ? "end"
                                 : until == RUNNER_TO_NEXT_EVENT ? "event"
                                                                 : "statement");
  json_object_set_int_member (message, "line", until_line);
  json_object_set_int_member (message, "nr", nr);
}

static JsonObject *
make_run_message (const char *path, const char *source, const char *const *argv)
{
  JsonObject *message = runner_process_message ("run");
  JsonArray *arguments = json_array_new ();
  for (; argv != NULL && *argv != NULL; argv++)
    {
      g_autofree char *argument = g_utf8_make_valid (*argv, -1);
      json_array_add_string_element (arguments, argument);
    }
  json_object_set_array_member (message, "argv", arguments);
  json_object_set_string_member (message, "path", path);
  if (source != NULL)
    json_object_set_string_member (message, "source", source);
  return message;
}

/* Takes the spare as the process of the next run. */
static void
take_spare (RunnerClient *client)
{
  g_clear_pointer (&client->process, runner_process_discard);
  g_clear_pointer (&client->answerer, runner_process_discard);
  g_clear_pointer (&client->recording, rec_recording_unref);
  client->process = g_steal_pointer (&client->spare);
  client->recording = rec_recording_ref (runner_process_get_recording (client->process));
  runner_process_set_events (client->process, &run_events, client);
  g_clear_pointer (&client->reason, g_free);
  client->exit_status = 0;
  client->line = 0;
  client->n_events = 0;
  client->n_typed = 0;
  client->asking = FALSE;
  client->n_oom_kills = runner_death_count_oom_kills ();
  client->n_moves = 0;
  client->moved_us = g_get_monotonic_time ();
  forget_stop (client);
}

gboolean
runner_client_run (RunnerClient *client, const char *path, const char *source, const char *const *argv,
                   const guint *breakpoints, RunnerUntil until, guint until_line, GError **error)
{
  if (!check_script (path, source, error) || runner_client_ensure_spare (client, error) == NULL)
    return FALSE;
  take_spare (client);
  JsonObject *message = make_run_message (path, source, argv);
  set_until (message, until, breakpoints, until_line, ++client->go_nr);
  json_object_set_int_member (message, "input", client->has_input);
  runner_process_send (client->process, message);
  if (client->spare_source == 0)
    client->spare_source = g_timeout_add_full (G_PRIORITY_LOW, SPARE_MS, spare_cb, client, NULL);
  set_state (client, RUNNER_RUNNING);
  return TRUE;
}

static gboolean
is_live (RunnerClient *client)
{
  return client->state == RUNNER_RUNNING || client->state == RUNNER_PAUSED;
}

void
runner_client_go_on (RunnerClient *client, RunnerUntil until, const guint *breakpoints, guint until_line)
{
  if (!is_live (client) || client->stopping)
    return;
  JsonObject *message = runner_process_message ("go");
  set_until (message, until, breakpoints, until_line, ++client->go_nr);
  runner_process_send (client->process, message);
  if (client->state != RUNNER_RUNNING)
    set_state (client, RUNNER_RUNNING);
}

void
runner_client_pause (RunnerClient *client)
{
  if (client->state == RUNNER_RUNNING)
    runner_process_send (client->process, runner_process_message ("pause"));
}

static gboolean
kill_cb (gpointer data)
{
  RunnerClient *client = data;
  client->stop_source = 0;
  runner_process_kill (client->process);
  return G_SOURCE_REMOVE;
}

static gboolean
interrupt_cb (gpointer data)
{
  RunnerClient *client = data;
  runner_process_send (client->process, runner_process_message ("interrupt"));
  client->stop_source = g_timeout_add (KILL_MS, kill_cb, client);
  return G_SOURCE_REMOVE;
}

void
runner_client_stop (RunnerClient *client)
{
  if (!is_live (client) || client->stopping)
    return;
  client->stopping = TRUE;
  client->asking = FALSE;
  runner_process_send (client->process, runner_process_message ("stop"));
  client->stop_source = g_timeout_add (INTERRUPT_MS, interrupt_cb, client);
}

void
runner_client_set_has_input (RunnerClient *client, gboolean has_input)
{
  client->has_input = has_input;
}

/* line NULL: the end. */
static void
type (RunnerClient *client, const char *line)
{
  if (!is_live (client) || (line != NULL && !g_utf8_validate (line, -1, NULL)))
    return;
  JsonObject *message = runner_process_message ("input");
  if (line != NULL)
    json_object_set_string_member (message, "line", line);
  runner_process_send (client->process, message);
  client->n_typed++;
  if (!client->asking)
    return;
  client->asking = FALSE;
  set_state (client, client->state);
}

void
runner_client_send_input (RunnerClient *client, const char *line)
{
  type (client, line);
}

void
runner_client_end_input (RunnerClient *client)
{
  type (client, NULL);
}

gboolean
runner_client_is_asking (RunnerClient *client, guint *line)
{
  if (line != NULL)
    *line = client->asking ? client->asking_line : 0;
  return client->asking;
}

/* Facts */

RunnerState
runner_client_get_state (RunnerClient *client)
{
  return client->state;
}

const char *
runner_client_get_reason (RunnerClient *client)
{
  return client->reason;
}

int
runner_client_get_exit_status (RunnerClient *client)
{
  return client->exit_status;
}

RecRecording *
runner_client_get_recording (RunnerClient *client)
{
  return client->recording;
}

guint
runner_client_get_line (RunnerClient *client)
{
  return client->state == RUNNER_PAUSED ? client->line : 0;
}

guint
runner_client_get_running_line (RunnerClient *client, gint64 *since_us)
{
  if (client->state != RUNNER_RUNNING)
    return 0;
  look_at_line (client);
  if (since_us != NULL)
    *since_us = client->moved_us;
  return rec_recording_get_running (client->recording, NULL);
}

/* The object */

static void
runner_client_dispose (GObject *object)
{
  RunnerClient *client = RUNNER_CLIENT (object);
  g_clear_handle_id (&client->grow_source, g_source_remove);
  g_clear_handle_id (&client->stop_source, g_source_remove);
  g_clear_handle_id (&client->spare_source, g_source_remove);
  g_clear_pointer (&client->process, runner_process_discard);
  g_clear_pointer (&client->answerer, runner_process_discard);
  g_clear_pointer (&client->spare, runner_process_discard);
  g_clear_pointer (&client->recording, rec_recording_unref);
  g_clear_pointer (&client->reason, g_free);
  g_clear_pointer (&client->program, g_free);
  G_OBJECT_CLASS (runner_client_parent_class)->dispose (object);
}

static void
runner_client_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  RunnerClient *client = RUNNER_CLIENT (object);
  if (id == PROP_STATE)
    g_value_set_int (value, client->state);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
runner_client_class_init (RunnerClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->dispose = runner_client_dispose;
  object_class->get_property = runner_client_get_property;
  g_object_class_install_property (object_class, PROP_STATE,
    g_param_spec_int ("state", NULL, NULL, RUNNER_IDLE, RUNNER_DEAD, RUNNER_IDLE,
                      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));
  signals[STATE_CHANGED] = g_signal_new ("state-changed", RUNNER_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 0);
  signals[GROWN] = g_signal_new ("grown", RUNNER_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
runner_client_init (RunnerClient *client)
{
  client->budget_nbytes = BUDGET_NBYTES;
}

RunnerClient *
runner_client_new (const char *program)
{
  RunnerClient *client = g_object_new (RUNNER_TYPE_CLIENT, NULL);
  client->program = program != NULL ? g_strdup (program) : g_file_read_link ("/proc/self/exe", NULL);
  if (client->program == NULL || (program == NULL && !g_file_test (client->program, G_FILE_TEST_EXISTS)))
    {
      g_free (client->program);
      client->program = g_strdup ("/proc/self/exe");
    }
  client->spare_source = g_idle_add_full (G_PRIORITY_LOW, spare_cb, client, NULL);
  return client;
}
