/* SPDX-License-Identifier: MIT
 *
 * What captions and cards claim of real runs: sums of gradients, who cleared them,
 * what made a leaf, arguments that change the formula, lines of other files. */
#include "real-run.h"

#include <glib/gstdio.h>

#include <string.h>

static guint
find_said (Player *player, const char *part)
{
  for (guint k = 1; k <= player_get_n_steps (player); k++)
    if (strstr (player_get_caption (player, k), part) != NULL)
      return k;
  for (guint k = 1; k <= player_get_n_steps (player); k++)
    g_test_message ("%u %s", k, player_get_caption (player, k));
  g_test_message ("nothing says: %s", part);
  g_assert_not_reached ();
}

/* Two gradients add up to what is passed on, whichever operand each was sent to. */
static void
test_addition (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "a = torch.tensor(2.0, requires_grad=True)\n"
                                        "w = torch.tensor(7.0, requires_grad=True)\n"
                                        "h = a * 1.5\n"
                                        "y1 = w * h\n"
                                        "y2 = h * 5\n"
                                        "loss = y1 + y2\n"
                                        "loss.backward()\n"
                                        "b = torch.tensor(3.0, requires_grad=True)\n"
                                        "c = b * 2 + 7 * b\n"
                                        "c.backward()\n"
                                        "d = b * 1\n"
                                        "d.register_hook(lambda g: g * 10)\n"
                                        "e = d * 2 + d * 3\n"
                                        "e.backward()\n");

  find_said (player, "The second gradient reached h and was added: 5 + 7 = 12, so h can pass it on.");
  find_said (player, "The second gradient reached b and was added: 7 + 2 = 9, so AccumulateGrad can store the sum.");
  /* A hook changed the sum: it is no sum of the two any more. */
  find_said (player, "The second gradient reached d and was added, so d can pass it on.");
}

/* What comes through a folded view comes before the grad_fn that sends it on; what was a
 * leaf later, or no leaf any more, was none then. */
static void
test_order_of_arrival (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "a = torch.tensor([1.0, 2.0], requires_grad=True)\n"
                                        "c = a * 2\n"
                                        "d = c[0] + c[1]\n"
                                        "d.backward()\n"
                                        "z = torch.ones(2, requires_grad=True)\n"
                                        "(z * z).sum().backward()\n"
                                        "z.requires_grad_(False)\n");

  find_said (player, "The second gradient reached c and was added, so c can pass it on. "
                     "MulBackward0 multiplied the gradient by 2 and sent it to a.");
  find_said (player, "The second gradient reached z and was added, so AccumulateGrad can store the sum.");
}

static void
check_entry (Player *player, RunnerClient *client, guint step, const char *label, guint line, const char *entry)
{
  g_autofree char *text = NULL;

  player_set_position (player, step);
  text = real_explain (player, client, real_pill (player, label, line)->id);
  g_assert_cmpstr (g_str_has_prefix (text, entry) ? entry : text, ==, entry);
}

