/* SPDX-License-Identifier: MIT
 *
 * The stage's clock: what moves between step n−1 and n, for at most 400 ms, and
 * the player's tick while it plays. A tick callback exists only while something
 * moves or plays: at rest the stage costs nothing. A second step during motion
 * finishes it at once; a held key steps without motion. UI thread. */
#include "td-stage-private.h"

#define MOTION_US 400000
#define HELD_KEY_US 110000

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  TdStage *self = TD_STAGE (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);

  if (self->moving && !self->motion_waits)
    {
      if (self->motion_begin_us == 0)
        self->motion_begin_us = now;
      self->progress = CLAMP ((double) (now - self->motion_begin_us) / (double) self->motion_length_us, 0, 1);
      if (self->progress >= 1)
        self->moving = FALSE;
      gtk_widget_queue_draw (widget);
    }
  td_stage_glide_tick (self, now);
  if (self->player != NULL && player_get_playing (self->player))
    player_tick (self->player, now);
  if (self->moving || self->gliding || (self->player != NULL && player_get_playing (self->player)))
    return G_SOURCE_CONTINUE;
  self->tick_id = 0;
  return G_SOURCE_REMOVE;
}

void
td_stage_motion_update_tick (TdStage *self)
{
  gboolean wanted = self->moving || self->gliding || (self->player != NULL && player_get_playing (self->player));

  if (wanted && self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
  else if (!wanted && self->tick_id != 0)
    {
      gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
      self->tick_id = 0;
    }
}

void
td_stage_motion_stop (TdStage *self)
{
  self->moving = FALSE;
  self->motion_waits = FALSE;
  self->progress = 1;
  td_stage_glide_finish (self);
}

gboolean
td_stage_may_move (TdStage *self)
{
  gboolean enabled = TRUE;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &enabled, NULL);
  return enabled && self->animate && gtk_widget_get_mapped (GTK_WIDGET (self));
}

static gboolean
wants_motion (TdStage *self)
{
  if (self->hurried || !td_stage_may_move (self))
    return FALSE;
  return player_get_motion (self->player)->n_pulses > 0;
}

void
td_stage_motion_moved (TdStage *self, guint old, guint new_position)
{
  gint64 now = g_get_monotonic_time ();
  double speed = player_get_speed (self->player);

  td_stage_motion_stop (self);
  self->hurried = !player_get_playing (self->player) && now - self->last_move_us < HELD_KEY_US;
  if (new_position > old && (new_position == old + 1 || player_get_granularity (self->player) == PLAYER_BY_LINE) &&
      wants_motion (self))
    {
      self->moving = TRUE;
      self->progress = 0;
      self->motion_begin_us = 0;
      self->motion_length_us = (gint64) (MOTION_US / MAX (speed, 1.0));
      self->motion_waits = td_stage_layout_is_due (self) || self->cancellable != NULL;
    }
  self->last_move_us = now;
}

void
td_stage_motion_layout_arrived (TdStage *self)
{
  self->motion_waits = FALSE;
}
