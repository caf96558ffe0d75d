/* SPDX-License-Identifier: MIT
 *
 * LayoutInput: a plain copy of a player graph with measured sizes. Holds no
 * pointer into the graph, so that it may go to the worker thread. Edges whose
 * ends are missing are left out. Called by the stage, on the UI thread. */
#include "layout-private.h"

#include <string.h>

static guint64
mix (guint64 hash, gconstpointer bytes, gsize n)
{
  const guint8 *p = bytes;

  for (gsize i = 0; i < n; i++)
    hash = (hash ^ p[i]) * G_GUINT64_CONSTANT (1099511628211);
  return hash;
}

static guint64
mix_double (guint64 hash, double value)
{
  return mix (hash, &value, sizeof value);
}

static guint64
hash_input (const LayoutInput *input)
{
  guint64 hash = G_GUINT64_CONSTANT (14695981039346656037);

  for (guint i = 0; i < input->n_nodes; i++)
    {
      const LayoutInputNode *node = &input->nodes[i];

      hash = mix (hash, &node->id, sizeof node->id);
      hash = mix (hash, &node->use, sizeof node->use);
      hash = mix_double (hash, node->size.width);
      hash = mix_double (hash, node->size.height);
      hash = mix_double (hash, node->size.left);
      hash = mix_double (hash, node->size.right);
    }
  for (guint i = 0; i < input->n_edges; i++)
    {
      const LayoutInputEdge *edge = &input->edges[i];
      guint facts[6] = { edge->id, edge->from, edge->to, edge->operand, edge->tagged, edge->upward };

      hash = mix (hash, facts, sizeof facts);
      hash = mix_double (hash, edge->tag_width);
      hash = mix_double (hash, edge->tag_height);
    }
  return hash;
}

static int
compare_edges (gconstpointer a, gconstpointer b)
{
  const LayoutInputEdge *left = a, *right = b;

  if (left->to != right->to)
    return left->to < right->to ? -1 : 1;
  if (left->operand != right->operand)
    return left->operand < right->operand ? -1 : 1;
  return (left->id > right->id) - (left->id < right->id);
}

static void
copy_nodes (LayoutInput *input, const PlayerGraph *graph, LayoutMeasureNode measure, gpointer data,
            GHashTable *index)
{
  for (guint k = 0; k < input->n_nodes; k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);

      input->nodes[k].id = node->id;
      input->nodes[k].n_uses = 1;
      input->nodes[k].is_box = node->kind == PLAYER_BOX;
      input->nodes[k].is_leaf = node->is_leaf;
      measure (node, &input->nodes[k].size, data);
      g_hash_table_insert (index, GUINT_TO_POINTER (node->id), GUINT_TO_POINTER (k + 1));
    }
}

static void
copy_edges (LayoutInput *input, const PlayerGraph *graph, LayoutMeasureTag measure, gpointer data,
            GHashTable *index)
{
  guint n = player_graph_get_n_edges (graph);

  input->edges = g_new0 (LayoutInputEdge, MAX (n, 1));
  for (guint k = 0; k < n; k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph, k);
      guint from = GPOINTER_TO_UINT (g_hash_table_lookup (index, GUINT_TO_POINTER (edge->from)));
      guint to = GPOINTER_TO_UINT (g_hash_table_lookup (index, GUINT_TO_POINTER (edge->to)));
      LayoutInputEdge *copy = &input->edges[input->n_edges];

      if (from == 0 || to == 0 || from == to)
        continue;
      if (edge->upward)
        {
          guint below = from;
          from = to;
          to = below;
        }
      *copy = (LayoutInputEdge) { .id = edge->id, .from = from - 1, .to = to - 1, .operand = edge->operand,
                                  .tagged = edge->tag != NULL, .upward = edge->upward };
      if (copy->tagged)
        measure (edge, &copy->tag_width, &copy->tag_height, data);
      input->nodes[from - 1].has_edge = TRUE;
      input->nodes[to - 1].has_edge = TRUE;
      input->nodes[to - 1].has_input = TRUE;
      input->n_edges++;
    }
}

/* Copies what dot needs out of the graph. O(nodes + edges); the caller frees. */
LayoutInput *
layout_input_new (const PlayerGraph *graph, LayoutMeasureNode measure_node, LayoutMeasureTag measure_tag,
                  gpointer data)
{
  g_autoptr (GHashTable) index = g_hash_table_new (NULL, NULL);
  LayoutInput *input = g_new0 (LayoutInput, 1);

  g_return_val_if_fail (graph != NULL, input);
  input->structure_hash = player_graph_get_structure_hash (graph);
  input->n_nodes = input->n_items = player_graph_get_n_nodes (graph);
  input->nodes = g_new0 (LayoutInputNode, MAX (input->n_nodes, 1));
  copy_nodes (input, graph, measure_node, data, index);
  copy_edges (input, graph, measure_tag, data, index);
  layout_input_split_uses (input);
  qsort (input->edges, input->n_edges, sizeof *input->edges, compare_edges);
  input->hash = hash_input (input);
  return input;
}

void
layout_input_forget_order (LayoutInput *input)
{
  input->tidy = TRUE;
}

void
layout_input_free (LayoutInput *input)
{
  if (input == NULL)
    return;
  g_free (input->nodes);
  g_free (input->edges);
  g_free (input);
}
