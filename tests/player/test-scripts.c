/* SPDX-License-Identifier: MIT
 *
 * Other scripts than the demo, really run: chains without names, loops, a tensor
 * used twice, a second backward, wrong sizes, NaN, printing, no_grad. */
#include "real-run.h"

#include <string.h>

static void
test_unnamed_chain (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "x = torch.randn(2, 3)\n"
                                        "w = torch.randn(3, 2, requires_grad=True)\n"
                                        "z = (x @ w).tanh().sum()\n");
  const PlayerNode *matmul, *tanh;

  g_assert_cmpuint (player_get_n_steps (player), ==, 5);
  player_set_position (player, 5);
  matmul = real_pill (player, "@", 4);
  tanh = real_pill (player, "tanh", 4);
  g_assert_nonnull (real_edge (player, matmul->id, tanh->id));
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player)), ==, 6);
  g_assert_nonnull (real_edge (player, real_pill (player, "sum", 4)->id, real_box (player, "z")->id));
  g_assert_cmpstr (player_get_caption (player, 4), ==,
                   "tanh squashed every entry into −1…1 and made tanh(x @ w) (2×2).");
  player_set_granularity (player, PLAYER_BY_LINE);
  g_assert_cmpuint (player_get_count_steps (player), ==, 3);
  real_check_identity (player);
}

static void
test_used_twice (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "a = torch.full((1,), 2.0, requires_grad=True)\n"
                                        "h = a * 3\n"
                                        "y = h * 0.1 + h * 0.2\n"
                                        "y.backward()\n");
  guint n = 0;

  for (guint k = 1; k <= player_get_n_steps (player); k++)
    {
      const char *caption = player_get_caption (player, k);
      if (strstr (caption, "The first of 2 gradients reached h; it waits here until the second has come.") != NULL)
        {
          player_set_position (player, k);
          g_assert_cmpint (real_box (player, "h")->grad_state, ==, PLAYER_GRAD_WAITING);
          g_assert_cmpuint (real_box (player, "h")->grad_arrived, ==, 1);
          g_assert_cmpuint (real_box (player, "h")->grad_expected, ==, 2);
          n++;
        }
      if (strstr (caption, "The second gradient reached h and was added: 0.2000 + 0.1000 = 0.3000, so h can pass it on.")
          != NULL)
        {
          player_set_position (player, k);
          g_assert_cmpint (real_box (player, "h")->grad_state, ==, PLAYER_GRAD_PASSING);
          g_assert_cmpfloat_with_epsilon (real_norm (player, real_box (player, "h")->grad_shot), 0.3, 1e-6);
          n += 10;
        }
    }
  g_assert_cmpuint (n, ==, 11);
  real_check_identity (player);
}

/* One entry is not "all 1 entries". */
static void
test_singular (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "w = torch.full((1,), 2.0, requires_grad=True)\n"
                                        "y = w.sum()\n"
                                        "y.backward()\n"
                                        "v = torch.ones(3, requires_grad=True)\n"
                                        "z = v.mean()\n"
                                        "z.backward()\n");

  g_assert_cmpstr (player_get_caption (player, 2), ==, "sum added the one entry of w: y = 2.");
  g_assert_cmpstr (player_get_caption (player, 4), ==,
                   "SumBackward0 copied the gradient 1 to the one entry of w.");
  g_assert_cmpstr (player_get_caption (player, 8), ==, "mean averaged the 3 entries of v: z = 1.");
  g_assert_cmpstr (player_get_caption (player, 10), ==,
                   "MeanBackward0 gave all 3 entries of v the gradient / 3.");
}

