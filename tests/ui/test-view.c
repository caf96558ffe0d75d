/* SPDX-License-Identifier: MIT
 *
 * How the window looks at a run: the scale of the colours, for all or per tensor; which
 * line of the script belongs to which nodes. */
#include "ui-test.h"

#include "painter/painter.h"
#include "player/explain.h"

#include <glib/gstdio.h>
#include <string.h>

static Player *
player_of (TdWindow *window)
{
  return td_run_get_player (td_window_get_run (window));
}

static const PlayerNode *
find_node (TdWindow *window, const char *label)
{
  const PlayerGraph *graph = player_get_graph (player_of (window));

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    if (g_str_equal (player_graph_get_node (graph, k)->label, label))
      return player_graph_get_node (graph, k);
  g_error ("there is no %s", label);
}

static TdWindow *
ended (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);

  ui_test_open_demo (window);
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  ui_test_wait_settled (window);
  return window;
}

static double
height_of (TdWindow *window, const char *label)
{
  LayoutRect rect;

  g_assert_true (layout_result_get_node (td_stage_get_layout (td_window_get_stage (window)),
                                         find_node (window, label)->id, &rect));
  return rect.height;
}

static gboolean
inspector_says (TdWindow *window, const char *part)
{
  g_autofree char *text = td_inspector_dup_text (td_window_get_inspector (window));

  return strstr (text, part) != NULL;
}

/* --- scales ---------------------------------------------------------------------- */

static void
test_scale (void)
{
  TdWindow *window = ended ();
  TdStage *stage = td_window_get_stage (window);
  const PlayerNode *h2h = find_node (window, "h2h");
  RecRecording *recording = player_get_recording (player_of (window));
  g_autofree char *scale = paint_format_scale (paint_shot_scale (recording, h2h->shot));
  g_autofree char *line = g_strdup_printf ("scale %s\n", scale);
  g_autofree char *numbers = NULL, *words = NULL, *again = NULL;
  g_autoptr (GdkTexture) before = NULL, own = NULL, after = NULL;
  double height = height_of (window, "h2h"), loss = height_of (window, "loss"), value, gradient;

  td_stage_select (stage, h2h->id);
  numbers = td_legend_dup_text (td_window_get_legend (window));
  before = ui_test_render (window);
  g_assert_false (inspector_says (window, line));
  ui_test_press (window, "<Control><Shift>t");
  ui_test_wait_settled (window);
  own = ui_test_render (window);
  td_stage_get_scales (stage, &value, &gradient);
  g_assert_cmpfloat (value, ==, 0);
  g_assert_cmpfloat (gradient, ==, 0);
  g_assert_true (inspector_says (window, line));
  words = td_legend_dup_text (td_window_get_legend (window));
  g_assert_cmpstr (words, ==, "values −scale 0 +scale; gradients −scale 0 +scale");
  g_assert_cmpfloat (height_of (window, "h2h"), >, height + 8);
  g_assert_cmpfloat (height_of (window, "loss"), ==, loss);      /* one entry has no map */
  g_assert_cmpuint (ui_test_count_different (before, own), >, 1000);
  ui_test_press (window, "<Control><Shift>t");
  ui_test_wait_settled (window);
  again = td_legend_dup_text (td_window_get_legend (window));
  g_assert_cmpstr (again, ==, numbers);
  g_assert_false (inspector_says (window, line));
  g_assert_cmpfloat (height_of (window, "h2h"), ==, height);
  ui_test_window_destroy (window);
}

/* It is remembered with the script, not with the app. */
static void
test_scale_is_remembered (void)
{
  TdWindow *window = ui_test_window_new (1440, 900), *again;

  ui_test_open_demo (window);
  ui_test_press (window, "<Control><Shift>t");
  g_assert_true (td_stage_get_scale_per_tensor (td_window_get_stage (window)));
  td_window_open_example (window, "linear_regression.py");
  g_assert_false (td_stage_get_scale_per_tensor (td_window_get_stage (window)));
  gtk_window_close (GTK_WINDOW (window));
  again = ui_test_window_new (1440, 900);
  ui_test_open_demo (again);
  g_assert_true (td_stage_get_scale_per_tensor (td_window_get_stage (again)));
  ui_test_press (again, "<Control><Shift>t");
  gtk_window_close (GTK_WINDOW (again));
}

static gboolean
is_saved (gpointer data)
{
  return !td_window_is_exporting (data);
}

