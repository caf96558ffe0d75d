/* SPDX-License-Identifier: MIT
 *
 * Cuts the events into steps. A step has one main event; what leads to it since
 * the step before (statement begins, views, seeds) goes with it, and what its
 * statement still does afterwards (names, output, the statement's end) belongs to
 * it too. Only the last step can still grow, by what follows it. */
#include "run-index.h"

static PlayerStepInfo *
last_step (PlayerRunIndex *index)
{
  return player_run_index_get_step (index, index->steps->len);
}

static void
extend_last (PlayerRunIndex *index, guint64 end)
{
  last_step (index)->pub.end_event = end;
  index->step_end = end;
  index->contiguous = TRUE;
  index->something = FALSE;
}

/* The innermost statement that runs now; line 0 between statements. */
static PlayerStatement
current_statement (const PlayerRunIndex *index)
{
  guint n = index->statements->len;
  return n > 0 ? g_array_index (index->statements, PlayerStatement, n - 1) : (PlayerStatement) { 0, 0, 0 };
}

/* A function that is entered was called by the statement that runs then; loops and modules are no calls. */
static void
follow_scopes (PlayerRunIndex *index, const RecEvent *record)
{
  if (record->kind == REC_SCOPE_ENTERED)
    {
      g_array_append_val (index->scopes, index->call);
      if (record->flags == REC_SCOPE_FUNCTION)
        {
          PlayerCall call = { current_statement (index), index->call };

          g_array_append_val (index->calls, call);
          index->call = index->calls->len;
        }
    }
  else if (record->kind == REC_SCOPE_LEFT && index->scopes->len > 0)
    {
      index->call = g_array_index (index->scopes, guint, index->scopes->len - 1);
      g_array_set_size (index->scopes, index->scopes->len - 1);
    }
}

static const char *
current_function (const PlayerRunIndex *index)
{
  return index->functions->len > 0 ? index->functions->pdata[index->functions->len - 1] : NULL;
}

static void
note_scope (PlayerRunIndex *index, const RecEvent *record)
{
  const char *function = current_function (index);

  if (record->kind == REC_SCOPE_ENTERED)
    {
      if (record->flags == REC_SCOPE_FUNCTION)
        function = rec_recording_get_text (index->recording, record);
      g_ptr_array_add (index->functions, (gpointer) function);
    }
  else if (record->kind == REC_SCOPE_LEFT && index->functions->len > 0)
    g_ptr_array_set_size (index->functions, (int) index->functions->len - 1);
}

static PlayerPhase
phase_of (PlayerRunIndex *index, PlayerStepKind kind)
{
  PlayerStepInfo *last = last_step (index);

  switch (kind)
    {
    case PLAYER_STEP_BACKWARD_BEGINS:
    case PLAYER_STEP_GRAD_FN:
    case PLAYER_STEP_ACCUMULATE:
    case PLAYER_STEP_BACKWARD_ENDS:
      return PLAYER_PHASE_BACKWARD;
    case PLAYER_STEP_UPDATE:
    case PLAYER_STEP_GRAD_REPLACED:
    case PLAYER_STEP_STORAGE:
    case PLAYER_STEP_OPTIMIZER:
      return PLAYER_PHASE_UPDATE;
    case PLAYER_STEP_ERROR:
    case PLAYER_STEP_REST:
      return last != NULL ? last->pub.phase : PLAYER_PHASE_FORWARD;
    default:
      return PLAYER_PHASE_FORWARD;
    }
}

/* What the statement of an update computed before it is part of the update. */
static void
take_along (PlayerRunIndex *index, guint32 line)
{
  for (guint n = player_run_index_get_n_steps (index); n > 0; n--)
    {
      PlayerStepInfo *step = player_run_index_get_step (index, n);
      if (step->kind != PLAYER_STEP_OP || step->pub.ends_line || step->pub.line != line)
        return;
      step->pub.phase = PLAYER_PHASE_UPDATE;
    }
}

