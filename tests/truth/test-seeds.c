/* SPDX-License-Identifier: MIT
 *
 * Truth (a): the demo is run with two seeds, and everything on the picture that
 * stands for a value must differ between the two: numbers, heat maps, captions, the
 * inspector's texts. What is equal must be equal in the recorded values too, such as
 * the ones that sum sends back. */

#include "numbers.h"
#include "painter/paint-private.h"
#include "player/explain.h"
#include "truth-run.h"

#include <string.h>

typedef struct
{
  TruthRun *a, *b;
  gboolean blind;          /* test of the test: take all recorded values for different */
  GHashTable *constant;    /* numbers that stem from shots equal in both runs */
  guint n_numbers, n_maps, n_gradient_maps, n_problems;
} Seeds;

static gboolean
shots_equal (Seeds *seeds, guint64 shot_a, guint64 shot_b)
{
  RecShot a, b;

  if (shot_a == 0 || shot_b == 0)
    return shot_a == shot_b;
  if (seeds->blind)
    return FALSE;
  g_assert_true (rec_recording_get_shot (seeds->a->recording, shot_a, &a));
  g_assert_true (rec_recording_get_shot (seeds->b->recording, shot_b, &b));
  g_assert_true (a.whole && b.whole);
  g_assert_cmpint (a.numel, ==, b.numel);
  return memcmp (a.data, b.data, (gsize) a.numel * rec_dtype_size (a.dtype)) == 0;
}

/* Notes the numbers by which a shot that is equal in both runs may be told. */
static void
note_constant (Seeds *seeds, guint64 shot_a, guint64 shot_b)
{
  RecShot shot;
  RecStats stats;

  if (shot_a == 0 || !shots_equal (seeds, shot_a, shot_b))
    return;
  g_assert_true (rec_recording_get_shot (seeds->a->recording, shot_a, &shot));
  rec_shot_get_stats (&shot, &stats);
  g_hash_table_add (seeds->constant, player_format_number (stats.norm));
  g_hash_table_add (seeds->constant, player_format_number (rec_shot_get (&shot, 0)));
}

static void
note_constants (Seeds *seeds, const PlayerGraph *a, const PlayerGraph *b)
{
  for (guint k = 0; k < player_graph_get_n_nodes (a); k++)
    {
      const PlayerNode *node_a = player_graph_get_node (a, k), *node_b = player_graph_get_node (b, k);

      note_constant (seeds, node_a->shot, node_b->shot);
      note_constant (seeds, node_a->grad_shot, node_b->grad_shot);
    }
}

/* Every measured number of two texts of the same place must differ. */
static void
compare_texts (Seeds *seeds, const char *place, const char *a, const char *b)
{
  g_auto (GStrv) numbers_a = NULL, numbers_b = NULL;

  if (a == NULL || b == NULL)
    {
      g_assert_true (a == b);
      return;
    }
  numbers_a = numbers_in (a);
  numbers_b = numbers_in (b);
  for (guint k = 0; numbers_a[k] != NULL && numbers_b[k] != NULL; k++)
    {
      if (!number_is_measured (numbers_a[k]) || g_hash_table_contains (seeds->constant, numbers_a[k]))
        continue;
      seeds->n_numbers++;
      if (strcmp (numbers_a[k], numbers_b[k]) != 0)
        continue;
      seeds->n_problems++;
      g_test_message ("%s: \"%s\" with both seeds in \"%s\"", place, numbers_a[k], a);
    }
}

/* Where a box shows its values, or its gradient: the map, else the line or the row of words. */
static LayoutRect
part_of (const LayoutRect *box, const PlayerNode *node, gboolean gradient)
{
  PaintBoxShape shape;
  LayoutRect part;

  paint_box_shape (node, &shape);
  if (!shape.inline_value)
    part = gradient ? shape.gradient : shape.map;
  else if (gradient && shape.has_words)
    part = shape.words;
  else
    part = (LayoutRect) { 0, 0, shape.width, shape.title_y * 2 };
  return (LayoutRect) { box->x + part.x, box->y + part.y, part.width, part.height };
}

/* The pictures of what differs must differ. */
static void
compare_part (Seeds *seeds, guint position, cairo_surface_t *a, cairo_surface_t *b, guint k, gboolean gradient)
{
  const PlayerNode *node_a = player_graph_get_node (player_get_graph (seeds->a->player), k);
  const PlayerNode *node_b = player_graph_get_node (player_get_graph (seeds->b->player), k);
  guint64 shot_a = gradient ? node_a->grad_shot : node_a->shot, shot_b = gradient ? node_b->grad_shot : node_b->shot;
  g_autoptr (GBytes) crop_a = NULL, crop_b = NULL;
  LayoutRect rect_a, rect_b;

  if (shot_a == 0 || shots_equal (seeds, shot_a, shot_b))
    return;
  g_assert_true (layout_result_get_node (seeds->a->layout, node_a->id, &rect_a));
  g_assert_true (layout_result_get_node (seeds->b->layout, node_b->id, &rect_b));
  rect_a = part_of (&rect_a, node_a, gradient);
  rect_b = part_of (&rect_b, node_b, gradient);
  g_assert_cmpfloat (rect_a.width * rect_a.height, >, 0);
  crop_a = truth_run_crop (seeds->a, a, &rect_a);
  crop_b = truth_run_crop (seeds->b, b, &rect_b);
  *(gradient ? &seeds->n_gradient_maps : &seeds->n_maps) += 1;
  if (!g_bytes_equal (crop_a, crop_b))
    return;
  seeds->n_problems++;
  g_test_message ("position %u: the %s of %s look the same with both seeds", position,
                  gradient ? "gradients" : "values", node_a->label);
}

