/* SPDX-License-Identifier: MIT
 *
 * From one picture to the next: when a layout arrives while the graph grows, boxes
 * and camera go from their old places to the new ones; so does the camera alone when
 * one travels to a node elsewhere. A step, a pan or a zoom
 * ends the glide at once; large graphs and reduced motion have none. Invariant:
 * while gliding, `layout` and `camera` are what is on the screen, glide_to and
 * glide_camera_to where they will be. UI thread. */
#include "td-stage-private.h"

#define GLIDE_US 280000
#define GLIDE_MAX_NODES 300

void
td_stage_glide_finish (TdStage *self)
{
  if (!self->gliding)
    return;
  self->gliding = FALSE;
  g_clear_pointer (&self->layout, layout_result_unref);
  self->layout = g_steal_pointer (&self->glide_to);
  g_clear_pointer (&self->glide, layout_glide_free);
  self->camera = self->glide_camera_to;
  td_stage_invalidate (self);
}

static gboolean
wants_glide (TdStage *self, const TdCamera *camera, const LayoutResult *from, const LayoutResult *to)
{
  gboolean moves = camera->zoom != self->camera.zoom || camera->x != self->camera.x || camera->y != self->camera.y;

  if (self->hurried || self->still == NULL || !td_stage_may_move (self))
    return FALSE;
  if (player_graph_get_n_nodes (player_get_graph (self->player)) > GLIDE_MAX_NODES)
    return FALSE;
  return moves || !layout_result_same_places (from, to);
}

/* Takes over a new layout, in a glide when there is something to see of it. */
void
td_stage_glide_to (TdStage *self, LayoutResult *layout)
{
  g_autoptr (LayoutResult) from = layout_result_ref (self->layout);
  TdCamera camera = self->camera;

  td_stage_glide_finish (self);
  g_clear_pointer (&self->layout, layout_result_unref);
  self->layout = layout_result_ref (layout);
  td_stage_camera_keep_whole (self);
  td_stage_camera_follow (self);
  if (wants_glide (self, &camera, from, layout))
    {
      self->glide = layout_glide_new (from, layout);
      self->glide_camera_from = camera;
      self->glide_camera_to = self->camera;
      self->glide_to = g_steal_pointer (&self->layout);
      self->layout = layout_result_ref (from);
      self->camera = camera;
      self->gliding = TRUE;
      self->glide_begin_us = 0;
    }
  td_stage_motion_update_tick (self);
  td_stage_invalidate (self);
}

void
td_stage_glide_camera (TdStage *self, const TdCamera *camera)
{
  td_stage_glide_finish (self);
  if (self->still == NULL || !td_stage_may_move (self))
    {
      self->camera = *camera;
      td_stage_invalidate (self);
      return;
    }
  self->glide_camera_from = self->camera;
  self->glide_camera_to = *camera;
  self->glide_to = layout_result_ref (self->layout);
  self->gliding = TRUE;
  self->glide_begin_us = 0;
  td_stage_motion_update_tick (self);
}

void
td_stage_glide_tick (TdStage *self, gint64 now_us)
{
  double t, way;

  if (!self->gliding)
    return;
  if (self->glide_begin_us == 0)
    self->glide_begin_us = now_us;
  t = (double) (now_us - self->glide_begin_us) / GLIDE_US;
  if (t >= 1)
    {
      td_stage_glide_finish (self);
      return;
    }
  way = layout_ease (t);
  self->camera.zoom = self->glide_camera_from.zoom + way * (self->glide_camera_to.zoom - self->glide_camera_from.zoom);
  self->camera.x = self->glide_camera_from.x + way * (self->glide_camera_to.x - self->glide_camera_from.x);
  self->camera.y = self->glide_camera_from.y + way * (self->glide_camera_to.y - self->glide_camera_from.y);
  if (self->glide == NULL)
    {
      gtk_widget_queue_draw (GTK_WIDGET (self));   /* only the camera moves: the image at hand may do */
      return;
    }
  g_clear_pointer (&self->layout, layout_result_unref);
  self->layout = layout_glide_at (self->glide, MAX (t, 0));
  td_stage_invalidate (self);
}

gboolean
td_stage_is_gliding (TdStage *self)
{
  return self->gliding;
}
