/* SPDX-License-Identifier: MIT
 *
 * The storyboard of the demo on a recording made by hand: steps, lines, what is
 * on the screen after each, captions, motion, and that undoing is exact. */
#include "player/explain.h"
#include "player/graph-private.h"
#include "tape.h"

static Player *
demo_player (Tape **tape)
{
  Player *player = player_new ();

  *tape = tape_new_demo ();
  player_set_recording (player, (*tape)->recording);
  return player;
}

static const PlayerNode *
find (Player *player, PlayerNodeKind kind, const char *label)
{
  const PlayerGraph *graph = player_get_graph (player);

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);
      if (node->kind == kind && g_strcmp0 (node->label, label) == 0)
        return node;
    }
  return NULL;
}

static const PlayerNode *
box (Player *player, const char *label)
{
  const PlayerNode *node = find (player, PLAYER_BOX, label);
  g_assert_nonnull (node);
  return node;
}

static const PlayerNode *
pill_on_line (Player *player, guint line)
{
  const PlayerGraph *graph = player_get_graph (player);

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);
      if (node->kind == PLAYER_PILL && node->line == line)
        return node;
    }
  g_assert_not_reached ();
}

static const PlayerEdge *
edge_between (Player *player, guint from, guint to)
{
  const PlayerGraph *graph = player_get_graph (player);

  for (guint k = 0; k < player_graph_get_n_edges (graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph, k);
      if (edge->from == from && edge->to == to)
        return edge;
    }
  return NULL;
}

static void
test_steps (void)
{
  static const guint lines[] = { 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 15, 15, 15, 15, 15, 15, 15, 15 };
  g_autoptr (Tape) tape = NULL;
  g_autoptr (Player) player = demo_player (&tape);

  g_assert_cmpuint (player_get_n_steps (player), ==, 18);
  for (guint n = 1; n <= 18; n++)
    {
      const PlayerStep *step = player_get_step (player, n);
      g_assert_cmpuint (step->line, ==, lines[n - 1]);
      g_assert_cmpint (step->ends_line, ==, n <= 9 || n == 18);
      g_assert_cmpint (step->phase, ==, n >= 10 ? PLAYER_PHASE_BACKWARD : PLAYER_PHASE_FORWARD);
    }
  player_set_granularity (player, PLAYER_BY_LINE);
  g_assert_cmpuint (player_get_count_steps (player), ==, 10);
  g_assert_cmpuint (player_from_count (player, 10), ==, 18);
  player_set_position (player, 9);
  g_assert_cmpuint (player_get_count_position (player), ==, 9);
  g_assert_true (player_step_forward (player));
  g_assert_cmpuint (player_get_position (player), ==, 18);
  g_assert_true (player_is_finished (player));
  g_assert_cmpuint (player_get_motion (player)->n_waves, >=, 8);
  g_assert_true (player_step_back (player));
  g_assert_cmpuint (player_get_position (player), ==, 9);
}

static void
test_leaves (void)
{
  g_autoptr (Tape) tape = NULL;
  g_autoptr (Player) player = demo_player (&tape);
  const PlayerNode *node;

  g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player)), ==, 0);
  g_assert_cmpstr (player_get_caption (player, 0), ==, "Press Step: line 4 will create W_h.");
  player_set_position (player, 4);
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player)), ==, 4);
  node = box (player, "W_x");
  g_assert_true (node->is_leaf && node->requires_grad);
  g_assert_cmpint (node->grad_state, ==, PLAYER_GRAD_NONE_YET);
  node = box (player, "prev_h");
  g_assert_cmpint (node->grad_state, ==, PLAYER_GRAD_NOT_REQUIRED);
  g_assert_true (node->lit);
  g_assert_false (box (player, "x")->lit);
  g_assert_cmpuint (player_get_focus (player), ==, node->id);
  g_assert_cmpuint (player_get_motion (player)->n_pulses, ==, 0);
}

