/* SPDX-License-Identifier: MIT
 *
 * Granularity "element" over a real run: what each press says, that back undoes
 * forward press by press, a pick that is followed, answers that do not come, and
 * what is refused. */
#include "player/graph-private.h"
#include "real-run.h"

#include <string.h>

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree guint64 *question = data;
  Player *player = g_object_get_data (source, "player");
  g_autoptr (GError) error = NULL;
  g_autofree char *json = runner_client_element_finish (RUNNER_CLIENT (source), result, &error);

  player_answer (player, question[0], (int) (gint64) question[1], (gint64) question[2], json,
                 error != NULL ? error->message : NULL);
}

static void
question_cb (Player *player, guint64 event, int input, gint64 index, RunnerClient *client)
{
  const guint64 question[3] = { event, (guint64) (gint64) input, (guint64) index };

  runner_client_element_async (client, event, input, index, NULL, answered_cb, g_memdup2 (question, sizeof question));
}

static Player *
ask (Player *player, RunnerClient *client)
{
  g_object_set_data (G_OBJECT (client), "player", player);
  g_signal_connect (player, "question", G_CALLBACK (question_cb), client);
  player_set_granularity (player, PLAYER_BY_ELEMENT);
  return player;
}

static Player *
run_demo (RunnerClient **client)
{
  g_autofree char *source = real_read_example ("dynamic_graph.py");
  Player *player = real_run_asking (source, client);

  return ask (player, *client);
}

static void
settle (Player *player)
{
  gint64 start = g_get_monotonic_time ();

  while (player_may_step_terms (player) && player_get_n_terms (player) == 0)
    {
      g_assert_cmpint (g_get_monotonic_time () - start, <, 60 * G_USEC_PER_SEC);
      g_main_context_iteration (NULL, TRUE);
    }
}

static char *
describe (Player *player)
{
  g_auto (GStrv) lines = player_dup_term_lines (player);
  g_autofree char *entry = lines != NULL ? g_strjoinv (" | ", lines) : g_strdup ("");

  return g_strdup_printf ("%u.%u %s // %s // %s", player_get_position (player), player_get_term (player),
                          player_get_caption_here (player), player_get_next_here (player), entry);
}

static void
expect (Player *player, const char *caption, const char *next)
{
  g_assert_cmpstr (player_get_caption_here (player), ==, caption);
  if (next != NULL)
    g_assert_cmpstr (player_get_next_here (player), ==, next);
}

static void
press (Player *player)
{
  settle (player);
  g_assert_true (player_step_forward (player));
  settle (player);
}

/* 20 terms: 12 one by one, the other 8 at once, then the next operation. */
static void
test_sum (void)
{
  g_autoptr (RunnerClient) client = NULL;
  g_autoptr (Player) player = run_demo (&client);
  g_auto (GStrv) lines = NULL;

  player_set_position (player, 5);
  settle (player);
  g_assert_cmpuint (player_get_n_terms (player), ==, 13);
  expect (player, player_get_caption (player, 5), "Next: term 1 of 20 of h2h[2]");
  press (player);
  expect (player, "Term 1 of 20 began h2h[2]: W_h[2,5] × prev_h[5] = 2.3022 × 2.4966 = 5.7477.",
          "Next: term 2 of 20 of h2h[2]");
  press (player);
  expect (player, "Term 2 of 20 was added to h2h[2]: W_h[2,10] × prev_h[10] = 1.0554 × 2.0005 = 2.1113; "
                  "the sum so far is 7.8590.", NULL);
  lines = player_dup_term_lines (player);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_cmpstr (lines[0], ==, "h2h[2]");
  g_assert_cmpstr (lines[2], ==, "+ W_h[2,10] × prev_h[10] = 1.0554 × 2.0005 = 2.1113");
  g_assert_cmpstr (lines[3], ==, "+7.8590 so far, 2 of 20 terms");
  for (guint k = 3; k <= 12; k++)
    press (player);
  g_assert_cmpuint (player_get_term (player), ==, 12);
  g_assert_cmpstr (player_get_next_here (player), ==, "Next: the other 8 terms of h2h[2]");
  press (player);
  g_assert_true (g_str_has_prefix (player_get_caption_here (player), "The other 8 terms added "));
  g_assert_true (g_str_has_suffix (player_get_caption_here (player), "; the sum is h2h[2] = 8.7268."));
  g_assert_cmpuint (player_get_position (player), ==, 5);
  g_assert_false (player_may_step_terms (player));
  press (player);
  g_assert_cmpuint (player_get_position (player), ==, 6);
  g_assert_cmpuint (player_get_term (player), ==, 0);
}

