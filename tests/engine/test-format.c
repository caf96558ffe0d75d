/* SPDX-License-Identifier: MIT
 *
 * Printing, against what real PyTorch printed (prints.tsv, made by
 * reference-prints.py), and what a grad_fn and the print options change. */
#include <math.h>
#include <string.h>

#include "engine/engine.h"
#include "engine/ops/ops.h"

static EngDtype
dtype_named (const char *name)
{
  for (guint d = 0; d < ENG_N_DTYPES; d++)
    if (g_str_equal (eng_dtype_name ((EngDtype) d), name))
      return (EngDtype) d;
  g_assert_not_reached ();
}

static EngTensor *
build (const char *dtype_name, const char *sizes_text, const char *values_text)
{
  g_auto (GStrv) sizes = g_strsplit (sizes_text, ",", -1);
  g_auto (GStrv) values = g_strsplit (values_text, ",", -1);
  EngDtype dtype = dtype_named (dtype_name);
  gint64 shape[ENG_MAX_NDIM];
  guint ndim = *sizes_text == '\0' ? 0 : g_strv_length (sizes);
  for (guint d = 0; d < ndim; d++)
    shape[d] = g_ascii_strtoll (sizes[d], NULL, 10);
  EngTensor *tensor = eng_tensor_new (dtype, ndim, shape, NULL);
  for (gint64 i = 0; i < eng_tensor_get_numel (tensor); i++)
    eng_tensor_set_double (tensor, i, g_ascii_strtod (values[i], NULL));
  return tensor;
}

static void
test_prints (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "prints.tsv", NULL);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = 0;
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++, n++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], "\t", -1);
      g_autofree char *expected = g_strcompress (fields[4]);
      g_autoptr (EngTensor) tensor = build (fields[0], fields[1], fields[2]);
      if (g_str_equal (fields[3], "1"))
        g_assert_true (eng_tensor_set_requires_grad (tensor, TRUE, NULL));
      g_autofree char *actual = eng_tensor_to_string (tensor);
      g_assert_cmpstr (actual, ==, expected);
    }
  g_assert_cmpuint (n, >, 50);
}

static void
test_grad_fn (void)
{
  g_autoptr (EngTensor) x = build ("float32", "2", "1,2");
  g_assert_true (eng_tensor_set_requires_grad (x, TRUE, NULL));
  g_autoptr (EngTensor) y = eng_mul_scalar (x, 2, NULL);
  g_autoptr (EngTensor) sum = eng_sum (x, NULL);
  g_autofree char *text = eng_tensor_to_string (y);
  g_autofree char *sum_text = eng_tensor_to_string (sum);
  g_assert_cmpstr (text, ==, "tensor([2., 4.], grad_fn=<MulBackward0>)");
  g_assert_cmpstr (sum_text, ==, "tensor(3., grad_fn=<SumBackward0>)");
}

static void
test_options (void)
{
  EngPrintOptions *options = eng_print_options ();
  EngPrintOptions before = *options;
  g_autoptr (EngTensor) x = build ("float32", "3", "0.125,1,2");
  options->precision = 2;
  options->sci_mode = 0;
  g_autofree char *text = eng_tensor_to_string (x);
  *options = before;
  g_assert_cmpstr (text, ==, "tensor([0.12, 1.00, 2.00])");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  eng_init ();
  g_test_add_func ("/engine/format/prints", test_prints);
  g_test_add_func ("/engine/format/grad-fn", test_grad_fn);
  g_test_add_func ("/engine/format/options", test_options);
  return g_test_run ();
}
