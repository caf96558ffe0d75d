/* SPDX-License-Identifier: MIT
 *
 * Tensors as memory: sizes, strides, views, versions, ids, foreign memory, what
 * happens when memory cannot be had, and that nothing stays behind. */
#include "test-helpers.h"

#include <string.h>

static void
test_new (void)
{
  gint64 sizes[] = { 2, 3 };
  g_autoptr (EngTensor) t = must (eng_tensor_new (ENG_INT64, 2, sizes, &error));
  g_assert_cmpint (eng_tensor_get_ndim (t), ==, 2);
  g_assert_cmpint (eng_tensor_get_numel (t), ==, 6);
  g_assert_cmpint (eng_tensor_get_strides (t)[0], ==, 3);
  g_assert_cmpint (eng_tensor_get_strides (t)[1], ==, 1);
  g_assert_true (eng_tensor_is_contiguous (t));
  g_assert_true (eng_tensor_is_leaf (t));
  g_assert_false (eng_tensor_get_requires_grad (t));
  g_assert_null (eng_tensor_get_base (t));
  g_assert_cmpint ((gsize) eng_tensor_get_data (t) % 16, ==, 0);
}

/* Vector kernels read big memory fastest from cache lines' beginnings. */
static void
test_big_is_aligned (void)
{
  for (gint64 numel = 1025; numel < 5000; numel += 61)
    {
      g_autoptr (EngTensor) t = must (eng_tensor_new (ENG_UINT8, 1, &numel, &error));
      g_assert_cmpint ((gsize) eng_tensor_get_data (t) % 64, ==, 0);
      memset (eng_tensor_get_data (t), 0x5a, (gsize) numel);
    }
}

/* Neighbours in the pool keep their own bytes, up to the last one. */
static void
test_small_neighbours (void)
{
  EngTensor *tensors[1100];
  for (gint64 numel = 0; numel < 1100; numel++)
    {
      tensors[numel] = must (eng_tensor_new (ENG_UINT8, 1, &numel, &error));
      memset (eng_tensor_get_data (tensors[numel]), (int) (numel % 251), (gsize) numel);
    }
  for (gint64 numel = 0; numel < 1100; numel++)
    {
      for (gint64 k = 0; k < numel; k++)
        g_assert_cmpint (((guint8 *) eng_tensor_get_data (tensors[numel]))[k], ==, numel % 251);
      eng_tensor_unref (tensors[numel]);
    }
}

static void
test_many_dimensions (void)
{
  gint64 sizes[ENG_MAX_NDIM];
  for (guint d = 0; d < ENG_MAX_NDIM; d++)
    sizes[d] = d % 8 == 0 ? 2 : 1;
  g_autoptr (EngTensor) t = must (eng_tensor_new (ENG_FLOAT32, ENG_MAX_NDIM, sizes, &error));
  g_assert_cmpint (eng_tensor_get_numel (t), ==, 4);
  g_assert_cmpint (eng_tensor_get_strides (t)[0], ==, 2);
  g_assert_cmpint (eng_tensor_get_sizes (t)[8], ==, 2);
}

static void
test_sizes_refused (void)
{
  gint64 negative[] = { -1 };
  gint64 huge[] = { G_GINT64_CONSTANT (1) << 62, G_GINT64_CONSTANT (1) << 62 };
  gint64 bytes[] = { G_GINT64_CONSTANT (1) << 61 };
  gint64 terabytes[] = { 1000000, 1000000, 1000 };
  gint64 none[] = { G_GINT64_CONSTANT (1) << 62, G_GINT64_CONSTANT (1) << 62, 0 };
  must_fail (eng_tensor_new (ENG_FLOAT32, 1, negative, &error), ENG_ERROR_RUNTIME,
             "Trying to create tensor with negative dimension -1: [-1]");
  must_fail (eng_tensor_new (ENG_FLOAT32, 2, huge, &error), ENG_ERROR_RUNTIME,
             "Storage size calculation overflowed with sizes=[4611686018427387904, 4611686018427387904]");
  must_fail (eng_tensor_new (ENG_FLOAT32, 1, bytes, &error), ENG_ERROR_RUNTIME,
             "Storage size calculation overflowed with sizes=[2305843009213693952]");
  must_fail (eng_tensor_new (ENG_FLOAT32, 3, terabytes, &error), ENG_ERROR_MEMORY,
             "[enforce fail at alloc_cpu.cpp:66] . DefaultCPUAllocator: can't allocate memory: you tried to allocate "
             "4000000000000000 bytes. Error code 12 (Cannot allocate memory)");
  g_autoptr (EngTensor) empty = must (eng_tensor_new (ENG_FLOAT32, 3, none, &error));
  g_assert_cmpint (eng_tensor_get_numel (empty), ==, 0);
}

static void
test_ids (void)
{
  guint64 tensor_id = 0;
  guint64 storage_id = 0;
  for (int k = 0; k < 100; k++)
    {
      g_autoptr (EngTensor) t = vec (1, 1.0);
      g_assert_cmpuint (eng_tensor_get_id (t), >, tensor_id);
      g_assert_cmpuint (eng_storage_get_id (eng_tensor_get_storage (t)), >, storage_id);
      tensor_id = eng_tensor_get_id (t);
      storage_id = eng_storage_get_id (eng_tensor_get_storage (t));
    }
}

