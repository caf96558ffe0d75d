/* SPDX-License-Identifier: MIT
 *
 * Writer → reader: every kind of event and payload comes back as it was written,
 * statements in which nothing happens leave no trace, floods of output are
 * bounded and say what they left out, and an exhausted budget ends values only. */
#include "recording/writer.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  RecRecording *recording;
  RecWriter *writer;
} Pair;

static void
pair_init (Pair *pair, gsize budget)
{
  g_autoptr (GError) error = NULL;
  pair->recording = rec_recording_new (budget, &error);
  g_assert_no_error (error);
  pair->writer = rec_writer_new (dup (rec_recording_get_events_fd (pair->recording)),
                                 dup (rec_recording_get_heap_fd (pair->recording)), &error);
  g_assert_no_error (error);
}

static void
pair_clear (Pair *pair)
{
  rec_writer_free (pair->writer);
  rec_recording_unref (pair->recording);
}

static RecEvent
last_event (Pair *pair)
{
  RecEvent event;
  guint64 n = rec_recording_get_n_events (pair->recording);
  g_assert_cmpuint (n, >, 0);
  g_assert_true (rec_recording_get_event (pair->recording, n - 1, &event));
  return event;
}

static void
test_empty (void)
{
  Pair pair;
  RecEvent event;
  RecRun run;
  RecOpDef def;
  RecShot shot;
  pair_init (&pair, 1 << 20);
  g_assert_cmpuint (rec_recording_get_n_events (pair.recording), ==, 0);
  g_assert_false (rec_recording_get_event (pair.recording, 0, &event));
  g_assert_false (rec_recording_get_run (pair.recording, &run));
  g_assert_false (rec_recording_get_op_def (pair.recording, 0, &def));
  g_assert_false (rec_recording_get_shot (pair.recording, 0, &shot));
  g_assert_false (rec_recording_is_exhausted (pair.recording));
  pair_clear (&pair);
}

static void
test_run (void)
{
  static const char *const argv[] = { "a.py", "--epochs", "3" };
  Pair pair;
  RecRun run;
  pair_init (&pair, 1 << 20);
  rec_writer_run_begins (pair.writer, "a.py", "print('é')\n", 3, argv);
  g_assert_true (rec_recording_get_run (pair.recording, &run));
  g_assert_cmpstr (run.path, ==, "a.py");
  g_assert_cmpstr (run.source, ==, "print('é')\n");
  g_assert_cmpuint (run.argc, ==, 3);
  for (guint k = 0; k < 3; k++)
    g_assert_cmpstr (run.argv[k], ==, argv[k]);
  rec_writer_run_ends (pair.writer, "The script ended.", 3);
  RecEvent event = last_event (&pair);
  g_assert_cmpuint (event.kind, ==, REC_RUN_ENDS);
  g_assert_cmpint (event.number, ==, 3);
  g_assert_cmpstr (rec_recording_get_text (pair.recording, &event), ==, "The script ended.");
  g_assert_cmpint (event.time_ns, >=, 0);
  pair_clear (&pair);
}

static void
fill_tensor (RecTensor *tensor, guint64 id, guint ndim, const gint64 *sizes, const gint64 *strides)
{
  *tensor = (RecTensor){ .id = id, .version = 3, .dtype = REC_FLOAT64, .ndim = ndim, .sizes = sizes,
                         .strides = strides, .storage_offset = 7, .storage = id + 100, .base = 5, .grad_fn = 11,
                         .output_nr = 1, .requires_grad = TRUE, .leaf = FALSE, .shot = 4096 };
}

static void
assert_tensor_equal (const RecTensor *a, const RecTensor *b)
{
  g_assert_cmpuint (a->id, ==, b->id);
  g_assert_cmpuint (a->version, ==, b->version);
  g_assert_cmpuint (a->dtype, ==, b->dtype);
  g_assert_cmpuint (a->ndim, ==, b->ndim);
  g_assert_cmpmem (a->sizes, a->ndim * 8, b->sizes, b->ndim * 8);
  g_assert_cmpmem (a->strides, a->ndim * 8, b->strides, b->ndim * 8);
  g_assert_cmpint (a->storage_offset, ==, b->storage_offset);
  g_assert_cmpuint (a->storage, ==, b->storage);
  g_assert_cmpuint (a->base, ==, b->base);
  g_assert_cmpuint (a->grad_fn, ==, b->grad_fn);
  g_assert_cmpuint (a->output_nr, ==, b->output_nr);
  g_assert_cmpint (a->requires_grad, ==, b->requires_grad);
  g_assert_cmpint (a->leaf, ==, b->leaf);
  g_assert_cmpuint (a->shot, ==, b->shot);
}

