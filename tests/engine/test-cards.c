/* SPDX-License-Identifier: MIT
 *
 * Every sample on every card, forward, against what real PyTorch answered
 * (reference.tsv, made by reference.py): sizes, dtypes and numbers, on inputs of
 * every memory layout. --list prints the samples for reference.py. */
#include <math.h>
#include <string.h>

#include "engine/shape.h"
#include "samples.h"

static char *
card_name (const EngOp *op)
{
  const EngSignature *signature = eng_op_get_signature (op);
  return *signature->overload == '\0' ? g_strdup (signature->name)
                                      : g_strconcat (signature->name, ".", signature->overload, NULL);
}

static void
list_samples (void)
{
  guint n_ops;
  const EngOp *const *ops = eng_op_list (&n_ops);
  for (guint o = 0; o < n_ops; o++)
    for (guint s = 0; s < G_N_ELEMENTS (ops[o]->samples) && ops[o]->samples[s] != NULL; s++)
      {
        g_autofree char *name = card_name (ops[o]);
        g_print ("%s\t%s\n", name, ops[o]->samples[s]);
      }
}

static void
check_value (const char *line, EngDtype dtype, double expected, double actual)
{
  double tolerance = dtype == ENG_FLOAT64 ? 1e-9 : dtype == ENG_FLOAT32 ? 3e-6 : 0;
  gboolean same = isnan (expected) ? isnan (actual)
                                   : expected == actual || fabs (expected - actual) <= tolerance * (1 + fabs (expected));
  if (!same)
    {
      g_test_message ("%.60s: expected %.9g, got %.9g", line, expected, actual);
      g_test_fail ();
    }
}

/* expected: "float32:2,3:1,2,3,4,5,6" */
static void
check_output (const char *line, const char *expected, const EngTensor *actual)
{
  g_auto (GStrv) parts = g_strsplit (expected, ":", 3);
  g_auto (GStrv) values = g_strsplit (parts[2], ",", -1);
  g_autoptr (GString) sizes = g_string_new (NULL);
  EngDtype dtype = eng_tensor_get_dtype (actual);
  for (guint d = 0; d < eng_tensor_get_ndim (actual); d++)
    g_string_append_printf (sizes, "%s%" G_GINT64_FORMAT, d > 0 ? "," : "", eng_tensor_get_sizes (actual)[d]);
  gint64 numel = eng_tensor_get_numel (actual);
  gint64 expected_numel = *parts[2] == '\0' ? 0 : (gint64) g_strv_length (values);
  if (!g_str_equal (parts[0], eng_dtype_name (dtype)) || !g_str_equal (parts[1], sizes->str) || numel != expected_numel)
    {
      g_test_message ("%.60s: expected %s (%s), got %s (%s)", line, parts[0], parts[1], eng_dtype_name (dtype), sizes->str);
      g_test_fail ();
      return;
    }
  for (gint64 i = 0; i < numel; i++)
    check_value (line, dtype, g_ascii_strtod (values[i], NULL), eng_tensor_get_double (actual, i));
}

static void
check_line (const char *line, Layout layout)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", -1);
  g_autoptr (GError) error = NULL;
  const EngOp *op = eng_op_lookup (fields[0]);
  EngTensor *outputs[ENG_MAX_OUTPUTS] = { NULL };
  Sample sample;
  g_assert_nonnull (op);
  eng_generator_seed (eng_generator_get_default (), 0);
  sample_parse (&sample, op, fields[1], ENG_FLOAT32, layout, FALSE);
  gboolean ran = eng_call (op, sample.args, outputs, &error);
  if (!ran)
    {
      g_test_message ("%.60s: %s", line, error->message);
      g_test_fail ();
    }
  for (guint k = 0; ran && k < eng_op_get_signature (op)->n_outputs; k++)
    {
      check_output (line, fields[2 + k], outputs[k]);
      eng_tensor_unref (outputs[k]);
    }
  sample_clear (&sample);
}

static char **
read_reference (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference.tsv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return g_strsplit (g_strstrip (text), "\n", -1);
}

/* view refuses some layouts and the normal stream depends on them, as in PyTorch. */
static gboolean
depends_on_layout (const char *line)
{
  return g_str_has_prefix (line, "view\t") || g_str_has_prefix (line, "normal_\t");
}

static void
test_forward (gconstpointer data)
{
  g_auto (GStrv) lines = read_reference ();
  Layout layout = (Layout) GPOINTER_TO_INT (data);
  for (guint i = 0; lines[i] != NULL; i++)
    if (layout == LAYOUT_CONTIGUOUS || !depends_on_layout (lines[i]))
      check_line (lines[i], layout);
}

static gboolean
fits_in_place (const EngTensor *self, const EngTensor *result)
{
  return eng_tensor_get_dtype (self) == eng_tensor_get_dtype (result)
         && eng_shape_equal (eng_tensor_get_ndim (self), eng_tensor_get_sizes (self), eng_tensor_get_ndim (result),
                             eng_tensor_get_sizes (result));
}

