/* SPDX-License-Identifier: MIT
 *
 * A native chooser lives until it has answered; the answer's data is freed with
 * it. UI thread. */
#include "td-file-chooser.h"

typedef struct { GtkFileChooserNative *native; TdFileChosen chosen; gpointer data; GDestroyNotify destroy; } Choice;

static void
response_cb (Choice *choice, int response)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (choice->native));
  choice->chosen (file, choice->data);
  if (choice->destroy != NULL)
    choice->destroy (choice->data);
  g_object_unref (choice->native);
  g_free (choice);
}

static void
add_filters (GtkFileChooser *chooser)
{
  g_autoptr (GtkFileFilter) scripts = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (scripts, "Python scripts");
  gtk_file_filter_add_pattern (scripts, "*.py");
  gtk_file_filter_set_name (all, "All files");
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (chooser, scripts);
  gtk_file_chooser_add_filter (chooser, all);
}

static GtkFileChooser *
show (const char *title, GtkWindow *parent, GtkFileChooserAction action, const char *accept, TdFileChosen chosen,
      gpointer data, GDestroyNotify destroy)
{
  Choice *choice = g_new0 (Choice, 1);

  choice->native = gtk_file_chooser_native_new (title, parent, action, accept, "_Cancel");
  choice->chosen = chosen;
  choice->data = data;
  choice->destroy = destroy;
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (choice->native), TRUE);
  add_filters (GTK_FILE_CHOOSER (choice->native));
  g_signal_connect_swapped (choice->native, "response", G_CALLBACK (response_cb), choice);
  return GTK_FILE_CHOOSER (choice->native);
}

void
td_file_chooser_open (GtkWindow *parent, GFile *folder_of, TdFileChosen chosen, gpointer data, GDestroyNotify destroy)
{
  GtkFileChooser *chooser = show ("Open a Script", parent, GTK_FILE_CHOOSER_ACTION_OPEN, "_Open", chosen, data, destroy);
  g_autoptr (GFile) folder = folder_of != NULL ? g_file_get_parent (folder_of) : NULL;

  if (folder != NULL)
    gtk_file_chooser_set_current_folder (chooser, folder, NULL);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

void
td_file_chooser_save (GtkWindow *parent, GFile *current, const char *name, TdFileChosen chosen, gpointer data,
                      GDestroyNotify destroy)
{
  GtkFileChooser *chooser = show ("Save the Script", parent, GTK_FILE_CHOOSER_ACTION_SAVE, "_Save", chosen, data, destroy);

  if (current != NULL)
    gtk_file_chooser_set_file (chooser, current, NULL);
  else
    gtk_file_chooser_set_current_name (chooser, name);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
