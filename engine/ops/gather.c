/* SPDX-License-Identifier: MIT
 *
 * The cards that take an index for every entry: gather and the scatter family, with
 * the hidden card that sends a gradient back to what gather read. Entry (i, j) of the
 * index stands for (index, j) of self when the dim is 0. */
#include "index-plan.h"

#define FOR(k) (1u << (k))
#define ENG_BOTH (ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)
#define ENG_WRITER (ENG_BOTH | ENG_OP_INPLACE_TWIN | ENG_OP_ELEMENTWISE)

static gboolean
check_index_dtype (const EngTensor *index, const char *name, GError **error)
{
  return eng_tensor_get_dtype (index) == ENG_INT64
         || eng_rule_fails (error, ENG_ERROR_RUNTIME, "%s(): Expected dtype int64 for index", name);
}

/* Is the index within sizes, except along the dim `except` (ndim: in all)? 0-dim counts as 1-dim. */
static gboolean
fits (const EngTensor *index, const EngTensor *other, guint except)
{
  for (guint d = 0; d < eng_tensor_get_ndim (index) && d < eng_tensor_get_ndim (other); d++)
    if (d != except && eng_tensor_get_sizes (index)[d] > eng_tensor_get_sizes (other)[d])
      return FALSE;
  return TRUE;
}

static gboolean
same_rank (const EngTensor *a, const EngTensor *b)
{
  return MAX (eng_tensor_get_ndim (a), 1) == MAX (eng_tensor_get_ndim (b), 1);
}

static char *
sizes_of (const EngTensor *tensor)
{
  return eng_shape_to_string (eng_tensor_get_ndim (tensor), eng_tensor_get_sizes (tensor));
}

/* Which element of self each entry of the index stands for. Owned offsets. */
static EngTensor *
gather_offsets (const EngTensor *self, EngTensor *index, guint dim, GError **error)
{
  guint ndim = eng_tensor_get_ndim (index);
  const gint64 *sizes = eng_tensor_get_sizes (index), *strides = eng_tensor_get_strides (self);
  gint64 n = eng_tensor_get_numel (index), at[ENG_MAX_NDIM] = { 0 }, base = 0;
  gboolean scalar = eng_tensor_get_ndim (self) == 0;
  gint64 size = scalar ? 1 : eng_tensor_get_sizes (self)[dim], stride = scalar ? 0 : strides[dim];
  g_autoptr (EngTensor) dense = eng_dense (index, ENG_INT64, ndim, sizes, error);
  EngTensor *offsets = dense != NULL ? eng_tensor_new (ENG_INT64, ndim, sizes, error) : NULL;
  if (offsets == NULL)
    return NULL;
  gint64 *out = eng_tensor_get_data (offsets);
  const gint64 *numbers = eng_tensor_get_data (dense);
  gint64 length = ndim > 0 ? sizes[ndim - 1] : 1;
  gint64 along = ndim > 0 && !scalar && dim != ndim - 1 ? strides[ndim - 1] : 0;
  for (gint64 row = 0; row < n; row += length)
    {
      for (gint64 j = 0; j < length; j++)
        out[row + j] = base + j * along;
      for (guint d = ndim > 0 ? ndim - 1 : 0; d-- > 0;)
        {
          gint64 step = d == dim ? 0 : strides[d];
          base += step;
          if (++at[d] < sizes[d])
            break;
          base -= step * sizes[d];
          at[d] = 0;
        }
    }
  gint64 bad = eng_places_add_index (out, numbers, n, size, stride, FALSE);
  if (bad < 0)
    return offsets;
  eng_tensor_unref (offsets);
  eng_rule_fails (error, ENG_ERROR_RUNTIME,
                  "index %" G_GINT64_FORMAT " is out of bounds for dimension %u with size %" G_GINT64_FORMAT,
                  numbers[bad], dim, size);
  return NULL;
}

static EngPlaces
single_places (EngTensor *offsets)
{
  return (EngPlaces){ .n = eng_tensor_get_numel (offsets), .offsets = eng_tensor_get_data (offsets) };
}

/* A dim that was checked before. */
static guint
wrapped (gint64 dim, const EngTensor *tensor)
{
  return (guint) (dim < 0 ? dim + MAX (eng_tensor_get_ndim (tensor), 1) : dim);
}

