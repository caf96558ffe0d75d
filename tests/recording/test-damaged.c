/* SPDX-License-Identifier: MIT
 *
 * Damaged recordings: random bytes in events, heap and headers, and counts that
 * lie. Whatever is in there, the reader says no or gives what lies inside the
 * areas; under ASan and UBSan too. Seeds are fixed, so a failure comes again. */
#include "recording/writer.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HEADER_NBYTES 4096
#define N_ROUNDS 3000             /* a hundred times as many with -m thorough */
#define SAVED_NBYTES 32768
#define HEAP_NBYTES 16384         /* damage falls into what was written */

static void
write_everything (RecWriter *writer)
{
  static const gint64 sizes[] = { 2, 3 }, strides[] = { 3, 1 }, big[] = { 100, 700 };
  static const char *const argv[] = { "a.py", "b" };
  const float values[6] = { 1, 2, 3, 4, 5, 6 }, picture[4] = { 1, 2, 3, 4 };
  RecStats stats = { .min = 1, .max = 4 };
  RecOpDef def = { .name = "mm", .symbol = "mm", .caption = "did {0}" };
  rec_writer_run_begins (writer, "a.py", "x = 1\n", 2, argv);
  for (guint k = 0; k < 5; k++)
    {
      guint64 shot = rec_writer_add_shot (writer, REC_FLOAT32, 2, sizes, values);
      rec_writer_add_picture (writer, REC_FLOAT32, 2, big, 2, 2, picture, &stats);
      RecTensor facts = { .id = k + 1, .dtype = REC_FLOAT32, .ndim = 2, .sizes = sizes, .strides = strides, .shot = shot };
      RecOp op = { .op = rec_writer_add_op_def (writer, &def), .written = "mm", .params = "", .n_inputs = 2,
                   .inputs = { facts, facts }, .n_outputs = 1, .outputs = { facts }, .n_next = 1, .grad_fn = k + 1 };
      RecGradFnRun run = { .grad_fn = k + 1, .n_grad_outputs = 1, .grad_outputs = { shot }, .n_grad_inputs = 1 };
      RecBackward backward = { .n_roots = 1, .roots = { 1 }, .grads = { shot } };
      RecErrorText text = { "E", "message", "trace", "file" };
      rec_writer_op_done (writer, &op);
      rec_writer_name_bound (writer, "name", k + 1, 0, REC_NAME_OWN);
      rec_writer_tensor_met (writer, &facts);
      rec_writer_output (writer, FALSE, "printed\n", 8);
      rec_writer_backward_begins (writer, &backward);
      rec_writer_grad_fn_done (writer, &run);
      rec_writer_storage_changed (writer, k + 1, 1, 1, shot);
      rec_writer_error (writer, &text, 3);
    }
  rec_writer_run_ends (writer, "end", 0);
}

static guint
n_rounds (void)
{
  return g_test_thorough () ? 100 * N_ROUNDS : N_ROUNDS;
}

/* Looks at every byte that the reader says may be looked at. */
static guint64
touch (gconstpointer bytes, gsize n)
{
  guint64 sum = 0;
  for (gsize k = 0; k < n; k++)
    sum += ((const guint8 *) bytes)[k];
  return sum;
}

static guint64
touch_text (const char *text)
{
  return text != NULL ? strlen (text) : 0;
}

static guint64
touch_shot (RecRecording *recording, guint64 at)
{
  RecShot shot;
  RecStats stats;
  if (!rec_recording_get_shot (recording, at, &shot))
    return 0;
  gint64 rows, cols;
  rec_shot_get_matrix (&shot, &rows, &cols);
  rec_shot_get_stats (&shot, &stats);
  guint64 sum = touch (shot.sizes, shot.ndim * sizeof (gint64)) + rows + cols;
  if (shot.whole)
    return sum + touch (shot.data, shot.numel * rec_dtype_size (shot.dtype));
  return sum + touch (shot.picture, (gsize) shot.rows * shot.cols * sizeof (float)) + touch (shot.stats, sizeof stats);
}

static guint64
touch_tensor (RecRecording *recording, const RecTensor *tensor)
{
  guint64 sum = touch_shot (recording, tensor->shot);
  if (tensor->id != 0)
    sum += touch (tensor->sizes, tensor->ndim * 8) + touch (tensor->strides, tensor->ndim * 8);
  return sum;
}

