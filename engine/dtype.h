/* SPDX-License-Identifier: MIT
 *
 * Element types. A dtype has a category (bool < integer < floating); promotion
 * follows PyTorch: the higher category wins, a 0-dim tensor or a Python number
 * raises only the category. The values are stored in recordings: never renumber. */
#pragma once

#include <glib.h>

typedef enum
{
  ENG_BOOL = 0,
  ENG_UINT8 = 1,
  ENG_INT8 = 2,
  ENG_INT16 = 3,
  ENG_INT32 = 4,
  ENG_INT64 = 5,
  ENG_FLOAT32 = 6,
  ENG_FLOAT64 = 7,
} EngDtype;
#define ENG_N_DTYPES 8

typedef enum
{
  ENG_CATEGORY_BOOL,
  ENG_CATEGORY_INTEGER,
  ENG_CATEGORY_FLOATING,
} EngCategory;

gsize eng_dtype_size (EngDtype dtype);                      /* bytes per element */
EngCategory eng_dtype_category (EngDtype dtype);
const char *eng_dtype_name (EngDtype dtype);                /* "float32" */
const char *eng_dtype_scalar_name (EngDtype dtype);         /* "Float", as PyTorch's errors say */
EngDtype eng_dtype_promote (EngDtype a, EngDtype b);        /* same-rank promotion table */
EngDtype eng_get_default_dtype (void);                      /* float32 unless set */
void eng_set_default_dtype (EngDtype dtype);                /* floating only */
