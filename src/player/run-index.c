/* SPDX-License-Identifier: MIT
 *
 * Reads events once, in order, and keeps where to find things again. A damaged
 * event is passed over. Called by the player on the UI thread. */
#include "branches.h"

#include <string.h>

static void
clear_grad_fn_info (gpointer data)
{
  PlayerGradFnInfo *info = data;
  g_clear_pointer (&info->runs, g_array_unref);
  g_free (info->factor);
}

static void
clear_tensor_info (gpointer data)
{
  PlayerTensorInfo *info = data;
  g_clear_pointer (&info->namings, g_array_unref);
}

PlayerRunIndex *
player_run_index_new (RecRecording *recording)
{
  PlayerRunIndex *index = g_new0 (PlayerRunIndex, 1);
  index->recording = recording;
  player_arena_init (&index->arena);
  index->steps = g_array_new (FALSE, TRUE, sizeof (PlayerStepInfo));
  index->op_defs = g_ptr_array_new_with_free_func (g_free);
  index->grad_fns = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, clear_grad_fn_info);
  index->tensors = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, clear_tensor_info);
  index->bindings = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_array_unref);
  index->outputs = g_array_new (FALSE, FALSE, sizeof (PlayerOutput));
  index->passes = g_array_new (FALSE, FALSE, sizeof (PlayerPass));
  index->branches = g_array_new (FALSE, FALSE, sizeof (PlayerBranch));
  index->open_branches = g_array_new (FALSE, FALSE, sizeof (guint));
  index->last_branches = g_hash_table_new (NULL, NULL);
  index->statements = g_array_new (FALSE, FALSE, sizeof (PlayerStatement));
  index->functions = g_ptr_array_new ();
  index->files = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  index->calls = g_array_new (FALSE, FALSE, sizeof (PlayerCall));
  index->scopes = g_array_new (FALSE, FALSE, sizeof (guint));
  index->error_event = G_MAXUINT64;
  index->failed_op = G_MAXUINT64;
  return index;
}

void
player_run_index_free (PlayerRunIndex *index)
{
  g_array_unref (index->steps);
  g_ptr_array_unref (index->op_defs);
  g_hash_table_unref (index->grad_fns);
  g_hash_table_unref (index->tensors);
  g_hash_table_unref (index->bindings);
  g_array_unref (index->outputs);
  g_array_unref (index->passes);
  g_array_unref (index->branches);
  g_array_unref (index->open_branches);
  g_hash_table_unref (index->last_branches);
  g_array_unref (index->statements);
  g_ptr_array_unref (index->functions);
  g_hash_table_unref (index->files);
  g_array_unref (index->calls);
  g_array_unref (index->scopes);
  player_arena_clear (&index->arena);
  g_free (index);
}

const RecOpDef *
player_run_index_get_op_def (PlayerRunIndex *index, guint op)
{
  RecOpDef def;

  if (op < index->op_defs->len && index->op_defs->pdata[op] != NULL)
    return index->op_defs->pdata[op];
  if (index->recording == NULL || !rec_recording_get_op_def (index->recording, op, &def))
    return NULL;
  if (op >= index->op_defs->len)
    g_ptr_array_set_size (index->op_defs, (int) op + 1);
  index->op_defs->pdata[op] = g_memdup2 (&def, sizeof def);
  return index->op_defs->pdata[op];
}

PlayerGradFnInfo *
player_run_index_get_grad_fn (PlayerRunIndex *index, guint64 grad_fn)
{
  return g_hash_table_lookup (index->grad_fns, &grad_fn);
}

PlayerTensorInfo *
player_run_index_get_tensor (PlayerRunIndex *index, guint64 tensor)
{
  return g_hash_table_lookup (index->tensors, &tensor);
}

static PlayerGradFnInfo *
ensure_grad_fn (PlayerRunIndex *index, guint64 grad_fn)
{
  PlayerGradFnInfo *info = player_run_index_get_grad_fn (index, grad_fn);
  if (info == NULL)
    {
      info = player_arena_new0 (&index->arena, sizeof (PlayerGradFnInfo));
      info->grad_fn = grad_fn;
      info->op_event = G_MAXUINT64;
      g_hash_table_insert (index->grad_fns, &info->grad_fn, info);
    }
  return info;
}

