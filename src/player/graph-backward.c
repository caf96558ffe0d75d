/* SPDX-License-Identifier: MIT
 *
 * A backward pass over the graph: which grad_fns take part, how many gradients
 * each waits for, what arrived, passed and was kept. The recording says only which
 * grad_fn ran and what it sent; the rest follows from next_functions. */
#include "graph-private.h"
#include "names.h"

void
player_graph_show_grad (PlayerGraph *graph, GraphNode *node, PlayerGradState state, guint64 shot)
{
  PLAYER_SET (graph, node->pub.grad_state, state);
  PLAYER_SET (graph, node->pub.grad_shot, shot);
  PLAYER_SET (graph, node->pub.grad_root, graph->root);
}

static void
show_edge_grad (PlayerGraph *graph, GraphEdge *edge, gboolean passed, guint64 shot)
{
  PLAYER_SET (graph, edge->pub.passed, passed);
  PLAYER_SET (graph, edge->pub.grad_shot, shot);
  PLAYER_SET (graph, edge->pub.grad_root, graph->root);
}

static GraphNode *
leaf_box (PlayerGraph *graph, const GraphGradFn *grad_fn)
{
  GraphValue *value = player_graph_value (graph, grad_fn->leaf);
  return value != NULL ? player_graph_node (graph, value->node) : NULL;
}

static GraphNode *
output_box (PlayerGraph *graph, const GraphGradFn *grad_fn, guint output_nr)
{
  if (output_nr >= grad_fn->n_outputs || grad_fn->outputs[output_nr] == NULL)
    return NULL;
  return player_graph_node (graph, grad_fn->outputs[output_nr]->node);
}

/* Edges from a grad_fn's pill to the boxes of its results. */
static void
pass_outputs (PlayerGraph *graph, const GraphGradFn *grad_fn, gboolean passed, guint64 shot)
{
  GraphNode *box = output_box (graph, grad_fn, 0);

  for (guint id = box != NULL ? box->first_in : PLAYER_NONE; id != PLAYER_NONE;)
    {
      GraphEdge *edge = player_graph_edge (graph, id);
      show_edge_grad (graph, edge, passed, shot);
      id = edge->next_in;
    }
}

static void
forget_inputs (PlayerGraph *graph, GraphNode *pill)
{
  for (guint id = pill->first_in; id != PLAYER_NONE;)
    {
      GraphEdge *edge = player_graph_edge (graph, id);
      show_edge_grad (graph, edge, FALSE, 0);
      id = edge->next_in;
    }
}

/* Takes part in this pass: as if no gradient had ever been here. */
static void
join_pass (PlayerGraph *graph, GraphGradFn *grad_fn)
{
  GraphNode *pill = player_graph_node (graph, grad_fn->pill);

  PLAYER_SET (graph, grad_fn->pass, graph->pass);
  PLAYER_SET (graph, grad_fn->expected, 0);
  PLAYER_SET (graph, grad_fn->arrived, 0);
  PLAYER_SET (graph, grad_fn->ran, FALSE);
  PLAYER_SET (graph, grad_fn->next_in_pass, graph->members);
  PLAYER_SET (graph, graph->members, grad_fn);
  if (pill != NULL)
    {
      PLAYER_SET (graph, pill->pub.pill_state, PLAYER_PILL_IDLE);
      forget_inputs (graph, pill);
    }
  for (guint k = 0; k < grad_fn->n_outputs; k++)
    {
      GraphNode *box = output_box (graph, grad_fn, k);
      if (box != NULL && box->pub.grad_state != PLAYER_GRAD_KEPT)
        player_graph_show_grad (
            graph, box,
            box->value->retains_grad ? player_graph_no_grad_state (box->value) : PLAYER_GRAD_NO_ROW, 0);
    }
  pass_outputs (graph, grad_fn, FALSE, 0);
}