static void
add_step (PlayerRunIndex *index, guint64 event, const RecEvent *record, PlayerStepKind kind)
{
  PlayerStatement statement = current_statement (index);
  PlayerStepInfo step = { 0 };

  step.pub.first_event = index->step_end;
  step.pub.end_event = event + 1;
  step.pub.line = record->line != 0 ? record->line : statement.line;
  step.pub.file = record->file;
  step.pub.phase = phase_of (index, kind);
  step.pub.node = G_MAXUINT;
  step.call = index->call;
  step.kind = kind;
  step.main = event;
  step.n_main = 1;
  step.function = current_function (index);
  step.end_line = MAX (step.pub.line, step.pub.line == statement.line ? statement.end_line : 0);
  if (kind == PLAYER_STEP_UPDATE)
    take_along (index, step.pub.line);
  g_array_append_val (index->steps, step);
  index->step_end = event + 1;
  index->attach = index->contiguous = TRUE;
  index->something = FALSE;
}

/* Whether an operation writes, outside the graph, into a leaf that requires grad, or into its .grad. */
static gboolean
is_update (PlayerRunIndex *index, const RecOp *op)
{
  PlayerTensorInfo *info;
  gboolean of_grad;

  if (!op->in_place || op->grad_fn != 0 || op->n_outputs == 0)
    return FALSE;
  info = player_run_index_get_tensor (index, player_run_index_get_target (index, op->outputs[0].id, &of_grad));
  return of_grad || (info != NULL && info->is_parameter);
}

/* The kind of step an event is the main event of. */
static gboolean
is_main (PlayerRunIndex *index, const RecEvent *record, const RecOp *op, const RecOpDef *def,
         const RecGradFnRun *run, PlayerStepKind *kind)
{
  PlayerGradFnInfo *info;

  switch (record->kind)
    {
    case REC_OP_DONE:
      if (op == NULL || def == NULL || record->inside != 0 || def->is_view)
        return FALSE;
      *kind = def->is_factory ? PLAYER_STEP_LEAF : PLAYER_STEP_OP;
      if (is_update (index, op))
        *kind = PLAYER_STEP_UPDATE;
      return TRUE;
    case REC_GRAD_FN_DONE:
      if (run == NULL)
        return FALSE;
      info = player_run_index_get_grad_fn (index, run->grad_fn);
      *kind = run->leaf != 0 ? PLAYER_STEP_ACCUMULATE : PLAYER_STEP_GRAD_FN;
      return run->leaf != 0 || info == NULL || !info->is_view;
    case REC_BACKWARD_BEGINS:
      *kind = PLAYER_STEP_BACKWARD_BEGINS;
      return TRUE;
    case REC_BACKWARD_ENDS:
      *kind = PLAYER_STEP_BACKWARD_ENDS;
      return record->flags != 1;
    case REC_GRAD_REPLACED:
      *kind = PLAYER_STEP_GRAD_REPLACED;
      return record->inside == 0;
    case REC_STORAGE_CHANGED:
      *kind = PLAYER_STEP_STORAGE;
      return record->inside == 0;
    case REC_TENSOR_MET:
      *kind = PLAYER_STEP_LEAF;
      return record->inside == 0;
    case REC_OPTIMIZER_STEP:
      *kind = PLAYER_STEP_OPTIMIZER;
      return TRUE;
    case REC_ERROR:
      *kind = PLAYER_STEP_ERROR;
      return !index->refused;
    default:
      return FALSE;
    }
}

/* zero_grad() clears many gradients at once, and a write to shared memory changes
 * many tensors: one step. */
static gboolean
joins_last (PlayerRunIndex *index, PlayerStepKind kind)
{
  PlayerStepInfo *last = last_step (index);

  if (last == NULL || !index->attach || !index->contiguous)
    return FALSE;
  if (kind == PLAYER_STEP_STORAGE)
    return last->kind == PLAYER_STEP_STORAGE || last->kind == PLAYER_STEP_UPDATE
           || last->kind == PLAYER_STEP_OP || last->kind == PLAYER_STEP_OPTIMIZER;
  return kind == PLAYER_STEP_GRAD_REPLACED && last->kind == kind;
}

