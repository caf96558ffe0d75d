/* SPDX-License-Identifier: MIT
 *
 * Saving the script. Writes go one after the other, each with the text there was
 * when it was asked for. The "unsaved" dot goes only when the text on the disk is
 * the text in the editor. UI thread. */
#include "td-window-private.h"
#include "td-document.h"
#include "td-file-chooser.h"

typedef void (*Done) (TdWindow *self, gboolean saved);
typedef struct
{
  TdWindow *window;
  guint script; /* which of the window's this is */
  GFile *file;  /* NULL: the script's own when its turn comes */
  char *text;
  Done done;
} Saving;

static void write_now (Saving *saving, const char *etag);
static void write_next (TdWindow *self);

static void
saving_free (Saving *saving)
{
  g_object_unref (saving->window);
  g_clear_object (&saving->file);
  g_free (saving->text);
  g_free (saving);
}

/* Takes saving. */
static void
end (Saving *saving, gboolean saved)
{
  g_autoptr (TdWindow) self = g_object_ref (saving->window);
  Done done = saving->done;

  saving_free (saving);
  self->saving = FALSE;
  if (self->run == NULL)
    return;
  if (done != NULL)
    done (self, saved);
  write_next (self);
}

/* The file is not what was opened: nothing is written before the user has said so. */
static void
overwrite_cb (Saving *saving, const char *response)
{
  if (g_str_equal (response, "overwrite") && saving->window->run != NULL)
    write_now (saving, NULL);
  else if (g_str_equal (response, "elsewhere") && saving->window->run != NULL)
    {
      td_window_file_save (saving->window, TRUE, g_steal_pointer (&saving->done));
      end (saving, FALSE);
    }
  else
    end (saving, FALSE);
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

/* The script is what is in this file now. */
static void
settle (Saving *saving, char *etag)
{
  TdWindow *self = saving->window;
  g_autofree char *now = td_script_view_dup_text (self->script_view);
  g_autofree char *base = g_file_get_basename (saving->file);
  g_autofree char *name = g_filename_display_name (base);

  g_clear_pointer (&self->example, g_free);
  td_window_file_set (self, saving->file, name);
  g_free (self->etag);
  self->etag = g_strdup (etag);
  td_script_view_set_modified (self->script_view, !g_str_equal (now, saving->text));
  td_window_recovery_saved (self);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Saving *saving = data;
  TdWindow *self = saving->window;
  g_autoptr (GError) error = NULL;
  g_autofree char *etag = NULL;
  gboolean written = td_document_write_finish (result, &etag, &error);

  if (self->run != NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG))
    {
      ask_to_overwrite (saving, error->message);
      return;
    }
  if (self->run != NULL && !written)
    td_window_say (self, GTK_MESSAGE_ERROR, error->message);
  else if (self->run != NULL && saving->script == self->script)
    settle (saving, etag);
  end (saving, written);
}

/* Takes saving. */
static void
write_now (Saving *saving, const char *etag)
{
  td_document_write_async (saving->file, saving->text, etag, NULL, written_cb, saving);
}

static void
write_next (TdWindow *self)
{
  Saving *saving = self->saving ? NULL : g_queue_pop_head (&self->saves);

  if (saving == NULL)
    return;
  self->saving = TRUE;
  if (saving->file == NULL && self->file != NULL && saving->script == self->script)
    saving->file = g_object_ref (self->file);
  if (saving->file == NULL)
    {
      /* It was to go where the save before it went, which failed. */
      end (saving, FALSE);
      return;
    }
  /* Where another file than the open one was chosen, the chooser has asked about replacing it. */
  write_now (saving, self->file != NULL && g_file_equal (saving->file, self->file) ? self->etag : NULL);
}

static void
write_to (TdWindow *self, GFile *file, Done done)
{
  Saving *last = g_queue_peek_tail (&self->saves), *saving;

  if (last != NULL && last->file == NULL && file == NULL && last->done == NULL
      && last->script == self->script)
    saving_free (g_queue_pop_tail (&self->saves)); /* this one comes right after it, with a newer text */
  saving = g_new0 (Saving, 1);
  saving->window = g_object_ref (self);
  saving->script = self->script;
  saving->file = file != NULL ? g_object_ref (file) : NULL;
  saving->text = td_script_view_dup_text (self->script_view);
  saving->done = done;
  g_queue_push_tail (&self->saves, saving);
  write_next (self);
}

typedef struct
{
  TdWindow *window;
  Done done;
} Choosing;

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

  if (choosing->window->run == NULL)
    return;
  if (file != NULL)
    write_to (choosing->window, file, choosing->done);
  else if (choosing->done != NULL)
    choosing->done (choosing->window, FALSE);
}

void
td_window_file_save (TdWindow *self, gboolean choose, Done done)
{
  Choosing *choosing;

  if ((self->file != NULL || self->saving) && !choose)
    {
      write_to (self, NULL, done);
      return;
    }
  choosing = g_new0 (Choosing, 1);
  choosing->window = g_object_ref (self);
  choosing->done = done;
  td_file_chooser_save (GTK_WINDOW (self), self->file, self->name, chosen_cb, choosing, choosing_free);
}

void
td_window_save_clear (TdWindow *self)
{
  g_queue_clear_full (&self->saves, (GDestroyNotify) saving_free);
}
