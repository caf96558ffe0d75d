/* SPDX-License-Identifier: MIT
 *
 * Writing in place: what is forbidden and in which words, versions, and the
 * history of a tensor, its base and its views afterwards (PyTorch 1.13.1). */
#include "test-helpers.h"

#define VERSION_HINT \
  " Hint: enable anomaly detection to find the operation that failed to compute its gradient, with " \
  "torch.autograd.set_detect_anomaly(True)."

static EngTensor *
inplace (const char *card, EngTensor *self, EngTensor *other, GError **error)
{
  EngValue args[3] = {
    { .kind = ENG_VALUE_TENSOR, .tensor = self },
    { .kind = ENG_VALUE_TENSOR, .tensor = other },
    { .kind = ENG_VALUE_INT, .integer = 1 },
  };
  return eng_call_inplace (eng_op_lookup (card), args, error);
}

static void
multiply (EngTensor *self, EngTensor *other)
{
  g_autoptr (EngTensor) same = must (inplace ("mul.Tensor", self, other, &error));
  g_assert_true (same == self);
}

static void
test_forbidden (void)
{
  g_autoptr (EngTensor) x = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) two = vec (2, 2.0, 2.0);
  g_autoptr (EngTensor) view = must (eng_slice (x, 0, 0, 1, 1, &error));
  must_fail (inplace ("mul.Tensor", x, two, &error), ENG_ERROR_RUNTIME,
             "a leaf Variable that requires grad is being used in an in-place operation.");
  g_autoptr (EngTensor) one = vec (1, 1.0);
  must_fail (inplace ("mul.Tensor", view, one, &error), ENG_ERROR_RUNTIME,
             "a view of a leaf Variable that requires grad is being used in an in-place operation.");
  assert_vec (x, 2, 1.0, 2.0);
  g_assert_cmpuint (eng_tensor_get_version (x), ==, 0);
  eng_grad_mode_set (FALSE);
  multiply (x, two);
  eng_grad_mode_set (TRUE);
  g_assert_cmpuint (eng_tensor_get_version (x), ==, 1);
  assert_vec (x, 2, 2.0, 4.0);
  g_assert_true (eng_tensor_is_leaf (x) && eng_tensor_get_requires_grad (x));
}

static void
test_result_must_fit (void)
{
  gint64 size = 3;
  g_autoptr (EngTensor) integers = must (eng_ones (ENG_INT64, 1, &size, &error));
  g_autoptr (EngTensor) row = vec (3, 1.0, 2.0, 3.0);
  g_autoptr (EngTensor) table = matrix (2, 3, 0);
  must_fail (inplace ("add.Tensor", integers, row, &error), ENG_ERROR_RUNTIME,
             "result type Float can't be cast to the desired output type Long");
  must_fail (inplace ("add.Tensor", row, table, &error), ENG_ERROR_RUNTIME,
             "output with shape [3] doesn't match the broadcast shape [2, 3]");
  g_autoptr (EngTensor) one = vec (1, 1.0);
  g_autoptr (EngTensor) expanded = must (eng_expand (one, 1, &size, &error));
  must_fail (inplace ("add.Tensor", expanded, row, &error), ENG_ERROR_RUNTIME,
             "unsupported operation: more than one element of the written-to tensor refers to a single memory "
             "location. Please clone() the tensor before performing the operation.");
  g_autoptr (EngTensor) sum = must (inplace ("add.Tensor", row, integers, &error));
  assert_vec (sum, 3, 2.0, 3.0, 4.0);
}

/* self and an input share memory, shifted by one: the input is read before it is overwritten. */
static void
test_overlap (void)
{
  g_autoptr (EngTensor) all = vec (4, 1.0, 2.0, 3.0, 4.0);
  g_autoptr (EngTensor) head = must (eng_slice (all, 0, 0, 3, 1, &error));
  g_autoptr (EngTensor) tail = must (eng_slice (all, 0, 1, 4, 1, &error));
  g_autoptr (EngTensor) sum = must (inplace ("add.Tensor", tail, head, &error));
  assert_vec (all, 4, 1.0, 3.0, 5.0, 7.0);
}

static void
test_history (void)
{
  g_autoptr (EngTensor) x = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) w = leaf (2, 3.0, 4.0);
  g_autoptr (EngTensor) y = must (eng_add_scalar (x, 1, &error));
  multiply (y, w);
  g_assert_cmpstr (eng_grad_fn_get_name (eng_tensor_get_grad_fn (y)), ==, "MulBackward0");
  g_autoptr (EngTensor) loss = must (eng_sum (y, &error));
  backward (loss);
  assert_vec (eng_tensor_get_grad (x), 2, 3.0, 4.0);
  assert_vec (eng_tensor_get_grad (w), 2, 2.0, 3.0);             /* the old value of y */
}

