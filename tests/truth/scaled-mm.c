/* SPDX-License-Identifier: MIT
 *
 * The matrix products' cards once more, with the derivative of mm scaled by 1.01: linked
 * before the engine into a runner that is wrong on purpose. The card names its
 * derivative without parentheses and so takes ours; the definition in the included
 * file is a use with parentheses and so becomes honest_vjp_product. */

#include "engine/ops/card.h"

static gboolean vjp_product (EngVjp *vjp, EngTensor **grad_inputs, GError **error);

#define vjp_product(vjp, grad_inputs, error) honest_vjp_product (vjp, grad_inputs, error)
#include "engine/ops/matrix.c"
#undef vjp_product

static gboolean
vjp_product (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  if (!honest_vjp_product (vjp, grad_inputs, error))
    return FALSE;
  for (guint k = 0; k < 2; k++)
    {
      g_autoptr (EngTensor) honest = grad_inputs[k];

      grad_inputs[k] = honest != NULL ? eng_mul_scalar (honest, 1.01, error) : NULL;
      if (honest != NULL && grad_inputs[k] == NULL)
        return FALSE;
    }
  return TRUE;
}
