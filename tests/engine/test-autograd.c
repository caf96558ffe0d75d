/* SPDX-License-Identifier: MIT
 *
 * Back-propagation as a script sees it: gradients, leaves, retained graphs, hooks,
 * torch.autograd.grad, errors in PyTorch's words. Numbers are PyTorch 1.13.1's. */
#include "test-helpers.h"

#define FREED \
  "Trying to backward through the graph a second time (or directly access saved tensors after they have already " \
  "been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). " \
  "Specify retain_graph=True if you need to backward through the graph a second time or if you need to access " \
  "saved tensors after calling backward."

static EngTensor *
sum_of (EngTensor *tensor)
{
  EngTensor *sum = must (eng_sum (tensor, &error));
  eng_tensor_unref (tensor);
  return sum;
}

static void
test_first_gradient (void)
{
  g_autoptr (EngTensor) x = leaf (3, 1.0, 2.0, 3.0);
  g_autoptr (EngTensor) loss = sum_of (must (eng_mul (x, x, &error)));
  g_assert_true (eng_tensor_get_requires_grad (loss));
  g_assert_false (eng_tensor_is_leaf (loss));
  g_assert_cmpstr (eng_grad_fn_get_name (eng_tensor_get_grad_fn (loss)), ==, "SumBackward0");
  backward (loss);
  assert_vec (eng_tensor_get_grad (x), 3, 2.0, 4.0, 6.0);
  g_assert_null (eng_tensor_get_grad (loss));
  g_assert_false (eng_tensor_get_requires_grad (eng_tensor_get_grad (x)));
}

static void
test_accumulates_in_place (void)
{
  g_autoptr (EngTensor) x = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) a = sum_of (must (eng_mul_scalar (x, 2, &error)));
  backward (a);
  g_autoptr (EngTensor) grad = eng_tensor_ref (eng_tensor_get_grad (x));
  g_autoptr (EngTensor) b = sum_of (must (eng_mul (x, x, &error)));
  backward (b);
  g_assert_true (eng_tensor_get_grad (x) == grad);
  assert_vec (grad, 2, 4.0, 6.0);
}

/* sum's gradient is an expanded view of one number: .grad must own all of its memory. */
static void
test_gradient_owns_memory (void)
{
  g_autoptr (EngTensor) x = leaf (3, 1.0, 2.0, 3.0);
  g_autoptr (EngTensor) loss = must (eng_sum (x, &error));
  backward (loss);
  EngTensor *grad = eng_tensor_get_grad (x);
  g_assert_true (eng_tensor_is_contiguous (grad));
  eng_tensor_set_double (grad, 0, 7);
  assert_vec (grad, 3, 7.0, 1.0, 1.0);
}

/* One gradient reaching two leaves: they must not share it. */
static void
test_leaves_do_not_share (void)
{
  g_autoptr (EngTensor) a = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) b = leaf (2, 3.0, 4.0);
  g_autoptr (EngTensor) sum = must (eng_add (a, b, &error));
  g_autoptr (EngTensor) seed = vec (2, 5.0, 6.0);
  must (eng_backward (&sum, &seed, 1, FALSE, FALSE, &error));
  eng_tensor_set_double (eng_tensor_get_grad (a), 0, 100);
  assert_vec (eng_tensor_get_grad (b), 2, 5.0, 6.0);
  assert_vec (seed, 2, 5.0, 6.0);
}

static void
test_diamond (void)
{
  g_autoptr (EngTensor) x = leaf (2, 0.5, -1.0);
  g_autoptr (EngTensor) a = must (eng_tanh (x, &error));
  g_autoptr (EngTensor) b = must (eng_mul (a, x, &error));
  g_autoptr (EngTensor) c = must (eng_mul (b, a, &error));
  g_autoptr (EngTensor) loss = sum_of (must (eng_add (a, c, &error)));
  backward (loss);
  assert_vec (eng_tensor_get_grad (x), 2, 1.363431, 1.639700);
}

