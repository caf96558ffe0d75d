/* SPDX-License-Identifier: MIT
 *
 * dot in a process of its own, because dot cannot be told to stop: that process
 * can be killed. It is this same program, started once and kept for the next
 * graph; one that was killed is started anew. What it answers is bounds-checked.
 * layout_helper_run: worker threads; each job has a helper to itself. */
#pragma once

#include "layout-private.h"

/* TRUE: the graph is big enough to go there, and there is such a program. */
gboolean layout_helper_is_for (const LayoutInput *input);
/* What layout_dot answers, or LAYOUT_ERROR_TOO_SLOW after the limit, G_IO_ERROR_CANCELLED soon after the
 * cancellable is cancelled, LAYOUT_ERROR_FAILED when the process died. Blocking. */
LayoutPlaces *layout_helper_run (const LayoutInput *input, GPtrArray *order, GCancellable *cancellable, GError **error);

/* parcel.c: a job and its answer as bytes, between two processes of one program. NULL: damaged. */
GByteArray *layout_parcel_pack_job (const LayoutInput *input, GPtrArray *order);
gboolean layout_parcel_unpack_job (const GByteArray *bytes, LayoutInput **input, GPtrArray **order);
GByteArray *layout_parcel_pack_places (const LayoutInput *input, const LayoutPlaces *places);   /* places NULL: none */
LayoutPlaces *layout_parcel_unpack_places (const LayoutInput *input, const GByteArray *bytes);
