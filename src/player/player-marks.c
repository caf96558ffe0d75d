/* SPDX-License-Identifier: MIT
 *
 * Nine places of a run that the user marked, each with a number that stays its own
 * however many are set before it. A mark is a position and may lie beyond what is
 * recorded now: the run will get there again. UI thread. */
#include "player-private.h"

guint
player_get_mark (Player *player, guint k)
{
  return k >= 1 && k <= PLAYER_N_MARKS ? player->marks[k - 1] : G_MAXUINT;
}

guint
player_find_mark (Player *player, guint position)
{
  for (guint k = 1; k <= PLAYER_N_MARKS; k++)
    if (player->marks[k - 1] == position)
      return k;
  return 0;
}

static void
set_mark (Player *player, guint k, guint position)
{
  if (player->marks[k - 1] == position)
    return;
  player->marks[k - 1] = position;
  player_emit_marks_changed (player);
}

void
player_set_mark (Player *player, guint k, guint position)
{
  g_return_if_fail (PLAYER_IS_PLAYER (player) && k >= 1 && k <= PLAYER_N_MARKS);
  set_mark (player, k, position);
}

gboolean
player_toggle_mark (Player *player)
{
  guint k = player_find_mark (player, player->position);

  if (k != 0)
    {
      set_mark (player, k, G_MAXUINT);
      return TRUE;
    }
  k = player_find_mark (player, G_MAXUINT);
  if (k == 0)
    return FALSE;
  set_mark (player, k, player->position);
  return TRUE;
}