static void
test_broadcast_is_undone (void)
{
  g_autoptr (EngTensor) m = with_grad (matrix (2, 3, 1));
  g_autoptr (EngTensor) row = leaf (3, 1.0, 2.0, 3.0);
  g_autoptr (EngTensor) one = leaf (1, 10.0);
  g_autoptr (EngTensor) a = must (eng_mul (m, row, &error));
  g_autoptr (EngTensor) loss = sum_of (must (eng_mul (a, one, &error)));
  backward (loss);
  assert_vec (eng_tensor_get_grad (m), 6, 10.0, 20.0, 30.0, 10.0, 20.0, 30.0);
  assert_vec (eng_tensor_get_grad (row), 3, 50.0, 70.0, 90.0);
  assert_vec (eng_tensor_get_grad (one), 1, 46.0);
  g_assert_cmpuint (eng_tensor_get_ndim (eng_tensor_get_grad (row)), ==, 1);
}

static void
test_gradient_has_input_dtype (void)
{
  gint64 size = 2;
  g_autoptr (EngTensor) x = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) w = must (eng_full (ENG_FLOAT64, 1, &size, 3.0, &error));
  g_autoptr (EngTensor) loss = sum_of (must (eng_mul (x, w, &error)));
  g_assert_cmpint (eng_tensor_get_dtype (loss), ==, ENG_FLOAT64);
  backward (loss);
  g_assert_cmpint (eng_tensor_get_dtype (eng_tensor_get_grad (x)), ==, ENG_FLOAT32);
  assert_vec (eng_tensor_get_grad (x), 2, 3.0, 3.0);
}

static void
test_root_errors (void)
{
  g_autoptr (EngTensor) x = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) y = must (eng_mul_scalar (x, 2, &error));
  g_autoptr (EngTensor) plain = vec (1, 1.0);
  g_autoptr (EngTensor) three = vec (3, 1.0, 1.0, 1.0);
  EngTensor *both[] = { x, plain };
  EngTensor *seeds[] = { y, NULL };
  must_fail (eng_backward (&y, NULL, 1, FALSE, FALSE, &error), ENG_ERROR_RUNTIME,
             "grad can be implicitly created only for scalar outputs");
  must_fail (eng_backward (&plain, NULL, 1, FALSE, FALSE, &error), ENG_ERROR_RUNTIME,
             "element 0 of tensors does not require grad and does not have a grad_fn");
  must_fail (eng_backward (both, seeds, 2, FALSE, FALSE, &error), ENG_ERROR_RUNTIME,
             "element 1 of tensors does not require grad and does not have a grad_fn");
  must_fail (eng_backward (&y, &three, 1, FALSE, FALSE, &error), ENG_ERROR_RUNTIME,
             "Mismatch in shape: grad_output[0] has a shape of torch.Size([3]) and output[0] has a shape of "
             "torch.Size([2]).");
  g_assert_null (eng_tensor_get_grad (x));
}

static void
test_backward_twice (void)
{
  g_autoptr (EngTensor) x = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) y = sum_of (must (eng_add_scalar (x, 1, &error)));
  backward (y);
  backward (y);                                  /* nothing was saved: legal, and it accumulates */
  assert_vec (eng_tensor_get_grad (x), 2, 2.0, 2.0);
  g_autoptr (EngTensor) z = sum_of (must (eng_exp (x, &error)));
  backward (z);
  must_fail (eng_backward (&z, NULL, 1, FALSE, FALSE, &error), ENG_ERROR_RUNTIME, FREED);
  EngGradFn *exp = eng_grad_fn_get_next (eng_tensor_get_grad_fn (z), 0, NULL);
  must_fail (eng_grad_fn_dup_saved (exp, 0, &error), ENG_ERROR_RUNTIME, FREED);
  g_autoptr (EngTensor) scaled = sum_of (must (eng_mul_scalar (x, 2, &error)));
  backward (scaled);                             /* × keeps its number, and frees it */
  must_fail (eng_backward (&scaled, NULL, 1, FALSE, FALSE, &error), ENG_ERROR_RUNTIME, FREED);
}