/* What the statement of the last step still does after it. Statements that record
 * nothing but output have no begin of their own: their line tells. */
static gboolean
is_trailing (const PlayerRunIndex *index, const RecEvent *record)
{
  switch (record->kind)
    {
    case REC_NAME_BOUND:
    case REC_NAME_LOST:
    case REC_STATEMENT_ENDS:
    case REC_SCOPE_LEFT:
    case REC_REQUIRES_GRAD:
    case REC_GRAD_MODE:
      return TRUE;
    case REC_OUTPUT:
      return record->line == current_statement (index).line;
    default:
      return FALSE;
    }
}

static void
begin_statement (PlayerRunIndex *index, const RecEvent *record)
{
  PlayerStatement statement = { record->line, (guint32) CLAMP (record->number, 0, (gint64) G_MAXUINT32),
                                record->file };

  if (index->steps->len > 0)
    last_step (index)->pub.ends_line = TRUE;
  index->attach = FALSE;
  index->has_begun = TRUE;
  g_array_append_val (index->statements, statement);
}

/* An event that is nobody's main event: it grows the last step or waits for the next. */
static gboolean
add_aside (PlayerRunIndex *index, guint64 event, const RecEvent *record)
{
  gboolean attach = index->attach && index->steps->len > 0;
  gboolean ends = record->kind == REC_STATEMENT_ENDS;

  note_scope (index, record);
  if (record->kind == REC_STATEMENT_BEGINS)
    {
      begin_statement (index, record);
      return FALSE;
    }
  attach = attach && (ends || (index->contiguous && is_trailing (index, record)));
  if (ends && index->statements->len > 0)
    g_array_set_size (index->statements, index->statements->len - 1);
  if (attach)
    {
      extend_last (index, event + 1);
      if (ends)
        last_step (index)->pub.ends_line = TRUE;
      return TRUE;
    }
  if (record->kind == REC_STATEMENT_ENDS)
    return FALSE;
  index->contiguous = FALSE;
  if (record->kind == REC_OUTPUT && index->statements->len == 0)
    index->attach = FALSE;
  if (record->kind == REC_OUTPUT || (record->kind == REC_OP_DONE && record->inside == 0))
    {
      index->something = TRUE;
      index->something_event = event;
    }
  return FALSE;
}

/* A script that cannot be compiled, or whose process died before its first line, made no step. */
static gboolean
is_refusal (const PlayerRunIndex *index, const RecEvent *record)
{
  gboolean process_ended = (record->flags & 1) != 0;
  return index->steps->len == 0 && !index->has_begun && (!process_ended || record->line == 0);
}

/* What is left at the end joins the last step, unless there is something to show. */
static gboolean
end_run (PlayerRunIndex *index, guint64 event)
{
  RecEvent record;

  if (index->something && !index->refused
      && rec_recording_get_event (index->recording, index->something_event, &record))
    {
      guint64 main = index->something_event;
      add_step (index, main, &record, PLAYER_STEP_REST);
    }
  if (index->steps->len == 0)
    return FALSE;
  extend_last (index, event + 1);
  last_step (index)->pub.ends_line = TRUE;
  return TRUE;
}

gboolean
player_run_index_add_to_steps (PlayerRunIndex *index, guint64 event, const RecEvent *record,
                               const RecOp *op, const RecOpDef *def, const RecGradFnRun *run)
{
  PlayerStepKind kind;

  follow_scopes (index, record);
  if (record->kind == REC_ERROR)
    index->refused = is_refusal (index, record);
  if (record->kind == REC_RUN_ENDS)
    return end_run (index, event);
  if (!is_main (index, record, op, def, run, &kind))
    return add_aside (index, event, record);
  if (joins_last (index, kind))
    {
      if (last_step (index)->kind == kind)
        last_step (index)->n_main++;
      extend_last (index, event + 1);
    }
  else
    add_step (index, event, record, kind);
  return TRUE;
}
