/* SPDX-License-Identifier: MIT
 *
 * Runs rows of the kernel table over whole tensors (run.h): elementwise formulas,
 * copies with conversion, fills. */
#include <string.h>

#include "engine/infer.h"
#include "run.h"
#include "walk.h"

static const double no_numbers[ENG_MAX_NUMBERS] = { 1, 0, 0 };

static gboolean
is_flat (EngTensor *out, EngTensor *const *inputs, guint n_inputs)
{
  if (!eng_tensor_is_contiguous (out))
    return FALSE;
  for (guint k = 0; k < n_inputs; k++)
    {
      EngTensor *input = inputs[k];
      if (eng_tensor_get_numel (input) == 1)
        continue;
      if (!eng_tensor_is_contiguous (input) || eng_tensor_get_numel (input) != eng_tensor_get_numel (out))
        return FALSE;
    }
  return TRUE;
}

/* Everything contiguous (or one element): one row, no walk. */
static void
run_flat (EngRow row, EngTensor *out, EngTensor *const *inputs, guint n_inputs, const double *numbers)
{
  char *data[ENG_MAX_OPERANDS] = { eng_tensor_get_data (out) };
  gint64 strides[ENG_MAX_OPERANDS] = { 1 };
  gint64 numel = eng_tensor_get_numel (out);
  if (numel == 0)
    return;
  for (guint k = 0; k < n_inputs; k++)
    {
      data[k + 1] = eng_tensor_get_data (inputs[k]);
      strides[k + 1] = eng_tensor_get_numel (inputs[k]) == numel ? 1 : 0;
    }
  row (data, strides, numel, numbers);
}

void
eng_run_row (EngRow row, EngTensor *out, EngTensor *const *inputs, guint n_inputs, const double *numbers)
{
  EngWalk walk;
  if (numbers == NULL)
    numbers = no_numbers;
  if (is_flat (out, inputs, n_inputs))
    {
      run_flat (row, out, inputs, n_inputs, numbers);
      return;
    }
  eng_walk_init (&walk, eng_tensor_get_ndim (out), eng_tensor_get_sizes (out));
  eng_walk_add (&walk, out);
  for (guint k = 0; k < n_inputs; k++)
    eng_walk_add (&walk, inputs[k]);
  eng_walk_simplify (&walk);
  eng_walk_run (&walk, row, numbers);
}

static gboolean
set_missing (EngDtype dtype, GError **error)
{
  g_set_error (error, ENG_ERROR, ENG_ERROR_NOT_IMPLEMENTED, "this operation is not implemented for '%s'",
               eng_dtype_scalar_name (dtype));
  return FALSE;
}

gboolean
eng_run_formula (EngFormula formula, EngTensor *out, EngTensor *const *inputs, guint n_inputs,
                 const double *numbers, GError **error)
{
  EngDtype dtype = eng_tensor_get_dtype (inputs[0]);
  EngRow row = eng_kernels->rows[dtype][formula];
  if (G_UNLIKELY (row == NULL))
    return set_missing (dtype, error);
  eng_run_row (row, out, inputs, n_inputs, numbers);
  return TRUE;
}

/* The usual call, without a look at dims: contiguous tensors of equal numel. */
static inline gboolean
is_dense (const EngTensor *out, const EngTensor *input)
{
  return input->is_contiguous && input->numel == out->numel;
}

static inline void
run_dense (EngRow row, const EngTensor *out, const EngTensor *a, const EngTensor *b, const double *numbers)
{
  char *data[3] = { eng_tensor_get_data (out), eng_tensor_get_data (a), eng_tensor_get_data (b) };
  const gint64 strides[3] = { 1, 1, 1 };
  if (G_LIKELY (out->numel > 0))
    row (data, strides, out->numel, numbers != NULL ? numbers : no_numbers);
}

gboolean
eng_kernel_unary (EngCall *call, EngFormula formula, GError **error)
{
  EngTensor *inputs[1] = { eng_arg_tensor (call, 0) };
  EngTensor *out = call->outputs[0];
  EngRow row = eng_kernels->rows[inputs[0]->dtype][formula];
  if (G_LIKELY (row != NULL && out->is_contiguous && is_dense (out, inputs[0])))
    {
      run_dense (row, out, inputs[0], inputs[0], NULL);
      return TRUE;
    }
  return eng_run_formula (formula, call->outputs[0], inputs, 1, NULL, error);
}

/* A Scalar argument as a 0-dim tensor of the computation's dtype. It lives on the
 * stack, for one kernel. */
typedef struct
{
  EngTensor tensor;
  gint64 element;
} Scalar;

/* value of dtype `from`, cast. */
static EngTensor *
scalar_init (Scalar *scalar, EngDtype dtype, EngDtype from, gpointer value)
{
  char *data[2] = { (char *) &scalar->element, value };
  const gint64 strides[2] = { 1, 1 };
  eng_kernels->cast[dtype][from](data, strides, 1, NULL);
  scalar->tensor.ndim = 0;
  scalar->tensor.dtype = (guint8) dtype;
  scalar->tensor.is_contiguous = TRUE;
  scalar->tensor.numel = 1;
  scalar->tensor.data = (char *) &scalar->element;
  return &scalar->tensor;
}

