/* SPDX-License-Identifier: MIT
 *
 * Pulses of steps: an operation's inputs come in, then its result goes out; a
 * grad_fn takes from its output's side, then sends to the inputs that receive.
 * AccumulateGrad and leaves move nothing. */
#include "motion.h"
#include "graph-private.h"

static void
add_pulse (GArray *pulses, guint edge, gboolean backward, guint wave)
{
  PlayerPulse pulse = { edge, backward, wave };
  g_array_append_val (pulses, pulse);
}

static guint
add_inputs (const PlayerGraph *graph, const GraphNode *pill, gboolean backward, guint wave, GArray *pulses)
{
  guint n = 0;

  for (guint id = pill->first_in; id != PLAYER_NONE; id = player_graph_edge (graph, id)->next_in)
    if (!backward || player_graph_edge (graph, id)->pub.passed)
      {
        add_pulse (pulses, id, backward, wave);
        n++;
      }
  return n;
}

/* To the boxes of its own results; what its consumers draw from it is theirs. */
static guint
add_outputs (const PlayerGraph *graph, const GraphNode *pill, gboolean backward, guint wave, GArray *pulses)
{
  guint n = 0;

  for (guint id = pill->first_out; id != PLAYER_NONE; id = player_graph_edge (graph, id)->next_out)
    if (player_graph_node (graph, player_graph_edge (graph, id)->pub.to)->pub.kind == PLAYER_BOX)
      {
        add_pulse (pulses, id, backward, wave);
        n++;
      }
  return n;
}

guint
player_collect_motion (PlayerRunIndex *index, const PlayerGraph *graph, guint first, guint last, GArray *pulses)
{
  guint wave = 0;

  for (guint n = MAX (first, 1); n <= last; n++)
    {
      const PlayerStepInfo *step = player_run_index_get_step (index, n);
      const GraphNode *pill = step != NULL ? player_graph_node (graph, step->pub.node) : NULL;

      if (pill == NULL || pill->pub.kind != PLAYER_PILL)
        continue;
      if (step->kind == PLAYER_STEP_OP || step->kind == PLAYER_STEP_UPDATE)
        {
          wave += add_inputs (graph, pill, FALSE, wave, pulses) > 0;
          wave += add_outputs (graph, pill, FALSE, wave, pulses) > 0;
        }
      else if (step->kind == PLAYER_STEP_GRAD_FN)
        {
          wave += add_outputs (graph, pill, TRUE, wave, pulses) > 0;
          wave += add_inputs (graph, pill, TRUE, wave, pulses) > 0;
        }
    }
  return wave;
}
