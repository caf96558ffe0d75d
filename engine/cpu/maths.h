/* SPDX-License-Identifier: MIT
 *
 * Elementwise maths for the CPU kernels: em_… for each element type. The float32
 * exp, log, tanh and sigmoid are ours: branch-free, so that the compiler can
 * vectorise them at any width, and within 2 ulp of the true value for every
 * finite argument (tests/engine/test-maths.c). The others are libm's. */
#pragma once

#include <glib.h>
#include <math.h>
#include <string.h>

static inline guint32
em_bits (float x)
{
  guint32 bits;
  memcpy (&bits, &x, sizeof bits);
  return bits;
}

static inline float
em_from_bits (guint32 bits)
{
  float x;
  memcpy (&x, &bits, sizeof x);
  return x;
}

/* Note: reduced exponential. x = n·ln 2 + r with |r| ≤ ln 2 / 2. Adding 1.5·2²³
 * rounds to an integer and leaves it in the low bits, so that no conversion (which
 * is undefined for NaN) is needed. Sets *n and returns e^r − 1. */
static inline float
em_exp_reduced (float x, gint32 *n)
{
  const float magic = 12582912.0f;
  float shifted = x * 1.44269504f + magic;
  float k = shifted - magic;
  float r = (x - k * 0.693145752f) - k * 1.42860677e-6f;
  float p = 1.98412698e-4f;
  p = p * r + 1.38888889e-3f;
  p = p * r + 8.33333333e-3f;
  p = p * r + 4.16666667e-2f;
  p = p * r + 1.66666667e-1f;
  p = p * r + 0.5f;
  *n = (gint32) (em_bits (shifted) - em_bits (magic));
  return r + r * r * p;
}

static inline float
em_power_of_two (gint32 n)
{
  return em_from_bits ((guint32) (n + 127) << 23);
}

static inline float
em_exp_f (float x)
{
  gint32 n;
  float c = x > 89.0f ? 89.0f : x;
  c = c < -105.0f ? -105.0f : c;
  float p = em_exp_reduced (c, &n) + 1.0f;
  gint32 half = n >> 1;
  return p * em_power_of_two (half) * em_power_of_two (n - half);
}

/* tanh |x| = e / (e + 2) with e = exp (2|x|) − 1 = 2ⁿ·(e^r − 1) + (2ⁿ − 1); near 0
 * the series, whose first term is exact. Both are computed: lanes cannot branch. */
static inline float
em_tanh_f (float x)
{
  gint32 n;
  float y = fabsf (x);
  y = y > 10.0f ? 10.0f : y;
  float q = em_exp_reduced (2.0f * y, &n);
  float scale = em_power_of_two (n);
  float e = q * scale + (scale - 1.0f);
  float z = x * x;
  float s = 3.59212804e-3f;
  s = s * z - 8.86323553e-3f;
  s = s * z + 2.18694885e-2f;
  s = s * z - 5.39682540e-2f;
  s = s * z + 1.33333333e-1f;
  s = s * z - 3.33333333e-1f;
  float near_zero = x + x * (z * s);
  return y < 0.375f ? near_zero : copysignf (e / (e + 2.0f), x);
}

/* 1 / (1 + z) or z / (1 + z) with z = exp (−|x|) ≤ 1. What rounding lost in 1 + z is known
 * exactly and put back; divided by 1 + z it would be nearer still, but that is not needed. */
static inline float
em_sigmoid_f (float x)
{
  gint32 n;
  float c = -fabsf (x);
  c = c < -105.0f ? -105.0f : c;
  float p = em_exp_reduced (c, &n) + 1.0f;
  gint32 half = n >> 1;
  float z = p * em_power_of_two (half) * em_power_of_two (n - half);
  float sum = 1.0f + z;
  float lost = (1.0f - sum) + z;
  float y = (x < 0.0f ? z : 1.0f) / sum;
  return y - y * lost;
}