static PlayerTensorInfo *
ensure_tensor (PlayerRunIndex *index, guint64 tensor)
{
  PlayerTensorInfo *info = player_run_index_get_tensor (index, tensor);
  if (info == NULL)
    {
      info = player_arena_new0 (&index->arena, sizeof (PlayerTensorInfo));
      info->tensor = tensor;
      info->op_event = G_MAXUINT64;
      g_hash_table_insert (index->tensors, &info->tensor, info);
    }
  return info;
}

static void
read_facts (PlayerRunIndex *index, const RecTensor *facts)
{
  PlayerTensorInfo *info;

  if (facts->id == 0 || ((facts->base == 0 || facts->base == facts->id) && !(facts->leaf && facts->requires_grad)))
    return;
  info = ensure_tensor (index, facts->id);
  if (facts->base != facts->id)
    info->base = facts->base;
  info->is_parameter = facts->leaf && facts->requires_grad;
}

guint64
player_run_index_get_target (PlayerRunIndex *index, guint64 tensor, gboolean *of_grad)
{
  PlayerTensorInfo *info = player_run_index_get_tensor (index, tensor);

  *of_grad = FALSE;
  for (guint n = 0; info != NULL && info->grad_of == 0 && info->base != 0 && n < 16; n++)
    {
      tensor = info->base;
      info = player_run_index_get_tensor (index, tensor);
    }
  if (info == NULL || info->grad_of == 0 || info->grad_of == tensor)
    return tensor;
  *of_grad = TRUE;
  return info->grad_of;
}

static gboolean
is_input (const RecOp *op, guint64 tensor)
{
  for (guint k = 0; k < op->n_inputs; k++)
    if (op->inputs[k].id == tensor)
      return TRUE;
  return FALSE;
}

static void
read_op (PlayerRunIndex *index, guint64 event, const RecOp *op, const RecOpDef *def)
{
  if (op->grad_fn != 0)
    {
      PlayerGradFnInfo *info = ensure_grad_fn (index, op->grad_fn);
      info->op_event = event;
      info->is_view = def != NULL && def->is_view;
    }
  for (guint k = 0; k < op->n_outputs; k++)
    {
      PlayerTensorInfo *info = ensure_tensor (index, op->outputs[k].id);
      if (info->op_event == G_MAXUINT64 && !is_input (op, op->outputs[k].id))
        info->op_event = event;
      read_facts (index, &op->outputs[k]);
    }
  for (guint k = 0; k < op->n_inputs; k++)
    read_facts (index, &op->inputs[k]);
}

static void
add_binding (PlayerRunIndex *index, const char *name, guint64 event, guint64 tensor)
{
  GArray *bindings = g_hash_table_lookup (index->bindings, name);
  PlayerBinding binding = { event, tensor };

  if (bindings == NULL)
    {
      bindings = g_array_new (FALSE, FALSE, sizeof (PlayerBinding));
      g_hash_table_insert (index->bindings, (gpointer) name, bindings);
    }
  g_array_append_val (bindings, binding);
}

gboolean
player_run_index_is_bound (PlayerRunIndex *index, const char *name, guint64 tensor, guint64 at)
{
  GArray *bindings = g_hash_table_lookup (index->bindings, name);
  guint low = 0, high = bindings != NULL ? bindings->len : 0;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (g_array_index (bindings, PlayerBinding, middle).event <= at)
        low = middle + 1;
      else
        high = middle;
    }
  return low > 0 && g_array_index (bindings, PlayerBinding, low - 1).tensor == tensor;
}

