/* SPDX-License-Identifier: MIT
 *
 * The stage as the eye meets it: where fit puts the graph, boxes that glide to
 * new places and stop when told to, the legend's numbers, windows of 1024 and of
 * less than 900 px. */
#include "ui-test.h"

#include "player/explain.h"

#include <string.h>

#define HELD_KEY_US 120000

/* Leaves that are made in another order than they are used in. */
static const char layers_script[] = "import torch\n"
                                    "b = torch.zeros(3)\n"
                                    "w = torch.ones(4, 3, requires_grad=True)\n"
                                    "x = torch.ones(2, 4)\n"
                                    "target = torch.ones(2, 3)\n"
                                    "scale = torch.ones(3)\n"
                                    "print(b.shape)\n"
                                    "h = x @ w + b\n"
                                    "y = h * scale\n"
                                    "loss = (y - target).sum()\n"
                                    "loss.backward()\n";
static const char function_script[] = "import torch\n"
                                      "b2 = torch.ones(1)\n"
                                      "b1 = torch.ones(3)\n"
                                      "w2 = torch.ones(3, 1, requires_grad=True)\n"
                                      "w1 = torch.ones(4, 3, requires_grad=True)\n"
                                      "x = torch.ones(2, 4)\n"
                                      "def forward(x):\n"
                                      "    h = (x @ w1 + b1).tanh()\n"
                                      "    return h @ w2 + b2\n"
                                      "loss = forward(x).sum()\n"
                                      "loss.backward()\n";

static Player *
player_of (TdWindow *window)
{
  return td_run_get_player (td_window_get_run (window));
}

/* The part of the stage that the boxes cover, px. */
static LayoutRect
covered (TdWindow *window)
{
  TdStage *stage = td_window_get_stage (window);
  const PlayerGraph *graph = player_get_graph (player_of (window));
  double zoom = td_stage_get_zoom (stage), left = G_MAXDOUBLE, top = G_MAXDOUBLE, right = 0, bottom = 0;

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      guint id = player_graph_get_node (graph, k)->id;
      LayoutRect rect;
      double x, y;

      g_assert_true (layout_result_get_node (td_stage_get_layout (stage), id, &rect));
      g_assert_true (td_stage_locate (stage, id, &x, &y));
      left = MIN (left, x - rect.width * zoom / 2);
      right = MAX (right, x + rect.width * zoom / 2);
      top = MIN (top, y - rect.height * zoom / 2);
      bottom = MAX (bottom, y + rect.height * zoom / 2);
    }
  return (LayoutRect) { left, top, right - left, bottom - top };
}

static void
assert_narrow_enough (TdWindow *window, int width)
{
  int least;

  gtk_widget_measure (GTK_WIDGET (window), GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  g_assert_cmpint (least, <=, width);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), <=, width);
}

static gboolean
has_term (gpointer data)
{
  return player_get_term (player_of (data)) > 0;
}

/* Leaves hang below the caption before anything ran; the finished graph fills the height, or the
 * width where a broad font makes the boxes wide. */
static void
check_fit (gconstpointer data)
{
  gboolean small = GPOINTER_TO_INT (data) < 1440;
  TdWindow *window = ui_test_window_new (GPOINTER_TO_INT (data), small ? 700 : 900);
  GtkWidget *stage = GTK_WIDGET (td_window_get_stage (window));
  LayoutRect rect;

  ui_test_open_demo (window);
  assert_narrow_enough (window, GPOINTER_TO_INT (data));
  rect = covered (window);
  g_assert_cmpfloat (rect.y, >, 50);
  g_assert_cmpfloat (rect.y, <, 90);
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  ui_test_wait_settled (window);
  ui_test_press (window, "<Control>0");
  ui_test_wait_settled (window);
  rect = covered (window);
  g_assert_cmpfloat (rect.x, >=, 0);
  g_assert_cmpfloat (rect.y, >, 50);
  g_assert_cmpfloat (rect.y, <, 90);
  g_assert_cmpfloat (rect.x + rect.width, <=, gtk_widget_get_width (stage));
  g_assert_cmpfloat (rect.y + rect.height, <=, gtk_widget_get_height (stage));
  g_assert_true (rect.y + rect.height >= gtk_widget_get_height (stage) - 24
                 || rect.width >= gtk_widget_get_width (stage) - 48);
  assert_narrow_enough (window, GPOINTER_TO_INT (data));
  player_set_granularity (player_of (window), PLAYER_BY_ELEMENT);
  player_set_position (player_of (window), 4);
  ui_test_press (window, "F8");
  ui_test_press (window, "F8");
  ui_test_wait (has_term, window, "the first term");
  assert_narrow_enough (window, GPOINTER_TO_INT (data));
  ui_test_window_destroy (window);
}

