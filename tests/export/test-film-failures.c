/* SPDX-License-Identifier: MIT
 *
 * Films that cannot be made, are cancelled, or are made by ffmpeg: a sentence, and
 * no half file. ffmpeg is a stand-in, so that its moods can be chosen; the real one
 * is asked last, where there is one. */
#include "export-run.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

static char *
fail_to_film (const char *path, GCancellable *cancellable)
{
  g_autoptr (ExportSource) source = export_run_source ();
  g_autoptr (GError) error = NULL;
  ExportFilmOptions options;

  export_run_options (&options);
  g_assert_false (export_film (source, &options, path, NULL, NULL, cancellable, &error));
  g_assert_nonnull (error);
  return g_strdup (error->message);
}

static void
assert_says (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” does not say “%s”", text, part);
}

static void
cancel_cb (double done, gpointer data)
{
  if (done > 0.3)
    g_cancellable_cancel (data);
}

static void
test_cancel (ExportFolder *folder, gconstpointer data)
{
  g_autoptr (ExportSource) source = export_run_source ();
  g_autofree char *path = export_folder_file (folder, "film.webp"), *text = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  ExportFilmOptions options;

  g_assert_true (g_file_set_contents (path, "older", -1, NULL));
  export_run_options (&options);
  g_assert_false (export_film (source, &options, path, cancel_cb, cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (export_folder_count (folder), ==, 1);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "older");
  g_unlink (path);
}

static void
test_bad_targets (ExportFolder *folder, gconstpointer data)
{
  static const struct
  {
    const char *name, *says;
  } bad[] = {
    { "nowhere/film.webp", "nowhere/film.webp" }, { "a-file/film.webp", "cannot be written" },
    { "film.avi", ".webp, .webm, .mp4 or .gif" }, { "film", "no known format" },
    { "film.png", "ending of a picture" },        { "folder.webp", "cannot be written" },
  };
  g_autofree char *file = export_folder_file (folder, "a-file"),
                  *inner = export_folder_file (folder, "folder.webp");

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  g_assert_cmpint (g_mkdir (inner, 0755), ==, 0);
  for (guint k = 0; k < G_N_ELEMENTS (bad); k++)
    {
      g_autofree char *path = export_folder_file (folder, bad[k].name), *message = fail_to_film (path, NULL);

      assert_says (message, bad[k].says);
    }
  g_assert_cmpuint (export_folder_count (folder), ==, 2);
  g_unlink (file);
  g_rmdir (inner);
}

/* As on a disk that is full: the file may grow to 4 kB, a film takes more. */
static void
test_full_disk (ExportFolder *folder, gconstpointer data)
{
  g_autofree char *path = export_folder_file (folder, "film.webp"), *message = NULL;
  struct rlimit before, small;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = before;
  small.rlim_cur = 4096;
  signal (SIGXFSZ, SIG_IGN);
  player_get_n_steps (export_run_demo ());
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  message = fail_to_film (path, NULL);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  assert_says (message, "cannot be written");
}

static void
test_no_ffmpeg (ExportFolder *folder, gconstpointer data)
{
  static const char *const names[] = { "film.webm", "film.mp4", "film.gif" };

  export_folder_fake_ffmpeg (folder, NULL);
  g_assert_false (export_film_has_ffmpeg ());
  for (guint k = 0; k < G_N_ELEMENTS (names); k++)
    {
      g_autofree char *path = export_folder_file (folder, names[k]), *message = fail_to_film (path, NULL);

      assert_says (message, "package “ffmpeg”");
      assert_says (message, ".webp");
    }
}

static void
test_ffmpeg_fails (ExportFolder *folder, gconstpointer data)
{
  g_autofree char *path = export_folder_file (folder, "film.mp4"), *early = NULL, *late = NULL;

  export_folder_fake_ffmpeg (folder, "echo 'Unknown encoder libx264' >&2; exit 1");
  early = fail_to_film (path, NULL);
  assert_says (early, "Unknown encoder libx264");
  export_folder_fake_ffmpeg (folder, "cat >/dev/null; echo half >\"$out\"; echo 'No space left' >&2; exit 1");
  late = fail_to_film (path, NULL);
  assert_says (late, "No space left");
  g_assert_cmpuint (export_folder_count (folder), ==, 0);
}

/* What the pipe carries is the frames painted, one after the other. */
static void
test_ffmpeg_is_fed (ExportFolder *folder, gconstpointer data)
{
  g_autoptr (ExportSource) source = export_run_source (), other = export_run_source ();
  g_autofree char *path = export_folder_file (folder, "film.webm"), *bytes = NULL;
  g_autoptr (ExportReel) reel = NULL;
  g_autoptr (GError) error = NULL;
  ExportFilmOptions options;
  gsize n, n_frame;

  export_folder_fake_ffmpeg (folder, "cat >\"$out\"");
  export_run_options (&options);
  options.from = 3;
  options.to = 6;
  export_film (source, &options, path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  reel = export_reel_new (other, &options, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  n_frame = (gsize) (options.width * options.height * 4);
  g_assert_cmpuint (n, ==, n_frame * export_reel_get_n_frames (reel));
  for (guint frame = 0; frame < export_reel_get_n_frames (reel); frame++)
    {
      cairo_surface_t *page = export_reel_paint (reel, frame);
      cairo_surface_t *fed = cairo_image_surface_create_for_data ((guint8 *) bytes + frame * n_frame,
                                                                  CAIRO_FORMAT_RGB24, options.width,
                                                                  options.height, options.width * 4);

      g_assert_true (export_same_pixels (page, fed));
      cairo_surface_destroy (fed);
    }
  g_unlink (path);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

/* An ffmpeg that reads nothing holds the film up: cancelling kills it. */
static void
test_ffmpeg_is_killed (ExportFolder *folder, gconstpointer data)
{
  g_autofree char *path = export_folder_file (folder, "film.mp4"), *pid_text = NULL;
  g_autofree char *pid_file = export_folder_file (folder, "tools/pid");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  ExportFilmOptions options;
  pid_t pid;

  export_folder_fake_ffmpeg (folder,
                             "echo $$ >\"$tools/part\"; mv \"$tools/part\" \"$tools/pid\"; exec sleep 1000");
  export_run_options (&options);
  export_film_async (export_run_source (), &options, path, NULL, cancellable, done_cb, &result);
  while (!g_file_test (pid_file, G_FILE_TEST_EXISTS))
    g_main_context_iteration (NULL, FALSE);
  g_assert_true (g_file_get_contents (pid_file, &pid_text, NULL, NULL));
  pid = (pid_t) g_ascii_strtoll (pid_text, NULL, 10);
  g_assert_cmpint (kill (pid, 0), ==, 0);
  g_assert_null (result);
  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (export_film_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (kill (pid, 0), ==, -1);
  g_assert_cmpint (errno, ==, ESRCH);
}

static void
test_real_ffmpeg (ExportFolder *folder, gconstpointer data)
{
  static const struct
  {
    const char *name;
    gsize at;
    const char *magic;
  } films[] = {
    { "film.gif", 0, "GIF89a" },
    { "film.mp4", 4, "ftyp" },
    { "film.webm", 0, "\x1a\x45\xdf\xa3" },
  };

  if (!export_film_has_ffmpeg ())
    {
      g_test_skip ("ffmpeg is not installed");
      return;
    }
  for (guint k = 0; k < G_N_ELEMENTS (films); k++)
    {
      g_autoptr (ExportSource) source = export_run_source ();
      g_autofree char *path = export_folder_file (folder, films[k].name), *bytes = NULL;
      g_autoptr (GError) error = NULL;
      ExportFilmOptions options;
      gsize n;

      export_run_options (&options);
      options.from = 12;
      options.to = 14;
      export_film (source, &options, path, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
      g_assert_cmpuint (n, >, 2000);
      g_assert_cmpint (memcmp (bytes + films[k].at, films[k].magic, strlen (films[k].magic)), ==, 0);
      g_unlink (path);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test)                                                                                      \
  g_test_add ("/export/film/" name, ExportFolder, NULL, export_folder_set_up, test, export_folder_tear_down)
  ADD ("cancel", test_cancel);
  ADD ("bad-targets", test_bad_targets);
  ADD ("full-disk", test_full_disk);
  ADD ("no-ffmpeg", test_no_ffmpeg);
  ADD ("ffmpeg-fails", test_ffmpeg_fails);
  ADD ("ffmpeg-is-fed", test_ffmpeg_is_fed);
  ADD ("ffmpeg-is-killed", test_ffmpeg_is_killed);
  ADD ("real-ffmpeg", test_real_ffmpeg);
#undef ADD
  return g_test_run ();
}
