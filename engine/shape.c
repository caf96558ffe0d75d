/* SPDX-License-Identifier: MIT
 *
 * Sizes and strides: products, broadcasting, views, dimension numbers, and the
 * texts PyTorch gives when they do not fit. Pure functions on small arrays. */
#include "engine/inline.h"

#include <string.h>

gint64
eng_shape_numel (guint ndim, const gint64 *sizes)
{
  guint64 numel = 1;          /* unsigned: beside a size of 0 the others may be anything */
  for (guint d = 0; d < ndim; d++)
    numel *= (guint64) sizes[d];
  return (gint64) numel;
}

/* Multiplies without overflow; a zero size makes everything zero, as it should. */
static gboolean
checked_product (guint ndim, const gint64 *sizes, gsize item_size, gint64 *numel)
{
  gint64 product = 1;
  gint64 nbytes;
  for (guint d = 0; d < ndim; d++)
    if (sizes[d] == 0)
      {
        *numel = 0;
        return TRUE;
      }
  for (guint d = 0; d < ndim; d++)
    if (__builtin_mul_overflow (product, sizes[d], &product))
      return FALSE;
  *numel = product;
  return !__builtin_mul_overflow (product, (gint64) item_size, &nbytes);
}

gboolean
eng_shape_check (guint ndim, const gint64 *sizes, gsize item_size, gint64 *numel, GError **error)
{
  if (G_UNLIKELY (ndim > ENG_MAX_NDIM))
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
                   "a tensor can have at most %d dimensions, but %u were asked for", ENG_MAX_NDIM, ndim);
      return FALSE;
    }
  for (guint d = 0; d < ndim; d++)
    if (G_UNLIKELY (sizes[d] < 0))
      {
        g_autofree char *text = eng_shape_to_string (ndim, sizes);
        g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
                     "Trying to create tensor with negative dimension %" G_GINT64_FORMAT ": %s", sizes[d], text);
        return FALSE;
      }
  if (G_UNLIKELY (!checked_product (ndim, sizes, item_size, numel)))
    {
      g_autofree char *text = eng_shape_to_string (ndim, sizes);
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
                   "Storage size calculation overflowed with sizes=%s", text);
      return FALSE;
    }
  return TRUE;
}

gboolean
eng_shape_is_contiguous (guint ndim, const gint64 *sizes, const gint64 *strides)
{
  gint64 expected = 1;
  for (guint d = 0; d < ndim; d++)
    if (sizes[d] == 0)
      return TRUE;
  for (guint d = ndim; d-- > 0;)
    {
      if (sizes[d] == 1)
        continue;
      if (strides[d] != expected)
        return FALSE;
      expected *= sizes[d];
    }
  return TRUE;
}

gboolean
eng_shape_broadcast (guint a_ndim, const gint64 *a, guint b_ndim, const gint64 *b,
                     guint *out_ndim, gint64 *out, GError **error)
{
  gint64 result[ENG_MAX_NDIM];
  guint ndim = MAX (a_ndim, b_ndim);
  if (G_LIKELY (eng_shape_equal (a_ndim, a, b_ndim, b)))
    {
      for (guint d = 0; d < ndim; d++)
        out[d] = a[d];
      *out_ndim = ndim;
      return TRUE;
    }
  for (guint k = 1; k <= ndim; k++)           /* from the last dimension */
    {
      gint64 size_a = k <= a_ndim ? a[a_ndim - k] : 1;
      gint64 size_b = k <= b_ndim ? b[b_ndim - k] : 1;
      if (G_UNLIKELY (size_a != size_b && size_a != 1 && size_b != 1))
        {
          g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
                       "The size of tensor a (%" G_GINT64_FORMAT ") must match the size of tensor b (%"
                       G_GINT64_FORMAT ") at non-singleton dimension %u", size_a, size_b, ndim - k);
          return FALSE;
        }
      result[ndim - k] = size_a == 1 ? size_b : size_a;
    }
  for (guint d = 0; d < ndim; d++)
    out[d] = result[d];
  *out_ndim = ndim;
  return TRUE;
}

void
eng_shape_broadcast_strides (guint ndim, const gint64 *sizes, const gint64 *strides,
                             guint out_ndim, const gint64 *out_sizes, gint64 *out_strides)
{
  guint lead = out_ndim - ndim;
  for (guint d = 0; d < lead; d++)
    out_strides[d] = 0;
  for (guint d = 0; d < ndim; d++)
    out_strides[lead + d] = sizes[d] == 1 && out_sizes[lead + d] != 1 ? 0 : strides[d];
}

