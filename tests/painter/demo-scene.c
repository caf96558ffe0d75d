/* SPDX-License-Identifier: MIT
 *
 * The demo as the painter sees it: see demo-scene.h. */
#include "demo-scene.h"
#include "recording/writer.h"

#include <math.h>
#include <unistd.h>

static guint64
add_shot (RecWriter *writer, gint64 rows, gint64 cols, const float *values)
{
  gint64 sizes[2] = { rows, cols };

  return rec_writer_add_shot (writer, REC_FLOAT32, rows > 0 ? 2 : 0, sizes, values);
}

static void
fill_normal (GRand *random, float *values, guint n)
{
  for (guint i = 0; i < n; i++)
    values[i] = sqrt (-2 * log (1 - g_rand_double (random))) * cos (2 * G_PI * g_rand_double (random));
}

static void
multiply (const float *matrix, const float *vector, guint rows, guint cols, float *out)
{
  for (guint r = 0; r < rows; r++)
    {
      out[r] = 0;
      for (guint c = 0; c < cols; c++)
        out[r] += matrix[r * cols + c] * vector[c];
    }
}

static void
outer (const float *column, const float *row, guint rows, guint cols, float *out)
{
  for (guint r = 0; r < rows; r++)
    for (guint c = 0; c < cols; c++)
      out[r * cols + c] = column[r] * row[c];
}

static void
compute (DemoScene *demo, RecWriter *writer, GRand *random)
{
  float w_h[400], w_x[200], x[10], prev_h[20], h2h[20], i2h[20], sum[20], next_h[20], ones[20], grad[20];
  float w_h_grad[400], w_x_grad[200], loss = 0, one = 1;

  fill_normal (random, w_h, 400);
  fill_normal (random, w_x, 200);
  fill_normal (random, x, 10);
  fill_normal (random, prev_h, 20);
  multiply (w_h, prev_h, 20, 20, h2h);
  multiply (w_x, x, 20, 10, i2h);
  for (guint i = 0; i < 20; i++)
    {
      sum[i] = h2h[i] + i2h[i];
      next_h[i] = tanhf (sum[i]);
      loss += next_h[i];
      ones[i] = 1;
      grad[i] = 1 - next_h[i] * next_h[i];
    }
  outer (grad, prev_h, 20, 20, w_h_grad);
  outer (grad, x, 20, 10, w_x_grad);
  demo->value[DEMO_W_H] = add_shot (writer, 20, 20, w_h);
  demo->value[DEMO_W_X] = add_shot (writer, 20, 10, w_x);
  demo->value[DEMO_X] = add_shot (writer, 1, 10, x);
  demo->value[DEMO_PREV_H] = add_shot (writer, 1, 20, prev_h);
  demo->value[DEMO_H2H] = add_shot (writer, 20, 1, h2h);
  demo->value[DEMO_I2H] = add_shot (writer, 20, 1, i2h);
  demo->value[DEMO_NEXT_H_OLD] = add_shot (writer, 20, 1, sum);
  demo->value[DEMO_NEXT_H] = add_shot (writer, 20, 1, next_h);
  demo->value[DEMO_LOSS] = add_shot (writer, 0, 0, &loss);
  demo->gradient[DEMO_LOSS] = add_shot (writer, 0, 0, &one);
  demo->gradient[DEMO_NEXT_H] = add_shot (writer, 20, 1, ones);
  demo->gradient[DEMO_NEXT_H_OLD] = add_shot (writer, 20, 1, grad);
  demo->gradient[DEMO_H2H] = demo->gradient[DEMO_I2H] = demo->gradient[DEMO_NEXT_H_OLD];
  demo->gradient[DEMO_W_H] = add_shot (writer, 20, 20, w_h_grad);
  demo->gradient[DEMO_W_X] = add_shot (writer, 20, 10, w_x_grad);
}

