/* SPDX-License-Identifier: MIT
 *
 * Layout: on graphs of many forms no boxes overlap and no edge crosses a foreign
 * box; the demo stands as designed; a growing graph swaps nothing; what
 * has not changed is not laid out again. */
#include "graph-shapes.h"
#include "lay-out.h"

#include <math.h>

static gboolean
overlap (const LayoutRect *a, const LayoutRect *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

/* A node's room, at one of its uses: with what hangs outside its body. */
static LayoutRect
room_of (const PlayerNode *node, const LayoutResult *result, guint use)
{
  LayoutSize size;
  LayoutRect rect;

  g_assert_true (layout_result_get_use (result, node->id, use, &rect));
  measure_node (node, &size, NULL);
  g_assert_cmpfloat_with_epsilon (rect.width, size.width, 0.01);
  g_assert_cmpfloat_with_epsilon (rect.height, size.height, 0.01);
  return (LayoutRect) { rect.x - size.left, rect.y, rect.width + size.left + size.right, rect.height };
}

static void
check_no_overlap (const PlayerGraph *graph, const LayoutResult *result)
{
  g_autoptr (GArray) rooms = g_array_new (FALSE, FALSE, sizeof (LayoutRect));

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);

      g_assert_cmpuint (layout_result_get_n_uses (result, node->id), >, 0);
      for (guint use = 0; use < layout_result_get_n_uses (result, node->id); use++)
        {
          LayoutRect room = room_of (node, result, use);
          g_array_append_val (rooms, room);
        }
    }
  for (guint k = 0; k < player_graph_get_n_edges (graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph, k);
      LayoutRect tag;

      g_assert_cmpint (layout_result_get_tag (result, edge->id, &tag), ==, edge->tag != NULL);
      if (edge->tag != NULL)
        g_array_append_val (rooms, tag);
    }
  for (guint i = 0; i < rooms->len; i++)
    for (guint j = 0; j < i; j++)
      g_assert_false (overlap (&g_array_index (rooms, LayoutRect, i), &g_array_index (rooms, LayoutRect, j)));
}

static LayoutPoint
bezier (const LayoutPoint *p, double t)
{
  double u = 1 - t;

  return (LayoutPoint) {
    u * u * u * p[0].x + 3 * u * u * t * p[1].x + 3 * u * t * t * p[2].x + t * t * t * p[3].x,
    u * u * u * p[0].y + 3 * u * u * t * p[1].y + 3 * u * t * t * p[2].y + t * t * t * p[3].y };
}

/* The box at one end of an edge. */
static LayoutRect
end_of (const LayoutResult *result, const PlayerEdge *edge, guint node)
{
  LayoutRect rect = { 0 };

  g_assert_true (
      layout_result_get_use (result, node, layout_result_get_edge_use (result, edge->id, node), &rect));
  return rect;
}

/* No box but those at its ends holds the point. */
static void
check_point (const PlayerGraph *graph, const LayoutResult *result, const PlayerEdge *edge, LayoutPoint p)
{
  for (guint n = 0; n < player_graph_get_n_nodes (graph); n++)
    {
      const PlayerNode *node = player_graph_get_node (graph, n);
      gboolean at_end = node->id == edge->from || node->id == edge->to;
      LayoutRect rect;

      for (guint use = 0; layout_result_get_use (result, node->id, use, &rect); use++)
        if (!at_end || use != layout_result_get_edge_use (result, edge->id, node->id))
          g_assert_false (p.x > rect.x && p.x < rect.x + rect.width && p.y > rect.y
                          && p.y < rect.y + rect.height);
    }
}

