/* SPDX-License-Identifier: MIT
 *
 * Choosing a file, in one place: GTK 4.8 knows only GtkFileChooserNative. */
#pragma once

#include <gtk/gtk.h>

/* file: chosen, borrowed; NULL when the user gave up. */
typedef void (*TdFileChosen) (GFile *file, gpointer data);
void td_file_chooser_open (GtkWindow *parent, GFile *folder_of, TdFileChosen chosen, gpointer data, GDestroyNotify destroy);
void td_file_chooser_save (GtkWindow *parent, GFile *current, const char *name, TdFileChosen chosen, gpointer data,
                           GDestroyNotify destroy);
