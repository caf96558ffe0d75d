/* SPDX-License-Identifier: MIT
 *
 * The stage's two layers over the demo: sizes hold at every position, labels fit,
 * a clipped picture is a crop of the whole, the way there does not matter, what
 * is drawn follows values, states and motion. */
#include "demo-scene.h"
#include "painter/paint-private.h"
#include "pixels.h"

#include <math.h>

static LayoutRect
whole_view (const DemoScene *demo)
{
  LayoutRect bounds = layout_result_get_bounds (demo->layout);

  return (LayoutRect) { floor (bounds.x) - 20, floor (bounds.y) - 20, ceil (bounds.width) + 40,
                        ceil (bounds.height) + 40 };
}

static cairo_surface_t *
draw_at (DemoScene *demo, guint position, PaintThemeKind theme)
{
  g_autoptr (DemoFrame) frame = demo_frame_new (demo, position, theme);

  return demo_frame_draw (frame, whole_view (demo), 1, TRUE);
}

/* Boxes and pills keep their size from their first appearance to the end. */
static void
test_sizes_hold (void)
{
  g_autoptr (DemoScene) demo = demo_scene_new (1);

  for (guint position = 9; position <= DEMO_N_STEPS; position++)
    {
      g_autoptr (DemoFrame) frame = demo_frame_new (demo, position, PAINT_LIGHT);

      for (guint k = 0; k < player_graph_get_n_nodes (frame->graph); k++)
        {
          const PlayerNode *node = player_graph_get_node (frame->graph, k);
          LayoutSize size;
          LayoutRect rect;

          paint_measure_node (node, &size, NULL);
          g_assert_true (layout_result_get_node (demo->layout, node->id, &rect));
          g_assert_cmpfloat (size.width, ==, rect.width);
          g_assert_cmpfloat (size.height, ==, rect.height);
        }
    }
}

