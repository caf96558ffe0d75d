/* SPDX-License-Identifier: MIT
 *
 * Keys of the stage, which act only while it has the focus: Ctrl+arrows move the
 * selection along edges, Enter inspects, Esc releases; stepping and the camera are
 * actions of the window. UI thread. */
#include "td-keys.h"
#include "td-stage-private.h"

/* The nearest neighbour of the selection along its edges, against or with the
 * data flow, or its sibling to the left or right among a common neighbour's edges. */
static guint
neighbour (TdStage *self, gboolean with_flow)
{
  const PlayerGraph *graph = player_get_graph (self->player);

  for (guint k = 0; k < player_graph_get_n_edges (graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph, k);

      if (with_flow && edge->from == self->selected)
        return edge->to;
      if (!with_flow && edge->to == self->selected)
        return edge->from;
    }
  return TD_NO_NODE;
}

/* The nearest box to the left or right on about the same height. */
static guint
beside (TdStage *self, int direction)
{
  const PlayerGraph *graph = player_get_graph (self->player);
  guint best = TD_NO_NODE;
  double best_distance = G_MAXDOUBLE, x, y, other_x, other_y;

  if (!td_stage_locate (self, self->selected, &x, &y))
    return TD_NO_NODE;
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
  return best;
}

static gboolean
select_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  TdStage *self = TD_STAGE (widget);
  const char *direction = g_variant_get_string (args, NULL);
  guint node;

  if (self->player == NULL)
    return FALSE;
  if (self->selected == TD_NO_NODE)
    node = player_get_focus (self->player);
  else if (g_str_equal (direction, "down") || g_str_equal (direction, "up"))
    node = neighbour (self, g_str_equal (direction, "down"));
  else
    node = beside (self, g_str_equal (direction, "right") ? 1 : -1);
  if (node != TD_NO_NODE)
    td_stage_select (self, node);
  return TRUE;
}

static gboolean
inspect_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  TdStage *self = TD_STAGE (widget);

  if (self->player != NULL && self->selected == TD_NO_NODE)
    td_stage_select (self, player_get_focus (self->player));
  gtk_widget_activate_action (widget, "win.show-inspector", NULL);
  return TRUE;
}

static gboolean
release_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  TdStage *self = TD_STAGE (widget);

  if (self->selected == TD_NO_NODE)
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
