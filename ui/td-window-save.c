/* SPDX-License-Identifier: MIT
 *
 * Saving the script, and the copy of unsaved edits that survives a crash. The
 * "unsaved" dot goes only when the text on the disk is the text in the editor.
 * UI thread. */
#include "td-window-private.h"
#include "td-document.h"
#include "td-file-chooser.h"

#define AUTOSAVE_MS 1500

typedef void (*Then) (TdWindow *self);
typedef struct
{
  TdWindow *window;
  GFile *file;
  char *text;
  Then then;
} Saving;

static void write_now (Saving *saving, const char *etag);

static void
saving_free (Saving *saving)
{
  g_object_unref (saving->window);
  g_clear_object (&saving->file);
  g_free (saving->text);
  g_free (saving);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

/* The file is not what was opened: nothing is written before the user has said so. */
static void
overwrite_cb (Saving *saving, const char *response)
{
  if (g_str_equal (response, "overwrite") && saving->window->run != NULL)
    write_now (saving, NULL);
  else if (g_str_equal (response, "elsewhere") && saving->window->run != NULL)
    {
      td_window_file_save (saving->window, TRUE, saving->then);
      saving_free (saving);
    }
  else
    saving_free (saving);
}

static void
ask_to_overwrite (Saving *saving, const char *why)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (saving->window), "Replace what is there?", NULL);

  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog), "%s Saving replaces that by what you see.",
                                  why);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", "_Cancel", "elsewhere",
                                    "Save _as…", "overwrite", "_Replace", NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "overwrite",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "elsewhere");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_swapped (dialog, "response", G_CALLBACK (overwrite_cb), saving);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Saving) saving = data;
  TdWindow *self = saving->window;
  g_autoptr (GError) error = NULL;
  g_autofree char *etag = NULL;
  gboolean written = td_document_write_finish (result, &etag, &error);
  g_autofree char *now = NULL, *base = NULL, *name = NULL;
  g_autoptr (GFile) key = NULL;

  if (self->run == NULL)
    return;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG))
    {
      ask_to_overwrite (g_steal_pointer (&saving), error->message);
      return;
    }
  if (!written)
    {
      td_window_say (self, GTK_MESSAGE_ERROR, error->message, NULL);
      return;
    }
  key = td_window_file_dup_key (self);
  td_document_forget_unsaved (key);
  g_clear_pointer (&self->example, g_free);
  base = g_file_get_basename (saving->file);
  name = g_filename_display_name (base);
  td_window_file_set (self, saving->file, name);
  g_free (self->etag);
  self->etag = g_steal_pointer (&etag);
  now = td_script_view_dup_text (self->script_view);
  if (g_str_equal (now, saving->text))
    td_script_view_set_modified (self->script_view, FALSE);
  if (saving->then != NULL)
    saving->then (self);
}

/* Takes saving. */
static void
write_now (Saving *saving, const char *etag)
{
  td_document_write_async (saving->file, saving->text, etag, NULL, written_cb, saving);
}

static void
write_to (TdWindow *self, GFile *file, Then then)
{
  Saving *saving = g_new0 (Saving, 1);

  saving->window = g_object_ref (self);
  saving->file = g_object_ref (file);
  saving->text = td_script_view_dup_text (self->script_view);
  saving->then = then;
  /* Another file than the open one was chosen, and the chooser has asked about replacing it. */
  write_now (saving, self->file != NULL && g_file_equal (file, self->file) ? self->etag : NULL);
}

typedef struct { TdWindow *window; Then then; } Choosing;

static void
choosing_free (gpointer data)
{
  Choosing *choosing = data;

  g_object_unref (choosing->window);
  g_free (choosing);
}

static void
chosen_cb (GFile *file, gpointer data)
{
  Choosing *choosing = data;

  if (file != NULL && choosing->window->run != NULL)
    write_to (choosing->window, file, choosing->then);
}

void
td_window_file_save (TdWindow *self, gboolean choose, Then then)
{
  Choosing *choosing;

  if (self->file != NULL && !choose)
    {
      write_to (self, self->file, then);
      return;
    }
  choosing = g_new0 (Choosing, 1);
  choosing->window = g_object_ref (self);
  choosing->then = then;
  td_file_chooser_save (GTK_WINDOW (self), self->file, self->name, chosen_cb, choosing, choosing_free);
}

static gboolean
autosave_cb (gpointer data)
{
  TdWindow *self = data;
  g_autoptr (GFile) key = td_window_file_dup_key (self);
  g_autofree char *text = td_script_view_dup_text (self->script_view);

  self->autosave_id = 0;
  if (td_script_view_is_modified (self->script_view))
    td_document_keep_unsaved (key, text);
  else
    td_document_forget_unsaved (key);
  return G_SOURCE_REMOVE;
}

void
td_window_file_edited (TdWindow *self)
{
  g_autofree char *text = NULL;

  if (self->run == NULL)
    return;
  text = td_script_view_dup_text (self->script_view);
  td_run_edit (self->run, text);
  if (self->autosave_id == 0)
    self->autosave_id = g_timeout_add (AUTOSAVE_MS, autosave_cb, self);
}