static gboolean
infer_gather (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0), *index = eng_arg_tensor (call, 2);
  int dim = eng_shape_wrap_dim (eng_arg_int (call, 1), eng_tensor_get_ndim (self), error);
  if (dim < 0 || !check_index_dtype (index, "gather", error))
    return FALSE;
  eng_meta_set_like (&call->out[0], eng_tensor_get_dtype (self), index);
  if (eng_tensor_get_numel (index) == 0)
    return TRUE;
  if (!same_rank (self, index))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "Index tensor must have the same number of dimensions as input tensor");
  for (guint d = 0; d < eng_tensor_get_ndim (index); d++)
    if (d != (guint) dim && eng_tensor_get_sizes (index)[d] > eng_tensor_get_sizes (self)[d])
      {
        g_autofree char *own = sizes_of (self);
        g_autofree char *other = sizes_of (index);
        return eng_rule_fails (
            error, ENG_ERROR_RUNTIME,
            "Size does not match at dimension %u expected index %s to be smaller than self %s apart "
            "from dimension %d",
            d, other, own, dim);
      }
  return TRUE;
}

static gboolean
kernel_gather (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  g_autoptr (EngTensor)
      offsets = gather_offsets (self, eng_arg_tensor (call, 2), wrapped (eng_arg_int (call, 1), self), error);
  if (offsets == NULL)
    return FALSE;
  EngPlaces places = single_places (offsets);
  eng_places_take (&places, call->outputs[0], self);
  return TRUE;
}

static gboolean
vjp_gather (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *index = eng_vjp_get_input (vjp, 1, error);
  return index != NULL
         && eng_vjp_give (grad_inputs, 0,
                          eng_gather_backward (vjp->grad_outputs[0], eng_vjp_get_input_meta (vjp, 0),
                                               vjp->args[1].integer, index, error));
}

static gboolean
kernel_gather_backward (EngCall *call, GError **error)
{
  EngTensor *grad = eng_arg_tensor (call, 0), *out = call->outputs[0];
  g_autoptr (EngTensor)
      offsets = gather_offsets (out, eng_arg_tensor (call, 3), wrapped (eng_arg_int (call, 2), out), error);
  g_autoptr (EngTensor)
      dense = offsets == NULL ? NULL
                              : eng_dense (grad, eng_tensor_get_dtype (grad), eng_tensor_get_ndim (grad),
                                           eng_tensor_get_sizes (grad), error);
  if (dense == NULL)
    return FALSE;
  EngPlaces places = single_places (offsets);
  eng_kernel_fill_int64 (out, 0);
  eng_places_put (&places, out, dense, FALSE, ENG_PUT_ADD);
  return TRUE;
}

static gboolean
vjp_gather_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *index = eng_vjp_get_input (vjp, 1, error);
  return index != NULL
         && eng_vjp_give (grad_inputs, 0,
                          eng_gather (vjp->grad_outputs[0], vjp->args[2].integer, index, error));
}

/* scatter's arguments: self, dim, index, then a tensor or a number. */
static gboolean
infer_scatter (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0), *index = eng_arg_tensor (call, 2),
            *src = eng_arg_tensor (call, 3);
  int dim = eng_shape_wrap_dim (eng_arg_int (call, 1), eng_tensor_get_ndim (self), error);
  if (dim < 0 || !check_index_dtype (index, "scatter", error))
    return FALSE;
  if (src != NULL && eng_tensor_get_dtype (src) != eng_tensor_get_dtype (self))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "scatter(): Expected self.dtype to be equal to src.dtype");
  if (eng_tensor_get_numel (index) == 0)
    return eng_infer_same (call, error);
  if (!same_rank (self, index) || (src != NULL && !same_rank (src, index)))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "Index tensor must have the same number of dimensions as %s tensor",
                           same_rank (self, index) ? "src" : "self");
  if (fits (index, self, (guint) dim) && (src == NULL || fits (index, src, ENG_MAX_NDIM)))
    return eng_infer_same (call, error);
  g_autofree char *own = sizes_of (self);
  g_autofree char *indexed = sizes_of (index);
  g_autofree char *source = src != NULL ? sizes_of (src) : NULL;
  return eng_rule_fails (
      error, ENG_ERROR_RUNTIME, "Expected index %s to be smaller than self %s apart from dimension %d%s%s",
      indexed, own, dim, src != NULL ? " and to be smaller size than src " : "", src != NULL ? source : "");
}

