/* SPDX-License-Identifier: MIT
 *
 * A copy is a file named after the hash of the script's address and a random
 * part; the hold is a lock on it, which the system drops with its process. A text
 * is written beside, locked and moved into place: no moment without a whole copy,
 * none in which it is free. */
#include "td-unsaved.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define SUFFIX ".py"

struct _TdUnsaved
{
  char *path;
  int lock; /* the open file, -1: not written yet */
};

static char *
dup_folder (void)
{
  return g_build_filename (g_get_user_state_dir (), "tapedeck", "unsaved", NULL);
}

/* How the names of all copies of a script begin. */
static char *
dup_prefix (GFile *file)
{
  g_autofree char *uri = file != NULL ? g_file_get_uri (file) : g_strdup ("unnamed");

  return g_compute_checksum_for_string (G_CHECKSUM_SHA1, uri, -1);
}

TdUnsaved *
td_unsaved_new (GFile *file)
{
  TdUnsaved *self = g_new (TdUnsaved, 1);
  g_autofree char *folder = dup_folder ();
  g_autofree char *prefix = dup_prefix (file);
  g_autofree char *random = g_uuid_string_random ();
  g_autofree char *name = g_strconcat (prefix, "-", random, SUFFIX, NULL);

  *self = (TdUnsaved) { g_build_filename (folder, name, NULL), -1 };
  return self;
}

/* A process that is just being spawned may have a copy of the descriptor: closing ours alone would not end the hold. */
static void
let_go (int lock)
{
  if (lock < 0)
    return;
  flock (lock, LOCK_UN);
  close (lock);
}

static gboolean
write_all (int fd, const char *text, gsize length)
{
  while (length > 0)
    {
      gssize n = write (fd, text, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      text += n;
      length -= (gsize) n;
    }
  return TRUE;
}

gboolean
td_unsaved_write (TdUnsaved *self, const char *text, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *beside = g_strconcat (self->path, ".XXXXXX", NULL);
  int fd = g_mkdir_with_parents (folder, 0700) == 0 ? g_mkstemp_full (beside, O_RDWR | O_CLOEXEC, 0600) : -1;

  /* Where the file system knows no locks a copy is free for all, which loses nothing. */
  if (fd >= 0 && write_all (fd, text, strlen (text))
      && (flock (fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) && g_rename (beside, self->path) == 0)
    {
      let_go (self->lock);
      self->lock = fd;
      return TRUE;
    }
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
  if (fd >= 0)
    {
      close (fd);
      g_unlink (beside);
    }
  return FALSE;
}

/* Locks the file; −1 where it cannot be had, or is another's by now. */
static int
hold (const char *path, struct timespec *written)
{
  int fd = g_open (path, O_RDWR | O_CLOEXEC, 0);
  struct stat opened, named;

  if (fd < 0)
    return -1;
  if ((flock (fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) && fstat (fd, &opened) == 0
      && stat (path, &named) == 0 && opened.st_ino == named.st_ino)
    {
      *written = opened.st_mtim;
      return fd;
    }
  close (fd);
  return -1;
}

static gboolean
is_later (const struct timespec *a, const struct timespec *b)
{
  return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

static char *
read_text (const char *path)
{
  char *text = NULL;

  if (g_file_get_contents (path, &text, NULL, NULL) && !g_utf8_validate (text, -1, NULL))
    g_clear_pointer (&text, g_free);
  return text;
}

TdUnsaved *
td_unsaved_take (GFile *file, char **text)
{
  g_autofree char *folder = dup_folder ();
  g_autofree char *prefix = dup_prefix (file);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  struct timespec newest = { 0 };
  TdUnsaved *found = NULL;
  const char *name;

  *text = NULL;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      struct timespec written = { 0 };
      int lock = g_str_has_prefix (name, prefix) && g_str_has_suffix (name, SUFFIX) ? hold (path, &written)
                                                                                    : -1;
      char *contents = lock >= 0 && (found == NULL || is_later (&written, &newest)) ? read_text (path) : NULL;

      if (contents == NULL)
        {
          if (lock >= 0)
            close (lock);
          continue;
        }
      td_unsaved_leave (found);
      found = g_new (TdUnsaved, 1);
      *found = (TdUnsaved) { g_steal_pointer (&path), lock };
      newest = written;
      g_free (*text);
      *text = contents;
    }
  return found;
}

void
td_unsaved_leave (TdUnsaved *self)
{
  if (self == NULL)
    return;
  let_go (self->lock);
  g_free (self->path);
  g_free (self);
}

void
td_unsaved_forget (TdUnsaved *self)
{
  if (self != NULL && self->lock >= 0)
    g_unlink (self->path);
  td_unsaved_leave (self);
}
