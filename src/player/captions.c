/* SPDX-License-Identifier: MIT
 *
 * Chooses the sentence of a step by what its main event was, and says what the
 * next one will do. Nothing here is cached: the player keeps what it asked for. */
#include "branches.h"
#include "captions.h"

gboolean
player_read_op (PlayerRunIndex *index, guint64 event, RecOp *op, const RecOpDef **def)
{
  RecEvent record;

  if (!rec_recording_get_event (index->recording, event, &record)
      || !rec_recording_get_op (index->recording, &record, op))
    return FALSE;
  *def = player_run_index_get_op_def (index, op->op);
  return *def != NULL;
}

gboolean
player_read_leaf (PlayerRunIndex *index, guint64 event, RecTensor *facts, const char **written)
{
  g_autofree RecOp *op = g_new (RecOp, 1);
  const RecOpDef *def;
  RecEvent record;

  *written = "tensor";
  if (!rec_recording_get_event (index->recording, event, &record))
    return FALSE;
  if (record.kind == REC_TENSOR_MET)
    return rec_recording_get_tensor (index->recording, &record, facts);
  if (!player_read_op (index, event, op, &def) || op->n_outputs == 0)
    return FALSE;
  *facts = op->outputs[0];
  *written = op->written != NULL ? op->written : def->symbol != NULL ? def->symbol : def->name;
  return TRUE;
}

gboolean
player_read_run (PlayerRunIndex *index, guint64 event, RecGradFnRun *run)
{
  RecEvent record;
  return rec_recording_get_event (index->recording, event, &record)
         && rec_recording_get_grad_fn_run (index->recording, &record, run);
}

gboolean
player_get_norm (PlayerRunIndex *index, guint64 shot, double *norm)
{
  RecShot data;
  RecStats stats;

  if (shot == 0 || !rec_recording_get_shot (index->recording, shot, &data))
    return FALSE;
  rec_shot_get_stats (&data, &stats);
  *norm = stats.norm;
  return TRUE;
}

char *
player_dup_size_change (PlayerRunIndex *index, guint64 before, guint64 after)
{
  double old_norm, new_norm;
  g_autofree char *old_text = NULL;
  g_autofree char *new_text = NULL;

  if (!player_get_norm (index, before, &old_norm) || !player_get_norm (index, after, &new_norm))
    return g_strdup ("");
  old_text = player_format_short (old_norm);
  new_text = player_format_short (new_norm);
  return g_strdup_printf (" (size %s → %s)", old_text, new_text);
}

/* Takes caption. The step began an iteration, and those before it left the picture. */
static char *
with_folding (PlayerRunIndex *index, const PlayerStepInfo *step, char *caption)
{
  g_autofree char *plain = caption, *where = NULL;
  guint before = step->iteration - MIN (step->iteration, 1);

  if (step->iteration == 0)
    return g_steal_pointer (&plain);
  where = player_dup_place (index, step->iteration_file, step->iteration_line, FALSE);
  if (before == 0)
    return g_strdup_printf ("The loop on %s began, and the iterations before it were folded away. %s", where, plain);
  if (before == 1)
    return g_strdup_printf ("The loop on %s went on, and the iteration before was folded away. %s", where, plain);
  return g_strdup_printf ("The loop on %s went on, and now %u iterations are folded away. %s", where, before, plain);
}

/* Takes caption. An if that led to the step went the other way than the time before. */
static char *
with_branch (PlayerRunIndex *index, const PlayerStepInfo *step, char *caption)
{
  g_autofree char *plain = caption, *sentence = player_dup_branch_sentence (index, step);

  return sentence != NULL ? g_strconcat (sentence, " ", plain, NULL) : g_steal_pointer (&plain);
}

static char *
dup_plain_caption (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  switch (step->kind)
    {
    case PLAYER_STEP_LEAF:
      return player_dup_leaf_caption (index, step);
    case PLAYER_STEP_OP:
      return player_dup_op_caption (index, step);
    case PLAYER_STEP_UPDATE:
      return player_dup_update_caption (index, step);
    case PLAYER_STEP_BACKWARD_BEGINS:
      return player_dup_backward_begins_caption (index, step);
    case PLAYER_STEP_GRAD_FN:
      return player_dup_grad_fn_caption (index, step);
    case PLAYER_STEP_ACCUMULATE:
      return player_dup_accumulate_caption (index, step);
    case PLAYER_STEP_BACKWARD_ENDS:
      return player_dup_backward_ends_caption (index, step);
    case PLAYER_STEP_GRAD_REPLACED:
      return player_dup_grad_replaced_caption (index, step);
    case PLAYER_STEP_STORAGE:
      return player_dup_storage_caption (index, step);
    case PLAYER_STEP_OPTIMIZER:
      return g_strdup ("The optimizer moved the parameters a small step against their gradients.");
    case PLAYER_STEP_ERROR:
      return player_dup_error_caption (index, step);
    case PLAYER_STEP_REST:
    default:
      return player_dup_rest_caption (index, step);
    }
}

