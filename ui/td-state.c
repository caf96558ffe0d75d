/* SPDX-License-Identifier: MIT
 *
 * The key file behind td-state.h: group "window" for the app, one group per file
 * named by its address. Read at each use, since it is small and written seldom. */
#include "td-state.h"

static char *
state_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "tapedeck", "state.ini", NULL);
}

static GKeyFile *
load (void)
{
  g_autofree char *path = state_path ();
  GKeyFile *keys = g_key_file_new ();

  g_key_file_load_from_file (keys, path, G_KEY_FILE_NONE, NULL);
  return keys;
}

static void
save (GKeyFile *keys)
{
  g_autofree char *path = state_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  if (g_mkdir_with_parents (folder, 0700) != 0 || !g_key_file_save_to_file (keys, path, &error))
    g_debug ("The state was not saved: %s", error != NULL ? error->message : g_strerror (errno));
}

/* Brackets and line ends may not stand in a group's name. */
static char *
group_of (GFile *file)
{
  g_autofree char *uri = file != NULL ? g_file_get_uri (file) : g_strdup ("unnamed");

  return g_strdelimit (g_strdup (uri), "[]\n\r", '_');
}

static int
get_int (GKeyFile *keys, const char *group, const char *key, int low, int high, int fallback)
{
  g_autoptr (GError) error = NULL;
  int value = g_key_file_get_integer (keys, group, key, &error);

  return error != NULL || value < low || value > high ? fallback : value;
}

static void
load_marks (GKeyFile *keys, const char *group, TdFileState *state)
{
  gsize n = 0;
  g_autofree int *marks = g_key_file_get_integer_list (keys, group, "marks", &n, NULL);

  for (gsize k = 0; k < G_N_ELEMENTS (state->marks); k++)
    state->marks[k] = k < n && marks[k] >= 0 ? marks[k] : -1;
}

void
td_state_load_file (GFile *file, TdFileState *state)
{
  g_autoptr (GKeyFile) keys = load ();
  g_autofree char *group = group_of (file);

  state->pane = get_int (keys, group, "pane", 200, 4000, 0);
  state->console = get_int (keys, group, "console", 80, 4000, 0);
  state->speed = get_int (keys, group, "speed-percent", 25, 800, 100) / 100.0;
  state->granularity = get_int (keys, group, "granularity", 0, 2, 1);
  state->scale_per_tensor = get_int (keys, group, "scale-per-tensor", 0, 1, 0);
  state->position = get_int (keys, group, "position", 0, G_MAXINT, 0);
  load_marks (keys, group, state);
}

void
td_state_save_file (GFile *file, const TdFileState *state)
{
  g_autoptr (GKeyFile) keys = load ();
  g_autofree char *group = group_of (file);

  g_key_file_set_integer (keys, group, "pane", state->pane);
  g_key_file_set_integer (keys, group, "console", state->console);
  g_key_file_set_integer (keys, group, "speed-percent", (int) (state->speed * 100 + 0.5));
  g_key_file_set_integer (keys, group, "granularity", state->granularity);
  g_key_file_set_integer (keys, group, "scale-per-tensor", state->scale_per_tensor ? 1 : 0);
  g_key_file_set_integer (keys, group, "position", state->position);
  g_key_file_set_integer_list (keys, group, "marks", (int *) state->marks, G_N_ELEMENTS (state->marks));
  save (keys);
}

char *
td_state_dup_theme (void)
{
  g_autoptr (GKeyFile) keys = load ();
  char *theme = g_key_file_get_string (keys, "window", "theme", NULL);

  return theme != NULL ? theme : g_strdup ("system");
}

void
td_state_set_theme (const char *choice)
{
  g_autoptr (GKeyFile) keys = load ();

  g_key_file_set_string (keys, "window", "theme", choice);
  save (keys);
}

void
td_state_load_window (int *width, int *height, gboolean *maximized)
{
  g_autoptr (GKeyFile) keys = load ();

  *width = get_int (keys, "window", "width", 360, 10000, 1440);
  *height = get_int (keys, "window", "height", 300, 10000, 900);
  *maximized = g_key_file_get_boolean (keys, "window", "maximized", NULL);
}

void
td_state_save_window (int width, int height, gboolean maximized)
{
  g_autoptr (GKeyFile) keys = load ();

  g_key_file_set_integer (keys, "window", "width", width);
  g_key_file_set_integer (keys, "window", "height", height);
  g_key_file_set_boolean (keys, "window", "maximized", maximized);
  save (keys);
}