/* A saved picture is coloured as the screen is, and says the scales. */
static void
test_scale_of_picture (void)
{
  TdWindow *window = ended ();
  RecRecording *recording = player_get_recording (player_of (window));
  g_autofree char *scale = paint_format_scale (paint_shot_scale (recording, find_node (window, "h2h")->shot));
  g_autofree char *folder = g_dir_make_tmp ("tapedeck-view-XXXXXX", NULL), *path = g_build_filename (folder, "p.svg", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  for (guint own = 0; own < 2; own++)
    {
      g_autofree char *text = NULL;

      td_window_save_picture (window, file);
      ui_test_wait (is_saved, window, "the picture");
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_assert_cmpint (strstr (text, scale) != NULL, ==, own);
      ui_test_press (window, "<Control><Shift>t");
    }
  g_assert_true (g_file_delete (file, NULL, NULL));
  g_rmdir (folder);
  ui_test_window_destroy (window);
}

/* --- lines ----------------------------------------------------------------------- */

static TdScriptView *
view_of (TdWindow *window)
{
  return td_window_get_script_view (window);
}

/* The cursor to a line, and the focus into the editor. */
static void
edit_line (TdWindow *window, guint line)
{
  td_script_view_go_to_line (view_of (window), line);
}

static guint
pill_of (TdWindow *window, const char *label, guint line)
{
  const PlayerGraph *graph = player_get_graph (player_of (window));

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);
      if (node->kind == PLAYER_PILL && node->line == line && g_str_equal (node->label, label))
        return node->id;
    }
  g_error ("there is no %s of line %u", label, line);
}

static void
test_line_to_nodes (void)
{
  TdWindow *window = ended ();
  TdStage *stage = td_window_get_stage (window);

  g_assert_cmpuint (td_stage_get_n_marked (stage), ==, 0);
  edit_line (window, 9);
  g_assert_cmpuint (td_stage_get_n_marked (stage), ==, 2);
  g_assert_true (td_stage_is_marked (stage, find_node (window, "h2h")->id));
  g_assert_true (td_stage_is_marked (stage, pill_of (window, "mm", 9)));
  edit_line (window, 2);
  g_assert_cmpuint (td_stage_get_n_marked (stage), ==, 0);
  edit_line (window, 4);
  g_assert_true (td_stage_is_marked (stage, find_node (window, "W_h")->id));
  edit_line (window, 12);
  g_assert_true (td_stage_is_marked (stage, pill_of (window, "tanh", 12)));
  ui_test_go_to (window, 7); /* line 12 has made nothing yet */
  g_assert_cmpuint (td_stage_get_n_marked (stage), ==, 0);
  ui_test_go_to (window, 8);
  g_assert_cmpuint (td_stage_get_n_marked (stage), ==, 2);
  gtk_widget_grab_focus (GTK_WIDGET (stage)); /* nobody reads the line any more */
  g_assert_cmpuint (td_stage_get_n_marked (stage), ==, 0);
  ui_test_window_destroy (window);
}

static void
expect_pointed (TdWindow *window, guint first, guint last)
{
  guint end;

  g_assert_cmpuint (td_script_view_get_pointed (view_of (window), &end), ==, first);
  g_assert_cmpuint (end, ==, last);
}

static GdkTexture *
render_editor (TdWindow *window)
{
  ui_test_wait_settled (window);
  return ui_test_render_widget (window, td_script_view_get_editor (view_of (window)));
}

/* A selected node marks its line; on the position's line that changes no more than the bar. */
static void
test_node_to_line (void)
{
  TdWindow *window = ended ();
  TdStage *stage = td_window_get_stage (window);
  g_autoptr (GdkTexture) plain = NULL, elsewhere = NULL, here = NULL;

  gtk_widget_grab_focus (GTK_WIDGET (stage));
  ui_test_go_to (window, 5); /* line 9 */
  expect_pointed (window, 0, 0);
  plain = render_editor (window);
  td_stage_select (stage, find_node (window, "W_x")->id);
  expect_pointed (window, 5, 5);
  elsewhere = render_editor (window);
  g_assert_cmpuint (ui_test_count_different (plain, elsewhere), >, 3000);
  td_stage_select (stage, find_node (window, "h2h")->id);
  expect_pointed (window, 9, 9);
  here = render_editor (window);
  g_assert_cmpuint (ui_test_count_different (plain, here), >, 20);
  g_assert_cmpuint (ui_test_count_different (plain, here), <, 200);
  ui_test_go_to (window, 2); /* h2h is not there yet */
  expect_pointed (window, 0, 0);
  ui_test_window_destroy (window);
}

/* The value on an edge belongs to the line that made it. */
static void
test_edge_to_line (void)
{
  TdWindow *window = ended ();
  const PlayerGraph *graph = player_get_graph (player_of (window));

  for (guint k = 0; k < player_graph_get_n_edges (graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph, k);
      guint line = player_graph_find_node (graph, edge->from)->line;

      td_stage_select_edge (td_window_get_stage (window), edge->id);
      expect_pointed (window, line, line);
    }
  ui_test_window_destroy (window);
}

