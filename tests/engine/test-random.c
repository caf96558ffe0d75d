/* SPDX-License-Identifier: MIT
 *
 * Random streams, draw for draw against real PyTorch (random.tsv, made by
 * reference-prints.py), two calls each, so that what one leaves behind counts. */
#include <math.h>
#include <string.h>

#include "engine/engine.h"
#include "engine/random-private.h"

static void
fill (const char *kind, EngTensor *out)
{
  EngGenerator *generator = eng_generator_get_default ();
  if (g_str_has_prefix (kind, "randn"))
    eng_fill_normal (out, 0, 1, generator);
  else if (g_str_equal (kind, "randint"))
    eng_fill_integers (out, 0, 1000, generator);
  else if (g_str_equal (kind, "randperm"))
    eng_fill_permutation (out, generator);
  else if (g_str_equal (kind, "uniform"))
    eng_fill_uniform (out, -0.3, 0.7, generator);
  else if (g_str_equal (kind, "normal"))
    eng_fill_normal (out, 1.5, 0.25, generator);
  else
    eng_fill_uniform (out, 0, 1, generator);
}

/* float32 and integers bit for bit; float64 goes through libm: 1e-14. */
static void
check_draw (const char *line, const char *kind, const char *n_text, const char *expected_text)
{
  g_auto (GStrv) expected = g_strsplit (expected_text, ",", -1);
  gint64 n = g_ascii_strtoll (n_text, NULL, 10);
  gboolean integers = g_str_equal (kind, "randint") || g_str_equal (kind, "randperm");
  gboolean wide = g_str_has_suffix (kind, "64");
  EngDtype dtype = integers ? ENG_INT64 : wide ? ENG_FLOAT64 : ENG_FLOAT32;
  g_autoptr (EngTensor) out = eng_tensor_new (dtype, 1, &n, NULL);
  fill (kind, out);
  for (gint64 i = 0; i < n; i++)
    {
      double want = g_ascii_strtod (expected[i], NULL);
      double got = eng_tensor_get_double (out, i);
      if (!(wide ? fabs (want - got) <= 1e-14 : want == got))
        {
          g_test_message ("%.40s [%d]: expected %.17g, got %.17g", line, (int) i, want, got);
          g_test_fail ();
        }
    }
}

static void
test_streams (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "random.tsv", NULL);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = 0;
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++, n++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], "\t", -1);
      eng_generator_seed (eng_generator_get_default (), g_ascii_strtoull (fields[0], NULL, 10));
      check_draw (lines[i], fields[1], fields[2], fields[3]);
      check_draw (lines[i], fields[1], fields[2], fields[4]);
    }
  g_assert_cmpuint (n, ==, 4 * 8 * 6);
}

/* A saved state goes on exactly where it was, cached normal included. */
static void
test_state (void)
{
  EngGenerator *a = eng_generator_new ();
  EngGenerator *b = eng_generator_new ();
  gint64 n = 3;
  g_autoptr (GError) error = NULL;
  g_autoptr (EngTensor) x = eng_tensor_new (ENG_FLOAT32, 1, &n, NULL);
  g_autoptr (EngTensor) y = eng_tensor_new (ENG_FLOAT32, 1, &n, NULL);
  eng_generator_seed (a, 5);
  eng_fill_normal (x, 0, 1, a);
  g_autoptr (GBytes) state = eng_generator_save (a);
  g_assert_true (eng_generator_load (b, state, &error));
  eng_fill_normal (x, 0, 1, a);
  eng_fill_normal (y, 0, 1, b);
  for (gint64 i = 0; i < n; i++)
    g_assert_cmpfloat (eng_tensor_get_double (x, i), ==, eng_tensor_get_double (y, i));
  g_autoptr (GBytes) broken = g_bytes_new ("abc", 3);
  g_assert_false (eng_generator_load (b, broken, &error));
  g_assert_error (error, ENG_ERROR, ENG_ERROR_RUNTIME);
  eng_generator_unref (a);
  eng_generator_unref (b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  eng_init ();
  g_test_add_func ("/engine/random/streams", test_streams);
  g_test_add_func ("/engine/random/state", test_state);
  return g_test_run ();
}