static void
test_op (void)
{
  static const gint64 sizes[] = { 2, 3 }, strides[] = { 3, 1 };
  Pair pair;
  RecOp read, op = { .op = 9, .written = "@", .params = "dim=1", .arguments = "{\"dim\":1}", .grad_fn = 44,
                     .in_place = TRUE, .grad_mode = TRUE, .n_inputs = 3, .n_scalars = 1, .scalars = { "0.5" },
                     .scalar_places = { 2 }, .n_outputs = 1, .n_saved = 2, .saved = { 21, 22 }, .n_next = 2,
                     .next = { { 41, 1, 0 }, { 42, 0, 21 } }, .message = "mat1 and mat2" };
  fill_tensor (&op.inputs[0], 21, 2, sizes, strides);
  fill_tensor (&op.inputs[2], 22, 0, NULL, NULL);
  fill_tensor (&op.outputs[0], 23, 2, sizes, strides);
  pair_init (&pair, 1 << 20);
  rec_writer_set_position (pair.writer, 0, 17);
  rec_writer_set_inside (pair.writer, 8);
  rec_writer_op_failed (pair.writer, &op);
  rec_writer_op_done (pair.writer, &op);
  RecEvent event = last_event (&pair);
  g_assert_cmpuint (event.line, ==, 17);
  g_assert_cmpuint (event.inside, ==, 8);
  g_assert_cmpuint (event.subject, ==, 23);
  g_assert_cmpuint (event.object, ==, 44);
  g_assert_true (rec_recording_get_op (pair.recording, &event, &read));
  g_assert_cmpuint (read.op, ==, 9);
  g_assert_cmpstr (read.written, ==, "@");
  g_assert_cmpstr (read.params, ==, "dim=1");
  g_assert_cmpstr (read.arguments, ==, "{\"dim\":1}");
  g_assert_cmpstr (read.message, ==, "mat1 and mat2");
  g_assert_true (read.in_place && read.grad_mode);
  g_assert_cmpuint (read.n_inputs, ==, 3);
  for (guint k = 0; k < 3; k++)
    assert_tensor_equal (&read.inputs[k], &op.inputs[k]);
  assert_tensor_equal (&read.outputs[0], &op.outputs[0]);
  g_assert_cmpstr (read.scalars[0], ==, "0.5");
  g_assert_cmpuint (read.scalar_places[0], ==, 2);
  g_assert_cmpmem (read.saved, sizeof read.saved, op.saved, sizeof op.saved);
  g_assert_cmpmem (read.next, sizeof (RecNext) * 2, op.next, sizeof (RecNext) * 2);
  pair_clear (&pair);
}

static void
test_op_defs (void)
{
  Pair pair;
  RecOpDef read;
  pair_init (&pair, 1 << 20);
  for (guint k = 0; k < 50; k++)
    {
      g_autofree char *name = g_strdup_printf ("op%u", k);
      RecOpDef def = { .name = name, .grad_fn_name = "MmBackward0", .is_view = k % 2, .is_factory = k % 3 == 0,
                       .symbol = "mm", .caption = "did {0}", .caption_moved = "moved", .saturation = "nearly ±1",
                       .derivative = { { "a", "b", NULL }, { NULL, NULL, "× {0}" } } };
      g_assert_cmpuint (rec_writer_add_op_def (pair.writer, &def), ==, k);
      if (k % 7 == 0)
        g_assert_true (rec_recording_get_op_def (pair.recording, k, &read));
    }
  for (guint k = 0; k < 50; k++)
    {
      g_autofree char *name = g_strdup_printf ("op%u", k);
      g_assert_true (rec_recording_get_op_def (pair.recording, k, &read));
      g_assert_cmpstr (read.name, ==, name);
      g_assert_cmpint (read.is_view, ==, k % 2);
      g_assert_cmpint (read.is_factory, ==, k % 3 == 0);
    }
  g_assert_cmpstr (read.caption_moved, ==, "moved");
  g_assert_cmpstr (read.saturation, ==, "nearly ±1");
  g_assert_null (read.title);
  g_assert_cmpstr (read.derivative[0].words, ==, "b");
  g_assert_null (read.derivative[0].factor);
  g_assert_cmpstr (read.derivative[1].factor, ==, "× {0}");
  g_assert_false (rec_recording_get_op_def (pair.recording, 50, &read));
  pair_clear (&pair);
}