DemoScene *
demo_scene_new (guint seed)
{
  DemoScene *demo = g_new0 (DemoScene, 1);
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GraphShape) shape = graph_shape_demo (9);
  g_autoptr (PlayerGraph) graph = graph_shape_graph (shape);
  g_autoptr (LayoutInput) input = layout_input_new (graph, paint_measure_node, paint_measure_tag, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RecWriter) writer = NULL;

  demo->recording = rec_recording_new (8 << 20, &error);
  g_assert_no_error (error);
  writer = rec_writer_new (dup (rec_recording_get_events_fd (demo->recording)),
                           dup (rec_recording_get_heap_fd (demo->recording)), &error);
  g_assert_no_error (error);
  compute (demo, writer, random);
  demo->layout = layout_run (input, NULL, G_MAXUINT, &error);
  g_assert_no_error (error);
  return demo;
}

void
demo_scene_free (DemoScene *demo)
{
  layout_result_unref (demo->layout);
  rec_recording_unref (demo->recording);
  g_free (demo);
}

static void
set_grad (const DemoScene *demo, GraphShape *shape, guint node, PlayerGradState state)
{
  graph_shape_node (shape, node)->grad_state = state;
  graph_shape_node (shape, node)->grad_root = demo->root != NULL ? demo->root : "loss";
  if (state == PLAYER_GRAD_PASSING || state == PLAYER_GRAD_PASSED || state == PLAYER_GRAD_KEPT)
    graph_shape_node (shape, node)->grad_shot = demo->gradient[node];
}

/* Marks the edges that leave upwards from a pill (its inputs) or into a box as passed. */
static void
pass (GraphShape *shape, guint to)
{
  for (guint i = 0; i < shape->edges->len; i++)
    if (graph_shape_get_edge (shape, i)->to == to && graph_shape_get_edge (shape, i)->needs_grad)
      graph_shape_get_edge (shape, i)->passed = TRUE;
}

static void
set_values (const DemoScene *demo, GraphShape *shape, guint position)
{
  for (guint i = 0; i < shape->nodes->len; i++)
    if (!graph_shape_node (shape, i)->outline)
      graph_shape_node (shape, i)->shot = demo->value[i];
  if (position >= 1 && position <= 4)
    graph_shape_node (shape, position - 1)->lit = TRUE;
  graph_shape_node (shape, DEMO_PREV_H)->n_saved = position >= 5 && position <= 16;
  graph_shape_node (shape, DEMO_X)->n_saved = position >= 6 && position <= 14;
  if (shape->nodes->len > DEMO_NEXT_H)
    graph_shape_node (shape, DEMO_NEXT_H)->n_saved = position <= 11;
  if (position >= 5 && position <= 9)
    {
      graph_shape_node (shape, DEMO_MM_H + 2 * (position - 5))->pill_state = PLAYER_PILL_FORWARD;
      graph_shape_node (shape, DEMO_MM_H + 2 * (position - 5) + 1)->lit = TRUE;
    }
}

/* Pill `pill` runs at step `at`: its result's gradient leaves, `above` get theirs. */
static void
run_back (const DemoScene *demo, GraphShape *shape, guint position, guint at, guint pill)
{
  if (position < at)
    return;
  graph_shape_node (shape, pill)->pill_state = position == at ? PLAYER_PILL_LIT : PLAYER_PILL_RAN;
  pass (shape, pill);
  pass (shape, pill + 1);
  set_grad (demo, shape, pill + 1, PLAYER_GRAD_PASSED);
  for (guint i = 0; i < shape->edges->len; i++)
    {
      const PlayerEdge *edge = graph_shape_get_edge (shape, i);
      guint from = edge->from;

      if (edge->to != pill || !edge->needs_grad)
        continue;
      if (!graph_shape_node (shape, from)->is_leaf)
        set_grad (demo, shape, from, PLAYER_GRAD_PASSING);
      else
        set_grad (demo, shape, from, position > at ? PLAYER_GRAD_KEPT : PLAYER_GRAD_ARRIVING);
      graph_shape_node (shape, from)->lit = position == at || (position == at + 1 && graph_shape_node (shape, from)->is_leaf);
    }
}

