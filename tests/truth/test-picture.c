/* SPDX-License-Identifier: MIT
 *
 * Truth (c): every example at every position, both themes. No boxes overlap, labels
 * stay inside their boxes and apart from each other, no edge crosses a foreign box,
 * text has contrast, every number drawn in a box is one that the recorded values have
 * at that position, to the digits shown, and what stands beside a box is its own. All
 * of it in the layout of the finished graph and, as for one who steps while the script
 * runs, in that of each graph on the way. */

#include "numbers.h"
#include "places.h"
#include "painter/paint-private.h"
#include "player/numbers.h"
#include "truth-run.h"

#include <math.h>
#include <string.h>

#define LEAST_CONTRAST 4.5
#define BESIDE_PX 24.0       /* what stands beside a pill begins, or ends, so near to it */

/* --- what is written, at every position ----------------------------------------- */

/* The node whose rectangle holds the middle of the text, or NULL. */
static const PlayerNode *
node_under (TruthCheck *check, const PlayerGraph *graph, const DrawnText *text, LayoutRect *rect, guint *use)
{
  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);

      for (*use = 0; layout_result_get_use (check->run->layout, node->id, *use, rect); (*use)++)
        if (truth_has_point (rect, text->rect.x + text->rect.width / 2, text->rect.y + text->rect.height / 2))
          return node;
    }
  return NULL;
}

static void
allow (GHashTable *allowed, char *number)
{
  g_hash_table_add (allowed, number);
}

static void
allow_int (GHashTable *allowed, gint64 number)
{
  allow (allowed, g_strdup_printf ("%" G_GINT64_FORMAT, number));
}

/* What a shot may be told by: its size, and its entry if it has only one. */
static void
allow_shot (TruthCheck *check, GHashTable *allowed, guint64 id)
{
  RecShot shot;
  RecStats stats;

  if (id == 0)
    return;
  g_assert_true (rec_recording_get_shot (check->run->recording, id, &shot));
  rec_shot_get_stats (&shot, &stats);
  allow (allowed, player_format_number (stats.norm));
  if (shot.numel != 1)
    return;
  allow (allowed, player_format_number (rec_shot_get (&shot, 0)));
}

/* Entries of a tanh-like value that lie near ±1, counted here from the snapshot. */
static gint64
count_saturated (TruthCheck *check, guint64 id)
{
  RecShot shot;
  gint64 n = 0;

  g_assert_true (rec_recording_get_shot (check->run->recording, id, &shot));
  for (gint64 k = 0; k < shot.numel; k++)
    {
      double value = rec_shot_get (&shot, k);

      n += (1 - value) * (1 + value) < 1e-3;
    }
  return n;
}

static gint64
count_zeros (TruthCheck *check, guint64 id)
{
  RecShot shot;
  gint64 n = 0;

  g_assert_true (rec_recording_get_shot (check->run->recording, id, &shot));
  for (gint64 k = 0; k < shot.numel; k++)
    n += rec_shot_get (&shot, k) == 0;
  return n;
}

/* Of a further use, the gradient that came back along its edge. */
static gboolean
allow_share (TruthCheck *check, GHashTable *allowed, const PlayerGraph *graph, const PlayerNode *node, guint use)
{
  gboolean found = FALSE;

  for (guint k = 0; use > 0 && k < player_graph_get_n_edges (graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph, k);

      if (edge->from != node->id || !edge->passed
          || layout_result_get_edge_use (check->run->layout, edge->id, node->id) != use)
        continue;
      allow_shot (check, allowed, edge->grad_shot);
      check->n_shares++;
      found = TRUE;
    }
  return found;
}

