/* SPDX-License-Identifier: MIT
 *
 * Each map on a scale of its own: colours go by the tensor's own numbers, every box
 * says which scale that is, and has room for it; the common scale says nothing. */
#include "demo-scene.h"
#include "painter/paint-private.h"
#include "pixels.h"
#include "player/explain.h"

#include <math.h>
#include <string.h>

/* A demo whose boxes have room for their scales. */
static DemoScene *
scene_new (guint seed)
{
  DemoScene *demo = demo_scene_new (seed);
  g_autoptr (GraphShape) shape = graph_shape_demo (9);
  g_autoptr (PlayerGraph) graph = graph_shape_graph (shape);
  g_autoptr (LayoutInput) input = layout_input_new (graph, paint_measure_node, paint_measure_tag, GINT_TO_POINTER (TRUE));
  g_autoptr (GError) error = NULL;

  layout_result_unref (demo->layout);
  demo->layout = layout_run (input, NULL, G_MAXUINT, &error);
  g_assert_no_error (error);
  return demo;
}

static DemoFrame *
frame_new (DemoScene *demo, guint position, PaintThemeKind theme, gboolean own)
{
  DemoFrame *frame = demo_frame_new (demo, position, theme);

  if (own)
    frame->scene.value_scale = frame->scene.gradient_scale = 0;
  return frame;
}

/* Entries of a map whose cell has the colour of that scale, of all of them. */
static void
count_cells (const DemoFrame *frame, cairo_surface_t *picture, guint64 shot, const LayoutRect *map, double scale,
             guint *n_right, guint *n_all)
{
  RecShot facts;
  PaintGrid grid;
  g_autofree double *values = NULL;

  g_assert_true (rec_recording_get_shot (frame->scene.recording, shot, &facts));
  values = paint_grid_values (&facts, &grid);
  g_assert_cmpint (grid.block, ==, 1);
  for (guint r = 0; r < grid.rows; r++)
    for (guint c = 0; c < grid.cols; c++)
      {
        PaintColor color = paint_value_color (frame->scene.theme, values[r * grid.cols + c], scale);
        int x = (int) floor (map->x + (c + 0.5) * map->width / grid.cols);
        int y = (int) floor (map->y + (r + 0.5) * map->height / grid.rows);

        *n_right += pixel_distance (pixel_at (picture, x, y), &color) <= 3;
        *n_all += 1;
      }
}

static LayoutRect
map_of (const DemoFrame *frame, guint node, gboolean gradient)
{
  PaintBoxShape shape;
  LayoutRect box, map;

  g_assert_true (layout_result_get_node (frame->scene.layout, node, &box));
  paint_box_shape (player_graph_find_node (frame->graph, node), &shape);
  map = gradient ? paint_gradient_map (&shape) : shape.map;
  map.x += box.x;
  map.y += box.y;
  return map;
}

/* The cells of one map have the colours of its own scale, in another picture those of the common one. */
static void
check_map (DemoScene *demo, guint node, gboolean gradient, PaintThemeKind theme)
{
  g_autoptr (DemoFrame) own = frame_new (demo, 17, theme, TRUE), common = frame_new (demo, 17, theme, FALSE);
  LayoutRect bounds = layout_result_get_bounds (demo->layout), map = map_of (own, node, gradient);
  LayoutRect view = { floor (bounds.x), floor (bounds.y), ceil (bounds.width), ceil (bounds.height) };
  cairo_surface_t *with_own = demo_frame_draw (own, view, 1, FALSE), *with_common = demo_frame_draw (common, view, 1, FALSE);
  guint64 shot = gradient ? demo->gradient[node] : demo->value[node];
  double scale = paint_shot_scale (demo->recording, shot);
  guint n_right = 0, n_all = 0, n_common = 0, n_mixed = 0;

  map.x -= view.x;
  map.y -= view.y;
  count_cells (own, with_own, shot, &map, scale, &n_right, &n_all);
  g_assert_cmpuint (n_right, ==, n_all);
  n_all = 0;
  count_cells (common, with_common, shot, &map, gradient ? common->scene.gradient_scale : common->scene.value_scale,
               &n_common, &n_all);
  g_assert_cmpuint (n_common, ==, n_all);
  count_cells (own, with_common, shot, &map, scale, &n_mixed, &n_all);
  g_assert_cmpuint (n_mixed, <, n_right);
  cairo_surface_destroy (with_own);
  cairo_surface_destroy (with_common);
}

static void
test_colors (void)
{
  g_autoptr (DemoScene) demo = scene_new (21);

  check_map (demo, DEMO_H2H, FALSE, PAINT_LIGHT);
  check_map (demo, DEMO_X, FALSE, PAINT_DARK);
  check_map (demo, DEMO_NEXT_H, FALSE, PAINT_DARK);
  check_map (demo, DEMO_W_X, TRUE, PAINT_LIGHT);
  check_map (demo, DEMO_W_H, TRUE, PAINT_DARK);
}

/* The scale is twice the root mean square of the one tensor, at most its largest. */
static void
test_rule (void)
{
  g_autoptr (DemoScene) demo = demo_scene_new (22);
  RecShot facts;
  RecStats stats;

  for (guint node = 0; node < DEMO_N_NODES; node++)
    {
      if (demo->value[node] == 0)
        continue;
      g_assert_true (rec_recording_get_shot (demo->recording, demo->value[node], &facts));
      rec_shot_get_stats (&facts, &stats);
      g_assert_cmpfloat_with_epsilon (paint_shot_scale (demo->recording, demo->value[node]),
                                      MIN (2 * stats.norm / sqrt ((double) facts.numel), fabs (stats.largest)), 1e-12);
    }
  g_assert_cmpfloat (paint_shot_scale (demo->recording, 0), ==, 0);
  g_assert_cmpfloat (paint_shot_scale (NULL, demo->value[0]), ==, 0);
}

