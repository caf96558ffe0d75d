/* SPDX-License-Identifier: MIT
 *
 * Shape arithmetic and dtype promotion against PyTorch's answers (1.13.1). */
#include <string.h>

#include "engine/infer.h"
#include "test-helpers.h"

typedef struct
{
  guint ndim;
  gint64 sizes[4];
} Shape;

static void
test_broadcast (void)
{
  static const struct { Shape a, b, out; } cases[] = {
    { { 2, { 2, 3 } }, { 1, { 3 } }, { 2, { 2, 3 } } },
    { { 0, { 0 } }, { 2, { 2, 3 } }, { 2, { 2, 3 } } },
    { { 3, { 2, 1, 4 } }, { 2, { 3, 1 } }, { 3, { 2, 3, 4 } } },
    { { 1, { 0 } }, { 1, { 1 } }, { 1, { 0 } } },
  };
  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    for (int swap = 0; swap < 2; swap++)
      {
        const Shape *a = swap ? &cases[k].b : &cases[k].a;
        const Shape *b = swap ? &cases[k].a : &cases[k].b;
        gint64 out[ENG_MAX_NDIM];
        guint ndim;
        must (eng_shape_broadcast (a->ndim, a->sizes, b->ndim, b->sizes, &ndim, out, &error));
        g_assert_true (eng_shape_equal (ndim, out, cases[k].out.ndim, cases[k].out.sizes));
      }
}

static void
test_broadcast_refused (void)
{
  gint64 a[] = { 5, 3 };
  gint64 b[] = { 4 };
  gint64 out[ENG_MAX_NDIM];
  guint ndim;
  must_fail (eng_shape_broadcast (2, a, 1, b, &ndim, out, &error), ENG_ERROR_RUNTIME,
             "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1");
}

static void
test_wrap_dim (void)
{
  g_assert_cmpint (eng_shape_wrap_dim (-1, 3, NULL), ==, 2);
  g_assert_cmpint (eng_shape_wrap_dim (0, 0, NULL), ==, 0);
  must_fail (eng_shape_wrap_dim (2, 2, &error) >= 0, ENG_ERROR_INDEX,
             "Dimension out of range (expected to be in range of [-2, 1], but got 2)");
  must_fail (eng_shape_wrap_dim (-2, 0, &error) >= 0, ENG_ERROR_INDEX,
             "Dimension out of range (expected to be in range of [-1, 0], but got -2)");
}

static void
test_infer_size (void)
{
  gint64 sizes[] = { 2, -1 };
  must (eng_shape_infer (2, sizes, 6, &error));
  g_assert_cmpint (sizes[1], ==, 3);
  gint64 two[] = { -1, -1 };
  must_fail (eng_shape_infer (2, two, 6, &error), ENG_ERROR_RUNTIME, "only one dimension can be inferred");
  gint64 wrong[] = { 4, 2 };
  must_fail (eng_shape_infer (2, wrong, 6, &error), ENG_ERROR_RUNTIME,
             "shape '[4, 2]' is invalid for input of size 6");
  gint64 remainder[] = { 4, -1 };
  must_fail (eng_shape_infer (2, remainder, 6, &error), ENG_ERROR_RUNTIME,
             "shape '[4, -1]' is invalid for input of size 6");
  gint64 negative[] = { -2 };
  must_fail (eng_shape_infer (1, negative, 6, &error), ENG_ERROR_RUNTIME, "invalid shape dimension -2");
  gint64 overflow[] = { G_MAXINT64, 4 };
  must_fail (eng_shape_infer (2, overflow, 6, &error), ENG_ERROR_RUNTIME,
             "shape '[9223372036854775807, 4]' is invalid for input of size 6");
}

