/* SPDX-License-Identifier: MIT
 *
 * Making, sharing and freeing tensors, and their plain facts. Headers come from
 * the pool, with room for just their sizes and strides, and for a small tensor's
 * storage and data: then all is one block, which lives as long as the storage.
 * Everybody calls this, on the engine's thread. Autograd facts are in
 * tensor-autograd.c, accessors in inline.h. */
#include "engine/inline.h"

#include "engine/grad-fn.h"
#include "engine/observer-private.h"
#include "engine/pool.h"
#include "engine/shape.h"

/* More data than this has a storage of its own. */
#define BLOCK_DATA_MAX 512

static guint64 last_id;
static gsize n_live;

G_DEFINE_QUARK (eng-error-quark, eng_error)

static inline gsize
header_nbytes (guint ndim)
{
  return sizeof (EngTensor) + 2 * ndim * sizeof (gint64);
}

/* Everything but sizes and strides. Field by field: the compiler clears a whole
 * structure by a loop that starts slowly. */
static inline void
init_header (EngTensor *tensor, EngStorage *storage, EngDtype dtype, guint ndim, gint64 offset, gint64 numel)
{
  tensor->ref_count = 1;
  tensor->ndim = (guint8) ndim;
  tensor->dtype = (guint8) dtype;
  tensor->requires_grad = FALSE;
  tensor->is_contiguous = TRUE;
  tensor->view_without_grad = FALSE;
  tensor->is_shadow = FALSE;
  tensor->holds_storage = FALSE;
  tensor->no_flag = 0;
  tensor->output_nr = 0;
  tensor->view_version = 0;
  tensor->id = ++last_id;
  tensor->storage = storage;
  tensor->offset = offset;
  tensor->numel = numel;
  tensor->data = (char *) storage->data + offset * (gint64) eng_dtype_size (dtype);
  tensor->grad_fn = NULL;
  tensor->base = NULL;
  tensor->extra = NULL;
  tensor->binding = NULL;
  tensor->binding_release = NULL;
  n_live++;
}

static inline EngTensor *
new_header (EngStorage *storage, EngDtype dtype, guint ndim, gint64 offset, gint64 numel)
{
  EngTensor *tensor = eng_pool_alloc (header_nbytes (ndim));
  init_header (tensor, storage, dtype, ndim, offset, numel);
  return tensor;
}

/* Header, storage and data in one block of the pool. */
static inline EngTensor *
new_block (EngDtype dtype, guint ndim, gint64 numel, gsize nbytes)
{
  gsize head = header_nbytes (ndim);
  gsize block_nbytes = head + sizeof (EngStorage) + nbytes;
  EngTensor *tensor = eng_pool_alloc (block_nbytes);
  EngStorage *storage = (EngStorage *) ((char *) tensor + head);
  storage->ref_count = 1;
  storage->version = 0;
  storage->id = ++eng_storage_last_id;
  storage->nbytes = nbytes;
  storage->data = storage + 1;
  storage->owner = tensor;
  storage->size_class = 0;
  storage->block_nbytes = (guint) block_nbytes;
  eng_storage_n_live++;
  init_header (tensor, storage, dtype, ndim, 0, numel);
  tensor->holds_storage = TRUE;
  return tensor;
}

static inline void
set_contiguous (EngTensor *tensor, guint ndim, const gint64 *sizes)
{
  gint64 *strides = tensor->sizes + ndim;
  guint64 stride = 1;
  for (guint d = ndim; d-- > 0;)
    {
      tensor->sizes[d] = sizes[d];
      strides[d] = (gint64) stride;
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
      set_contiguous (tensor, ndim, sizes);
      return tensor;
    }
  for (guint d = 0; d < ndim; d++)
    {
      tensor->sizes[d] = sizes[d];
      tensor->sizes[ndim + d] = strides[d];
    }
  tensor->is_contiguous = eng_shape_is_contiguous (ndim, sizes, strides);
  return tensor;
}

/* Sizes that need no closer look: none negative, the product far from overflow. */
#define PLAIN_BITS (((guint64) 1 << 30) - 1)

