/* SPDX-License-Identifier: MIT
 *
 * The cards that take a list of places along one dim: index_select, index_add,
 * index_copy, index_fill. Whole slices are read or written; a 0-dim tensor counts as
 * 1-dim. Each word of refusal is PyTorch's own for the operation. */
#include "index-plan.h"

#include <string.h>

#define FOR(k) (1u << (k))
#define ENG_BOTH (ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)
#define ENG_WRITER (ENG_BOTH | ENG_OP_INPLACE_TWIN | ENG_OP_ELEMENTWISE)

/* The size of a dim; 1 for a 0-dim tensor. */
static gint64
size_along (const EngTensor *tensor, guint dim)
{
  return eng_tensor_get_ndim (tensor) > 0 ? eng_tensor_get_sizes (tensor)[dim] : 1;
}

/* The places along parameter 1's dim that the index in parameter 2 names. Owned offsets.
 * `who` begins the refusal of an index out of bounds; NULL: in general words. */
static EngTensor *
list_places (const EngCall *call, const EngTensor *tensor, gboolean wrap, const char *who, EngPlaces *places,
             GError **error)
{
  EngTensor *index = eng_arg_tensor (call, 2);
  guint ndim = eng_tensor_get_ndim (tensor);
  int dim = eng_shape_wrap_dim (eng_arg_int (call, 1), ndim, error);
  gint64 n = eng_tensor_get_numel (index), size = size_along (tensor, (guint) dim);
  gint64 stride = ndim > 0 ? eng_tensor_get_strides (tensor)[dim] : 0;
  g_autoptr (EngTensor)
      dense = eng_dense (index, ENG_INT64, eng_tensor_get_ndim (index), eng_tensor_get_sizes (index), error);
  g_autoptr (EngTensor) offsets = dense != NULL ? eng_tensor_new (ENG_INT64, 1, &n, error) : NULL;
  if (offsets == NULL)
    return NULL;
  memset (eng_tensor_get_data (offsets), 0, (gsize) n * sizeof (gint64));
  const gint64 *numbers = eng_tensor_get_data (dense);
  gint64 bad = eng_places_add_index (eng_tensor_get_data (offsets), numbers, n, size, stride, wrap);
  if (bad >= 0 && who == NULL)
    eng_rule_fails (error, ENG_ERROR_INDEX, "index out of range in self");
  else if (bad >= 0)
    eng_rule_fails (error, ENG_ERROR_INDEX,
                    "%sindex %" G_GINT64_FORMAT
                    " is out of bounds for dimension %d with size %" G_GINT64_FORMAT,
                    who, numbers[bad], dim, size);
  if (bad >= 0)
    return NULL;
  eng_places_round_dim (places, tensor, (guint) dim);
  places->n = n;
  places->offsets = eng_tensor_get_data (offsets);
  return g_steal_pointer (&offsets);
}

static gboolean
is_vector (const EngTensor *index)
{
  return eng_tensor_get_ndim (index) <= 1;
}

static gboolean
is_whole (const EngTensor *index)
{
  EngDtype dtype = eng_tensor_get_dtype (index);
  return dtype == ENG_INT64 || dtype == ENG_INT32;
}

static gboolean
infer_index_select (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0), *index = eng_arg_tensor (call, 2);
  int dim = eng_shape_wrap_dim (eng_arg_int (call, 1), eng_tensor_get_ndim (self), error);
  if (dim < 0)
    return FALSE;
  if (!is_vector (index))
    return eng_rule_fails (error, ENG_ERROR_INDEX, "index_select(): Index is supposed to be a vector");
  if (!is_whole (index))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "index_select(): Expected dtype int32 or int64 for index");
  eng_meta_set_like (&call->out[0], eng_tensor_get_dtype (self), self);
  if (eng_tensor_get_ndim (self) > 0)
    call->out[0].sizes[dim] = eng_tensor_get_numel (index);
  else if (eng_tensor_get_numel (index) != 1)
    return eng_rule_fails (error, ENG_ERROR_INDEX,
                           "index_select(): Index to scalar can have only 1 value, got %" G_GINT64_FORMAT
                           " value(s)",
                           eng_tensor_get_numel (index));
  return TRUE;
}