static void
test_backward (void)
{
  g_autoptr (RunnerClient) client = NULL;
  g_autoptr (Player) player = run_demo (&client);
  const PlayerNode *h = NULL;

  player_set_position (player, 8);
  press (player);
  expect (player, "next_h[0] was made from one entry: tanh(next_h[0]) = tanh(−10.51) = −1.", NULL);
  player_set_position (player, 12);
  press (player);
  expect (player, "∂loss/∂next_h (line 11)[11] got its only term: ∂loss/∂next_h[11] × 0.8956 = 1.0000 × 0.8956 = 0.8956.",
          NULL);
  player_set_position (player, 14);
  press (player);
  expect (player, "∂loss/∂W_x[11,3] got its only term: ∂loss/∂i2h[11] × x[3] = 0.8956 × 1.9536 = 1.7496.", NULL);
  /* The entries involved: the gradient that came in, and x; W_x.grad itself is still arriving. */
  g_assert_cmpuint (player_get_n_lights (player), ==, 3);
  h = player_graph_find_node (player_get_graph (player), player_get_lights (player)[1]->node);
  g_assert_cmpstr (h->label, ==, "i2h");
  g_assert_true (player_get_lights (player)[1]->gradient);
  g_assert_cmpint (player_get_lights (player)[1]->index, ==, 11);
  h = player_graph_find_node (player_get_graph (player), player_get_lights (player)[2]->node);
  g_assert_cmpstr (h->label, ==, "x");
  g_assert_false (player_get_lights (player)[2]->gradient);
  g_assert_cmpint (player_get_lights (player)[2]->index, ==, 3);
}

/* From the start to the end and back: the same places in the opposite order. */
static void
test_round_trip (void)
{
  g_autoptr (RunnerClient) client = NULL;
  g_autoptr (Player) player = run_demo (&client);
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func (g_free);
  double place = -1;

  player_set_position (player, 0);
  while (!player_is_finished (player))
    {
      settle (player);
      g_ptr_array_add (places, describe (player));
      g_assert_cmpfloat (player_get_place (player), >, place);
      place = player_get_place (player);
      g_assert_cmpfloat (place, <, player_get_position (player) + 1);
      press (player);
    }
  g_assert_cmpuint (player_get_position (player), ==, 18);
  g_assert_false (player_step_forward (player));
  /* 18 operations; the terms of both mm, +, tanh, sum, and of five grad_fns with one each. */
  g_assert_cmpuint (places->len, ==, 18 + 13 + 10 + 2 + 1 + 13 + 5);
  for (guint k = places->len; k > 0; k--)
    {
      g_autofree char *now = NULL;
      g_assert_true (player_step_back (player));
      settle (player);
      now = describe (player);
      g_assert_cmpstr (now, ==, places->pdata[k - 1]);
    }
  g_assert_false (player_step_back (player));
}

/* A jump back over what nobody has asked yet: all terms are there once they have come. */
static void
test_back_unknown (void)
{
  g_autoptr (RunnerClient) client = NULL;
  g_autoptr (Player) player = run_demo (&client);

  player_set_position (player, 6);
  settle (player);
  g_assert_true (player_step_back (player));
  g_assert_cmpuint (player_get_position (player), ==, 5);
  settle (player);
  g_assert_cmpuint (player_get_term (player), ==, 13);
}