static void
test_backward (void)
{
  Pair pair;
  RecBackward backward = { .n_roots = 2, .roots = { 1, 2 }, .grad_fns = { 3, 4 }, .grads = { 4096, 0 },
                           .retain_graph = TRUE }, backward_read;
  RecGradFnRun run = { .grad_fn = 4, .leaf = 9, .accumulated = TRUE, .saved_freed = TRUE, .n_grad_outputs = 1,
                       .grad_outputs = { 5 }, .n_grad_inputs = 3, .grad_inputs = { 6, 0, 7 }, .leaf_grad = 8 }, run_read;
  pair_init (&pair, 1 << 20);
  rec_writer_backward_begins (pair.writer, &backward);
  RecEvent event = last_event (&pair);
  g_assert_cmpuint (event.flags, ==, 1);
  g_assert_true (rec_recording_get_backward (pair.recording, &event, &backward_read));
  g_assert_cmpmem (&backward, sizeof backward, &backward_read, sizeof backward_read);
  rec_writer_grad_fn_done (pair.writer, &run);
  event = last_event (&pair);
  g_assert_cmpuint (event.subject, ==, 4);
  g_assert_true (rec_recording_get_grad_fn_run (pair.recording, &event, &run_read));
  g_assert_cmpmem (&run, sizeof run, &run_read, sizeof run_read);
  g_assert_false (rec_recording_get_backward (pair.recording, &event, &backward_read));
  rec_writer_backward_ends (pair.writer, TRUE);
  event = last_event (&pair);
  g_assert_cmpuint (event.kind, ==, REC_BACKWARD_ENDS);
  g_assert_cmpuint (event.flags, ==, 1);
  pair_clear (&pair);
}

static void
test_facts (void)
{
  Pair pair;
  RecErrorText text = { "RuntimeError", "size mismatch", "Traceback …", "a.py" }, text_read;
  pair_init (&pair, 1 << 20);
  for (guint k = 0; k < 3; k++)
    {
      rec_writer_name_bound (pair.writer, "W_h", 5 + k, 2, REC_NAME_OWN);
      RecEvent bound = last_event (&pair);
      g_assert_cmpstr (rec_recording_get_text (pair.recording, &bound), ==, "W_h");
      g_assert_cmpuint (bound.subject, ==, 5 + k);
      g_assert_cmpint (bound.number, ==, 2);
    }
  rec_writer_name_lost (pair.writer, "a name of 16 ch", 5);
  RecEvent event = last_event (&pair);
  g_assert_cmpstr (rec_recording_get_text (pair.recording, &event), ==, "a name of 16 ch");
  rec_writer_grad_replaced (pair.writer, 5, 4112);
  event = last_event (&pair);
  g_assert_cmpuint (rec_recording_get_event_shot (pair.recording, &event), ==, 4112);
  rec_writer_storage_changed (pair.writer, 5, 6, 7, 4128);
  event = last_event (&pair);
  g_assert_cmpuint (event.object, ==, 6);
  g_assert_cmpint (event.number, ==, 7);
  g_assert_cmpuint (rec_recording_get_event_shot (pair.recording, &event), ==, 4128);
  rec_writer_requires_grad (pair.writer, 5, TRUE);
  g_assert_cmpint (last_event (&pair).number, ==, 1);
  rec_writer_grad_mode (pair.writer, FALSE);
  g_assert_cmpuint (last_event (&pair).kind, ==, REC_GRAD_MODE);
  rec_writer_seeded (pair.writer, 42);
  g_assert_cmpint (last_event (&pair).number, ==, 42);
  rec_writer_error (pair.writer, &text, 12);
  event = last_event (&pair);
  g_assert_cmpuint (event.line, ==, 12);
  g_assert_true (rec_recording_get_error (pair.recording, &event, &text_read));
  g_assert_cmpstr (text_read.message, ==, "size mismatch");
  g_assert_cmpstr (text_read.file, ==, "a.py");
  pair_clear (&pair);
}

