/* SPDX-License-Identifier: MIT
 *
 * See helper.h. The line is a socket pair: each message is its length (guint32)
 * and its bytes. Helpers at rest wait in a list for the next job. One that is
 * left alone by a dying app ends by itself: its line closes, or its alarm rings. */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ARGUMENT "--layout"
#define LEAST_SLOTS 90           /* fewer are done before a message could be there and back */
#define MERCY_US 200000          /* a cancelled job that is nearly done may end: a helper is dearer than that */
#define POLL_MS 40
#define AFTER_LIMIT_S 2          /* its own alarm rings, should nobody be left to kill it */
#define MOST_NBYTES (256u << 20)

typedef struct { GSubprocess *process; int line; } Helper;

static GMutex lock;              /* of the three below */
static char *program;
static guint limit_s = LAYOUT_LIMIT_S;
static GPtrArray *resting;       /* Helper */

static void
helper_free (Helper *helper)
{
  close (helper->line);
  if (helper->process != NULL)
    g_subprocess_force_exit (helper->process);
  g_clear_object (&helper->process);
  g_free (helper);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Helper, helper_free)

void
layout_set_helper (const char *path, guint seconds)
{
  g_mutex_lock (&lock);
  g_free (program);
  program = g_strdup (path);
  limit_s = seconds;
  if (resting == NULL)
    resting = g_ptr_array_new_with_free_func ((GDestroyNotify) helper_free);
  g_ptr_array_set_size (resting, 0);
  g_mutex_unlock (&lock);
}

guint
layout_get_limit (void)
{
  guint seconds;

  g_mutex_lock (&lock);
  seconds = limit_s;
  g_mutex_unlock (&lock);
  return seconds;
}

gboolean
layout_helper_is_for (const LayoutInput *input)
{
  gboolean is_there;

  g_mutex_lock (&lock);
  is_there = program != NULL;
  g_mutex_unlock (&lock);
  return is_there && input->n_nodes + input->n_edges >= LEAST_SLOTS;
}

static Helper *
start_helper (const char *path, guint limit, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                                                        G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autofree char *seconds = g_strdup_printf ("%u", limit + AFTER_LIMIT_S);
  Helper *helper;
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    {
      g_set_error (error, LAYOUT_ERROR, LAYOUT_ERROR_FAILED, "No line to a layout process: %s", g_strerror (errno));
      return NULL;
    }
  fcntl (ends[0], F_SETFL, O_NONBLOCK);
  helper = g_new0 (Helper, 1);
  helper->line = ends[0];
  g_subprocess_launcher_take_stdin_fd (launcher, ends[1]);
  helper->process = g_subprocess_launcher_spawn (launcher, error, path, ARGUMENT, seconds, NULL);
  if (helper->process == NULL)
    g_clear_pointer (&helper, helper_free);
  return helper;
}

/* Nothing may come from one at rest but its end. */
static gboolean
is_alive (const Helper *helper)
{
  struct pollfd wait = { helper->line, POLLIN, 0 };
  return poll (&wait, 1, 0) == 0;
}

static Helper *
take_helper (guint *seconds, GError **error)
{
  g_autofree char *path = NULL;
  Helper *helper = NULL;

  g_mutex_lock (&lock);
  path = g_strdup (program);
  *seconds = limit_s;
  while (helper == NULL && resting->len > 0)
    {
      helper = g_ptr_array_steal_index_fast (resting, resting->len - 1);
      if (!is_alive (helper))
        g_clear_pointer (&helper, helper_free);
    }
  g_mutex_unlock (&lock);
  return helper != NULL ? helper : start_helper (path, *seconds, error);
}

static void
give_back (Helper *helper)
{
  g_mutex_lock (&lock);
  g_ptr_array_add (resting, helper);
  g_mutex_unlock (&lock);
}

/* One job on its way: when it began, and what may end it early. */
typedef struct
{
  int line;
  guint seconds, n_items;
  gint64 begin_us;
  GCancellable *cancellable;
} Trip;

static gboolean
may_go_on (const Trip *trip, GError **error)
{
  gint64 spent = g_get_monotonic_time () - trip->begin_us;

  if (spent > MERCY_US && g_cancellable_set_error_if_cancelled (trip->cancellable, error))
    return FALSE;
  if (spent <= (gint64) trip->seconds * G_USEC_PER_SEC)
    return TRUE;
  g_set_error (error, LAYOUT_ERROR, LAYOUT_ERROR_TOO_SLOW,
               "finding places for its %u boxes and operations takes longer than %u seconds", trip->n_items,
               trip->seconds);
  return FALSE;
}

