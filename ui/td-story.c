/* SPDX-License-Identifier: MIT
 *
 * A list view over TdStoryModel, filtered by the search entry: number, line and caption of
 * each step. Rows on the screen
 * are told when the position moves; the list scrolls to keep it in sight. UI thread. */
#include "td-story.h"
#include "td-story-model.h"
#include "td-theme.h"

#include <string.h>

struct _TdStory
{
  GtkWidget parent_instance;

  GtkWidget *column;
  GtkWidget *search;
  GtkWidget *list;
  GtkWidget *scrolled;
  GtkWidget *empty;
  Player *player;
  TdStoryModel *model;
  GtkFilterListModel *filtered;
  GtkCustomFilter *filter; /* in force only while there is something to look for: it asks for every caption */
  char *wanted;            /* what is looked for, folded */
  GPtrArray *rows;            /* of GtkListItem on the screen, borrowed */
  guint scroll_id;
  guint n_scrolls;            /* frames the list has had to bring the current row into view */
};

G_DEFINE_FINAL_TYPE (TdStory, td_story, GTK_TYPE_WIDGET)

#define SCROLL_FRAMES 12

static guint
item_number (GtkListItem *item)
{
  TdStoryRow *row = gtk_list_item_get_item (item);

  return row != NULL ? td_story_row_get_number (row) : 0;
}

static void
mark_row (TdStory *self, GtkListItem *item)
{
  GtkWidget *child = gtk_list_item_get_child (item);
  guint number = item_number (item), at = player_get_count_position (self->player);
  const PlayerStep *facts = number != 0 ? player_get_step (self->player, player_from_count (self->player, number)) : NULL;
  gboolean current = number != 0 && number == at;

  for (PlayerPhase phase = PLAYER_PHASE_FORWARD; phase <= PLAYER_PHASE_UPDATE; phase++)
    gtk_widget_remove_css_class (child, td_theme_phase_class (phase));
  gtk_widget_remove_css_class (child, "current");
  gtk_widget_remove_css_class (child, "future");
  if (current)
    gtk_widget_add_css_class (child, "current");
  if (number > at)
    gtk_widget_add_css_class (child, "future");
  if (facts != NULL)
    gtk_widget_add_css_class (child, td_theme_phase_class (facts->phase));
}

/* "line 10"; "" where the step's line is not one of the script. Caller frees. */
static char *
dup_line (TdStory *self, guint count)
{
  const PlayerStep *facts = player_get_step (self->player, player_from_count (self->player, count));

  return facts != NULL && facts->line != 0 && facts->file == 0 ? g_strdup_printf ("line %u", facts->line)
                                                               : g_strdup ("");
}

static void
setup_cb (TdStory *self, GtkListItem *item)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *number = gtk_label_new (NULL), *line = gtk_label_new (NULL), *caption = gtk_label_new (NULL);

  gtk_widget_add_css_class (row, "story-row");
  gtk_widget_add_css_class (number, "story-number");
  gtk_label_set_xalign (GTK_LABEL (number), 1);
  gtk_label_set_width_chars (GTK_LABEL (number), 3);
  gtk_widget_add_css_class (line, "story-line");
  gtk_label_set_xalign (GTK_LABEL (line), 0);
  gtk_label_set_width_chars (GTK_LABEL (line), 6);
  gtk_label_set_xalign (GTK_LABEL (caption), 0);
  gtk_label_set_wrap (GTK_LABEL (caption), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (caption), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (caption, TRUE);
  gtk_widget_set_valign (number, GTK_ALIGN_START);
  gtk_widget_set_valign (line, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (row), number);
  gtk_box_append (GTK_BOX (row), line);
  gtk_box_append (GTK_BOX (row), caption);
  gtk_list_item_set_child (item, row);
  gtk_list_item_set_selectable (item, FALSE);
}