static gboolean
kernel_index_select (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  EngPlaces places;
  g_autoptr (EngTensor) offsets = list_places (call, self, FALSE, NULL, &places, error);
  if (offsets == NULL)
    return FALSE;
  eng_places_take (&places, call->outputs[0], self);
  return TRUE;
}

/* A gradient of index_select among zeros. The index was input 1, the dim parameter 1. */
static gboolean
vjp_index_select (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  const EngMeta *input = eng_vjp_get_input_meta (vjp, 0);
  EngTensor *index = eng_vjp_get_input (vjp, 1, error);
  if (index == NULL)
    return FALSE;
  if (input->ndim == 0)
    return eng_vjp_give (grad_inputs, 0, eng_tensor_ref (vjp->grad_outputs[0]));
  gint64 dim = vjp->args[1].integer < 0 ? vjp->args[1].integer + input->ndim : vjp->args[1].integer;
  g_autoptr (EngTensor) list = eng_reshape (index, 1, (gint64[]){ -1 }, error);
  return list != NULL
         && eng_vjp_give (grad_inputs, 0,
                          eng_index_backward (vjp->grad_outputs[0], input, &list, 1, &dim, error));
}

/* The dtype's name as in "Float". */
static const char *
dtype_of (const EngTensor *tensor)
{
  return eng_dtype_scalar_name (eng_tensor_get_dtype (tensor));
}

static gboolean
check_vector (const EngTensor *index, const char *name, GError **error)
{
  if (is_vector (index))
    return TRUE;
  g_autofree char *sizes = eng_shape_to_string (eng_tensor_get_ndim (index), eng_tensor_get_sizes (index));
  return eng_rule_fails (error, ENG_ERROR_INDEX,
                         "%s(): Index is supposed to be a vector, but got dim: %u with type: %s "
                         "and size: %s",
                         name, eng_tensor_get_ndim (index), dtype_of (index), sizes);
}

/* Has source self's sizes, but for the dim? */
static gboolean
same_slices (const EngTensor *self, const EngTensor *source, guint dim)
{
  guint ndim = eng_tensor_get_ndim (self);
  gboolean same = MAX (ndim, 1) == MAX (eng_tensor_get_ndim (source), 1);
  for (guint d = 0; same && d < ndim && d < eng_tensor_get_ndim (source); d++)
    same = d == dim || eng_tensor_get_sizes (self)[d] == eng_tensor_get_sizes (source)[d];
  return same;
}

static gboolean
infer_index_add (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0), *index = eng_arg_tensor (call, 2),
            *source = eng_arg_tensor (call, 3);
  int dim = eng_shape_wrap_dim (eng_arg_int (call, 1), eng_tensor_get_ndim (self), error);
  if (dim < 0 || !check_vector (index, "index_add_", error))
    return FALSE;
  if (!is_whole (index))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "index_add_(): Expected dtype int32/int64 for index but got: %s",
                           dtype_of (index));
  if (eng_tensor_get_dtype (self) != eng_tensor_get_dtype (source))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "index_add_(): self (%s) and source (%s) must have the same scalar type",
                           dtype_of (self), dtype_of (source));
  if (!same_slices (self, source, (guint) dim))
    {
      g_autofree char *own = eng_shape_to_string (eng_tensor_get_ndim (self), eng_tensor_get_sizes (self));
      g_autofree char *other = eng_shape_to_string (eng_tensor_get_ndim (source),
                                                    eng_tensor_get_sizes (source));
      return eng_rule_fails (
          error, ENG_ERROR_RUNTIME,
          "source tensor shape must match self tensor shape, excluding the specified dimension. Got "
          "self.shape = %s source.shape = %s",
          own, other);
    }
  if (size_along (source, (guint) dim) != eng_tensor_get_numel (index))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "index_add_(): Number of indices (%" G_GINT64_FORMAT
                           ") should be equal to source.size(dim): (%" G_GINT64_FORMAT "), for dim: %d",
                           eng_tensor_get_numel (index), size_along (source, (guint) dim), dim);
  return eng_infer_same (call, error);
}

