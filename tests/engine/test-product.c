/* SPDX-License-Identifier: MIT
 *
 * The small matrix product in every kernel table this processor can run, against
 * plain loops: all small sizes, operands row by row, transposed and stepped; equal
 * bits whatever the strides where entries are summed; no −0 from products of zeros. */
#include <math.h>
#include <string.h>

#include "engine/engine.h"
#include "engine/kernels/kernels.h"

#define MAX_SIDE 21
#define ROOM (2 * MAX_SIDE * MAX_SIDE)

static const gint64 sides[] = { 0, 1, 2, 3, 4, 5, 7, 8, 9, 20, 21 };

/* How a (rows, cols) operand lies in memory. */
typedef enum
{
  ROWS,       /* row by row */
  TRANSPOSED, /* column by column */
  STEPPED,    /* row by row, every second element */
  N_LAYOUTS
} Layout;

static void
set_strides (Layout layout, gint64 rows, gint64 cols, gint64 *row_stride, gint64 *col_stride)
{
  gint64 step = layout == STEPPED ? 2 : 1;
  *row_stride = layout == TRANSPOSED ? 1 : cols * step;
  *col_stride = layout == TRANSPOSED ? rows : step;
}

/* Small whole numbers and halves: sums are exact, so equal is equal. */
static double
element (guint which, gint64 i, gint64 j)
{
  return (double) ((i * 7 + j * 5 + which * 3) % 11 - 5) / 2;
}

#define DEFINE_CHECK(T, DTYPE, SCALE)                                                                        \
  static void check_##T (gint64 m, gint64 n, gint64 k, Layout la, Layout lb)                                 \
  {                                                                                                          \
    static T a[ROOM], b[ROOM], out[ROOM];                                                                    \
    EngProduct p = { .m = m, .n = n, .k = k, .a = a, .b = b, .out = out, .ldo = n };                         \
    set_strides (la, m, k, &p.sai, &p.sak);                                                                  \
    set_strides (lb, k, n, &p.sbk, &p.sbj);                                                                  \
    for (gint64 i = 0; i < m; i++)                                                                           \
      for (gint64 l = 0; l < k; l++)                                                                         \
        a[i * p.sai + l * p.sak] = (T) (SCALE * element (0, i, l));                                          \
    for (gint64 l = 0; l < k; l++)                                                                           \
      for (gint64 j = 0; j < n; j++)                                                                         \
        b[l * p.sbk + j * p.sbj] = (T) (SCALE * element (1, l, j));                                          \
    memset (out, 0x55, sizeof out);                                                                          \
    eng_kernels->product[DTYPE](&p);                                                                         \
    for (gint64 i = 0; i < m; i++)                                                                           \
      for (gint64 j = 0; j < n; j++)                                                                         \
        {                                                                                                    \
          double want = 0;                                                                                   \
          for (gint64 l = 0; l < k; l++)                                                                     \
            want += SCALE * element (0, i, l) * SCALE * element (1, l, j);                                   \
          g_assert_cmpfloat ((double) out[i * n + j], ==, want);                                             \
        }                                                                                                    \
    T untouched;                                                                                             \
    memset (&untouched, 0x55, sizeof untouched);                                                             \
    g_assert_cmpmem (&out[m * n], sizeof untouched, &untouched, sizeof untouched);                           \
  }

DEFINE_CHECK (float, ENG_FLOAT32, 1)
DEFINE_CHECK (double, ENG_FLOAT64, 1)
DEFINE_CHECK (gint64, ENG_INT64, 2)

typedef void (*Check) (gint64 m, gint64 n, gint64 k, Layout la, Layout lb);

static void
check_all (Check check)
{
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sides); j++)
      for (guint l = 0; l < G_N_ELEMENTS (sides); l++)
        for (guint layouts = 0; layouts < N_LAYOUTS * N_LAYOUTS; layouts++)
          check (sides[i], sides[j], sides[l], layouts / N_LAYOUTS, layouts % N_LAYOUTS);
}

static void
test_sizes (void)
{
  check_all (check_float);
  check_all (check_double);
  check_all (check_gint64);
}

/* (m,k) @ (k) with sums that do round: contiguous rows are taken four at a time. */
static void
test_strides (void)
{
  static float a[ROOM], stepped[ROOM], b[MAX_SIDE], stepped_b[2 * MAX_SIDE], out[MAX_SIDE], other[MAX_SIDE];
  for (gint64 k = 1; k <= MAX_SIDE; k++)
    {
      for (gint64 i = 0; i < MAX_SIDE * k; i++)
        a[i] = stepped[2 * i] = (float) sin ((double) i);
      for (gint64 l = 0; l < k; l++)
        b[l] = stepped_b[2 * l] = (float) cos ((double) l);
      EngProduct p = { .m = MAX_SIDE, .n = 1, .k = k, .a = a, .b = b, .out = out,
                       .sai = k, .sak = 1, .sbk = 1, .sbj = 1, .ldo = 1 };
      EngProduct q = { .m = MAX_SIDE, .n = 1, .k = k, .a = stepped, .b = stepped_b, .out = other,
                       .sai = 2 * k, .sak = 2, .sbk = 2, .sbj = 2, .ldo = 1 };
      eng_kernels->product[ENG_FLOAT32](&p);
      eng_kernels->product[ENG_FLOAT32](&q);
      g_assert_cmpmem (out, sizeof out, other, sizeof other);
    }
}

static void
test_zeros (void)
{
  static const float a[MAX_SIDE] = { 0 };
  float b[MAX_SIDE], out[MAX_SIDE * MAX_SIDE];
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sides); j++)
      {
        gint64 m = sides[i], n = sides[j];
        EngProduct p = { .m = m, .n = n, .k = 1, .a = a, .b = b, .out = out,
                         .sai = 1, .sak = 1, .sbk = n, .sbj = 1, .ldo = n };
        for (gint64 l = 0; l < n; l++)
          b[l] = -1;
        eng_kernels->product[ENG_FLOAT32](&p);
        for (gint64 l = 0; l < m * n; l++)
          g_assert_true (out[l] == 0 && !signbit (out[l]));
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  eng_init ();
  g_test_add_func ("/engine/product/sizes", test_sizes);
  g_test_add_func ("/engine/product/strides", test_strides);
  g_test_add_func ("/engine/product/zeros", test_zeros);
  return g_test_run ();
}
