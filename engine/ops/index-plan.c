/* SPDX-License-Identifier: MIT
 *
 * Advanced indexing worked out once, for reading and writing alike (index-plan.h). */
#include "index-plan.h"

#include <string.h>

gboolean
eng_is_mask (const EngTensor *tensor)
{
  EngDtype dtype = eng_tensor_get_dtype (tensor);
  return dtype == ENG_BOOL || dtype == ENG_UINT8;
}

EngTensor *
eng_dense (EngTensor *tensor, EngDtype dtype, guint ndim, const gint64 *sizes, GError **error)
{
  if (eng_tensor_get_dtype (tensor) == dtype && eng_tensor_is_contiguous (tensor)
      && eng_shape_equal (ndim, sizes, eng_tensor_get_ndim (tensor), eng_tensor_get_sizes (tensor)))
    return eng_tensor_ref (tensor);
  EngTensor *copy = eng_tensor_new (dtype, ndim, sizes, error);
  if (copy != NULL)
    eng_kernel_copy (copy, tensor);
  return copy;
}

EngTensor *
eng_source_for (EngTensor *source, const EngTensor *out, guint ndim, const gint64 *sizes, gboolean *single,
                GError **error)
{
  EngDtype dtype = eng_tensor_get_dtype (source);
  *single = eng_tensor_get_numel (source) == 1;
  if (*single)
    return eng_tensor_ref (source);
  g_autoptr (EngTensor) dense = eng_dense (source, dtype, ndim, sizes, error);
  if (dense == NULL || eng_tensor_get_storage (dense) != eng_tensor_get_storage (out))
    return g_steal_pointer (&dense);
  EngTensor *apart = eng_tensor_new (dtype, ndim, sizes, error);
  if (apart != NULL)
    eng_kernel_copy (apart, dense);
  return apart;
}

EngTensor *
eng_number_like (const EngValue *value, const EngTensor *like, GError **error)
{
  EngTensor *number = eng_tensor_new (eng_tensor_get_dtype (like), 0, NULL, error);
  if (number == NULL)
    return NULL;
  if (value->kind == ENG_VALUE_TENSOR)
    eng_kernel_copy (number, value->tensor);
  else if (value->kind == ENG_VALUE_FLOAT)
    eng_kernel_fill (number, value->number);
  else
    eng_kernel_fill_int64 (number, eng_value_as_int64 (value));
  return number;
}

void
eng_start_from_self (EngCall *call)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  if (call->outputs[0] != self)
    eng_kernel_copy (call->outputs[0], self);
}

/* The mask as contiguous bytes of 0 and 1. */
static EngTensor *
dense_mask (const EngTensor *mask, GError **error)
{
  return eng_dense ((EngTensor *) mask, ENG_BOOL, eng_tensor_get_ndim (mask), eng_tensor_get_sizes (mask),
                    error);
}

static gint64
count_bytes (const guint8 *bytes, gint64 n)
{
  gint64 count = 0;
  for (gint64 i = 0; i < n; i++)
    count += bytes[i];
  return count;
}

gint64
eng_mask_count (const EngTensor *mask)
{
  g_autoptr (EngTensor) dense = dense_mask (mask, NULL);
  g_assert (dense != NULL);
  return count_bytes (eng_tensor_get_data (dense), eng_tensor_get_numel (dense));
}

/* Writes base + j × stride for every true byte of a row; returns how many. */
static gint64
scan_row (const guint8 *bytes, gint64 n, gint64 base, gint64 stride, gint64 *out)
{
  gint64 found = 0;
  for (gint64 j = 0; j < n; j++)
    {
      out[found] = base + j * stride; /* overwritten by the next unless this one counts */
      found += bytes[j];
    }
  return found;
}

