/* SPDX-License-Identifier: MIT
 *
 * Forward operations become pills with edges from their inputs; factories become
 * leaves; views only note what they look at (writing in place: graph-inplace.c). A
 * result gets its box when it gets a name (graph-names.c). */
#include "graph-private.h"
#include "numbers.h"
#include "template.h"

#include <string.h>

static void
tell_origin (GraphValue *value, guint64 event, guint32 line, const char *written)
{
  value->event = event;
  value->line = line;
  value->written = written;
}

static const char *
written_of (const RecOp *op, const RecOpDef *def)
{
  return op->written != NULL ? op->written : def->symbol != NULL ? def->symbol : def->name;
}

static void
add_leaves (PlayerGraph *graph, guint64 event, guint32 line, const RecOp *op, const RecOpDef *def)
{
  for (guint k = 0; k < op->n_outputs; k++)
    {
      GraphValue *value = player_graph_add_value (graph, &op->outputs[k]);
      value->factory = TRUE;
      tell_origin (value, event, line, written_of (op, def));
    }
}

static void
add_grad_fn (PlayerGraph *graph, const RecOp *op, const RecOpDef *def, guint pill, GraphValue *const *outputs,
             guint n_outputs)
{
  GraphGradFn *grad_fn;

  if (op->grad_fn == 0)
    return;
  grad_fn = player_graph_grad_fn (graph, op->grad_fn);
  grad_fn->is_view = def->is_view;
  PLAYER_SET (graph, grad_fn->pill, pill);
  grad_fn->n_outputs = MIN (n_outputs, G_N_ELEMENTS (grad_fn->outputs));
  for (guint k = 0; k < grad_fn->n_outputs; k++)
    PLAYER_SET (graph, grad_fn->outputs[k], outputs[k]);
  if (grad_fn->next == NULL && op->n_next > 0)
    {
      grad_fn->next = g_memdup2 (op->next, op->n_next * sizeof *op->next);
      grad_fn->n_next = op->n_next;
    }
  for (guint k = 0; k < op->n_saved; k++)
    {
      GraphValue *saved = player_graph_value (graph, op->saved[k]);
      if (saved != NULL)
        player_graph_keep_saved (graph, grad_fn, player_graph_holder (saved));
    }
}

static void
add_view (PlayerGraph *graph, guint64 event, guint32 line, const RecOp *op, const RecOpDef *def)
{
  GraphValue *outputs[G_N_ELEMENTS (op->outputs)];
  g_autofree char *tag = player_dup_view_tag (op, def);
  GraphValue *source = op->n_inputs > 0 && op->inputs[0].id != 0 ? player_graph_meet_input (graph, &op->inputs[0]) : NULL;

  for (guint k = 0; k < op->n_outputs; k++)
    {
      outputs[k] = player_graph_add_value (graph, &op->outputs[k]);
      outputs[k]->source = outputs[k] != source ? source : NULL;
      outputs[k]->tag = player_graph_string (graph, tag);
      tell_origin (outputs[k], event, line, written_of (op, def));
    }
  add_grad_fn (graph, op, def, PLAYER_NONE, outputs, op->n_outputs);
}

/* The sum (or whatever) consumes a value: it is no output any more. */
static void
consume (PlayerGraph *graph, GraphValue *value)
{
  GraphNode *node;

  value = player_graph_holder (value);
  node = player_graph_node (graph, value->node);
  PLAYER_SET (graph, value->n_consumers, value->n_consumers + 1);
  if (node != NULL)
    player_graph_set_output (graph, node, FALSE);
}

void
player_graph_add_input (PlayerGraph *graph, GraphNode *pill, const RecOp *op, guint k, GraphValue *value)
{
  const char *tag;
  guint origin = player_graph_origin (graph, value, &tag);
  GraphEdge *edge = player_graph_add_edge (graph, origin, pill->pub.id, k, value);

  edge->pub.needs_grad = k < op->n_next && op->next[k].grad_fn != 0;
  player_graph_move_edge (graph, edge, origin, tag);
  consume (graph, value);
}

