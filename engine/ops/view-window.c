/* SPDX-License-Identifier: MIT
 *
 * The cards of views that are neither a rearrangement nor a part: alias (x[...]),
 * unfold (sliding windows of a dim) and the diagonal, with the hidden cards that
 * bring their gradients back. */
#include "card.h"

extern const EngOp eng_op_unfold_backward;

#define ENG_VIEWS (ENG_OP_VIEW | ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)

typedef struct
{
  guint ndim;
  gint64 sizes[ENG_MAX_NDIM];
  gint64 strides[ENG_MAX_NDIM];
  gint64 offset;
} Window;

static void
window_init (Window *window, const EngTensor *tensor)
{
  window->ndim = eng_tensor_get_ndim (tensor);
  window->offset = eng_tensor_get_storage_offset (tensor);
  for (guint d = 0; d < window->ndim; d++)
    {
      window->sizes[d] = eng_tensor_get_sizes (tensor)[d];
      window->strides[d] = eng_tensor_get_strides (tensor)[d];
    }
}

static EngTensor *
window_alias (EngTensor *tensor, const Window *window)
{
  return eng_tensor_new_alias (tensor, window->ndim, window->sizes, window->strides, window->offset);
}

/* Adds a dim at the end. */
static gboolean
window_append (Window *window, gint64 size, gint64 stride, GError **error)
{
  if (window->ndim == ENG_MAX_NDIM)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "a tensor can have at most %d dimensions, got %d",
                           ENG_MAX_NDIM, ENG_MAX_NDIM + 1);
  window->sizes[window->ndim] = size;
  window->strides[window->ndim++] = stride;
  return TRUE;
}

static void
window_remove (Window *window, guint dim)
{
  window->ndim--;
  for (guint d = dim; d < window->ndim; d++)
    {
      window->sizes[d] = window->sizes[d + 1];
      window->strides[d] = window->strides[d + 1];
    }
}

static gboolean
view_alias (EngCall *call, GError **error)
{
  Window window;
  window_init (&window, eng_arg_tensor (call, 0));
  call->outputs[0] = window_alias (eng_arg_tensor (call, 0), &window);
  return TRUE;
}

static gboolean
vjp_alias (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_give (grad_inputs, 0, eng_tensor_ref (vjp->grad_outputs[0]));
}

/* Windows of `size` entries, each `step` further on; the window is a new last dim. */
static gboolean
unfold (Window *window, gint64 dim_arg, gint64 size, gint64 step, GError **error)
{
  int dim = eng_shape_wrap_dim (dim_arg, window->ndim, error);
  if (dim < 0)
    return FALSE;
  gboolean scalar = window->ndim == 0;
  gint64 length = scalar ? 1 : window->sizes[dim], stride = scalar ? 1 : window->strides[dim];
  if (size < 0)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "size is %" G_GINT64_FORMAT " but must be >= 0", size);
  if (size > length)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "maximum size for tensor at dimension %d is %" G_GINT64_FORMAT
                           " but size is %" G_GINT64_FORMAT,
                           dim, length, size);
  if (step <= 0)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "step is %" G_GINT64_FORMAT " but must be > 0", step);
  if (!scalar)
    {
      window->sizes[dim] = (length - size) / step + 1;
      window->strides[dim] = window->sizes[dim] > 1 ? stride * step : stride;
    }
  return window_append (window, size, stride, error);
}

static gboolean
view_unfold (EngCall *call, GError **error)
{
  Window window;
  window_init (&window, eng_arg_tensor (call, 0));
  if (!unfold (&window, eng_arg_int (call, 1), eng_arg_int (call, 2), eng_arg_int (call, 3), error))
    return FALSE;
  call->outputs[0] = window_alias (eng_arg_tensor (call, 0), &window);
  return TRUE;
}

static gboolean
vjp_unfold (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  const EngMeta *input = eng_vjp_get_input_meta (vjp, 0);
  EngValue args[] = { eng_value_tensor (vjp->grad_outputs[0]), eng_value_ints (input->sizes, input->ndim),
                      vjp->args[1], vjp->args[2], vjp->args[3] };
  return eng_vjp_give (grad_inputs, 0, eng_call_one (&eng_op_unfold_backward, args, error));
}

/* out += grad where the view of out stands; entries of the view may share memory only
 * along its last dim, which is added one slice after the other. */
