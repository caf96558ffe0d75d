/* SPDX-License-Identifier: MIT
 *
 * The recorder on real operations: facts, values, history, names, what happens in
 * place, big tensors as pictures, and that nothing is remembered of tensors that
 * are gone. */
#include "engine/ops/ops.h"
#include "recording/recorder.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  RecRecording *recording;
  RecRecorder *recorder;
} Watch;

static void
watch_init (Watch *watch)
{
  g_autoptr (GError) error = NULL;
  watch->recording = rec_recording_new (16 << 20, &error);
  g_assert_no_error (error);
  RecWriter *writer = rec_writer_new (dup (rec_recording_get_events_fd (watch->recording)),
                                      dup (rec_recording_get_heap_fd (watch->recording)), &error);
  g_assert_no_error (error);
  watch->recorder = rec_recorder_new (writer);
  rec_recorder_attach (watch->recorder);
}

static void
watch_clear (Watch *watch)
{
  rec_recorder_free (watch->recorder);
  rec_recording_unref (watch->recording);
}

/* The nth event of a kind. */
static gboolean
find (Watch *watch, RecEventKind kind, guint nth, RecEvent *event)
{
  for (guint64 k = 0; rec_recording_get_event (watch->recording, k, event); k++)
    if (event->kind == kind && nth-- == 0)
      return TRUE;
  return FALSE;
}

static guint
count (Watch *watch, RecEventKind kind)
{
  RecEvent event;
  guint n = 0;
  while (find (watch, kind, n, &event))
    n++;
  return n;
}

static RecOp *
get_op (Watch *watch, RecEventKind kind, guint nth, RecOpDef *def)
{
  RecEvent event;
  RecOp *op = g_new (RecOp, 1);
  g_assert_true (find (watch, kind, nth, &event));
  g_assert_true (rec_recording_get_op (watch->recording, &event, op));
  g_assert_true (rec_recording_get_op_def (watch->recording, op->op, def));
  return op;
}

static EngTensor *
make (guint ndim, gint64 rows, gint64 cols, gboolean requires_grad)
{
  g_autoptr (GError) error = NULL;
  gint64 sizes[] = { rows, cols };
  EngTensor *tensor = eng_tensor_new (ENG_FLOAT32, ndim, sizes, &error);
  g_assert_no_error (error);
  for (gint64 k = 0; k < eng_tensor_get_numel (tensor); k++)
    eng_tensor_set_double (tensor, k, k + 1);
  eng_tensor_set_requires_grad (tensor, requires_grad, &error);
  g_assert_no_error (error);
  return tensor;
}

static EngTensor *
call (const char *card, EngTensor *a, EngTensor *b)
{
  g_autoptr (GError) error = NULL;
  const EngOp *op = eng_op_lookup (card);
  g_assert_nonnull (op);
  const EngSignature *signature = eng_op_get_signature (op);
  EngValue args[32];
  EngTensor *outputs[ENG_MAX_OUTPUTS] = { NULL };
  for (guint k = 0; k < signature->n_params; k++)
    args[k] = signature->params[k].default_value;
  args[0] = (EngValue){ .kind = ENG_VALUE_TENSOR, .tensor = a };
  if (b != NULL)
    args[1] = (EngValue){ .kind = ENG_VALUE_TENSOR, .tensor = b };
  eng_call (op, args, outputs, &error);
  return outputs[0];
}

static void
assert_values (Watch *watch, guint64 shot, const double *values, gint64 n)
{
  RecShot read;
  g_assert_true (rec_recording_get_shot (watch->recording, shot, &read));
  g_assert_true (read.whole);
  g_assert_cmpint (read.numel, ==, n);
  for (gint64 k = 0; k < n; k++)
    g_assert_cmpfloat_with_epsilon (rec_shot_get (&read, k), values[k], 1e-6);
}

