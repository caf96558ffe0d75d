/* SPDX-License-Identifier: MIT
 *
 * A grid of rows, made anew for each position while it can be seen. UI thread. */
#include "td-variables.h"
#include "player/explain.h"

struct _TdVariables
{
  GtkWidget parent_instance;

  GtkWidget *scrolled;
  GtkWidget *list;
  Player *player;
};

G_DEFINE_FINAL_TYPE (TdVariables, td_variables, GTK_TYPE_WIDGET)

enum { NODE_CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

/* One number, or "−2.31 … 2.42"; size of the gradient if there is one. */
static char *
summary (RecRecording *recording, const PlayerVariable *variable)
{
  GString *text = g_string_new (NULL);
  RecShot shot;
  RecStats stats;

  if (variable->facts.shot != 0 && rec_recording_get_shot (recording, variable->facts.shot, &shot))
    {
      g_autofree char *low = NULL, *high = NULL;

      rec_shot_get_stats (&shot, &stats);
      low = player_format_number (stats.min);
      high = player_format_number (stats.max);
      if (shot.numel == 1)
        g_string_append (text, low);
      else if (shot.numel > 1)
        g_string_append_printf (text, "%s … %s", low, high);
      else
        g_string_append (text, "empty");
    }
  if (variable->grad_shot != 0 && rec_recording_get_shot (recording, variable->grad_shot, &shot))
    {
      g_autofree char *size = NULL;

      rec_shot_get_stats (&shot, &stats);
      size = player_format_number (stats.norm);
      g_string_append_printf (text, "%s.grad size %s", text->len > 0 ? ", " : "", size);
    }
  return g_string_free (text, FALSE);
}

static void
append_cell (GtkWidget *row, const char *text, const char *css_class, int width_chars, gboolean expand)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (label), width_chars);
  gtk_widget_set_hexpand (label, expand);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (row), label);
}

/* What does not fit on one line goes on in the next. */
static void
show_whole (GtkWidget *label)
{
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
}

static GtkWidget *
row_new (RecRecording *recording, const PlayerVariable *variable)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  g_autofree char *size = player_format_size (variable->facts.ndim, variable->facts.sizes);
  g_autofree char *text = summary (recording, variable);

  append_cell (row, variable->name, "variable-name", 8, FALSE);
  append_cell (row, size, "variable-size", 8, FALSE);
  append_cell (row, rec_dtype_name (variable->facts.dtype), "variable-dtype", 7, FALSE);
  append_cell (row, text, "variable-values", 10, TRUE);
  show_whole (gtk_widget_get_last_child (row));
  gtk_widget_set_tooltip_text (row, text);
  g_object_set_data (G_OBJECT (row), "node", GUINT_TO_POINTER (variable->node));
  return row;
}

static void
fill (TdVariables *self)
{
  GtkWidget *child;

  if (self->player == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  while ((child = gtk_widget_get_first_child (self->list)) != NULL)
    {
      if (!GTK_IS_LIST_BOX_ROW (child))
        break;
      gtk_list_box_remove (GTK_LIST_BOX (self->list), child);
    }
  for (guint k = 0; k < player_get_n_variables (self->player); k++)
    gtk_list_box_append (GTK_LIST_BOX (self->list),
                         row_new (player_get_recording (self->player), player_get_variable (self->player, k)));
}

static void
row_activated_cb (TdVariables *self, GtkListBoxRow *row)
{
  guint node = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (gtk_list_box_row_get_child (row)), "node"));

  if (node != G_MAXUINT)
    g_signal_emit (self, signals[NODE_CHOSEN], 0, node);
}

void
td_variables_set_player (TdVariables *self, Player *player)
{
  if (self->player != NULL)
    g_signal_handlers_disconnect_by_data (self->player, self);
  g_set_object (&self->player, player);
  if (player == NULL)
    return;
  g_signal_connect_swapped (player, "moved", G_CALLBACK (fill), self);
  g_signal_connect_swapped (player, "grown", G_CALLBACK (fill), self);
  fill (self);
}

static void
td_variables_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (td_variables_parent_class)->map (widget);
  fill (TD_VARIABLES (widget));
}

static void
td_variables_dispose (GObject *object)
{
  TdVariables *self = TD_VARIABLES (object);

  td_variables_set_player (self, NULL);
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  G_OBJECT_CLASS (td_variables_parent_class)->dispose (object);
}

static void
td_variables_class_init (TdVariablesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = td_variables_dispose;
  GTK_WIDGET_CLASS (klass)->map = td_variables_map;
  signals[NODE_CHOSEN] = g_signal_new ("node-chosen", TD_TYPE_VARIABLES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
td_variables_init (TdVariables *self)
{
  GtkWidget *empty = gtk_label_new ("No tensor has a name yet. Press Step (F8).");

  gtk_widget_add_css_class (empty, "console-empty");
  gtk_label_set_xalign (GTK_LABEL (empty), 0);
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_list_box_set_placeholder (GTK_LIST_BOX (self->list), empty);
  gtk_widget_add_css_class (self->list, "variables");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, "Variables", -1);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (row_activated_cb), self);
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), self->list);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
}

GtkWidget *
td_variables_new (void)
{
  return g_object_new (TD_TYPE_VARIABLES, NULL);
}
