/* SPDX-License-Identifier: MIT
 *
 * One argument of an operation, tagged. Values borrow what they point to for the
 * length of the call; a grad_fn that keeps arguments copies them. */
#pragma once

#include "tensor.h"

typedef struct _EngGenerator EngGenerator;

typedef enum
{
  ENG_VALUE_NONE,        /* Python's None, or an optional argument left out */
  ENG_VALUE_TENSOR,
  ENG_VALUE_TENSORS,
  ENG_VALUE_BOOL,
  ENG_VALUE_INT,
  ENG_VALUE_FLOAT,
  ENG_VALUE_INTS,
  ENG_VALUE_DTYPE,
  ENG_VALUE_STRING,
  ENG_VALUE_GENERATOR,
} EngValueKind;

typedef struct
{
  EngValueKind kind;
  union
  {
    EngTensor *tensor;
    struct { EngTensor *const *items; gsize n; } tensors;
    gboolean boolean;
    gint64 integer;
    double number;
    struct { const gint64 *items; gsize n; } ints;
    EngDtype dtype;
    const char *string;
    EngGenerator *generator;
  };
} EngValue;

/* A Scalar parameter accepts BOOL, INT and FLOAT; these read it as a number. */
double eng_value_convert_to_double (const EngValue *value);
static inline double
eng_value_as_double (const EngValue *value)
{
  return value->kind == ENG_VALUE_FLOAT ? value->number
         : value->kind == ENG_VALUE_INT ? (double) value->integer
                                        : eng_value_convert_to_double (value);
}

gint64 eng_value_as_int64 (const EngValue *value);
/* Whether a tensor of dtype can hold the number: as PyTorch's fill_ asks it (fractions
 * are cut off, −255…−1 wrap around in a uint8; floats hold inf and NaN). */
gboolean eng_value_fits (const EngValue *value, EngDtype dtype);
