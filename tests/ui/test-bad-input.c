/* SPDX-License-Identifier: MIT
 *
 * Bad input in the real window: scripts that are wrong, never end or kill their
 * process, files that are no scripts. Each time: a clear message in its place,
 * the window alive, and the next Run works. */
#include "ui-test.h"

#include <glib/gstdio.h>
#include <string.h>

static const char good[] = "import torch\na = torch.ones(2, 2, requires_grad=True)\nb = a.sum()\nb.backward()\n";

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
has_error (gpointer data)
{
  return error_of (data) != NULL;
}

static gboolean
has_message (gpointer data)
{
  return td_window_get_message (data) != NULL;
}

static gboolean
is_spinning (gpointer data)
{
  return td_run_is_running (td_window_get_run (data)) && player_get_n_steps (player_of (data)) > 0;
}

static void
assert_contains (const char *text, const char *part)
{
  if (text == NULL || strstr (text, part) == NULL)
    g_error ("“%s” does not say “%s”", text != NULL ? text : "(nothing)", part);
}

/* After whatever happened, a good script runs to its end. */
static void
assert_runs_again (TdWindow *window)
{
  ui_test_set_script (window, good);
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  g_assert_null (error_of (window));
  g_assert_cmpuint (player_get_n_steps (player_of (window)), >=, 4);
  g_assert_true (player_is_finished (player_of (window)));
}

/* The longest time in which the main loop did nothing else: told, not judged. */
static gint64 ticked_us, stall_us;

static gboolean
tick_cb (gpointer data)
{
  gint64 now_us = g_get_monotonic_time ();

  stall_us = MAX (stall_us, now_us - ticked_us);
  ticked_us = now_us;
  return G_SOURCE_CONTINUE;
}

static void
finish (TdWindow *window)
{
  g_test_message ("longest stall %.0f ms", stall_us / 1e3);
  assert_runs_again (window);
  ui_test_window_destroy (window);
}

static TdWindow *
run (const char *source)
{
  TdWindow *window = ui_test_window_new (1024, 700);

  td_window_open_example (window, "dynamic_graph.py");
  ui_test_set_script (window, source);
  ticked_us = g_get_monotonic_time ();
  stall_us = 0;
  ui_test_press (window, "F5");
  return window;
}

static void
test_syntax (void)
{
  TdWindow *window = run ("import torch\nx = torch.ones(2\ny = 3 +\n");

  ui_test_wait (has_error, window, "the syntax error");
  assert_contains (error_of (window), "SyntaxError");
  finish (window);
}

static void
test_wrong_shape (void)
{
  TdWindow *window = run ("import torch\na = torch.ones(20, 10)\nb = torch.ones(1, 10)\nc = torch.mm(a, b)\n");

  ui_test_wait (has_error, window, "the error of the wrong shape");
  assert_contains (error_of (window), "mat1 and mat2 shapes cannot be multiplied (20x10 and 1x10)");
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player_of (window))), >=, 2);
  finish (window);
}

static void
test_endless (void)
{
  TdWindow *window = run ("import torch\na = torch.ones(2)\nwhile True: pass\n");

  ui_test_wait (is_spinning, window, "the endless loop to run");
  ui_test_press (window, "<Shift>F5");
  ui_test_wait_over (window);
  g_assert_cmpuint (player_get_n_steps (player_of (window)), ==, 1);
  player_set_position (player_of (window), 1);
  assert_contains (player_get_status (player_of (window)), "stopped in line ");
  assert_contains (player_get_next (player_of (window), 1), "was stopped in line ");
  finish (window);
}

/* Run is pressed while the stopped process, deaf in a C call, has not died yet. */
static void
test_run_while_stopping (void)
{
  TdWindow *window = run ("import torch, time\na = torch.ones(2)\nb = a + 1\ntime.sleep(10**6)\n");

  ui_test_wait (is_spinning, window, "the sleep to begin");
  RecRecording *stopped = player_get_recording (player_of (window));
  ui_test_press (window, "<Shift>F5");
  g_assert_true (td_run_is_running (td_window_get_run (window)));
  ui_test_press (window, "F5");
  ui_test_wait (is_spinning, window, "the second sleep to begin");
  g_assert_true (player_get_recording (player_of (window)) != stopped);
  finish (window);
}

