/* SPDX-License-Identifier: MIT
 *
 * The unit that is counted: operations, or lines when stepping goes by line. Number
 * box, timeline and story all count in it. Unit k ends at stop k; the recorded end
 * is a stop too, as long as nothing follows it. Stops are found once and kept. */
#include "player-private.h"
#include "captions.h"

#include <math.h>

void
player_forget_stops (Player *player, guint from_step)
{
  GArray *stops = player->stops;

  while (stops->len > 0 && g_array_index (stops, guint, stops->len - 1) >= from_step)
    g_array_set_size (stops, stops->len - 1);
  player->n_stops_read = MIN (player->n_stops_read, from_step > 0 ? from_step - 1 : 0);
}

static const GArray *
get_stops (Player *player)
{
  guint n_steps = player_get_n_steps (player);

  for (guint n = player->n_stops_read + 1; n <= n_steps; n++)
    if (n == n_steps || player_get_step (player, n)->ends_line)
      g_array_append_val (player->stops, n);
  player->n_stops_read = n_steps;
  return player->stops;
}

/* The unit whose steps hold `position`; 0 at the start. */
static guint
unit_of (Player *player, guint position)
{
  const GArray *stops = get_stops (player);
  guint low = 0, high = stops->len;

  if (position == 0)
    return 0;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (g_array_index (stops, guint, middle) >= position)
        high = middle;
      else
        low = middle + 1;
    }
  return MIN (low + 1, stops->len);
}

guint
player_count_of (Player *player, guint position)
{
  position = MIN (position, player_get_n_steps (player));
  return player->granularity == PLAYER_BY_LINE ? unit_of (player, position) : position;
}

guint
player_get_count_position (Player *player)
{
  return player_count_of (player, player->position);
}

guint
player_get_count_steps (Player *player)
{
  return player->granularity == PLAYER_BY_LINE ? get_stops (player)->len : player_get_n_steps (player);
}

guint
player_from_count (Player *player, guint count)
{
  const GArray *stops;

  if (player->granularity != PLAYER_BY_LINE)
    return MIN (count, player_get_n_steps (player));
  stops = get_stops (player);
  count = MIN (count, stops->len);
  return count > 0 ? g_array_index (stops, guint, count - 1) : 0;
}

double
player_place_of (Player *player, guint position)
{
  guint unit = player_count_of (player, position);
  guint first = unit > 0 ? player_from_count (player, unit - 1) : 0;
  guint last = player_from_count (player, unit);

  return last > first ? unit - 1 + (double) (MIN (position, last) - first) / (last - first) : unit;
}

double
player_get_place (Player *player)
{
  guint n_terms = player_get_n_terms (player);

  return player_place_of (player, player->position) + (n_terms > 0 ? player_get_term (player) / (n_terms + 1.0) : 0);
}

guint
player_stop_after (Player *player, guint position)
{
  guint next = MIN (position + 1, player_get_n_steps (player));

  return player_from_count (player, player_count_of (player, next));
}

guint
player_stop_before (Player *player, guint position)
{
  guint unit = player_count_of (player, position);

  return unit > 0 ? player_from_count (player, unit - 1) : 0;
}

/* Losses */

guint
player_get_n_losses (Player *player)
{
  return player->index->passes->len;
}

static gboolean
read_loss (Player *player, const PlayerPass *pass, double *loss)
{
  const PlayerTensorInfo *info = pass->root != 0 ? player_run_index_get_tensor (player->index, pass->root) : NULL;
  g_autofree RecOp *op = g_new0 (RecOp, 1);
  const RecOpDef *def;

  if (info == NULL || info->op_event == G_MAXUINT64 || !player_read_op (player->index, info->op_event, op, &def))
    return FALSE;
  for (guint k = 0; k < op->n_outputs; k++)
    if (op->outputs[k].id == pass->root)
      return player_get_scalar (player->recording, op->outputs[k].shot, loss) && isfinite (*loss);
  return FALSE;
}

gboolean
player_get_loss (Player *player, guint k, guint *position, double *loss)
{
  PlayerPass *pass = &g_array_index (player->index->passes, PlayerPass, k);

  if (!pass->read)
    pass->known = read_loss (player, pass, &pass->loss);
  pass->read = TRUE;
  *loss = pass->loss;
  *position = player_run_index_find_step (player->index, pass->event);
  return pass->known && *position != 0;
}
