/* SPDX-License-Identifier: MIT
 *
 * The two scales of a scene: full colour stands for twice the root mean square of
 * all values (gradients) its boxes show, or for the largest one if that is less;
 * what is beyond has full colour too. One for all values, one for all gradients,
 * so that colours compare between boxes; one huge entry does not blank the rest.
 * O(entries) of the shots shown. */
#include "paint-private.h"

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