static gboolean
infer_index_copy (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0), *index = eng_arg_tensor (call, 2),
            *source = eng_arg_tensor (call, 3);
  int dim = eng_shape_wrap_dim (eng_arg_int (call, 1), eng_tensor_get_ndim (self), error);
  if (dim < 0)
    return FALSE;
  if (!is_vector (index))
    return eng_rule_fails (error, ENG_ERROR_INDEX,
                           "index_copy_(): Index should have dimension 1 or 0 (got %u)",
                           eng_tensor_get_ndim (index));
  if (eng_tensor_get_dtype (index) != ENG_INT64)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "index_copy_(): Expected a long tensor for index, but got %s", dtype_of (index));
  if (eng_tensor_get_dtype (self) != eng_tensor_get_dtype (source))
    return eng_rule_fails (
        error, ENG_ERROR_RUNTIME,
        "index_copy_(): self and source expected to have the same dtype, but got (self) %s and "
        "(source) %s",
        dtype_of (self), dtype_of (source));
  if (!same_slices (self, source, (guint) dim))
    {
      g_autofree char *own = eng_shape_to_string (eng_tensor_get_ndim (self), eng_tensor_get_sizes (self));
      g_autofree char *other = eng_shape_to_string (eng_tensor_get_ndim (source),
                                                    eng_tensor_get_sizes (source));
      return eng_rule_fails (
          error, ENG_ERROR_RUNTIME,
          "index_copy_(): Source/destination tensor must have same slice shapes apart from dimension "
          "%d, but the destination is %s and the source %s",
          dim, own, other);
    }
  if (size_along (source, (guint) dim) != eng_tensor_get_numel (index))
    return eng_rule_fails (error, ENG_ERROR_INDEX,
                           "index_copy_(): Number of indices (%" G_GINT64_FORMAT
                           ") should be equal to source.size(dim) (%" G_GINT64_FORMAT ")",
                           eng_tensor_get_numel (index), size_along (source, (guint) dim));
  return eng_infer_same (call, error);
}

/* Writes source (owned, NULL on error) into the places of the call. */
static gboolean
put (EngCall *call, EngTensor *source, gboolean single, gboolean wrap, const char *who, EngPut how,
     GError **error)
{
  EngPlaces places;
  g_autoptr (EngTensor) values = source;
  g_autoptr (EngTensor)
      offsets = values != NULL ? list_places (call, call->outputs[0], wrap, who, &places, error) : NULL;
  if (offsets == NULL)
    return FALSE;
  eng_start_from_self (call);
  eng_places_put (&places, call->outputs[0], values, single, how);
  return TRUE;
}

static EngTensor *
source_of (EngCall *call, gboolean *single, GError **error)
{
  EngTensor *source = eng_arg_tensor (call, 3);
  return eng_source_for (source, call->outputs[0], eng_tensor_get_ndim (source),
                         eng_tensor_get_sizes (source), single, error);
}

/* source × alpha */
static EngTensor *
scaled (EngTensor *source, const EngValue *alpha, GError **error)
{
  EngTensor *product = eng_tensor_new (eng_tensor_get_dtype (source), eng_tensor_get_ndim (source),
                                       eng_tensor_get_sizes (source), error);
  EngTensor *inputs[] = { source, source };
  const double numbers[] = { eng_value_as_double (alpha) - 1, 0 };
  if (product != NULL && !eng_run_formula (ENG_FORMULA_ADD, product, inputs, 2, numbers, error))
    g_clear_pointer (&product, eng_tensor_unref);
  return product;
}

