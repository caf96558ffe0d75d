/* SPDX-License-Identifier: MIT
 *
 * See source.h. dot stays one at a time: layout_run guards it. */
#include "source.h"

#include "painter/painter.h"

#include <math.h>

struct _ExportSource
{
  Player *player;
  RecRecording *recording; /* NULL: nothing has run */
  LayoutResult *layout;    /* of the player shown, or NULL */
  gboolean open;
  gboolean scale_per_tensor;
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

void
export_source_set_scale_per_tensor (ExportSource *source, gboolean per_tensor)
{
  source->scale_per_tensor = per_tensor;
}

gboolean
export_source_get_scale_per_tensor (ExportSource *source)
{
  return source->scale_per_tensor;
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

/* Whether every box has the room it is drawn with here: the screen may be about to change its scales. */
static gboolean
has_room (LayoutResult *layout, const PlayerGraph *graph, gpointer scales)
{
  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);
      LayoutSize size;
      LayoutRect rect;

      paint_measure_node (node, &size, scales);
      if (!layout_result_get_node (layout, node->id, &rect) || fabs (rect.height - size.height) > 1)
        return FALSE;
    }
  return TRUE;
}

LayoutResult *
export_source_lay_out (ExportSource *source, guint last, GError **error)
{
  const PlayerGraph *graph = graph_to_lay_out (export_source_open (source), last);
  gpointer scales = GINT_TO_POINTER (source->scale_per_tensor);
  g_autoptr (LayoutInput) input = NULL;

  if (source->layout != NULL
      && layout_result_get_structure_hash (source->layout) == player_graph_get_structure_hash (graph)
      && has_room (source->layout, graph, scales))
    return layout_result_ref (source->layout);
  input = layout_input_new (graph, paint_measure_node, paint_measure_tag, scales);
  return layout_run (input, NULL, G_MAXUINT, error);
}
