/* SPDX-License-Identifier: MIT
 *
 * Which name a box bears, in real runs: a name of the script or an attribute before
 * those of functions, lists and loops; names of functions and objects apart. */
#include "real-run.h"

#include <string.h>

static gboolean
has_box (Player *player, const char *label)
{
  return real_find (player, PLAYER_BOX, label) != NULL;
}

static gboolean
has_variable (Player *player, const char *name)
{
  for (guint k = 0; k < player_get_n_variables (player); k++)
    if (g_str_equal (player_get_variable (player, k)->name, name))
      return TRUE;
  return FALSE;
}

static Player *
run_to_end (const char *source)
{
  Player *player = real_run (source);

  player_set_position (player, player_get_n_steps (player));
  return player;
}

/* A function's names are its own: the script's keep their boxes. */
static void
test_shadowing (void)
{
  g_autoptr (Player) player = run_to_end ("import torch\n"
                                          "x = torch.ones(2, requires_grad=True)\n"
                                          "h = x * 2\n"
                                          "def f(x):\n"
                                          "    h = x + 1\n"
                                          "    y = h.tanh()\n"
                                          "    return y\n"
                                          "z = f(h * 3)\n"
                                          "w = x * 5\n");

  g_assert_true (has_box (player, "x"));
  g_assert_true (has_box (player, "h"));
  g_assert_true (has_box (player, "h (in f)"));
  g_assert_false (has_box (player, "h (line 3)"));
  g_assert_false (has_box (player, "x (line 2)"));
  g_assert_true (has_box (player, "z") || has_box (player, "y"));
  g_assert_true (has_variable (player, "z"));
  g_assert_cmpstr (player_get_caption (player, 4), ==,
                   "+ added 1 to every entry of (h * 3) and made h (in f) (2).");
  g_assert_cmpstr (player_get_caption (player, player_get_n_steps (player)), ==,
                   "* multiplied every entry of x by 5 and made w (2).");
  real_check_identity (player);
}

/* What a script calls later as a function did before is the script's. */
static void
test_script_takes_over (void)
{
  g_autoptr (Player) player = run_to_end ("import torch\n"
                                          "def f(v):\n"
                                          "    global g\n"
                                          "    h = v + 1\n"
                                          "    g = h * 2\n"
                                          "    return h\n"
                                          "a = torch.ones(2)\n"
                                          "b = f(a)\n"
                                          "h = a * 3\n"
                                          "g = g + 1\n");

  g_assert_true (has_box (player, "h"));
  g_assert_cmpuint (real_box (player, "h")->line, ==, 9);
  g_assert_true (has_box (player, "b"));
  g_assert_true (has_box (player, "g (line 5)"));
  g_assert_cmpuint (real_box (player, "g")->line, ==, 10);
  real_check_identity (player);
}

#define LAYER                                                                                                \
  "import torch\n"                                                                                           \
  "class Layer:\n"                                                                                           \
  "    def __init__(self, n):\n"                                                                             \
  "        self.W = torch.randn(n, n, requires_grad=True)\n"                                                 \
  "    def __call__(self, x):\n"                                                                             \
  "        self.out = x @ self.W\n"                                                                          \
  "        return self.out\n"

/* Attributes of two objects of a class bear the names that the script has for the objects. */
static void
test_two_objects (void)
{
  g_autoptr (Player) player = run_to_end (LAYER
                                          "layer1 = Layer(3)\n"
                                          "layer2 = Layer(3)\n"
                                          "x = torch.randn(2, 3)\n"
                                          "y = layer2(layer1(x).tanh())\n"
                                          "loss = y.sum()\n"
                                          "loss.backward()\n");
  gboolean said = FALSE;

  g_assert_true (has_box (player, "layer1.W"));
  g_assert_true (has_box (player, "layer2.W"));
  g_assert_true (has_box (player, "layer1.out"));
  g_assert_true (has_box (player, "layer2.out") || has_box (player, "y"));
  g_assert_false (has_variable (player, "self.W"));
  for (guint k = 1; k <= player_get_n_steps (player); k++)
    said = said || strstr (player_get_caption (player, k), "AccumulateGrad stored the gradient in layer2.W.grad") != NULL;
  g_assert_true (said);
  g_assert_cmpstr (player_get_caption (player, 1), ==,
                   "layer1.W was created: a 3×3 leaf that will collect a gradient.");
  player_set_position (player, 1);
  g_assert_true (has_box (player, "layer1.W"));
  real_check_identity (player);
}

/* Objects in objects and in lists. */
static void
test_nested_objects (void)
{
  g_autoptr (Player) player = run_to_end (LAYER
                                          "class Net:\n"
                                          "    def __init__(self):\n"
                                          "        self.first = Layer(2)\n"
                                          "        self.rest = [Layer(2), Layer(2)]\n"
                                          "def main():\n"
                                          "    net = Net()\n"
                                          "    return net\n"
                                          "model = main()\n");

  g_assert_true (has_box (player, "net.first.W"));
  g_assert_true (has_box (player, "net.rest[0].W"));
  g_assert_true (has_box (player, "net.rest[1].W"));
  g_assert_false (has_box (player, "self.W"));
  real_check_identity (player);
}

/* A list's items are named after it, where they have no name of their own; a loop's variable renames nothing. */
static void
test_lists (void)
{
  g_autoptr (Player) player = run_to_end ("import torch\n"
                                          "W = torch.ones(2, requires_grad=True)\n"
                                          "params = [W, torch.zeros(2, requires_grad=True)]\n"
                                          "params.append(torch.zeros(2, requires_grad=True))\n"
                                          "d = {'b': torch.ones(2, requires_grad=True)}\n"
                                          "y = (W * params[1] + params[2] + d['b']).sum()\n"
                                          "y.backward()\n"
                                          "with torch.no_grad():\n"
                                          "    for p in params:\n"
                                          "        p -= 0.1 * p.grad\n"
                                          "b = d['b']\n");
  guint n = player_get_n_steps (player);

  g_assert_true (has_box (player, "W"));
  g_assert_true (has_box (player, "params[1]"));
  g_assert_true (has_box (player, "params[2]"));
  g_assert_true (has_box (player, "b"));
  g_assert_false (has_box (player, "d['b']"));
  g_assert_false (has_box (player, "p"));
  g_assert_true (g_str_has_prefix (player_get_caption (player, n),
                                   "params[2] moved a small step against its gradient: new params[2] = old params[2] − "
                                   "0.1 × params[2].grad"));
  player_set_position (player, n - 1);
  g_assert_true (has_box (player, "d['b']"));
  real_check_identity (player);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/names/shadowing", test_shadowing);
  g_test_add_func ("/player/names/script-takes-over", test_script_takes_over);
  g_test_add_func ("/player/names/two-objects", test_two_objects);
  g_test_add_func ("/player/names/nested-objects", test_nested_objects);
  g_test_add_func ("/player/names/lists", test_lists);
  return g_test_run ();
}