static gboolean
kernel_index_add (EngCall *call, GError **error)
{
  gboolean single;
  EngTensor *source = source_of (call, &single, error);
  if (source != NULL && eng_arg_double (call, 4) != 1)
    {
      EngTensor *product = scaled (source, &call->args[4], error);
      eng_tensor_unref (source);
      source = product;
    }
  return put (call, source, single, FALSE, NULL, ENG_PUT_ADD, error);
}

static gboolean
kernel_index_copy (EngCall *call, GError **error)
{
  gboolean single;
  EngTensor *source = source_of (call, &single, error);
  return put (call, source, single, FALSE, "index_copy_(): ", ENG_PUT_SET, error);
}

static gboolean
infer_index_fill (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0), *index = eng_arg_tensor (call, 2),
            *value = eng_arg_tensor (call, 3);
  if (eng_shape_wrap_dim (eng_arg_int (call, 1), eng_tensor_get_ndim (self), error) < 0)
    return FALSE;
  if (eng_tensor_get_dtype (index) != ENG_INT64)
    return eng_rule_fails (error, ENG_ERROR_INDEX, "index_fill_(): Expected dtype int64 for index.");
  if (!is_vector (index))
    return eng_rule_fails (error, ENG_ERROR_INDEX, "Index has to be a vector/scalar");
  if (value != NULL && eng_tensor_get_ndim (value) != 0)
    return eng_rule_fails (
        error, ENG_ERROR_RUNTIME,
        "index_fill_ only supports a 0-dimensional value tensor, but got tensor with %u dimension(s).",
        eng_tensor_get_ndim (value));
  return eng_infer_same (call, error);
}

static gboolean
kernel_index_fill (EngCall *call, GError **error)
{
  return put (call, eng_number_like (&call->args[3], call->outputs[0], error), TRUE, TRUE, "", ENG_PUT_SET,
              error);
}

/* The gradient of what was read from the source. */
static EngTensor *
read_slices (EngVjp *vjp, GError **error)
{
  EngTensor *index = eng_vjp_get_input (vjp, 1, error);
  return index != NULL ? eng_index_select (vjp->grad_outputs[0], vjp->args[1].integer, index, error) : NULL;
}

static gboolean
vjp_index_add (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  const EngValue *alpha = &vjp->args[4];
  if (eng_vjp_needs (vjp, 0))
    grad_inputs[0] = eng_tensor_ref (vjp->grad_outputs[0]);
  if (!eng_vjp_needs (vjp, 2))
    return TRUE;
  g_autoptr (EngTensor) slices = read_slices (vjp, error);
  if (slices == NULL || eng_value_as_double (alpha) == 1)
    return eng_vjp_give (grad_inputs, 2, g_steal_pointer (&slices));
  return eng_vjp_give (grad_inputs, 2, eng_mul_scalar (slices, eng_value_as_double (alpha), error));
}

/* self's gradient, with 0 where slices were replaced. */
static gboolean
give_rest (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *index = eng_vjp_needs (vjp, 0) ? eng_vjp_get_input (vjp, 1, error) : NULL;
  if (!eng_vjp_needs (vjp, 0))
    return TRUE;
  return index != NULL
         && eng_vjp_give (grad_inputs, 0,
                          eng_index_fill (vjp->grad_outputs[0], vjp->args[1].integer, index, 0, error));
}

static gboolean
vjp_index_copy (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return give_rest (vjp, grad_inputs, error)
         && (!eng_vjp_needs (vjp, 2) || eng_vjp_give (grad_inputs, 2, read_slices (vjp, error)));
}

