/* SPDX-License-Identifier: MIT
 *
 * Looking around in the stage: the search over it goes through names, operations and
 * lines; an edge shows the value that travels along it, and a tag the view that is
 * folded in it; both lead to what they join. */
#include "ui-test.h"

#include "player/explain.h"

#include <string.h>

static Player *
player_of (TdWindow *window)
{
  return td_run_get_player (td_window_get_run (window));
}

static const PlayerGraph *
graph_of (TdWindow *window)
{
  return player_get_graph (player_of (window));
}

static TdWindow *
ended (const char *source)
{
  TdWindow *window = ui_test_window_new (1440, 900);

  ui_test_open_demo (window);
  if (source != NULL)
    ui_test_set_script (window, source);
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  ui_test_wait_settled (window);
  return window;
}

static const char *
selected_label (TdWindow *window)
{
  const PlayerNode *node = player_graph_find_node (graph_of (window),
                                                   td_stage_get_selected (td_window_get_stage (window)));
  return node != NULL ? node->label : "";
}

static void
type (TdWindow *window, const char *text)
{
  GtkWidget *entry = gtk_widget_get_ancestor (gtk_window_get_focus (GTK_WINDOW (window)), GTK_TYPE_SEARCH_ENTRY);

  g_assert_nonnull (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  g_signal_emit_by_name (entry, "search-changed");
}

static void
expect (TdWindow *window, const char *text, const char *count, const char *label)
{
  type (window, text);
  g_assert_cmpstr (td_stage_search_get_count (td_window_get_stage_search (window)), ==, count);
  if (label != NULL)
    g_assert_cmpstr (selected_label (window), ==, label);
}

static void
test_search (void)
{
  TdWindow *window = ended (NULL);
  TdStageSearch *search = td_window_get_stage_search (window);
  GtkWidget *stage = GTK_WIDGET (td_window_get_stage (window)), *entry;

  gtk_widget_grab_focus (stage);
  ui_test_press (window, "<Control>f");
  g_assert_true (td_stage_search_is_open (search));
  expect (window, "w_x", "1 of 1", "W_x");
  expect (window, "next_h", "1 of 2", "next_h (line 11)");
  entry = gtk_widget_get_ancestor (gtk_window_get_focus (GTK_WINDOW (window)), GTK_TYPE_SEARCH_ENTRY);
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (selected_label (window), ==, "next_h");
  g_assert_cmpstr (td_stage_search_get_count (search), ==, "2 of 2");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (selected_label (window), ==, "next_h (line 11)");
  expect (window, "tanhbackward", "1 of 1", "tanh");
  expect (window, "line 14", "1 of 2", NULL);
  expect (window, "nothing like it", "none", NULL);
  g_signal_emit_by_name (entry, "stop-search");
  g_assert_false (td_stage_search_is_open (search));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == stage);
  ui_test_window_destroy (window);
}

/* Ctrl+F is the editor's while one writes there. */
static void
test_search_of_editor (void)
{
  TdWindow *window = ended (NULL);

  gtk_widget_child_focus (GTK_WIDGET (td_window_get_script_view (window)), GTK_DIR_TAB_FORWARD);
  ui_test_press (window, "<Control>f");
  g_assert_false (td_stage_search_is_open (td_window_get_stage_search (window)));
  ui_test_window_destroy (window);
}

static guint
edge_into (TdWindow *window, const char *label, gboolean tagged)
{
  for (guint k = 0; k < player_graph_get_n_edges (graph_of (window)); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph_of (window), k);
      if (g_strcmp0 (player_graph_find_node (graph_of (window), edge->to)->label, label) == 0
          && (edge->tag != NULL) == tagged)
        return edge->id;
    }
  g_error ("no edge leads to %s", label);
}

static void
assert_says (TdWindow *window, const char *part)
{
  g_autofree char *text = td_inspector_dup_text (td_window_get_inspector (window));

  if (strstr (text, part) == NULL)
    g_error ("the inspector does not say “%s” but “%s”", part, text);
}

