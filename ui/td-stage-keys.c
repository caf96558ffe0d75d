/* SPDX-License-Identifier: MIT
 *
 * Keys of the stage, which act only while it has the focus: Ctrl+arrows move the
 * selection along edges, Enter inspects, Esc releases; stepping and the camera are
 * actions of the window. UI thread. */
#include "td-keys.h"
#include "td-stage-private.h"

/* A value without a name is the edge itself, and a tag is the folded view: the keys stop there too. */
static gboolean
is_stop (const PlayerGraph *graph, const PlayerEdge *edge)
{
  const PlayerNode *from = player_graph_find_node (graph, edge->from), *to = player_graph_find_node (graph, edge->to);

  return edge->tag != NULL || (from != NULL && to != NULL && from->kind == PLAYER_PILL && to->kind == PLAYER_PILL);
}

/* Along the first edge of the selected node, against or with the data flow; from an edge to its end. */
static void
move_along (TdStage *self, gboolean with_flow)
{
  const PlayerGraph *graph = player_get_graph (self->player);
  const PlayerEdge *selected = player_graph_find_edge (graph, self->selected_edge);

  if (selected != NULL)
    {
      td_stage_go_to (self, with_flow ? selected->to : selected->from);
      return;
    }
  for (guint k = 0; k < player_graph_get_n_edges (graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph, k);

      if ((with_flow ? edge->from : edge->to) != self->selected)
        continue;
      if (is_stop (graph, edge))
        td_stage_select_edge (self, edge->id);
      else
        td_stage_go_to (self, with_flow ? edge->to : edge->from);
      return;
    }
}

/* To the nearest box or pill to the left or right on about the same height. */
static void
move_beside (TdStage *self, int direction)
{
  const PlayerGraph *graph = player_get_graph (self->player);
  guint best = TD_NO_NODE;
  double best_distance = G_MAXDOUBLE, x, y, other_x, other_y;

  if (!td_stage_locate (self, self->selected, &x, &y) && !td_stage_locate_edge (self, self->selected_edge, &x, &y))
    return;
  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);
      double distance;

      if (node->id == self->selected || !td_stage_locate (self, node->id, &other_x, &other_y) ||
          (other_x - x) * direction <= 0)
        continue;
      distance = (other_x - x) * direction + 3 * ABS (other_y - y);
      if (distance < best_distance)
        {
          best_distance = distance;
          best = node->id;
        }
    }
  if (best != TD_NO_NODE)
    td_stage_go_to (self, best);
}

/* Where the keys begin: at what the step did, else at what was made last. */
static guint
get_start (TdStage *self)
{
  const PlayerGraph *graph = player_get_graph (self->player);
  guint focus = player_get_focus (self->player), n = player_graph_get_n_nodes (graph);

  if (player_graph_find_node (graph, focus) != NULL)
    return focus;
  return n > 0 ? player_graph_get_node (graph, n - 1)->id : TD_NO_NODE;
}

static gboolean
has_selection (TdStage *self)
{
  return self->selected != TD_NO_NODE || self->selected_edge != TD_NO_NODE;
}

static gboolean
select_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  TdStage *self = TD_STAGE (widget);
  const char *direction = g_variant_get_string (args, NULL);

  if (self->player == NULL)
    return FALSE;
  if (has_selection (self) && (g_str_equal (direction, "down") || g_str_equal (direction, "up")))
    move_along (self, g_str_equal (direction, "down"));
  else if (has_selection (self))
    move_beside (self, g_str_equal (direction, "right") ? 1 : -1);
  else if (get_start (self) != TD_NO_NODE)
    td_stage_go_to (self, get_start (self));
  return TRUE;
}

static gboolean
inspect_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  TdStage *self = TD_STAGE (widget);

  if (self->player != NULL && !has_selection (self) && get_start (self) != TD_NO_NODE)
    td_stage_go_to (self, get_start (self));
  gtk_widget_activate_action (widget, "win.show-inspector", NULL);
  return TRUE;
}

static gboolean
release_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  TdStage *self = TD_STAGE (widget);

  gtk_widget_activate_action (widget, "win.hide-inspector", NULL);
  if (!has_selection (self))
    return FALSE;
  td_stage_select (self, TD_NO_NODE);
  return TRUE;
}

void
td_stage_keys_add_bindings (GtkWidgetClass *klass)
{
  static const struct { guint key; const char *direction; } moves[] = {
    { GDK_KEY_Up, "up" }, { GDK_KEY_Down, "down" }, { GDK_KEY_Left, "left" }, { GDK_KEY_Right, "right" },
  };
  for (guint k = 0; k < G_N_ELEMENTS (moves); k++)
    gtk_widget_class_add_binding (klass, moves[k].key, GDK_CONTROL_MASK, select_cb, "s", moves[k].direction);
  td_keys_add_transport_bindings (klass);
  gtk_widget_class_add_binding (klass, GDK_KEY_Return, 0, inspect_cb, NULL);
  gtk_widget_class_add_binding (klass, GDK_KEY_KP_Enter, 0, inspect_cb, NULL);
  gtk_widget_class_add_binding (klass, GDK_KEY_Escape, 0, release_cb, NULL);
}
