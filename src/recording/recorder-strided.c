/* SPDX-License-Identifier: MIT
 *
 * See recorder-strided.h. */
#include "recorder-strided.h"

#include <math.h>
#include <string.h>

#define CHUNK_NUMEL 16384

void
rec_strided_init (RecStrided *strided, EngTensor *tensor)
{
  strided->ndim = eng_tensor_get_ndim (tensor);
  strided->data = eng_tensor_get_data (tensor);
  strided->dtype = (RecDtype) eng_tensor_get_dtype (tensor);
  for (guint d = 0; d < strided->ndim; d++)
    {
      strided->sizes[d] = eng_tensor_get_sizes (tensor)[d];
      strided->strides[d] = eng_tensor_get_strides (tensor)[d];
    }
}

void
rec_strided_drop_ones (RecStrided *strided)
{
  guint kept = 0;
  for (guint d = 0; d < strided->ndim; d++)
    if (strided->sizes[d] != 1)
      {
        strided->sizes[kept] = strided->sizes[d];
        strided->strides[kept++] = strided->strides[d];
      }
  strided->ndim = kept;
}

#define COPY_ROW(type) \
  for (gint64 k = 0; k < n; k++) \
    ((type *) to)[k] = ((const type *) from)[k * stride]

static void
copy_row (gpointer to, gconstpointer from, gint64 n, gint64 stride, gsize size)
{
  if (stride == 1)
    {
      memcpy (to, from, n * size);
      return;
    }
  switch (size)
    {
    case 1: COPY_ROW (guint8); break;
    case 2: COPY_ROW (guint16); break;
    case 4: COPY_ROW (guint32); break;
    default: COPY_ROW (guint64); break;
    }
}

void
rec_strided_copy (const RecStrided *strided, gint64 first, gint64 n, gpointer to)
{
  guint ndim = strided->ndim;
  const gint64 *sizes = strided->sizes, *strides = strided->strides;
  gint64 size = rec_dtype_size (strided->dtype);
  gint64 row_length = ndim > 0 ? sizes[ndim - 1] : 1, row_stride = ndim > 0 ? strides[ndim - 1] : 1;
  for (guint8 *at = to; n > 0;)
    {
      gint64 col = first % row_length, row = first / row_length, run = MIN (n, row_length - col);
      gint64 offset = col * row_stride;
      for (guint d = ndim > 0 ? ndim - 1 : 0; d-- > 0; row /= sizes[d])
        offset += row % sizes[d] * strides[d];
      copy_row (at, strided->data + offset * size, run, row_stride, size);
      at += run * size;
      first += run;
      n -= run;
    }
}

/* Every element, as it comes. */
static void
reduce_all (GByteArray *scratch, const RecStrided *strided, gint64 numel, RecReducer *reducer)
{
  for (gint64 at = 0; at < numel; at += CHUNK_NUMEL)
    {
      gint64 n = MIN (CHUNK_NUMEL, numel - at);
      rec_strided_copy (strided, at, n, scratch->data);
      rec_reducer_add (reducer, strided->dtype, scratch->data, n);
    }
}

/* Dimensions that repeat */

typedef struct
{
  const RecStrided *strided;
  RecReducer *reducer;
  guint8 *scratch;
  guint picture_row;
  gboolean has_round;                    /* round is known */
  float round[REC_SHOT_PICTURE_SIDE];    /* a picture row that shows all rows of one turn of dimension 0 */
} Walk;

/* One row of the matrix; one that repeats a single number is shown by it. */
static void
show_row (Walk *walk, gint64 offset)
{
  const RecStrided *strided = walk->strided;
  gint64 size = rec_dtype_size (strided->dtype), cols = walk->reducer->cols;
  gint64 stride = strided->ndim > 0 ? strided->strides[strided->ndim - 1] : 1;
  if (stride == 0)
    {
      for (guint block = 0; block < walk->reducer->picture_cols; block++)
        rec_reducer_show (walk->reducer, walk->picture_row, walk->reducer->first_col[block], strided->dtype,
                          strided->data + offset * size, 1);
      return;
    }
  for (gint64 col = 0; col < cols; col += CHUNK_NUMEL)
    {
      gint64 n = MIN (CHUNK_NUMEL, cols - col);
      copy_row (walk->scratch, strided->data + (offset + col * stride) * size, n, stride, size);
      rec_reducer_show (walk->reducer, walk->picture_row, col, strided->dtype, walk->scratch, n);
    }
}

/* The rows first…last (numbers within dimensions d to ndim − 2, n_rows in all); of a
 * dimension that repeats, one whole turn stands for all. */
