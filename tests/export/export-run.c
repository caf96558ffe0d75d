/* SPDX-License-Identifier: MIT
 *
 * See export-run.h. */
#include "export-run.h"
#include "../player/real-run.h"

#include <glib/gstdio.h>
#include <string.h>

#define TOOLS "tools"

Player *
export_run_demo (void)
{
  static Player *player;

  if (player == NULL)
    player = real_run_example ("dynamic_graph.py");
  return player;
}

ExportSource *
export_run_source (void)
{
  return export_source_new (export_run_demo (), NULL);
}

void
export_run_options (ExportFilmOptions *options)
{
  export_film_options_init (options);
  options->width = 640;
  options->height = 600;
  options->frames_per_s = 5;
  options->s_per_step = 0.4;
}

void
export_folder_set_up (ExportFolder *folder, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  folder->path = g_dir_make_tmp ("tapedeck-export-XXXXXX", &error);
  g_assert_no_error (error);
  folder->old_path = g_strdup (g_getenv ("PATH"));
}

static void
empty (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_assert_cmpint (g_unlink (file), ==, 0);
    }
}

void
export_folder_tear_down (ExportFolder *folder, gconstpointer data)
{
  g_autofree char *tools = g_build_filename (folder->path, TOOLS, NULL);

  g_setenv ("PATH", folder->old_path, TRUE);
  g_assert_cmpuint (export_folder_count (folder), ==, 0);
  empty (tools);
  g_rmdir (tools);
  g_assert_cmpint (g_rmdir (folder->path), ==, 0);
  g_free (folder->path);
  g_free (folder->old_path);
}

char *
export_folder_file (ExportFolder *folder, const char *name)
{
  return g_build_filename (folder->path, name, NULL);
}

guint
export_folder_count (ExportFolder *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder->path, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (strcmp (name, TOOLS) != 0)
      {
        g_test_message ("in the folder: %s", name);
        n++;
      }
  return n;
}

void
export_folder_fake_ffmpeg (ExportFolder *folder, const char *body)
{
  g_autofree char *tools = g_build_filename (folder->path, TOOLS, NULL);
  g_autofree char *program = g_build_filename (tools, "ffmpeg", NULL);
  g_autofree char *text = g_strdup_printf (
      "#!/bin/sh\nPATH=/usr/bin:/bin\ntools='%s'\nfor out; do :; done\nout=${out#file:}\n%s\n", tools,
      body != NULL ? body : "");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (tools, 0755), ==, 0);
  g_setenv ("PATH", tools, TRUE);
  if (body == NULL)
    return;
  g_file_set_contents_full (program, text, -1, G_FILE_SET_CONTENTS_NONE, 0755, &error);
  g_assert_no_error (error);
}

gboolean
export_same_pixels (cairo_surface_t *a, cairo_surface_t *b)
{
  int width = cairo_image_surface_get_width (a), height = cairo_image_surface_get_height (a);

  if (cairo_image_surface_get_width (b) != width || cairo_image_surface_get_height (b) != height)
    return FALSE;
  for (int y = 0; y < height; y++)
    {
      const guint32 *row_a = (gconstpointer) (cairo_image_surface_get_data (a)
                                              + y * cairo_image_surface_get_stride (a));
      const guint32 *row_b = (gconstpointer) (cairo_image_surface_get_data (b)
                                              + y * cairo_image_surface_get_stride (b));

      for (int x = 0; x < width; x++)
        if (((row_a[x] ^ row_b[x]) & 0xffffff) != 0)
          return FALSE;
    }
  return TRUE;
}