static GraphGradFn *
next_grad_fn (PlayerGraph *graph, const RecNext *next)
{
  GraphGradFn *grad_fn;

  if (next->grad_fn == 0)
    return NULL;
  grad_fn = player_graph_grad_fn (graph, next->grad_fn);
  if (next->leaf != 0)
    grad_fn->leaf = next->leaf;
  return grad_fn;
}

/* Everything reachable from a root, counted by how many gradients it waits for. */
static void
collect (PlayerGraph *graph, GraphGradFn *root)
{
  g_autoptr (GPtrArray) stack = g_ptr_array_new ();

  if (root->pass != graph->pass)
    {
      join_pass (graph, root);
      g_ptr_array_add (stack, root);
    }
  PLAYER_SET (graph, root->expected, root->expected + 1);
  while (stack->len > 0)
    {
      GraphGradFn *grad_fn = g_ptr_array_steal_index_fast (stack, stack->len - 1);
      for (guint k = 0; k < grad_fn->n_next; k++)
        {
          GraphGradFn *next = next_grad_fn (graph, &grad_fn->next[k]);
          if (next == NULL)
            continue;
          if (next->pass != graph->pass)
            {
              join_pass (graph, next);
              g_ptr_array_add (stack, next);
            }
          PLAYER_SET (graph, next->expected, next->expected + 1);
        }
    }
}

static void
tell_expected (PlayerGraph *graph)
{
  for (GraphGradFn *grad_fn = graph->members; grad_fn != NULL; grad_fn = grad_fn->next_in_pass)
    for (guint k = 0; k < MAX (grad_fn->n_outputs, 1); k++)
      {
        GraphNode *box = grad_fn->leaf != 0 ? leaf_box (graph, grad_fn) : output_box (graph, grad_fn, k);
        if (box == NULL)
          continue;
        PLAYER_SET (graph, box->pub.grad_expected, grad_fn->expected);
        PLAYER_SET (graph, box->pub.grad_arrived, 0);
      }
}

/* The whole gradient of a value that has several consumers is known when its
 * grad_fn runs with it. */
static guint64
whole_gradient (PlayerGraph *graph, const GraphGradFn *grad_fn, guint output_nr, guint64 sent)
{
  guint64 event;
  RecEvent record;
  RecGradFnRun run;

  if (grad_fn->expected <= 1)
    return sent;
  event = player_run_index_next_run (graph->index, grad_fn->id, graph->n_applied);
  if (event == G_MAXUINT64 || !rec_recording_get_event (graph->recording, event, &record)
      || !rec_recording_get_grad_fn_run (graph->recording, &record, &run) || output_nr >= run.n_grad_outputs)
    return 0;
  return run.grad_outputs[output_nr];
}

/* A leaf, or a named tensor that only a folded view stands before. */
static void
arrive_at_leaf (PlayerGraph *graph, GraphNode *box, const GraphGradFn *grad_fn)
{
  gboolean complete = grad_fn->arrived >= grad_fn->expected;

  PLAYER_SET (graph, box->pub.grad_arrived, grad_fn->arrived);
  PLAYER_SET (graph, box->pub.grad_state, complete ? PLAYER_GRAD_ARRIVING : PLAYER_GRAD_WAITING);
  player_graph_light (graph, box);
}

static void
arrive_at_box (PlayerGraph *graph, GraphNode *box, const GraphGradFn *grad_fn, guint output_nr, guint64 shot)
{
  PLAYER_SET (graph, box->pub.grad_arrived, grad_fn->arrived);
  player_graph_light (graph, box);
  if (grad_fn->arrived < grad_fn->expected)
    {
      player_graph_show_grad (graph, box, PLAYER_GRAD_WAITING, 0);
      return;
    }
  shot = whole_gradient (graph, grad_fn, output_nr, shot);
  player_graph_show_grad (graph, box, PLAYER_GRAD_PASSING, shot);
  pass_outputs (graph, grad_fn, TRUE, shot);
}