/* What one node really inks lies in its room: body, sides, and 8 px for ring, glow and tab. */
static void
check_ink (const DemoFrame *frame, const PlayerNode *node)
{
  const double beyond = 13;
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (surface);
  double x, y, width, height;
  LayoutSize size;
  LayoutRect rect;

  paint_measure_node (node, &size, NULL);
  layout_result_get_node (frame->scene.layout, node->id, &rect);
  if (node->kind == PLAYER_BOX)
    paint_box (cr, &frame->scene, node, &(PaintUse) { 0, 1, TRUE, 0 }, &rect);
  else
    paint_pill (cr, &frame->scene, node, &rect);
  cairo_recording_surface_ink_extents (surface, &x, &y, &width, &height);
  g_assert_cmpfloat (x, >=, rect.x - MAX (size.left, beyond));
  g_assert_cmpfloat (x + width, <=, rect.x + rect.width + MAX (size.right, beyond));
  g_assert_cmpfloat (y, >=, rect.y - beyond);
  g_assert_cmpfloat (y + height, <=, rect.y + rect.height + beyond);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
check_labels (const char *root)
{
  g_autoptr (DemoScene) demo = demo_scene_new (3);
  guint before = paint_text_get_n_squeezed ();

  demo->root = root;
  for (guint position = 0; position <= DEMO_N_STEPS; position++)
    {
      g_autoptr (DemoFrame) frame = demo_frame_new (demo, position, PAINT_DARK);

      for (guint k = 0; k < player_graph_get_n_nodes (frame->graph); k++)
        check_ink (frame, player_graph_get_node (frame->graph, k));
      for (guint k = 0; k < player_graph_get_n_edges (frame->graph); k++)
        {
          const PlayerEdge *edge = player_graph_get_edge (frame->graph, k);
          LayoutRect tag;
          double width, height;

          if (edge->tag == NULL)
            continue;
          g_assert_true (layout_result_get_tag (demo->layout, edge->id, &tag));
          paint_text_size (PAINT_FONT_TAG, edge->tag, &width, &height);
          g_assert_cmpfloat (width + 8, <=, tag.width);
          g_assert_cmpfloat (height, <=, tag.height);
        }
    }
  g_assert_cmpuint (paint_text_get_n_squeezed (), ==, before);
}

static void
test_labels_fit (void)
{
  check_labels (NULL);
  check_labels ("mean((prediction − target) ** 2)");
}

/* A text drawn is as large as the text measured, at any zoom; a longer one is cut to its room. */
static void
test_text_room (void)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (surface);
  const PaintColor *color = &paint_theme_get (PAINT_LIGHT)->text;
  const char *text = "a name much longer than the room that it was given";
  double width, height, x, y, ink_width, ink_height;
  LayoutRect rect;

  paint_text_size (PAINT_FONT_TITLE, "next_h (line 11)", &width, &height);
  rect = paint_text (cr, PAINT_FONT_TITLE, "next_h (line 11)", 100, 50, PAINT_LEFT, 0, color);
  g_assert_cmpfloat (rect.width, ==, width);
  g_assert_cmpfloat (rect.height, ==, height);
  cairo_recording_surface_ink_extents (surface, &x, &y, &ink_width, &ink_height);
  g_assert_cmpfloat (x, >=, rect.x - 1);
  g_assert_cmpfloat (x + ink_width, <=, rect.x + rect.width + 1);
  rect = paint_text (cr, PAINT_FONT_TITLE, text, 100, 50, PAINT_LEFT, 90, color);
  g_assert_cmpfloat (rect.width, <=, 90.5);
  g_assert_cmpfloat (rect.width, >, 50);
  rect = paint_text (cr, PAINT_FONT_WORDS, "\xff\xfe broken", 100, 50, PAINT_RIGHT, 0, color);
  g_assert_cmpfloat (rect.x + rect.width, ==, 100);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* Up to 8/255, but for a dozen of 43,700 pixels: a stroke cut by the clip is cut into other trapezoids by
 * cairo (1.16 and 1.18 differ here), and its soft rim shades a little differently. */
static void
test_clip_is_crop (void)
{
  static const guint positions[] = { 0, 8, 14, 18 };
  g_autoptr (DemoScene) demo = demo_scene_new (4);
  LayoutRect view = whole_view (demo);

  for (guint i = 0; i < G_N_ELEMENTS (positions); i++)
    {
      g_autoptr (DemoFrame) frame = demo_frame_new (demo, positions[i], i % 2 ? PAINT_DARK : PAINT_LIGHT);
      cairo_surface_t *whole = demo_frame_draw (frame, view, 1, TRUE);

      for (int part = 0; part < 4; part++)
        {
          int left = 60 + 130 * part, top = 40 + (int) (view.height - 240) / 3 * part;
          LayoutRect crop = { view.x + left, view.y + top, 230, 190 };
          cairo_surface_t *drawn = demo_frame_draw (frame, crop, 1, TRUE);
          cairo_surface_t *cut = cairo_surface_create_for_rectangle (whole, left, top, 230, 190);
          cairo_surface_t *copy = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 230, 190);
          cairo_t *cr = cairo_create (copy);

          cairo_set_source_surface (cr, cut, 0, 0);
          cairo_paint (cr);
          g_assert_cmpuint (pixels_differing (drawn, copy, 8), <=, 12);
          cairo_destroy (cr);
          cairo_surface_destroy (drawn);
          cairo_surface_destroy (cut);
          cairo_surface_destroy (copy);
        }
      cairo_surface_destroy (whole);
    }
}

static void
test_stepped_is_jumped (void)
{
  g_autoptr (DemoScene) demo = demo_scene_new (5);
  cairo_surface_t *jumped = draw_at (demo, 14, PAINT_DARK), *stepped = NULL;

  for (guint position = 0; position <= DEMO_N_STEPS; position++)
    cairo_surface_destroy (draw_at (demo, position, PAINT_DARK));
  for (guint position = DEMO_N_STEPS; position >= 14; position--)
    {
      g_clear_pointer (&stepped, cairo_surface_destroy);
      stepped = draw_at (demo, position, PAINT_DARK);
    }
  g_assert_cmpuint (pixels_differing (jumped, stepped, 0), ==, 0);
  cairo_surface_destroy (jumped);
  cairo_surface_destroy (stepped);
}

