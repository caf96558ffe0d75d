/* SPDX-License-Identifier: MIT
 *
 * Free lists for the engine's small fixed structures (tensor headers, grad_fns,
 * queues): a step of a tiny net makes and drops dozens of them, and malloc would
 * be most of its time. One thread uses the engine, so there are no locks. Under
 * AddressSanitizer it is plain malloc, so that misuse is seen. */
#pragma once

#include <glib.h>

/* Uninitialised memory, aligned to 16. Give the same size when freeing. */
gpointer eng_pool_alloc (gsize size);
gpointer eng_pool_alloc0 (gsize size);
void eng_pool_free (gpointer memory, gsize size);
