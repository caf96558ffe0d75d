/* SPDX-License-Identifier: MIT
 *
 * The runner process: Python and the engine on the main thread, the line on its
 * own. It waits for one script, runs it statement by statement, and then stays to
 * answer questions about it until the app lets go. */
#include "server.h"

#include "insight/insight.h"
#include "line.h"
#include "script/script.h"
#include "spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SOCKET_FD = 3, EVENTS_FD, HEAP_FD, OUT_READ_FD, OUT_WRITE_FD, ERR_READ_FD, ERR_WRITE_FD };

typedef struct
{
  RunnerControl *control;
  RunnerLine *line;
  RecRecorder *recorder;
  RecRecording *recording;
} RunnerServer;

/* Questions */

static void
send_answer (RunnerServer *server, JsonObject *question, const char *text, const GError *error)
{
  JsonObject *answer = runner_line_message ("answer");
  json_object_set_int_member (answer, "id", runner_message_get_int (question, "id"));
  if (text != NULL)
    json_object_set_string_member (answer, "text", text);
  else
    json_object_set_string_member (answer, "error", error != NULL ? error->message : "No answer");
  runner_line_send (server->line, answer);
}

static void
answer_scan (RunnerServer *server, JsonObject *question)
{
  const char *source = runner_message_get_string (question, "source");
  const char *path = runner_message_get_string (question, "path");
  g_autofree char *text = source != NULL ? script_scan (source, path != NULL ? path : "script.py") : NULL;
  send_answer (server, question, text, NULL);
}

static void
answer_element (RunnerServer *server, JsonObject *question)
{
  g_autoptr (GError) error = NULL;
  rec_recorder_pause (server->recorder, TRUE);
  g_autofree char *text = insight_element (server->recording, runner_message_get_int (question, "event"),
                                           runner_message_get_int (question, "input"),
                                           runner_message_get_int (question, "index"), &error);
  rec_recorder_pause (server->recorder, FALSE);
  send_answer (server, question, text, error);
}

static void
question_cb (JsonObject *question, gpointer data)
{
  const char *what = runner_message_get_string (question, "do");
  if (g_strcmp0 (what, "scan") == 0)
    answer_scan (data, question);
  else if (g_strcmp0 (what, "element") == 0)
    answer_element (data, question);
}

/* The run */

static void
paused_cb (guint file, guint line, gint64 nr, gpointer data)
{
  RunnerServer *server = data;
  JsonObject *message = runner_line_message ("paused");
  script_flush ();
  rec_writer_flush (rec_recorder_get_writer (server->recorder));
  json_object_set_int_member (message, "file", file);
  json_object_set_int_member (message, "line", line);
  json_object_set_int_member (message, "nr", nr);
  runner_line_send (server->line, message);
}

/* Under the control's lock, before a statement. */
static guint64
count_cb (gpointer data)
{
  RunnerServer *server = data;
  script_flush ();
  return rec_recording_get_n_events (server->recording);
}

static gboolean
statement_cb (guint file, guint line, gpointer data)
{
  RunnerServer *server = data;
  return runner_control_statement (server->control, file, line);
}

static void
asks_cb (guint file, guint line, gint64 nr, gpointer data)
{
  RunnerServer *server = data;
  JsonObject *message = runner_line_message ("asks");
  json_object_set_int_member (message, "file", file);
  json_object_set_int_member (message, "line", line);
  json_object_set_int_member (message, "nr", nr);
  runner_line_send (server->line, message);
}

static ScriptInput
read_input_cb (guint file, guint line, char **text, gpointer data)
{
  RunnerServer *server = data;
  return runner_control_read (server->control, file, line, text);
}

static void
attend_cb (gpointer data)
{
  RunnerServer *server = data;
  runner_control_attend (server->control);
}

static void
enter_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  if (g_path_is_absolute (path) && chdir (folder) != 0)
    g_debug ("%s cannot be entered", folder);
}

static GStrv
take_argv (JsonObject *message)
{
  JsonArray *array = runner_message_get_array (message, "argv");
  guint n = array != NULL ? json_array_get_length (array) : 0;
  GStrv argv = g_new0 (char *, n + 1);
  guint n_taken = 0;
  for (guint k = 0; k < n; k++)
    {
      const char *argument = json_array_get_string_element (array, k);
      if (argument != NULL)
        argv[n_taken++] = g_strdup (argument);
    }
  return argv;
}