static void
bind_cb (TdStory *self, GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);
  GtkWidget *number = gtk_widget_get_first_child (row), *line = gtk_widget_get_next_sibling (number);
  guint count = item_number (item), step = player_from_count (self->player, count);
  g_autofree char *text = g_strdup_printf ("%u", count), *place = dup_line (self, count);
  g_autofree char *tip = g_strdup_printf ("Step %u%s%s: click to go there", count, *place != '\0' ? ", " : "",
                                          place);

  gtk_label_set_text (GTK_LABEL (number), text);
  gtk_label_set_text (GTK_LABEL (line), place);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_next_sibling (line)),
                      player_get_caption (self->player, step));
  gtk_widget_set_tooltip_text (row, tip);
  g_ptr_array_add (self->rows, item);
  mark_row (self, item);
}

static void
unbind_cb (TdStory *self, GtkListItem *item)
{
  g_ptr_array_remove_fast (self->rows, item);
}

static void
activate_cb (TdStory *self, guint position)
{
  g_autoptr (TdStoryRow) row = g_list_model_get_item (G_LIST_MODEL (self->filtered), position);

  if (row == NULL)
    return;
  player_set_playing (self->player, FALSE);
  player_set_position (self->player, player_from_count (self->player, td_story_row_get_number (row)));
}

static gboolean
match_cb (gpointer item, gpointer data)
{
  TdStory *self = data;
  guint count = td_story_row_get_number (item);
  g_autofree char *folded = NULL, *line = NULL, *row = NULL;

  line = dup_line (self, count);
  row = g_strdup_printf ("%s %s", line,
                         player_get_caption (self->player, player_from_count (self->player, count)));
  folded = g_utf8_casefold (row, -1);
  return strstr (folded, self->wanted) != NULL;
}

static void
search_cb (TdStory *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));

  g_free (self->wanted);
  self->wanted = g_utf8_casefold (text, -1);
  if (*text == '\0')
    gtk_filter_list_model_set_filter (self->filtered, NULL);
  else if (gtk_filter_list_model_get_filter (self->filtered) == NULL)
    gtk_filter_list_model_set_filter (self->filtered, GTK_FILTER (self->filter));
  else
    gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

/* The current row's place within the visible part of the list; FALSE: it has none. */
static gboolean
find_current (TdStory *self, graphene_rect_t *bounds)
{
  for (guint k = 0; k < self->rows->len; k++)
    {
      GtkListItem *item = g_ptr_array_index (self->rows, k);
      GtkWidget *row = gtk_list_item_get_child (item);

      if (item_number (item) == player_get_count_position (self->player) && gtk_widget_get_mapped (row) &&
          gtk_widget_get_height (row) > 0)
        return gtk_widget_compute_bounds (gtk_widget_get_parent (row), self->scrolled, bounds);
    }
  return FALSE;
}

gboolean
td_story_shows_current (TdStory *self)
{
  graphene_rect_t bounds;

  return self->player != NULL && find_current (self, &bounds) && bounds.origin.y >= -1 &&
         bounds.origin.y + bounds.size.height <= gtk_widget_get_height (self->scrolled) + 1;
}

/* Rows have different heights, and one that was just added has no place yet: the list's
 * own scrolling only comes near. So for some frames, until the row is really in view. */
static gboolean
scroll_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  TdStory *self = TD_STORY (widget);
  GtkAdjustment *place = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled));
  guint position = player_get_count_position (self->player);
  graphene_rect_t bounds;

  if (position == 0 || position > g_list_model_get_n_items (G_LIST_MODEL (self->filtered)) ||
      *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0' || self->n_scrolls++ >= SCROLL_FRAMES ||
      (self->n_scrolls > 2 && td_story_shows_current (self)))
    {
      self->scroll_id = 0;
      return G_SOURCE_REMOVE;
    }
  if (!find_current (self, &bounds))
    gtk_widget_activate_action (self->list, "list.scroll-to-item", "u", position - 1);
  else if (bounds.origin.y < 0)
    gtk_adjustment_set_value (place, gtk_adjustment_get_value (place) + bounds.origin.y);
  else
    gtk_adjustment_set_value (place, gtk_adjustment_get_value (place) +
                              MAX (0, bounds.origin.y + bounds.size.height - gtk_widget_get_height (self->scrolled)));
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

static void
scroll_to_current (TdStory *self)
{
  self->n_scrolls = 0;
  if (self->player != NULL && self->scroll_id == 0)
    self->scroll_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), scroll_cb, NULL, NULL);
}