char *
player_dup_caption (PlayerRunIndex *index, guint n)
{
  const PlayerStepInfo *step = player_run_index_get_step (index, n);

  return step != NULL ? with_folding (index, step, with_branch (index, step, dup_plain_caption (index, step)))
                      : g_strdup ("");
}

/* "line 13" of a step. */
static char *
dup_where (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  return player_dup_place (index, step->pub.file, step->pub.line, FALSE);
}

static char *
next_leaf (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  RecTensor facts;
  const char *written;
  const char *name = player_read_leaf (index, step->main, &facts, &written)
                       ? player_name_of (index, facts.id, step->main) : NULL;
  g_autofree char *where = dup_where (index, step);
  return g_strdup_printf ("Next: %s creates %s", where, name != NULL ? name : "a tensor");
}

static char *
next_update (PlayerRunIndex *index, const PlayerStepInfo *step, const RecOp *op)
{
  gboolean of_grad;
  guint64 leaf = player_run_index_get_target (index, op->outputs[0].id, &of_grad);
  g_autofree char *name = player_dup_display_name (index, leaf, step->main), *where = dup_where (index, step);

  return g_strdup_printf ("Next: %s changes %s%s in place", where, name, of_grad ? ".grad" : "");
}

static char *
next_op (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  g_autofree RecOp *op = g_new (RecOp, 1);
  const RecOpDef *def;
  const char *written, *name;
  g_autofree char *where = NULL;

  if (!player_read_op (index, step->main, op, &def))
    return g_strdup ("");
  name = op->n_outputs > 0 ? player_name_of (index, op->outputs[0].id, step->main) : NULL;
  written = op->written != NULL ? op->written : def->symbol != NULL ? def->symbol : def->name;
  if (step->kind == PLAYER_STEP_UPDATE)
    return next_update (index, step, op);
  where = dup_where (index, step);
  if (name == NULL)
    return g_strdup_printf ("Next: %s in %s", written, where);
  return g_strdup_printf ("Next: %s makes %s in %s", written, name, where);
}

static char *
next_grad_fn (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  g_autofree RecOp *op = g_new (RecOp, 1);
  RecGradFnRun run;
  PlayerTemplate context = { index, NULL, op, NULL, 0, &run, step->main };
  g_autofree char *receivers = NULL;

  if (!player_read_run (index, step->main, &run)
      || !player_run_index_get_op_of (index, run.grad_fn, op, &context.def))
    return g_strdup ("");
  context.op_event = player_run_index_get_grad_fn (index, run.grad_fn)->op_event;
  receivers = player_template_dup_receivers (&context);
  return g_strdup_printf ("Next: %s sends the gradient on to %s", context.def->grad_fn_name, receivers);
}

static char *
next_accumulate (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  RecGradFnRun run;
  g_autofree char *leaf = NULL;

  if (!player_read_run (index, step->main, &run))
    return g_strdup ("");
  leaf = player_dup_display_name (index, run.leaf, step->main);
  return g_strdup_printf (run.accumulated ? "Next: AccumulateGrad adds it to %s.grad"
                                          : "Next: AccumulateGrad stores it in %s.grad", leaf);
}

static char *
next_backward (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  g_autofree char *name = player_dup_root_name (index, step->main + 1);
  return g_strdup_printf ("Next: backward() starts at %s", name != NULL ? name : "the result");
}

char *
player_dup_next_text (PlayerRunIndex *index, guint n)
{
  const PlayerStepInfo *step = player_run_index_get_step (index, n);
  g_autofree char *where = step != NULL ? dup_where (index, step) : NULL;

  switch (step != NULL ? step->kind : PLAYER_STEP_REST)
    {
    case PLAYER_STEP_LEAF:
      return next_leaf (index, step);
    case PLAYER_STEP_OP:
    case PLAYER_STEP_UPDATE:
      return next_op (index, step);
    case PLAYER_STEP_GRAD_FN:
      return next_grad_fn (index, step);
    case PLAYER_STEP_ACCUMULATE:
      return next_accumulate (index, step);
    case PLAYER_STEP_BACKWARD_BEGINS:
      return next_backward (index, step);
    case PLAYER_STEP_BACKWARD_ENDS:
      return g_strdup ("Next: backward is done");
    case PLAYER_STEP_GRAD_REPLACED:
      return g_strdup_printf ("Next: %s clears gradients", where);
    case PLAYER_STEP_STORAGE:
      return g_strdup_printf ("Next: %s writes values in place", where);
    case PLAYER_STEP_OPTIMIZER:
      return g_strdup ("Next: the optimizer moves the parameters");
    case PLAYER_STEP_ERROR:
      return g_strdup_printf ("Next: %s stops with an error", where);
    case PLAYER_STEP_REST:
    default:
      return step != NULL ? g_strdup_printf ("Next: %s", where) : g_strdup ("");
    }
}