static void
test_exit (void)
{
  TdWindow *window = run ("import torch, os\na = torch.ones(2)\nos._exit(3)\n");

  ui_test_wait (has_error, window, "the reason of the end");
  assert_contains (error_of (window), "os._exit(3)");
  g_assert_cmpuint (player_get_n_steps (player_of (window)), ==, 1);
  finish (window);
}

static void
test_segfault (void)
{
  TdWindow *window = run ("import torch, ctypes\na = torch.ones(2)\nctypes.string_at(0)\n");

  ui_test_wait (has_error, window, "the reason of the crash");
  assert_contains (error_of (window), "egmentation fault");
  finish (window);
}

/* A call that never returns: Stop ends it, by the kill if need be. */
static void
test_sleep (void)
{
  TdWindow *window = run ("import torch, time\na = torch.ones(2)\nb = a + 1\ntime.sleep(10**6)\n");

  ui_test_wait (is_spinning, window, "the call that never returns");
  ui_test_press (window, "<Shift>F5");
  ui_test_wait_over (window);
  g_assert_cmpuint (player_get_n_steps (player_of (window)), >=, 1);
  finish (window);
}

/* One that keeps Python to itself: neither flag nor interrupt reach it. */
static void
test_deaf_c_call (void)
{
  TdWindow *window = run ("import ctypes, torch\na = torch.ones(2)\nb = a + 1\nctypes.PyDLL(None).sleep(1000)\n");

  ui_test_wait (is_spinning, window, "the call that keeps the lock");
  ui_test_press (window, "<Shift>F5");
  ui_test_wait_over (window);
  g_assert_cmpuint (player_get_n_steps (player_of (window)), >=, 1);
  finish (window);
}

/* The child is a process of its own: it prints, and adds nothing to the picture. */
static void
test_fork (void)
{
  TdWindow *window = run ("import torch\na = torch.ones(2)\nc = a + 1\n");

  ui_test_wait_over (window);
  player_set_position (player_of (window), player_get_n_steps (player_of (window)));
  guint n_nodes = player_graph_get_n_nodes (player_get_graph (player_of (window)));
  g_assert_cmpuint (n_nodes, >=, 2);
  ui_test_set_script (window,
                      "import os, torch\na = torch.ones(2)\npid = os.fork()\nif pid == 0:\n  b = a * 2\n"
                      "  print('the child')\n  os._exit(0)\nos.waitpid(pid, 0)\nc = a + 1\n");
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  g_assert_null (error_of (window));
  player_set_position (player_of (window), player_get_n_steps (player_of (window)));
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player_of (window))), ==, n_nodes);
  g_autofree char *text = td_output_dup_text (td_console_get_output (td_window_get_console (window)));
  assert_contains (text, "the child");
  finish (window);
}

static void
test_replaced_output (void)
{
  TdWindow *window = run ("import io, sys, torch\na = torch.ones(2)\nsys.stdout = io.StringIO()\nprint('hidden')\n"
                          "sys.stdout = sys.__stdout__\nprint('shown')\nsys.stderr = None\nsys.stdout = None\n"
                          "b = a / 'x'\n");

  ui_test_wait (has_error, window, "the error");
  assert_contains (error_of (window), "'Tensor' and 'str'");
  player_set_position (player_of (window), player_get_n_steps (player_of (window)));
  g_autofree char *text = td_output_dup_text (td_console_get_output (td_window_get_console (window)));
  assert_contains (text, "shown");
  g_assert_null (strstr (text, "hidden"));
  finish (window);
}

/* A flood that comes round Python, from a child. */
static void
test_child_flood (void)
{
  TdWindow *window = run ("import os\nos.system('yes | head -n 1000000')\nprint('over')\n");
  TdOutput *output = td_console_get_output (td_window_get_console (window));

  ui_test_wait_over (window);
  g_assert_null (error_of (window));
  g_autofree char *text = td_output_dup_text (output);
  assert_contains (text, "over");
  assert_contains (td_output_get_note (output), "not shown");
  finish (window);
}

