/* SPDX-License-Identifier: MIT
 *
 * The engine's observer: turns each callback into one event. Runs inside the
 * engine's calls, so it calls no operation and never waits. Runner side, on the
 * thread that runs the script. */
#include "recorder-private.h"

#include <string.h>

typedef struct
{
  guint64 tensor;
  guint32 version;
} RecNamed;

static gboolean
is_among (EngTensor *tensor, EngTensor *const *others, guint n)
{
  for (guint k = 0; k < n; k++)
    if (others[k] == tensor)
      return TRUE;
  return FALSE;
}

static void
put_place (RecOpPlaces *places, guint64 *at, guint64 place)
{
  *at = place;
  if (place == 0)
    places->form = 0;
}

static void
fill_operands (RecRecorder *recorder, const EngOpDone *done, RecOpPlaces *places)
{
  places->n_inputs = MIN (done->n_inputs, REC_MAX_OPERANDS);
  for (guint k = 0; k < places->n_inputs; k++)
    if (done->inputs[k] == NULL)
      places->inputs[k] = 0;
    else if (done->in_place && is_among (done->inputs[k], done->outputs, done->n_outputs))
      put_place (places, &places->inputs[k], rec_recorder_get_place_before (recorder, done->inputs[k]));
    else if (done->inside != NULL)
      put_place (places, &places->inputs[k], rec_recorder_get_passing_place (recorder, done->inputs[k]));
    else
      put_place (places, &places->inputs[k], rec_recorder_get_place (recorder, done->inputs[k]));
  places->n_outputs = MIN (done->n_outputs, G_N_ELEMENTS (places->outputs));
  places->first_output = places->n_outputs > 0 ? eng_tensor_get_id (done->outputs[0]) : 0;
  for (guint k = 0; k < places->n_outputs; k++)
    put_place (places, &places->outputs[k], rec_recorder_get_place (recorder, done->outputs[k]));
}

/* A saved tensor may be an alias made for keeping: named by the operand it is. */
static guint64
find_operand (const EngOpDone *done, EngTensor *saved)
{
  if (is_among (saved, done->inputs, done->n_inputs) || is_among (saved, done->outputs, done->n_outputs))
    return eng_tensor_get_id (saved);
  for (guint k = 0; k < done->n_outputs; k++)
    if (eng_tensor_get_data (done->outputs[k]) == eng_tensor_get_data (saved))
      return eng_tensor_get_id (done->outputs[k]);
  for (guint k = 0; k < done->n_inputs; k++)
    if (done->inputs[k] != NULL && eng_tensor_get_data (done->inputs[k]) == eng_tensor_get_data (saved))
      return eng_tensor_get_id (done->inputs[k]);
  return eng_tensor_get_id (saved);
}

static void
fill_history (const EngOpDone *done, RecOpPlaces *places)
{
  places->n_saved = places->n_next = 0;
  places->grad_fn = 0;
  if (done->grad_fn == NULL)
    return;
  places->grad_fn = eng_grad_fn_get_id (done->grad_fn);
  for (guint k = 0; k < done->n_saved && places->n_saved < G_N_ELEMENTS (places->saved); k++)
    if (done->saved[k] != NULL)
      places->saved[places->n_saved++] = find_operand (done, done->saved[k]);
  EngEdgeFacts edges[REC_MAX_OPERANDS];
  places->n_next = eng_observe_edges (done->grad_fn, edges, REC_MAX_OPERANDS);
  for (guint k = 0; k < places->n_next; k++)
    {
      places->next[k].grad_fn = edges[k].grad_fn;
      places->next[k].input_nr = edges[k].input_nr;
      places->next[k].leaf = edges[k].leaf;
    }
}

static void
set_inside (RecRecorder *recorder, EngGradFn *inside)
{
  rec_writer_set_inside (recorder->writer, inside != NULL ? eng_grad_fn_get_id (inside) : 0);
}

/* Operations */

static void
op_done_cb (gpointer data, const EngOpDone *done)
{
  RecRecorder *recorder = data;
  RecOpPlaces places;      /* filled as far as its counts go */
  RecCall call = { .op = done->op,
                   .args = done->args,
                   .written = done->written,
                   .swapped = done->swapped,
                   .in_place = done->in_place,
                   .grad_mode = done->grad_mode };
  places.form = rec_recorder_get_form (recorder, &call);
  places.message = NULL;
  fill_operands (recorder, done, &places);
  fill_history (done, &places);
  set_inside (recorder, done->inside);
  rec_writer_op_at (recorder->writer, REC_OP_DONE, &places);
  for (guint k = 0; done->in_place && k < done->n_outputs; k++)
    rec_recorder_storage_changed (recorder, done->outputs[k], FALSE);
  rec_writer_set_inside (recorder->writer, 0);
}

