/* SPDX-License-Identifier: MIT
 *
 * Layouts with sizes that are the tests' own, not the painter's. */
#pragma once

#include "layout/layout.h"

static inline void
measure_node (const PlayerNode *node, LayoutSize *size, gpointer data)
{
  if (node->kind == PLAYER_PILL)
    *size = (LayoutSize) { 84, 36, node->grad_fn_name != NULL ? 24 : 0, node->factor != NULL ? 80 : 0 };
  else
    *size = (LayoutSize) { node->ndim == 0 ? 150 : 144, node->is_leaf ? 60 + 4 * node->sizes[0] : 84, 0, 5 };
}

static inline void
measure_tag (const PlayerEdge *edge, double *width, double *height, gpointer data)
{
  *width = 60;
  *height = 21;
}

static inline LayoutResult *
lay_out (const PlayerGraph *graph, const LayoutResult *previous, guint anchor)
{
  g_autoptr (LayoutInput) input = layout_input_new (graph, measure_node, measure_tag, NULL);
  g_autoptr (GError) error = NULL;
  LayoutResult *result = layout_run (input, previous, anchor, &error);

  g_assert_no_error (error);
  return result;
}
