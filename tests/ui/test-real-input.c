/* SPDX-License-Identifier: MIT
 *
 * Real keys and a real pointer: X events from outside (xdotool) reach the window
 * under a small window manager (openbox). Without the two programs, or on a
 * display where another window manager runs, the test is skipped and says so. */
#include "ui-test.h"

#include <gdk/x11/gdkx.h>
#include <string.h>

static Player *
player_of (TdWindow *window)
{
  return td_run_get_player (td_window_get_run (window));
}

/* --- xdotool ----------------------------------------------------------------- */

typedef struct { gboolean done, successful; } Call;

static void
called_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Call *call = data;

  call->done = TRUE;
  call->successful = g_subprocess_wait_check_finish (G_SUBPROCESS (source), result, NULL);
}

static gboolean
is_done (gpointer data)
{
  return ((Call *) data)->done;
}

/* One command with the window's main loop running; FALSE: it failed. */
static gboolean
xdotool (const char *format, ...)
{
  g_autofree char *line = NULL;
  g_auto (GStrv) argv = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  Call call = { FALSE, FALSE };
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  g_assert_true (g_shell_parse_argv (line, NULL, &argv, &error));
  process = g_subprocess_newv ((const char *const *) argv,
                               G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check_async (process, NULL, called_cb, &call);
  ui_test_wait (is_done, &call, line);
  return call.successful;
}

static gboolean
has_manager (gpointer data)
{
  return xdotool ("xdotool get_num_desktops");
}

static gboolean
is_active (gpointer data)
{
  return gtk_window_is_active (data);
}

/* A shown, focused window at a known place, and its manager; NULL after skipping. */
static TdWindow *
open_managed (GSubprocess **manager)
{
  g_autofree char *has_xdotool = g_find_program_in_path ("xdotool"), *has_openbox = g_find_program_in_path ("openbox");
  g_autoptr (GError) error = NULL;
  TdWindow *window;

  *manager = NULL;
  if (g_getenv ("TAPEDECK_SANITIZED") != NULL)
    {
      g_test_skip ("real keys wait for the X server and its window manager, which the sanitizers' slowness outruns");
      return NULL;
    }
  if (has_xdotool == NULL || has_openbox == NULL)
    {
      g_test_skip ("xdotool and openbox are needed to send real keys");
      return NULL;
    }
  if (has_manager (NULL))
    {
      g_test_skip ("another window manager runs on this display");
      return NULL;
    }
  *manager = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error,
                               has_openbox, "--sm-disable", NULL);
  g_assert_no_error (error);
  ui_test_wait (has_manager, NULL, "the window manager");
  window = ui_test_window_new (1280, 800);
  ui_test_wait (is_active, window, "the window to get the focus");
  return window;
}

static void
close_managed (TdWindow *window, GSubprocess *manager)
{
  Call call = { FALSE, FALSE };

  ui_test_window_destroy (window);
  g_subprocess_send_signal (manager, SIGTERM);
  g_subprocess_wait_check_async (manager, NULL, called_cb, &call);
  ui_test_wait (is_done, &call, "the window manager to end");
  g_object_unref (manager);
}

/* The pointer to a point of a widget. */
static void
move_to (TdWindow *window, GtkWidget *widget, double x, double y)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));
  graphene_point_t point;
  double dx, dy;

  g_assert_true (gtk_widget_compute_point (widget, GTK_WIDGET (window),
                                           &GRAPHENE_POINT_INIT ((float) x, (float) y), &point));
  gtk_native_get_surface_transform (GTK_NATIVE (window), &dx, &dy);
  g_assert_true (xdotool ("xdotool mousemove --window %lu %d %d", gdk_x11_surface_get_xid (surface),
                          (int) (point.x + dx), (int) (point.y + dy)));
}

static void
click (TdWindow *window, GtkWidget *widget, double x, double y)
{
  move_to (window, widget, x, y);
  g_assert_true (xdotool ("xdotool click 1"));
}

/* --- conditions ---------------------------------------------------------------- */

typedef struct { TdWindow *window; guint position; } Place;

static gboolean
is_there (gpointer data)
{
  Place *place = data;

  return player_get_position (player_of (place->window)) == place->position;
}

static void
wait_position (TdWindow *window, guint position)
{
  Place place = { window, position };
  g_autofree char *what = g_strdup_printf ("position %u", position);

  ui_test_wait (is_there, &place, what);
}

static GtkWidget *
find_action (GtkWidget *widget, const char *action)
{
  GtkWidget *found = GTK_IS_ACTIONABLE (widget) && gtk_widget_get_mapped (widget) &&
                     g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) == 0 ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_action (child, action);
  return found;
}

