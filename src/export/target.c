/* SPDX-License-Identifier: MIT
 *
 * See target.h. The temporary file lies in the same folder, so that renaming is
 * one step for whoever looks. */
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

struct _ExportTarget
{
  char *path, *temporary; /* temporary NULL: there is none any more */
  int fd;
};

static const struct
{
  const char *ending;
  ExportFormat format;
} endings[] = {
  { ".png", EXPORT_PNG },   { ".svg", EXPORT_SVG }, { ".pdf", EXPORT_PDF },   { ".dot", EXPORT_DOT },
  { ".webp", EXPORT_WEBP }, { ".gif", EXPORT_GIF }, { ".webm", EXPORT_WEBM }, { ".mp4", EXPORT_MP4 },
};

gboolean
export_format_for (const char *path, ExportFormat *format, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (path, -1), *shown = g_filename_display_basename (path);

  for (guint k = 0; k < G_N_ELEMENTS (endings); k++)
    if (g_str_has_suffix (lower, endings[k].ending))
      {
        *format = endings[k].format;
        return TRUE;
      }
  g_set_error (
      error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
      "“%s” names no known format. A film ends in .webp, .webm, .mp4 or .gif; a picture in .png, .svg, .pdf "
      "or .dot",
      shown);
  return FALSE;
}

gboolean
export_format_is_film (ExportFormat format)
{
  return format >= EXPORT_WEBP;
}

static gboolean
fail (GError **error, const char *path, int code)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "“%s” cannot be written: %s", shown,
               g_strerror (code));
  return FALSE;
}

ExportTarget *
export_target_new (const char *path, GError **error)
{
  g_autoptr (ExportTarget) target = g_new0 (ExportTarget, 1);
  g_autofree char *folder = g_path_get_dirname (path);

  target->fd = -1;
  target->path = g_strdup (path);
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      fail (error, path, EISDIR);
      return NULL;
    }
  target->temporary = g_build_filename (folder, ".tapedeck-XXXXXX", NULL);
  target->fd = g_mkstemp_full (target->temporary, O_RDWR | O_CLOEXEC, 0666);
  if (target->fd >= 0)
    return g_steal_pointer (&target);
  fail (error, path, errno);
  g_clear_pointer (&target->temporary, g_free);
  return NULL;
}

const char *
export_target_get_temporary (ExportTarget *target)
{
  return target->temporary;
}

gboolean
export_target_write (ExportTarget *target, gconstpointer bytes, gsize n, GError **error)
{
  const char *rest = bytes;

  while (n > 0)
    {
      gssize written = write (target->fd, rest, n);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return fail (error, target->path, written < 0 ? errno : ENOSPC);
      rest += written;
      n -= (gsize) written;
    }
  return TRUE;
}

gboolean
export_target_finish (ExportTarget *target, GError **error)
{
  int fd = g_steal_fd (&target->fd);

  if (fsync (fd) < 0 && errno != EINVAL && errno != EROFS)
    {
      int code = errno;

      close (fd);
      return fail (error, target->path, code);
    }
  if (close (fd) < 0 || rename (target->temporary, target->path) < 0)
    return fail (error, target->path, errno);
  g_clear_pointer (&target->temporary, g_free);
  return TRUE;
}

void
export_target_free (ExportTarget *target)
{
  if (target->fd >= 0)
    close (target->fd);
  if (target->temporary != NULL)
    unlink (target->temporary);
  g_free (target->temporary);
  g_free (target->path);
  g_free (target);
}
