/* SPDX-License-Identifier: MIT
 *
 * Loops. When an iteration begins and one before it has run backward, what earlier
 * iterations made and nothing alive reaches leaves the picture: it is folded away.
 * Alive is what a name means and a backward pass may still go through, with all that
 * leads to it; leaves with a name; and what was there before the loop. A folded value
 * that is used again gets a box again. Without a backward pass (a network of layers
 * in a loop) iterations are folded only when the picture would become too big. */
#include "graph-private.h"

#define MANY_NODES 300

static GraphLoop *
loop_at (PlayerGraph *graph, guint depth)
{
  return &graph->loops[MIN (depth, PLAYER_MAX_LOOPS) - 1];
}

static gboolean
may_still_run (PlayerGraph *graph, const GraphValue *value)
{
  guint64 id = value->facts.grad_fn;
  const GraphGradFn *grad_fn = id != 0 ? g_hash_table_lookup (graph->grad_fns, &id) : NULL;

  return grad_fn != NULL && !grad_fn->done;
}

/* A node and, as far as a backward pass may still go, what leads to it. */
static void
mark (PlayerGraph *graph, GraphNode *first)
{
  g_autoptr (GPtrArray) stack = g_ptr_array_new ();

  if (first->sweep == graph->n_sweeps)
    return;
  PLAYER_SET (graph, first->sweep, graph->n_sweeps);
  g_ptr_array_add (stack, first);
  while (stack->len > 0)
    {
      GraphNode *node = g_ptr_array_steal_index_fast (stack, stack->len - 1);
      gboolean ends = node->pub.kind == PLAYER_BOX && node->value->facts.grad_fn != 0
                      && !may_still_run (graph, node->value);

      for (guint id = node->first_in; id != PLAYER_NONE && !ends; id = player_graph_edge (graph, id)->next_in)
        {
          GraphEdge *edge = player_graph_edge (graph, id);
          GraphNode *from = player_graph_node (graph, edge->pub.from);

          if (edge->pub.upward || from->sweep == graph->n_sweeps)
            continue;
          PLAYER_SET (graph, from->sweep, graph->n_sweeps);
          g_ptr_array_add (stack, from);
        }
    }
}

/* Nodes that stay: see the head of this file. */
static void
mark_alive (PlayerGraph *graph, guint64 since)
{
  for (guint k = 0; k < graph->name_list->len; k++)
    {
      const GraphName *name = graph->name_list->pdata[k];
      GraphValue *holder = name->value != NULL ? player_graph_holder (name->value) : NULL;
      GraphNode *node = holder != NULL ? player_graph_node (graph, holder->node) : NULL;

      if (node != NULL && may_still_run (graph, holder))
        mark (graph, node);
      else if (node != NULL && holder->facts.leaf && holder->facts.requires_grad)
        PLAYER_SET (graph, node->sweep, graph->n_sweeps);
    }
  for (guint id = 0; id < graph->n_nodes; id++)
    {
      GraphNode *node = player_graph_node (graph, id);
      if (node != NULL && (node->since < since || node->pub.outline))
        PLAYER_SET (graph, node->sweep, graph->n_sweeps);
    }
}

/* Nothing may speak of a node that is gone: its id will be another's. */
static void
forget_node (PlayerGraph *graph, GraphNode *node)
{
  if (node->value != NULL)
    PLAYER_SET (graph, node->value->node, PLAYER_NONE);
  if (node->grad_fn != NULL)
    PLAYER_SET (graph, node->grad_fn->pill, PLAYER_NONE);
  for (guint k = 0; k < node->n_made; k++)
    {
      PLAYER_SET (graph, node->made[k]->producer, PLAYER_NONE);
      PLAYER_SET (graph, node->made[k]->was_made, TRUE);
    }
  player_graph_remove_node (graph, node);
}

static gboolean
is_litter (const GraphNode *node)
{
  return node->pub.kind == PLAYER_BOX && node->pub.dimmed && node->first_in == PLAYER_NONE
         && node->first_out == PLAYER_NONE;
}

/* Whether anything left. */
static gboolean
sweep (PlayerGraph *graph, guint64 since)
{
  guint n_gone = graph->n_gone;

  PLAYER_SET (graph, graph->n_sweeps, graph->n_sweeps + 1);
  mark_alive (graph, since);
  for (guint id = 0; id < graph->n_nodes; id++)
    {
      GraphNode *node = player_graph_node (graph, id);
      if (node != NULL && node->sweep != graph->n_sweeps)
        forget_node (graph, node);
    }
  for (guint id = 0; id < graph->n_nodes; id++)
    {
      GraphNode *node = player_graph_node (graph, id);
      if (node != NULL && is_litter (node))
        forget_node (graph, node);
    }
  if (graph->n_gone == n_gone)
    return FALSE;
  player_graph_list_free (graph);
  return TRUE;
}

