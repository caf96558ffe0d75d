/* SPDX-License-Identifier: MIT
 *
 * The cards of advanced indexing: index (x[i, :, mask]), index_put (x[i] = v, also
 * adding up) and the hidden card that sends a gradient back to where it was read.
 * Slices and single integers are views and live in view-part.c. */
#include "index-plan.h"

#include "engine/autograd.h"

extern const EngOp eng_op_index;

#define FOR(k) (1u << (k))
/* The index tensors, wherever their list begins. */
#define SAVES_INDICES(first, needed_for)                                                                     \
  {                                                                                                          \
    { ENG_SAVE_INPUT (first), needed_for }, { ENG_SAVE_INPUT ((first) + 1), needed_for },                    \
        { ENG_SAVE_INPUT ((first) + 2), needed_for }, { ENG_SAVE_INPUT ((first) + 3), needed_for },          \
    {                                                                                                        \
      ENG_SAVE_INPUT ((first) + 4), needed_for                                                               \
    }                                                                                                        \
  }

/* The plan of a call: its indices stand in parameter k, their dims in the next. */
static gboolean
plan_of (const EngCall *call, guint k, guint ndim, const gint64 *sizes, EngIndexPlan *plan, GError **error)
{
  gsize n_dims;
  const gint64 *dims = eng_arg_ints (call, k + 1, &n_dims);
  const EngValue *list = &call->args[k];
  return eng_index_plan (plan, ndim, sizes, list->tensors.items, list->tensors.n, dims, n_dims, error);
}

static gboolean
infer_index (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  const gint64 *sizes = eng_tensor_get_sizes (self);
  EngIndexPlan plan;
  call->out[0].dtype = eng_tensor_get_dtype (self);
  return plan_of (call, 1, eng_tensor_get_ndim (self), sizes, &plan, error)
         && eng_index_plan_sizes (&plan, sizes, &call->out[0], error);
}

static gboolean
kernel_index (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  EngIndexPlan plan;
  EngPlaces places;
  g_autoptr (EngTensor) offsets = NULL;
  if (!plan_of (call, 1, eng_tensor_get_ndim (self), eng_tensor_get_sizes (self), &plan, error)
      || !eng_index_plan_places (&plan, self, &places, &offsets, error))
    return FALSE;
  eng_places_take (&places, call->outputs[0], self);
  return TRUE;
}

/* The saved index tensors, of which the first was input `first`. Borrowed. */
static gboolean
saved_indices (EngVjp *vjp, guint first, EngTensor **indices, guint *n, GError **error)
{
  *n = eng_grad_fn_get_n_next (vjp->grad_fn) - first;
  for (guint k = 0; k < *n; k++)
    {
      indices[k] = eng_vjp_get_input (vjp, first + k, error);
      if (indices[k] == NULL)
        return FALSE;
    }
  return TRUE;
}

/* self[indices], with the dims as the vjp's own card has them in parameter k. */
static EngTensor *
read_again (EngTensor *self, EngTensor **indices, guint n, const EngValue *dims, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_tensors (indices, n), *dims };
  return eng_call_one (&eng_op_index, args, error);
}

static gboolean
vjp_index (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *indices[ENG_MAX_INDICES];
  guint n;
  if (!saved_indices (vjp, 1, indices, &n, error))
    return FALSE;
  const gint64 *dims = vjp->args[2].kind == ENG_VALUE_INTS ? vjp->args[2].ints.items : NULL;
  return eng_vjp_give (
      grad_inputs, 0,
      eng_index_backward (vjp->grad_outputs[0], eng_vjp_get_input_meta (vjp, 0), indices, n, dims, error));
}

static gboolean
kernel_index_backward (EngCall *call, GError **error)
{
  EngTensor *grad = eng_arg_tensor (call, 0), *out = call->outputs[0];
  EngIndexPlan plan;
  EngPlaces places;
  g_autoptr (EngTensor) offsets = NULL;
  eng_kernel_fill_int64 (out, 0);
  if (!plan_of (call, 2, eng_tensor_get_ndim (out), eng_tensor_get_sizes (out), &plan, error)
      || !eng_index_plan_places (&plan, out, &places, &offsets, error))
    return FALSE;
  g_autoptr (EngTensor) dense = eng_dense (grad, eng_tensor_get_dtype (grad), eng_tensor_get_ndim (grad),
                                           eng_tensor_get_sizes (grad), error);
  if (dense != NULL)
    eng_places_put (&places, out, dense, FALSE, ENG_PUT_ADD);
  return dense != NULL;
}

static gboolean
vjp_index_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *indices[ENG_MAX_INDICES];
  guint n;
  return saved_indices (vjp, 1, indices, &n, error)
         && eng_vjp_give (grad_inputs, 0,
                          read_again (vjp->grad_outputs[0], indices, n, &vjp->args[3], error));
}

