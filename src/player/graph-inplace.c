/* SPDX-License-Identifier: MIT
 *
 * Writing in place. A leaf, and anything that only looks at one (.data, a slice),
 * keeps its box: the operation is a pill whose edge goes up into that box. Its old
 * value needs no edge of its own: the operation reads where it writes. A .grad is a
 * row of its leaf's box and is set there. Any other value ends with its box and a
 * new one begins (graph-forward.c), its base's too when it is a view. */
#include "graph-private.h"

static GraphValue *
target_of (PlayerGraph *graph, const RecOp *op)
{
  GraphValue *value = player_graph_value (graph, op->outputs[0].id);

  for (guint k = 0; value == NULL && k < op->n_inputs; k++)
    if (op->inputs[k].id == op->outputs[0].id)
      value = player_graph_meet_input (graph, &op->inputs[k]);
  return value;
}

/* Whether the way from a value to its holder leads through a .grad. */
static gboolean
is_of_grad (const GraphValue *value)
{
  for (; value->node == PLAYER_NONE && value->source != NULL; value = value->source)
    if (value->is_grad)
      return TRUE;
  return FALSE;
}

static gboolean
keeps_box (const GraphValue *holder)
{
  return holder->producer == PLAYER_NONE || (holder->facts.leaf && holder->facts.requires_grad);
}

static guint
count_others (const RecOp *op)
{
  guint n = 0;

  for (guint k = 0; k < op->n_inputs; k++)
    n += op->inputs[k].id != 0 && op->inputs[k].id != op->outputs[0].id;
  return n;
}

static void
add_update_pill (PlayerGraph *graph, guint64 event, guint32 line, const RecOp *op, const RecOpDef *def,
                 GraphValue *target, guint box)
{
  GraphNode *pill = player_graph_add_pill (graph, event, line, op, def);
  GraphEdge *edge;

  pill->pub.pill_state = PLAYER_PILL_FORWARD;
  for (guint k = 0; k < op->n_inputs; k++)
    if (op->inputs[k].id != 0 && op->inputs[k].id != op->outputs[0].id)
      player_graph_add_input (graph, pill, op, k, player_graph_meet_input (graph, &op->inputs[k]));
  edge = player_graph_add_edge (graph, pill->pub.id, box, 0, target);
  edge->pub.shot = op->outputs[0].shot;
  edge->pub.needs_grad = FALSE;
  player_graph_turn_edge (graph, edge);
}

gboolean
player_graph_update_in_place (PlayerGraph *graph, guint64 event, guint32 line, const RecOp *op,
                              const RecOpDef *def)
{
  GraphValue *value, *holder;
  GraphNode *node;
  gboolean of_grad;
  const char *tag;

  if (!op->in_place || op->n_outputs == 0 || op->grad_fn != 0)
    return FALSE;
  value = target_of (graph, op);
  holder = value != NULL ? player_graph_holder (value) : NULL;
  if (holder == NULL || !keeps_box (holder))
    return FALSE;
  of_grad = is_of_grad (value);
  node = player_graph_node (graph, player_graph_origin (graph, value, &tag));
  PLAYER_SET (graph, graph->shot_before, of_grad ? node->pub.grad_shot : holder->facts.shot);
  player_graph_refresh_value (graph, value, op->outputs[0].shot, op->outputs[0].version);
  player_graph_light (graph, node);
  PLAYER_SET (graph, graph->focus, node->pub.id);
  if (!of_grad || count_others (op) > 0)
    add_update_pill (graph, event, line, op, def, value, node->pub.id);
  return TRUE;
}

GraphValue *
player_graph_renew_base (PlayerGraph *graph, GraphValue *before, GraphValue *after, GraphNode *pill,
                         guint64 event, guint32 line)
{
  GraphValue *base = player_graph_holder (before), *renewed;
  RecTensor facts = base->facts;

  after->tag = before->tag;
  after->event = event;
  after->line = line;
  facts.version = after->version;
  facts.requires_grad |= after->facts.requires_grad;
  renewed = player_graph_add_value (graph, &facts);
  renewed->written = base->written;
  after->source = renewed;
  renewed->producer = pill->pub.id;
  renewed->event = event;
  renewed->line = line;
  player_graph_move_names (graph, base, renewed);
  return renewed;
}
