/* SPDX-License-Identifier: MIT
 *
 * Part of the composition root: joins the runner's client to the export room. The
 * script's output appears as it comes, its input is ours; SIGINT and SIGTERM stop
 * the script or cancel the export, and leave no half file. */
#include "export-command.h"

#include "export/film.h"
#include "export/picture.h"
#include "runner/client.h"

#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  /* what was asked for */
  char *output, *size, *theme;
  char **arguments; /* script and its own */
  int position;     /* −1: the end */
  int from, to;
  gboolean is_film, scale_per_tensor;
  ExportFilmOptions options;
  /* what goes on */
  GMainLoop *loop;
  RunnerClient *client;
  GCancellable *cancellable;
  int signal;                   /* that interrupted; 0 none */
  gboolean told, ended;
  gboolean input_ended;         /* of our own standard input: each question is answered with its end */
  guint64 n_read; /* events whose output has been printed */
  GError *error;
} Command;

static gboolean
say (const char *message)
{
  fprintf (stderr, "tapedeck export: %s.\n", message);
  return FALSE;
}

/* Arguments */

static gboolean
read_size (Command *command)
{
  int n = 0;

  if (command->size == NULL)
    return TRUE;
  if (sscanf (command->size, "%dx%d%n", &command->options.width, &command->options.height, &n) == 2
      && command->size[n] == '\0')
    return TRUE;
  return say ("--size wants WIDTHxHEIGHT, such as 1280x720");
}

static gboolean
read_theme (Command *command)
{
  if (command->theme == NULL || strcmp (command->theme, "light") == 0)
    return TRUE;
  if (strcmp (command->theme, "dark") != 0)
    return say ("--theme is light or dark");
  command->options.theme = PAINT_DARK;
  return TRUE;
}

static gboolean
read_steps (Command *command)
{
  if (command->from < 0 || command->to < -1 || command->position < -1)
    return say ("steps are counted from 0");
  command->options.from = (guint) command->from;
  command->options.to = command->to < 0 ? G_MAXUINT : (guint) command->to;
  return TRUE;
}

static gboolean
read_output (Command *command)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *given = g_steal_pointer (&command->output);
  ExportFormat format;

  if (given == NULL)
    return say ("-o is missing: where shall the film or picture go?");
  if (!export_format_for (given, &format, &error))
    return say (error->message);
  command->output = g_canonicalize_filename (given, NULL);
  command->is_film = export_format_is_film (format);
  return TRUE;
}

static gboolean
read_arguments (Command *command, int argc, char **argv)
{
  int fps = 25;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &command->output,
      "Film (.webp .webm .mp4 .gif) or picture (.png .svg .pdf .dot)", "FILE" },
    { "theme", 0, 0, G_OPTION_ARG_STRING, &command->theme, "light or dark (light)", "THEME" },
    { "scale-per-tensor", 0, 0, G_OPTION_ARG_NONE, &command->scale_per_tensor,
      "Each map on a scale of its own, which its box says", NULL },
    { "step", 0, 0, G_OPTION_ARG_INT, &command->position, "Picture: after which step (the last)", "N" },
    { "size", 0, 0, G_OPTION_ARG_STRING, &command->size, "Film: its size in pixels (1280x720)",
      "WIDTHxHEIGHT" },
    { "fps", 0, 0, G_OPTION_ARG_INT, &fps, "Film: frames per second (25)", "N" },
    { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &command->options.s_per_step, "Film: seconds per step (0.8)",
      "S" },
    { "from", 0, 0, G_OPTION_ARG_INT, &command->from, "Film: its first step (0, nothing has run)", "N" },
    { "to", 0, 0, G_OPTION_ARG_INT, &command->to, "Film: its last step (the last)", "N" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &command->arguments, NULL, "SCRIPT [ARG…]" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_set_prgname ("tapedeck export");
  g_option_context_set_summary (
      context, "Runs a script, without a display, and saves its run as a film or a picture.");
  g_option_context_set_description (context, "Options for the script itself stand after --.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return say (error->message);
  command->options.frames_per_s = (guint) MAX (fps, 0);
  if (command->arguments == NULL)
    return say ("the script is missing; `tapedeck export --help` says more");
  return read_output (command) && read_size (command) && read_theme (command) && read_steps (command);
}

/* The run */

/* Prints what the script has printed since. */
static void
print_output (Command *command)
{
  RecRecording *recording = runner_client_get_recording (command->client);
  guint64 n = recording != NULL ? rec_recording_get_n_events (recording) : 0;

  for (; command->n_read < n; command->n_read++)
    {
      RecEvent event;
      const char *bytes;
      gsize n_bytes;

      if (!rec_recording_get_event (recording, command->n_read, &event) || event.kind != REC_OUTPUT || event.flags == 4)
        continue;                   /* what was typed stands on the terminal already */
      bytes = rec_recording_get_bytes (recording, &event, &n_bytes);
      if (bytes != NULL)
        fwrite (bytes, 1, n_bytes, event.flags == 0 ? stdout : stderr);
    }
  fflush (stdout);
}

static void
grown_cb (Command *command)
{
  print_output (command);
}

static void
state_cb (Command *command)
{
  RunnerState state = runner_client_get_state (command->client);

  if (state == RUNNER_ENDED || state == RUNNER_DEAD)
    g_main_loop_quit (command->loop);
  else if (command->input_ended && runner_client_is_asking (command->client, NULL))
    runner_client_end_input (command->client);
}

static void
interrupt (Command *command, int signal)
{
  command->signal = signal;
  g_cancellable_cancel (command->cancellable);
  runner_client_stop (command->client);
}

static gboolean
interrupt_cb (gpointer data)
{
  interrupt (data, SIGINT);
  return G_SOURCE_CONTINUE;
}

static gboolean
terminate_cb (gpointer data)
{
  interrupt (data, SIGTERM);
  return G_SOURCE_CONTINUE;
}

static void
input_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Command *command = data;
  GDataInputStream *input = G_DATA_INPUT_STREAM (source);
  g_autofree char *line = g_data_input_stream_read_line_finish (input, result, NULL, NULL);

  if (command->ended)
    return;
  if (line == NULL)
    {
      command->input_ended = TRUE;
      state_cb (command);
      return;
    }
  runner_client_send_input (command->client, line);
  g_data_input_stream_read_line_async (input, G_PRIORITY_LOW, command->cancellable, input_cb, command);
}

