/* SPDX-License-Identifier: MIT
 *
 * What the export room's tests share: the demo, run for real once, a folder of
 * their own that must be empty at the end of each, and a stand-in for ffmpeg. */
#pragma once

#include "export/film.h"
#include "export/picture.h"

/* The demo with seed 0, run to its end; the same player each time, borrowed. */
Player *export_run_demo (void);
ExportSource *export_run_source (void);
/* Small and short, so that a whole film takes moments. */
void export_run_options (ExportFilmOptions *options);

typedef struct
{
  char *path;
  char *old_path;
} ExportFolder;
void export_folder_set_up (ExportFolder *folder, gconstpointer data);
/* Fails the test when files are left that it did not remove. */
void export_folder_tear_down (ExportFolder *folder, gconstpointer data);
char *export_folder_file (ExportFolder *folder, const char *name);
/* The names in the folder, the stand-in's own left out. */
guint export_folder_count (ExportFolder *folder);
/* A shell script named ffmpeg is all that PATH leads to; $out is the file it shall write. */
void export_folder_fake_ffmpeg (ExportFolder *folder, const char *body);

gboolean export_same_pixels (cairo_surface_t *a, cairo_surface_t *b);
