/* SPDX-License-Identifier: MIT
 *
 * The two scales of a scene: the largest finite |value| and |gradient| among the
 * shots its boxes show. One for all values, one for all gradients, so that
 * colours compare between boxes. O(entries) of the shots shown. */
#include "paint-private.h"

#include <math.h>

static double
largest (RecRecording *recording, guint64 shot)
{
  RecShot facts;
  RecStats stats;

  if (shot == 0 || !rec_recording_get_shot (recording, shot, &facts))
    return 0;
  rec_shot_get_stats (&facts, &stats);
  return stats.largest_index >= 0 && isfinite (stats.largest) ? fabs (stats.largest) : 0;
}

void
paint_scene_scales (RecRecording *recording, const PlayerGraph *graph, double *value_scale, double *gradient_scale)
{
  double values = 0, gradients = 0;

  for (guint k = 0; recording != NULL && graph != NULL && k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);

      values = MAX (values, largest (recording, node->shot));
      gradients = MAX (gradients, largest (recording, node->grad_shot));
    }
  *value_scale = values > 0 ? values : 1;
  *gradient_scale = gradients > 0 ? gradients : 1;
}
