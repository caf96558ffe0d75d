/* SPDX-License-Identifier: MIT
 *
 * How the stage paints: a still layer, kept as an image in a retained cairo node,
 * and a moving layer painted anew in each frame of a motion. While the camera
 * moves over a picture that is dear to paint, the old image is shown moved and
 * scaled, and refined when the camera rests. UI thread. */
#include "td-stage-private.h"
#include "td-theme.h"

#define DEAR_MS 10.0
#define REFINE_AFTER_MS 90

static void
fill_scene (TdStage *self, PaintScene *scene, const TdCamera *camera, int width, int height)
{
  *scene = (PaintScene) {
    .recording = player_get_recording (self->player),
    .graph = player_get_graph (self->player),
    .layout = self->layout,
    .motion = player_get_motion (self->player),
    .theme = td_theme_get (),
    .phase = player_get_phase (self->player),
    .progress = self->progress,
    .hovered = self->hovered,
    .selected = self->selected,
    .hovered_edge = self->hovered_edge,
    .selected_edge = self->selected_edge,
    .marked = self->marked != NULL ? (const guint *) self->marked->data : NULL,
    .n_marked = td_stage_get_n_marked (self),
    .n_lights = player_get_n_lights (self->player),
    .lights = player_get_lights (self->player),
    .value_scale = self->value_scale,
    .gradient_scale = self->gradient_scale,
    .zoom = camera->zoom * gtk_widget_get_scale_factor (GTK_WIDGET (self)),
    .clip = { -camera->x / camera->zoom, -camera->y / camera->zoom, width / camera->zoom,
              height / camera->zoom },
  };
}

static void
apply_camera (cairo_t *cr, const TdCamera *camera)
{
  cairo_translate (cr, camera->x, camera->y);
  cairo_scale (cr, camera->zoom, camera->zoom);
}

static void
render_still (TdStage *self, int width, int height)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  gint64 begin = g_get_monotonic_time ();
  cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width * scale, height * scale);
  cairo_t *cr = cairo_create (image);
  PaintScene scene;

  cairo_surface_set_device_scale (image, scale, scale);
  fill_scene (self, &scene, &self->camera, width, height);
  apply_camera (cr, &self->camera);
  paint_still (cr, &scene);
  cairo_destroy (cr);

  g_clear_pointer (&self->still, gsk_render_node_unref);
  self->still = gsk_cairo_node_new (&GRAPHENE_RECT_INIT (0, 0, width, height));
  cr = gsk_cairo_node_get_draw_context (self->still);
  cairo_set_source_surface (cr, image, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (image);

  self->still_camera = self->camera;
  self->still_width = width;
  self->still_height = height;
  self->still_scale = scale;
  self->still_stale = FALSE;
  self->still_ms = (double) (g_get_monotonic_time () - begin) / 1000.0;
}

static gboolean
refine_cb (gpointer data)
{
  TdStage *self = data;

  self->refine_id = 0;
  td_stage_invalidate (self);
  return G_SOURCE_REMOVE;
}

static gboolean
same_camera (const TdCamera *a, const TdCamera *b)
{
  return a->zoom == b->zoom && a->x == b->x && a->y == b->y;
}

/* TRUE: the image at hand is shown moved, and a sharp one comes when the camera rests. */
static gboolean
put_off (TdStage *self, int width, int height)
{
  if (self->still == NULL || self->still_stale || self->still_ms < DEAR_MS ||
      self->still_width != width || self->still_height != height)
    return FALSE;
  g_clear_handle_id (&self->refine_id, g_source_remove);
  self->refine_id = g_timeout_add (REFINE_AFTER_MS, refine_cb, self);
  return TRUE;
}

static void
append_still (TdStage *self, GtkSnapshot *snapshot, int width, int height)
{
  float zoom = (float) (self->camera.zoom / self->still_camera.zoom);
  const PaintTheme *theme = td_theme_get ();
  GdkRGBA background = td_theme_rgba (&theme->background_edge);

  if (same_camera (&self->camera, &self->still_camera))
    {
      gtk_snapshot_append_node (snapshot, self->still);
      return;
    }
  gtk_snapshot_append_color (snapshot, &background, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT ((float) (self->camera.x - self->still_camera.x * zoom),
                                                (float) (self->camera.y - self->still_camera.y * zoom)));
  gtk_snapshot_scale (snapshot, zoom, zoom);
  gtk_snapshot_append_node (snapshot, self->still);
  gtk_snapshot_restore (snapshot);
}

static void
append_moving (TdStage *self, GtkSnapshot *snapshot, int width, int height)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  PaintScene scene;

  fill_scene (self, &scene, &self->camera, width, height);
  cairo_save (cr);
  apply_camera (cr, &self->camera);
  paint_moving (cr, &scene);
  cairo_restore (cr);
  paint_folds (cr, scene.graph, TD_FOLDS_PX, height - TD_FOLDS_PX, scene.theme, NULL);
  cairo_destroy (cr);
}

void
td_stage_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TdStage *self = TD_STAGE (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);

  if (width <= 0 || height <= 0 || self->player == NULL)
    return;
  if (self->still == NULL || self->still_stale || self->still_width != width || self->still_height != height ||
      self->still_scale != gtk_widget_get_scale_factor (widget) ||
      (!same_camera (&self->camera, &self->still_camera) && !put_off (self, width, height)))
    render_still (self, width, height);
  append_still (self, snapshot, width, height);
  if (self->layout != NULL)
    append_moving (self, snapshot, width, height);
  td_stage_note_snapshot (self, snapshot, width, height);
}
