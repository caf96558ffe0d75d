/* SPDX-License-Identifier: MIT
 *
 * How the window looks at a run: the scale of the colours, for all or per tensor. */
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

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/view/scale", test_scale);
  g_test_add_func ("/ui/view/scale-is-remembered", test_scale_is_remembered);
  g_test_add_func ("/ui/view/scale-of-picture", test_scale_of_picture);
  return g_test_run ();
}