static void
add_inputs (PlayerGraph *graph, GraphNode *pill, const RecOp *op, guint64 changed)
{
  for (guint k = 0; k < op->n_inputs; k++)
    {
      GraphValue *value = op->inputs[k].id == changed ? player_graph_value (graph, changed) : NULL;

      if (op->inputs[k].id == 0)
        continue;
      if (value == NULL)
        value = player_graph_meet_input (graph, &op->inputs[k]);
      player_graph_add_input (graph, pill, op, k, value);
    }
}

static const char *
badge_of (PlayerGraph *graph, const RecOpDef *def, guint64 shot)
{
  g_autofree char *badge = def->saturation != NULL ? player_dup_badge (graph->recording, shot, def->saturation) : NULL;
  return player_graph_string (graph, badge);
}

static void
add_outputs (PlayerGraph *graph, GraphNode *pill, guint64 event, guint32 line, const RecOp *op, const RecOpDef *def,
             GraphValue **outputs)
{
  for (guint k = 0; k < op->n_outputs; k++)
    {
      GraphValue *before = op->in_place && k == 0 ? player_graph_value (graph, op->outputs[k].id) : NULL;
      outputs[k] = player_graph_add_value (graph, &op->outputs[k]);
      if (before != NULL && before->source != NULL)
        outputs[k] = player_graph_renew_base (graph, before, outputs[k], pill, event, line);
      outputs[k]->producer = pill->pub.id;
      outputs[k]->badge = badge_of (graph, def, op->outputs[k].shot);
      tell_origin (outputs[k], event, line, written_of (op, def));
      if (before != NULL && before->source == NULL)
        player_graph_move_names (graph, before, outputs[k]);
    }
  pill->n_made = MIN (op->n_outputs, G_N_ELEMENTS (pill->made));
  memcpy (pill->made, outputs, pill->n_made * sizeof *outputs);
}

GraphNode *
player_graph_add_pill (PlayerGraph *graph, guint64 event, guint32 line, const RecOp *op, const RecOpDef *def)
{
  GraphNode *pill = player_graph_add_node (graph, PLAYER_PILL, written_of (op, def));

  pill->pub.line = line;
  pill->pub.event = event;
  pill->pub.op = op->op;
  player_graph_light (graph, pill);
  PLAYER_SET (graph, graph->focus, pill->pub.id);
  return pill;
}

/* The local factor, with the gradient that will come when it is known already.
 * Made once for all graphs, and once more when the run of its grad_fn is there. */
static const char *
factor_of (PlayerGraph *graph, guint64 event, const RecOp *op, const RecOpDef *def)
{
  PlayerTemplate context = { graph->index, NULL, op, def, event, NULL, G_MAXUINT64 };
  PlayerGradFnInfo *info = player_run_index_get_grad_fn (graph->index, op->grad_fn);
  RecGradFnRun run;
  RecEvent record;
  guint64 run_event;

  if (info == NULL || info->factor_has_run)
    return info != NULL ? player_graph_string (graph, info->factor) : NULL;
  run_event = player_run_index_next_run (graph->index, op->grad_fn, event);
  if (run_event != G_MAXUINT64 && rec_recording_get_event (graph->recording, run_event, &record)
      && rec_recording_get_grad_fn_run (graph->recording, &record, &run))
    {
      context.run = &run;
      context.run_event = run_event;
      info->factor_has_run = TRUE;
    }
  g_free (info->factor);
  info->factor = player_dup_factor (&context);
  return player_graph_string (graph, info->factor);
}

