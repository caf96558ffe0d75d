/* SPDX-License-Identifier: MIT
 *
 * Making, sharing and freeing tensors, and their plain facts. Headers come from
 * the pool; sizes and strides stand inline up to 4 dimensions. Everybody calls
 * this, on the engine's thread. Autograd facts are in tensor-autograd.c. */
#include "engine/tensor-private.h"

#include "engine/grad-fn.h"
#include "engine/observer-private.h"
#include "engine/pool.h"
#include "engine/shape.h"

static guint64 last_id;
static gsize n_live;

G_DEFINE_QUARK (eng-error-quark, eng_error)

static gsize
dims_nbytes (guint ndim)
{
  return 2 * ndim * sizeof (gint64);
}

EngTensor *
eng_tensor_new_over (EngStorage *storage, EngDtype dtype, guint ndim, const gint64 *sizes,
                     const gint64 *strides, gint64 offset, gint64 numel)
{
  EngTensor *tensor = eng_pool_alloc (sizeof (EngTensor));
  *tensor = (EngTensor) {
    .ref_count = 1, .ndim = (guint8) ndim, .dtype = (guint8) dtype, .is_contiguous = strides == NULL,
    .id = ++last_id, .storage = storage, .offset = offset, .numel = numel,
  };
  tensor->sizes = G_LIKELY (ndim <= ENG_INLINE_NDIM) ? tensor->inline_dims : eng_pool_alloc (dims_nbytes (ndim));
  tensor->strides = tensor->sizes + ndim;
  for (guint d = 0; d < ndim; d++)
    tensor->sizes[d] = sizes[d];
  if (strides == NULL)
    eng_shape_contiguous_strides (ndim, sizes, tensor->strides);
  else
    {
      for (guint d = 0; d < ndim; d++)
        tensor->strides[d] = strides[d];
      tensor->is_contiguous = eng_shape_is_contiguous (ndim, sizes, strides);
    }
  n_live++;
  return tensor;
}

EngTensor *
eng_tensor_new (EngDtype dtype, guint ndim, const gint64 *sizes, GError **error)
{
  gint64 numel;
  if (!eng_shape_check (ndim, sizes, eng_dtype_size (dtype), &numel, error))
    return NULL;
  EngStorage *storage = eng_storage_new ((gsize) numel * eng_dtype_size (dtype), error);
  if (G_UNLIKELY (storage == NULL))
    return NULL;
  return eng_tensor_new_over (storage, dtype, ndim, sizes, NULL, 0, numel);
}

EngTensor *
eng_tensor_new_from_data (EngDtype dtype, guint ndim, const gint64 *sizes, const gint64 *strides,
                          gpointer data, gsize nbytes, GDestroyNotify release, gpointer owner)
{
  g_return_val_if_fail (ndim <= ENG_MAX_NDIM, NULL);
  EngStorage *storage = eng_storage_new_foreign (data, nbytes, release, owner);
  return eng_tensor_new_over (storage, dtype, ndim, sizes, strides, 0, eng_shape_numel (ndim, sizes));
}

/* Does every element of the view lie inside the storage? */
static gboolean
fits_storage (const EngTensor *base, guint ndim, const gint64 *sizes, const gint64 *strides, gint64 offset)
{
  gint64 first = offset;
  gint64 last = offset;
  for (guint d = 0; d < ndim; d++)
    {
      if (sizes[d] == 0)
        return TRUE;
      gint64 reach = (sizes[d] - 1) * strides[d];
      first += MIN (reach, 0);
      last += MAX (reach, 0);
    }
  gint64 n = (gint64) (base->storage->nbytes / eng_dtype_size ((EngDtype) base->dtype));
  return first >= 0 && last < n;
}

EngTensor *
eng_tensor_new_alias (EngTensor *base, guint ndim, const gint64 *sizes, const gint64 *strides, gint64 storage_offset)
{
  g_assert (ndim <= ENG_MAX_NDIM && fits_storage (base, ndim, sizes, strides, storage_offset));
  return eng_tensor_new_over (eng_storage_ref (base->storage), (EngDtype) base->dtype, ndim, sizes, strides,
                              storage_offset, eng_shape_numel (ndim, sizes));
}

