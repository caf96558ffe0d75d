/* SPDX-License-Identifier: MIT
 *
 * Encoders: take frames in order and fill a target. Blocking, in the film's
 * thread; a cancellable ends them within a frame. */
#pragma once

#include "reel.h"
#include "target.h"

typedef struct _ExportWebp ExportWebp;
ExportWebp *export_webp_new (int width, int height, guint frames_per_s, GCancellable *cancellable,
                             GError **error);
/* page: RGB24 of that size. Frames that repeat the one before need not be added. */
gboolean export_webp_add (ExportWebp *webp, guint frame, cairo_surface_t *page, GError **error);
/* n_frames: where the last one ends. Writes the film. */
gboolean export_webp_finish (ExportWebp *webp, guint n_frames, ExportTarget *target, GError **error);
void export_webp_free (ExportWebp *webp);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ExportWebp, export_webp_free)

/* ffmpeg as a child process, fed raw frames on a pipe; killed when freed before its end. Which of its jobs it
 * does: writes the film to `path`, or (GIF only) the palette that the film needs. */
typedef enum
{
  EXPORT_FFMPEG_FILM,
  EXPORT_FFMPEG_PALETTE
} ExportFfmpegJob;
typedef struct _ExportFfmpeg ExportFfmpeg;
/* FALSE, with a sentence, when there is no ffmpeg. */
gboolean export_ffmpeg_check (GError **error);
/* palette: for a GIF, the file that an earlier job wrote. Fails with a sentence when there is no ffmpeg. */
ExportFfmpeg *export_ffmpeg_new (ExportFfmpegJob job, ExportFormat format, const ExportFilmOptions *options,
                                 const char *palette, const char *path, GCancellable *cancellable,
                                 GError **error);
gboolean export_ffmpeg_add (ExportFfmpeg *ffmpeg, cairo_surface_t *page, GError **error);
gboolean export_ffmpeg_finish (ExportFfmpeg *ffmpeg, GError **error);
void export_ffmpeg_free (ExportFfmpeg *ffmpeg);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ExportFfmpeg, export_ffmpeg_free)
