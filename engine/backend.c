/* SPDX-License-Identifier: MIT
 *
 * Finds and opens backend modules. Everything that can be wrong with one (not
 * there, not ours, of another ABI, no device) is a reason in plain words; the CPU
 * goes on working. Called where a script asks for a device, and by tests. */
#include "engine/backend.h"

#include <gmodule.h>

static GHashTable *loaded;       /* name → EngBackend, for the life of the process */

/* Directories to look in: the environment's first, then the one of the build. */
static char *
find_module (const char *name)
{
  const char *path = g_getenv ("TAPEDECK_MODULE_PATH");
  g_autofree char *file = g_strdup_printf ("tapedeck-%s." G_MODULE_SUFFIX, name);
  g_auto (GStrv) folders = g_strsplit (path != NULL ? path : "", G_SEARCHPATH_SEPARATOR_S, -1);
  for (guint k = 0; folders[k] != NULL; k++)
    {
      g_autofree char *candidate = g_build_filename (folders[k], file, NULL);
      if (*folders[k] != '\0' && g_file_test (candidate, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&candidate);
    }
  g_autofree char *installed = g_build_filename (ENG_MODULE_DIR, file, NULL);
  return g_file_test (installed, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer (&installed) : NULL;
}

static const EngBackend *
refuse (GModule *module, const char *name, const char *reason, GError **error)
{
  g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME, "the device \"%s\" cannot be used: %s", name, reason);
  if (module != NULL)
    g_module_close (module);
  return NULL;
}

/* Asks an opened module who it is. It stays open when it is accepted. */
static const EngBackend *
accept_module (GModule *module, const char *name, GError **error)
{
  gpointer symbol = NULL;
  g_autofree char *reason = NULL;
  if (!g_module_symbol (module, ENG_BACKEND_SYMBOL, &symbol) || symbol == NULL)
    return refuse (module, name, "its module is not a Tapedeck backend", error);
  const EngBackend *backend = ((EngBackendGet) symbol) ();
  if (backend == NULL || backend->abi != ENG_BACKEND_ABI)
    {
      reason = g_strdup_printf ("its module has ABI %u, this program needs %u",
                                backend != NULL ? backend->abi : 0, (guint) ENG_BACKEND_ABI);
      return refuse (module, name, reason, error);
    }
  if (backend->count_devices (&reason) == 0)
    return refuse (module, name, reason != NULL ? reason : "there is no such device", error);
  g_module_make_resident (module);
  g_hash_table_insert (loaded, g_strdup (name), (gpointer) backend);
  return backend;
}

const EngBackend *
eng_backend_load (const char *name, GError **error)
{
  if (loaded == NULL)
    loaded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const EngBackend *backend = g_hash_table_lookup (loaded, name);
  if (backend != NULL)
    return backend;
  g_autofree char *file = find_module (name);
  if (file == NULL)
    return refuse (NULL, name, "its module is not installed", error);
  GModule *module = g_module_open (file, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
  if (module == NULL)
    return refuse (NULL, name, g_module_error (), error);
  return accept_module (module, name, error);
}
