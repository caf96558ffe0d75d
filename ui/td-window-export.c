/* SPDX-License-Identifier: MIT
 *
 * "Save film…" and "Save picture…": asks where and how, has the export room work in
 * a thread of its own, shows how far it is, and says where the file is. At most one
 * export at a time; the window goes on as before. UI thread. */
#include "td-window-private.h"
#include "td-file-chooser.h"
#include "td-theme.h"

#include "export/picture.h"

typedef struct
{
  GWeakRef window; /* a window that is closed over its film ends the film */
  GFile *file;
  gboolean is_film;
  GApplication *application; /* held: it does not end over a file that is half written */
} Saving;

static void
saving_free (Saving *saving)
{
  if (saving->application != NULL)
    {
      g_application_release (saving->application);
      g_object_unref (saving->application);
    }
  g_weak_ref_clear (&saving->window);
  g_object_unref (saving->file);
  g_free (saving);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

gboolean
td_window_is_exporting (TdWindow *self)
{
  return self->exporting != NULL;
}

void
td_window_export_update (TdWindow *self)
{
  gboolean possible = self->run != NULL && player_get_n_steps (td_run_get_player (self->run)) > 0;
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_action_set_enabled (widget, "win.save-film", possible && self->exporting == NULL);
  gtk_widget_action_set_enabled (widget, "win.save-picture", possible && self->exporting == NULL);
  gtk_widget_action_set_enabled (widget, "win.cancel-export", self->exporting != NULL);
}

/* In the folder */

typedef struct
{
  TdWindow *window;
  char *uri;
} Showing;

/* The file's folder, where no file manager answers to be shown the file itself. */
static void
shown_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Showing *showing = data;
  g_autoptr (GVariant) answer = NULL;

  if (source != NULL)
    answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  if (answer == NULL)
    {
      g_autoptr (GFile) file = g_file_new_for_uri (showing->uri), folder = g_file_get_parent (file);
      g_autofree char *uri = folder != NULL ? g_file_get_uri (folder) : NULL;

      if (uri != NULL)
        gtk_show_uri (GTK_WINDOW (showing->window), uri, GDK_CURRENT_TIME);
    }
  g_object_unref (showing->window);
  g_free (showing->uri);
  g_free (showing);
}

static void
show_in_folder_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GApplication *application = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (widget)));
  GDBusConnection *bus = application != NULL ? g_application_get_dbus_connection (application) : NULL;
  Showing *showing = g_new (Showing, 1);
  const char *uris[] = { g_variant_get_string (parameter, NULL), NULL };

  *showing = (Showing){ g_object_ref (TD_WINDOW (widget)), g_strdup (uris[0]) };
  if (bus == NULL)
    {
      shown_cb (NULL, NULL, showing);
      return;
    }
  g_dbus_connection_call (bus, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1",
                          "org.freedesktop.FileManager1", "ShowItems", g_variant_new ("(^ass)", uris, ""),
                          NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, shown_cb, showing);
}

/* The export */

static void
say_saved (TdWindow *self, const Saving *saving)
{
  g_autofree char *base = g_file_get_basename (saving->file), *name = g_filename_display_name (base);
  g_autofree char *plain = g_strdup_printf ("%s saved: %s", saving->is_film ? "Film" : "Picture", name);
  g_autofree char *title = g_markup_escape_text (plain, -1), *uri = g_file_get_uri (saving->file);
  AdwToast *toast = adw_toast_new (title);

  adw_toast_set_button_label (toast, "_Show in Folder");
  adw_toast_set_action_name (toast, "win.show-in-folder");
  adw_toast_set_action_target (toast, "s", uri);
  adw_toast_set_timeout (toast, 10);
  if (self->saved_toast != NULL)   /* the newer news: it would wait for the older to go */
    adw_toast_dismiss (self->saved_toast);
  g_set_weak_pointer (&self->saved_toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Saving) saving = data;
  g_autoptr (TdWindow) self = g_weak_ref_get (&saving->window);
  g_autoptr (GError) error = NULL;
  gboolean saved = saving->is_film ? export_film_finish (result, &error)
                                   : export_picture_finish (result, &error);

  if (self == NULL)
    return;
  g_clear_object (&self->exporting);
  gtk_revealer_set_reveal_child (self->export_bar, FALSE);
  td_window_export_update (self);
  if (saved)
    say_saved (self, saving);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    td_window_say (self, GTK_MESSAGE_ERROR, error->message);
}