/* The part of src that the index covers; a 0-dim index covers one entry. */
static EngTensor *
covered_part (EngTensor *src, const EngTensor *index)
{
  const gint64 one = 1;
  return eng_tensor_new_alias (src, eng_tensor_get_ndim (src),
                               eng_tensor_get_ndim (index) == 0 ? &one : eng_tensor_get_sizes (index),
                               eng_tensor_get_strides (src), eng_tensor_get_storage_offset (src));
}

static gboolean
scatter (EngCall *call, EngPut put, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0), *index = eng_arg_tensor (call, 2),
            *src = eng_arg_tensor (call, 3);
  EngTensor *out = call->outputs[0];
  gboolean single = TRUE;
  if (eng_tensor_get_numel (index) == 0)
    {
      eng_start_from_self (call);
      return TRUE;
    }
  g_autoptr (EngTensor) part = src != NULL ? covered_part (src, index) : NULL;
  g_autoptr (EngTensor) source = src == NULL ? eng_number_like (&call->args[3], out, error)
                                             : eng_source_for (part, out, eng_tensor_get_ndim (part),
                                                               eng_tensor_get_sizes (part), &single, error);
  g_autoptr (EngTensor)
      offsets = source == NULL ? NULL
                               : gather_offsets (out, index, wrapped (eng_arg_int (call, 1), self), error);
  if (offsets == NULL)
    return FALSE;
  EngPlaces places = single_places (offsets);
  eng_start_from_self (call);
  eng_places_put (&places, out, source, single, put);
  return TRUE;
}

static gboolean
kernel_scatter (EngCall *call, GError **error)
{
  return scatter (call, ENG_PUT_SET, error);
}

static gboolean
kernel_scatter_add (EngCall *call, GError **error)
{
  return scatter (call, ENG_PUT_ADD, error);
}

static gboolean
reduction_of (const EngCall *call, EngPut *put, GError **error)
{
  static const struct
  {
    const char *name;
    EngPut put;
  } names[] = {
    { "add", ENG_PUT_ADD },
    { "multiply", ENG_PUT_MULTIPLY },
  };
  for (guint k = 0; k < G_N_ELEMENTS (names); k++)
    if (g_strcmp0 (call->args[4].string, names[k].name) == 0)
      {
        *put = names[k].put;
        return TRUE;
      }
  return eng_rule_fails (error, ENG_ERROR_RUNTIME, "reduce argument must be either add or multiply.");
}

static gboolean
infer_scatter_by (EngCall *call, GError **error)
{
  EngPut put;
  return reduction_of (call, &put, error) && infer_scatter (call, error);
}

static gboolean
kernel_scatter_by (EngCall *call, GError **error)
{
  EngPut put;
  return reduction_of (call, &put, error) && scatter (call, put, error);
}

/* The gradient at the places written, in src's sizes: zeros where src was not read. */
static EngTensor *
grad_of_src (EngVjp *vjp, EngTensor *index, GError **error)
{
  const EngMeta *src = eng_vjp_get_input_meta (vjp, 2);
  g_autoptr (EngTensor) grad = eng_gather (vjp->grad_outputs[0], vjp->args[1].integer, index, error);
  for (guint d = 0; grad != NULL && d < src->ndim && d < eng_tensor_get_ndim (grad); d++)
    {
      EngMeta wider;
      gint64 size = eng_tensor_get_sizes (grad)[d];
      if (size == src->sizes[d])
        continue;
      eng_meta_set_like (&wider, src->dtype, grad);
      wider.sizes[d] = src->sizes[d];
      EngTensor *next = eng_slice_backward (grad, &wider, d, 0, size, 1, error);
      eng_tensor_unref (grad);
      grad = next;
    }
  return g_steal_pointer (&grad);
}

static gboolean
vjp_scatter_add (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  if (eng_vjp_needs (vjp, 0))
    grad_inputs[0] = eng_tensor_ref (vjp->grad_outputs[0]);
  if (!eng_vjp_needs (vjp, 2))
    return TRUE;
  EngTensor *index = eng_vjp_get_input (vjp, 1, error);
  return index != NULL && eng_vjp_give (grad_inputs, 2, grad_of_src (vjp, index, error));
}