EngTensor *
eng_mask_offsets (const EngTensor *mask, const gint64 *strides, GError **error)
{
  guint ndim = eng_tensor_get_ndim (mask);
  const gint64 *sizes = eng_tensor_get_sizes (mask);
  gint64 length = ndim > 0 ? sizes[ndim - 1] : 1, stride = ndim > 0 ? strides[ndim - 1] : 0;
  gint64 index[ENG_MAX_NDIM] = { 0 };
  gint64 base = 0, n = 0, numel = eng_tensor_get_numel (mask);
  g_autoptr (EngTensor) dense = dense_mask (mask, error);
  if (dense == NULL)
    return NULL;
  const guint8 *bytes = eng_tensor_get_data (dense);
  gint64 count = count_bytes (bytes, numel);
  EngTensor *room = eng_tensor_new (ENG_INT64, 1, (gint64[]){ count + 1 }, error);
  if (room == NULL)
    return NULL;
  gint64 *out = eng_tensor_get_data (room);
  for (gint64 done = 0; done < numel; done += length)
    {
      n += scan_row (bytes + done, length, base, stride, out + n);
      for (guint d = ndim > 0 ? ndim - 1 : 0; d-- > 0;)
        {
          base += strides[d];
          if (++index[d] < sizes[d])
            break;
          base -= strides[d] * sizes[d];
          index[d] = 0;
        }
    }
  EngTensor *offsets = eng_tensor_new_alias (room, 1, &count, (gint64[]){ 1 }, 0);
  eng_tensor_unref (room);
  return offsets;
}

static guint
dims_taken (const EngTensor *index)
{
  return eng_is_mask (index) ? eng_tensor_get_ndim (index) : 1;
}

static gboolean
check_mask (const EngTensor *mask, guint first, guint ndim, const gint64 *sizes, GError **error)
{
  for (guint d = 0; d < eng_tensor_get_ndim (mask); d++)
    if (eng_tensor_get_sizes (mask)[d] != sizes[first + d])
      {
        g_autofree char *own = eng_shape_to_string (eng_tensor_get_ndim (mask), eng_tensor_get_sizes (mask));
        g_autofree char *indexed = eng_shape_to_string (ndim, sizes);
        return eng_rule_fails (
            error, ENG_ERROR_INDEX,
            "The shape of the mask %s at index %u does not match the shape of the indexed tensor "
            "%s at index %u",
            own, d, indexed, first + d);
      }
  return TRUE;
}

static gboolean
add_index (EngIndexPlan *plan, guint k, gint64 first, const gint64 *sizes, GError **error)
{
  EngTensor *index = plan->indices[k];
  EngDtype dtype = eng_tensor_get_dtype (index);
  guint taken = dims_taken (index);
  if (dtype != ENG_INT64 && dtype != ENG_INT32 && !eng_is_mask (index))
    return eng_rule_fails (error, ENG_ERROR_INDEX,
                           "tensors used as indices must be long, int, byte or bool tensors");
  if (first < 0 || first + taken > plan->ndim)
    return eng_rule_fails (error, ENG_ERROR_INDEX, "too many indices for tensor of dimension %u", plan->ndim);
  plan->first[k] = (guint) first;
  for (guint d = 0; d < taken; d++)
    {
      if ((plan->taken >> (first + d)) & 1)
        return eng_rule_fails (error, ENG_ERROR_INDEX, "index(): dim %u is indexed twice", (guint) first + d);
      plan->taken |= 1u << (first + d);
    }
  return !eng_is_mask (index) || check_mask (index, (guint) first, plan->ndim, sizes, error);
}

static gboolean
broadcast_fails (const EngIndexPlan *plan, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint k = 0; k < plan->n; k++)
    {
      EngTensor *index = plan->indices[k];
      gint64 count = eng_is_mask (index) ? eng_mask_count (index) : 0;
      g_autofree char *sizes = eng_is_mask (index) ? eng_shape_to_string (1, &count)
                                                   : eng_shape_to_string (eng_tensor_get_ndim (index),
                                                                          eng_tensor_get_sizes (index));
      g_string_append_printf (text, "%s%s", k > 0 ? ", " : "", sizes);
    }
  return eng_rule_fails (error, ENG_ERROR_INDEX,
                         "shape mismatch: indexing tensors could not be broadcast together with shapes %s",
                         text->str);
}

