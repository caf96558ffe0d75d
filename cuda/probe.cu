/* SPDX-License-Identifier: MIT
 *
 * Compiled once when the build is configured, to see whether nvcc works here with
 * the system's compiler and for the GPUs that the module is built for. */

#include <cuda_runtime_api.h>

extern "C" int
probe (void)
{
  int n_devices = 0;
  return cudaGetDeviceCount (&n_devices) == cudaSuccess ? n_devices : 0;
}
