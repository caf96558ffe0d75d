/* SPDX-License-Identifier: MIT
 *
 * The inspector's type: what it shows when. The words come from the player
 * (explain.h); td-inspector-cards.c turns them into widgets. UI thread. */
#include "td-inspector.h"
#include "td-inspector-cards.h"
#include "td-theme.h"

struct _TdInspector
{
  GtkWidget parent_instance;

  GtkWidget *scrolled;
  GtkWidget *column;           /* title, cards */
  GtkWidget *entry_card;       /* "One entry", NULL: none */
  GtkWidget *entry_lines;      /* in it: the answer, NULL: not there yet */
  PlayerExplanation *explanation;
  Player *player;              /* of the explanation */
};

G_DEFINE_FINAL_TYPE (TdInspector, td_inspector, GTK_TYPE_WIDGET)

enum { RELEASED, ELEMENT_WANTED, NODE_CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
clear (TdInspector *self)
{
  GtkWidget *child;

  self->entry_card = self->entry_lines = NULL;
  while ((child = gtk_widget_get_first_child (self->column)) != NULL)
    gtk_box_remove (GTK_BOX (self->column), child);
  g_clear_pointer (&self->explanation, player_explanation_free);
  g_clear_object (&self->player);
}

static void
pin_clicked_cb (TdInspector *self)
{
  g_signal_emit (self, signals[RELEASED], 0);
}

static void
append_title (TdInspector *self, gboolean pinned)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *titles = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget *title = td_card_label (self->explanation->title, "inspector-title");
  GtkWidget *pin;

