/* SPDX-License-Identifier: MIT
 *
 * Every widget type: made, shown in a window, given a player, taken apart, and
 * really gone (weak references). A leak or a stray reference fails here. */
#include "ui-test.h"

#include <string.h>

#include "ui/td-gutter.h"
#include "ui/td-heat-map.h"
#include "ui/td-keys.h"
#include "ui/td-legend.h"
#include "ui/td-story-model.h"
#include "ui/td-timeline.h"
#include "ui/td-transport.h"

static gboolean
is_null (gpointer data)
{
  return *(gpointer *) data == NULL;
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static const struct { const char *name; GType (*type) (void);
} types[] = {
  { "console", td_console_get_type },     { "inspector", td_inspector_get_type },
  { "legend", td_legend_get_type },       { "output", td_output_get_type },
  { "prompt", td_prompt_get_type },       { "script-view", td_script_view_get_type },
  { "stage", td_stage_get_type },         { "story", td_story_get_type },
  { "timeline", td_timeline_get_type },   { "transport", td_transport_get_type },
  { "variables", td_variables_get_type }, { "heat-map", td_heat_map_get_type },
  { "stage-search", td_stage_search_get_type },
};

/* Gives a widget what it shows, by whatever setter it has. */
static void
fill (GtkWidget *widget, TdRun *run)
{
  Player *player = run != NULL ? td_run_get_player (run) : NULL;

  if (TD_IS_STAGE (widget))
    td_stage_set_player (TD_STAGE (widget), player);
  else if (TD_IS_CONSOLE (widget))
    td_console_set_player (TD_CONSOLE (widget), player);
  else if (TD_IS_OUTPUT (widget))
    td_output_set_player (TD_OUTPUT (widget), player);
  else if (TD_IS_PROMPT (widget))
    td_prompt_ask (TD_PROMPT (widget), 7);
  else if (TD_IS_STORY (widget))
    td_story_set_player (TD_STORY (widget), player);
  else if (TD_IS_VARIABLES (widget))
    td_variables_set_player (TD_VARIABLES (widget), player);
  else if (TD_IS_TIMELINE (widget))
    td_timeline_set_player (TD_TIMELINE (widget), player);
  else if (TD_IS_TRANSPORT (widget))
    td_transport_set_run (TD_TRANSPORT (widget), run);
}

static void
test_life (gconstpointer data)
{
  GType type = types[GPOINTER_TO_UINT (data)].type ();
  TdRun *run = td_run_new (ui_test_get_program ());
  GtkWidget *window = gtk_window_new ();
  GtkWidget *widget = g_object_new (type, NULL);

  g_object_add_weak_pointer (G_OBJECT (widget), (gpointer *) &widget);
  g_object_add_weak_pointer (G_OBJECT (run), (gpointer *) &run);
  gtk_window_set_default_size (GTK_WINDOW (window), 720, 560);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  fill (widget, run);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_wait (is_mapped, widget, "the widget to be shown");
  gtk_window_destroy (GTK_WINDOW (window));
  ui_test_wait (is_null, &widget, "the widget to be finalized");
  g_object_unref (run);
  ui_test_wait (is_null, &run, "the run to be finalized");
}

static void
test_window_life (void)
{
  for (guint k = 0; k < 3; k++)
    {
      TdWindow *window = ui_test_window_new (1024, 700);

      if (k > 0)
        ui_test_open_demo (window);
      ui_test_window_destroy (window);
    }
}

/* Every named action that a button, menu item or key uses exists in the window. */
static void
test_actions_exist (void)
{
  TdWindow *window = ui_test_window_new (1024, 700);
  g_auto (GStrv) described = gtk_application_list_action_descriptions (ui_test_get_application ());

  g_assert_cmpuint (g_strv_length (described), >=, 20);
  for (guint k = 0; described[k] != NULL; k++)
    {
      g_autofree char *action = NULL;
      g_autoptr (GVariant) target = NULL;
      gboolean parsed = g_action_parse_detailed_name (described[k], &action, &target, NULL);
      gboolean found = parsed && (!g_str_has_prefix (action, "win.") ||
                                  g_action_map_lookup_action (G_ACTION_MAP (window), action + strlen ("win.")) != NULL);
      const GVariantType *parameter;
      const char *name, *property;
      GType owner;

      for (guint i = 0; !found && gtk_widget_class_query_action (GTK_WIDGET_GET_CLASS (window), i, &owner, &name,
                                                                 &parameter, &property); i++)
        found = parsed && g_str_equal (name, action);
      if (!found)
        g_error ("no action %s", described[k]);
    }
  ui_test_window_destroy (window);
}

typedef struct { guint n_looked_at, n_nameless; } Names;

static gboolean
is_of_toolkit (GtkWidget *widget)
{
  const char *icon = gtk_button_get_icon_name (GTK_BUTTON (widget));
  gboolean in_bar = gtk_widget_get_ancestor (widget, GTK_TYPE_INFO_BAR) != NULL
                    || gtk_widget_get_ancestor (widget, GTK_TYPE_SEARCH_BAR) != NULL;

  return gtk_widget_get_ancestor (widget, GTK_TYPE_SPIN_BUTTON) != NULL
         || gtk_widget_get_ancestor (widget, GTK_TYPE_MENU_BUTTON) != NULL
         || gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW_CONTROLS) != NULL
         || (in_bar && g_strcmp0 (icon, "window-close-symbolic") == 0);
}