/* Sent to an unnamed view: what it looks at is about to get it. */
static void
announce (PlayerGraph *graph, const GraphGradFn *view)
{
  GraphValue *holder = view->n_outputs > 0 ? player_graph_holder (view->outputs[0]) : NULL;
  GraphNode *box = holder != NULL ? player_graph_node (graph, holder->node) : NULL;

  if (box == NULL || !box->pub.requires_grad || box->pub.grad_expected > 1)
    return;
  PLAYER_SET (graph, box->pub.grad_state, PLAYER_GRAD_ARRIVING);
  player_graph_light (graph, box);
}

/* For the caption of the step. */
static void
note_arrival (PlayerGraph *graph, GraphGradFn *grad_fn, const GraphValue *value, guint output_nr, guint64 shot)
{
  PlayerArrival arrival = {
    .tensor = value->id,
    .leaf = grad_fn->leaf != 0,
    .nr = grad_fn->arrived,
    .expected = grad_fn->expected,
    .event = graph->n_applied,
    .grad_fn = grad_fn->id,
    .output_nr = output_nr,
    .first = grad_fn->arrived > 1 && grad_fn->first_nr == output_nr ? grad_fn->first_shot : 0,
    .shot = shot,
  };

  player_journal_save (&graph->journal, &graph->arrival, sizeof arrival);
  graph->arrival = arrival;
}

static void
arrive (PlayerGraph *graph, GraphGradFn *grad_fn, guint output_nr, guint64 shot)
{
  GraphNode *box = grad_fn->leaf != 0 ? leaf_box (graph, grad_fn) : output_box (graph, grad_fn, output_nr);

  PLAYER_SET (graph, grad_fn->arrived, grad_fn->arrived + 1);
  if (grad_fn->arrived == 1)
    {
      PLAYER_SET (graph, grad_fn->first_shot, shot);
      PLAYER_SET (graph, grad_fn->first_nr, output_nr);
    }
  if (grad_fn->expected > 1 && box != NULL)
    note_arrival (graph, grad_fn, box->value, output_nr, shot);
  if (grad_fn->leaf != 0 && box != NULL)
    arrive_at_leaf (graph, box, grad_fn);
  else if (box != NULL)
    arrive_at_box (graph, box, grad_fn, output_nr, shot);
  else if (grad_fn->is_view)
    announce (graph, grad_fn);
  if (grad_fn->arrived >= grad_fn->expected)
    player_graph_make_ready (graph, grad_fn);
}

/* The root of a pass is an output; without a name it gets a box here. */
static void
begin_at_root (PlayerGraph *graph, guint64 tensor, guint64 grad_fn_id, guint64 grad)
{
  GraphValue *value = player_graph_value (graph, tensor);
  GraphGradFn *grad_fn = player_graph_grad_fn (graph, grad_fn_id);
  GraphNode *box;

  if (value != NULL && value->node == PLAYER_NONE)
    {
      g_autofree char *label = player_dup_display_name (graph->index, tensor, graph->n_applied);
      player_graph_make_box (graph, value, label);
    }
  box = value != NULL ? player_graph_node (graph, value->node) : NULL;
  if (box != NULL)
    {
      player_graph_set_output (graph, box, value->producer != PLAYER_NONE);
      player_graph_light (graph, box);
      if (graph->focus == PLAYER_NONE)
        PLAYER_SET (graph, graph->focus, box->pub.id);
    }
  arrive (graph, grad_fn, 0, grad);
}

