/* SPDX-License-Identifier: MIT
 *
 * Writes pictures of the demo at several positions, both themes, and of other
 * graphs, for eyes to look at: paint-shots DIRECTORY. Not a test. */
#include "demo-scene.h"

#include <math.h>

static LayoutRect
grown (LayoutRect rect, double by)
{
  return (LayoutRect) { rect.x - by, rect.y - by, rect.width + 2 * by, rect.height + 2 * by };
}

static void
write_png (cairo_surface_t *surface, const char *directory, const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  if (cairo_surface_write_to_png (surface, path) != CAIRO_STATUS_SUCCESS)
    g_printerr ("cannot write %s\n", path);
  cairo_surface_destroy (surface);
}

static void
shoot_demo (const char *directory, PaintThemeKind theme)
{
  static const guint positions[] = { 0, 3, 5, 8, 9, 10, 12, 14, 15, 18 };
  g_autoptr (DemoScene) demo = demo_scene_new (0);
  LayoutRect view = grown (layout_result_get_bounds (demo->layout), 20);

  for (guint i = 0; i < G_N_ELEMENTS (positions); i++)
    {
      g_autoptr (DemoFrame) frame = demo_frame_new (demo, positions[i], theme);
      g_autofree char *name = g_strdup_printf ("demo-%02u-%s.png", positions[i], theme == PAINT_DARK ? "dark" : "light");
      g_autofree char *half = g_strdup_printf ("demo-%02u-%s-half.png", positions[i], theme == PAINT_DARK ? "dark" : "light");

      write_png (demo_frame_draw (frame, view, 1, TRUE), directory, name);
      frame->scene.progress = 0.6;
      frame->scene.hovered = DEMO_PLUS;
      frame->scene.selected = DEMO_W_X;
      write_png (demo_frame_draw (frame, view, 1, TRUE), directory, half);
    }
}

static void
shoot_shape (const char *directory, GraphShape *shape, const char *name, double zoom)
{
  g_autoptr (PlayerGraph) graph = graph_shape_graph (shape);
  g_autoptr (LayoutInput) input = layout_input_new (graph, paint_measure_node, paint_measure_tag, NULL);
  g_autoptr (LayoutResult) layout = layout_run (input, NULL, G_MAXUINT, NULL);
  DemoFrame frame = { .shape = shape, .graph = graph };

  frame.scene = (PaintScene) { .graph = graph, .layout = layout, .theme = paint_theme_get (PAINT_LIGHT), .progress = 1,
                               .hovered = G_MAXUINT, .selected = G_MAXUINT, .hovered_edge = G_MAXUINT,
                          .selected_edge = G_MAXUINT, .value_scale = 1, .gradient_scale = 1 };
  write_png (demo_frame_draw (&frame, grown (layout_result_get_bounds (layout), 20), zoom, TRUE), directory, name);
  graph_shape_free (shape);
}

int
main (int argc, char **argv)
{
  if (argc != 2)
    {
      g_printerr ("usage: paint-shots DIRECTORY\n");
      return 2;
    }
  g_mkdir_with_parents (argv[1], 0755);
  shoot_demo (argv[1], PAINT_DARK);
  shoot_demo (argv[1], PAINT_LIGHT);
  shoot_shape (argv[1], graph_shape_rnn (5, TRUE), "rnn.png", 0.6);
  shoot_shape (argv[1], graph_shape_residual (34), "residual.png", 0.7);
  shoot_shape (argv[1], graph_shape_diamonds (20), "diamonds.png", 1);
  shoot_shape (argv[1], graph_shape_random (40, 1), "random.png", 0.5);
  shoot_shape (argv[1], graph_shape_wide (12), "wide.png", 0.6);
  return 0;
}