static void
test_retain_graph (void)
{
  g_autoptr (EngTensor) x = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) y = sum_of (must (eng_mul (x, x, &error)));
  must (eng_backward (&y, NULL, 1, TRUE, FALSE, &error));
  must (eng_backward (&y, NULL, 1, FALSE, FALSE, &error));
  assert_vec (eng_tensor_get_grad (x), 2, 4.0, 8.0);
  must_fail (eng_backward (&y, NULL, 1, FALSE, FALSE, &error), ENG_ERROR_RUNTIME, FREED);
}

static void
test_no_grad (void)
{
  g_autoptr (EngTensor) x = leaf (1, 1.0);
  g_assert_true (eng_grad_mode_set (FALSE));
  g_autoptr (EngTensor) y = must (eng_mul (x, x, &error));
  g_assert_false (eng_tensor_get_requires_grad (y));
  g_assert_true (eng_tensor_is_leaf (y));
  g_assert_false (eng_grad_mode_set (TRUE));
  g_autoptr (EngTensor) detached = eng_tensor_detach (x);
  g_autoptr (EngTensor) z = must (eng_mul (detached, detached, &error));
  g_assert_false (eng_tensor_get_requires_grad (z));
}

static void
test_requires_grad_rules (void)
{
  gint64 size = 2;
  g_autoptr (EngTensor) integers = must (eng_zeros (ENG_INT64, 1, &size, &error));
  must_fail (eng_tensor_set_requires_grad (integers, TRUE, &error), ENG_ERROR_RUNTIME,
             "only Tensors of floating point dtype can require gradients");
  must (eng_tensor_set_requires_grad (integers, FALSE, &error));
  g_autoptr (EngTensor) x = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) y = must (eng_mul (x, x, &error));
  must_fail (eng_tensor_set_requires_grad (y, FALSE, &error), ENG_ERROR_RUNTIME,
             "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a "
             "subgraph that doesn't require differentiation use var_no_grad = var.detach().");
  must (eng_tensor_set_requires_grad (y, TRUE, &error));
  g_autoptr (EngTensor) compared = must (eng_gt_scalar (y, 1, &error));
  g_assert_false (eng_tensor_get_requires_grad (compared));
}

static void
test_set_grad (void)
{
  g_autoptr (EngTensor) x = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) grad = vec (2, 5.0, 6.0);
  g_autoptr (EngTensor) three = vec (3, 1.0, 1.0, 1.0);
  gint64 size = 2;
  g_autoptr (EngTensor) wide = must (eng_zeros (ENG_FLOAT64, 1, &size, &error));
  must_fail (eng_tensor_set_grad (x, three, &error), ENG_ERROR_RUNTIME, "assigned grad has data of a different size");
  must_fail (eng_tensor_set_grad (x, wide, &error), ENG_ERROR_RUNTIME, "assigned grad has data of a different type");
  must (eng_tensor_set_grad (x, grad, &error));
  g_assert_true (eng_tensor_get_grad (x) == grad);
  must (eng_tensor_set_grad (x, NULL, &error));
  g_assert_null (eng_tensor_get_grad (x));
}

static void
test_retain_grad (void)
{
  g_autoptr (EngTensor) x = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) y = must (eng_mul_scalar (x, 3, &error));
  must (eng_tensor_retain_grad (y, &error));
  must (eng_tensor_retain_grad (x, &error));
  g_assert_true (eng_tensor_get_retains_grad (y));
  g_assert_false (eng_tensor_get_retains_grad (x));
  g_autoptr (EngTensor) loss = sum_of (must (eng_mul (y, y, &error)));
  backward (loss);
  assert_vec (eng_tensor_get_grad (y), 2, 6.0, 12.0);
  assert_vec (eng_tensor_get_grad (x), 2, 18.0, 36.0);
  g_autoptr (EngTensor) plain = vec (1, 1.0);
  must_fail (eng_tensor_retain_grad (plain, &error), ENG_ERROR_RUNTIME,
             "can't retain_grad on Tensor that has requires_grad=False");
}

