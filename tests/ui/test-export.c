/* SPDX-License-Identifier: MIT
 *
 * Saving films and pictures from the real window: through the chooser and without
 * it, cancelled and refused, while the window goes on. */
#include "ui-test.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  TdWindow *window;
  char *folder;
} Saving;

static Player *
player_of (TdWindow *window)
{
  return td_run_get_player (td_window_get_run (window));
}

static void
set_up (Saving *saving, gconstpointer data)
{
  saving->folder = g_dir_make_tmp ("tapedeck-ui-XXXXXX", NULL);
  g_assert_nonnull (saving->folder);
  saving->window = ui_test_window_new (1440, 900);
  ui_test_open_demo (saving->window);
}

static gboolean
is_empty (gpointer data)
{
  return g_rmdir (data) == 0;
}

/* The folder must be empty, or be so soon after the window has gone. */
static void
tear_down (Saving *saving, gconstpointer data)
{
  ui_test_window_destroy (saving->window);
  ui_test_wait (is_empty, saving->folder, "the folder to be empty");
  g_free (saving->folder);
}

static void
run_demo (Saving *saving)
{
  ui_test_press (saving->window, "F5");
  ui_test_wait_over (saving->window);
  ui_test_wait_settled (saving->window);
}

static gboolean
is_done (gpointer data)
{
  return !td_window_is_exporting (data);
}

static gboolean
has_message (gpointer data)
{
  return td_window_get_message (data) != NULL;
}