static void
test_tag (void)
{
  TdWindow *window = ended (NULL);
  TdStage *stage = td_window_get_stage (window);
  guint edge = edge_into (window, "mm", TRUE);
  double x, y;

  td_stage_select_edge (stage, edge);
  g_assert_cmpuint (td_stage_get_selected_edge (stage), ==, edge);
  g_assert_cmpuint (td_stage_get_selected (stage), ==, G_MAXUINT);
  assert_says (window, "prev_hᵀ");
  assert_says (window, "1×20 → 20×1");
  assert_says (window, "nothing was copied");
  g_assert_true (td_stage_locate_edge (stage, edge, &x, &y));
  g_assert_nonnull (td_stage_get_card_at (stage, x, y));
  td_stage_select (stage, player_graph_get_edge (graph_of (window), 0)->from);
  g_assert_cmpuint (td_stage_get_selected_edge (stage), ==, G_MAXUINT);
  ui_test_window_destroy (window);
}

/* The value without a name that runs from @ into tanh. */
static void
test_unnamed (void)
{
  TdWindow *window = ended ("import torch\nx = torch.ones(1, 2)\nw = torch.full((2, 3), 0.5, requires_grad=True)\n"
                            "y = (x @ w).tanh().sum()\ny.backward()\n");
  TdStage *stage = td_window_get_stage (window);
  guint edge = edge_into (window, "tanh", FALSE);
  g_autoptr (PlayerExplanation) card = player_explain_edge (player_of (window), edge);

  g_assert_nonnull (card);
  g_assert_true (card->is_edge);
  g_assert_cmpstr (card->from_label, ==, "@");
  g_assert_cmpstr (card->to_label, ==, "tanh");
  g_assert_null (player_explain_edge (player_of (window), G_MAXUINT));
  td_stage_select_edge (stage, edge);
  assert_says (window, "x @ w");
  assert_says (window, "1×3");
  assert_says (window, "1.732");            /* the size of three ones */
  assert_says (window, "passed, not kept");
  ui_test_window_destroy (window);
}

/* Lines of the inspector that begin so. */
static guint
count_lines (TdWindow *window, const char *beginning)
{
  g_autofree char *text = td_inspector_dup_text (td_window_get_inspector (window));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = 0;

  for (guint k = 0; lines[k] != NULL; k++)
    n += g_str_has_prefix (lines[k], beginning);
  return n;
}

static gboolean
shows_answer (gpointer window)
{
  g_autofree char *text = td_inspector_dup_text (td_window_get_inspector (window));

  return strstr (text, "= ∂l/∂c[0] × a[0]\n") != NULL;
}

static guint64
tensor_of (TdWindow *window, const char *name)
{
  const PlayerGraph *graph = graph_of (window);

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);

      if (node->kind == PLAYER_BOX && g_strcmp0 (node->label, name) == 0)
        return node->tensor;
    }
  g_assert_not_reached ();
}

/* An answer about one operand is not shown under the other's name. */
static void
test_two_operands (void)
{
  const gint64 sizes[] = { 2 };
  TdWindow *window = ended (
      "import torch\na = torch.tensor([2., 3.], requires_grad=True)\n"
      "b = torch.tensor([5., 7.], requires_grad=True)\nc = a * b\nl = c.sum()\nl.backward()\n");
  guint step = 0;

  for (guint k = 1; k <= player_get_n_steps (player_of (window)); k++)
    if (g_str_has_prefix (player_get_caption (player_of (window), k), "MulBackward0"))
      step = k;
  ui_test_go_to (window, step);
  player_pick (player_of (window), tensor_of (window, "a"), 0, 1, sizes);
  player_pick (player_of (window), tensor_of (window, "b"), 0, 1, sizes);
  ui_test_wait (shows_answer, window, "the answer about b");
  g_assert_cmpuint (count_lines (window, "= ∂l/∂c[0] ×"), ==, 1);
  ui_test_window_destroy (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/look-around/search", test_search);
  g_test_add_func ("/ui/look-around/search-of-editor", test_search_of_editor);
  g_test_add_func ("/ui/look-around/tag", test_tag);
  g_test_add_func ("/ui/look-around/unnamed", test_unnamed);
  g_test_add_func ("/ui/look-around/two-operands", test_two_operands);
  return g_test_run ();
}
