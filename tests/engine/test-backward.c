/* SPDX-License-Identifier: MIT
 *
 * The backward loop from inside: the order in which grad_fns run, what the
 * observer is told, chains too long for any stack, and errors half-way. */
#include <pthread.h>

#include "test-helpers.h"

static GString *story;
static guint n_freed;
static guint n_inside;

static void
op_done (gpointer data, const EngOpDone *done)
{
  const char *name = eng_op_get_signature (done->op)->name;
  if (done->inside != NULL)
    n_inside++;
  else
    g_string_append_printf (story, "%s%s ", name, done->grad_fn != NULL ? "*" : "");
}

static void
op_failed (gpointer data, const EngOp *op, const EngValue *args, const char *written, const GError *error)
{
  g_string_append_printf (story, "failed:%s(%s) ", eng_op_get_signature (op)->name, written);
}

static void
backward_begins (gpointer data, EngTensor *const *roots, EngTensor *const *grads, guint n_roots,
                 gboolean retain_graph, gboolean create_graph)
{
  g_string_append_printf (story, "begin(%g) ", eng_tensor_get_double (grads[0], 0));
}

static void
grad_fn_done (gpointer data, const EngGradFnDone *done)
{
  g_string_append (story, eng_grad_fn_get_name (done->grad_fn));
  if (done->leaf != NULL)
    g_string_append (story, done->accumulated ? "+" : "=");
  if (done->saved_freed)
    g_string_append (story, "!");
  for (guint k = 0; k < done->n_grad_inputs; k++)
    g_string_append_c (story, done->grad_inputs[k] != NULL ? '>' : '-');
  g_string_append_c (story, ' ');
}

static void
backward_ends (gpointer data, gboolean succeeded)
{
  g_string_append (story, succeeded ? "end" : "broken");
}

static void
tensor_freed (gpointer data, guint64 id)
{
  n_freed++;
}

static const EngObserver observer = {
  .op_done = op_done, .op_failed = op_failed, .backward_begins = backward_begins, .grad_fn_done = grad_fn_done,
  .backward_ends = backward_ends, .tensor_freed = tensor_freed,
};

static void
watch (gboolean on)
{
  if (on)
    {
      story = g_string_new (NULL);
      n_freed = n_inside = 0;
      eng_set_observer (&observer, NULL);
      return;
    }
  eng_set_observer (NULL, NULL);
  g_string_free (story, TRUE);
}

/* The demo of the application, operation by operation and grad_fn by grad_fn. */
static void
test_demo_order (void)
{
  g_autoptr (EngTensor) w_h = with_grad (matrix (2, 2, 1));
  g_autoptr (EngTensor) w_x = with_grad (matrix (2, 1, 1));
  g_autoptr (EngTensor) h = matrix (2, 1, -1);
  g_autoptr (EngTensor) x = matrix (1, 1, 1);
  watch (TRUE);
  g_autoptr (EngTensor) h2h = must (eng_mm (w_h, h, &error));
  g_autoptr (EngTensor) i2h = must (eng_mm (w_x, x, &error));
  g_autoptr (EngTensor) sum = must (eng_add (h2h, i2h, &error));
  g_autoptr (EngTensor) next = must (eng_tanh (sum, &error));
  g_autoptr (EngTensor) loss = must (eng_sum (next, &error));
  backward (loss);
  g_assert_cmpstr (story->str, ==,
                   "mm* mm* add* tanh* sum* begin(1) SumBackward0> TanhBackward0!> AddBackward0>> MmBackward0!>- "
                   "AccumulateGrad= MmBackward0!>- AccumulateGrad= end");
  g_assert_cmpuint (n_inside, >, 0);
  watch (FALSE);
}

static void
test_failure_is_told (void)
{
  g_autoptr (EngTensor) a = matrix (2, 5, 0);
  g_autoptr (EngTensor) b = matrix (3, 4, 0);
  watch (TRUE);
  eng_call_set_written ("@");
  must_fail (eng_mm (a, b, &error), ENG_ERROR_RUNTIME, "mat1 and mat2 shapes cannot be multiplied (2x5 and 3x4)");
  must_fail (eng_mm (b, a, &error), ENG_ERROR_RUNTIME, "mat1 and mat2 shapes cannot be multiplied (3x4 and 2x5)");
  g_assert_cmpstr (story->str, ==, "failed:mm(@) failed:mm((null)) ");
  watch (FALSE);
}

/* Each result is told freed once, saved outputs not twice. */
static void
test_freed_once (void)
{
  g_autoptr (EngTensor) x = leaf (1, 1.0);
  watch (TRUE);
  EngTensor *y = must (eng_tanh (x, &error));
  EngTensor *z = must (eng_exp (y, &error));
  eng_tensor_unref (y);
  g_assert_cmpuint (n_freed, ==, 1);
  eng_tensor_unref (z);
  g_assert_cmpuint (n_freed, ==, 2);
  watch (FALSE);
}