/* A grad_fn runs: now its factor is surely known. */
void
player_graph_update_factor (PlayerGraph *graph, GraphNode *pill)
{
  RecOp *op = graph->scratch;
  const RecOpDef *def;
  RecEvent record;

  if (!rec_recording_get_event (graph->recording, pill->pub.event, &record)
      || !rec_recording_get_op (graph->recording, &record, op))
    return;
  def = player_run_index_get_op_def (graph->index, op->op);
  if (def != NULL)
    player_graph_set_factor (graph, pill, factor_of (graph, pill->pub.event, op, def));
}

/* A tensor that no recorded operation made: torch.tensor ([…]), numpy. */
void
player_graph_tensor_met (PlayerGraph *graph, guint64 event, const RecEvent *record)
{
  RecTensor facts;
  GraphValue *value;

  if (!rec_recording_get_tensor (graph->recording, record, &facts) || player_graph_value (graph, facts.id) != NULL)
    return;
  value = player_graph_add_met (graph, &facts);
  tell_origin (value, event, record->line, "tensor");
}

static void
add_operation (PlayerGraph *graph, guint64 event, guint32 line, const RecOp *op, const RecOpDef *def)
{
  GraphNode *pill = player_graph_add_pill (graph, event, line, op, def);
  GraphValue *outputs[G_N_ELEMENTS (op->outputs)];

  player_graph_touch_structure (graph, pill);
  pill->pub.grad_fn = op->grad_fn;
  pill->pub.grad_fn_name = op->grad_fn != 0 ? def->grad_fn_name : NULL;
  pill->pub.pill_state = PLAYER_PILL_FORWARD;
  pill->pub.factor = op->grad_fn != 0 ? factor_of (graph, event, op, def) : NULL;
  player_graph_touch_structure (graph, pill);
  add_inputs (graph, pill, op, op->in_place && op->n_outputs > 0 ? op->outputs[0].id : 0);
  add_outputs (graph, pill, event, line, op, def, outputs);
  add_grad_fn (graph, op, def, pill->pub.id, outputs, op->n_outputs);
  if (op->grad_fn != 0)
    pill->grad_fn = player_graph_grad_fn (graph, op->grad_fn);
}

void
player_graph_op_done (PlayerGraph *graph, guint64 event, const RecEvent *record)
{
  RecOp *op = graph->scratch;
  const RecOpDef *def;

  if (record->inside != 0 || !rec_recording_get_op (graph->recording, record, op))
    return;
  def = player_run_index_get_op_def (graph->index, op->op);
  if (def == NULL)
    return;
  if (def->is_factory)
    add_leaves (graph, event, record->line, op, def);
  else if (def->is_view)
    add_view (graph, event, record->line, op, def);
  else if (!player_graph_update_in_place (graph, event, record->line, op, def))
    add_operation (graph, event, record->line, op, def);
}

/* "20×10 · 1×10": the sizes of what went in. */
static const char *
input_sizes (PlayerGraph *graph, const RecOp *op)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint k = 0; k < op->n_inputs; k++)
    {
      g_autofree char *size = NULL;

      if (op->inputs[k].id == 0)
        continue;
      size = player_format_size (op->inputs[k].ndim, op->inputs[k].sizes);
      g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", size);
    }
  return text->len > 0 ? player_graph_string (graph, text->str) : NULL;
}

/* The operation that raised: its pill and what went in with its sizes, but no result. */
void
player_graph_op_failed (PlayerGraph *graph, guint64 event)
{
  RecOp *op = graph->scratch;
  const RecOpDef *def;
  RecEvent record;
  GraphNode *pill;

  if (!rec_recording_get_event (graph->recording, event, &record) || record.inside != 0
      || !rec_recording_get_op (graph->recording, &record, op))
    return;
  def = player_run_index_get_op_def (graph->index, op->op);
  if (def == NULL)
    return;
  pill = player_graph_add_pill (graph, event, record.line, op, def);
  pill->pub.pill_state = PLAYER_PILL_FAILED;
  player_graph_set_factor (graph, pill, input_sizes (graph, op));
  add_inputs (graph, pill, op, 0);
}
