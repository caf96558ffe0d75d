/* SPDX-License-Identifier: MIT
 *
 * The cards of views on a part: select (x[2]) and slice (x[1:5:2]), with the hidden
 * cards that put a gradient back in its place among zeros. */
#include "card.h"

#define ENG_VIEWS (ENG_OP_VIEW | ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)
#define FOR_0 (1 << 0)

typedef struct
{
  guint ndim;
  gint64 sizes[ENG_MAX_NDIM];
  gint64 strides[ENG_MAX_NDIM];
  gint64 offset;
} Part;

static void
part_init (Part *part, const EngTensor *tensor)
{
  part->ndim = eng_tensor_get_ndim (tensor);
  part->offset = eng_tensor_get_storage_offset (tensor);
  for (guint d = 0; d < part->ndim; d++)
    {
      part->sizes[d] = eng_tensor_get_sizes (tensor)[d];
      part->strides[d] = eng_tensor_get_strides (tensor)[d];
    }
}

static EngTensor *
part_alias (EngTensor *self, const Part *part)
{
  return eng_tensor_new_alias (self, part->ndim, part->sizes, part->strides, part->offset);
}

/* Drops dim at index (wrapped). */
static gboolean
part_select (Part *part, gint64 dim_arg, gint64 index, GError **error)
{
  if (part->ndim == 0)
    return eng_rule_fails (error, ENG_ERROR_INDEX, "select() cannot be applied to a 0-dim tensor.");
  int dim = eng_shape_wrap_dim (dim_arg, part->ndim, error);
  if (dim < 0)
    return FALSE;
  gint64 size = part->sizes[dim];
  if (index < -size || index >= size)
    return eng_rule_fails (error, ENG_ERROR_INDEX,
                           "index %" G_GINT64_FORMAT " is out of bounds for dimension %d with size %" G_GINT64_FORMAT,
                           index, dim, size);
  part->offset += (index < 0 ? index + size : index) * part->strides[dim];
  part->ndim--;
  for (guint d = (guint) dim; d < part->ndim; d++)
    {
      part->sizes[d] = part->sizes[d + 1];
      part->strides[d] = part->strides[d + 1];
    }
  return TRUE;
}

/* Keeps start, start + step, … before end of dim, as Python does. */
static gboolean
part_slice (Part *part, gint64 dim_arg, gint64 start, gint64 end, gint64 step, GError **error)
{
  if (part->ndim == 0)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "slice() cannot be applied to a 0-dim tensor.");
  int dim = eng_shape_wrap_dim (dim_arg, part->ndim, error);
  if (dim < 0)
    return FALSE;
  if (step <= 0)
    return eng_rule_fails (error, ENG_ERROR_VALUE, "step must be greater than zero");
  gint64 size = part->sizes[dim];
  start = CLAMP (start < 0 ? start + size : start, 0, size);
  end = CLAMP (end < 0 ? end + size : end, start, size);
  part->offset += start < size ? start * part->strides[dim] : 0;
  part->sizes[dim] = end > start ? (end - start - 1) / step + 1 : 0;
  part->strides[dim] *= part->sizes[dim] > 1 ? step : 1;
  return TRUE;
}

static gint64
int_or (const EngValue *value, gint64 fallback)
{
  return value->kind == ENG_VALUE_NONE ? fallback : value->integer;
}

static gboolean
view_select (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  Part part;
  part_init (&part, self);
  if (!part_select (&part, eng_arg_int (call, 1), eng_arg_int (call, 2), error))
    return FALSE;
  call->outputs[0] = part_alias (self, &part);
  return TRUE;
}

static gboolean
view_slice (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  const EngValue *args = call->args;
  Part part;
  part_init (&part, self);
  if (!part_slice (&part, args[1].integer, int_or (&args[2], 0), int_or (&args[3], G_MAXINT64), args[4].integer, error))
    return FALSE;
  call->outputs[0] = part_alias (self, &part);
  return TRUE;
}

static gboolean
vjp_select (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_give (grad_inputs, 0, eng_select_backward (vjp->grad_outputs[0], eng_vjp_get_input_meta (vjp, 0),
                                                            vjp->args[1].integer, vjp->args[2].integer, error));
}

static gboolean
vjp_slice (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  const EngValue *args = vjp->args;
  return eng_vjp_give (grad_inputs, 0, eng_slice_backward (vjp->grad_outputs[0], eng_vjp_get_input_meta (vjp, 0),
                                                           args[1].integer, int_or (&args[2], 0),
                                                           int_or (&args[3], G_MAXINT64), args[4].integer, error));
}

gboolean
eng_infer_placed (EngCall *call, GError **error)
{
  gsize n;
  const gint64 *sizes = eng_arg_ints (call, 1, &n);
  eng_meta_set (&call->out[0], eng_tensor_get_dtype (eng_arg_tensor (call, 0)), (guint) n, sizes);
  return TRUE;
}

static gboolean
place (EngCall *call, const Part *part)
{
  g_autoptr (EngTensor) place = part_alias (call->outputs[0], part);
  eng_kernel_copy (place, eng_arg_tensor (call, 0));
  return TRUE;
}

static gboolean
kernel_select_backward (EngCall *call, GError **error)
{
  Part part;
  eng_kernel_fill_int64 (call->outputs[0], 0);
  part_init (&part, call->outputs[0]);
  return part_select (&part, eng_arg_int (call, 2), eng_arg_int (call, 3), error) && place (call, &part);
}