static void
test_statements (void)
{
  static const guint kinds[] = { REC_SCOPE_ENTERED, REC_STATEMENT_BEGINS, REC_STATEMENT_BEGINS, REC_SEEDED,
                                 REC_STATEMENT_ENDS, REC_SEEDED, REC_STATEMENT_ENDS, REC_SCOPE_LEFT };
  static const guint lines[] = { 0, 4, 9, 9, 9, 4, 4, 0 };
  Pair pair;
  pair_init (&pair, 1 << 20);
  rec_writer_scope_entered (pair.writer, REC_SCOPE_FUNCTION, "f");
  for (guint k = 0; k < 200000; k++)    /* while True: pass */
    {
      rec_writer_statement_begins (pair.writer, 0, 3, 3);
      rec_writer_statement_ends (pair.writer);
    }
  g_assert_cmpuint (rec_recording_get_n_events (pair.recording), ==, 0);
  rec_writer_statement_begins (pair.writer, 0, 4, 5);
  rec_writer_statement_begins (pair.writer, 0, 9, 9);
  rec_writer_seeded (pair.writer, 1);
  rec_writer_statement_ends (pair.writer);
  rec_writer_seeded (pair.writer, 2);
  rec_writer_scope_left (pair.writer);  /* the statement raised: its scope ends it */
  g_assert_cmpuint (rec_recording_get_n_events (pair.recording), ==, G_N_ELEMENTS (kinds));
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      RecEvent event;
      g_assert_true (rec_recording_get_event (pair.recording, k, &event));
      g_assert_cmpuint (event.kind, ==, kinds[k]);
      g_assert_cmpuint (event.line, ==, lines[k]);
    }
  RecEvent scope;
  g_assert_true (rec_recording_get_event (pair.recording, 0, &scope));
  g_assert_cmpuint (scope.flags, ==, REC_SCOPE_FUNCTION);
  g_assert_cmpstr (rec_recording_get_text (pair.recording, &scope), ==, "f");
  pair_clear (&pair);
}

static GString *
read_output (RecRecording *recording, guint *n_events, guint *n_notes)
{
  GString *all = g_string_new (NULL);
  *n_events = *n_notes = 0;
  for (guint64 k = 0; k < rec_recording_get_n_events (recording); k++)
    {
      RecEvent event;
      gsize n;
      g_assert_true (rec_recording_get_event (recording, k, &event));
      if (event.kind != REC_OUTPUT)
        continue;
      const char *bytes = rec_recording_get_bytes (recording, &event, &n);
      g_assert_nonnull (bytes);
      g_string_append_len (all, bytes, n);
      (*n_events)++;
      *n_notes += (event.flags & 2) != 0;
    }
  return all;
}

static void
test_output (void)
{
  Pair pair;
  guint n_events, n_notes;
  pair_init (&pair, 1 << 20);
  rec_writer_output (pair.writer, FALSE, "one\n", 4);
  RecEvent event = last_event (&pair);
  g_assert_cmpuint (event.flags, ==, 0);
  rec_writer_output (pair.writer, TRUE, "two\n", 4);
  event = last_event (&pair);
  g_assert_cmpuint (event.flags, ==, 1);
  rec_writer_output (pair.writer, FALSE, "\0\377", 2);
  g_autoptr (GString) all = read_output (pair.recording, &n_events, &n_notes);
  g_assert_cmpmem (all->str, all->len, "one\ntwo\n\0\377", 10);
  g_assert_false (rec_recording_has_dropped_output (pair.recording));
  pair_clear (&pair);
}