/* A tensor that retains its gradient has a row .grad, as a leaf has; the rows add up over two passes. */
static void
test_retain_grad (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "w = torch.full((2,), 2.0, requires_grad=True)\n"
                                        "h = w * 3\n"
                                        "h.retain_grad()\n"
                                        "k = h * 5\n"
                                        "y = k.sum()\n"
                                        "y.backward(retain_graph=True)\n"
                                        "y.backward()\n");
  guint n = player_get_n_steps (player), n_kept = 0;

  player_set_position (player, 4);
  g_assert_cmpint (real_box (player, "h")->grad_state, ==, PLAYER_GRAD_NONE_YET);
  for (guint k = 1; k <= n; k++)
    if (strstr (player_get_caption (player, k), "h is no leaf, but it retains its gradient: h.grad") != NULL)
      {
        player_set_position (player, k);
        g_assert_cmpint (real_box (player, "h")->grad_state, ==, PLAYER_GRAD_KEPT);
        n_kept++;
        g_assert_cmpfloat_with_epsilon (real_norm (player, real_box (player, "h")->grad_shot),
                                        n_kept * 5 * G_SQRT2, 1e-5);
      }
  g_assert_cmpuint (n_kept, ==, 2);
  player_set_position (player, n);
  g_assert_cmpint (real_box (player, "h")->grad_state, ==, PLAYER_GRAD_KEPT);
  g_assert_cmpint (real_box (player, "k")->grad_state, ==, PLAYER_GRAD_PASSED);
  real_check_identity (player);
}

/* A power's slope as one writes it: exponents 1, 2 and others. */
static void
test_power_factor (void)
{
  static const struct { const char *power, *factor;
  } cases[] = {
    { "2", "× 2·x" }, { "3", "× 3·x²" }, { "1", "× 1·x⁰" }, { "0.5", "× 0.5·x^−0.5" }, { "-1", "× −1·x^−2" },
  };

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autofree char *source = g_strdup_printf ("import torch\n"
                                                 "x = torch.full((2,), 4.0, requires_grad=True)\n"
                                                 "y = (x ** %s).sum()\n"
                                                 "y.backward()\n", cases[k].power);
      g_autoptr (Player) player = real_run (source);

      player_set_position (player, player_get_n_steps (player));
      g_assert_cmpstr (real_pill (player, "**", 3)->factor, ==, cases[k].factor);
    }
}

static void
test_loop (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "h = torch.ones(1, 2)\n"
                                        "W = torch.randn(2, 2, requires_grad=True)\n"
                                        "for i in range(3):\n"
                                        "    h = torch.tanh(h @ W)\n"
                                        "h.sum().backward()\n");
  guint n_dimmed = 0;

  player_set_position (player, player_get_n_steps (player));
  for (guint k = 0; k < player_graph_get_n_nodes (player_get_graph (player)); k++)
    n_dimmed += player_graph_get_node (player_get_graph (player), k)->dimmed;
  g_assert_cmpuint (n_dimmed, ==, 3);
  g_assert_nonnull (real_find (player, PLAYER_BOX, "sum(h)"));
  g_assert_cmpint (real_box (player, "W")->grad_state, ==, PLAYER_GRAD_KEPT);
  g_assert_cmpuint (real_box (player, "W")->grad_expected, ==, 3);
  real_check_identity (player);
}

static void
test_second_backward (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "w = torch.full((2,), 3.0, requires_grad=True)\n"
                                        "y = (w * w).sum()\n"
                                        "y.backward(retain_graph=True)\n"
                                        "y.backward()\n"
                                        "w.grad = None\n");
  gboolean kept = FALSE, added = FALSE, cleared = FALSE;

  for (guint k = 1; k <= player_get_n_steps (player); k++)
    {
      const char *caption = player_get_caption (player, k);
      kept |= g_str_equal (caption, "Backward is done and its saved values are kept, so backward() can run here again.");
      added |= g_str_equal (caption, "w.grad already held a gradient, so the new one was added to it (size 8.49 → 17.0).");
      cleared |= g_str_equal (caption, "w.grad was set back to None, so the next backward() starts fresh.");
    }
  g_assert_true (kept);
  g_assert_true (added);
  g_assert_true (cleared);
  player_set_position (player, player_get_n_steps (player));
  g_assert_cmpint (real_box (player, "w")->grad_state, ==, PLAYER_GRAD_CLEARED);
  player_set_position (player, 1);
  g_assert_cmpint (real_box (player, "w")->grad_state, ==, PLAYER_GRAD_NONE_YET);
  real_check_identity (player);
}

