/* SPDX-License-Identifier: MIT
 *
 * Our float32 exp, log, tanh and sigmoid, in every kernel table this processor can
 * run, against the double functions of libm: within 2 ulp over the finite floats (a
 * fine comb over all bit patterns; every one of them with -m thorough), and the
 * special values. */
#include <math.h>
#include <string.h>

#include "engine/kernels/kernels.h"
#include "engine/engine.h"

#define BLOCK 4096

typedef double (*Exact) (double x);

static double
exact_sigmoid (double x)
{
  return 1 / (1 + exp (-x));
}

static float
from_bits (guint32 bits)
{
  float x;
  memcpy (&x, &bits, sizeof x);
  return x;
}

/* Distance in units of the last place of the true value (denormals: the smallest). */
static double
distance_ulp (float got, double want)
{
  if (isnan (want) || isnan (got))
    return isnan (want) && isnan (got) ? 0 : INFINITY;
  float rounded = (float) want;
  if (isinf (rounded) || isinf (got))
    return rounded == got ? 0 : INFINITY;
  int exponent;
  frexp (want, &exponent);
  return fabs ((double) got - want) / ldexp (1, MAX (exponent - 24, -149));
}

static void
run_block (EngFormula formula, const float *x, float *y, gint64 n)
{
  static const double numbers[2] = { 1, 0 };
  char *data[2] = { (char *) y, (char *) x };
  gint64 strides[2] = { 1, 1 };
  eng_kernels->rows[ENG_FLOAT32][formula] (data, strides, n, numbers);
}

static void
check_function (EngFormula formula, Exact exact, const char *name)
{
  static float x[BLOCK], y[BLOCK];
  guint64 step = g_test_thorough () ? 1 : 1021;
  double worst = 0;
  float at = 0;
  for (guint64 start = 0; start <= G_MAXUINT32; start += step * BLOCK)
    {
      for (guint i = 0; i < BLOCK; i++)
        x[i] = from_bits ((guint32) (start + i * step));
      run_block (formula, x, y, BLOCK);
      for (guint i = 0; i < BLOCK; i++)
        {
          double distance = distance_ulp (y[i], exact ((double) x[i]));
          if (!(distance <= worst))
            {
              worst = distance;
              at = x[i];
            }
        }
    }
  g_test_message ("%s: %.3f ulp at %.9g (%s)", name, worst, (double) at, eng_kernels->name);
  g_assert_cmpfloat (worst, <=, 2.0);
}

static void
test_exp (void)
{
  check_function (ENG_FORMULA_EXP, exp, "exp");
}

static void
test_log (void)
{
  check_function (ENG_FORMULA_LOG, log, "log");
}

static void
test_tanh (void)
{
  check_function (ENG_FORMULA_TANH, tanh, "tanh");
}

static void
test_sigmoid (void)
{
  check_function (ENG_FORMULA_SIGMOID, exact_sigmoid, "sigmoid");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  eng_init ();
  g_test_add_func ("/engine/maths/exp", test_exp);
  g_test_add_func ("/engine/maths/log", test_log);
  g_test_add_func ("/engine/maths/tanh", test_tanh);
  g_test_add_func ("/engine/maths/sigmoid", test_sigmoid);
  return g_test_run ();
}
