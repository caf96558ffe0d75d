/* SPDX-License-Identifier: MIT
 *
 * The stage's layout requests: one per structure of the graph at the recorded
 * end (of the graph at the position where that one is too big), in the worker, given the result before it so that boxes keep their places.
 * The old layout stays on the screen until the new one is there. UI thread. */
#include "td-stage-private.h"

void
td_stage_cancel_layout (TdStage *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
layout_cb (GObject *source, GAsyncResult *async, gpointer data)
{
  g_autoptr (TdStage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LayoutResult) result = layout_run_finish (async, &error);
  gboolean first = self->layout == NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;   /* a newer request has replaced this one */
  g_clear_object (&self->cancellable);
  if (result == NULL)
    {
      g_signal_emit_by_name (self, "layout-failed", error->message);
      td_stage_motion_layout_arrived (self);
      return;
    }
  if (first)
    {
      self->layout = g_steal_pointer (&result);
      if (!self->user_moved)
        td_stage_fit (self);
    }
  else
    td_stage_glide_to (self, result);
  td_stage_motion_layout_arrived (self);
  td_stage_invalidate (self);
}

/* The graph at the recorded end, whose boxes keep their places while one steps. */
static const PlayerGraph *
get_graph_to_lay_out (TdStage *self)
{
  const PlayerGraph *graph = player_get_final_graph (self->player);

  return player_graph_get_n_nodes (graph) <= LAYOUT_MAX_NODES ? graph : player_get_graph (self->player);
}

gboolean
td_stage_layout_is_due (TdStage *self)
{
  return self->wanted_hash != player_graph_get_structure_hash (get_graph_to_lay_out (self));
}

void
td_stage_request_layout (TdStage *self)
{
  const PlayerGraph *graph = get_graph_to_lay_out (self);
  guint64 hash = player_graph_get_structure_hash (graph);

  if (player_graph_get_n_nodes (graph) == 0)
    {
      td_stage_cancel_layout (self);
      td_stage_glide_finish (self);
      g_clear_pointer (&self->layout, layout_result_unref);
      self->wanted_hash = 0;
      return;
    }
  if (self->wanted_hash == hash && self->wanted_scales == self->scale_per_tensor)
    return;
  self->wanted_hash = hash;
  self->wanted_scales = self->scale_per_tensor;
  td_stage_cancel_layout (self);
  self->cancellable = g_cancellable_new ();
  layout_run_async (layout_input_new (graph, paint_measure_node, paint_measure_tag,
                                      GINT_TO_POINTER (self->scale_per_tensor)),
                    self->gliding ? self->glide_to : self->layout, player_get_focus (self->player),
                    self->cancellable, layout_cb, g_object_ref (self));
}
