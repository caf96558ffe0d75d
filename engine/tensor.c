/* SPDX-License-Identifier: MIT
 *
 * Making, sharing and freeing tensors, and their plain facts. Headers come from
 * the pool, with room for just their sizes and strides. Everybody calls this, on
 * the engine's thread. Autograd facts are in tensor-autograd.c, accessors in inline.h. */
#include "engine/inline.h"

#include "engine/grad-fn.h"
#include "engine/observer-private.h"
#include "engine/pool.h"
#include "engine/shape.h"

static guint64 last_id;
static gsize n_live;

G_DEFINE_QUARK (eng-error-quark, eng_error)

static inline gsize
header_nbytes (guint ndim)
{
  return sizeof (EngTensor) + 2 * ndim * sizeof (gint64);
}

/* A header with everything but sizes and strides. Field by field: the compiler
 * clears a whole structure by a loop that starts slowly. */
static inline EngTensor *
new_header (EngStorage *storage, EngDtype dtype, guint ndim, gint64 offset, gint64 numel)
{
  EngTensor *tensor = eng_pool_alloc (header_nbytes (ndim));
  tensor->ref_count = 1;
  tensor->ndim = (guint8) ndim;
  tensor->dtype = (guint8) dtype;
  tensor->requires_grad = FALSE;
  tensor->is_contiguous = TRUE;
  tensor->view_without_grad = FALSE;
  tensor->is_shadow = FALSE;
  tensor->output_nr = 0;
  tensor->view_version = 0;
  tensor->id = ++last_id;
  tensor->storage = storage;
  tensor->offset = offset;
  tensor->numel = numel;
  tensor->strides = tensor->sizes + ndim;
  tensor->grad_fn = NULL;
  tensor->base = NULL;
  tensor->extra = NULL;
  tensor->binding = NULL;
  tensor->binding_release = NULL;
  n_live++;
  return tensor;
}

static inline void
set_contiguous (EngTensor *tensor, const gint64 *sizes)
{
  guint64 stride = 1;
  for (guint d = tensor->ndim; d-- > 0;)
    {
      tensor->sizes[d] = sizes[d];
      tensor->strides[d] = (gint64) stride;
      stride *= (guint64) MAX (sizes[d], 1);
    }
}

EngTensor *
eng_tensor_new_over (EngStorage *storage, EngDtype dtype, guint ndim, const gint64 *sizes,
                     const gint64 *strides, gint64 offset, gint64 numel)
{
  EngTensor *tensor = new_header (storage, dtype, ndim, offset, numel);
  if (strides == NULL)
    {
      set_contiguous (tensor, sizes);
      return tensor;
    }
  for (guint d = 0; d < ndim; d++)
    {
      tensor->sizes[d] = sizes[d];
      tensor->strides[d] = strides[d];
    }
  tensor->is_contiguous = eng_shape_is_contiguous (ndim, sizes, strides);
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
  EngTensor *tensor = new_header (storage, dtype, ndim, 0, numel);
  set_contiguous (tensor, sizes);
  return tensor;
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

static void
tensor_extra_free (EngTensorExtra *extra)
{
  g_clear_pointer (&extra->grad, eng_tensor_unref);
  g_clear_pointer (&extra->hooks, eng_hooks_free);
  eng_pool_free (extra, sizeof *extra);
}

/* A grad_fn that goes is queued by eng_grad_fn_unref, so no chain recurses here. */
void
eng_tensor_free (EngTensor *tensor)
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
  eng_pool_free (tensor, header_nbytes (tensor->ndim));
  n_live--;
  eng_storage_unref (storage);
  if (base != NULL)
    eng_tensor_unref (base);
  if (grad_fn != NULL)
    eng_grad_fn_unref (grad_fn);
}

EngTensorExtra *
eng_tensor_ensure_extra (EngTensor *tensor)
{
  if (tensor->extra == NULL)
    tensor->extra = eng_pool_alloc0 (sizeof (EngTensorExtra));
  return tensor->extra;
}

/* For writes that no operation made (numpy, a file): the observer hears of it. */
void
eng_tensor_bump_version (EngTensor *tensor)
{
  tensor->storage->version++;
  eng_observe (storage_changed, tensor);
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