static void
assert_file_begins (Saving *saving, const char *name, gsize at, const char *magic)
{
  g_autofree char *path = g_build_filename (saving->folder, name, NULL), *bytes = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  g_assert_cmpuint (n, >, at + strlen (magic));
  g_assert_cmpint (memcmp (bytes + at, magic, strlen (magic)), ==, 0);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static GFile *
file_in (Saving *saving, const char *name)
{
  g_autofree char *path = g_build_filename (saving->folder, name, NULL);

  return g_file_new_for_path (path);
}

/* The first label with that text below a widget, if it can be seen. */
static gboolean
shows (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
      && strstr (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (shows (child, text))
      return TRUE;
  return FALSE;
}

static gboolean
says_saved (gpointer data)
{
  return shows (data, "Film saved: film.webp");
}

static gboolean
says_picture_saved (gpointer data)
{
  return shows (data, "Picture saved: picture.svg");
}

static gboolean
says_saving (gpointer data)
{
  return shows (data, "Saving film.webp");
}

/* As a button in the window would be. */
static gboolean
is_enabled (TdWindow *window, const char *action)
{
  GtkWidget *button = g_object_ref_sink (gtk_button_new ());
  gboolean enabled;

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_set_parent (button, GTK_WIDGET (window));
  enabled = gtk_widget_get_sensitive (button);
  gtk_widget_unparent (button);
  g_object_unref (button);
  return enabled;
}

static GtkFileChooser *
find_chooser (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *item = windows; item != NULL; item = item->next)
    if (GTK_IS_FILE_CHOOSER (item->data) && gtk_widget_get_mapped (item->data))
      return item->data;
  return NULL;
}

static gboolean
is_asked (gpointer data)
{
  return find_chooser () != NULL;
}

static gboolean
is_answered (gpointer data)
{
  return find_chooser () == NULL;
}

static gboolean
is_in_folder (gpointer data)
{
  g_autoptr (GFile) now = gtk_file_chooser_get_file (find_chooser ());
  g_autofree char *path = now != NULL ? g_file_get_path (now) : NULL;

  return path != NULL && g_str_has_prefix (path, ((Saving *) data)->folder);
}

/* Answers the chooser that an action opened. */
static void
choose (Saving *saving, const char *name, const char *part)
{
  g_autofree char *path = g_build_filename (saving->folder, name,
                                            NULL); /* as it can be typed, whatever folder is shown */
  GtkFileChooser *chooser;

  ui_test_wait (is_asked, NULL, "the question where to save");
  chooser = find_chooser ();
  gtk_file_chooser_set_current_name (chooser, path);
  if (part != NULL)
    gtk_file_chooser_set_choice (chooser, "part", part);
  ui_test_wait (is_in_folder, saving, "the chooser to have read the path");
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
  ui_test_wait (is_answered, NULL, "the chooser to go");
}

/* Nothing has run: nothing to save. */
static void
test_asleep (Saving *saving, gconstpointer data)
{
  g_assert_false (is_enabled (saving->window, "win.save-film"));
  g_assert_false (is_enabled (saving->window, "win.save-picture"));
  g_assert_false (is_enabled (saving->window, "win.cancel-export"));
}

static void
test_chooser (Saving *saving, gconstpointer data)
{
  if (g_getenv ("TAPEDECK_SANITIZED") != NULL)
    {
      g_test_skip ("GTK's own chooser leaks what it had read of a folder when it goes");
      return;
    }
  run_demo (saving);
  ui_test_go_to (saving->window, 16);
  ui_test_activate (saving->window, "win.save-film");
  choose (saving, "film", "rest");
  ui_test_wait (says_saved, saving->window, "the film");
  g_assert_false (td_window_is_exporting (saving->window));
  assert_file_begins (saving, "film.webp", 8, "WEBP");
  ui_test_activate (saving->window, "win.save-picture");
  choose (saving, "picture.svg", NULL);
  ui_test_wait (says_picture_saved, saving->window, "the picture");
  assert_file_begins (saving, "picture.svg", 0, "<?xml");
}

/* The window steps while a film is made, and the film does not step with it. */
static void
test_meanwhile (Saving *saving, gconstpointer data)
{
  g_autoptr (GFile) file = file_in (saving, "film.webp");
  ExportFilmOptions options;

  run_demo (saving);
  export_film_options_init (&options);
  options.frames_per_s = 4;
  td_window_save_film (saving->window, file, &options);
  g_assert_true (td_window_is_exporting (saving->window));
  g_assert_false (is_enabled (saving->window, "win.save-film"));
  ui_test_wait (says_saving, saving->window, "the progress");
  ui_test_go_to (saving->window, 3);
  ui_test_step (saving->window, 4);
  ui_test_wait (says_saved, saving->window, "the film");
  g_assert_cmpuint (player_get_position (player_of (saving->window)), ==, 4);
  g_assert_null (td_window_get_message (saving->window));
  assert_file_begins (saving, "film.webp", 8, "WEBP");
}

static void
test_cancel (Saving *saving, gconstpointer data)
{
  g_autoptr (GFile) file = file_in (saving, "film.webp");
  ExportFilmOptions options;

  run_demo (saving);
  export_film_options_init (&options);
  options.s_per_step = 20;
  td_window_save_film (saving->window, file, &options);
  ui_test_wait (says_saving, saving->window, "the progress");
  ui_test_activate (saving->window, "win.cancel-export");
  ui_test_wait (is_done, saving->window, "the film to end");
  g_assert_null (td_window_get_message (saving->window));
  g_assert_false (says_saved (saving->window));
}

/* A window closed over its film: no file, no crash. */
static void
test_close (Saving *saving, gconstpointer data)
{
  g_autoptr (GFile) file = file_in (saving, "film.webp");
  ExportFilmOptions options;

  run_demo (saving);
  export_film_options_init (&options);
  options.s_per_step = 20;
  td_window_save_film (saving->window, file, &options);
  ui_test_wait (says_saving, saving->window, "the progress");
}

static void
test_refused (Saving *saving, gconstpointer data)
{
  g_autoptr (GFile) unknown = file_in (saving, "film.avi"), nowhere = file_in (saving, "nowhere/film.webp");
  g_autoptr (GFile) remote = g_file_new_for_uri ("sftp://example.org/film.webp");
  GFile *files[] = { unknown, nowhere, remote };
  const char *says[] = { ".webp, .webm, .mp4 or .gif", "cannot be written", "folder of this computer" };
  ExportFilmOptions options;

  run_demo (saving);
  export_film_options_init (&options);
  for (guint k = 0; k < G_N_ELEMENTS (files); k++)
    {
      td_window_save_film (saving->window, files[k], &options);
      ui_test_wait (is_done, saving->window, "the refusal");
      ui_test_wait (has_message, saving->window, "the reason");
      if (strstr (td_window_get_message (saving->window), says[k]) == NULL)
        g_error ("“%s” does not say “%s”", td_window_get_message (saving->window), says[k]);
    }
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
#define ADD(name, test) g_test_add ("/ui/export/" name, Saving, NULL, set_up, test, tear_down)
  ADD ("asleep", test_asleep);
  ADD ("chooser", test_chooser);
  ADD ("meanwhile", test_meanwhile);
  ADD ("cancel", test_cancel);
  ADD ("close", test_close);
  ADD ("refused", test_refused);
#undef ADD
  return g_test_run ();
}
