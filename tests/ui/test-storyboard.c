/* SPDX-License-Identifier: MIT
 *
 * The demo, press by press, in the real window: boxes, edges, states, captions
 * and numbers of all 18 steps against real PyTorch's (seed 0, PyTorch 1.13.1),
 * back to the start, and forward again to the same pixels. */
#include "ui-test.h"

#include <string.h>

/* What each step says, and how many boxes that are made, pills and edges stand afterwards. */
static const struct { const char *caption; guint n_boxes, n_pills, line; } story[] = {
  { "Press Step: line 4 will create W_h.", 0, 0, 0 },
  { "W_h was created: a 20×20 leaf that will collect a gradient.", 1, 0, 4 },
  { "W_x was created: a 20×10 leaf that will collect a gradient.", 2, 0, 5 },
  { "x was created: 1×10, and it needs no gradient.", 3, 0, 6 },
  { "prev_h was created: 1×20, and it needs no gradient.", 4, 0, 7 },
  { "mm multiplied W_h (20×20) by prev_hᵀ (20×1) and made h2h (20×1).", 5, 1, 9 },
  { "mm multiplied W_x (20×10) by xᵀ (10×1) and made i2h (20×1).", 6, 2, 10 },
  { "+ added h2h and i2h entry by entry and made next_h (20×1).", 7, 3, 11 },
  { "tanh squashed every entry into −1…1; the name next_h now means this result.", 8, 4, 12 },
  { "sum added the 20 entries of next_h: loss = −0.6520.", 9, 5, 14 },
  { "backward() started at loss with gradient 1, because ∂loss/∂loss = 1.", 9, 5, 15 },
  { "SumBackward0 copied the gradient 1 to all 20 entries of next_h.", 9, 5, 15 },
  { "TanhBackward0 multiplied each gradient by 1 − next_h²; 12 of 20 are now almost 0.", 9, 5, 15 },
  { "AddBackward0 passed the same gradient, unchanged, to h2h and to i2h.", 9, 5, 15 },
  { "MmBackward0 multiplied the gradient by x and sent it to W_x; x needs none.", 9, 5, 15 },
  { "AccumulateGrad stored the gradient in W_x.grad (20×10, size 4.23", 9, 5, 15 },
  { "MmBackward0 multiplied the gradient by prev_h and sent it to W_h; prev_h needs none.", 9, 5, 15 },
  { "AccumulateGrad stored the gradient in W_h.grad (20×20, size 5.58", 9, 5, 15 },
  { "Backward is done and its saved values are freed, so a second backward() here would fail.", 9, 5, 15 },
};

static Player *
player_of (TdWindow *window)
{
  return td_run_get_player (td_window_get_run (window));
}

static const PlayerNode *
find (Player *player, const char *label, PlayerNodeKind kind)
{
  const PlayerGraph *graph = player_get_graph (player);
  const PlayerNode *found = NULL;

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);

      if (node->kind == kind && g_str_equal (node->label, label) && !node->outline)
        found = node;
    }
  return found;
}

static void
count (Player *player, guint *n_boxes, guint *n_pills)
{
  const PlayerGraph *graph = player_get_graph (player);

  *n_boxes = *n_pills = 0;
  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);

      if (node->kind == PLAYER_PILL)
        ++*n_pills;
      else if (!node->outline)
        ++*n_boxes;
    }
}

static void
check_step (TdWindow *window, guint step)
{
  Player *player = player_of (window);
  guint n_boxes, n_pills;

  if (!g_str_has_prefix (td_window_get_caption (window), story[step].caption))
    g_error ("step %u says “%s”, not “%s”", step, td_window_get_caption (window), story[step].caption);
  count (player, &n_boxes, &n_pills);
  g_assert_cmpuint (n_boxes, ==, story[step].n_boxes);
  g_assert_cmpuint (n_pills, ==, story[step].n_pills);
  g_assert_cmpuint (player_get_line (player, NULL), ==, story[step].line);
}

static double
norm_of (Player *player, guint64 shot)
{
  RecShot facts;
  RecStats stats;

  g_assert_true (rec_recording_get_shot (player_get_recording (player), shot, &facts));
  rec_shot_get_stats (&facts, &stats);
  return stats.norm;
}

static double
entry_of (Player *player, guint64 shot, gint64 index)
{
  RecShot facts;

  g_assert_true (rec_recording_get_shot (player_get_recording (player), shot, &facts));
  return rec_shot_get (&facts, index);
}