/* (2,3,4) contiguous or with its last two dims swapped, seen with other sizes. */
static void
test_view_strides (void)
{
  gint64 sizes[] = { 2, 3, 4 };
  gint64 strides[] = { 12, 4, 1 };
  gint64 merged[] = { 6, 4 };
  gint64 split[] = { 2, 3, 2, 2 };
  gint64 out[ENG_MAX_NDIM];
  g_assert_true (eng_shape_view_strides (3, sizes, strides, 2, merged, out));
  g_assert_true (out[0] == 4 && out[1] == 1);
  gint64 swapped_sizes[] = { 2, 4, 3 };
  gint64 swapped[] = { 12, 1, 4 };
  gint64 swapped_split[] = { 2, 2, 2, 3 };
  g_assert_true (eng_shape_view_strides (3, swapped_sizes, swapped, 4, swapped_split, out));
  g_assert_true (out[0] == 12 && out[1] == 2 && out[2] == 1 && out[3] == 4);
  g_assert_false (eng_shape_view_strides (3, swapped_sizes, swapped, 2, merged, out));
  g_assert_true (eng_shape_view_strides (3, sizes, strides, 4, split, out));
  g_assert_true (out[2] == 2 && out[3] == 1);
}

static EngValue
value_of (EngTensor *tensor)
{
  return (EngValue) { .kind = ENG_VALUE_TENSOR, .tensor = tensor };
}

static EngTensor *
of_dtype (EngDtype dtype, guint ndim)
{
  gint64 size = 2;
  return must (eng_tensor_new (dtype, ndim, &size, &error));
}

static void
test_result_type (void)
{
  static const struct { EngDtype a; guint a_ndim; EngDtype b; guint b_ndim; EngDtype out; } cases[] = {
    { ENG_INT64, 1, ENG_FLOAT32, 1, ENG_FLOAT32 },
    { ENG_FLOAT32, 1, ENG_FLOAT64, 0, ENG_FLOAT32 },
    { ENG_INT32, 1, ENG_FLOAT64, 0, ENG_FLOAT64 },
    { ENG_UINT8, 1, ENG_INT8, 1, ENG_INT16 },
    { ENG_BOOL, 1, ENG_UINT8, 0, ENG_UINT8 },
    { ENG_INT8, 1, ENG_INT64, 0, ENG_INT8 },
    { ENG_FLOAT64, 0, ENG_FLOAT32, 0, ENG_FLOAT64 },
  };
  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autoptr (EngTensor) a = of_dtype (cases[k].a, cases[k].a_ndim);
      g_autoptr (EngTensor) b = of_dtype (cases[k].b, cases[k].b_ndim);
      EngValue there[] = { value_of (a), value_of (b) };
      EngValue back[] = { value_of (b), value_of (a) };
      g_assert_cmpint (eng_result_type (there, 2), ==, cases[k].out);
      g_assert_cmpint (eng_result_type (back, 2), ==, cases[k].out);
    }
}

static void
test_result_type_numbers (void)
{
  static const struct { EngDtype dtype; guint ndim; EngValueKind number; EngDtype out; } cases[] = {
    { ENG_INT64, 1, ENG_VALUE_FLOAT, ENG_FLOAT32 }, { ENG_UINT8, 1, ENG_VALUE_INT, ENG_UINT8 },
    { ENG_BOOL, 1, ENG_VALUE_INT, ENG_INT64 },      { ENG_FLOAT64, 1, ENG_VALUE_FLOAT, ENG_FLOAT64 },
    { ENG_INT32, 0, ENG_VALUE_FLOAT, ENG_FLOAT32 }, { ENG_BOOL, 1, ENG_VALUE_BOOL, ENG_BOOL },
  };
  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autoptr (EngTensor) tensor = of_dtype (cases[k].dtype, cases[k].ndim);
      EngValue values[] = { value_of (tensor), { .kind = cases[k].number } };
      g_assert_cmpint (eng_result_type (values, 2), ==, cases[k].out);
    }
  g_assert_false (eng_can_cast (ENG_FLOAT32, ENG_INT64));
  g_assert_true (eng_can_cast (ENG_FLOAT64, ENG_FLOAT32));
  g_assert_true (eng_can_cast (ENG_INT64, ENG_UINT8));
  g_assert_false (eng_can_cast (ENG_INT64, ENG_BOOL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shape/broadcast", test_broadcast);
  g_test_add_func ("/shape/broadcast-refused", test_broadcast_refused);
  g_test_add_func ("/shape/wrap-dim", test_wrap_dim);
  g_test_add_func ("/shape/infer-size", test_infer_size);
  g_test_add_func ("/shape/view-strides", test_view_strides);
  g_test_add_func ("/promote/tensors", test_result_type);
  g_test_add_func ("/promote/numbers", test_result_type_numbers);
  return g_test_run ();
}