/* Every element of every dtype that can hold it comes back. */
static void
test_elements (void)
{
  for (guint k = 0; k < ENG_N_DTYPES; k++)
    {
      gint64 size = 3;
      g_autoptr (EngTensor) t = must (eng_tensor_new ((EngDtype) k, 1, &size, &error));
      eng_tensor_set_double (t, 0, 1.0);
      eng_tensor_set_int64 (t, 1, 0);
      eng_tensor_set_int64 (t, 2, k == ENG_BOOL ? 7 : 100);
      g_assert_cmpfloat (eng_tensor_get_double (t, 0), ==, 1.0);
      g_assert_cmpint (eng_tensor_get_int64 (t, 1), ==, 0);
      g_assert_cmpint (eng_tensor_get_int64 (t, 2), ==, k == ENG_BOOL ? 1 : 100);
    }
  g_autoptr (EngTensor) big = vec (3, 1e30, -1e30, NAN);
  g_assert_cmpint (eng_tensor_get_int64 (big, 0), ==, G_MAXINT64);
  g_assert_cmpint (eng_tensor_get_int64 (big, 1), ==, G_MININT64);
  g_assert_cmpint (eng_tensor_get_int64 (big, 2), ==, 0);
}

static void
test_view_shares (void)
{
  g_autoptr (EngTensor) base = matrix (2, 3, 0);
  g_autoptr (EngTensor) view = must (eng_t (base, &error));
  g_assert_true (eng_tensor_get_base (view) == base);
  g_assert_true (eng_tensor_get_storage (view) == eng_tensor_get_storage (base));
  g_assert_false (eng_tensor_is_contiguous (view));
  assert_vec (view, 6, 0.0, 3.0, 1.0, 4.0, 2.0, 5.0);
  g_autoptr (EngTensor) again = must (eng_t (view, &error));
  g_assert_true (eng_tensor_get_base (again) == base);
  eng_tensor_bump_version (view);
  g_assert_cmpuint (eng_tensor_get_version (base), ==, 1);
  g_autoptr (EngTensor) detached = eng_tensor_detach (base);
  g_assert_null (eng_tensor_get_base (detached));
  eng_tensor_bump_version (detached);
  g_assert_cmpuint (eng_tensor_get_version (base), ==, 2);
}

static int n_released;

static void
release_cb (gpointer owner)
{
  n_released++;
  g_assert_true (owner == &n_released);
}

static void
test_foreign_memory (void)
{
  static double numbers[] = { 1, 2, 3, 4 };
  gint64 sizes[] = { 2, 2 };
  gint64 strides[] = { 1, 2 };
  n_released = 0;
  EngTensor *t = eng_tensor_new_from_data (ENG_FLOAT64, 2, sizes, strides, numbers, sizeof numbers, release_cb,
                                           &n_released);
  assert_vec (t, 4, 1.0, 3.0, 2.0, 4.0);
  numbers[0] = 9;
  g_assert_cmpfloat (eng_tensor_get_double (t, 0), ==, 9.0);
  EngTensor *view = must (eng_t (t, &error));
  eng_tensor_unref (t);
  g_assert_cmpint (n_released, ==, 0);
  eng_tensor_unref (view);
  g_assert_cmpint (n_released, ==, 1);
}

static void
binding_release (gpointer binding)
{
  n_released++;
}

static void
test_binding (void)
{
  n_released = 0;
  EngTensor *t = vec (1, 0.0);
  g_assert_null (eng_tensor_get_binding (t));
  eng_tensor_set_binding (t, &n_released, binding_release);
  g_assert_true (eng_tensor_get_binding (t) == &n_released);
  eng_tensor_unref (t);
  g_assert_cmpint (n_released, ==, 1);
}

/* Blocks are reused: the same sizes again and again take no new memory, and what
 * is alive never overlaps. */
static void
test_reuse (void)
{
  static const gint64 sizes[] = { 0, 1, 16, 17, 255, 256, 257, 5000, 300000 };
  gsize before = eng_live_storages ();
  for (int round = 0; round < 3; round++)
    {
      EngTensor *all[G_N_ELEMENTS (sizes)][4];
      for (guint k = 0; k < G_N_ELEMENTS (sizes); k++)
        for (int i = 0; i < 4; i++)
          {
            all[k][i] = must (eng_tensor_new (ENG_FLOAT32, 1, &sizes[k], &error));
            for (gint64 e = 0; e < sizes[k]; e++)
              ((float *) eng_tensor_get_data (all[k][i]))[e] = (float) (k * 4 + (guint) i);
          }
      g_assert_cmpuint (eng_live_storages (), ==, before + 4 * G_N_ELEMENTS (sizes));
      for (guint k = 0; k < G_N_ELEMENTS (sizes); k++)
        for (int i = 0; i < 4; i++)
          {
            for (gint64 e = 0; e < sizes[k]; e++)
              g_assert_true (((float *) eng_tensor_get_data (all[k][i]))[e] == (float) (k * 4 + (guint) i));
            eng_tensor_unref (all[k][i]);
          }
    }
  g_assert_cmpuint (eng_live_storages (), ==, before);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  eng_init ();
  g_test_add_func ("/tensor/new", test_new);
  g_test_add_func ("/tensor/big-is-aligned", test_big_is_aligned);
  g_test_add_func ("/tensor/small-neighbours", test_small_neighbours);
  g_test_add_func ("/tensor/many-dimensions", test_many_dimensions);
  g_test_add_func ("/tensor/sizes-refused", test_sizes_refused);
  g_test_add_func ("/tensor/ids", test_ids);
  g_test_add_func ("/tensor/elements", test_elements);
  g_test_add_func ("/tensor/view-shares", test_view_shares);
  g_test_add_func ("/tensor/foreign-memory", test_foreign_memory);
  g_test_add_func ("/tensor/binding", test_binding);
  g_test_add_func ("/tensor/reuse", test_reuse);
  int status = g_test_run ();
  g_assert_cmpuint (eng_live_tensors (), ==, 0);
  g_assert_cmpuint (eng_live_storages (), ==, 0);
  return status;
}
