/* SPDX-License-Identifier: MIT
 *
 * Truth (b): the same demo in two runners, one built with mm's derivative scaled by
 * 1.01 (scaled-mm.c). The gradient map, the numbers beside it, the inspector's texts
 * and the terms of one element must all show it: nothing of them is made up. */

#include "player/explain.h"
#include "truth-run.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define SCALE 1.01

typedef struct { TruthRun *honest, *scaled; } Pair;

static void
set_up (Pair *pair, gconstpointer data)
{
  g_autofree char *source = truth_demo_source (0);

  pair->honest = truth_run_new (truth_runner (), source);
  pair->scaled = truth_run_new (truth_runner_scaled (), source);
  /* Both are drawn on one scale, or scaling would hide in it. */
  pair->scaled->value_scale = pair->honest->value_scale;
  pair->scaled->gradient_scale = pair->honest->gradient_scale;
  g_assert_cmpuint (player_get_n_steps (pair->honest->player), ==, player_get_n_steps (pair->scaled->player));
}

static void
tear_down (Pair *pair, gconstpointer data)
{
  truth_run_free (pair->honest);
  truth_run_free (pair->scaled);
}

/* The box of that name at the run's position. */
static const PlayerNode *
find_box (TruthRun *run, const char *label)
{
  const PlayerGraph *graph = player_get_graph (run->player);

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);

      if (node->kind == PLAYER_BOX && strcmp (node->label, label) == 0)
        return node;
    }
  g_assert_not_reached ();
}

static double
norm_of (TruthRun *run, guint64 shot)
{
  RecShot values;
  RecStats stats;

  g_assert_true (rec_recording_get_shot (run->recording, shot, &values));
  rec_shot_get_stats (&values, &stats);
  return stats.norm;
}

static void
go_to_end (Pair *pair)
{
  player_set_position (pair->honest->player, player_get_n_steps (pair->honest->player));
  player_set_position (pair->scaled->player, player_get_n_steps (pair->scaled->player));
}

/* Values are equal, gradients are not: the build differs in the derivative alone. */
static void
test_recorded (Pair *pair, gconstpointer data)
{
  static const char *const leaves[] = { "W_h", "W_x" };

  go_to_end (pair);
  for (guint k = 0; k < G_N_ELEMENTS (leaves); k++)
    {
      const PlayerNode *honest = find_box (pair->honest, leaves[k]), *scaled = find_box (pair->scaled, leaves[k]);
      double ratio = norm_of (pair->scaled, scaled->grad_shot) / norm_of (pair->honest, honest->grad_shot);

      g_assert_cmpfloat_with_epsilon (ratio, SCALE, 1e-5);
      g_assert_cmpfloat (norm_of (pair->scaled, scaled->shot), ==, norm_of (pair->honest, honest->shot));
    }
}

/* Forward pictures and captions are the same; at the end the picture differs, and on the
 * way the captions that tell a gradient's size. */
static void
test_picture (Pair *pair, gconstpointer data)
{
  guint n_steps = player_get_n_steps (pair->honest->player), n_captions = 0;

  for (guint position = 1; position <= n_steps; position++)
    {
      cairo_surface_t *honest = truth_run_paint (pair->honest, position, PAINT_LIGHT, NULL);
      cairo_surface_t *scaled = truth_run_paint (pair->scaled, position, PAINT_LIGHT, NULL);
      g_autoptr (GBytes) all_honest = truth_run_crop (pair->honest, honest, &pair->honest->bounds);
      g_autoptr (GBytes) all_scaled = truth_run_crop (pair->scaled, scaled, &pair->scaled->bounds);
      gboolean same = strcmp (player_get_caption (pair->honest->player, position),
                              player_get_caption (pair->scaled->player, position)) == 0;

      n_captions += !same;
      if (player_get_phase (pair->honest->player) == PLAYER_PHASE_FORWARD)
        g_assert_true (same && g_bytes_equal (all_honest, all_scaled));
      if (position == n_steps)
        g_assert_false (g_bytes_equal (all_honest, all_scaled));
      cairo_surface_destroy (honest);
      cairo_surface_destroy (scaled);
    }
  /* "AccumulateGrad stored the gradient in W_x.grad (20×10, size 4.23)." and the same for W_h. */
  g_assert_cmpuint (n_captions, ==, 2);
}

