/* SPDX-License-Identifier: MIT
 *
 * While a run goes: output appears with no step to carry it, what is typed into
 * the number box stays, a step that was asked for is called off by going elsewhere;
 * Run to the cursor and breakpoints find the statement that was meant. */
#include "ui-test.h"

#include <glib/gstdio.h>
#include <string.h>

static Player *
player_of (TdWindow *window)
{
  return td_run_get_player (td_window_get_run (window));
}

static TdWindow *
open_script (const char *source)
{
  TdWindow *window = ui_test_window_new (1200, 800);

  td_window_open_example (window, "dynamic_graph.py");
  ui_test_set_script (window, source);
  return window;
}

static gboolean
is_stopped (gpointer window)
{
  return !td_run_is_running (td_window_get_run (window));
}

static void
stop (TdWindow *window)
{
  ui_test_activate (window, "win.stop");
  ui_test_wait (is_stopped, window, "the run to stop");
  ui_test_window_destroy (window);
}

static GtkWidget *
find_widget (GtkWidget *widget, GType type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (widget, type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_widget (child, type);
  return found;
}

/* Output */

typedef struct
{
  TdWindow *window;
  const char *part;
} Wanted;

/* What is on the screen, not what could be. */
static gboolean
output_shows (gpointer data)
{
  const Wanted *wanted = data;
  TdOutput *output = td_console_get_output (td_window_get_console (wanted->window));
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (
      GTK_TEXT_VIEW (find_widget (GTK_WIDGET (output), GTK_TYPE_TEXT_VIEW)));
  GtkTextIter start, end;
  g_autofree char *text = NULL;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  return strstr (text, wanted->part) != NULL;
}

static void
expect_output (const char *source, const char *part)
{
  TdWindow *window = open_script (source);
  Wanted wanted = { window, part };

  td_console_show (td_window_get_console (window), "output");
  ui_test_press (window, "F5");
  ui_test_wait (output_shows, &wanted, part);
  g_assert_true (td_run_is_running (td_window_get_run (window)));
  stop (window);
}

static void
test_output_without_steps (void)
{
  expect_output (
      "import time\nfor k in range(4):\n    print('line', k)\n    time.sleep(0.2)\nwhile True:\n    pass\n",
      "line 3");
}

static void
test_output_after_a_step (void)
{
  expect_output ("import torch, time\na = torch.ones(2)\nfor k in range(4):\n    print('line', k)\n"
                 "    time.sleep(0.2)\nwhile True:\n    pass\n",
                 "line 3");
}

/* A zero byte hides nothing of what comes after it. */
static void
test_zero_byte (void)
{
  expect_output ("print('a\\0b')\nprint('after')\nwhile True:\n    pass\n", "a␀b\nafter\n");
}

/* The number box */

static gboolean
has_grown (gpointer data)
{
  const Wanted *wanted = data;

  return player_get_n_steps (player_of (wanted->window)) > GPOINTER_TO_UINT (wanted->part);
}

static void
wait_steps (TdWindow *window, guint more_than)
{
  Wanted wanted = { window, GUINT_TO_POINTER (more_than) };

  ui_test_wait (has_grown, &wanted, "more steps");
}

static void
test_number_box (void)
{
  TdWindow *window = open_script ("import torch, time\nx = torch.ones(2)\nwhile True:\n    x = x + 1\n"
                                  "    time.sleep(0.02)\n");
  GtkWidget *box = find_widget (GTK_WIDGET (window), GTK_TYPE_SPIN_BUTTON);
  guint n;

  ui_test_press (window, "F5");
  wait_steps (window, 5);
  gtk_editable_set_text (GTK_EDITABLE (box), "3");
  n = player_get_n_steps (player_of (window));
  wait_steps (window, n + 5);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (box)), ==, "3");
  gtk_spin_button_update (GTK_SPIN_BUTTON (box));
  g_assert_cmpuint (player_get_position (player_of (window)), ==, 3);
  wait_steps (window, player_get_n_steps (player_of (window)) + 3);
  g_assert_cmpuint (player_get_position (player_of (window)), ==, 3);
  /* Where one goes is shown, whatever was being typed. */
  gtk_editable_set_text (GTK_EDITABLE (box), "7");
  ui_test_press (window, "F7");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (box)), ==, "2");
  stop (window);
}

