/* SPDX-License-Identifier: MIT
 *
 * Where values come from and what they are called: views and slices, writing into
 * them, detach, loop variables, lists. */
#include "real-run.h"

#include <string.h>

static gboolean
says (Player *player, const char *text)
{
  for (guint n = 1; n <= player_get_n_steps (player); n++)
    if (strstr (player_get_caption (player, n), text) != NULL)
      return TRUE;
  g_test_message ("nobody says: %s", text);
  return FALSE;
}

/* Writing into a slice ends the box it looks at and begins the next. */
static void
test_write_into_slice (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "x = torch.ones(3, requires_grad=True)\n"
                                        "y = x * 2\n"
                                        "y[0] = 0\n"
                                        "z = y.sum()\n"
                                        "z.backward()\n");
  const PlayerNode *write;

  player_set_position (player, player_get_n_steps (player));
  write = real_pill (player, "[ ] =", 4);
  g_assert_nonnull (real_edge (player, real_box (player, "y (line 3)")->id, write->id));
  g_assert_nonnull (real_edge (player, write->id, real_box (player, "y")->id));
  g_assert_nonnull (real_edge (player, real_box (player, "y")->id, real_pill (player, "sum", 5)->id));
  g_assert_null (real_edge (player, real_box (player, "y (line 3)")->id, real_pill (player, "sum", 5)->id));
  g_assert_cmpfloat_with_epsilon (real_norm (player, real_box (player, "y (line 3)")->shot), 3.4641016, 1e-5);
  g_assert_cmpfloat_with_epsilon (real_norm (player, real_box (player, "y")->shot), 2.8284271, 1e-5);
  real_check_identity (player);
}

static void
test_names_of_slices (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "M = torch.arange(12.0).reshape(3, 4)\n"
                                        "M.requires_grad_()\n"
                                        "s = M[2, 3] + M[:, 1].sum() + M[1:3].mean() + (1 / M[0, 1])\n");

  g_assert_true (says (player, "M[2][3]"));
  g_assert_true (says (player, "entries of M[:, 1]"));
  g_assert_true (says (player, "entries of M[1:3]"));
  g_assert_true (says (player, "(1 / M[0][1])"));
}

static void
test_detach (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "x = torch.ones(2, requires_grad=True)\n"
                                        "y = x * 3\n"
                                        "target = y.detach()\n"
                                        "loss = ((x - target) ** 2).sum()\n"
                                        "loss.backward()\n");
  const PlayerEdge *edge;

  player_set_position (player, player_get_n_steps (player));
  edge = real_edge (player, real_box (player, "y")->id, real_box (player, "target")->id);
  g_assert_nonnull (edge);
  g_assert_cmpstr (edge->tag, ==, "detach 2");
  g_assert_false (edge->needs_grad);
  g_assert_false (edge->passed);
  real_check_identity (player);
}

/* h = w.grad is a box of its own that comes from w. */
static void
test_named_grad (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "w = torch.ones(2, requires_grad=True)\n"
                                        "(w * 3).sum().backward()\n"
                                        "g = w.grad\n"
                                        "size = g.norm()\n");
  const PlayerEdge *edge;

  player_set_position (player, player_get_n_steps (player));
  edge = real_edge (player, real_box (player, "w")->id, real_box (player, "g")->id);
  g_assert_nonnull (edge);
  g_assert_cmpstr (edge->tag, ==, ".grad 2");
  g_assert_cmpuint (real_box (player, "g")->shot, ==, real_box (player, "w")->grad_shot);
}

/* A loop variable is a second name: the first one is still said. */
static void
test_loop_variable (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "W = torch.ones(2, requires_grad=True)\n"
                                        "b = torch.ones(2, requires_grad=True)\n"
                                        "(W * b).sum().backward()\n"
                                        "for p in [W, b]:\n"
                                        "    with torch.no_grad():\n"
                                        "        p -= 0.5 * p.grad\n"
                                        "c = W + b\n");

  g_assert_true (says (player, "W moved a small step against its gradient: new W = old W − 0.5 × W.grad"));
  g_assert_true (says (player, "b moved a small step against its gradient: new b = old b − 0.5 × b.grad"));
  g_assert_true (says (player, "+ added W and b entry by entry"));
  player_set_position (player, player_get_n_steps (player));
  g_assert_nonnull (real_find (player, PLAYER_BOX, "W"));
  g_assert_nonnull (real_find (player, PLAYER_BOX, "b"));
}

static void
test_sum_at_leaf (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "a = torch.ones(1, requires_grad=True)\n"
                                        "y = a * 2 + a * 3\n"
                                        "y.backward()\n");

  g_assert_true (
      says (player, "The second gradient reached a and was added: 3 + 2 = 5, so AccumulateGrad can store the sum."));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/values/write-into-slice", test_write_into_slice);
  g_test_add_func ("/player/values/names-of-slices", test_names_of_slices);
  g_test_add_func ("/player/values/detach", test_detach);
  g_test_add_func ("/player/values/named-grad", test_named_grad);
  g_test_add_func ("/player/values/loop-variable", test_loop_variable);
  g_test_add_func ("/player/values/sum-at-leaf", test_sum_at_leaf);
  return g_test_run ();
}