static void
check_edge (const PlayerGraph *graph, const LayoutResult *result, const PlayerEdge *edge)
{
  guint n_points;
  const LayoutPoint *points = layout_result_get_edge (result, edge->id, &n_points);
  LayoutRect from = end_of (result, edge, edge->from), to = end_of (result, edge, edge->to);
  LayoutRect bounds = layout_result_get_bounds (result);

  g_assert_nonnull (points);
  g_assert_cmpuint (n_points, >=, 4);
  g_assert_cmpuint (n_points % 3, ==, 1);
  g_assert_cmpfloat_with_epsilon (points[0].y, from.y + from.height, 0.01);
  g_assert_cmpfloat_with_epsilon (points[n_points - 1].y, to.y, 0.01);
  g_assert_cmpfloat (points[0].x, >, from.x);
  g_assert_cmpfloat (points[0].x, <, from.x + from.width);
  g_assert_cmpfloat (points[n_points - 1].x, >, to.x);
  g_assert_cmpfloat (points[n_points - 1].x, <, to.x + to.width);
  for (guint k = 0; k + 3 < n_points; k += 3)
    for (int i = 0; i <= 20; i++)
      {
        LayoutPoint p = bezier (points + k, i / 20.0);

        g_assert_cmpfloat (p.x, >=, bounds.x);
        g_assert_cmpfloat (p.x, <=, bounds.x + bounds.width);
        check_point (graph, result, edge, p);
      }
}

static LayoutResult *
check_picture_after (const GraphShape *shape, const LayoutResult *previous)
{
  g_autoptr (PlayerGraph) graph = graph_shape_graph (shape);
  LayoutResult *result = lay_out (graph, previous, G_MAXUINT);

  check_no_overlap (graph, result);
  for (guint k = 0; k < player_graph_get_n_edges (graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph, k);
      LayoutRect from = end_of (result, edge, edge->from), to = end_of (result, edge, edge->to);

      check_edge (graph, result, edge);
      g_assert_cmpfloat (from.y + from.height, <, to.y);
    }
  return result;
}

static void
check_picture (const GraphShape *shape)
{
  g_autoptr (LayoutResult) result = check_picture_after (shape, NULL);
}

/* The order of a picture whose ranks contradict the new graph's edges gives way to data flowing down. */
static void
test_another_before (void)
{
  for (guint seed = 1; seed < 12; seed++)
    {
      GraphShape *before = graph_shape_random (40, seed), *after = graph_shape_random (44, seed + 1);
      g_autoptr (LayoutResult) previous = check_picture_after (before, NULL);
      g_autoptr (LayoutResult) result = check_picture_after (after, previous);

      graph_shape_free (before);
      graph_shape_free (after);
    }
}

static void
test_shapes (void)
{
  GraphShape *shapes[] = {
    graph_shape_demo (0), graph_shape_demo (4), graph_shape_demo (6), graph_shape_demo (9), graph_shape_chain (101),
    graph_shape_diamonds (40), graph_shape_rnn (6, FALSE), graph_shape_rnn (5, TRUE), graph_shape_wide (24),
    graph_shape_residual (50), graph_shape_random (40, 1), graph_shape_random (60, 2), graph_shape_random (80, 3),
  };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      check_picture (shapes[i]);
      graph_shape_free (shapes[i]);
    }
}

/* What many operations take stands once for each of them, in their order; what few take stands once. */
static void
test_uses (void)
{
  for (guint n = 1; n <= 40; n = n < 5 ? n + 1 : n * 2)
    {
      GraphShape *shape = graph_shape_rnn (n, n % 2 == 0);
      g_autoptr (PlayerGraph) graph = graph_shape_graph (shape);
      g_autoptr (LayoutResult) result = check_picture_after (shape, NULL);
      LayoutRect before = { 0 }, rect;
      guint n_uses = layout_result_get_n_uses (result, 0);

      g_assert_cmpuint (n_uses, ==, n > 3 ? n : 1);
      g_assert_cmpuint (layout_result_get_n_uses (result, 1), ==, n_uses);
      g_assert_cmpuint (layout_result_get_n_uses (result, 2), ==, 1);
      for (guint use = 0; use < n_uses; use++)
        {
          guint node;

          g_assert_true (layout_result_get_use (result, 0, use, &rect));
          g_assert_true (layout_result_hit (result, rect.x + 5, rect.y + 5, 0, &node, NULL));
          g_assert_cmpuint (node, ==, 0);
          g_assert_cmpuint (layout_result_get_use_at (result, 0, rect.x - 2, rect.y + 5), ==, use);
          g_assert_true (use == 0 || rect.y > before.y);
          before = rect;
        }
      g_assert_false (layout_result_get_use (result, 0, n_uses, NULL));
      graph_shape_free (shape);
    }
}

