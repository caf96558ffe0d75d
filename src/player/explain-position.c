/* SPDX-License-Identifier: MIT
 *
 * What the inspector says where no operation is running: the outputs with their
 * values and the gradients that leaves hold, as they stand at the position. An
 * edge's card too: what an unnamed result or a folded view carries. */
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
          player_explain_size_note (player, node->shot), node->ndim > 0 ? node->shot : 0, FALSE);
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
                               player_explain_gradient_note (player, node), node->grad_shot, TRUE);
    }
  if (n > MOST_FACTS)
    player_explain_add_fact (explanation, g_strdup_printf ("and %u more", n - MOST_FACTS), NULL, 0, TRUE);
}

PlayerExplanation *
player_explain_position (Player *player)
{
  Explanation *explanation;
  guint position, n_steps;

  g_return_val_if_fail (PLAYER_IS_PLAYER (player), NULL);
  position = player_get_position (player);
  n_steps = player_get_n_steps (player);
  if (position == 0)
    return NULL;
  explanation = player_explanation_alloc ();
  explanation->pub.title = player_is_finished (player) ? g_strdup ("The run has ended")
                                                       : g_strdup_printf ("After step %u", position);
  explanation->pub.subtitle = g_strdup_printf ("step %u of %u", position, n_steps);
  add_outputs (player, player->graph, explanation);
  add_gradients (player, player->graph, explanation);
  return &explanation->pub;
}

static const char *
node_label (const PlayerGraph *graph, guint id)
{
  const PlayerNode *node = player_graph_find_node (graph, id);

  return node != NULL && node->label != NULL ? node->label : "?";
}

PlayerExplanation *
player_explain_edge (Player *player, guint id)
{
  const PlayerEdge *edge;
  Explanation *explanation;
  RecShot shot;

  g_return_val_if_fail (PLAYER_IS_PLAYER (player), NULL);
  edge = player_graph_find_edge (player->graph, id);
  if (edge == NULL)
    return NULL;
  explanation = player_explanation_alloc ();
  explanation->pub.title = g_strdup_printf ("%s → %s", node_label (player->graph, edge->from),
                                            node_label (player->graph, edge->to));
  if (edge->shot != 0 && rec_recording_get_shot (player->recording, edge->shot, &shot))
    {
      g_autofree char *size = player_format_size (shot.ndim, shot.sizes);

      explanation->pub.subtitle = g_strdup_printf ("%s · %s", size, rec_dtype_name (shot.dtype));
    }
  if (edge->tag != NULL)
    explanation->pub.words = g_strdup_printf (
        "%s: a view. The same numbers, read in another shape; nothing was copied.", edge->tag);
  player_explain_add_fact (explanation, g_strdup ("values"), player_explain_size_note (player, edge->shot),
                           edge->shot, FALSE);
  if (edge->passed)
    player_explain_add_fact (explanation, g_strdup ("gradient that came back"),
                             player_explain_size_note (player, edge->grad_shot), edge->grad_shot, TRUE);
  else if (!edge->needs_grad)
    player_explain_add_fact (explanation, g_strdup ("gradient"), g_strdup ("not required"), 0, TRUE);
  return &explanation->pub;
}
