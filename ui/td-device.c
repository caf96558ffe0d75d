/* SPDX-License-Identifier: MIT
 *
 * The window never holds the engine, so it looks only at what the driver shows of
 * itself in the file system; the device button comes with kernels for one. */
#include "td-device.h"

char *
td_device_describe (void)
{
  g_autofree char *driver = NULL;

  if (!g_file_test ("/dev/nvidiactl", G_FILE_TEST_EXISTS) && !g_file_test ("/dev/dxg", G_FILE_TEST_EXISTS))
    return g_strdup ("Computes on the CPU: no NVIDIA GPU was found");
  if (!g_file_get_contents ("/proc/driver/nvidia/version", &driver, NULL, NULL))
    return g_strdup ("Computes on the CPU: the NVIDIA driver is not loaded");
  return g_strdup ("Computes on the CPU: this version has no GPU kernels");
}