static gboolean
plan_shape (EngIndexPlan *plan, GError **error)
{
  plan->shape_ndim = 0;
  for (guint k = 0; k < plan->n; k++)
    {
      EngTensor *index = plan->indices[k];
      gint64 count = eng_is_mask (index) ? eng_mask_count (index) : 0;
      guint ndim = eng_is_mask (index) ? 1 : eng_tensor_get_ndim (index);
      const gint64 *sizes = eng_is_mask (index) ? &count : eng_tensor_get_sizes (index);
      if (!eng_shape_broadcast (plan->shape_ndim, plan->shape, ndim, sizes, &plan->shape_ndim, plan->shape,
                                NULL))
        return broadcast_fails (plan, error);
    }
  return TRUE;
}

/* Kept dims before the first indexed one, if the indexed ones stand side by side. */
static guint
count_outer (const EngIndexPlan *plan)
{
  if (plan->taken == 0)
    return plan->first[0];
  guint first = (guint) __builtin_ctz (plan->taken);
  guint32 run = plan->taken >> first;
  return (run & (run + 1)) == 0 ? first : 0;
}

gboolean
eng_index_plan (EngIndexPlan *plan, guint ndim, const gint64 *sizes, EngTensor *const *indices, gsize n,
                const gint64 *dims, gsize n_dims, GError **error)
{
  gint64 next = 0;
  plan->n = (guint) n;
  plan->indices = indices;
  plan->ndim = ndim;
  plan->taken = 0;
  if (n == 0)
    return eng_rule_fails (error, ENG_ERROR_INDEX, "index(): at least one index tensor is needed");
  if (n > ENG_MAX_INDICES)
    return eng_rule_fails (
        error, ENG_ERROR_INDEX,
        "index(): more than %d index tensors at once are not supported, got %" G_GSIZE_FORMAT,
        ENG_MAX_INDICES, n);
  if (dims != NULL && n_dims != n)
    return eng_rule_fails (error, ENG_ERROR_INDEX,
                           "index(): %" G_GSIZE_FORMAT " index tensors, but %" G_GSIZE_FORMAT " dims", n,
                           n_dims);
  for (guint k = 0; k < n; k++)
    {
      gint64 first = dims != NULL ? dims[k] : next;
      if (!add_index (plan, k, first, sizes, error))
        return FALSE;
      next = first + dims_taken (indices[k]);
    }
  plan->n_outer = count_outer (plan);
  return plan_shape (plan, error);
}

gboolean
eng_index_plan_sizes (const EngIndexPlan *plan, const gint64 *sizes, EngMeta *out, GError **error)
{
  guint n_kept = plan->ndim - (guint) __builtin_popcount (plan->taken);
  guint kept = 0, n = 0;
  if (n_kept + plan->shape_ndim > ENG_MAX_NDIM)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "a tensor can have at most %d dimensions, but %u were asked for", ENG_MAX_NDIM,
                           n_kept + plan->shape_ndim);
  for (guint d = 0; d <= plan->ndim; d++)
    {
      if (kept == plan->n_outer && n == kept)
        for (guint s = 0; s < plan->shape_ndim; s++)
          out->sizes[n++] = plan->shape[s];
      if (d == plan->ndim || ((plan->taken >> d) & 1))
        continue;
      out->sizes[n++] = sizes[d];
      kept++;
    }
  out->ndim = n_kept + plan->shape_ndim;
  return TRUE;
}

static gboolean
out_of_bounds (gint64 index, guint dim, gint64 size, GError **error)
{
  return eng_rule_fails (error, ENG_ERROR_INDEX,
                         "index %" G_GINT64_FORMAT
                         " is out of bounds for dimension %u with size %" G_GINT64_FORMAT,
                         index, dim, size);
}

