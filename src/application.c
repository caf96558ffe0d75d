/* SPDX-License-Identifier: MIT
 *
 * Starts windows: with no file the demo, not yet run; with files one window each.
 * The runner is this same binary (`--runner`). UI thread. */
#include "application.h"

#include "ui/td-keys.h"
#include "ui/td-state.h"
#include "ui/td-theme.h"
#include "ui/td-window.h"

struct _TdApplication { AdwApplication parent_instance; };
G_DEFINE_FINAL_TYPE (TdApplication, td_application, ADW_TYPE_APPLICATION)

#define DEMO "dynamic_graph.py"

static void
td_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL)
    {
      window = GTK_WINDOW (td_window_new (GTK_APPLICATION (application), NULL));
      td_window_open_example (TD_WINDOW (window), DEMO);
    }
  gtk_window_present (window);
}

static void
td_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int k = 0; k < n_files; k++)
    {
      GtkWindow *active = gtk_application_get_active_window (GTK_APPLICATION (application));
      gboolean reuse = k == 0 && TD_IS_WINDOW (active) && td_window_is_pristine (TD_WINDOW (active));
      TdWindow *window = reuse ? TD_WINDOW (active) : td_window_new (GTK_APPLICATION (application), NULL);

      if (!reuse)
        td_window_open_example (window, DEMO);
      td_window_open (window, files[k]);
      gtk_window_present (GTK_WINDOW (window));
    }
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (data)),
                         "application-name", "Tapedeck",
                         "version", TAPEDECK_VERSION,
                         "comments", "Shows a neural network being computed: the graph of each forward pass, and the "
                                     "gradients moving back through it, step by step.",
                         "license-type", GTK_LICENSE_MIT_X11,
                         NULL);
}

/* Each window asks about its own unsaved text; the last one to close ends the app. */
static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (data)));

  for (GList *item = windows; item != NULL; item = item->next)
    gtk_window_close (item->data);
}

static void
theme_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const char *choice = g_variant_get_string (parameter, NULL);

  g_simple_action_set_state (action, parameter);
  td_theme_set_choice (choice);
  td_state_set_theme (choice);
}

static void
td_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = { { "about", about_cb }, { "quit", quit_cb } };
  g_autofree char *theme = td_state_dup_theme ();
  g_autoptr (GSimpleAction) action = g_simple_action_new_stateful ("theme", G_VARIANT_TYPE_STRING, g_variant_new_string (theme));

  G_APPLICATION_CLASS (td_application_parent_class)->startup (application);
  gtk_window_set_default_icon_name ("org.tapedeck.Tapedeck");
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries), application);
  g_signal_connect (action, "activate", G_CALLBACK (theme_cb), application);
  g_action_map_add_action (G_ACTION_MAP (application), G_ACTION (action));
  td_keys_install_accels (GTK_APPLICATION (application));
  td_theme_set_choice (theme);
}

static void
td_application_class_init (TdApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->activate = td_application_activate;
  application_class->open = td_application_open;
  application_class->startup = td_application_startup;
}

static void
td_application_init (TdApplication *self)
{
}

TdApplication *
td_application_new (void)
{
  return g_object_new (TD_TYPE_APPLICATION, "application-id", "org.tapedeck.Tapedeck", "flags",
                       G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE,
                       "resource-base-path", "/org/tapedeck/Tapedeck", NULL);
}