/* Adding a number saves nothing: the same pass may run twice, and the caption says so. */
static void
test_nothing_saved (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "x = torch.ones(2, requires_grad=True)\n"
                                        "y = (x + 1).sum()\n"
                                        "y.backward()\n"
                                        "y.backward()\n");
  guint n = 0;

  for (guint k = 1; k <= player_get_n_steps (player); k++)
    n += g_str_equal (player_get_caption (player, k),
                      "Backward is done; these operations had saved nothing, so backward() can run here again.");
  g_assert_cmpuint (n, ==, 2);
}

static void
test_wrong_shape (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "W_x = torch.randn(20, 10)\n"
                                        "x = torch.randn(1, 10)\n"
                                        "i2h = torch.mm(W_x, x)\n");
  RecErrorText text;
  guint line = 0, n = player_get_n_steps (player);

  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpstr (player_get_caption (player, 3), ==,
                   "mm stopped on line 4: W_x has 10 columns, so the other matrix needs 10 rows, but x has 1.");
  player_set_position (player, 2);
  g_assert_false (player_get_error (player, &text, &line));
  player_set_position (player, 3);
  g_assert_true (player_get_error (player, &text, &line));
  g_assert_cmpuint (line, ==, 4);
  g_assert_cmpstr (text.message, ==, "mat1 and mat2 shapes cannot be multiplied (20x10 and 1x10)");
  g_assert_cmpint (real_pill (player, "mm", 4)->pill_state, ==, PLAYER_PILL_FAILED);
  g_assert_cmpstr (real_pill (player, "mm", 4)->factor, ==, "20×10 · 1×10");
  g_assert_nonnull (real_edge (player, real_box (player, "x")->id, real_pill (player, "mm", 4)->id));
  real_check_identity (player);
}

#define CHANGED_IN_PLACE "import torch\n" \
                         "w = torch.ones(3, requires_grad=True)\n" \
                         "h = w.sigmoid()\n" \
                         "y = h * h\n" \
                         "h += 1\n" \
                         "loss = y.sum()\n"

/* The operation whose grad_fn raised is marked and in focus; where the script went on, none is. */
static void
test_failed_backward (void)
{
  g_autoptr (Player) player = real_run (CHANGED_IN_PLACE "loss.backward()\n");
  g_autoptr (Player) caught = real_run (CHANGED_IN_PLACE "try:\n    loss.backward()\nexcept RuntimeError:\n    pass\n");
  guint n = player_get_n_steps (player);

  player_set_position (player, n - 1);
  g_assert_cmpint (real_pill (player, "sum", 6)->pill_state, ==, PLAYER_PILL_LIT);
  g_assert_cmpint (real_pill (player, "*", 4)->pill_state, ==, PLAYER_PILL_READY);
  player_set_position (player, n);
  g_assert_cmpint (real_pill (player, "*", 4)->pill_state, ==, PLAYER_PILL_FAILED);
  g_assert_cmpint (real_pill (player, "sum", 6)->pill_state, ==, PLAYER_PILL_RAN);
  g_assert_cmpint (real_pill (player, "sigmoid", 3)->pill_state, ==, PLAYER_PILL_IDLE);
  g_assert_cmpuint (player_get_focus (player), ==, real_pill (player, "*", 4)->id);
  real_check_identity (player);
  player_set_position (caught, player_get_n_steps (caught));
  g_assert_cmpint (real_pill (caught, "*", 4)->pill_state, ==, PLAYER_PILL_IDLE);
  real_check_identity (caught);
}

static void
test_nan (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "x = torch.arange(-3.0, 5.0)\n"
                                        "y = x.log()\n");

  g_assert_cmpstr (player_get_caption (player, 2), ==,
                   "The first NaN appeared: log on line 3 made 3 of 8 entries NaN because they were negative.");
}

