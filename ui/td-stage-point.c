/* SPDX-License-Identifier: MIT
 *
 * What the pointer means: the node or the edge under it, the card that hovering an
 * edge shows (an unnamed result is the edge itself, so this is where its values
 * are), the way to an edge's other end, and what the editor's line points at. UI thread. */
#include "td-inspector-cards.h"
#include "td-stage-private.h"
#include "td-theme.h"

#include <math.h>

#define EDGE_TOLERANCE_PX 6.0

void
td_stage_target_at (TdStage *self, double x, double y, guint *node, guint *edge)
{
  const PlayerGraph *graph;
  double best = EDGE_TOLERANCE_PX / self->camera.zoom, layout_x, layout_y;

  *node = *edge = TD_NO_NODE;
  if (self->layout == NULL || self->player == NULL)
    return;
  graph = player_get_graph (self->player);
  td_stage_camera_to_layout (self, x, y, &layout_x, &layout_y);
  layout_result_hit (self->layout, layout_x, layout_y, 0, node, NULL);
  if (*node != TD_NO_NODE
      && layout_result_has_use_in (self->layout, graph, *node,
                                   layout_result_get_use_at (self->layout, *node, layout_x, layout_y)))
    return;
  /* The layout is that of the finished graph: only what is on the screen now counts. */
  *node = TD_NO_NODE;
  for (guint k = 0; k < player_graph_get_n_edges (graph); k++)
    {
      const PlayerEdge *candidate = player_graph_get_edge (graph, k);
      double distance = layout_result_get_edge_distance (self->layout, candidate->id, layout_x, layout_y);

      if (distance > best)
        continue;
      best = distance;
      *edge = candidate->id;
    }
}

void
td_stage_set_hovered (TdStage *self, guint node, guint edge)
{
  if (self->hovered == node && self->hovered_edge == edge)
    return;
  self->hovered = node;
  self->hovered_edge = edge;
  g_signal_emit_by_name (self, "hovered");
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
td_stage_get_pointed (TdStage *self)
{
  gboolean hovers = self->hovered != TD_NO_NODE || self->hovered_edge != TD_NO_NODE;
  guint node = hovers ? self->hovered : self->selected,
        id = hovers ? self->hovered_edge : self->selected_edge;
  const PlayerEdge *edge = self->player != NULL ? player_graph_find_edge (player_get_graph (self->player), id)
                                                : NULL;

  return edge != NULL ? edge->from : node;
}

void
td_stage_remember_marked (TdStage *self)
{
  g_clear_pointer (&self->marked, g_array_unref);
  if (self->marked_line != 0 && self->player != NULL)
    self->marked = player_list_made_by (self->player, self->marked_line);
}

void
td_stage_mark_line (TdStage *self, guint line)
{
  guint before = td_stage_get_n_marked (self);

  if (self->marked_line == line)
    return;
  self->marked_line = line;
  td_stage_remember_marked (self);
  if (before + td_stage_get_n_marked (self) > 0)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
td_stage_get_n_marked (TdStage *self)
{
  return self->marked != NULL ? self->marked->len : 0;
}

gboolean
td_stage_is_marked (TdStage *self, guint node)
{
  for (guint k = 0; k < td_stage_get_n_marked (self); k++)
    if (g_array_index (self->marked, guint, k) == node)
      return TRUE;
  return FALSE;
}

void
td_stage_go_to_end (TdStage *self, const PlayerEdge *edge, guint node)
{
  guint use = self->layout != NULL ? layout_result_get_edge_use (self->layout, edge->id, node) : 0;

  td_stage_go_to_use (self, node, use);
}

void
td_stage_travel (TdStage *self, guint edge, double x, double y)
{
  const PlayerEdge *found = player_graph_find_edge (player_get_graph (self->player), edge);
  guint n_points = 0;
  const LayoutPoint *points = layout_result_get_edge (self->layout, edge, &n_points);
  double layout_x, layout_y;

  if (found == NULL || points == NULL || n_points == 0)
    return;
  td_stage_camera_to_layout (self, x, y, &layout_x, &layout_y);
  if (hypot (points[0].x - layout_x, points[0].y - layout_y) >
      hypot (points[n_points - 1].x - layout_x, points[n_points - 1].y - layout_y))
    td_stage_go_to_end (self, found, found->from);
  else
    td_stage_go_to_end (self, found, found->to);
}

void
td_stage_forget_card (TdStage *self)
{
  g_clear_object (&self->card);
}

static GtkWidget *
get_card (TdStage *self, guint edge)
{
  g_autoptr (PlayerExplanation) explanation = NULL;
  TdCardContext context = { NULL, player_get_recording (self->player), self->value_scale, self->gradient_scale };

  if (self->card != NULL && self->card_edge == edge)
    return self->card;
  td_stage_forget_card (self);
  explanation = player_explain_edge (self->player, edge);
  if (explanation == NULL)
    return NULL;
  self->card = g_object_ref_sink (td_cards_new_edge (explanation, &context));
  self->card_edge = edge;
  return self->card;
}

GtkWidget *
td_stage_get_card_at (TdStage *self, double x, double y)
{
  guint node, edge;

  td_stage_target_at (self, x, y, &node, &edge);
  return edge != TD_NO_NODE ? get_card (self, edge) : NULL;
}

gboolean
td_stage_get_folds_rect (TdStage *self, LayoutRect *rect)
{
  return self->player != NULL
         && paint_folds (NULL, player_get_graph (self->player), TD_FOLDS_PX,
                         gtk_widget_get_height (GTK_WIDGET (self)) - TD_FOLDS_PX, td_theme_get (), rect);
}

char *
td_stage_dup_folds (TdStage *self)
{
  PlayerFold folds[PLAYER_MAX_LOOPS];
  guint n = player_graph_list_folds (player_get_graph (self->player), folds);
  GString *text = n > 0 ? g_string_new (NULL) : NULL;

  for (guint k = 0; k < n; k++)
    {
      g_string_append_printf (text, "%s%u iteration%s of the loop ", k > 0 ? " " : "", folds[k].folded,
                              folds[k].folded == 1 ? "" : "s");
      if (folds[k].line != 0)
        g_string_append_printf (text, "in line %u ", folds[k].line);
      g_string_append_printf (text, "%s folded into what is shown.", folds[k].folded == 1 ? "is" : "are");
    }
  return text != NULL ? g_string_free (text, FALSE) : NULL;
}

static gboolean
tell_folds (TdStage *self, int x, int y, GtkTooltip *tooltip)
{
  g_autofree char *text = NULL;
  LayoutRect rect;

  if (!td_stage_get_folds_rect (self, &rect) || x < rect.x || y < rect.y || x > rect.x + rect.width
      || y > rect.y + rect.height)
    return FALSE;
  text = td_stage_dup_folds (self);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static gboolean
query_tooltip_cb (TdStage *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  GtkWidget *card = NULL;

  if (self->player == NULL || self->dragging)
    return FALSE;
  if (!keyboard && tell_folds (self, x, y, tooltip))
    return TRUE;
  if (!keyboard)
    card = td_stage_get_card_at (self, x, y);
  else if (self->selected_edge != TD_NO_NODE)
    card = get_card (self, self->selected_edge);
  if (card != NULL)
    gtk_tooltip_set_custom (tooltip, card);
  return card != NULL;
}

void
td_stage_point_init (TdStage *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
}
