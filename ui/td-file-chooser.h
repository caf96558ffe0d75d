/* SPDX-License-Identifier: MIT
 *
 * Choosing a file, in one place: GTK 4.8 knows only GtkFileChooserNative. */
#pragma once

#include <gtk/gtk.h>

/* file: chosen, borrowed; NULL when the user gave up. */
typedef void (*TdFileChosen) (GFile *file, gpointer data);
void td_file_chooser_open (GtkWindow *parent, GFile *folder_of, TdFileChosen chosen, gpointer data,
                           GDestroyNotify destroy);
void td_file_chooser_save (GtkWindow *parent, GFile *current, const char *name, TdFileChosen chosen,
                           gpointer data, GDestroyNotify destroy);

/* A question beside the file's name, with a few answers: the first one stands there. Both lists end with NULL. */
typedef struct
{
  const char *id, *label;
  const char *const *answers, *const *labels;
} TdSetting;
/* answers: to the settings in order, NULL when the chooser could not show one. */
typedef void (*TdExportChosen) (GFile *file, const char *const *answers, gpointer data);
/* patterns: of the files shown, NULL-terminated; name: proposed; settings: the last has id NULL, static. */
void td_file_chooser_export (GtkWindow *parent, const char *title, const char *const *patterns,
                             GFile *folder_of, const char *name, const TdSetting *settings,
                             TdExportChosen chosen, gpointer data, GDestroyNotify destroy);