/* alpha is a factor of the second operand, in every sentence and formula. */
static void
test_alpha (void)
{
  g_autoptr (RunnerClient) client = NULL;
  g_autoptr (Player) player = real_run_asking (
                                        "import torch\n"
                                        "a = torch.tensor([1.0, 2.0], requires_grad=True)\n"
                                        "b = torch.tensor([4.0, 5.0], requires_grad=True)\n"
                                        "c = torch.add(a, b, alpha=2)\n"
                                        "d = torch.sub(a, b, alpha=3)\n"
                                        "e = a + b\n"
                                        "loss = (c * d * e).sum()\n"
                                        "loss.backward()\n"
                                        "with torch.no_grad():\n"
                                        "    a.add_(b, alpha=-0.5)\n"
                                        "    b.sub_(b.grad, alpha=0.1)\n"
                                        "n = torch.add(a, 10, alpha=0.5)\n"
                                        "i = torch.sub(torch.ones(2), 10, alpha=3)\n"
                                        "r = torch.rsub(a, b, alpha=4)\n"
                                        "j = torch.ones(3, 2).index_add(0, torch.tensor([1]), torch.ones(1, 2), alpha=5)\n",
                                        &client);
  guint add = find_said (player, "+ added a and 2 × b entry by entry and made c (2).");
  guint sub = find_said (player, "− subtracted 3 × b from a entry by entry and made d (2).");
  g_autoptr (PlayerExplanation) sum = NULL, difference = NULL, plain = NULL;

  find_said (player, "new a = old a + −0.5 × b ");
  find_said (player, "new b = old b − 0.1 × b.grad ");
  find_said (player, "+ added 0.5 × 10 to every entry of a");
  find_said (player, "− subtracted 3 × 10 from every entry of");
  find_said (player, "− subtracted 4 × a from b entry by entry and made r (2).");
  find_said (player, "index_add added 5 × the slices of ones(…) to the slices of ones(…) that the index names along dim 0: j (3×2).");
  find_said (player, "AddBackward0 passed the gradient on to a, unchanged, and to b, times 2.");
  find_said (player, "SubBackward0 passed the gradient on to a, unchanged, and to b, times −3.");
  find_said (player, "AddBackward0 passed the same gradient, unchanged, to a and to b.");
  player_set_position (player, player_get_n_steps (player));
  sum = player_explain (player, real_pill (player, "+", 4)->id);
  g_assert_cmpstr (sum->formula, ==, "c = a + 2 × b");
  g_assert_cmpstr (sum->derivatives->pdata[0], ==, "∂loss/∂a = ∂loss/∂c");
  g_assert_cmpstr (sum->derivatives->pdata[1], ==, "∂loss/∂b = ∂loss/∂c × 2");
  g_assert_cmpstr (real_pill (player, "+", 4)->factor, ==, "× 1, × 2");
  difference = player_explain (player, real_pill (player, "−", 5)->id);
  g_assert_cmpstr (difference->formula, ==, "d = a − 3 × b");
  g_assert_cmpstr (difference->derivatives->pdata[1], ==, "∂loss/∂b = ∂loss/∂d × −3");
  plain = player_explain (player, real_pill (player, "+", 6)->id);
  g_assert_cmpstr (plain->formula, ==, "e = a + b");
  g_assert_cmpstr (real_pill (player, "+", 6)->factor, ==, "× 1 to both");
  g_assert_cmpuint (add, <, sub);
  check_entry (player, client, add, "+", 4, "c[1] | = 2 × b[1] + a[1] | = 2 × 5 + 2 | = +12");
  check_entry (player, client, sub, "−", 5, "d[1] | = −3 × b[1] + a[1] | = −3 × 5 + 2 | = −13");
  check_entry (player, client, find_said (player, "and made n (2)."), "+", 12, "n[1] | = add(a[1], other=10, alpha=0.5) | = add(−0.5000, other=10, alpha=0.5) | = +4.5000");
  check_entry (player, client, find_said (player, "and made r (2)."), "−", 14, "r[1] | = b[1] − 4 × a[1] | ");
}

/* zero_grad() is named where it was called, and only there. */
static void
test_clearing (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "a = torch.tensor(2.0, requires_grad=True)\n"
                                        "w = torch.tensor(7.0, requires_grad=True)\n"
                                        "def zero_grad():\n"
                                        "    a.grad = w.grad = None\n"
                                        "(a * w).backward()\n"
                                        "a.grad = w.grad = None\n"
                                        "(a * w).backward()\n"
                                        "zero_grad()\n"
                                        "(a * w).backward()\n"
                                        "a.grad = None    # not by zero_grad()\n"
                                        "a.grad, w.grad = torch.ones(()), None\n");

  find_said (player, "a.grad and w.grad were set back to None, so the next backward() starts fresh.");
  find_said (player, "zero_grad() set 2 gradients back to None, so the next backward() starts fresh.");
  find_said (player, "a.grad was set back to None, so the next backward() starts fresh.");
  find_said (player, "w.grad was set back to None, so the next backward() starts fresh. a.grad was replaced in line 12.");
}

/* What changed a leaf in place did not make it. */
static void
test_maker_of_leaf (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "a = torch.ones(2, 3, requires_grad=True)\n"
                                        "b = a * 2\n"
                                        "with torch.no_grad():\n"
                                        "    a -= 0.1\n");
  g_autoptr (PlayerExplanation) leaf = NULL, made = NULL;

  player_set_position (player, player_get_n_steps (player));
  leaf = player_explain (player, real_box (player, "a")->id);
  g_assert_cmpstr (leaf->formula, ==, "made in line 2");
  made = player_explain (player, real_box (player, "b")->id);
  g_assert_cmpstr (made->formula, ==, "made by * in line 3");
}