static void
click_action (TdWindow *window, const char *action)
{
  GtkWidget *button = find_action (GTK_WIDGET (window), action);

  g_assert_nonnull (button);
  click (window, button, gtk_widget_get_width (button) / 2.0, gtk_widget_get_height (button) / 2.0);
}

typedef struct { TdWindow *window; guint node; double x, y, zoom; } Look;

static gboolean
is_selected (gpointer data)
{
  Look *look = data;
  g_autofree char *text = td_inspector_dup_text (td_window_get_inspector (look->window));

  return td_stage_get_selected (td_window_get_stage (look->window)) == look->node && strstr (text, "tanh") != NULL;
}

static gboolean
has_moved (gpointer data)
{
  Look *look = data;
  double x, y;

  return td_stage_locate (td_window_get_stage (look->window), look->node, &x, &y) &&
         ABS (x - look->x - 60) < 12 && ABS (y - look->y - 40) < 12;
}

static gboolean
is_larger (gpointer data)
{
  Look *look = data;

  return td_stage_get_zoom (td_window_get_stage (look->window)) > look->zoom * 1.1;
}

static gboolean
is_typed (gpointer data)
{
  g_autofree char *text = td_script_view_dup_text (td_window_get_script_view (data));

  return g_str_has_suffix (text, "print(5)");
}

static gboolean
has_printed (gpointer data)
{
  g_autofree char *text = td_output_dup_text (td_console_get_output (td_window_get_console (data)));

  return td_run_is_over (td_window_get_run (data)) && strstr (text, "5") != NULL;
}

/* --- the tests ------------------------------------------------------------------- */

static guint
find_pill (TdWindow *window, const char *label)
{
  const PlayerGraph *graph = player_get_graph (player_of (window));

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    if (g_str_equal (player_graph_get_node (graph, k)->label, label))
      return player_graph_get_node (graph, k)->id;
  g_assert_not_reached ();
}

static void
use_stage (TdWindow *window)
{
  GtkWidget *stage = GTK_WIDGET (td_window_get_stage (window));
  Look look = { .window = window, .node = find_pill (window, "tanh") };

  g_assert_true (td_stage_locate (TD_STAGE (stage), look.node, &look.x, &look.y));
  click (window, stage, look.x, look.y);
  ui_test_wait (is_selected, &look, "the clicked operation in the inspector");
  /* From an empty place; further than the threshold that tells a drag from a click. */
  move_to (window, stage, 20, gtk_widget_get_height (stage) / 2.0);
  g_assert_true (xdotool ("xdotool mousedown 1"));
  for (guint k = 1; k <= 6; k++)
    move_to (window, stage, 20 + 10 * k, gtk_widget_get_height (stage) / 2.0 + 40.0 * k / 6);
  g_assert_true (xdotool ("xdotool mouseup 1"));
  ui_test_wait (has_moved, &look, "the picture to follow the pointer");
  look.zoom = td_stage_get_zoom (TD_STAGE (stage));
  g_assert_true (xdotool ("xdotool keydown ctrl click 4 click 4 keyup ctrl"));
  ui_test_wait (is_larger, &look, "the picture to grow");
}

static void
test_keys_and_pointer (void)
{
  GSubprocess *manager;
  TdWindow *window = open_managed (&manager);

  if (window == NULL)
    return;
  ui_test_open_demo (window);
  for (guint step = 1; step <= 18; step++)
    {
      g_assert_true (xdotool ("xdotool key F8"));
      wait_position (window, step);
    }
  click_action (window, "win.step-back");
  wait_position (window, 17);
  click_action (window, "win.step-back");
  wait_position (window, 16);
  click_action (window, "win.step");
  wait_position (window, 17);
  /* The buttons left the focus on the stage: its single keys still work. */
  g_assert_true (xdotool ("xdotool key Left"));
  wait_position (window, 16);
  g_assert_true (xdotool ("xdotool key Home"));
  wait_position (window, 0);
  g_assert_true (xdotool ("xdotool key End"));
  wait_position (window, 18);
  ui_test_wait_settled (window);
  use_stage (window);
  close_managed (window, manager);
}

