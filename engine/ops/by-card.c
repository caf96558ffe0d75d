/* SPDX-License-Identifier: MIT
 *
 * Derivatives of cards of one tensor that have a backward card, and of those
 * backward cards. */
#include "chain.h"

#include "engine/registry.h"

gboolean
eng_vjp_by_card (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngValue args[ENG_MAX_PARAMS];
  guint n_params = eng_op_get_signature (vjp->op)->n_params;
  const EngSignature *backward = eng_op_get_signature (vjp->op->backward);
  gboolean of_output = vjp->op->saves[0].what == ENG_SAVE_OUTPUT (0);
  EngTensor *saved = of_output ? eng_vjp_get_output (vjp, 0, error) : eng_vjp_get_input (vjp, 0, error);
  if (saved == NULL)
    return FALSE;
  args[0] = eng_value_tensor (vjp->grad_outputs[0]);
  args[1] = eng_value_tensor (saved);
  for (guint k = 1; k < n_params; k++)
    args[k + 1] = vjp->args[k];
  for (guint k = n_params + 1; k < backward->n_params; k++)
    args[k] = backward->params[k].default_value;
  return eng_vjp_give (grad_inputs, 0, eng_call_one (vjp->op->backward, args, error));
}

/* The card again, with the gradient that came in instead of the one it was given. */
static EngTensor *
call_again (EngVjp *vjp, EngTensor *x, GError **error)
{
  EngValue args[ENG_MAX_PARAMS];
  guint n_params = eng_op_get_signature (vjp->op)->n_params;
  args[0] = eng_value_tensor (vjp->grad_outputs[0]);
  args[1] = eng_value_tensor (x);
  for (guint k = 2; k < n_params; k++)
    args[k] = vjp->args[k];
  return eng_call_one (vjp->op, args, error);
}

gboolean
eng_vjp_of_slope (EngVjp *vjp, EngBend bend, EngTensor **grad_inputs, GError **error)
{
  EngChain chain = eng_chain (error);
  gboolean is_flat = eng_vjp_needs (vjp, 1) && bend == NULL;
  if (is_flat && !eng_vjp_give (grad_inputs, 1, eng_zeros_like (vjp->grad_outputs[0], error)))
    return FALSE;
  if (!eng_vjp_needs (vjp, 0) && bend == NULL)
    return TRUE;
  EngTensor *x = eng_vjp_get_input (vjp, 1, error);
  if (x == NULL)
    return FALSE;
  if (eng_vjp_needs (vjp, 0) && !eng_vjp_give (grad_inputs, 0, call_again (vjp, x, error)))
    return FALSE;
  if (!eng_vjp_needs (vjp, 1) || bend == NULL)
    return TRUE;
  EngTensor *grad = eng_vjp_get_input (vjp, 0, error);
  EngTensor *both = grad != NULL ? eng_step_mul (&chain, vjp->grad_outputs[0], grad) : NULL;
  EngTensor *slope = both != NULL ? bend (&chain, x, vjp->args) : NULL;
  return eng_vjp_give (grad_inputs, 1, eng_chain_give (&chain, eng_step_mul (&chain, both, slope)));
}