static gboolean
add_window (EngTensor *out, const Window *view, EngTensor *grad, GError **error)
{
  Window part = *view, source;
  guint last = view->ndim - 1;
  window_init (&source, grad);
  window_remove (&part, last);
  window_remove (&source, last);
  for (gint64 k = 0; k < view->sizes[last]; k++)
    {
      part.offset = view->offset + k * view->strides[last];
      source.offset = eng_tensor_get_storage_offset (grad) + k * eng_tensor_get_strides (grad)[last];
      g_autoptr (EngTensor) place = window_alias (out, &part);
      g_autoptr (EngTensor) slice = window_alias (grad, &source);
      EngTensor *inputs[] = { place, slice };
      if (!eng_run_formula (ENG_FORMULA_ADD, place, inputs, 2, NULL, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
kernel_unfold_backward (EngCall *call, GError **error)
{
  Window window;
  EngTensor *out = call->outputs[0];
  eng_kernel_fill_int64 (out, 0);
  window_init (&window, out);
  if (!unfold (&window, eng_arg_int (call, 2), eng_arg_int (call, 3), eng_arg_int (call, 4), error))
    return FALSE;
  return eng_tensor_get_numel (out) == 0 || add_window (out, &window, eng_arg_tensor (call, 0), error);
}

static gboolean
vjp_unfold_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  const EngValue *args = vjp->args;
  return eng_vjp_give (
      grad_inputs, 0,
      eng_unfold (vjp->grad_outputs[0], args[2].integer, args[3].integer, args[4].integer, error));
}

/* Entries (i, i + shift) of two dims, as a new last dim. */
static gboolean
diagonal (Window *window, gint64 shift, gint64 dim1_arg, gint64 dim2_arg, GError **error)
{
  int dim1 = eng_shape_wrap_dim (dim1_arg, window->ndim, error);
  int dim2 = dim1 < 0 ? -1 : eng_shape_wrap_dim (dim2_arg, window->ndim, error);
  if (dim2 < 0)
    return FALSE;
  if (dim1 == dim2 || window->ndim < 2)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "diagonal dimensions cannot be identical %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT,
                           dim1_arg, dim2_arg);
  gint64 rows = window->sizes[dim1], cols = window->sizes[dim2];
  gint64 size = shift >= 0 ? MIN (rows, cols - shift) : MIN (rows + shift, cols);
  gint64 stride1 = window->strides[dim1], stride2 = window->strides[dim2];
  if (size > 0)
    window->offset += shift >= 0 ? shift * stride2 : -shift * stride1;
  window_remove (window, (guint) MAX (dim1, dim2));
  window_remove (window, (guint) MIN (dim1, dim2));
  return window_append (window, MAX (size, 0), stride1 + stride2, error);
}

static gboolean
view_diagonal (EngCall *call, GError **error)
{
  Window window;
  window_init (&window, eng_arg_tensor (call, 0));
  if (!diagonal (&window, eng_arg_int (call, 1), eng_arg_int (call, 2), eng_arg_int (call, 3), error))
    return FALSE;
  call->outputs[0] = window_alias (eng_arg_tensor (call, 0), &window);
  return TRUE;
}

static gboolean
vjp_diagonal (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  const EngMeta *input = eng_vjp_get_input_meta (vjp, 0);
  return eng_vjp_give (grad_inputs, 0,
                       eng_diagonal_backward (vjp->grad_outputs[0], input->ndim, input->sizes,
                                              vjp->args[1].integer, vjp->args[2].integer,
                                              vjp->args[3].integer, error));
}

static gboolean
kernel_diagonal_backward (EngCall *call, GError **error)
{
  Window window;
  EngTensor *out = call->outputs[0];
  eng_kernel_fill_int64 (out, 0);
  window_init (&window, out);
  if (!diagonal (&window, eng_arg_int (call, 2), eng_arg_int (call, 3), eng_arg_int (call, 4), error))
    return FALSE;
  g_autoptr (EngTensor) place = window_alias (out, &window);
  eng_kernel_copy (place, eng_arg_tensor (call, 0));
  return TRUE;
}

static gboolean
vjp_diagonal_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  const EngValue *args = vjp->args;
  return eng_vjp_give (
      grad_inputs, 0,
      eng_diagonal (vjp->grad_outputs[0], args[2].integer, args[3].integer, args[4].integer, error));
}

const EngOp eng_op_alias = {
  .signature = "alias(Tensor(a) self) -> Tensor(a)",
  .flags = ENG_OP_VIEW,
  .grad_fn = "AliasBackward0",
  .view = view_alias,
  .vjp = vjp_alias,
  .text = {
    .symbol = "alias", .title = "the same numbers again", .formula = "{out} = {0}",
    .caption = "A view on all of {0} was made ({out.size}): nothing was copied.",
    .backward_caption = "{grad_fn} passed the gradient on to {to}, unchanged.",
    .view_tag = "[…]",
    .derivative = { { "{grad}", "alias passes it unchanged", NULL } },
  },
  .samples = { "T(2,3)", "T()", NULL },
};

const EngOp eng_op_unfold = {
  .signature = "unfold(Tensor(a) self, int dimension, int size, int step) -> Tensor(a)",
  .flags = ENG_OP_VIEW | ENG_OP_TENSOR_METHOD,
  .grad_fn = "UnfoldBackward0",
  .view = view_unfold,
  .vjp = vjp_unfold,
  .text = {
    .symbol = "unfold", .title = "sliding windows", .formula = "{out} = windows of {2} entries of {0}",
    .caption = "unfold made a view of {0}: windows of {2} entries along dim {1}, each {3} further on ({out.size}); "
               "nothing was copied.",
    .backward_caption = "{grad_fn} added up, for each entry of {to}, the gradients of all windows it is in.",
    .view_tag = "windows",
    .derivative = { { "the sum of {grad} over the windows", "unfold adds up what its windows receive", NULL } },
  },
  .samples = { "T(7), 0, 3, 2", "T(2,5), 1, 2, 1", "T(4,3), 0, 2, 2", "T(), 0, 1, 1", NULL },
};

const EngOp eng_op_unfold_backward = {
  .signature = "unfold_backward(Tensor grad_in, int[] input_sizes, int dim, int size, int step) -> Tensor",
  .flags = ENG_OP_HIDDEN,
  .grad_fn = "UnfoldBackwardBackward0",
  .infer = eng_infer_placed,
  .kernel = kernel_unfold_backward,
  .vjp = vjp_unfold_backward,
  .text = { .symbol = "fold",
            .title = "derivative of unfold",
            .formula = "{out} = the windows of {0} added up",
            .caption = "The gradients of the windows were added up where the windows overlap." },
  .samples = { "T(3,3), [7], 0, 3, 2", "T(2,4,2), [2,5], 1, 2, 1", NULL },
};

const EngOp eng_op_diagonal = {
  .signature = "diagonal(Tensor(a) self, int offset=0, int dim1=0, int dim2=1) -> Tensor(a)",
  .flags = ENG_VIEWS,
  .grad_fn = "DiagonalBackward0",
  .view = view_diagonal,
  .vjp = vjp_diagonal,
  .text = {
    .symbol = "diagonal", .title = "the diagonal", .formula = "{out}ᵢ = {0}ᵢᵢ",
    .caption = "diagonal made a view on the diagonal of {0} ({out.size}): nothing was copied.",
    .backward_caption = "{grad_fn} put the gradient on the diagonal of {to}, zeros elsewhere.",
    .view_tag = "diagonal",
    .derivative = { { "{grad} on the diagonal, 0 elsewhere", "diagonal sends it to the diagonal", NULL } },
  },
  .samples = { "T(3,3)", "T(3,4), 1", "T(3,4), -2", "T(2,3,4), 0, -1, 0", "T(2,2), 5", NULL },
};

const EngOp eng_op_diagonal_backward = {
  .signature =
      "diagonal_backward(Tensor grad_output, int[] input_sizes, int offset, int dim1, int dim2) -> Tensor",
  .flags = ENG_OP_HIDDEN,
  .grad_fn = "DiagonalBackwardBackward0",
  .infer = eng_infer_placed,
  .kernel = kernel_diagonal_backward,
  .vjp = vjp_diagonal_backward,
  .text = { .symbol = "place",
            .title = "derivative of diagonal",
            .formula = "{out} = {0} on the diagonal, else 0",
            .caption = "The gradient was put on the diagonal among zeros." },
  .samples = { "T(3), [3,4], 0, 0, 1", "T(3,1), [2,3,4], 1, -1, 0", NULL },
};

EngTensor *
eng_unfold (EngTensor *self, gint64 dim, gint64 size, gint64 step, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_int (dim), eng_value_int (size),
                      eng_value_int (step) };
  return eng_call_one (&eng_op_unfold, args, error);
}

EngTensor *
eng_diagonal (EngTensor *self, gint64 offset, gint64 dim1, gint64 dim2, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_int (offset), eng_value_int (dim1),
                      eng_value_int (dim2) };
  return eng_call_one (&eng_op_diagonal, args, error);
}

EngTensor *
eng_diagonal_backward (EngTensor *grad, guint ndim, const gint64 *sizes, gint64 offset, gint64 dim1,
                       gint64 dim2, GError **error)
{
  EngValue args[] = { eng_value_tensor (grad), eng_value_ints (sizes, ndim), eng_value_int (offset),
                      eng_value_int (dim1), eng_value_int (dim2) };
  return eng_call_one (&eng_op_diagonal_backward, args, error);
}
