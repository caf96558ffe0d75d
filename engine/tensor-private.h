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
  gpointer owner;            /* of foreign memory; of a free block: the next one */
  guint size_class;          /* of storage.c's free lists; 0: foreign */
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
  guint output_nr;
  guint view_version;             /* version at which grad_fn of a view was right */
  guint64 id;
  EngStorage *storage;
  gint64 offset;
  gint64 numel;
  gint64 *strides;                /* behind the sizes */
  EngGradFn *grad_fn;             /* owned */
  EngTensor *base;                /* owned; the root of a chain of views */
  EngTensorExtra *extra;
  gpointer binding;
  void (*binding_release) (gpointer binding);
  gint64 sizes[];                 /* ndim sizes, then ndim strides */
};

typedef struct _EngHooks EngHooks;

struct _EngTensorExtra
{
  EngTensor *grad;
  EngGradFn *accumulator;         /* not owned: it owns the leaf and clears this at its end */
  EngHooks *hooks;                /* of a leaf; a non-leaf's live in its grad_fn */
  gboolean retains_grad;
};

/* A storage of uninitialised memory, aligned to 16, above 1 KiB to 64; NULL sets ENG_ERROR_MEMORY. */
EngStorage *eng_storage_new (gsize nbytes, GError **error);
EngStorage *eng_storage_new_foreign (gpointer data, gsize nbytes, GDestroyNotify release, gpointer owner);
void eng_storage_unref (EngStorage *storage);

static inline EngStorage *
eng_storage_ref (EngStorage *storage)
{
  storage->ref_count++;
  return storage;
}

/* A tensor over storage (taken). Strides NULL: contiguous. Bounds are asserted by callers. */
EngTensor *eng_tensor_new_over (EngStorage *storage, EngDtype dtype, guint ndim, const gint64 *sizes,
                                const gint64 *strides, gint64 offset, gint64 numel);
/* What the last eng_tensor_unref calls. */
void eng_tensor_free (EngTensor *tensor);
EngTensorExtra *eng_tensor_ensure_extra (EngTensor *tensor);
/* Makes tensor the output_nr-th result of grad_fn (taken; NULL makes it a leaf). */
void eng_tensor_set_history (EngTensor *tensor, EngGradFn *grad_fn, guint output_nr);