static gboolean
vjp_index_fill (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  if (!give_rest (vjp, grad_inputs, error))
    return FALSE;
  if (!eng_vjp_needs (vjp, 2))
    return TRUE;
  g_autoptr (EngTensor) slices = read_slices (vjp, error);
  return slices != NULL && eng_vjp_give (grad_inputs, 2, eng_sum (slices, error));
}

const EngOp eng_op_index_select = {
  .signature = "index_select(Tensor self, int dim, Tensor index) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "IndexSelectBackward0",
  .infer = infer_index_select,
  .kernel = kernel_index_select,
  .saves = { { ENG_SAVE_INPUT (1), FOR (0) } },
  .vjp = vjp_index_select,
  .text = {
    .symbol = "index_select", .title = "slices picked by index", .formula = "{out} = slices of {0} along dim {1}",
    .caption = "index_select copied the slices of {0} that the index names along dim {1} into {out} ({out.size}).",
    .caption_moved = "index_select copied the slices that the index names; the name {out} now means the copy.",
    .backward_caption = "{grad_fn} put the gradient back at the slices of {to} that were picked, zeros elsewhere; a slice "
                        "picked twice got both.",
    .derivative = { { "{grad} at the picked slices, 0 elsewhere", "index_select sends it to the slices it picked",
                      NULL } },
  },
  .samples = { "T(5,3), 0, J(4)", "T(2,5), -1, J(2)", "T(2,5,3), 1, J(6)", "T(5), 0, J(0)", "I(5), 0, J()", NULL },
};

const EngOp eng_op_index_add = {
  .signature = "index_add(Tensor self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor",
  .flags = ENG_WRITER,
  .grad_fn = "IndexAddBackward0",
  .infer = infer_index_add,
  .kernel = kernel_index_add,
  .saves = { { ENG_SAVE_INPUT (1), FOR (2) } },
  .vjp = vjp_index_add,
  .text = {
    .symbol = "index_add", .title = "slices added by index", .formula = "{out} = {0} + {number.alpha} × {2} at the index along dim {param.dim}\n"
               "{out} = {0} + {2} at the index along dim {param.dim}",
    .caption = "index_add added {number.alpha} × the slices of {2} to the slices of {0} that the index names along dim "
               "{param.dim}: {out} ({out.size}).\n"
               "index_add added the slices of {2} to the slices of {0} that the index names along dim {param.dim}: "
               "{out} ({out.size}).",
    .caption_moved = "index_add added slices where the index points; the name {out} now means this result.",
    .backward_caption = "{grad_fn} passed the gradient on; each added slice got what arrived at its place, times "
                        "{number.alpha}{none}.\n"
                        "{grad_fn} passed the gradient on; each added slice got what arrived at its place{none}.",
    .derivative = {
      { "{grad}", "index_add passes it unchanged", "× 1" },
      { NULL, NULL, NULL },
      { "{grad} at its place × {number.alpha}\n{grad} at its place",
        "index_add passes on what arrived there, times {number.alpha}\nindex_add passes on what arrived there",
        "× {number.alpha}\n× 1" },
    },
  },
  .samples = { "T(5,3), 0, J(4), T(4,3)", "T(2,5), 1, J(2), T(2,2), alpha=2", "T(5), 0, J(6), T(6), alpha=-0.5",
               "I(5), 0, J(3), I(3)", "T(5,2), 0, J(0), T(0,2)", NULL },
};