/* A tensor that asked to keep its gradient may be gone when it comes. */
static void
test_retain_grad_outlived (void)
{
  g_autoptr (EngTensor) x = leaf (1, 2.0);
  EngTensor *y = must (eng_mul (x, x, &error));
  must (eng_tensor_retain_grad (y, &error));
  g_autoptr (EngTensor) loss = sum_of (y);
  backward (loss);
  assert_vec (eng_tensor_get_grad (x), 1, 4.0);
}

static EngTensor *
times_ten (EngTensor *grad, gpointer data, GError **error)
{
  ++*(int *) data;
  return eng_mul_scalar (grad, 10, error);
}

static void
test_hook_and_retain (void)
{
  int n_calls = 0;
  g_autoptr (EngTensor) x = leaf (2, 1.0, 1.0);
  g_autoptr (EngTensor) y = must (eng_mul_scalar (x, 2, &error));
  must (eng_tensor_retain_grad (y, &error));
  guint64 id = must (eng_tensor_add_hook (y, times_ten, &n_calls, NULL, &error));
  g_autoptr (EngTensor) loss = must (eng_sum (y, &error));
  must (eng_backward (&loss, NULL, 1, TRUE, FALSE, &error));
  assert_vec (eng_tensor_get_grad (y), 2, 10.0, 10.0);
  assert_vec (eng_tensor_get_grad (x), 2, 20.0, 20.0);
  eng_hook_remove (id);
  eng_hook_remove (id);
  backward (loss);
  g_assert_cmpint (n_calls, ==, 1);
  assert_vec (eng_tensor_get_grad (x), 2, 22.0, 22.0);
}

static void
destroy_cb (gpointer data)
{
  *(int *) data = -1;
}

static void
test_hook_of_leaf (void)
{
  int n_calls = 0;
  EngTensor *x = leaf (2, 1.0, 2.0);
  must (eng_tensor_add_hook (x, times_ten, &n_calls, destroy_cb, &error));
  g_autoptr (EngTensor) loss = sum_of (must (eng_mul_scalar (x, 3, &error)));
  must (eng_backward (&loss, NULL, 1, TRUE, FALSE, &error));
  backward (loss);
  assert_vec (eng_tensor_get_grad (x), 2, 60.0, 60.0);
  g_assert_cmpint (n_calls, ==, 2);
  g_clear_pointer (&loss, eng_tensor_unref);
  eng_tensor_unref (x);
  g_assert_cmpint (n_calls, ==, -1);
  g_autoptr (EngTensor) plain = vec (1, 1.0);
  must_fail (eng_tensor_add_hook (plain, times_ten, NULL, NULL, &error), ENG_ERROR_RUNTIME,
             "cannot register a hook on a tensor that doesn't require gradient");
}

static EngTensor *
wrong_size (EngTensor *grad, gpointer data, GError **error)
{
  return vec (3, 1.0, 1.0, 1.0);
}

static EngTensor *
refuse (EngTensor *grad, gpointer data, GError **error)
{
  g_set_error (error, ENG_ERROR, ENG_ERROR_VALUE, "no");
  return NULL;
}

static void
test_hook_errors (void)
{
  g_autoptr (EngTensor) x = leaf (2, 1.0, 2.0);
  guint64 id = must (eng_tensor_add_hook (x, wrong_size, NULL, NULL, &error));
  g_autoptr (EngTensor) loss = sum_of (must (eng_mul_scalar (x, 3, &error)));
  must_fail (eng_backward (&loss, NULL, 1, TRUE, FALSE, &error), ENG_ERROR_RUNTIME,
             "a hook has changed the size of value");
  eng_hook_remove (id);
  must (eng_tensor_add_hook (x, refuse, NULL, NULL, &error));
  must_fail (eng_backward (&loss, NULL, 1, TRUE, FALSE, &error), ENG_ERROR_VALUE, "no");
  g_assert_null (eng_tensor_get_grad (x));
}

/* A hook that itself runs backward through the same grad_fns. */
static EngTensor *
run_again (EngTensor *grad, gpointer data, GError **error)
{
  EngTensor **loss = data;
  EngTensor *mine = *loss;
  *loss = NULL;
  if (mine != NULL)
    g_assert_true (eng_backward (&mine, NULL, 1, TRUE, FALSE, error));
  return NULL;
}