/* Every step changes the picture; a different seed changes it inside every value's map. */
static void
test_seeds_differ (void)
{
  g_autoptr (DemoScene) a = demo_scene_new (6), b = demo_scene_new (7);
  LayoutRect view = whole_view (a);

  for (guint position = 1; position <= DEMO_N_STEPS; position++)
    {
      cairo_surface_t *pa = draw_at (a, position, PAINT_LIGHT), *pb = draw_at (b, position, PAINT_LIGHT);
      cairo_surface_t *before = draw_at (a, position - 1, PAINT_LIGHT);
      g_autoptr (DemoFrame) frame = demo_frame_new (a, position, PAINT_LIGHT);

      g_assert_cmpuint (pixels_differing (pa, before, 0), >, 20);
      for (guint k = 0; k < player_graph_get_n_nodes (frame->graph); k++)
        {
          const PlayerNode *node = player_graph_get_node (frame->graph, k);
          LayoutRect rect;
          PaintBoxShape shape;
          guint differing = 0;

          if (node->kind != PLAYER_BOX || node->outline)
            continue;
          paint_box_shape (node, &shape);
          layout_result_get_node (a->layout, node->id, &rect);
          if (shape.inline_value)
            shape.map = (LayoutRect) { 60, 4, rect.width - 66, rect.height - 8 };
          for (int y = 0; y < (int) shape.map.height; y++)
            for (int x = 0; x < (int) shape.map.width; x++)
              differing += pixel_at (pa, (int) (rect.x + shape.map.x - view.x) + x, (int) (rect.y + shape.map.y - view.y) + y)
                != pixel_at (pb, (int) (rect.x + shape.map.x - view.x) + x, (int) (rect.y + shape.map.y - view.y) + y);
          g_assert_cmpuint (differing, >, shape.inline_value ? 10 : shape.map.width * shape.map.height / 4);
        }
      cairo_surface_destroy (pa);
      cairo_surface_destroy (pb);
      cairo_surface_destroy (before);
    }
}

/* Pixels of a colour in the 18×14 px below a node: where its lower edge begins. */
static guint
below_node (DemoScene *demo, cairo_surface_t *picture, guint node, const PaintColor *color)
{
  LayoutRect view = whole_view (demo), rect;

  layout_result_get_node (demo->layout, node, &rect);
  return pixels_like (picture, lround (rect.x + rect.width / 2 - view.x) - 9,
                      lround (rect.y + rect.height - view.y) + 1, 18, 14, color, 40);
}

/* A passed edge has its magenta head at the upper end; the branch that needs no gradient stays grey. */
static void
test_passed_edges (void)
{
  const PaintColor *magenta = &paint_theme_get (PAINT_LIGHT)->backward;
  g_autoptr (DemoScene) demo = demo_scene_new (8);
  cairo_surface_t *forward = draw_at (demo, 9, PAINT_LIGHT), *end = draw_at (demo, 18, PAINT_LIGHT);
  static const guint passed[] = { DEMO_W_H, DEMO_W_X, DEMO_MM_H, DEMO_H2H, DEMO_I2H, DEMO_PLUS, DEMO_TANH, DEMO_SUM };

  for (guint i = 0; i < G_N_ELEMENTS (passed); i++)
    {
      g_assert_cmpuint (below_node (demo, forward, passed[i], magenta), ==, 0);
      g_assert_cmpuint (below_node (demo, end, passed[i], magenta), >, 15);
    }
  g_assert_cmpuint (below_node (demo, end, DEMO_X, magenta), ==, 0);
  g_assert_cmpuint (below_node (demo, end, DEMO_PREV_H, magenta), ==, 0);
  cairo_surface_destroy (forward);
  cairo_surface_destroy (end);
}

/* Exactly the operation that ran is ringed in magenta at steps 11–14 and 16. */
static void
test_one_is_lit (void)
{
  static const struct { guint position, pill; } lit[] = {
    { 11, DEMO_SUM }, { 12, DEMO_TANH }, { 13, DEMO_PLUS }, { 14, DEMO_MM_X }, { 16, DEMO_MM_H } };
  const PaintColor *magenta = &paint_theme_get (PAINT_DARK)->backward;
  g_autoptr (DemoScene) demo = demo_scene_new (9);
  LayoutRect view = whole_view (demo);

  for (guint i = 0; i < G_N_ELEMENTS (lit); i++)
    {
      cairo_surface_t *picture = draw_at (demo, lit[i].position, PAINT_DARK);

      for (guint pill = DEMO_MM_H; pill <= DEMO_SUM; pill += 2)
        {
          LayoutRect rect;
          guint ring;

          layout_result_get_node (demo->layout, pill, &rect);
          ring = pixels_like (picture, lround (rect.x + 22 - view.x), lround (rect.y - 6 - view.y), 12, 5, magenta, 30);
          if (pill == lit[i].pill)
            g_assert_cmpuint (ring, >=, 24);
          else
            g_assert_cmpuint (ring, ==, 0);
        }
      cairo_surface_destroy (picture);
    }
}