/* A grad_fn waits for all that leads to it, however late that was made. */
static void
test_waits_for_all (void)
{
  g_autoptr (EngTensor) x = leaf (1, 2.0);
  g_autoptr (EngTensor) early = must (eng_mul (x, x, &error));           /* 4 */
  g_autoptr (EngTensor) middle = must (eng_exp (early, &error));
  g_autoptr (EngTensor) late = must (eng_mul (middle, early, &error));
  watch (TRUE);
  must (eng_backward (&late, NULL, 1, TRUE, FALSE, &error));
  g_assert_cmpstr (story->str, ==, "begin(1) MulBackward0>> ExpBackward0> MulBackward0>> AccumulateGrad= end");
  watch (FALSE);
  EngTensor *roots[] = { late, early };
  must (eng_tensor_set_grad (x, NULL, &error));
  watch (TRUE);
  must (eng_backward (roots, NULL, 2, TRUE, FALSE, &error));
  g_assert_cmpstr (story->str, ==, "begin(1) MulBackward0>> ExpBackward0> MulBackward0>> AccumulateGrad= end");
  watch (FALSE);
  /* d(e^s s)/ds = e^s (1 + s) at s = 4, plus 1, times 2x */
  g_assert_cmpfloat_with_epsilon (eng_tensor_get_double (eng_tensor_get_grad (x), 0), 4 * (1 + 5 * 54.59815), 0.01);
}

/* torch.autograd.grad runs only what leads to the inputs. */
static void
test_grad_runs_the_needed_part (void)
{
  g_autoptr (EngTensor) a = leaf (1, 2.0);
  g_autoptr (EngTensor) b = leaf (1, 3.0);
  g_autoptr (EngTensor) ea = must (eng_exp (a, &error));
  g_autoptr (EngTensor) tb = must (eng_tanh (b, &error));
  g_autoptr (EngTensor) y = must (eng_mul (ea, tb, &error));
  EngTensor *grad;
  watch (TRUE);
  must (eng_grad (&y, NULL, 1, &a, 1, &grad, FALSE, FALSE, FALSE, &error));
  g_assert_cmpstr (story->str, ==, "begin(1) MulBackward0!>- ExpBackward0!> end");
  watch (FALSE);
  assert_vec (grad, 1, 7.352516);
  eng_tensor_unref (grad);
  g_assert_null (eng_tensor_get_grad (a));
}

/* When a vjp fails, gradients under way are dropped and the graph can be used again. */
static void
test_error_half_way (void)
{
  g_autoptr (EngTensor) x = leaf (2, 1.0, 2.0);
  g_autoptr (EngTensor) y = must (eng_exp (x, &error));
  g_autoptr (EngTensor) z = must (eng_exp (y, &error));
  g_autoptr (EngTensor) loss = must (eng_sum (z, &error));
  gsize before = eng_live_tensors ();
  eng_tensor_bump_version (y);
  g_assert_false (eng_backward (&loss, NULL, 1, TRUE, FALSE, NULL));
  g_assert_cmpuint (eng_live_tensors (), ==, before);
  g_autoptr (EngTensor) w = must (eng_mul (x, x, &error));
  g_autoptr (EngTensor) other = must (eng_sum (w, &error));
  backward (other);
  assert_vec (eng_tensor_get_grad (x), 2, 2.0, 4.0);
}

/* A sanitizer keeps a stack for each allocation: a tenth of the chain must do there. */
#ifdef __SANITIZE_ADDRESS__
#define CHAIN_LENGTH 100000
#else
#define CHAIN_LENGTH 1000000
#endif

/* A million operations forward, backward and freed, in a stack of 256 KiB. */
static gpointer
run_chain (gpointer data)
{
  g_autoptr (EngTensor) x = leaf (1, 1.0);
  EngTensor *y = must (eng_mul_scalar (x, 1, &error));
  for (int k = 0; k < CHAIN_LENGTH; k++)
    {
      EngTensor *next = k % 2 == 0 ? must (eng_add_scalar (y, 0, &error)) : must (eng_mul (y, y, &error));
      eng_tensor_unref (y);
      y = next;
      if (k % 2 == 1 && eng_tensor_get_double (y, 0) != 1.0)
        g_assert_not_reached ();
    }
  must (eng_backward (&y, NULL, 1, TRUE, FALSE, &error));
  g_assert_true (isinf (eng_tensor_get_double (eng_tensor_get_grad (x), 0)));   /* 2 to half the length */
  eng_tensor_unref (y);
  return NULL;
}

static void
test_long_chain (void)
{
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init (&attributes);
  g_assert_cmpint (pthread_attr_setstacksize (&attributes, 256 * 1024), ==, 0);
  g_assert_cmpint (pthread_create (&thread, &attributes, run_chain, NULL), ==, 0);
  pthread_join (thread, NULL);
  pthread_attr_destroy (&attributes);
}