static void
test_becomes_non_leaf (void)
{
  g_autoptr (EngTensor) w = leaf (2, 3.0, 4.0);
  g_autoptr (EngTensor) y = vec (2, 1.0, 2.0);
  multiply (y, w);
  g_assert_false (eng_tensor_is_leaf (y));
  g_autoptr (EngTensor) loss = must (eng_sum (y, &error));
  backward (loss);
  assert_vec (eng_tensor_get_grad (w), 2, 1.0, 2.0);
}

static void
test_version_clash (void)
{
  g_autoptr (EngTensor) x = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) two = vec (2, 2.0, 2.0);
  g_autoptr (EngTensor) y = must (eng_exp (x, &error));
  multiply (y, two);
  g_autoptr (EngTensor) loss = must (eng_sum (y, &error));
  must_fail (eng_backward (&loss, NULL, 1, FALSE, FALSE, &error), ENG_ERROR_RUNTIME,
             "one of the variables needed for gradient computation has been modified by an inplace operation: "
             "[torch.FloatTensor [2]], which is output 0 of ExpBackward0, is at version 1; expected version 0 instead."
             VERSION_HINT);
  g_assert_null (eng_tensor_get_grad (x));
}

static void
test_version_clash_of_input (void)
{
  g_autoptr (EngTensor) x = leaf (3, 1.0, 2.0, 3.0);
  g_autoptr (EngTensor) y = must (eng_mul_scalar (x, 2, &error));
  g_autoptr (EngTensor) z = must (eng_mul (y, y, &error));
  g_autoptr (EngTensor) same = must (inplace ("add.Tensor", y, y, &error));
  g_autoptr (EngTensor) loss = must (eng_sum (z, &error));
  must_fail (eng_backward (&loss, NULL, 1, FALSE, FALSE, &error), ENG_ERROR_RUNTIME,
             "one of the variables needed for gradient computation has been modified by an inplace operation: "
             "[torch.FloatTensor [3]], which is output 0 of AddBackward0, is at version 1; expected version 0 instead."
             VERSION_HINT);
}

/* y = 2x; y[1:] *= 10: PyTorch gives x.grad = 2, 20, 20. */
static void
test_view_reaches_base (void)
{
  g_autoptr (EngTensor) x = leaf (3, 1.0, 2.0, 3.0);
  g_autoptr (EngTensor) w = leaf (2, 10.0, 10.0);
  g_autoptr (EngTensor) y = must (eng_mul_scalar (x, 2, &error));
  g_autoptr (EngTensor) view = must (eng_slice (y, 0, 1, 3, 1, &error));
  g_assert_cmpstr (eng_grad_fn_get_name (eng_tensor_get_grad_fn (view)), ==, "SliceBackward0");
  multiply (view, w);
  assert_vec (y, 3, 2.0, 40.0, 60.0);
  g_assert_cmpstr (eng_grad_fn_get_name (eng_tensor_get_grad_fn (y)), ==, "CopySlices");
  g_assert_cmpstr (eng_grad_fn_get_name (eng_tensor_get_grad_fn (view)), ==, "AsStridedBackward0");
  g_autoptr (EngTensor) loss = must (eng_sum (y, &error));
  backward (loss);
  assert_vec (eng_tensor_get_grad (x), 3, 2.0, 20.0, 20.0);
  assert_vec (eng_tensor_get_grad (w), 2, 4.0, 6.0);
}

/* The other way round: the base changes, and a view made before reads the new history. */
static void
test_base_reaches_view (void)
{
  g_autoptr (EngTensor) x = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) w = leaf (2, 5.0, 7.0);
  g_autoptr (EngTensor) y = must (eng_mul_scalar (x, 2, &error));
  g_autoptr (EngTensor) view = must (eng_slice (y, 0, 1, 2, 1, &error));
  multiply (y, w);
  g_assert_cmpstr (eng_grad_fn_get_name (eng_tensor_get_grad_fn (view)), ==, "AsStridedBackward0");
  g_autoptr (EngTensor) loss = must (eng_sum (view, &error));
  backward (loss);
  assert_vec (eng_tensor_get_grad (x), 2, 0.0, 14.0);
  assert_vec (eng_tensor_get_grad (w), 2, 0.0, 4.0);
}

/* A constant base that takes part in a graph only through its view: c[0] *= w. */
static void
test_constant_base (void)
{
  g_autoptr (EngTensor) w = leaf (1, 3.0);
  g_autoptr (EngTensor) c = matrix (2, 2, 1);
  g_autoptr (EngTensor) row = must (eng_select (c, 0, 0, &error));
  multiply (row, w);
  g_assert_true (eng_tensor_get_requires_grad (c));
  assert_vec (c, 4, 3.0, 6.0, 3.0, 4.0);
  g_autoptr (EngTensor) squared = must (eng_mul (c, c, &error));
  g_autoptr (EngTensor) loss = must (eng_sum (squared, &error));
  backward (loss);
  assert_vec (eng_tensor_get_grad (w), 1, 30.0);                 /* Σ 2 c c₀ over row 0 = 2·3·1 + 2·6·2 */
}