static gboolean
kernel_slice_backward (EngCall *call, GError **error)
{
  Part part;
  eng_kernel_fill_int64 (call->outputs[0], 0);
  part_init (&part, call->outputs[0]);
  return part_slice (&part, eng_arg_int (call, 2), eng_arg_int (call, 3), eng_arg_int (call, 4), eng_arg_int (call, 5),
                     error)
         && place (call, &part);
}

static gboolean
vjp_select_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_give (grad_inputs, 0, eng_select (vjp->grad_outputs[0], vjp->args[2].integer, vjp->args[3].integer,
                                                   error));
}

static gboolean
vjp_slice_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  const EngValue *args = vjp->args;
  return eng_vjp_give (grad_inputs, 0, eng_slice (vjp->grad_outputs[0], args[2].integer, args[3].integer,
                                                  args[4].integer, args[5].integer, error));
}

const EngOp eng_op_select = {
  .signature = "select.int(Tensor(a) self, int dim, int index) -> Tensor(a)",
  .flags = ENG_VIEWS,
  .grad_fn = "SelectBackward0",
  .view = view_select,
  .vjp = vjp_select,
  .text = {
    .symbol = "select", .title = "one entry of a dim", .formula = "{out} = {0}[{2}] along dim {1}",
    .caption = "A view on entry {2} of {0} was made ({out.size}): nothing was copied.",
    .backward_caption = "{grad_fn} put the gradient at its place in {to}, zeros elsewhere.",
    .view_tag = "[{2}]",
    .derivative = { { "{grad} at its place, 0 elsewhere", "select sends it to the entry it took", NULL } },
  },
  .samples = { "T(2,3), 0, 1", "T(2,3), 1, -1", "T(3), 0, 2", NULL },
};

const EngOp eng_op_slice = {
  .signature = "slice.Tensor(Tensor(a) self, int dim=0, int? start=None, int? end=None, int step=1) -> Tensor(a)",
  .flags = ENG_OP_VIEW,
  .grad_fn = "SliceBackward0",
  .view = view_slice,
  .vjp = vjp_slice,
  .text = {
    .symbol = "slice", .title = "a range of a dim", .formula = "{out} = part of {0}",
    .caption = "A view on a part of {0} was made ({out.size}): nothing was copied.",
    .backward_caption = "{grad_fn} put the gradient at its place in {to}, zeros elsewhere.",
    .view_tag = "[:]",
    .derivative = { { "{grad} at its place, 0 elsewhere", "slice sends it to the entries it took", NULL } },
  },
  .samples = { "T(5,3), 0, 1, 4", "T(2,6), 1, 1, None, 2", "T(4), 0, -3, -1", "T(4), 0, 3, 2", NULL },
};

const EngOp eng_op_select_backward = {
  .signature = "select_backward(Tensor grad_output, int[] input_sizes, int dim, int index) -> Tensor",
  .flags = ENG_OP_HIDDEN,
  .grad_fn = "SelectBackwardBackward0",
  .infer = eng_infer_placed,
  .kernel = kernel_select_backward,
  .vjp = vjp_select_backward,
  .text = { .symbol = "place", .title = "derivative of select", .formula = "{out} = {0} at its place, 0 elsewhere",
            .caption = "The gradient was put at its place among zeros." },
  .samples = { "T(3), [2,3], 0, 1", "T(), [3], 0, -1", NULL },
};

const EngOp eng_op_slice_backward = {
  .signature = "slice_backward(Tensor grad_output, int[] input_sizes, int dim, int start, int end, int step) -> Tensor",
  .flags = ENG_OP_HIDDEN,
  .grad_fn = "SliceBackwardBackward0",
  .infer = eng_infer_placed,
  .kernel = kernel_slice_backward,
  .vjp = vjp_slice_backward,
  .text = { .symbol = "place", .title = "derivative of slice", .formula = "{out} = {0} at its place, 0 elsewhere",
            .caption = "The gradient was put at its place among zeros." },
  .samples = { "T(3,3), [5,3], 0, 1, 4, 1", "T(2,3), [2,6], 1, 1, 6, 2", NULL },
};

EngTensor *
eng_select (EngTensor *self, gint64 dim, gint64 index, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_int (dim), eng_value_int (index) };
  return eng_call_one (&eng_op_select, args, error);
}

EngTensor *
eng_slice (EngTensor *self, gint64 dim, gint64 start, gint64 end, gint64 step, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_int (dim), eng_value_int (start), eng_value_int (end),
                      eng_value_int (step) };
  return eng_call_one (&eng_op_slice, args, error);
}

EngTensor *
eng_select_backward (EngTensor *grad, const EngMeta *input, gint64 dim, gint64 index, GError **error)
{
  EngValue args[] = { eng_value_tensor (grad), eng_value_ints (input->sizes, input->ndim), eng_value_int (dim),
                      eng_value_int (index) };
  return eng_call_one (&eng_op_select_backward, args, error);
}

EngTensor *
eng_slice_backward (EngTensor *grad, const EngMeta *input, gint64 dim, gint64 start, gint64 end, gint64 step,
                    GError **error)
{
  EngValue args[] = { eng_value_tensor (grad), eng_value_ints (input->sizes, input->ndim), eng_value_int (dim),
                      eng_value_int (start), eng_value_int (end), eng_value_int (step) };
  return eng_call_one (&eng_op_slice_backward, args, error);
}