static void
test_output (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "print('one')\n"
                                        "x = torch.ones(2)\n"
                                        "print('two')\n");
  g_autofree char *first = NULL, *all = NULL, *tail = NULL;
  PlayerLeftOut left_out = { 0 };

  g_assert_cmpuint (player_get_n_steps (player), ==, 2);
  g_assert_cmpstr (player_get_caption (player, 2), ==, "Line 4 printed “two”.");
  player_set_position (player, 1);
  first = player_dup_output (player, 1000, NULL);
  g_assert_cmpstr (first, ==, "one\n");
  player_set_position (player, 2);
  all = player_dup_output (player, 1000, NULL);
  g_assert_cmpstr (all, ==, "one\ntwo\n");
  tail = player_dup_output (player, 4, &left_out);
  g_assert_cmpstr (tail, ==, "two\n");
  g_assert_cmpuint (left_out.nbytes, ==, 4);
  g_assert_cmpuint (left_out.n_lines, ==, 1);
}

/* A flood leads to the step after it and is its own line's. */
static void
test_flood (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "x = torch.ones(3)\n"
                                        "for i in range(300000): print('line', i)\n"
                                        "y = x + 1\n");
  RecRecording *recording = player_get_recording (player);
  PlayerLeftOut left_out = { 0 };
  g_autofree char *tail = NULL;
  guint64 n = 0;

  g_assert_cmpuint (player_get_n_steps (player), ==, 2);
  g_assert_cmpstr (player_get_next (player, 2), ==,
                   "The script ended after 2 steps; step back at any time, nothing is run again.");
  for (guint64 k = 0; k < rec_recording_get_n_events (recording); k++)
    {
      RecEvent event;

      g_assert_true (rec_recording_get_event (recording, k, &event));
      if (event.kind == REC_OUTPUT)
        {
          n++;
          g_assert_cmpuint (event.line, ==, 3);
          g_assert_cmpuint (k + 1, <, player_get_step (player, 2)->end_event);
        }
    }
  g_assert_cmpuint (n, >, 0);
  player_set_position (player, 2);
  tail = player_dup_output (player, 24, &left_out);
  g_assert_cmpstr (tail, ==, "line 299998\nline 299999\n");
  g_assert_cmpuint (left_out.n_lines, ==, 299998);
  player_set_position (player, 1);
  g_clear_pointer (&tail, g_free);
  tail = player_dup_output (player, 24, &left_out);
  g_assert_cmpstr (tail, ==, "");
}

static void
test_refused (void)
{
  g_autoptr (Player) player = real_run ("import torch\nx = torch.randn(3\n");
  g_autofree char *error = NULL;
  guint line = 0;

  g_assert_cmpuint (player_get_n_steps (player), ==, 0);
  g_assert_true (player_is_refused (player));
  g_assert_cmpstr (player_get_caption (player, 0), ==,
                   "Nothing has run, because line 2 cannot be read: '(' was never closed.");
  g_assert_cmpstr (player_get_status (player), ==, "error in line 2 · nothing has run");
  error = player_dup_error (player, &line);
  g_assert_cmpstr (error, ==, "SyntaxError: '(' was never closed");
  g_assert_cmpuint (line, ==, 2);
  g_assert_cmpuint (player_get_line (player, NULL), ==, 2);
}

/* An exception of the first line is a step: that line has run. */
static void
test_first_line_raises (void)
{
  g_autoptr (Player) player = real_run ("1 / 0\n");

  g_assert_false (player_is_refused (player));
  g_assert_cmpuint (player_get_n_steps (player), ==, 1);
  g_assert_cmpstr (player_get_caption (player, 1), ==,
                   "Line 1 stopped with ZeroDivisionError: division by zero");
}