static void
read_name (PlayerRunIndex *index, guint64 event, const RecEvent *record)
{
  const char *name = rec_recording_get_text (index->recording, record);
  PlayerTensorInfo *info;
  PlayerNaming naming = { event, name, (RecNameRank) record->flags };

  if (name == NULL)
    return;
  add_binding (index, name, event, record->kind == REC_NAME_BOUND ? record->subject : 0);
  if (record->subject == 0 || record->kind != REC_NAME_BOUND)
    return;
  info = ensure_tensor (index, record->subject);
  if (info->namings == NULL)
    info->namings = g_array_new (FALSE, FALSE, sizeof (PlayerNaming));
  g_array_append_val (info->namings, naming);
}

guint64
player_count_lines (const char *bytes, gsize nbytes)
{
  guint64 n = 0;
  const char *end = bytes + nbytes;

  for (const char *at = bytes; (at = memchr (at, '\n', (gsize) (end - at))) != NULL; at++)
    n++;
  return n;
}

static void
read_output (PlayerRunIndex *index, guint64 event, const RecEvent *record)
{
  gsize nbytes = 0;
  const char *bytes = rec_recording_get_bytes (index->recording, record, &nbytes);
  PlayerOutput output = { event, nbytes, index->n_output_bytes, index->n_output_lines };

  if (bytes == NULL)
    return;
  g_array_append_val (index->outputs, output);
  index->n_output_bytes += nbytes;
  index->n_output_lines += player_count_lines (bytes, nbytes);
}

static void
read_run (PlayerRunIndex *index, guint64 event, const RecEvent *record, const RecGradFnRun *run)
{
  PlayerGradFnInfo *info = ensure_grad_fn (index, run->grad_fn);

  if (run->leaf != 0 && record->number > 0)
    ensure_tensor (index, (guint64) record->number)->grad_of = run->leaf;
  if (info->runs == NULL)
    info->runs = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_array_append_val (info->runs, event);
}

static void
read_backward (PlayerRunIndex *index, guint64 event, const RecEvent *record)
{
  RecBackward backward;
  PlayerPass pass = { .event = event };

  if (rec_recording_get_backward (index->recording, record, &backward) && backward.n_roots > 0)
    pass.root = backward.roots[0];
  g_array_append_val (index->passes, pass);
}

const PlayerPass *
player_run_index_get_pass (PlayerRunIndex *index, guint64 before)
{
  for (guint k = index->passes->len; k > 0; k--)
    if (g_array_index (index->passes, PlayerPass, k - 1).event < before)
      return &g_array_index (index->passes, PlayerPass, k - 1);
  return NULL;
}

static void
read_file (PlayerRunIndex *index, const RecEvent *record)
{
  const char *path = rec_recording_get_text (index->recording, record);

  if (path != NULL && record->number > 0 && record->number <= G_MAXUINT16)
    g_hash_table_insert (index->files, GUINT_TO_POINTER ((guint) record->number), g_path_get_basename (path));
}

static void
read_end (PlayerRunIndex *index, const RecEvent *record)
{
  const char *reason = rec_recording_get_text (index->recording, record);

  index->ended = TRUE;
  index->stopped = reason != NULL && g_ascii_strncasecmp (reason, "stopped", strlen ("stopped")) == 0;
  index->stopped_line = index->stopped ? record->line : 0;
}

