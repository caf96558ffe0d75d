/* SPDX-License-Identifier: MIT
 *
 * A script that asks: the line to type into appears under Output and has the focus,
 * what is typed reaches the script and stands in the output; the end of the input is
 * an EOFError; Stop and a new run work while it waits. */
#include "ui-test.h"

#include <string.h>

static const char source[] = "import torch\n"
                             "n = int(input('how many? '))\n"
                             "x = torch.ones(n, requires_grad=True)\n"
                             "y = x.sum()\n"
                             "print('over')\n";

static TdOutput *
output_of (TdWindow *window)
{
  return td_console_get_output (td_window_get_console (window));
}

static Player *
player_of (TdWindow *window)
{
  return td_run_get_player (td_window_get_run (window));
}

static const char *
error_of (TdWindow *window)
{
  return td_script_view_get_error (td_window_get_script_view (window));
}

static gboolean
is_asking (gpointer data)
{
  TdPrompt *prompt = td_output_get_prompt (output_of (data));
  return td_prompt_is_shown (prompt) && td_prompt_has_focus (prompt);
}

static gboolean
is_silent (gpointer data)
{
  return !td_prompt_is_shown (td_output_get_prompt (output_of (data)));
}

static gboolean
has_error (gpointer data)
{
  return error_of (data) != NULL;
}

static gboolean
is_running (gpointer data)
{
  return td_run_is_running (td_window_get_run (data));
}

static gboolean
is_stopped (gpointer data)
{
  return !is_running (data);
}

static TdWindow *
ask (void)
{
  TdWindow *window = ui_test_window_new (1024, 700);

  td_window_open_example (window, "dynamic_graph.py");
  ui_test_set_script (window, source);
  ui_test_press (window, "F5");
  ui_test_wait (is_asking, window, "the question");
  g_assert_cmpstr (td_prompt_get_text (td_output_get_prompt (output_of (window))), ==, "input() waits on line 2");
  g_assert_true (is_running (window));
  return window;
}

static void
type (TdWindow *window, const char *line)
{
  GtkWidget *entry = gtk_widget_get_ancestor (gtk_window_get_focus (GTK_WINDOW (window)), GTK_TYPE_ENTRY);

  g_assert_nonnull (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), line);
  g_signal_emit_by_name (entry, "activate");   /* what Enter does there */
}

static void
assert_answered (TdWindow *window, gint64 n)
{
  const PlayerGraph *graph;
  gboolean found = FALSE;

  ui_test_wait_over (window);
  ui_test_wait (is_silent, window, "the line to go");
  g_assert_null (error_of (window));
  g_autofree char *text = td_output_dup_text (output_of (window));
  g_autofree char *expected = g_strdup_printf ("how many? %" G_GINT64_FORMAT "\nover\n", n);
  g_assert_cmpstr (text, ==, expected);
  graph = player_get_graph (player_of (window));
  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    if (g_strcmp0 (player_graph_get_node (graph, k)->label, "x") == 0)
      found = player_graph_get_node (graph, k)->sizes[0] == n;
  g_assert_true (found);
}

static void
test_typed (void)
{
  TdWindow *window = ask ();

  type (window, "3");
  assert_answered (window, 3);
  ui_test_window_destroy (window);
}

static void
test_ended (void)
{
  TdWindow *window = ask ();

  td_prompt_end (td_output_get_prompt (output_of (window)));
  ui_test_wait (has_error, window, "the end of the input");
  g_assert_nonnull (strstr (error_of (window), "EOFError"));
  ui_test_wait (is_silent, window, "the line to go");
  ui_test_window_destroy (window);
}

static void
test_stopped (void)
{
  TdWindow *window = ask ();

  ui_test_activate (window, "win.stop");
  ui_test_wait (is_stopped, window, "the script to stop");
  ui_test_wait (is_silent, window, "the line to go");
  ui_test_press (window, "F5");
  ui_test_wait (is_asking, window, "the question of the next run");
  type (window, "5");
  assert_answered (window, 5);
  ui_test_window_destroy (window);
}

/* Stepping by line: a question in the middle of a line is asked with what the line has done and printed so far. */

static gboolean
has_stepped (gpointer data)
{
  TdRun *run = td_window_get_run (data);
  return player_get_position (player_of (data)) == 1 && !td_run_is_waiting (run) && !td_run_is_running (run);
}

static gboolean
is_paused (gpointer data)
{
  TdRun *run = td_window_get_run (data);
  return !td_run_is_waiting (run) && !td_run_is_running (run);
}

static void
assert_shown (TdWindow *window, guint position, const char *output)
{
  g_autofree char *text = td_output_dup_text (output_of (window));

  g_assert_cmpuint (player_get_position (player_of (window)), ==, position);
  g_assert_cmpuint (player_get_n_steps (player_of (window)), ==, position);
  g_assert_cmpstr (text, ==, output);
}

/* Line 4 asks after its sum; what it does with the answer makes it `position` steps to its end. */
static void
answer_within_line (const char *line_4, guint position)
{
  g_autofree char *script = g_strdup_printf ("import torch\na = torch.ones(3)\nprint('Welcome')\n%s\nd = a * 2\n", line_4);
  TdWindow *window = ui_test_window_new (1024, 700);

  td_window_open_example (window, "dynamic_graph.py");
  ui_test_set_script (window, script);
  ui_test_press (window, "<Shift>F8");
  ui_test_wait (has_stepped, window, "the first line");
  ui_test_press (window, "<Shift>F8");
  ui_test_wait (is_asking, window, "the question");
  assert_shown (window, 2, "Welcome\nfactor? ");
  type (window, "4");
  ui_test_wait (is_paused, window, "the rest of the line");
  g_assert_false (td_run_is_over (td_window_get_run (window)));
  assert_shown (window, position, "Welcome\nfactor? 4\n");
  ui_test_window_destroy (window);
}

static void
test_by_line (void)
{
  answer_within_line ("c = a.sum() * float(input('factor? '))", 3);
  answer_within_line ("c = (a.sum(), input('factor? '))", 2);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/input/typed", test_typed);
  g_test_add_func ("/ui/input/ended", test_ended);
  g_test_add_func ("/ui/input/stopped", test_stopped);
  g_test_add_func ("/ui/input/by-line", test_by_line);
  return g_test_run ();
}