static void
test_op (void)
{
  static const double a_values[] = { 1, 2, 3, 4, 5, 6 }, product[] = { 22, 28, 49, 64 }, transposed[] = { 1, 4, 2, 5, 3, 6 };
  Watch watch;
  RecOpDef def;
  watch_init (&watch);
  g_autoptr (EngTensor) a = make (2, 2, 3, TRUE);
  g_autoptr (EngTensor) b = make (2, 3, 2, FALSE);
  eng_call_set_written ("@");
  g_autoptr (EngTensor) c = call ("mm", a, b);
  g_autofree RecOp *op = get_op (&watch, REC_OP_DONE, 0, &def);
  g_assert_cmpstr (def.name, ==, "mm");
  g_assert_cmpstr (def.grad_fn_name, ==, "MmBackward0");
  g_assert_nonnull (def.caption);
  g_assert_cmpstr (op->written, ==, "@");
  g_assert_cmpuint (op->n_inputs, ==, 2);
  g_assert_cmpuint (op->inputs[0].id, ==, eng_tensor_get_id (a));
  g_assert_true (op->inputs[0].leaf && op->inputs[0].requires_grad);
  g_assert_false (op->inputs[1].requires_grad);
  g_assert_cmpuint (op->outputs[0].id, ==, eng_tensor_get_id (c));
  g_assert_cmpuint (op->outputs[0].grad_fn, ==, eng_grad_fn_get_id (eng_tensor_get_grad_fn (c)));
  g_assert_cmpuint (op->n_next, ==, 2);
  g_assert_cmpuint (op->next[0].leaf, ==, eng_tensor_get_id (a));
  g_assert_cmpuint (op->next[1].grad_fn, ==, 0);
  g_assert_cmpuint (op->n_saved, ==, 1);
  g_assert_cmpuint (op->saved[0], ==, eng_tensor_get_id (b));
  assert_values (&watch, op->inputs[0].shot, a_values, 6);
  assert_values (&watch, op->outputs[0].shot, product, 4);
  g_autoptr (EngTensor) t = call ("t", a, NULL);
  g_autofree RecOp *view = get_op (&watch, REC_OP_DONE, 1, &def);
  g_assert_true (def.is_view);
  g_assert_cmpuint (view->outputs[0].base, ==, eng_tensor_get_id (a));
  g_assert_cmpuint (view->outputs[0].storage, ==, view->inputs[0].storage);
  g_assert_cmpuint (view->inputs[0].shot, ==, op->inputs[0].shot);    /* unchanged: written once */
  assert_values (&watch, view->outputs[0].shot, transposed, 6);
  watch_clear (&watch);
}

static void
test_failed (void)
{
  Watch watch;
  RecOpDef def;
  watch_init (&watch);
  g_autoptr (EngTensor) a = make (2, 2, 3, FALSE);
  g_autoptr (EngTensor) c = call ("mm", a, a);
  g_assert_null (c);
  g_autofree RecOp *op = get_op (&watch, REC_OP_FAILED, 0, &def);
  g_assert_cmpstr (def.name, ==, "mm");
  g_assert_cmpuint (op->n_inputs, ==, 2);
  g_assert_cmpuint (op->n_outputs, ==, 0);
  g_assert_nonnull (strstr (op->message, "2x3 and 2x3"));
  g_assert_cmpuint (count (&watch, REC_OP_DONE), ==, 0);
  watch_clear (&watch);
}

static void
test_backward (void)
{
  static const double ones[] = { 1, 1, 1 }, twos[] = { 2, 2, 2 };
  Watch watch;
  RecEvent event;
  RecGradFnRun run;
  RecBackward backward;
  RecOpDef def;
  g_autoptr (GError) error = NULL;
  watch_init (&watch);
  g_autoptr (EngTensor) a = make (1, 3, 0, TRUE);
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (EngTensor) s = call ("sum", a, NULL);
      g_assert_true (eng_backward (&s, NULL, 1, FALSE, FALSE, &error));
    }
  g_autofree RecOp *op = get_op (&watch, REC_OP_DONE, 0, &def);
  g_assert_true (find (&watch, REC_BACKWARD_BEGINS, 0, &event));
  g_assert_true (rec_recording_get_backward (watch.recording, &event, &backward));
  g_assert_cmpuint (backward.n_roots, ==, 1);
  g_assert_cmpuint (backward.grad_fns[0], ==, op->grad_fn);
  assert_values (&watch, backward.grads[0], ones, 1);
  g_assert_true (find (&watch, REC_GRAD_FN_DONE, 0, &event));
  g_assert_true (rec_recording_get_grad_fn_run (watch.recording, &event, &run));
  g_assert_cmpuint (run.grad_fn, ==, op->grad_fn);
  assert_values (&watch, run.grad_inputs[0], ones, 3);
  g_assert_true (find (&watch, REC_GRAD_FN_DONE, 1, &event));
  g_assert_true (rec_recording_get_grad_fn_run (watch.recording, &event, &run));
  g_assert_cmpuint (run.leaf, ==, eng_tensor_get_id (a));
  g_assert_false (run.accumulated);
  assert_values (&watch, run.leaf_grad, ones, 3);
  g_assert_true (find (&watch, REC_GRAD_FN_DONE, 3, &event));
  g_assert_true (rec_recording_get_grad_fn_run (watch.recording, &event, &run));
  g_assert_true (run.accumulated);
  assert_values (&watch, run.leaf_grad, twos, 3);
  g_assert_cmpuint (count (&watch, REC_BACKWARD_ENDS), ==, 2);
  g_assert_true (eng_tensor_set_grad (a, NULL, &error));
  g_assert_true (find (&watch, REC_GRAD_REPLACED, 0, &event));
  g_assert_cmpuint (rec_recording_get_event_shot (watch.recording, &event), ==, 0);
  watch_clear (&watch);
}