static void
test_no_grad (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "w = torch.ones(2, requires_grad=True)\n"
                                        "with torch.no_grad():\n"
                                        "    y = w * 2\n"
                                        "    w += 1\n");
  guint n = player_get_n_steps (player);

  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpstr (player_get_caption (player, 2), ==,
                   "Line 4 ran under no_grad: values were computed, but no graph was recorded.");
  g_assert_cmpint (player_get_step (player, 3)->phase, ==, PLAYER_PHASE_UPDATE);
  player_set_position (player, 3);
  g_assert_cmpfloat_with_epsilon (real_norm (player, real_box (player, "w")->shot), 2.828427, 1e-5);
  g_assert_true (real_box (player, "w")->lit);
  player_set_position (player, 2);
  g_assert_cmpfloat_with_epsilon (real_norm (player, real_box (player, "w")->shot), 1.414214, 1e-5);
  real_check_identity (player);
}

static void
test_named_view (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "x = torch.randn(2, 3)\n"
                                        "xt = x.t()\n");
  const PlayerEdge *edge;

  g_assert_cmpuint (player_get_n_steps (player), ==, 2);
  player_set_position (player, 2);
  edge = real_edge (player, real_box (player, "x")->id, real_box (player, "xt")->id);
  g_assert_nonnull (edge);
  g_assert_cmpstr (edge->tag, ==, "ᵀ 3×2");
  g_assert_cmpstr (player_get_caption (player, 2), ==,
                   "x.t() made a view: the same 6 numbers read as 3×2, nothing was copied.");
  real_check_identity (player);
}

static void
test_empty (void)
{
  g_autoptr (Player) player = real_run ("a = 1\n");

  g_assert_cmpuint (player_get_n_steps (player), ==, 0);
  g_assert_true (player_is_finished (player));
  g_assert_false (player_step_forward (player));
  g_assert_false (player_step_back (player));
}

/* Names of results without one: a minus with two sides is no negation. */
static void
test_expressions (void)
{
  g_autoptr (Player) player = real_run (
    "import torch\n"
    "w = torch.tensor([1.0, 2.0], requires_grad=True)\n"
    "loss = (((w * w).sum() - 1) * 2).exp()\n"
    "g = -(-w)\n"
    "loss.backward()\n"
    "h = w.grad\n"
    "k = h + 1\n");

  g_assert_cmpstr (player_get_caption (player, 4), ==,
                   "- subtracted 1 from every entry of sum(w * w) and made (sum(w * w) - 1) (scalar).");
  for (guint n = 1; n <= player_get_n_steps (player); n++)
    g_assert_null (strstr (player_get_caption (player, n), "h was created"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/scripts/unnamed-chain", test_unnamed_chain);
  g_test_add_func ("/player/scripts/used-twice", test_used_twice);
  g_test_add_func ("/player/scripts/retain-grad", test_retain_grad);
  g_test_add_func ("/player/scripts/singular", test_singular);
  g_test_add_func ("/player/scripts/power-factor", test_power_factor);
  g_test_add_func ("/player/scripts/loop", test_loop);
  g_test_add_func ("/player/scripts/second-backward", test_second_backward);
  g_test_add_func ("/player/scripts/nothing-saved", test_nothing_saved);
  g_test_add_func ("/player/scripts/wrong-shape", test_wrong_shape);
  g_test_add_func ("/player/scripts/failed-backward", test_failed_backward);
  g_test_add_func ("/player/scripts/nan", test_nan);
  g_test_add_func ("/player/scripts/output", test_output);
  g_test_add_func ("/player/scripts/flood", test_flood);
  g_test_add_func ("/player/scripts/refused", test_refused);
  g_test_add_func ("/player/scripts/first-line-raises", test_first_line_raises);
  g_test_add_func ("/player/scripts/no-grad", test_no_grad);
  g_test_add_func ("/player/scripts/named-view", test_named_view);
  g_test_add_func ("/player/scripts/empty", test_empty);
  g_test_add_func ("/player/scripts/expressions", test_expressions);
  return g_test_run ();
}