EngTensor *
eng_tensor_ref (EngTensor *tensor)
{
  tensor->ref_count++;
  return tensor;
}

static void
tensor_extra_free (EngTensorExtra *extra)
{
  g_clear_pointer (&extra->grad, eng_tensor_unref);
  g_clear_pointer (&extra->hooks, eng_hooks_free);
  eng_pool_free (extra, sizeof *extra);
}

/* A grad_fn that goes is queued by eng_grad_fn_unref, so no chain recurses here. */
static void
tensor_free (EngTensor *tensor)
{
  if (tensor->binding != NULL && tensor->binding_release != NULL)
    tensor->binding_release (tensor->binding);
  if (!tensor->is_shadow)
    eng_observe (tensor_freed, tensor->id);
  EngStorage *storage = tensor->storage;
  EngGradFn *grad_fn = tensor->grad_fn;
  EngTensor *base = tensor->base;
  if (G_UNLIKELY (tensor->extra != NULL))
    {
      if (grad_fn != NULL)
        eng_grad_fn_forget_tensor (grad_fn, tensor);
      tensor_extra_free (tensor->extra);
    }
  if (tensor->sizes != tensor->inline_dims)
    eng_pool_free (tensor->sizes, dims_nbytes (tensor->ndim));
  eng_pool_free (tensor, sizeof (EngTensor));
  n_live--;
  eng_storage_unref (storage);
  if (base != NULL)
    eng_tensor_unref (base);
  if (grad_fn != NULL)
    eng_grad_fn_unref (grad_fn);
}

void
eng_tensor_unref (EngTensor *tensor)
{
  if (--tensor->ref_count == 0)
    tensor_free (tensor);
}

EngTensorExtra *
eng_tensor_ensure_extra (EngTensor *tensor)
{
  if (tensor->extra == NULL)
    tensor->extra = eng_pool_alloc0 (sizeof (EngTensorExtra));
  return tensor->extra;
}

guint64
eng_tensor_get_id (const EngTensor *tensor)
{
  return tensor->id;
}

EngDtype
eng_tensor_get_dtype (const EngTensor *tensor)
{
  return (EngDtype) tensor->dtype;
}

guint
eng_tensor_get_ndim (const EngTensor *tensor)
{
  return tensor->ndim;
}

const gint64 *
eng_tensor_get_sizes (const EngTensor *tensor)
{
  return tensor->sizes;
}

const gint64 *
eng_tensor_get_strides (const EngTensor *tensor)
{
  return tensor->strides;
}

gint64
eng_tensor_get_storage_offset (const EngTensor *tensor)
{
  return tensor->offset;
}

gint64
eng_tensor_get_numel (const EngTensor *tensor)
{
  return tensor->numel;
}

gpointer
eng_tensor_get_data (const EngTensor *tensor)
{
  return (char *) tensor->storage->data + tensor->offset * (gint64) eng_dtype_size ((EngDtype) tensor->dtype);
}

EngStorage *
eng_tensor_get_storage (const EngTensor *tensor)
{
  return tensor->storage;
}

guint
eng_tensor_get_version (const EngTensor *tensor)
{
  return tensor->storage->version;
}

/* For writes that no operation made (numpy, a file): the observer hears of it. */
void
eng_tensor_bump_version (EngTensor *tensor)
{
  tensor->storage->version++;
  eng_observe (storage_changed, tensor);
}

gboolean
eng_tensor_is_contiguous (const EngTensor *tensor)
{
  return tensor->is_contiguous;
}

EngTensor *
eng_tensor_get_base (const EngTensor *tensor)
{
  return tensor->base;
}

gpointer
eng_tensor_get_binding (const EngTensor *tensor)
{
  return tensor->binding;
}

void
eng_tensor_set_binding (EngTensor *tensor, gpointer binding, void (*release) (gpointer binding))
{
  tensor->binding = binding;
  tensor->binding_release = release;
}

/* Tensors not yet freed. For leak tests. */
gsize
eng_live_tensors (void)
{
  return n_live;
}
