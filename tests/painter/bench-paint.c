/* SPDX-License-Identifier: MIT
 *
 * Figures, not a test: milliseconds of one layout by number of nodes, and CPU
 * milliseconds per frame of the demo's two layers. */
#include "demo-scene.h"

#include <time.h>

static double
cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void
bench_layout (const char *name, GraphShape *shape)
{
  g_autoptr (PlayerGraph) graph = graph_shape_graph (shape);
  g_autoptr (LayoutInput) input = layout_input_new (graph, paint_measure_node, paint_measure_tag, NULL);
  double start = cpu_ms ();
  g_autoptr (LayoutResult) result = layout_run (input, NULL, G_MAXUINT, NULL);

  g_print ("layout %-12s %4u nodes %8.1f ms\n", name, shape->nodes->len, cpu_ms () - start);
  g_assert_nonnull (result);
  graph_shape_free (shape);
}

static void
bench_frames (const char *name, gboolean still, gboolean moving)
{
  g_autoptr (DemoScene) demo = demo_scene_new (0);
  g_autoptr (DemoFrame) frame = demo_frame_new (demo, 14, PAINT_DARK);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 900, 900);
  cairo_t *cr = cairo_create (surface);
  guint n = 300;
  double start;

  paint_still (cr, &frame->scene);
  start = cpu_ms ();
  for (guint i = 0; i < n; i++)
    {
      frame->scene.progress = i / (double) n;
      if (still)
        paint_still (cr, &frame->scene);
      if (moving)
        paint_moving (cr, &frame->scene);
    }
  g_print ("paint_%-8s demo, position 14  %8.3f ms CPU per frame\n", name, (cpu_ms () - start) / n);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

int
main (void)
{
  static const guint sizes[] = { 20, 100, 300, 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      bench_layout ("chain", graph_shape_chain (sizes[i]));
      bench_layout ("residual", graph_shape_residual (sizes[i]));
      bench_layout ("local random", graph_shape_random (sizes[i], 1));
    }
  bench_layout ("shared RNN", graph_shape_rnn (20, TRUE));
  bench_frames ("still", TRUE, FALSE);
  bench_frames ("moving", FALSE, TRUE);
  return 0;
}