/* FALSE: the script could not even begin. */
static gboolean
run_script (Command *command)
{
  g_autoptr (GInputStream) stdin_stream = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GDataInputStream) input = g_data_input_stream_new (stdin_stream);
  g_autoptr (GError) error = NULL;

  g_signal_connect_swapped (command->client, "grown", G_CALLBACK (grown_cb), command);
  g_signal_connect_swapped (command->client, "state-changed", G_CALLBACK (state_cb), command);
  if (!runner_client_run (command->client, command->arguments[0], NULL,
                          (const char *const *) command->arguments + 1, NULL, RUNNER_TO_END, 0, &error))
    return say (error->message);
  g_data_input_stream_read_line_async (input, G_PRIORITY_LOW, command->cancellable, input_cb, command);
  g_main_loop_run (command->loop);
  command->ended = TRUE;
  g_signal_handlers_disconnect_by_data (command->client, command);
  print_output (command);
  return TRUE;
}

/* Says that the file shows what there is, and why the run did not come to its end, where it
 * has not printed a traceback itself. */
static void
tell_failure (Command *command, Player *player)
{
  const char *reason = runner_client_get_reason (command->client);
  RecErrorText error;

  if (reason != NULL && (!player_get_error (player, &error, NULL) || error.process_ended))
    fprintf (stderr, "tapedeck export: %s\n", reason);
  fprintf (stderr, "tapedeck export: the script failed; what it did until then is exported.\n");
}

/* The export */

static void
progress_cb (double done, gpointer data)
{
  if (!isatty (STDERR_FILENO))
    return;
  ((Command *) data)->told = TRUE;
  fprintf (stderr, "\r%3d %%", (int) (done * 100));
}

static void
film_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Command *command = data;

  export_film_finish (result, &command->error);
  g_main_loop_quit (command->loop);
}

static void
picture_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Command *command = data;

  export_picture_finish (result, &command->error);
  g_main_loop_quit (command->loop);
}

static gboolean
save (Command *command, Player *player)
{
  ExportSource *source = export_source_new (player, NULL);

  export_source_set_scale_per_tensor (source, command->scale_per_tensor);
  if (command->is_film)
    export_film_async (source, &command->options, command->output, progress_cb, command->cancellable, film_cb,
                       command);
  else
    export_picture_async (source, command->position < 0 ? G_MAXUINT : (guint) command->position,
                          command->options.theme, command->output, command->cancellable, picture_cb, command);
  g_main_loop_run (command->loop);
  if (command->told)
    fputs ("\r     \r", stderr);
  return command->error == NULL || (command->signal != 0 ? FALSE : say (command->error->message));
}

static int
run_and_save (Command *command)
{
  g_autoptr (Player) player = player_new ();
  int status;

  if (!run_script (command))
    return 2;
  if (command->signal != 0)
    return 128 + command->signal;
  player_set_recording (player, runner_client_get_recording (command->client));
  player_set_position (player, player_get_n_steps (player));
  status = runner_client_get_exit_status (command->client);
  if (runner_client_get_state (command->client) == RUNNER_DEAD && status == 0)
    status = 1;
  if (status != 0)
    tell_failure (command, player);
  if (save (command, player))
    return status;
  return command->signal != 0 ? 128 + command->signal : 1;
}

/* What can be known before the script runs: the film's program is there, the file can be made, the options are right. */
static gboolean
check_before (Command *command)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ExportTarget) target = NULL;

  if (command->is_film && !export_film_check (&command->options, command->output, &error))
    return say (error->message);
  target = export_target_new (command->output, &error);
  return target != NULL || say (error->message);
}

int
export_command_main (int argc, char **argv)
{
  Command command = { .position = -1, .to = -1 };
  int status = 2;

  setlocale (LC_ALL, "");
  export_film_options_init (&command.options);
  if (read_arguments (&command, argc, argv))
    {
      status = 1;
      if (check_before (&command))
        {
          command.loop = g_main_loop_new (NULL, FALSE);
          command.cancellable = g_cancellable_new ();
          command.client = runner_client_new (NULL);
          runner_client_set_has_input (command.client, TRUE);
          g_unix_signal_add (SIGINT, interrupt_cb, &command);
          g_unix_signal_add (SIGTERM, terminate_cb, &command);
          status = run_and_save (&command);
          g_cancellable_cancel (command.cancellable);
          g_clear_object (&command.client);
          g_clear_object (&command.cancellable);
          g_main_loop_unref (command.loop);
        }
    }
  g_clear_error (&command.error);
  g_strfreev (command.arguments);
  g_free (command.output);
  g_free (command.size);
  g_free (command.theme);
  return status;
}
