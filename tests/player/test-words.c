/* SPDX-License-Identifier: MIT
 *
 * What is said of real runs: whose gradient it is, what comes next, operands as
 * the student wrote them, ways that an if goes. */
#include "real-run.h"

#include <string.h>

static void
check_said (Player *player, guint step, const char *caption)
{
  g_assert_cmpstr (player_get_caption (player, step), ==, caption);
}

/* Two chains in one script: each gradient bears the name of what its own pass started at. */
static void
test_two_roots (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "a = torch.ones(2, requires_grad=True)\n"
                                        "c = (a * 2).tanh()\n"
                                        "c.sum().backward()\n"
                                        "m = torch.ones(2, 2, requires_grad=True)\n"
                                        "n = m * m\n"
                                        "n.sum().backward()\n");
  g_autoptr (PlayerExplanation) passing = NULL, edge = NULL, later = NULL, other = NULL;
  guint n = player_get_n_steps (player);

  check_said (player, n - 4, "backward() started at sum(n) with gradient 1, because ∂sum(n)/∂sum(n) = 1.");
  player_set_position (player, n - 3);
  g_assert_cmpstr (real_box (player, "n")->grad_root, ==, "sum(n)");
  g_assert_cmpstr (real_box (player, "c")->grad_root, ==, "sum(c)");
  passing = player_explain (player, real_box (player, "n")->id);
  g_assert_cmpstr (((PlayerFact *) passing->facts->pdata[1])->label, ==, "∂sum(n)/∂n");
  later = player_explain (player, real_box (player, "c")->id);
  g_assert_cmpstr (((PlayerFact *) later->facts->pdata[1])->label, ==, "∂sum(c)/∂c, passed, not kept");
  edge = player_explain_edge (player, real_edge (player, real_box (player, "m")->id, real_pill (player, "*", 6)->id)->id);
  g_assert_cmpstr (((PlayerFact *) edge->facts->pdata[1])->label, ==, "*’s share of ∂sum(n)/∂m");
  other = player_explain_edge (player, real_edge (player, real_box (player, "a")->id, real_pill (player, "*", 3)->id)->id);
  g_assert_true (g_str_has_prefix (((PlayerFact *) other->facts->pdata[1])->label, "∂sum(c)/∂a"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/words/two-roots", test_two_roots);
  return g_test_run ();
}
