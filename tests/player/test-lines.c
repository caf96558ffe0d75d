/* SPDX-License-Identifier: MIT
 *
 * What a line of the script made, and which line made a node: statements of several
 * lines, loops, functions, modules of the user's, outlines. */
#include "real-run.h"

#include <glib/gstdio.h>

static gboolean
made (Player *player, guint line, const char *label)
{
  g_autoptr (GArray) nodes = player_list_made_by (player, line);

  for (guint k = 0; k < nodes->len; k++)
    if (g_str_equal (player_graph_find_node (player_get_graph (player), g_array_index (nodes, guint, k))->label, label))
      return TRUE;
  return FALSE;
}

static guint
n_made (Player *player, guint line)
{
  g_autoptr (GArray) nodes = player_list_made_by (player, line);

  return nodes->len;
}

static void
to_end (Player *player)
{
  player_set_position (player, player_get_n_steps (player));
}

static void
test_plain (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "w = torch.ones(2, 2,\n"
                                        "               requires_grad=True)\n"
                                        "y = (w\n"
                                        "     .tanh()\n"
                                        "     .sum())\n"
                                        "y.backward()\n");
  guint last;

  to_end (player);
  for (guint line = 2; line <= 3; line++)
    {
      g_assert_true (made (player, line, "w"));
      g_assert_cmpuint (n_made (player, line), ==, 1);
    }
  for (guint line = 4; line <= 6; line++)
    {
      g_assert_true (made (player, line, "tanh"));
      g_assert_true (made (player, line, "sum"));
      g_assert_true (made (player, line, "y"));
      g_assert_cmpuint (n_made (player, line), ==, 3);
    }
  g_assert_cmpuint (n_made (player, 0), ==, 0);
  g_assert_cmpuint (n_made (player, 1), ==, 0);
  g_assert_cmpuint (n_made (player, 7), ==, 0);
  g_assert_cmpuint (n_made (player, 99), ==, 0);
  g_assert_cmpuint (player_get_line_of (player, real_box (player, "y")->id, &last), ==, 4);
  g_assert_cmpuint (last, ==, 6);
  g_assert_cmpuint (player_get_line_of (player, G_MAXUINT, &last), ==, 0);
  g_assert_cmpuint (last, ==, 0);
  player_set_position (player, 1);
  g_assert_cmpuint (n_made (player, 4), ==, 0);
}

/* Every iteration that is shown. */
static void
test_loop (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "h = torch.ones(2, requires_grad=True)\n"
                                        "for k in range(3):\n"
                                        "    h = h.tanh()\n"
                                        "y = h.sum()\n");

  to_end (player);
  g_assert_cmpuint (n_made (player, 4), ==, 6);
  g_assert_cmpuint (n_made (player, 3), ==, 0);
}

/* What a function made its caller made too; whose line it is, is the innermost's. */
static void
test_function (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "def inner(x):\n"
                                        "    return x.tanh()\n"
                                        "def outer(x):\n"
                                        "    return inner(x).sum()\n"
                                        "w = torch.ones(2, requires_grad=True)\n"
                                        "y = outer(w)\n"
                                        "z = w * 2\n");
  guint last;

  to_end (player);
  g_assert_true (made (player, 3, "tanh"));
  g_assert_false (made (player, 3, "sum"));
  g_assert_true (made (player, 5, "tanh"));
  g_assert_true (made (player, 5, "sum"));
  g_assert_true (made (player, 7, "tanh"));
  g_assert_true (made (player, 7, "sum"));
  g_assert_false (made (player, 7, "w"));
  g_assert_false (made (player, 7, "z"));
  g_assert_true (made (player, 8, "z"));
  g_assert_cmpuint (player_get_line_of (player, real_pill (player, "tanh", 3)->id, &last), ==, 3);
}

/* A module's lines are not the script's, though they have the same numbers. */
static void
test_module (void)
{
  g_autofree char *folder = g_dir_make_tmp ("tapedeck-lines-XXXXXX", NULL);
  g_autofree char *script = g_build_filename (folder, "script.py", NULL);
  g_autofree char *module = g_build_filename (folder, "layers.py", NULL);
  g_autofree char *cache = g_build_filename (folder, "__pycache__", NULL);
  g_autoptr (Player) player = NULL;
  guint last;

  g_assert_true (g_file_set_contents (module, "def layer(x):\n"
                                              "    return x.tanh()\n", -1, NULL));
  player = real_run_at (script, "import torch, layers\n"
                                "w = torch.ones(2, requires_grad=True)\n"
                                "v = w * 3\n"
                                "y = layers.layer(w)\n");
  to_end (player);
  g_assert_false (made (player, 2, "tanh"));
  g_assert_true (made (player, 2, "w"));
  g_assert_true (made (player, 4, "tanh"));
  g_assert_cmpuint (player_get_line_of (player, real_pill (player, "tanh", 2)->id, &last), ==, 4);
  g_assert_cmpuint (player_get_line (player, &last), ==, 4);     /* the editor's mark too */
  g_unlink (module);
  g_rmdir (cache);
  g_rmdir (folder);
}

/* Before anything has run: where the leaves will be. */
static void
test_outlines (void)
{
  g_autoptr (Player) player = player_new ();
  guint last;

  player_set_outlines (player, "{\"leaves\": [{\"name\": \"w\", \"line\": 3, \"sizes\": [2, 2], \"requires_grad\": true}]}");
  g_assert_cmpuint (n_made (player, 3), ==, 1);
  g_assert_cmpuint (n_made (player, 2), ==, 0);
  g_assert_cmpuint (player_get_line_of (player, real_box (player, "w")->id, &last), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/lines/plain", test_plain);
  g_test_add_func ("/player/lines/loop", test_loop);
  g_test_add_func ("/player/lines/function", test_function);
  g_test_add_func ("/player/lines/module", test_module);
  g_test_add_func ("/player/lines/outlines", test_outlines);
  return g_test_run ();
}
