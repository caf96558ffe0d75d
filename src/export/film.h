/* SPDX-License-Identifier: MIT
 *
 * Saves a run as a film: animated WebP always; WebM (VP9), MP4 (H.264) and GIF
 * where ffmpeg is installed. The file appears when it is whole; a film that failed
 * or was cancelled leaves nothing. */
#pragma once

#include "reel.h"
#include "target.h"

/* done: 0…1, never smaller than before. */
typedef void (*ExportProgress) (double done, gpointer data);

/* Blocking; progress (may be NULL) is called in this thread after each frame. Errors are sentences. */
gboolean export_film (ExportSource *source, const ExportFilmOptions *options, const char *path,
                      ExportProgress progress, gpointer progress_data, GCancellable *cancellable,
                      GError **error);

/* The same in a thread of its own; source is taken. progress and callback come in the caller's main context,
 * progress never after callback. */
void export_film_async (ExportSource *source, const ExportFilmOptions *options, const char *path,
                        ExportProgress progress, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer data);
gboolean export_film_finish (GAsyncResult *result, GError **error);

/* What can be known before there is a run: ending, options (but for the range of steps), ffmpeg. */
gboolean export_film_check (const ExportFilmOptions *options, const char *path, GError **error);
/* FALSE: only WebP films can be made here. */
gboolean export_film_has_ffmpeg (void);
