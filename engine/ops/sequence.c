/* SPDX-License-Identifier: MIT
 *
 * The cards that count: arange (three ways to say it), linspace, eye. */
#include "card.h"

#include <math.h>

#define ENG_MAKER (ENG_OP_FACTORY | ENG_OP_FUNCTION | ENG_OP_NOT_DIFFERENTIABLE)
#define ENG_TAIL "ScalarType? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor"

typedef struct
{
  EngValue start, end, step;
} Range;

/* Whole numbers stay int64, exactly; one float makes it the default float. */
static gboolean
infer_range (EngCall *call, const Range *range, guint dtype_arg, GError **error)
{
  EngValue values[] = { range->start, range->end, range->step };
  double start = eng_value_as_double (&range->start), end = eng_value_as_double (&range->end);
  double step = eng_value_as_double (&range->step);
  EngDtype natural = ENG_INT64;
  for (guint k = 0; k < 3; k++)
    if (values[k].kind == ENG_VALUE_FLOAT)
      natural = eng_get_default_dtype ();
  if (step == 0)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "step must be nonzero");
  if (!isfinite (start) || !isfinite (end))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "unsupported range: %g -> %g", start, end);
  if ((step > 0 && start > end) || (step < 0 && start < end))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "upper bound and larger bound inconsistent with step sign");
  double length = ceil ((end - start) / step);
  if (!(length < 9.0e18))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "invalid size, possible overflow?");
  eng_meta_set (&call->out[0], eng_arg_dtype (call, dtype_arg, natural), 1, (gint64[]) { (gint64) length });
  return TRUE;
}

static gboolean
run_range (EngCall *call, const Range *range)
{
  EngTensor *out = call->outputs[0];
  gint64 n = eng_tensor_get_numel (out);
  gboolean whole = range->start.kind != ENG_VALUE_FLOAT && range->step.kind != ENG_VALUE_FLOAT
                   && eng_dtype_category (eng_tensor_get_dtype (out)) != ENG_CATEGORY_FLOATING;
  gint64 first = eng_value_as_int64 (&range->start), stride = eng_value_as_int64 (&range->step);
  double start = eng_value_as_double (&range->start), step = eng_value_as_double (&range->step);
  for (gint64 i = 0; i < n; i++)
    {
      if (whole)
        eng_tensor_set_int64 (out, i, first + i * stride);
      else
        eng_tensor_set_double (out, i, start + (double) i * step);
    }
  return TRUE;
}

static Range
range_end (const EngCall *call)
{
  return (Range) { eng_value_int (0), call->args[0], eng_value_int (1) };
}

static Range
range_start (const EngCall *call)
{
  return (Range) { call->args[0], call->args[1], eng_value_int (1) };
}

static Range
range_step (const EngCall *call)
{
  return (Range) { call->args[0], call->args[1], call->args[2] };
}

static gboolean
infer_arange (EngCall *call, GError **error)
{
  Range range = range_end (call);
  return infer_range (call, &range, 1, error);
}

static gboolean
infer_arange_start (EngCall *call, GError **error)
{
  Range range = range_start (call);
  return infer_range (call, &range, 2, error);
}

static gboolean
infer_arange_step (EngCall *call, GError **error)
{
  Range range = range_step (call);
  return infer_range (call, &range, 3, error);
}

static gboolean
kernel_arange (EngCall *call, GError **error)
{
  Range range = range_end (call);
  return run_range (call, &range);
}

static gboolean
kernel_arange_start (EngCall *call, GError **error)
{
  Range range = range_start (call);
  return run_range (call, &range);
}

static gboolean
kernel_arange_step (EngCall *call, GError **error)
{
  Range range = range_step (call);
  return run_range (call, &range);
}

static gboolean
infer_linspace (EngCall *call, GError **error)
{
  gint64 steps = eng_arg_int (call, 2);
  if (steps < 0)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "number of steps must be non-negative");
  eng_meta_set (&call->out[0], eng_arg_dtype (call, 3, eng_get_default_dtype ()), 1, &steps);
  return TRUE;
}

/* From both ends towards the middle, so that the last value is `end` exactly. */
static gboolean
kernel_linspace (EngCall *call, GError **error)
{
  EngTensor *out = call->outputs[0];
  gint64 n = eng_tensor_get_numel (out);
  double start = eng_arg_double (call, 0), end = eng_arg_double (call, 1);
  double step = n > 1 ? (end - start) / (double) (n - 1) : 0;
  gboolean single = eng_tensor_get_dtype (out) == ENG_FLOAT32;
  float single_step = n > 1 ? ((float) end - (float) start) / (float) (n - 1) : 0;
  for (gint64 i = 0; i < n; i++)
    {
      gboolean first_half = i < n / 2 || n == 1;
      double from = first_half ? start : end;
      double count = first_half ? (double) i : -(double) (n - 1 - i);
      eng_tensor_set_double (out, i, single ? (double) ((float) from + single_step * (float) count)
                                            : from + step * count);
    }
  return TRUE;
}