static void
test_in_place (void)
{
  static const double before[] = { 1, 2, 3, 4 }, after[] = { 2, 4, 6, 8 }, view_after[] = { 2, 6, 4, 8 };
  Watch watch;
  RecOpDef def;
  RecEvent event;
  g_autoptr (GError) error = NULL;
  watch_init (&watch);
  g_autoptr (EngTensor) a = make (2, 2, 2, FALSE);
  g_autoptr (EngTensor) t = call ("t", a, NULL);
  const EngOp *add = eng_op_lookup ("add.Tensor");
  EngValue args[] = { { .kind = ENG_VALUE_TENSOR, .tensor = a }, { .kind = ENG_VALUE_TENSOR, .tensor = a },
                      { .kind = ENG_VALUE_INT, .integer = 1 } };
  g_autoptr (EngTensor) same = eng_call_inplace (add, args, &error);
  g_assert_no_error (error);
  g_assert_true (same == a);
  g_autofree RecOp *op = get_op (&watch, REC_OP_DONE, 1, &def);
  g_assert_true (op->in_place);
  assert_values (&watch, op->inputs[0].shot, before, 4);
  assert_values (&watch, op->outputs[0].shot, after, 4);
  g_assert_cmpuint (op->outputs[0].version, ==, op->inputs[0].version + 1);
  g_assert_true (find (&watch, REC_STORAGE_CHANGED, 0, &event));
  g_assert_cmpuint (event.subject, ==, eng_tensor_get_id (t));
  assert_values (&watch, rec_recording_get_event_shot (watch.recording, &event), view_after, 4);
  g_assert_cmpuint (count (&watch, REC_STORAGE_CHANGED), ==, 1);
  watch_clear (&watch);
}

static void
test_names (void)
{
  Watch watch;
  RecEvent event;
  RecTensor facts;
  watch_init (&watch);
  g_autoptr (EngTensor) a = make (1, 3, 0, FALSE);
  g_autoptr (EngTensor) b = call ("neg", a, NULL);
  g_autoptr (EngTensor) listed = make (1, 2, 0, FALSE);
  for (guint k = 0; k < 3; k++)
    rec_recorder_name (watch.recorder, "b", b, REC_NAME_OWN);
  g_assert_cmpuint (count (&watch, REC_NAME_BOUND), ==, 1);
  g_assert_cmpuint (count (&watch, REC_TENSOR_MET), ==, 0);
  rec_recorder_name (watch.recorder, "b", listed, REC_NAME_OWN);
  g_assert_cmpuint (count (&watch, REC_NAME_BOUND), ==, 2);
  g_assert_true (find (&watch, REC_TENSOR_MET, 0, &event));
  g_assert_true (rec_recording_get_tensor (watch.recording, &event, &facts));
  g_assert_cmpuint (facts.id, ==, eng_tensor_get_id (listed));
  g_assert_cmpint (facts.sizes[0], ==, 2);
  rec_recorder_name (watch.recorder, "never", NULL, REC_NAME_OWN);
  g_assert_cmpuint (count (&watch, REC_NAME_LOST), ==, 0);
  rec_recorder_name (watch.recorder, "b", NULL, REC_NAME_OWN);
  g_assert_true (find (&watch, REC_NAME_LOST, 0, &event));
  g_assert_cmpuint (event.subject, ==, eng_tensor_get_id (listed));
  watch_clear (&watch);
}

