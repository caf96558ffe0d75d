/* SPDX-License-Identifier: MIT
 *
 * The cards of masks and flat places: masked_fill, masked_select, masked_scatter,
 * nonzero, take and put. A mask is bool (or uint8, as in old code) and broadcasts. */
#include "index-plan.h"

#define FOR(k) (1u << (k))
#define ENG_BOTH (ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)
#define ENG_WRITER (ENG_BOTH | ENG_OP_INPLACE_TWIN | ENG_OP_ELEMENTWISE)

/* out = self's dtype, the broadcast of self and the mask (parameter 1). */
static gboolean
infer_masked (EngCall *call, const char *refusal, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0), *mask = eng_arg_tensor (call, 1);
  EngMeta *out = &call->out[0];
  if (!eng_is_mask (mask))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, refusal,
                           eng_dtype_scalar_name (eng_tensor_get_dtype (mask)));
  eng_meta_set_like (out, eng_tensor_get_dtype (self), self);
  return eng_shape_broadcast (out->ndim, out->sizes, eng_tensor_get_ndim (mask), eng_tensor_get_sizes (mask),
                              &out->ndim, out->sizes, error);
}

static gboolean
infer_masked_fill (EngCall *call, GError **error)
{
  EngTensor *value = eng_arg_tensor (call, 2);
  if (value != NULL && eng_tensor_get_ndim (value) != 0)
    return eng_rule_fails (
        error, ENG_ERROR_RUNTIME,
        "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with %u dimension(s).",
        eng_tensor_get_ndim (value));
  return infer_masked (call, "masked_fill only supports boolean masks, but got mask with dtype %s", error);
}

static gboolean
kernel_masked_fill (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0), *mask = eng_arg_tensor (call, 1);
  g_autoptr (EngTensor) value = eng_number_like (&call->args[2], call->outputs[0], error);
  g_autoptr (EngTensor) condition = value == NULL ? NULL
                                                  : eng_dense (mask, ENG_BOOL, eng_tensor_get_ndim (mask),
                                                               eng_tensor_get_sizes (mask), error);
  if (condition == NULL)
    return FALSE;
  EngTensor *inputs[] = { condition, value, self };
  eng_run_row (eng_kernels->where[eng_tensor_get_dtype (self)], call->outputs[0], inputs, 3, NULL);
  return TRUE;
}

static gboolean
vjp_masked_fill (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *grad = vjp->grad_outputs[0];
  EngTensor *mask = eng_vjp_get_input (vjp, 1, error);
  if (mask == NULL)
    return FALSE;
  if (eng_vjp_needs (vjp, 0) && !eng_vjp_give (grad_inputs, 0, eng_masked_fill (grad, mask, 0, error)))
    return FALSE;
  if (!eng_vjp_needs (vjp, 2))
    return TRUE;
  g_autoptr (EngTensor) zero = eng_zeros (eng_tensor_get_dtype (grad), 0, NULL, error);
  g_autoptr (EngTensor) there = zero != NULL ? eng_where (mask, grad, zero, error) : NULL;
  return there != NULL && eng_vjp_give (grad_inputs, 2, eng_sum (there, error));
}

/* The mask with as many dims as out, or as a view of out's sizes. */
static EngTensor *
wide_mask (EngTensor *mask, guint ndim, const gint64 *sizes, GError **error)
{
  if (eng_shape_equal (ndim, sizes, eng_tensor_get_ndim (mask), eng_tensor_get_sizes (mask)))
    return eng_tensor_ref (mask);
  gint64 strides[ENG_MAX_NDIM];
  eng_shape_broadcast_strides (eng_tensor_get_ndim (mask), eng_tensor_get_sizes (mask),
                               eng_tensor_get_strides (mask), ndim, sizes, strides);
  return eng_tensor_new_alias (mask, ndim, sizes, strides, eng_tensor_get_storage_offset (mask));
}

/* The offsets of the true entries in a tensor (any strides) of these sizes. Owned. */
static EngTensor *
true_places (EngTensor *mask, guint ndim, const gint64 *sizes, const gint64 *strides, EngPlaces *places,
             GError **error)
{
  g_autoptr (EngTensor) wide = wide_mask (mask, ndim, sizes, error);
  EngTensor *offsets = wide != NULL ? eng_mask_offsets (wide, strides, error) : NULL;
  if (offsets != NULL)
    *places = (EngPlaces){ .n = eng_tensor_get_numel (offsets), .offsets = eng_tensor_get_data (offsets) };
  return offsets;
}

