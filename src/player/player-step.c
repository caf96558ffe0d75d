/* SPDX-License-Identifier: MIT
 *
 * Stepping, stops of a granularity, phases, and the clock that plays. Time comes
 * from whoever calls player_tick(), so that tests can own it. */
#include "player-private.h"

#define STEP_US 800000
#define MAX_STEPS_PER_TICK 64

static gboolean
is_stop (Player *player, guint n)
{
  return player->granularity == PLAYER_BY_OPERATION || n == player_get_n_steps (player)
         || player_get_step (player, n)->ends_line;
}

guint
player_stop_after (Player *player, guint position)
{
  guint n_steps = player_get_n_steps (player);
  guint n = MIN (position + 1, n_steps);

  while (n < n_steps && !is_stop (player, n))
    n++;
  return n;
}

guint
player_stop_before (Player *player, guint position)
{
  guint n = position > 0 ? position - 1 : 0;

  while (n > 0 && !is_stop (player, n))
    n--;
  return n;
}

guint
player_get_count_position (Player *player)
{
  guint count = 0;

  if (player->granularity == PLAYER_BY_OPERATION)
    return player->position;
  for (guint n = 1; n < player->position; n++)
    count += is_stop (player, n);
  return player->position > 0 ? count + 1 : 0;
}

guint
player_get_count_steps (Player *player)
{
  guint count = 0;

  if (player->granularity == PLAYER_BY_OPERATION)
    return player_get_n_steps (player);
  for (guint n = 1; n <= player_get_n_steps (player); n++)
    count += is_stop (player, n);
  return count;
}

guint
player_from_count (Player *player, guint count)
{
  guint n = 0;

  if (player->granularity == PLAYER_BY_OPERATION)
    return MIN (count, player_get_n_steps (player));
  for (; count > 0 && n < player_get_n_steps (player); count--)
    n = player_stop_after (player, n);
  return n;
}

gboolean
player_is_complete (Player *player)
{
  return player->index->ended;
}

gboolean
player_is_finished (Player *player)
{
  return player->index->ended && player->position == player_get_n_steps (player);
}

gboolean
player_step_forward (Player *player)
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
  if (player->position == 0)
    return FALSE;
  player_set_position (player, player_stop_before (player, player->position));
  return TRUE;
}

guint
player_find_line (Player *player, guint line)
{
  for (guint n = 1; n <= player_get_n_steps (player); n++)
    if (player_get_step (player, n)->line == line && player_get_step (player, n)->file == 0)
      return n;
  return 0;
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
  if (player->position < player_get_n_steps (player))
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
