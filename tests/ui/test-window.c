/* SPDX-License-Identifier: MIT
 *
 * What the window itself sees to: names in its menus, the inspector where nothing is
 * in focus, columns that show all they hold. */
#include "ui-test.h"

#include <string.h>

static Player *
player_of (TdWindow *window)
{
  return td_run_get_player (td_window_get_run (window));
}

static GtkWidget *
find_named (GtkWidget *widget, const char *buildable_id)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUILDABLE (widget) && g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), buildable_id) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_named (child, buildable_id);
  return found;
}

static guint
count_examples (GMenuModel *menu)
{
  guint n = 0;

  for (int k = 0; k < g_menu_model_get_n_items (menu); k++)
    {
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, k, G_MENU_LINK_SECTION);
      g_autofree char *label = NULL, *target = NULL, *shown = NULL;
      g_auto (GStrv) parts = NULL;

      if (section != NULL)
        n += count_examples (section);
      if (!g_menu_model_get_item_attribute (menu, k, G_MENU_ATTRIBUTE_LABEL, "s", &label)
          || !g_menu_model_get_item_attribute (menu, k, G_MENU_ATTRIBUTE_TARGET, "s", &target))
        continue;
      /* What is left when GTK has taken the mnemonics out. */
      g_assert_true (pango_parse_markup (label, -1, 0, NULL, NULL, NULL, NULL));
      parts = g_strsplit (label, "__", -1);
      for (guint p = 0; parts[p] != NULL; p++)
        g_assert_null (strchr (parts[p], '_'));
      shown = g_strjoinv ("_", parts);
      g_assert_true (g_str_has_suffix (target, shown));
      n++;
    }
  return n;
}

static gboolean
is_recent (gpointer uri)
{
  g_autolist (GtkRecentInfo) items = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());

  for (GList *item = items; item != NULL; item = item->next)
    if (g_str_equal (gtk_recent_info_get_uri (item->data), uri))
      return TRUE;
  return FALSE;
}

/* A name keeps its underscores in the menu. */
static void
test_open_menu (void)
{
  TdWindow *window = ui_test_window_new (1024, 700);
  GtkWidget *button = find_named (GTK_WIDGET (window), "open_button");
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "my_own_net.py", NULL);
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  GMenuModel *menu = gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (button));

  g_assert_true (g_file_set_contents (path, "import torch\n", -1, NULL));
  gtk_recent_manager_add_item (gtk_recent_manager_get_default (), uri);
  ui_test_wait (is_recent, uri, "the file among the recent ones");
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  gtk_menu_button_popdown (GTK_MENU_BUTTON (button));
  g_assert_cmpuint (count_examples (menu), >=, 3);
  ui_test_window_destroy (window);
}

static void
test_before_first_step (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);
  g_autofree char *fresh = NULL, *back = NULL;

  ui_test_open_demo (window);
  fresh = td_inspector_dup_text (td_window_get_inspector (window));
  g_assert_true (g_str_has_prefix (fresh, "Nothing has run yet\n"));
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  player_set_position (player_of (window), 0);
  back = td_inspector_dup_text (td_window_get_inspector (window));
  g_assert_true (g_str_has_prefix (back, "Before the first step\n"));
  ui_test_window_destroy (window);
}

static void
assert_whole (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_has_css_class (widget, "variable-values"))
    g_assert_false (pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget))));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    assert_whole (child);
}

/* Beside sizes and values there is room for the gradient. */
static void
test_variables (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);
  GtkWidget *console = GTK_WIDGET (td_window_get_console (window));
  GtkWidget *stack = find_named (console, "stack");

  ui_test_open_demo (window);
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  gtk_stack_set_visible_child_name (GTK_STACK (stack), "variables");
  ui_test_wait_settled (window);
  assert_whole (console);
  ui_test_window_destroy (window);
}

static const char failing_backward[] = "import torch\n"
                                       "w = torch.ones(3, requires_grad=True)\n"
                                       "h = w.sigmoid()\n"
                                       "y = h * h\n"
                                       "h += 1\n"
                                       "y.sum().backward()\n";

/* The caption has the same room whatever it says, so the picture does not move with it. */
static void
test_caption_room (gconstpointer data)
{
  int width = GPOINTER_TO_INT (data);
  TdWindow *window = ui_test_window_new (width, width < 1440 ? 700 : 900);
  GtkWidget *box = find_named (GTK_WIDGET (window), "caption_box");
  GtkWidget *ending = find_named (GTK_WIDGET (window), "ending");
  int height;

  ui_test_open_demo (window);
  height = gtk_widget_get_height (box);
  for (guint step = 1; step <= 18; step++)
    {
      ui_test_step (window, step);
      ui_test_wait_settled (window);
      g_assert_cmpint (gtk_widget_get_height (box), ==, height);
    }
  g_assert_true (gtk_widget_get_mapped (ending));
  ui_test_set_script (window, failing_backward);
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  ui_test_wait_settled (window);
  g_assert_cmpuint (strlen (td_window_get_caption (window)), >, 200);
  g_assert_true (gtk_widget_get_mapped (ending));
  g_assert_cmpint (gtk_widget_get_height (box), ==, height);
  ui_test_window_destroy (window);
}