/* x = 2ᵏ·(1 + f) with 2/3 ≤ 1 + f < 4/3; log (1 + f) = 2 atanh (s) with s = f / (2 + f),
 * written as f − (f²/2 − s·(f²/2 + R)), R the series beyond its first term, so that
 * nothing is lost for small f. */
static inline float
em_log_f (float x)
{
  gboolean tiny = x < 1.17549435e-38f;
  float y = tiny ? x * 8388608.0f : x;
  guint32 bits = em_bits (y) - 0x3f2aaaabu;
  gint32 k = ((gint32) bits >> 23) - (tiny ? 23 : 0);
  float f = em_from_bits ((bits & 0x007fffffu) + 0x3f2aaaabu) - 1.0f;
  float s = f / (2.0f + f);
  float z = s * s;
  float r = 1.81818182e-1f;
  r = r * z + 2.22222222e-1f;
  r = r * z + 2.85714286e-1f;
  r = r * z + 0.4f;
  r = r * z + 6.66666667e-1f;
  r = r * z;
  float half_square = 0.5f * f * f;
  float kf = (float) k;
  float tail = s * (half_square + r) + kf * 9.05800061e-6f;
  float value = kf * 6.93138123e-1f + (f - (half_square - tail));
  value = x == INFINITY ? x : value;
  value = x == 0.0f ? -INFINITY : value;
  return x < 0.0f || x != x ? NAN : value;
}

static inline double em_sigmoid_d (double x) { double z = exp (-fabs (x)); return (x < 0 ? z : 1) / (1 + z); }

static inline gint64 em_abs_i (gint64 a) { return a < 0 ? -(guint64) a : (guint64) a; }
static inline gint64 em_clamp_i (gint64 a, gint64 p, gint64 q) { a = a < p ? p : a; return a > q ? q : a; }
static inline float em_clamp_f (float a, float p, float q) { a = a < p ? p : a; return a > q ? q : a; }
static inline double em_clamp_d (double a, double p, double q) { a = a < p ? p : a; return a > q ? q : a; }

/* Division by zero is refused by the card; 0 here only keeps the processor alive. */
static inline gint64
em_floor_divide_i (gint64 a, gint64 b)
{
  if (b == 0)
    return 0;
  if (b == -1)
    return (gint64) - (guint64) a;
  gint64 quotient = a / b;
  return quotient - (a % b != 0 && (a < 0) != (b < 0));
}