static gboolean
has_ended (gpointer data)
{
  return player_is_finished (player_of (data));
}

/* Play starts the run and goes on by itself, whatever a step is. */
static void
check_play_fresh (gconstpointer data)
{
  TdWindow *window = ui_test_window_new (1024, 700);

  ui_test_open_demo (window);
  player_set_granularity (player_of (window), (PlayerGranularity) GPOINTER_TO_INT (data));
  player_set_speed (player_of (window), 20);
  ui_test_activate (window, "win.play");
  ui_test_wait (has_ended, window, "the run to be played to its end");
  g_assert_cmpuint (player_get_position (player_of (window)), ==, 18);
  ui_test_window_destroy (window);
}

static gboolean
is_gliding (gpointer data)
{
  return td_stage_is_gliding (td_window_get_stage (data));
}

static gboolean
is_later (gpointer data)
{
  return g_get_monotonic_time () >= *(gint64 *) data;
}

/* A single press, not a held key: those step without motion. */
static void
step_unhurried (TdWindow *window, guint expected)
{
  gint64 later = g_get_monotonic_time () + HELD_KEY_US;

  ui_test_wait (is_later, &later, "the time of a held key to pass");
  ui_test_step (window, expected);
}

static void
set_motion (TdWindow *window, gboolean enabled)
{
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", enabled, NULL);
  td_stage_set_animate (td_window_get_stage (window), enabled);
}

static void
test_glide (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);
  TdStage *stage = td_window_get_stage (window);
  double x, y, to_x, to_y;

  ui_test_open_demo (window);
  for (guint step = 1; step <= 4; step++)
    ui_test_step (window, step);
  ui_test_wait_settled (window);
  set_motion (window, TRUE);
  step_unhurried (window, 5);
  ui_test_wait (is_gliding, window, "the boxes to set out for their new places");
  /* A step ends it at once: what comes next is where things are. */
  ui_test_press (window, "F7");
  g_assert_false (td_stage_is_gliding (stage));
  g_assert_true (td_stage_locate (stage, 0, &x, &y));
  step_unhurried (window, 5);
  ui_test_wait_settled (window);
  g_assert_true (td_stage_locate (stage, 0, &to_x, &to_y));
  g_assert_cmpfloat_with_epsilon (x, to_x, 0.01);
  g_assert_cmpfloat_with_epsilon (y, to_y, 0.01);
  /* It also comes to its end by itself. */
  step_unhurried (window, 6);
  ui_test_wait (is_gliding, window, "the boxes to set out again");
  ui_test_wait_settled (window);
  g_assert_false (td_stage_is_gliding (stage));
  set_motion (window, FALSE);
  ui_test_window_destroy (window);
}

static void
never_cb (TdStage *stage)
{
  g_assert_false (td_stage_is_gliding (stage));
}

static void
test_no_motion (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);
  TdStage *stage = td_window_get_stage (window);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  gulong id;

  ui_test_open_demo (window);
  td_stage_set_animate (stage, TRUE);   /* only the desktop's setting forbids it */
  id = g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (never_cb), stage);
  for (guint step = 1; step <= 7; step++)
    {
      step_unhurried (window, step);
      ui_test_wait_settled (window);
    }
  g_signal_handler_disconnect (clock, id);
  ui_test_window_destroy (window);
}

/* While the graph grows, every box stays in the view of a user who never moved it. */
static void
test_whole_while_growing (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);
  TdStage *stage = td_window_get_stage (window);
  const PlayerGraph *graph;

  ui_test_open_demo (window);
  for (guint step = 1; step <= 9; step++)
    {
      ui_test_step (window, step);
      ui_test_wait_settled (window);
      graph = player_get_graph (td_run_get_player (td_window_get_run (window)));
      for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
        {
          const PlayerNode *node = player_graph_get_node (graph, k);
          double x, y, half = 50 * td_stage_get_zoom (stage);

          g_assert_true (td_stage_locate (stage, node->id, &x, &y));
          g_assert_cmpfloat (x - half, >=, 0);
          g_assert_cmpfloat (x + half, <=, gtk_widget_get_width (GTK_WIDGET (stage)));
        }
    }
  ui_test_window_destroy (window);
}