static void
show_rows (Walk *walk, guint d, gint64 offset, gint64 first, gint64 last, gint64 n_rows)
{
  const RecStrided *strided = walk->strided;
  if (d + 1 >= strided->ndim)
    {
      show_row (walk, offset);
      return;
    }
  gint64 inner = n_rows / strided->sizes[d], begin = first / inner, end = last / inner;
  if (strided->strides[d] == 0 && end - begin > 1)
    {
      show_rows (walk, d + 1, offset, 0, inner - 1, inner);
      return;
    }
  for (gint64 k = begin; k <= end; k++)
    show_rows (walk, d + 1, offset + k * strided->strides[d], k == begin ? first % inner : 0,
               k == end ? last % inner : inner - 1, inner);
}

/* Picture rows that show at least one whole turn of a repeating first dimension are
 * all the same: only the first of them is worked out. */
static void
show_picture_row (Walk *walk)
{
  const RecStrided *strided = walk->strided;
  RecReducer *reducer = walk->reducer;
  gint64 first = rec_reducer_get_first_row (reducer, walk->picture_row);
  gint64 last = rec_reducer_get_first_row (reducer, walk->picture_row + 1) - 1;
  float *row = reducer->picture + walk->picture_row * reducer->picture_cols;
  gboolean is_round = strided->ndim > 1 && strided->strides[0] == 0
                      && last - first + 1 >= reducer->rows / strided->sizes[0];
  if (is_round && walk->has_round)
    memcpy (row, walk->round, reducer->picture_cols * sizeof *row);
  else
    show_rows (walk, 0, 0, first, last, reducer->rows);
  if (is_round && !walk->has_round)
    memcpy (walk->round, row, reducer->picture_cols * sizeof *row);
  walk->has_round |= is_round;
}

/* Where element index of `once` stands among all elements, first of its copies. */
static gint64
index_in_all (const RecStrided *once, const RecStrided *all, gint64 index)
{
  gint64 found = 0, step = 1;
  for (guint d = all->ndim; d-- > 0; index /= once->sizes[d])
    {
      found += index % once->sizes[d] * step;
      step *= all->sizes[d];
    }
  return found;
}

/* Statistics of each number once; then all their copies are counted in. */
static void
tally_once (const RecStrided *all, const RecStrided *once, gint64 n_once, double copies, guint8 *scratch,
            RecStats *stats)
{
  RecTally tally;
  rec_tally_init (&tally);
  for (gint64 at = 0; at < n_once; at += CHUNK_NUMEL)
    {
      gint64 n = MIN (CHUNK_NUMEL, n_once - at);
      rec_strided_copy (once, at, n, scratch);
      rec_tally_add (&tally, once->dtype, scratch, n);
    }
  rec_tally_finish (&tally, stats);
  stats->norm *= sqrt (copies);
  stats->n_nan *= copies;
  stats->n_inf *= copies;
  if (stats->largest_index >= 0)
    stats->largest_index = index_in_all (once, all, stats->largest_index);
}

static void
reduce_repeating (GByteArray *scratch, const RecStrided *all, const RecStrided *once, gint64 n_once, double copies,
                  RecReducer *reducer, RecStats *stats)
{
  Walk walk = { .strided = all, .reducer = reducer, .scratch = scratch->data };
  for (; walk.picture_row < reducer->picture_rows; walk.picture_row++)
    show_picture_row (&walk);
  tally_once (all, once, n_once, copies, scratch->data, stats);
}

void
rec_strided_reduce (GByteArray *scratch, EngTensor *tensor, RecReducer *reducer, RecStats *stats)
{
  RecStrided all, once;
  gint64 rows, cols, n_once = 1, numel = eng_tensor_get_numel (tensor);
  rec_strided_init (&all, tensor);
  rec_sizes_get_matrix (all.ndim, all.sizes, &rows, &cols);
  rec_reducer_init (reducer, rows, cols);
  once = all;
  for (guint d = 0; d < all.ndim; n_once *= once.sizes[d++])
    if (all.strides[d] == 0 && all.sizes[d] > 1)
      once.sizes[d] = 1;
  if (n_once < numel)
    {
      g_byte_array_set_size (scratch, CHUNK_NUMEL * sizeof (gint64));
      reduce_repeating (scratch, &all, &once, n_once, (double) numel / n_once, reducer, stats);
      return;
    }
  if (eng_tensor_is_contiguous (tensor))
    rec_reducer_add (reducer, all.dtype, all.data, numel);
  else
    {
      g_byte_array_set_size (scratch, CHUNK_NUMEL * sizeof (gint64));
      reduce_all (scratch, &all, numel, reducer);
    }
  rec_reducer_finish (reducer, stats);
}