/* The text is long: the line comes into view, the cursor stays where it is. */
static void
test_scrolls (void)
{
  g_autoptr (GString) source = g_string_new ("import torch\nfirst = torch.ones(2)\n");
  TdWindow *window = ui_test_window_new (1440, 900);
  GtkTextView *editor = GTK_TEXT_VIEW (td_script_view_get_editor (view_of (window)));
  GdkRectangle seen;

  for (guint k = 0; k < 150; k++)
    g_string_append (source, "# nothing\n");
  g_string_append (source, "last = first + 1\n");
  ui_test_open_demo (window);
  ui_test_set_script (window, source->str);
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  ui_test_wait_settled (window);
  gtk_text_view_get_visible_rect (editor, &seen);
  g_assert_cmpint (seen.y, >, 500); /* the position is on the last line */
  td_stage_select (td_window_get_stage (window), find_node (window, "first")->id);
  ui_test_wait_settled (window);
  gtk_text_view_get_visible_rect (editor, &seen);
  g_assert_cmpint (seen.y, <, 40);
  expect_pointed (window, 2, 2);
  ui_test_window_destroy (window);
}

static void
test_jump (void)
{
  TdWindow *window = ended ();
  TdStage *stage = td_window_get_stage (window);
  GtkWidget *editor = td_script_view_get_editor (view_of (window));

  edit_line (window, 10);
  ui_test_press (window, "<Control>j");
  g_assert_cmpuint (td_stage_get_selected (stage), ==, pill_of (window, "mm", 10));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == GTK_WIDGET (stage));
  ui_test_press (window, "<Control>j");
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == editor);
  g_assert_cmpuint (td_script_view_get_cursor_line (view_of (window)), ==, 10);
  ui_test_press (window, "<Control>j");
  g_assert_cmpuint (td_stage_get_selected (stage), ==, find_node (window, "i2h")->id);
  td_stage_select (stage, find_node (window, "W_h")->id);
  ui_test_press (window, "<Control>j");
  g_assert_cmpuint (td_script_view_get_cursor_line (view_of (window)), ==, 4);
  edit_line (window, 2);
  ui_test_press (window, "<Control>j");
  g_assert_cmpstr (td_window_get_message (window), ==,
                   "Line 2 made nothing that is in the graph at this step.");
  ui_test_window_destroy (window);
}

/* After an edit the lines of the run are not those of the text: nothing is marked wrongly. */
static void
test_edited (void)
{
  TdWindow *window = ended ();
  TdStage *stage = td_window_get_stage (window);

  td_stage_select (stage, find_node (window, "h2h")->id);
  edit_line (window, 9);
  g_assert_cmpuint (td_stage_get_n_marked (stage), ==, 2);
  expect_pointed (window, 9, 9);
  ui_test_set_script (window, "import torch\n\n\nx = torch.ones(2)\n");
  expect_pointed (window, 0, 0);
  for (guint line = 1; line <= 4; line++)
    {
      edit_line (window, line);
      g_assert_cmpuint (td_stage_get_n_marked (stage), ==, 0);
    }
  ui_test_press (window, "<Control>j");
  g_assert_true (g_str_has_prefix (td_window_get_message (window), "The code changed since this run"));
  ui_test_window_destroy (window);
}

/* --- places ---------------------------------------------------------------------- */

#define N_BLOCKS 5

/* Residual blocks: the order kept while it grows is not the one of the whole. */
static char *
dup_residual (void)
{
  GString *source = g_string_new ("import torch\nx = torch.ones(2, 3)\n");

  for (guint k = 0; k < N_BLOCKS; k++)
    g_string_append_printf (source, "w%u = torch.ones(3, 3, requires_grad=True)\nv%u = torch.ones(3, 3, requires_grad=True)\n"
                                    "h%u = (x @ w%u).tanh() @ v%u\nx = x + h%u\n", k, k, k, k, k, k);
  g_string_append (source, "y = x.sum()\n");
  return g_string_free (source, FALSE);
}

/* Operation by operation. */
static void
grow (TdWindow *window)
{
  for (guint step = 1; step <= 6 * N_BLOCKS + 2; step++)
    {
      ui_test_step (window, step);
      ui_test_wait_settled (window);
    }
}

static gboolean
same_as_fresh (TdWindow *window)
{
  TdStage *stage = td_window_get_stage (window);
  const PlayerGraph *graph = player_get_final_graph (player_of (window));
  g_autoptr (LayoutInput) input = layout_input_new (graph, paint_measure_node, paint_measure_tag, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (LayoutResult) fresh = layout_run (input, NULL, G_MAXUINT, &error);
  LayoutRect first, fresh_first;
  gboolean same = TRUE;

  g_assert_no_error (error);
  g_assert_true (layout_result_get_node (td_stage_get_layout (stage), player_graph_get_node (graph, 0)->id, &first));
  g_assert_true (layout_result_get_node (fresh, player_graph_get_node (graph, 0)->id, &fresh_first));
  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      LayoutRect now, then;
      guint id = player_graph_get_node (graph, k)->id;

      g_assert_true (layout_result_get_node (td_stage_get_layout (stage), id, &now));
      g_assert_true (layout_result_get_node (fresh, id, &then));
      same = same && ABS (now.x - first.x - (then.x - fresh_first.x)) < 0.1
             && ABS (now.y - first.y - (then.y - fresh_first.y)) < 0.1;
    }
  return same;
}

