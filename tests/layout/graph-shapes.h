/* SPDX-License-Identifier: MIT
 *
 * Player graphs made by hand: the demo after k steps, chains, diamonds, unrolled
 * RNNs, wide and random ones. Used by the tests of layout and painter. */
#pragma once

#include "player/graph-builder.h"

typedef struct
{
  GArray *nodes;             /* of PlayerNode; id = index */
  GArray *edges;             /* of PlayerEdge; id = index */
  GStringChunk *strings;
  GPtrArray *sizes;
} GraphShape;

GraphShape *graph_shape_new (void);
void graph_shape_free (GraphShape *shape);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GraphShape, graph_shape_free)
guint graph_shape_leaf (GraphShape *shape, const char *label, gint64 rows, gint64 cols, gboolean requires_grad);
guint graph_shape_pill (GraphShape *shape, const char *label, const char *grad_fn, const char *factor);
guint graph_shape_box (GraphShape *shape, const char *label, guint line, gint64 rows, gint64 cols, guint producer);
guint graph_shape_edge (GraphShape *shape, guint from, guint to, guint operand, const char *tag);
PlayerNode *graph_shape_node (GraphShape *shape, guint id);
PlayerEdge *graph_shape_get_edge (GraphShape *shape, guint id);
/* Borrows strings and sizes: the shape must outlive it. */
PlayerGraph *graph_shape_graph (const GraphShape *shape);

/* The demo: leaves 0 W_h, 1 W_x, 2 x, 3 prev_h; step 5 makes pill 4 and h2h 5, step 6 pill 6 and i2h 7,
 * step 7 pill 8 and next_h 9, step 8 pill 10 and next_h 11, step 9 pill 12 and loss 13. */
enum { DEMO_W_H, DEMO_W_X, DEMO_X, DEMO_PREV_H, DEMO_MM_H, DEMO_H2H, DEMO_MM_X, DEMO_I2H, DEMO_PLUS, DEMO_NEXT_H_OLD,
  DEMO_TANH, DEMO_NEXT_H, DEMO_SUM, DEMO_LOSS, DEMO_N_NODES };
GraphShape *graph_shape_demo (guint steps);
GraphShape *graph_shape_chain (guint n);
GraphShape *graph_shape_diamonds (guint n);
GraphShape *graph_shape_rnn (guint n_times, gboolean tagged);
GraphShape *graph_shape_loop (guint n_times); /* h = tanh (h @ w + b), again and again */
GraphShape *graph_shape_wide (guint n);
GraphShape *graph_shape_residual (guint n);
GraphShape *graph_shape_random (guint n, guint seed);
GraphShape *graph_shape_tangle (guint n);   /* dot takes minutes for 200 */