static void
test_forward (void)
{
  g_autoptr (Tape) tape = NULL;
  g_autoptr (Player) player = demo_player (&tape);
  const PlayerNode *mm;
  const PlayerEdge *edge;

  player_set_position (player, 5);
  mm = pill_on_line (player, 9);
  g_assert_cmpstr (mm->label, ==, "mm");
  g_assert_cmpint (mm->pill_state, ==, PLAYER_PILL_FORWARD);
  edge = edge_between (player, box (player, "prev_h")->id, mm->id);
  g_assert_nonnull (edge);
  g_assert_cmpstr (edge->tag, ==, "ᵀ 20×1");
  g_assert_false (edge->needs_grad);
  edge = edge_between (player, box (player, "W_h")->id, mm->id);
  g_assert_null (edge->tag);
  g_assert_true (edge->needs_grad);
  g_assert_nonnull (edge_between (player, mm->id, box (player, "h2h")->id));
  g_assert_cmpuint (box (player, "prev_h")->n_saved, ==, 1);
  g_assert_cmpuint (box (player, "W_h")->n_saved, ==, 0);
  g_assert_cmpuint (player_get_motion (player)->n_pulses, ==, 3);
  g_assert_cmpuint (player_get_motion (player)->n_waves, ==, 2);
  g_assert_false (player_get_motion (player)->pulses[0].backward);
  player_set_position (player, 7);
  g_assert_false (box (player, "next_h")->dimmed);
  player_set_position (player, 8);
  g_assert_true (box (player, "next_h (line 11)")->dimmed);
  g_assert_cmpstr (box (player, "next_h")->badge, !=, NULL);
  g_assert_cmpuint (box (player, "next_h")->n_saved, ==, 1);
  player_set_position (player, 9);
  g_assert_true (box (player, "loss")->is_output);
  g_assert_cmpint (box (player, "loss")->grad_state, ==, PLAYER_GRAD_NO_ROW);
  g_assert_cmpuint (player_get_n_variables (player), ==, 8);
}

static void
test_backward (void)
{
  g_autoptr (Tape) tape = NULL;
  g_autoptr (Player) player = demo_player (&tape);
  const PlayerNode *i2h_mm, *h2h_mm;

  player_set_position (player, 10);
  g_assert_cmpint (player_get_phase (player), ==, PLAYER_PHASE_BACKWARD);
  g_assert_cmpint (box (player, "loss")->grad_state, ==, PLAYER_GRAD_PASSING);
  g_assert_cmpuint (pill_on_line (player, 14)->ready_nr, ==, 1);
  player_set_position (player, 11);
  g_assert_cmpint (pill_on_line (player, 14)->pill_state, ==, PLAYER_PILL_LIT);
  g_assert_cmpstr (pill_on_line (player, 14)->factor, ==, "copies 1 to all 20");
  g_assert_cmpint (box (player, "loss")->grad_state, ==, PLAYER_GRAD_PASSED);
  g_assert_cmpint (box (player, "next_h")->grad_state, ==, PLAYER_GRAD_PASSING);
  g_assert_cmpuint (box (player, "next_h")->n_saved, ==, 1);
  player_set_position (player, 12);
  g_assert_cmpuint (box (player, "next_h")->n_saved, ==, 0);
  g_assert_cmpstr (pill_on_line (player, 12)->factor, ==, "× (1 − next_h²)");
  player_set_position (player, 13);
  i2h_mm = pill_on_line (player, 10);
  h2h_mm = pill_on_line (player, 9);
  g_assert_cmpuint (i2h_mm->ready_nr, ==, 1);
  g_assert_cmpuint (h2h_mm->ready_nr, ==, 2);
  g_assert_cmpint (i2h_mm->pill_state, ==, PLAYER_PILL_READY);
  g_assert_cmpstr (pill_on_line (player, 11)->factor, ==, "× 1 to both");
  g_assert_cmpint (box (player, "h2h")->grad_state, ==, PLAYER_GRAD_PASSING);
  g_assert_true (box (player, "h2h")->lit && box (player, "i2h")->lit);
  player_set_position (player, 14);
  i2h_mm = pill_on_line (player, 10);
  g_assert_cmpint (i2h_mm->pill_state, ==, PLAYER_PILL_LIT);
  g_assert_cmpstr (i2h_mm->factor, ==, "× xᵀ");
  g_assert_cmpuint (pill_on_line (player, 9)->ready_nr, ==, 2);
  g_assert_cmpint (box (player, "W_x")->grad_state, ==, PLAYER_GRAD_ARRIVING);
  g_assert_cmpint (box (player, "i2h")->grad_state, ==, PLAYER_GRAD_PASSED);
  g_assert_true (edge_between (player, box (player, "W_x")->id, i2h_mm->id)->passed);
  g_assert_false (edge_between (player, box (player, "x")->id, i2h_mm->id)->passed);
  g_assert_true (edge_between (player, pill_on_line (player, 9)->id, box (player, "h2h")->id)->passed);
  g_assert_cmpuint (player_get_motion (player)->n_pulses, ==, 2);
  g_assert_true (player_get_motion (player)->pulses[1].backward);
  player_set_position (player, 15);
  g_assert_cmpint (box (player, "W_x")->grad_state, ==, PLAYER_GRAD_KEPT);
  g_assert_cmpuint (player_get_focus (player), ==, box (player, "W_x")->id);
  g_assert_cmpuint (pill_on_line (player, 9)->ready_nr, ==, 1);
}

