/* SPDX-License-Identifier: MIT
 *
 * Devices: the CPU is always there; a module that is missing or is no backend is
 * refused with its reason, and asking again gives the same answer. */
#include <glib/gstdio.h>

#include "engine/backend.h"
#include "test-helpers.h"

static void
test_cpu (void)
{
  const EngBackend *cpu = eng_backend_cpu ();
  g_autofree char *reason = NULL;
  g_assert_cmpuint (cpu->abi, ==, ENG_BACKEND_ABI);
  g_assert_cmpuint (cpu->count_devices (&reason), ==, 1);
  gint64 size = 3;
  g_autoptr (EngTensor) from = vec (3, 1.0, 2.5, -3.0);
  g_autoptr (EngTensor) to = must (eng_tensor_new (ENG_INT64, 1, &size, &error));
  must (cpu->copy (to, from, &error));
  assert_vec (to, 3, 1.0, 2.0, -3.0);
  must (cpu->fill (to, 7.0, &error));
  assert_vec (to, 3, 7.0, 7.0, 7.0);
}

static void
test_missing_module (void)
{
  g_setenv ("TAPEDECK_MODULE_PATH", "/nonexistent", TRUE);
  for (int k = 0; k < 2; k++)
    must_fail (eng_backend_load ("abacus", &error), ENG_ERROR_RUNTIME,
               "the device \"abacus\" cannot be used: its module is not installed");
}

/* A file of the right name that is no shared library at all. */
static void
test_damaged_module (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("backend-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "tapedeck-damaged.so", NULL);
  g_assert_true (g_file_set_contents (file, "not a module", -1, NULL));
  g_setenv ("TAPEDECK_MODULE_PATH", folder, TRUE);
  g_assert_null (eng_backend_load ("damaged", &error));
  g_assert_error (error, ENG_ERROR, ENG_ERROR_RUNTIME);
  g_assert_true (g_str_has_prefix (error->message, "the device \"damaged\" cannot be used: "));
  g_unlink (file);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  eng_init ();
  g_test_add_func ("/backend/cpu", test_cpu);
  g_test_add_func ("/backend/missing-module", test_missing_module);
  g_test_add_func ("/backend/damaged-module", test_damaged_module);
  return g_test_run ();
}
