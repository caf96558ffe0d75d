/* SPDX-License-Identifier: MIT
 *
 * Reading refuses what is no script before a byte of it reaches the editor, so the
 * current text is kept. */
#include "td-document.h"

#include <string.h>

#define ETAG "td-etag"

static char *
display_name (GFile *file)
{
  g_autofree char *base = g_file_get_basename (file);

  return g_filename_display_name (base);
}

static gboolean
check_info (GFile *file, const char *name, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                                                  G_FILE_QUERY_INFO_NONE, NULL, &cause);
  GFileType type;

  if (info == NULL)
    {
      if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no file “%s”.", name);
      else
        g_set_error (error, G_IO_ERROR, cause->code, "“%s” cannot be opened: %s", name, cause->message);
      return FALSE;
    }
  type = g_file_info_get_file_type (info);
  if (type == G_FILE_TYPE_DIRECTORY)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, "“%s” is a folder, not a script.", name);
  else if (type != G_FILE_TYPE_REGULAR)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "“%s” is not a plain file.", name);
  else if (g_file_info_get_size (info) > TD_DOCUMENT_NBYTES_MAX)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "“%s” is bigger than %u MB: that is no script.", name,
                 TD_DOCUMENT_NBYTES_MAX / 1024 / 1024);
  else
    return TRUE;
  return FALSE;
}

static char *
read_text (GFile *file, char **etag, GError **error)
{
  g_autofree char *name = display_name (file);
  g_autofree char *contents = NULL;
  g_autoptr (GError) cause = NULL;
  gsize length = 0;
  const char *end;

  if (!check_info (file, name, error))
    return NULL;
  if (!g_file_load_contents (file, NULL, &contents, &length, etag, &cause))
    {
      g_set_error (error, G_IO_ERROR, cause->code, "“%s” cannot be read: %s", name, cause->message);
      return NULL;
    }
  if (memchr (contents, '\0', length) != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "“%s” is a binary file, not a script.", name);
      return NULL;
    }
  if (!g_utf8_validate (contents, (gssize) length, &end))
    {
      guint line = 1;

      for (const char *p = contents; p < end; p++)
        line += *p == '\n';
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "“%s” is not UTF-8 text (line %u holds a byte that is none). Save it as UTF-8 and open it again.",
                   name, line);
      return NULL;
    }
  return g_strdup (g_str_has_prefix (contents, "\xef\xbb\xbf") ? contents + 3 : contents);
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  char *etag = NULL, *text = read_text (data, &etag, &error);

  g_object_set_data_full (G_OBJECT (task), ETAG, etag, g_free);
  if (text != NULL)
    g_task_return_pointer (task, text, g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
td_document_read_async (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, td_document_read_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, read_thread);
}

char *
td_document_read_finish (GAsyncResult *result, char **etag, GError **error)
{
  *etag = g_object_steal_data (G_OBJECT (result), ETAG);
  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  GFile *file;
  char *text, *etag;
} WriteJob;

static void
write_job_free (WriteJob *job)
{
  g_object_unref (job->file);
  g_free (job->text);
  g_free (job->etag);
  g_free (job);
}

static void
write_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  WriteJob *job = data;
  g_autoptr (GError) error = NULL;
  char *etag = NULL;

  if (g_file_replace_contents (job->file, job->text, strlen (job->text), job->etag, FALSE, G_FILE_CREATE_NONE,
                               &etag, cancellable, &error))
    {
      g_object_set_data_full (G_OBJECT (task), ETAG, etag, g_free);
      g_task_return_boolean (task, TRUE);
    }
  else
    {
      g_autofree char *name = display_name (job->file);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG))
        g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG,
                                 "“%s” was changed by another program since it was opened here.", name);
      else
        g_task_return_new_error (task, G_IO_ERROR, error->code, "“%s” could not be saved: %s", name,
                                 error->message);
    }
}

void
td_document_write_async (GFile *file, const char *text, const char *etag, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  WriteJob *job = g_new0 (WriteJob, 1);

  job->file = g_object_ref (file);
  job->text = g_strdup (text);
  job->etag = g_strdup (etag);
  g_task_set_source_tag (task, td_document_write_async);
  g_task_set_task_data (task, job, (GDestroyNotify) write_job_free);
  g_task_run_in_thread (task, write_thread);
}

gboolean
td_document_write_finish (GAsyncResult *result, char **etag, GError **error)
{
  *etag = g_object_steal_data (G_OBJECT (result), ETAG);
  return g_task_propagate_boolean (G_TASK (result), error);
}
