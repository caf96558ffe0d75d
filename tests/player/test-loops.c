/* SPDX-License-Identifier: MIT
 *
 * Training loops written by hand, really run: an update is drawn as what ran and ends
 * in its parameter's box, and each iteration takes the place of the one before. */
#include "real-run.h"

#include <string.h>

static guint
count_nodes (Player *player, PlayerNodeKind kind, const char *label)
{
  const PlayerGraph *graph = player_get_graph (player);
  guint n = 0;

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);
      n += node->kind == kind && g_str_has_prefix (node->label, label);
    }
  return n;
}

static guint
count_edges (Player *player, guint node)
{
  const PlayerGraph *graph = player_get_graph (player);
  guint n = 0;

  for (guint k = 0; k < player_graph_get_n_edges (graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph, k);
      n += edge->from == node || edge->to == node;
    }
  return n;
}

/* An operation always has what went in, and a box that no student named is no box. */
static void
check_nothing_floats (Player *player)
{
  const PlayerGraph *graph = player_get_graph (player);

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);

      if (node->kind == PLAYER_PILL || !node->is_leaf)
        g_assert_cmpuint (count_edges (player, node->id), >, 0);
      g_assert_cmpstr (node->label, !=, "tensor");
      g_assert_false (g_str_has_suffix (node->label, ".grad"));
    }
}

static void
check_everywhere (Player *player)
{
  for (guint n = 0; n <= player_get_n_steps (player); n++)
    {
      player_set_position (player, n);
      check_nothing_floats (player);
    }
}

/* The first step after another whose caption begins like that; 0: none. */
static guint
find_caption (Player *player, guint after, const char *begin)
{
  for (guint n = after + 1; n <= player_get_n_steps (player); n++)
    if (g_str_has_prefix (player_get_caption (player, n), begin))
      return n;
  return 0;
}

#define REGRESSION                                                                                           \
  "import torch\n"                                                                                           \
  "x = torch.tensor([[1.0], [2.0]])\n"                                                                       \
  "y = torch.tensor([[3.0], [5.0]])\n"                                                                       \
  "w = torch.zeros(1, 1, requires_grad=True)\n"                                                              \
  "for step in range(%d):\n"                                                                                 \
  "    error = x @ w - y\n"                                                                                  \
  "    loss = (error * error).sum()\n"                                                                       \
  "    loss.backward()\n"                                                                                    \
  "    with torch.no_grad():\n"                                                                              \
  "        w -= 0.1 * w.grad\n"                                                                              \
  "    w.grad = None\n"

/* w → (.grad) → * → -= → up into w. */
static void
test_update_ends_in_its_box (void)
{
  g_autofree char *source = g_strdup_printf (REGRESSION, 3);
  g_autoptr (Player) player = real_run (source);
  guint product = find_caption (player, 0, "* multiplied 0.1 by every entry of w.grad");
  guint update = find_caption (
      player, 0, "w moved a small step against its gradient: new w = old w − 0.1 × w.grad (size ");
  const PlayerEdge *edge;
  const PlayerNode *minus;

  g_assert_cmpuint (product, >, 0);
  g_assert_cmpuint (update, ==, product + 1);
  g_assert_cmpint (player_get_step (player, product)->phase, ==, PLAYER_PHASE_UPDATE);
  g_assert_cmpint (player_get_step (player, update)->phase, ==, PLAYER_PHASE_UPDATE);
  player_set_position (player, update);
  edge = real_edge (player, real_box (player, "w")->id, real_pill (player, "*", 10)->id);
  g_assert_nonnull (edge);
  g_assert_cmpstr (edge->tag, ==, ".grad 1×1");
  g_assert_cmpuint (edge->shot, ==, real_box (player, "w")->grad_shot);
  minus = real_pill (player, "-=", 10);
  g_assert_cmpint (minus->pill_state, ==, PLAYER_PILL_FORWARD);
  g_assert_nonnull (real_edge (player, real_pill (player, "*", 10)->id, minus->id));
  edge = real_edge (player, minus->id, real_box (player, "w")->id);
  g_assert_nonnull (edge);
  g_assert_true (edge->upward);
  g_assert_cmpuint (edge->shot, ==, real_box (player, "w")->shot);
  g_assert_true (real_box (player, "w")->lit);
  g_assert_cmpuint (player_get_motion (player)->n_pulses, ==, 2);
  check_everywhere (player);
  real_check_identity (player);
}

