/* SPDX-License-Identifier: MIT
 *
 * One walk over several tensors of the same (broadcast) sizes: dims of size 1 are
 * dropped, dims that run on in every operand are merged, the innermost is handed
 * over as a row. Used by run.c and fold.c only. */
#pragma once

#include "kernels.h"
#include "engine/inline.h"

typedef struct
{
  guint ndim;
  guint n_operands;
  gint64 sizes[ENG_MAX_NDIM];
  gint64 strides[ENG_MAX_OPERANDS][ENG_MAX_NDIM];   /* in elements */
  gsize item_size[ENG_MAX_OPERANDS];
  char *data[ENG_MAX_OPERANDS];
} EngWalk;

void eng_walk_init (EngWalk *walk, guint ndim, const gint64 *sizes);
/* Adds an operand, broadcast to the walk's sizes. */
void eng_walk_add (EngWalk *walk, const EngTensor *tensor);
/* Drops and merges dims; the walk's order then follows operand 0's memory. */
void eng_walk_simplify (EngWalk *walk);
/* Calls row for each innermost row. strides are those of the last dim. */
void eng_walk_run (const EngWalk *walk, EngRow row, const double *numbers);