static guint64
touch_op (RecRecording *recording, const RecEvent *event)
{
  static RecOp op;
  RecOpDef def;
  guint64 sum = 0;
  if (!rec_recording_get_op (recording, event, &op))
    return 0;
  for (guint k = 0; k < op.n_inputs; k++)
    sum += touch_tensor (recording, &op.inputs[k]);
  for (guint k = 0; k < op.n_outputs; k++)
    sum += touch_tensor (recording, &op.outputs[k]);
  for (guint k = 0; k < op.n_scalars; k++)
    sum += touch_text (op.scalars[k]);
  if (rec_recording_get_op_def (recording, op.op, &def))
    sum += touch_text (def.name) + touch_text (def.caption) + touch_text (def.symbol);
  return sum + touch_text (op.written) + touch_text (op.params) + touch_text (op.message);
}

static guint64
touch_event (RecRecording *recording, const RecEvent *event)
{
  RecGradFnRun run;
  RecBackward backward;
  RecErrorText text;
  RecTensor tensor;
  gsize n;
  guint64 sum = touch_op (recording, event) + touch_text (rec_recording_get_text (recording, event));
  const char *bytes = rec_recording_get_bytes (recording, event, &n);
  sum += touch (bytes, n) + touch_shot (recording, rec_recording_get_event_shot (recording, event));
  if (rec_recording_get_grad_fn_run (recording, event, &run))
    for (guint k = 0; k < run.n_grad_outputs; k++)
      sum += touch_shot (recording, run.grad_outputs[k]);
  if (rec_recording_get_backward (recording, event, &backward))
    for (guint k = 0; k < backward.n_roots; k++)
      sum += touch_shot (recording, backward.grads[k]);
  if (rec_recording_get_error (recording, event, &text))
    sum += touch_text (text.message) + touch_text (text.traceback);
  if (rec_recording_get_tensor (recording, event, &tensor))
    sum += touch_tensor (recording, &tensor);
  return sum;
}

static guint64
touch_all (RecRecording *recording)
{
  RecEvent event;
  RecRun run;
  guint64 sum = 0, n = MIN (rec_recording_get_n_events (recording), 200);
  for (guint64 k = 0; k < n; k++)
    if (rec_recording_get_event (recording, k, &event))
      sum += touch_event (recording, &event);
  if (rec_recording_get_run (recording, &run))
    sum += touch_text (run.path) + touch_text (run.source);
  return sum;
}

static RecRecording *
make_recording (void)
{
  g_autoptr (GError) error = NULL;
  RecRecording *recording = rec_recording_new (1 << 20, &error);
  g_assert_no_error (error);
  g_autoptr (RecWriter) writer = rec_writer_new (dup (rec_recording_get_events_fd (recording)),
                                                 dup (rec_recording_get_heap_fd (recording)), &error);
  g_assert_no_error (error);
  write_everything (writer);
  return recording;
}

static void
damage (int fd, gsize from, gsize nbytes, GRand *rand)
{
  guint64 at = from + g_rand_int_range (rand, 0, nbytes), word;
  guint n = 1u << g_rand_int_range (rand, 0, 4);
  switch (g_rand_int_range (rand, 0, 4))
    {
    case 0: word = 0; break;
    case 1: word = G_MAXUINT64; break;
    case 2: word = (guint64) g_rand_int (rand) << 32 | g_rand_int (rand); break;
    default: word = g_rand_int_range (rand, 0, HEAP_NBYTES); break;
    }
  g_assert_cmpint (pwrite (fd, &word, n, at & ~(guint64) (n - 1)), ==, n);
}

/* A sound recording and its bytes, to begin every round anew. */
typedef struct
{
  RecRecording *sound;
  guint8 events[SAVED_NBYTES], heap[SAVED_NBYTES];
} Original;

static void
original_init (Original *original)
{
  original->sound = make_recording ();
  g_assert_cmpint (pread (rec_recording_get_events_fd (original->sound), original->events, SAVED_NBYTES, 0), ==, SAVED_NBYTES);
  g_assert_cmpint (pread (rec_recording_get_heap_fd (original->sound), original->heap, SAVED_NBYTES, 0), ==, SAVED_NBYTES);
}

