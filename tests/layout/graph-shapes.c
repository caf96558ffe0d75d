/* SPDX-License-Identifier: MIT
 *
 * Player graphs made by hand: see graph-shapes.h. Boxes and pills alternate as
 * the player makes them; ids are indices. */
#include "graph-shapes.h"

GraphShape *
graph_shape_new (void)
{
  GraphShape *shape = g_new0 (GraphShape, 1);

  shape->nodes = g_array_new (FALSE, TRUE, sizeof (PlayerNode));
  shape->edges = g_array_new (FALSE, TRUE, sizeof (PlayerEdge));
  shape->strings = g_string_chunk_new (1024);
  shape->sizes = g_ptr_array_new_with_free_func (g_free);
  return shape;
}

void
graph_shape_free (GraphShape *shape)
{
  g_array_unref (shape->nodes);
  g_array_unref (shape->edges);
  g_string_chunk_free (shape->strings);
  g_ptr_array_unref (shape->sizes);
  g_free (shape);
}

PlayerNode *
graph_shape_node (GraphShape *shape, guint id)
{
  return &g_array_index (shape->nodes, PlayerNode, id);
}

PlayerEdge *
graph_shape_get_edge (GraphShape *shape, guint id)
{
  return &g_array_index (shape->edges, PlayerEdge, id);
}

static guint
append_node (GraphShape *shape, PlayerNodeKind kind, const char *label)
{
  PlayerNode node = { .id = shape->nodes->len, .kind = kind };

  node.label = g_string_chunk_insert (shape->strings, label);
  g_array_append_val (shape->nodes, node);
  return node.id;
}

/* rows 0: a 0-dim tensor. */
static guint
append_box (GraphShape *shape, const char *label, gint64 rows, gint64 cols)
{
  guint id = append_node (shape, PLAYER_BOX, label);
  PlayerNode *node = graph_shape_node (shape, id);
  gint64 *sizes = g_new (gint64, 2);

  sizes[0] = rows;
  sizes[1] = cols;
  g_ptr_array_add (shape->sizes, sizes);
  node->dtype = REC_FLOAT32;
  node->ndim = rows > 0 ? 2 : 0;
  node->sizes = sizes;
  return id;
}

guint
graph_shape_leaf (GraphShape *shape, const char *label, gint64 rows, gint64 cols, gboolean requires_grad)
{
  guint id = append_box (shape, label, rows, cols);
  PlayerNode *node = graph_shape_node (shape, id);

  node->is_leaf = TRUE;
  node->requires_grad = requires_grad;
  node->grad_state = requires_grad ? PLAYER_GRAD_NONE_YET : PLAYER_GRAD_NOT_REQUIRED;
  return id;
}

guint
graph_shape_pill (GraphShape *shape, const char *label, const char *grad_fn, const char *factor)
{
  guint id = append_node (shape, PLAYER_PILL, label);

  graph_shape_node (shape, id)->grad_fn_name = grad_fn;
  graph_shape_node (shape, id)->factor = factor;
  return id;
}

guint
graph_shape_box (GraphShape *shape, const char *label, guint line, gint64 rows, gint64 cols, guint producer)
{
  guint id = append_box (shape, label, rows, cols);

  graph_shape_node (shape, id)->requires_grad = TRUE;
  graph_shape_node (shape, id)->line = line;
  graph_shape_edge (shape, producer, id, 0, NULL);
  return id;
}

guint
graph_shape_edge (GraphShape *shape, guint from, guint to, guint operand, const char *tag)
{
  PlayerEdge edge = { .id = shape->edges->len, .from = from, .to = to, .operand = operand, .tag = tag };

  edge.needs_grad = graph_shape_node (shape, from)->requires_grad
    || graph_shape_node (shape, from)->kind == PLAYER_PILL;
  g_array_append_val (shape->edges, edge);
  return edge.id;
}

PlayerGraph *
graph_shape_graph (const GraphShape *shape)
{
  return player_graph_new_from ((const PlayerNode *) shape->nodes->data, shape->nodes->len,
                                (const PlayerEdge *) shape->edges->data, shape->edges->len);
}

static guint
demo_product (GraphShape *shape, guint matrix, guint vector, const char *tag, const char *factor,
              const char *label, guint line)
{
  guint pill = graph_shape_pill (shape, "mm", "MmBackward0", factor);

  graph_shape_edge (shape, matrix, pill, 0, NULL);
  graph_shape_edge (shape, vector, pill, 1, tag);
  return graph_shape_box (shape, label, line, 20, 1, pill);
}