static void
hear (const PaintTextSpan *span, gpointer data)
{
  g_ptr_array_add (data, g_strdup (span->text));
}

/* What one box says. */
static GPtrArray *
texts_of (const DemoFrame *frame, guint node)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (surface);
  LayoutRect rect;

  g_assert_true (layout_result_get_node (frame->scene.layout, node, &rect));
  paint_text_divert (cr, hear, texts);
  paint_box (cr, &frame->scene, player_graph_find_node (frame->graph, node), &(PaintUse) { 0, 1, TRUE, 0 }, &rect);
  paint_text_divert (cr, NULL, NULL);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return texts;
}

static gboolean
says (const DemoFrame *frame, guint node, const char *text)
{
  g_autoptr (GPtrArray) texts = texts_of (frame, node);

  return g_ptr_array_find_with_equal_func (texts, text, g_str_equal, NULL);
}

static void
test_words (void)
{
  static const guint nodes[] = { DEMO_W_H, DEMO_W_X, DEMO_X, DEMO_PREV_H, DEMO_H2H, DEMO_I2H, DEMO_NEXT_H };
  g_autoptr (DemoScene) demo = scene_new (23);
  g_autoptr (DemoFrame) own = frame_new (demo, 18, PAINT_LIGHT, TRUE), common = frame_new (demo, 18, PAINT_LIGHT, FALSE);
  g_autoptr (DemoFrame) forward = frame_new (demo, 9, PAINT_LIGHT, TRUE);

  for (guint k = 0; k < G_N_ELEMENTS (nodes); k++)
    {
      guint node = nodes[k];
      g_autofree char *value = paint_format_scale (paint_shot_scale (demo->recording, demo->value[node]));
      g_autofree char *scale = paint_format_scale (paint_shot_scale (demo->recording, demo->gradient[node]));
      g_autofree char *gradient = g_strconcat ("∂ ", scale, NULL);
      gboolean has_gradient = demo->gradient[node] != 0;

      g_assert_true (g_str_has_prefix (value, "±"));
      g_assert_true (says (own, node, value));
      g_assert_false (says (common, node, value));
      g_assert_true (says (own, node, gradient) == has_gradient);
      g_assert_false (says (forward, node, gradient));
    }
}

/* Nothing but zeros has no scale to speak of. */
static void
test_zeros (void)
{
  g_autofree char *none = paint_format_scale (0), *some = paint_format_scale (0.5);

  g_assert_cmpstr (none, ==, "all 0");
  g_assert_cmpstr (some, ==, "±0.5000");
}

/* The line of scales lies inside its box, below all else, and nothing is squeezed into it. */
static void
test_room (void)
{
  g_autoptr (DemoScene) demo = scene_new (24);
  guint before = paint_text_get_n_squeezed ();

  for (guint position = 9; position <= DEMO_N_STEPS; position++)
    {
      g_autoptr (DemoFrame) frame = frame_new (demo, position, PAINT_DARK, TRUE);

      for (guint k = 0; k < player_graph_get_n_nodes (frame->graph); k++)
        {
          const PlayerNode *node = player_graph_get_node (frame->graph, k);
          PaintBoxShape shape, plain;
          LayoutSize size;
          LayoutRect rect;

          if (node->kind != PLAYER_BOX || node->outline)
            continue;
          paint_box_shape (node, &plain);
          paint_box_shape_scales (node, &shape);
          paint_measure_node (node, &size, GINT_TO_POINTER (TRUE));
          g_assert_true (layout_result_get_node (demo->layout, node->id, &rect));
          g_assert_cmpfloat (rect.height, ==, size.height);
          g_assert_cmpfloat (rect.width, ==, size.width);
          g_assert_true (memcmp (&shape.map, &plain.map, sizeof shape.map) == 0);
          if (!plain.has_map)
            continue;
          g_assert_cmpfloat (shape.height, >, plain.height + 8);
          g_assert_cmpfloat (shape.scales.y, >=, plain.map.y + plain.map.height);
          g_assert_cmpfloat (shape.scales.y, >=, plain.words.y + plain.words.height - 3);
          g_assert_cmpfloat (shape.scales.y + shape.scales.height, <, shape.height);
          g_ptr_array_unref (texts_of (frame, node->id));
        }
    }
  g_assert_cmpuint (paint_text_get_n_squeezed (), ==, before);
}

/* A layout made without room for the scales is drawn without them. */
static void
test_old_layout (void)
{
  g_autoptr (DemoScene) demo = demo_scene_new (25);
  g_autoptr (DemoFrame) own = frame_new (demo, 18, PAINT_LIGHT, TRUE);
  g_autofree char *value = paint_format_scale (paint_shot_scale (demo->recording, demo->value[DEMO_H2H]));

  g_assert_false (says (own, DEMO_H2H, value));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/painter/scales/colors", test_colors);
  g_test_add_func ("/painter/scales/rule", test_rule);
  g_test_add_func ("/painter/scales/words", test_words);
  g_test_add_func ("/painter/scales/zeros", test_zeros);
  g_test_add_func ("/painter/scales/room", test_room);
  g_test_add_func ("/painter/scales/old-layout", test_old_layout);
  return g_test_run ();
}
