/* SPDX-License-Identifier: MIT
 *
 * Where things stand inside a box: one source for measuring and for drawing.
 * Depends on what the tensor is (name, sizes, leaf, requires grad, output, badge),
 * not on its values or gradients, so that boxes keep their size while the tape moves:
 * room for the gradient is there before it comes. What it is may change with a later
 * line; all of it is in the structure's hash, so that it is laid out anew. */
#include "paint-private.h"
#include "player/explain.h"

#include <math.h>

#define TITLE_HEIGHT 17.0
#define TOP 5.0
#define BOTTOM 7.0
#define MOST_TITLE 220.0
#define STRIP_WIDTH 120.0
#define MAP_HEIGHT 77.0
#define MOST_CELL 10.0
#define TALL 36.0
#define WORD_HEIGHT 16.0
#define LEAST_WIDTH 104.0
#define INLINE_HEIGHT 30.0
#define SCALES_HEIGHT 14.0
#define SCALES_GAP 10.0

static double
text_width (PaintFont font, const char *text)
{
  double width;

  paint_text_size (font, text, &width, NULL);
  return ceil (width);
}

static double
title_width (const PlayerNode *node)
{
  return MIN (text_width (PAINT_FONT_TITLE, node->label), MOST_TITLE);
}

static gboolean
has_one_entry (const PlayerNode *node)
{
  for (guint d = 0; d < node->ndim; d++)
    if (node->sizes[d] != 1)
      return FALSE;
  return TRUE;
}

/* As PyTorch prints one entry: "0.5", "[0.5]", "[[0.5]]". Caller frees. */
char *
paint_format_entry (const PlayerNode *node, const char *number)
{
  g_autofree char *open = g_strnfill (node->ndim, '['), *close = g_strnfill (node->ndim, ']');
  return g_strconcat (open, number, close, NULL);
}

static void
shape_inline (const PlayerNode *node, PaintBoxShape *shape)
{
  g_autofree char *value = paint_format_entry (node, "−0.0000");
  g_autofree char *room = NULL;

  if (node->is_leaf || !node->requires_grad)
    room = g_steal_pointer (&value);
  else
    room = node->is_output && node->ndim == 0 ? g_strdup_printf ("%s | ∂ 1 passed", value)
                                              : g_strdup_printf ("%s | ∂ %s passed", value, value);
  shape->inline_value = TRUE;
  shape->title_y = INLINE_HEIGHT / 2;
  shape->height = INLINE_HEIGHT;
  shape->width = MAX (LEAST_WIDTH, 2 * PAINT_PAD + title_width (node) + 16 + text_width (PAINT_FONT_VALUE, room));
  if (!node->is_leaf)
    return;
  shape->has_words = TRUE;
  shape->words = (LayoutRect) { PAINT_PAD, INLINE_HEIGHT - 3, shape->width - 2 * PAINT_PAD, WORD_HEIGHT };
  shape->height = shape->words.y + WORD_HEIGHT + BOTTOM;
}

/* Room for the gradient: beside a tall map, below a strip. */
static double
shape_gradient (const PlayerNode *node, PaintBoxShape *shape, double bottom)
{
  const LayoutRect *map = &shape->map;
  double word = text_width (PAINT_FONT_WORDS, "waiting 9/9") + 14;

  shape->has_gradient_map = TRUE;
  if (map->height > TALL)
    {
      shape->gradient = (LayoutRect) { map->x + map->width + 8, map->y, MAX (map->width, word), map->height };
      return bottom;
    }
  shape->gradient = (LayoutRect) { PAINT_PAD, bottom + 3, map->width, map->height };
  if (node->is_leaf)
    {
      shape->gradient.y += 1;
      shape->gradient.width = MAX (map->width, word);
      shape->gradient.height = MAX (map->height, WORD_HEIGHT);
    }
  return shape->gradient.y + shape->gradient.height;
}