static gboolean
infer_masked_select (EngCall *call, GError **error)
{
  EngMeta *out = &call->out[0];
  if (!infer_masked (call, "masked_select: expected BoolTensor or ByteTensor for mask", error))
    return FALSE;
  g_autoptr (EngTensor) wide = wide_mask (eng_arg_tensor (call, 1), out->ndim, out->sizes, error);
  if (wide == NULL)
    return FALSE;
  out->ndim = 1;
  out->sizes[0] = eng_mask_count (wide);
  return TRUE;
}

static gboolean
kernel_masked_select (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0), *mask = eng_arg_tensor (call, 1);
  guint ndim;
  gint64 sizes[ENG_MAX_NDIM], strides[ENG_MAX_NDIM];
  EngPlaces places;
  if (!eng_shape_broadcast (eng_tensor_get_ndim (self), eng_tensor_get_sizes (self),
                            eng_tensor_get_ndim (mask), eng_tensor_get_sizes (mask), &ndim, sizes, error))
    return FALSE;
  eng_shape_broadcast_strides (eng_tensor_get_ndim (self), eng_tensor_get_sizes (self),
                               eng_tensor_get_strides (self), ndim, sizes, strides);
  g_autoptr (EngTensor) offsets = true_places (mask, ndim, sizes, strides, &places, error);
  if (offsets == NULL)
    return FALSE;
  eng_places_take (&places, call->outputs[0], self);
  return TRUE;
}

static gboolean
vjp_masked_select (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *mask = eng_vjp_get_input (vjp, 1, error);
  EngMeta wide = *eng_vjp_get_input_meta (vjp, 0);
  if (mask == NULL
      || !eng_shape_broadcast (wide.ndim, wide.sizes, eng_tensor_get_ndim (mask), eng_tensor_get_sizes (mask),
                               &wide.ndim, wide.sizes, error))
    return FALSE;
  g_autoptr (EngTensor) whole = eng_expand (mask, wide.ndim, wide.sizes, error);
  return whole != NULL
         && eng_vjp_give (grad_inputs, 0,
                          eng_index_backward (vjp->grad_outputs[0], &wide, &whole, 1, NULL, error));
}

static gboolean
infer_masked_scatter (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0), *mask = eng_arg_tensor (call, 1),
            *source = eng_arg_tensor (call, 2);
  EngMeta *out = &call->out[0];
  if (eng_tensor_get_dtype (self) != eng_tensor_get_dtype (source))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "masked_scatter: expected self and source to have same dtypes but got %s and %s",
                           eng_dtype_scalar_name (eng_tensor_get_dtype (self)),
                           eng_dtype_scalar_name (eng_tensor_get_dtype (source)));
  if (!infer_masked (call, "masked_scatter_ only supports boolean masks, but got mask with dtype %s", error))
    return FALSE;
  g_autoptr (EngTensor) wide = wide_mask (mask, out->ndim, out->sizes, error);
  if (wide == NULL)
    return FALSE;
  return eng_mask_count (wide) <= eng_tensor_get_numel (source)
         || eng_rule_fails (error, ENG_ERROR_RUNTIME,
                            "Number of elements of source < number of ones in mask");
}

static gboolean
kernel_masked_scatter (EngCall *call, GError **error)
{
  EngTensor *source = eng_arg_tensor (call, 2), *out = call->outputs[0];
  gboolean single;
  EngPlaces places;
  g_autoptr (EngTensor)
      offsets = true_places (eng_arg_tensor (call, 1), eng_tensor_get_ndim (out), eng_tensor_get_sizes (out),
                             eng_tensor_get_strides (out), &places, error);
  g_autoptr (EngTensor) values = offsets == NULL
                                     ? NULL
                                     : eng_source_for (source, out, eng_tensor_get_ndim (source),
                                                       eng_tensor_get_sizes (source), &single, error);
  if (values == NULL)
    return FALSE;
  eng_start_from_self (call);
  eng_places_put (&places, out, values, single, ENG_PUT_SET);
  return TRUE;
}