static inline gboolean
is_plain (guint ndim, const gint64 *sizes, gint64 *numel)
{
  guint64 product = 1, bits = 0;
  if (G_UNLIKELY (ndim > ENG_MAX_NDIM))
    return FALSE;
  for (guint d = 0; d < ndim; d++)
    {
      product *= (guint64) sizes[d];
      bits |= (guint64) sizes[d] | product;
    }
  *numel = (gint64) product;
  return bits <= PLAIN_BITS;
}

EngTensor *
eng_tensor_new (EngDtype dtype, guint ndim, const gint64 *sizes, GError **error)
{
  gint64 numel;
  EngTensor *tensor;
  if (G_UNLIKELY (!is_plain (ndim, sizes, &numel))
      && !eng_shape_check (ndim, sizes, eng_dtype_size (dtype), &numel, error))
    return NULL;
  gsize nbytes = (gsize) numel * eng_dtype_size (dtype);
  if (!ENG_POOL_PLAIN && G_LIKELY (nbytes <= BLOCK_DATA_MAX))
    tensor = new_block (dtype, ndim, numel, nbytes);
  else
    {
      EngStorage *storage = eng_storage_new (nbytes, error);
      if (G_UNLIKELY (storage == NULL))
        return NULL;
      tensor = new_header (storage, dtype, ndim, 0, numel);
    }
  set_contiguous (tensor, ndim, sizes);
  return tensor;
}

/* Its numel is known and its sizes have been looked at. */
EngTensor *
eng_tensor_new_like (const EngTensor *like)
{
  EngDtype dtype = (EngDtype) like->dtype;
  gsize nbytes = (gsize) like->numel * eng_dtype_size (dtype);
  if (ENG_POOL_PLAIN || G_UNLIKELY (nbytes > BLOCK_DATA_MAX))
    return eng_tensor_new (dtype, like->ndim, like->sizes, NULL);
  EngTensor *tensor = new_block (dtype, like->ndim, like->numel, nbytes);
  set_contiguous (tensor, like->ndim, like->sizes);
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
  g_clear_pointer (&extra->accumulator, eng_grad_fn_free_resting);
  eng_pool_free (extra, sizeof *extra);
}

/* Tells everybody who may still know tensor that it goes. */
static G_NO_INLINE void
say_farewell (EngTensor *tensor)
{
  if (tensor->binding != NULL && tensor->binding_release != NULL)
    tensor->binding_release (tensor->binding);
  if (!tensor->is_shadow)
    eng_observe (tensor_freed, tensor->id);
  if (tensor->extra == NULL)
    return;
  if (tensor->grad_fn != NULL)
    eng_grad_fn_forget_tensor (tensor->grad_fn, tensor);
  tensor_extra_free (tensor->extra);
}

/* A grad_fn that goes is queued by eng_grad_fn_unref, so no chain recurses here. */
void
eng_tensor_free (EngTensor *tensor)
{
  if (G_UNLIKELY (tensor->binding != NULL || tensor->extra != NULL || eng_observer != NULL))
    say_farewell (tensor);
  EngStorage *storage = tensor->storage;
  EngGradFn *grad_fn = tensor->grad_fn;
  EngTensor *base = tensor->base;
  n_live--;
  if (G_LIKELY (tensor->holds_storage))
    {
      if (--storage->ref_count == 0)
        {
          eng_storage_n_live--;
          eng_pool_free (tensor, storage->block_nbytes);
        }
    }
  else
    {
      eng_pool_free (tensor, header_nbytes (tensor->ndim));
      eng_storage_unref (storage);
    }
  if (base != NULL)
    eng_tensor_unref (base);
  if (grad_fn != NULL)
    eng_grad_fn_unref (grad_fn);
}

/* As a shadow of what it was: its maker, its gradient and its binding are gone. */
EngTensor *
eng_tensor_revive (EngTensor *dead)
{
  g_assert (dead->ref_count == 0 && dead->holds_storage);
  dead->ref_count = 1;
  dead->requires_grad = FALSE;
  dead->is_shadow = TRUE;
  dead->grad_fn = NULL;
  dead->base = NULL;
  dead->extra = NULL;
  dead->binding = NULL;
  dead->binding_release = NULL;
  eng_storage_ref (dead->storage);
  n_live++;
  return dead;
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