void
player_graph_backward_begins (PlayerGraph *graph, const RecEvent *record)
{
  RecBackward backward;
  g_autofree char *root = NULL;

  if (!rec_recording_get_backward (graph->recording, record, &backward))
    return;
  if (backward.n_roots > 0)
    root = player_dup_display_name (graph->index, backward.roots[0], graph->n_applied);
  PLAYER_SET (graph, graph->root, root != NULL ? player_graph_string (graph, root) : NULL);
  PLAYER_SET (graph, graph->failed_pill, PLAYER_NONE);
  PLAYER_SET (graph, graph->pass, graph->pass + 1);
  PLAYER_SET (graph, graph->retain_graph, backward.retain_graph);
  PLAYER_SET (graph, graph->members, NULL);
  PLAYER_SET (graph, graph->ready, NULL);
  PLAYER_SET (graph, graph->focus, PLAYER_NONE);
  for (guint k = 0; k < backward.n_roots; k++)
    if (backward.grad_fns[k] != 0)
      collect (graph, player_graph_grad_fn (graph, backward.grad_fns[k]));
  tell_expected (graph);
  for (guint k = 0; k < backward.n_roots; k++)
    if (backward.grad_fns[k] != 0)
      begin_at_root (graph, backward.roots[k], backward.grad_fns[k], backward.grads[k]);
  player_graph_number_ready (graph);
}

static void
finish_leaf (PlayerGraph *graph, const GraphGradFn *grad_fn, const RecGradFnRun *run)
{
  GraphNode *box = leaf_box (graph, grad_fn);

  if (box == NULL)
    return;
  PLAYER_SET (graph, graph->shot_before, box->pub.grad_shot);
  player_graph_show_grad (graph, box, PLAYER_GRAD_KEPT, run->leaf_grad);
  player_graph_light (graph, box);
  PLAYER_SET (graph, graph->focus, box->pub.id);
}

/* retain_grad(): a box that is no leaf has a row .grad. */
void
player_graph_grad_retained (PlayerGraph *graph, const RecEvent *record)
{
  GraphValue *value = player_graph_value (graph, record->subject);
  GraphNode *box = value != NULL ? player_graph_node (graph, value->node) : NULL;

  if (value == NULL)
    return;
  PLAYER_SET (graph, value->retains_grad, TRUE);
  if (box == NULL)
    return;
  if (record->number != 0)
    player_graph_show_grad (graph, box, PLAYER_GRAD_KEPT,
                            rec_recording_get_event_shot (graph->recording, record));
  else if (box->pub.grad_state == PLAYER_GRAD_NO_ROW)
    PLAYER_SET (graph, box->pub.grad_state, player_graph_no_grad_state (value));
}

/* What came in has gone on: pale from now on. */
static void
finish_outputs (PlayerGraph *graph, const GraphGradFn *grad_fn, const RecGradFnRun *run)
{
  for (guint k = 0; k < grad_fn->n_outputs; k++)
    {
      GraphNode *box = output_box (graph, grad_fn, k);
      guint64 shot = k < run->n_grad_outputs ? run->grad_outputs[k] : 0;
      if (box == NULL || box->pub.grad_state == PLAYER_GRAD_KEPT || (shot == 0 && box->pub.grad_shot == 0))
        continue;
      player_graph_show_grad (graph, box, PLAYER_GRAD_PASSED, shot != 0 ? shot : box->pub.grad_shot);
    }
}

/* Edges into the pill (or, for a named view, into its box) that a gradient passed. */
static void
pass_inputs (PlayerGraph *graph, GraphNode *node, const RecGradFnRun *run)
{
  for (guint id = node->first_in; id != PLAYER_NONE;)
    {
      GraphEdge *edge = player_graph_edge (graph, id);
      guint k = edge->pub.operand;
      if (k < run->n_grad_inputs && run->grad_inputs[k] != 0)
        show_edge_grad (graph, edge, TRUE, run->grad_inputs[k]);
      id = edge->next_in;
    }
}

static void
light_pill (PlayerGraph *graph, GraphNode *pill, const RecGradFnRun *run)
{
  PLAYER_SET (graph, pill->pub.pill_state, PLAYER_PILL_LIT);
  player_graph_update_factor (graph, pill);
  player_graph_light (graph, pill);
  PLAYER_SET (graph, graph->focus, pill->pub.id);
  pass_inputs (graph, pill, run);
}

