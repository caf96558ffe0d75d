/* SPDX-License-Identifier: MIT
 *
 * Largest and smallest values with their places (run.h): max, min, argmax, argmin
 * along a dim. Rows are converted to double or int64 first, so one scan serves
 * every element type exactly. */
#include <math.h>

#include "run.h"

typedef struct
{
  gboolean largest;
  gboolean floating;
  EngRow convert; /* to double or int64 */
  gint64 length, stride, item_size;
} Pick;

#define CHUNK 512

static gboolean
beats (const Pick *pick, EngAccumulator candidate, EngAccumulator best)
{
  if (!pick->floating)
    return pick->largest ? candidate.integer > best.integer : candidate.integer < best.integer;
  if (isnan (best.number))
    return FALSE;
  if (isnan (candidate.number))
    return TRUE;
  return pick->largest ? candidate.number > best.number : candidate.number < best.number;
}

/* The best of the row at data, and its place. */
static gint64
find_best (const Pick *pick, char *data, EngAccumulator *value)
{
  EngAccumulator chunk[CHUNK];
  gint64 strides[2] = { 1, pick->stride }, best = 0;
  for (gint64 first = 0; first < pick->length; first += CHUNK)
    {
      gint64 n = MIN (CHUNK, pick->length - first);
      char *operands[2] = { (char *) chunk, data + first * pick->stride * pick->item_size };
      pick->convert (operands, strides, n, NULL);
      if (first == 0)
        *value = chunk[0];
      for (gint64 i = first == 0; i < n; i++)
        if (beats (pick, chunk[i], *value))
          {
            best = first + i;
            *value = chunk[i];
          }
    }
  return best;
}

/* Steps index over the dims other than `dim`; *offset follows in elements. */
static gboolean
next_row (const EngTensor *self, guint dim, gint64 *index, gint64 *offset)
{
  const gint64 *sizes = eng_tensor_get_sizes (self);
  const gint64 *strides = eng_tensor_get_strides (self);
  for (guint d = eng_tensor_get_ndim (self); d-- > 0;)
    {
      if (d == dim)
        continue;
      *offset += strides[d];
      if (++index[d] < sizes[d])
        return TRUE;
      *offset -= strides[d] * sizes[d];
      index[d] = 0;
    }
  return FALSE;
}

void
eng_run_pick (gboolean largest, EngTensor *values, EngTensor *indices, EngTensor *self, guint dim)
{
  EngDtype dtype = eng_tensor_get_dtype (self);
  gboolean whole = eng_tensor_get_ndim (self) == 0;
  Pick pick = {
    .largest = largest,
    .floating = eng_dtype_category (dtype) == ENG_CATEGORY_FLOATING,
    .length = whole ? 1 : eng_tensor_get_sizes (self)[dim],
    .stride = whole ? 1 : eng_tensor_get_strides (self)[dim],
    .item_size = (gint64) eng_dtype_size (dtype),
  };
  gint64 index[ENG_MAX_NDIM] = { 0 };
  gint64 offset = 0, n_rows = 0;
  pick.convert = eng_kernels->cast[pick.floating ? ENG_FLOAT64 : ENG_INT64][dtype];
  if (eng_tensor_get_numel (indices) == 0)
    return;
  do
    {
      EngAccumulator value;
      gint64 best = find_best (&pick, (char *) eng_tensor_get_data (self) + offset * pick.item_size, &value);
      if (values != NULL && pick.floating)
        eng_tensor_set_double (values, n_rows, value.number);
      else if (values != NULL)
        eng_tensor_set_int64 (values, n_rows, value.integer);
      eng_tensor_set_int64 (indices, n_rows++, best);
    }
  while (next_row (self, dim, index, &offset));
}