/* The source's first entries get what arrived at the true places, its rest zeros. */
static EngTensor *
grad_of_source (EngTensor *grad, EngTensor *mask, const EngMeta *source, GError **error)
{
  EngMeta flat = { .dtype = source->dtype, .ndim = 1 };
  flat.sizes[0] = eng_shape_numel (source->ndim, source->sizes);
  g_autoptr (EngTensor) picked = eng_masked_select (grad, mask, error);
  g_autoptr (EngTensor)
      padded = picked == NULL
                   ? NULL
                   : eng_slice_backward (picked, &flat, 0, 0, eng_tensor_get_numel (picked), 1, error);
  return padded != NULL ? eng_reshape (padded, source->ndim, source->sizes, error) : NULL;
}

static gboolean
vjp_masked_scatter (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *grad = vjp->grad_outputs[0];
  EngTensor *mask = eng_vjp_get_input (vjp, 1, error);
  if (mask == NULL)
    return FALSE;
  if (eng_vjp_needs (vjp, 0) && !eng_vjp_give (grad_inputs, 0, eng_masked_fill (grad, mask, 0, error)))
    return FALSE;
  return !eng_vjp_needs (vjp, 2)
         || eng_vjp_give (grad_inputs, 2,
                          grad_of_source (grad, mask, eng_vjp_get_input_meta (vjp, 2), error));
}

/* self as a mask of its entries that are not 0 (NaN is not). */
static EngTensor *
as_mask (EngTensor *self, GError **error)
{
  return eng_dense (self, ENG_BOOL, eng_tensor_get_ndim (self), eng_tensor_get_sizes (self), error);
}

static gboolean
infer_nonzero (EngCall *call, GError **error)
{
  g_autoptr (EngTensor) mask = as_mask (eng_arg_tensor (call, 0), error);
  if (mask == NULL)
    return FALSE;
  eng_meta_set (&call->out[0], ENG_INT64, 2, (gint64[]){ eng_mask_count (mask), eng_tensor_get_ndim (mask) });
  return TRUE;
}

/* One row of coordinates for each entry that is not 0; counted on without division. */
static gboolean
kernel_nonzero (EngCall *call, GError **error)
{
  g_autoptr (EngTensor) mask = as_mask (eng_arg_tensor (call, 0), error);
  gint64 index[ENG_MAX_NDIM] = { 0 };
  if (mask == NULL)
    return FALSE;
  guint ndim = eng_tensor_get_ndim (mask);
  const gint64 *sizes = eng_tensor_get_sizes (mask);
  const guint8 *bytes = eng_tensor_get_data (mask);
  gint64 *out = eng_tensor_get_data (call->outputs[0]);
  for (gint64 i = 0; i < eng_tensor_get_numel (mask); i++)
    {
      for (guint d = 0; bytes[i] && d < ndim; d++)
        *out++ = index[d];
      for (guint d = ndim; d-- > 0 && ++index[d] == sizes[d];)
        index[d] = 0;
    }
  return TRUE;
}

static gboolean
infer_take (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0), *index = eng_arg_tensor (call, 1);
  if (eng_tensor_get_dtype (index) != ENG_INT64)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "take(): Expected a long tensor for index, but got %s",
                           eng_dtype_scalar_name (eng_tensor_get_dtype (index)));
  if (eng_tensor_get_numel (self) == 0 && eng_tensor_get_numel (index) > 0)
    return eng_rule_fails (error, ENG_ERROR_INDEX, "take(): tried to take from an empty tensor");
  eng_meta_set_like (&call->out[0], eng_tensor_get_dtype (self), index);
  return TRUE;
}

/* self is read as if it were flat: contiguous, or a copy of it that is. */
static gboolean
kernel_take (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0), *index = eng_arg_tensor (call, 1), *out = call->outputs[0];
  gint64 n = eng_tensor_get_numel (self);
  g_autoptr (EngTensor) flat = eng_dense (self, eng_tensor_get_dtype (self), eng_tensor_get_ndim (self),
                                          eng_tensor_get_sizes (self), error);
  g_autoptr (EngTensor) numbers = flat == NULL ? NULL
                                               : eng_dense (index, ENG_INT64, eng_tensor_get_ndim (index),
                                                            eng_tensor_get_sizes (index), error);
  g_autoptr (EngTensor) offsets = numbers == NULL ? NULL
                                                  : eng_tensor_new (ENG_INT64, eng_tensor_get_ndim (index),
                                                                    eng_tensor_get_sizes (index), error);
  if (offsets == NULL)
    return FALSE;
  EngPlaces places = { .n = eng_tensor_get_numel (offsets), .offsets = eng_tensor_get_data (offsets) };
  eng_kernel_fill_int64 (offsets, 0);
  gint64 bad = eng_places_add_index (eng_tensor_get_data (offsets), eng_tensor_get_data (numbers), places.n,
                                     n, 1, TRUE);
  if (bad >= 0)
    return eng_rule_fails (error, ENG_ERROR_INDEX,
                           "out of range: tried to access index %" G_GINT64_FORMAT
                           " on a tensor of %" G_GINT64_FORMAT " elements.",
                           eng_tensor_get_int64 (numbers, bad), n);
  eng_places_take (&places, out, flat);
  return TRUE;
}