/* Reads one event and hands what was decoded to the steps. */
static gboolean
read_event (PlayerRunIndex *index, guint64 event, const RecEvent *record, RecOp *op)
{
  const RecOpDef *def = NULL;
  RecGradFnRun run = { 0 };
  RecTensor facts;
  gboolean has_op = FALSE, has_run = FALSE;

  player_branches_read (index, event, record);
  switch (record->kind)
    {
    case REC_OP_DONE:
      has_op = rec_recording_get_op (index->recording, record, op);
      def = has_op ? player_run_index_get_op_def (index, op->op) : NULL;
      if (has_op)
        read_op (index, event, op, def);
      break;
    case REC_OP_FAILED:
      index->failed_op = event;
      break;
    case REC_GRAD_FN_DONE:
      has_run = rec_recording_get_grad_fn_run (index->recording, record, &run);
      if (has_run)
        read_run (index, event, record, &run);
      break;
    case REC_GRAD_REPLACED:
      if (record->object != 0)
        ensure_tensor (index, record->object)->grad_of = record->subject;
      break;
    case REC_BACKWARD_BEGINS:
      read_backward (index, event, record);
      break;
    case REC_TENSOR_MET:
      if (rec_recording_get_tensor (index->recording, record, &facts))
        read_facts (index, &facts);
      break;
    case REC_REQUIRES_GRAD:
      ensure_tensor (index, record->subject)->is_parameter = record->number != 0;
      break;
    case REC_NAME_BOUND:
    case REC_NAME_LOST:
      read_name (index, event, record);
      break;
    case REC_OUTPUT:
      read_output (index, event, record);
      break;
    case REC_FILE:
      read_file (index, record);
      break;
    case REC_ERROR:
      index->error_event = event;
      break;
    case REC_RUN_ENDS:
      read_end (index, record);
      break;
    default:
      break;
    }
  return player_run_index_add_to_steps (index, event, record, has_op ? op : NULL, def, has_run ? &run : NULL);
}

gboolean
player_run_index_has_more (PlayerRunIndex *index)
{
  return index->recording != NULL && index->n_read < rec_recording_get_n_events (index->recording);
}

gboolean
player_run_index_sync (PlayerRunIndex *index, guint64 most_events)
{
  g_autofree RecOp *op = NULL;
  gboolean changed = FALSE;
  guint64 n = index->recording != NULL ? rec_recording_get_n_events (index->recording) : 0;

  if (n > index->n_read)
    n = index->n_read + MIN (n - index->n_read, most_events);

  if (index->n_read < n)
    op = g_new (RecOp, 1);
  for (; index->n_read < n; index->n_read++)
    {
      RecEvent record;
      if (rec_recording_get_event (index->recording, index->n_read, &record))
        changed |= read_event (index, index->n_read, &record, op);
    }
  return changed;
}

PlayerStepInfo *
player_run_index_get_step (PlayerRunIndex *index, guint n)
{
  return n >= 1 && n <= index->steps->len ? &g_array_index (index->steps, PlayerStepInfo, n - 1) : NULL;
}

guint
player_run_index_get_n_steps (PlayerRunIndex *index)
{
  return index->steps->len;
}

guint
player_run_index_find_step (PlayerRunIndex *index, guint64 event)
{
  guint low = 0, high = index->steps->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (g_array_index (index->steps, PlayerStepInfo, middle).pub.end_event > event)
        high = middle;
      else
        low = middle + 1;
    }
  return low < index->steps->len ? low + 1 : 0;
}

guint64
player_run_index_next_run (PlayerRunIndex *index, guint64 grad_fn, guint64 after)
{
  PlayerGradFnInfo *info = player_run_index_get_grad_fn (index, grad_fn);

  for (guint k = 0; info != NULL && info->runs != NULL && k < info->runs->len; k++)
    if (g_array_index (info->runs, guint64, k) > after)
      return g_array_index (info->runs, guint64, k);
  return G_MAXUINT64;
}

guint64
player_run_index_last_run (PlayerRunIndex *index, guint64 grad_fn, guint64 before)
{
  PlayerGradFnInfo *info = player_run_index_get_grad_fn (index, grad_fn);

  for (guint k = info != NULL && info->runs != NULL ? info->runs->len : 0; k > 0; k--)
    if (g_array_index (info->runs, guint64, k - 1) < before)
      return g_array_index (info->runs, guint64, k - 1);
  return G_MAXUINT64;
}

gboolean
player_run_index_get_op_of (PlayerRunIndex *index, guint64 grad_fn, RecOp *op, const RecOpDef **def)
{
  PlayerGradFnInfo *info = player_run_index_get_grad_fn (index, grad_fn);
  RecEvent record;

  if (info == NULL || info->op_event == G_MAXUINT64
      || !rec_recording_get_event (index->recording, info->op_event, &record)
      || !rec_recording_get_op (index->recording, &record, op))
    return FALSE;
  *def = player_run_index_get_op_def (index, op->op);
  return *def != NULL;
}
