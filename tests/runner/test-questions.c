/* SPDX-License-Identifier: MIT
 *
 * Questions to a runner: a scan without running anything, and the terms of one
 * element of the demo against PyTorch's numbers. */
#include "helpers.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  gboolean done;
  char *text;
  GError *error;
} Answer;

static void
answer_clear (Answer *answer)
{
  g_free (answer->text);
  g_clear_error (&answer->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static void
scanned_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;
  answer->text = runner_client_scan_finish (RUNNER_CLIENT (source), result, &answer->error);
  answer->done = TRUE;
}

static void
element_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;
  answer->text = runner_client_element_finish (RUNNER_CLIENT (source), result, &answer->error);
  answer->done = TRUE;
}

static void
wait_answer (Answer *answer)
{
  while (!answer->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
ask_element (RunnerClient *client, guint64 event, int input, gint64 index, Answer *answer)
{
  *answer = (Answer){ 0 };
  runner_client_element_async (client, event, input, index, NULL, element_cb, answer);
  wait_answer (answer);
}

static JsonObject *
parse (JsonParser *parser, const char *text)
{
  g_autoptr (GError) error = NULL;
  json_parser_load_from_data (parser, text, -1, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (parser));
}

static char *
read_demo (void)
{
  char *source = NULL;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (g_getenv ("DEMO"), &source, NULL, &error);
  g_assert_no_error (error);
  return source;
}

static void
test_scan (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  g_autofree char *source = read_demo ();
  g_auto (Answer) answer = { 0 };
  runner_client_scan_async (client, source, "dynamic_graph.py", NULL, scanned_cb, &answer);
  wait_answer (&answer);
  g_assert_no_error (answer.error);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *scan = parse (parser, answer.text);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (scan, "leaves")), ==, 4);
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_IDLE);
}

static void
test_scan_bad (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  g_auto (Answer) answer = { 0 };
  runner_client_scan_async (client, "a = (\nb = 2\n", "a.py", NULL, scanned_cb, &answer);
  wait_answer (&answer);
  g_assert_no_error (answer.error);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *scan = parse (parser, answer.text);
  g_assert_true (json_object_has_member (scan, "error"));
}

static void
test_cancelled (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Answer) answer = { 0 };
  test_run (client, "sum(iter(int, 1))\n", RUNNER_TO_END, NULL);   /* answers nothing, ever */
  runner_client_element_async (client, 0, 0, 0, cancellable, element_cb, &answer);
  g_cancellable_cancel (cancellable);
  wait_answer (&answer);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_nothing_run (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  g_auto (Answer) answer = { 0 };
  ask_element (client, 0, 0, 0, &answer);
  g_assert_nonnull (answer.error);
  g_assert_null (answer.text);
}

/* The grad_fn run of the operation whose card is name, the nth from the end. */
static guint64
find_grad_fn_run (RecRecording *recording, const char *name, guint nth)
{
  RecEvent event, op_event;
  RecOp *op = g_new (RecOp, 1);
  guint64 at = 0, op_at;
  for (guint64 from = 0; test_find_event (recording, REC_GRAD_FN_DONE, from, &at, &event); from = at + 1)
    for (guint64 op_from = 0; test_find_event (recording, REC_OP_DONE, op_from, &op_at, &op_event); op_from = op_at + 1)
      {
        RecOpDef def;
        g_assert_true (rec_recording_get_op (recording, &op_event, op));
        g_assert_true (rec_recording_get_op_def (recording, op->op, &def));
        if (op->grad_fn == event.subject && g_strcmp0 (def.name, name) == 0 && nth-- == 0)
          {
            g_free (op);
            return at;
          }
      }
  g_free (op);
  g_assert_not_reached ();
}

static void
assert_single_term (RunnerClient *client, guint64 event, gint64 index, double value, double grad, double factor,
                    gint64 factor_row)
{
  g_auto (Answer) answer = { 0 };
  ask_element (client, event, 0, index, &answer);
  g_assert_no_error (answer.error);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *element = parse (parser, answer.text);
  JsonArray *terms = json_object_get_array_member (element, "terms");
  g_assert_cmpint (json_object_get_int_member (element, "n_terms"), ==, 1);
  g_assert_cmpuint (json_array_get_length (terms), ==, 1);
  JsonObject *term = json_array_get_object_element (terms, 0);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (element, "value"), value, 1e-4);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (term, "grad"), grad, 1e-4);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (term, "factor"), factor, 1e-4);
  g_assert_cmpint (json_object_get_int_member (term, "factor_input"), ==, 1);
  JsonArray *place = json_object_get_array_member (term, "factor_index");
  g_assert_cmpint (json_array_get_int_element (place, 0), ==, factor_row);
  g_assert_cmpint (json_array_get_int_element (place, 1), ==, 0);
  place = json_object_get_array_member (term, "grad_index");
  g_assert_cmpint (json_array_get_int_element (place, 0), ==, 11);
}

/* W_x.grad[11,3] and W_h.grad[11,5] as real PyTorch 1.13.1 gives them. */
static void
test_demo_elements (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  g_autofree char *source = read_demo ();
  test_run (client, source, RUNNER_TO_END, NULL);
  test_wait_end (client);
  RecRecording *recording = runner_client_get_recording (client);
  guint64 n = rec_recording_get_n_events (recording);
  assert_single_term (client, find_grad_fn_run (recording, "mm", 0), 113, 1.7496, 0.8956, 1.9536, 3);
  assert_single_term (client, find_grad_fn_run (recording, "mm", 1), 225, 2.2360, 0.8956, 2.4966, 5);
  g_assert_cmpuint (rec_recording_get_n_events (recording), ==, n);    /* questions leave no events */
  g_auto (Answer) answer = { 0 };
  ask_element (client, find_grad_fn_run (recording, "mm", 0), 1, 0, &answer);    /* x needs none */
  g_assert_nonnull (answer.error);
}