static void
expect_folds (Player *player, guint position, const char *expected)
{
  g_autofree char *text = NULL;

  player_set_position (player, position);
  text = player_graph_dup_folds (player_get_graph (player));
  g_assert_cmpstr (text, ==, expected);
}

/* How many iterations one graph stands for, at each position, forward and back. */
static void
test_folds_are_counted (void)
{
  g_autofree char *source = g_strdup_printf (REGRESSION, 4);
  g_autoptr (Player) player = real_run (source);
  guint second = find_caption (player, 0, "The loop on line 5 went on, and the iteration before was folded away.");
  guint third = find_caption (player, second, "The loop on line 5 went on, and now 2 iterations are folded away.");

  expect_folds (player, 0, NULL);
  expect_folds (player, second - 1, NULL);
  expect_folds (player, second, "line 5 × 2");
  expect_folds (player, player_get_n_steps (player), "line 5 × 4");
  expect_folds (player, third, "line 5 × 3");
  expect_folds (player, third - 1, "line 5 × 2");
  expect_folds (player, 1, NULL);
}

/* Loops in loops each say their own; the inner one begins anew. */
static void
test_nested_folds (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "w = torch.ones(2, requires_grad=True)\n"
                                        "for epoch in range(2):\n"
                                        "    for batch in range(3):\n"
                                        "        loss = (w * w).sum()\n"
                                        "        loss.backward()\n"
                                        "        w.grad = None\n"
                                        "for k in range(2):\n"
                                        "    s = w + k\n");
  guint n = 0;
  g_autofree char *last = NULL;
  PlayerFold folds[PLAYER_MAX_LOOPS];

  for (guint k = 1; k <= player_get_n_steps (player); k++)
    {
      player_set_position (player, k);
      if (player_get_line (player, NULL) == 7)
        n = player_graph_list_folds (player_get_graph (player), folds);
    }
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (folds[0].line, ==, 3);
  g_assert_cmpuint (folds[0].folded, ==, 1);
  g_assert_cmpuint (folds[1].line, ==, 4);
  g_assert_cmpuint (folds[1].count, ==, 3);
  g_assert_cmpuint (folds[1].folded, ==, 2);
  player_set_position (player, player_get_n_steps (player));
  last = player_graph_dup_folds (player_get_graph (player));
  g_assert_cmpstr (last, ==, NULL);      /* the last loop folds nothing: there is no backward pass in it */
  real_check_identity (player);
}

/* The next iteration stands where the last one stood, box for box. */
static void
test_iterations_take_turns (void)
{
  g_autofree char *source = g_strdup_printf (REGRESSION, 4);
  g_autoptr (Player) player = real_run (source);
  guint second = find_caption (
      player, 0, "The loop on line 5 went on, and the iteration before was folded away. @ multiplied");
  guint third = find_caption (
      player, second, "The loop on line 5 went on, and now 2 iterations are folded away. @ multiplied");
  guint64 structure;
  guint error;

  g_assert_cmpuint (second, >, 0);
  g_assert_cmpuint (third, >, second);
  player_set_position (player, second - 1);
  structure = player_graph_get_structure_hash (player_get_final_graph (player));
  g_assert_cmpuint (structure, ==, player_graph_get_structure_hash (player_get_graph (player)));
  error = real_box (player, "error")->id;
  player_set_position (player, second);
  g_assert_null (real_find (player, PLAYER_BOX, "error"));
  g_assert_cmpuint (count_nodes (player, PLAYER_PILL, ""), ==, 1);
  g_assert_cmpuint (structure, ==, player_graph_get_structure_hash (player_get_final_graph (player)));
  player_set_position (player, third - 1);
  g_assert_cmpuint (real_box (player, "error")->id, ==, error);
  g_assert_cmpuint (count_nodes (player, PLAYER_BOX, "loss"), ==, 1);
  player_set_position (player, second - 1);
  g_assert_cmpuint (real_box (player, "error")->id, ==, error);
  player_set_position (player, player_get_n_steps (player));
  g_assert_true (player_get_final_graph (player) != player_get_graph (player));
  g_assert_true (player_graph_equal (player_get_final_graph (player), player_get_graph (player)));
}