/* Wishes */

static gboolean
is_paused (gpointer window)
{
  TdRun *run = td_window_get_run (window);

  return runner_client_get_state (td_run_get_client (run)) != RUNNER_RUNNING && !td_run_is_waiting (run);
}

/* A step is awaited; whoever goes back meanwhile is left there when it comes. */
static void
test_called_off (void)
{
  g_autofree char *folder = g_dir_make_tmp ("tapedeck-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "go", NULL);
  g_autofree char *source = g_strdup_printf ("import torch, os\na = torch.ones(3)\nb = a + 1\n"
                                             "while not os.path.exists('%s'):\n    pass\nc = b + 1\n",
                                             path);
  TdWindow *window = open_script (source);

  for (guint step = 1; step <= 2; step++)
    ui_test_step (window, step);
  ui_test_press (window, "F8");
  g_assert_true (td_run_is_waiting (td_window_get_run (window)));
  ui_test_activate (window, "win.start");
  g_assert_cmpuint (player_get_position (player_of (window)), ==, 0);
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  ui_test_wait (is_paused, window, "the run to pause or to end");
  g_assert_cmpuint (player_get_position (player_of (window)), ==, 0);
  ui_test_step (window, 1);
  ui_test_window_destroy (window);
  g_remove (path);
  g_rmdir (folder);
}

/* Lines */

static const char spread[] =
    "import torch\na = torch.ones(3)\n\nb = a + 1\nc = (b\n     * 2\n     + b)\n# so far\nd = c + 1\n";

static void
expect_pause_at (guint cursor, guint line)
{
  TdWindow *window = open_script (spread);

  td_script_view_go_to_line (td_window_get_script_view (window), cursor);
  ui_test_press (window, "<Control>Return");
  ui_test_wait_paused (window, line);
  ui_test_window_destroy (window);
}

static void
test_run_to_line_between (void)
{
  expect_pause_at (1, 1);
  expect_pause_at (3, 4); /* an empty line: what begins after it */
  expect_pause_at (6, 5); /* inside a statement: that one */
  expect_pause_at (8, 9); /* a comment */
}

static void
test_breakpoint_between (void)
{
  TdWindow *window = open_script (spread);

  td_script_view_go_to_line (td_window_get_script_view (window), 3);
  ui_test_press (window, "F9");
  td_script_view_go_to_line (td_window_get_script_view (window), 7);
  ui_test_press (window, "F9");
  ui_test_press (window, "F5");
  ui_test_wait_paused (window, 4);
  ui_test_press (window, "F5");
  ui_test_wait_paused (window, 5);
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  ui_test_window_destroy (window);
}

/* Run right after an edit: the breakpoint is where it stands in the new text. */
static void
test_breakpoint_after_edit (void)
{
  TdWindow *window = open_script ("import torch\na = torch.ones(3)\nb = a + 1\nc = b * 2\nd = c + 1\n");
  TdScriptView *view = td_window_get_script_view (window);
  GtkTextIter start;

  td_script_view_go_to_line (view, 4);
  ui_test_press (window, "F9");
  gtk_text_buffer_get_start_iter (td_script_view_get_buffer (view), &start);
  gtk_text_buffer_insert (td_script_view_get_buffer (view), &start, "\n", 1);
  ui_test_press (window, "F5");
  ui_test_wait_paused (window, 5);
  ui_test_window_destroy (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/running/output-without-steps", test_output_without_steps);
  g_test_add_func ("/ui/running/output-after-a-step", test_output_after_a_step);
  g_test_add_func ("/ui/running/zero-byte", test_zero_byte);
  g_test_add_func ("/ui/running/number-box", test_number_box);
  g_test_add_func ("/ui/running/called-off", test_called_off);
  g_test_add_func ("/ui/running/run-to-line-between", test_run_to_line_between);
  g_test_add_func ("/ui/running/breakpoint-between", test_breakpoint_between);
  g_test_add_func ("/ui/running/breakpoint-after-edit", test_breakpoint_after_edit);
  return g_test_run ();
}
