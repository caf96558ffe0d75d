/* SPDX-License-Identifier: MIT
 *
 * The stage's layout requests: one per structure of the graph at the recorded end
 * (of the graph at the position where that one is too big, or took too long), in
 * the worker, given the result before it so that boxes keep their places. The old
 * layout stays on the screen until the new one is there, and a note says what one
 * waits for or why nothing comes. UI thread. */
#include "td-stage-private.h"

#define SAY_AFTER_MS 400

void
td_stage_cancel_layout (TdStage *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static char *
dup_count (guint n)
{
  return g_strdup_printf ("%u boxes and operations", n);
}

static gboolean
say_working_cb (gpointer data)
{
  TdStage *self = data;
  g_autofree char *count = dup_count (self->n_wanted);
  g_autofree char *text = g_strdup_printf ("Finding places for %s…", count);

  self->note_id = 0;
  td_stage_set_note (self, text);
  return G_SOURCE_REMOVE;
}

/* Nothing is asked for: the graph is too big, or one no bigger took too long before. */
static void
say_given_up (TdStage *self, guint n)
{
  g_autofree char *count = dup_count (n);
  g_autofree char *text = NULL;
  const char *stays = self->layout != NULL ? " The last picture stays." : "";

  if (n > LAYOUT_MAX_NODES)
    text = g_strdup_printf ("%s are more than can be drawn (%d).%s Step back to where there are fewer, or run fewer "
                            "rounds of a loop.", count, LAYOUT_MAX_NODES, stays);
  else
    text = g_strdup_printf ("No good places were found for %s in %u seconds.%s Step back to where there are fewer, or "
                            "run fewer rounds of a loop.", count, layout_get_limit (), stays);
  td_stage_set_note (self, text);
  td_stage_motion_layout_arrived (self);   /* none will */
}

static void
take_layout (TdStage *self, LayoutResult *result)
{
  td_stage_set_note (self, NULL);
  if (self->layout == NULL)
    {
      self->layout = layout_result_ref (result);
      if (!self->user_moved)
        td_stage_fit (self);
    }
  else
    {
      gboolean moved = !layout_result_same_places (self->layout, result);

      td_stage_glide_to (self, result);
      if (self->tidying)
        g_signal_emit_by_name (self, "tidied", moved);
    }
  td_stage_motion_layout_arrived (self);
  td_stage_invalidate (self);
}

static void
layout_cb (GObject *source, GAsyncResult *async, gpointer data)
{
  g_autoptr (TdStage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LayoutResult) result = layout_run_finish (async, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;   /* a newer request has replaced this one */
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->note_id, g_source_remove);
  if (result != NULL)
    {
      take_layout (self, result);
      return;
    }
  td_stage_set_note (self, NULL);
  /* A graph that could be drawn while it grew may take too long as a whole: then it stays as it is. */
  if (g_error_matches (error, LAYOUT_ERROR, LAYOUT_ERROR_TOO_SLOW) && !self->tidying)
    {
      self->most_nodes = MIN (self->most_nodes, self->n_wanted - 1);
      self->wanted_hash = 0;
      td_stage_request_layout (self);
    }
  else
    g_signal_emit_by_name (self, "layout-failed", error->message);
  if (self->cancellable == NULL)
    td_stage_motion_layout_arrived (self);
}

/* The graph at the recorded end, whose boxes keep their places while one steps. */
static const PlayerGraph *
get_graph_to_lay_out (TdStage *self)
{
  const PlayerGraph *graph = player_get_final_graph (self->player);

  return player_graph_get_n_nodes (graph) <= self->most_nodes ? graph : player_get_graph (self->player);
}

/* Of another run nothing is known: it may be drawn. */
static void
notice_recording (TdStage *self)
{
  gconstpointer recording = player_get_recording (self->player);

  if (self->recording == recording)
    return;
  self->recording = recording;
  self->most_nodes = LAYOUT_MAX_NODES;
  self->wanted_hash = 0;
}

/* What keeps its place: what one looks at. */
static guint
get_anchor (TdStage *self, const PlayerGraph *graph)
{
  guint focus = player_get_focus (self->player);

  if (self->selected != TD_NO_NODE)
    return self->selected;
  if (focus != TD_NO_NODE || player_graph_get_n_nodes (graph) == 0)
    return focus;
  return player_graph_get_node (graph, 0)->id;
}

static void
ask_for (TdStage *self, const PlayerGraph *graph, gboolean tidy)
{
  LayoutInput *input = layout_input_new (graph, paint_measure_node, paint_measure_tag,
                                         GINT_TO_POINTER (self->scale_per_tensor));
  guint anchor = tidy ? get_anchor (self, graph) : player_get_focus (self->player);

  self->tidying = tidy;
  if (tidy)
    layout_input_forget_order (input);
  self->n_wanted = player_graph_get_n_nodes (graph);
  self->cancellable = g_cancellable_new ();
  if (self->note_id == 0)   /* else something has been waited for since before */
    self->note_id = g_timeout_add (SAY_AFTER_MS, say_working_cb, self);
  layout_run_async (input, self->gliding ? self->glide_to : self->layout, anchor, self->cancellable, layout_cb,
                    g_object_ref (self));
}

gboolean
td_stage_layout_is_due (TdStage *self)
{
  return self->wanted_scales != self->scale_per_tensor
         || self->wanted_hash != player_graph_get_structure_hash (get_graph_to_lay_out (self));
}

void
td_stage_request_layout (TdStage *self)
{
  const PlayerGraph *graph;
  guint64 hash;

  notice_recording (self);
  graph = get_graph_to_lay_out (self);
  hash = player_graph_get_structure_hash (graph);
  if (player_graph_get_n_nodes (graph) == 0)
    {
      td_stage_cancel_layout (self);
      td_stage_glide_finish (self);
      g_clear_pointer (&self->layout, layout_result_unref);
      td_stage_set_note (self, NULL);
      g_clear_handle_id (&self->note_id, g_source_remove);
      self->wanted_hash = 0;
      return;
    }
  if (self->wanted_hash == hash && self->wanted_scales == self->scale_per_tensor)
    return;
  self->wanted_hash = hash;
  self->wanted_scales = self->scale_per_tensor;
  td_stage_cancel_layout (self);
  if (player_graph_get_n_nodes (graph) <= self->most_nodes)
    ask_for (self, graph, FALSE);
  else
    {
      g_clear_handle_id (&self->note_id, g_source_remove);
      say_given_up (self, player_graph_get_n_nodes (graph));
    }
}

void
td_stage_tidy (TdStage *self)
{
  const PlayerGraph *graph;

  if (self->layout == NULL)
    return;
  graph = get_graph_to_lay_out (self);
  if (player_graph_get_n_nodes (graph) > self->most_nodes)
    return;
  td_stage_glide_finish (self);
  td_stage_cancel_layout (self);
  self->refit = TRUE;
  self->hurried = FALSE;   /* whatever key was held before, this is to be seen */
  ask_for (self, graph, TRUE);
}
