/* SPDX-License-Identifier: MIT
 *
 * A view given by sizes, strides and offset, with a derivative: how views are
 * tied to a base whose history changed. For the engine's own use; scripts have
 * the views of engine/ops. */
#pragma once

#include "op.h"

/* Where elements stand in a storage, in elements. */
typedef struct
{
  guint ndim;
  gint64 sizes[ENG_MAX_NDIM];
  gint64 strides[ENG_MAX_NDIM];
  gint64 offset;
} EngGeometry;

void eng_geometry_of (EngGeometry *geometry, const EngTensor *tensor);
/* Uninitialised, with geometry's sizes and strides, offset 0. */
EngTensor *eng_geometry_new_tensor (const EngGeometry *geometry, EngDtype dtype, GError **error);
/* The view of self that geometry describes, its offset counted from zero_offset. Differentiable. */
EngTensor *eng_as_strided (EngTensor *self, const EngGeometry *geometry, gint64 zero_offset, GError **error);
/* The AsStridedBackward0 that reading view from base would have made. */
EngGradFn *eng_as_strided_new_grad_fn (EngTensor *base, const EngTensor *view);
