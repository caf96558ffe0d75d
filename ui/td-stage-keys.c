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

/* Whether an edge of the selected node touches the box one is at, where the node stands once per use. */
static gboolean
leaves_here (TdStage *self, const PlayerEdge *edge)
{
  return self->layout == NULL
         || layout_result_get_edge_use (self->layout, edge->id, self->selected) == self->selected_use;
}

/* Along the first edge of the selected node, against or with the data flow; from an edge to its end. */
static void
move_along (TdStage *self, gboolean with_flow)
{
  const PlayerGraph *graph = player_get_graph (self->player);
  const PlayerEdge *selected = player_graph_find_edge (graph, self->selected_edge);

  if (selected != NULL)
    {
      td_stage_go_to_end (self, selected, with_flow ? selected->to : selected->from);
      return;
    }
  for (guint k = 0; k < player_graph_get_n_edges (graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph, k);

      if ((with_flow ? edge->from : edge->to) != self->selected || !leaves_here (self, edge))
        continue;
      if (is_stop (graph, edge))
        td_stage_select_edge (self, edge->id);
      else
        td_stage_go_to_end (self, edge, with_flow ? edge->to : edge->from);
      return;
    }
}

typedef struct
{
  guint node, use;
  double distance;
} Beside;

/* Keeps the box of that node which is nearest on that side. */
static void
consider (TdStage *self, guint node, double x, double y, int direction, Beside *best)
{
  LayoutRect rect;

  for (guint use = 0; layout_result_get_use (self->layout, node, use, &rect); use++)
    {
      double dx = (rect.x + rect.width / 2 - x) * direction, dy = ABS (rect.y + rect.height / 2 - y);

      if (dx <= 0 || dx + 3 * dy >= best->distance || (node == self->selected && use == self->selected_use)
          || !layout_result_has_use_in (self->layout, player_get_graph (self->player), node, use))
        continue;
      *best = (Beside) { node, use, dx + 3 * dy };
    }
}

/* To the nearest box or pill to the left or right on about the same height. */
static void
move_beside (TdStage *self, int direction)
{
  const PlayerGraph *graph = player_get_graph (self->player);
  Beside best = { TD_NO_NODE, 0, G_MAXDOUBLE };
  double x, y;

  if (!td_stage_locate (self, self->selected, &x, &y) && !td_stage_locate_edge (self, self->selected_edge, &x, &y))
    return;
  td_stage_camera_to_layout (self, x, y, &x, &y);
  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    consider (self, player_graph_get_node (graph, k)->id, x, y, direction, &best);
  if (best.node != TD_NO_NODE)
    td_stage_go_to_use (self, best.node, best.use);
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