static gboolean
overlap (const LayoutRect *a, const LayoutRect *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

static gboolean
share_height (const LayoutRect *a, const LayoutRect *b)
{
  return a->y < b->y + b->height && b->y < a->y + a->height;
}

/* Whether two boxes stand side by side in both, and not the same one on the left. */
static gboolean
change_sides (const LayoutResult *from, const LayoutResult *to, guint a, guint b)
{
  LayoutRect from_a, from_b, to_a, to_b;

  return layout_result_get_node (from, a, &from_a) && layout_result_get_node (from, b, &from_b)
         && layout_result_get_node (to, a, &to_a) && layout_result_get_node (to, b, &to_b)
         && share_height (&from_a, &from_b) && share_height (&to_a, &to_b) && (from_a.x < from_b.x) != (to_a.x < to_b.x);
}

static void
check_pairs (const PlayerGraph *graph, LayoutResult *from, LayoutResult *to, const char *what)
{
  g_autoptr (LayoutGlide) glide = layout_glide_new (from, to);

  for (guint t = 1; t < 8; t++)
    {
      g_autoptr (LayoutResult) between = layout_glide_at (glide, t / 8.0);

      for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
        for (guint m = 0; m < k; m++)
          {
            guint a = player_graph_get_node (graph, k)->id, b = player_graph_get_node (graph, m)->id;
            LayoutRect rect_a, rect_b;

            if (change_sides (from, to, a, b))
              g_error ("%s: nodes %u and %u change sides", what, a, b);
            layout_result_get_node (between, a, &rect_a);
            layout_result_get_node (between, b, &rect_b);
            if (overlap (&rect_a, &rect_b))
              g_error ("%s: nodes %u and %u slide over each other", what, a, b);
          }
    }
}

static void
check_growth (TdWindow *window, const char *what)
{
  TdStage *stage = td_window_get_stage (window);
  Player *player = player_of (window);
  g_autoptr (LayoutResult) before = layout_result_ref (td_stage_get_layout (stage));

  for (guint step = 1; !player_is_finished (player); step++)
    {
      ui_test_step (window, step);
      ui_test_wait_settled (window);
      check_pairs (player_get_graph (player), before, td_stage_get_layout (stage), what);
      g_clear_pointer (&before, layout_result_unref);
      before = layout_result_ref (td_stage_get_layout (stage));
    }
}

static gboolean
has_five_outlines (gpointer data)
{
  return player_graph_get_n_nodes (player_get_graph (player_of (data))) == 5;
}

/* While a graph grows no box changes side: leaves stand from the beginning in the order in which they are used. */
static void
test_sides (gconstpointer script)
{
  TdWindow *window = ui_test_window_new (1440, 900);

  ui_test_open_demo (window);
  if (script != NULL)
    {
      ui_test_set_script (window, script);
      ui_test_wait (has_five_outlines, window, "the outlines of five leaves");
      ui_test_wait_settled (window);
    }
  check_growth (window, script != NULL ? script : "the demo");
  ui_test_window_destroy (window);
}

/* A run too big to be drawn at its end is drawn where it is still small. */
static void
test_big_run_from_its_start (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);
  Player *player = td_run_get_player (td_window_get_run (window));
  g_autoptr (GString) script = g_string_new ("import torch\nw = torch.ones(3)\n");
  const PlayerGraph *graph;
  double x, y;

  ui_test_open_demo (window);
  for (guint k = 0; k < 600; k++)
    g_string_append (script, "t = w + 1\n");   /* no loop: nothing is folded */
  ui_test_set_script (window, script->str);
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_final_graph (player)), >, LAYOUT_MAX_NODES);
  player_set_position (player, 5);
  ui_test_wait_settled (window);
  graph = player_get_graph (player);
  g_assert_cmpuint (player_graph_get_n_nodes (graph), ==, 9);   /* no outline of the demo among them */
  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    g_assert_true (td_stage_locate (td_window_get_stage (window), player_graph_get_node (graph, k)->id, &x, &y));
  ui_test_window_destroy (window);
}

