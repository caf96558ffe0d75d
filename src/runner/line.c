/* SPDX-License-Identifier: MIT
 *
 * Commands that must not wait (stop, interrupt, pause, go, input) are obeyed on
 * the line's thread; the rest is queued for the main thread. */
#include "line.h"

#include "script/script.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct _RunnerLine
{
  int socket;
  RunnerControl *control;
  GMutex send_lock;
  RunnerLines *received;
};

/* Sending */

JsonObject *
runner_line_message (const char *what)
{
  JsonObject *message = json_object_new ();
  json_object_set_string_member (message, "is", what);
  return message;
}

gboolean
runner_line_send (RunnerLine *line, JsonObject *message)
{
  g_autoptr (GBytes) bytes = runner_message_format (message);
  gsize n;
  const char *at = g_bytes_get_data (bytes, &n);
  g_mutex_lock (&line->send_lock);
  while (n > 0)
    {
      gssize sent = send (line->socket, at, n, MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR)
        continue;
      if (sent < 0)
        break;
      at += sent;
      n -= sent;
    }
  g_mutex_unlock (&line->send_lock);
  return n == 0;
}

/* Obeying */

static void
obey (RunnerLine *line, JsonObject *message)
{
  const char *what = runner_message_get_string (message, "do");
  const char *text = runner_message_get_string (message, "line");
  if (g_strcmp0 (what, "go") == 0)
    runner_control_go (line->control, message);
  else if (g_strcmp0 (what, "pause") == 0)
    runner_control_pause (line->control);
  else if (g_strcmp0 (what, "stop") == 0)
    runner_control_stop (line->control);
  else if (g_strcmp0 (what, "interrupt") == 0)
    script_interrupt ();
  else if (g_strcmp0 (what, "input") == 0)
    runner_control_type (line->control, text);
  else
    {
      if (g_strcmp0 (what, "run") == 0)
        runner_control_go (line->control, message);
      runner_control_push (line->control, json_object_ref (message));
    }
}

static void
message_cb (JsonObject *message, gpointer data)
{
  obey (data, message);
}

static void
refuse (RunnerLine *line)
{
  JsonObject *refusal = runner_line_message ("refused");
  g_autofree char *text = g_strdup_printf ("A message of more than %u MiB was refused",
                                           RUNNER_MESSAGE_MAX_NBYTES >> 20);
  json_object_set_string_member (refusal, "error", text);
  runner_line_send (line, refusal);
}

static void
receive (RunnerLine *line)
{
  char bytes[16384];
  gssize n = read (line->socket, bytes, sizeof bytes);
  if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
    _exit (0);               /* the app is gone, and nobody waits for us */
  if (n <= 0)
    return;
  if (!runner_lines_take (line->received, bytes, (gsize) n))
    refuse (line);
}

static gpointer
line_thread (gpointer data)
{
  RunnerLine *line = data;
  for (;;)
    {
      struct pollfd fds[] = { { .fd = line->socket, .events = POLLIN } };
      if (poll (fds, G_N_ELEMENTS (fds), -1) > 0)
        receive (line);
    }
  return NULL;
}

RunnerLine *
runner_line_new (int socket, RunnerControl *control)
{
  RunnerLine *line = g_new0 (RunnerLine, 1);
  line->socket = socket;
  line->control = control;
  line->received = runner_lines_new (message_cb, line);
  g_mutex_init (&line->send_lock);
  g_thread_unref (g_thread_new ("line", line_thread, line));
  return line;
}