/* A fresh reader of the restored bytes: nothing of the last round is left. */
static RecRecording *
original_restore (Original *original)
{
  g_autoptr (GError) error = NULL;
  int events = rec_recording_get_events_fd (original->sound), heap = rec_recording_get_heap_fd (original->sound);
  g_assert_cmpint (pwrite (events, original->events, SAVED_NBYTES, 0), ==, SAVED_NBYTES);
  g_assert_cmpint (pwrite (heap, original->heap, SAVED_NBYTES, 0), ==, SAVED_NBYTES);
  RecRecording *recording = rec_recording_new_for_fds (dup (events), dup (heap), &error);
  g_assert_no_error (error);
  return recording;
}

static void
test_bytes (void)
{
  g_autofree Original *original = g_new (Original, 1);
  guint64 sound = 0, changed = 0;
  original_init (original);
  for (guint round = 0; round < n_rounds (); round++)
    {
      g_autoptr (RecRecording) recording = original_restore (original);
      g_autoptr (GRand) rand = g_rand_new_with_seed (round);
      if (sound == 0)
        sound = touch_all (recording);
      for (guint k = g_rand_int_range (rand, 1, 20); k > 0; k--)
        if (g_rand_boolean (rand))
          damage (rec_recording_get_events_fd (recording), HEADER_NBYTES, 45 * sizeof (RecEvent), rand);
        else
          damage (rec_recording_get_heap_fd (recording), HEADER_NBYTES, HEAP_NBYTES, rand);
      changed += touch_all (recording) != sound;
    }
  rec_recording_unref (original->sound);
  g_assert_cmpuint (sound, >, 0);
  g_assert_cmpuint (changed, >, n_rounds () / 2);   /* the damage does arrive */
}

/* Header words: used counts, the chain of operation texts. */
static void
test_counts (void)
{
  g_autofree Original *original = g_new (Original, 1);
  original_init (original);
  for (guint round = 0; round < n_rounds (); round++)
    {
      g_autoptr (RecRecording) recording = original_restore (original);
      g_autoptr (GRand) rand = g_rand_new_with_seed (round);
      damage (rec_recording_get_events_fd (recording), 16, 8, rand);
      damage (rec_recording_get_heap_fd (recording), 16, 24, rand);
      touch_all (recording);
    }
  rec_recording_unref (original->sound);
}

static void
test_foreign (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RecRecording) recording = make_recording ();
  int events = memfd_create ("events", MFD_CLOEXEC);
  g_assert_null (rec_recording_new_for_fds (events, dup (rec_recording_get_heap_fd (recording)), &error));
  g_assert_error (error, REC_ERROR_DOMAIN, REC_FAILURE_DAMAGED);
  g_clear_error (&error);
  events = memfd_create ("events", MFD_CLOEXEC);
  g_assert_cmpint (ftruncate (events, 65536), ==, 0);
  g_assert_null (rec_recording_new_for_fds (events, dup (rec_recording_get_heap_fd (recording)), &error));
  g_assert_error (error, REC_ERROR_DOMAIN, REC_FAILURE_DAMAGED);
  g_clear_error (&error);
  const guint32 version = 99;
  g_assert_cmpint (pwrite (rec_recording_get_heap_fd (recording), &version, 4, 8), ==, 4);
  g_assert_null (rec_recording_new_for_fds (dup (rec_recording_get_events_fd (recording)),
                                            dup (rec_recording_get_heap_fd (recording)), &error));
  g_assert_error (error, REC_ERROR_DOMAIN, REC_FAILURE_DAMAGED);
  g_assert_nonnull (strstr (error->message, "version 99"));
}

/* Nobody can cut the areas short under a reader. */
static void
test_sealed (void)
{
  g_autoptr (RecRecording) recording = make_recording ();
  g_assert_cmpint (ftruncate (rec_recording_get_heap_fd (recording), 4096), <, 0);
  g_assert_cmpint (ftruncate (rec_recording_get_events_fd (recording), 1 << 30), <, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/damaged/bytes", test_bytes);
  g_test_add_func ("/damaged/counts", test_counts);
  g_test_add_func ("/damaged/foreign", test_foreign);
  g_test_add_func ("/damaged/sealed", test_sealed);
  return g_test_run ();
}
