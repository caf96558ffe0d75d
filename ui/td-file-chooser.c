/* SPDX-License-Identifier: MIT
 *
 * A native chooser lives until it has answered; the answer's data is freed with
 * it. UI thread. */
#include "td-file-chooser.h"

#define MAX_SETTINGS 8

typedef struct
{
  GtkFileChooserNative *native;
  TdFileChosen chosen;
  TdExportChosen export_chosen; /* instead of chosen, with the answers to settings */
  const TdSetting *settings;
  gpointer data;
  GDestroyNotify destroy;
} Choice;

static void
tell_export (Choice *choice, GFile *file)
{
  const char *answers[MAX_SETTINGS] = { NULL };

  for (guint k = 0; k < MAX_SETTINGS && choice->settings[k].id != NULL; k++)
    answers[k] = gtk_file_chooser_get_choice (GTK_FILE_CHOOSER (choice->native), choice->settings[k].id);
  choice->export_chosen (file, answers, choice->data);
}

static void
response_cb (Choice *choice, int response)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (choice->native));
  if (choice->export_chosen != NULL)
    tell_export (choice, file);
  else
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

static Choice *
choice_new (const char *title, GtkWindow *parent, GtkFileChooserAction action, const char *accept,
            gpointer data, GDestroyNotify destroy)
{
  Choice *choice = g_new0 (Choice, 1);

  choice->native = gtk_file_chooser_native_new (title, parent, action, accept, "_Cancel");
  choice->data = data;
  choice->destroy = destroy;
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (choice->native), TRUE);
  g_signal_connect_swapped (choice->native, "response", G_CALLBACK (response_cb), choice);
  return choice;
}

static GtkFileChooser *
show (const char *title, GtkWindow *parent, GtkFileChooserAction action, const char *accept,
      TdFileChosen chosen, gpointer data, GDestroyNotify destroy)
{
  Choice *choice = choice_new (title, parent, action, accept, data, destroy);

  choice->chosen = chosen;
  add_filters (GTK_FILE_CHOOSER (choice->native));
  return GTK_FILE_CHOOSER (choice->native);
}

void
td_file_chooser_open (GtkWindow *parent, GFile *folder_of, TdFileChosen chosen, gpointer data,
                      GDestroyNotify destroy)
{
  GtkFileChooser *chooser = show ("Open a Script", parent, GTK_FILE_CHOOSER_ACTION_OPEN, "_Open", chosen,
                                  data, destroy);
  g_autoptr (GFile) folder = folder_of != NULL ? g_file_get_parent (folder_of) : NULL;

  if (folder != NULL)
    gtk_file_chooser_set_current_folder (chooser, folder, NULL);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

void
td_file_chooser_save (GtkWindow *parent, GFile *current, const char *name, TdFileChosen chosen, gpointer data,
                      GDestroyNotify destroy)
{
  GtkFileChooser *chooser = show ("Save the Script", parent, GTK_FILE_CHOOSER_ACTION_SAVE, "_Save", chosen,
                                  data, destroy);

  if (current != NULL)
    gtk_file_chooser_set_file (chooser, current, NULL);
  else
    gtk_file_chooser_set_current_name (chooser, name);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
add_export_filter (GtkFileChooser *chooser, const char *const *patterns)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  g_autofree char *all = g_strjoinv (" ", (char **) patterns);

  gtk_file_filter_set_name (filter, all);
  for (; *patterns != NULL; patterns++)
    gtk_file_filter_add_pattern (filter, *patterns);
  gtk_file_chooser_add_filter (chooser, filter);
}

void
td_file_chooser_export (GtkWindow *parent, const char *title, const char *const *patterns, GFile *folder_of,
                        const char *name, const TdSetting *settings, TdExportChosen chosen, gpointer data,
                        GDestroyNotify destroy)
{
  Choice *choice = choice_new (title, parent, GTK_FILE_CHOOSER_ACTION_SAVE, "_Save", data, destroy);
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (choice->native);
  g_autoptr (GFile) folder = folder_of != NULL ? g_file_get_parent (folder_of) : NULL;

  choice->export_chosen = chosen;
  choice->settings = settings;
  add_export_filter (chooser, patterns);
  for (; settings->id != NULL; settings++)
    {
      gtk_file_chooser_add_choice (chooser, settings->id, settings->label, (const char **) settings->answers,
                                   (const char **) settings->labels);
      gtk_file_chooser_set_choice (chooser, settings->id, settings->answers[0]);
    }
  if (folder != NULL)
    gtk_file_chooser_set_current_folder (chooser, folder, NULL);
  gtk_file_chooser_set_current_name (chooser, name);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
