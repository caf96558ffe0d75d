/* SPDX-License-Identifier: MIT
 *
 * Box-Muller on blocks of 16 (normal-blocks.h). PyTorch's float kernel uses the
 * Cephes single-precision log and sincos (Moshier) in AVX2 lanes with fused
 * multiply-adds; the same arithmetic is written out here with fmaf, so that every
 * bit agrees on every processor. Compiled with -ffp-contract=off: what is fused is
 * said. */
#include "normal-blocks.h"

#include <glib.h>
#include <math.h>
#include <string.h>

/* Horner's rule with fused steps, highest coefficient first. */
static inline float
horner (float x, const float *coefficients, guint n)
{
  float y = coefficients[0];
  for (guint i = 1; i < n; i++)
    y = fmaf (y, x, coefficients[i]);
  return y;
}

/* log of a normal positive x. */
static float
cephes_log (float x)
{
  static const float series[] = {
    7.0376836292E-2f, -1.1514610310E-1f, 1.1676998740E-1f, -1.2420140846E-1f, 1.4249322787E-1f,
    -1.6668057665E-1f, 2.0000714765E-1f, -2.4999993993E-1f, 3.3333331174E-1f,
  };
  guint32 bits;
  memcpy (&bits, &x, sizeof bits);
  float exponent = (float) ((gint32) (bits >> 23) - 126);
  bits = (bits & 0x007fffffu) | 0x3f000000u;
  float m;
  memcpy (&m, &bits, sizeof m);
  gboolean below = m < 0.707106781186547524f;
  float f = (m - 1.0f) + (below ? m : 0.0f);
  exponent -= below ? 1.0f : 0.0f;
  float square = f * f;
  float y = horner (f, series, G_N_ELEMENTS (series)) * f;
  y = fmaf (y, square, exponent * -2.12194440e-4f);
  y = fmaf (-square, 0.5f, y);
  return fmaf (exponent, 0.693359375f, f + y);
}

/* Both at once, 0 ≤ x < 2π + ε. */
static void
cephes_sincos (float x, float *sine, float *cosine)
{
  static const float cosine_series[] = { 2.443315711809948E-5f, -1.388731625493765E-3f, 4.166664568298827E-2f };
  static const float sine_series[] = { -1.9515295891E-4f, 8.3321608736E-3f, -1.6666654611E-1f };
  gint32 octant = ((gint32) (x * 1.27323954473516f) + 1) & ~1;
  float k = (float) octant;
  x = fmaf (k, -0.78515625f, x);
  x = fmaf (k, -2.4187564849853515625e-4f, x);
  x = fmaf (k, -3.77489497744594108e-8f, x);
  float z = x * x;
  float c = horner (z, cosine_series, 3) * z;
  c = fmaf (c, z, -0.5f * z) + 1.0f;
  float s = horner (z, sine_series, 3) * z;
  s = fmaf (s, x, x);
  gboolean swapped = (octant & 2) != 0;
  *sine = (octant & 4 ? -1.0f : 1.0f) * (swapped ? c : s);
  *cosine = ((octant - 2) & 4 ? 1.0f : -1.0f) * (swapped ? s : c);
}

void
eng_normal_block_float (float *data, float mean, float std)
{
  for (int j = 0; j < 8; j++)
    {
      float u1 = 1.0f - data[j];
      float u2 = data[j + 8];
      float radius = sqrtf (-2.0f * cephes_log (u1));
      float sine, cosine;
      cephes_sincos ((float) (2.0 * G_PI) * u2, &sine, &cosine);
      data[j] = fmaf (radius * cosine, std, mean);
      data[j + 8] = fmaf (radius * sine, std, mean);
    }
}

void
eng_normal_block_double (double *data, double mean, double std)
{
  for (int j = 0; j < 8; j++)
    {
      double radius = sqrt (-2.0 * log (1.0 - data[j]));
      double theta = 2.0 * G_PI * data[j + 8];
      data[j] = radius * cos (theta) * std + mean;
      data[j + 8] = radius * sin (theta) * std + mean;
    }
}