static gboolean
vjp_take (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  const EngMeta *input = eng_vjp_get_input_meta (vjp, 0);
  EngMeta flat = { .dtype = input->dtype, .ndim = 1 };
  EngTensor *index = eng_vjp_get_input (vjp, 1, error);
  flat.sizes[0] = eng_shape_numel (input->ndim, input->sizes);
  if (index == NULL)
    return FALSE;
  g_autoptr (EngTensor) whole = eng_index_backward (vjp->grad_outputs[0], &flat, &index, 1, NULL, error);
  return whole != NULL
         && eng_vjp_give (grad_inputs, 0, eng_reshape (whole, input->ndim, input->sizes, error));
}

#define FILL_TEXT                                                                                            \
  .symbol = "masked_fill", .title = "set to one value under a mask",                                         \
  .formula = "{out} = {2} where {1}, else {0}",                                                              \
  .caption = "masked_fill set the entries of {0} where {1} holds to {2} and made {out} ({out.size}).",       \
  .caption_moved =                                                                                           \
      "masked_fill set the entries where {1} holds to {2}; the name {out} now means this result.",           \
  .shape_rule = "{0} is {0.size} and the mask is {1.size}: sizes must be equal or 1"

const EngOp eng_op_masked_fill_scalar = {
  .signature = "masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor",
  .flags = ENG_WRITER,
  .grad_fn = "MaskedFillBackward0",
  .infer = infer_masked_fill,
  .kernel = kernel_masked_fill,
  .saves = { { ENG_SAVE_INPUT (1), FOR (0) } },
  .vjp = vjp_masked_fill,
  .text = {
    FILL_TEXT,
    .backward_caption = "{grad_fn} passed the gradient on to {to}, with 0 where the mask holds.",
    .derivative = { { "{grad}, 0 where {1}", "masked_fill cuts it under the mask", "0 under the mask" } },
  },
  .samples = { "T(2,3), B(2,3), 9.5", "T(2,3), B(3), 0", "T(3), B(2,1), -1", "T(), B(2), 1", "I(4), B(4), 2", NULL },
};

const EngOp eng_op_masked_fill_tensor = {
  .signature = "masked_fill.Tensor(Tensor self, Tensor mask, Tensor value) -> Tensor",
  .flags = ENG_WRITER,
  .grad_fn = "MaskedFillBackward1",
  .infer = infer_masked_fill,
  .kernel = kernel_masked_fill,
  .saves = { { ENG_SAVE_INPUT (1), FOR (0) | FOR (2) } },
  .vjp = vjp_masked_fill,
  .text = {
    FILL_TEXT,
    .backward_caption = "{grad_fn} added up the gradients under the mask for the value; the others went to what stood "
                        "there before{none}.",
    .derivative = {
      { "{grad}, 0 where {1}", "masked_fill cuts it under the mask", "0 under the mask" },
      { NULL, NULL, NULL },
      { "Σ {grad} where {1}", "masked_fill adds up what its copies receive", "× 1 under the mask" },
    },
  },
  .samples = { "T(2,3), B(2,3), T()", "T(2,3), B(2,1), T()", NULL },
};