/* The process is dead, the recording is not: another process answers from it. */
static void
test_after_crash (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  g_autofree char *demo = read_demo ();
  g_autofree char *source = g_strconcat (demo, "\nimport os\nos._exit(3)\n", NULL);
  test_run (client, source, RUNNER_TO_END, NULL);
  test_wait_end (client);
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_DEAD);
  RecRecording *recording = runner_client_get_recording (client);
  guint64 n = rec_recording_get_n_events (recording);
  assert_single_term (client, find_grad_fn_run (recording, "mm", 0), 113, 1.7496, 0.8956, 1.9536, 3);
  assert_single_term (client, find_grad_fn_run (recording, "mm", 1), 225, 2.2360, 0.8956, 2.4966, 5);
  g_assert_cmpuint (rec_recording_get_n_events (recording), ==, n);
  g_auto (Answer) answer = { 0 };
  ask_element (client, n + 5, 0, 0, &answer);
  g_assert_nonnull (answer.error);
  test_run (client, demo, RUNNER_TO_END, NULL);
  test_wait_end (client);
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_ENDED);
}

static void
test_terms (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, "import torch\na = torch.arange(30.).requires_grad_()\nw = torch.ones(30)\n"
                    "b = a * a.detach()\ns = b.sum()\ns.backward()\n", RUNNER_TO_END, NULL);
  test_wait_end (client);
  RecRecording *recording = runner_client_get_recording (client);
  RecEvent event;
  guint64 at = 0, sum_at = 0;
  RecOp *op = g_new (RecOp, 1);
  RecOpDef def;
  for (guint64 from = 0; test_find_event (recording, REC_OP_DONE, from, &at, &event); from = at + 1)
    if (rec_recording_get_op (recording, &event, op) && rec_recording_get_op_def (recording, op->op, &def)
        && g_str_has_prefix (def.name, "sum"))
      sum_at = at;
  g_free (op);
  g_auto (Answer) answer = { 0 };
  ask_element (client, sum_at, -1, 0, &answer);
  g_assert_no_error (answer.error);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *element = parse (parser, answer.text);
  JsonArray *terms = json_object_get_array_member (element, "terms");
  double sum = json_object_get_double_member (element, "rest");
  g_assert_cmpuint (json_array_get_length (terms), ==, 12);
  g_assert_cmpint (json_object_get_int_member (element, "n_terms"), ==, 30);
  g_assert_cmpint (json_object_get_int_member (element, "n_rest"), ==, 18);
  for (guint k = 0; k < 12; k++)
    sum += json_object_get_double_member (json_array_get_object_element (terms, k), "product");
  g_assert_cmpfloat_with_epsilon (sum, 29.0 * 30 * 59 / 6, 1e-6);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (json_array_get_object_element (terms, 0), "grad"),
                                  841.0, 1e-9);
}

static void
test_too_big (void)
{
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, "import torch\nbig = torch.ones(300, 300)\nsmall = big + 1\n", RUNNER_TO_END, NULL);
  test_wait_end (client);
  RecRecording *recording = runner_client_get_recording (client);
  RecEvent event;
  guint64 first, second;
  g_assert_true (test_find_event (recording, REC_OP_DONE, 0, &first, &event));
  g_assert_true (test_find_event (recording, REC_OP_DONE, first + 1, &second, &event));
  g_auto (Answer) answer = { 0 };
  ask_element (client, second, -1, 0, &answer);
  g_assert_nonnull (answer.error);
  g_assert_nonnull (strstr (answer.error->message, "big is so big"));
}

/* A question between two statements changes nothing that the script sees. */
static void
test_undisturbed (void)
{
  const char *source = "import torch\ntorch.manual_seed(7)\na = torch.ones(2, requires_grad=True)\n"
                       "b = a * 2\nprint(torch.rand(1).item(), torch.is_grad_enabled())\n";
  g_autoptr (RunnerClient) client = test_client_new ();
  test_run (client, source, RUNNER_TO_END, NULL);
  test_wait_end (client);
  g_autofree char *alone = test_dup_output (runner_client_get_recording (client), FALSE);
  static const guint breakpoints[] = { 5, 0 };
  test_run (client, source, RUNNER_TO_END, breakpoints);
  test_wait_paused_at (client, 5);
  RecEvent event;
  guint64 at, found = 0;
  for (guint64 from = 0; test_find_event (runner_client_get_recording (client), REC_OP_DONE, from, &at, &event);
       from = at + 1)
    found = at;
  g_auto (Answer) answer = { 0 };
  ask_element (client, found, -1, 1, &answer);
  g_assert_no_error (answer.error);
  runner_client_go_on (client, RUNNER_TO_END, NULL, 0);
  test_wait_end (client);
  g_autofree char *asked = test_dup_output (runner_client_get_recording (client), FALSE);
  g_assert_cmpstr (asked, ==, alone);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/questions/scan", test_scan);
  g_test_add_func ("/questions/scan-bad", test_scan_bad);
  g_test_add_func ("/questions/cancelled", test_cancelled);
  g_test_add_func ("/questions/nothing-run", test_nothing_run);
  g_test_add_func ("/questions/demo-elements", test_demo_elements);
  g_test_add_func ("/questions/after-crash", test_after_crash);
  g_test_add_func ("/questions/terms", test_terms);
  g_test_add_func ("/questions/too-big", test_too_big);
  g_test_add_func ("/questions/undisturbed", test_undisturbed);
  return g_test_run ();
}
