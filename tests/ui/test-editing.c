/* SPDX-License-Identifier: MIT
 *
 * Editing and running: breakpoints, run to here, the bar after an edit, files that
 * others write, searching, errors that lead to their line. */
#include "ui-test.h"

#include <glib/gstdio.h>
#include <string.h>

static const char lines[] = "import torch\na = torch.ones(3)\nb = a + 1\nc = b * 2\nprint(c.sum())\n";

static Player *
player_of (TdWindow *window)
{
  return td_run_get_player (td_window_get_run (window));
}

static TdWindow *
open_script (const char *source)
{
  TdWindow *window = ui_test_window_new (1024, 700);

  td_window_open_example (window, "dynamic_graph.py");
  ui_test_set_script (window, source);
  return window;
}

static void
test_breakpoint (void)
{
  TdWindow *window = open_script (lines);
  TdScriptView *view = td_window_get_script_view (window);
  g_autofree guint *breakpoints = NULL, *none = NULL;

  td_script_view_go_to_line (view, 4);
  ui_test_press (window, "F9");
  breakpoints = td_script_view_list_breakpoints (view);
  g_assert_cmpuint (breakpoints[0], ==, 4);
  g_assert_cmpuint (breakpoints[1], ==, 0);
  ui_test_press (window, "F5");
  ui_test_wait_paused (window, 4);
  g_assert_cmpuint (player_get_n_steps (player_of (window)), ==, 2);
  g_assert_cmpuint (player_get_position (player_of (window)), ==, 2);
  ui_test_press (window, "F9");
  none = td_script_view_list_breakpoints (view);
  g_assert_cmpuint (none[0], ==, 0);
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  g_assert_cmpuint (player_get_n_steps (player_of (window)), ==, 4);
  ui_test_window_destroy (window);
}

static void
test_run_to_here (void)
{
  TdWindow *window = open_script (lines);

  td_script_view_go_to_line (td_window_get_script_view (window), 3);
  ui_test_press (window, "<Control>Return");
  ui_test_wait_paused (window, 3);
  g_assert_cmpuint (player_get_position (player_of (window)), ==, 1);
  td_script_view_go_to_line (td_window_get_script_view (window), 5);
  ui_test_press (window, "<Control>Return");
  ui_test_wait_paused (window, 5);
  g_assert_cmpuint (player_get_position (player_of (window)), ==, 3);
  ui_test_window_destroy (window);
}

static GtkWidget *
find_label (GtkWidget *widget, const char *part)
{
  const char *label = GTK_IS_BUTTON (widget) ? gtk_button_get_label (GTK_BUTTON (widget)) : NULL;
  GtkWidget *found = label != NULL && strstr (label, part) != NULL && gtk_widget_get_mapped (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_label (child, part);
  return found;
}

typedef struct { TdWindow *window; const char *label; GtkWidget *found; } Wanted;

static gboolean
has_button (gpointer data)
{
  Wanted *wanted = data;

  wanted->found = find_label (GTK_WIDGET (wanted->window), wanted->label);
  return wanted->found != NULL;
}

static GtkWidget *
wait_button (TdWindow *window, const char *label)
{
  Wanted wanted = { window, label, NULL };

  ui_test_wait (has_button, &wanted, label);
  return wanted.found;
}

/* After an edit the picture stays, and a button runs the new text up to the same line. */
static void
test_stale (void)
{
  static const char edited[] = "import torch\na = torch.zeros(3)\nb = a + 1\nc = b * 2\nprint(c.sum())\n";
  TdWindow *window = open_script (lines);
  guint position;

  for (guint step = 1; step <= 2; step++)
    ui_test_step (window, step);
  ui_test_set_script (window, edited);
  g_assert_true (td_run_is_stale (td_window_get_run (window)));
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player_of (window))), >=, 2);
  g_signal_emit_by_name (wait_button (window, "Run again to line 3"), "clicked");
  ui_test_wait_paused (window, 3);
  g_assert_false (td_run_is_stale (td_window_get_run (window)));
  position = player_get_position (player_of (window));
  g_assert_cmpuint (position, ==, 1);
  g_assert_true (g_str_has_prefix (td_window_get_caption (window), "a was created"));
  ui_test_window_destroy (window);
}

typedef struct
{
  TdWindow *window;
  const char *path, *text;
} OnDisk;

static gboolean
is_opened (gpointer data)
{
  g_autofree char *text = td_script_view_dup_text (td_window_get_script_view (((OnDisk *) data)->window));
  return g_strcmp0 (text, ((OnDisk *) data)->text) == 0;
}

static gboolean
is_on_disk (gpointer data)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (((OnDisk *) data)->path, &text, NULL, NULL));
  return g_strcmp0 (text, ((OnDisk *) data)->text) == 0;
}

