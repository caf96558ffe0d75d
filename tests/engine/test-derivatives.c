/* SPDX-License-Identifier: MIT
 *
 * Every differentiable card on every sample: its derivative against central
 * differences, and the derivative of its derivative likewise, in float64, with a
 * cotangent that no symmetry can hide behind. Comparisons are written so that NaN
 * fails. The last tests put an error into a derivative and expect to be told. */
#include <math.h>
#include <string.h>

#include "engine/ops/ops.h"
#include "samples.h"

#define STEP 1e-6
#define ATOL 1e-5
#define RTOL 1e-3

/* What is differentiated: value (inputs) = Σ cotangent · outputs, or for the second
 * derivative Σ cotangent2 · gradients. */
typedef struct
{
  const EngOp *op;
  Sample sample;
  guint n_inputs;
  EngTensor *inputs[MAX_SAMPLE_TENSORS];
  guint n_outputs;
  EngTensor *outputs[ENG_MAX_OUTPUTS];
  EngTensor *cotangents[ENG_MAX_OUTPUTS];
} Trial;

static EngTensor *
cotangent_like (const EngTensor *tensor, guint salt, gboolean requires_grad)
{
  EngTensor *cotangent = eng_tensor_new (ENG_FLOAT64, eng_tensor_get_ndim (tensor), eng_tensor_get_sizes (tensor), NULL);
  for (gint64 i = 0; i < eng_tensor_get_numel (cotangent); i++)
    eng_tensor_set_double (cotangent, i, 0.3 + 0.17 * (double) ((i * 5 + salt * 7) % 11) - 0.11 * (double) (i % 3));
  g_assert_true (!requires_grad || eng_tensor_set_requires_grad (cotangent, TRUE, NULL));
  return cotangent;
}

/* Runs the card anew; keeps the outputs that carry a gradient. */
static void
trial_run (Trial *trial)
{
  g_autoptr (GError) error = NULL;
  EngTensor *all[ENG_MAX_OUTPUTS] = { NULL };
  if (!eng_call (trial->op, trial->sample.args, all, &error))
    g_test_message ("%s", trial->op->signature);
  g_assert_no_error (error);
  trial->n_outputs = 0;
  for (guint k = 0; k < eng_op_get_signature (trial->op)->n_outputs; k++)
    {
      if (eng_dtype_category (eng_tensor_get_dtype (all[k])) == ENG_CATEGORY_FLOATING)
        trial->outputs[trial->n_outputs++] = all[k];
      else
        eng_tensor_unref (all[k]);
    }
}

static void
trial_drop_outputs (Trial *trial)
{
  for (guint k = 0; k < trial->n_outputs; k++)
    eng_tensor_unref (trial->outputs[k]);
}

static void
trial_init (Trial *trial, const EngOp *op, const char *text, Layout layout, gboolean by_cotangent)
{
  trial->op = op;
  trial->n_inputs = 0;
  sample_parse (&trial->sample, op, text, ENG_FLOAT64, layout, TRUE);
  for (guint k = 0; k < trial->sample.n_tensors; k++)
    if (trial->sample.wants_grad[k])
      trial->inputs[trial->n_inputs++] = trial->sample.tensors[k];
  trial_run (trial);
  for (guint k = 0; k < trial->n_outputs; k++)
    trial->cotangents[k] = cotangent_like (trial->outputs[k], k, by_cotangent);
}

static void
trial_clear (Trial *trial)
{
  for (guint k = 0; k < trial->n_outputs; k++)
    eng_tensor_unref (trial->cotangents[k]);
  trial_drop_outputs (trial);
  sample_clear (&trial->sample);
}

static double
weighted_sum (EngTensor *weights, EngTensor *values)
{
  double sum = 0;
  for (gint64 i = 0; i < eng_tensor_get_numel (values); i++)
    sum += eng_tensor_get_double (weights, i) * eng_tensor_get_double (values, i);
  return sum;
}

static double
value_of (Trial *trial, gpointer unused)
{
  double sum = 0;
  gboolean mode = eng_grad_mode_set (FALSE);
  trial_drop_outputs (trial);
  trial_run (trial);
  for (guint k = 0; k < trial->n_outputs; k++)
    sum += weighted_sum (trial->cotangents[k], trial->outputs[k]);
  eng_grad_mode_set (mode);
  return sum;
}

typedef double (*ValueFunc) (Trial *trial, gpointer data);

/* Compares analytic (NULL means zero) with differences of value. Number of misses. */
static guint
compare (Trial *trial, ValueFunc value, gpointer data, EngTensor *input, EngTensor *analytic, const char *what)
{
  guint misses = 0;
  for (gint64 i = 0; i < eng_tensor_get_numel (input); i++)
    {
      double x = eng_tensor_get_double (input, i);
      eng_tensor_set_double (input, i, x + STEP);
      double above = value (trial, data);
      eng_tensor_set_double (input, i, x - STEP);
      double below = value (trial, data);
      eng_tensor_set_double (input, i, x);
      double numeric = (above - below) / (2 * STEP);
      double claimed = analytic != NULL ? eng_tensor_get_double (analytic, i) : 0;
      if (!(fabs (numeric - claimed) <= ATOL + RTOL * fabs (numeric)))
        {
          g_test_message ("%s of %.40s at %d: claimed %.9g, measured %.9g", what, trial->op->signature, (int) i, claimed,
                          numeric);
          misses++;
        }
    }
  return misses;
}

