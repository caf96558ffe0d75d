/* SPDX-License-Identifier: MIT
 *
 * What lies under a point of a layout, graphs that are too big or empty, and the
 * worker: one job after another, cancelled or not. */
#include "graph-shapes.h"
#include "lay-out.h"

#include <math.h>

static void
test_hits (void)
{
  g_autoptr (GraphShape) shape = graph_shape_demo (9);
  g_autoptr (PlayerGraph) graph = graph_shape_graph (shape);
  g_autoptr (LayoutResult) result = lay_out (graph, NULL, G_MAXUINT);
  guint node, edge;
  LayoutRect rect;

  for (guint i = 0; i < shape->nodes->len; i++)
    {
      layout_result_get_node (result, i, &rect);
      g_assert_true (layout_result_hit (result, rect.x + rect.width / 2, rect.y + 3, 5, &node, &edge));
      g_assert_cmpuint (node, ==, i);
      g_assert_cmpuint (edge, ==, G_MAXUINT);
    }
  for (guint i = 0; i < shape->edges->len; i++)
    {
      LayoutPoint point, start, end;
      double angle;
      guint n_points;
      const LayoutPoint *points = layout_result_get_edge (result, i, &n_points);

      g_assert_true (layout_result_point_on_edge (result, i, 0.5, &point, &angle));
      g_assert_true (layout_result_hit (result, point.x + 1, point.y, 5, &node, &edge));
      g_assert_cmpuint (edge, ==, i);
      g_assert_cmpfloat (sin (angle), >, -0.01);
      layout_result_point_on_edge (result, i, 0, &start, NULL);
      layout_result_point_on_edge (result, i, 1, &end, &angle);
      g_assert_cmpfloat_with_epsilon (start.x, points[0].x, 0.01);
      g_assert_cmpfloat_with_epsilon (end.y, points[n_points - 1].y, 0.01);
      g_assert_cmpfloat_with_epsilon (angle, G_PI / 2, 0.01);
    }
  rect = layout_result_get_bounds (result);
  g_assert_false (layout_result_hit (result, rect.x - 50, rect.y - 50, 5, &node, &edge));
  g_assert_false (layout_result_point_on_edge (result, 9999, 0.5, NULL, NULL));
}

static void
test_too_big (void)
{
  g_autoptr (GraphShape) shape = graph_shape_chain (LAYOUT_MAX_NODES + 2);
  g_autoptr (PlayerGraph) graph = graph_shape_graph (shape);
  g_autoptr (LayoutInput) input = layout_input_new (graph, measure_node, measure_tag, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (player_graph_get_n_nodes (graph), >, LAYOUT_MAX_NODES);
  g_assert_null (layout_run (input, NULL, G_MAXUINT, &error));
  g_assert_error (error, LAYOUT_ERROR, LAYOUT_ERROR_TOO_BIG);
}

static void
test_empty (void)
{
  g_autoptr (GraphShape) shape = graph_shape_new ();
  g_autoptr (PlayerGraph) graph = graph_shape_graph (shape);
  g_autoptr (LayoutResult) result = lay_out (graph, NULL, 3);
  LayoutRect bounds = layout_result_get_bounds (result);

  g_assert_cmpfloat (bounds.width, ==, 0);
  g_assert_false (layout_result_get_node (result, 0, NULL));
  g_assert_false (layout_result_hit (result, 0, 0, 10, NULL, NULL));
}

typedef struct { guint done, cancelled; LayoutResult *last; } Answers;

static void
answer_cb (GObject *source, GAsyncResult *async, gpointer data)
{
  Answers *answers = data;
  g_autoptr (GError) error = NULL;
  LayoutResult *result = layout_run_finish (async, &error);

  answers->done++;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    answers->cancelled++;
  else
    g_assert_no_error (error);
  if (result == NULL)
    return;
  g_clear_pointer (&answers->last, layout_result_unref);
  answers->last = result;
}

/* Many requests of one owner: the last one's picture arrives last, most in between are replaced. */
static void
test_worker (void)
{
  Answers answers = { 0 };
  guint asked = 24;
  gint64 deadline = g_get_monotonic_time () + 120 * G_USEC_PER_SEC;

  for (guint n = 0; n < asked; n++)
    {
      g_autoptr (GraphShape) shape = n == 0 ? graph_shape_random (160, 9) : graph_shape_diamonds (7 + 6 * n);
      g_autoptr (PlayerGraph) graph = graph_shape_graph (shape);

      layout_run_async (layout_input_new (graph, measure_node, measure_tag, NULL), NULL, G_MAXUINT, NULL,
                        answer_cb, &answers);
    }
  while (answers.done < asked && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (answers.done, ==, asked);
  g_assert_cmpuint (answers.cancelled, >, 0);
  g_assert_true (layout_result_get_node (answers.last, 6 * (asked - 1), NULL));
  layout_result_unref (answers.last);
}

static void
test_worker_cancelled (void)
{
  Answers answers = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GraphShape) shape = graph_shape_demo (9);
  g_autoptr (PlayerGraph) graph = graph_shape_graph (shape);

  g_cancellable_cancel (cancellable);
  layout_run_async (layout_input_new (graph, measure_node, measure_tag, NULL), NULL, G_MAXUINT, cancellable,
                    answer_cb, &answers);
  while (answers.done < 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (answers.cancelled, ==, 1);
  g_assert_null (answers.last);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/hits", test_hits);
  g_test_add_func ("/layout/too-big", test_too_big);
  g_test_add_func ("/layout/empty", test_empty);
  g_test_add_func ("/layout/worker", test_worker);
  g_test_add_func ("/layout/worker-cancelled", test_worker_cancelled);
  return g_test_run ();
}