GraphShape *
graph_shape_demo (guint steps)
{
  GraphShape *shape = graph_shape_new ();
  guint pill;

  graph_shape_leaf (shape, "W_h", 20, 20, TRUE);
  graph_shape_leaf (shape, "W_x", 20, 10, TRUE);
  graph_shape_leaf (shape, "x", 1, 10, FALSE);
  graph_shape_leaf (shape, "prev_h", 1, 20, FALSE);
  for (guint i = 0; i < 4; i++)
    {
      graph_shape_node (shape, i)->line = 4 + i;
      graph_shape_node (shape, i)->outline = i >= steps;
    }
  if (steps >= 5)
    demo_product (shape, DEMO_W_H, DEMO_PREV_H, "ᵀ 20×1", "× prev_hᵀ", "h2h", 9);
  if (steps >= 6)
    demo_product (shape, DEMO_W_X, DEMO_X, "ᵀ 10×1", "× xᵀ", "i2h", 10);
  if (steps >= 7)
    {
      pill = graph_shape_pill (shape, "+", "AddBackward0", "× 1 to both");
      graph_shape_edge (shape, DEMO_H2H, pill, 0, NULL);
      graph_shape_edge (shape, DEMO_I2H, pill, 1, NULL);
      graph_shape_box (shape, "next_h", 11, 20, 1, pill);
    }
  if (steps >= 8)
    {
      graph_shape_node (shape, DEMO_NEXT_H_OLD)->dimmed = TRUE;
      graph_shape_node (shape, DEMO_NEXT_H_OLD)->label = "next_h (line 11)";
      pill = graph_shape_pill (shape, "tanh", "TanhBackward0", "× (1 − next_h²)");
      graph_shape_edge (shape, DEMO_NEXT_H_OLD, pill, 0, NULL);
      pill = graph_shape_box (shape, "next_h", 12, 20, 1, pill);
      graph_shape_node (shape, pill)->badge = "12 of 20 nearly ±1";
    }
  if (steps >= 9)
    {
      pill = graph_shape_pill (shape, "sum", "SumBackward0", "copies 1 to all 20");
      graph_shape_edge (shape, DEMO_NEXT_H, pill, 0, NULL);
      pill = graph_shape_box (shape, "loss", 14, 0, 0, pill);
      graph_shape_node (shape, pill)->is_output = TRUE;
    }
  return shape;
}

GraphShape *
graph_shape_chain (guint n)
{
  GraphShape *shape = graph_shape_new ();
  guint last = graph_shape_leaf (shape, "x", 1, 8, TRUE);

  while (shape->nodes->len + 2 <= n)
    {
      guint pill = graph_shape_pill (shape, "tanh", "TanhBackward0", "× (1 − h²)");

      graph_shape_edge (shape, last, pill, 0, NULL);
      last = graph_shape_box (shape, "h", 3, 1, 8, pill);
    }
  return shape;
}

GraphShape *
graph_shape_diamonds (guint n)
{
  GraphShape *shape = graph_shape_new ();
  guint last = graph_shape_leaf (shape, "x", 4, 4, TRUE);

  while (shape->nodes->len + 6 <= n)
    {
      guint left = graph_shape_pill (shape, "sigmoid", "SigmoidBackward0", "× s(1 − s)");
      guint right = graph_shape_pill (shape, "exp", "ExpBackward0", "× exp");
      guint a, b, join;

      graph_shape_edge (shape, last, left, 0, NULL);
      graph_shape_edge (shape, last, right, 0, NULL);
      a = graph_shape_box (shape, "gate", 4, 4, 4, left);
      b = graph_shape_box (shape, "value", 5, 4, 4, right);
      join = graph_shape_pill (shape, "*", "MulBackward0", "× the other");
      graph_shape_edge (shape, a, join, 0, NULL);
      graph_shape_edge (shape, b, join, 1, NULL);
      last = graph_shape_box (shape, "out", 6, 4, 4, join);
    }
  return shape;
}

/* Shared weights W and U are used at every time step: the hubs that make dot slow. */
GraphShape *
graph_shape_rnn (guint n_times, gboolean tagged)
{
  GraphShape *shape = graph_shape_new ();
  guint w = graph_shape_leaf (shape, "W", 20, 20, TRUE), u = graph_shape_leaf (shape, "U", 20, 10, TRUE);
  guint h = graph_shape_leaf (shape, "h0", 20, 1, FALSE);

  for (guint t = 0; t < n_times; t++)
    {
      guint x = graph_shape_leaf (shape, "x_t", 1, 10, FALSE);
      guint product = graph_shape_pill (shape, "mm", "MmBackward0", "× h"), input, sum, tanh, a, b;

      graph_shape_edge (shape, w, product, 0, NULL);
      graph_shape_edge (shape, h, product, 1, NULL);
      a = graph_shape_box (shape, "a", 5, 20, 1, product);
      input = graph_shape_pill (shape, "mm", "MmBackward0", "× xᵀ");
      graph_shape_edge (shape, u, input, 0, NULL);
      graph_shape_edge (shape, x, input, 1, tagged ? "ᵀ 10×1" : NULL);
      b = graph_shape_box (shape, "b", 6, 20, 1, input);
      sum = graph_shape_pill (shape, "+", "AddBackward0", "× 1 to both");
      graph_shape_edge (shape, a, sum, 0, NULL);
      graph_shape_edge (shape, b, sum, 1, NULL);
      tanh = graph_shape_pill (shape, "tanh", "TanhBackward0", "× (1 − h²)");
      graph_shape_edge (shape, sum, tanh, 0, NULL);
      h = graph_shape_box (shape, "h", 7, 20, 1, tanh);
    }
  return shape;
}

