/* SPDX-License-Identifier: MIT
 *
 * Reading a Scalar argument as a number. Cards and rules call it. */
#include "engine/value.h"

#include <math.h>

/* A value of another kind reads as 0: the host checked kinds by the signature. */
double
eng_value_convert_to_double (const EngValue *value)
{
  switch (value->kind)
    {
    case ENG_VALUE_FLOAT:
      return value->number;
    case ENG_VALUE_INT:
      return (double) value->integer;
    case ENG_VALUE_BOOL:
      return value->boolean ? 1.0 : 0.0;
    case ENG_VALUE_NONE:
    case ENG_VALUE_TENSOR:
    case ENG_VALUE_TENSORS:
    case ENG_VALUE_INTS:
    case ENG_VALUE_DTYPE:
    case ENG_VALUE_STRING:
    case ENG_VALUE_GENERATOR:
      break;
    }
  return 0.0;
}

/* Truncates towards zero; out of range saturates, NaN is 0. */
gint64
eng_value_as_int64 (const EngValue *value)
{
  if (value->kind == ENG_VALUE_INT)
    return value->integer;
  double number = eng_value_as_double (value);
  if (!(number == number))
    return 0;
  if (number >= 9223372036854775808.0)
    return G_MAXINT64;
  if (number <= -9223372036854775808.0)
    return G_MININT64;
  return (gint64) number;
}

static void
integer_limits (EngDtype dtype, double *min, double *max)
{
  guint bits = (guint) eng_dtype_size (dtype) * 8;
  double half = ldexp (1, (int) bits - 1);
  *min = dtype == ENG_UINT8 ? -255 : -half;
  *max = dtype == ENG_UINT8 ? 255 : half - 1;
}

gboolean
eng_value_fits (const EngValue *value, EngDtype dtype)
{
  double number = eng_value_as_double (value), min, max;
  if (dtype == ENG_BOOL || dtype == ENG_FLOAT64 || value->kind == ENG_VALUE_BOOL)
    return TRUE;
  if (dtype == ENG_FLOAT32)
    return !isfinite (number) || fabs (number) <= G_MAXFLOAT;
  if (dtype == ENG_INT64)
    return value->kind == ENG_VALUE_INT || (number >= -0x1p63 && number < 0x1p63);
  integer_limits (dtype, &min, &max);
  return number >= min && number <= max;
}
