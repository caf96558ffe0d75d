/* SPDX-License-Identifier: MIT
 *
 * What is said of real runs: whose gradient it is, what comes next, operands as
 * the student wrote them, ways that an if goes. */
#include "real-run.h"

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

static void
check_entry (Player *player, RunnerClient *client, guint step, const char *entry)
{
  g_autofree char *text = NULL;

  player_set_position (player, step);
  text = real_explain (player, client, player_get_focus (player));
  g_assert_cmpstr (text, ==, entry);
}

/* Captions, formulas and "One entry" have operands and numbers as the student wrote them. */
static void
test_as_written (void)
{
  static const struct
  {
    const char *line, *formula, *entry;
  } lines[] = {
    { "d + 1", "= d + 1", "= d[0] + 1 | = 3 + 1 | = +4" },
    { "1 + d", "= 1 + d", "= 1 + d[0] | = 1 + 3 | = +4" },
    { "d * 3", "= d × 3", "= d[0] × 3 | = 3 × 3 | = +9" },
    { "0.1 * d", "= 0.1 × d", "= 0.1 × d[0] | = 0.1 × 3 | = +0.3000" },
    { "2 - d", "= 2 − d", "= 2 − d[0] | = 2 − 3 | = −1" },
    { "d / 2", "= d / 2", "= d[0] / 2 | = 3 / 2 | = +1.5000" },
    { "d ** 2", "= d^2", "= d[0]^2 | = 3^2 | = +9" },
    { "2 ** d", "= 2^d", "= 2^d[0] | = 2^3 | = +8" },
    { "d > 1", "= d > 1", "= d[0] > 1 | = 3 > 1 | = +1" },
    { "d.mul(-2)", "= d × −2", "= d[0] × −2 | = 3 × −2 | = −6" },
    { "c + d", "= c + d", "= c[0] + d[0] | = 1 + 3 | = +4" },
    { "c / d", "= c / d", "= c[0] / d[0] | = 1 / 3 | = +0.3333" },
    { "c - d", "= c − d", "= c[0] − d[0] | = 1 − 3 | = −2" },
    { "d * (1 / 3)", "= d × 0.3333", "= d[0] × 0.3333 | = 3 × 0.3333 | = +1" },
    { "d * 1e-5", "= d × 1e−5", "= d[0] × 1e−5 | = 3 × 1e−5 | = +3.0e−5" },
    { "torch.nn.functional.leaky_relu(d, 0.2)", "= d where d > 0, else 0.2 × d",
      "= leaky_relu(d[0], negative_slope=0.2) | = leaky_relu(3, negative_slope=0.2) | = +3" },
  };
  g_autoptr (GString) source = g_string_new ("import torch\n"
                                             "c = torch.tensor([1.0, 1.0])\n"
                                             "d = torch.tensor([3.0, 3.0], requires_grad=True)\n");
  g_autoptr (RunnerClient) client = NULL;
  g_autoptr (Player) player = NULL;

  for (guint k = 0; k < G_N_ELEMENTS (lines); k++)
    g_string_append_printf (source, "y = %s\n", lines[k].line);
  player = real_run_asking (source->str, &client);
  g_assert_cmpuint (player_get_n_steps (player), ==, 2 + G_N_ELEMENTS (lines));
  for (guint k = 0; k < G_N_ELEMENTS (lines); k++)
    {
      g_autofree char *formula = g_strconcat ("y ", lines[k].formula, NULL);
      g_autofree char *entry = g_strconcat ("y[0] | ", lines[k].entry, NULL);
      g_autoptr (PlayerExplanation) explanation = NULL;

      check_entry (player, client, k + 3, entry);
      explanation = player_explain (player, player_get_focus (player));
      g_assert_cmpstr (explanation->formula, ==, formula);
    }
}

/* The same in captions and in names of what has no name. */
static void
test_captions_as_written (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "w = torch.tensor([3.0, 1.0], requires_grad=True)\n"
                                        "y = (0.5 * w + 2).sum()\n"
                                        "y.backward()\n"
                                        "with torch.no_grad():\n"
                                        "    w -= w.grad * 0.1\n"
                                        "    w -= 0.1 * w.grad\n"
                                        "    w *= 2\n");
  guint n = player_get_n_steps (player);

  check_said (player, 2, "* multiplied 0.5 by every entry of w and made (0.5 * w) (2).");
  check_said (player, 3, "+ added 2 to every entry of (0.5 * w) and made ((0.5 * w) + 2) (2).");
  check_said (player, n - 4, "* multiplied every entry of w.grad by 0.1 and made (w.grad * 0.1) (2).");
  check_said (player, n - 3,
              "w moved a small step against its gradient: new w = old w − w.grad × 0.1 (size 3.16 → 3.10).");
  check_said (player, n - 1,
              "w moved a small step against its gradient: new w = old w − 0.1 × w.grad (size 3.10 → 3.04).");
  check_said (player, n, "w moved under no_grad: new w = old w × 2 (size 3.04 → 6.07).");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/words/two-roots", test_two_roots);
  g_test_add_func ("/player/words/as-written", test_as_written);
  g_test_add_func ("/player/words/captions-as-written", test_captions_as_written);
  return g_test_run ();
}
