/* SPDX-License-Identifier: MIT
 *
 * See truth-run.h. Paths come from the build as environment variables. */
#include "truth-run.h"

#include <math.h>
#include <string.h>

#define DEADLINE_US (180 * G_USEC_PER_SEC)
#define MARGIN_PX 40.0

static const char *
need_env (const char *name)
{
  const char *value = g_getenv (name);

  if (value == NULL)
    g_error ("%s is not set: run these tests through meson", name);
  return value;
}

const char *
truth_runner (void)
{
  return need_env ("TRUTH_RUNNER");
}

const char *
truth_runner_scaled (void)
{
  return need_env ("TRUTH_RUNNER_SCALED");
}

static void
wait_for_end (RunnerClient *client)
{
  gint64 start = g_get_monotonic_time ();

  while (runner_client_get_state (client) != RUNNER_ENDED && runner_client_get_state (client) != RUNNER_DEAD)
    {
      g_assert_cmpint (g_get_monotonic_time () - start, <, DEADLINE_US);
      g_main_context_iteration (NULL, TRUE);
    }
  if (runner_client_get_state (client) == RUNNER_DEAD)
    g_test_message ("%s", runner_client_get_reason (client));
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_ENDED);
}

/* Wakes the main loop, so that waiting ends at its deadline too. */
static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

const PlayerGraph *
truth_run_get_laid_out (TruthRun *run)
{
  return run->growing ? player_get_graph (run->player) : player_get_final_graph (run->player);
}

static void
lay_out (TruthRun *run)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LayoutInput) input = layout_input_new (truth_run_get_laid_out (run), paint_measure_node,
                                                    paint_measure_tag, NULL);

  g_clear_pointer (&run->layout, layout_result_unref);
  run->layout = layout_run (input, NULL, G_MAXUINT, &error);
  g_assert_no_error (error);
  run->bounds = layout_result_get_bounds (run->layout);
  run->bounds.x = floor (run->bounds.x - MARGIN_PX);
  run->bounds.y = floor (run->bounds.y - MARGIN_PX);
  run->bounds.width = ceil (run->bounds.width + 2 * MARGIN_PX);
  run->bounds.height = ceil (run->bounds.height + 2 * MARGIN_PX);
}

/* Moves there. A new iteration of a loop has a picture of its own: TRUE when it was laid out anew. */
gboolean
truth_run_go_to (TruthRun *run, guint position)
{
  const PlayerGraph *graph;

  player_set_position (run->player, position);
  graph = truth_run_get_laid_out (run);
  paint_scene_scales (run->recording, player_get_final_graph (run->player), &run->value_scale, &run->gradient_scale);
  if (player_graph_get_structure_hash (graph) == layout_result_get_structure_hash (run->layout))
    return FALSE;
  lay_out (run);
  return TRUE;
}

TruthRun *
truth_run_new (const char *program, const char *source)
{
  TruthRun *run = g_new0 (TruthRun, 1);
  const char *const argv[] = { NULL };
  const guint breakpoints[] = { 0 };
  g_autoptr (GError) error = NULL;
  guint wake = g_timeout_add (50, wake_cb, NULL);

  run->client = runner_client_new (program);
  runner_client_run (run->client, "truth.py", source, argv, breakpoints, RUNNER_TO_END, 0, &error);
  g_assert_no_error (error);
  wait_for_end (run->client);
  g_source_remove (wake);
  run->recording = runner_client_get_recording (run->client);
  run->player = player_new ();
  player_set_recording (run->player, run->recording);
  player_sync (run->player, FALSE);
  g_assert_true (player_is_complete (run->player));
  g_assert_cmpuint (player_get_n_steps (run->player), >, 0);
  lay_out (run);
  paint_scene_scales (run->recording, player_get_final_graph (run->player), &run->value_scale, &run->gradient_scale);
  return run;
}

void
truth_run_free (TruthRun *run)
{
  g_clear_pointer (&run->layout, layout_result_unref);
  g_clear_object (&run->player);
  g_clear_object (&run->client);
  g_free (run);
}

char *
truth_demo_source (guint seed)
{
  g_autofree char *path = g_build_filename (need_env ("TRUTH_EXAMPLES"), "dynamic_graph.py", NULL);
  g_autofree char *line = g_strdup_printf ("torch.manual_seed(%u)", seed);
  g_autoptr (GError) error = NULL;
  g_autofree char *source = NULL;
  g_auto (GStrv) parts = NULL;

  g_file_get_contents (path, &source, NULL, &error);
  g_assert_no_error (error);
  parts = g_strsplit (source, "torch.manual_seed(0)", -1);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  return g_strjoin (line, parts[0], parts[1], NULL);
}

char **
truth_list_examples (void)
{
  const char *folder = need_env ("TRUTH_EXAMPLES"), *name;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".py"))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_add (paths, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&paths), FALSE);
}

cairo_surface_t *
truth_run_paint (TruthRun *run, guint position, PaintThemeKind theme, GArray **texts)
{
  cairo_surface_t *surface;
  cairo_t *cr;
  PaintScene scene = { 0 };

  truth_run_go_to (run, position);
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) run->bounds.width, (int) run->bounds.height);
  cr = cairo_create (surface);
  scene.recording = run->recording;
  scene.graph = player_get_graph (run->player);
  scene.layout = run->layout;
  scene.motion = player_get_motion (run->player);
  scene.theme = paint_theme_get (theme);
  scene.phase = player_get_phase (run->player);
  scene.progress = 1;
  scene.hovered = scene.selected = scene.hovered_edge = scene.selected_edge = G_MAXUINT;
  scene.value_scale = run->value_scale;
  scene.gradient_scale = run->gradient_scale;
  scene.zoom = 1;
  scene.clip = run->bounds;
  cairo_translate (cr, -run->bounds.x, -run->bounds.y);
  drawn_text_begin ();
  paint_still (cr, &scene);
  paint_moving (cr, &scene);
  cairo_destroy (cr);
  if (texts == NULL)
    {
      g_array_unref (drawn_text_end ());
      return surface;
    }
  *texts = drawn_text_end ();
  for (guint k = 0; k < (*texts)->len; k++)
    {
      DrawnText *text = &g_array_index (*texts, DrawnText, k);

      text->rect.x += run->bounds.x;
      text->rect.y += run->bounds.y;
    }
  return surface;
}

GBytes *
truth_run_crop (TruthRun *run, cairo_surface_t *surface, const LayoutRect *rect)
{
  GByteArray *bytes = g_byte_array_new ();
  int left = (int) (rect->x - run->bounds.x), top = (int) (rect->y - run->bounds.y);
  int width = cairo_image_surface_get_width (surface), height = cairo_image_surface_get_height (surface);
  int stride = cairo_image_surface_get_stride (surface);

  cairo_surface_flush (surface);
  for (int y = MAX (0, top); y < MIN (height, top + (int) rect->height); y++)
    for (int x = MAX (0, left); x < MIN (width, left + (int) rect->width); x++)
      g_byte_array_append (bytes, cairo_image_surface_get_data (surface) + y * stride + 4 * x, 3);
  return g_byte_array_free_to_bytes (bytes);
}