/* Pixels of the colour between two rows of px below a node, at that progress. */
static guint
count_below (DemoScene *demo, DemoFrame *frame, guint node, double progress, double from, double to,
             const PaintColor *color)
{
  cairo_surface_t *picture;
  LayoutRect rect;
  guint n;

  layout_result_get_node (demo->layout, node, &rect);
  frame->scene.progress = progress;
  picture = demo_frame_draw (frame, (LayoutRect) { round (rect.x + rect.width / 2) - 20,
                                                   round (rect.y + rect.height + from), 40, to - from }, 1, TRUE);
  n = pixels_like (picture, 0, 0, 40, to - from, color, 30);
  cairo_surface_destroy (picture);
  return n;
}

/* Teal runs down, magenta up; wave 1 waits for wave 0. */
static void
test_motion (void)
{
  g_autoptr (DemoScene) demo = demo_scene_new (10);
  g_autoptr (DemoFrame) forward = demo_frame_new (demo, 8, PAINT_LIGHT), backward = demo_frame_new (demo, 12, PAINT_LIGHT);
  const PaintColor *teal = &paint_theme_get (PAINT_LIGHT)->forward, *magenta = &paint_theme_get (PAINT_LIGHT)->backward;

  g_assert_cmpuint (count_below (demo, forward, DEMO_NEXT_H_OLD, 0, 0, 18, teal), ==, 0);
  g_assert_cmpuint (count_below (demo, forward, DEMO_NEXT_H_OLD, 0.05, 0, 6, teal), >, 3);
  g_assert_cmpuint (count_below (demo, forward, DEMO_NEXT_H_OLD, 0.05, 10, 18, teal), ==, 0);
  g_assert_cmpuint (count_below (demo, forward, DEMO_NEXT_H_OLD, 0.6, 8, 17, teal), >, 10);
  g_assert_cmpuint (count_below (demo, forward, DEMO_TANH, 0.4, 7, 18, teal), ==, 0);
  g_assert_cmpuint (count_below (demo, forward, DEMO_TANH, 0.95, 7, 18, teal), >, 5);
  /* Below tanh, where next_h's gradient comes from, first; above it the passed edge stays thin until wave 1. */
  g_assert_cmpuint (count_below (demo, backward, DEMO_TANH, 0.45, 8, 18, magenta), >,
                    count_below (demo, backward, DEMO_TANH, 0, 8, 18, magenta) + 10);
  g_assert_cmpuint (count_below (demo, backward, DEMO_NEXT_H_OLD, 0.45, 8, 20, magenta), ==,
                    count_below (demo, backward, DEMO_NEXT_H_OLD, 0, 8, 20, magenta));
  g_assert_cmpuint (count_below (demo, backward, DEMO_NEXT_H_OLD, 0.98, 8, 20, magenta), >,
                    count_below (demo, backward, DEMO_NEXT_H_OLD, 0, 8, 20, magenta));
}

/* The demo can be read in a small window; two heads of one edge have room. */
static void
test_height (void)
{
  g_autoptr (DemoScene) demo = demo_scene_new (4);
  g_autoptr (DemoFrame) frame = demo_frame_new (demo, 18, PAINT_DARK);

  g_assert_cmpfloat (layout_result_get_bounds (demo->layout).height, <=, 700);
  for (guint k = 0; k < player_graph_get_n_edges (frame->scene.graph); k++)
    {
      guint n;
      const LayoutPoint *points = layout_result_get_edge (demo->layout, player_graph_get_edge (frame->scene.graph, k)->id, &n);

      g_assert_cmpfloat (points[n - 1].y - points[0].y, >=, 23.99);
    }
}

/* The still layer alone knows nothing of the pointer and the motion. */
static void
test_layers (void)
{
  g_autoptr (DemoScene) demo = demo_scene_new (11);
  g_autoptr (DemoFrame) frame = demo_frame_new (demo, 13, PAINT_DARK);
  LayoutRect view = whole_view (demo);
  cairo_surface_t *plain = demo_frame_draw (frame, view, 1, FALSE), *still, *moving;

  frame->scene.progress = 0.3;
  frame->scene.hovered = DEMO_H2H;
  frame->scene.selected = DEMO_W_X;
  still = demo_frame_draw (frame, view, 1, FALSE);
  moving = demo_frame_draw (frame, view, 1, TRUE);
  g_assert_cmpuint (pixels_differing (plain, still, 0), ==, 0);
  g_assert_cmpuint (pixels_differing (still, moving, 0), >, 200);
  cairo_surface_destroy (plain);
  cairo_surface_destroy (still);
  cairo_surface_destroy (moving);
}