/* Where only the graph at the position is laid out, a step's motion has an end too. */
static void
test_motion_of_big_run (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);
  Player *player = player_of (window);
  g_autoptr (GString) script = g_string_new ("import torch\n"
                                             "w = torch.ones(3, requires_grad=True)\n"
                                             "loss = (w * 2).sum()\n"
                                             "loss.backward()\n");

  ui_test_open_demo (window);
  for (guint k = 0; k < 600; k++)
    g_string_append (script, "t = w + 1\n");
  ui_test_set_script (window, script->str);
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_final_graph (player)), >, LAYOUT_MAX_NODES);
  ui_test_go_to (window, 4);
  ui_test_wait_settled (window);
  set_motion (window, TRUE);
  step_unhurried (window, 5);
  g_assert_cmpuint (player_get_motion (player)->n_pulses, >, 0);
  ui_test_wait_settled (window);
  set_motion (window, FALSE);
  ui_test_window_destroy (window);
}

static void
test_legend (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);
  TdLegend *legend = td_window_get_legend (window);
  double value_scale, gradient_scale;
  g_autofree char *before = NULL, *forward = NULL, *after = NULL;
  g_autofree char *value = NULL, *gradient = NULL, *expected = NULL;

  ui_test_open_demo (window);
  before = td_legend_dup_text (legend);
  g_assert_cmpstr (before, ==, "values below 0 0 above");
  for (guint step = 1; step <= 18; step++)
    {
      ui_test_step (window, step);
      if (step == 9)
        forward = td_legend_dup_text (legend);
    }
  g_assert_null (strstr (forward, "gradients"));
  after = td_legend_dup_text (legend);
  td_stage_get_scales (td_window_get_stage (window), &value_scale, &gradient_scale);
  value = player_format_number (value_scale);
  gradient = player_format_number (gradient_scale);
  expected = g_strdup_printf ("values −%s 0 +%s; gradients −%s 0 +%s", value, value, gradient, gradient);
  g_assert_cmpstr (after, ==, expected);
  ui_test_window_destroy (window);
}

static gboolean
has_editor_button (gpointer data)
{
  return gtk_widget_get_visible (data);
}

static GtkWidget *
find_tip (GtkWidget *widget, const char *tip)
{
  GtkWidget *found = g_strcmp0 (gtk_widget_get_tooltip_text (widget), tip) == 0 ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_tip (child, tip);
  return found;
}

/* Below 900 px the editor lies over the stage, and a button shows it. */
static void
test_narrow (void)
{
  TdWindow *window = ui_test_window_new (860, 700);
  GtkWidget *button = find_tip (GTK_WIDGET (window), "Show the script");
  GtkWidget *editor = GTK_WIDGET (td_window_get_script_view (window));
  GtkWidget *stage = GTK_WIDGET (td_window_get_stage (window));

  g_assert_nonnull (button);
  ui_test_open_demo (window);
  ui_test_wait (has_editor_button, button, "the editor's button");
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), <=, 860);
  g_assert_cmpint (gtk_widget_get_width (stage), >=, 520);
  g_assert_cmpint (gtk_widget_get_height (stage), >=, 320);
  g_assert_false (gtk_widget_get_child_visible (gtk_widget_get_parent (editor)) && gtk_widget_get_mapped (editor));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  ui_test_wait ((UiTestCondition) gtk_widget_get_mapped, editor, "the editor over the stage");
  for (guint step = 1; step <= 5; step++)
    ui_test_step (window, step);
  ui_test_window_destroy (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_data_func ("/ui/stage/fit-1440", GINT_TO_POINTER (1440), check_fit);
  g_test_add_data_func ("/ui/stage/fit-1024", GINT_TO_POINTER (1024), check_fit);
  g_test_add_data_func ("/ui/stage/play-fresh-line", GINT_TO_POINTER (PLAYER_BY_LINE), check_play_fresh);
  g_test_add_data_func ("/ui/stage/play-fresh-operation", GINT_TO_POINTER (PLAYER_BY_OPERATION),
                        check_play_fresh);
  g_test_add_func ("/ui/stage/glide", test_glide);
  g_test_add_func ("/ui/stage/no-motion", test_no_motion);
  g_test_add_func ("/ui/stage/whole-while-growing", test_whole_while_growing);
  g_test_add_data_func ("/ui/stage/sides-demo", NULL, test_sides);
  g_test_add_data_func ("/ui/stage/sides-layers", layers_script, test_sides);
  g_test_add_data_func ("/ui/stage/sides-function", function_script, test_sides);
  g_test_add_func ("/ui/stage/big-run", test_big_run_from_its_start);
  g_test_add_func ("/ui/stage/motion-of-big-run", test_motion_of_big_run);
  g_test_add_func ("/ui/stage/legend", test_legend);
  g_test_add_func ("/ui/stage/narrow", test_narrow);
  return g_test_run ();
}
