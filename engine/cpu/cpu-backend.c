/* SPDX-License-Identifier: MIT
 *
 * The processor as a backend (backend.h): always there, one device. */
#include "engine/backend.h"
#include "engine/kernels/run.h"

static guint
count_devices (char **reason)
{
  return 1;
}

static gboolean
copy (EngTensor *dst, const EngTensor *src, GError **error)
{
  return eng_kernel_copy_within (dst, src, error);
}

static gboolean
fill (EngTensor *dst, double value, GError **error)
{
  eng_kernel_fill (dst, value);
  return TRUE;
}

const EngBackend *
eng_backend_cpu (void)
{
  static const EngBackend backend = {
    .abi = ENG_BACKEND_ABI,
    .name = "cpu",
    .count_devices = count_devices,
    .copy = copy,
    .fill = fill,
  };
  return &backend;
}
