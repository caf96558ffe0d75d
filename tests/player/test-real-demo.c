/* SPDX-License-Identifier: MIT
 *
 * The demo as it really runs: all 18 captions to the letter and, at each step,
 * what the storyboard says is on the screen, with PyTorch's numbers for seed 0. */
#include "real-run.h"

static void
test_captions (void)
{
  static const char *const captions[] = {
    "Press Step: line 4 will create W_h.",
    "W_h was created: a 20×20 leaf that will collect a gradient.",
    "W_x was created: a 20×10 leaf that will collect a gradient.",
    "x was created: 1×10, and it needs no gradient.",
    "prev_h was created: 1×20, and it needs no gradient.",
    "mm multiplied W_h (20×20) by prev_hᵀ (20×1) and made h2h (20×1).",
    "mm multiplied W_x (20×10) by xᵀ (10×1) and made i2h (20×1).",
    "+ added h2h and i2h entry by entry and made next_h (20×1).",
    "tanh squashed every entry into −1…1; the name next_h now means this result.",
    "sum added the 20 entries of next_h: loss = −0.6520.",
    "backward() started at loss with gradient 1, because ∂loss/∂loss = 1.",
    "SumBackward0 copied the gradient 1 to all 20 entries of next_h.",
    "TanhBackward0 multiplied each gradient by 1 − next_h²; 12 of 20 are now almost 0.",
    "AddBackward0 passed the same gradient, unchanged, to h2h and to i2h.",
    "MmBackward0 multiplied the gradient by x and sent it to W_x; x needs none.",
    "AccumulateGrad stored the gradient in W_x.grad (20×10, size 4.23).",
    "MmBackward0 multiplied the gradient by prev_h and sent it to W_h; prev_h needs none.",
    "AccumulateGrad stored the gradient in W_h.grad (20×20, size 5.58).",
    "Backward is done and its saved values are freed, so a second backward() here would fail.",
  };
  g_autoptr (Player) player = real_run_example ("dynamic_graph.py");

  g_assert_cmpuint (player_get_n_steps (player), ==, 18);
  for (guint n = 0; n <= 18; n++)
    g_assert_cmpstr (player_get_caption (player, n), ==, captions[n]);
  g_assert_cmpstr (player_get_next (player, 14), ==, "Next: AccumulateGrad stores it in W_x.grad");
  g_assert_cmpstr (player_get_next (player, 18), ==,
                   "The script ended after 18 steps; step back at any time, nothing is run again.");
  player_set_granularity (player, PLAYER_BY_LINE);
  g_assert_cmpuint (player_get_count_steps (player), ==, 10);
}

static void
test_forward (void)
{
  g_autoptr (Player) player = real_run_example ("dynamic_graph.py");
  const PlayerEdge *edge;

  player_set_position (player, 4);
  g_assert_cmpint (real_box (player, "W_h")->grad_state, ==, PLAYER_GRAD_NONE_YET);
  g_assert_cmpint (real_box (player, "prev_h")->grad_state, ==, PLAYER_GRAD_NOT_REQUIRED);
  player_set_position (player, 5);
  edge = real_edge (player, real_box (player, "prev_h")->id, real_pill (player, "mm", 9)->id);
  g_assert_cmpstr (edge->tag, ==, "ᵀ 20×1");
  g_assert_cmpuint (real_box (player, "prev_h")->n_saved, ==, 1);
  g_assert_cmpuint (real_box (player, "W_h")->n_saved, ==, 0);
  g_assert_cmpuint (player_get_motion (player)->n_pulses, ==, 3);
  player_set_position (player, 7);
  g_assert_cmpfloat_with_epsilon (real_norm (player, real_box (player, "next_h")->shot), 26.0, 0.05);
  g_assert_cmpstr (real_pill (player, "+", 11)->label, ==, "+");
  player_set_position (player, 8);
  g_assert_true (real_box (player, "next_h (line 11)")->dimmed);
  g_assert_cmpfloat_with_epsilon (real_norm (player, real_box (player, "next_h")->shot), 4.17, 0.005);
  g_assert_cmpstr (real_box (player, "next_h")->badge, ==, "12 of 20 nearly ±1");
  player_set_position (player, 9);
  g_assert_true (real_box (player, "loss")->is_output);
}

