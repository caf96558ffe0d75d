/* SPDX-License-Identifier: MIT
 *
 * What the cards of matrix products share: how operands are read. Included by matrix.c
 * and matrix-transposed.c. */
#pragma once

#include "card.h"

/* No more multiplications than this are done by a shortcut. */
#define ENG_QUICK_PRODUCT 65536

typedef enum
{
  ENG_READ_PLAIN,         /* a · b */
  ENG_READ_SECOND_TURNED, /* a · bᵀ */
  ENG_READ_FIRST_TURNED,  /* aᵀ · b */
} EngReading;

/* Fills in everything but the result. FALSE if these are not two matrices that fit, of
 * one dtype that has a product. */
static inline gboolean
eng_product_read (EngProduct *p, const EngTensor *a, const EngTensor *b, EngReading reading)
{
  if (a->ndim != 2 || b->ndim != 2 || a->dtype != b->dtype || eng_kernels->product[a->dtype] == NULL)
    return FALSE;
  guint row = reading == ENG_READ_FIRST_TURNED, col = reading == ENG_READ_SECOND_TURNED;
  const gint64 *a_strides = eng_tensor_get_strides (a), *b_strides = eng_tensor_get_strides (b);
  p->m = a->sizes[row];
  p->k = a->sizes[1 - row];
  p->n = b->sizes[1 - col];
  p->a = a->data;
  p->b = b->data;
  p->sai = a_strides[row];
  p->sak = a_strides[1 - row];
  p->sbk = b_strides[col];
  p->sbj = b_strides[1 - col];
  p->ldo = p->n;
  return p->k == b->sizes[col];
}

/* EngOp.quick of these cards. */
static inline EngTensor *
eng_product_quickly (const EngValue *args, EngReading reading)
{
  EngProduct product;
  if (!eng_product_read (&product, args[0].tensor, args[1].tensor, reading)
      || product.m > ENG_QUICK_PRODUCT || product.n > ENG_QUICK_PRODUCT || product.k > ENG_QUICK_PRODUCT
      || product.m * product.n * MAX (product.k, 1) > ENG_QUICK_PRODUCT)
    return NULL;
  EngDtype dtype = (EngDtype) args[0].tensor->dtype;
  EngTensor *out = eng_tensor_new (dtype, 2, (gint64[]){ product.m, product.n }, NULL);
  if (G_LIKELY (out != NULL))
    eng_run_product (out, 0, &product, dtype);
  return out;
}