GraphShape *
graph_shape_loop (guint n_times)
{
  GraphShape *shape = graph_shape_new ();
  guint w = graph_shape_leaf (shape, "w", 3, 3, TRUE), b = graph_shape_leaf (shape, "b", 1, 3, TRUE);
  guint h = graph_shape_leaf (shape, "x", 1, 3, FALSE);

  for (guint t = 0; t < n_times; t++)
    {
      guint product = graph_shape_pill (shape, "@", "MmBackward0", "× w, × h"), sum, tanh;

      graph_shape_edge (shape, h, product, 0, NULL);
      graph_shape_edge (shape, w, product, 1, NULL);
      sum = graph_shape_pill (shape, "+", "AddBackward0", "× 1 to both");
      graph_shape_edge (shape, product, sum, 0, NULL);
      graph_shape_edge (shape, b, sum, 1, NULL);
      tanh = graph_shape_pill (shape, "tanh", "TanhBackward0", "× (1 − h²)");
      graph_shape_edge (shape, sum, tanh, 0, NULL);
      h = graph_shape_box (shape, "h", 8, 1, 3, tanh);
    }
  return shape;
}

/* n leaves into one pill. */
GraphShape *
graph_shape_wide (guint n)
{
  GraphShape *shape = graph_shape_new ();
  guint pill;

  for (guint i = 0; i < n; i++)
    graph_shape_leaf (shape, i % 3 == 0 ? "a_long_name" : "b", 1 + i % 7, 5, i % 2 == 0);
  pill = graph_shape_pill (shape, "cat", "CatBackward0", NULL);
  for (guint i = 0; i < n; i++)
    graph_shape_edge (shape, i, pill, i, i % 4 == 0 ? "[0:2]" : NULL);
  graph_shape_box (shape, "all", 9, 40, 5, pill);
  return shape;
}

/* A residual net: every block's input skips over three operations. */
GraphShape *
graph_shape_residual (guint n)
{
  GraphShape *shape = graph_shape_new ();
  guint last = graph_shape_leaf (shape, "x", 8, 16, FALSE);

  while (shape->nodes->len + 8 <= n)
    {
      guint w = graph_shape_leaf (shape, "weight", 16, 16, TRUE), b = graph_shape_leaf (shape, "bias", 1, 16, TRUE);
      guint linear = graph_shape_pill (shape, "addmm", "AddmmBackward0", "× Wᵀ"), relu, h, add;

      graph_shape_edge (shape, b, linear, 0, NULL);
      graph_shape_edge (shape, last, linear, 1, NULL);
      graph_shape_edge (shape, w, linear, 2, "ᵀ 16×16");
      h = graph_shape_box (shape, "z", 4, 8, 16, linear);
      relu = graph_shape_pill (shape, "relu", "ReluBackward0", "× (z > 0)");
      graph_shape_edge (shape, h, relu, 0, NULL);
      h = graph_shape_box (shape, "h", 5, 8, 16, relu);
      add = graph_shape_pill (shape, "+", "AddBackward0", "× 1 to both");
      graph_shape_edge (shape, last, add, 0, NULL);
      graph_shape_edge (shape, h, add, 1, NULL);
      last = graph_shape_box (shape, "x", 6, 8, 16, add);
    }
  return shape;
}

/* Two-parent operations on earlier boxes, mostly recent ones. */
GraphShape *
graph_shape_random (guint n, guint seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (guint));
  GraphShape *shape = graph_shape_new ();

  for (guint i = 0; i < 3; i++)
    {
      guint leaf = graph_shape_leaf (shape, "leaf", 1 + 4 * i, 6, TRUE);
      g_array_append_val (boxes, leaf);
    }
  while (shape->nodes->len + 2 <= n)
    {
      guint pill = graph_shape_pill (shape, "*", "MulBackward0", "× the other"), box;

      for (guint operand = 0; operand < 2; operand++)
        {
          guint back = g_rand_int_range (random, 1, MIN (boxes->len, 6) + 1);
          guint from = g_array_index (boxes, guint, boxes->len - back);

          graph_shape_edge (shape, from, pill, operand, g_rand_int_range (random, 0, 5) == 0 ? "view 3×2" : NULL);
        }
      box = graph_shape_box (shape, "v", 8, 3, 2, pill);
      g_array_append_val (boxes, box);
    }
  return shape;
}

/* Every result is used all along the way, as a shared parameter would be. */
GraphShape *
graph_shape_tangle (guint n)
{
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (guint));
  GraphShape *shape = graph_shape_new ();
  guint leaf = graph_shape_leaf (shape, "leaf", 3, 2, TRUE);

  g_array_append_val (boxes, leaf); /* of pills: an unnamed result stands once, however often it is used */
  while (shape->nodes->len < n)
    {
      guint pill = graph_shape_pill (shape, "+", "AddBackward0", NULL);

      for (guint k = 0; k < MIN (boxes->len, 8); k++)
        graph_shape_edge (shape, g_array_index (boxes, guint, (boxes->len - 1) * (7 - k) / 7), pill, k, NULL);
      g_array_append_val (boxes, pill);
    }
  return shape;
}