static void
test_rest (void)
{
  g_autoptr (Tape) tape = NULL;
  g_autoptr (Player) player = demo_player (&tape);
  const PlayerGraph *graph = player_get_graph (player);

  player_set_position (player, 18);
  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);
      g_assert_cmpuint (node->n_saved, ==, 0);
      g_assert_false (node->lit);
      g_assert_cmpuint (node->ready_nr, ==, 0);
      if (node->kind == PLAYER_PILL)
        g_assert_cmpint (node->pill_state, ==, PLAYER_PILL_RAN);
      else if (node->is_leaf)
        g_assert_cmpint (node->grad_state, ==, node->requires_grad ? PLAYER_GRAD_KEPT : PLAYER_GRAD_NOT_REQUIRED);
      else
        g_assert_cmpint (node->grad_state, ==, PLAYER_GRAD_PASSED);
    }
  g_assert_true (player_graph_equal (graph, player_get_final_graph (player)));
  g_assert_cmpstr (player_get_next (player, 18), ==,
                   "The script ended after 18 steps; step back at any time, nothing is run again.");
}

static void
test_captions (void)
{
  g_autoptr (Tape) tape = NULL;
  g_autoptr (Player) player = demo_player (&tape);

  g_assert_cmpstr (player_get_caption (player, 2), ==, "W_x was created: a 20×10 leaf that will collect a gradient.");
  g_assert_cmpstr (player_get_caption (player, 3), ==, "x was created: 1×10, and it needs no gradient.");
  g_assert_cmpstr (player_get_caption (player, 6), ==, "mm multiplied W_x (20×10) by xᵀ (10×1) and made i2h (20×1).");
  g_assert_cmpstr (player_get_caption (player, 8), ==,
                   "tanh squashed every entry into −1…1; the name next_h now means this result.");
  g_assert_cmpstr (player_get_caption (player, 10), ==,
                   "backward() started at loss with gradient 1, because ∂loss/∂loss = 1.");
  g_assert_cmpstr (player_get_caption (player, 11), ==,
                   "SumBackward0 copied the gradient 1 to all 20 entries of next_h.");
  g_assert_cmpstr (player_get_caption (player, 13), ==,
                   "AddBackward0 passed the same gradient, unchanged, to h2h and to i2h.");
  g_assert_cmpstr (player_get_caption (player, 14), ==,
                   "MmBackward0 multiplied the gradient by x and sent it to W_x; x needs none.");
  g_assert_cmpstr (player_get_next (player, 14), ==, "Next: AccumulateGrad stores it in W_x.grad");
  g_assert_cmpstr (player_get_caption (player, 18), ==,
                   "Backward is done and its saved values are freed, so a second backward() here would fail.");
  player_set_position (player, 14);
  g_assert_cmpstr (player_get_status (player), ==, "paused in line 15 · backward");
}