static guint
check_first (const EngOp *op, const char *text, Layout layout)
{
  Trial trial;
  g_autoptr (GError) error = NULL;
  EngTensor *gradients[MAX_SAMPLE_TENSORS] = { NULL };
  guint misses = 0;
  trial_init (&trial, op, text, layout, FALSE);
  if (trial.n_inputs > 0 && trial.n_outputs > 0)
    {
      g_assert_true (eng_grad (trial.outputs, trial.cotangents, trial.n_outputs, trial.inputs, trial.n_inputs, gradients,
                               FALSE, FALSE, TRUE, &error));
      g_assert_no_error (error);
    }
  for (guint k = 0; k < trial.n_inputs && trial.n_outputs > 0; k++)
    {
      misses += compare (&trial, value_of, NULL, trial.inputs[k], gradients[k], "derivative");
      g_clear_pointer (&gradients[k], eng_tensor_unref);
    }
  trial_clear (&trial);
  return misses;
}

/* The gradients of a fresh run, with history if create_graph. */
static void
gradients_of (Trial *trial, EngTensor **gradients, gboolean create_graph)
{
  g_autoptr (GError) error = NULL;
  trial_drop_outputs (trial);
  trial_run (trial);
  g_assert_true (eng_grad (trial->outputs, trial->cotangents, trial->n_outputs, trial->inputs, trial->n_inputs, gradients,
                           create_graph, create_graph, TRUE, &error));
  g_assert_no_error (error);
}

/* Σ weights · gradients */
static double
gradient_value (Trial *trial, gpointer data)
{
  EngTensor **weights = data;
  EngTensor *gradients[MAX_SAMPLE_TENSORS] = { NULL };
  double sum = 0;
  gradients_of (trial, gradients, FALSE);
  for (guint k = 0; k < trial->n_inputs; k++)
    if (gradients[k] != NULL)
      {
        sum += weighted_sum (weights[k], gradients[k]);
        eng_tensor_unref (gradients[k]);
      }
  return sum;
}

/* The second derivative by the inputs, and by the cotangents too if by_cotangent; a
 * backward card is then asked for fewer gradients, and has saved less. */
static guint
check_gradients (const EngOp *op, const char *text, Layout layout, gboolean by_cotangent)
{
  Trial trial;
  g_autoptr (GError) error = NULL;
  EngTensor *gradients[MAX_SAMPLE_TENSORS] = { NULL }, *weights[MAX_SAMPLE_TENSORS] = { NULL };
  EngTensor *roots[MAX_SAMPLE_TENSORS], *root_weights[MAX_SAMPLE_TENSORS];
  EngTensor *leaves[2 * MAX_SAMPLE_TENSORS], *seconds[2 * MAX_SAMPLE_TENSORS] = { NULL };
  guint n_roots = 0, n_leaves = 0, misses = 0;
  trial_init (&trial, op, text, layout, by_cotangent);
  if (trial.n_inputs == 0 || trial.n_outputs == 0)
    {
      trial_clear (&trial);
      return 0;
    }
  gradients_of (&trial, gradients, TRUE);
  for (guint k = 0; k < trial.n_inputs; k++)
    {
      weights[k] = cotangent_like (trial.inputs[k], k + 3, FALSE);
      leaves[n_leaves++] = trial.inputs[k];
      if (gradients[k] == NULL || !eng_tensor_get_requires_grad (gradients[k]))
        continue;
      roots[n_roots] = gradients[k];
      root_weights[n_roots++] = weights[k];
    }
  for (guint k = 0; k < trial.n_outputs && by_cotangent; k++)
    leaves[n_leaves++] = trial.cotangents[k];
  if (n_roots > 0)
    {
      if (!eng_grad (roots, root_weights, n_roots, leaves, n_leaves, seconds, FALSE, FALSE, TRUE, &error))
        g_test_message ("%s, %s", op->signature, text);
      g_assert_no_error (error);
    }
  for (guint k = 0; k < n_leaves; k++)
    {
      misses += compare (&trial, gradient_value, weights, leaves[k], seconds[k], "second derivative");
      g_clear_pointer (&seconds[k], eng_tensor_unref);
    }
  for (guint k = 0; k < trial.n_inputs; k++)
    {
      g_clear_pointer (&gradients[k], eng_tensor_unref);
      eng_tensor_unref (weights[k]);
    }
  trial_clear (&trial);
  return misses;
}

static guint
check_second (const EngOp *op, const char *text, Layout layout)
{
  return check_gradients (op, text, layout, TRUE) + check_gradients (op, text, layout, FALSE);
}

