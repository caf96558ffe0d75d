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

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/window/open-menu", test_open_menu);
  g_test_add_func ("/ui/window/before-first-step", test_before_first_step);
  g_test_add_func ("/ui/window/variables", test_variables);
  return g_test_run ();
}