static GHashTable *
allowed_in_box (TruthCheck *check, const PlayerGraph *graph, const PlayerNode *node, guint use)
{
  GHashTable *allowed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gint64 numel = 1;

  allow_shot (check, allowed, node->shot);
  if (!allow_share (check, allowed, graph, node, use))
    allow_shot (check, allowed, node->grad_shot);
  for (guint d = 0; d < node->ndim; d++)
    {
      allow_int (allowed, node->sizes[d]);
      numel *= node->sizes[d];
    }
  allow_int (allowed, node->line);
  if (node->grad_state == PLAYER_GRAD_WAITING)
    {
      allow_int (allowed, node->grad_arrived);
      allow_int (allowed, node->grad_expected);
    }
  if (node->badge != NULL && strstr (node->badge, "±1") != NULL)
    {
      allow_int (allowed, numel);
      allow_int (allowed, count_saturated (check, node->shot));
      allow_int (allowed, 1);
    }
  if (node->badge != NULL && g_str_has_suffix (node->badge, "exactly 0"))
    {
      allow_int (allowed, numel);
      allow_int (allowed, count_zeros (check, node->shot));
      allow_int (allowed, 0);
    }
  return allowed;
}

static void
check_numbers_in_box (TruthCheck *check, const PlayerGraph *graph, const PlayerNode *node, guint use,
                      const DrawnText *text)
{
  g_autoptr (GHashTable) allowed = NULL;
  g_auto (GStrv) numbers = NULL;

  if (strcmp (text->text, node->label) == 0)
    return;
  allowed = allowed_in_box (check, graph, node, use);
  numbers = numbers_in (text->text);
  for (guint k = 0; numbers[k] != NULL; k++)
    {
      check->n_numbers++;
      if (!g_hash_table_contains (allowed, numbers[k]))
        truth_problem (check, "%s says \"%s\", and %s is no number of its values", node->label, text->text, numbers[k]);
    }
}

/* A factor's numbers are those of the operation: its number arguments, one less of them
 * (powers), sizes and counts of what went in, or 0, 1 and 2 of the derivative itself. */
static GHashTable *
allowed_in_factor (TruthCheck *check, const PlayerNode *pill)
{
  GHashTable *allowed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree RecOp *op = g_new (RecOp, 1);
  RecEvent event;

  g_assert_true (rec_recording_get_event (check->run->recording, pill->event, &event));
  g_assert_true (rec_recording_get_op (check->run->recording, &event, op));
  for (gint64 k = 0; k <= 2; k++)
    allow_int (allowed, k);
  for (guint k = 0; k < op->n_scalars; k++)
    {
      double value = g_ascii_strtod (op->scalars[k], NULL);

      allow (allowed, player_format_number (value));
      allow (allowed, player_format_number (-value));
      allow (allowed, player_format_number (value - 1));
      allow (allowed, player_format_written (op->scalars[k]));
    }
  for (guint k = 0; k < op->n_inputs; k++)
    {
      gint64 numel = 1;

      for (guint d = 0; d < op->inputs[k].ndim; d++)
        {
          allow_int (allowed, op->inputs[k].sizes[d]);
          numel *= op->inputs[k].sizes[d];
        }
      allow_int (allowed, numel);
    }
  return allowed;
}

static void
check_factor (TruthCheck *check, const PlayerNode *pill, const DrawnText *text)
{
  g_autoptr (GHashTable) allowed = allowed_in_factor (check, pill);
  g_auto (GStrv) numbers = numbers_in (text->text);

  check->n_factors++;
  if (pill->grad_fn == 0 || pill->factor == NULL || strcmp (pill->factor, text->text) != 0)
    truth_problem (check, "\"%s\" stands beside %s, whose factor it is not", text->text, pill->label);
  for (guint k = 0; numbers[k] != NULL; k++)
    if (!g_hash_table_contains (allowed, numbers[k]))
      truth_problem (check, "the factor \"%s\" of %s: %s is no number of the operation", text->text, pill->label, numbers[k]);
}

static gboolean
is_tab (const PlayerNode *node, const LayoutRect *box, const DrawnText *text)
{
  LayoutRect tab = paint_saved_tab_rect (box);

  return node->n_saved > 0 && strcmp (text->text, "S") == 0 && truth_inside (&text->rect, &tab);
}