const EngOp eng_op_masked_select = {
  .signature = "masked_select(Tensor self, Tensor mask) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "MaskedSelectBackward0",
  .infer = infer_masked_select,
  .kernel = kernel_masked_select,
  .saves = { { ENG_SAVE_INPUT (1), FOR (0) } },
  .vjp = vjp_masked_select,
  .text = {
    .symbol = "masked_select", .title = "entries under a mask", .formula = "{out} = {0} where {1}",
    .caption = "masked_select copied the {out.entries} of {0} where {1} holds into {out}.",
    .caption_moved = "masked_select copied the entries where {1} holds; the name {out} now means the copy.",
    .backward_caption = "{grad_fn} put the gradient back at the entries of {to} that were picked, zeros elsewhere.",
    .shape_rule = "{0} is {0.size} and the mask is {1.size}: sizes must be equal or 1",
    .derivative = { { "{grad} where {1}, 0 elsewhere", "masked_select sends it to the entries it picked", NULL } },
  },
  .samples = { "T(2,3), B(2,3)", "T(2,3), B(3)", "T(3), B(2,1)", "T(), B()", "I(4), B(4)", NULL },
};

const EngOp eng_op_masked_scatter = {
  .signature = "masked_scatter(Tensor self, Tensor mask, Tensor source) -> Tensor",
  .flags = ENG_WRITER,
  .grad_fn = "MaskedScatterBackward0",
  .infer = infer_masked_scatter,
  .kernel = kernel_masked_scatter,
  .saves = { { ENG_SAVE_INPUT (1), FOR (0) | FOR (2) } },
  .vjp = vjp_masked_scatter,
  .text = {
    .symbol = "masked_scatter", .title = "written under a mask", .formula = "{out} = {0} with the next of {2} where {1}",
    .caption = "masked_scatter wrote the entries of {2}, in order, where {1} holds and made {out} ({out.size}).",
    .caption_moved = "masked_scatter wrote the entries of {2} where {1} holds; the name {out} now means this result.",
    .backward_caption = "{grad_fn} sent the gradients under the mask to the source, the others to what stood there "
                        "before{none}.",
    .derivative = {
      { "{grad}, 0 where {1}", "masked_scatter cuts it under the mask", "0 under the mask" },
      { NULL, NULL, NULL },
      { "{grad} where {1}", "masked_scatter passes on what arrived there", "× 1 where used" },
    },
  },
  .samples = { "T(2,3), B(2,3), T(4)", "T(2,3), B(3), T(2,2)", "T(4), B(4), T(2)", "T(3), B(2,3), T(5)", NULL },
};

const EngOp eng_op_nonzero = {
  .signature = "nonzero(Tensor self) -> Tensor",
  .flags = ENG_BOTH | ENG_OP_NOT_DIFFERENTIABLE,
  .infer = infer_nonzero,
  .kernel = kernel_nonzero,
  .text = {
    .symbol = "nonzero", .title = "places of entries that are not 0", .formula = "{out} = where {0} ≠ 0",
    .caption = "nonzero found {out.dim0} entries of {0} that are not 0; {out} ({out.size}) tells where.",
  },
  .samples = { "I(2,4)", "B(3)", "T(2,3)", "I()", "I(0,3)", NULL },
};

const EngOp eng_op_take = {
  .signature = "take(Tensor self, Tensor index) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "TakeBackward0",
  .infer = infer_take,
  .kernel = kernel_take,
  .saves = { { ENG_SAVE_INPUT (1), FOR (0) } },
  .vjp = vjp_take,
  .text = {
    .symbol = "take", .title = "entries by their number", .formula = "{out} = flat {0} at the index",
    .caption = "take counted the entries of {0} row by row and copied those that the index names: {out} ({out.size}).",
    .caption_moved = "take copied the entries that the index names; the name {out} now means the copy.",
    .backward_caption = "{grad_fn} put the gradient back at the entries of {to} that were picked, zeros elsewhere.",
    .derivative = { { "{grad} at the picked entries, 0 elsewhere", "take sends it to the entries it picked", NULL } },
  },
  .samples = { "T(2,3), J(2,2)", "T(3,4), I(5)", "T(5), J()", "I(5), J(3)", NULL },
};

EngTensor *
eng_masked_fill (EngTensor *self, EngTensor *mask, double value, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_tensor (mask), eng_value_number_for (self, value) };
  return eng_call_one (&eng_op_masked_fill_scalar, args, error);
}

EngTensor *
eng_masked_select (EngTensor *self, EngTensor *mask, GError **error)
{
  return eng_call_two (&eng_op_masked_select, self, mask, error);
}

EngTensor *
eng_nonzero (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_nonzero, self, error);
}
