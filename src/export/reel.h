/* SPDX-License-Identifier: MIT
 *
 * A run as numbered frames: a pure function of recording, layout, options and
 * number, drawn offline and never grabbed from a screen. Each position takes as
 * many frames as a step lasts: first its motion, as on the stage, then rest. One
 * thread at a time. */
#pragma once

#include "source.h"
#include "painter/painter.h"

typedef struct
{
  int width, height;  /* px; even, EXPORT_MIN_PX … EXPORT_MAX_PX */
  guint frames_per_s; /* 1 … 60 */
  double s_per_step;  /* 0.05 … 60 */
  guint from, to;     /* positions; to beyond the end: the end */
  PaintThemeKind theme;
} ExportFilmOptions;

#define EXPORT_MIN_PX 320
#define EXPORT_MAX_PX 3840
/* 1280×720, 25 frames/s, 0.8 s per step, the whole run, light. */
void export_film_options_init (ExportFilmOptions *options);

/* All but the range, which hangs on the run. */
gboolean export_film_options_check (const ExportFilmOptions *options, GError **error);

typedef struct _ExportReel ExportReel;

/* Lays the graph out (dot may run). Fails on options out of range, a range without a position, a graph that is
 * too big. The source must outlive the reel. */
ExportReel *export_reel_new (ExportSource *source, const ExportFilmOptions *options, GError **error);
void export_reel_free (ExportReel *reel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ExportReel, export_reel_free)

guint export_reel_get_n_frames (const ExportReel *reel);
guint export_reel_get_position (const ExportReel *reel, guint frame);
/* Frame looks like the one before it: need not be painted again. */
gboolean export_reel_is_repeat (const ExportReel *reel, guint frame);
/* CAIRO_FORMAT_RGB24, borrowed, valid until the next call. Fastest in order. NULL: no memory for it. */
cairo_surface_t *export_reel_paint (ExportReel *reel, guint frame);
