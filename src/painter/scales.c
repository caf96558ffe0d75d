/* SPDX-License-Identifier: MIT
 *
 * The two scales of a scene: full colour stands for twice the root mean square of
 * all values (gradients) its boxes show, or for the largest one if that is less;
 * what is beyond has full colour too. One for all values, one for all gradients,
 * so that colours compare between boxes; one huge entry does not blank the rest.
 * Where each map has a scale of its own, by the same rule, its box says it.
 * O(entries) of the shots shown. */
#include "paint-private.h"
#include "player/explain.h"

#include <math.h>

#define FULL_COLOR_AT 2.0

typedef struct { double squares, count, largest; } Spread;

static void
add_shot (Spread *spread, RecRecording *recording, guint64 shot)
{
  RecShot facts;
  RecStats stats;

  if (shot == 0 || !rec_recording_get_shot (recording, shot, &facts))
    return;
  rec_shot_get_stats (&facts, &stats);
  if (stats.largest_index >= 0)
    spread->largest = MAX (spread->largest, fabs (stats.largest));
  if (!isfinite (stats.norm))
    return;
  spread->squares += stats.norm * stats.norm;
  spread->count += facts.numel;
}

static double
full_color (const Spread *spread)
{
  double usual = spread->count > 0 ? FULL_COLOR_AT * sqrt (spread->squares / spread->count) : 0;

  if (spread->largest <= 0)
    return 1;
  return usual > 0 && isfinite (usual) ? MIN (usual, spread->largest) : spread->largest;
}

double
paint_shot_scale (RecRecording *recording, guint64 shot)
{
  Spread spread = { 0 };

  if (recording != NULL)
    add_shot (&spread, recording, shot);
  return spread.largest > 0 ? full_color (&spread) : 0;
}

char *
paint_format_scale (double scale)
{
  g_autofree char *number = player_format_number (scale);

  return scale > 0 ? g_strdup_printf ("±%s", number) : g_strdup ("all 0");
}

void
paint_scene_scales (RecRecording *recording, const PlayerGraph *graph, double *value_scale, double *gradient_scale)
{
  Spread values = { 0 }, gradients = { 0 };

  for (guint k = 0; recording != NULL && graph != NULL && k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);

      add_shot (&values, recording, node->shot);
      add_shot (&gradients, recording, node->grad_shot);
    }
  *value_scale = full_color (&values);
  *gradient_scale = full_color (&gradients);
}

static gboolean
has_shot (RecRecording *recording, guint64 shot)
{
  RecShot facts;

  return recording != NULL && shot != 0 && rec_recording_get_shot (recording, shot, &facts);
}

/* What a box says of its maps: the values' scale at the left, the gradients' at the right. */
void
paint_box_scales (cairo_t *cr, const PaintScene *scene, const PlayerNode *node, const LayoutRect *rect)
{
  const PaintColor *color = &scene->theme->text_dim;
  double left = rect->x + PAINT_PAD, right = rect->x + rect->width - PAINT_PAD, middle;
  PaintBoxShape shape;

  paint_box_shape_scales (node, &shape);
  middle = rect->y + shape.scales.y + shape.scales.height / 2;
  /* A layout from before the scales were wanted has no room for them. */
  if (!shape.has_map || shape.height > rect->height + 1)
    return;
  if (scene->value_scale <= 0 && has_shot (scene->recording, node->shot))
    {
      g_autofree char *text = paint_format_scale (paint_shot_scale (scene->recording, node->shot));
      paint_text (cr, PAINT_FONT_WORDS, text, left, middle, PAINT_LEFT, right - left, color);
    }
  if (scene->gradient_scale <= 0 && shape.has_gradient_map && has_shot (scene->recording, node->grad_shot))
    {
      g_autofree char *scale = paint_format_scale (paint_shot_scale (scene->recording, node->grad_shot));
      g_autofree char *text = g_strdup_printf ("∂ %s", scale);
      paint_text (cr, PAINT_FONT_WORDS, text, right, middle, PAINT_RIGHT, right - left, color);
    }
}