static void
test_backward_inside_hook (void)
{
  g_autoptr (EngTensor) x = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) y = must (eng_mul (x, x, &error));
  g_autoptr (EngTensor) loss = must (eng_sum (y, &error));
  EngTensor *inner = loss;
  must (eng_tensor_add_hook (y, run_again, &inner, NULL, &error));
  must (eng_backward (&loss, NULL, 1, TRUE, FALSE, &error));
  assert_vec (eng_tensor_get_grad (x), 2, 4.0, 8.0);
}

static void
test_grad (void)
{
  g_autoptr (EngTensor) a = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) unused = leaf (1, 1.0);
  g_autoptr (EngTensor) b = must (eng_mul_scalar (a, 2, &error));
  g_autoptr (EngTensor) loss = sum_of (must (eng_mul (b, b, &error)));
  EngTensor *inputs[] = { b, a, unused };
  EngTensor *results[3];
  must (eng_grad (&loss, NULL, 1, inputs, 2, results, TRUE, FALSE, FALSE, &error));
  assert_vec (results[0], 2, 4.0, 8.0);
  assert_vec (results[1], 2, 8.0, 16.0);
  g_assert_null (eng_tensor_get_grad (a));
  eng_tensor_unref (results[0]);
  eng_tensor_unref (results[1]);
  must_fail (eng_grad (&loss, NULL, 1, inputs, 3, results, TRUE, FALSE, FALSE, &error), ENG_ERROR_RUNTIME,
             "One of the differentiated Tensors appears to not have been used in the graph. Set allow_unused=True if "
             "this is the desired behavior.");
  must (eng_grad (&loss, NULL, 1, inputs, 3, results, FALSE, FALSE, TRUE, &error));
  g_assert_null (results[2]);
  eng_tensor_unref (results[0]);
  eng_tensor_unref (results[1]);
  g_autoptr (EngTensor) plain = vec (1, 1.0);
  must_fail (eng_grad (&loss, NULL, 1, &plain, 1, results, FALSE, FALSE, FALSE, &error), ENG_ERROR_RUNTIME,
             "One of the differentiated Tensors does not require grad");
}

/* x³: first, second and third derivative at 2. */
static void
test_double_backward (void)
{
  g_autoptr (EngTensor) x = leaf (1, 2.0);
  g_autoptr (EngTensor) square = must (eng_mul (x, x, &error));
  EngTensor *y = must (eng_mul (square, x, &error));
  static const double expected[] = { 12, 12, 6 };
  for (guint k = 0; k < G_N_ELEMENTS (expected); k++)
    {
      EngTensor *grad;
      must (eng_grad (&y, NULL, 1, &x, 1, &grad, TRUE, TRUE, FALSE, &error));
      assert_vec (grad, 1, expected[k]);
      eng_tensor_unref (y);
      y = grad;
    }
  eng_tensor_unref (y);
}

/* A saved output keeps its history: (tanh x)'' = −2 tanh x (1 − tanh² x). */
static void
test_double_backward_through_output (void)
{
  g_autoptr (EngTensor) x = leaf (1, 0.5);
  g_autoptr (EngTensor) y = must (eng_tanh (x, &error));
  g_autoptr (EngTensor) first = NULL;
  g_autoptr (EngTensor) second = NULL;
  must (eng_grad (&y, NULL, 1, &x, 1, &first, TRUE, TRUE, FALSE, &error));
  must (eng_grad (&first, NULL, 1, &x, 1, &second, FALSE, FALSE, FALSE, &error));
  assert_vec (first, 1, 0.786448);
  assert_vec (second, 1, -0.726862);
}

