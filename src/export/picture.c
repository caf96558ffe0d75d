/* SPDX-License-Identifier: MIT
 *
 * See picture.h. The page is as big as the graph needs at 100 %, with room for the
 * caption. */
#include "picture.h"

#include "dot.h"
#include "plate.h"
#include "svg-text.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <string.h>

#define PNG_SCALE 2.0
#define MAX_PNG_PX 16000.0 /* cairo's images end at 32767 px */
#define MARGIN_PX 28.0
#define LEAST_WIDTH 720.0

typedef struct
{
  ExportTarget *target;
  GError *error;
} Sink;

static cairo_status_t
write_cb (void *data, const unsigned char *bytes, unsigned int n)
{
  Sink *sink = data;

  return export_target_write (sink->target, bytes, n, &sink->error) ? CAIRO_STATUS_SUCCESS
                                                                    : CAIRO_STATUS_WRITE_ERROR;
}

static cairo_status_t
append_cb (void *data, const unsigned char *bytes, unsigned int n)
{
  g_string_append_len (data, (const char *) bytes, n);
  return CAIRO_STATUS_SUCCESS;
}

static gboolean
check (cairo_status_t status, Sink *sink, GError **error)
{
  if (sink->error != NULL)
    g_propagate_error (error, g_steal_pointer (&sink->error));
  else if (status != CAIRO_STATUS_SUCCESS)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The picture cannot be drawn: %s",
                 cairo_status_to_string (status));
  else
    return TRUE;
  return FALSE;
}

static void
draw (cairo_t *cr, const ExportPlate *plate)
{
  export_plate_still (cr, plate);
  export_plate_moving (cr, plate, 1);
}

static gboolean
write_png (ExportPlate *plate, ExportTarget *target, GError **error)
{
  Sink sink = { target, NULL };
  cairo_surface_t *surface;
  cairo_status_t status;
  cairo_t *cr;

  plate->scale = MIN (PNG_SCALE, MAX_PNG_PX / MAX (plate->width, plate->height));
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) ceil (plate->width * plate->scale),
                                        (int) ceil (plate->height * plate->scale));
  cr = cairo_create (surface);
  draw (cr, plate);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, write_cb, &sink);
  cairo_surface_destroy (surface);
  return check (status, &sink, error);
}

static gboolean
write_pdf (const ExportPlate *plate, ExportTarget *target, GError **error)
{
  Sink sink = { target, NULL };
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (write_cb, &sink, plate->width,
                                                                  plate->height);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE,
                                  player_get_caption (plate->player, player_get_position (plate->player)));
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Tapedeck");
  draw (cr, plate);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return check (status, &sink, error);
}

static gboolean
write_svg (const ExportPlate *plate, ExportTarget *target, GError **error)
{
  Sink sink = { target, NULL };
  g_autoptr (GString) shapes = g_string_new (NULL), texts = NULL;
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream (append_cb, shapes, plate->width,
                                                                  plate->height);
  cairo_t *cr = cairo_create (surface);
  g_autofree char *whole = NULL;
  cairo_status_t status;

  cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
  texts = export_svg_text_begin (cr);
  draw (cr, plate);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (!check (status, &sink, error))
    return FALSE;
  whole = export_svg_text_insert (shapes->str, shapes->len, texts);
  if (whole == NULL)
    return check (CAIRO_STATUS_WRITE_ERROR, &sink, error);
  return export_target_write (target, whole, strlen (whole), error);
}

static gboolean
write_dot (Player *player, ExportTarget *target, GError **error)
{
  g_autofree char *text = export_dot (player);

  return export_target_write (target, text, strlen (text), error);
}

/* As big as the finished graph is at 100 %: all positions of a run have pictures of one size. */
static void
fill_plate (ExportPlate *plate, Player *player, LayoutResult *layout, PaintThemeKind theme)
{
  LayoutRect bounds = layout_result_get_bounds (layout), room;

  *plate = (ExportPlate){ .player = player, .layout = layout, .theme = paint_theme_get (theme), .scale = 1 };
  plate->width = ceil (MAX (bounds.width + 2 * MARGIN_PX, LEAST_WIDTH));
  plate->height = ceil (bounds.height + 2 * MARGIN_PX + PAINT_CAPTION_HEIGHT + PAINT_FOOT_HEIGHT);
  room = export_plate_get_room (plate);
  plate->camera = (ExportCamera){ 1, room.x + room.width / 2 - bounds.x - bounds.width / 2,
                                  room.y + MARGIN_PX - bounds.y };
}

static gboolean
write_picture (ExportSource *source, guint position, PaintThemeKind theme, ExportFormat format,
               ExportTarget *target, GError **error)
{
  Player *player = export_source_open (source);
  g_autoptr (LayoutResult) layout = NULL;
  ExportPlate plate;

  position = MIN (position, player_get_n_steps (player));
  player_set_position (player, position);
  if (format == EXPORT_DOT)
    return write_dot (player, target, error);
  layout = export_source_lay_out (source, position, error);
  if (layout == NULL)
    return FALSE;
  fill_plate (&plate, player, layout, theme);
  plate.scale_per_tensor = export_source_get_scale_per_tensor (source);
  if (format == EXPORT_PNG)
    return write_png (&plate, target, error);
  return format == EXPORT_PDF ? write_pdf (&plate, target, error) : write_svg (&plate, target, error);
}

gboolean
export_picture (ExportSource *source, guint position, PaintThemeKind theme, const char *path,
                GCancellable *cancellable, GError **error)
{
  g_autoptr (ExportTarget) target = NULL;
  ExportFormat format;

  if (!export_format_for (path, &format, error))
    return FALSE;
  if (export_format_is_film (format))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           "That is the ending of a film. A picture ends in .png, .svg, .pdf or .dot");
      return FALSE;
    }
  target = export_target_new (path, error);
  return target != NULL && write_picture (source, position, theme, format, target, error)
         && !g_cancellable_set_error_if_cancelled (cancellable, error)
         && export_target_finish (target, error);
}

typedef struct
{
  ExportSource *source;
  guint position;
  PaintThemeKind theme;
  char *path;
} PictureJob;

static void
free_job (gpointer data)
{
  PictureJob *job = data;

  export_source_free (job->source);
  g_free (job->path);
  g_free (job);
}

static void
run_picture (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  PictureJob *job = data;
  GError *error = NULL;

  if (export_picture (job->source, job->position, job->theme, job->path, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
export_picture_async (ExportSource *source, guint position, PaintThemeKind theme, const char *path,
                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  PictureJob *job = g_new (PictureJob, 1);

  *job = (PictureJob){ source, position, theme, g_strdup (path) };
  g_task_set_source_tag (task, export_picture_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, job, free_job);
  g_task_run_in_thread (task, run_picture);
}

gboolean
export_picture_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