static gboolean
shows_word (GtkWidget *widget)
{
  gboolean shows = GTK_IS_LABEL (widget) && *gtk_label_get_text (GTK_LABEL (widget)) != '\0';

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && !shows;
       child = gtk_widget_get_next_sibling (child))
    shows = shows_word (child);
  return shows;
}

/* A bar that is not shown has no words yet. */
static gboolean
waits_in_bar (GtkWidget *widget)
{
  GtkWidget *bar = gtk_widget_get_ancestor (widget, GTK_TYPE_INFO_BAR);
  return bar != NULL && !(gtk_widget_get_visible (bar) && gtk_info_bar_get_revealed (GTK_INFO_BAR (bar)));
}

/* A button that shows an icon and no word, and is not the toolkit's own. */
static gboolean
is_icon_button (GtkWidget *widget)
{
  if (GTK_IS_MENU_BUTTON (widget))
    return !shows_word (gtk_widget_get_first_child (widget));
  return GTK_IS_BUTTON (widget) && !is_of_toolkit (widget) && !waits_in_bar (widget) && !shows_word (widget);
}

static void
look_at_names (GtkWidget *widget, Names *names)
{
  const char *tip = gtk_widget_get_tooltip_text (widget);

  if (is_icon_button (widget))
    {
      names->n_looked_at++;
      if (tip == NULL || *tip == '\0')
        {
          names->n_nameless++;
          g_test_message ("the button “%s” says nothing", gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)));
        }
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    look_at_names (child, names);
}

static void
test_names (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);
  GtkWidget *silent = g_object_ref_sink (gtk_button_new_from_icon_name ("go-next-symbolic"));
  Names names = { 0 }, test = { 0 };

  look_at_names (GTK_WIDGET (window), &names);
  g_assert_cmpuint (names.n_nameless, ==, 0);
  g_test_message ("%u buttons without a word", names.n_looked_at);
  g_assert_cmpuint (names.n_looked_at, >=, 6);
  ui_test_window_destroy (window);
  /* The test's test. */
  look_at_names (silent, &test);
  g_assert_cmpuint (test.n_nameless, ==, 1);
  g_object_unref (silent);
}

static gboolean
is_listed (GType type)
{
  for (guint k = 0; k < G_N_ELEMENTS (types); k++)
    if (types[k].type () == type)
      return TRUE;
  return FALSE;
}

static guint
look_for_unlisted (GType type, guint *n_listed)
{
  g_autofree GType *children = g_type_children (type, NULL);
  guint n = 0;

  for (guint k = 0; children[k] != 0; k++)
    n += look_for_unlisted (children[k], n_listed);
  if (!g_str_has_prefix (g_type_name (type), "Td"))
    return n;
  if (is_listed (type) || type == TD_TYPE_WINDOW || type == TD_TYPE_GUTTER)
    *n_listed += 1;
  else
    g_test_message ("the life of %s is not tested", g_type_name (type));
  return n + (is_listed (type) || type == TD_TYPE_WINDOW || type == TD_TYPE_GUTTER ? 0 : 1);
}

/* Every type of widget there is: the window has a test of its own, and the gutter lives in a script view. */
static void
test_all_types (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);
  guint n_listed = 0;

  ui_test_open_demo (window);
  ui_test_step (window, 1);
  g_assert_cmpuint (look_for_unlisted (GTK_TYPE_WIDGET, &n_listed), ==, 0);
  g_assert_cmpuint (n_listed, >=, G_N_ELEMENTS (types));
  ui_test_window_destroy (window);
}

static void
test_speed (void)
{
  g_assert_cmpfloat_with_epsilon (td_transport_speed_at (-2), 0.25, 1e-9);
  g_assert_cmpfloat_with_epsilon (td_transport_speed_at (3), 8, 1e-9);
  for (double place = -2; place <= 3; place += 0.5)
    g_assert_cmpfloat_with_epsilon (td_transport_place_of (td_transport_speed_at (place)), place, 1e-9);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  for (guint k = 0; k < G_N_ELEMENTS (types); k++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/life/%s", types[k].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (k), test_life);
    }
  g_test_add_func ("/ui/life/window", test_window_life);
  g_test_add_func ("/ui/actions-exist", test_actions_exist);
  g_test_add_func ("/ui/names", test_names);
  g_test_add_func ("/ui/all-types", test_all_types);
  g_test_add_func ("/ui/speed", test_speed);
  return g_test_run ();
}
