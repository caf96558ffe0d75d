/* SPDX-License-Identifier: MIT
 *
 * The app's keys in one place: those that act everywhere, and the single keys
 * that act only while the stage or the timeline has the focus. */
#pragma once

#include <gtk/gtk.h>

/* Space, arrows, Home, End, F, PageUp/Down, as bindings of a widget class: they activate the window's actions. */
void td_keys_add_transport_bindings (GtkWidgetClass *klass);
/* Shift+Enter in a GtkSearchEntry goes to the match before. */
void td_keys_add_search_back (GtkWidget *entry);
/* F7, F8, F5, F9, Ctrl+Enter … for the whole application. */
void td_keys_install_accels (GtkApplication *application);