/* What stood there before gets nothing where it was overwritten. */
static gboolean
vjp_scatter (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *index = eng_vjp_get_input (vjp, 1, error);
  if (index == NULL)
    return FALSE;
  if (eng_vjp_needs (vjp, 0)
      && !eng_vjp_give (grad_inputs, 0,
                        eng_scatter_value (vjp->grad_outputs[0], vjp->args[1].integer, index, 0, error)))
    return FALSE;
  return !eng_vjp_needs (vjp, 2) || eng_vjp_give (grad_inputs, 2, grad_of_src (vjp, index, error));
}

#define SCATTER_TEXT                                                                                         \
  .symbol = "scatter", .title = "written by index",                                                          \
  .formula = "{out} = {0} with entries at the index along dim {1} replaced",                                 \
  .caption =                                                                                                 \
      "scatter wrote entries into a copy of {0} where the index points along dim {1}: {out} ({out.size}).",  \
  .caption_moved =                                                                                           \
      "scatter wrote entries where the index points along dim {1}; the name {out} now means this result."

const EngOp eng_op_gather = {
  .signature = "gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "GatherBackward0",
  .infer = infer_gather,
  .kernel = kernel_gather,
  .saves = { { ENG_SAVE_INPUT (1), FOR (0) } },
  .vjp = vjp_gather,
  .text = {
    .symbol = "gather", .title = "one entry per index", .formula = "{out} = {0} at the index along dim {1}",
    .caption = "gather picked, for each entry of the index, one entry of {0} along dim {1}: {out} ({out.size}).",
    .caption_moved = "gather picked one entry of {0} for each entry of the index; the name {out} now means the result.",
    .backward_caption = "{grad_fn} put each gradient back at the entry of {to} that was picked, zeros elsewhere.",
    .derivative = { { "{grad} at the picked entries, 0 elsewhere", "gather sends it to the entries it picked", NULL } },
  },
  .samples = { "T(2,5), 1, J(2,3)", "T(5,3), 0, J(2,2)", "T(5,2,3), -3, J(4,2,3)", "T(5), 0, J(0)", "I(5), 0, J(4)", NULL },
};

const EngOp eng_op_gather_backward = {
  .signature = "gather_backward(Tensor grad_output, int[] input_sizes, int dim, Tensor index) -> Tensor",
  .flags = ENG_OP_HIDDEN,
  .grad_fn = "GatherBackwardBackward0",
  .infer = eng_infer_placed,
  .kernel = kernel_gather_backward,
  .saves = { { ENG_SAVE_INPUT (1), FOR (0) } },
  .vjp = vjp_gather_backward,
  .text = { .symbol = "place",
            .title = "derivative of gather",
            .formula = "{out} = {0} at its places, 0 elsewhere",
            .caption =
                "The gradients were put back at their places among zeros and added up where they met." },
  .samples = { "T(2,3), [2,5], 1, J(2,3)", "T(4), [5], 0, J(4)", NULL },
};

const EngOp eng_op_scatter_src = {
  .signature = "scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor",
  .flags = ENG_WRITER,
  .grad_fn = "ScatterBackward0",
  .infer = infer_scatter,
  .kernel = kernel_scatter,
  .saves = { { ENG_SAVE_INPUT (1), FOR (0) | FOR (2) } },
  .vjp = vjp_scatter,
  .text = {
    SCATTER_TEXT,
    .backward_caption = "{grad_fn} sent the gradients at the places written to the source, the others to what stood "
                        "there before{none}.",
    .derivative = {
      { "{grad}, 0 where written", "scatter cuts it where it wrote", "0 where written" },
      { NULL, NULL, NULL },
      { "{grad} at the places written", "scatter passes on what arrived there", "× 1 where written" },
    },
  },
  .samples = { "T(2,5), 1, J(2,1), T(2,1)", "T(5,3), 0, J(1,3), T(2,3)", "T(5), 0, J(3), T(4)", NULL },
};

