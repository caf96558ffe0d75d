/* SPDX-License-Identifier: MIT
 *
 * Random tensors, draw for draw as PyTorch's CPU kernels make them, so that a
 * seeded script prints PyTorch's numbers (random-private.h). */
#include <math.h>

#include "normal-blocks.h"
#include "random-private.h"

static inline float
uniform_float (EngGenerator *generator)
{
  return (float) (eng_generator_next32 (generator) & 0xffffffu) * 0x1p-24f;
}

static inline double
uniform_double (EngGenerator *generator)
{
  return (double) (eng_generator_next64 (generator) & ((G_GUINT64_CONSTANT (1) << 53) - 1)) * 0x1p-53;
}

void
eng_fill_uniform (EngTensor *out, double low, double high, EngGenerator *generator)
{
  gint64 n = eng_tensor_get_numel (out);
  gboolean single = eng_tensor_get_dtype (out) == ENG_FLOAT32;
  float float_low = (float) low;
  float float_range = (float) high - (float) low;
  for (gint64 i = 0; i < n; i++)
    {
      double value = single ? (double) fmaf (uniform_float (generator), float_range, float_low)
                            : fma (uniform_double (generator), high - low, low);
      eng_tensor_set_double (out, i, value);
    }
}

/* One value, its partner kept for the next call. */
static double
normal_double (EngGenerator *generator)
{
  double normal;
  if (eng_generator_take_normal (generator, &normal))
    return normal;
  double u1 = uniform_double (generator);
  double u2 = uniform_double (generator);
  double radius = sqrt (-2.0 * log1p (-u2));
  double theta = 2.0 * G_PI * u1;
  eng_generator_keep_normal (generator, radius * sin (theta));
  return radius * cos (theta);
}

static void
fill_normal_float (float *data, gint64 n, float mean, float std, EngGenerator *generator)
{
  for (gint64 i = 0; i < n; i++)
    data[i] = uniform_float (generator);
  for (gint64 i = 0; i + 16 <= n; i += 16)
    eng_normal_block_float (data + i, mean, std);
  if (n % 16 == 0)
    return;
  for (gint64 i = n - 16; i < n; i++)
    data[i] = uniform_float (generator);
  eng_normal_block_float (data + n - 16, mean, std);
}

static void
fill_normal_double (double *data, gint64 n, double mean, double std, EngGenerator *generator)
{
  for (gint64 i = 0; i < n; i++)
    data[i] = uniform_double (generator);
  for (gint64 i = 0; i + 16 <= n; i += 16)
    eng_normal_block_double (data + i, mean, std);
  if (n % 16 == 0)
    return;
  for (gint64 i = n - 16; i < n; i++)
    data[i] = uniform_double (generator);
  eng_normal_block_double (data + n - 16, mean, std);
}

void
eng_fill_normal (EngTensor *out, double mean, double std, EngGenerator *generator)
{
  gint64 n = eng_tensor_get_numel (out);
  gpointer data = eng_tensor_get_data (out);
  if (n < 16 || !eng_tensor_is_contiguous (out))
    {
      for (gint64 i = 0; i < n; i++)
        eng_tensor_set_double (out, i, normal_double (generator) * std + mean);
      return;
    }
  if (eng_tensor_get_dtype (out) == ENG_FLOAT32)
    fill_normal_float (data, n, (float) mean, (float) std, generator);
  else
    fill_normal_double (data, n, mean, std, generator);
}

static void
set_integer (EngTensor *out, gint64 i, gint64 value)
{
  if (eng_dtype_category (eng_tensor_get_dtype (out)) == ENG_CATEGORY_FLOATING)
    eng_tensor_set_double (out, i, (double) value);
  else
    eng_tensor_set_int64 (out, i, value);
}

void
eng_fill_integers (EngTensor *out, gint64 low, gint64 high, EngGenerator *generator)
{
  gint64 n = eng_tensor_get_numel (out);
  guint64 range = (guint64) high - (guint64) low;
  gboolean wide = range >= (G_GUINT64_CONSTANT (1) << 32);
  for (gint64 i = 0; i < n; i++)
    {
      guint64 drawn = wide ? eng_generator_next64 (generator) : eng_generator_next32 (generator);
      set_integer (out, i, (gint64) (drawn % range + (guint64) low));
    }
}

void
eng_fill_integers_full (EngTensor *out, EngGenerator *generator)
{
  static const guint64 ranges[ENG_N_DTYPES] = {
    [ENG_BOOL] = 2, [ENG_UINT8] = 256, [ENG_INT8] = 128, [ENG_INT16] = 1 << 15,
    [ENG_INT32] = G_GUINT64_CONSTANT (1) << 31, [ENG_INT64] = G_GUINT64_CONSTANT (1) << 63,
    [ENG_FLOAT32] = (1 << 24) + 1, [ENG_FLOAT64] = (G_GUINT64_CONSTANT (1) << 53) + 1,
  };
  EngDtype dtype = eng_tensor_get_dtype (out);
  gboolean wide = dtype == ENG_INT64 || dtype == ENG_FLOAT64;
  gint64 n = eng_tensor_get_numel (out);
  for (gint64 i = 0; i < n; i++)
    {
      guint64 drawn = wide ? eng_generator_next64 (generator) : eng_generator_next32 (generator);
      set_integer (out, i, (gint64) (drawn % ranges[dtype]));
    }
}

void
eng_fill_permutation (EngTensor *out, EngGenerator *generator)
{
  gint64 n = eng_tensor_get_numel (out);
  for (gint64 i = 0; i < n; i++)
    eng_tensor_set_int64 (out, i, i);
  for (gint64 i = 0; i < n - 1; i++)
    {
      gint64 j = i + (gint64) (eng_generator_next32 (generator) % (guint64) (n - i));
      gint64 value = eng_tensor_get_int64 (out, i);
      eng_tensor_set_int64 (out, i, eng_tensor_get_int64 (out, j));
      eng_tensor_set_int64 (out, j, value);
    }
}

void
eng_fill_bernoulli (EngTensor *out, double p, EngGenerator *generator)
{
  gint64 n = eng_tensor_get_numel (out);
  for (gint64 i = 0; i < n; i++)
    set_integer (out, i, uniform_double (generator) < p);
}
