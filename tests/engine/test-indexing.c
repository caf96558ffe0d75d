/* SPDX-License-Identifier: MIT
 *
 * Indexing where the samples on the cards do not reach: what is refused and in which
 * words (PyTorch 1.13.1), that a refused write writes nothing, sources that share
 * memory with what is written, and gradients through writes into a view. */
#include "test-helpers.h"

static EngTensor *
list (int n, ...)
{
  g_autoptr (GError) error = NULL;
  gint64 size = n;
  va_list values;
  EngTensor *tensor = eng_tensor_new (ENG_INT64, 1, &size, &error);
  g_assert_no_error (error);
  va_start (values, n);
  for (int k = 0; k < n; k++)
    eng_tensor_set_int64 (tensor, k, va_arg (values, int));
  va_end (values);
  return tensor;
}

static EngTensor *
mask (int n, ...)
{
  gint64 size = n;
  va_list values;
  EngTensor *tensor = eng_tensor_new (ENG_BOOL, 1, &size, NULL);
  va_start (values, n);
  for (int k = 0; k < n; k++)
    eng_tensor_set_int64 (tensor, k, va_arg (values, int));
  va_end (values);
  return tensor;
}

static EngTensor *
index_one (EngTensor *self, EngTensor *index, GError **error)
{
  return eng_index (self, &index, 1, NULL, error);
}

static EngTensor *
put_one (EngTensor *self, EngTensor *index, EngTensor *values, GError **error)
{
  return eng_index_put_ (self, &index, 1, NULL, values, FALSE, error);
}

static void
test_refused_reads (void)
{
  g_autoptr (EngTensor) x = matrix (3, 4, 0);
  g_autoptr (EngTensor) five = list (2, 0, 5);
  g_autoptr (EngTensor) minus = list (1, -4);
  g_autoptr (EngTensor) pair = list (2, 0, 1);
  g_autoptr (EngTensor) triple = list (3, 0, 1, 2);
  g_autoptr (EngTensor) two = mask (2, 1, 0);
  g_autoptr (EngTensor) real = vec (1, 1.0);
  EngTensor *both[] = { pair, triple };
  EngTensor *many[] = { pair, pair, pair };
  must_fail (index_one (x, five, &error), ENG_ERROR_INDEX,
             "index 5 is out of bounds for dimension 0 with size 3");
  must_fail (index_one (x, minus, &error), ENG_ERROR_INDEX,
             "index -4 is out of bounds for dimension 0 with size 3");
  must_fail (index_one (x, two, &error), ENG_ERROR_INDEX,
             "The shape of the mask [2] at index 0 does not match the shape of the indexed tensor [3, 4] at "
             "index 0");
  must_fail (index_one (x, real, &error), ENG_ERROR_INDEX,
             "tensors used as indices must be long, int, byte or bool tensors");
  must_fail (eng_index (x, both, 2, NULL, &error), ENG_ERROR_INDEX,
             "shape mismatch: indexing tensors could not be broadcast together with shapes [2], [3]");
  must_fail (eng_index (x, many, 3, NULL, &error), ENG_ERROR_INDEX,
             "too many indices for tensor of dimension 2");
  must_fail (eng_index_select (x, 0, five, &error), ENG_ERROR_INDEX, "index out of range in self");
  must_fail (eng_gather (x, 0, five, &error), ENG_ERROR_RUNTIME,
             "Index tensor must have the same number of dimensions as input tensor");
}

/* Nothing is written when one of several places does not exist. */
static void
test_refused_writes (void)
{
  g_autoptr (EngTensor) x = vec (3, 1.0, 2.0, 3.0);
  g_autoptr (EngTensor) one = vec (1, 9.0);
  g_autoptr (EngTensor) three = vec (3, 7.0, 8.0, 9.0);
  g_autoptr (EngTensor) bad = list (3, 0, 1, 3);
  g_autoptr (EngTensor) good = list (2, 0, 1);
  g_autoptr (EngTensor) minus = list (1, -1);
  must_fail (put_one (x, bad, three, &error), ENG_ERROR_INDEX,
             "index 3 is out of bounds for dimension 0 with size 3");
  must_fail (put_one (x, good, three, &error), ENG_ERROR_RUNTIME,
             "shape mismatch: value tensor of shape [3] cannot be broadcast to indexing result of shape [2]");
  must_fail (put_one (x, good, good, &error), ENG_ERROR_RUNTIME,
             "Index put requires the source and destination dtypes match, got Float for the destination and "
             "Long for "
             "the source.");
  must_fail (eng_scatter_add (x, 0, bad, three, &error), ENG_ERROR_RUNTIME,
             "index 3 is out of bounds for dimension 0 with size 3");
  must_fail (eng_scatter_value (x, 0, minus, 1, &error), ENG_ERROR_RUNTIME,
             "index -1 is out of bounds for dimension 0 with size 3");
  must_fail (eng_index_add (x, 0, minus, one, &error), ENG_ERROR_INDEX, "index out of range in self");
  must_fail (eng_index_add (x, 0, good, one, &error), ENG_ERROR_RUNTIME,
             "index_add_(): Number of indices (2) should be equal to source.size(dim): (1), for dim: 0");
  assert_vec (x, 3, 1.0, 2.0, 3.0);
  g_assert_cmpuint (eng_tensor_get_version (x), ==, 0);
}

