/* SPDX-License-Identifier: MIT
 *
 * Pictures and statistics of tensors that repeat the same memory (expand): equal to
 * those of a copy that holds every element, and made without walking the copies. */
#include "engine/engine.h"
#include "engine/ops/ops.h"
#include "recording/recorder-strided.h"

#include <math.h>

/* Numbers whose largest magnitudes, signs and one NaN stand in different places. */
static EngTensor *
make (guint ndim, const gint64 *sizes, gboolean with_nan)
{
  g_autoptr (GError) error = NULL;
  EngTensor *tensor = eng_tensor_new (ENG_FLOAT32, ndim, sizes, &error);
  g_assert_no_error (error);
  gint64 numel = eng_tensor_get_numel (tensor);
  for (gint64 k = 0; k < numel; k++)
    eng_tensor_set_double (tensor, k, (double) (k * 7919 % 1009) - 504);
  if (with_nan)
    eng_tensor_set_double (tensor, numel / 2, NAN);
  return tensor;
}

static void
assert_near (double a, double b)
{
  if (isnan (b))
    g_assert_true (isnan (a));
  else
    g_assert_cmpfloat_with_epsilon (a, b, 1e-9 * fabs (b) + 1e-12);
}

static void
assert_same (const RecReducer *found, const RecStats *stats, const RecReducer *expected, const RecStats *wanted)
{
  g_assert_cmpuint (found->picture_rows, ==, expected->picture_rows);
  g_assert_cmpuint (found->picture_cols, ==, expected->picture_cols);
  for (guint k = 0; k < found->picture_rows * found->picture_cols; k++)
    assert_near (fabsf (found->picture[k]), fabsf (expected->picture[k]));
  assert_near (stats->min, wanted->min);
  assert_near (stats->max, wanted->max);
  assert_near (stats->mean, wanted->mean);
  assert_near (stats->norm, wanted->norm);
  assert_near (fabs (stats->largest), fabs (wanted->largest));
  g_assert_cmpint (stats->largest_index, ==, wanted->largest_index);
  g_assert_cmpint (stats->n_nan, ==, wanted->n_nan);
  g_assert_cmpint (stats->n_inf, ==, wanted->n_inf);
}

typedef struct
{
  guint ndim;
  gint64 from[4], to[4];
} Case;

static void
test_repeats (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GByteArray) scratch = g_byte_array_new ();
  for (guint with_nan = 0; with_nan < 2; with_nan++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (EngTensor) small = make (c->ndim, c->from, with_nan);
      g_autoptr (EngTensor) wide = eng_expand (small, c->ndim, c->to, &error);
      g_assert_no_error (error);
      g_autoptr (EngTensor) copy = eng_tensor_new (ENG_FLOAT32, c->ndim, c->to, &error);
      g_assert_no_error (error);
      RecStrided all;
      rec_strided_init (&all, wide);
      rec_strided_copy (&all, 0, eng_tensor_get_numel (wide), eng_tensor_get_data (copy));
      RecReducer found, expected;
      RecStats stats, wanted;
      rec_strided_reduce (scratch, wide, &found, &stats);
      rec_strided_reduce (scratch, copy, &expected, &wanted);
      g_assert_true (eng_tensor_is_contiguous (copy) && !eng_tensor_is_contiguous (wide));
      assert_same (&found, &stats, &expected, &wanted);
    }
}

/* 10^15 elements over 6 numbers. */
static void
test_huge (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) scratch = g_byte_array_new ();
  g_autoptr (EngTensor) small = make (4, (gint64[]) { 1, 2, 1, 3 }, FALSE);
  g_autoptr (EngTensor) wide = eng_expand (small, 4, (gint64[]) { 10000000, 2, 10000000, 3 }, &error);
  g_autoptr (EngTensor) one = make (2, (gint64[]) { 1, 1 }, FALSE);
  g_autoptr (EngTensor) row = eng_expand (one, 2, (gint64[]) { 1, G_GINT64_CONSTANT (1) << 60 }, &error);
  RecReducer reducer;
  RecStats stats;

  double sum = 0, squares = 0;

  g_assert_no_error (error);
  for (guint k = 0; k < 6; k++)
    {
      double value = eng_tensor_get_double (small, k);
      sum += value;
      squares += value * value;
    }
  rec_strided_reduce (scratch, wide, &reducer, &stats);
  g_assert_cmpuint (reducer.picture_rows, ==, 64);
  assert_near (stats.mean, sum / 6);
  assert_near (stats.norm, sqrt (1e14 * squares));
  rec_strided_reduce (scratch, row, &reducer, &stats);
  g_assert_cmpuint (reducer.picture_cols, ==, 64);
  for (guint k = 0; k < 64; k++)
    g_assert_cmpfloat (reducer.picture[k], ==, -504);
}

int
main (int argc, char **argv)
{
  static const Case cases[] = {
    { 2, { 1, 500 }, { 400, 500 } },          { 2, { 500, 1 }, { 500, 400 } },
    { 2, { 1, 1 }, { 300, 300 } },            { 3, { 1, 30, 20 }, { 150, 30, 20 } },
    { 3, { 30, 1, 20 }, { 30, 150, 20 } },    { 3, { 30, 20, 1 }, { 30, 20, 150 } },
    { 3, { 1, 30, 1 }, { 70, 30, 50 } },      { 4, { 1, 7, 1, 11 }, { 13, 7, 90, 11 } },
    { 4, { 5, 1, 7, 1 }, { 5, 130, 7, 17 } }, { 3, { 1, 2000, 100 }, { 3, 2000, 100 } },
  };
  g_test_init (&argc, &argv, NULL);
  eng_init ();
  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autofree char *name = g_strdup_printf ("/recorder/strided/repeats/%u", k);
      g_test_add_data_func (name, &cases[k], test_repeats);
    }
  g_test_add_func ("/recorder/strided/huge", test_huge);
  return g_test_run ();
}