/* apply k, undo k = identity, for every k, against a graph built fresh to k. */
static void
test_identity (void)
{
  g_autoptr (Tape) tape = tape_new_demo ();
  g_autoptr (PlayerRunIndex) index = player_run_index_new (tape->recording);
  g_autoptr (PlayerGraph) graph = NULL;
  guint64 n;

  player_run_index_sync (index, G_MAXUINT64);
  n = index->n_read;
  graph = player_graph_new (tape->recording, index, TRUE);
  for (guint64 k = 0; k <= n; k++)
    {
      g_autoptr (PlayerGraph) fresh = player_graph_new (tape->recording, index, FALSE);
      player_graph_seek (fresh, k);
      player_graph_seek (graph, n);
      player_graph_seek (graph, k);
      g_assert_true (player_graph_equal (graph, fresh));
      player_graph_seek (graph, 0);
      g_assert_cmpuint (player_graph_get_n_nodes (graph), ==, 0);
      player_graph_seek (graph, k);
      g_assert_true (player_graph_equal (graph, fresh));
    }
}

static void
test_explain (void)
{
  g_autoptr (Tape) tape = NULL;
  g_autoptr (Player) player = demo_player (&tape);
  g_autoptr (PlayerExplanation) mm = NULL;
  g_auto (GStrv) lines = NULL;
  const PlayerFact *fact;

  player_set_position (player, 14);
  mm = player_explain (player, player_get_focus (player));
  g_assert_true (mm->is_operation);
  g_assert_cmpstr (mm->title, ==, "mm  matrix product");
  g_assert_cmpstr (mm->subtitle, ==, "MmBackward0 · line 10");
  g_assert_cmpstr (mm->formula, ==, "i2h = W_x · xᵀ");
  g_assert_cmpstr (mm->sizes, ==, "20×10 · 10×1");
  g_assert_cmpstr (mm->result_size, ==, "20×1");
  g_assert_cmpstr (mm->backward_title, ==, "Backward, step 14");
  g_assert_cmpuint (mm->derivatives->len, ==, 1);
  g_assert_cmpstr (mm->derivatives->pdata[0], ==, "∂loss/∂W_x = ∂loss/∂i2h · x");
  g_assert_cmpuint (mm->facts->len, ==, 3);
  fact = mm->facts->pdata[0];
  g_assert_cmpstr (fact->label, ==, "∂loss/∂i2h, 20×1");
  g_assert_true (g_str_has_prefix (fact->note, "size "));
  fact = mm->facts->pdata[1];
  g_assert_cmpstr (fact->label, ==, "to W_x, 20×10");
  fact = mm->facts->pdata[2];
  g_assert_cmpstr (fact->label, ==, "to x");
  g_assert_cmpstr (fact->note, ==, "not required");
  g_assert_true (mm->has_element);
  g_assert_cmpint (mm->element_input, ==, 0);
  lines = player_explain_element (mm, "{\"value\":1.7496,\"index\":[11,3],\"n_terms\":1,\"terms\":[{\"grad_index\":[11,0],"
                                      "\"grad\":0.89557,\"factor\":1.95363,\"factor_input\":1,\"factor_index\":[3,0],"
                                      "\"product\":1.7496}],\"rest\":0,\"n_rest\":0}");
  g_assert_cmpstr (lines[0], ==, "∂loss/∂W_x[11,3]");
  g_assert_cmpstr (lines[1], ==, "= ∂loss/∂i2h[11] × x[3]");
  g_assert_cmpstr (lines[2], ==, "= 0.8956 × 1.9536");
  g_assert_cmpstr (lines[3], ==, "= +1.7496");
  g_assert_null (lines[4]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/demo/steps", test_steps);
  g_test_add_func ("/player/demo/leaves", test_leaves);
  g_test_add_func ("/player/demo/forward", test_forward);
  g_test_add_func ("/player/demo/backward", test_backward);
  g_test_add_func ("/player/demo/rest", test_rest);
  g_test_add_func ("/player/demo/captions", test_captions);
  g_test_add_func ("/player/demo/identity", test_identity);
  g_test_add_func ("/player/demo/explain", test_explain);
  return g_test_run ();
}