static void
check_forward_values (Player *player)
{
  const PlayerNode *weights = find (player, "W_h", PLAYER_BOX);
  const PlayerNode *loss = find (player, "loss", PLAYER_BOX);

  g_assert_cmpfloat_with_epsilon (entry_of (player, weights->shot, 0), -1.1258, 5e-5);
  g_assert_cmpfloat_with_epsilon (entry_of (player, weights->shot, 1), -1.1524, 5e-5);
  g_assert_cmpfloat_with_epsilon (entry_of (player, weights->shot, 2), -0.2506, 5e-5);
  g_assert_cmpfloat_with_epsilon (entry_of (player, loss->shot, 0), -0.65202534, 1e-5);
  g_assert_true (loss->is_output);
  g_assert_cmpfloat_with_epsilon (norm_of (player, find (player, "next_h", PLAYER_BOX)->shot), 4.17, 5e-3);
}

static void
check_final_values (Player *player)
{
  const PlayerNode *hidden = find (player, "W_h", PLAYER_BOX), *input = find (player, "W_x", PLAYER_BOX);

  g_assert_cmpint (hidden->grad_state, ==, PLAYER_GRAD_KEPT);
  g_assert_cmpint (input->grad_state, ==, PLAYER_GRAD_KEPT);
  g_assert_cmpint (find (player, "i2h", PLAYER_BOX)->grad_state, ==, PLAYER_GRAD_PASSED);
  g_assert_cmpint (find (player, "x", PLAYER_BOX)->grad_state, ==, PLAYER_GRAD_NOT_REQUIRED);
  g_assert_cmpfloat_with_epsilon (norm_of (player, hidden->grad_shot), 5.5820956, 1e-5);
  g_assert_cmpfloat_with_epsilon (norm_of (player, input->grad_shot), 4.2296357, 1e-5);
  g_assert_cmpfloat_with_epsilon (entry_of (player, input->grad_shot, 11 * 10 + 3), 1.7496, 5e-5);
  g_assert_cmpfloat_with_epsilon (entry_of (player, hidden->grad_shot, 11 * 20 + 5), 2.2360, 5e-5);
}

static gboolean
has_entry (gpointer data)
{
  g_autofree char *text = td_inspector_dup_text (td_window_get_inspector (data));

  return strstr (text, "∂loss/∂W_x[11,3]") != NULL && strstr (text, "0.8956 × 1.9536") != NULL &&
         strstr (text, "+1.7496") != NULL;
}

static void
test_storyboard (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);
  Player *player = player_of (window);
  GdkTexture *pictures[19] = { NULL };

  ui_test_open_demo (window);
  check_step (window, 0);
  for (guint step = 1; step <= 18; step++)
    {
      ui_test_step (window, step);
      check_step (window, step);
      if (step == 9)
        check_forward_values (player);
      if (step == 14)
        ui_test_wait (has_entry, window, "the numbers of W_x[11,3]");
    }
  ui_test_wait_over (window);
  g_assert_cmpuint (player_get_n_steps (player), ==, 18);
  check_final_values (player);
  /* Back to the start and forward again: same words, same pixels. */
  for (guint step = 18; step > 0; step--)
    {
      ui_test_wait_settled (window);
      pictures[step] = ui_test_render_widget (window, GTK_WIDGET (td_window_get_stage (window)));
      ui_test_press (window, "F7");
      check_step (window, step - 1);
    }
  for (guint step = 1; step <= 18; step++)
    {
      g_autoptr (GdkTexture) again = NULL;

      ui_test_step (window, step);
      check_step (window, step);
      ui_test_wait_settled (window);
      again = ui_test_render_widget (window, GTK_WIDGET (td_window_get_stage (window)));
      g_assert_cmpuint (ui_test_count_different (pictures[step], again), ==, 0);
    }
  g_assert_cmpuint (ui_test_count_different (pictures[17], pictures[18]), >, 100);
  for (guint k = 0; k < G_N_ELEMENTS (pictures); k++)
    g_clear_object (&pictures[k]);
  ui_test_window_destroy (window);
}

static void
test_by_line (void)
{
  TdWindow *window = ui_test_window_new (1024, 700);
  Player *player = player_of (window);

  ui_test_open_demo (window);
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  g_assert_cmpuint (player_get_position (player), ==, 18);
  player_set_granularity (player, PLAYER_BY_LINE);
  g_assert_cmpuint (player_get_count_steps (player), ==, 10);
  for (guint k = 10; k > 0; k--)
    {
      g_assert_cmpuint (player_get_count_position (player), ==, k);
      ui_test_press (window, "F7");
    }
  g_assert_cmpuint (player_get_position (player), ==, 0);
  ui_test_window_destroy (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/storyboard", test_storyboard);
  g_test_add_func ("/ui/by-line", test_by_line);
  return g_test_run ();
}
