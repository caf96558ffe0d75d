/* SPDX-License-Identifier: MIT
 *
 * The card of choice: where. The condition stays bool while the two choices are
 * promoted, so the kernel converts for itself. */
#include "card.h"

/* Three broadcast operands; self and other are promoted, condition stays bool. */
static gboolean
infer_where (EngCall *call, GError **error)
{
  EngTensor *condition = eng_arg_tensor (call, 0);
  EngMeta *out = &call->out[0];
  EngDtype dtype = eng_tensor_get_dtype (condition);
  if (dtype != ENG_BOOL && dtype != ENG_UINT8)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "where expected condition to be a boolean tensor, but got a tensor with dtype %s",
                           eng_dtype_scalar_name (dtype));
  eng_meta_set_like (out, eng_result_type (call->args + 1, 2), condition);
  for (guint k = 1; k < 3; k++)
    {
      EngTensor *choice = eng_arg_tensor (call, k);
      if (!eng_shape_broadcast (out->ndim, out->sizes, eng_tensor_get_ndim (choice), eng_tensor_get_sizes (choice),
                                &out->ndim, out->sizes, error))
        return FALSE;
    }
  return TRUE;
}

/* input in dtype: itself, or a copy for the time of the kernel. */
static EngTensor *
in_dtype (EngTensor *input, EngDtype dtype, GError **error)
{
  if (eng_tensor_get_dtype (input) == dtype)
    return eng_tensor_ref (input);
  EngTensor *copy = eng_tensor_new (dtype, eng_tensor_get_ndim (input), eng_tensor_get_sizes (input), error);
  if (copy != NULL)
    eng_kernel_copy (copy, input);
  return copy;
}

static gboolean
kernel_where (EngCall *call, GError **error)
{
  EngDtype dtype = call->out[0].dtype;
  g_autoptr (EngTensor) condition = in_dtype (eng_arg_tensor (call, 0), ENG_BOOL, error);
  g_autoptr (EngTensor) self = condition != NULL ? in_dtype (eng_arg_tensor (call, 1), dtype, error) : NULL;
  g_autoptr (EngTensor) other = self != NULL ? in_dtype (eng_arg_tensor (call, 2), dtype, error) : NULL;
  if (other == NULL)
    return FALSE;
  EngTensor *inputs[] = { condition, self, other };
  eng_run_row (eng_kernels->where[dtype], call->outputs[0], inputs, 3, NULL);
  return TRUE;
}

/* The gradient goes to the one that was chosen, 0 to the other. */
static gboolean
vjp_where (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *grad = vjp->grad_outputs[0];
  EngTensor *condition = eng_vjp_get_input (vjp, 0, error);
  if (condition == NULL)
    return FALSE;
  g_autoptr (EngTensor) zero = eng_zeros (eng_tensor_get_dtype (grad), 0, NULL, error);
  if (zero == NULL)
    return FALSE;
  if (eng_vjp_needs (vjp, 1) && !eng_vjp_give (grad_inputs, 1, eng_where (condition, grad, zero, error)))
    return FALSE;
  return !eng_vjp_needs (vjp, 2) || eng_vjp_give (grad_inputs, 2, eng_where (condition, zero, grad, error));
}

const EngOp eng_op_where = {
  .signature = "where.self(Tensor condition, Tensor self, Tensor other) -> Tensor",
  .flags = ENG_OP_FUNCTION,
  .grad_fn = "WhereBackward0",
  .infer = infer_where,
  .kernel = kernel_where,
  .saves = { { ENG_SAVE_INPUT (0), (1 << 1) | (1 << 2) } },
  .vjp = vjp_where,
  .text = {
    .symbol = "where",
    .title = "choice, entry by entry",
    .formula = "{out} = {1} where {0}, else {2}",
    .caption = "{op} took {1} where {0} holds and {2} elsewhere and made {out} ({out.size}).",
    .caption_moved = "{op} took {1} where {0} holds and {2} elsewhere; the name {out} now means this result.",
    .backward_caption = "{grad_fn} sent each gradient to the one that was chosen; the other gets 0{none}.",
    .shape_rule = "{0} is {0.size}, {1} is {1.size} and {2} is {2.size}: sizes must be equal or 1",
    .derivative = {
      { NULL, NULL, NULL },
      { "{grad} where {0}, else 0", "where passes it to what was chosen", "× 1 where chosen" },
      { "{grad} where not {0}, else 0", "where passes it to what was chosen", "× 1 where chosen" },
    },
  },
  .samples = { "B(2,3), T(2,3), T(2,3)", "B(3), T(2,1), T()", "B(3), I(3), T(3)", NULL },
};

EngTensor *
eng_where (EngTensor *condition, EngTensor *self, EngTensor *other, GError **error)
{
  EngValue args[] = { eng_value_tensor (condition), eng_value_tensor (self), eng_value_tensor (other) };
  return eng_call_one (&eng_op_where, args, error);
}