static void
test_output_flood (void)
{
  Pair pair;
  guint n_events, n_notes;
  guint64 said = 0;
  const guint n_lines = 1000000;
  pair_init (&pair, 8 << 20);
  for (guint k = 0; k < n_lines; k++)
    {
      char line[32];
      int n = g_snprintf (line, sizeof line, "line %u\n", k);
      rec_writer_statement_begins (pair.writer, 0, 2, 2);
      rec_writer_output (pair.writer, FALSE, line, n);
      rec_writer_statement_ends (pair.writer);
    }
  rec_writer_output (pair.writer, TRUE, "Traceback\n", 10);
  rec_writer_run_ends (pair.writer, "The script ended.", 0);
  g_autoptr (GString) all = read_output (pair.recording, &n_events, &n_notes);
  g_assert_cmpuint (all->len, <, 1200000);
  g_assert_cmpuint (n_events, <, 5000);
  g_assert_cmpuint (n_notes, ==, 1);
  g_assert_true (g_str_has_prefix (all->str, "line 0\nline 1\n"));
  g_assert_true (g_str_has_suffix (all->str, "line 999998\nline 999999\n"));
  g_assert_nonnull (strstr (all->str, "Traceback\n"));
  g_assert_true (rec_recording_has_dropped_output (pair.recording));
  const char *note = strstr (all->str, "\n… ");
  g_assert_nonnull (note);
  said = g_ascii_strtoull (note + strlen ("\n… "), NULL, 10);
  guint shown = 0;
  const char *end = all->str + all->len;
  for (const char *at = all->str; (at = memmem (at, end - at, "line ", 5)) != NULL; at++)
    shown += g_ascii_isdigit (at[5]);
  g_assert_cmpuint (said + shown, >=, n_lines);     /* one line may be cut in two */
  g_assert_cmpuint (said + shown, <=, n_lines + 1);
  pair_clear (&pair);
}

/* Each event's text must be of its own line: lines 2 and 3 print in turn. */
static void
assert_lines (RecRecording *recording, guint *n_mixed)
{
  *n_mixed = 0;
  for (guint64 k = 0; k < rec_recording_get_n_events (recording); k++)
    {
      RecEvent event;
      gsize n;
      g_assert_true (rec_recording_get_event (recording, k, &event));
      const char *bytes = rec_recording_get_bytes (recording, &event, &n);
      if (event.kind != REC_OUTPUT || (event.flags & 2) != 0)
        continue;
      *n_mixed += event.line == 0;
      if (event.line != 0 && memmem (bytes, n, event.line == 2 ? "by 3" : "by 2", 4) != NULL)
        g_error ("“%.*s” is said to be of line %u", (int) MIN (n, 100), bytes, event.line);
    }
}

static guint
print_in_turn (guint n_lines, gsize budget, gsize *nbytes)
{
  Pair pair;
  guint n_mixed, n_events, n_notes;
  pair_init (&pair, budget);
  for (guint k = 0; k < n_lines; k++)
    {
      char text[40];
      guint line = 2 + k % 2;
      int n = g_snprintf (text, sizeof text, "by %u line %u\n", line, k);
      rec_writer_statement_begins (pair.writer, 0, line, line);
      rec_writer_output (pair.writer, FALSE, text, n);
      rec_writer_statement_ends (pair.writer);
    }
  rec_writer_run_ends (pair.writer, "The script ended.", 0);
  assert_lines (pair.recording, &n_mixed);
  g_autoptr (GString) all = read_output (pair.recording, &n_events, &n_notes);
  *nbytes = all->len;
  pair_clear (&pair);
  return n_mixed;
}

static void
test_output_of_lines (void)
{
  gsize nbytes;
  g_assert_cmpuint (print_in_turn (30000, 64 << 20, &nbytes), ==, 0); /* more than a burst */
  g_assert_cmpuint (nbytes, >, 15 * 30000);
  g_assert_cmpuint (print_in_turn (1000000, 256 << 20, &nbytes), >,
                    0); /* too many: of no line, never of a wrong one */
  g_assert_cmpuint (nbytes, >, 15 * 1000000);
  print_in_turn (200000, 1 << 20, &nbytes); /* left out in the middle */
  g_assert_cmpuint (nbytes, <, 2 << 20);
}

