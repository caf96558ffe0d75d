/* SPDX-License-Identifier: MIT
 *
 * Reading and writing a tensor at listed places: the kernel of indexing, gather,
 * scatter and masks. A place is an offset into the tensor's memory; the dims that
 * are not indexed stand round it. The other operand is dense: contiguous, sizes
 * outer × places × inner. Called by engine/ops; offsets are in bounds. */
#pragma once

#include "engine/inline.h"

typedef struct
{
  gint64 n;
  const gint64 *offsets;  /* n of them, in elements from the tensor's first */
  guint n_outer, n_inner; /* dims before and behind the places, with the tensor's strides */
  gint64 outer_sizes[ENG_MAX_NDIM], outer_strides[ENG_MAX_NDIM];
  gint64 inner_sizes[ENG_MAX_NDIM], inner_strides[ENG_MAX_NDIM];
} EngPlaces;

/* What a write makes of the old element and the new one. */
typedef enum
{
  ENG_PUT_SET,
  ENG_PUT_ADD,
  ENG_PUT_MULTIPLY,
  ENG_PUT_MAX, /* NaN wins */
  ENG_PUT_MIN,
  ENG_N_PUTS
} EngPut;

/* dense = tensor at the places. One dtype. */
void eng_places_take (const EngPlaces *places, EngTensor *dense, const EngTensor *tensor);
/* tensor at the places = put (old, dense), place after place. One dtype. `single`:
 * dense holds one element, which goes everywhere. */
void eng_places_put (const EngPlaces *places, EngTensor *tensor, const EngTensor *dense, gboolean single,
                     EngPut put);

/* offsets[i] += index[i] × stride for n contiguous indices into a dim of this size.
 * Negative ones count from the end if `wrap`. Returns the first index that is out
 * of bounds by its number, or -1; then nothing may be used. */
gint64 eng_places_add_index (gint64 *offsets, const gint64 *index, gint64 n, gint64 size, gint64 stride,
                             gboolean wrap);
