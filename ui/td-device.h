/* SPDX-License-Identifier: MIT
 *
 * What the menu says about the device that computes. */
#pragma once

#include <glib.h>

/* "Computes on the CPU: no NVIDIA GPU was found on this computer" … Caller frees. */
char *td_device_describe (void);