/* The source is read as it was before the write. */
static void
test_shared_memory (void)
{
  g_autoptr (EngTensor) x = vec (4, 1.0, 2.0, 3.0, 4.0);
  g_autoptr (EngTensor) turn = list (4, 1, 2, 3, 0);
  g_autoptr (EngTensor) head = list (2, 1, 2);
  g_autoptr (EngTensor) turned = must (put_one (x, turn, x, &error));
  assert_vec (x, 4, 4.0, 1.0, 2.0, 3.0);
  g_autoptr (EngTensor) part = must (eng_slice (x, 0, 0, 2, 1, &error));
  g_autoptr (EngTensor) moved = must (put_one (x, head, part, &error));
  assert_vec (x, 4, 4.0, 4.0, 1.0, 3.0);
}

/* Duplicates: the last write stands, additions all count. */
static void
test_duplicates (void)
{
  g_autoptr (EngTensor) x = vec (2, 0.0, 0.0);
  g_autoptr (EngTensor) values = vec (3, 1.0, 2.0, 4.0);
  g_autoptr (EngTensor) places = list (3, 1, 1, 1);
  g_autoptr (EngTensor) put = must (eng_index_put (x, &places, 1, NULL, values, FALSE, &error));
  g_autoptr (EngTensor) added = must (eng_index_put (x, &places, 1, NULL, values, TRUE, &error));
  assert_vec (put, 2, 0.0, 4.0);
  assert_vec (added, 2, 0.0, 7.0);
}

/* y = 2x; y[1:][mask] = v: y's gradient goes past the places written, v's is what arrived there. */
static void
test_gradient_through_view (void)
{
  g_autoptr (EngTensor) x = leaf (3, 1.0, 2.0, 3.0);
  g_autoptr (EngTensor) v = leaf (1, 5.0);
  g_autoptr (EngTensor) weights = vec (3, 10.0, 20.0, 30.0);
  g_autoptr (EngTensor) y = must (eng_mul_scalar (x, 2, &error));
  g_autoptr (EngTensor) tail = must (eng_slice (y, 0, 1, 3, 1, &error));
  g_autoptr (EngTensor) last = mask (2, 0, 1);
  g_autoptr (EngTensor) written = must (put_one (tail, last, v, &error));
  g_autoptr (EngTensor) weighted = must (eng_mul (y, weights, &error));
  g_autoptr (EngTensor) sum = must (eng_sum (weighted, &error));
  assert_vec (y, 3, 2.0, 4.0, 5.0);
  backward (sum);
  assert_vec (eng_tensor_get_grad (x), 3, 20.0, 40.0, 0.0);
  assert_vec (eng_tensor_get_grad (v), 1, 30.0);
}

/* The index is needed for the derivative: changing it in between is noticed. */
static void
test_changed_index (void)
{
  g_autoptr (EngTensor) x = leaf (3, 1.0, 2.0, 3.0);
  g_autoptr (EngTensor) places = list (2, 0, 2);
  g_autoptr (EngTensor) picked = must (index_one (x, places, &error));
  g_autoptr (EngTensor) sum = must (eng_sum (picked, &error));
  g_autoptr (EngTensor) zeroed = must (eng_zero_ (places, &error));
  must_fail (
      eng_backward (&sum, NULL, 1, FALSE, FALSE, &error), ENG_ERROR_RUNTIME,
      "one of the variables needed for gradient computation has been modified by an inplace operation: "
      "[torch.LongTensor [2]] is at version 1; expected version 0 instead. Hint: enable anomaly detection to "
      "find the operation that failed to compute its gradient, with "
      "torch.autograd.set_detect_anomaly(True).");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  eng_init ();
  g_test_add_func ("/engine/indexing/refused-reads", test_refused_reads);
  g_test_add_func ("/engine/indexing/refused-writes", test_refused_writes);
  g_test_add_func ("/engine/indexing/shared-memory", test_shared_memory);
  g_test_add_func ("/engine/indexing/duplicates", test_duplicates);
  g_test_add_func ("/engine/indexing/gradient-through-view", test_gradient_through_view);
  g_test_add_func ("/engine/indexing/changed-index", test_changed_index);
  return g_test_run ();
}