static void
run_script (RunnerServer *server, JsonObject *message)
{
  const char *path = runner_message_get_string (message, "path");
  static const int pipes[] = { OUT_READ_FD, OUT_WRITE_FD, ERR_READ_FD, ERR_WRITE_FD };
  g_auto (GStrv) argv = take_argv (message);
  ScriptRun run = { .path = path != NULL ? path : "script.py",
                    .source = runner_message_get_string (message, "source"),
                    .argc = g_strv_length (argv), .argv = argv, .recorder = server->recorder, .pipes = pipes,
                    .read_input = runner_message_get_int (message, "input") != 0 ? read_input_cb : NULL,
                    .attend = attend_cb, .statement = statement_cb, .data = server };
  enter_folder (run.path);
  script_limit_memory ();
  int status = script_run (&run);
  rec_writer_flush (rec_recorder_get_writer (server->recorder));
  JsonObject *ended = runner_line_message ("ended");
  json_object_set_int_member (ended, "status", status);
  if (!runner_line_send (server->line, ended))
    _exit (status); /* the script closed the line: only the end of this process is heard */
}

static void
serve (RunnerServer *server)
{
  gboolean has_run = FALSE, quit = FALSE;
  while (!quit)
    {
      JsonObject *message = runner_control_pop (server->control);
      const char *what = runner_message_get_string (message, "do");
      if (g_strcmp0 (what, "run") == 0 && !has_run)
        {
          has_run = TRUE;
          run_script (server, message);
        }
      else if (g_strcmp0 (what, "quit") == 0)
        quit = TRUE;
      else
        question_cb (message, server);
      json_object_unref (message);
    }
}

/* The process */

static gboolean
has_descriptors (void)
{
  struct stat facts;
  for (int fd = SOCKET_FD; fd <= ERR_WRITE_FD; fd++)
    if (fstat (fd, &facts) != 0 || fcntl (fd, F_SETFD, FD_CLOEXEC) != 0)
      return FALSE;
  return fstat (SOCKET_FD, &facts) == 0 && S_ISSOCK (facts.st_mode);
}

/* When memory runs out all the same, the system is to take this process. */
static void
volunteer_for_oom (void)
{
  int fd = open ("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return;
  if (write (fd, "800", 3) != 3)
    g_debug ("oom_score_adj is not ours to set");
  close (fd);
}

static gboolean
open_recording (RunnerServer *server, GError **error)
{
  int events = fcntl (EVENTS_FD, F_DUPFD_CLOEXEC, 6), heap = fcntl (HEAP_FD, F_DUPFD_CLOEXEC, 6);
  server->recording = rec_recording_new_for_fds (events, heap, error);
  if (server->recording == NULL)
    return FALSE;
  RecWriter *writer = rec_writer_new (EVENTS_FD, HEAP_FD, error);
  if (writer == NULL)
    return FALSE;
  server->recorder = rec_recorder_new (writer);
  return TRUE;
}

static const RunnerControlEvents control_events = { paused_cb, asks_cb, question_cb, count_cb };

int
runner_server_main (int argc, char **argv)
{
  static RunnerServer server;
  g_autoptr (GError) error = NULL;
  if (!has_descriptors ())
    {
      fputs ("tapedeck: --runner is how Tapedeck starts its own runner; it is of no use by hand\n", stderr);
      return 2;
    }
  runner_spawn_unmark ();
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  setpgid (0, 0);            /* what the script starts is ended with it */
  volunteer_for_oom ();
  server.control = runner_control_new (&control_events, &server);
  server.line = runner_line_new (SOCKET_FD, server.control);
  if (!open_recording (&server, &error) || !script_init (argc > 0 ? 1 : 0, argv, TRUE, &error))
    {
      fprintf (stderr, "tapedeck: the runner cannot start: %s\n", error->message);
      return 2;
    }
  runner_line_send (server.line, runner_line_message ("ready"));
  serve (&server);
  int status = script_finalize ();
  rec_recorder_free (server.recorder);
  rec_recording_unref (server.recording);
  return status;
}
