/* SPDX-License-Identifier: MIT
 *
 * Sizes for layout: the body, and the room beside it for what hangs outside (a
 * pill's number at the left and factor at the right, a box's tab). Whole px. */
#include "paint-private.h"

#include <math.h>

#define NUMBER_ROOM 24.0
#define FACTOR_GAP 10.0
#define TAB_ROOM 5.0

void
paint_measure_node (const PlayerNode *node, LayoutSize *size, gpointer data)
{
  PaintBoxShape shape;
  double factor = 0;

  if (node->kind == PLAYER_BOX)
    {
      if (GPOINTER_TO_INT (data))
        paint_box_shape_scales (node, &shape);
      else
        paint_box_shape (node, &shape);
      *size = (LayoutSize) { ceil (shape.width), ceil (shape.height), 0, TAB_ROOM };
      return;
    }
  *size = (LayoutSize) { ceil (paint_pill_width (node)), PAINT_PILL_HEIGHT, 0, 0 };
  if (node->grad_fn_name != NULL)
    size->left = NUMBER_ROOM;
  if (node->factor != NULL)
    {
      paint_text_size (PAINT_FONT_WORDS, node->factor, &factor, NULL);
      size->right = ceil (factor) + FACTOR_GAP;
    }
}

void
paint_measure_tag (const PlayerEdge *edge, double *width, double *height, gpointer data)
{
  double text = 0;

  paint_text_size (PAINT_FONT_TAG, edge->tag, &text, NULL);
  *width = ceil (text) + 22;
  *height = 19;
}
