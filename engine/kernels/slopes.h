/* SPDX-License-Identifier: MIT
 *
 * Formulas that do not fit on one line of scalar-ops.h: softplus, and the slopes of
 * smooth activations. Compiled by every backend, after its em_… functions, for
 * each floating type. */
#pragma once

#include "scalar-ops.h"

/* log (1 + eˣ) without overflow. */
#define EM_DEFINE_SLOPES(T, S) \
  static inline T em_softplus_##S (T x) \
  { \
    return (x > 0 ? x : 0) + em_log1p (em_exp (-em_abs (x))); \
  } \
  /* Φ(x) + x·φ(x) */ \
  static inline T em_gelu_slope_##S (T x) \
  { \
    return (T) 0.5 * (1 + em_erf (x * (T) EM_SQRT1_2)) + x * em_exp (-x * x / 2) * (T) 0.39894228040143267794; \
  } \
  static inline T em_gelu_tanh_slope_##S (T x) \
  { \
    T square = (T) EM_GELU_C * x * x; \
    T t = em_tanh ((T) EM_GELU_K * x * (1 + square)); \
    return (T) 0.5 * (1 + t) + (T) 0.5 * x * (1 - t * t) * (T) EM_GELU_K * (1 + 3 * square); \
  } \
  static inline T em_silu_slope_##S (T x) \
  { \
    T s = em_sigmoid (x); \
    return s * (1 + x * (1 - s)); \
  } \
  static inline T em_mish_slope_##S (T x) \
  { \
    T t = em_tanh (em_softplus_##S (x)); \
    return t + x * em_sigmoid (x) * (1 - t * t); \
  }

EM_DEFINE_SLOPES (float, f)
EM_DEFINE_SLOPES (double, d)

#define em_softplus(x) _Generic ((x), float: em_softplus_f, double: em_softplus_d) (x)
#define em_gelu_slope(x) _Generic ((x), float: em_gelu_slope_f, double: em_gelu_slope_d) (x)
#define em_gelu_tanh_slope(x) _Generic ((x), float: em_gelu_tanh_slope_f, double: em_gelu_tanh_slope_d) (x)
#define em_silu_slope(x) _Generic ((x), float: em_silu_slope_f, double: em_silu_slope_d) (x)
#define em_mish_slope(x) _Generic ((x), float: em_mish_slope_f, double: em_mish_slope_d) (x)