/* A chain of steps is a column: the uses hang beside it and do not push it aside. */
static void
test_loop_is_a_column (void)
{
  g_autoptr (GraphShape) shape = graph_shape_loop (30);
  g_autoptr (PlayerGraph) graph = graph_shape_graph (shape);
  g_autoptr (LayoutResult) result = check_picture_after (shape, NULL);
  LayoutRect bounds = layout_result_get_bounds (result);

  g_assert_cmpfloat (bounds.width, <, 700);
}

static double
middle_x (const LayoutResult *result, guint node)
{
  LayoutRect rect;

  g_assert_true (layout_result_get_node (result, node, &rect));
  return rect.x + rect.width / 2;
}

static double
top_y (const LayoutResult *result, guint node)
{
  LayoutRect rect;

  g_assert_true (layout_result_get_node (result, node, &rect));
  return rect.y;
}

/* As the design picture has it. */
static void
test_demo_places (void)
{
  static const guint column[] = { DEMO_PLUS, DEMO_NEXT_H_OLD, DEMO_TANH, DEMO_NEXT_H, DEMO_SUM, DEMO_LOSS };
  g_autoptr (GraphShape) shape = graph_shape_demo (9);
  g_autoptr (PlayerGraph) graph = graph_shape_graph (shape);
  g_autoptr (LayoutResult) result = lay_out (graph, NULL, G_MAXUINT);

  g_assert_cmpfloat (middle_x (result, DEMO_W_H), <, middle_x (result, DEMO_PREV_H));
  g_assert_cmpfloat (middle_x (result, DEMO_PREV_H), <, middle_x (result, DEMO_W_X));
  g_assert_cmpfloat (middle_x (result, DEMO_W_X), <, middle_x (result, DEMO_X));
  for (guint leaf = DEMO_W_X; leaf <= DEMO_PREV_H; leaf++)
    g_assert_cmpfloat_with_epsilon (top_y (result, leaf), top_y (result, DEMO_W_H), 0.01);
  g_assert_cmpfloat_with_epsilon (top_y (result, DEMO_MM_H), top_y (result, DEMO_MM_X), 0.01);
  g_assert_cmpfloat_with_epsilon (middle_x (result, DEMO_MM_H), middle_x (result, DEMO_H2H), 1.5);
  g_assert_cmpfloat_with_epsilon (middle_x (result, DEMO_MM_X), middle_x (result, DEMO_I2H), 1.5);
  for (guint i = 1; i < G_N_ELEMENTS (column); i++)
    {
      g_assert_cmpfloat_with_epsilon (middle_x (result, column[i]), middle_x (result, column[0]), 1.5);
      g_assert_cmpfloat (top_y (result, column[i]), >, top_y (result, column[i - 1]));
    }
  g_assert_cmpfloat (middle_x (result, DEMO_H2H), <, middle_x (result, DEMO_PLUS));
  g_assert_cmpfloat (middle_x (result, DEMO_PLUS), <, middle_x (result, DEMO_I2H));
}

/* Before anything ran, outlines stand in the order of their lines. */
static void
test_outlines (void)
{
  g_autoptr (GraphShape) shape = graph_shape_demo (0);
  g_autoptr (PlayerGraph) graph = graph_shape_graph (shape);
  g_autoptr (LayoutResult) result = lay_out (graph, NULL, G_MAXUINT);

  for (guint i = 1; i < 4; i++)
    g_assert_cmpfloat (middle_x (result, i - 1), <, middle_x (result, i));
}