static void
send_on (PlayerGraph *graph, const GraphGradFn *grad_fn, const RecGradFnRun *run)
{
  for (guint k = 0; k < grad_fn->n_next; k++)
    {
      GraphGradFn *next = next_grad_fn (graph, &grad_fn->next[k]);
      if (next != NULL && next->pass == graph->pass)
        arrive (graph, next, grad_fn->next[k].input_nr, k < run->n_grad_inputs ? run->grad_inputs[k] : 0);
    }
}

void
player_graph_grad_fn_done (PlayerGraph *graph, guint64 event, const RecEvent *record)
{
  RecGradFnRun run;
  GraphGradFn *grad_fn;
  GraphNode *pill;

  if (!rec_recording_get_grad_fn_run (graph->recording, record, &run))
    return;
  grad_fn = player_graph_grad_fn (graph, run.grad_fn);
  if (run.leaf != 0)
    grad_fn->leaf = run.leaf;
  player_graph_end_ready (graph, grad_fn);
  PLAYER_SET (graph, grad_fn->ran, TRUE);
  if (!graph->retain_graph)
    PLAYER_SET (graph, grad_fn->done, TRUE);
  PLAYER_SET (graph, graph->focus, PLAYER_NONE);
  pill = player_graph_node (graph, grad_fn->pill);
  if (grad_fn->leaf != 0)
    finish_leaf (graph, grad_fn, &run);
  finish_outputs (graph, grad_fn, &run);
  if (pill != NULL)
    light_pill (graph, pill, &run);
  else if (grad_fn->is_view && output_box (graph, grad_fn, 0) != NULL)
    pass_inputs (graph, output_box (graph, grad_fn, 0), &run);
  send_on (graph, grad_fn, &run);
  if (run.saved_freed)
    player_graph_release_saved (graph, grad_fn);
  player_graph_number_ready (graph);
}

void
player_graph_pass_failed (PlayerGraph *graph)
{
  GraphNode *pill = player_graph_node (graph, graph->failed_pill);

  if (pill == NULL)
    return;
  PLAYER_SET (graph, pill->pub.pill_state, PLAYER_PILL_FAILED);
  PLAYER_SET (graph, graph->focus, pill->pub.id);
}

/* All at rest. Gradients that never reached a leaf's .grad (autograd.grad) are gone. failed: the grad_fn whose
 * turn it was did not return. */
void
player_graph_backward_ends (PlayerGraph *graph, gboolean failed)
{
  PLAYER_SET (graph, graph->failed_pill, failed && graph->ready != NULL ? graph->ready->pill : PLAYER_NONE);
  for (GraphGradFn *grad_fn = graph->members; grad_fn != NULL; grad_fn = grad_fn->next_in_pass)
    {
      GraphNode *pill = player_graph_node (graph, grad_fn->pill);
      GraphNode *box = grad_fn->leaf != 0 ? leaf_box (graph, grad_fn) : output_box (graph, grad_fn, 0);

      if (grad_fn->ready)
        player_graph_end_ready (graph, grad_fn);
      if (pill != NULL && pill->pub.pill_state == PLAYER_PILL_READY)
        PLAYER_SET (graph, pill->pub.pill_state, PLAYER_PILL_IDLE);
      if (box == NULL || grad_fn->ran)
        continue;
      if (grad_fn->leaf != 0 && grad_fn->arrived > 0)
        PLAYER_SET (graph, box->pub.grad_state,
                    box->pub.grad_shot != 0 ? PLAYER_GRAD_KEPT : player_graph_no_grad_state (box->value));
      else if (box->pub.grad_state == PLAYER_GRAD_PASSING)
        PLAYER_SET (graph, box->pub.grad_state, PLAYER_GRAD_PASSED);
    }
  PLAYER_SET (graph, graph->members, NULL);
  PLAYER_SET (graph, graph->focus, PLAYER_NONE);
}