static void
test_create_graph_accumulates_with_history (void)
{
  g_autoptr (EngTensor) x = leaf (1, 3.0);
  g_autoptr (EngTensor) y = must (eng_mul (x, x, &error));
  must (eng_backward (&y, NULL, 1, TRUE, TRUE, &error));
  g_autoptr (EngTensor) grad = eng_tensor_ref (eng_tensor_get_grad (x));
  g_assert_true (eng_tensor_get_requires_grad (grad));
  must (eng_tensor_set_grad (x, NULL, &error));
  backward (grad);
  assert_vec (eng_tensor_get_grad (x), 1, 2.0);
  /* The graph of grad reaches x, and x must not reach back: no leak. */
}

static void
test_facts (void)
{
  guint nr = 9;
  g_autoptr (EngTensor) w = with_grad (matrix (2, 2, 1));
  g_autoptr (EngTensor) x = matrix (2, 2, 0);
  g_autoptr (EngTensor) y = must (eng_mm (w, x, &error));
  EngGradFn *mm = eng_tensor_get_grad_fn (y);
  g_assert_cmpstr (eng_grad_fn_get_name (mm), ==, "MmBackward0");
  g_assert_cmpuint (eng_grad_fn_get_n_next (mm), ==, 2);
  g_assert_cmpuint (eng_grad_fn_get_n_saved (mm), ==, 1);       /* only what W's gradient needs */
  g_assert_null (eng_grad_fn_get_next (mm, 1, &nr));
  EngGradFn *accumulate = eng_grad_fn_get_next (mm, 0, &nr);
  g_assert_cmpuint (nr, ==, 0);
  g_assert_cmpstr (eng_grad_fn_get_name (accumulate), ==, "AccumulateGrad");
  g_assert_true (eng_grad_fn_get_variable (accumulate) == w);
  g_assert_cmpuint (eng_grad_fn_get_sequence_nr (accumulate), ==, G_MAXUINT64);
  g_autoptr (EngGradFn) again = eng_tensor_dup_grad_accumulator (w);
  g_assert_true (again == accumulate);
  g_autoptr (EngTensor) saved = must (eng_grad_fn_dup_saved (mm, 0, &error));
  g_assert_true (saved == x);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  eng_init ();
  g_test_add_func ("/autograd/first-gradient", test_first_gradient);
  g_test_add_func ("/autograd/accumulates-in-place", test_accumulates_in_place);
  g_test_add_func ("/autograd/gradient-owns-memory", test_gradient_owns_memory);
  g_test_add_func ("/autograd/leaves-do-not-share", test_leaves_do_not_share);
  g_test_add_func ("/autograd/diamond", test_diamond);
  g_test_add_func ("/autograd/broadcast-is-undone", test_broadcast_is_undone);
  g_test_add_func ("/autograd/gradient-has-input-dtype", test_gradient_has_input_dtype);
  g_test_add_func ("/autograd/root-errors", test_root_errors);
  g_test_add_func ("/autograd/backward-twice", test_backward_twice);
  g_test_add_func ("/autograd/retain-graph", test_retain_graph);
  g_test_add_func ("/autograd/no-grad", test_no_grad);
  g_test_add_func ("/autograd/requires-grad-rules", test_requires_grad_rules);
  g_test_add_func ("/autograd/set-grad", test_set_grad);
  g_test_add_func ("/autograd/retain-grad", test_retain_grad);
  g_test_add_func ("/autograd/retain-grad-outlived", test_retain_grad_outlived);
  g_test_add_func ("/autograd/hook-and-retain", test_hook_and_retain);
  g_test_add_func ("/autograd/hook-of-leaf", test_hook_of_leaf);
  g_test_add_func ("/autograd/hook-errors", test_hook_errors);
  g_test_add_func ("/autograd/backward-inside-hook", test_backward_inside_hook);
  g_test_add_func ("/autograd/grad", test_grad);
  g_test_add_func ("/autograd/double-backward", test_double_backward);
  g_test_add_func ("/autograd/double-backward-through-output", test_double_backward_through_output);
  g_test_add_func ("/autograd/create-graph-accumulates", test_create_graph_accumulates_with_history);
  g_test_add_func ("/autograd/facts", test_facts);
  int status = g_test_run ();
  g_assert_cmpuint (eng_live_tensors (), ==, 0);
  g_assert_cmpuint (eng_live_storages (), ==, 0);
  return status;
}