/* Writes or reads all n bytes. */
static gboolean
move_bytes (const Trip *trip, gboolean out, guint8 *bytes, gsize n, GError **error)
{
  while (n > 0)
    {
      struct pollfd wait = { trip->line, out ? POLLOUT : POLLIN, 0 };
      gssize moved;

      if (!may_go_on (trip, error))
        return FALSE;
      if (poll (&wait, 1, POLL_MS) <= 0)
        continue;
      moved = out ? send (trip->line, bytes, n, MSG_NOSIGNAL) : recv (trip->line, bytes, n, 0);
      if (moved < 0 && (errno == EAGAIN || errno == EINTR))
        continue;
      if (moved <= 0)
        {
          g_set_error (error, LAYOUT_ERROR, LAYOUT_ERROR_FAILED, "the process that lays it out has ended");
          return FALSE;
        }
      bytes += moved;
      n -= (gsize) moved;
    }
  return TRUE;
}

static GByteArray *
exchange (const Trip *trip, const GByteArray *job, GError **error)
{
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  guint32 length = job->len;

  if (!move_bytes (trip, TRUE, (guint8 *) &length, sizeof length, error)
      || !move_bytes (trip, TRUE, job->data, job->len, error)
      || !move_bytes (trip, FALSE, (guint8 *) &length, sizeof length, error))
    return NULL;
  if (length > MOST_NBYTES)
    {
      g_set_error (error, LAYOUT_ERROR, LAYOUT_ERROR_FAILED, "the process that lays it out answered nonsense");
      return NULL;
    }
  g_byte_array_set_size (answer, length);
  if (!move_bytes (trip, FALSE, answer->data, length, error))
    return NULL;
  return g_steal_pointer (&answer);
}

LayoutPlaces *
layout_helper_run (const LayoutInput *input, GPtrArray *order, GCancellable *cancellable, GError **error)
{
  Trip trip = { .n_items = input->n_items, .begin_us = g_get_monotonic_time (), .cancellable = cancellable };
  g_autoptr (GByteArray) job = layout_parcel_pack_job (input, order);
  g_autoptr (GByteArray) answer = NULL;
  g_autoptr (Helper) helper = take_helper (&trip.seconds, error);
  LayoutPlaces *places;

  if (helper == NULL)
    return NULL;
  trip.line = helper->line;
  answer = exchange (&trip, job, error);
  if (answer == NULL)
    return NULL;   /* and the helper is killed */
  places = layout_parcel_unpack_places (input, answer);
  if (places == NULL)
    g_set_error (error, LAYOUT_ERROR, LAYOUT_ERROR_FAILED, "Graphviz dot found no places for its %u boxes and operations",
                 input->n_nodes);
  give_back (g_steal_pointer (&helper));
  return places;
}

/* The helper's side: blocking, its line is its standard input. */

static gboolean
move_all (gboolean out, gpointer data, gsize n)
{
  guint8 *bytes = data;

  while (n > 0)
    {
      gssize moved = out ? send (STDIN_FILENO, bytes, n, MSG_NOSIGNAL) : recv (STDIN_FILENO, bytes, n, 0);
      if (moved < 0 && errno == EINTR)
        continue;
      if (moved <= 0)
        return FALSE;
      bytes += moved;
      n -= (gsize) moved;
    }
  return TRUE;
}

static gboolean
answer_one (guint seconds)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new (), answer = NULL;
  g_autoptr (LayoutInput) input = NULL;
  g_autoptr (GPtrArray) order = NULL;
  g_autoptr (LayoutPlaces) places = NULL;
  guint32 length;

  if (!move_all (FALSE, &length, sizeof length) || length > MOST_NBYTES)
    return FALSE;
  g_byte_array_set_size (bytes, length);
  if (!move_all (FALSE, bytes->data, length) || !layout_parcel_unpack_job (bytes, &input, &order))
    return FALSE;
  alarm (seconds);
  places = layout_dot (input, order, NULL);
  alarm (0);
  answer = layout_parcel_pack_places (input, places);
  length = answer->len;
  return move_all (TRUE, &length, sizeof length) && move_all (TRUE, answer->data, answer->len);
}

int
layout_helper_main (int argc, char **argv)
{
  guint64 seconds = LAYOUT_LIMIT_S;

  if (argc > 2)
    g_ascii_string_to_unsigned (argv[2], 10, 1, 3600, &seconds, NULL);
  signal (SIGALRM, SIG_DFL);
  while (answer_one ((guint) seconds))
    continue;
  return 0;
}
