/* SPDX-License-Identifier: MIT
 *
 * The socket, questions and the death of one runner process. A process
 * is gone when it has exited and its last message was read (or 200 ms later: a
 * child of the script may keep the socket open). */
#include "process.h"

#include "spawn.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define LAST_WORDS_MS 200
#define READ_NBYTES 65536
#define LEFTOVER_MAX_NBYTES (4u << 20)

typedef struct
{
  RunnerProcess *process;       /* not owned: its table owns this */
  gint64 id;
  GTask *task;
  GSource *watch;               /* for being given up; NULL without a cancellable */
} Question;

struct _RunnerProcess
{
  guint refs;
  GSubprocess *subprocess;
  RecRecording *recording;
  GSocketConnection *line;      /* its streams below: never blocks, no SIGPIPE */
  GInputStream *input;
  char received[READ_NBYTES];
  RunnerLines *lines;
  GOutputStream *output;        /* borrowed, as input */
  GQueue outgoing;              /* GBytes */
  GBytes *writing;
  GCancellable *closing;
  GHashTable *questions;        /* id → Question */
  gint64 last_id;
  const RunnerProcessEvents *events;
  gpointer data;
  gboolean exited, closed, gone;
  gboolean is_broken;           /* it wrote what is no message, or reads no more */
  RunnerPipes pipes;            /* their read ends, for what is in them when it dies */
  guint last_words;             /* source id */
};

static void
question_free (gpointer data)
{
  Question *question = data;
  if (question->watch != NULL)
    {
      g_source_destroy (question->watch);
      g_source_unref (question->watch);
    }
  g_object_unref (question->task);
  g_free (question);
}

static GHashTable *
question_table_new (void)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, question_free);
}

static RunnerProcess *
process_ref (RunnerProcess *process)
{
  process->refs++;
  return process;
}

static void
process_unref (RunnerProcess *process)
{
  if (--process->refs > 0)
    return;
  g_clear_handle_id (&process->last_words, g_source_remove);
  g_clear_object (&process->subprocess);
  g_clear_object (&process->line);
  g_clear_object (&process->closing);
  g_clear_pointer (&process->lines, runner_lines_free);
  runner_pipes_close (&process->pipes);
  g_queue_clear_full (&process->outgoing, (GDestroyNotify) g_bytes_unref);
  g_clear_pointer (&process->questions, g_hash_table_unref);
  g_clear_pointer (&process->recording, rec_recording_unref);
  g_free (process);
}

/* The end */

static void
fail_questions (RunnerProcess *process)
{
  g_autoptr (GHashTable) questions = g_steal_pointer (&process->questions);
  GHashTableIter iter;
  gpointer question;
  process->questions = question_table_new ();
  g_hash_table_iter_init (&iter, questions);
  while (g_hash_table_iter_next (&iter, NULL, &question))
    g_task_return_new_error (((Question *) question)->task, G_IO_ERROR, G_IO_ERROR_CLOSED,
                             "The run's process is gone: run again to ask for this");
}

static void
become_gone (RunnerProcess *process)
{
  if (process->gone)
    return;
  process->gone = TRUE;
  g_clear_handle_id (&process->last_words, g_source_remove);
  process_ref (process);
  fail_questions (process);
  if (process->events != NULL)
    process->events->gone (process, process->data);
  process_unref (process);
}

static gboolean
last_words_cb (gpointer data)
{
  RunnerProcess *process = data;
  process->last_words = 0;
  become_gone (process);
  return G_SOURCE_REMOVE;
}

static void
check_gone (RunnerProcess *process)
{
  if (process->exited && process->closed)
    become_gone (process);
  else if (process->exited && process->last_words == 0 && !process->gone)
    process->last_words = g_timeout_add (LAST_WORDS_MS, last_words_cb, process);
}

static void
exited_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  RunnerProcess *process = data;
  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  process->exited = TRUE;
  check_gone (process);
  process_unref (process);
}

/* Messages from the runner */

static void
answer (RunnerProcess *process, JsonObject *message)
{
  gint64 id = runner_message_get_int (message, "id");
  const char *text = runner_message_get_string (message, "text");
  const char *error = runner_message_get_string (message, "error");
  Question *question = g_hash_table_lookup (process->questions, &id);
  if (question == NULL)
    return;
  g_autoptr (GTask) task = g_object_ref (question->task);
  g_hash_table_remove (process->questions, &id);
  if (text != NULL)
    g_task_return_pointer (task, g_strdup (text), g_free);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", error != NULL ? error : "No answer");
}

static void
message_cb (JsonObject *message, gpointer data)
{
  RunnerProcess *process = data;
  if (g_strcmp0 (runner_message_get_string (message, "is"), "answer") == 0)
    answer (process, message);
  else if (process->events != NULL)
    process->events->message (process, message, process->data);
}

/* Nothing can be said to it or heard from it any more. */
static void
give_up (RunnerProcess *process)
{
  process->is_broken = TRUE;
  g_queue_clear_full (&process->outgoing, (GDestroyNotify) g_bytes_unref);
  runner_process_kill (process);
}

static void read_next (RunnerProcess *process);

static void
received_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  RunnerProcess *process = data;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);
  if (n > 0)
    {
      if (!runner_lines_take (process->lines, process->received, (gsize) n))
        give_up (process);
      read_next (process);
    }
  else
    {
      process->closed = TRUE;
      check_gone (process);
    }
  process_unref (process);
}

static void
read_next (RunnerProcess *process)
{
  g_input_stream_read_async (process->input, process->received, READ_NBYTES, G_PRIORITY_DEFAULT, process->closing,
                             received_cb, process_ref (process));
}

/* Messages to the runner */

