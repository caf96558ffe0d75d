/* SPDX-License-Identifier: MIT
 *
 * Shape and dtype rules that cards share, and how a card reads its arguments.
 * k counts parameters of the signature from 0. A rule fills call->out[] and
 * call->compute_dtype; before the rule runs, compute_dtype is ENG_NO_CAST (tensor
 * inputs reach the kernel as they are). Setting a dtype makes the door hand the
 * kernel every tensor input in that dtype. Called by engine/ops. */
#pragma once

#include "inline.h"
#include "op.h"
#include "promote.h"
#include "shape.h"

#define ENG_NO_CAST ((EngDtype) ENG_N_DTYPES)

/* Arguments. Borrowed; a missing optional one gives NULL or the fallback. */
static inline EngTensor *
eng_arg_tensor (const EngCall *call, guint k)
{
  return call->args[k].kind == ENG_VALUE_TENSOR ? call->args[k].tensor : NULL;
}

static inline gboolean
eng_arg_is_none (const EngCall *call, guint k)
{
  return call->args[k].kind == ENG_VALUE_NONE;
}

static inline double
eng_arg_double (const EngCall *call, guint k)
{
  return eng_value_as_double (&call->args[k]);
}

static inline gint64
eng_arg_int (const EngCall *call, guint k)
{
  return eng_value_as_int64 (&call->args[k]);
}

static inline gboolean
eng_arg_bool (const EngCall *call, guint k)
{
  return call->args[k].kind == ENG_VALUE_BOOL && call->args[k].boolean;
}

static inline EngDtype
eng_arg_dtype (const EngCall *call, guint k, EngDtype fallback)
{
  return call->args[k].kind == ENG_VALUE_DTYPE ? call->args[k].dtype : fallback;
}

/* The list of an int[] argument; a single INT counts as a list of one; NULL and 0 when None. */
const gint64 *eng_arg_ints (const EngCall *call, guint k, gsize *n);

/* Fills one output's meta. */
static inline void
eng_meta_set (EngMeta *meta, EngDtype dtype, guint ndim, const gint64 *sizes)
{
  meta->dtype = dtype;
  meta->ndim = ndim;
  for (guint d = 0; d < ndim; d++)
    meta->sizes[d] = sizes[d];
}

static inline void
eng_meta_set_like (EngMeta *meta, EngDtype dtype, const EngTensor *tensor)
{
  eng_meta_set (meta, dtype, tensor->ndim, tensor->sizes);
}

/* out = sizes and dtype of parameter 0 (a tensor). No cast. */
gboolean eng_infer_same (EngCall *call, GError **error);
/* out = sizes of parameter 0; integers and bool become the default float. Casts. */
gboolean eng_infer_unary_float (EngCall *call, GError **error);
/* Parameters 0 and 1, each a tensor or a Scalar: broadcast and promoted. Casts. */
gboolean eng_infer_binary (EngCall *call, GError **error);
/* The same, but integers become the default float (true division). Casts. */
gboolean eng_infer_binary_float (EngCall *call, GError **error);
/* Broadcast; computed in the promoted dtype, result bool. Casts. */
gboolean eng_infer_compare (EngCall *call, GError **error);
/* Sizes of parameter 0 with the listed dims reduced; n_dims == 0 reduces all.
 * Sets out[0] of dtype and leaves compute_dtype alone. Errors: dim out of range,
 * "dim 1 appears multiple times in the list of dims". */
gboolean eng_infer_reduce (EngCall *call, gsize n_dims, const gint64 *dims, gboolean keepdim,
                           EngDtype dtype, GError **error);
/* The same rule without a call: which dims are reduced, as a bit mask of wrapped dims. */
gboolean eng_reduce_mask (guint ndim, gsize n_dims, const gint64 *dims, guint32 *mask, GError **error);