/* Perhaps inside backward: nothing new is remembered here. */
static void
list_given_tensors (RecRecorder *recorder, const EngSignature *signature, const EngValue *args, RecOpPlaces *places)
{
  for (guint k = 0; k < signature->n_params; k++)
    {
      EngTensor *const *items = args[k].kind == ENG_VALUE_TENSORS ? args[k].tensors.items : &args[k].tensor;
      gsize n = args[k].kind == ENG_VALUE_TENSORS ? args[k].tensors.n : args[k].kind == ENG_VALUE_TENSOR ? 1 : 0;
      gboolean is_none = args[k].kind == ENG_VALUE_NONE && signature->params[k].type == ENG_PARAM_TENSOR;
      for (gsize j = 0; j < n && places->n_inputs < REC_MAX_OPERANDS; j++)
        put_place (places, &places->inputs[places->n_inputs++], rec_recorder_get_passing_place (recorder, items[j]));
      if (is_none && places->n_inputs < REC_MAX_OPERANDS)
        places->inputs[places->n_inputs++] = 0;
    }
}

static void
op_failed_cb (gpointer data, const EngOp *card, const EngValue *args, const char *written, const GError *error)
{
  RecRecorder *recorder = data;
  RecCall call = { .op = card, .args = args, .written = written, .grad_mode = eng_grad_mode_get () };
  RecOpPlaces places = { .form = rec_recorder_get_form (recorder, &call),
                         .message = error != NULL ? error->message : "" };
  list_given_tensors (recorder, eng_op_get_signature (card), args, &places);
  rec_writer_op_at (recorder->writer, REC_OP_FAILED, &places);
}

/* Backward */

/* A root without a gradient of its own starts with ones. */
static guint64
write_ones (RecRecorder *recorder, EngTensor *root)
{
  const double one64 = 1.0;
  const float one32 = 1.0f;
  EngDtype dtype = eng_tensor_get_dtype (root);
  if (eng_tensor_get_numel (root) != 1 || (dtype != ENG_FLOAT32 && dtype != ENG_FLOAT64))
    return 0;
  return rec_writer_add_shot (recorder->writer, (RecDtype) dtype, eng_tensor_get_ndim (root),
                              eng_tensor_get_sizes (root),
                              dtype == ENG_FLOAT64 ? (gconstpointer) &one64 : (gconstpointer) &one32);
}

static void
backward_begins_cb (gpointer data, EngTensor *const *roots, EngTensor *const *grads, guint n_roots,
                    gboolean retain_graph, gboolean create_graph)
{
  RecRecorder *recorder = data;
  RecBackward backward = { .retain_graph = retain_graph, .create_graph = create_graph };
  backward.n_roots = MIN (n_roots, G_N_ELEMENTS (backward.roots));
  for (guint k = 0; k < backward.n_roots; k++)
    {
      EngGradFn *grad_fn = eng_tensor_get_grad_fn (roots[k]);
      EngTensor *grad = grads != NULL ? grads[k] : NULL;
      backward.roots[k] = eng_tensor_get_id (roots[k]);
      backward.grad_fns[k] = grad_fn != NULL ? eng_grad_fn_get_id (grad_fn) : 0;
      backward.grads[k] = grad != NULL ? rec_recorder_get_shot (recorder, grad) : write_ones (recorder, roots[k]);
    }
  rec_writer_backward_begins (recorder->writer, &backward);
}

static guint
list_shots (RecRecorder *recorder, EngTensor *const *tensors, guint n, guint64 *shots, guint max)
{
  n = MIN (n, max);
  for (guint k = 0; k < n; k++)
    shots[k] = tensors[k] != NULL ? rec_recorder_get_passing_shot (recorder, tensors[k]) : 0;
  return n;
}

/* A .grad is a tensor of its own: what is written to it shall show. */
static void
meet_grad (RecRecorder *recorder, EngTensor *grad)
{
  if (rec_recorder_lookup (recorder, eng_tensor_get_id (grad)) == NULL)
    rec_recorder_meet (recorder, grad)->is_quiet = TRUE;
}