static void
test_view_under_no_grad (void)
{
  g_autoptr (EngTensor) x = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) y = must (eng_mul_scalar (x, 2, &error));
  g_autoptr (EngTensor) one = vec (1, 1.0);
  eng_grad_mode_set (FALSE);
  g_autoptr (EngTensor) view = must (eng_slice (y, 0, 0, 1, 1, &error));
  eng_grad_mode_set (TRUE);
  must_fail (inplace ("mul.Tensor", view, one, &error), ENG_ERROR_RUNTIME,
             "A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this "
             "use case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the "
             "view and the inplace either both inside the no_grad block (if you don't want the inplace to be tracked) "
             "or both outside (if you want the inplace to be tracked).");
}

/* copy_ into part of a graph: the old value gets no gradient there, the source does. */
static void
test_copy_into_slice (void)
{
  g_autoptr (EngTensor) x = leaf (3, 1.0, 2.0, 3.0);
  g_autoptr (EngTensor) source = leaf (1, 9.0);
  g_autoptr (EngTensor) y = must (eng_mul_scalar (x, 2, &error));
  g_autoptr (EngTensor) view = must (eng_slice (y, 0, 1, 2, 1, &error));
  g_autoptr (EngTensor) same = must (eng_copy_ (view, source, &error));
  assert_vec (y, 3, 2.0, 9.0, 6.0);
  g_autoptr (EngTensor) squared = must (eng_mul (y, y, &error));
  g_autoptr (EngTensor) loss = must (eng_sum (squared, &error));
  backward (loss);
  assert_vec (eng_tensor_get_grad (x), 3, 8.0, 0.0, 24.0);
  assert_vec (eng_tensor_get_grad (source), 1, 18.0);
}

/* The second derivative goes through CopySlices too: loss = Σ y³, y = x with y[1] *= 2. */
static void
test_double_backward (void)
{
  g_autoptr (EngTensor) x = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) two = vec (1, 2.0);
  g_autoptr (EngTensor) y = must (eng_add_scalar (x, 0, &error));
  g_autoptr (EngTensor) view = must (eng_slice (y, 0, 1, 2, 1, &error));
  multiply (view, two);
  g_autoptr (EngTensor) square = must (eng_mul (y, y, &error));
  g_autoptr (EngTensor) cube = must (eng_mul (square, y, &error));
  g_autoptr (EngTensor) loss = must (eng_sum (cube, &error));
  g_autoptr (EngTensor) first = NULL;
  must (eng_grad (&loss, NULL, 1, &x, 1, &first, TRUE, TRUE, FALSE, &error));
  assert_vec (first, 2, 3.0, 96.0);                              /* 3x², 3 (2x)² 2 */
  g_autoptr (EngTensor) sum = must (eng_sum (first, &error));
  backward (sum);
  assert_vec (eng_tensor_get_grad (x), 2, 6.0, 96.0);            /* 6x, 48x */
}

static void
test_retain_grad_follows (void)
{
  g_autoptr (EngTensor) x = leaf (1, 2.0);
  g_autoptr (EngTensor) three = vec (1, 3.0);
  g_autoptr (EngTensor) y = must (eng_mul_scalar (x, 1, &error));
  must (eng_tensor_retain_grad (y, &error));
  multiply (y, three);
  g_autoptr (EngTensor) loss = must (eng_sum (y, &error));
  backward (loss);
  assert_vec (eng_tensor_get_grad (y), 1, 1.0);
  assert_vec (eng_tensor_get_grad (x), 1, 3.0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  eng_init ();
  g_test_add_func ("/inplace/forbidden", test_forbidden);
  g_test_add_func ("/inplace/result-must-fit", test_result_must_fit);
  g_test_add_func ("/inplace/overlap", test_overlap);
  g_test_add_func ("/inplace/history", test_history);
  g_test_add_func ("/inplace/becomes-non-leaf", test_becomes_non_leaf);
  g_test_add_func ("/inplace/version-clash", test_version_clash);
  g_test_add_func ("/inplace/version-clash-of-input", test_version_clash_of_input);
  g_test_add_func ("/inplace/view-reaches-base", test_view_reaches_base);
  g_test_add_func ("/inplace/base-reaches-view", test_base_reaches_view);
  g_test_add_func ("/inplace/constant-base", test_constant_base);
  g_test_add_func ("/inplace/view-under-no-grad", test_view_under_no_grad);
  g_test_add_func ("/inplace/copy-into-slice", test_copy_into_slice);
  g_test_add_func ("/inplace/double-backward", test_double_backward);
  g_test_add_func ("/inplace/retain-grad-follows", test_retain_grad_follows);
  int status = g_test_run ();
  g_assert_cmpuint (eng_live_tensors (), ==, 0);
  g_assert_cmpuint (eng_live_storages (), ==, 0);
  return status;
}