static void
tidied_cb (int *moved, gboolean has_moved)
{
  *moved = has_moved;
}

static gboolean
is_known (gpointer data)
{
  return *(int *) data >= 0;
}

/* Places kept while the graph grew give way to those of the whole; again, nothing moves and it says so. */
static void
test_tidy (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);
  TdStage *stage = td_window_get_stage (window);
  g_autofree char *source = dup_residual ();
  int moved = -1;

  ui_test_open_demo (window);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.tidy", NULL));
  ui_test_wait_settled (window);
  ui_test_set_script (window, source);
  g_signal_connect_swapped (stage, "tidied", G_CALLBACK (tidied_cb), &moved);
  grow (window);
  g_assert_false (same_as_fresh (window));
  ui_test_press (window, "<Control>t");
  ui_test_wait (is_known, &moved, "the tidy graph");
  g_assert_cmpint (moved, ==, TRUE);
  ui_test_wait_settled (window);
  g_assert_true (same_as_fresh (window));
  moved = -1;
  ui_test_press (window, "<Control>t");
  ui_test_wait (is_known, &moved, "the graph that was tidy");
  g_assert_cmpint (moved, ==, FALSE);
  g_assert_true (same_as_fresh (window));
  g_signal_handlers_disconnect_by_data (stage, &moved);
  ui_test_window_destroy (window);
}

/* Boxes glide to their new places as they do when the graph grows. */
static void
test_tidy_glides (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);
  TdStage *stage = td_window_get_stage (window);
  g_autofree char *source = dup_residual ();
  int moved = -1;

  ui_test_open_demo (window);
  ui_test_set_script (window, source);
  grow (window);
  td_stage_set_animate (stage, TRUE);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);
  g_signal_connect_swapped (stage, "tidied", G_CALLBACK (tidied_cb), &moved);
  ui_test_press (window, "<Control>t");
  ui_test_wait (is_known, &moved, "the tidy graph");
  g_assert_true (td_stage_is_gliding (stage));
  ui_test_wait_settled (window);
  g_assert_true (same_as_fresh (window));
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  g_signal_handlers_disconnect_by_data (stage, &moved);
  ui_test_window_destroy (window);
}

/* --- folds ----------------------------------------------------------------------- */

static void
test_folds (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);
  TdStage *stage = td_window_get_stage (window);
  g_autofree char *text = NULL, *earlier = NULL;
  LayoutRect rect;

  ui_test_open_demo (window);
  g_assert_false (td_stage_get_folds_rect (stage, &rect));
  ui_test_set_script (window, "import torch\nw = torch.ones(2, requires_grad=True)\nfor k in range(20):\n"
                              "    y = (w * w).sum()\n    y.backward()\n");
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  ui_test_wait_settled (window);
  text = td_stage_dup_folds (stage);
  g_assert_cmpstr (text, ==, "19 iterations of the loop in line 3 are folded into what is shown.");
  g_assert_true (td_stage_get_folds_rect (stage, &rect));
  g_assert_cmpfloat (rect.y + rect.height, <, gtk_widget_get_height (GTK_WIDGET (stage)));
  ui_test_go_to (window, 2);
  earlier = td_stage_dup_folds (stage);
  g_assert_null (earlier);
  g_assert_false (td_stage_get_folds_rect (stage, &rect));
  ui_test_window_destroy (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/view/scale", test_scale);
  g_test_add_func ("/ui/view/scale-is-remembered", test_scale_is_remembered);
  g_test_add_func ("/ui/view/scale-of-picture", test_scale_of_picture);
  g_test_add_func ("/ui/view/line-to-nodes", test_line_to_nodes);
  g_test_add_func ("/ui/view/node-to-line", test_node_to_line);
  g_test_add_func ("/ui/view/edge-to-line", test_edge_to_line);
  g_test_add_func ("/ui/view/scrolls", test_scrolls);
  g_test_add_func ("/ui/view/jump", test_jump);
  g_test_add_func ("/ui/view/edited", test_edited);
  g_test_add_func ("/ui/view/tidy", test_tidy);
  g_test_add_func ("/ui/view/tidy-glides", test_tidy_glides);
  g_test_add_func ("/ui/view/folds", test_folds);
  return g_test_run ();
}