static void
compare_maps (Seeds *seeds, guint position, cairo_surface_t *a, cairo_surface_t *b)
{
  const PlayerGraph *graph_a = player_get_graph (seeds->a->player), *graph_b = player_get_graph (seeds->b->player);

  g_assert_cmpuint (player_graph_get_n_nodes (graph_a), ==, player_graph_get_n_nodes (graph_b));
  for (guint k = 0; k < player_graph_get_n_nodes (graph_a); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph_a, k);

      if (node->kind != PLAYER_BOX || node->outline)
        continue;
      compare_part (seeds, position, a, b, k, FALSE);
      compare_part (seeds, position, a, b, k, TRUE);
    }
}

static void
compare_explanations (Seeds *seeds, guint position)
{
  const PlayerGraph *graph = player_get_graph (seeds->a->player);

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);
      g_autoptr (PlayerExplanation) a = player_explain (seeds->a->player, node->id);
      g_autoptr (PlayerExplanation) b = player_explain (seeds->b->player, node->id);
      g_autofree char *place = g_strdup_printf ("position %u, inspector of %s", position, node->label);

      if (a == NULL || b == NULL)
        continue;
      g_assert_cmpuint (a->facts->len, ==, b->facts->len);
      for (guint f = 0; f < a->facts->len; f++)
        compare_texts (seeds, place, ((PlayerFact *) a->facts->pdata[f])->note,
                       ((PlayerFact *) b->facts->pdata[f])->note);
    }
}

static void
compare_position (Seeds *seeds, guint position)
{
  g_autoptr (GArray) texts_a = NULL, texts_b = NULL;
  cairo_surface_t *a = truth_run_paint (seeds->a, position, PAINT_LIGHT, &texts_a);
  cairo_surface_t *b = truth_run_paint (seeds->b, position, PAINT_LIGHT, &texts_b);
  g_autofree char *place = g_strdup_printf ("position %u, picture", position);
  g_autofree char *caption = g_strdup_printf ("position %u, caption", position);

  note_constants (seeds, player_get_graph (seeds->a->player), player_get_graph (seeds->b->player));
  compare_maps (seeds, position, a, b);
  g_assert_cmpuint (texts_a->len, ==, texts_b->len);
  for (guint k = 0; k < texts_a->len; k++)
    compare_texts (seeds, place, g_array_index (texts_a, DrawnText, k).text, g_array_index (texts_b, DrawnText, k).text);
  compare_texts (seeds, caption, player_get_caption (seeds->a->player, position),
                 player_get_caption (seeds->b->player, position));
  compare_explanations (seeds, position);
  cairo_surface_destroy (a);
  cairo_surface_destroy (b);
}

/* Compares position by position; the result's n_problems says how much was the same. */
static Seeds
compare_runs (guint seed_a, guint seed_b, gboolean blind)
{
  g_autofree char *source_a = truth_demo_source (seed_a), *source_b = truth_demo_source (seed_b);
  g_autoptr (TruthRun) a = truth_run_new (truth_runner (), source_a);
  g_autoptr (TruthRun) b = truth_run_new (truth_runner (), source_b);
  Seeds seeds = { a, b, blind, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL), 0, 0, 0, 0 };

  g_assert_cmpuint (player_get_n_steps (a->player), ==, player_get_n_steps (b->player));
  for (guint position = 1; position <= player_get_n_steps (a->player); position++)
    compare_position (&seeds, position);
  g_clear_pointer (&seeds.constant, g_hash_table_unref);
  return seeds;
}

static void
test_two_seeds (void)
{
  Seeds seeds = compare_runs (0, 1, FALSE);

  g_assert_cmpuint (seeds.n_problems, ==, 0);
  /* Up to nine boxes with values, each at every position from its step on, and their numbers. */
  g_assert_cmpuint (seeds.n_maps, >=, 90);
  g_assert_cmpuint (seeds.n_gradient_maps, >=, 20);
  g_assert_cmpuint (seeds.n_numbers, >=, 90);
}

/* The test's test: with the same seed everything must be found to be the same. */
static void
test_same_seed_is_caught (void)
{
  Seeds seeds = compare_runs (0, 0, TRUE);

  g_assert_cmpuint (seeds.n_maps, >=, 90);
  g_assert_cmpuint (seeds.n_gradient_maps, >=, 20);
  g_assert_cmpuint (seeds.n_problems, ==, seeds.n_maps + seeds.n_gradient_maps + seeds.n_numbers);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/truth/two-seeds", test_two_seeds);
  g_test_add_func ("/truth/same-seed-is-caught", test_same_seed_is_caught);
  return g_test_run ();
}