static void
set_backward (const DemoScene *demo, GraphShape *shape, guint position)
{
  if (position < 10)
    return;
  graph_shape_node (shape, DEMO_NEXT_H)->badge = NULL;
  set_grad (demo, shape, DEMO_LOSS, PLAYER_GRAD_PASSING);
  run_back (demo, shape, position, 11, DEMO_SUM);
  run_back (demo, shape, position, 12, DEMO_TANH);
  run_back (demo, shape, position, 13, DEMO_PLUS);
  if (position >= 13)
    {
      graph_shape_node (shape, DEMO_MM_X)->pill_state = PLAYER_PILL_READY;
      graph_shape_node (shape, DEMO_MM_X)->ready_nr = 1;
      graph_shape_node (shape, DEMO_MM_H)->pill_state = PLAYER_PILL_READY;
      graph_shape_node (shape, DEMO_MM_H)->ready_nr = 2;
    }
  run_back (demo, shape, position, 14, DEMO_MM_X);
  run_back (demo, shape, position, 16, DEMO_MM_H);
}

static void
set_motion (DemoFrame *frame, guint position)
{
  static const guint pill_of[] = { DEMO_MM_H, DEMO_MM_X, DEMO_PLUS, DEMO_TANH, DEMO_SUM };
  static const guint back[] = { DEMO_SUM, DEMO_TANH, DEMO_PLUS, DEMO_MM_X, 0, DEMO_MM_H, 0, 0 };
  guint pill = position >= 5 && position <= 9 ? pill_of[position - 5] : position >= 11 ? back[position - 11] : 0;
  gboolean backward = position > 9;

  frame->motion.pulses = frame->pulses;
  frame->motion.n_waves = 2;
  for (guint i = 0; pill != 0 && i < frame->shape->edges->len; i++)
    {
      const PlayerEdge *edge = graph_shape_get_edge (frame->shape, i);
      gboolean below = edge->from == pill, above = edge->to == pill && (!backward || edge->needs_grad);

      if (above || below)
        frame->pulses[frame->motion.n_pulses++] = (PlayerPulse) { edge->id, backward, above == backward };
    }
}

DemoFrame *
demo_frame_new (DemoScene *demo, guint position, PaintThemeKind theme)
{
  DemoFrame *frame = g_new0 (DemoFrame, 1);
  PaintScene *scene = &frame->scene;

  frame->shape = graph_shape_demo (MIN (position, 9));
  set_values (demo, frame->shape, position);
  set_backward (demo, frame->shape, position);
  set_motion (frame, position);
  frame->graph = graph_shape_graph (frame->shape);
  *scene = (PaintScene) { .recording = demo->recording, .graph = frame->graph, .layout = demo->layout,
                          .motion = &frame->motion, .theme = paint_theme_get (theme), .progress = 1,
                          .hovered = G_MAXUINT, .selected = G_MAXUINT, .hovered_edge = G_MAXUINT,
                          .selected_edge = G_MAXUINT, .zoom = 1 };
  scene->phase = position >= 10 ? PLAYER_PHASE_BACKWARD : PLAYER_PHASE_FORWARD;
  scene->clip = layout_result_get_bounds (demo->layout);
  paint_scene_scales (demo->recording, frame->graph, &scene->value_scale, &scene->gradient_scale);
  return frame;
}

void
demo_frame_free (DemoFrame *frame)
{
  player_graph_free (frame->graph);
  graph_shape_free (frame->shape);
  g_free (frame);
}

cairo_surface_t *
demo_frame_draw (const DemoFrame *frame, LayoutRect view, double zoom, gboolean moving)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, lround (view.width * zoom),
                                                         lround (view.height * zoom));
  cairo_t *cr = cairo_create (surface);
  PaintScene scene = frame->scene;

  cairo_scale (cr, zoom, zoom);
  cairo_translate (cr, -view.x, -view.y);
  scene.zoom = zoom;
  scene.clip = view;
  paint_still (cr, &scene);
  if (moving)
    paint_moving (cr, &scene);
  cairo_destroy (cr);
  return surface;
}
