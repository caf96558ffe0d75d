/* SPDX-License-Identifier: MIT
 *
 * The walk over places (places.h): the last run of inner dims is a row, all other
 * dims are stepped through outside, and one typed loop does all places of a step. */
#include <string.h>

#include "places.h"

#define ENG_JOIN3_(a, b, c) a##b##c
#define ENG_JOIN3(a, b, c) ENG_JOIN3_ (a, b, c)

/* n places; at each, `length` elements with these strides. */
typedef struct
{
  const gint64 *offsets;
  gint64 n;
  gint64 step; /* of the dense operand from place to place */
  gint64 length;
  gint64 stride;  /* of the tensor from element to element */
  gint64 advance; /* of the dense operand from element to element */
} PlaceRow;

typedef void (*PlaceMover) (void *tensor, void *dense, const PlaceRow *row);

typedef struct
{
  PlaceMover take;
  PlaceMover put[ENG_N_PUTS];
} PlaceRows;

#define T _Bool
#define W guint64
#define S _bool
#include "places-type.h"

#define T guint8
#define W guint64
#define S _uint8
#include "places-type.h"

#define T gint8
#define W guint64
#define S _int8
#include "places-type.h"

#define T gint16
#define W guint64
#define S _int16
#include "places-type.h"

#define T gint32
#define W guint64
#define S _int32
#include "places-type.h"

#define T gint64
#define W guint64
#define S _int64
#include "places-type.h"

#define T float
#define W float
#define S _float32
#include "places-type.h"

#define T double
#define W double
#define S _float64
#include "places-type.h"

static const PlaceRows *const rows_of[ENG_N_DTYPES] = {
  [ENG_BOOL] = &rows_bool,       [ENG_UINT8] = &rows_uint8,     [ENG_INT8] = &rows_int8,
  [ENG_INT16] = &rows_int16,     [ENG_INT32] = &rows_int32,     [ENG_INT64] = &rows_int64,
  [ENG_FLOAT32] = &rows_float32, [ENG_FLOAT64] = &rows_float64,
};

/* The dims that are stepped through outside the typed loop. */
typedef struct
{
  guint ndim;
  gint64 sizes[2 * ENG_MAX_NDIM];
  gint64 tensor_strides[2 * ENG_MAX_NDIM];
  gint64 dense_strides[2 * ENG_MAX_NDIM];
} Loops;

static void
add_loop (Loops *loops, gint64 size, gint64 tensor_stride, gint64 dense_stride)
{
  if (size == 1)
    return;
  loops->sizes[loops->ndim] = size;
  loops->tensor_strides[loops->ndim] = tensor_stride;
  loops->dense_strides[loops->ndim++] = dense_stride;
}

/* Splits the inner dims into the row and loops round it. Returns the elements of one place. */
static gint64
plan_inner (const EngPlaces *places, PlaceRow *row, Loops *loops)
{
  guint d = places->n_inner;
  gint64 numel = 1;
  row->length = 1;
  row->stride = 1;
  while (d > 0
         && (row->length == 1 || places->inner_sizes[d - 1] == 1
             || places->inner_strides[d - 1] == row->stride * row->length))
    {
      d--;
      if (places->inner_sizes[d] == 1)
        continue;
      if (row->length == 1)
        row->stride = places->inner_strides[d];
      row->length *= places->inner_sizes[d];
    }
  numel = row->length;
  while (d-- > 0)
    {
      add_loop (loops, places->inner_sizes[d], places->inner_strides[d], numel);
      numel *= places->inner_sizes[d];
    }
  return numel;
}

static void
plan (const EngPlaces *places, gboolean single, PlaceRow *row, Loops *loops)
{
  loops->ndim = 0;
  row->offsets = places->offsets;
  row->n = places->n;
  gint64 numel = plan_inner (places, row, loops);
  row->step = single ? 0 : numel;
  row->advance = single ? 0 : 1;
  numel *= places->n;
  for (guint d = places->n_outer; d-- > 0;)
    {
      add_loop (loops, places->outer_sizes[d], places->outer_strides[d], numel);
      numel *= places->outer_sizes[d];
    }
  for (guint d = 0; single && d < loops->ndim; d++)
    loops->dense_strides[d] = 0;
}

static gboolean
is_empty (const EngPlaces *places)
{
  gboolean empty = places->n == 0;
  for (guint d = 0; d < places->n_outer; d++)
    empty |= places->outer_sizes[d] == 0;
  for (guint d = 0; d < places->n_inner; d++)
    empty |= places->inner_sizes[d] == 0;
  return empty;
}

static void
run (const EngPlaces *places, const EngTensor *tensor, const EngTensor *dense, gboolean single,
     PlaceMover mover)
{
  PlaceRow row;
  Loops loops;
  gint64 index[2 * ENG_MAX_NDIM] = { 0 };
  gint64 size = (gint64) eng_dtype_size (eng_tensor_get_dtype (tensor));
  char *at = eng_tensor_get_data (tensor), *dense_at = eng_tensor_get_data (dense);
  if (is_empty (places))
    return;
  plan (places, single, &row, &loops);
  while (TRUE)
    {
      guint d = 0;
      mover (at, dense_at, &row);
      for (; d < loops.ndim; d++)
        {
          gint64 step = ++index[d] < loops.sizes[d] ? 1 : 1 - loops.sizes[d];
          at += step * loops.tensor_strides[d] * size;
          dense_at += step * loops.dense_strides[d] * size;
          if (step == 1)
            break;
          index[d] = 0;
        }
      if (d == loops.ndim)
        return;
    }
}

void
eng_places_take (const EngPlaces *places, EngTensor *dense, const EngTensor *tensor)
{
  run (places, tensor, dense, FALSE, rows_of[eng_tensor_get_dtype (tensor)]->take);
}

void
eng_places_put (const EngPlaces *places, EngTensor *tensor, const EngTensor *dense, gboolean single,
                EngPut put)
{
  run (places, tensor, dense, single, rows_of[eng_tensor_get_dtype (tensor)]->put[put]);
}

gint64
eng_places_add_index (gint64 *offsets, const gint64 *index, gint64 n, gint64 size, gint64 stride,
                      gboolean wrap)
{
  const gint64 lowest = wrap ? -size : 0;
  for (gint64 i = 0; i < n; i++)
    {
      gint64 at = index[i];
      if (G_UNLIKELY (at < lowest || at >= size))
        return i;
      offsets[i] += (at < 0 ? at + size : at) * stride;
    }
  return -1;
}
