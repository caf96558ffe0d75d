/* SPDX-License-Identifier: MIT
 *
 * Two threads that need no GIL to watch. `watch` sees that something arrived; when
 * a pipe is half full it empties it into memory, so that C code which writes while
 * it holds the GIL never waits for a reader. Less is left in the pipe, where the
 * app finds it should this process die. `deliver` takes the GIL and collects, for
 * the time the script itself waits (for a child, say) and collects nothing. */
#include "capture.h"

#include "gil.h"
#include "output.h"
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PIPE_NBYTES (1 << 20)
#define SPILL_AT_NBYTES 30000          /* half of the smallest pipe there is */
#define PIECE_NBYTES 65536
#define MEMORY_MAX_NBYTES (16u << 20)  /* what comes on top is left out */
#define LOOK_MS 5
#define DELIVER_US 20000
#define VAIN_LOOKS_MAX 1000
#define LOOK_EACH_US 200

typedef struct
{
  int read_end, write_end, old;
  GByteArray *spilled;
  GByteArray *begun;                   /* bytes of a character not yet complete */
} Stream;

static Stream streams[2];
static gboolean is_made;
static GMutex lock;                    /* spilled, and who reads */
static gint capturing;                 /* atomic */
static GCond arrived;
static gboolean has_arrived;
static guint n_vain_looks;             /* in a row */
static gint64 looked_us;
gint script_capture_waiting;

/* Reading */

static void
take_pipe (Stream *stream, guint8 *piece)
{
  gssize n;
  while (stream->spilled->len < MEMORY_MAX_NBYTES && (n = read (stream->read_end, piece, PIECE_NBYTES)) > 0)
    g_byte_array_append (stream->spilled, piece, (guint) n);
}

static void
empty_pipe (Stream *stream, guint8 *piece)
{
  while (read (stream->read_end, piece, PIECE_NBYTES) > 0)
    ;
}

/* The watching thread: room for whoever writes. */
static void
make_room (guint8 *piece)
{
  for (guint k = 0; k < G_N_ELEMENTS (streams); k++)
    {
      int n = 0;
      if (!g_atomic_int_get (&capturing))
        empty_pipe (&streams[k], piece);
      else if (ioctl (streams[k].read_end, FIONREAD, &n) == 0 && n >= SPILL_AT_NBYTES)
        {
          g_mutex_lock (&lock);
          take_pipe (&streams[k], piece);
          if (streams[k].spilled->len >= MEMORY_MAX_NBYTES)
            empty_pipe (&streams[k], piece);
          g_mutex_unlock (&lock);
        }
    }
}

void
script_capture_nudge (void)
{
  g_mutex_lock (&lock);
  has_arrived = TRUE;
  g_cond_signal (&arrived);
  g_mutex_unlock (&lock);
}

static gpointer
watch_thread (gpointer data)
{
  guint8 *piece = g_malloc (PIECE_NBYTES);
  for (;;)
    {
      struct pollfd fds[] = { { .fd = streams[0].read_end, .events = POLLIN },
                              { .fd = streams[1].read_end, .events = POLLIN } };
      if (poll (fds, G_N_ELEMENTS (fds), -1) <= 0)
        continue;
      make_room (piece);
      if (g_atomic_int_get (&capturing))
        {
          g_atomic_int_set (&script_capture_waiting, 1);
          script_capture_nudge ();
        }
      poll (NULL, 0, LOOK_MS);
    }
  return NULL;
}

static gpointer
deliver_thread (gpointer data)
{
  for (;;)
    {
      g_mutex_lock (&lock);
      while (!has_arrived)
        g_cond_wait (&arrived, &lock);
      has_arrived = FALSE;
      g_mutex_unlock (&lock);
      gint n_written = g_atomic_int_get (&script_output_n_written);
      g_usleep (DELIVER_US);                       /* the script may come for it itself */
      gboolean has_come = n_written != g_atomic_int_get (&script_output_n_written);
      if (!g_atomic_int_get (&capturing) || (has_come && !g_atomic_int_get (&script_capture_waiting)))
        continue;
      PyGILState_STATE state = PyGILState_Ensure ();
      if (g_atomic_int_get (&capturing))
        {
          script_gil_wait_for_engine ();
          script_capture_collect ();
          script_flush ();
        }
      PyGILState_Release (state);
    }
  return NULL;
}

/* Giving */

/* Bytes at the end that begin a character whose rest has not come. */
static gsize
incomplete_tail (const char *bytes, gsize n)
{
  for (gsize back = 1; back <= MIN (n, 3); back++)
    {
      guchar c = (guchar) bytes[n - back];
      if ((c & 0xc0) == 0x80)
        continue;
      gsize length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
      return length > back ? back : 0;
    }
  return 0;
}

