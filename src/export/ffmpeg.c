/* SPDX-License-Identifier: MIT
 *
 * See encoder.h. ffmpeg's complaints go to a memory file, so that neither side can
 * wait for the other. SIGPIPE is held back in the film's thread: a child that died
 * is an error of writing, not of this process. */
#include "encoder.h"

#include <gio/gunixoutputstream.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct _ExportFfmpeg
{
  GSubprocess *process;
  GOutputStream *pipe; /* borrowed from the process */
  GCancellable *cancellable;
  int complaints; /* memfd that is its standard error */
};

/* The words after the input's, for a film of that format. */
static const char *const *
words_for (ExportFormat format)
{
  static const char *const webm[] = { "-c:v",     "libvpx-vp9", "-deadline", "realtime", "-cpu-used",
                                      "5",        "-b:v",       "0",         "-crf",     "24",
                                      "-pix_fmt", "yuv420p",    "-f",        "webm",     NULL };
  static const char *const mp4[] = { "-c:v",      "libx264",    "-preset", "medium",   "-tune",
                                     "animation", "-crf",       "18",      "-pix_fmt", "yuv420p",
                                     "-movflags", "+faststart", "-f",      "mp4",      NULL };
  static const char *const gif[] = {
    "-lavfi", "paletteuse=dither=none:diff_mode=rectangle", "-loop", "0", "-f", "gif", NULL
  };

  return format == EXPORT_WEBM ? webm : format == EXPORT_MP4 ? mp4 : gif;
}

static const char *const palette_words[] = {
  "-vf", "palettegen=reserve_transparent=0", "-frames:v", "1", "-c:v", "png", "-f", "image2pipe", NULL
};

static void
add (GPtrArray *command, const char *word)
{
  g_ptr_array_add (command, g_strdup (word));
}

static GPtrArray *
make_command (const char *program, ExportFfmpegJob job, ExportFormat format, const ExportFilmOptions *options,
              const char *palette, const char *path)
{
  static const char *const head[] = {
    "-hide_banner", "-loglevel", "error",
    "-nostdin",     "-y",        "-f",
    "rawvideo",     "-pix_fmt",  G_BYTE_ORDER == G_LITTLE_ENDIAN ? "bgr0" : "0rgb"
  };
  GPtrArray *command = g_ptr_array_new_with_free_func (g_free);
  const char *const *tail = job == EXPORT_FFMPEG_PALETTE ? palette_words : words_for (format);

  add (command, program);
  for (guint k = 0; k < G_N_ELEMENTS (head); k++)
    add (command, head[k]);
  add (command, "-video_size");
  g_ptr_array_add (command, g_strdup_printf ("%dx%d", options->width, options->height));
  add (command, "-framerate");
  g_ptr_array_add (command, g_strdup_printf ("%u", options->frames_per_s));
  add (command, "-i");
  add (command, "pipe:0");
  if (job == EXPORT_FFMPEG_FILM && format == EXPORT_GIF)
    {
      add (command, "-i");
      add (command, palette);
    }
  for (; *tail != NULL; tail++)
    add (command, *tail);
  g_ptr_array_add (command, g_strconcat ("file:", path, NULL));
  g_ptr_array_add (command, NULL);
  return command;
}

static char *
find_program (GError **error)
{
  char *program = g_find_program_in_path ("ffmpeg");

  if (program == NULL)
    g_set_error_literal (
        error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
        "WebM, MP4 and GIF films are made by ffmpeg, which is not installed (package “ffmpeg”). A film "
        "that ends in .webp needs nothing else");
  return program;
}

gboolean
export_ffmpeg_check (GError **error)
{
  g_autofree char *program = find_program (error);

  return program != NULL;
}

