/* SPDX-License-Identifier: MIT
 *
 * Draws a plate with the painter, as the stage does: same scales, same fit, same
 * motion. See plate.h. */
#include "plate.h"

#define MARGIN_PX 14.0
#define FIT_ZOOM_MAX 1.15
#define FIT_ZOOM_MIN 0.45
#define ZOOM_MIN 0.05

LayoutRect
export_plate_get_room (const ExportPlate *plate)
{
  return (LayoutRect){ 0, PAINT_CAPTION_HEIGHT, plate->width,
                       MAX (plate->height - PAINT_CAPTION_HEIGHT - PAINT_FOOT_HEIGHT, 1) };
}

ExportCamera
export_plate_fit (const ExportPlate *plate, gboolean however_small)
{
  LayoutRect room = export_plate_get_room (plate), bounds = layout_result_get_bounds (plate->layout), focus;
  double zoom = MIN ((room.width - 2 * MARGIN_PX) / MAX (bounds.width, 1),
                     (room.height - 2 * MARGIN_PX) / MAX (bounds.height, 1));

  zoom = CLAMP (zoom, ZOOM_MIN, FIT_ZOOM_MAX);
  if (!however_small && zoom < FIT_ZOOM_MIN)
    {
      zoom = FIT_ZOOM_MIN;
      if (layout_result_get_node (plate->layout, player_get_focus (plate->player), &focus))
        bounds = focus;
    }
  return (ExportCamera){ zoom, room.x + room.width / 2 - (bounds.x + bounds.width / 2) * zoom,
                         room.y + room.height / 2 - (bounds.y + bounds.height / 2) * zoom };
}

static gboolean
is_shown (const ExportPlate *plate, guint node)
{
  LayoutRect room = export_plate_get_room (plate), rect;
  const ExportCamera *camera = &plate->camera;
  double left, top;

  if (!layout_result_get_node (plate->layout, node, &rect))
    return TRUE;
  left = rect.x * camera->zoom + camera->x;
  top = rect.y * camera->zoom + camera->y;
  return left >= room.x && top >= room.y && left + rect.width * camera->zoom <= room.x + room.width
         && top + rect.height * camera->zoom <= room.y + room.height;
}

gboolean
export_plate_shows_step (const ExportPlate *plate)
{
  const PlayerGraph *graph = player_get_graph (plate->player);
  guint focus = player_get_focus (plate->player);

  if (!is_shown (plate, focus))
    return FALSE;
  for (guint k = 0; k < player_graph_get_n_edges (graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph, k);

      if ((edge->from == focus && !is_shown (plate, edge->to))
          || (edge->to == focus && !is_shown (plate, edge->from)))
        return FALSE;
    }
  return TRUE;
}

static void
fill_scene (const ExportPlate *plate, double progress, PaintScene *scene)
{
  const ExportCamera *camera = &plate->camera;

  *scene = (PaintScene){
    .recording = player_get_recording (plate->player),
    .graph = player_get_graph (plate->player),
    .layout = plate->layout,
    .motion = player_get_motion (plate->player),
    .theme = plate->theme,
    .phase = player_get_phase (plate->player),
    .progress = progress,
    .hovered = G_MAXUINT, .hovered_edge = G_MAXUINT, .selected_edge = G_MAXUINT,
    .selected = G_MAXUINT,
    .zoom = camera->zoom * plate->scale,
    .clip = { -camera->x / camera->zoom, -camera->y / camera->zoom, plate->width / camera->zoom,
              plate->height / camera->zoom },
  };
  if (!plate->scale_per_tensor)
    paint_scene_scales (scene->recording, scene->graph, &scene->value_scale, &scene->gradient_scale);
}

static void
apply_camera (cairo_t *cr, const ExportCamera *camera)
{
  cairo_translate (cr, camera->x, camera->y);
  cairo_scale (cr, camera->zoom, camera->zoom);
}

/* Before the first step nobody is asked to press anything: the script's name stands there. */
static char *
dup_caption (Player *player)
{
  guint position = player_get_position (player);
  RecRecording *recording = player_get_recording (player);
  RecRun run;

  if (position > 0 || recording == NULL || !rec_recording_get_run (recording, &run))
    return g_strdup (player_get_caption (player, position));
  return g_path_get_basename (run.path);
}

void
export_plate_still (cairo_t *cr, const ExportPlate *plate)
{
  guint position = player_get_position (plate->player);
  g_autofree char *caption = dup_caption (plate->player);
  PaintScene scene;

  fill_scene (plate, 1, &scene);
  cairo_save (cr);
  cairo_scale (cr, plate->scale, plate->scale);
  cairo_save (cr);
  apply_camera (cr, &plate->camera);
  paint_still (cr, &scene);
  cairo_restore (cr);
  paint_caption (cr, caption, player_get_next (plate->player, position), plate->width, plate->theme);
  cairo_translate (cr, 0, plate->height - PAINT_FOOT_HEIGHT);
  paint_foot (cr, plate->player, plate->width, plate->theme);
  cairo_restore (cr);
}

void
export_plate_moving (cairo_t *cr, const ExportPlate *plate, double progress)
{
  LayoutRect room = export_plate_get_room (plate);
  PaintScene scene;

  fill_scene (plate, progress, &scene);
  cairo_save (cr);
  cairo_scale (cr, plate->scale, plate->scale);
  cairo_rectangle (cr, room.x, room.y, room.width, room.height);
  cairo_clip (cr);
  cairo_save (cr);
  apply_camera (cr, &plate->camera);
  paint_moving (cr, &scene);
  cairo_restore (cr);
  paint_folds (cr, scene.graph, room.x + MARGIN_PX, room.y + room.height - MARGIN_PX / 2, plate->theme, NULL);
  cairo_restore (cr);
}
