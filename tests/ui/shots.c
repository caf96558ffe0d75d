/* SPDX-License-Identifier: MIT
 *
 * Screenshots of the main screen for eyes to look at: the demo at its opening,
 * after the first step, with the forward pass finished, at step 14 and at the
 * end, in both themes and two sizes. Usage: shots [FOLDER]. */
#include "ui-test.h"

#include <glib/gstdio.h>

static void
shoot (TdWindow *window, const char *folder, const char *name, const char *theme, const char *size)
{
  g_autofree char *file = g_strdup_printf ("%s-%s-%s.png", name, theme, size);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr (GdkTexture) texture = ui_test_render (window);

  if (!gdk_texture_save_to_png (texture, path))
    g_error ("%s could not be written", path);
  g_print ("%s\n", path);
}

static gboolean
has_entry (gpointer data)
{
  g_autofree char *text = td_inspector_dup_text (td_window_get_inspector (data));

  return strstr (text, "1.7496") != NULL;
}

static void
shoot_all (const char *folder, const char *theme, int width, int height)
{
  static const struct { guint position; const char *name; } stops[] = {
    { 0, "opened" }, { 1, "step01" }, { 9, "step09" }, { 14, "step14" }, { 18, "step18" },
  };
  g_autofree char *size = g_strdup_printf ("%dx%d", width, height);
  TdWindow *window;
  guint position = 0;

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      g_str_equal (theme, "dark") ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
  window = ui_test_window_new (width, height);
  ui_test_open_demo (window);
  for (guint k = 0; k < G_N_ELEMENTS (stops); k++)
    {
      while (position < stops[k].position)
        ui_test_step (window, ++position);
      if (position == 14)
        ui_test_wait (has_entry, window, "the numbers of one entry");
      shoot (window, folder, stops[k].name, theme, size);
    }
  ui_test_window_destroy (window);
}

int
main (int argc, char **argv)
{
  const char *folder = argc > 1 ? argv[1] : g_getenv ("TAPEDECK_SHOTS_DIR");

  if (folder == NULL || g_mkdir_with_parents (folder, 0755) != 0)
    {
      g_printerr ("Usage: shots FOLDER\n");
      return 2;
    }
  ui_test_init (&argc, &argv);
  shoot_all (folder, "dark", 1440, 900);
  shoot_all (folder, "light", 1440, 900);
  shoot_all (folder, "dark", 1024, 700);
  shoot_all (folder, "light", 1024, 700);
  return 0;
}
