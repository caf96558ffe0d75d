/* SPDX-License-Identifier: MIT
 *
 * Invariant: `still` holds the still layer of still_position seen through
 * still_camera; `page` is the last frame painted. See reel.h. */
#include "reel.h"

#include "plate.h"

#include <gio/gio.h>
#include <math.h>

#define MOTION_S 0.4
#define GLIDE_S 0.28
#define LAST_HOLD_S 1.6   /* the end stays at least so long */
#define PAGE_WIDTH 1066.0 /* px of a page whose texts have their own size; larger pages are scaled */
#define PAGE_HEIGHT 600.0

struct _ExportReel
{
  ExportFilmOptions options;
  Player *player; /* borrowed from the source */
  LayoutResult *layout;
  ExportPlate plate;
  GArray *cameras; /* of ExportCamera, one per position from `from` on */
  guint n_per_step, n_motion, n_last;
  cairo_surface_t *still, *page;
  guint still_position;
  ExportCamera still_camera;
  gboolean has_still;
};

void
export_film_options_init (ExportFilmOptions *options)
{
  *options = (ExportFilmOptions){ 1280, 720, 25, 0.8, 0, G_MAXUINT, PAINT_LIGHT };
}

gboolean
export_film_options_check (const ExportFilmOptions *options, GError **error)
{
  gboolean size_ok = MIN (options->width, options->height) >= EXPORT_MIN_PX
                     && MAX (options->width, options->height) <= EXPORT_MAX_PX && options->width % 2 == 0
                     && options->height % 2 == 0;

  if (!size_ok)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "A film is %d to %d px wide and high, both even numbers; not %d×%d", EXPORT_MIN_PX,
                 EXPORT_MAX_PX, options->width, options->height);
  else if (options->frames_per_s < 1 || options->frames_per_s > 60)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "A film has 1 to 60 frames per second, not %u", options->frames_per_s);
  else if (!(options->s_per_step >= 0.05 && options->s_per_step <= 60))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "A step lasts 0.05 to 60 seconds, not %g",
                 options->s_per_step);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_range (const ExportFilmOptions *options, guint n_steps, GError **error)
{
  if (options->from <= MIN (options->to, n_steps))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "There are no steps from %u to %u: the run has %u", options->from, MIN (options->to, n_steps),
               n_steps);
  return FALSE;
}

/* The whole graph where it can be read that small; else the camera goes where a step needs it. */
static void
plan_cameras (ExportReel *reel)
{
  ExportPlate *plate = &reel->plate;

  for (guint position = reel->options.from; position <= reel->options.to; position++)
    {
      player_set_position (reel->player, position);
      if (reel->cameras->len == 0 || !export_plate_shows_step (plate))
        plate->camera = export_plate_fit (plate, FALSE);
      g_array_append_val (reel->cameras, plate->camera);
    }
}

ExportReel *
export_reel_new (ExportSource *source, const ExportFilmOptions *options, GError **error)
{
  g_autoptr (ExportReel) reel = g_new0 (ExportReel, 1);

  reel->options = *options;
  reel->player = export_source_open (source);
  reel->cameras = g_array_new (FALSE, FALSE, sizeof (ExportCamera));
  if (!export_film_options_check (options, error)
      || !check_range (options, player_get_n_steps (reel->player), error))
    return NULL;
  reel->options.to = MIN (options->to, player_get_n_steps (reel->player));
  reel->layout = export_source_lay_out (source, reel->options.to, error);
  if (reel->layout == NULL)
    return NULL;
  reel->n_per_step = MAX ((guint) lround (options->frames_per_s * options->s_per_step), 1);
  reel->n_motion = MAX (MIN ((guint) lround (options->frames_per_s * MOTION_S), reel->n_per_step / 2), 1);
  reel->n_last = MAX ((guint) lround (options->frames_per_s * LAST_HOLD_S), reel->n_per_step);
  reel->plate = (ExportPlate) { .player = reel->player,
                                .layout = reel->layout,
                                .theme = paint_theme_get (options->theme),
                                .scale_per_tensor = export_source_get_scale_per_tensor (source) };
  reel->plate.scale = MAX (MIN (options->width / PAGE_WIDTH, options->height / PAGE_HEIGHT), 1);
  reel->plate.width = options->width / reel->plate.scale;
  reel->plate.height = options->height / reel->plate.scale;
  plan_cameras (reel);
  return g_steal_pointer (&reel);
}