/* Right end of what stands furthest right, in px of the stage. */
static double
right_end (TdWindow *window)
{
  TdStage *stage = td_window_get_stage (window);
  const PlayerGraph *graph = player_get_graph (player_of (window));
  double right = 0;

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      guint id = player_graph_get_node (graph, k)->id;
      LayoutRect rect;
      double x, y;

      g_assert_true (layout_result_get_node (td_stage_get_layout (stage), id, &rect));
      g_assert_true (td_stage_locate (stage, id, &x, &y));
      right = MAX (right, x + rect.width / 2 * td_stage_get_zoom (stage));
    }
  return right;
}

static gboolean
is_open (gpointer flap)
{
  return adw_flap_get_reveal_progress (flap) == 1;
}

static gboolean
is_closed (gpointer flap)
{
  return adw_flap_get_reveal_progress (flap) == 0;
}

/* Where the inspector lies over the stage, caption and graph stand beside it until it is closed. */
static void
test_inspector_over_stage (void)
{
  TdWindow *window = ui_test_window_new (1024, 700);
  GtkWidget *stage = GTK_WIDGET (td_window_get_stage (window));
  GtkWidget *inspector = GTK_WIDGET (td_window_get_inspector (window));
  GtkWidget *box = find_named (GTK_WIDGET (window), "caption_box");
  GtkWidget *flap = find_named (GTK_WIDGET (window), "inspector_flap");
  double before;
  int free_width, box_width;

  ui_test_open_demo (window);
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  ui_test_wait_settled (window);
  before = right_end (window);
  free_width = gtk_widget_get_width (stage);
  box_width = gtk_widget_get_width (box);
  ui_test_activate (window, "win.show-inspector");
  ui_test_wait (is_open, flap, "the inspector");
  ui_test_wait_settled (window);
  free_width -= gtk_widget_get_width (inspector);
  g_assert_cmpint (free_width, >, 300);
  g_assert_cmpint (gtk_widget_get_width (box), ==, box_width - gtk_widget_get_width (inspector));
  g_assert_cmpfloat (right_end (window), <=, free_width);
  ui_test_press (window, "<Control>0");
  ui_test_wait_settled (window);
  g_assert_cmpfloat (right_end (window), <=, free_width);
  ui_test_activate (window, "win.hide-inspector");
  ui_test_wait (is_closed, flap, "the inspector to be gone");
  ui_test_wait_settled (window);
  g_assert_cmpfloat_with_epsilon (right_end (window), before, 0.5);
  g_assert_cmpint (gtk_widget_get_width (box), ==, box_width);
  ui_test_window_destroy (window);
}

typedef struct { TdWindow *window; int line; } Line;

static gboolean
is_line_seen (gpointer data)
{
  Line *line = data;
  GtkTextView *editor = GTK_TEXT_VIEW (td_script_view_get_editor (td_window_get_script_view (line->window)));
  GdkRectangle visible, place;
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_line (gtk_text_view_get_buffer (editor), &iter, line->line - 1);
  gtk_text_view_get_visible_rect (editor, &visible);
  gtk_text_view_get_iter_location (editor, &iter, &place);
  return place.y >= visible.y && place.y + place.height <= visible.y + visible.height;
}

/* The bar that tells the error takes room from the editor, not the line it is about. */
static void
test_error_line (void)
{
  TdWindow *window = ui_test_window_new (1024, 700);
  TdScriptView *view = td_window_get_script_view (window);
  g_autoptr (GString) script = g_string_new ("import torch\nw = torch.ones(2, 3)\n");
  Line line = { window, 50 };
  int before;

  ui_test_open_demo (window);
  for (guint k = 3; k < 50; k++)
    g_string_append (script, "#\n");
  g_string_append (script, "w @ w  # the line of the error\n#\n#\n#\n#\n#\n#\n");
  ui_test_set_script (window, script->str);
  before = gtk_widget_get_height (td_script_view_get_editor (view));
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  ui_test_wait_settled (window);
  g_assert_nonnull (td_script_view_get_error (view));
  ui_test_wait (is_line_seen, &line, "the line of the error to be seen");
  g_assert_cmpint (gtk_widget_get_height (td_script_view_get_editor (view)), <, before);
  ui_test_window_destroy (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/window/open-menu", test_open_menu);
  g_test_add_func ("/ui/window/before-first-step", test_before_first_step);
  g_test_add_func ("/ui/window/variables", test_variables);
  g_test_add_data_func ("/ui/window/caption-room-1440", GINT_TO_POINTER (1440), test_caption_room);
  g_test_add_data_func ("/ui/window/caption-room-1024", GINT_TO_POINTER (1024), test_caption_room);
  g_test_add_func ("/ui/window/inspector-over-stage", test_inspector_over_stage);
  g_test_add_func ("/ui/window/error-line", test_error_line);
  return g_test_run ();
}
