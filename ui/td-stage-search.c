/* SPDX-License-Identifier: MIT
 *
 * The bar over the stage. What matches is asked of the graph at the position
 * (player_graph_find); the match one is at is the stage's selection, so that a
 * click or a step says nothing stale. UI thread. */
#include "td-stage-search.h"
#include "td-keys.h"

struct _TdStageSearch
{
  GtkWidget parent_instance;

  GtkWidget *bar, *entry, *count;
  GtkWidget *previous, *next;
  TdStage *stage;
  Player *player;              /* listened to while the bar is open */
  GArray *found;               /* of guint: nodes */
};

G_DEFINE_FINAL_TYPE (TdStageSearch, td_stage_search, GTK_TYPE_WIDGET)

/* Which match the stage's selection is; G_MAXUINT: none of them. */
static guint
find_current (TdStageSearch *self)
{
  for (guint k = 0; k < self->found->len; k++)
    if (g_array_index (self->found, guint, k) == td_stage_get_selected (self->stage))
      return k;
  return G_MAXUINT;
}

static void
update_count (TdStageSearch *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  guint current = find_current (self), n = self->found->len;
  g_autofree char *label = NULL;

  if (*text == '\0')
    label = g_strdup ("");
  else if (n == 0)
    label = g_strdup ("none");
  else if (current != G_MAXUINT)
    label = g_strdup_printf ("%u of %u", current + 1, n);
  else
    label = g_strdup_printf ("%u found", n);
  gtk_label_set_text (GTK_LABEL (self->count), label);
  gtk_widget_set_sensitive (self->previous, n > 0);
  gtk_widget_set_sensitive (self->next, n > 0);
  if (*text != '\0' && n == 0)
    gtk_widget_add_css_class (self->entry, "error");
  else
    gtk_widget_remove_css_class (self->entry, "error");
}

static void
find_again (TdStageSearch *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  g_clear_pointer (&self->found, g_array_unref);
  self->found = self->player != NULL ? player_graph_find (player_get_graph (self->player), text)
                                     : g_array_new (FALSE, FALSE, sizeof (guint));
  update_count (self);
}

/* by: +1 the next match, −1 the one before, 0 the one at hand if there is one. */
static void
go (TdStageSearch *self, int by)
{
  guint current, n;

  find_again (self);
  current = find_current (self);
  n = self->found->len;
  if (n == 0)
    return;
  if (current == G_MAXUINT)
    current = by < 0 ? n - 1 : 0;
  else
    current = (current + (guint) ((int) n + by)) % n;
  td_stage_go_to (self->stage, g_array_index (self->found, guint, current));
  update_count (self);
}

static void
changed_cb (TdStageSearch *self)
{
  go (self, 0);
}

static void
next_cb (TdStageSearch *self)
{
  go (self, +1);
}

static void
previous_cb (TdStageSearch *self)
{
  go (self, -1);
}

static void
stop_cb (TdStageSearch *self)
{
  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (self->bar), FALSE);
}

static void
listen_to (TdStageSearch *self, Player *player)
{
  if (self->player != NULL)
    g_signal_handlers_disconnect_by_data (self->player, self);
  g_set_object (&self->player, player);
  if (player == NULL)
    return;
  g_signal_connect_swapped (player, "moved", G_CALLBACK (find_again), self);
  g_signal_connect_swapped (player, "grown", G_CALLBACK (find_again), self);
}

/* Closed in whatever way, it leaves the keys to the stage. */
static void
mode_cb (TdStageSearch *self)
{
  if (td_stage_search_is_open (self) || self->stage == NULL)
    return;
  listen_to (self, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self->stage));
}

void
td_stage_search_open (TdStageSearch *self)
{
  g_return_if_fail (self->stage != NULL);
  listen_to (self, td_stage_get_player (self->stage));
  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (self->bar), TRUE);
  gtk_widget_grab_focus (self->entry);
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
  find_again (self);
}

gboolean
td_stage_search_is_open (TdStageSearch *self)
{
  return gtk_search_bar_get_search_mode (GTK_SEARCH_BAR (self->bar));
}

const char *
td_stage_search_get_count (TdStageSearch *self)
{
  return gtk_label_get_text (GTK_LABEL (self->count));
}

void
td_stage_search_set_stage (TdStageSearch *self, TdStage *stage)
{
  if (self->stage != NULL)
    g_signal_handlers_disconnect_by_data (self->stage, self);
  g_set_object (&self->stage, stage);
  if (stage != NULL)
    g_signal_connect_swapped (stage, "selected", G_CALLBACK (update_count), self);
}

static void
td_stage_search_dispose (GObject *object)
{
  TdStageSearch *self = TD_STAGE_SEARCH (object);

  listen_to (self, NULL);
  td_stage_search_set_stage (self, NULL);
  g_clear_pointer (&self->bar, gtk_widget_unparent);
  g_clear_pointer (&self->found, g_array_unref);
  G_OBJECT_CLASS (td_stage_search_parent_class)->dispose (object);
}

static void
td_stage_search_class_init (TdStageSearchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = td_stage_search_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "stage-search");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SEARCH);
}

static GtkWidget *
button_new (TdStageSearch *self, const char *icon, const char *tip, GCallback callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, tip);
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tip, -1);
  g_signal_connect_swapped (button, "clicked", callback, self);
  return button;
}

static GtkWidget *
entry_new (TdStageSearch *self)
{
  GtkWidget *entry = gtk_search_entry_new ();

  g_object_set (entry, "placeholder-text", "Name, operation or line", NULL);
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, "Search the graph", -1);
  td_keys_add_search_back (entry);
  g_signal_connect_swapped (entry, "search-changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (entry, "activate", G_CALLBACK (next_cb), self);
  g_signal_connect_swapped (entry, "next-match", G_CALLBACK (next_cb), self);
  g_signal_connect_swapped (entry, "previous-match", G_CALLBACK (previous_cb), self);
  g_signal_connect_swapped (entry, "stop-search", G_CALLBACK (stop_cb), self);
  return entry;
}

static void
td_stage_search_init (TdStageSearch *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->found = g_array_new (FALSE, FALSE, sizeof (guint));
  self->bar = gtk_search_bar_new ();
  self->entry = entry_new (self);
  self->count = gtk_label_new (NULL);
  self->previous = button_new (self, "go-up-symbolic", "Match before (Shift+Enter)", G_CALLBACK (previous_cb));
  self->next = button_new (self, "go-down-symbolic", "Next match (Enter)", G_CALLBACK (next_cb));
  gtk_label_set_width_chars (GTK_LABEL (self->count), 8);
  gtk_widget_add_css_class (self->count, "dim-label");
  gtk_widget_add_css_class (self->count, "numeric");
  gtk_widget_set_hexpand (row, TRUE);
  gtk_box_append (GTK_BOX (row), self->entry);
  gtk_box_append (GTK_BOX (row), self->count);
  gtk_box_append (GTK_BOX (row), self->previous);
  gtk_box_append (GTK_BOX (row), self->next);
  gtk_search_bar_set_child (GTK_SEARCH_BAR (self->bar), row);
  gtk_search_bar_connect_entry (GTK_SEARCH_BAR (self->bar), GTK_EDITABLE (self->entry));
  gtk_search_bar_set_show_close_button (GTK_SEARCH_BAR (self->bar), TRUE);
  g_signal_connect_object (self->bar, "notify::search-mode-enabled", G_CALLBACK (mode_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_parent (self->bar, GTK_WIDGET (self));
}

GtkWidget *
td_stage_search_new (void)
{
  return g_object_new (TD_TYPE_STAGE_SEARCH, NULL);
}