/* A hundred iterations are as small a picture as one. */
static void
test_hundred_iterations (void)
{
  g_autofree char *source = g_strdup_printf (REGRESSION, 100);
  g_autoptr (Player) player = real_run (source);
  guint n = player_get_n_steps (player);

  g_assert_cmpuint (n, ==, 3 + 100 * 14);
  for (guint k = 0; k <= n; k++)
    {
      player_set_position (player, k);
      g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player)), <=, 11);
      g_assert_cmpuint (player_graph_get_n_nodes (player_get_final_graph (player)), ==, 11);
    }
  g_assert_cmpuint (
      find_caption (player, 0, "The loop on line 5 went on, and now 99 iterations are folded away."), >, 0);
}

/* zero_() on .grad and writing through .data show in the same box. */
static void
test_data_and_zero (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "w = torch.tensor(0.5, requires_grad=True)\n"
                                        "for i in range(2):\n"
                                        "    loss = (w * 3 - 2) ** 2\n"
                                        "    loss.backward()\n"
                                        "    w.data -= 0.1 * w.grad\n"
                                        "    w.grad.zero_()\n"
                                        "for i in range(2):\n"
                                        "    loss = (w * 3 - 2) ** 2\n"
                                        "    loss.backward()\n"
                                        "    w.data = w.data - 0.1 * w.grad.data\n"
                                        "    w.grad.data.zero_()\n");
  guint update = find_caption (player, 0,
                               "w moved a small step against its gradient: new w = old w − 0.1 × w.grad");
  guint zero = find_caption (player, update, "zero_() set w.grad back to 0 (size 3.00 → 0)");
  guint data = find_caption (player, zero, "w.data = gave w the values of (w - (0.1 * …))");
  guint last = find_caption (player, data, "zero_() set w.grad back to 0");

  g_assert_cmpuint (update, >, 0);
  g_assert_cmpuint (zero, ==, update + 1);
  g_assert_cmpuint (data, >, 0);
  g_assert_cmpuint (last, ==, data + 1);
  player_set_position (player, update);
  g_assert_cmpfloat_with_epsilon (real_norm (player, real_box (player, "w")->shot), 0.8, 1e-6);
  g_assert_cmpfloat_with_epsilon (real_norm (player, real_box (player, "w")->grad_shot), 3, 1e-6);
  player_set_position (player, zero);
  g_assert_cmpint (real_box (player, "w")->grad_state, ==, PLAYER_GRAD_KEPT);
  g_assert_cmpfloat_with_epsilon (real_norm (player, real_box (player, "w")->grad_shot), 0, 1e-9);
  player_set_position (player, data);
  g_assert_true (
      real_edge (player, real_pill (player, ".data =", 11)->id, real_box (player, "w")->id)->upward);
  g_assert_cmpuint (
      find_caption (player, zero, "The loop on line 8 began, and the iterations before it were folded away."),
      >, 0);
  for (guint n = 1; n <= player_get_n_steps (player); n++)
    if (strstr (player_get_caption (player, n), "zero_") != NULL)
      g_assert_cmpint (player_get_step (player, n)->phase, ==, PLAYER_PHASE_UPDATE);
  check_everywhere (player);
  real_check_identity (player);
}

/* w = w − lr·grad makes a new leaf; the old one goes with its iteration. */
static void
test_rebound_parameter (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "w = torch.tensor(0.5, requires_grad=True)\n"
                                        "for i in range(3):\n"
                                        "    loss = (w * 3 - 2) ** 2\n"
                                        "    loss.backward()\n"
                                        "    with torch.no_grad():\n"
                                        "        w = w - 0.1 * w.grad\n"
                                        "    w.requires_grad_()\n");
  guint second = find_caption (player, 0, "The loop on line 3 went on");

  player_set_position (player, second - 1);
  g_assert_cmpuint (count_nodes (player, PLAYER_BOX, "w"), ==, 2);
  g_assert_nonnull (real_find (player, PLAYER_BOX, "w (line 2)"));
  player_set_position (player, second);
  g_assert_true (real_box (player, "w")->is_leaf);
  g_assert_cmpint (real_box (player, "w")->grad_state, ==, PLAYER_GRAD_NONE_YET);
  g_assert_cmpuint (count_nodes (player, PLAYER_BOX, "w"), ==, 1);
  g_assert_nonnull (real_edge (player, real_box (player, "w")->id, real_pill (player, "*", 4)->id));
  check_everywhere (player);
  real_check_identity (player);
}