/* Each input alone needs a gradient: what a card saves depends on who does. */
static guint
check_alone (const EngOp *op, const char *text, Layout layout)
{
  guint misses = 0, n_inputs = 1;
  for (guint k = 0; k < n_inputs; k++)
    {
      Trial trial;
      g_autoptr (GError) error = NULL;
      EngTensor *gradient = NULL;
      trial_init (&trial, op, text, layout, FALSE);
      n_inputs = trial.n_inputs;
      for (guint other = 0; other < n_inputs; other++)
        g_assert_true (eng_tensor_set_requires_grad (trial.inputs[other], other == k, NULL));
      if (n_inputs > 1 && trial.n_outputs > 0)
        {
          trial_drop_outputs (&trial);
          trial_run (&trial);
          g_assert_true (eng_grad (trial.outputs, trial.cotangents, trial.n_outputs, &trial.inputs[k], 1,
                                   &gradient, FALSE, FALSE, TRUE, &error));
          g_assert_no_error (error);
          misses += compare (&trial, value_of, NULL, trial.inputs[k], gradient, "derivative alone");
        }
      g_clear_pointer (&gradient, eng_tensor_unref);
      trial_clear (&trial);
    }
  return misses;
}

typedef guint (*CheckFunc) (const EngOp *op, const char *text, Layout layout);

/* Big samples are there for the forward test of BLAS. */
static gboolean
is_small (const char *text)
{
  return strstr (text, "(20,") == NULL;
}

static guint
check_card (const EngOp *op, CheckFunc check)
{
  guint misses = 0;
  for (guint s = 0; s < G_N_ELEMENTS (op->samples) && op->samples[s] != NULL; s++)
    for (guint layout = 0; layout < N_LAYOUTS; layout++)
      if (is_small (op->samples[s]) && (layout == LAYOUT_CONTIGUOUS || !g_str_has_prefix (op->signature, "view(")))
        misses += check (op, op->samples[s], (Layout) layout);
  return misses;
}

static void
check_all (CheckFunc check)
{
  guint n_ops;
  const EngOp *const *ops = eng_op_list (&n_ops);
  for (guint o = 0; o < n_ops; o++)
    {
      if (ops[o]->vjp == NULL || (ops[o]->flags & (ENG_OP_MUTATES_SELF | ENG_OP_NOT_DIFFERENTIABLE)))
        continue;
      g_assert_cmpuint (check_card (ops[o], check), ==, 0);
    }
}

static void
test_first (void)
{
  check_all (check_first);
}

static void
test_alone (void)
{
  check_all (check_alone);
}

static void
test_second (void)
{
  check_all (check_second);
}

extern const EngOp eng_op_tanh, eng_op_mul_tensor;

/* tanh's derivative, one per cent too large. */
static gboolean
vjp_wrong (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  if (!eng_op_tanh.vjp (vjp, grad_inputs, error))
    return FALSE;
  g_autoptr (EngTensor) right = grad_inputs[0];
  grad_inputs[0] = eng_mul_scalar (right, 1.01, error);
  return grad_inputs[0] != NULL;
}

static gboolean
vjp_nan (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  if (!eng_op_tanh.vjp (vjp, grad_inputs, error))
    return FALSE;
  g_autoptr (EngTensor) right = grad_inputs[0];
  grad_inputs[0] = eng_mul_scalar (right, NAN, error);
  return grad_inputs[0] != NULL;
}

/* The test of the test: errors must be seen. */
static void
test_error_is_seen (void)
{
  static EngOp wrong, nan_op;
  wrong = nan_op = eng_op_tanh;
  wrong.vjp = vjp_wrong;
  nan_op.vjp = vjp_nan;
  g_assert_cmpuint (check_card (&eng_op_tanh, check_first), ==, 0);
  g_assert_cmpuint (check_card (&wrong, check_first), >, 0);
  g_assert_cmpuint (check_card (&nan_op, check_first), >, 0);
}

/* As wrong in its own derivative only: tanh_backward without history. */
static gboolean
vjp_flat (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  if (!eng_op_tanh.vjp (vjp, grad_inputs, error))
    return FALSE;
  g_autoptr (EngTensor) right = grad_inputs[0];
  grad_inputs[0] = eng_tensor_detach (right);
  return TRUE;
}

static void
test_second_error_is_seen (void)
{
  static EngOp flat;
  flat = eng_op_tanh;
  flat.vjp = vjp_flat;
  g_assert_cmpuint (check_card (&flat, check_first), ==, 0);
  g_assert_cmpuint (check_card (&flat, check_second), >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  eng_init ();
  g_test_add_func ("/engine/derivatives/first", test_first);
  g_test_add_func ("/engine/derivatives/alone", test_alone);
  g_test_add_func ("/engine/derivatives/second", test_second);
  g_test_add_func ("/engine/derivatives/error-is-seen", test_error_is_seen);
  g_test_add_func ("/engine/derivatives/second-error-is-seen", test_second_error_is_seen);
  return g_test_run ();
}