static void
progress_cb (double done, gpointer data)
{
  g_autoptr (TdWindow) self = g_weak_ref_get (&((Saving *) data)->window);

  if (self != NULL)
    gtk_progress_bar_set_fraction (self->export_progress, done);
}

/* NULL, after telling why: the file has no place in the file system, or another export is going on. */
static Saving *
begin (TdWindow *self, GFile *file, gboolean is_film)
{
  g_autofree char *base = g_file_get_basename (file), *name = g_filename_display_name (base);
  g_autofree char *label = g_strdup_printf ("Saving %s", name);
  Saving *saving;

  if (self->exporting != NULL)
    return NULL;
  if (g_file_peek_path (file) == NULL)
    {
      td_window_say (self, GTK_MESSAGE_ERROR,
                     "Films and pictures can be saved only in a folder of this computer.");
      return NULL;
    }
  saving = g_new0 (Saving, 1);
  g_weak_ref_init (&saving->window, self);
  saving->file = g_object_ref (file);
  saving->is_film = is_film;
  saving->application = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));
  if (saving->application != NULL)
    g_application_hold (g_object_ref (saving->application));
  self->exporting = g_cancellable_new ();
  gtk_label_set_text (self->export_label, label);
  gtk_progress_bar_set_fraction (self->export_progress, 0);
  gtk_revealer_set_reveal_child (self->export_bar, is_film); /* a picture is there at once */
  td_window_export_update (self);
  return saving;
}

static ExportSource *
make_source (TdWindow *self)
{
  ExportSource *source = export_source_new (td_run_get_player (self->run), td_stage_get_layout (self->stage));

  export_source_set_scale_per_tensor (source, td_stage_get_scale_per_tensor (self->stage));
  return source;
}

void
td_window_save_film (TdWindow *self, GFile *file, const ExportFilmOptions *options)
{
  Saving *saving = begin (self, file, TRUE);

  if (saving != NULL)
    export_film_async (make_source (self), options, g_file_peek_path (file), progress_cb, self->exporting,
                       saved_cb, saving);
}

void
td_window_save_picture (TdWindow *self, GFile *file)
{
  Saving *saving = begin (self, file, FALSE);

  if (saving != NULL)
    export_picture_async (make_source (self), player_get_position (td_run_get_player (self->run)),
                          td_theme_get ()->kind, g_file_peek_path (file), self->exporting, saved_cb, saving);
}

static void
cancel_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_cancellable_cancel (TD_WINDOW (widget)->exporting);
}

/* Asking where and how */

/* The name typed; with the usual ending where it has none. NULL, after telling, where that is another file's. */
static GFile *
complete_name (TdWindow *self, GFile *chosen, const char *ending)
{
  g_autofree char *base = g_file_get_basename (chosen), *name = NULL;
  g_autoptr (GFile) folder = g_file_get_parent (chosen), file = NULL;

  if (strchr (base, '.') != NULL || folder == NULL)
    return g_object_ref (chosen);
  name = g_strconcat (base, ending, NULL);
  file = g_file_get_child (folder, name);
  if (g_file_query_exists (file, NULL))
    {
      g_autofree char *text = g_strdup_printf (
          "There is a file “%s” already; choose it by its whole name to replace it.", name);

      td_window_say (self, GTK_MESSAGE_ERROR, text);
      return NULL;
    }
  return g_steal_pointer (&file);
}

static char *
propose_name (TdWindow *self, const char *ending)
{
  g_autofree char *stem = g_path_get_basename (self->name != NULL ? self->name : "film");
  char *dot = strrchr (stem, '.');

  if (dot != NULL && dot != stem)
    *dot = '\0';
  return g_strconcat (stem, ending, NULL);
}