int
eng_shape_wrap_dim (gint64 dim, guint ndim, GError **error)
{
  gint64 n = MAX (ndim, 1u);
  if (G_UNLIKELY (dim < -n || dim >= n))
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_INDEX,
                   "Dimension out of range (expected to be in range of [%" G_GINT64_FORMAT ", %"
                   G_GINT64_FORMAT "], but got %" G_GINT64_FORMAT ")", -n, n - 1, dim);
      return -1;
    }
  return (int) (dim < 0 ? dim + n : dim);
}

/* Walks old and new dimensions from the last: a run of old dimensions that lies
 * evenly in memory must be filled exactly by a run of new ones. */
static gboolean
view_strides (guint ndim, const gint64 *sizes, const gint64 *strides,
              guint new_ndim, const gint64 *new_sizes, gint64 *new_strides)
{
  int view_d = (int) new_ndim - 1;
  gint64 chunk_stride = strides[ndim - 1];
  gint64 chunk_numel = 1;
  gint64 view_numel = 1;
  for (int d = (int) ndim - 1; d >= 0; d--)
    {
      chunk_numel *= sizes[d];
      if (d > 0 && (sizes[d - 1] == 1 || strides[d - 1] == chunk_numel * chunk_stride))
        continue;
      while (view_d >= 0 && (view_numel < chunk_numel || new_sizes[view_d] == 1))
        {
          new_strides[view_d] = view_numel * chunk_stride;
          view_numel *= new_sizes[view_d];
          view_d--;
        }
      if (view_numel != chunk_numel)
        return FALSE;
      if (d > 0)
        {
          chunk_stride = strides[d - 1];
          chunk_numel = 1;
          view_numel = 1;
        }
    }
  return view_d == -1;
}

gboolean
eng_shape_view_strides (guint ndim, const gint64 *sizes, const gint64 *strides,
                        guint new_ndim, const gint64 *new_sizes, gint64 *new_strides)
{
  if (eng_shape_numel (ndim, sizes) == 0 || ndim == 0)
    {
      eng_shape_contiguous_strides (new_ndim, new_sizes, new_strides);
      return TRUE;
    }
  return view_strides (ndim, sizes, strides, new_ndim, new_sizes, new_strides);
}

static gboolean
set_invalid_shape (guint ndim, const gint64 *sizes, gint64 numel, GError **error)
{
  g_autofree char *text = eng_shape_to_string (ndim, sizes);
  g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
               "shape '%s' is invalid for input of size %" G_GINT64_FORMAT, text, numel);
  return FALSE;
}

gboolean
eng_shape_infer (guint ndim, gint64 *sizes, gint64 numel, GError **error)
{
  gint64 known = 1;
  int unknown = -1;
  for (guint d = 0; d < ndim; d++)
    {
      if (sizes[d] == -1 && unknown >= 0)
        {
          g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME, "only one dimension can be inferred");
          return FALSE;
        }
      if (sizes[d] == -1)
        unknown = (int) d;
      else if (sizes[d] < 0)
        {
          g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME, "invalid shape dimension %" G_GINT64_FORMAT, sizes[d]);
          return FALSE;
        }
      else if (__builtin_mul_overflow (known, sizes[d], &known))
        return set_invalid_shape (ndim, sizes, numel, error);
    }
  if (unknown < 0)
    return known == numel || set_invalid_shape (ndim, sizes, numel, error);
  if (known == 0 && numel == 0)
    {
      g_autofree char *text = eng_shape_to_string (ndim, sizes);
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
                   "cannot reshape tensor of 0 elements into shape %s because the unspecified dimension size -1 "
                   "can be any value and is ambiguous", text);
      return FALSE;
    }
  if (known == 0 || numel % known != 0)
    return set_invalid_shape (ndim, sizes, numel, error);
  sizes[unknown] = numel / known;
  return TRUE;
}

char *
eng_shape_to_string (guint ndim, const gint64 *sizes)
{
  GString *text = g_string_new ("[");
  for (guint d = 0; d < ndim; d++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, d > 0 ? ", " : "", sizes[d]);
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}
