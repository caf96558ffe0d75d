/* SPDX-License-Identifier: MIT
 *
 * A box that is used in many places, as a parameter in a loop, stands once per use:
 * one shared box with edges to everywhere would take dot minutes and tangle the
 * picture. Uses are counted in the order of the edges, so that the k-th stays the
 * k-th while a graph grows; what one operation takes twice is one use. The first use
 * keeps what leads into the box. Called by input.c. */
#include "layout-private.h"

#define MOST_LEAF_USES 3         /* more are drawn apart */
#define MOST_RESULT_USES 6       /* an intermediate result is not known by heart: longer in one place */

static gint64
make_key (const LayoutInputEdge *edge)
{
  return ((gint64) edge->from << 32) | edge->to;
}

/* uses: from and to → use + 1. */
static void
count_uses (const LayoutInput *input, GHashTable *uses, guint *n_uses)
{
  for (guint i = 0; i < input->n_edges; i++)
    {
      gint64 key = make_key (&input->edges[i]);

      if (g_hash_table_contains (uses, &key))
        continue;
      n_uses[input->edges[i].from]++;
      g_hash_table_insert (uses, g_memdup2 (&key, sizeof key), GUINT_TO_POINTER (n_uses[input->edges[i].from]));
    }
}

static gboolean
stands_apart (const LayoutInputNode *node, guint n_uses)
{
  return node->is_box && n_uses > (node->is_leaf ? MOST_LEAF_USES : MOST_RESULT_USES);
}

/* Adds the further nodes; first_copy: where those of a node begin. */
static void
add_nodes (LayoutInput *input, const guint *n_uses, guint *first_copy)
{
  guint n = input->n_nodes;

  for (guint i = 0; i < input->n_nodes; i++)
    {
      first_copy[i] = n;
      n += stands_apart (&input->nodes[i], n_uses[i]) ? n_uses[i] - 1 : 0;
    }
  input->nodes = g_renew (LayoutInputNode, input->nodes, MAX (n, 1));
  for (guint i = 0; i < input->n_items; i++)
    {
      if (!stands_apart (&input->nodes[i], n_uses[i]))
        continue;
      input->nodes[i].n_uses = n_uses[i];
      for (guint use = 1; use < n_uses[i]; use++)
        {
          LayoutInputNode *copy = &input->nodes[first_copy[i] + use - 1];

          *copy = input->nodes[i];
          copy->use = use;
          copy->has_input = FALSE;
        }
    }
  input->n_nodes = n;
}

void
layout_input_split_uses (LayoutInput *input)
{
  g_autoptr (GHashTable) uses = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autofree guint *n_uses = g_new0 (guint, input->n_nodes + 1);
  g_autofree guint *first_copy = g_new0 (guint, input->n_nodes + 1);

  count_uses (input, uses, n_uses);
  add_nodes (input, n_uses, first_copy);
  for (guint i = 0; i < input->n_edges; i++)
    {
      LayoutInputEdge *edge = &input->edges[i];
      gint64 key = make_key (edge);
      guint use = GPOINTER_TO_UINT (g_hash_table_lookup (uses, &key)) - 1;

      if (use > 0 && input->nodes[edge->from].n_uses > 1)
        edge->from = first_copy[edge->from] + use - 1;
    }
}
