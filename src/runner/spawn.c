/* SPDX-License-Identifier: MIT
 *
 * The runner as a child process: descriptors 3 socket, 4 and 5 the recording, 6 to
 * 9 the two ends each of the pipes that become the script's standard output and
 * standard error. It leads a process group of its own, so that a kill also ends
 * what the script has started. */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define PIPE_NBYTES (1 << 20)

/* Pipes */

static gboolean
fail (const char *what, GError **error)
{
  int code = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "No %s for the runner: %s", what, g_strerror (code));
  return FALSE;
}

gboolean
runner_pipes_open (RunnerPipes *pipes, GError **error)
{
  *pipes = RUNNER_PIPES_NONE;
  for (guint k = 0; k < 4; k += 2)
    {
      if (pipe2 (pipes->fds + k, O_CLOEXEC) != 0)
        return fail ("pipe", error);
      fcntl (pipes->fds[k], F_SETPIPE_SZ, PIPE_NBYTES);      /* else the system's size: only slower */
      if (fcntl (pipes->fds[k], F_SETFL, O_NONBLOCK) != 0)
        return fail ("pipe", error);
    }
  return TRUE;
}

static void
close_one (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

void
runner_pipes_close_write_ends (RunnerPipes *pipes)
{
  close_one (&pipes->fds[1]);
  close_one (&pipes->fds[3]);
}

void
runner_pipes_close (RunnerPipes *pipes)
{
  for (guint k = 0; k < G_N_ELEMENTS (pipes->fds); k++)
    close_one (&pipes->fds[k]);
}

GBytes *
runner_pipes_take (RunnerPipes *pipes, gboolean is_stderr, gsize max_nbytes)
{
  GByteArray *bytes = g_byte_array_new ();
  guint8 piece[16384];
  gssize n;
  while (bytes->len < max_nbytes && (n = read (pipes->fds[is_stderr ? 2 : 0], piece, sizeof piece)) > 0)
    g_byte_array_append (bytes, piece, (guint) n);
  return g_byte_array_free_to_bytes (bytes);
}

/* Spawning */

/* Duplicates fd into the child's target number. */
static gboolean
give_fd (GSubprocessLauncher *launcher, int fd, int target, GError **error)
{
  int copy = fcntl (fd, F_DUPFD_CLOEXEC, 16);
  if (copy < 0)
    return fail ("descriptor", error);
  g_subprocess_launcher_take_fd (launcher, copy, target);
  return TRUE;
}

/* Note: no runner from a runner. A program that is started as a runner, is none, and
 * uses this room's client would start itself again and again, each start another. So
 * a runner is started with a mark in its environment, and whoever bears the mark is
 * refused here. The server takes it off before the script begins: what a script
 * starts of its own is nobody's runner. */
#define MARK "TAPEDECK_RUNNER"

void
runner_spawn_unmark (void)
{
  g_unsetenv (MARK);
}

static gboolean
may_spawn (GError **error)
{
  if (g_getenv (MARK) == NULL)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
               "A runner may not start another runner: this program was started as one (%s is set in its environment)",
               MARK);
  return FALSE;
}

GSubprocess *
runner_spawn (const char *program, RecRecording *recording, int socket, const RunnerPipes *pipes, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  const int fds[] = { socket, rec_recording_get_events_fd (recording), rec_recording_get_heap_fd (recording),
                      pipes->fds[0], pipes->fds[1], pipes->fds[2], pipes->fds[3] };
  if (!may_spawn (error))
    return NULL;
  g_subprocess_launcher_setenv (launcher, MARK, "1", TRUE);
  for (guint k = 0; k < G_N_ELEMENTS (fds); k++)
    if (!give_fd (launcher, fds[k], 3 + (int) k, error))
      return NULL;
  return g_subprocess_launcher_spawn (launcher, error, program, "--runner", NULL);
}

void
runner_spawn_kill (GSubprocess *subprocess)
{
  const char *pid = g_subprocess_get_identifier (subprocess);   /* NULL once it was waited for */
  if (pid != NULL)
    kill (-atoi (pid), SIGKILL);                                /* too early for its group: no such group */
  g_subprocess_send_signal (subprocess, SIGKILL);
}

void
runner_spawn_get_death (GSubprocess *subprocess, RunnerDeath *death)
{
  if (g_subprocess_get_if_signaled (subprocess))
    death->signal = g_subprocess_get_term_sig (subprocess);
  else
    death->status = g_subprocess_get_exit_status (subprocess);
}
