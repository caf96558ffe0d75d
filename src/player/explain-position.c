/* SPDX-License-Identifier: MIT
 *
 * What the inspector says where no operation is running: the outputs with their
 * values and the gradients that leaves hold, as they stand at the position. */
#include "explain-private.h"

#define MOST_FACTS 8

static void
add_outputs (Player *player, const PlayerGraph *graph, Explanation *explanation)
{
  guint n = 0;

  for (guint k = 0; k < player_graph_get_n_nodes (graph) && n < MOST_FACTS; k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);
      g_autofree char *size = player_format_size (node->ndim, node->sizes);

      if (node->kind != PLAYER_BOX || !node->is_output)
        continue;
      player_explain_add_fact (
          explanation,
          node->ndim > 0 ? g_strdup_printf ("%s, %s", node->label, size) : g_strdup (node->label),
          player_explain_size_note (player, node->shot), node->ndim > 0 ? node->shot : 0, FALSE, 0);
      n++;
    }
}

static void
add_gradients (Player *player, const PlayerGraph *graph, Explanation *explanation)
{
  guint n = 0;

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);
      g_autofree char *size = player_format_size (node->ndim, node->sizes);

      if (node->kind != PLAYER_BOX || node->dimmed || !node->requires_grad || node->outline
          || !(node->is_leaf || node->grad_state == PLAYER_GRAD_KEPT))
        continue;
      if (n++ >= MOST_FACTS)
        continue;
      player_explain_add_fact (explanation, g_strdup_printf ("%s.grad, %s", node->label, size),
                               player_explain_gradient_note (player, node), node->grad_shot, TRUE, 0);
    }
  if (n > MOST_FACTS)
    player_explain_add_fact (explanation, g_strdup_printf ("and %u more", n - MOST_FACTS), NULL, 0, TRUE, 0);
}

PlayerExplanation *
player_explain_position (Player *player)
{
  Explanation *explanation;

  g_return_val_if_fail (PLAYER_IS_PLAYER (player), NULL);
  if (player_get_position (player) == 0)
    return NULL;
  explanation = player_explanation_alloc ();
  explanation->pub.title = player_is_finished (player) ? g_strdup ("The run has ended")
                                                       : g_strdup_printf ("After step %u", player_get_count_position (player));
  explanation->pub.subtitle
      = g_strdup_printf ("step %u of %u", player_get_count_position (player), player_get_count_steps (player));
  add_outputs (player, player->graph, explanation);
  add_gradients (player, player->graph, explanation);
  return &explanation->pub;
}