static EngTensor *
scalar_operand (Scalar *scalar, const EngValue *value, EngDtype dtype)
{
  gboolean floating = eng_dtype_category (dtype) == ENG_CATEGORY_FLOATING;
  double number = floating ? eng_value_as_double (value) : 0;
  gint64 integer = floating ? 0 : eng_value_as_int64 (value);
  return floating ? scalar_init (scalar, dtype, ENG_FLOAT64, &number)
                  : scalar_init (scalar, dtype, ENG_INT64, &integer);
}

static G_NO_INLINE gboolean
run_binary (EngCall *call, EngFormula formula, const double *numbers, GError **error)
{
  Scalar scalar;
  EngTensor *inputs[2] = { eng_arg_tensor (call, 0), eng_arg_tensor (call, 1) };
  for (guint k = 0; k < 2; k++)
    if (inputs[k] == NULL)
      inputs[k] = scalar_operand (&scalar, &call->args[k], call->compute_dtype);
  return eng_run_formula (formula, call->outputs[0], inputs, 2, numbers, error);
}

gboolean
eng_kernel_binary (EngCall *call, EngFormula formula, const double *numbers, GError **error)
{
  const EngTensor *out = call->outputs[0];
  const EngTensor *a = eng_arg_tensor (call, 0);
  const EngTensor *b = eng_arg_tensor (call, 1);
  if (G_UNLIKELY (a == NULL || b == NULL || !out->is_contiguous || !is_dense (out, a) || !is_dense (out, b)))
    return run_binary (call, formula, numbers, error);
  EngRow row = eng_kernels->rows[a->dtype][formula];
  if (G_UNLIKELY (row == NULL))
    return set_missing ((EngDtype) a->dtype, error);
  run_dense (row, out, a, b, numbers);
  return TRUE;
}

gboolean
eng_kernel_one (EngCall *call, GError **error)
{
  return eng_kernel_unary (call, (EngFormula) call->op->formula, error);
}

gboolean
eng_kernel_two (EngCall *call, GError **error)
{
  return eng_kernel_binary (call, (EngFormula) call->op->formula, NULL, error);
}

gboolean
eng_kernel_formula (EngCall *call, GError **error)
{
  EngTensor *inputs[ENG_MAX_OPERANDS - 1];
  double numbers[ENG_MAX_NUMBERS] = { 0 };
  guint n_inputs = 0, n_numbers = 0;
  for (guint k = 0; k < call->signature->n_params; k++)
    if (call->args[k].kind == ENG_VALUE_TENSOR)
      inputs[n_inputs++] = call->args[k].tensor;
    else if (n_numbers < ENG_MAX_NUMBERS)
      numbers[n_numbers++] = eng_value_as_double (&call->args[k]);
  return eng_run_formula ((EngFormula) call->op->formula, call->outputs[0], inputs, n_inputs, numbers, error);
}

/* First and last byte that a tensor touches. */
static void
memory_range (const EngTensor *tensor, const char **first, const char **last)
{
  const char *data = eng_tensor_get_data (tensor);
  gint64 low = 0, high = 0;
  gint64 item_size = (gint64) eng_dtype_size (eng_tensor_get_dtype (tensor));
  for (guint d = 0; d < eng_tensor_get_ndim (tensor); d++)
    {
      gint64 reach = (eng_tensor_get_sizes (tensor)[d] - 1) * eng_tensor_get_strides (tensor)[d];
      low += MIN (reach, 0);
      high += MAX (reach, 0);
    }
  *first = data + low * item_size;
  *last = data + (high + 1) * item_size - 1;
}

static gboolean
overlaps (const EngTensor *a, const EngTensor *b)
{
  const char *a_first, *a_last, *b_first, *b_last;
  if (eng_tensor_get_storage (a) != eng_tensor_get_storage (b))
    return FALSE;
  memory_range (a, &a_first, &a_last);
  memory_range (b, &b_first, &b_last);
  return a_first <= b_last && b_first <= a_last;
}

void
eng_kernel_copy (EngTensor *dst, const EngTensor *src)
{
  EngTensor *input = (EngTensor *) src;
  if (eng_tensor_get_numel (dst) > 0)
    eng_run_row (eng_kernels->cast[eng_tensor_get_dtype (dst)][eng_tensor_get_dtype (src)], dst, &input, 1,
                 NULL);
}

gboolean
eng_kernel_copy_within (EngTensor *dst, const EngTensor *src, GError **error)
{
  g_autoptr (EngTensor) temporary = NULL;
  if (eng_tensor_get_numel (dst) > 0 && overlaps (dst, src))
    {
      temporary = eng_tensor_new (eng_tensor_get_dtype (src), eng_tensor_get_ndim (src),
                                  eng_tensor_get_sizes (src), error);
      if (temporary == NULL)
        return FALSE;
      eng_kernel_copy (temporary, src);
    }
  eng_kernel_copy (dst, temporary != NULL ? temporary : src);
  return TRUE;
}

static void
fill (EngTensor *dst, EngDtype from, gpointer value)
{
  Scalar scalar;
  EngDtype dtype = (EngDtype) dst->dtype;
  EngTensor *operand = scalar_init (&scalar, dtype, from, value);
  eng_run_row (eng_kernels->cast[dtype][dtype], dst, &operand, 1, NULL);
}

void
eng_kernel_fill (EngTensor *dst, double value)
{
  fill (dst, ENG_FLOAT64, &value);
}

void
eng_kernel_fill_int64 (EngTensor *dst, gint64 value)
{
  fill (dst, ENG_INT64, &value);
}