static void
test_backward (void)
{
  g_autoptr (Player) player = real_run_example ("dynamic_graph.py");
  const PlayerNode *mm;

  player_set_position (player, 11);
  g_assert_cmpfloat_with_epsilon (real_norm (player, real_box (player, "next_h")->grad_shot), 4.472, 0.0005);
  g_assert_cmpstr (real_pill (player, "sum", 14)->factor, ==, "copies 1 to all 20");
  player_set_position (player, 12);
  g_assert_cmpuint (real_box (player, "next_h")->n_saved, ==, 0);
  g_assert_cmpfloat_with_epsilon (real_norm (player, real_box (player, "next_h (line 11)")->grad_shot), 1.270, 0.0005);
  player_set_position (player, 13);
  g_assert_cmpuint (real_pill (player, "mm", 10)->ready_nr, ==, 1);
  g_assert_cmpuint (real_pill (player, "mm", 9)->ready_nr, ==, 2);
  g_assert_cmpuint (real_box (player, "h2h")->grad_shot, !=, 0);
  player_set_position (player, 14);
  mm = real_pill (player, "mm", 10);
  g_assert_cmpint (mm->pill_state, ==, PLAYER_PILL_LIT);
  g_assert_cmpstr (mm->factor, ==, "× xᵀ");
  g_assert_cmpint (real_box (player, "W_x")->grad_state, ==, PLAYER_GRAD_ARRIVING);
  g_assert_true (real_edge (player, real_box (player, "W_x")->id, mm->id)->passed);
  g_assert_false (real_edge (player, real_box (player, "x")->id, mm->id)->passed);
  g_assert_cmpstr (player_get_status (player), ==, "paused in line 15 · backward");
  player_set_position (player, 15);
  g_assert_cmpfloat_with_epsilon (real_norm (player, real_box (player, "W_x")->grad_shot), 4.2296357, 1e-5);
  player_set_position (player, 17);
  g_assert_cmpfloat_with_epsilon (real_norm (player, real_box (player, "W_h")->grad_shot), 5.5820956, 1e-5);
  player_set_position (player, 18);
  for (guint k = 0; k < player_graph_get_n_nodes (player_get_graph (player)); k++)
    g_assert_cmpuint (player_graph_get_node (player_get_graph (player), k)->n_saved, ==, 0);
}

static void
test_inspector (void)
{
  g_autoptr (Player) player = real_run_example ("dynamic_graph.py");
  g_autoptr (PlayerExplanation) mm = NULL;

  player_set_position (player, 14);
  mm = player_explain (player, player_get_focus (player));
  g_assert_cmpstr (mm->title, ==, "mm  matrix product");
  g_assert_cmpstr (mm->subtitle, ==, "MmBackward0 · line 10");
  g_assert_cmpstr (mm->formula, ==, "i2h = W_x · xᵀ");
  g_assert_cmpstr (mm->sizes, ==, "20×10 · 10×1");
  g_assert_cmpstr (mm->derivatives->pdata[0], ==, "∂loss/∂W_x = ∂loss/∂i2h · x");
  g_assert_cmpstr (mm->words, ==, "mm multiplies by the other matrix, transposed");
  g_assert_cmpstr (((PlayerFact *) mm->facts->pdata[0])->note, ==, "size 1.270");
  g_assert_cmpstr (((PlayerFact *) mm->facts->pdata[1])->note, ==, "size 4.230");
  g_assert_cmpstr (((PlayerFact *) mm->facts->pdata[2])->note, ==, "not required");
  g_assert_cmpint (mm->element_index, ==, 11 * 10 + 3);
}

static void
test_identity (void)
{
  g_autoptr (Player) player = real_run_example ("dynamic_graph.py");
  real_check_identity (player);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/real/captions", test_captions);
  g_test_add_func ("/player/real/forward", test_forward);
  g_test_add_func ("/player/real/backward", test_backward);
  g_test_add_func ("/player/real/inspector", test_inspector);
  g_test_add_func ("/player/real/identity", test_identity);
  return g_test_run ();
}
