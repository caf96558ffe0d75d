/* SPDX-License-Identifier: MIT
 *
 * Matrix products: the own small kernel where a BLAS call would cost more than the
 * work, BLAS beyond. A transposed operand is passed as such, not copied; only an
 * operand with no unit stride at all is made contiguous. */
#include <cblas.h>

#include "run.h"

/* Multiplications below which the own kernel is faster (measured on Zen 4). */
#define ENG_SMALL_PRODUCT 4096

typedef struct
{
  CBLAS_TRANSPOSE transposed;
  gint64 leading;
} Layout;

/* How BLAS reads a (rows, cols) operand with these strides; FALSE: it cannot. */
static gboolean
find_layout (gint64 rows, gint64 cols, gint64 row_stride, gint64 col_stride, Layout *layout)
{
  if ((col_stride == 1 || cols == 1) && (rows == 1 || row_stride >= MAX (1, cols)))
    {
      *layout = (Layout) { CblasNoTrans, rows == 1 ? MAX (1, cols) : row_stride };
      return TRUE;
    }
  if ((row_stride == 1 || rows == 1) && (cols == 1 || col_stride >= MAX (1, rows)))
    {
      *layout = (Layout) { CblasTrans, cols == 1 ? MAX (1, rows) : col_stride };
      return TRUE;
    }
  return FALSE;
}

/* A contiguous copy of a (rows, cols) operand; NULL where memory is short. */
static gpointer
pack (const void *data, EngDtype dtype, gint64 rows, gint64 cols, gint64 row_stride, gint64 col_stride)
{
  gsize item_size = eng_dtype_size (dtype);
  char *packed = g_try_malloc_n ((gsize) (rows * cols), item_size);
  for (gint64 i = 0; packed != NULL && i < rows; i++)
    {
      char *operands[2] = { packed + i * cols * (gint64) item_size,
                            (char *) data + i * row_stride * (gint64) item_size };
      gint64 strides[2] = { 1, col_stride };
      eng_kernels->cast[dtype][dtype] (operands, strides, cols, NULL);
    }
  return packed;
}

/* FALSE: there was no memory to lay out an operand as BLAS needs it; nothing was done. */
static gboolean
run_blas (const EngProduct *p, EngDtype dtype)
{
  Layout a, b;
  g_autofree gpointer packed_a = NULL;
  g_autofree gpointer packed_b = NULL;
  if (!find_layout (p->m, p->k, p->sai, p->sak, &a))
    {
      packed_a = pack (p->a, dtype, p->m, p->k, p->sai, p->sak);
      if (packed_a == NULL)
        return FALSE;
      a = (Layout) { CblasNoTrans, p->k };
    }
  if (!find_layout (p->k, p->n, p->sbk, p->sbj, &b))
    {
      packed_b = pack (p->b, dtype, p->k, p->n, p->sbk, p->sbj);
      if (packed_b == NULL)
        return FALSE;
      b = (Layout) { CblasNoTrans, p->n };
    }
  const void *a_data = packed_a != NULL ? packed_a : p->a;
  const void *b_data = packed_b != NULL ? packed_b : p->b;
  if (dtype == ENG_FLOAT32)
    cblas_sgemm (CblasRowMajor, a.transposed, b.transposed, p->m, p->n, p->k, 1, a_data, a.leading,
                 b_data, b.leading, 0, p->out, p->ldo);
  else
    cblas_dgemm (CblasRowMajor, a.transposed, b.transposed, p->m, p->n, p->k, 1, a_data, a.leading,
                 b_data, b.leading, 0, p->out, p->ldo);
  return TRUE;
}

void
eng_run_product (EngTensor *out, gint64 out_offset, EngProduct *p, EngDtype dtype)
{
  p->out = (char *) eng_tensor_get_data (out) + out_offset * (gint64) eng_dtype_size (dtype);
  if (p->m == 0 || p->n == 0)
    return;
  gboolean floating = dtype == ENG_FLOAT32 || dtype == ENG_FLOAT64;
  gboolean fits_blas = (p->m | p->n | p->k) <= G_MAXINT32;
  if (!(floating && fits_blas && p->m * p->n * p->k > ENG_SMALL_PRODUCT && run_blas (p, dtype)))
    eng_kernels->product[dtype](p);
}
