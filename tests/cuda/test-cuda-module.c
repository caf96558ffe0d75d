/* SPDX-License-Identifier: MIT
 *
 * Opening backend modules: one that works is taken; a missing one, a file that is
 * no module, one without the entry, one of another ABI and one without a device are
 * refused with a reason. The real CUDA module is opened where it was built. */

#include "engine/backend.h"
#include "engine/engine.h"
#include <glib/gstdio.h>

static void
assert_refused (const char *name, const char *expected)
{
  g_autoptr (GError) error = NULL;
  const EngBackend *backend = eng_backend_load (name, &error);

  g_assert_null (backend);
  g_assert_error (error, ENG_ERROR, ENG_ERROR_RUNTIME);
  g_test_message ("%s", error->message);
  if (strstr (error->message, expected) == NULL)
    g_test_fail_printf ("\"%s\" does not say \"%s\"", error->message, expected);
}

static void
test_good (void)
{
  g_autoptr (GError) error = NULL;
  const EngBackend *backend = eng_backend_load ("good", &error);

  g_assert_no_error (error);
  g_assert_nonnull (backend);
  g_assert_cmpuint (backend->abi, ==, ENG_BACKEND_ABI);
  g_assert_cmpstr (backend->name, ==, "fake");
  g_assert_true (eng_backend_load ("good", NULL) == backend);
}

static void
test_missing (void)
{
  assert_refused ("nowhere", "nowhere");
}

static void
test_no_module (void)
{
  g_autofree char *folder = g_dir_make_tmp ("tapedeck-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "tapedeck-text.so", NULL);
  g_autofree char *before = g_strdup (g_getenv ("TAPEDECK_MODULE_PATH"));

  g_assert_true (g_file_set_contents (path, "this is no module\n", -1, NULL));
  g_setenv ("TAPEDECK_MODULE_PATH", folder, TRUE);
  assert_refused ("text", "tapedeck-text.so");
  g_setenv ("TAPEDECK_MODULE_PATH", before, TRUE);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_no_entry (void)
{
  assert_refused ("no-entry", "not a Tapedeck backend");
}

static void
test_wrong_abi (void)
{
  g_autofree char *theirs = g_strdup_printf ("%d", ENG_BACKEND_ABI + 1);

  assert_refused ("wrong-abi", theirs);
  assert_refused ("wrong-abi", G_STRINGIFY (ENG_BACKEND_ABI));
}

static void
test_no_device (void)
{
  assert_refused ("no-device", "the only card has left the building");
}

/* With a GPU the module is taken and has no kernels; without, the reason is given. */
static void
test_cuda (void)
{
  g_autoptr (GError) error = NULL;
  const EngBackend *backend;

#ifndef HAVE_CUDA_MODULE
  g_test_skip ("the CUDA module was not built");
  return;
#endif
  backend = eng_backend_load ("cuda", &error);
  if (backend == NULL)
    {
      g_assert_error (error, ENG_ERROR, ENG_ERROR_RUNTIME);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, "GPU"));
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpstr (backend->name, ==, "cuda");
  g_assert_cmpuint (backend->count_devices (NULL), >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  eng_init ();
  g_test_add_func ("/cuda/module/good", test_good);
  g_test_add_func ("/cuda/module/missing", test_missing);
  g_test_add_func ("/cuda/module/no-module", test_no_module);
  g_test_add_func ("/cuda/module/no-entry", test_no_entry);
  g_test_add_func ("/cuda/module/wrong-abi", test_wrong_abi);
  g_test_add_func ("/cuda/module/no-device", test_no_device);
  g_test_add_func ("/cuda/module/cuda", test_cuda);
  return g_test_run ();
}
