/* SPDX-License-Identifier: MIT
 *
 * The dynamic_graph demo through the C API, with torch.manual_seed(0): every
 * number that real PyTorch 1.13.1 gives for it. */
#include <math.h>

#include "engine/engine.h"
#include "engine/ops/ops.h"

#define TOLERANCE 1e-5

typedef struct
{
  EngTensor *w_h, *w_x, *x, *prev_h, *loss;
} Demo;

static EngTensor *
random_matrix (gint64 rows, gint64 cols, gboolean requires_grad)
{
  g_autoptr (GError) error = NULL;
  EngTensor *tensor = eng_randn (2, (gint64[]) { rows, cols }, &error);
  g_assert_no_error (error);
  if (requires_grad)
    g_assert_true (eng_tensor_set_requires_grad (tensor, TRUE, &error));
  return tensor;
}

/* w · vᵀ */
static EngTensor *
times_transposed (EngTensor *w, EngTensor *v)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EngTensor) column = eng_t (v, &error);
  g_assert_no_error (error);
  EngTensor *product = eng_mm (w, column, &error);
  g_assert_no_error (error);
  return product;
}

static void
demo_run (Demo *demo, guint64 seed)
{
  g_autoptr (GError) error = NULL;
  eng_generator_seed (eng_generator_get_default (), seed);
  demo->w_h = random_matrix (20, 20, TRUE);
  demo->w_x = random_matrix (20, 10, TRUE);
  demo->x = random_matrix (1, 10, FALSE);
  demo->prev_h = random_matrix (1, 20, FALSE);
  g_autoptr (EngTensor) h2h = times_transposed (demo->w_h, demo->prev_h);
  g_autoptr (EngTensor) i2h = times_transposed (demo->w_x, demo->x);
  g_autoptr (EngTensor) sum = eng_add (h2h, i2h, &error);
  g_assert_no_error (error);
  g_autoptr (EngTensor) next_h = eng_tanh (sum, &error);
  g_assert_no_error (error);
  demo->loss = eng_sum (next_h, &error);
  g_assert_no_error (error);
  g_assert_true (eng_backward (&demo->loss, NULL, 1, FALSE, FALSE, &error));
  g_assert_no_error (error);
}

static void
demo_clear (Demo *demo)
{
  g_clear_pointer (&demo->loss, eng_tensor_unref);
  g_clear_pointer (&demo->w_h, eng_tensor_unref);
  g_clear_pointer (&demo->w_x, eng_tensor_unref);
  g_clear_pointer (&demo->x, eng_tensor_unref);
  g_clear_pointer (&demo->prev_h, eng_tensor_unref);
}

static double
norm_of (EngTensor *tensor)
{
  double sum = 0;
  for (gint64 i = 0; i < eng_tensor_get_numel (tensor); i++)
    sum += eng_tensor_get_double (tensor, i) * eng_tensor_get_double (tensor, i);
  return sqrt (sum);
}

static void
test_numbers (void)
{
  Demo demo;
  demo_run (&demo, 0);
  g_assert_cmpfloat_with_epsilon (eng_tensor_get_double (demo.w_h, 0), -1.1258398, TOLERANCE);
  g_assert_cmpfloat_with_epsilon (eng_tensor_get_double (demo.w_h, 1), -1.1523602, TOLERANCE);
  g_assert_cmpfloat_with_epsilon (eng_tensor_get_double (demo.w_h, 2), -0.2505786, TOLERANCE);
  g_assert_cmpfloat_with_epsilon (eng_tensor_get_double (demo.loss, 0), -0.65202534, TOLERANCE);
  EngTensor *grad_h = eng_tensor_get_grad (demo.w_h);
  EngTensor *grad_x = eng_tensor_get_grad (demo.w_x);
  g_assert_nonnull (grad_h);
  g_assert_nonnull (grad_x);
  g_assert_cmpfloat_with_epsilon (norm_of (grad_h), 5.5820956, TOLERANCE);
  g_assert_cmpfloat_with_epsilon (norm_of (grad_x), 4.2296357, TOLERANCE);
  g_assert_cmpfloat_with_epsilon (eng_tensor_get_double (grad_x, 11 * 10 + 3), 1.7496, 1e-4);
  g_assert_cmpfloat_with_epsilon (eng_tensor_get_double (grad_h, 11 * 20 + 5), 2.2360, 1e-4);
  g_assert_null (eng_tensor_get_grad (demo.x));
  g_assert_null (eng_tensor_get_grad (demo.prev_h));
  demo_clear (&demo);
}

/* Another seed gives other numbers: nothing is canned. */
static void
test_other_seed (void)
{
  Demo a, b;
  demo_run (&a, 0);
  demo_run (&b, 1);
  g_assert_cmpfloat (fabs (eng_tensor_get_double (a.loss, 0) - eng_tensor_get_double (b.loss, 0)), >, 1e-3);
  demo_clear (&a);
  demo_clear (&b);
}

static void
test_no_leak (void)
{
  Demo demo;
  demo_run (&demo, 0);
  demo_clear (&demo);
  gsize tensors = eng_live_tensors ();
  gsize storages = eng_live_storages ();
  for (int i = 0; i < 10; i++)
    {
      demo_run (&demo, 0);
      demo_clear (&demo);
    }
  g_assert_cmpuint (eng_live_tensors (), ==, tensors);
  g_assert_cmpuint (eng_live_storages (), ==, storages);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  eng_init ();
  g_test_add_func ("/engine/demo/numbers", test_numbers);
  g_test_add_func ("/engine/demo/other-seed", test_other_seed);
  g_test_add_func ("/engine/demo/no-leak", test_no_leak);
  return g_test_run ();
}