/* Far away: boxes yes, letters and cells no; bad input draws nothing and does not fall over. */
static void
test_far_and_empty (void)
{
  const PaintTheme *theme = paint_theme_get (PAINT_LIGHT);
  g_autoptr (DemoScene) demo = demo_scene_new (12);
  g_autoptr (DemoFrame) frame = demo_frame_new (demo, 18, PAINT_LIGHT);
  LayoutRect view = whole_view (demo);
  cairo_surface_t *far = demo_frame_draw (frame, view, 0.25, TRUE), *empty;
  int width = cairo_image_surface_get_width (far), height = cairo_image_surface_get_height (far);

  g_assert_cmpuint (pixels_like (far, 0, 0, width, height, &theme->leaf, 80), >, 40);
  g_assert_cmpuint (pixels_like (far, 0, 0, width, height, &theme->negative, 30), ==, 0);
  frame->scene.graph = NULL;
  empty = demo_frame_draw (frame, view, 0.25, TRUE);
  g_assert_cmpuint (pixels_like (empty, 0, 0, width, height, &theme->leaf, 80), ==, 0);
  frame->scene.graph = frame->graph;
  frame->scene.recording = NULL;
  cairo_surface_destroy (demo_frame_draw (frame, view, 1, TRUE));
  cairo_surface_destroy (far);
  cairo_surface_destroy (empty);
}

static void
test_scales (void)
{
  g_autoptr (DemoScene) demo = demo_scene_new (13);
  g_autoptr (DemoFrame) before = demo_frame_new (demo, 9, PAINT_LIGHT), after = demo_frame_new (demo, 18, PAINT_LIGHT);

  g_assert_cmpfloat (before->scene.gradient_scale, ==, 1);
  g_assert_cmpfloat (before->scene.value_scale, >, 1);
  g_assert_cmpfloat (after->scene.value_scale, ==, before->scene.value_scale);
  g_assert_cmpfloat (after->scene.gradient_scale, !=, 1);
}

/* What the editor's line made stands between corners in the accent colour, and nothing else does. */
static void
test_marked (void)
{
  static const guint marked[] = { DEMO_TANH, DEMO_NEXT_H, 999 };
  g_autoptr (DemoScene) demo = demo_scene_new (14);
  LayoutRect view = whole_view (demo);

  for (PaintThemeKind theme = PAINT_LIGHT; theme <= PAINT_DARK; theme++)
    {
      g_autoptr (DemoFrame) frame = demo_frame_new (demo, 18, theme);
      cairo_surface_t *before = demo_frame_draw (frame, view, 1, TRUE), *after;

      frame->scene.marked = marked;
      frame->scene.n_marked = G_N_ELEMENTS (marked);
      after = demo_frame_draw (frame, view, 1, TRUE);
      for (guint node = 0; node < DEMO_N_NODES; node++)
        {
          gboolean is_marked = node == DEMO_TANH || node == DEMO_NEXT_H;
          LayoutRect rect;
          int x, y;

          g_assert_true (layout_result_get_node (demo->layout, node, &rect));
          x = lround (rect.x - view.x) - 12;
          y = lround (rect.y - view.y) - 12;
          g_assert_cmpint (pixels_like (after, x, y, 8, 8, &frame->scene.theme->accent, 60)
                               > pixels_like (before, x, y, 8, 8, &frame->scene.theme->accent, 60) + 4,
                           ==, is_marked);
        }
      g_assert_cmpuint (pixels_differing (before, after, 0), <, 2 * 4 * 80);
      cairo_surface_destroy (before);
      cairo_surface_destroy (after);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/painter/stage/sizes-hold", test_sizes_hold);
  g_test_add_func ("/painter/stage/labels-fit", test_labels_fit);
  g_test_add_func ("/painter/stage/text-room", test_text_room);
  g_test_add_func ("/painter/stage/clip-is-crop", test_clip_is_crop);
  g_test_add_func ("/painter/stage/stepped-is-jumped", test_stepped_is_jumped);
  g_test_add_func ("/painter/stage/seeds-differ", test_seeds_differ);
  g_test_add_func ("/painter/stage/passed-edges", test_passed_edges);
  g_test_add_func ("/painter/stage/one-is-lit", test_one_is_lit);
  g_test_add_func ("/painter/stage/motion", test_motion);
  g_test_add_func ("/painter/stage/height", test_height);
  g_test_add_func ("/painter/stage/layers", test_layers);
  g_test_add_func ("/painter/stage/far-and-empty", test_far_and_empty);
  g_test_add_func ("/painter/stage/scales", test_scales);
  g_test_add_func ("/painter/stage/marked", test_marked);
  return g_test_run ();
}
