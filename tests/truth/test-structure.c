/* SPDX-License-Identifier: MIT
 *
 * The structure's hash is the key under which a layout is kept: at every event of a
 * run, graphs with the same one ask for the same sizes. */
#include "layout/layout-private.h"
#include "player/graph-private.h"
#include "truth-run.h"

/* Which sizes a structure asked for when it was met first. */
static void
check_run (const char *source)
{
  g_autoptr (TruthRun) run = truth_run_new (truth_runner (), source);
  g_autoptr (PlayerRunIndex) index = player_run_index_new (run->recording);
  g_autoptr (PlayerGraph) graph = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);

  player_run_index_sync (index, G_MAXUINT64);
  graph = player_graph_new (run->recording, index, FALSE);
  for (guint64 k = 0; k <= index->n_read; k++)
    {
      g_autoptr (LayoutInput) input = NULL;
      guint64 structure, *sizes, wanted;

      player_graph_seek (graph, k);
      structure = player_graph_get_structure_hash (graph);
      input = layout_input_new (graph, paint_measure_node, paint_measure_tag, NULL);
      wanted = input->hash;
      sizes = g_hash_table_lookup (seen, &structure);
      if (sizes == NULL)
        g_hash_table_insert (seen, g_memdup2 (&structure, sizeof structure), g_memdup2 (&wanted, sizeof wanted));
      else if (*sizes != wanted)
        g_test_message ("event %" G_GUINT64_FORMAT ": other sizes under the same structure", k);
      g_assert_true (sizes == NULL || *sizes == wanted);
    }
  g_assert_cmpuint (g_hash_table_size (seen), >, 1);
}

static void
test_examples (void)
{
  g_auto (GStrv) paths = truth_list_examples ();

  for (guint k = 0; paths[k] != NULL; k++)
    {
      g_autofree char *source = NULL;

      g_test_message ("%s", paths[k]);
      g_assert_true (g_file_get_contents (paths[k], &source, NULL, NULL));
      check_run (source);
    }
}

/* Facts that change without a new box: what needs a gradient, what is an output, factors, badges. */
static void
test_late_facts (void)
{
  check_run ("import torch\n"
             "x = torch.ones(20, 20)\n"
             "y = x * 2\n"
             "x.requires_grad_()\n"
             "x.requires_grad_(False)\n");
  check_run ("import torch\n"
             "a = torch.ones(100, requires_grad=True)\n"
             "b = torch.ones(100, requires_grad=True)\n"
             "sa = a.sum()\n"
             "l = sa + b.sum()\n"
             "loss = l * 2\n"
             "loss.backward()\n"
             "more = loss + 1\n");
  check_run ("import torch\n"
             "w = torch.tensor([5.0, 0.1], requires_grad=True)\n"
             "h = torch.tanh(w)\n"
             "h.backward(torch.ones(2))\n"
             "h += 1\n"
             "h = torch.tanh(w * 9)\n"
             "h.relu_()\n"
             "del h\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/truth/structure/examples", test_examples);
  g_test_add_func ("/truth/structure/late-facts", test_late_facts);
  return g_test_run ();
}