/* The gradient map alone, as the inspector draws it too. */
static void
test_gradient_map (Pair *pair, gconstpointer data)
{
  TruthRun *runs[2] = { pair->honest, pair->scaled };
  guint8 *pixels[2];
  const LayoutRect rect = { 0, 0, 100, 200 };

  go_to_end (pair);
  for (int k = 0; k < 2; k++)
    {
      cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 100, 200);
      cairo_t *cr = cairo_create (surface);

      paint_heat_map (cr, runs[k]->recording, find_box (runs[k], "W_x")->grad_shot, &rect,
                      pair->honest->gradient_scale, paint_theme_get (PAINT_LIGHT), FALSE);
      cairo_destroy (cr);
      cairo_surface_flush (surface);
      pixels[k] = g_memdup2 (cairo_image_surface_get_data (surface), 200 * 4 * 100);
      cairo_surface_destroy (surface);
    }
  g_assert_cmpint (memcmp (pixels[0], pixels[1], 200 * 4 * 100), !=, 0);
  g_free (pixels[0]);
  g_free (pixels[1]);
}

static gboolean
has_text (PlayerExplanation *explanation, const char *text)
{
  for (guint k = 0; k < explanation->facts->len; k++)
    {
      const PlayerFact *fact = explanation->facts->pdata[k];

      if (fact->note != NULL && strstr (fact->note, text) != NULL)
        return TRUE;
    }
  return FALSE;
}

/* The inspector says the size of the gradient that is there, in each of the two. */
static void
test_inspector (Pair *pair, gconstpointer data)
{
  TruthRun *runs[2] = { pair->honest, pair->scaled };
  char *sizes[2];

  go_to_end (pair);
  for (int k = 0; k < 2; k++)
    {
      const PlayerNode *node = find_box (runs[k], "W_x");
      g_autoptr (PlayerExplanation) explanation = player_explain (runs[k]->player, node->id);

      g_assert_nonnull (explanation);
      sizes[k] = player_format_number (norm_of (runs[k], node->grad_shot));
      g_assert_true (has_text (explanation, sizes[k]));
    }
  g_assert_cmpstr (sizes[0], !=, sizes[1]);
  g_free (sizes[0]);
  g_free (sizes[1]);
}

static void
got_result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

/* "value" of the element that the inspector shows for the mm that made i2h. */
static double
element_value (TruthRun *run)
{
  const PlayerGraph *graph = player_get_graph (run->player);
  guint64 made = find_box (run, "i2h")->event;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *json = NULL;

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);
      g_autoptr (PlayerExplanation) explanation = NULL;

      if (node->kind != PLAYER_PILL || node->event != made)
        continue;
      explanation = player_explain (run->player, node->id);
      g_assert_true (explanation->has_element);
      runner_client_element_async (run->client, explanation->element_event, explanation->element_input,
                                   explanation->element_index, NULL, got_result_cb, &result);
    }
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  json = runner_client_element_finish (run->client, result, &error);
  g_assert_no_error (error);
  root = json_from_string (json, &error);
  g_assert_no_error (error);
  return json_object_get_double_member (json_node_get_object (root), "value");
}

static void
test_element (Pair *pair, gconstpointer data)
{
  go_to_end (pair);
  g_assert_cmpfloat_with_epsilon (element_value (pair->honest), 1.7496, 5e-5);
  g_assert_cmpfloat_with_epsilon (element_value (pair->scaled) / element_value (pair->honest), SCALE, 1e-5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/truth/scaled-vjp/recorded", Pair, NULL, set_up, test_recorded, tear_down);
  g_test_add ("/truth/scaled-vjp/picture", Pair, NULL, set_up, test_picture, tear_down);
  g_test_add ("/truth/scaled-vjp/gradient-map", Pair, NULL, set_up, test_gradient_map, tear_down);
  g_test_add ("/truth/scaled-vjp/inspector", Pair, NULL, set_up, test_inspector, tear_down);
  g_test_add ("/truth/scaled-vjp/element", Pair, NULL, set_up, test_element, tear_down);
  return g_test_run ();
}