/* Training steps leave nothing behind. */
static void
test_steps_leave_nothing (void)
{
  g_autoptr (EngTensor) w = with_grad (matrix (3, 2, 0));
  g_autoptr (EngTensor) x = matrix (4, 3, 0);
  gsize tensors = eng_live_tensors ();
  gsize storages = eng_live_storages ();
  for (int k = 0; k < 50; k++)
    {
      g_autoptr (EngTensor) y = must (eng_mm (x, w, &error));
      g_autoptr (EngTensor) t = must (eng_tanh (y, &error));
      g_autoptr (EngTensor) square = must (eng_mul (t, t, &error));
      g_autoptr (EngTensor) loss = must (eng_mean (square, &error));
      backward (loss);
      must (eng_tensor_set_grad (w, NULL, &error));
    }
  g_assert_cmpuint (eng_live_tensors (), ==, tensors);
  g_assert_cmpuint (eng_live_storages (), ==, storages);
}

/* A result that only its own grad_fn still needs, read by two passes and by a third one
 * that makes a graph; with its owner alive it gives the same. */
static void
test_saved_result (void)
{
  gsize tensors = eng_live_tensors (), storages = eng_live_storages ();
  double first[2][3];
  for (guint kept = 0; kept < 2; kept++)
    {
      g_autoptr (GError) problem = NULL;
      g_autoptr (EngTensor) x = leaf (3, 0.5, -1., 2.);
      g_autoptr (EngTensor) y = must (eng_tanh (x, &error));
      g_autoptr (EngTensor) s = must (eng_sum (y, &error));
      EngTensor *slope = NULL;
      if (!kept)
        g_clear_pointer (&y, eng_tensor_unref);
      for (guint pass = 0; pass < 2; pass++)
        g_assert_true (eng_backward (&s, NULL, 1, TRUE, FALSE, &problem));
      for (guint k = 0; k < 3; k++)
        first[kept][k] = eng_tensor_get_double (eng_tensor_get_grad (x), k);
      g_assert_true (eng_grad (&s, NULL, 1, &x, 1, &slope, TRUE, TRUE, FALSE, &problem));
      g_autoptr (EngTensor) total = must (eng_sum (slope, &error));
      g_assert_true (eng_tensor_set_grad (x, NULL, &problem));
      g_assert_true (eng_backward (&total, NULL, 1, FALSE, FALSE, &problem));
      for (guint k = 0; k < 3; k++)
        {
          double value = tanh (k == 0 ? 0.5 : k == 1 ? -1. : 2.), square = 1 - value * value;
          g_assert_cmpfloat_with_epsilon (first[kept][k], 2 * square, 1e-5);
          g_assert_cmpfloat_with_epsilon (eng_tensor_get_double (eng_tensor_get_grad (x), k),
                                          -2 * value * square, 1e-5);
        }
      eng_tensor_unref (slope);
    }
  g_assert_cmpmem (first[0], sizeof first[0], first[1], sizeof first[1]);
  g_assert_cmpuint (eng_live_tensors (), ==, tensors);
  g_assert_cmpuint (eng_live_storages (), ==, storages);
}

/* mm's gradients are the same numbers with and without a graph of their own. */
static void
test_product_both_ways (void)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (EngTensor) a = with_grad (matrix (5, 7, 0.1)), b = with_grad (matrix (7, 3, -2.3));
  g_autoptr (EngTensor) product = must (eng_mm (a, b, &error));
  g_autoptr (EngTensor) weights = matrix (5, 3, 0.7);
  EngTensor *inputs[2] = { a, b }, *plain[2] = { NULL }, *graph[2] = { NULL };
  g_assert_true (eng_grad (&product, &weights, 1, inputs, 2, plain, TRUE, FALSE, FALSE, &problem));
  g_assert_true (eng_grad (&product, &weights, 1, inputs, 2, graph, TRUE, TRUE, FALSE, &problem));
  for (guint k = 0; k < 2; k++)
    {
      gsize nbytes = (gsize) eng_tensor_get_numel (inputs[k]) * sizeof (float);
      g_assert_false (eng_tensor_get_requires_grad (plain[k]));
      g_assert_true (eng_tensor_is_contiguous (plain[k]) && eng_tensor_is_contiguous (graph[k]));
      g_assert_cmpmem (eng_tensor_get_data (plain[k]), nbytes, eng_tensor_get_data (graph[k]), nbytes);
      eng_tensor_unref (plain[k]);
      eng_tensor_unref (graph[k]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  eng_init ();
  g_test_add_func ("/backward/demo-order", test_demo_order);
  g_test_add_func ("/backward/failure-is-told", test_failure_is_told);
  g_test_add_func ("/backward/freed-once", test_freed_once);
  g_test_add_func ("/backward/waits-for-all", test_waits_for_all);
  g_test_add_func ("/backward/grad-runs-the-needed-part", test_grad_runs_the_needed_part);
  g_test_add_func ("/backward/error-half-way", test_error_half_way);
  g_test_add_func ("/backward/long-chain", test_long_chain);
  g_test_add_func ("/backward/saved-result", test_saved_result);
  g_test_add_func ("/backward/product-both-ways", test_product_both_ways);
  g_test_add_func ("/backward/steps-leave-nothing", test_steps_leave_nothing);
  int status = g_test_run ();
  g_assert_cmpuint (eng_live_tensors (), ==, 0);
  g_assert_cmpuint (eng_live_storages (), ==, 0);
  return status;
}
