/* SPDX-License-Identifier: MIT
 *
 * The elementwise formulas, one line each: NAME and the value as an expression of
 * a, b, c (elements of type T) and p, q, r (numbers of the call, also T). They are
 * compiled by every backend, so they use only operators and the em_… functions
 * (elementwise maths), which each backend provides for its types. T may be a C
 * _Bool: then + is or, and × is and. Adding an elementwise operation is one line
 * here and one card in ops/. */
#pragma once

#define EM_SQRT1_2 0.70710678118654752440
/* The tanh form of gelu: ½x(1 + tanh (k(x + c·x³))), k = √(2/π) (Hendrycks and Gimpel 2016). */
#define EM_GELU_K 0.79788456080286535588
#define EM_GELU_C 0.044715

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

/* T → T, floating dtypes. ELU: p alpha, q scale, r input scale; SOFTPLUS: p beta, q threshold. */
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
  X (ERF, em_erf (a)) \
  X (ASIN, em_asin (a)) \
  X (ACOS, em_acos (a)) \
  X (SINH, em_sinh (a)) \
  X (COSH, em_cosh (a)) \
  X (ASINH, em_asinh (a)) \
  X (ACOSH, em_acosh (a)) \
  X (ATANH, em_atanh (a)) \
  X (EXP2, em_exp2 (a)) \
  X (FRAC, a - em_trunc (a)) \
  X (LEAKY_RELU, a > 0 ? a : a * p) \
  X (ELU, a <= 0 ? em_expm1 (a * r) * (p * q) : a * q) \
  X (GELU, a * (T) 0.5 * (1 + em_erf (a * (T) EM_SQRT1_2))) \
  X (GELU_TANH, a * (T) 0.5 * (1 + em_tanh ((T) EM_GELU_K * (a + (T) EM_GELU_C * a * a * a)))) \
  X (SILU, a * em_sigmoid (a)) \
  X (MISH, a * em_tanh (em_softplus (a))) \
  X (SOFTPLUS, a * p > q ? a : em_softplus (a * p) / p) \
  X (LOG_SIGMOID, -em_softplus (-a)) \
  X (HARDSIGMOID, em_clamp (a + 3, (T) 0, (T) 6) / 6) \
  X (HARDSWISH, a * em_clamp (a + 3, (T) 0, (T) 6) / 6) \
  X (HARDSHRINK, a >= -p && a <= p ? 0 : a) \
  X (SOFTSHRINK, a > p ? a - p : a < -p ? a + p : 0)

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
  X (TRUNC_DIVIDE, em_trunc_divide (a, b)) \
  X (REMAINDER, em_remainder (a, b)) \
  X (FMOD, em_fmod (a, b)) \
  X (POW, em_pow (a, b))

/* T, T, T → T, every dtype. */
#define ENG_TERNARY_FORMULAS(X) \
  X (ADDCMUL, a + p * b * c)

/* T, T, T → T, floating dtypes. */
#define ENG_TERNARY_FLOATING_FORMULAS(X) \
  X (LERP, (c < (T) 0.5 && c > (T) -0.5) ? a + c * (b - a) : b - (b - a) * (1 - c)) \
  X (ADDCDIV, a + p * (b / c))

/* T, T → T, floating dtypes. The …_BACKWARD ones take the gradient as a. */
#define ENG_BINARY_FLOATING_FORMULAS(X) \
  X (DIV, a / b) \
  X (ATAN2, em_atan2 (a, b)) \
  X (TANH_BACKWARD, a * (1 - b * b)) \
  X (SIGMOID_BACKWARD, a * ((1 - b) * b)) \
  X (THRESHOLD_BACKWARD, b <= 0 ? 0 : a) \
  X (LEAKY_RELU_BACKWARD, b > 0 ? a : a * p) \
  X (ELU_BACKWARD, b <= 0 ? a * (p * q * r) * em_exp (b * r) : a * q) \
  X (GELU_BACKWARD, a * em_gelu_slope (b)) \
  X (GELU_TANH_BACKWARD, a * em_gelu_tanh_slope (b)) \
  X (SILU_BACKWARD, a * em_silu_slope (b)) \
  X (MISH_BACKWARD, a * em_mish_slope (b)) \
  X (SOFTPLUS_BACKWARD, b * p > q ? a : a * em_sigmoid (b * p)) \
  X (LOG_SIGMOID_BACKWARD, a * em_sigmoid (-b)) \
  X (HARDTANH_BACKWARD, b <= p || b >= q ? 0 : a) \
  X (HARDSIGMOID_BACKWARD, b > -3 && b < 3 ? a / 6 : 0) \
  X (HARDSWISH_BACKWARD, b < -3 ? 0 : b <= 3 ? a * (b / 3 + (T) 0.5) : a) \
  X (SHRINK_BACKWARD, b >= -p && b <= p ? 0 : a)

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
