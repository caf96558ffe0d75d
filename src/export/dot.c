/* SPDX-License-Identifier: MIT
 *
 * See dot.h. Nodes are named by the player's ids, which are stable. */
#include "dot.h"

#include <string.h>

/* A quoted string: of dot's escapes only \n is meant. */
static void
append_quoted (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *at = text; *at != '\0'; at++)
    {
      if (*at == '"' || *at == '\\')
        g_string_append_c (out, '\\');
      if (*at == '\n')
        g_string_append (out, "\\n");
      else
        g_string_append_c (out, *at);
    }
  g_string_append_c (out, '"');
}

static char *
dup_label (const PlayerNode *node)
{
  g_autoptr (GString) label = g_string_new (node->label);

  if (node->kind == PLAYER_PILL)
    {
      if (node->grad_fn_name != NULL)
        g_string_append_printf (label, "\n%s", node->grad_fn_name);
      return g_string_free (g_steal_pointer (&label), FALSE);
    }
  if (node->dimmed)
    g_string_append_printf (label, " (line %u)", node->line);
  g_string_append_c (label, '\n');
  for (guint d = 0; d < node->ndim; d++)
    g_string_append_printf (label, "%s%" G_GINT64_FORMAT, d > 0 ? "×" : "", node->sizes[d]);
  if (node->ndim == 0)
    g_string_append (label, "scalar");
  return g_string_free (g_steal_pointer (&label), FALSE);
}

static void
append_node (GString *out, const PlayerNode *node)
{
  g_autofree char *label = dup_label (node);

  g_string_append_printf (out, "  n%u [label=", node->id);
  append_quoted (out, label);
  if (node->kind == PLAYER_PILL)
    g_string_append (out, ", shape=box, style=rounded");
  else if (node->is_leaf && node->requires_grad)
    g_string_append (out, ", shape=box, peripheries=2");
  else
    g_string_append_printf (out, ", shape=box%s", node->outline ? ", style=dashed" : "");
  g_string_append (out, "];\n");
}

char *
export_dot (Player *player)
{
  const PlayerGraph *graph = player_get_graph (player);
  GString *out = g_string_new ("digraph {\n  node [fontname=\"sans-serif\"];\n");

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    append_node (out, player_graph_get_node (graph, k));
  for (guint k = 0; k < player_graph_get_n_edges (graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph, k);

      g_string_append_printf (out, "  n%u -> n%u", edge->from, edge->to);
      if (edge->tag != NULL)
        {
          g_string_append (out, " [label=");
          append_quoted (out, edge->tag);
          g_string_append_c (out, ']');
        }
      g_string_append (out, ";\n");
    }
  g_string_append (out, "}\n");
  return g_string_free (out, FALSE);
}
