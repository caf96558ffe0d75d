/* SPDX-License-Identifier: MIT
 *
 * "One entry" as the inspector writes it, asked of the real runner: sums, products,
 * functions and gradients, with source names and the numbers of the run. */
#include "real-run.h"

static void
check (Player *player, RunnerClient *client, guint step, const char *pill, guint line, const char *expected)
{
  g_autofree char *lines = NULL;

  player_set_position (player, step);
  lines = real_explain (player, client, real_pill (player, pill, line)->id);
  g_assert_cmpstr (lines, ==, expected);
}

static void
test_demo (void)
{
  g_autofree char *source = real_read_example ("dynamic_graph.py");
  g_autoptr (RunnerClient) client = NULL;
  g_autoptr (Player) player = real_run_asking (source, &client);

  check (player, client, 5, "mm", 9,
         "h2h[2] | = W_h[2,5] × prev_h[5] + W_h[2,10] × prev_h[10] + W_h[2,7] × prev_h[7] + 17 more"
         " | = 2.3022 × 2.4966 + 1.0554 × 2.0005 − 1.5867 × 1.1504 + … 17 more | = +8.7268");
  check (player, client, 7, "+", 11, "next_h[0] | = h2h[0] + i2h[0] | = −3.3754 + (−7.1359) | = −10.51");
  check (player, client, 8, "tanh", 12, "next_h[0] | = tanh(next_h[0]) | = tanh(−10.51) | = −1");
  check (player, client, 9, "sum", 14, "loss | = next_h[0] + next_h[3] + next_h[8] + 17 more"
                                       " | = −1.0000 + 1.0000 − 1.0000 + … 17 more | = −0.6520");
  check (player, client, 11, "sum", 14, "∂loss/∂next_h[0] | = ∂loss/∂loss | = 1 | = +1");
  check (player, client, 12, "tanh", 12, "∂loss/∂next_h (line 11)[11] | = ∂loss/∂next_h[11] × 0.8956"
                                         " | = 1.0000 × 0.8956 | = +0.8956");
  check (player, client, 13, "+", 11, "∂loss/∂h2h[11] | = ∂loss/∂next_h (line 11)[11] | = 0.8956 | = +0.8956");
  for (guint n = 14; n <= 17; n++)
    check (player, client, n, "mm", 10, "∂loss/∂W_x[11,3] | = ∂loss/∂i2h[11] × x[3] | = 0.8956 × 1.9536 | = +1.7496");
  for (guint n = 16; n <= 17; n++)
    check (player, client, n, "mm", 9,
           "∂loss/∂W_h[11,5] | = ∂loss/∂h2h[11] × prev_h[5] | = 0.8956 × 2.4966 | = +2.2360");
}

/* Writing in place outside the graph, also into a leaf that requires grad. */
static void
test_in_place (void)
{
  g_autoptr (RunnerClient) client = NULL;
  g_autoptr (Player) player = real_run_asking ("import torch\n"
                                               "w = torch.ones(2, 2, requires_grad=True)\n"
                                               "g = torch.tensor([[3.0, 4.0], [5.0, 6.0]])\n"
                                               "with torch.no_grad():\n"
                                               "    w.copy_(g)\n"
                                               "    w.fill_(7)\n"
                                               "    w[0, 0] = 5\n"
                                               "    w *= 2\n",
                                               &client);

  check (player, client, 3, "copy_", 5, "w[1,1] | = g[1,1] | = 6 | = +6");
  check (player, client, 4, "fill_", 6, "w[0,0] | = fill_(w[0,0], value=7) | = fill_(3, value=7) | = +7");
  check (player, client, 5, "[ ] =", 7, "w[0][0] | = fill_(w[0,0], value=5) | = fill_(7, value=5) | = +5");
  check (player, client, 6, "*=", 8, "w[0,1] | = w[0,1] × 2 | = 7 × 2 | = +14");
}

/* A value that is no number, or without end, is written as such. */
static void
test_not_finite (void)
{
  g_autoptr (RunnerClient) client = NULL;
  g_autoptr (Player) player = real_run_asking ("import torch\n"
                                               "x = torch.tensor([1.0, 3.0], requires_grad=True)\n"
                                               "z = torch.tensor([-0.0, 1.0])\n"
                                               "a = x / z\n"
                                               "b = a.sum()\n",
                                               &client);
  const PlayerNode *box;

  player_set_position (player, 3);
  box = real_box (player, "a");
  player_pick (player, box->tensor, 0, box->ndim, box->sizes);
  check (player, client, 3, "/", 4, "a[0] | = x[0] / z[0] | = 1 / −0 | = −inf");
  player_set_position (player, 4);
  box = real_box (player, "b");
  player_pick (player, box->tensor, 0, box->ndim, box->sizes);
  check (player, client, 4, "sum", 5, "b | = a[0] + a[1] | = −inf + 3 | = −inf");
}

/* Elements of views are elements of what they look at; minus signs join the terms. */
static void
test_terms (void)
{
  g_autoptr (RunnerClient) client = NULL;
  g_autoptr (Player) player = real_run_asking (
    "import torch\n"
    "x = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)\n"
    "W = torch.tensor([[0.5, -1.5, 2.0], [1.0, 0.25, -3.0]], requires_grad=True)\n"
    "a = x * 2\n"
    "b = a - x\n"
    "c = x * b\n"
    "d = c.exp()\n"
    "e = x * W[1]\n"
    "f = W.view(3, 2).sum()\n"
    "g = -x\n"
    "loss = e.sum() + f + g.sum()\n"
    "loss.backward()\n", &client);
  guint n = player_get_n_steps (player), forward = 0;

  while (player_get_step (player, forward + 1)->phase == PLAYER_PHASE_FORWARD)
    forward++;
  check (player, client, forward, "*", 4, "a[2] | = x[2] × 2 | = 3 × 2 | = +6");
  check (player, client, forward, "-", 5, "b[2] | = a[2] − x[2] | = 6 − 3 | = +3");
  check (player, client, forward, "*", 6, "c[2] | = x[2] × b[2] | = 3 × 3 | = +9");
  check (player, client, forward, "exp", 7, "d[2] | = exp(c[2]) | = exp(9) | = +8103");
  check (player, client, forward, "*", 8, "e[2] | = x[2] × W[1,2] | = 3 × (−3) | = −9");
  check (player, client, forward, "sum", 9,
         "f | = W[1,2] + W[0,2] + W[0,1] + 3 more | = −3.0000 + 2.0000 − 1.5000 + … 3 more | = −0.7500");
  check (player, client, forward, "-", 10, "g[2] | = −x[2] | = −3 | = −3");
  check (player, client, n, "-", 10, "∂loss/∂x[0] | = −∂loss/∂g[0] | = −1 | = −1");
  check (player, client, n, "*", 8, "∂loss/∂x[2] | = ∂loss/∂e[2] × W[1,2] | = 1 × (−3) | = −3");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/element/in-place", test_in_place);
  g_test_add_func ("/player/element/not-finite", test_not_finite);
  g_test_add_func ("/player/element/demo", test_demo);
  g_test_add_func ("/player/element/terms", test_terms);
  return g_test_run ();
}