/* The leaf's gradient; whoever else shows its memory shows the sum now. */
static void
note_leaf (RecRecorder *recorder, const EngGradFnDone *done, RecGradFnRun *run)
{
  EngTensor *grad = eng_tensor_get_grad (done->leaf);
  run->leaf = eng_tensor_get_id (done->leaf);
  if (grad == NULL)
    return;
  meet_grad (recorder, grad);
  run->leaf_grad = rec_recorder_get_passing_shot (recorder, grad);
  run->leaf_grad_tensor = eng_tensor_get_id (grad);
  if (!done->accumulated)
    return;
  set_inside (recorder, done->grad_fn);
  rec_recorder_storage_changed (recorder, grad, FALSE);
  rec_writer_set_inside (recorder->writer, 0);
}

static void
grad_fn_done_cb (gpointer data, const EngGradFnDone *done)
{
  RecRecorder *recorder = data;
  RecGradFnRun run = { .grad_fn = eng_grad_fn_get_id (done->grad_fn), .accumulated = done->accumulated,
                       .saved_freed = done->saved_freed };
  run.n_grad_outputs = list_shots (recorder, done->grad_outputs, done->n_grad_outputs, run.grad_outputs,
                                   G_N_ELEMENTS (run.grad_outputs));
  run.n_grad_inputs = list_shots (recorder, done->grad_inputs, done->n_grad_inputs, run.grad_inputs,
                                  G_N_ELEMENTS (run.grad_inputs));
  if (done->leaf != NULL)
    note_leaf (recorder, done, &run);
  rec_writer_grad_fn_done (recorder->writer, &run);
}

static void
backward_ends_cb (gpointer data, gboolean succeeded)
{
  RecRecorder *recorder = data;
  rec_writer_backward_ends (recorder->writer, !succeeded);
}

/* What the script does to tensors from outside */

static void
grad_replaced_cb (gpointer data, EngTensor *tensor)
{
  RecRecorder *recorder = data;
  EngTensor *grad = eng_tensor_get_grad (tensor);
  rec_writer_grad_replaced (recorder->writer, eng_tensor_get_id (tensor),
                            grad != NULL ? rec_recorder_get_shot (recorder, grad) : 0);
}

static void
grad_retained_cb (gpointer data, EngTensor *tensor, gboolean stored)
{
  RecRecorder *recorder = data;
  EngTensor *grad = stored ? eng_tensor_get_grad (tensor) : NULL;
  rec_writer_grad_retained (recorder->writer, eng_tensor_get_id (tensor), stored,
                            grad != NULL ? rec_recorder_get_shot (recorder, grad) : 0);
}

static void
storage_changed_cb (gpointer data, EngTensor *tensor)
{
  rec_recorder_storage_changed (data, tensor, TRUE);
}

static void
requires_grad_changed_cb (gpointer data, EngTensor *tensor)
{
  RecRecorder *recorder = data;
  rec_writer_requires_grad (recorder->writer, eng_tensor_get_id (tensor), eng_tensor_get_requires_grad (tensor));
}

static void
grad_mode_changed_cb (gpointer data, gboolean enabled)
{
  RecRecorder *recorder = data;
  rec_writer_grad_mode (recorder->writer, enabled);
}

static void
hook_changed_cb (gpointer data, EngTensor *tensor, EngTensor *before, EngTensor *after)
{
  RecRecorder *recorder = data;
  rec_writer_hook_changed (recorder->writer, tensor != NULL ? eng_tensor_get_id (tensor) : 0,
                           after != NULL ? rec_recorder_get_shot (recorder, after) : 0);
}

static void
seeded_cb (gpointer data, guint64 seed)
{
  RecRecorder *recorder = data;
  rec_writer_seeded (recorder->writer, seed);
}

static void
tensor_freed_cb (gpointer data, guint64 tensor_id)
{
  rec_recorder_forget (data, tensor_id);
}

static const EngObserver observer = {
  .op_done = op_done_cb,
  .op_failed = op_failed_cb,
  .backward_begins = backward_begins_cb,
  .grad_fn_done = grad_fn_done_cb,
  .backward_ends = backward_ends_cb,
  .grad_replaced = grad_replaced_cb,
  .grad_retained = grad_retained_cb,
  .storage_changed = storage_changed_cb,
  .requires_grad_changed = requires_grad_changed_cb,
  .grad_mode_changed = grad_mode_changed_cb,
  .hook_changed = hook_changed_cb,
  .seeded = seeded_cb,
  .tensor_freed = tensor_freed_cb,
};