const EngOp eng_op_scatter_value = {
  .signature = "scatter.value(Tensor self, int dim, Tensor index, Scalar value) -> Tensor",
  .flags = ENG_WRITER,
  .grad_fn = "ScatterBackward1",
  .infer = infer_scatter,
  .kernel = kernel_scatter,
  .saves = { { ENG_SAVE_INPUT (1), FOR (0) } },
  .vjp = vjp_scatter,
  .text = {
    SCATTER_TEXT,
    .backward_caption = "{grad_fn} passed the gradient on to {to}, with 0 at the places written.",
    .derivative = { { "{grad}, 0 where written", "scatter cuts it where it wrote", "0 where written" } },
  },
  .samples = { "T(2,5), 1, J(2,2), 7.5", "I(5), 0, J(3), 2", "T(5,2), -2, J(1,2), 1", NULL },
};

const EngOp eng_op_scatter_reduce_src = {
  .signature = "scatter.reduce(Tensor self, int dim, Tensor index, Tensor src, *, str reduce) -> Tensor",
  .flags = ENG_WRITER,
  .grad_fn = "NotImplemented",
  .infer = infer_scatter_by,
  .kernel = kernel_scatter_by,
  .text = { SCATTER_TEXT },
  .samples = { "N(2,5), 1, J(2,3), N(2,3), reduce='add'", "N(5), 0, J(6), N(6), reduce='multiply'", NULL },
};

const EngOp eng_op_scatter_reduce_value = {
  .signature =
      "scatter.value_reduce(Tensor self, int dim, Tensor index, Scalar value, *, str reduce) -> Tensor",
  .flags = ENG_WRITER,
  .grad_fn = "NotImplemented",
  .infer = infer_scatter_by,
  .kernel = kernel_scatter_by,
  .text = { SCATTER_TEXT },
  .samples = { "N(2,5), 1, J(2,3), 2, reduce='add'", "I(5), 0, J(6), 3, reduce='multiply'", NULL },
};

const EngOp eng_op_scatter_add = {
  .signature = "scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor",
  .flags = ENG_WRITER,
  .grad_fn = "ScatterAddBackward0",
  .infer = infer_scatter,
  .kernel = kernel_scatter_add,
  .saves = { { ENG_SAVE_INPUT (1), FOR (2) } },
  .vjp = vjp_scatter_add,
  .text = {
    .symbol = "scatter_add", .title = "added by index",
    .formula = "{out} = {0} + {3} at the index along dim {1}",
    .caption = "scatter_add added each entry of {3} to {0} where the index points along dim {1}: {out} ({out.size}).",
    .caption_moved = "scatter_add added entries where the index points; the name {out} now means this result.",
    .backward_caption = "{grad_fn} passed the gradient on; each added entry got what arrived at its place{none}.",
    .derivative = {
      { "{grad}", "scatter_add passes it unchanged", "× 1" },
      { NULL, NULL, NULL },
      { "{grad} at its place", "scatter_add passes on what arrived there", "× 1" },
    },
  },
  .samples = { "T(2,5), 1, J(2,4), T(2,4)", "T(5), 0, J(7), T(7)", "T(5,3), 0, J(2,2), T(3,3)", "I(5), 0, J(3), I(3)", NULL },
};

EngTensor *
eng_gather (EngTensor *self, gint64 dim, EngTensor *index, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_int (dim), eng_value_tensor (index),
                      eng_value_bool (FALSE) };
  return eng_call_one (&eng_op_gather, args, error);
}

EngTensor *
eng_gather_backward (EngTensor *grad, const EngMeta *input, gint64 dim, EngTensor *index, GError **error)
{
  EngValue args[] = { eng_value_tensor (grad), eng_value_ints (input->sizes, input->ndim),
                      eng_value_int (dim), eng_value_tensor (index) };
  return eng_call_one (&eng_op_gather_backward, args, error);
}

EngTensor *
eng_scatter_value (EngTensor *self, gint64 dim, EngTensor *index, double value, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_int (dim), eng_value_tensor (index),
                      eng_value_number_for (self, value) };
  return eng_call_one (&eng_op_scatter_value, args, error);
}

EngTensor *
eng_scatter_add (EngTensor *self, gint64 dim, EngTensor *index, EngTensor *src, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_int (dim), eng_value_tensor (index),
                      eng_value_tensor (src) };
  return eng_call_one (&eng_op_scatter_add, args, error);
}
