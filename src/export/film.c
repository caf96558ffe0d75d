/* SPDX-License-Identifier: MIT
 *
 * See film.h: a reel, an encoder and a target joined. A GIF takes two passes,
 * since its palette must know every frame: the first paints only frames at rest. */
#include "film.h"

#include "encoder.h"

#include <glib/gstdio.h>

typedef struct
{
  ExportReel *reel;
  const ExportFilmOptions *options;
  ExportProgress progress;
  gpointer progress_data;
  GCancellable *cancellable;
  guint n_done, n_all; /* frames, over all passes */
} Filming;

static gboolean
frame_done (Filming *filming, GError **error)
{
  filming->n_done++;
  if (filming->progress != NULL)
    filming->progress (MIN ((double) filming->n_done / MAX (filming->n_all, 1), 1), filming->progress_data);
  return !g_cancellable_set_error_if_cancelled (filming->cancellable, error);
}

static cairo_surface_t *
paint (Filming *filming, guint frame, GError **error)
{
  cairo_surface_t *page = export_reel_paint (filming->reel, frame);

  if (page == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "There is not enough memory for a frame");
  return page;
}

static gboolean
film_webp (Filming *filming, ExportTarget *target, GError **error)
{
  const ExportFilmOptions *options = filming->options;
  guint n = export_reel_get_n_frames (filming->reel);
  g_autoptr (ExportWebp) webp = export_webp_new (options->width, options->height, options->frames_per_s,
                                                 filming->cancellable, error);

  if (webp == NULL)
    return FALSE;
  filming->n_all = n;
  for (guint frame = 0; frame < n; frame++)
    {
      if (!export_reel_is_repeat (filming->reel, frame))
        {
          cairo_surface_t *page = paint (filming, frame, error);

          if (page == NULL || !export_webp_add (webp, frame, page, error))
            return FALSE;
        }
      if (!frame_done (filming, error))
        return FALSE;
    }
  return export_webp_finish (webp, n, target, error);
}

/* Feeds all frames, or only each position's last one, to an ffmpeg. */
static gboolean
feed (Filming *filming, ExportFfmpeg *ffmpeg, gboolean at_rest_only, GError **error)
{
  guint n = export_reel_get_n_frames (filming->reel);
  cairo_surface_t *page = NULL;

  for (guint frame = 0; frame < n; frame++)
    {
      gboolean leaves = frame + 1 == n
                        || export_reel_get_position (filming->reel, frame + 1)
                               != export_reel_get_position (filming->reel, frame);

      if (at_rest_only && !leaves)
        continue;
      if (at_rest_only || page == NULL || !export_reel_is_repeat (filming->reel, frame))
        page = paint (filming, frame, error);
      if (page == NULL || !export_ffmpeg_add (ffmpeg, page, error) || !frame_done (filming, error))
        return FALSE;
    }
  return export_ffmpeg_finish (ffmpeg, error);
}

static gboolean
film_pass (Filming *filming, ExportFfmpegJob job, ExportFormat format, const char *palette, const char *path,
           GError **error)
{
  g_autoptr (ExportFfmpeg)
      ffmpeg = export_ffmpeg_new (job, format, filming->options, palette, path, filming->cancellable, error);

  return ffmpeg != NULL && feed (filming, ffmpeg, job == EXPORT_FFMPEG_PALETTE, error);
}

static gboolean
film_ffmpeg (Filming *filming, ExportFormat format, ExportTarget *target, GError **error)
{
  const char *path = export_target_get_temporary (target);
  guint n = export_reel_get_n_frames (filming->reel);
  guint n_positions = export_reel_get_position (filming->reel, n - 1) - filming->options->from + 1;
  g_autofree char *palette = NULL;
  gboolean ok;

  filming->n_all = n + (format == EXPORT_GIF ? n_positions : 0);
  if (format != EXPORT_GIF)
    return film_pass (filming, EXPORT_FFMPEG_FILM, format, NULL, path, error);
  palette = g_strconcat (path, ".png", NULL);
  ok = film_pass (filming, EXPORT_FFMPEG_PALETTE, format, NULL, palette, error)
       && film_pass (filming, EXPORT_FFMPEG_FILM, format, palette, path, error);
  g_unlink (palette);
  return ok;
}