/* What the k-th index adds to the offset, in its own sizes (a mask: one dim). */
static EngTensor *
own_offsets (const EngIndexPlan *plan, guint k, const EngTensor *tensor, GError **error)
{
  EngTensor *index = plan->indices[k];
  guint dim = plan->first[k], ndim = eng_tensor_get_ndim (index);
  const gint64 *strides = eng_tensor_get_strides (tensor) + dim;
  if (eng_is_mask (index))
    return eng_mask_offsets (index, strides, error);
  const gint64 *sizes = eng_tensor_get_sizes (index);
  gint64 n = eng_tensor_get_numel (index), size = eng_tensor_get_sizes (tensor)[dim];
  g_autoptr (EngTensor) dense = eng_dense (index, ENG_INT64, ndim, sizes, error);
  g_autoptr (EngTensor) offsets = dense != NULL ? eng_tensor_new (ENG_INT64, ndim, sizes, error) : NULL;
  if (offsets == NULL)
    return NULL;
  memset (eng_tensor_get_data (offsets), 0, (gsize) n * sizeof (gint64));
  const gint64 *numbers = eng_tensor_get_data (dense);
  gint64 bad = eng_places_add_index (eng_tensor_get_data (offsets), numbers, n, size, strides[0], TRUE);
  if (bad >= 0)
    {
      out_of_bounds (numbers[bad], dim, size, error);
      return NULL;
    }
  return g_steal_pointer (&offsets);
}

/* The sum of what all indices add, in the broadcast sizes. */
static EngTensor *
all_offsets (const EngIndexPlan *plan, const EngTensor *tensor, GError **error)
{
  g_autoptr (EngTensor) sum = own_offsets (plan, 0, tensor, error);
  for (guint k = 1; sum != NULL && k < plan->n; k++)
    {
      g_autoptr (EngTensor) own = own_offsets (plan, k, tensor, error);
      EngTensor *next = own != NULL ? eng_tensor_new (ENG_INT64, plan->shape_ndim, plan->shape, error) : NULL;
      EngTensor *inputs[] = { sum, own };
      if (next != NULL && !eng_run_formula (ENG_FORMULA_ADD, next, inputs, 2, NULL, error))
        g_clear_pointer (&next, eng_tensor_unref);
      eng_tensor_unref (sum);
      sum = next;
    }
  return g_steal_pointer (&sum);
}

static void
add_kept (EngPlaces *places, gboolean outer, gint64 size, gint64 stride)
{
  guint *n = outer ? &places->n_outer : &places->n_inner;
  (outer ? places->outer_sizes : places->inner_sizes)[*n] = size;
  (outer ? places->outer_strides : places->inner_strides)[*n] = stride;
  (*n)++;
}

void
eng_places_round_dim (EngPlaces *places, const EngTensor *tensor, guint dim)
{
  places->n_outer = places->n_inner = 0;
  for (guint d = 0; d < eng_tensor_get_ndim (tensor); d++)
    if (d != dim)
      add_kept (places, d < dim, eng_tensor_get_sizes (tensor)[d], eng_tensor_get_strides (tensor)[d]);
}

gboolean
eng_index_plan_places (const EngIndexPlan *plan, const EngTensor *tensor, EngPlaces *places,
                       EngTensor **offsets, GError **error)
{
  places->n_outer = places->n_inner = 0;
  for (guint d = 0; d < plan->ndim; d++)
    if (!((plan->taken >> d) & 1))
      add_kept (places, places->n_outer < plan->n_outer, eng_tensor_get_sizes (tensor)[d],
                eng_tensor_get_strides (tensor)[d]);
  *offsets = all_offsets (plan, tensor, error);
  if (*offsets == NULL)
    return FALSE;
  places->n = eng_tensor_get_numel (*offsets);
  places->offsets = eng_tensor_get_data (*offsets);
  return TRUE;
}
