/* SPDX-License-Identifier: MIT
 *
 * Graphs that are hard to lay out: a loop over shared parameters stands there at
 * once, each parameter once per use and all uses lit as one; a graph that takes too
 * long is given up with a plain sentence and keeps nothing else from being drawn. */
#include "ui-test.h"

#include <string.h>

/* Unnamed results, each used again and again: nothing that could be drawn apart. */
static const char tangle[] =
  "import torch\n"
  "t = [torch.ones(2, requires_grad=True) * 1]\n"
  "for i in range(90):\n"
  "    n = len(t)\n"
  "    t.append(torch.stack([t[(n - 1) * k // 7] for k in range(8)]).sum(0))\n";

static const char loop[] =
  "import torch\n"
  "w = torch.ones(2, 2, requires_grad=True)\n"
  "b = torch.ones(2, requires_grad=True)\n"
  "h = torch.ones(1, 2)\n"
  "for i in range(100):\n"
  "    h = torch.tanh(h @ w + b)\n"
  "loss = h.sum()\n"
  "loss.backward()\n";

static Player *
player_of (TdWindow *window)
{
  return td_run_get_player (td_window_get_run (window));
}

static const PlayerNode *
find_box (TdWindow *window, const char *label)
{
  const PlayerGraph *graph = player_get_graph (player_of (window));

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    if (g_strcmp0 (player_graph_get_node (graph, k)->label, label) == 0)
      return player_graph_get_node (graph, k);
  g_error ("There is no %s on the stage", label);
}

static gboolean
note_says (TdWindow *window, const char *words)
{
  const char *note = td_stage_get_note (td_window_get_stage (window));
  return note != NULL && strstr (note, words) != NULL;
}

static gboolean
says_working (gpointer data)
{
  return note_says (data, "Finding places for");
}

static gboolean
says_given_up (gpointer data)
{
  return note_says (data, "No good places were found");
}

static void
run_script (TdWindow *window, const char *source)
{
  ui_test_set_script (window, source);
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
}

static void
assert_all_drawn (TdWindow *window)
{
  const PlayerGraph *graph = player_get_graph (player_of (window));
  double x, y;

  g_assert_null (td_stage_get_note (td_window_get_stage (window)));
  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    g_assert_true (td_stage_locate (td_window_get_stage (window), player_graph_get_node (graph, k)->id, &x, &y));
}

static void
test_shared_parameters (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);
  TdStage *stage = td_window_get_stage (window);
  guint w;

  layout_set_helper (ui_test_get_program (), LAYOUT_LIMIT_S);
  ui_test_open_demo (window);
  run_script (window, loop);
  ui_test_wait_settled (window);
  assert_all_drawn (window);
  w = find_box (window, "w")->id;
  g_assert_cmpuint (layout_result_get_n_uses (td_stage_get_layout (stage), w), ==, 100);
  g_assert_cmpuint (layout_result_get_n_uses (td_stage_get_layout (stage), find_box (window, "b")->id), ==, 100);
  ui_test_window_destroy (window);
}

/* Pointing at one box of w lights all of them: boxes far apart look different from before. */
static void
test_lit_together (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);
  TdStage *stage = td_window_get_stage (window);
  LayoutResult *layout;
  guint w;

  layout_set_helper (ui_test_get_program (), LAYOUT_LIMIT_S);
  ui_test_open_demo (window);
  run_script (window, loop);
  ui_test_wait_settled (window);
  td_stage_zoom_to (stage, 1);
  w = find_box (window, "w")->id;
  layout = td_stage_get_layout (stage);
  for (guint use = 0; use < 100; use += 33)
    {
      g_autoptr (GdkTexture) before = NULL, after = NULL;
      LayoutRect rect;

      g_assert_true (layout_result_get_use (layout, w, use, &rect));
      td_stage_go_to_use (stage, w, use);
      td_stage_select (stage, G_MAXUINT);
      ui_test_wait_settled (window);
      before = ui_test_render_widget (window, GTK_WIDGET (stage));
      td_stage_select (stage, w);
      ui_test_wait_settled (window);
      after = ui_test_render_widget (window, GTK_WIDGET (stage));
      g_assert_cmpuint (ui_test_count_different (before, after), >, 200);
    }
  ui_test_window_destroy (window);
}

static void
test_given_up (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);

  ui_test_open_demo (window);
  layout_set_helper (ui_test_get_program (), 1);
  run_script (window, tangle);
  ui_test_wait (says_given_up, window, "the stage to say that it gave up");
  ui_test_wait_settled (window);
  g_assert_true (note_says (window, "fewer"));
  /* where the graph is small it is drawn */
  player_set_position (player_of (window), 20);
  ui_test_wait_settled (window);
  assert_all_drawn (window);
  player_set_position (player_of (window), player_get_n_steps (player_of (window)));
  ui_test_wait_settled (window);
  g_assert_true (note_says (window, "No good places were found"));
  /* and so is the next script, at its end */
  run_script (window, loop);
  ui_test_wait_settled (window);
  assert_all_drawn (window);
  ui_test_window_destroy (window);
}

/* While one is being laid out, the next script does not wait for it. */
static void
test_next_script_does_not_wait (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);

  ui_test_open_demo (window);
  layout_set_helper (ui_test_get_program (), 3600);
  run_script (window, tangle);
  ui_test_wait (says_working, window, "the stage to say what it does");
  run_script (window, loop);
  ui_test_wait_settled (window);
  assert_all_drawn (window);
  ui_test_window_destroy (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/big-graphs/shared-parameters", test_shared_parameters);
  g_test_add_func ("/ui/big-graphs/lit-together", test_lit_together);
  if (g_getenv ("TAPEDECK_SANITIZED") == NULL) /* they race dot against a clock */
    {
      g_test_add_func ("/ui/big-graphs/given-up", test_given_up);
      g_test_add_func ("/ui/big-graphs/next-script-does-not-wait", test_next_script_does_not_wait);
    }
  return g_test_run ();
}
