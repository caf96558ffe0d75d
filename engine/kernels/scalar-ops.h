/* SPDX-License-Identifier: MIT
 *
 * The elementwise formulas, one line each: NAME and the value as an expression of
 * a, b (elements of type T) and p, q (numbers of the call, also T). They are
 * compiled by every backend, so they use only operators and the em_… functions
 * (elementwise maths), which each backend provides for its types. T may be a C
 * _Bool: then + is or, and × is and. Adding an elementwise operation is one line
 * here and one card in ops/. */
#pragma once

/* T → T, every dtype. */
#define ENG_UNARY_FORMULAS(X) \
  X (NEG, -a) \
  X (ABS, em_abs (a)) \
  X (SQUARE, a * a) \
  X (CUBE, a * a * a) \
  X (SIGN, (a > 0) - (a < 0)) \
  X (RELU, a <= 0 ? 0 : a) \
  X (CLAMP, em_clamp (a, p, q)) \
  X (CLAMP_MIN, a < p ? p : a) \
  X (CLAMP_MAX, a > p ? p : a)

/* T → T, floating dtypes. */
#define ENG_UNARY_FLOATING_FORMULAS(X) \
  X (EXP, em_exp (a)) \
  X (LOG, em_log (a)) \
  X (LOG2, em_log2 (a)) \
  X (LOG10, em_log10 (a)) \
  X (LOG1P, em_log1p (a)) \
  X (EXPM1, em_expm1 (a)) \
  X (SQRT, em_sqrt (a)) \
  X (RSQRT, 1 / em_sqrt (a)) \
  X (RECIPROCAL, 1 / a) \
  X (TANH, em_tanh (a)) \
  X (SIGMOID, em_sigmoid (a)) \
  X (SIN, em_sin (a)) \
  X (COS, em_cos (a)) \
  X (TAN, em_tan (a)) \
  X (ATAN, em_atan (a)) \
  X (FLOOR, em_floor (a)) \
  X (CEIL, em_ceil (a)) \
  X (ROUND, em_rint (a)) \
  X (TRUNC, em_trunc (a)) \
  X (ERF, em_erf (a))

/* T → bool, every dtype. */
#define ENG_PREDICATE_FORMULAS(X) \
  X (LOGICAL_NOT, a == 0) \
  X (ISNAN, a != a) \
  X (ISFINITE, a - a == 0) \
  X (ISINF, a == a && a - a != 0)

/* T, T → T, every dtype. */
#define ENG_BINARY_FORMULAS(X) \
  X (ADD, a + p * b) \
  X (SUB, a - p * b) \
  X (RSUB, b - p * a) \
  X (MUL, a * b) \
  X (MAXIMUM, a > b || a != a ? a : b) \
  X (MINIMUM, a < b || a != a ? a : b) \
  X (FLOOR_DIVIDE, em_floor_divide (a, b)) \
  X (REMAINDER, em_remainder (a, b)) \
  X (POW, em_pow (a, b))

/* T, T → T, floating dtypes. The …_BACKWARD ones take the gradient as a. */
#define ENG_BINARY_FLOATING_FORMULAS(X) \
  X (DIV, a / b) \
  X (ATAN2, em_atan2 (a, b)) \
  X (TANH_BACKWARD, a * (1 - b * b)) \
  X (SIGMOID_BACKWARD, a * ((1 - b) * b)) \
  X (THRESHOLD_BACKWARD, b <= 0 ? 0 : a)

/* T, T → bool, every dtype. */
#define ENG_COMPARE_FORMULAS(X) \
  X (EQ, a == b) \
  X (NE, a != b) \
  X (LT, a < b) \
  X (LE, a <= b) \
  X (GT, a > b) \
  X (GE, a >= b) \
  X (LOGICAL_AND, a != 0 && b != 0) \
  X (LOGICAL_OR, a != 0 || b != 0) \
  X (LOGICAL_XOR, (a != 0) != (b != 0))