static void
begin_iteration (PlayerGraph *graph, guint32 line, guint16 file)
{
  GraphLoop *loop;
  guint64 since;
  gboolean dirty;

  PLAYER_SET (graph, graph->loop_depth, graph->loop_depth + 1);
  loop = loop_at (graph, graph->loop_depth);
  since = loop->line == line ? loop->since : graph->n_applied;
  dirty = graph->dirty_depth >= graph->loop_depth;
  if (dirty)
    since = MIN (since, graph->dirty_since);
  if (loop->line != line)
    {
      PLAYER_SET (graph, loop->line, line);
      PLAYER_SET (graph, loop->file, file);
      PLAYER_SET (graph, loop->folded, 0);
      PLAYER_SET (graph, loop->since, graph->n_applied);
      PLAYER_SET (graph, loop->count, 0);
    }
  PLAYER_SET (graph, loop->count, loop->count + 1);
  for (guint depth = graph->loop_depth + 1; depth <= PLAYER_MAX_LOOPS; depth++)
    PLAYER_SET (graph, graph->loops[depth - 1].line, 0);
  if (!dirty && graph->n_nodes - graph->n_gone <= MANY_NODES)
    return;
  PLAYER_SET (graph, graph->dirty_depth, 0);
  if (!sweep (graph, since))
    return;
  PLAYER_SET (graph, loop->folded, loop->count - 1);
  PLAYER_SET (graph, graph->iteration, loop->count);
  PLAYER_SET (graph, graph->iteration_line, line);
}

void
player_graph_scope_entered (PlayerGraph *graph, const RecEvent *record)
{
  gboolean is_iteration = record->flags == REC_SCOPE_ITERATION;
  guint bit = graph->n_scopes < 32 ? 1u << graph->n_scopes : 0;

  PLAYER_SET (graph, graph->n_scopes, graph->n_scopes + 1);
  PLAYER_SET (graph, graph->scopes, is_iteration ? graph->scopes | bit : graph->scopes & ~bit);
  if (is_iteration && bit != 0)
    {
      PLAYER_SET (graph, graph->iteration_file, record->file);
      begin_iteration (graph, record->line, record->file);
    }
}

void
player_graph_scope_left (PlayerGraph *graph)
{
  guint bit;

  if (graph->n_scopes == 0)
    return;
  PLAYER_SET (graph, graph->n_scopes, graph->n_scopes - 1);
  bit = graph->n_scopes < 32 ? 1u << graph->n_scopes : 0;
  if ((graph->scopes & bit) != 0 && graph->loop_depth > 0)
    PLAYER_SET (graph, graph->loop_depth, graph->loop_depth - 1);
}

/* A backward pass begins: the next iteration of this loop folds this one. */
void
player_graph_note_pass (PlayerGraph *graph)
{
  if (graph->loop_depth == 0)
    return;
  PLAYER_SET (graph, graph->dirty_depth, graph->loop_depth);
  PLAYER_SET (graph, graph->dirty_since, loop_at (graph, graph->loop_depth)->since);
}

guint
player_graph_list_folds (const PlayerGraph *graph, PlayerFold folds[PLAYER_MAX_LOOPS])
{
  guint n = 0;

  for (guint depth = 0; depth < PLAYER_MAX_LOOPS && graph->loops[depth].line != 0; depth++)
    {
      const GraphLoop *loop = &graph->loops[depth];

      if (loop->folded > 0)
        folds[n++] = (PlayerFold) { loop->file == 0 ? loop->line : 0, loop->count, loop->folded };
    }
  return n;
}

/* Where all iterations but the one that is shown are folded, a plain "× 20". */
char *
player_graph_dup_folds (const PlayerGraph *graph)
{
  PlayerFold folds[PLAYER_MAX_LOOPS];
  guint n = player_graph_list_folds (graph, folds);
  GString *text = n > 0 ? g_string_new (NULL) : NULL;

  for (guint k = 0; k < n; k++)
    {
      g_string_append (text, k > 0 ? " · " : "");
      if (folds[k].line != 0)
        g_string_append_printf (text, "line %u", folds[k].line);
      else
        g_string_append (text, "loop");
      if (folds[k].folded + 1 == folds[k].count)
        g_string_append_printf (text, " × %u", folds[k].count);
      else
        g_string_append_printf (text, ": %u of %u folded", folds[k].folded, folds[k].count);
    }
  return text != NULL ? g_string_free (text, FALSE) : NULL;
}
