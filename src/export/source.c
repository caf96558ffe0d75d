/* SPDX-License-Identifier: MIT
 *
 * See source.h. dot stays one at a time: layout_run guards it. */
#include "source.h"

#include "painter/painter.h"

struct _ExportSource
{
  Player *player;
  RecRecording *recording; /* NULL: nothing has run */
  LayoutResult *layout;    /* of the player shown, or NULL */
  gboolean open;
};

ExportSource *
export_source_new (Player *shown, LayoutResult *layout)
{
  ExportSource *source = g_new0 (ExportSource, 1);
  RecRecording *recording = player_get_recording (shown);

  source->player = player_new ();
  player_share_outlines (source->player, shown);
  source->recording = recording != NULL ? rec_recording_ref (recording) : NULL;
  source->layout = layout != NULL ? layout_result_ref (layout) : NULL;
  return source;
}

void
export_source_free (ExportSource *source)
{
  g_object_unref (source->player);
  g_clear_pointer (&source->recording, rec_recording_unref);
  g_clear_pointer (&source->layout, layout_result_unref);
  g_free (source);
}

Player *
export_source_open (ExportSource *source)
{
  if (!source->open && source->recording != NULL)
    player_set_recording (source->player, source->recording);
  source->open = TRUE;
  return source->player;
}

/* The finished graph, whose boxes keep their places; where it is too big for dot, the graph at `last`. */
static const PlayerGraph *
graph_to_lay_out (Player *player, guint last)
{
  const PlayerGraph *graph = player_get_final_graph (player);

  if (player_graph_get_n_nodes (graph) <= LAYOUT_MAX_NODES)
    return graph;
  player_set_position (player, last);
  return player_get_graph (player);
}

LayoutResult *
export_source_lay_out (ExportSource *source, guint last, GError **error)
{
  const PlayerGraph *graph = graph_to_lay_out (export_source_open (source), last);
  g_autoptr (LayoutInput) input = NULL;

  if (source->layout != NULL
      && layout_result_get_structure_hash (source->layout) == player_graph_get_structure_hash (graph))
    return layout_result_ref (source->layout);
  input = layout_input_new (graph, paint_measure_node, paint_measure_tag, NULL);
  return layout_run (input, NULL, G_MAXUINT, error);
}
