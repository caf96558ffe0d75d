/* SPDX-License-Identifier: MIT
 *
 * The shape and dtype rules that most cards share: same, unary, binary, compare,
 * reduce. They read call->args and fill call->out[]; the door allocates. */
#include "engine/infer.h"

#include <string.h>

const gint64 *
eng_arg_ints (const EngCall *call, guint k, gsize *n)
{
  const EngValue *value = &call->args[k];
  if (value->kind == ENG_VALUE_INTS)
    {
      *n = value->ints.n;
      return value->ints.items;
    }
  if (value->kind == ENG_VALUE_INT)
    {
      *n = 1;
      return &value->integer;
    }
  *n = 0;
  return NULL;
}

/* Integers and bool compute as the default float. */
static EngDtype
float_of (EngDtype dtype)
{
  return eng_dtype_category (dtype) == ENG_CATEGORY_FLOATING ? dtype : eng_get_default_dtype ();
}

gboolean
eng_infer_same (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  eng_meta_set_like (&call->out[0], eng_tensor_get_dtype (self), self);
  return TRUE;
}

gboolean
eng_infer_unary_float (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  call->compute_dtype = float_of (eng_tensor_get_dtype (self));
  eng_meta_set_like (&call->out[0], call->compute_dtype, self);
  return TRUE;
}

/* Sets out[0]'s sizes to the broadcast of the tensors among parameters 0 and 1. */
static gboolean
broadcast_two (EngCall *call, GError **error)
{
  EngMeta *out = &call->out[0];
  EngTensor *a = eng_arg_tensor (call, 0);
  EngTensor *b = eng_arg_tensor (call, 1);
  if (a == NULL || b == NULL)
    {
      EngTensor *one = a != NULL ? a : b;
      out->ndim = 0;
      if (one != NULL)
        eng_meta_set_like (out, out->dtype, one);
      return TRUE;
    }
  return eng_shape_broadcast (eng_tensor_get_ndim (a), eng_tensor_get_sizes (a),
                              eng_tensor_get_ndim (b), eng_tensor_get_sizes (b),
                              &out->ndim, out->sizes, error);
}

static G_NO_INLINE gboolean
promote_and_broadcast (EngCall *call, GError **error)
{
  call->compute_dtype = call->out[0].dtype = eng_result_type (call->args, 2);
  return broadcast_two (call, error);
}

/* The usual two: tensors of one dtype and the same sizes need no look at the rules. */
static inline gboolean
infer_two (EngCall *call, GError **error)
{
  const EngTensor *a = eng_arg_tensor (call, 0);
  const EngTensor *b = eng_arg_tensor (call, 1);
  if (G_UNLIKELY (a == NULL || b == NULL || a->dtype != b->dtype
                  || !eng_shape_equal (a->ndim, a->sizes, b->ndim, b->sizes)))
    return promote_and_broadcast (call, error);
  call->compute_dtype = (EngDtype) a->dtype;
  eng_meta_set_like (&call->out[0], (EngDtype) a->dtype, a);
  return TRUE;
}

gboolean
eng_infer_binary (EngCall *call, GError **error)
{
  return infer_two (call, error);
}

gboolean
eng_infer_binary_float (EngCall *call, GError **error)
{
  if (!infer_two (call, error))
    return FALSE;
  call->compute_dtype = call->out[0].dtype = float_of (call->compute_dtype);
  return TRUE;
}

gboolean
eng_infer_compare (EngCall *call, GError **error)
{
  if (!infer_two (call, error))
    return FALSE;
  call->out[0].dtype = ENG_BOOL;
  return TRUE;
}

gboolean
eng_reduce_mask (guint ndim, gsize n_dims, const gint64 *dims, guint32 *mask, GError **error)
{
  *mask = 0;
  if (n_dims == 0)
    *mask = (guint32) ((1u << ndim) - 1);
  for (gsize k = 0; k < n_dims; k++)
    {
      int dim = eng_shape_wrap_dim (dims[k], ndim, error);
      if (dim < 0)
        return FALSE;
      if (*mask & (1u << dim))
        {
          g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME, "dim %d appears multiple times in the list of dims", dim);
          return FALSE;
        }
      *mask |= 1u << dim;
    }
  return TRUE;
}

gboolean
eng_infer_reduce (EngCall *call, gsize n_dims, const gint64 *dims, gboolean keepdim, EngDtype dtype, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  const gint64 *sizes = eng_tensor_get_sizes (self);
  guint ndim = eng_tensor_get_ndim (self);
  EngMeta *out = &call->out[0];
  guint32 mask;
  if (!eng_reduce_mask (ndim, n_dims, dims, &mask, error))
    return FALSE;
  out->dtype = dtype;
  out->ndim = 0;
  for (guint d = 0; d < ndim; d++)
    {
      if (!(mask & (1u << d)))
        out->sizes[out->ndim++] = sizes[d];
      else if (keepdim)
        out->sizes[out->ndim++] = 1;
    }
  return TRUE;
}
