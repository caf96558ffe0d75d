/* SPDX-License-Identifier: MIT
 *
 * Folds a tensor over some of its dims (run.h). Where the reduced dims run
 * innermost in memory, each result folds its rows; otherwise a block of results
 * is folded side by side, so that memory is read in order either way. */
#include <string.h>

#include "run.h"

#define ENG_FOLD_BLOCK 512

/* Some dims of a tensor, to be counted through. */
typedef struct
{
  guint ndim;
  gint64 sizes[ENG_MAX_NDIM];
  gint64 strides[ENG_MAX_NDIM];        /* bytes of self */
  gint64 out_strides[ENG_MAX_NDIM];    /* bytes of out; 0 for reduced dims */
} Dims;

typedef struct
{
  EngFold fold;
  EngDtype dtype;
  EngDtype out_dtype;
  gint64 item_size;
  gint64 out_item_size;
  EngFinish finish;
  double number;
  Dims kept;
  Dims reduced;
} Fold;

static void
dims_add (Dims *dims, gint64 size, gint64 stride, gint64 out_stride)
{
  if (size == 1)
    return;
  guint d = dims->ndim++;
  /* Largest stride first, so that the last dim is the innermost. */
  for (; d > 0 && dims->strides[d - 1] < stride; d--)
    {
      dims->sizes[d] = dims->sizes[d - 1];
      dims->strides[d] = dims->strides[d - 1];
      dims->out_strides[d] = dims->out_strides[d - 1];
    }
  dims->sizes[d] = size;
  dims->strides[d] = stride;
  dims->out_strides[d] = out_stride;
}

/* Merges dims that run on in both memories: a whole contiguous tensor is one row. */
static void
dims_merge (Dims *dims)
{
  guint last = 0;
  for (guint d = 1; d < dims->ndim; d++)
    {
      gboolean runs_on = dims->strides[last] == dims->strides[d] * dims->sizes[d]
                         && dims->out_strides[last] == dims->out_strides[d] * dims->sizes[d];
      gint64 size = dims->sizes[d] * (runs_on ? dims->sizes[last] : 1);
      last += runs_on ? 0 : 1;
      dims->sizes[last] = size;
      dims->strides[last] = dims->strides[d];
      dims->out_strides[last] = dims->out_strides[d];
    }
  dims->ndim = dims->ndim > 0 ? last + 1 : 0;
}

/* Steps index through the first n dims, moving both pointers. FALSE at the end. */
static gboolean
dims_next (const Dims *dims, guint n, gint64 *index, const char **x, char **out)
{
  while (n-- > 0)
    {
      gint64 step = ++index[n] < dims->sizes[n] ? 1 : 1 - dims->sizes[n];
      *x += step * dims->strides[n];
      *out += step * dims->out_strides[n];
      if (step == 1)
        return TRUE;
      index[n] = 0;
    }
  return FALSE;
}

static gint64
dims_numel (const Dims *dims)
{
  gint64 numel = 1;
  for (guint d = 0; d < dims->ndim; d++)
    numel *= dims->sizes[d];
  return numel;
}

/* The accumulator before any element: 0, 1, or for extremes the first element. */
static void
start (const Fold *fold, EngAccumulator *accumulators, const char *x, gint64 stride, gint64 n)
{
  gboolean floating = eng_dtype_category (fold->dtype) == ENG_CATEGORY_FLOATING;
  if (fold->fold == ENG_FOLD_MAX || fold->fold == ENG_FOLD_MIN)
    {
      char *data[2] = { (char *) accumulators, (char *) x };
      gint64 strides[2] = { 1, stride / fold->item_size };
      eng_kernels->cast[floating ? ENG_FLOAT64 : ENG_INT64][fold->dtype] (data, strides, n, NULL);
      return;
    }
  gboolean one = fold->fold == ENG_FOLD_PROD || fold->fold == ENG_FOLD_ALL;
  for (gint64 i = 0; i < n; i++)
    {
      if (floating)
        accumulators[i].number = one;
      else
        accumulators[i].integer = one;
    }
}

static void
store (const Fold *fold, EngAccumulator *accumulators, char *out, gint64 out_stride, gint64 n)
{
  gboolean floating = eng_dtype_category (fold->dtype) == ENG_CATEGORY_FLOATING;
  if (fold->finish != NULL)
    {
      for (gint64 i = 0; i < n; i++)
        {
          double folded = floating ? accumulators[i].number : (double) accumulators[i].integer;
          accumulators[i].number = fold->finish (folded, fold->number);
        }
      floating = TRUE;
    }
  char *data[2] = { out, (char *) accumulators };
  gint64 strides[2] = { out_stride / fold->out_item_size, 1 };
  eng_kernels->cast[fold->out_dtype][floating ? ENG_FLOAT64 : ENG_INT64] (data, strides, n, NULL);
}