static void
test_exhausted (void)
{
  static const gint64 sizes[] = { 1000 };
  float values[1000] = { 1 };
  Pair pair;
  RecShot shot;
  guint kept = 0;
  pair_init (&pair, 20000);
  for (guint k = 0; k < 10; k++)
    {
      guint64 at = rec_writer_add_shot (pair.writer, REC_FLOAT32, 1, sizes, values);
      kept += at != 0;
      g_assert_true (at == 0 || rec_recording_get_shot (pair.recording, at, &shot));
    }
  g_assert_cmpuint (kept, ==, 3);
  g_assert_true (rec_recording_is_exhausted (pair.recording));
  rec_writer_name_bound (pair.writer, "still_here", 1, 0, REC_NAME_OWN);
  RecEvent event = last_event (&pair);
  g_assert_cmpstr (rec_recording_get_text (pair.recording, &event), ==, "still_here");
  for (guint k = 0; k < 200000; k++)
    rec_writer_seeded (pair.writer, k);
  rec_writer_run_ends (pair.writer, "Stopped.", 1);
  event = last_event (&pair);
  g_assert_cmpuint (event.kind, ==, REC_RUN_ENDS);
  g_assert_cmpstr (rec_recording_get_text (pair.recording, &event), ==, "Stopped.");
  pair_clear (&pair);
}

/* Output that goes on when the events have run out leaves room for how the run ends. */
static void
test_output_exhausted (void)
{
  static const RecErrorText text = {
    .type = "ValueError", .message = "the end", .traceback = "", .file = "a.py"
  };
  Pair pair;
  RecEvent event;
  guint n_events, n_notes, n_errors = 0;
  pair_init (&pair, 1 << 20);
  for (guint k = 0; k < 200000; k++)
    rec_writer_seeded (pair.writer, k);
  for (guint k = 0; k < 6000; k++)
    {
      g_autofree char *line = g_strdup_printf ("line %u\n", k);
      rec_writer_output (pair.writer, FALSE, line, strlen (line));
      rec_writer_flush (pair.writer);
    }
  rec_writer_output (pair.writer, TRUE, "Traceback\n", 10);
  rec_writer_error (pair.writer, &text, 3);
  rec_writer_run_ends (pair.writer, "error", 1);
  event = last_event (&pair);
  g_assert_cmpuint (event.kind, ==, REC_RUN_ENDS);
  for (guint64 k = 0; k < rec_recording_get_n_events (pair.recording); k++)
    n_errors += rec_recording_get_event (pair.recording, k, &event) && event.kind == REC_ERROR;
  g_assert_cmpuint (n_errors, ==, 1);
  g_autoptr (GString) all = read_output (pair.recording, &n_events, &n_notes);
  g_assert_nonnull (strstr (all->str, "line 3999\nline 4000\n"));
  g_assert_nonnull (strstr (all->str, "line 5998\nline 5999\n"));
  g_assert_nonnull (strstr (all->str, "Traceback\n"));
  pair_clear (&pair);
}

static void
test_resumed (void)
{
  Pair pair;
  g_autoptr (GError) error = NULL;
  pair_init (&pair, 1 << 20);
  rec_writer_seeded (pair.writer, 1);
  rec_writer_free (pair.writer);
  pair.writer = rec_writer_new (dup (rec_recording_get_events_fd (pair.recording)),
                                dup (rec_recording_get_heap_fd (pair.recording)), &error);
  g_assert_no_error (error);
  rec_writer_run_ends (pair.writer, "The script called os._exit(3).", 3);
  g_assert_cmpuint (rec_recording_get_n_events (pair.recording), ==, 2);
  RecEvent event = last_event (&pair);
  g_assert_cmpstr (rec_recording_get_text (pair.recording, &event), ==, "The script called os._exit(3).");
  pair_clear (&pair);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/empty", test_empty);
  g_test_add_func ("/recording/run", test_run);
  g_test_add_func ("/recording/op", test_op);
  g_test_add_func ("/recording/op-defs", test_op_defs);
  g_test_add_func ("/recording/backward", test_backward);
  g_test_add_func ("/recording/facts", test_facts);
  g_test_add_func ("/recording/statements", test_statements);
  g_test_add_func ("/recording/output", test_output);
  g_test_add_func ("/recording/output-flood", test_output_flood);
  g_test_add_func ("/recording/output-of-lines", test_output_of_lines);
  g_test_add_func ("/recording/exhausted", test_exhausted);
  g_test_add_func ("/recording/output-exhausted", test_output_exhausted);
  g_test_add_func ("/recording/resumed", test_resumed);
  return g_test_run ();
}
