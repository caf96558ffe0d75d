/* SPDX-License-Identifier: MIT
 *
 * Files that are no scripts, and text that is not saved. Each time: a message that
 * names the file, the text that was there stays, and the next Run works. */
#include "ui-test.h"

#include <glib/gstdio.h>
#include <string.h>

static const char good[] = "import torch\na = torch.ones(2, 2, requires_grad=True)\nb = a.sum()\nb.backward()\n";

static gboolean
has_message (gpointer data)
{
  return td_window_get_message (data) != NULL;
}

static void
assert_contains (const char *text, const char *part)
{
  if (text == NULL || strstr (text, part) == NULL)
    g_error ("“%s” does not say “%s”", text != NULL ? text : "(nothing)", part);
}

static void
assert_runs_again (TdWindow *window)
{
  Player *player = td_run_get_player (td_window_get_run (window));

  ui_test_set_script (window, good);
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  g_assert_null (td_script_view_get_error (td_window_get_script_view (window)));
  g_assert_true (player_is_finished (player));
  g_assert_cmpuint (player_get_n_steps (player), >=, 4);
}

/* A file that cannot be opened: a message names it, and the text stays. */
static void
open_bad (const char *name, const char *contents, gsize length, const char *expected)
{
  TdWindow *window = ui_test_window_new (1024, 700);
  g_autofree char *path = g_build_filename (g_get_user_state_dir (), name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *before = NULL, *after = NULL;

  td_window_open_example (window, "dynamic_graph.py");
  before = td_script_view_dup_text (td_window_get_script_view (window));
  if (contents != NULL)
    g_assert_true (g_file_set_contents (path, contents, (gssize) length, NULL));
  td_window_open (window, file);
  ui_test_wait (has_message, window, "the message about the file");
  assert_contains (td_window_get_message (window), name);
  assert_contains (td_window_get_message (window), expected);
  after = td_script_view_dup_text (td_window_get_script_view (window));
  g_assert_cmpstr (before, ==, after);
  assert_runs_again (window);
  ui_test_window_destroy (window);
  g_unlink (path);
}

static void
test_missing (void)
{
  open_bad ("missing.py", NULL, 0, "There is no file");
}

static void
test_binary (void)
{
  open_bad ("binary.py", "a\0b\x01", 4, "binary file");
}

static void
test_not_utf8 (void)
{
  open_bad ("latin.py", "# ok\n# \xe9t\xe9\n", 11, "line 2");
}

static void
test_folder (void)
{
  TdWindow *window = ui_test_window_new (1024, 700);
  g_autoptr (GFile) file = g_file_new_for_path (g_get_user_state_dir ());

  td_window_open (window, file);
  ui_test_wait (has_message, window, "the message about the folder");
  assert_contains (td_window_get_message (window), "folder");
  ui_test_window_destroy (window);
}

/* Edits are asked about, never lost: closing leaves the window and its text. */
static void
test_unsaved (void)
{
  TdWindow *window = ui_test_window_new (1024, 700);
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());
  gboolean asked = FALSE;
  g_autofree char *text = NULL;
  GLogLevelFlags fatal;

  td_window_open_example (window, "dynamic_graph.py");
  ui_test_set_script (window, good);
  /* libadwaita 1.7 measures the buttons of its own dialog too narrow, and warns. */
  fatal = g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  gtk_window_close (GTK_WINDOW (window));
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (window)));
  text = td_script_view_dup_text (td_window_get_script_view (window));
  g_assert_cmpstr (text, ==, good);
  for (guint k = g_list_model_get_n_items (windows); k > 0; k--)
    {
      g_autoptr (GtkWindow) dialog = g_list_model_get_item (windows, k - 1);

      if (!ADW_IS_MESSAGE_DIALOG (dialog))
        continue;
      asked = TRUE;
      gtk_window_close (dialog);
    }
  g_assert_true (asked);
  ui_test_window_destroy (window);
  g_log_set_always_fatal (fatal);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/bad-files/missing", test_missing);
  g_test_add_func ("/ui/bad-files/binary", test_binary);
  g_test_add_func ("/ui/bad-files/not-utf8", test_not_utf8);
  g_test_add_func ("/ui/bad-files/folder", test_folder);
  g_test_add_func ("/ui/bad-files/unsaved", test_unsaved);
  return g_test_run ();
}
