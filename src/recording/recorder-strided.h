/* SPDX-License-Identifier: MIT
 *
 * Elements of a tensor with any strides: row-major copies, and the reduced picture
 * of what is too big to keep. Dimensions that repeat the same memory (stride 0, from
 * expand) are walked once, so that the cost goes by the memory there is, not by the
 * sizes it is read with. Private to the recorder; on the engine's thread. */
#pragma once

#include "shot.h"
#include "engine/tensor.h"

typedef struct
{
  guint ndim;
  gint64 sizes[ENG_MAX_NDIM], strides[ENG_MAX_NDIM];   /* in elements */
  const guint8 *data;
  RecDtype dtype;
} RecStrided;
/* tensor: borrowed for as long as strided is used. */
void rec_strided_init (RecStrided *strided, EngTensor *tensor);
/* Drops dimensions of one element: the row-major order stays, rows get longer. */
void rec_strided_drop_ones (RecStrided *strided);
/* Copies the elements [first, first + n) of the row-major order. */
void rec_strided_copy (const RecStrided *strided, gint64 first, gint64 n, gpointer to);
/* Fills reducer's picture, and stats, with the whole tensor; scratch grows to a fixed size. */
void rec_strided_reduce (GByteArray *scratch, EngTensor *tensor, RecReducer *reducer, RecStats *stats);
