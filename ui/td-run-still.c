/* SPDX-License-Identifier: MIT
 *
 * A statement that takes its time: an endless loop, a sleep, a call that never
 * returns, or just much work. Looked at a few times a second while a run goes, so
 * that the window can say which line it is and for how long. UI thread. */
#include "td-run-private.h"

#define STILL_US (500 * 1000)
#define LOOK_MS 250

static guint
seconds_since (gint64 then_us, gint64 now_us)
{
  return (guint) ((now_us - then_us) / G_USEC_PER_SEC);
}

gboolean
td_run_get_still (TdRun *self, TdStill *still)
{
  gint64 now_us = g_get_monotonic_time (), since_us = now_us;

  *still = (TdStill) { 0 };
  if (!td_run_is_running (self) || self->stopping || runner_client_is_asking (self->client, NULL) ||
      td_run_get_n_ahead (self) > 0 || now_us - self->quiet_us < STILL_US)
    return FALSE;
  still->line = runner_client_get_running_line (self->client, &since_us);
  still->moves = now_us - since_us < STILL_US;
  still->seconds = seconds_since (still->moves ? self->quiet_us : since_us, now_us);
  return TRUE;
}

static gboolean
look_cb (gpointer data)
{
  TdRun *self = data;
  TdStill still;

  td_run_get_still (self, &still);
  if (still.line != self->told.line || still.seconds != self->told.seconds || still.moves != self->told.moves)
    td_run_emit_changed (self);
  self->told = still;
  return G_SOURCE_CONTINUE;
}

void
td_run_still_update (TdRun *self)
{
  guint n_steps = player_get_n_steps (self->player);
  gboolean running = td_run_is_running (self);

  if (n_steps != self->n_seen || (running && self->still_id == 0))
    self->quiet_us = g_get_monotonic_time ();
  self->n_seen = n_steps;
  if (running && self->still_id == 0)
    self->still_id = g_timeout_add (LOOK_MS, look_cb, self);
  else if (!running)
    td_run_still_clear (self);
}

void
td_run_still_clear (TdRun *self)
{
  g_clear_handle_id (&self->still_id, g_source_remove);
  self->told = (TdStill) { 0 };
}