static void
give (guint k, GByteArray *taken, gboolean is_last)
{
  Stream *stream = &streams[k];
  g_byte_array_prepend (taken, stream->begun->data, stream->begun->len);
  g_byte_array_set_size (stream->begun, 0);
  gsize tail = is_last ? 0 : incomplete_tail ((const char *) taken->data, taken->len);
  g_byte_array_append (stream->begun, taken->data + taken->len - tail, (guint) tail);
  g_byte_array_set_size (taken, taken->len - (guint) tail);
  if (taken->len == 0)
    return;
  g_autofree char *valid = g_utf8_make_valid ((const char *) taken->data, taken->len);
  script_output_gather (k == 1, valid, strlen (valid));
}

static void
collect (gboolean is_last)
{
  guint8 *piece = g_malloc (PIECE_NBYTES);
  GByteArray *taken[2];
  g_mutex_lock (&lock);
  g_atomic_int_set (&script_capture_waiting, 0);
  for (guint k = 0; k < G_N_ELEMENTS (streams); k++)
    {
      take_pipe (&streams[k], piece);
      taken[k] = streams[k].spilled;
      streams[k].spilled = g_byte_array_new ();
    }
  g_mutex_unlock (&lock);
  for (guint k = 0; k < G_N_ELEMENTS (streams); k++)
    {
      if (taken[k]->len > 0 || is_last)
        give (k, taken[k], is_last);
      g_byte_array_unref (taken[k]);
    }
  g_free (piece);
}

/* A script that prints much and has nothing else written is not asked each time:
 * then a look each LOOK_EACH_US is enough, besides what the watching thread sees. */
static gboolean
is_worth_a_look (void)
{
  if (g_atomic_int_get (&script_capture_waiting))
    n_vain_looks = 0;
  if (n_vain_looks < VAIN_LOOKS_MAX)
    return TRUE;
  gint64 now_us = g_get_monotonic_time ();
  if (now_us - looked_us < LOOK_EACH_US)
    return FALSE;
  looked_us = now_us;
  return TRUE;
}

void
script_capture_collect (void)
{
  if (!g_atomic_int_get (&capturing) || !is_worth_a_look ())
    return;
  struct pollfd fds[] = { { .fd = streams[0].read_end, .events = POLLIN },
                          { .fd = streams[1].read_end, .events = POLLIN } };
  if (poll (fds, G_N_ELEMENTS (fds), 0) > 0 || g_atomic_int_get (&script_capture_waiting))
    {
      n_vain_looks = 0;
      collect (FALSE);
    }
  else
    n_vain_looks++;
}

/* Beginning and end */

static gboolean
make_pipes (const int *fds)
{
  int own[4] = { -1, -1, -1, -1 };
  for (guint k = 0; fds == NULL && k < 4; k += 2)
    {
      if (pipe2 (own + k, O_CLOEXEC) != 0 || fcntl (own[k], F_SETFL, O_NONBLOCK) != 0)
        return FALSE;
      fcntl (own[k], F_SETPIPE_SZ, PIPE_NBYTES);
    }
  if (fds == NULL)
    fds = own;
  for (guint k = 0; k < G_N_ELEMENTS (streams); k++)
    streams[k] = (Stream){ .read_end = fds[2 * k], .write_end = fds[2 * k + 1], .old = -1,
                           .spilled = g_byte_array_new (), .begun = g_byte_array_new () };
  return TRUE;
}

static gboolean
redirect (Stream *stream, int fd)
{
  stream->old = fcntl (fd, F_DUPFD_CLOEXEC, 10);
  return stream->old >= 0 && dup2 (stream->write_end, fd) == fd;
}

static void
restore (Stream *stream, int fd)
{
  if (stream->old >= 0)
    {
      dup2 (stream->old, fd);
      close (stream->old);
    }
  stream->old = -1;
}

gboolean
script_capture_start (const int *fds)
{
  gboolean is_first = !is_made;
  if (!is_made && !(is_made = make_pipes (fds)))
    return PyErr_SetFromErrno (PyExc_OSError) != NULL;
  fflush (stdout);
  setvbuf (stdout, NULL, _IOLBF, BUFSIZ);          /* C code's lines come as they are written */
  if (!redirect (&streams[0], 1) || !redirect (&streams[1], 2))
    {
      PyErr_SetFromErrno (PyExc_OSError);
      restore (&streams[0], 1);
      restore (&streams[1], 2);
      return FALSE;
    }
  g_atomic_int_set (&capturing, 1);
  if (is_first)
    {
      g_thread_unref (g_thread_new ("watch-output", watch_thread, NULL));
      g_thread_unref (g_thread_new ("deliver-output", deliver_thread, NULL));
    }
  return TRUE;
}

void
script_capture_finish (void)
{
  if (!g_atomic_int_get (&capturing))
    return;
  fflush (stdout);
  collect (TRUE);
  g_atomic_int_set (&capturing, 0);
  restore (&streams[0], 1);
  restore (&streams[1], 2);
}

void
script_capture_forget (void)
{
  g_atomic_int_set (&capturing, 0);
}