ExportFfmpeg *
export_ffmpeg_new (ExportFfmpegJob job, ExportFormat format, const ExportFilmOptions *options,
                   const char *palette, const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (ExportFfmpeg) ffmpeg = g_new0 (ExportFfmpeg, 1);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE
                                                                        | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autofree char *program = NULL;
  g_autoptr (GPtrArray) command = NULL;
  sigset_t pipe_only;

  ffmpeg->complaints = -1;
  program = find_program (error);
  if (program == NULL)
    return NULL;
  sigemptyset (&pipe_only);
  sigaddset (&pipe_only, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &pipe_only, NULL);
  ffmpeg->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  ffmpeg->complaints = memfd_create ("ffmpeg", MFD_CLOEXEC);
  if (ffmpeg->complaints >= 0)
    g_subprocess_launcher_take_stderr_fd (launcher, dup (ffmpeg->complaints));
  command = make_command (program, job, format, options, palette, path);
  ffmpeg->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) command->pdata, error);
  if (ffmpeg->process == NULL)
    return NULL;
  ffmpeg->pipe = g_subprocess_get_stdin_pipe (ffmpeg->process);
  /* Else a write larger than what the pipe has room for cannot be cancelled. */
  if (!g_unix_set_fd_nonblocking (g_unix_output_stream_get_fd (G_UNIX_OUTPUT_STREAM (ffmpeg->pipe)), TRUE, error))
    return NULL;
  return g_steal_pointer (&ffmpeg);
}

/* Sets the error from what ffmpeg said last. */
static gboolean
fail (ExportFfmpeg *ffmpeg, GError **error)
{
  char text[2048];
  gssize n = ffmpeg->complaints >= 0 ? pread (ffmpeg->complaints, text, sizeof text - 1, 0) : 0;
  g_autofree char *valid = NULL;

  if (g_cancellable_set_error_if_cancelled (ffmpeg->cancellable, error))
    return FALSE;
  text[MAX (n, 0)] = '\0';
  valid = g_utf8_make_valid (g_strstrip (text), -1);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "ffmpeg gave up: %s",
               valid[0] != '\0' ? valid : "it said nothing");
  return FALSE;
}

gboolean
export_ffmpeg_add (ExportFfmpeg *ffmpeg, cairo_surface_t *page, GError **error)
{
  int height = cairo_image_surface_get_height (page), stride = cairo_image_surface_get_stride (page);
  gsize row = (gsize) cairo_image_surface_get_width (page) * 4;
  const guint8 *data = cairo_image_surface_get_data (page);

  if ((gsize) stride == row)
    {
      row *= (gsize) height;
      height = 1;
    }
  for (int y = 0; y < height; y++)
    if (!g_output_stream_write_all (ffmpeg->pipe, data + (gsize) y * (gsize) stride, row, NULL,
                                    ffmpeg->cancellable, NULL))
      {
        if (!g_cancellable_is_cancelled (ffmpeg->cancellable))
          g_subprocess_wait (ffmpeg->process, ffmpeg->cancellable,
                             NULL); /* it has closed its end: let it say why */
        return fail (ffmpeg, error);
      }
  return TRUE;
}

gboolean
export_ffmpeg_finish (ExportFfmpeg *ffmpeg, GError **error)
{
  if (!g_output_stream_close (ffmpeg->pipe, ffmpeg->cancellable, NULL)
      || !g_subprocess_wait (ffmpeg->process, ffmpeg->cancellable, NULL)
      || !g_subprocess_get_successful (ffmpeg->process))
    return fail (ffmpeg, error);
  return TRUE;
}

void
export_ffmpeg_free (ExportFfmpeg *ffmpeg)
{
  if (ffmpeg->process != NULL)
    {
      g_subprocess_force_exit (ffmpeg->process);
      g_subprocess_wait (ffmpeg->process, NULL, NULL);
    }
  g_clear_object (&ffmpeg->process);
  g_clear_object (&ffmpeg->cancellable);
  if (ffmpeg->complaints >= 0)
    close (ffmpeg->complaints);
  g_free (ffmpeg);
}