enum
{
  FILM_SIZE,
  FILM_PACE,
  FILM_PART
};

static const char *const sizes[] = { "1280x720", "800x600", "1920x1080", NULL };
static const char *const size_labels[] = { "1280 × 720", "800 × 600", "1920 × 1080", NULL };
static const char *const paces[] = { "0.8", "0.4", "1.6", NULL };
static const char *const pace_labels[] = { "As played, 0.8 s per step", "Fast, 0.4 s per step",
                                           "Slow, 1.6 s per step", NULL };
static const char *const parts[] = { "all", "rest", "until", NULL };
static const char *const part_labels[] = { "The whole run", "From here to the end", "From the start to here",
                                           NULL };
static const TdSetting film_settings[] = {
  [FILM_SIZE] = { "size", "Size", sizes, size_labels },
  [FILM_PACE] = { "pace", "Speed", paces, pace_labels },
  [FILM_PART] = { "part", "Steps", parts, part_labels },
  { NULL },
};
static const TdSetting no_settings[] = { { NULL } };

static void
read_answers (TdWindow *self, const char *const *answers, ExportFilmOptions *options)
{
  guint position = player_get_position (td_run_get_player (self->run));
  const char *part = answers[FILM_PART];

  export_film_options_init (options);
  options->theme = td_theme_get ()->kind;
  if (answers[FILM_SIZE] != NULL)
    sscanf (answers[FILM_SIZE], "%dx%d", &options->width, &options->height);
  if (answers[FILM_PACE] != NULL)
    options->s_per_step = g_ascii_strtod (answers[FILM_PACE], NULL);
  if (g_strcmp0 (part, "rest") == 0)
    options->from = position;
  else if (g_strcmp0 (part, "until") == 0)
    options->to = position;
}

static void
film_chosen_cb (GFile *chosen, const char *const *answers, gpointer data)
{
  TdWindow *self = data;
  g_autoptr (GFile) file = chosen != NULL && self->run != NULL ? complete_name (self, chosen, ".webp") : NULL;
  ExportFilmOptions options;

  if (file == NULL)
    return;
  read_answers (self, answers, &options);
  td_window_save_film (self, file, &options);
}

static void
picture_chosen_cb (GFile *chosen, const char *const *answers, gpointer data)
{
  TdWindow *self = data;
  g_autoptr (GFile) file = chosen != NULL && self->run != NULL ? complete_name (self, chosen, ".png") : NULL;

  if (file != NULL)
    td_window_save_picture (self, file);
}

static void
save_film_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  static const char *const with_ffmpeg[] = { "*.webp", "*.webm", "*.mp4", "*.gif", NULL };
  static const char *const without[] = { "*.webp", NULL };
  TdWindow *self = TD_WINDOW (widget);
  g_autofree char *name = propose_name (self, ".webp");
  gboolean all = export_film_has_ffmpeg ();

  td_file_chooser_export (GTK_WINDOW (self),
                          all ? "Save the Film: .webp, .webm, .mp4 or .gif"
                              : "Save the Film as .webp (others need the package “ffmpeg”)",
                          all ? with_ffmpeg : without, self->file, name, film_settings, film_chosen_cb,
                          g_object_ref (self), g_object_unref);
}

static void
save_picture_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  static const char *const patterns[] = { "*.png", "*.svg", "*.pdf", "*.dot", NULL };
  TdWindow *self = TD_WINDOW (widget);
  g_autofree char *name = propose_name (self, ".png");

  td_file_chooser_export (GTK_WINDOW (self), "Save the Picture: .png, .svg, .pdf or .dot", patterns,
                          self->file, name, no_settings, picture_chosen_cb, g_object_ref (self),
                          g_object_unref);
}

void
td_window_export_install (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.save-film", NULL, save_film_cb);
  gtk_widget_class_install_action (klass, "win.save-picture", NULL, save_picture_cb);
  gtk_widget_class_install_action (klass, "win.cancel-export", NULL, cancel_cb);
  gtk_widget_class_install_action (klass, "win.show-in-folder", "s", show_in_folder_cb);
}
