/* SPDX-License-Identifier: MIT
 *
 * Short ways to make tensors and to look at them, for the engine's core tests. */
#pragma once

#include <math.h>

#include "engine/engine.h"
#include "engine/ops/ops.h"

/* vec (3, 1., 2., 3.): a float32 vector. */
static inline EngTensor *
vec (int n, ...)
{
  g_autoptr (GError) error = NULL;
  gint64 size = n;
  va_list values;
  EngTensor *tensor = eng_tensor_new (ENG_FLOAT32, 1, &size, &error);
  g_assert_no_error (error);
  va_start (values, n);
  for (int k = 0; k < n; k++)
    eng_tensor_set_double (tensor, k, va_arg (values, double));
  va_end (values);
  return tensor;
}

/* The same as a leaf that requires grad. */
#define leaf(...) with_grad (vec (__VA_ARGS__))
static inline EngTensor *
with_grad (EngTensor *tensor)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (eng_tensor_set_requires_grad (tensor, TRUE, &error));
  g_assert_no_error (error);
  return tensor;
}

/* Rows × columns, counting up from first in steps of 1. */
static inline EngTensor *
matrix (gint64 rows, gint64 columns, double first)
{
  g_autoptr (GError) error = NULL;
  gint64 sizes[2] = { rows, columns };
  EngTensor *tensor = eng_tensor_new (ENG_FLOAT32, 2, sizes, &error);
  g_assert_no_error (error);
  for (gint64 k = 0; k < rows * columns; k++)
    eng_tensor_set_double (tensor, k, first + (double) k);
  return tensor;
}

static inline void
assert_vec (const EngTensor *tensor, int n, ...)
{
  va_list values;
  g_assert_nonnull (tensor);
  g_assert_cmpint (eng_tensor_get_numel (tensor), ==, n);
  va_start (values, n);
  for (int k = 0; k < n; k++)
    g_assert_cmpfloat_with_epsilon (eng_tensor_get_double (tensor, k), va_arg (values, double), 1e-5);
  va_end (values);
}

/* expr with `error` in it must succeed. */
#define must(expr) \
  ({ \
    g_autoptr (GError) error = NULL; \
    __typeof__ (expr) result_ = (expr); \
    g_assert_no_error (error); \
    g_assert (result_); \
    result_; \
  })

/* expr with `error` in it must fail with exactly this code and text. */
#define must_fail(expr, code_, text_) \
  G_STMT_START { \
    g_autoptr (GError) error = NULL; \
    g_assert_false (!!(expr)); \
    g_assert_error (error, ENG_ERROR, code_); \
    g_assert_cmpstr (error->message, ==, text_); \
  } G_STMT_END

#define backward(root) (void) must (eng_backward (&(root), NULL, 1, FALSE, FALSE, &error))