static gboolean
asks_to_replace (gpointer data)
{
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

  for (guint k = 0; k < g_list_model_get_n_items (windows); k++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, k);
      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_mapped (window))
        {
          *(GtkWidget **) data = window;
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
is_clean (gpointer data)
{
  return !td_script_view_is_modified (td_window_get_script_view (data));
}

/* What another program wrote meanwhile is not replaced unasked. */
static void
test_changed_on_disk (void)
{
  g_autofree char *folder = g_dir_make_tmp ("tapedeck-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.py", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  TdWindow *window = ui_test_window_new (1024, 700);
  OnDisk first = { window, path, "a = 1\n" }, theirs = { window, path, "theirs = 2\n" },
         ours = { window, path, lines };
  GLogLevelFlags fatal = g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  GtkWidget *dialog = NULL;

  g_assert_true (g_file_set_contents (path, first.text, -1, NULL));
  td_window_open (window, file);
  ui_test_wait (is_opened, &first, "the file");
  ui_test_set_script (window, lines);
  g_assert_true (g_file_set_contents (path, theirs.text, -1, NULL));
  ui_test_activate (window, "win.save");
  ui_test_wait (asks_to_replace, &dialog, "the question");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_assert_true (is_on_disk (&theirs));
  g_assert_true (td_script_view_is_modified (td_window_get_script_view (window)));
  gtk_window_destroy (GTK_WINDOW (dialog));
  ui_test_activate (window, "win.save");
  ui_test_wait (asks_to_replace, &dialog, "the question");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "overwrite");
  gtk_window_destroy (GTK_WINDOW (dialog));
  ui_test_wait (is_clean, window, "the script to be saved");
  g_assert_true (is_on_disk (&ours));
  ui_test_set_script (window, "b = 3\n");
  ui_test_activate (window, "win.save");
  ui_test_wait (is_clean, window, "its own file to be saved unasked");
  ui_test_window_destroy (window);
  g_log_set_always_fatal (fatal);
  g_remove (path);
  g_rmdir (folder);
}

static gboolean
has_match (gpointer data)
{
  GtkTextBuffer *buffer = td_script_view_get_buffer (td_window_get_script_view (data));
  GtkTextIter start, end;
  g_autofree char *text = NULL;

  if (!gtk_text_buffer_get_selection_bounds (buffer, &start, &end))
    return FALSE;
  text = gtk_text_iter_get_text (&start, &end);
  return g_str_equal (text, "print") && gtk_text_iter_get_line (&start) == 4;
}

static void
test_search (void)
{
  TdWindow *window = open_script (lines);
  GtkWidget *focus;

  td_script_view_go_to_line (td_window_get_script_view (window), 1);
  ui_test_press (window, "<Control>f");
  focus = gtk_window_get_focus (GTK_WINDOW (window));
  g_assert_true (GTK_IS_EDITABLE (focus));
  gtk_editable_set_text (GTK_EDITABLE (focus), "print");
  ui_test_wait (has_match, window, "the match to be selected");
  ui_test_window_destroy (window);
}

static gboolean
has_error (gpointer data)
{
  return td_script_view_get_error (td_window_get_script_view (data)) != NULL;
}

/* The banner names the error, its button leads to the line, and the graph so far stays. */
static void
test_error_line (void)
{
  TdWindow *window = open_script ("import torch\na = torch.ones(3)\n\nb = a.view(2, 2)\n");

  ui_test_press (window, "F5");
  ui_test_wait (has_error, window, "the error");
  g_assert_nonnull (strstr (td_script_view_get_error (td_window_get_script_view (window)),
                            "shape '[2, 2]' is invalid for input of size 3"));
  td_script_view_go_to_line (td_window_get_script_view (window), 1);
  g_signal_emit_by_name (wait_button (window, "line 4"), "clicked");
  g_assert_cmpuint (td_script_view_get_cursor_line (td_window_get_script_view (window)), ==, 4);
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player_of (window))), >=, 1);
  ui_test_window_destroy (window);
}

static gboolean
output_shows_end (gpointer data)
{
  return td_output_shows_end (data);
}

/* Output stays at its end while it grows; at an earlier step it holds what was printed by then. */
static void
test_output_follows (void)
{
  TdWindow *window = open_script ("import torch\na = torch.ones(1)\nfor k in range(300): print(k)\nb = a + 1\n");
  TdConsole *console = td_window_get_console (window);
  TdOutput *output = td_console_get_output (console);
  g_autofree char *before = NULL, *after = NULL;

  td_console_show (console, "output");
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  after = td_output_dup_text (output);
  g_assert_true (g_str_has_suffix (after, "299\n"));
  ui_test_wait (output_shows_end, output, "the end of the output");
  player_set_position (player_of (window), 1);
  before = td_output_dup_text (output);
  g_assert_cmpstr (before, ==, "");
  player_set_position (player_of (window), player_get_n_steps (player_of (window)));
  ui_test_wait (output_shows_end, output, "the end of the output again");
  ui_test_window_destroy (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/editing/breakpoint", test_breakpoint);
  g_test_add_func ("/ui/editing/run-to-here", test_run_to_here);
  g_test_add_func ("/ui/editing/stale", test_stale);
  g_test_add_func ("/ui/editing/changed-on-disk", test_changed_on_disk);
  g_test_add_func ("/ui/editing/search", test_search);
  g_test_add_func ("/ui/editing/error-line", test_error_line);
  g_test_add_func ("/ui/editing/output-follows", test_output_follows);
  return g_test_run ();
}