static inline gint64
em_remainder_i (gint64 a, gint64 b)
{
  if (b == 0 || b == -1)
    return 0;
  gint64 rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

static inline gint64 em_trunc_divide_i (gint64 a, gint64 b)
{
  return b == 0 ? 0 : b == -1 ? (gint64) - (guint64) a : a / b;
}

static inline float em_trunc_divide_f (float a, float b) { return truncf (a / b); }
static inline double em_trunc_divide_d (double a, double b) { return trunc (a / b); }
static inline gint64 em_fmod_i (gint64 a, gint64 b) { return b == 0 || b == -1 ? 0 : a % b; }

static inline double
em_remainder_d (double a, double b)
{
  double rest = fmod (a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

static inline float
em_remainder_f (float a, float b)
{
  float rest = fmodf (a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

/* Python's floor division: exact where the quotient is a whole number, −1 for −1 // ∞. */
static inline double
em_floor_divide_d (double a, double b)
{
  if (b == 0)
    return a / b;
  double rest = fmod (a, b);
  double quotient = (a - rest) / b - (rest != 0 && (rest < 0) != (b < 0) ? 1 : 0);
  double floored = floor (quotient);
  if (quotient == 0)
    return copysign (0, a / b);
  return quotient - floored > 0.5 ? floored + 1 : floored;
}

static inline float
em_floor_divide_f (float a, float b)
{
  if (b == 0)
    return a / b;
  float rest = fmodf (a, b);
  float quotient = (a - rest) / b - (rest != 0 && (rest < 0) != (b < 0) ? 1 : 0);
  float floored = floorf (quotient);
  if (quotient == 0)
    return copysignf (0, a / b);
  return quotient - floored > 0.5f ? floored + 1 : floored;
}

/* Negative exponents have integer results only for ±1; others give 0. */
static inline gint64
em_pow_i (gint64 base, gint64 exponent)
{
  if (exponent < 0)
    return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
  guint64 result = 1;
  guint64 factor = (guint64) base;
  for (; exponent > 0; exponent >>= 1, factor *= factor)
    if (exponent & 1)
      result *= factor;
  return (gint64) result;
}

#define em_exp(x) _Generic ((x), float: em_exp_f, double: exp) (x)
#define em_log(x) _Generic ((x), float: em_log_f, double: log) (x)
#define em_log2(x) _Generic ((x), float: log2f, double: log2) (x)
#define em_log10(x) _Generic ((x), float: log10f, double: log10) (x)
#define em_log1p(x) _Generic ((x), float: log1pf, double: log1p) (x)
#define em_expm1(x) _Generic ((x), float: expm1f, double: expm1) (x)
#define em_sqrt(x) _Generic ((x), float: sqrtf, double: sqrt) (x)
#define em_tanh(x) _Generic ((x), float: em_tanh_f, double: tanh) (x)
#define em_sigmoid(x) _Generic ((x), float: em_sigmoid_f, double: em_sigmoid_d) (x)
#define em_sin(x) _Generic ((x), float: sinf, double: sin) (x)
#define em_cos(x) _Generic ((x), float: cosf, double: cos) (x)
#define em_tan(x) _Generic ((x), float: tanf, double: tan) (x)
#define em_atan(x) _Generic ((x), float: atanf, double: atan) (x)
#define em_erf(x) _Generic ((x), float: erff, double: erf) (x)
#define em_asin(x) _Generic ((x), float: asinf, double: asin) (x)
#define em_acos(x) _Generic ((x), float: acosf, double: acos) (x)
#define em_sinh(x) _Generic ((x), float: sinhf, double: sinh) (x)
#define em_cosh(x) _Generic ((x), float: coshf, double: cosh) (x)
#define em_asinh(x) _Generic ((x), float: asinhf, double: asinh) (x)
#define em_acosh(x) _Generic ((x), float: acoshf, double: acosh) (x)
#define em_atanh(x) _Generic ((x), float: atanhf, double: atanh) (x)
#define em_exp2(x) _Generic ((x), float: exp2f, double: exp2) (x)
#define em_fmod(x, y) _Generic ((x), float: fmodf, double: fmod, default: em_fmod_i) (x, y)
#define em_floor(x) _Generic ((x), float: floorf, double: floor) (x)
#define em_ceil(x) _Generic ((x), float: ceilf, double: ceil) (x)
#define em_rint(x) _Generic ((x), float: rintf, double: rint) (x)
#define em_trunc(x) _Generic ((x), float: truncf, double: trunc) (x)
#define em_atan2(x, y) _Generic ((x), float: atan2f, double: atan2) (x, y)
#define em_abs(x) _Generic ((x), float: fabsf, double: fabs, default: em_abs_i) (x)
#define em_clamp(x, p, q) _Generic ((x), float: em_clamp_f, double: em_clamp_d, default: em_clamp_i) (x, p, q)
#define em_trunc_divide(x, y) \
  _Generic ((x), float: em_trunc_divide_f, double: em_trunc_divide_d, default: em_trunc_divide_i) (x, y)
#define em_floor_divide(x, y) \
  _Generic ((x), float: em_floor_divide_f, double: em_floor_divide_d, default: em_floor_divide_i) (x, y)
#define em_remainder(x, y) \
  _Generic ((x), float: em_remainder_f, double: em_remainder_d, default: em_remainder_i) (x, y)
#define em_pow(x, y) _Generic ((x), float: powf, double: pow, default: em_pow_i) (x, y)

#include "engine/kernels/slopes.h"
