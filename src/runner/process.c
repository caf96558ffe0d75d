/* SPDX-License-Identifier: MIT
 *
 * Spawning, the socket, questions and the death of one runner process. A process
 * is gone when it has exited and its last message was read (or 200 ms later: a
 * child of the script may keep the socket open). */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LAST_WORDS_MS 200

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
  GDataInputStream *input;
  GOutputStream *output;
  GQueue outgoing;              /* GBytes */
  GBytes *writing;
  GCancellable *closing;
  GHashTable *questions;        /* id → Question */
  gint64 last_id;
  const RunnerProcessEvents *events;
  gpointer data;
  gboolean exited, closed, gone;
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
  g_clear_object (&process->input);
  g_clear_object (&process->output);
  g_clear_object (&process->closing);
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
take_line (RunnerProcess *process, const char *line, gsize n)
{
  JsonObject *message = runner_message_parse (line, n);
  if (message == NULL)
    return;
  if (g_strcmp0 (runner_message_get_string (message, "is"), "answer") == 0)
    answer (process, message);
  else if (process->events != NULL)
    process->events->message (process, message, process->data);
  json_object_unref (message);
}

static void read_next (RunnerProcess *process);

static void
line_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  RunnerProcess *process = data;
  gsize n = 0;
  g_autofree char *line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, &n, NULL);
  if (line != NULL)
    {
      take_line (process, line, n);
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
  g_data_input_stream_read_line_async (process->input, G_PRIORITY_DEFAULT, process->closing, line_cb,
                                       process_ref (process));
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
  g_queue_push_tail (&process->outgoing, runner_message_format (message));
  if (!process->gone)
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

/* Spawning */

/* Duplicates fd into the child's target number. */
static gboolean
give_fd (GSubprocessLauncher *launcher, int fd, int target, GError **error)
{
  int copy = fcntl (fd, F_DUPFD_CLOEXEC, 16);
  if (copy < 0)
    {
      int code = errno;
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "No descriptor for the runner: %s",
                   g_strerror (code));
      return FALSE;
    }
  g_subprocess_launcher_take_fd (launcher, copy, target);
  return TRUE;
}

static gboolean
make_socket (int sockets[2], GError **error)
{
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == 0)
    return TRUE;
  int code = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "No socket for the runner: %s", g_strerror (code));
  return FALSE;
}

static gboolean
spawn (RunnerProcess *process, const char *program, int theirs, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  if (!give_fd (launcher, theirs, 3, error)
      || !give_fd (launcher, rec_recording_get_events_fd (process->recording), 4, error)
      || !give_fd (launcher, rec_recording_get_heap_fd (process->recording), 5, error))
    return FALSE;
  process->subprocess = g_subprocess_launcher_spawn (launcher, error, program, "--runner", NULL);
  return process->subprocess != NULL;
}

RunnerProcess *
runner_process_new (const char *program, gsize budget_nbytes, GError **error)
{
  int sockets[2];
  RunnerProcess *process = g_new0 (RunnerProcess, 1);
  process->refs = 1;
  process->closing = g_cancellable_new ();
  process->questions = question_table_new ();
  process->recording = rec_recording_new (budget_nbytes, error);
  if (process->recording == NULL || !make_socket (sockets, error))
    {
      process_unref (process);
      return NULL;
    }
  g_autoptr (GInputStream) input = g_unix_input_stream_new (sockets[0], FALSE);
  process->input = g_data_input_stream_new (input);
  process->output = g_unix_output_stream_new (sockets[0], TRUE);
  gboolean spawned = spawn (process, program, sockets[1], error);
  close (sockets[1]);
  if (!spawned)
    {
      process_unref (process);
      return NULL;
    }
  read_next (process);
  g_subprocess_wait_async (process->subprocess, NULL, exited_cb, process_ref (process));
  return process;
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
    g_subprocess_send_signal (process->subprocess, SIGKILL);
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

/* Words for the end */

static char *
describe_signal (int number)
{
  switch (number)
    {
    case SIGKILL:
      return g_strdup ("The script's process was killed from outside: most often the system does that when memory "
                       "runs out.");
    case SIGSEGV:
      return g_strdup ("The script's process crashed: segmentation fault.");
    case SIGABRT:
      return g_strdup ("The script's process crashed: aborted.");
    case SIGBUS:
      return g_strdup ("The script's process crashed: bus error.");
    case SIGFPE:
      return g_strdup ("The script's process crashed: arithmetic error.");
    case SIGILL:
      return g_strdup ("The script's process crashed: illegal instruction.");
    default:
      return g_strdup_printf ("The script's process was ended by signal %d (%s).", number, g_strsignal (number));
    }
}

char *
runner_process_dup_reason (RunnerProcess *process, int *status)
{
  *status = -1;
  if (!process->exited)
    return g_strdup ("The script's process is gone.");
  if (g_subprocess_get_if_signaled (process->subprocess))
    {
      int number = g_subprocess_get_term_sig (process->subprocess);
      *status = 128 + number;
      return describe_signal (number);
    }
  *status = g_subprocess_get_exit_status (process->subprocess);
  return g_strdup_printf ("The script called os._exit(%d).", *status);
}
