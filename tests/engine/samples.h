/* SPDX-License-Identifier: MIT
 *
 * Reads the samples on the cards. One sample is an argument list as in Python:
 *   T(2,3) floats   P(2,3) floats above 0   U(2,3) between −1 and 1   G(2,3) above 1
 *   N(…) floats that need no gradient   'text'
 *   I(4) small ints   J(4) ints above 0   B(3) bools   [T(2), T(3)] a list
 *   1.5  2  inf  'add'  True  None  [0,-1]  dtype=int64  name=value
 * Elements follow a fixed rule of their place and of the argument's, the same in
 * reference.py, so that real PyTorch can be asked about the same numbers. */
#pragma once

#include "engine/engine.h"

#define MAX_SAMPLE_TENSORS 8

typedef enum
{
  LAYOUT_CONTIGUOUS,
  LAYOUT_TRANSPOSED,     /* memory in the reverse order of dims */
  LAYOUT_STEPPED,        /* every second element of memory */
  N_LAYOUTS
} Layout;

typedef struct
{
  EngValue args[16];
  guint n_tensors;
  EngTensor *tensors[MAX_SAMPLE_TENSORS];     /* owned, in order */
  gboolean wants_grad[MAX_SAMPLE_TENSORS];
  EngTensor *list[MAX_SAMPLE_TENSORS];        /* borrowed items of a Tensor[] */
  gint64 ints[4][16];
} Sample;

/* floating: the dtype of T, P, U, G and N. All but N then require grad if asked to. */
void sample_parse (Sample *sample, const EngOp *op, const char *text, EngDtype floating, Layout layout,
                   gboolean requires_grad);
void sample_clear (Sample *sample);
