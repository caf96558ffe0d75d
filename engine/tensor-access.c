/* SPDX-License-Identifier: MIT
 *
 * Reading and writing one element by its row-major number, whatever the strides.
 * For hosts, printing and tests; kernels do not come here. */
#include "engine/inline.h"

/* Address of element index (0 … numel-1, asserted). */
static gpointer
element_at (const EngTensor *tensor, gint64 index)
{
  g_assert (index >= 0 && index < tensor->numel);
  gint64 at = tensor->offset;
  if (tensor->is_contiguous)
    at += index;
  else
    for (guint d = tensor->ndim; d-- > 0;)
      {
        at += index % tensor->sizes[d] * eng_tensor_get_strides (tensor)[d];
        index /= tensor->sizes[d];
      }
  return (char *) tensor->storage->data + at * (gint64) eng_dtype_size ((EngDtype) tensor->dtype);
}

double
eng_tensor_get_double (const EngTensor *tensor, gint64 index)
{
  gconstpointer at = element_at (tensor, index);
  switch ((EngDtype) tensor->dtype)
    {
    case ENG_FLOAT32:
      return *(const float *) at;
    case ENG_FLOAT64:
      return *(const double *) at;
    case ENG_BOOL:
    case ENG_UINT8:
    case ENG_INT8:
    case ENG_INT16:
    case ENG_INT32:
    case ENG_INT64:
      break;
    }
  return (double) eng_tensor_get_int64 (tensor, index);
}

/* Floating values are truncated; out of the range of int64 they saturate. */
gint64
eng_tensor_get_int64 (const EngTensor *tensor, gint64 index)
{
  gconstpointer at = element_at (tensor, index);
  switch ((EngDtype) tensor->dtype)
    {
    case ENG_BOOL:
      return *(const guint8 *) at != 0;
    case ENG_UINT8:
      return *(const guint8 *) at;
    case ENG_INT8:
      return *(const gint8 *) at;
    case ENG_INT16:
      return *(const gint16 *) at;
    case ENG_INT32:
      return *(const gint32 *) at;
    case ENG_INT64:
      return *(const gint64 *) at;
    case ENG_FLOAT32:
    case ENG_FLOAT64:
      break;
    }
  double value = eng_tensor_get_double (tensor, index);
  if (!(value == value))
    return 0;
  if (value >= 9223372036854775808.0)
    return G_MAXINT64;
  return value <= -9223372036854775808.0 ? G_MININT64 : (gint64) value;
}

void
eng_tensor_set_double (EngTensor *tensor, gint64 index, double value)
{
  gpointer at = element_at (tensor, index);
  switch ((EngDtype) tensor->dtype)
    {
    case ENG_FLOAT32:
      *(float *) at = (float) value;
      return;
    case ENG_FLOAT64:
      *(double *) at = value;
      return;
    case ENG_BOOL:
      *(guint8 *) at = value != 0;
      return;
    case ENG_UINT8:
    case ENG_INT8:
    case ENG_INT16:
    case ENG_INT32:
    case ENG_INT64:
      break;
    }
  gint64 integer = !(value == value) ? 0
                   : value >= 9223372036854775808.0 ? G_MAXINT64
                   : value <= -9223372036854775808.0 ? G_MININT64 : (gint64) value;
  eng_tensor_set_int64 (tensor, index, integer);
}

/* Narrow integers keep the low bits, as in PyTorch. */
void
eng_tensor_set_int64 (EngTensor *tensor, gint64 index, gint64 value)
{
  gpointer at = element_at (tensor, index);
  switch ((EngDtype) tensor->dtype)
    {
    case ENG_BOOL:
      *(guint8 *) at = value != 0;
      return;
    case ENG_UINT8:
      *(guint8 *) at = (guint8) value;
      return;
    case ENG_INT8:
      *(gint8 *) at = (gint8) value;
      return;
    case ENG_INT16:
      *(gint16 *) at = (gint16) value;
      return;
    case ENG_INT32:
      *(gint32 *) at = (gint32) value;
      return;
    case ENG_INT64:
      *(gint64 *) at = value;
      return;
    case ENG_FLOAT32:
      *(float *) at = (float) value;
      return;
    case ENG_FLOAT64:
      *(double *) at = (double) value;
      return;
    }
}

gboolean
eng_tensor_is_sole_owner (const EngTensor *tensor)
{
  return tensor->ref_count == 1 && tensor->storage->ref_count == 1;
}
