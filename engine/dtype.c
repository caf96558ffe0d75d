/* SPDX-License-Identifier: MIT
 *
 * The table of element types: sizes, names, categories, and PyTorch's promotion
 * of two types of equal rank. Pure data; everybody calls it. */
#include "engine/inline.h"

const EngDtypeFacts eng_dtype_facts[ENG_N_DTYPES] = {
  [ENG_BOOL] = { "bool", "Bool", 1, ENG_CATEGORY_BOOL },
  [ENG_UINT8] = { "uint8", "Byte", 1, ENG_CATEGORY_INTEGER },
  [ENG_INT8] = { "int8", "Char", 1, ENG_CATEGORY_INTEGER },
  [ENG_INT16] = { "int16", "Short", 2, ENG_CATEGORY_INTEGER },
  [ENG_INT32] = { "int32", "Int", 4, ENG_CATEGORY_INTEGER },
  [ENG_INT64] = { "int64", "Long", 8, ENG_CATEGORY_INTEGER },
  [ENG_FLOAT32] = { "float32", "Float", 4, ENG_CATEGORY_FLOATING },
  [ENG_FLOAT64] = { "float64", "Double", 8, ENG_CATEGORY_FLOATING },
};

static EngDtype default_dtype = ENG_FLOAT32;

const char *
eng_dtype_name (EngDtype dtype)
{
  return eng_dtype_facts[dtype].name;
}

const char *
eng_dtype_scalar_name (EngDtype dtype)
{
  return eng_dtype_facts[dtype].scalar_name;
}

/* The values are ordered so that the larger one wins, but for the one pair where
 * neither can hold the other: uint8 with int8 needs int16. */
EngDtype
eng_dtype_promote (EngDtype a, EngDtype b)
{
  if ((a == ENG_UINT8 && b == ENG_INT8) || (a == ENG_INT8 && b == ENG_UINT8))
    return ENG_INT16;
  return MAX (a, b);
}

EngDtype
eng_get_default_dtype (void)
{
  return default_dtype;
}

void
eng_set_default_dtype (EngDtype dtype)
{
  g_return_if_fail (eng_dtype_category (dtype) == ENG_CATEGORY_FLOATING);
  default_dtype = dtype;
}
