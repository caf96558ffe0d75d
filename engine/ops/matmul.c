/* SPDX-License-Identifier: MIT
 *
 * torch.matmul and @: no card, but a choice among dot, mv, mm and bmm, with the
 * views round them that PyTorch makes too (so the grad_fns agree). */
#include "card.h"

static EngTensor *
vector_times_matrix (EngTensor *vector, EngTensor *matrix, GError **error)
{
  g_autoptr (EngTensor) row = eng_unsqueeze (vector, 0, error);
  g_autoptr (EngTensor) product = row != NULL ? eng_mm (row, matrix, error) : NULL;
  return product != NULL ? eng_squeeze_dim (product, 0, error) : NULL;
}

/* (…,K) @ (K,N) or (K): the leading dims are folded into the rows. */
static EngTensor *
folded (EngTensor *self, EngTensor *other, GError **error)
{
  guint ndim = eng_tensor_get_ndim (self);
  const gint64 *sizes = eng_tensor_get_sizes (self);
  gint64 rows = eng_shape_numel (ndim - 1, sizes);
  gint64 out[ENG_MAX_NDIM];
  gboolean vector = eng_tensor_get_ndim (other) == 1;
  g_autoptr (EngTensor) flat = eng_reshape (self, 2, (gint64[]) { rows, sizes[ndim - 1] }, error);
  if (flat == NULL)
    return NULL;
  g_autoptr (EngTensor) product = vector ? eng_mv (flat, other, error) : eng_mm (flat, other, error);
  if (product == NULL)
    return NULL;
  for (guint d = 0; d + 1 < ndim; d++)
    out[d] = sizes[d];
  if (!vector)
    out[ndim - 1] = eng_tensor_get_sizes (other)[1];
  return eng_view (product, vector ? ndim - 1 : ndim, out, error);
}

/* self with its batch dims broadcast and merged into one: (B, rows, cols). */
static EngTensor *
batched (EngTensor *self, guint n_batch, const gint64 *batch, GError **error)
{
  guint ndim = eng_tensor_get_ndim (self);
  gint64 wide[ENG_MAX_NDIM];
  gint64 rows = eng_tensor_get_sizes (self)[ndim - 2];
  gint64 cols = eng_tensor_get_sizes (self)[ndim - 1];
  for (guint d = 0; d < n_batch; d++)
    wide[d] = batch[d];
  wide[n_batch] = rows;
  wide[n_batch + 1] = cols;
  g_autoptr (EngTensor) expanded = eng_expand (self, n_batch + 2, wide, error);
  if (expanded == NULL)
    return NULL;
  return eng_reshape (expanded, 3, (gint64[]) { eng_shape_numel (n_batch, batch), rows, cols }, error);
}

/* (…,M,K) @ (…,K,N) → (…,M,N), both at least 2-D. */
static EngTensor *
batch_product (EngTensor *self, EngTensor *other, GError **error)
{
  guint a = eng_tensor_get_ndim (self), b = eng_tensor_get_ndim (other), n_batch;
  gint64 batch[ENG_MAX_NDIM];
  if (!eng_shape_broadcast (a - 2, eng_tensor_get_sizes (self), b - 2, eng_tensor_get_sizes (other),
                            &n_batch, batch, error))
    return NULL;
  g_autoptr (EngTensor) left = batched (self, n_batch, batch, error);
  g_autoptr (EngTensor) right = left != NULL ? batched (other, n_batch, batch, error) : NULL;
  g_autoptr (EngTensor) product = right != NULL ? eng_bmm (left, right, error) : NULL;
  if (product == NULL)
    return NULL;
  batch[n_batch] = eng_tensor_get_sizes (self)[a - 2];
  batch[n_batch + 1] = eng_tensor_get_sizes (other)[b - 1];
  return eng_view (product, n_batch + 2, batch, error);
}

/* (K) @ (…,K,N) → (…,N), by way of a matrix of one row. */
static EngTensor *
vector_times_batch (EngTensor *vector, EngTensor *other, GError **error)
{
  g_autoptr (EngTensor) row = eng_unsqueeze (vector, 0, error);
  g_autoptr (EngTensor) product = row != NULL ? batch_product (row, other, error) : NULL;
  return product != NULL ? eng_squeeze_dim (product, -2, error) : NULL;
}

EngTensor *
eng_matmul (EngTensor *self, EngTensor *other, GError **error)
{
  guint a = eng_tensor_get_ndim (self), b = eng_tensor_get_ndim (other);
  if (G_LIKELY (a == 2 && b == 2))
    return eng_mm (self, other, error);
  if (a == 0 || b == 0)
    {
      eng_rule_fails (error, ENG_ERROR_RUNTIME,
                      "both arguments to matmul need to be at least 1D, but they are %uD and %uD", a, b);
      return NULL;
    }
  if (a == 1 && b == 1)
    return eng_dot (self, other, error);
  if (a == 2 && b == 1)
    return eng_mv (self, other, error);
  if (a == 1 && b == 2)
    return vector_times_matrix (self, other, error);
  if (a >= 3 && b <= 2)
    return folded (self, other, error);
  if (a == 1)
    return vector_times_batch (self, other, error);
  return batch_product (self, other, error);
}