static guint
count_swaps (const GraphShape *shape, const PlayerGraph *before, const LayoutResult *a, const LayoutResult *b)
{
  g_autofree gboolean *has_edge = g_new0 (gboolean, shape->nodes->len + 1);
  guint swaps = 0;

  for (guint k = 0; k < player_graph_get_n_edges (before); k++)
    {
      has_edge[player_graph_get_edge (before, k)->from] = TRUE;
      has_edge[player_graph_get_edge (before, k)->to] = TRUE;
    }
  for (guint i = 0; i < player_graph_get_n_nodes (before); i++)
    for (guint j = 0; j < i; j++)
      if (has_edge[i] && has_edge[j] && fabs (top_y (a, i) - top_y (a, j)) < 30
          && fabs (middle_x (a, i) - middle_x (a, j)) > 20)
        swaps += (middle_x (a, i) < middle_x (a, j)) != (middle_x (b, i) < middle_x (b, j));
  return swaps;
}

static void
test_demo_grows (void)
{
  g_autoptr (LayoutResult) previous = NULL;
  g_autoptr (PlayerGraph) before = NULL;
  g_autoptr (GraphShape) kept = NULL;

  for (guint steps = 0; steps <= 9; steps++)
    {
      GraphShape *shape = graph_shape_demo (steps);
      PlayerGraph *graph = graph_shape_graph (shape);
      LayoutResult *result = lay_out (graph, previous, steps > 0 ? DEMO_W_H : G_MAXUINT);

      check_no_overlap (graph, result);
      if (previous != NULL)
        {
          g_assert_cmpuint (count_swaps (shape, before, previous, result), ==, 0);
          g_assert_cmpfloat_with_epsilon (middle_x (result, DEMO_W_H), middle_x (previous, DEMO_W_H), 0.01);
        }
      g_clear_pointer (&previous, layout_result_unref);
      g_clear_pointer (&before, player_graph_free);
      g_clear_pointer (&kept, graph_shape_free);
      previous = result;
      before = graph;
      kept = shape;
    }
}

static void
test_rnn_grows (void)
{
  g_autoptr (LayoutResult) previous = NULL;
  g_autoptr (PlayerGraph) before = NULL;
  g_autoptr (GraphShape) kept = NULL;

  for (guint times = 1; times <= 7; times++)
    {
      GraphShape *shape = graph_shape_rnn (times, FALSE);
      PlayerGraph *graph = graph_shape_graph (shape);
      LayoutResult *result = lay_out (graph, previous, 0);

      check_no_overlap (graph, result);
      if (previous != NULL)
        g_assert_cmpuint (count_swaps (shape, before, previous, result), ==, 0);
      g_clear_pointer (&previous, layout_result_unref);
      g_clear_pointer (&before, player_graph_free);
      g_clear_pointer (&kept, graph_shape_free);
      previous = result;
      before = graph;
      kept = shape;
    }
}

static void
assert_same (const GraphShape *shape, const LayoutResult *a, const LayoutResult *b)
{
  for (guint i = 0; i < shape->nodes->len; i++)
    {
      g_assert_cmpfloat (middle_x (a, i), ==, middle_x (b, i));
      g_assert_cmpfloat (top_y (a, i), ==, top_y (b, i));
    }
  for (guint i = 0; i < shape->edges->len; i++)
    {
      guint n_a, n_b;
      const LayoutPoint *pa = layout_result_get_edge (a, i, &n_a), *pb = layout_result_get_edge (b, i, &n_b);

      g_assert_cmpmem (pa, n_a * sizeof *pa, pb, n_b * sizeof *pb);
    }
}