static void
test_shared (void)
{
  static const double changed[] = { -1, 2, 3 };
  Watch watch;
  RecEvent event;
  watch_init (&watch);
  g_autoptr (EngTensor) a = make (1, 3, 0, FALSE);
  rec_recorder_name (watch.recorder, "a", a, REC_NAME_OWN);
  rec_recorder_check_shared (watch.recorder, a);
  g_assert_cmpuint (count (&watch, REC_STORAGE_CHANGED), ==, 0);
  ((float *) eng_tensor_get_data (a))[0] = -1;
  rec_recorder_check_shared (watch.recorder, a);
  g_assert_true (find (&watch, REC_STORAGE_CHANGED, 0, &event));
  assert_values (&watch, rec_recording_get_event_shot (watch.recording, &event), changed, 3);
  rec_recorder_check_shared (watch.recorder, a);
  g_assert_cmpuint (count (&watch, REC_STORAGE_CHANGED), ==, 1);
  watch_clear (&watch);
}

/* 1000×300, counting up; one NaN; a transposed view of it. */
static void
test_big (void)
{
  Watch watch;
  RecOpDef def;
  RecShot shot;
  RecStats stats;
  watch_init (&watch);
  g_autoptr (EngTensor) a = make (2, 1000, 300, FALSE);
  eng_tensor_set_double (a, 299, NAN);                 /* row 0, last column */
  eng_tensor_set_double (a, 300 * 999, -1e6);          /* last row, column 0 */
  g_autoptr (EngTensor) t = call ("t", a, NULL);
  g_autofree RecOp *op = get_op (&watch, REC_OP_DONE, 0, &def);
  g_assert_true (rec_recording_get_shot (watch.recording, op->inputs[0].shot, &shot));
  g_assert_false (shot.whole);
  g_assert_cmpuint (shot.rows, ==, 64);
  g_assert_cmpuint (shot.cols, ==, 64);
  g_assert_cmpfloat (shot.picture[0], ==, 15 * 300 + 5);     /* 16 rows × 5 columns: the last is the largest */
  g_assert_true (isnan (shot.picture[63]));
  g_assert_cmpfloat (shot.picture[63 * 64], ==, -1e6f);
  rec_shot_get_stats (&shot, &stats);
  g_assert_cmpint (stats.n_nan, ==, 1);
  g_assert_cmpfloat (stats.min, ==, -1e6);
  g_assert_cmpfloat (stats.max, ==, 300000);
  g_assert_cmpfloat (stats.largest, ==, -1e6);
  g_assert_cmpint (stats.largest_index, ==, 300 * 999);
  g_assert_true (isnan (stats.mean));
  g_assert_true (rec_recording_get_shot (watch.recording, op->outputs[0].shot, &shot));
  g_assert_true (isnan (shot.picture[63 * 64]));
  g_assert_cmpfloat (shot.picture[63], ==, -1e6f);
  watch_clear (&watch);
}

/* Watching must not keep tensors, and pausing must write nothing. */
static void
test_forgets (void)
{
  Watch watch;
  gsize tensors = eng_live_tensors (), storages = eng_live_storages ();
  watch_init (&watch);
  for (guint k = 0; k < 1000; k++)
    {
      g_autoptr (EngTensor) a = make (1, 3, 0, TRUE);
      g_autoptr (EngTensor) b = call ("tanh", a, NULL);
      g_autoptr (EngTensor) c = call ("exp", b, NULL);
      g_autoptr (EngTensor) s = call ("sum", c, NULL);
      g_assert_true (eng_backward (&s, NULL, 1, FALSE, FALSE, NULL));
    }
  guint64 n = rec_recording_get_n_events (watch.recording);
  rec_recorder_pause (watch.recorder, TRUE);
  {
    g_autoptr (EngTensor) a = make (1, 3, 0, FALSE);
    g_autoptr (EngTensor) b = call ("neg", a, NULL);
  }
  rec_recorder_pause (watch.recorder, FALSE);
  g_assert_cmpuint (rec_recording_get_n_events (watch.recording), ==, n);
  watch_clear (&watch);
  g_assert_cmpuint (eng_live_tensors (), ==, tensors);
  g_assert_cmpuint (eng_live_storages (), ==, storages);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  eng_init ();
  g_test_add_func ("/recorder/op", test_op);
  g_test_add_func ("/recorder/failed", test_failed);
  g_test_add_func ("/recorder/backward", test_backward);
  g_test_add_func ("/recorder/in-place", test_in_place);
  g_test_add_func ("/recorder/names", test_names);
  g_test_add_func ("/recorder/shared", test_shared);
  g_test_add_func ("/recorder/big", test_big);
  g_test_add_func ("/recorder/forgets", test_forgets);
  return g_test_run ();
}