static const char *
get_empty_text (TdStory *self)
{
  if (player_is_refused (self->player))
    return "No steps: the script could not begin. Change it and run again (F5).";
  if (player_is_complete (self->player))
    return "No steps: the script made no tensors and printed nothing.";
  return player_get_recording (self->player) != NULL ? "No steps yet."
                                                     : "No steps yet. Press Step (F8) to run the first line.";
}

static void
update (TdStory *self)
{
  guint n_steps = player_get_count_steps (self->player);

  for (guint k = 0; k < self->rows->len; k++)
    mark_row (self, g_ptr_array_index (self->rows, k));
  gtk_label_set_text (GTK_LABEL (self->empty), get_empty_text (self));
  gtk_widget_set_visible (self->empty, n_steps == 0);
  gtk_widget_set_visible (self->search, n_steps > 0);
  scroll_to_current (self);
}

void
td_story_set_player (TdStory *self, Player *player)
{
  if (self->player != NULL)
    g_signal_handlers_disconnect_by_data (self->player, self);
  g_set_object (&self->player, player);
  if (self->scroll_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->scroll_id);
  self->scroll_id = 0;
  td_story_model_set_player (self->model, player);
  if (player == NULL)
    return;
  g_signal_connect_swapped (player, "moved", G_CALLBACK (update), self);
  g_signal_connect_swapped (player, "grown", G_CALLBACK (update), self);
  update (self);
}

static void
td_story_dispose (GObject *object)
{
  TdStory *self = TD_STORY (object);

  if (self->model != NULL)
    td_story_set_player (self, NULL);
  g_clear_pointer (&self->column, gtk_widget_unparent);
  g_clear_object (&self->filtered);
  g_clear_object (&self->filter);
  g_clear_object (&self->model);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->wanted, g_free);
  G_OBJECT_CLASS (td_story_parent_class)->dispose (object);
}

static void
td_story_class_init (TdStoryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = td_story_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "story");
}

static void
init_list (TdStory *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkNoSelection *selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->filtered)));

  g_signal_connect_swapped (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect_swapped (factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect_swapped (factory, "unbind", G_CALLBACK (unbind_cb), self);
  self->list = gtk_list_view_new (GTK_SELECTION_MODEL (selection), factory);
  gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (self->list), TRUE);
  gtk_widget_add_css_class (self->list, "story-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, "Story", -1);
  g_signal_connect_swapped (self->list, "activate", G_CALLBACK (activate_cb), self);
}

static void
td_story_init (TdStory *self)
{
  self->scrolled = gtk_scrolled_window_new ();
  g_signal_connect (self, "map", G_CALLBACK (scroll_to_current), NULL);
  self->rows = g_ptr_array_new ();
  self->model = td_story_model_new ();
  self->filter = gtk_custom_filter_new (match_cb, self, NULL);
  self->filtered = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->model)), NULL);
  gtk_filter_list_model_set_incremental (self->filtered, TRUE);
  self->search = gtk_search_entry_new ();
  gtk_widget_add_css_class (self->search, "story-search");
  gtk_search_entry_set_key_capture_widget (GTK_SEARCH_ENTRY (self->search), NULL);
  g_object_set (self->search, "placeholder-text", "Search the story", NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL, "Search the story", -1);
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (search_cb), self);
  init_list (self);
  self->empty = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->empty, "console-empty");
  gtk_label_set_wrap (GTK_LABEL (self->empty), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->empty), 0);
  self->column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), self->list);
  gtk_widget_set_vexpand (self->scrolled, TRUE);
  gtk_box_append (GTK_BOX (self->column), self->empty);
  gtk_box_append (GTK_BOX (self->column), self->search);
  gtk_box_append (GTK_BOX (self->column), self->scrolled);
  gtk_widget_set_visible (self->search, FALSE);
  gtk_widget_set_parent (self->column, GTK_WIDGET (self));
}

void
td_story_search (TdStory *self)
{
  gtk_widget_grab_focus (self->search);
  gtk_editable_select_region (GTK_EDITABLE (self->search), 0, -1);
}

GtkWidget *
td_story_new (void)
{
  return g_object_new (TD_TYPE_STORY, NULL);
}