  gtk_widget_set_hexpand (titles, TRUE);
  gtk_box_append (GTK_BOX (titles), title);
  if (self->explanation->subtitle != NULL)
    gtk_box_append (GTK_BOX (titles), td_card_linked (self->explanation->subtitle, "inspector-subtitle"));
  gtk_box_append (GTK_BOX (row), titles);
  if (pinned)
    {
      pin = gtk_button_new_from_icon_name ("view-pin-symbolic");
      gtk_widget_add_css_class (pin, "flat");
      gtk_widget_set_valign (pin, GTK_ALIGN_START);
      gtk_widget_set_tooltip_text (pin, "Pinned: click to follow the running operation again (Esc)");
      gtk_accessible_update_property (GTK_ACCESSIBLE (pin), GTK_ACCESSIBLE_PROPERTY_LABEL, "Release the pin", -1);
      g_signal_connect_object (pin, "clicked", G_CALLBACK (pin_clicked_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (row), pin);
    }
  gtk_box_append (GTK_BOX (self->column), row);
}

static void
append_empty (TdInspector *self, Player *player)
{
  gboolean recorded = player != NULL && player_get_n_steps (player) > 0;
  gboolean refused = player != NULL && player_is_refused (player);
  const char *title = recorded ? "Before the first step" : refused ? "Nothing has run" : "Nothing has run yet";
  const char *hint = refused ? "The script could not begin. Change it and run again (F5)."
                             : "Press Step (F8): the operation that ran appears here with its sizes, formula, values "
                               "and gradient.";

  gtk_box_append (GTK_BOX (self->column), td_card_label (title, "inspector-title"));
  gtk_box_append (GTK_BOX (self->column), td_card_label (hint, "inspector-subtitle"));
}

/* No node is in focus: what there is at this position, and what can be done next. */
static void
append_position (TdInspector *self, Player *player, const TdCardContext *context)
{
  const char *hint = player_is_finished (player)
                       ? "Click a box, an operation or an edge to inspect it, or step back (F7): nothing is run again."
                       : "Click a box, an operation or an edge to inspect it, or press Step (F8).";

  append_title (self, FALSE);
  td_cards_append_groups (GTK_BOX (self->column), self->explanation, context, "Result", "Gradients of the leaves");
  gtk_box_append (GTK_BOX (self->column), td_card_label (hint, "inspector-subtitle"));
}

static void
unpick_cb (TdInspector *self)
{
  if (self->player != NULL)
    player_unpick (self->player);
}

/* A picked entry's title has a way back to the largest. */
static void
append_entry_title (TdInspector *self)
{
  GtkWidget *row, *title, *button;

  if (!self->explanation->element_picked)
    {
      gtk_box_append (GTK_BOX (self->entry_card), td_card_label ("One entry (the largest)", "card-title"));
      return;
    }
  row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  title = td_card_label ("One entry (picked)", "card-title");
  button = gtk_button_new_with_label ("Largest");
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "small-button");
  gtk_widget_set_tooltip_text (button, "Follow the largest entry again");
  g_signal_connect_object (button, "clicked", G_CALLBACK (unpick_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (row), title);
  gtk_box_append (GTK_BOX (row), button);
  gtk_box_append (GTK_BOX (self->entry_card), row);
}

static void
append_entry_card (TdInspector *self)
{
  const PlayerExplanation *explanation = self->explanation;

  if (!explanation->has_element)
    return;
  self->entry_card = td_card_new (NULL);
  gtk_widget_add_css_class (self->entry_card, "entry-card");
  append_entry_title (self);
  gtk_box_append (GTK_BOX (self->column), self->entry_card);
  gtk_widget_set_visible (self->entry_card, FALSE);
  g_signal_emit (self, signals[ELEMENT_WANTED], 0, explanation->element_event, explanation->element_input,
                 explanation->element_index);
}

static void
from_cb (TdInspector *self)
{
  g_signal_emit (self, signals[NODE_CHOSEN], 0, self->explanation->from);
}

static void
to_cb (TdInspector *self)
{
  g_signal_emit (self, signals[NODE_CHOSEN], 0, self->explanation->to);
}

static GtkWidget *
end_button_new (TdInspector *self, const char *icon, const char *label, const char *tip, GCallback callback)
{
  GtkWidget *button = gtk_button_new (), *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *text = gtk_label_new (label);

  gtk_label_set_ellipsize (GTK_LABEL (text), PANGO_ELLIPSIZE_END);
  gtk_widget_set_halign (row, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (row), gtk_image_new_from_icon_name (icon));
  gtk_box_append (GTK_BOX (row), text);
  gtk_button_set_child (GTK_BUTTON (button), row);
  gtk_widget_set_hexpand (button, TRUE);
  gtk_widget_set_tooltip_text (button, tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tip, -1);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  return button;
}

/* Where the edge comes from and where it goes. */
static void
append_way (TdInspector *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  gtk_box_append (GTK_BOX (self->column), td_card_linked (self->explanation->formula, "note"));
  gtk_box_append (GTK_BOX (row), end_button_new (self, "go-up-symbolic", self->explanation->from_label,
                                                 "Travel to where this value comes from (Ctrl+↑)", G_CALLBACK (from_cb)));
  gtk_box_append (GTK_BOX (row), end_button_new (self, "go-down-symbolic", self->explanation->to_label,
                                                 "Travel to where this value goes (Ctrl+↓)", G_CALLBACK (to_cb)));
  gtk_box_append (GTK_BOX (self->column), row);
}

void
td_inspector_show_edge (TdInspector *self, Player *player, guint edge, double value_scale, double gradient_scale)
{
  PlayerExplanation *explanation = player_explain_edge (player, edge);
  TdCardContext context = { player, player_get_recording (player), value_scale, gradient_scale };

  if (explanation == NULL)
    {
      td_inspector_show (self, player, G_MAXUINT, FALSE, value_scale, gradient_scale);
      return;
    }
  clear (self);
  self->explanation = explanation;
  self->player = g_object_ref (player);
  append_title (self, TRUE);
  append_way (self);
  td_cards_append (GTK_BOX (self->column), explanation, &context);
}

void
td_inspector_show (TdInspector *self, Player *player, guint node, gboolean pinned,
                   double value_scale, double gradient_scale)
{
  PlayerExplanation *explanation = player != NULL && node != G_MAXUINT ? player_explain (player, node) : NULL;
  gboolean has_node = explanation != NULL;
  TdCardContext context;

  clear (self);
  if (explanation == NULL && player != NULL)
    explanation = player_explain_position (player);
  if (explanation == NULL)
    {
      append_empty (self, player);
      return;
    }
  self->explanation = explanation;
  self->player = g_object_ref (player);
  context = (TdCardContext) {
    .player = player, .recording = player_get_recording (player), .value_scale = value_scale, .gradient_scale = gradient_scale,
  };
  if (!has_node)
    {
      append_position (self, player, &context);
      return;
    }
  append_title (self, pinned);
  /* Where terms are added, they are what one looks at. */
  if (player_get_granularity (player) == PLAYER_BY_ELEMENT)
    append_entry_card (self);
  td_cards_append (GTK_BOX (self->column), explanation, &context);
  if (player_get_granularity (player) != PLAYER_BY_ELEMENT)
    append_entry_card (self);
}

static gboolean
is_question (TdInspector *self, guint64 event, int input, gint64 index)
{
  return self->entry_card != NULL && self->explanation != NULL && self->explanation->element_event == event
         && self->explanation->element_input == input && self->explanation->element_index == index;
}

/* In place of what the card's lines said before. */
static void
show_answer (TdInspector *self, GtkWidget *lines)
{
  if (self->entry_lines != NULL)
    gtk_box_remove (GTK_BOX (self->entry_card), self->entry_lines);
  self->entry_lines = lines;
  gtk_box_append (GTK_BOX (self->entry_card), lines);
  gtk_widget_set_visible (self->entry_card, TRUE);
}

void
td_inspector_set_element (TdInspector *self, guint64 event, int input, gint64 index, const char *element_json)
{
  g_auto (GStrv) lines = NULL;
  GtkWidget *column;

  if (!is_question (self, event, input, index))
    return;
  if (player_is_followed (self->player, event, input, index))
    lines = player_dup_term_lines (self->player);
  else
    lines = player_explain_element (self->explanation, element_json);
  if (lines == NULL || lines[0] == NULL)
    return;
  column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  for (guint k = 0; lines[k] != NULL; k++)
    {
      GtkWidget *label = td_card_label (lines[k], "formula");

      if (k > 0 && lines[k + 1] == NULL)
        gtk_widget_add_css_class (label, "result");
      gtk_box_append (GTK_BOX (column), label);
    }
  show_answer (self, column);
}

void
td_inspector_refuse_element (TdInspector *self, guint64 event, int input, gint64 index, const char *reason)
{
  if (is_question (self, event, input, index))
    show_answer (self, td_card_label (reason, "note"));
}

static void
collect_text (GtkWidget *widget, GString *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_visible (widget))
    g_string_append_printf (text, "%s\n", gtk_label_get_text (GTK_LABEL (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect_text (child, text);
}

char *
td_inspector_dup_text (TdInspector *self)
{
  GString *text = g_string_new (NULL);

  collect_text (self->column, text);
  return g_string_free (text, FALSE);
}

static void
td_inspector_dispose (GObject *object)
{
  TdInspector *self = TD_INSPECTOR (object);

  if (self->column != NULL)
    clear (self);
  self->column = NULL;
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  G_OBJECT_CLASS (td_inspector_parent_class)->dispose (object);
}

static void
td_inspector_class_init (TdInspectorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = td_inspector_dispose;
  signals[RELEASED] = g_signal_new ("released", TD_TYPE_INSPECTOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ELEMENT_WANTED] = g_signal_new ("element-wanted", TD_TYPE_INSPECTOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 3, G_TYPE_UINT64, G_TYPE_INT, G_TYPE_INT64);
  signals[NODE_CHOSEN] = g_signal_new ("node-chosen", TD_TYPE_INSPECTOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "inspector");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
td_inspector_init (TdInspector *self)
{
  self->scrolled = gtk_scrolled_window_new ();
  self->column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  gtk_widget_add_css_class (self->column, "inspector-column");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), self->column);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, "Inspector", -1);
  append_empty (self, NULL);
}

GtkWidget *
td_inspector_new (void)
{
  return g_object_new (TD_TYPE_INSPECTOR, NULL);
}
