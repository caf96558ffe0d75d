/* SPDX-License-Identifier: MIT
 *
 * Applies events one by one and undoes them by the journal: apply k then undo k
 * is the identity, for every k. Cost of a move: the events moved over. */
#include "graph-private.h"

/* Events mostly come in order: the step is looked for near the last one. */
static gboolean
begins_step (PlayerGraph *graph, guint64 event)
{
  const PlayerStepInfo *step = player_run_index_get_step (graph->index, graph->step);

  if (step != NULL && event >= step->pub.end_event)
    step = player_run_index_get_step (graph->index, ++graph->step);
  if (step == NULL || event < step->pub.first_event || event >= step->pub.end_event)
    {
      graph->step = player_run_index_find_step (graph->index, event);
      step = player_run_index_get_step (graph->index, graph->step);
    }
  return step != NULL && step->pub.first_event == event;
}

/* A .grad that was written to: what its leaf's box shows. */
static gboolean
apply_grad_changed (PlayerGraph *graph, guint64 tensor, guint64 shot)
{
  GraphValue *leaf = player_graph_grad_owner (graph, tensor);
  GraphNode *node = leaf != NULL ? player_graph_node (graph, leaf->node) : NULL;

  if (node == NULL || node->pub.grad_state != PLAYER_GRAD_KEPT || shot == 0)
    return FALSE;
  if (graph->shot_before == 0)
    PLAYER_SET (graph, graph->shot_before, node->pub.grad_shot);
  player_graph_show_grad (graph, node, PLAYER_GRAD_KEPT, shot);
  player_graph_light (graph, node);
  if (graph->focus == PLAYER_NONE)
    PLAYER_SET (graph, graph->focus, node->pub.id);
  return TRUE;
}

static void
apply_storage (PlayerGraph *graph, const RecEvent *record)
{
  GraphValue *value = player_graph_value (graph, record->subject);
  GraphNode *node = value != NULL ? player_graph_node (graph, value->node) : NULL;

  apply_grad_changed (graph, record->subject, rec_recording_get_event_shot (graph->recording, record));
  if (value == NULL)
    return;
  if (graph->shot_before == 0)
    PLAYER_SET (graph, graph->shot_before, value->facts.shot);
  player_graph_refresh_value (graph, value, rec_recording_get_event_shot (graph->recording, record),
                              (guint32) record->number);
  if (node == NULL)
    return;
  player_graph_light (graph, node);
  if (graph->focus == PLAYER_NONE)
    PLAYER_SET (graph, graph->focus, node->pub.id);
}

static void
apply_grad_replaced (PlayerGraph *graph, const RecEvent *record)
{
  GraphValue *value = player_graph_value (graph, record->subject);
  GraphNode *node = value != NULL ? player_graph_node (graph, value->node) : NULL;
  guint64 shot = rec_recording_get_event_shot (graph->recording, record);

  if (node == NULL)
    return;
  if (shot == 0 && node->pub.grad_state == PLAYER_GRAD_KEPT)
    PLAYER_SET (graph, value->grad_cleared, TRUE);
  if (shot != 0)
    player_graph_show_grad (graph, node, PLAYER_GRAD_KEPT, shot);
  else
    player_graph_show_grad (
        graph, node, node->pub.requires_grad ? player_graph_no_grad_state (value) : PLAYER_GRAD_NOT_REQUIRED,
        0);
  player_graph_light (graph, node);
  if (graph->focus == PLAYER_NONE)
    PLAYER_SET (graph, graph->focus, node->pub.id);
}

static void
apply_requires_grad (PlayerGraph *graph, const RecEvent *record)
{
  GraphValue *value = player_graph_value (graph, record->subject);
  GraphNode *node = value != NULL ? player_graph_node (graph, value->node) : NULL;
  gboolean requires_grad = record->number != 0;

  if (value == NULL)
    return;
  PLAYER_SET (graph, value->facts.requires_grad, requires_grad);
  if (node == NULL)
    return;
  player_graph_touch_structure (graph, node);
  PLAYER_SET (graph, node->pub.requires_grad, requires_grad);
  PLAYER_SET (graph, node->pub.is_leaf, value->facts.leaf && (requires_grad || value->producer == PLAYER_NONE));
  if (node->pub.is_leaf)
    PLAYER_SET (graph, node->pub.is_output, FALSE);
  player_graph_touch_structure (graph, node);
  if (requires_grad && node->pub.is_leaf && node->pub.grad_state == PLAYER_GRAD_NO_ROW)
    PLAYER_SET (graph, node->pub.grad_state, player_graph_no_grad_state (value));
  if (requires_grad && node->pub.grad_state == PLAYER_GRAD_NOT_REQUIRED)
    PLAYER_SET (graph, node->pub.grad_state, player_graph_no_grad_state (value));
  else if (!requires_grad && node->pub.grad_state == player_graph_no_grad_state (value))
    PLAYER_SET (graph, node->pub.grad_state, PLAYER_GRAD_NOT_REQUIRED);
}

