/* SPDX-License-Identifier: MIT
 *
 * The CUDA backend as a module: one exported function, eng_backend_get, which the
 * engine looks up after opening tapedeck-cuda.so. It finds the devices and says in
 * words why there is none; its kernels come with their own issue, so its table has
 * none yet and the engine refuses them by name. Engine's thread only. */

#include "engine/backend.h"

#include <cuda_runtime_api.h>

/* The oldest compute capability that the module is built for (see meson.build). */
#define OLDEST_MAJOR 8

/* Whether device k exists and this module has code for it; else reason is set. */
static bool
device_is_usable (int k, char **reason)
{
  cudaDeviceProp properties;
  cudaError_t status = cudaGetDeviceProperties (&properties, k);

  if (status != cudaSuccess)
    *reason = g_strdup_printf ("GPU %d does not answer: %s", k, cudaGetErrorString (status));
  else if (properties.major < OLDEST_MAJOR)
    *reason = g_strdup_printf ("%s has compute capability %d.%d; this build needs %d.0 or later", properties.name,
                               properties.major, properties.minor, OLDEST_MAJOR);
  else
    return true;
  return false;
}

/* EngBackend.count_devices: the usable devices; 0 sets reason (owned by the caller). */
static guint
count_devices (char **reason)
{
  char *why = NULL;
  guint n_usable = 0;
  int n_devices = 0;
  cudaError_t status = cudaGetDeviceCount (&n_devices);

  if (status != cudaSuccess)
    n_devices = 0;
  for (int k = 0; k < n_devices; k++)
    {
      g_clear_pointer (&why, g_free);
      n_usable += device_is_usable (k, &why);
    }
  if (n_usable == 0 && why == NULL)
    why = g_strdup_printf ("no NVIDIA GPU can be used: %s",
                           status != cudaSuccess ? cudaGetErrorString (status) : "none was found");
  if (n_usable == 0 && reason != NULL)
    *reason = g_steal_pointer (&why);
  g_free (why);
  return n_usable;
}

extern "C" __attribute__ ((visibility ("default"))) const EngBackend *
eng_backend_get (void)
{
  static EngBackend backend;

  backend.abi = ENG_BACKEND_ABI;
  backend.name = "cuda";
  backend.count_devices = count_devices;
  return &backend;
}