/* The values must broadcast to what reading would give. */
static gboolean
check_values (const EngTensor *values, const EngMeta *read, GError **error)
{
  guint ndim;
  gint64 sizes[ENG_MAX_NDIM];
  if (eng_shape_broadcast (read->ndim, read->sizes, eng_tensor_get_ndim (values),
                           eng_tensor_get_sizes (values), &ndim, sizes, NULL)
      && eng_shape_equal (ndim, sizes, read->ndim, read->sizes))
    return TRUE;
  g_autofree char *own = eng_shape_to_string (eng_tensor_get_ndim (values), eng_tensor_get_sizes (values));
  g_autofree char *wanted = eng_shape_to_string (read->ndim, read->sizes);
  return eng_rule_fails (
      error, ENG_ERROR_RUNTIME,
      "shape mismatch: value tensor of shape %s cannot be broadcast to indexing result of shape %s", own,
      wanted);
}

static gboolean
infer_index_put (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0), *values = eng_arg_tensor (call, 1);
  EngDtype dtype = eng_tensor_get_dtype (self);
  const gint64 *sizes = eng_tensor_get_sizes (self);
  EngIndexPlan plan;
  EngMeta read;
  if (!plan_of (call, 2, eng_tensor_get_ndim (self), sizes, &plan, error)
      || !eng_index_plan_sizes (&plan, sizes, &read, error) || !check_values (values, &read, error))
    return FALSE;
  if (eng_tensor_get_dtype (values) != dtype)
    return eng_rule_fails (
        error, ENG_ERROR_RUNTIME,
        "Index put requires the source and destination dtypes match, got %s for the destination "
        "and %s for the source.",
        eng_dtype_scalar_name (dtype), eng_dtype_scalar_name (eng_tensor_get_dtype (values)));
  return eng_infer_same (call, error);
}

static gboolean
kernel_index_put (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0), *out = call->outputs[0];
  const gint64 *sizes = eng_tensor_get_sizes (self);
  EngIndexPlan plan;
  EngPlaces places;
  EngMeta read;
  gboolean single;
  g_autoptr (EngTensor) offsets = NULL;
  if (!plan_of (call, 2, eng_tensor_get_ndim (self), sizes, &plan, error)
      || !eng_index_plan_sizes (&plan, sizes, &read, error)
      || !eng_index_plan_places (&plan, out, &places, &offsets, error))
    return FALSE;
  g_autoptr (EngTensor)
      values = eng_source_for (eng_arg_tensor (call, 1), out, read.ndim, read.sizes, &single, error);
  if (values == NULL)
    return FALSE;
  eng_start_from_self (call);
  eng_places_put (&places, out, values, single, eng_arg_bool (call, 4) ? ENG_PUT_ADD : ENG_PUT_SET);
  return TRUE;
}

/* Adding up passes self's gradient on; setting cuts it at the places written. */
static gboolean
vjp_index_put (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *grad = vjp->grad_outputs[0];
  EngTensor *indices[ENG_MAX_INDICES];
  guint n;
  gboolean adds = vjp->args[4].boolean;
  if (eng_vjp_needs (vjp, 0) && adds)
    grad_inputs[0] = eng_tensor_ref (grad);
  if (!saved_indices (vjp, 2, indices, &n, error))
    return FALSE;
  if (eng_vjp_needs (vjp, 0) && !adds)
    {
      g_autoptr (EngTensor) zero = eng_zeros (eng_tensor_get_dtype (grad), 0, NULL, error);
      const gint64 *dims = vjp->args[3].kind == ENG_VALUE_INTS ? vjp->args[3].ints.items : NULL;
      if (zero == NULL
          || !eng_vjp_give (grad_inputs, 0, eng_index_put (grad, indices, n, dims, zero, FALSE, error)))
        return FALSE;
    }
  return !eng_vjp_needs (vjp, 1)
         || eng_vjp_give (grad_inputs, 1, read_again (grad, indices, n, &vjp->args[3], error));
}

const EngOp eng_op_index = {
  .signature = "index.Tensor(Tensor self, Tensor[] indices, int[]? dims=None) -> Tensor",
  .flags = 0,
  .grad_fn = "IndexBackward0",
  .infer = infer_index,
  .kernel = kernel_index,
  .saves = SAVES_INDICES (1, FOR (0)),
  .vjp = vjp_index,
  .text = {
    .symbol = "index", .title = "entries picked by index", .formula = "{out} = {0}[…]",
    .caption = "Entries of {0} ({0.size}) were picked by index and copied into {out} ({out.size}).",
    .caption_moved = "Entries of {0} were picked by index; the name {out} now means the copy ({out.size}).",
    .backward_caption = "{grad_fn} put the gradient back at the entries of {to} that were picked, zeros elsewhere; "
                        "an entry picked twice got both.",
    .derivative = { { "{grad} at the picked entries, 0 elsewhere", "index sends it to the entries it picked", NULL } },
  },
  .samples = { "T(5,3), [J(4)]", "T(5,6), [J(3), J(3)]", "T(5,2,6), [J(2,1), J(3)], [0,2]", "T(2,5,6), [J(2), I(1)], [1,2]",
               "T(2,3), [B(2,3)]", "T(2,4,2), [B(4)], [1]", "I(5), [J(0)]", NULL },
};

