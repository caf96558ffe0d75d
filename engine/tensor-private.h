/* SPDX-License-Identifier: MIT
 *
 * What a tensor and a storage are made of. Only files directly in engine/ and the
 * kernels include this; everybody else uses tensor.h. Invariants: sizes and strides
 * stand behind the header and never change their number; numel is the product of
 * the sizes; a tensor with a grad_fn has requires_grad set. */
#pragma once

#include "shape.h"

struct _EngStorage
{
  guint ref_count;
  guint version;
  guint64 id;
  gsize nbytes;
  gpointer data;
  gpointer owner;            /* of foreign memory; of a free block: the next one; else the tensor round it */
  guint size_class;          /* of storage.c's free lists; 0: foreign */
  guint block_nbytes;        /* of the tensor that it stands in, with it and its data; else 0 */
};

typedef struct _EngTensorExtra EngTensorExtra;   /* grad, hooks: only where needed */

struct _EngTensor
{
  guint ref_count;
  guint8 ndim;
  guint8 dtype;
  guint8 requires_grad : 1;
  guint8 is_contiguous : 1;
  guint8 view_without_grad : 1;   /* a view made under no_grad */
  guint8 is_shadow : 1;           /* a saved output: shares the id of the tensor it stands for */
  guint8 holds_storage : 1;       /* its storage and data stand behind the strides, in one block */
  guint8 no_flag : 3;             /* 0, so that the flags are set by one store */
  guint output_nr;
  guint view_version;             /* version at which grad_fn of a view was right */
  guint64 id;
  EngStorage *storage;
  gint64 offset;
  gint64 numel;
  char *data;                     /* first element: the storage's data, offset applied */
  EngGradFn *grad_fn;             /* owned */
  EngTensor *base;                /* owned; the root of a chain of views */
  EngTensorExtra *extra;
  gpointer binding;
  void (*binding_release) (gpointer binding);
  gint64 sizes[];                 /* ndim sizes, then ndim strides (then its own storage) */
};

typedef struct _EngHooks EngHooks;

struct _EngTensorExtra
{
  EngTensor *grad;
  EngGradFn *accumulator;         /* owns the leaf while anybody refers to it; else it rests here */
  EngHooks *hooks;                /* of a leaf; a non-leaf's live in its grad_fn */
  gboolean retains_grad;
};

/* A storage of uninitialised memory, aligned to 16, above 1 KiB to 64; NULL sets ENG_ERROR_MEMORY. */
EngStorage *eng_storage_new (gsize nbytes, GError **error);
/* What the last reference to a storage calls. */
void eng_storage_free (EngStorage *storage);
EngStorage *eng_storage_new_foreign (gpointer data, gsize nbytes, GDestroyNotify release, gpointer owner);

/* The counters of storage.c, here only to be reached quickly. */
extern guint64 eng_storage_last_id;
extern gsize eng_storage_n_live;

static inline EngStorage *
eng_storage_ref (EngStorage *storage)
{
  storage->ref_count++;
  return storage;
}

static inline void
eng_storage_unref (EngStorage *storage)
{
  if (--storage->ref_count == 0)
    eng_storage_free (storage);
}

/* A tensor over storage (taken). Strides NULL: contiguous. Bounds are asserted by callers. */
EngTensor *eng_tensor_new_over (EngStorage *storage, EngDtype dtype, guint ndim, const gint64 *sizes,
                                const gint64 *strides, gint64 offset, gint64 numel);
/* A fresh contiguous tensor of the same sizes and dtype. NULL: no memory. */
EngTensor *eng_tensor_new_like (const EngTensor *like);
/* Makes a freed tensor whose block lives on, because its storage does, a tensor again. */
EngTensor *eng_tensor_revive (EngTensor *dead);
/* What the last eng_tensor_unref calls. */
void eng_tensor_free (EngTensor *tensor);
/* Frees an accumulator that rests. */
void eng_grad_fn_free_resting (EngGradFn *accumulator);
EngTensorExtra *eng_tensor_ensure_extra (EngTensor *tensor);
/* Makes tensor the output_nr-th result of grad_fn (taken; NULL makes it a leaf). */
void eng_tensor_set_history (EngTensor *tensor, EngGradFn *grad_fn, guint output_nr);
