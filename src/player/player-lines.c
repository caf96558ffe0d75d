/* SPDX-License-Identifier: MIT
 *
 * Lines of the script and what they made. A statement inside a function made what it
 * made, and so did the statement that called the function. Only the script itself has
 * lines here: what a module's lines made belongs to the line that called them. */
#include "player-private.h"

/* Calls the function with each statement that a step is in, innermost first, until it says TRUE. */
static gboolean
find_statement (Player *player, const PlayerStepInfo *step, const PlayerStatement *own,
                gboolean (*wanted) (const PlayerStatement *statement, gpointer data), gpointer data)
{
  const GArray *calls = player->index->calls;

  if (wanted (own, data))
    return TRUE;
  for (guint call = step->call; call != 0; call = g_array_index (calls, PlayerCall, call - 1).outer)
    if (wanted (&g_array_index (calls, PlayerCall, call - 1).by, data))
      return TRUE;
  return FALSE;
}

static gboolean
is_in_script (const PlayerStatement *statement, gpointer data)
{
  if (statement->file != 0 || statement->line == 0)
    return FALSE;
  *(PlayerStatement *) data = *statement;
  return TRUE;
}

static gboolean
has_line (const PlayerStatement *statement, gpointer data)
{
  guint line = *(const guint *) data;

  return statement->file == 0 && line >= statement->line && line <= statement->end_line;
}

/* The step that made a node, and its statement. FALSE: nothing has, it is an outline. */
static gboolean
find_maker (Player *player, const PlayerNode *node, const PlayerStepInfo **step, PlayerStatement *own)
{
  guint n = node->outline ? 0 : player_run_index_find_step (player->index, node->event);

  *step = player_run_index_get_step (player->index, n);
  *own = (PlayerStatement) { node->line, node->line, 0 };
  if (*step == NULL)
    return FALSE;
  own->file = (*step)->pub.file;
  if ((*step)->pub.line == node->line)
    own->end_line = (*step)->end_line;
  return TRUE;
}

guint
player_get_line (Player *player, guint *end_line)
{
  const PlayerStepInfo *step = player_run_index_get_step (player->index, player->position);
  PlayerStatement found = { 0, 0, 0 };
  guint line;

  if (step != NULL)
    {
      PlayerStatement own = { step->pub.line, step->end_line, step->pub.file };
      find_statement (player, step, &own, is_in_script, &found);
    }
  if (end_line != NULL)
    *end_line = found.end_line;
  if ((player->index->refused || (step != NULL && step->kind == PLAYER_STEP_ERROR))
      && player_get_error (player, NULL, &line))
    return line;
  return found.line;
}

guint
player_get_line_of (Player *player, guint node_id, guint *end_line)
{
  const PlayerNode *node = player_graph_find_node (player->graph, node_id);
  PlayerStatement own, found = { 0, 0, 0 };
  const PlayerStepInfo *step;

  if (node != NULL && !find_maker (player, node, &step, &own))
    found = own;
  else if (node != NULL)
    find_statement (player, step, &own, is_in_script, &found);
  if (end_line != NULL)
    *end_line = found.end_line;
  return found.line;
}

GArray *
player_list_made_by (Player *player, guint line)
{
  GArray *made = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint k = 0; line != 0 && k < player_graph_get_n_nodes (player->graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (player->graph, k);
      const PlayerStepInfo *step;
      PlayerStatement own;

      if (find_maker (player, node, &step, &own) ? find_statement (player, step, &own, has_line, &line)
                                                 : own.line == line)
        g_array_append_val (made, node->id);
    }
  return made;
}