const EngOp eng_op_index_backward = {
  .signature =
      "index_backward(Tensor grad_output, int[] input_sizes, Tensor[] indices, int[]? dims=None) -> Tensor",
  .flags = ENG_OP_HIDDEN,
  .grad_fn = "IndexBackwardBackward0",
  .infer = eng_infer_placed,
  .kernel = kernel_index_backward,
  .saves = SAVES_INDICES (1, FOR (0)),
  .vjp = vjp_index_backward,
  .text = { .symbol = "place",
            .title = "derivative of index",
            .formula = "{out} = {0} at its places, 0 elsewhere",
            .caption =
                "The gradients were put back at their places among zeros and added up where they met." },
  .samples = { "T(4,3), [5,3], [J(4)]", "T(2,2), [2,4], [B(4)], [1]", NULL },
};

const EngOp eng_op_index_put = {
  .signature = "index_put.at(Tensor self, Tensor values, Tensor[] indices, int[]? dims=None, bool accumulate=False) "
               "-> Tensor",
  .flags = ENG_OP_INPLACE_TWIN | ENG_OP_ELEMENTWISE,
  .grad_fn = "IndexPutBackward0",
  .infer = infer_index_put,
  .kernel = kernel_index_put,
  .saves = SAVES_INDICES (2, FOR (0) | FOR (1)),
  .vjp = vjp_index_put,
  .text = {
    .symbol = "index_put", .title = "entries replaced by index", .formula = "{out} = {0} with […] ← {1}",
    .caption = "The entries of {0} at the given places became {1}: {out} ({out.size}).",
    .caption_moved = "The entries of {0} at the given places became {1}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} sent the gradients at the places that were written to the values, the others to "
                        "what stood there before{none}.",
    .derivative = {
      { "{grad}, 0 where written", "index_put cuts it where it wrote", "0 where written" },
      { "{grad} at the places written", "index_put passes on what arrived there", "× 1 where written" },
    },
  },
  .samples = { "T(5,3), T(3), [J(2)]", "T(5), T(), [J(3)], None, True", "T(2,3), T(), [B(2,3)]",
               "T(3,5), T(3,2), [J(2)], [1]", "T(5,2), T(4,2), [J(4)], None, True", "I(5), I(2), [J(2)]", NULL },
};

EngTensor *
eng_index (EngTensor *self, EngTensor *const *indices, guint n_indices, const gint64 *dims, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_tensors (indices, n_indices),
                      dims != NULL ? eng_value_ints (dims, n_indices) : eng_value_none () };
  return eng_call_one (&eng_op_index, args, error);
}

/* The arguments of the card index_put. */
static void
fill_put (EngValue args[5], EngTensor *self, EngTensor *const *indices, guint n_indices, const gint64 *dims,
          EngTensor *values, gboolean accumulate)
{
  args[0] = eng_value_tensor (self);
  args[1] = eng_value_tensor (values);
  args[2] = eng_value_tensors (indices, n_indices);
  args[3] = dims != NULL ? eng_value_ints (dims, n_indices) : eng_value_none ();
  args[4] = eng_value_bool (accumulate);
}

EngTensor *
eng_index_put (EngTensor *self, EngTensor *const *indices, guint n_indices, const gint64 *dims,
               EngTensor *values, gboolean accumulate, GError **error)
{
  EngValue args[5];
  fill_put (args, self, indices, n_indices, dims, values, accumulate);
  return eng_call_one (&eng_op_index_put, args, error);
}

EngTensor *
eng_index_put_ (EngTensor *self, EngTensor *const *indices, guint n_indices, const gint64 *dims,
                EngTensor *values, gboolean accumulate, GError **error)
{
  EngValue args[5];
  fill_put (args, self, indices, n_indices, dims, values, accumulate);
  return eng_call_inplace (&eng_op_index_put, args, error);
}

EngTensor *
eng_index_backward (EngTensor *grad, const EngMeta *input, EngTensor *const *indices, guint n_indices,
                    const gint64 *dims, GError **error)
{
  EngValue args[] = { eng_value_tensor (grad), eng_value_ints (input->sizes, input->ndim),
                      eng_value_tensors (indices, n_indices),
                      dims != NULL ? eng_value_ints (dims, n_indices) : eng_value_none () };
  return eng_call_one (&eng_op_index_backward, args, error);
}
