/* SPDX-License-Identifier: MIT
 *
 * torch.device: so far there is one device, the CPU; naming another is refused
 * with PyTorch's words when a tensor would have to live there. */
#pragma once

#include "py.h"

extern PyTypeObject script_device_type;

gboolean script_device_type_ready (void);
/* device(type='cpu'), borrowed. */
PyObject *script_device_cpu (void);
/* TRUE for the CPU, named in any way. FALSE for other types of object, and with an
 * exception set for devices that are not there. */
gboolean script_device_accept (PyObject *object);
