/* SPDX-License-Identifier: MIT
 *
 * The engine's public face: tensors, operations through one door, autograd,
 * random numbers, printing. No GObject, GTK, Python or src/ in here. */
#pragma once

#include "autograd.h"
#include "call.h"
#include "format.h"
#include "observer.h"
#include "random.h"
