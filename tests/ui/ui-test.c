/* SPDX-License-Identifier: MIT
 *
 * The harness of the window's tests. Every wait is a condition with a deadline;
 * a test that would hang fails with what it waited for. */
#include "ui-test.h"

#include "ui/td-keys.h"
#include "ui/td-theme.h"

#include <glib/gstdio.h>
#include <string.h>

#define DEADLINE_S 120    /* generous: a sanitized run on a loaded machine is slow */

static GtkApplication *application;
static char *program;

static char *
find_program (const char *own_path)
{
  const char *named = g_getenv ("TAPEDECK_BINARY");
  g_autofree char *folder = NULL;

  if (named != NULL)
    return g_strdup (named);
  folder = g_path_get_dirname (own_path);
  return g_build_filename (folder, "..", "..", "tapedeck", NULL);
}

void
ui_test_init (int *argc, char ***argv)
{
  g_autofree char *own = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *state = g_dir_make_tmp ("tapedeck-test-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;

  g_setenv ("XDG_STATE_HOME", state, TRUE);
  g_setenv ("XDG_DATA_HOME", state, TRUE);
  g_setenv ("GTK_A11Y", "none", FALSE);
  g_setenv ("GSK_RENDERER", "cairo", FALSE);
  program = find_program (own);
  gtk_test_init (argc, argv, NULL);
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  application = GTK_APPLICATION (g_object_new (ADW_TYPE_APPLICATION, "application-id", "org.tapedeck.Tapedeck",
                                               "flags", G_APPLICATION_NON_UNIQUE,
                                               "resource-base-path", "/org/tapedeck/Tapedeck", NULL));
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  td_keys_install_accels (application);
  td_theme_init ();
}

GtkApplication *
ui_test_get_application (void)
{
  return application;
}

const char *
ui_test_get_program (void)
{
  return program;
}

static gboolean
beat_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
ui_test_wait_at (const char *file, int line, UiTestCondition condition, gpointer data, const char *what)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE_S * G_TIME_SPAN_SECOND;
  guint beat = g_timeout_add (5, beat_cb, NULL);

  while (!condition (data))
    {
      if (g_get_monotonic_time () > deadline)
        {
          g_autofree char *message = g_strdup_printf ("waited %d s for: %s", DEADLINE_S, what);

          g_assertion_message (G_LOG_DOMAIN, file, line, G_STRFUNC, message);
        }
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (beat);
}

typedef struct { GtkWidget *widget; guint n_frames; } Frames;

static void
after_paint_cb (Frames *frames)
{
  /* Drawing queued after the last frame would drop the picture that is about to be taken. */
  if (++frames->n_frames < 2)
    gtk_widget_queue_draw (frames->widget);
}

static gboolean
is_painted (gpointer data)
{
  return ((Frames *) data)->n_frames >= 2;
}

static gboolean
is_settled (gpointer data)
{
  return td_stage_is_settled (td_window_get_stage (data));
}

void
ui_test_wait_settled (TdWindow *window)
{
  Frames frames = { GTK_WIDGET (window), 0 };
  GdkFrameClock *clock;
  gulong id;

  ui_test_wait (is_settled, window, "the stage to settle");
  clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  id = g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (after_paint_cb), &frames);
  gtk_widget_queue_draw (GTK_WIDGET (window));
  ui_test_wait (is_painted, &frames, "two frames");
  g_signal_handler_disconnect (clock, id);
  ui_test_wait (is_settled, window, "the stage to settle");
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data) && gtk_widget_get_width (data) > 0;
}

TdWindow *
ui_test_window_new (int width, int height)
{
  TdWindow *window = td_window_new (application, program);

  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  td_stage_set_animate (td_window_get_stage (window), FALSE);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_wait (is_mapped, window, "the window to be shown");
  return window;
}

static void
gone_cb (gpointer data, GObject *object)
{
  *(gboolean *) data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static void
forget_unsaved (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_state_dir (), "tapedeck", "unsaved", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
}

void
ui_test_window_destroy (TdWindow *window)
{
  ui_test_window_crash (window);
  forget_unsaved ();
}

void
ui_test_window_crash (TdWindow *window)
{
  gboolean gone = FALSE;

  g_object_weak_ref (G_OBJECT (window), gone_cb, &gone);
  gtk_window_destroy (GTK_WINDOW (window));
  ui_test_wait (is_true, &gone, "the window to be finalized");
}

static gboolean
has_outlines (gpointer data)
{
  Player *player = td_run_get_player (td_window_get_run (data));

  return player_graph_get_n_nodes (player_get_graph (player)) == 4;
}

void
ui_test_open_demo (TdWindow *window)
{
  td_window_open_example (window, "dynamic_graph.py");
  ui_test_wait (has_outlines, window, "the outlines of the four leaves");
  ui_test_wait_settled (window);
}

typedef struct { TdWindow *window; gboolean edited; } Edit;

static void
edited_cb (Edit *edit)
{
  edit->edited = TRUE;
}

static gboolean
is_edited (gpointer data)
{
  return ((Edit *) data)->edited;
}

void
ui_test_set_script (TdWindow *window, const char *source)
{
  TdScriptView *view = td_window_get_script_view (window);
  GtkTextBuffer *buffer = td_script_view_get_buffer (view);
  Edit edit = { window, FALSE };
  GtkTextIter start, end;
  gulong id = g_signal_connect_swapped (view, "edited", G_CALLBACK (edited_cb), &edit);

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, source, -1);
  gtk_text_buffer_end_user_action (buffer);
  ui_test_wait (is_edited, &edit, "the edit to be noticed");
  g_signal_handler_disconnect (view, id);
}

