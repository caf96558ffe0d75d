/* SPDX-License-Identifier: MIT
 *
 * The walk over strided operands (walk.h). Its cost matters for tiny tensors: no
 * allocation, and a contiguous call ends in one row after one pass over the dims. */
#include <string.h>

#include "walk.h"

void
eng_walk_init (EngWalk *walk, guint ndim, const gint64 *sizes)
{
  walk->ndim = ndim;
  walk->n_operands = 0;
  for (guint d = 0; d < ndim; d++)
    walk->sizes[d] = sizes[d];
}

void
eng_walk_add (EngWalk *walk, const EngTensor *tensor)
{
  guint k = walk->n_operands++;
  guint ndim = eng_tensor_get_ndim (tensor);
  const gint64 *sizes = eng_tensor_get_sizes (tensor);
  const gint64 *strides = eng_tensor_get_strides (tensor);
  guint lead = walk->ndim - ndim;
  for (guint d = 0; d < lead; d++)
    walk->strides[k][d] = 0;
  for (guint d = 0; d < ndim; d++)
    walk->strides[k][lead + d] = sizes[d] == 1 ? 0 : strides[d];
  walk->item_size[k] = eng_dtype_size (eng_tensor_get_dtype (tensor));
  walk->data[k] = eng_tensor_get_data (tensor);
}

static void
swap_dims (EngWalk *walk, guint a, guint b)
{
  gint64 size = walk->sizes[a];
  walk->sizes[a] = walk->sizes[b];
  walk->sizes[b] = size;
  for (guint k = 0; k < walk->n_operands; k++)
    {
      gint64 stride = walk->strides[k][a];
      walk->strides[k][a] = walk->strides[k][b];
      walk->strides[k][b] = stride;
    }
}

static gboolean
can_merge (const EngWalk *walk, guint outer, guint inner)
{
  for (guint k = 0; k < walk->n_operands; k++)
    if (walk->strides[k][outer] != walk->strides[k][inner] * walk->sizes[inner])
      return FALSE;
  return TRUE;
}

static void
move_dim (EngWalk *walk, guint from, guint to)
{
  walk->sizes[to] = walk->sizes[from];
  for (guint k = 0; k < walk->n_operands; k++)
    walk->strides[k][to] = walk->strides[k][from];
}

static void
drop_size_one (EngWalk *walk)
{
  guint kept = 0;
  for (guint d = 0; d < walk->ndim; d++)
    if (walk->sizes[d] != 1)
      move_dim (walk, d, kept++);
  walk->ndim = kept;
}

void
eng_walk_simplify (EngWalk *walk)
{
  drop_size_one (walk);
  if (walk->ndim < 2)
    return;
  /* Insertion sort by operand 0's strides, largest first; equal ones keep their order. */
  for (guint i = 1; i < walk->ndim; i++)
    for (guint j = i; j > 0 && walk->strides[0][j - 1] < walk->strides[0][j]; j--)
      swap_dims (walk, j - 1, j);
  guint last = 0;
  for (guint d = 1; d < walk->ndim; d++)
    {
      if (can_merge (walk, last, d))
        {
          gint64 merged = walk->sizes[last] * walk->sizes[d];
          move_dim (walk, d, last);
          walk->sizes[last] = merged;
        }
      else
        move_dim (walk, d, ++last);
    }
  walk->ndim = last + 1;
}

void
eng_walk_run (const EngWalk *walk, EngRow row, const double *numbers)
{
  char *data[ENG_MAX_OPERANDS];
  gint64 strides[ENG_MAX_OPERANDS];
  gint64 index[ENG_MAX_NDIM] = { 0 };
  guint n = walk->n_operands;
  guint inner = walk->ndim > 0 ? walk->ndim - 1 : 0;
  for (guint d = 0; d < walk->ndim; d++)
    if (walk->sizes[d] == 0)
      return;
  for (guint k = 0; k < n; k++)
    {
      data[k] = walk->data[k];
      strides[k] = walk->ndim > 0 ? walk->strides[k][inner] : 1;
    }
  gint64 length = walk->ndim > 0 ? walk->sizes[inner] : 1;
  while (TRUE)
    {
      row (data, strides, length, numbers);
      guint d = inner;
      while (d-- > 0)
        {
          gint64 step = ++index[d] < walk->sizes[d] ? 1 : 1 - walk->sizes[d];
          for (guint k = 0; k < n; k++)
            data[k] += step * walk->strides[k][d] * (gint64) walk->item_size[k];
          if (step == 1)
            break;
          index[d] = 0;
        }
      if (d == (guint) -1)
        return;
    }
}