static GtkWidget *
find_type (GtkWidget *widget, GType type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (widget, type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_type (child, type);
  return found;
}

static gboolean
is_fast (gpointer data)
{
  return player_get_speed (player_of (data)) > 4;
}

/* The slider and the buttons of the number box leave the focus on the stage, the box itself takes it. */
static void
test_transport_focus (void)
{
  GSubprocess *manager;
  TdWindow *window = open_managed (&manager);
  GtkWidget *speed, *entry, *stage;

  if (window == NULL)
    return;
  ui_test_open_demo (window);
  stage = GTK_WIDGET (td_window_get_stage (window));
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  wait_position (window, 18);
  ui_test_wait_settled (window); /* Stop is gone, what stands beside it in place */
  speed = find_type (GTK_WIDGET (window), GTK_TYPE_SCALE);
  entry = find_type (GTK_WIDGET (window), GTK_TYPE_SPIN_BUTTON);
  g_assert_true (gtk_widget_is_focus (stage));
  click (window, speed, gtk_widget_get_width (speed) - 14, gtk_widget_get_height (speed) / 2.0);
  ui_test_wait (is_fast, window, "the speed to follow the click");
  g_assert_true (xdotool ("xdotool key Home"));
  wait_position (window, 0);
  g_assert_cmpfloat (player_get_speed (player_of (window)), >, 4);
  click (window, entry, gtk_widget_get_width (entry) - 8, gtk_widget_get_height (entry) / 2.0);
  wait_position (window, 1);
  g_assert_true (xdotool ("xdotool key End"));
  wait_position (window, 18);
  g_assert_true (gtk_widget_is_focus (stage));
  click (window, entry, 12, gtk_widget_get_height (entry) / 2.0);
  g_assert_true (xdotool ("xdotool key ctrl+a type 7"));
  g_assert_true (xdotool ("xdotool key Return"));
  wait_position (window, 7);
  close_managed (window, manager);
}

static void
test_typing (void)
{
  GSubprocess *manager;
  TdWindow *window = open_managed (&manager);
  GtkWidget *editor;

  if (window == NULL)
    return;
  ui_test_open_demo (window);
  editor = td_script_view_get_editor (td_window_get_script_view (window));
  click (window, editor, gtk_widget_get_width (editor) / 2.0, 40);
  g_assert_true (xdotool ("xdotool key ctrl+End type 'print(5)'"));
  ui_test_wait (is_typed, window, "the typed text");
  g_assert_true (td_script_view_is_modified (td_window_get_script_view (window)));
  g_assert_true (xdotool ("xdotool key F5"));
  ui_test_wait (has_printed, window, "the output of the typed line");
  close_managed (window, manager);
}

static gboolean
is_asking (gpointer data)
{
  TdPrompt *prompt = td_output_get_prompt (td_console_get_output (td_window_get_console (data)));

  return runner_client_is_asking (td_run_get_client (td_window_get_run (data)), NULL) && td_prompt_has_focus (prompt);
}

static gboolean
asks_again (gpointer data)
{
  g_autofree char *text = td_output_dup_text (td_console_get_output (td_window_get_console (data)));

  return is_asking (data) && g_str_has_suffix (text, "name? Ada\nand? ");
}

static gboolean
has_error (gpointer data)
{
  return td_script_view_get_error (td_window_get_script_view (data)) != NULL;
}

static gboolean
is_over (gpointer data)
{
  return td_run_is_over (td_window_get_run (data));
}

/* Ctrl+D elsewhere marks the step; where the script asks it ends the input. */
static void
test_answering (void)
{
  GSubprocess *manager;
  TdWindow *window = open_managed (&manager);

  if (window == NULL)
    return;
  ui_test_open_demo (window);
  ui_test_set_script (window, "import torch\na = torch.ones(2)\nname = input('name? ')\nmore = input('and? ')\n");
  g_assert_true (xdotool ("xdotool key F5"));
  ui_test_wait (is_asking, window, "the question");
  g_assert_true (xdotool ("xdotool type Ada"));
  g_assert_true (xdotool ("xdotool key Return"));
  ui_test_wait (asks_again, window, "the answer in the output and the next question");
  g_assert_true (xdotool ("xdotool key ctrl+d"));
  ui_test_wait (has_error, window, "the end of the input");
  g_assert_cmpstr (td_script_view_get_error (td_window_get_script_view (window)), ==,
                   "EOFError: EOF when reading a line");
  for (guint k = 1; k <= PLAYER_N_MARKS; k++)
    g_assert_cmpuint (player_get_mark (player_of (window), k), ==, G_MAXUINT);
  g_assert_true (xdotool ("xdotool key F5"));
  ui_test_wait (is_asking, window, "the question of the next run");
  g_assert_true (xdotool ("xdotool key shift+F5"));
  ui_test_wait (is_over, window, "the stopped run to end");
  close_managed (window, manager);
}

static gboolean
has_own_scales (gpointer data)
{
  TdStage *stage = td_window_get_stage (data);

  return td_stage_get_scale_per_tensor (stage) && td_stage_is_settled (stage);
}

/* The legend's switch, by the pointer; the menu's mark by the keyboard is the same action. */
static void
test_scale_switch (void)
{
  GSubprocess *manager;
  TdWindow *window = open_managed (&manager);
  g_autofree char *text = NULL;

  if (window == NULL)
    return;
  ui_test_open_demo (window);
  g_assert_true (xdotool ("xdotool key F5"));
  ui_test_wait_over (window);
  g_assert_true (xdotool ("xdotool key F1"));
  ui_test_wait_settled (window);
  click_action (window, "win.scale-per-tensor");
  ui_test_wait (has_own_scales, window, "a scale for each tensor");
  text = td_legend_dup_text (td_window_get_legend (window));
  g_assert_cmpstr (text, ==, "values −scale 0 +scale; gradients −scale 0 +scale");
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == GTK_WIDGET (td_window_get_stage (window)));
  close_managed (window, manager);
}

