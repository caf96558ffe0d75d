/* SPDX-License-Identifier: MIT
 *
 * Names of the source and what they mean now. A tensor's first name gives it its
 * box, a better one (RecNameRank) renames it; when its last name moves on, the box stays, dimmed, with the line it came
 * from. */
#include "graph-private.h"
#include "names.h"

static GraphName *
ensure_name (PlayerGraph *graph, const char *text)
{
  const char *key = player_graph_string (graph, text);
  GraphName *name = g_hash_table_lookup (graph->names, key);

  if (name == NULL)
    {
      name = player_arena_new0 (&graph->arena, sizeof (GraphName));
      name->name = key;
      g_ptr_array_add (graph->name_list, name);
      g_hash_table_insert (graph->names, (gpointer) key, name);
    }
  return name;
}

/* The best name that still means the value, or NULL. */
const char *
player_graph_name_of (PlayerGraph *graph, const GraphValue *value)
{
  const GraphName *best = NULL;

  for (guint k = 0; k < graph->name_list->len; k++)
    {
      const GraphName *name = graph->name_list->pdata[k];
      if (name->value == value && (best == NULL || name->rank < best->rank))
        best = name;
    }
  return best != NULL ? best->name : NULL;
}

/* One name fewer for the value: its box takes another of its names or dims. */
static void
leave_value (PlayerGraph *graph, GraphValue *value, const char *text)
{
  GraphNode *node = player_graph_node (graph, value->node);

  PLAYER_SET (graph, value->n_names, value->n_names - 1);
  if (node == NULL || node->pub.dimmed)
    return;
  if (value->n_names > 0)
    {
      const char *other = player_graph_name_of (graph, value);
      if (other != NULL && g_strcmp0 (node->pub.label, text) == 0)
        player_graph_set_label (graph, node, other);
      return;
    }
  PLAYER_SET (graph, node->pub.dimmed, TRUE);
  if (node->pub.line != 0)
    {
      RecEvent made;
      guint file = rec_recording_get_event (graph->recording, node->pub.event, &made) ? made.file : 0;
      g_autofree char *where = player_dup_place (graph->index, file, node->pub.line, FALSE);
      g_autofree char *label = g_strdup_printf ("%s (%s)", node->pub.label, where);
      player_graph_set_label (graph, node, label);
    }
}

/* Whether a name is better than the one the box bears. */
static gboolean
is_better (PlayerGraph *graph, const GraphNode *node, const char *text)
{
  const GraphName *name = g_hash_table_lookup (graph->names, text);
  const GraphName *label = g_hash_table_lookup (graph->names, node->pub.label);

  return name != NULL && label != NULL && name->rank < label->rank;
}

static void
enter_value (PlayerGraph *graph, GraphValue *value, const char *text)
{
  GraphNode *node = player_graph_node (graph, value->node);
  gboolean first = value->n_names == 0;

  PLAYER_SET (graph, value->n_names, value->n_names + 1);
  if (node == NULL)
    player_graph_make_box (graph, value, text);
  else if (first || is_better (graph, node, text))
    {
      PLAYER_SET (graph, node->pub.dimmed, FALSE);
      player_graph_set_label (graph, node, text);
    }
}

void
player_graph_name_bound (PlayerGraph *graph, const char *text, guint64 tensor, RecNameRank rank)
{
  GraphValue *value = player_graph_value (graph, tensor);
  GraphName *name = ensure_name (graph, text);
  GraphValue *before = name->value;

  if (value == NULL)
    value = player_graph_add_grad (graph, tensor);
  if (value == NULL)
    return;
  PLAYER_SET (graph, name->rank, rank);
  if (before == value)
    return;
  PLAYER_SET (graph, name->value, value);
  if (before != NULL && before->node != PLAYER_NONE && value->producer != PLAYER_NONE
      && value->event >= graph->step_begin)
    PLAYER_SET (graph, graph->moved_name, name->name);
  if (before != NULL)
    leave_value (graph, before, text);
  enter_value (graph, value, name->name);
  if (value->node != PLAYER_NONE && graph->focus == PLAYER_NONE)
    PLAYER_SET (graph, graph->focus, value->node);
}

void
player_graph_name_lost (PlayerGraph *graph, const char *text)
{
  GraphName *name = ensure_name (graph, text);
  GraphValue *before = name->value;

  if (before == NULL)
    return;
  PLAYER_SET (graph, name->value, NULL);
  leave_value (graph, before, text);
}

/* An in-place operation: the names mean the new version from now on. */
void
player_graph_move_names (PlayerGraph *graph, GraphValue *from, GraphValue *to)
{
  for (guint k = 0; k < graph->name_list->len && from->n_names > 0; k++)
    {
      GraphName *name = graph->name_list->pdata[k];
      if (name->value != from)
        continue;
      PLAYER_SET (graph, name->value, to);
      leave_value (graph, from, name->name);
      enter_value (graph, to, name->name);
    }
}
