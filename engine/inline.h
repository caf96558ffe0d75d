/* SPDX-License-Identifier: MIT
 *
 * Bodies of the small public functions that every operation calls a dozen times:
 * the engine's own files get them inline, all others call the same functions,
 * which inline.c makes of these very bodies. Only files under engine/ include
 * this; they still write eng_tensor_get_ndim (x). */
#pragma once

#include "tensor-private.h"

#ifndef ENG_INLINE
#define ENG_INLINE extern inline __attribute__ ((gnu_inline))
#endif

typedef struct
{
  const char *name;
  const char *scalar_name;
  guint8 size;
  guint8 category;
} EngDtypeFacts;

extern const EngDtypeFacts eng_dtype_facts[ENG_N_DTYPES];

/* Bytes of one element. */
ENG_INLINE gsize
eng_dtype_size (EngDtype dtype)
{
  return eng_dtype_facts[dtype].size;
}

ENG_INLINE EngCategory
eng_dtype_category (EngDtype dtype)
{
  return (EngCategory) eng_dtype_facts[dtype].category;
}

ENG_INLINE guint64
eng_tensor_get_id (const EngTensor *tensor)
{
  return tensor->id;
}

ENG_INLINE EngDtype
eng_tensor_get_dtype (const EngTensor *tensor)
{
  return (EngDtype) tensor->dtype;
}

ENG_INLINE guint
eng_tensor_get_ndim (const EngTensor *tensor)
{
  return tensor->ndim;
}

ENG_INLINE const gint64 *
eng_tensor_get_sizes (const EngTensor *tensor)
{
  return tensor->sizes;
}

ENG_INLINE const gint64 *
eng_tensor_get_strides (const EngTensor *tensor)
{
  return tensor->sizes + tensor->ndim;
}

ENG_INLINE gint64
eng_tensor_get_storage_offset (const EngTensor *tensor)
{
  return tensor->offset;
}

ENG_INLINE gint64
eng_tensor_get_numel (const EngTensor *tensor)
{
  return tensor->numel;
}

ENG_INLINE gpointer
eng_tensor_get_data (const EngTensor *tensor)
{
  return tensor->data;
}

ENG_INLINE EngStorage *
eng_tensor_get_storage (const EngTensor *tensor)
{
  return tensor->storage;
}

ENG_INLINE guint
eng_tensor_get_version (const EngTensor *tensor)
{
  return tensor->storage->version;
}

ENG_INLINE gboolean
eng_tensor_is_contiguous (const EngTensor *tensor)
{
  return tensor->is_contiguous;
}

ENG_INLINE EngTensor *
eng_tensor_get_base (const EngTensor *tensor)
{
  return tensor->base;
}

ENG_INLINE EngTensor *
eng_tensor_ref (EngTensor *tensor)
{
  tensor->ref_count++;
  return tensor;
}

ENG_INLINE void
eng_tensor_unref (EngTensor *tensor)
{
  if (--tensor->ref_count == 0)
    eng_tensor_free (tensor);
}

ENG_INLINE gboolean
eng_shape_equal (guint a_ndim, const gint64 *a, guint b_ndim, const gint64 *b)
{
  if (a_ndim != b_ndim)
    return FALSE;
  for (guint d = 0; d < a_ndim; d++)
    if (a[d] != b[d])
      return FALSE;
  return TRUE;
}

/* Row-major strides of a fresh tensor (a size of 0 counts as 1, as in PyTorch). */
ENG_INLINE void
eng_shape_contiguous_strides (guint ndim, const gint64 *sizes, gint64 *strides)
{
  guint64 stride = 1;
  for (guint d = ndim; d-- > 0;)
    {
      strides[d] = (gint64) stride;
      stride *= (guint64) MAX (sizes[d], 1);
    }
}