/* Writing into self must leave there what the card makes of it otherwise. */
static void
check_twin (const EngOp *op, const char *text, Layout layout)
{
  g_autoptr (GError) error = NULL;
  EngTensor *outputs[ENG_MAX_OUTPUTS] = { NULL };
  Sample sample;
  sample_parse (&sample, op, text, ENG_FLOAT32, layout, FALSE);
  g_assert_true (eng_call (op, sample.args, outputs, &error));
  g_assert_no_error (error);
  EngTensor *self = sample.args[0].kind == ENG_VALUE_TENSOR ? sample.args[0].tensor : NULL;
  if (self != NULL && fits_in_place (self, outputs[0]))
    {
      g_autoptr (EngTensor) same = eng_call_inplace (op, sample.args, &error);
      g_assert_no_error (error);
      g_assert_true (same == self);
      for (gint64 i = 0; i < eng_tensor_get_numel (self); i++)
        {
          double expected = eng_tensor_get_double (outputs[0], i), actual = eng_tensor_get_double (self, i);
          if (expected == actual || (isnan (expected) && isnan (actual)))
            continue;
          g_test_message ("%s, %s: in place %.9g, else %.9g", op->signature, text, actual, expected);
          g_test_fail ();
        }
    }
  eng_tensor_unref (outputs[0]);
  sample_clear (&sample);
}

static void
test_in_place (gconstpointer data)
{
  guint n_ops;
  const EngOp *const *ops = eng_op_list (&n_ops);
  for (guint o = 0; o < n_ops; o++)
    for (guint s = 0; (ops[o]->flags & ENG_OP_INPLACE_TWIN) && s < G_N_ELEMENTS (ops[o]->samples); s++)
      if (ops[o]->samples[s] != NULL)
        check_twin (ops[o], ops[o]->samples[s], (Layout) GPOINTER_TO_INT (data));
      else
        break;
}

/* A card without samples, or whose samples nobody asked PyTorch about, is a hole. */
static void
test_complete (void)
{
  static const char *const not_in_pytorch[] = { "threshold_backward", "normal.float_float", "slice_backward", NULL };
  g_auto (GStrv) lines = read_reference ();
  guint n_ops, holes = 0;
  const EngOp *const *ops = eng_op_list (&n_ops);
  for (guint o = 0; o < n_ops; o++)
    {
      g_autofree char *name = card_name (ops[o]);
      gboolean foreign = g_strv_contains (not_in_pytorch, name);
      holes += ops[o]->samples[0] == NULL;
      for (guint s = 0; s < G_N_ELEMENTS (ops[o]->samples) && ops[o]->samples[s] != NULL && !foreign; s++)
        {
          g_autofree char *prefix = g_strconcat (name, "\t", ops[o]->samples[s], "\t", NULL);
          gboolean found = FALSE;
          for (guint i = 0; lines[i] != NULL && !found; i++)
            found = g_str_has_prefix (lines[i], prefix);
          if (found)
            continue;
          g_test_message ("%s, %s has no reference", name, ops[o]->samples[s]);
          holes++;
        }
    }
  g_assert_cmpuint (holes, ==, 0);
}

/* Each visible card says what it is, what it did, and what its derivative does. */
static void
test_texts (void)
{
  guint n_ops;
  const EngOp *const *ops = eng_op_list (&n_ops);
  for (guint o = 0; o < n_ops; o++)
    {
      const EngOpText *text = &ops[o]->text;
      g_test_message ("%s", ops[o]->signature);
      g_assert_nonnull (text->symbol);
      g_assert_nonnull (text->title);
      g_assert_nonnull (text->formula);
      g_assert_nonnull (text->caption);
      g_assert_true (g_str_has_suffix (text->caption, "."));
      if (ops[o]->vjp != NULL && !(ops[o]->flags & (ENG_OP_HIDDEN | ENG_OP_MUTATES_SELF)))
        {
          g_assert_nonnull (ops[o]->grad_fn);
          g_assert_nonnull (text->backward_caption);
        }
    }
}

int
main (int argc, char **argv)
{
  eng_init ();
  if (argc > 1 && strcmp (argv[1], "--list") == 0)
    {
      list_samples ();
      return 0;
    }
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/cards/complete", test_complete);
  g_test_add_func ("/engine/cards/texts", test_texts);
  g_test_add_data_func ("/engine/cards/forward/contiguous", GINT_TO_POINTER (LAYOUT_CONTIGUOUS), test_forward);
  g_test_add_data_func ("/engine/cards/forward/transposed", GINT_TO_POINTER (LAYOUT_TRANSPOSED), test_forward);
  g_test_add_data_func ("/engine/cards/forward/stepped", GINT_TO_POINTER (LAYOUT_STEPPED), test_forward);
  g_test_add_data_func ("/engine/cards/in-place/contiguous", GINT_TO_POINTER (LAYOUT_CONTIGUOUS), test_in_place);
  g_test_add_data_func ("/engine/cards/in-place/transposed", GINT_TO_POINTER (LAYOUT_TRANSPOSED), test_in_place);
  g_test_add_data_func ("/engine/cards/in-place/stepped", GINT_TO_POINTER (LAYOUT_STEPPED), test_in_place);
  return g_test_run ();
}