/* Outside of boxes stand only tabs, tags on their edges, and at a pill its turn and its factor. */
static void
check_text_outside (TruthCheck *check, const PlayerGraph *graph, const DrawnText *text)
{
  double y = text->rect.y + text->rect.height / 2;

  for (guint e = 0; e < player_graph_get_n_edges (graph); e++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph, e);
      LayoutRect tag;

      if (edge->tag != NULL && strcmp (edge->tag, text->text) == 0
          && layout_result_get_tag (check->run->layout, edge->id, &tag) && truth_overlap (&tag, &text->rect, 0))
        return;
    }
  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);
      g_autofree char *turn = g_strdup_printf ("%u", node->ready_nr);
      LayoutRect rect;

      if (!layout_result_get_node (check->run->layout, node->id, &rect))
        continue;
      if (is_tab (node, &rect, text))
        return;
      if (node->kind != PLAYER_PILL || y < rect.y || y > rect.y + rect.height)
        continue;
      if (fabs (text->rect.x - (rect.x + rect.width)) < BESIDE_PX)
        {
          check_factor (check, node, text);
          return;
        }
      if (fabs (text->rect.x + text->rect.width - rect.x) < BESIDE_PX && node->ready_nr > 0
          && strcmp (turn, text->text) == 0)
        return;
    }
  truth_problem (check, "\"%s\" belongs to nothing", text->text);
}

static void
check_text_of_pill (TruthCheck *check, const PlayerNode *node, const DrawnText *text)
{
  g_autofree char *ready = g_strdup_printf ("%u", node->ready_nr);
  const char *const expected[] = { node->label, node->grad_fn_name, ready };

  for (guint k = 0; k < G_N_ELEMENTS (expected); k++)
    if (expected[k] != NULL && strcmp (expected[k], text->text) == 0)
      return;
  truth_problem (check, "the pill %s says \"%s\"", node->label, text->text);
}

/* A small box's tab S may lie more outside the box than in it. */
static gboolean
is_saved_tab (TruthCheck *check, const GArray *all, const DrawnText *text)
{
  for (guint k = 0; k < all->len; k++)
    {
      const TruthDrawn *drawn = &g_array_index (all, TruthDrawn, k);
      LayoutRect tab = paint_saved_tab_rect (&drawn->rect);

      if (drawn->node->n_saved > 0 && truth_inside (&text->rect, &tab))
        return TRUE;
    }
  return FALSE;
}

/* A tab over a box tells the use it stands for. FALSE: the text is none. */
static gboolean
check_tab (TruthCheck *check, const PlayerGraph *graph, const DrawnText *text)
{
  g_autoptr (GArray) all = truth_list_drawn (check, graph);

  if (strcmp (text->text, "S") == 0)
    return is_saved_tab (check, all, text);
  for (guint k = 0; k < all->len && g_str_has_prefix (text->text, "use "); k++)
    {
      const TruthDrawn *drawn = &g_array_index (all, TruthDrawn, k);
      LayoutRect tab = paint_use_tab_rect (&drawn->rect, text->text);
      g_autofree char *expected = NULL;

      if (!truth_has_point (&tab, text->rect.x + text->rect.width / 2, text->rect.y + text->rect.height / 2))
        continue;
      expected = g_strdup_printf ("use %u of %u", drawn->use + 1,
                                  layout_result_get_n_uses (check->run->layout, drawn->node->id));
      check->n_tabs++;
      if (!layout_result_has_use_in (check->run->layout, graph, drawn->node->id, drawn->use))
        truth_problem (check, "%s of %s is drawn before it was made", expected, drawn->node->label);
      if (!g_str_has_prefix (text->text, expected) || !truth_inside (&text->rect, &tab))
        truth_problem (check, "the tab of %s says \"%s\" instead of %s", drawn->node->label, text->text, expected);
      return TRUE;
    }
  return FALSE;
}