/* Tidied, a graph stands as if nothing had stood before, but for the anchor, which keeps its place. */
static void
test_tidy (void)
{
  guint n_kept_differs = 0;

  for (guint seed = 1; seed < 8; seed++)
    {
      g_autoptr (GraphShape) first = graph_shape_random (30, seed), shape = graph_shape_random (34, seed + 1);
      g_autoptr (PlayerGraph) before = graph_shape_graph (first), graph = graph_shape_graph (shape);
      g_autoptr (LayoutResult) previous = lay_out (before, NULL, G_MAXUINT), fresh = lay_out (graph, NULL, G_MAXUINT);
      g_autoptr (LayoutResult) kept = lay_out (graph, previous, 0);
      g_autoptr (LayoutInput) input = layout_input_new (graph, measure_node, measure_tag, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (LayoutResult) tidy = NULL;
      gboolean differs = FALSE;

      layout_input_forget_order (input);
      tidy = layout_run (input, kept, 0, &error);
      g_assert_no_error (error);
      check_no_overlap (graph, tidy);
      g_assert_cmpfloat_with_epsilon (middle_x (tidy, 0), middle_x (kept, 0), 0.01);
      g_assert_cmpfloat_with_epsilon (top_y (tidy, 0), top_y (kept, 0), 0.01);
      for (guint i = 0; i < shape->nodes->len; i++)
        {
          double x = middle_x (fresh, i) - middle_x (fresh, 0), kept_x = middle_x (kept, i) - middle_x (kept, 0);

          g_assert_cmpfloat_with_epsilon (middle_x (tidy, i) - middle_x (tidy, 0), x, 0.01);
          differs = differs || fabs (kept_x - x) > 1;
        }
      n_kept_differs += differs;
    }
  g_assert_cmpuint (n_kept_differs, >, 3);
}

/* The cache gives what dot gave; with the cache flushed by other graphs, dot gives the same again. */
static void
test_deterministic (void)
{
  g_autoptr (GraphShape) shape = graph_shape_rnn (4, TRUE);
  g_autoptr (PlayerGraph) graph = graph_shape_graph (shape);
  g_autoptr (LayoutResult) first = lay_out (graph, NULL, G_MAXUINT);
  g_autoptr (LayoutResult) cached = lay_out (graph, NULL, G_MAXUINT);
  g_autoptr (LayoutResult) again = NULL;

  g_assert_true (first == cached);
  for (guint n = 0; n < 40; n++)
    {
      g_autoptr (GraphShape) other = graph_shape_wide (1 + n);
      g_autoptr (PlayerGraph) other_graph = graph_shape_graph (other);
      g_autoptr (LayoutResult) unused = lay_out (other_graph, NULL, G_MAXUINT);
    }
  again = lay_out (graph, NULL, G_MAXUINT);
  g_assert_true (again != first);
  assert_same (shape, first, again);
}

static void
test_same_structure (void)
{
  g_autoptr (GraphShape) shape = graph_shape_demo (9);
  g_autoptr (PlayerGraph) graph = graph_shape_graph (shape);
  g_autoptr (LayoutResult) first = lay_out (graph, NULL, G_MAXUINT);
  g_autoptr (LayoutResult) second = NULL;

  graph_shape_node (shape, DEMO_MM_X)->pill_state = PLAYER_PILL_LIT;
  graph_shape_node (shape, DEMO_W_X)->grad_state = PLAYER_GRAD_ARRIVING;
  second = lay_out (graph, first, DEMO_PLUS);
  g_assert_true (first == second);
  g_assert_cmpuint (layout_result_get_structure_hash (first), ==, player_graph_get_structure_hash (graph));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/shapes", test_shapes);
  g_test_add_func ("/layout/another-before", test_another_before);
  g_test_add_func ("/layout/uses", test_uses);
  g_test_add_func ("/layout/loop-is-a-column", test_loop_is_a_column);
  g_test_add_func ("/layout/demo-places", test_demo_places);
  g_test_add_func ("/layout/outlines", test_outlines);
  g_test_add_func ("/layout/demo-grows", test_demo_grows);
  g_test_add_func ("/layout/rnn-grows", test_rnn_grows);
  g_test_add_func ("/layout/deterministic", test_deterministic);
  g_test_add_func ("/layout/same-structure", test_same_structure);
  g_test_add_func ("/layout/tidy", test_tidy);
  return g_test_run ();
}