void
export_reel_free (ExportReel *reel)
{
  g_clear_pointer (&reel->layout, layout_result_unref);
  g_clear_pointer (&reel->still, cairo_surface_destroy);
  g_clear_pointer (&reel->page, cairo_surface_destroy);
  g_array_unref (reel->cameras);
  g_free (reel);
}

guint
export_reel_get_n_frames (const ExportReel *reel)
{
  return (reel->options.to - reel->options.from) * reel->n_per_step + reel->n_last;
}

/* The place of a frame: how many positions after the first, and how many frames into that one. */
static guint
find_slot (const ExportReel *reel, guint frame, guint *within)
{
  guint last = reel->options.to - reel->options.from;
  guint slot = MIN (frame / reel->n_per_step, last);

  *within = frame - slot * reel->n_per_step;
  return slot;
}

guint
export_reel_get_position (const ExportReel *reel, guint frame)
{
  guint within;

  return reel->options.from + find_slot (reel, frame, &within);
}

static gboolean
same_camera (const ExportCamera *a, const ExportCamera *b)
{
  return a->zoom == b->zoom && a->x == b->x && a->y == b->y;
}

/* Frames into its slot after which nothing moves: the camera's glide and the motion are over. */
static guint
n_moving (const ExportReel *reel, guint slot)
{
  const ExportCamera *cameras = (const ExportCamera *) reel->cameras->data;
  guint n = slot > 0 && reel->n_per_step > 1 ? reel->n_motion : 0;

  if (slot > 0 && reel->n_per_step > 1 && !same_camera (&cameras[slot - 1], &cameras[slot]))
    n = MAX (n, MIN ((guint) ceil (reel->options.frames_per_s * GLIDE_S), reel->n_per_step - 1));
  return n;
}

gboolean
export_reel_is_repeat (const ExportReel *reel, guint frame)
{
  guint within, slot = find_slot (reel, frame, &within);

  return within > n_moving (reel, slot);
}

/* From where the camera stood before the step to where it stands after it, slow at both ends. */
static ExportCamera
camera_at (const ExportReel *reel, guint slot, guint within)
{
  const ExportCamera *cameras = (const ExportCamera *) reel->cameras->data, *to = &cameras[slot];
  double t = slot > 0 && reel->n_per_step > 1 ? within / MAX (reel->options.frames_per_s * GLIDE_S, 1) : 1;
  const ExportCamera *from = slot > 0 ? &cameras[slot - 1] : to;

  if (t >= 1 || within >= n_moving (reel, slot) || same_camera (from, to))
    return *to;
  t = t * t * (3 - 2 * t);
  return (ExportCamera){ from->zoom + t * (to->zoom - from->zoom), from->x + t * (to->x - from->x),
                         from->y + t * (to->y - from->y) };
}

static double
progress_at (const ExportReel *reel, guint slot, guint within)
{
  return slot == 0 || reel->n_per_step == 1 ? 1 : MIN ((double) within / reel->n_motion, 1);
}

static void
paint_still_layer (ExportReel *reel, guint position)
{
  cairo_t *cr;

  if (reel->has_still && reel->still_position == position
      && same_camera (&reel->still_camera, &reel->plate.camera))
    return;
  cr = cairo_create (reel->still);
  export_plate_still (cr, &reel->plate);
  cairo_destroy (cr);
  reel->still_position = position;
  reel->still_camera = reel->plate.camera;
  reel->has_still = TRUE;
}

cairo_surface_t *
export_reel_paint (ExportReel *reel, guint frame)
{
  guint within, slot = find_slot (reel, frame, &within), position = reel->options.from + slot;
  cairo_t *cr;

  if (reel->page == NULL)
    {
      reel->still = cairo_image_surface_create (CAIRO_FORMAT_RGB24, reel->options.width,
                                                reel->options.height);
      reel->page = cairo_image_surface_create (CAIRO_FORMAT_RGB24, reel->options.width, reel->options.height);
    }
  if (cairo_surface_status (reel->still) != CAIRO_STATUS_SUCCESS
      || cairo_surface_status (reel->page) != CAIRO_STATUS_SUCCESS)
    return NULL;
  player_set_position (reel->player, position);
  reel->plate.camera = camera_at (reel, slot, within);
  paint_still_layer (reel, position);
  cr = cairo_create (reel->page);
  cairo_set_source_surface (cr, reel->still, 0, 0);
  cairo_paint (cr);
  export_plate_moving (cr, &reel->plate, progress_at (reel, slot, within));
  cairo_destroy (cr);
  cairo_surface_flush (reel->page);
  return reel->page;
}
