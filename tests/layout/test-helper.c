/* SPDX-License-Identifier: MIT
 *
 * dot in a process of its own: it answers what dot in this process answers; a graph
 * that takes too long is given up in time, holds up no other one, and can be
 * cancelled; a process that dies costs its layout and no more. */
#include "graph-shapes.h"
#include "layout/layout-private.h"


static void
measure_node (const PlayerNode *node, LayoutSize *size, gpointer data)
{
  *size = node->kind == PLAYER_PILL ? (LayoutSize) { 84, 36, 0, 0 } : (LayoutSize) { 144, 60, 0, 5 };
}

static void
measure_tag (const PlayerEdge *edge, double *width, double *height, gpointer data)
{
  *width = 60;
  *height = 21;
}

static LayoutInput *
input_of (GraphShape *shape)
{
  g_autoptr (PlayerGraph) graph = graph_shape_graph (shape);
  LayoutInput *input = layout_input_new (graph, measure_node, measure_tag, NULL);

  graph_shape_free (shape);
  return input;
}

static void
use_child (guint limit_s)
{
  layout_set_helper (g_getenv ("LAYOUT_CHILD"), limit_s);
}

static void
test_same_answer (void)
{
  g_autoptr (LayoutInput) input = input_of (graph_shape_residual (120));
  g_autoptr (LayoutResult) away = NULL, here = NULL;
  g_autoptr (GError) error = NULL;

  use_child (60);
  away = layout_run (input, NULL, G_MAXUINT, &error);
  g_assert_no_error (error);
  layout_forget_cached ();
  layout_set_helper (NULL, 0);
  here = layout_run (input, NULL, G_MAXUINT, &error);
  g_assert_no_error (error);
  g_assert_true (here != away);
  g_assert_true (layout_result_same_places (away, here));
  for (guint edge = 0; edge < input->n_edges; edge++)
    {
      guint n_away, n_here;
      const LayoutPoint *a = layout_result_get_edge (away, edge, &n_away), *b = layout_result_get_edge (here, edge, &n_here);

      g_assert_cmpmem (a, n_away * sizeof *a, b, n_here * sizeof *b);
    }
}

typedef struct { guint done; GError *error; LayoutResult *result; gint64 at_us; } Answer;

static void
answer_clear (Answer *answer)
{
  g_clear_error (&answer->error);
  g_clear_pointer (&answer->result, layout_result_unref);
}

static void
answer_cb (GObject *source, GAsyncResult *async, gpointer data)
{
  Answer *answer = data;

  answer->result = layout_run_finish (async, &answer->error);
  answer->done++;
  answer->at_us = g_get_monotonic_time ();
}

static void
ask (GraphShape *shape, GCancellable *cancellable, Answer *answer)
{
  layout_run_async (input_of (shape), NULL, G_MAXUINT, cancellable, answer_cb, answer);
}

static void
wait_for (const Answer *answer)
{
  while (answer->done == 0)
    g_main_context_iteration (NULL, TRUE);
}

/* Two parameters used at each of 100 steps: as shared boxes they would take hours. */
static void
test_shared_parameters (void)
{
  g_autoptr (LayoutInput) input = input_of (graph_shape_loop (100));
  g_autoptr (GError) error = NULL;
  g_autoptr (LayoutResult) result = NULL;

  use_child (LAYOUT_LIMIT_S);
  result = layout_run (input, NULL, G_MAXUINT, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (layout_result_get_n_uses (result, 0), ==, 100);
  g_assert_cmpuint (layout_result_get_n_uses (result, 1), ==, 100);
}

static void
test_too_slow (void)
{
  Answer answer = { 0 };

  use_child (1);
  ask (graph_shape_tangle (300), NULL, &answer);
  wait_for (&answer);
  g_assert_error (answer.error, LAYOUT_ERROR, LAYOUT_ERROR_TOO_SLOW);
  answer_clear (&answer);
}

/* While one graph takes for ever, a small and a big one of others are laid out. */
static void
test_others_do_not_wait (void)
{
  Answer slow = { 0 }, small = { 0 }, big = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  use_child (600);
  ask (graph_shape_tangle (302), cancellable, &slow);
  ask (graph_shape_demo (9), NULL, &small);
  ask (graph_shape_residual (130), NULL, &big);
  wait_for (&small);
  wait_for (&big);
  g_assert_no_error (small.error);
  g_assert_no_error (big.error);
  g_assert_cmpuint (slow.done, ==, 0);
  g_cancellable_cancel (cancellable);
  wait_for (&slow);
  g_assert_error (slow.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  answer_clear (&slow);
  answer_clear (&small);
  answer_clear (&big);
}

/* More jobs than helpers, each given up for the next: the last one is done. */
static void
test_newer_ones_win (void)
{
  Answer slow[4] = { 0 }, last = { 0 };

  use_child (600);
  for (guint k = 0; k < G_N_ELEMENTS (slow); k++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      ask (graph_shape_tangle (310 + 2 * k), cancellable, &slow[k]);
      g_cancellable_cancel (cancellable);
    }
  ask (graph_shape_residual (140), NULL, &last);
  wait_for (&last);
  g_assert_no_error (last.error);
  for (guint k = 0; k < G_N_ELEMENTS (slow); k++)
    {
      wait_for (&slow[k]);
      g_assert_error (slow[k].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      answer_clear (&slow[k]);
    }
  answer_clear (&last);
}

static void
test_no_helper (void)
{
  static const char *const programs[] = { "/bin/true", "/nowhere/at/all" };

  for (guint k = 0; k < G_N_ELEMENTS (programs); k++)
    {
      g_autoptr (LayoutInput) input = input_of (graph_shape_residual (150));
      g_autoptr (GError) error = NULL;

      layout_set_helper (programs[k], 5);
      g_assert_null (layout_run (input, NULL, G_MAXUINT, &error));
      g_assert_nonnull (error);
      g_assert_false (g_error_matches (error, LAYOUT_ERROR, LAYOUT_ERROR_TOO_SLOW));
      g_test_message ("%s: %s", programs[k], error->message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/helper/same-answer", test_same_answer);
  g_test_add_func ("/helper/shared-parameters", test_shared_parameters);
  g_test_add_func ("/helper/too-slow", test_too_slow);
  g_test_add_func ("/helper/others-do-not-wait", test_others_do_not_wait);
  g_test_add_func ("/helper/newer-ones-win", test_newer_ones_win);
  g_test_add_func ("/helper/no-helper", test_no_helper);
  return g_test_run ();
}
