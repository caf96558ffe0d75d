/* SPDX-License-Identifier: MIT
 *
 * Names and sizes of the stored element types. Called by reader, writer and the
 * views that print a dtype. */
#include "event.h"

static const struct
{
  const char *name;
  gsize size;
} dtypes[] = {
  [REC_BOOL] = { "bool", 1 },
  [REC_UINT8] = { "uint8", 1 },
  [REC_INT8] = { "int8", 1 },
  [REC_INT16] = { "int16", 2 },
  [REC_INT32] = { "int32", 4 },
  [REC_INT64] = { "int64", 8 },
  [REC_FLOAT32] = { "float32", 4 },
  [REC_FLOAT64] = { "float64", 8 },
};

const char *
rec_dtype_name (RecDtype dtype)
{
  return (guint) dtype < G_N_ELEMENTS (dtypes) ? dtypes[dtype].name : "unknown";
}

gsize
rec_dtype_size (RecDtype dtype)
{
  return (guint) dtype < G_N_ELEMENTS (dtypes) ? dtypes[dtype].size : 0;
}