static gboolean
is_over (gpointer data)
{
  TdRun *run = td_window_get_run (data);

  return td_run_is_over (run) && player_is_complete (td_run_get_player (run));
}

void
ui_test_wait_over (TdWindow *window)
{
  ui_test_wait (is_over, window, "the run to end");
}

typedef struct
{
  TdWindow *window;
  guint line;
} Pause;

static gboolean
is_paused_at (gpointer data)
{
  Pause *pause = data;
  RunnerClient *client = td_run_get_client (td_window_get_run (pause->window));

  return runner_client_get_state (client) == RUNNER_PAUSED && runner_client_get_line (client) == pause->line
         && !td_run_is_running (td_window_get_run (pause->window));
}

void
ui_test_wait_paused (TdWindow *window, guint line)
{
  Pause pause = { window, line };

  ui_test_wait (is_paused_at, &pause, "the run to pause");
}

void
ui_test_activate (TdWindow *window, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), action, NULL));
}

void
ui_test_press (TdWindow *window, const char *accel)
{
  g_auto (GStrv) actions = gtk_application_get_actions_for_accel (application, accel);

  g_assert_cmpuint (g_strv_length (actions), ==, 1);
  ui_test_activate (window, actions[0]);
}

typedef struct { Player *player; guint position; } Place;

static gboolean
is_there (gpointer data)
{
  Place *place = data;

  return player_get_position (place->player) == place->position;
}

void
ui_test_step (TdWindow *window, guint expected)
{
  Place place = { td_run_get_player (td_window_get_run (window)), expected };
  g_autofree char *what = g_strdup_printf ("step %u", expected);

  ui_test_press (window, "F8");
  ui_test_wait (is_there, &place, what);
}

void
ui_test_go_to (TdWindow *window, guint position)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.goto", "u", position));
  g_assert_cmpuint (player_get_position (td_run_get_player (td_window_get_run (window))), ==, position);
}

GtkWidget *
ui_test_find_toplevel (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint k = 0; k < g_list_model_get_n_items (windows); k++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, k);

      if (G_TYPE_CHECK_INSTANCE_TYPE (window, type) && gtk_widget_get_mapped (window))
        return window;
    }
  return NULL;
}

static gboolean
asks (gpointer data)
{
  return ui_test_find_toplevel (ADW_TYPE_MESSAGE_DIALOG) != NULL;
}

void
ui_test_answer (const char *response)
{
  g_autoptr (GtkWidget) dialog = NULL;

  ui_test_wait (asks, NULL, "the question");
  dialog = g_object_ref (ui_test_find_toplevel (ADW_TYPE_MESSAGE_DIALOG));
  gtk_window_set_transient_for (GTK_WINDOW (dialog), NULL); /* which may go with the answer */
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), response);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

GdkTexture *
ui_test_render_widget (TdWindow *window, GtkWidget *widget)
{
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  return gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node,
                                      &GRAPHENE_RECT_INIT (0, 0, width, height));
}

GdkTexture *
ui_test_render (TdWindow *window)
{
  ui_test_wait_settled (window);
  return ui_test_render_widget (window, GTK_WIDGET (window));
}

guint64
ui_test_count_different (GdkTexture *a, GdkTexture *b)
{
  int width = gdk_texture_get_width (a), height = gdk_texture_get_height (a);
  gsize n = (gsize) width * (gsize) height;
  g_autofree guint32 *pixels_a = NULL, *pixels_b = NULL;
  guint64 n_different = 0;

  g_assert_cmpint (width, ==, gdk_texture_get_width (b));
  g_assert_cmpint (height, ==, gdk_texture_get_height (b));
  pixels_a = g_new (guint32, n);
  pixels_b = g_new (guint32, n);
  gdk_texture_download (a, (guchar *) pixels_a, (gsize) width * 4);
  gdk_texture_download (b, (guchar *) pixels_b, (gsize) width * 4);
  for (gsize k = 0; k < n; k++)
    n_different += pixels_a[k] != pixels_b[k];
  return n_different;
}