/* The object */

RecRecorder *
rec_recorder_new (RecWriter *writer)
{
  RecRecorder *recorder = g_new0 (RecRecorder, 1);
  recorder->writer = writer;
  rec_table_init (&recorder->known);
  rec_table_init (&recorder->storages);
  rec_table_init (&recorder->forms);
  recorder->ops = g_hash_table_new (NULL, NULL);
  recorder->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  recorder->scratch = g_byte_array_new ();
  return recorder;
}

void
rec_recorder_free (RecRecorder *recorder)
{
  rec_recorder_detach (recorder);
  rec_recorder_forget_all (recorder);
  rec_recorder_forget_forms (recorder);
  rec_table_clear (&recorder->known);
  rec_table_clear (&recorder->storages);
  rec_table_clear (&recorder->forms);
  g_hash_table_unref (recorder->ops);
  g_hash_table_unref (recorder->names);
  g_byte_array_unref (recorder->scratch);
  rec_writer_free (recorder->writer);
  g_free (recorder);
}

void
rec_recorder_attach (RecRecorder *recorder)
{
  eng_set_observer (&observer, recorder);
  recorder->attached = TRUE;
}

void
rec_recorder_detach (RecRecorder *recorder)
{
  if (!recorder->attached)
    return;
  eng_set_observer (NULL, NULL);
  recorder->attached = FALSE;
  rec_recorder_forget_all (recorder);    /* nobody tells of tensors' ends any more */
}

static const EngObserver muted_observer = { .tensor_freed = tensor_freed_cb };

void
rec_recorder_pause (RecRecorder *recorder, gboolean paused)
{
  if (recorder->attached)
    eng_set_observer (paused ? &muted_observer : &observer, recorder);
}

RecWriter *
rec_recorder_get_writer (RecRecorder *recorder)
{
  return recorder->writer;
}

/* Names */

static void
lose_name (RecRecorder *recorder, const char *name)
{
  RecNamed *named = g_hash_table_lookup (recorder->names, name);
  if (named == NULL)
    return;
  rec_writer_name_lost (recorder->writer, name, named->tensor);
  g_hash_table_remove (recorder->names, name);
}

/* A tensor that no recorded operation has shown yet. */
static void
introduce (RecRecorder *recorder, EngTensor *tensor)
{
  RecTensor facts;
  RecKnown *known = rec_recorder_lookup (recorder, eng_tensor_get_id (tensor));
  if (known != NULL && !(known->is_quiet && known->place == 0))
    return;
  if (known != NULL)
    known->is_quiet = FALSE;
  rec_recorder_get_facts (recorder, tensor, &facts);
  facts.shot = rec_recorder_get_shot (recorder, tensor);
  rec_writer_tensor_met (recorder->writer, &facts);
}

void
rec_recorder_name (RecRecorder *recorder, const char *name, EngTensor *tensor, RecNameRank rank)
{
  if (tensor == NULL)
    {
      lose_name (recorder, name);
      return;
    }
  RecNamed *named = g_hash_table_lookup (recorder->names, name);
  guint64 id = eng_tensor_get_id (tensor);
  guint32 version = eng_tensor_get_version (tensor);
  if (named != NULL && named->tensor == id && named->version == version)
    return;
  introduce (recorder, tensor);
  if (named == NULL)
    {
      named = g_new (RecNamed, 1);
      g_hash_table_insert (recorder->names, g_strdup (name), named);
    }
  *named = (RecNamed){ .tensor = id, .version = version };
  rec_writer_name_bound (recorder->writer, name, id, version, rank);
}

void
rec_recorder_check_shared (RecRecorder *recorder, EngTensor *tensor)
{
  guint64 storage = eng_storage_get_id (eng_tensor_get_storage (tensor));
  RecKnown *first = rec_table_lookup (&recorder->storages, storage);
  gboolean changed = FALSE;
  for (RecKnown *known = first; known != NULL && !changed; known = known->next_in_storage)
    changed = rec_recorder_bytes_differ (recorder, known);
  if (!changed)
    return;
  for (RecKnown *known = first; known != NULL; known = known->next_in_storage)
    known->has_shot = FALSE;
  rec_recorder_storage_changed (recorder, tensor, TRUE);
}