/* What a name still reaches stays; what it does not, goes, and comes back when it is used. */
static void
test_what_stays (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "w = torch.tensor([1.0, 2.0], requires_grad=True)\n"
                                        "total = 0\n"
                                        "v = torch.zeros(2)\n"
                                        "for i in range(3):\n"
                                        "    loss = (w * w).sum()\n"
                                        "    loss.backward()\n"
                                        "    total = total + loss\n"
                                        "    v = v * 0.9 + w.grad\n"
                                        "print(total)\n");

  player_set_position (player, player_get_n_steps (player));
  g_assert_cmpuint (count_nodes (player, PLAYER_BOX, "total"), ==,
                    3); /* a pass from total may still go there */
  g_assert_cmpuint (count_nodes (player, PLAYER_BOX, "loss"), ==, 3);
  g_assert_cmpuint (count_nodes (player, PLAYER_BOX, "v"), ==, 2);
  g_assert_nonnull (
      real_edge (player, real_find (player, PLAYER_BOX, "v (line 9)")->id, real_pill (player, "*", 9)->id));
  check_everywhere (player);
  real_check_identity (player);
}

/* A loop in one forward pass is one graph: nothing is folded before backward. */
static void
test_forward_loop_stays (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "W_h = torch.randn(2, 2, requires_grad=True)\n"
                                        "W_x = torch.randn(2, 2, requires_grad=True)\n"
                                        "for epoch in range(2):\n"
                                        "    h = torch.zeros(1, 2)\n"
                                        "    for t in range(5):\n"
                                        "        h = torch.tanh(torch.ones(1, 2) @ W_x + h @ W_h)\n"
                                        "    loss = h.sum()\n"
                                        "    loss.backward()\n"
                                        "    for W in [W_h, W_x]:\n"
                                        "        with torch.no_grad():\n"
                                        "            W -= 0.1 * W.grad\n"
                                        "        W.grad = None\n");

  player_set_position (player, find_caption (player, 0, "The loop on line 4 went on") - 1);
  g_assert_cmpuint (count_nodes (player, PLAYER_PILL, "tanh"), ==, 5);
  g_assert_cmpuint (count_nodes (player, PLAYER_PILL, "-="), ==, 2);
  g_assert_cmpuint (find_caption (player, 0, "W_x moved a small step against its gradient"), >, 0);
  player_set_position (player, player_get_n_steps (player));
  g_assert_cmpuint (count_nodes (player, PLAYER_PILL, "tanh"), ==, 5);
  real_check_identity (player);
}

/* Without a backward pass a loop is folded when its picture would be too big to read. */
static void
test_endless_forward_loop (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "w = torch.ones(3)\n"
                                        "for i in range(600):\n"
                                        "    t = w + i\n");
  guint most = 0;

  for (guint n = 0; n <= player_get_n_steps (player); n++)
    {
      player_set_position (player, n);
      most = MAX (most, player_graph_get_n_nodes (player_get_graph (player)));
    }
  g_assert_cmpuint (most, >, 100);
  g_assert_cmpuint (most, <=, 310);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/loops/update-ends-in-its-box", test_update_ends_in_its_box);
  g_test_add_func ("/player/loops/iterations-take-turns", test_iterations_take_turns);
  g_test_add_func ("/player/loops/folds-are-counted", test_folds_are_counted);
  g_test_add_func ("/player/loops/nested-folds", test_nested_folds);
  g_test_add_func ("/player/loops/hundred-iterations", test_hundred_iterations);
  g_test_add_func ("/player/loops/data-and-zero", test_data_and_zero);
  g_test_add_func ("/player/loops/rebound-parameter", test_rebound_parameter);
  g_test_add_func ("/player/loops/what-stays", test_what_stays);
  g_test_add_func ("/player/loops/forward-loop-stays", test_forward_loop_stays);
  g_test_add_func ("/player/loops/endless-forward-loop", test_endless_forward_loop);
  return g_test_run ();
}