/* A module's lines are not the script's. */
static void
test_module (void)
{
  g_autofree char *folder = g_dir_make_tmp (NULL, NULL), *path = g_build_filename (folder, "helper.py", NULL);
  g_autofree char *before = g_get_current_dir ();
  g_autoptr (Player) player = NULL;
  g_autofree char *error = NULL;
  guint n, line;

  g_assert_true (g_file_set_contents (path, "import torch\n\n\n\n\n\n"
                                            "def make(n):\n"
                                            "    a = torch.ones(n, requires_grad=True)\n"
                                            "    a = a * 2\n"
                                            "    print('made')\n"
                                            "    return a * 1\n\n\n"
                                            "def fail(x):\n"
                                            "    raise RuntimeError('helper failed')\n", -1, NULL));
  g_assert_cmpint (g_chdir (folder), ==, 0);
  player = real_run ("import torch\n"
                     "\n"
                     "import helper\n"
                     "y = helper.make(3)\n"
                     "z = y + 1\n"
                     "helper.fail(z)\n");
  g_assert_cmpint (g_chdir (before), ==, 0);
  n = player_get_n_steps (player);
  g_assert_cmpuint (n, ==, 5);
  g_assert_cmpstr (player_get_caption (player, 0), ==, "Press Step: helper.py, line 8 will create a.");
  player_set_position (player, 1);
  g_assert_cmpstr (player_get_status (player), ==, "paused in helper.py, line 8 · forward");
  g_assert_cmpuint (player_get_line (player, NULL), ==, 4);
  g_assert_cmpstr (player_get_next (player, 1), ==, "Next: * makes a in helper.py, line 9");
  player_set_position (player, 4);
  g_assert_cmpstr (player_get_status (player), ==, "paused in line 5 · forward");
  real_box (player, "y");
  player_set_position (player, n);
  g_assert_cmpstr (player_get_caption (player, n), ==, "helper.py, line 15 stopped with RuntimeError: helper failed");
  g_assert_cmpstr (player_get_status (player), ==, "stopped in helper.py, line 15 · error");
  error = player_dup_error (player, &line);
  g_assert_cmpstr (error, ==, "RuntimeError: helper failed (helper.py, line 15)");
  g_assert_cmpuint (line, ==, 6);
  g_assert_cmpuint (player_get_line (player, NULL), ==, 6);
  g_unlink (path);
  g_rmdir (folder);
}

/* A part of a tensor is named as the part it is, with its own size. */
static void
test_parts (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "a = torch.ones(2, 3, requires_grad=True)\n"
                                        "c = a * 2\n"
                                        "d = c[0] + c[1]\n"
                                        "e = d.view(3, 1)\n"
                                        "loss = (e.t() @ e).sum()\n"
                                        "loss.backward()\n");
  g_autoptr (PlayerExplanation) plus = NULL, product = NULL;

  player_set_position (player, player_get_n_steps (player));
  plus = player_explain (player, real_pill (player, "+", 4)->id);
  g_assert_cmpstr (plus->formula, ==, "d = c[0] + c[1]");
  g_assert_cmpuint (plus->derivatives->len, ==, 2);
  g_assert_cmpstr (plus->derivatives->pdata[0], ==, "∂loss/∂c[0] = ∂loss/∂d");
  g_assert_cmpstr (plus->derivatives->pdata[1], ==, "∂loss/∂c[1] = ∂loss/∂d");
  g_assert_cmpuint (plus->facts->len, ==, 3);
  g_assert_cmpstr (((PlayerFact *) plus->facts->pdata[1])->label, ==, "to c[0], 3");
  g_assert_cmpstr (((PlayerFact *) plus->facts->pdata[2])->label, ==, "to c[1], 3");
  product = player_explain (player, real_pill (player, "@", 6)->id);
  g_assert_cmpstr (((PlayerFact *) product->facts->pdata[1])->label, ==, "to eᵀ, 1×3");
  g_assert_cmpstr (((PlayerFact *) product->facts->pdata[2])->label, ==, "to e, 3×1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/claims/addition", test_addition);
  g_test_add_func ("/player/claims/order-of-arrival", test_order_of_arrival);
  g_test_add_func ("/player/claims/alpha", test_alpha);
  g_test_add_func ("/player/claims/clearing", test_clearing);
  g_test_add_func ("/player/claims/maker-of-leaf", test_maker_of_leaf);
  g_test_add_func ("/player/claims/module", test_module);
  g_test_add_func ("/player/claims/parts", test_parts);
  return g_test_run ();
}