static void
check_text (TruthCheck *check, const PlayerGraph *graph, const DrawnText *text)
{
  LayoutRect rect;
  guint use = 0;
  const PlayerNode *node = node_under (check, graph, text, &rect, &use);

  check->n_texts++;
  if (text->contrast < LEAST_CONTRAST)
    truth_problem (check, "\"%s\" has contrast %.2f", text->text, text->contrast);
  if (!truth_inside (&text->rect, &check->run->bounds))
    truth_problem (check, "\"%s\" leaves the picture", text->text);
  if (node == NULL)
    {
      if (!check_tab (check, graph, text))
        check_text_outside (check, graph, text);
      return;
    }
  if (strcmp (text->text, "S") == 0 && node->kind == PLAYER_BOX && strcmp (node->label, "S") != 0)
    rect = paint_saved_tab_rect (&rect);
  if (!truth_inside (&text->rect, &rect))
    truth_problem (check, "\"%s\" leaves the box of %s", text->text, node->label);
  if (node->kind == PLAYER_BOX)
    check_numbers_in_box (check, graph, node, use, text);
  else
    check_text_of_pill (check, node, text);
}

/* Two texts in one place. The same text in just the same place is one that was painted anew. */
static gboolean
collide (const DrawnText *a, const DrawnText *b)
{
  gboolean again = strcmp (a->text, b->text) == 0 && fabs (a->rect.x - b->rect.x) < 0.01
                   && fabs (a->rect.y - b->rect.y) < 0.01;

  return !again && truth_overlap (&a->rect, &b->rect, TRUTH_TOLERANCE_PX);
}

static void
check_position (TruthCheck *check, PaintThemeKind theme)
{
  g_autoptr (GArray) texts = NULL;
  cairo_surface_t *surface = truth_run_paint (check->run, check->position, theme, &texts);
  const PlayerGraph *graph = player_get_graph (check->run->player);

  cairo_surface_destroy (surface);
  for (guint k = 0; k < texts->len; k++)
    {
      const DrawnText *text = &g_array_index (texts, DrawnText, k);

      check_text (check, graph, text);
      for (guint m = k + 1; m < texts->len; m++)
        if (collide (text, &g_array_index (texts, DrawnText, m)))
          truth_problem (check, "\"%s\" and \"%s\" overlap", text->text, g_array_index (texts, DrawnText, m).text);
    }
}

static void
check_run (TruthCheck *check, const char *source, gboolean growing)
{
  TruthRun *run = check->run = truth_run_new (truth_runner (), source);

  run->growing = growing;
  for (check->position = growing ? 1 : 0; check->position <= player_get_n_steps (run->player); check->position++)
    {
      if (truth_run_go_to (run, check->position) || check->position == 0)
        truth_check_places (check);
      check_position (check, PAINT_LIGHT);
      check_position (check, PAINT_DARK);
    }
  g_test_message ("%u texts, %u numbers", check->n_texts, check->n_numbers);
  g_assert_cmpuint (check->n_problems, ==, 0);
  g_assert_cmpuint (check->n_texts, >, 4 * player_get_n_steps (run->player));
  g_assert_cmpuint (check->n_numbers, >, 4 * player_get_n_steps (run->player));
  g_assert_cmpuint (check->n_factors, >, 0);
  truth_run_free (run);
}

static void
check_example (const char *path, gboolean growing)
{
  g_autofree char *source = NULL;
  g_autoptr (GError) error = NULL;
  TruthCheck check = { 0 };

  g_file_get_contents (path, &source, NULL, &error);
  g_assert_no_error (error);
  check_run (&check, source, growing);
}

static void
test_example (gconstpointer data)
{
  check_example (data, FALSE);
}

static void
test_growing (gconstpointer data)
{
  check_example (data, TRUE);
}

/* Parameters that are used at every step of a loop, one of them a single number. */
static void
check_shared_parameters (gboolean growing)
{
  TruthCheck check = { 0 };

  check_run (&check, "import torch\n"
                     "torch.manual_seed(0)\n"
                     "w = torch.randn(3, 3, requires_grad=True)\n"
                     "b = torch.tensor(0.25, requires_grad=True)\n"
                     "h = torch.randn(1, 3)\n"
                     "for i in range(5):\n"
                     "    h = torch.tanh(h @ w + b)\n"
                     "loss = h.sum()\n"
                     "loss.backward()\n", growing);
  g_assert_cmpuint (check.n_tabs, >, 0);
  g_assert_cmpuint (check.n_shares, >, 0);
}

