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

static gboolean
has_terms (gpointer data)
{
  return player_get_n_terms (td_run_get_player (td_window_get_run (data))) > 0;
}

/* One entry of step 5 with three of its terms, two marks on the timeline. */
static void
shoot_element (TdWindow *window, const char *folder, const char *theme, const char *size)
{
  Player *player = td_run_get_player (td_window_get_run (window));

  ui_test_go_to (window, 9);
  ui_test_activate (window, "win.mark");
  ui_test_go_to (window, 14);
  ui_test_activate (window, "win.mark");
  player_set_granularity (player, PLAYER_BY_ELEMENT);
  ui_test_go_to (window, 5);
  ui_test_wait (has_terms, window, "the terms of one entry");
  for (guint k = 0; k < 3; k++)
    ui_test_activate (window, "win.step");
  ui_test_wait_settled (window);
  shoot (window, folder, "element", theme, size);
  player_set_granularity (player, PLAYER_BY_OPERATION);
}

/* More than 60 steps: the overview with its iterations and the loss. */
static void
shoot_long (TdWindow *window, const char *folder, const char *theme, const char *size)
{
  ui_test_set_script (window, "import torch\n"
                              "torch.manual_seed(0)\n"
                              "w = torch.randn(4, 1, requires_grad=True)\n"
                              "x = torch.randn(8, 4)\n"
                              "y = x @ torch.randn(4, 1)\n"
                              "for step in range(20):\n"
                              "    loss = ((x @ w - y) * (x @ w - y)).mean()\n"
                              "    loss.backward()\n"
                              "    with torch.no_grad():\n"
                              "        w -= 0.1 * w.grad\n"
                              "    w.grad = None\n");
  ui_test_activate (window, "win.run");
  ui_test_wait_over (window);
  ui_test_go_to (window, 101);
  ui_test_wait_settled (window);
  shoot (window, folder, "long", theme, size);
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
  shoot_element (window, folder, theme, size);
  shoot_long (window, folder, theme, size);
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
  g_object_set (gtk_settings_get_default (), "gtk-font-name", "Cantarell 11", NULL);   /* as GNOME has it */
  shoot_all (folder, "dark", 1440, 900);
  shoot_all (folder, "light", 1440, 900);
  shoot_all (folder, "dark", 1024, 700);
  shoot_all (folder, "light", 1024, 700);
  return 0;
}