static gboolean
check_is_film (const char *path, ExportFormat *format, GError **error)
{
  if (!export_format_for (path, format, error))
    return FALSE;
  if (export_format_is_film (*format))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       "That is the ending of a picture. A film ends in .webp, .webm, .mp4 or .gif");
  return FALSE;
}

gboolean
export_film_check (const ExportFilmOptions *options, const char *path, GError **error)
{
  ExportFormat format;

  return check_is_film (path, &format, error) && export_film_options_check (options, error)
         && (format == EXPORT_WEBP || export_ffmpeg_check (error));
}

gboolean
export_film (ExportSource *source, const ExportFilmOptions *options, const char *path,
             ExportProgress progress, gpointer progress_data, GCancellable *cancellable, GError **error)
{
  Filming filming = { NULL, options, progress, progress_data, cancellable, 0, 1 };
  g_autoptr (ExportTarget) target = NULL;
  g_autoptr (ExportReel) reel = NULL;
  ExportFormat format;

  if (!export_film_check (options, path, error) || !export_format_for (path, &format, error))
    return FALSE;
  target = export_target_new (path, error);
  if (target == NULL)
    return FALSE;
  filming.reel = reel = export_reel_new (source, options, error);
  if (reel == NULL)
    return FALSE;
  if (format == EXPORT_WEBP ? !film_webp (&filming, target, error)
                            : !film_ffmpeg (&filming, format, target, error))
    return FALSE;
  return !g_cancellable_set_error_if_cancelled (cancellable, error) && export_target_finish (target, error);
}

gboolean
export_film_has_ffmpeg (void)
{
  return export_ffmpeg_check (NULL);
}

/* In a thread of its own */

typedef struct
{
  ExportSource *source;
  ExportFilmOptions options;
  char *path;
  ExportProgress progress;
  gpointer data;
  GMainContext *context;
  int percent;   /* told last */
  gboolean over; /* the callback has been called; caller's thread only */
  gatomicrefcount refs;
} FilmJob;

static void
job_unref (gpointer data)
{
  FilmJob *job = data;

  if (!g_atomic_ref_count_dec (&job->refs))
    return;
  g_clear_pointer (&job->source, export_source_free);
  g_main_context_unref (job->context);
  g_free (job->path);
  g_free (job);
}

typedef struct
{
  FilmJob *job;
  double done;
} Tidings;

static void
free_tidings (gpointer data)
{
  job_unref (((Tidings *) data)->job);
  g_free (data);
}

static gboolean
tell_cb (gpointer data)
{
  Tidings *tidings = data;

  if (!tidings->job->over)
    tidings->job->progress (tidings->done, tidings->job->data);
  return G_SOURCE_REMOVE;
}

/* In the film's thread: told on, once for each percent. */
static void
progress_cb (double done, gpointer data)
{
  FilmJob *job = data;
  g_autoptr (GSource) idle = NULL;
  Tidings *tidings;

  if ((int) (done * 100) <= job->percent)
    return;
  job->percent = (int) (done * 100);
  tidings = g_new (Tidings, 1);
  *tidings = (Tidings){ job, done };
  g_atomic_ref_count_inc (&job->refs);
  idle = g_idle_source_new ();
  g_source_set_priority (idle, G_PRIORITY_DEFAULT);
  g_source_set_callback (idle, tell_cb, tidings, free_tidings);
  g_source_attach (idle, job->context);
}

static void
run_film (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  FilmJob *job = data;
  GError *error = NULL;
  gboolean ok = export_film (job->source, &job->options, job->path,
                             job->progress != NULL ? progress_cb : NULL, job, cancellable, &error);

  g_clear_pointer (&job->source, export_source_free);
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
export_film_async (ExportSource *source, const ExportFilmOptions *options, const char *path,
                   ExportProgress progress, GCancellable *cancellable, GAsyncReadyCallback callback,
                   gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  FilmJob *job = g_new0 (FilmJob, 1);

  *job = (FilmJob){ source, *options, g_strdup (path), progress, data, g_main_context_ref_thread_default (),
                    0,      FALSE };
  g_atomic_ref_count_init (&job->refs);
  g_task_set_source_tag (task, export_film_async);
  g_task_set_check_cancellable (task, FALSE); /* the file may be whole already */
  g_task_set_task_data (task, job, job_unref);
  g_task_run_in_thread (task, run_film);
}

gboolean
export_film_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  ((FilmJob *) g_task_get_task_data (G_TASK (result)))->over = TRUE;
  return g_task_propagate_boolean (G_TASK (result), error);
}