static gboolean
infer_rows_cols (EngCall *call, gint64 rows, gint64 cols, guint dtype_arg, GError **error)
{
  if (rows < 0)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "n must be greater or equal to 0, got %" G_GINT64_FORMAT, rows);
  if (cols < 0)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "m must be greater or equal to 0, got %" G_GINT64_FORMAT, cols);
  eng_meta_set (&call->out[0], eng_arg_dtype (call, dtype_arg, eng_get_default_dtype ()), 2, (gint64[]) { rows, cols });
  return TRUE;
}

static gboolean
infer_eye (EngCall *call, GError **error)
{
  gint64 n = eng_arg_int (call, 0);
  return infer_rows_cols (call, n, n, 1, error);
}

static gboolean
infer_eye_m (EngCall *call, GError **error)
{
  return infer_rows_cols (call, eng_arg_int (call, 0), eng_arg_int (call, 1), 2, error);
}

static gboolean
kernel_eye (EngCall *call, GError **error)
{
  EngTensor *out = call->outputs[0];
  const gint64 *sizes = eng_tensor_get_sizes (out);
  eng_kernel_fill_int64 (out, 0);
  for (gint64 i = 0; i < MIN (sizes[0], sizes[1]); i++)
    eng_tensor_set_double (out, i * sizes[1] + i, 1);
  return TRUE;
}

const EngOp eng_op_arange = {
  .signature = "arange(Scalar end, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_arange,
  .kernel = kernel_arange,
  .text = { .symbol = "arange",
            .title = "counting numbers",
            .formula = "{out} = 0, 1, … before {0}",
            .caption = "{out} was created: {out.numbers}, counting from 0 up to, not including, {0}." },
  .samples = { "5", "0", "2.5", "3, dtype=float64", NULL },
};

const EngOp eng_op_arange_start = {
  .signature = "arange.start(Scalar start, Scalar end, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_arange_start,
  .kernel = kernel_arange_start,
  .text = { .symbol = "arange",
            .title = "counting numbers",
            .formula = "{out} = {0}, {0} + 1, … before {1}",
            .caption = "{out} was created: {out.numbers}, counting from {0} up to, not including, {1}." },
  .samples = { "2, 6", "-1.5, 2", NULL },
};

const EngOp eng_op_arange_step = {
  .signature = "arange.start_step(Scalar start, Scalar end, Scalar step=1, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_arange_step,
  .kernel = kernel_arange_step,
  .text = { .symbol = "arange",
            .title = "counting numbers",
            .formula = "{out} = {0}, {0} + {2}, … before {1}",
            .caption = "{out} was created: {out.numbers} from {0} towards {1} in steps of {2}." },
  .samples = { "2, 10, 3", "5, 0, -2", "0, 1, 0.25", NULL },
};

const EngOp eng_op_linspace = {
  .signature = "linspace(Scalar start, Scalar end, int steps, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_linspace,
  .kernel = kernel_linspace,
  .text = { .symbol = "linspace", .title = "evenly spaced numbers", .formula = "{out} = {2} numbers from {0} to {1}",
            .caption = "{out} was created: {2} evenly spaced numbers from {0} to {1}." },
  .samples = { "0, 1, 5", "-2, 3, 4", "1, 1, 1", "0, 1, 0", "0, 1, 5, dtype=float64", NULL },
};

const EngOp eng_op_eye = {
  .signature = "eye(int n, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_eye,
  .kernel = kernel_eye,
  .text = { .symbol = "eye", .title = "identity matrix", .formula = "{out} = 1 on the diagonal, else 0",
            .caption = "{out} was created: {out.size}, ones on the diagonal." },
  .samples = { "3", "0", "2, dtype=int64", NULL },
};

const EngOp eng_op_eye_m = {
  .signature = "eye.m(int n, int m, *, " ENG_TAIL,
  .flags = ENG_MAKER,
  .infer = infer_eye_m,
  .kernel = kernel_eye,
  .text = { .symbol = "eye", .title = "ones on the diagonal", .formula = "{out} = 1 on the diagonal, else 0",
            .caption = "{out} was created: {out.size}, ones on the diagonal." },
  .samples = { "2, 3", "3, 1", NULL },
};