const EngOp eng_op_index_copy = {
  .signature = "index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor",
  .flags = ENG_WRITER,
  .grad_fn = "IndexCopyBackward0",
  .infer = infer_index_copy,
  .kernel = kernel_index_copy,
  .saves = { { ENG_SAVE_INPUT (1), FOR (0) | FOR (2) } },
  .vjp = vjp_index_copy,
  .text = {
    .symbol = "index_copy", .title = "slices replaced by index",
    .formula = "{out} = {0} with slices along dim {1} from {3}",
    .caption = "index_copy replaced the slices of {0} that the index names along dim {1} by those of {3}: {out} "
               "({out.size}).",
    .caption_moved = "index_copy replaced slices where the index points; the name {out} now means this result.",
    .backward_caption = "{grad_fn} sent the gradients of the replaced slices to where they came from, the others to what "
                        "stood there before{none}.",
    .derivative = {
      { "{grad}, 0 where replaced", "index_copy cuts it where it wrote", "0 where written" },
      { NULL, NULL, NULL },
      { "{grad} at its place", "index_copy passes on what arrived there", "× 1 where written" },
    },
  },
  .samples = { "T(5,3), 0, J(2), T(2,3)", "T(2,5), 1, J(3), T(2,3)", "T(5), 0, J(1), T(1)", "I(5), 0, J(2), I(2)", NULL },
};

#define FILL_TEXT                                                                                            \
  .symbol = "index_fill", .title = "slices set to one value",                                                \
  .formula = "{out} = {0} with slices along dim {1} ← {3}",                                                  \
  .caption =                                                                                                 \
      "index_fill set the slices of {0} that the index names along dim {1} to {3}: {out} ({out.size}).",     \
  .caption_moved =                                                                                           \
      "index_fill set the slices that the index names to {3}; the name {out} now means this result."

const EngOp eng_op_index_fill_scalar = {
  .signature = "index_fill.int_Scalar(Tensor self, int dim, Tensor index, Scalar value) -> Tensor",
  .flags = ENG_WRITER,
  .grad_fn = "IndexFillBackward0",
  .infer = infer_index_fill,
  .kernel = kernel_index_fill,
  .saves = { { ENG_SAVE_INPUT (1), FOR (0) } },
  .vjp = vjp_index_fill,
  .text = {
    FILL_TEXT,
    .backward_caption = "{grad_fn} passed the gradient on to {to}, with 0 at the slices that were set.",
    .derivative = { { "{grad}, 0 where set", "index_fill cuts it where it wrote", "0 where set" } },
  },
  .samples = { "T(5,3), 0, J(2), 1.5", "T(2,5), 1, J(3), 0", "I(5), 0, J(2), 7", NULL },
};

const EngOp eng_op_index_fill_tensor = {
  .signature = "index_fill.int_Tensor(Tensor self, int dim, Tensor index, Tensor value) -> Tensor",
  .flags = ENG_WRITER,
  .grad_fn = "IndexFillBackward1",
  .infer = infer_index_fill,
  .kernel = kernel_index_fill,
  .saves = { { ENG_SAVE_INPUT (1), FOR (0) | FOR (2) } },
  .vjp = vjp_index_fill,
  .text = {
    FILL_TEXT,
    .backward_caption = "{grad_fn} added up the gradients of the slices that were set for the value; the others went to "
                        "what stood there before{none}.",
    .derivative = {
      { "{grad}, 0 where set", "index_fill cuts it where it wrote", "0 where set" },
      { NULL, NULL, NULL },
      { "Σ {grad} where set", "index_fill adds up what its copies receive", "× 1 where set" },
    },
  },
  .samples = { "T(5,3), 0, J(2), T()", "T(2,5), 1, J(3), T()", NULL },
};

EngTensor *
eng_index_select (EngTensor *self, gint64 dim, EngTensor *index, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_int (dim), eng_value_tensor (index) };
  return eng_call_one (&eng_op_index_select, args, error);
}

EngTensor *
eng_index_add (EngTensor *self, gint64 dim, EngTensor *index, EngTensor *source, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_int (dim), eng_value_tensor (index),
                      eng_value_tensor (source), eng_value_int (1) };
  return eng_call_one (&eng_op_index_add, args, error);
}

EngTensor *
eng_index_fill (EngTensor *self, gint64 dim, EngTensor *index, double value, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_int (dim), eng_value_tensor (index),
                      eng_value_number_for (self, value) };
  return eng_call_one (&eng_op_index_fill_scalar, args, error);
}