static void
test_pick (void)
{
  g_autoptr (RunnerClient) client = NULL;
  g_autoptr (Player) player = run_demo (&client);
  const PlayerNode *box;

  player_set_position (player, 6);
  settle (player);
  box = real_box (player, "h2h");
  player_pick (player, box->tensor, 7, box->ndim, box->sizes);
  player_set_position (player, 5);
  press (player);
  g_assert_nonnull (strstr (player_get_caption_here (player), "began h2h[7]: "));
  /* It is followed through what has the same sizes. */
  player_set_position (player, 7);
  press (player);
  g_assert_nonnull (strstr (player_get_caption_here (player), "began next_h[7]: "));
  /* A leaf's entry is found behind the view that the operation got. */
  box = real_box (player, "W_x");
  player_pick (player, box->tensor, 4 * 10 + 2, box->ndim, box->sizes);
  player_set_position (player, 14);
  press (player);
  g_assert_true (g_str_has_prefix (player_get_caption_here (player), "∂loss/∂W_x[4,2] got its only term: "));
  player_unpick (player);
  press (player);
  g_assert_true (g_str_has_prefix (player_get_caption_here (player), "∂loss/∂W_x[11,3] got its only term: "));
}

/* No answer: the first press waits, the second goes on; a refusal says why and never holds anybody up. */
static void
test_no_answer (void)
{
  g_autoptr (RunnerClient) client = NULL;
  g_autofree char *source = real_read_example ("dynamic_graph.py");
  g_autoptr (Player) player = real_run_asking (source, &client);
  g_autoptr (PlayerExplanation) explanation = NULL;

  player_set_granularity (player, PLAYER_BY_ELEMENT);
  player_set_position (player, 5);
  g_assert_true (player_step_forward (player));
  g_assert_cmpuint (player_get_position (player), ==, 5);
  g_assert_true (player_step_forward (player));
  g_assert_cmpuint (player_get_position (player), ==, 6);
  explanation = player_explain (player, real_pill (player, "mm", 10)->id);
  g_assert_true (player_step_forward (player));
  player_answer (player, explanation->element_event, explanation->element_input, explanation->element_index, NULL,
                 "W_x was kept only as a picture.");
  g_assert_cmpuint (player_get_position (player), ==, 7);
  player_set_position (player, 6);
  expect (player, player_get_caption (player, 6), "No terms are shown here: W_x was kept only as a picture.");
  g_assert_true (player_step_forward (player));
  g_assert_cmpuint (player_get_position (player), ==, 7);
}

/* What is no sum says so in one step; a term that is 0 is no term. */
static void
test_no_sum (void)
{
  g_autoptr (RunnerClient) client = NULL;
  g_autoptr (Player) player = real_run_asking ("import torch\n"
                                               "x = torch.tensor([3.0, 4.0], requires_grad=True)\n"
                                               "n = x.norm()\n"
                                               "y = x * 0\n"
                                               "z = x[:0].sum()\n",
                                               &client);

  ask (player, client);
  player_set_position (player, 2);
  press (player);
  expect (player, "n = 5 was made from 2 entries at once: it is no sum of terms.", NULL);
  player_set_position (player, 3);
  press (player);
  expect (player, "y[0] was made from one entry: x[0] × 0 = 3 × 0 = 0.", NULL);
  player_set_position (player, player_get_n_steps (player));
  press (player);
  expect (player, "Every term of z is 0, so it is 0.", NULL);
  g_assert_true (player_is_finished (player));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/element-steps/sum", test_sum);
  g_test_add_func ("/player/element-steps/backward", test_backward);
  g_test_add_func ("/player/element-steps/round-trip", test_round_trip);
  g_test_add_func ("/player/element-steps/back-unknown", test_back_unknown);
  g_test_add_func ("/player/element-steps/pick", test_pick);
  g_test_add_func ("/player/element-steps/no-answer", test_no_answer);
  g_test_add_func ("/player/element-steps/no-sum", test_no_sum);
  return g_test_run ();
}