static GtkWidget *
find_text (GtkWidget *widget, const char *text)
{
  GtkWidget *found = GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
                             && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL
                         ? widget
                         : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_text (child, text);
  return found;
}

typedef struct
{
  TdWindow *window;
  guint line;
} Line;

static gboolean
is_on_line (gpointer data)
{
  Line *line = data;
  TdScriptView *view = td_window_get_script_view (line->window);

  return td_script_view_get_cursor_line (view) == line->line
         && gtk_window_get_focus (GTK_WINDOW (line->window)) == td_script_view_get_editor (view);
}

static gboolean
points_at (gpointer data)
{
  Line *line = data;

  return td_script_view_get_pointed (td_window_get_script_view (line->window), NULL) == line->line;
}

static gboolean
has_focus (gpointer data)
{
  return gtk_root_get_focus (gtk_widget_get_root (data)) == data;
}

static gboolean
has_left (gpointer data)
{
  return !has_focus (data);
}

/* Hovering marks the line; "line 12" in the inspector leads there, by a click and by Tab and Enter. */
static void
test_line_links (void)
{
  GSubprocess *manager;
  TdWindow *window = open_managed (&manager);
  GtkWidget *stage, *label, *column;
  Line line = { window, 0 };
  double x, y;

  if (window == NULL)
    return;
  ui_test_open_demo (window);
  g_assert_true (xdotool ("xdotool key F5"));
  ui_test_wait_over (window);
  ui_test_wait_settled (window);
  stage = GTK_WIDGET (td_window_get_stage (window));
  line.line = 12;
  g_assert_true (td_stage_locate (TD_STAGE (stage), find_pill (window, "tanh"), &x, &y));
  move_to (window, stage, x, y);
  ui_test_wait (points_at, &line, "the line of the hovered operation");
  g_assert_true (xdotool ("xdotool click 1"));
  move_to (window, stage, 20, gtk_widget_get_height (stage) / 2.0);
  ui_test_wait (points_at, &line, "the line of the selected operation");
  column = GTK_WIDGET (td_window_get_inspector (window));
  label = find_text (column, "TanhBackward0 · line 12");
  g_assert_nonnull (label);
  ui_test_wait_settled (window);
  click (window, label, gtk_widget_get_width (label) < 130 ? gtk_widget_get_width (label) - 8 : 112,
         gtk_widget_get_height (label) / 2.0);
  ui_test_wait (is_on_line, &line, "the cursor on the line of the link");
  line.line = 2;
  td_script_view_go_to_line (td_window_get_script_view (window), 2);
  gtk_widget_grab_focus (stage);
  g_assert_true (xdotool ("xdotool key Tab")); /* to the pin */
  ui_test_wait (has_left, stage, "the focus to leave the graph");
  g_assert_true (xdotool ("xdotool key Tab"));
  ui_test_wait (has_focus, label, "the focus on the link");
  g_assert_true (xdotool ("xdotool key Return"));
  line.line = 12;
  ui_test_wait (is_on_line, &line, "the cursor on the line, by the keyboard");
  close_managed (window, manager);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/real-input/keys-and-pointer", test_keys_and_pointer);
  g_test_add_func ("/ui/real-input/transport-focus", test_transport_focus);
  g_test_add_func ("/ui/real-input/typing", test_typing);
  g_test_add_func ("/ui/real-input/answering", test_answering);
  g_test_add_func ("/ui/real-input/scale-switch", test_scale_switch);
  g_test_add_func ("/ui/real-input/line-links", test_line_links);
  return g_test_run ();
}
