/* SPDX-License-Identifier: MIT
 *
 * Stepping, phases, and the clock that plays. Time comes
 * from whoever calls player_tick(), so that tests can own it. */
#include "player-private.h"

#define STEP_US 800000
#define MAX_STEPS_PER_TICK 64

gboolean
player_is_complete (Player *player)
{
  return player->index->ended;
}

gboolean
player_is_refused (Player *player)
{
  return player->index->refused;
}

gboolean
player_is_finished (Player *player)
{
  return player->index->ended && player->position == player_get_n_steps (player) && !player_may_step_terms (player);
}

gboolean
player_step_forward (Player *player)
{
  g_return_val_if_fail (PLAYER_IS_PLAYER (player), FALSE);
  return player_element_forward (player) || player_step_on (player);
}

gboolean
player_step_on (Player *player)
{
  g_return_val_if_fail (PLAYER_IS_PLAYER (player), FALSE);
  if (player->position < player_get_n_steps (player))
    {
      player_set_position (player, player_stop_after (player, player->position));
      return TRUE;
    }
  if (!player->index->ended)
    player_emit_need_more (player);
  return FALSE;
}

gboolean
player_step_back (Player *player)
{
  g_return_val_if_fail (PLAYER_IS_PLAYER (player), FALSE);
  if (player_element_back (player))
    return TRUE;
  if (player->position == 0)
    return FALSE;
  player_set_position (player, player_stop_before (player, player->position));
  return TRUE;
}

static gboolean
starts_phase (Player *player, guint n)
{
  return n == 1 || player_get_step (player, n)->phase != player_get_step (player, n - 1)->phase;
}

guint
player_next_stop (Player *player, int direction)
{
  guint n_steps = player_get_n_steps (player);

  if (direction > 0)
    {
      for (guint n = player->position + 1; n <= n_steps; n++)
        if (n > 1 && starts_phase (player, n))
          return n;
      return n_steps;
    }
  for (guint n = player->position; n > 1; n--)
    if (n - 1 > 1 && starts_phase (player, n - 1))
      return n - 1;
  return 0;
}

void
player_set_playing (Player *player, gboolean playing)
{
  g_return_if_fail (PLAYER_IS_PLAYER (player));
  playing = playing != FALSE;
  if (playing == player->playing)
    return;
  player->playing = playing;
  player->last_tick_us = 0;
  player->spent_us = 0;
  player->asked = FALSE;
  g_clear_pointer (&player->status, g_free);
  g_object_notify (G_OBJECT (player), "playing");
}

gboolean
player_get_playing (Player *player)
{
  return player->playing;
}

void
player_set_speed (Player *player, double speed)
{
  g_return_if_fail (PLAYER_IS_PLAYER (player));
  speed = CLAMP (speed, 0.01, 1000);
  if (speed == player->speed)
    return;
  player->speed = speed;
  g_object_notify (G_OBJECT (player), "speed");
}

double
player_get_speed (Player *player)
{
  return player->speed;
}

/* One step of playing; FALSE: wait or stop. At the recorded end more is asked for once. */
static gboolean
play_step (Player *player)
{
  if (player->position < player_get_n_steps (player) || player_may_step_terms (player))
    return player_step_forward (player);
  if (player->index->ended)
    player_set_playing (player, FALSE);
  else if (!player->asked)
    {
      player->asked = TRUE;
      player_emit_need_more (player);
    }
  return FALSE;
}

void
player_tick (Player *player, gint64 now_us)
{
  gint64 interval = (gint64) (STEP_US / player->speed);
  guint n = 0;

  g_return_if_fail (PLAYER_IS_PLAYER (player));
  if (!player->playing)
    return;
  if (player->last_tick_us != 0)
    player->spent_us += MAX (now_us - player->last_tick_us, 0);
  player->last_tick_us = now_us;
  while (player->playing && player->spent_us >= interval && n++ < MAX_STEPS_PER_TICK)
    {
      if (!play_step (player))
        {
          player->spent_us = MIN (player->spent_us, interval);
          return;
        }
      player->spent_us -= interval;
    }
  player->spent_us = MIN (player->spent_us, interval);
}
