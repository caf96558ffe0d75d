/* SPDX-License-Identifier: MIT
 *
 * Pictures are what their endings say, and show the position's numbers. */
#include "export-run.h"

#include <glib/gstdio.h>
#include <string.h>

static char *
save (ExportFolder *folder, const char *name, guint position, gsize *n)
{
  g_autoptr (ExportSource) source = export_run_source ();
  g_autofree char *path = export_folder_file (folder, name);
  g_autoptr (GError) error = NULL;
  char *bytes = NULL;

  export_picture (source, position, PAINT_LIGHT, path, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, n, NULL));
  g_assert_cmpint (g_unlink (path), ==, 0);
  return bytes;
}

static void
test_png (ExportFolder *folder, gconstpointer data)
{
  cairo_surface_t *pages[2];

  for (int k = 0; k < 2; k++)
    {
      g_autoptr (ExportSource) source = export_run_source ();
      g_autofree char *path = export_folder_file (folder, "picture.png");
      g_autoptr (GError) error = NULL;

      export_picture (source, k == 0 ? 9 : 14, PAINT_DARK, path, NULL, &error);
      g_assert_no_error (error);
      pages[k] = cairo_image_surface_create_from_png (path);
      g_assert_cmpint (cairo_surface_status (pages[k]), ==, CAIRO_STATUS_SUCCESS);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (cairo_image_surface_get_width (pages[0]), >=, 1400);
  g_assert_cmpint (cairo_image_surface_get_width (pages[0]), ==, cairo_image_surface_get_width (pages[1]));
  g_assert_false (export_same_pixels (pages[0], pages[1]));
  cairo_surface_destroy (pages[0]);
  cairo_surface_destroy (pages[1]);
}

/* The numbers stand in it as texts: those of the storyboard, at their steps only. */
static void
test_svg (ExportFolder *folder, gconstpointer data)
{
  gsize n;
  g_autofree char *early = save (folder, "picture.svg", 8, &n), *late = save (folder, "picture.svg", 15, &n);
  GMarkupParser parser = { NULL };
  GMarkupParseContext *context = g_markup_parse_context_new (&parser, 0, NULL, NULL);

  g_assert_true (g_markup_parse_context_parse (context, late, (gssize) n, NULL));
  g_assert_true (g_markup_parse_context_end_parse (context, NULL));
  g_markup_parse_context_free (context);
  g_assert_nonnull (strstr (late, "<svg"));
  g_assert_nonnull (strstr (late, ">W_x</text>"));
  g_assert_nonnull (strstr (late, "−0.6520"));
  g_assert_null (strstr (early, "−0.6520"));
  g_assert_nonnull (strstr (late, "AccumulateGrad stored the gradient in W_x.grad (20×10, size 4.23)."));
  g_assert_nonnull (strstr (late, "step 15 of 18"));
}

static void
test_pdf (ExportFolder *folder, gconstpointer data)
{
  gsize n;
  g_autofree char *bytes = save (folder, "picture.pdf", 18, &n);

  g_assert_cmpuint (n, >, 5000);
  g_assert_cmpint (memcmp (bytes, "%PDF-", 5), ==, 0);
  g_assert_nonnull (memmem (bytes + n - 10, 10, "%%EOF", 5));
}

static void
test_dot (ExportFolder *folder, gconstpointer data)
{
  gsize n;
  g_autofree char *text = save (folder, "picture.dot", 18, &n),
                  *nothing = save (folder, "picture.dot", 0, &n);

  g_assert_true (g_str_has_prefix (text, "digraph {"));
  g_assert_nonnull (strstr (text, "[label=\"W_h\\n20×20\", shape=box, peripheries=2]"));
  g_assert_nonnull (strstr (text, "[label=\"mm\\nMmBackward0\", shape=box, style=rounded]"));
  g_assert_nonnull (strstr (text, "20×1\"];"));
  g_assert_null (strstr (nothing, "W_h\\n"));
}

static void
test_refusals (ExportFolder *folder, gconstpointer data)
{
  static const struct
  {
    const char *name, *says;
  } bad[] = {
    { "picture.webp", "ending of a film" },
    { "picture.bmp", ".png, .svg, .pdf or .dot" },
    { "nowhere/picture.png", "cannot be written" },
  };

  for (guint k = 0; k < G_N_ELEMENTS (bad); k++)
    {
      g_autoptr (ExportSource) source = export_run_source ();
      g_autofree char *path = export_folder_file (folder, bad[k].name);
      g_autoptr (GError) error = NULL;

      g_assert_false (export_picture (source, 3, PAINT_LIGHT, path, NULL, &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, bad[k].says));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test)                                                                                      \
  g_test_add ("/export/picture/" name, ExportFolder, NULL, export_folder_set_up, test,                       \
              export_folder_tear_down)
  ADD ("png", test_png);
  ADD ("svg", test_svg);
  ADD ("pdf", test_pdf);
  ADD ("dot", test_dot);
  ADD ("refusals", test_refusals);
#undef ADD
  return g_test_run ();
}