static void write_next (RunnerProcess *process);

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  RunnerProcess *process = data;
  gboolean written = g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  g_clear_pointer (&process->writing, g_bytes_unref);
  if (written)
    write_next (process);
  else
    give_up (process);
  process_unref (process);
}

static void
write_next (RunnerProcess *process)
{
  if (process->writing != NULL || g_queue_is_empty (&process->outgoing))
    return;
  gsize n;
  process->writing = g_queue_pop_head (&process->outgoing);
  gconstpointer bytes = g_bytes_get_data (process->writing, &n);
  g_output_stream_write_all_async (process->output, bytes, n, G_PRIORITY_DEFAULT, process->closing, written_cb,
                                   process_ref (process));
}

JsonObject *
runner_process_message (const char *what)
{
  JsonObject *message = json_object_new ();
  json_object_set_string_member (message, "do", what);
  return message;
}

void
runner_process_send (RunnerProcess *process, JsonObject *message)
{
  if (process->gone || process->is_broken)
    {
      json_object_unref (message);
      return;
    }
  g_queue_push_tail (&process->outgoing, runner_message_format (message));
  write_next (process);
}

/* A question given up: its task returns at once, the answer will find nobody. */
static gboolean
given_up_cb (GCancellable *cancellable, gpointer data)
{
  Question *question = data;
  g_task_return_error_if_cancelled (question->task);
  g_hash_table_remove (question->process->questions, &question->id);
  return G_SOURCE_REMOVE;
}

static void
add_question (RunnerProcess *process, gint64 id, GTask *task)
{
  Question *question = g_new0 (Question, 1);
  *question = (Question){ .process = process, .id = id, .task = task };
  g_hash_table_insert (process->questions, &question->id, question);
  if (g_task_get_cancellable (task) == NULL)
    return;
  question->watch = g_cancellable_source_new (g_task_get_cancellable (task));
  g_source_set_callback (question->watch, G_SOURCE_FUNC (given_up_cb), question, NULL);
  g_source_attach (question->watch, NULL);
}

void
runner_process_ask (RunnerProcess *process, JsonObject *question, GTask *task)
{
  gint64 id = ++process->last_id;
  if (process->gone)
    {
      json_object_unref (question);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED,
                               "The run's process is gone: run again to ask for this");
      g_object_unref (task);
      return;
    }
  json_object_set_int_member (question, "id", id);
  add_question (process, id, task);
  runner_process_send (process, question);
}

/* Beginning and end */

static gboolean
open_line (RunnerProcess *process, int sockets[2], GError **error)
{
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
    {
      int code = errno;
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "No socket for the runner: %s", g_strerror (code));
      return FALSE;
    }
  g_autoptr (GSocket) socket = g_socket_new_from_fd (sockets[0], error);
  if (socket == NULL)
    {
      close (sockets[0]);
      close (sockets[1]);
      return FALSE;
    }
  process->line = g_socket_connection_factory_create_connection (socket);
  process->input = g_io_stream_get_input_stream (G_IO_STREAM (process->line));
  process->output = g_io_stream_get_output_stream (G_IO_STREAM (process->line));
  return TRUE;
}

static RunnerProcess *
process_alloc (RecRecording *recording)
{
  RunnerProcess *process = g_new0 (RunnerProcess, 1);
  process->refs = 1;
  process->closing = g_cancellable_new ();
  process->questions = question_table_new ();
  process->lines = runner_lines_new (message_cb, process);
  process->pipes = RUNNER_PIPES_NONE;
  process->recording = recording;
  return process;
}

/* recording is taken. */
static RunnerProcess *
start (const char *program, RecRecording *recording, GError **error)
{
  int sockets[2];
  RunnerProcess *process = process_alloc (recording);
  if (!runner_pipes_open (&process->pipes, error) || !open_line (process, sockets, error))
    {
      process_unref (process);
      return NULL;
    }
  process->subprocess = runner_spawn (program, recording, sockets[1], &process->pipes, error);
  close (sockets[1]);
  runner_pipes_close_write_ends (&process->pipes);
  if (process->subprocess == NULL)
    {
      process_unref (process);
      return NULL;
    }
  read_next (process);
  g_subprocess_wait_async (process->subprocess, NULL, exited_cb, process_ref (process));
  return process;
}

RunnerProcess *
runner_process_new (const char *program, gsize budget_nbytes, GError **error)
{
  RecRecording *recording = rec_recording_new (budget_nbytes, error);
  return recording != NULL ? start (program, recording, error) : NULL;
}

RunnerProcess *
runner_process_new_for_recording (const char *program, RecRecording *recording, GError **error)
{
  return start (program, rec_recording_ref (recording), error);
}

void
runner_process_set_events (RunnerProcess *process, const RunnerProcessEvents *events, gpointer data)
{
  process->events = events;
  process->data = data;
}

void
runner_process_kill (RunnerProcess *process)
{
  if (!process->exited)
    runner_spawn_kill (process->subprocess);
}

void
runner_process_discard (RunnerProcess *process)
{
  process->events = NULL;
  runner_process_kill (process);
  become_gone (process);
  g_cancellable_cancel (process->closing);
  process_unref (process);
}

RecRecording *
runner_process_get_recording (RunnerProcess *process)
{
  return process->recording;
}

gboolean
runner_process_is_gone (RunnerProcess *process)
{
  return process->gone || process->exited;
}

GBytes *
runner_process_take_leftover (RunnerProcess *process, gboolean is_stderr)
{
  return runner_pipes_take (&process->pipes, is_stderr, LEFTOVER_MAX_NBYTES);
}

void
runner_process_get_death (RunnerProcess *process, RunnerDeath *death)
{
  *death = (RunnerDeath) { .broke_line = process->is_broken };
  if (process->exited)
    runner_spawn_get_death (process->subprocess, death);
}