/* Outlines of leaves that the run never made go when it is over. */
static void
end_run (PlayerGraph *graph)
{
  for (guint id = 0; id < graph->n_outlines; id++)
    {
      GraphNode *node = player_graph_node (graph, id);
      if (node != NULL && node->pub.outline)
        player_graph_remove_node (graph, node);
    }
}

static void
apply_name (PlayerGraph *graph, const RecEvent *record)
{
  const char *text = rec_recording_get_text (graph->recording, record);

  if (text != NULL && record->kind == REC_NAME_BOUND)
    player_graph_name_bound (graph, text, record->subject, (RecNameRank) record->flags);
  else if (text != NULL)
    player_graph_name_lost (graph, text);
}

/* failed_op: event + 1 of the operation that raised, 0: this one did not, so that what failed before it was caught. */
static void
note_failed (PlayerGraph *graph, const RecEvent *record, guint64 failed_op)
{
  PLAYER_SET (graph, graph->failed_op, failed_op);
  if (record->inside == 0)
    PLAYER_SET (graph, graph->failed_pill, PLAYER_NONE);
}

static void
apply_error (PlayerGraph *graph)
{
  if (graph->failed_pill != PLAYER_NONE)
    player_graph_pass_failed (graph);
  else if (graph->failed_op != 0)
    player_graph_op_failed (graph, graph->failed_op - 1);
}

static void
apply_record (PlayerGraph *graph, guint64 event, const RecEvent *record)
{
  switch (record->kind)
    {
    case REC_OP_DONE:
      note_failed (graph, record, 0);
      player_graph_op_done (graph, event, record);
      break;
    case REC_OP_FAILED:
      note_failed (graph, record, event + 1);
      break;
    case REC_ERROR:
      apply_error (graph);
      break;
    case REC_NAME_BOUND:
    case REC_NAME_LOST:
      apply_name (graph, record);
      break;
    case REC_SCOPE_ENTERED:
      player_graph_scope_entered (graph, record);
      break;
    case REC_SCOPE_LEFT:
      player_graph_scope_left (graph);
      break;
    case REC_BACKWARD_BEGINS:
      player_graph_note_pass (graph);
      player_graph_backward_begins (graph, record);
      break;
    case REC_GRAD_FN_DONE:
      player_graph_grad_fn_done (graph, event, record);
      break;
    case REC_BACKWARD_ENDS:
      player_graph_backward_ends (graph, record->flags != 0);
      break;
    case REC_GRAD_REPLACED:
      apply_grad_replaced (graph, record);
      break;
    case REC_GRAD_RETAINED:
      player_graph_grad_retained (graph, record);
      break;
    case REC_STORAGE_CHANGED:
      apply_storage (graph, record);
      break;
    case REC_REQUIRES_GRAD:
      apply_requires_grad (graph, record);
      break;
    case REC_TENSOR_MET:
      player_graph_tensor_met (graph, event, record);
      break;
    case REC_RUN_ENDS:
      end_run (graph);
      break;
    default:
      break;
    }
}

void
player_graph_apply (PlayerGraph *graph)
{
  guint64 event = graph->n_applied;
  gsize mark = player_journal_mark (&graph->journal);
  RecEvent record;

  g_array_append_val (graph->marks, mark);
  if (begins_step (graph, event))
    player_graph_begin_step (graph);
  if (rec_recording_get_event (graph->recording, event, &record))
    apply_record (graph, event, &record);
  graph->n_applied++;
}

void
player_graph_undo (PlayerGraph *graph)
{
  g_return_if_fail (graph->n_applied > 0 && !graph->journal.off);
  graph->n_applied--;
  player_journal_undo (&graph->journal, g_array_index (graph->marks, gsize, graph->n_applied));
  g_array_set_size (graph->marks, (guint) graph->n_applied);
}

void
player_graph_seek (PlayerGraph *graph, guint64 n_events)
{
  while (graph->n_applied > n_events)
    player_graph_undo (graph);
  while (graph->n_applied < n_events)
    player_graph_apply (graph);
}