static void
test_shared_parameters (void)
{
  check_shared_parameters (FALSE);
}

static void
test_shared_parameters_growing (void)
{
  check_shared_parameters (TRUE);
}

static DrawnText
text_in_box (TruthRun *run, const PlayerNode *node, const char *words)
{
  DrawnText text = { (char *) words, { 0 }, 21 };

  g_assert_true (layout_result_get_node (run->layout, node->id, &text.rect));
  return text;
}

/* A factor that is another operation's, one with a number that is not its own, and a text nobody wrote. */
static void
check_fault_beside (TruthCheck *check, const PlayerGraph *graph)
{
  const PlayerNode *pill = NULL;
  DrawnText text = { NULL, { 0, 0, 40, 12 }, 21 };
  LayoutRect rect;
  guint n = check->n_problems;

  for (guint k = 0; k < player_graph_get_n_nodes (graph) && pill == NULL; k++)
    if (player_graph_get_node (graph, k)->factor != NULL)
      pill = player_graph_get_node (graph, k);
  g_assert_true (layout_result_get_node (check->run->layout, pill->id, &rect));
  text.rect.x = rect.x + rect.width + 9;
  text.rect.y = rect.y + rect.height / 2 - 6;
  text.text = (char *) pill->factor;
  check_text (check, graph, &text);
  g_assert_cmpuint (check->n_problems, ==, n);
  text.text = (char *) "× 7.5";
  check_text (check, graph, &text);
  g_assert_cmpuint (check->n_problems, ==, n + 2);
  text.text = (char *) pill->factor;
  text.rect.x += 200;
  check_text_outside (check, graph, &text);
  g_assert_cmpuint (check->n_problems, ==, n + 3);
}

/* The test's test: a wrong number, a text too wide, poor contrast are all found. */
static void
test_faults_are_caught (void)
{
  g_autofree char *source = truth_demo_source (0);
  g_autoptr (TruthRun) run = truth_run_new (truth_runner (), source);
  const PlayerGraph *graph = player_get_final_graph (run->player);
  const PlayerNode *node = player_graph_get_node (graph, 0);
  TruthCheck check = { .run = run };
  DrawnText text = text_in_box (run, node, "size 123.4");

  g_assert_cmpint (node->kind, ==, PLAYER_BOX);
  check_text (&check, graph, &text);
  g_assert_cmpuint (check.n_problems, ==, 1);
  text.text = (char *) "none yet";
  check_text (&check, graph, &text);
  g_assert_cmpuint (check.n_problems, ==, 1);
  text.rect.width += 20;
  check_text (&check, graph, &text);
  g_assert_cmpuint (check.n_problems, ==, 2);
  text.rect.width -= 20;
  text.contrast = 4.4;
  check_text (&check, graph, &text);
  g_assert_cmpuint (check.n_problems, ==, 3);
  check_fault_beside (&check, graph);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) examples = NULL;

  g_test_init (&argc, &argv, NULL);
  examples = truth_list_examples ();
  for (guint k = 0; examples[k] != NULL; k++)
    {
      g_autofree char *name = g_path_get_basename (examples[k]);
      g_autofree char *path = g_strconcat ("/truth/picture/", name, NULL);

      g_autofree char *growing = g_strconcat ("/truth/picture/growing/", name, NULL);

      g_test_add_data_func (path, examples[k], test_example);
      g_test_add_data_func (growing, examples[k], test_growing);
    }
  g_test_add_func ("/truth/picture/shared-parameters", test_shared_parameters);
  g_test_add_func ("/truth/picture/shared-parameters-growing", test_shared_parameters_growing);
  g_test_add_func ("/truth/picture/faults-are-caught", test_faults_are_caught);
  return g_test_run ();
}
