/* SPDX-License-Identifier: MIT
 *
 * What x[i, :, mask] means: which dims the index tensors take, the sizes of what is
 * read, and the places in memory. Note [Advanced indexing]: the index tensors are
 * broadcast together; a mask stands for the coordinates of its true entries, so it
 * takes as many dims as it has. What is read has the sizes of the broadcast where
 * the indexed dims stood, if they stood side by side, else in front. */
#pragma once

#include "card.h"
#include "engine/kernels/places.h"

/* A card saves at most so many index tensors for its derivative. */
#define ENG_MAX_INDICES 5

typedef struct
{
  guint n;
  EngTensor *const *indices;    /* borrowed */
  guint first[ENG_MAX_INDICES]; /* the dim of self at which each begins */
  guint ndim;                   /* of the tensor indexed */
  guint32 taken;                /* dims that the indices take: bits */
  guint n_outer;                /* kept dims before the indexed ones in the result */
  guint shape_ndim;
  gint64 shape[ENG_MAX_NDIM]; /* the indices, broadcast together */
} EngIndexPlan;

/* Plans the indexing of a tensor of these sizes. dims: at which dim each index tensor
 * begins; NULL: one after the other from dim 0. Errors as PyTorch: dtypes, too many
 * indices, a mask's sizes, indices that do not broadcast. */
gboolean eng_index_plan (EngIndexPlan *plan, guint ndim, const gint64 *sizes, EngTensor *const *indices,
                         gsize n, const gint64 *dims, gsize n_dims, GError **error);
/* Sizes of what indexing reads; FALSE if there are too many dims. */
gboolean eng_index_plan_sizes (const EngIndexPlan *plan, const gint64 *sizes, EngMeta *out, GError **error);
/* The places in tensor. Owned offsets: clear after use. Error: an index out of bounds. */
gboolean eng_index_plan_places (const EngIndexPlan *plan, const EngTensor *tensor, EngPlaces *places,
                                EngTensor **offsets, GError **error);

/* Is the tensor a mask: bool, or uint8 as in old code? */
gboolean eng_is_mask (const EngTensor *tensor);
/* How many entries of a mask are true. */
gint64 eng_mask_count (const EngTensor *mask);
/* A contiguous int64 tensor (owned) with the element numbers of the true entries, read
 * with these strides: offsets into a tensor of the mask's sizes. */
EngTensor *eng_mask_offsets (const EngTensor *mask, const gint64 *strides, GError **error);
/* tensor as contiguous elements of dtype and these sizes (broadcast): itself with a new
 * reference, or a copy. No autograd. */
EngTensor *eng_dense (EngTensor *tensor, EngDtype dtype, guint ndim, const gint64 *sizes, GError **error);
/* What a writing kernel puts: the source as eng_dense gives it, apart from out's memory,
 * or the source itself with *single set when it is one element. Owned. */
EngTensor *eng_source_for (EngTensor *source, const EngTensor *out, guint ndim, const gint64 *sizes,
                           gboolean *single, GError **error);
/* A number or a 0-dim tensor as a 0-dim tensor of like's dtype. Owned. */
EngTensor *eng_number_like (const EngValue *value, const EngTensor *like, GError **error);
/* Makes the output a copy of parameter 0, unless the call works in place. */
void eng_start_from_self (EngCall *call);
/* Leaves `places` as the kept dims of tensor round one indexed dim. */
void eng_places_round_dim (EngPlaces *places, const EngTensor *tensor, guint dim);
