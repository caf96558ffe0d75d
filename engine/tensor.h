/* SPDX-License-Identifier: MIT
 *
 * A tensor is sizes, strides and an offset (all in elements) over a
 * reference-counted storage; views share the storage and its version counter.
 * Ids are 64-bit and never reused. One thread at a time uses the engine. */
#pragma once

#include "dtype.h"

#define ENG_MAX_NDIM 16

typedef struct _EngTensor EngTensor;
typedef struct _EngStorage EngStorage;
typedef struct _EngGradFn EngGradFn;

#define ENG_ERROR (eng_error_quark ())
/* The Python exception class that PyTorch raises for the same mistake. */
typedef enum
{
  ENG_ERROR_RUNTIME,
  ENG_ERROR_VALUE,
  ENG_ERROR_TYPE,
  ENG_ERROR_INDEX,
  ENG_ERROR_NOT_IMPLEMENTED,
  ENG_ERROR_MEMORY,      /* RuntimeError in PyTorch too; kept apart for the app's wording */
} EngErrorCode;
GQuark eng_error_quark (void);

/* Makes a contiguous tensor of uninitialised memory. Sets ENG_ERROR_RUNTIME for
 * negative or overflowing sizes, ENG_ERROR_MEMORY when memory cannot be had. */
EngTensor *eng_tensor_new (EngDtype dtype, guint ndim, const gint64 *sizes, GError **error);
/* Wraps foreign memory (numpy): release (owner) runs when the storage goes. */
EngTensor *eng_tensor_new_from_data (EngDtype dtype, guint ndim, const gint64 *sizes,
                                     const gint64 *strides, gpointer data, gsize nbytes,
                                     GDestroyNotify release, gpointer owner);
/* A tensor over the same storage; no autograd, no checks beyond bounds (asserted). */
EngTensor *eng_tensor_new_alias (EngTensor *base, guint ndim, const gint64 *sizes,
                                 const gint64 *strides, gint64 storage_offset);
EngTensor *eng_tensor_ref (EngTensor *tensor);
void eng_tensor_unref (EngTensor *tensor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngTensor, eng_tensor_unref)

guint64 eng_tensor_get_id (const EngTensor *tensor);
EngDtype eng_tensor_get_dtype (const EngTensor *tensor);
guint eng_tensor_get_ndim (const EngTensor *tensor);
const gint64 *eng_tensor_get_sizes (const EngTensor *tensor);
const gint64 *eng_tensor_get_strides (const EngTensor *tensor);
gint64 eng_tensor_get_storage_offset (const EngTensor *tensor);
gint64 eng_tensor_get_numel (const EngTensor *tensor);
gpointer eng_tensor_get_data (const EngTensor *tensor);     /* first element, offset applied */
EngStorage *eng_tensor_get_storage (const EngTensor *tensor);
guint64 eng_storage_get_id (const EngStorage *storage);
gsize eng_storage_get_nbytes (const EngStorage *storage);
guint eng_tensor_get_version (const EngTensor *tensor);     /* of the storage; in place adds one */
void eng_tensor_bump_version (EngTensor *tensor);
gboolean eng_tensor_is_contiguous (const EngTensor *tensor);
EngTensor *eng_tensor_get_base (const EngTensor *tensor);   /* of a view, else NULL */

/* Whether the caller's reference is the only one to the tensor and to its storage. */
gboolean eng_tensor_is_sole_owner (const EngTensor *tensor);

/* Autograd facts. requires_grad of a non-leaf is always TRUE. */
gboolean eng_tensor_get_requires_grad (const EngTensor *tensor);
gboolean eng_tensor_set_requires_grad (EngTensor *tensor, gboolean value, GError **error);
gboolean eng_tensor_is_leaf (const EngTensor *tensor);
EngGradFn *eng_tensor_get_grad_fn (const EngTensor *tensor);  /* borrowed; NULL for leaves */
guint eng_tensor_get_output_nr (const EngTensor *tensor);
EngTensor *eng_tensor_get_grad (const EngTensor *tensor);   /* borrowed or NULL */
/* Replaces .grad (NULL clears it); checks sizes and dtype; tells the observer. */
gboolean eng_tensor_set_grad (EngTensor *tensor, EngTensor *grad, GError **error);
gboolean eng_tensor_retain_grad (EngTensor *tensor, GError **error);
gboolean eng_tensor_get_retains_grad (const EngTensor *tensor);
EngTensor *eng_tensor_detach (EngTensor *tensor);           /* shares storage and version counter */

/* One slot for the host's object (Python): borrowed by the engine; release runs
 * at the tensor's end if the slot is still set. */
gpointer eng_tensor_get_binding (const EngTensor *tensor);
void eng_tensor_set_binding (EngTensor *tensor, gpointer binding, void (*release) (gpointer binding));

/* Element access by flat row-major index over the sizes (any strides). */
double eng_tensor_get_double (const EngTensor *tensor, gint64 index);
gint64 eng_tensor_get_int64 (const EngTensor *tensor, gint64 index);
void eng_tensor_set_double (EngTensor *tensor, gint64 index, double value);
void eng_tensor_set_int64 (EngTensor *tensor, gint64 index, gint64 value);

gsize eng_live_storages (void);    /* for leak tests */
gsize eng_live_tensors (void);