/* Folds everything under one result. */
static void
fold_one (const Fold *fold, const char *x, EngAccumulator *accumulator)
{
  const EngFoldLoops *loops = &eng_kernels->folds[fold->dtype][fold->fold];
  const Dims *dims = &fold->reduced;
  gint64 index[ENG_MAX_NDIM] = { 0 };
  guint inner = dims->ndim > 0 ? dims->ndim - 1 : 0;
  gint64 n = dims->ndim > 0 ? dims->sizes[inner] : 1;
  gint64 stride = dims->ndim > 0 ? dims->strides[inner] / fold->item_size : 1;
  char *unused = NULL;
  do
    loops->along (accumulator, x, stride, n);
  while (dims_next (dims, inner, index, &x, &unused));
}

static void
fold_along (const Fold *fold, const char *x, char *out)
{
  gint64 index[ENG_MAX_NDIM] = { 0 };
  gboolean empty = dims_numel (&fold->reduced) == 0;
  do
    {
      EngAccumulator accumulator;
      start (fold, &accumulator, x, 0, 1);
      if (!empty)
        fold_one (fold, x, &accumulator);
      store (fold, &accumulator, out, fold->out_item_size, 1);
    }
  while (dims_next (&fold->kept, fold->kept.ndim, index, &x, &out));
}

/* Folds a block of n neighbouring results side by side. */
static void
fold_block (const Fold *fold, const char *x, gint64 stride, gint64 n, char *out, gint64 out_stride)
{
  const EngFoldLoops *loops = &eng_kernels->folds[fold->dtype][fold->fold];
  EngAccumulator accumulators[ENG_FOLD_BLOCK];
  gint64 index[ENG_MAX_NDIM] = { 0 };
  char *unused = NULL;
  start (fold, accumulators, x, stride, n);
  const char *row = x;
  do
    loops->across (accumulators, row, stride / fold->item_size, n);
  while (dims_next (&fold->reduced, fold->reduced.ndim, index, &row, &unused));
  store (fold, accumulators, out, out_stride, n);
}

static void
fold_across (const Fold *fold, const char *x, char *out)
{
  const Dims *kept = &fold->kept;
  gint64 index[ENG_MAX_NDIM] = { 0 };
  guint inner = kept->ndim - 1;
  gint64 n = kept->sizes[inner];
  do
    for (gint64 i = 0; i < n; i += ENG_FOLD_BLOCK)
      fold_block (fold, x + i * kept->strides[inner], kept->strides[inner], MIN (ENG_FOLD_BLOCK, n - i),
                  out + i * kept->out_strides[inner], kept->out_strides[inner]);
  while (dims_next (kept, inner, index, &x, &out));
}

/* Sorts the dims of self into kept and reduced ones. out has the kept dims in
 * order, with or without the reduced ones as size 1. */
static void
split_dims (Fold *fold, const EngTensor *out, const EngTensor *self, guint32 mask)
{
  guint ndim = eng_tensor_get_ndim (self);
  gboolean keepdim = eng_tensor_get_ndim (out) == ndim;
  const gint64 *strides = eng_tensor_get_strides (self);
  const gint64 *out_strides = eng_tensor_get_strides (out);
  guint k = 0;
  for (guint d = 0; d < ndim; d++)
    {
      gint64 size = eng_tensor_get_sizes (self)[d];
      gboolean is_reduced = (mask >> d) & 1;
      gint64 out_stride = is_reduced ? 0 : out_strides[k] * fold->out_item_size;
      dims_add (is_reduced ? &fold->reduced : &fold->kept, size, strides[d] * fold->item_size, out_stride);
      k += keepdim || !is_reduced;
    }
  dims_merge (&fold->kept);
  dims_merge (&fold->reduced);
}

void
eng_run_fold (EngFold fold_kind, EngTensor *out, EngTensor *self, guint32 mask, EngFinish finish, double number)
{
  Fold fold = {
    .fold = fold_kind,
    .dtype = eng_tensor_get_dtype (self),
    .out_dtype = eng_tensor_get_dtype (out),
    .finish = finish,
    .number = number,
  };
  if (eng_tensor_get_numel (out) == 0)
    return;
  fold.item_size = (gint64) eng_dtype_size (fold.dtype);
  fold.out_item_size = (gint64) eng_dtype_size (fold.out_dtype);
  split_dims (&fold, out, self, mask);
  const Dims *kept = &fold.kept;
  const Dims *reduced = &fold.reduced;
  gboolean across = kept->ndim > 0 && reduced->ndim > 0 && dims_numel (reduced) > 0
                    && kept->strides[kept->ndim - 1] < reduced->strides[reduced->ndim - 1]
                    && kept->sizes[kept->ndim - 1] > 1;
  if (across)
    fold_across (&fold, eng_tensor_get_data (self), eng_tensor_get_data (out));
  else
    fold_along (&fold, eng_tensor_get_data (self), eng_tensor_get_data (out));
}
