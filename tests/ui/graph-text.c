/* SPDX-License-Identifier: MIT
 *
 * Writes every state of a graph that the painter shows, so that a test that
 * compares the lines cannot overlook one. */
#include "graph-text.h"

static const char *const grad_words[] = {
  [PLAYER_GRAD_NO_ROW] = "no-row",     [PLAYER_GRAD_NOT_REQUIRED] = "not-required",
  [PLAYER_GRAD_NONE_YET] = "none-yet", [PLAYER_GRAD_CLEARED] = "cleared",
  [PLAYER_GRAD_WAITING] = "waiting",   [PLAYER_GRAD_ARRIVING] = "arriving",
  [PLAYER_GRAD_PASSING] = "passing",   [PLAYER_GRAD_PASSED] = "passed",
  [PLAYER_GRAD_KEPT] = "kept",
};

static const char *const pill_words[] = {
  [PLAYER_PILL_IDLE] = "idle", [PLAYER_PILL_FORWARD] = "forward", [PLAYER_PILL_READY] = "ready",
  [PLAYER_PILL_LIT] = "lit", [PLAYER_PILL_RAN] = "ran", [PLAYER_PILL_FAILED] = "failed",
};

static void
append_sizes (GString *text, const PlayerNode *node)
{
  if (node->ndim == 0)
    g_string_append (text, " scalar");
  for (guint d = 0; d < node->ndim; d++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, d == 0 ? " " : "×", node->sizes[d]);
}

static char *
describe_box (const PlayerNode *node)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "box %u: %s", node->line, node->label);
  if (node->outline)
    {
      g_string_append (text, " outline");
      return g_string_free (text, FALSE);
    }
  append_sizes (text, node);
  g_string_append_printf (text, " %s", grad_words[node->grad_state]);
  if (node->grad_state == PLAYER_GRAD_WAITING)
    g_string_append_printf (text, " %u/%u", node->grad_arrived, node->grad_expected);
  if (node->is_leaf && node->requires_grad)
    g_string_append (text, " leaf");
  if (node->dimmed)
    g_string_append (text, " dimmed");
  if (node->is_output)
    g_string_append (text, " output");
  if (node->n_saved > 0)
    g_string_append_printf (text, " S%u", node->n_saved);
  if (node->badge != NULL)
    g_string_append_printf (text, " [%s]", node->badge);
  return g_string_free (text, FALSE);
}

static char *
describe_pill (const PlayerNode *node)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "pill %u: %s %s", node->line, node->label, pill_words[node->pill_state]);
  if (node->pill_state == PLAYER_PILL_READY)
    g_string_append_printf (text, " %u", node->ready_nr);
  return g_string_free (text, FALSE);
}

static char *
describe_edge (const PlayerGraph *graph, const PlayerEdge *edge)
{
  const PlayerNode *from = player_graph_find_node (graph, edge->from), *to = player_graph_find_node (graph, edge->to);
  GString *text = g_string_new (NULL);

  g_assert_nonnull (from);
  g_assert_nonnull (to);
  g_string_append_printf (text, "edge %s@%u → %s@%u", from->label, from->line, to->label, to->line);
  if (edge->tag != NULL)
    g_string_append_printf (text, " (%s)", edge->tag);
  if (edge->passed)
    g_string_append (text, " passed");
  return g_string_free (text, FALSE);
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
graph_text_list (const PlayerGraph *graph)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);

      g_ptr_array_add (lines, node->kind == PLAYER_BOX ? describe_box (node) : describe_pill (node));
    }
  for (guint k = 0; k < player_graph_get_n_edges (graph); k++)
    g_ptr_array_add (lines, describe_edge (graph, player_graph_get_edge (graph, k)));
  g_ptr_array_sort (lines, compare_lines);
  return lines;
}
