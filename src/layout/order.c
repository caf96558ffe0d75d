/* SPDX-License-Identifier: MIT
 *
 * The previous picture's left-to-right order, so that a growing graph shows no
 * swap: for each rank the nodes that are still here and already had an edge. A
 * leaf without an edge is free to glide to its first use. */
#include "layout-private.h"

typedef struct { guint index, rank; double x; } OrderItem;

static int
compare_items (gconstpointer a, gconstpointer b)
{
  const OrderItem *left = a, *right = b;

  if (left->rank != right->rank)
    return left->rank < right->rank ? -1 : 1;
  return (left->x > right->x) - (left->x < right->x);
}

/* An array of GArray of guint, one per rank with two or more such nodes. Empty without a previous one. */
GPtrArray *
layout_order_from (const LayoutInput *input, const LayoutResult *previous)
{
  GPtrArray *order = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (OrderItem));

  for (guint i = 0; previous != NULL && i < input->n_nodes; i++)
    {
      const LayoutNode *node = layout_result_lookup_node (previous, input->nodes[i].id);
      OrderItem item = { i, 0, 0 };

      if (node == NULL || !node->has_edge)
        continue;
      item.rank = node->rank;
      item.x = node->rect.x + node->rect.width / 2;
      g_array_append_val (items, item);
    }
  g_array_sort (items, compare_items);

  for (guint i = 0; i < items->len;)
    {
      GArray *rank = g_array_new (FALSE, FALSE, sizeof (guint));
      guint first = i;

      for (; i < items->len; i++)
        {
          OrderItem *item = &g_array_index (items, OrderItem, i);
          if (item->rank != g_array_index (items, OrderItem, first).rank)
            break;
          g_array_append_val (rank, item->index);
        }
      if (rank->len > 1)
        g_ptr_array_add (order, rank);
      else
        g_array_unref (rank);
    }
  return order;
}
