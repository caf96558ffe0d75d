/* SPDX-License-Identifier: MIT
 *
 * Backend modules as they should not be, for test-cuda-module: built several times,
 * each with one of the FAKE_ definitions. */

#include "engine/backend.h"

#include <gmodule.h>

G_MODULE_EXPORT const EngBackend *eng_backend_get (void);

#ifdef FAKE_NO_ENTRY
G_MODULE_EXPORT int some_other_function (void);

int
some_other_function (void)
{
  return 0;
}
#else

static guint
count_devices (char **reason)
{
#ifdef FAKE_NO_DEVICE
  *reason = g_strdup ("the only card has left the building");
  return 0;
#else
  return 1;
#endif
}

const EngBackend *
eng_backend_get (void)
{
  static EngBackend backend = { .name = "fake", .count_devices = count_devices };

#ifdef FAKE_WRONG_ABI
  backend.abi = ENG_BACKEND_ABI + 1;
#else
  backend.abi = ENG_BACKEND_ABI;
#endif
  return &backend;
}
#endif