static double
least_words_width (const PlayerNode *node)
{
  double not_required = text_width (PAINT_FONT_WORDS, player_get_gradient_word (PLAYER_GRAD_NOT_REQUIRED))
                        + 16;
  double width = 0;

  if (node->is_leaf)
    return node->requires_grad ? 0 : not_required;
  if (node->requires_grad)
    width = text_width (PAINT_FONT_WORDS, "∂loss passed, not kept");
  else
    width = not_required;
  if (node->badge != NULL)
    width = MAX (width, text_width (PAINT_FONT_WORDS, node->badge));
  return width;
}

static void
shape_map (const PlayerNode *node, PaintBoxShape *shape)
{
  PaintGrid grid = paint_grid_for (node->ndim, node->sizes);
  double cell = paint_grid_cell (&grid, STRIP_WIDTH, MAP_HEIGHT, MOST_CELL);
  g_autofree char *sizes = player_format_size (node->ndim, node->sizes);
  double content = title_width (node) + 14 + text_width (PAINT_FONT_SIZES, sizes);
  double bottom;

  shape->title_y = TOP + TITLE_HEIGHT / 2;
  shape->has_map = grid.rows > 0;
  shape->map = (LayoutRect) { PAINT_PAD, TOP + TITLE_HEIGHT + 3, cell * grid.cols, cell * grid.rows };
  bottom = shape->map.y + shape->map.height;
  content = MAX (content, shape->map.width);
  if (node->requires_grad && shape->has_map)
    {
      bottom = shape_gradient (node, shape, bottom);
      content = MAX (content, shape->gradient.x + shape->gradient.width - PAINT_PAD);
    }
  if (!node->is_leaf || !node->requires_grad)
    {
      shape->has_words = TRUE;
      shape->words = (LayoutRect) { PAINT_PAD, bottom + (node->is_leaf ? 6 : 2), 0, WORD_HEIGHT };
      bottom = shape->words.y + WORD_HEIGHT - (node->is_leaf ? 0 : 3);
      content = MAX (content, least_words_width (node));
    }
  content = MAX (content, LEAST_WIDTH - 2 * PAINT_PAD);
  shape->words.width = content;
  if (shape->gradient.y > shape->map.y + 1 && node->is_leaf)
    shape->gradient.width = content;
  shape->width = content + 2 * PAINT_PAD;
  shape->height = bottom + BOTTOM + (node->is_leaf ? 0 : 2);
}

void
paint_box_shape (const PlayerNode *node, PaintBoxShape *shape)
{
  *shape = (PaintBoxShape) { 0 };
  if (has_one_entry (node) && (node->shot != 0 || !node->outline))
    shape_inline (node, shape);
  else
    shape_map (node, shape);
}

void
paint_box_shape_scales (const PlayerNode *node, PaintBoxShape *shape)
{
  double room = text_width (PAINT_FONT_WORDS, "±0.0000");

  paint_box_shape (node, shape);
  if (!shape->has_map)
    return;
  if (shape->has_gradient_map)
    room += SCALES_GAP + text_width (PAINT_FONT_WORDS, "∂ ±0.0000");
  shape->width = MAX (shape->width, room + 2 * PAINT_PAD);
  shape->scales = (LayoutRect) { PAINT_PAD, shape->height - BOTTOM + 2, shape->width - 2 * PAINT_PAD,
                                 SCALES_HEIGHT };
  shape->height = shape->scales.y + SCALES_HEIGHT + BOTTOM - 2;
}

/* Wide enough for what the student wrote and, later, for its grad_fn's name. */
double
paint_pill_width (const PlayerNode *node)
{
  double width = text_width (PAINT_FONT_PILL, node->label != NULL ? node->label : "") + 36;

  width = MAX (MIN (width, MOST_TITLE), 70);
  if (node->grad_fn_name != NULL)
    width = MAX (width, text_width (PAINT_FONT_GRAD_FN, node->grad_fn_name) + 24);
  return width;
}
