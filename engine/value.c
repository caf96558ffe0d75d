/* SPDX-License-Identifier: MIT
 *
 * Reading a Scalar argument as a number. Cards and rules call it. */
#include "engine/value.h"

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