static void
test_big_tensor (void)
{
  TdWindow *window = run ("import torch\na = torch.ones(10000, 10000)\nb = a.sum()\n");
  g_autoptr (GdkTexture) picture = NULL;

  ui_test_wait_over (window);
  g_assert_null (error_of (window));
  g_assert_cmpuint (player_get_n_steps (player_of (window)), ==, 2);
  picture = ui_test_render (window);
  finish (window);
}

static void
test_no_memory (void)
{
  TdWindow *window = run ("import torch\na = torch.ones(2)\nb = torch.zeros(10**7, 10**7)\n");

  ui_test_wait (has_error, window, "the error of the allocation");
  assert_contains (error_of (window), "you tried to allocate 400000000000000 bytes");
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player_of (window))), >=, 1);
  finish (window);
}

/* The limit spares the machine: what fails is the same call. */
static void
test_fill_memory (void)
{
#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("the sanitizer itself needs more address space than this test leaves");
  return;
#endif
  TdWindow *window = run ("import torch, resource\nresource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\n"
                          "keep = []\nwhile True: keep.append(torch.ones(10**7))\n");

  ui_test_wait (has_error, window, "the end of the memory");
  assert_contains (error_of (window), "memory");
  finish (window);
}

static void
test_full_recording (void)
{
  static const char source[] = "import torch\na = torch.rand(100, 100)\nfor k in range(40):\n    a = a * 1.5\n";
  TdWindow *window = ui_test_window_new (1024, 700);
  RunnerClient *client = td_run_get_client (td_window_get_run (window));

  td_window_open_example (window, "dynamic_graph.py");
  ui_test_set_script (window, source);
  runner_client_set_budget (client, 1 << 16);
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  ui_test_wait (has_message, window, "the word that the recording is full");
  assert_contains (td_window_get_message (window), "recording is full");
  runner_client_set_budget (client, 512u << 20);
  assert_runs_again (window);
  g_assert_null (td_window_get_message (window));
  ui_test_window_destroy (window);
}

static void
test_million_lines (void)
{
  TdWindow *window = run ("for k in range(1000000): print(k)\n");
  TdOutput *output = td_console_get_output (td_window_get_console (window));
  g_autofree char *text = NULL;
  guint n_lines = 0;

  ui_test_wait_over (window);
  text = td_output_dup_text (output);
  for (const char *p = text; *p != '\0'; p++)
    n_lines += *p == '\n';
  g_assert_cmpuint (n_lines, >, 100);
  g_assert_cmpuint (n_lines, <=, TD_OUTPUT_LINES_MAX);
  assert_contains (td_output_get_note (output), "not shown");
  finish (window);
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
  finish (window);
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
  g_timeout_add (5, tick_cb, NULL);
  g_test_add_func ("/ui/bad/syntax", test_syntax);
  g_test_add_func ("/ui/bad/wrong-shape", test_wrong_shape);
  g_test_add_func ("/ui/bad/endless", test_endless);
  g_test_add_func ("/ui/bad/exit", test_exit);
  g_test_add_func ("/ui/bad/segfault", test_segfault);
  g_test_add_func ("/ui/bad/sleep", test_sleep);
  g_test_add_func ("/ui/bad/deaf-c-call", test_deaf_c_call);
  g_test_add_func ("/ui/bad/fork", test_fork);
  g_test_add_func ("/ui/bad/replaced-output", test_replaced_output);
  g_test_add_func ("/ui/bad/child-flood", test_child_flood);
  g_test_add_func ("/ui/bad/run-while-stopping", test_run_while_stopping);
  g_test_add_func ("/ui/bad/big-tensor", test_big_tensor);
  g_test_add_func ("/ui/bad/no-memory", test_no_memory);
  g_test_add_func ("/ui/bad/fill-memory", test_fill_memory);
  g_test_add_func ("/ui/bad/full-recording", test_full_recording);
  g_test_add_func ("/ui/bad/million-lines", test_million_lines);
  g_test_add_func ("/ui/bad/missing", test_missing);
  g_test_add_func ("/ui/bad/binary", test_binary);
  g_test_add_func ("/ui/bad/not-utf8", test_not_utf8);
  g_test_add_func ("/ui/bad/folder", test_folder);
  g_test_add_func ("/ui/bad/unsaved", test_unsaved);
  return g_test_run ();
}
