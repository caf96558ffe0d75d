/* SPDX-License-Identifier: MIT
 *
 * The previous picture's left-to-right order, so that a growing graph shows no
 * swap: for each rank the nodes that are still here and already had an edge. A
 * leaf without an edge is free to glide to its first use. Invariant: the ranks
 * handed on let data flow down. A node whose old rank would need an edge within a
 * rank or upward (another iteration stands where one stood) is left out. */
#include "layout-private.h"

#include <string.h>

typedef struct { guint index, rank; double x; } OrderItem;

/* Nodes that share a rank are one team, called by its first member; teams must form no cycle. */
typedef struct
{
  const LayoutInput *input;
  guint *first_out, *out; /* per node, the edges that leave it: out[first_out[n]] … */
  guint *team;            /* per node */
  guint *next;            /* per node: another one of its team; G_MAXUINT none */
  guint *n_waits, *ready; /* scratch, per node */
} Teams;

static void
teams_init (Teams *teams, const LayoutInput *input)
{
  guint n = input->n_nodes;

  *teams = (Teams) { .input = input,
                     .first_out = g_new0 (guint, n + 2),
                     .out = g_new (guint, input->n_edges + 1),
                     .team = g_new (guint, n + 1),
                     .next = g_new (guint, n + 1),
                     .n_waits = g_new (guint, n + 1),
                     .ready = g_new (guint, n + 1) };
  for (guint i = 0; i < n; i++)
    {
      teams->team[i] = i;
      teams->next[i] = G_MAXUINT;
    }
  for (guint e = 0; e < input->n_edges; e++)
    teams->first_out[input->edges[e].from + 2]++;
  for (guint i = 2; i <= n; i++)
    teams->first_out[i] += teams->first_out[i - 1];
  for (guint e = 0; e < input->n_edges; e++)
    teams->out[teams->first_out[input->edges[e].from + 1]++] = e;
}

static void
teams_clear (Teams *teams)
{
  g_free (teams->first_out);
  g_free (teams->out);
  g_free (teams->team);
  g_free (teams->next);
  g_free (teams->n_waits);
  g_free (teams->ready);
}

/* Whether every team can stand below all that feed it. O(nodes + edges). */
static gboolean
teams_flow_down (Teams *teams)
{
  const LayoutInput *input = teams->input;
  guint n_ready = 0, n_teams = 0;

  memset (teams->n_waits, 0, input->n_nodes * sizeof (guint));
  for (guint e = 0; e < input->n_edges; e++)
    teams->n_waits[teams->team[input->edges[e].to]]++;
  for (guint i = 0; i < input->n_nodes; i++)
    if (teams->team[i] == i)
      {
        n_teams++;
        if (teams->n_waits[i] == 0)
          teams->ready[n_ready++] = i;
      }
  for (guint k = 0; k < n_ready; k++)
    for (guint node = teams->ready[k]; node != G_MAXUINT; node = teams->next[node])
      for (guint i = teams->first_out[node]; i < teams->first_out[node + 1]; i++)
        {
          guint team = teams->team[input->edges[teams->out[i]].to];
          if (--teams->n_waits[team] == 0)
            teams->ready[n_ready++] = team;
        }
  return n_ready == n_teams;
}

static void
teams_join (Teams *teams, guint first, guint node)
{
  teams->team[node] = first;
  teams->next[node] = teams->next[first];
  teams->next[first] = node;
}

static void
teams_leave (Teams *teams, const GArray *rank, guint from)
{
  for (guint k = from; k < rank->len; k++)
    {
      guint node = g_array_index (rank, guint, k);
      teams->team[node] = node;
      teams->next[node] = G_MAXUINT;
    }
}

/* Makes one rank of the previous picture a team, without the nodes that cannot stand in it any more. */
static void
keep_what_flows_down (Teams *teams, GArray *rank)
{
  guint first = g_array_index (rank, guint, 0);

  for (guint k = 1; k < rank->len; k++)
    teams_join (teams, first, g_array_index (rank, guint, k));
  if (teams_flow_down (teams))
    return;
  teams_leave (teams, rank, 0);
  for (guint k = 1; k < rank->len;)
    {
      guint node = g_array_index (rank, guint, k), after = teams->next[first];

      teams_join (teams, first, node);
      if (teams_flow_down (teams))
        {
          k++;
          continue;
        }
      teams->next[first] = after;
      teams->team[node] = node;
      teams->next[node] = G_MAXUINT;
      g_array_remove_index (rank, k);
    }
}

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
  Teams teams;

  for (guint i = 0; previous != NULL && i < input->n_nodes; i++)
    {
      const LayoutNode *node = layout_result_lookup_use (previous, input->nodes[i].id, input->nodes[i].use);
      OrderItem item = { i, 0, 0 };

      if (node == NULL || !node->has_edge)
        continue;
      item.rank = node->rank;
      item.x = node->rect.x + node->rect.width / 2;
      g_array_append_val (items, item);
    }
  g_array_sort (items, compare_items);

  teams_init (&teams, input);
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
      keep_what_flows_down (&teams, rank);
      if (rank->len > 1)
        g_ptr_array_add (order, rank);
      else
        g_array_unref (rank);
    }
  teams_clear (&teams);
  return order;
}
