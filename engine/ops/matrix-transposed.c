/* SPDX-License-Identifier: MIT
 *
 * The backward cards of mm: products with one operand transposed, read as it stands.
 * mm's derivative calls them where no graph of the gradients is wanted; where one is,
 * it is made of t and mm, as PyTorch shows it, with the same numbers. */
#include "product.h"

#define FOR_0 (1 << 0)
#define FOR_1 (1 << 1)

static gboolean
infer_turned (EngCall *call, EngReading reading, GError **error)
{
  EngProduct product;
  const EngTensor *self = eng_arg_tensor (call, 0);
  if (!eng_product_read (&product, self, eng_arg_tensor (call, 1), reading))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "%s: two matrices of one dtype and one inner size are needed",
                           call->signature->name);
  eng_meta_set (&call->out[0], (EngDtype) self->dtype, 2, (gint64[]) { product.m, product.n });
  return TRUE;
}

static gboolean
run_turned (EngCall *call, EngReading reading)
{
  EngProduct product = { 0 };
  const EngTensor *self = eng_arg_tensor (call, 0);
  eng_product_read (&product, self, eng_arg_tensor (call, 1), reading);
  eng_run_product (call->outputs[0], 0, &product, (EngDtype) self->dtype);
  return TRUE;
}

static gboolean
infer_second_turned (EngCall *call, GError **error)
{
  return infer_turned (call, ENG_READ_SECOND_TURNED, error);
}

static gboolean
kernel_second_turned (EngCall *call, GError **error)
{
  return run_turned (call, ENG_READ_SECOND_TURNED);
}

static EngTensor *
quick_second_turned (const EngValue *args)
{
  return eng_product_quickly (args, ENG_READ_SECOND_TURNED);
}

static gboolean
infer_first_turned (EngCall *call, GError **error)
{
  return infer_turned (call, ENG_READ_FIRST_TURNED, error);
}

static gboolean
kernel_first_turned (EngCall *call, GError **error)
{
  return run_turned (call, ENG_READ_FIRST_TURNED);
}

static EngTensor *
quick_first_turned (const EngValue *args)
{
  return eng_product_quickly (args, ENG_READ_FIRST_TURNED);
}

/* out = a·bᵀ: a gets G·b, b gets Gᵀ·a. */
static gboolean
vjp_second_turned (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *grad = vjp->grad_outputs[0];
  for (guint k = 0; k < 2; k++)
    {
      if (!eng_vjp_needs (vjp, k))
        continue;
      EngTensor *other = eng_vjp_get_input (vjp, 1 - k, error);
      if (other == NULL
          || !eng_vjp_give (grad_inputs, k,
                            k == 0 ? eng_mm (grad, other, error) : eng_mm_first_turned (grad, other, error)))
        return FALSE;
    }
  return TRUE;
}

/* out = aᵀ·b: a gets b·Gᵀ, b gets a·G. */
static gboolean
vjp_first_turned (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *grad = vjp->grad_outputs[0];
  for (guint k = 0; k < 2; k++)
    {
      if (!eng_vjp_needs (vjp, k))
        continue;
      EngTensor *other = eng_vjp_get_input (vjp, 1 - k, error);
      if (other == NULL
          || !eng_vjp_give (grad_inputs, k,
                            k == 0 ? eng_mm_second_turned (other, grad, error) : eng_mm (other, grad, error)))
        return FALSE;
    }
  return TRUE;
}

#define ENG_PRODUCT_SAVES { { ENG_SAVE_INPUT (0), FOR_1 }, { ENG_SAVE_INPUT (1), FOR_0 } }

const EngOp eng_op_mm_second_turned = {
  .signature = "mm_second_turned(Tensor self, Tensor mat2) -> Tensor",
  .flags = ENG_OP_HIDDEN,
  .grad_fn = "MmBackwardBackward0",
  .infer = infer_second_turned,
  .kernel = kernel_second_turned,
  .quick = quick_second_turned,
  .saves = ENG_PRODUCT_SAVES,
  .vjp = vjp_second_turned,
  .text = {
    .symbol = "mm",
    .title = "derivative of mm",
    .formula = "{out} = {0} · {1}ᵀ",
    .caption = "The gradient {0} was multiplied by {1}, transposed.",
  },
  .samples = { "T(2,3), T(4,3)", "T(1,3), T(1,3)", "T(2,0), T(3,0)", "T(6,7), T(2,7)", "T(20,18), T(17,18)", NULL },
};

const EngOp eng_op_mm_first_turned = {
  .signature = "mm_first_turned(Tensor self, Tensor mat2) -> Tensor",
  .flags = ENG_OP_HIDDEN,
  .grad_fn = "MmBackwardBackward1",
  .infer = infer_first_turned,
  .kernel = kernel_first_turned,
  .quick = quick_first_turned,
  .saves = ENG_PRODUCT_SAVES,
  .vjp = vjp_first_turned,
  .text = {
    .symbol = "mm",
    .title = "derivative of mm",
    .formula = "{out} = {0}ᵀ · {1}",
    .caption = "{0}, transposed, was multiplied by the gradient {1}.",
  },
  .samples = { "T(3,2), T(3,4)", "T(3,1), T(3,1)", "T(0,2), T(0,3)", "T(7,6), T(7,2)", "T(18,20), T(18,17)", NULL },
};

EngTensor *
eng_mm_second_turned (EngTensor *self, EngTensor *mat2, GError **error)
{
  return eng_call_two (&eng_op_mm_second_turned, self, mat2, error);
}

EngTensor *
eng_mm_first_turned (EngTensor *self, EngTensor *mat2, GError **error)
{
  return eng_call_two (&eng_op_mm_first_turned, self, mat2, error);
}
