/* SPDX-License-Identifier: MIT
 *
 * Gathers the kernels of one processor level into an EngKernels table. */
#include <string.h>

#include "target.h"

#define ENG_STRING(x) ENG_STRING_OF (x)
#define ENG_STRING_OF(x) #x

const EngKernels *
ENG_TARGETED (eng_cpu_kernels) (void)
{
  static EngKernels table;
  if (table.name != NULL)
    return &table;
  memcpy (table.rows, ENG_TARGETED (eng_cpu_rows), sizeof table.rows);
  memcpy (table.where, ENG_TARGETED (eng_cpu_where), sizeof table.where);
  memcpy (table.cast, ENG_TARGETED (eng_cpu_cast), sizeof table.cast);
  memcpy (table.folds, ENG_TARGETED (eng_cpu_folds), sizeof table.folds);
  table.product[ENG_FLOAT32] = ENG_TARGETED (eng_cpu_product_float);
  table.product[ENG_FLOAT64] = ENG_TARGETED (eng_cpu_product_double);
  table.product[ENG_INT64] = ENG_TARGETED (eng_cpu_product_int64);
  table.product[ENG_INT32] = ENG_TARGETED (eng_cpu_product_int32);
  table.product[ENG_INT16] = ENG_TARGETED (eng_cpu_product_int16);
  table.product[ENG_INT8] = ENG_TARGETED (eng_cpu_product_int8);
  table.product[ENG_UINT8] = ENG_TARGETED (eng_cpu_product_uint8);
  table.name = ENG_STRING (ENG_TARGET);
  return &table;
}
