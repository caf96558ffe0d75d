/* SPDX-License-Identifier: MIT
 *
 * Plays the demo's backward pass in the real window and prints, for one window size,
 * frames per second and CPU time per frame (the whole process, all widgets):
 *   bench-window PROGRAM WIDTH HEIGHT → "WIDTH×HEIGHT<TAB>60.0<TAB>4.20"
 * PROGRAM is the runner to spawn. Called by bench.py. */

#include "ui/td-window.h"

#include <stdio.h>
#include <sys/resource.h>

#define DEADLINE_S 60
/* Frames further apart than this lie on both sides of a rest between two motions. */
#define REST_US 100000

typedef struct
{
  const char *program;
  int width, height;
  TdWindow *window;
  gboolean playing;
  gint64 last_us, cpu_us;
  GArray *intervals;         /* gint64, µs between two frames of one motion */
  guint n_frames;
} Bench;

static gint64
cpu_time_us (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC + usage.ru_utime.tv_usec
         + usage.ru_stime.tv_usec;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static void
report (Bench *bench)
{
  gint64 cpu_us = cpu_time_us () - bench->cpu_us;

  g_array_sort (bench->intervals, compare_times);
  if (bench->intervals->len == 0)
    {
      fprintf (stderr, "bench-window: nothing moved\n");
      exit (1);
    }
  printf ("%d×%d\t%.1f\t%.2f ms\n", bench->width, bench->height,
          1e6 / (double) g_array_index (bench->intervals, gint64, bench->intervals->len / 2),
          (double) cpu_us / 1000.0 / bench->n_frames);
  fflush (stdout);
}

static void
after_paint_cb (GdkFrameClock *clock, Bench *bench)
{
  Player *player = td_run_get_player (td_window_get_run (bench->window));
  gint64 now = g_get_monotonic_time (), interval = now - bench->last_us;

  if (!bench->playing)
    return;
  bench->n_frames++;
  if (bench->last_us != 0 && interval < REST_US)
    g_array_append_val (bench->intervals, interval);
  bench->last_us = now;
  if (player_get_position (player) < player_get_n_steps (player))
    return;
  bench->playing = FALSE;
  report (bench);
  g_application_quit (g_application_get_default ());
}

/* Goes to just before the first backward step and plays from there. */
static void
play_backward (Bench *bench)
{
  TdRun *run = td_window_get_run (bench->window);
  Player *player = td_run_get_player (run);
  guint position = 1;

  while (position <= player_get_n_steps (player)
         && player_get_step (player, position)->phase != PLAYER_PHASE_BACKWARD)
    position++;
  player_set_position (player, position - 1);
  bench->playing = TRUE;
  bench->cpu_us = cpu_time_us ();
  td_run_play (run, TRUE);
}

/* Waits for the end of the run and for the picture to settle. */
static gboolean
poll_cb (gpointer data)
{
  Bench *bench = data;
  TdRun *run = td_window_get_run (bench->window);

  if (!td_run_is_over (run) || !td_stage_is_settled (td_window_get_stage (bench->window)))
    return G_SOURCE_CONTINUE;
  play_backward (bench);
  return G_SOURCE_REMOVE;
}

static gboolean
too_late_cb (gpointer data)
{
  fprintf (stderr, "bench-window: not done after %d s\n", DEADLINE_S);
  exit (1);
}

static void
activate_cb (GtkApplication *application, Bench *bench)
{
  bench->window = td_window_new (application, bench->program);
  gtk_window_set_default_size (GTK_WINDOW (bench->window), bench->width, bench->height);
  td_window_open_example (bench->window, "dynamic_graph.py");
  gtk_window_present (GTK_WINDOW (bench->window));
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (bench->window)), "after-paint",
                    G_CALLBACK (after_paint_cb), bench);
  td_run_go (td_window_get_run (bench->window));
  g_timeout_add (20, poll_cb, bench);
  g_timeout_add_seconds (DEADLINE_S, too_late_cb, bench);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  Bench bench = { 0 };

  if (argc != 4)
    {
      fprintf (stderr, "usage: bench-window PROGRAM WIDTH HEIGHT\n");
      return 1;
    }
  bench.program = argv[1];
  bench.width = atoi (argv[2]);
  bench.height = atoi (argv[3]);
  bench.intervals = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), &bench);
  g_application_run (G_APPLICATION (application), 1, argv);
  g_array_unref (bench.intervals);
  return bench.n_frames > 0 ? 0 : 1;
}
