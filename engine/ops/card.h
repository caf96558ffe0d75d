/* SPDX-License-Identifier: MIT
 *
 * What the card files share: reading and building argument values, and short ways
 * through the door for typed wrappers and derivatives. Included by engine/ops only. */
#pragma once

#include "engine/infer.h"
#include "engine/kernels/run.h"
#include "ops.h"

/* Only what the kind needs is written: a whole value cleared first would be read
 * back before those stores have settled. */
static inline EngValue
eng_value_tensor (EngTensor *tensor)
{
  EngValue value;
  value.kind = tensor != NULL ? ENG_VALUE_TENSOR : ENG_VALUE_NONE;
  value.tensor = tensor;
  return value;
}

static inline EngValue
eng_value_tensors (EngTensor *const *items, gsize n)
{
  EngValue value;
  value.kind = ENG_VALUE_TENSORS;
  value.tensors.items = items;
  value.tensors.n = n;
  return value;
}

static inline EngValue
eng_value_double (double number)
{
  EngValue value;
  value.kind = ENG_VALUE_FLOAT;
  value.number = number;
  return value;
}

static inline EngValue
eng_value_int (gint64 integer)
{
  EngValue value;
  value.kind = ENG_VALUE_INT;
  value.integer = integer;
  return value;
}

static inline EngValue
eng_value_bool (gboolean boolean)
{
  EngValue value;
  value.kind = ENG_VALUE_BOOL;
  value.boolean = boolean;
  return value;
}

static inline EngValue
eng_value_ints (const gint64 *items, gsize n)
{
  EngValue value;
  value.kind = ENG_VALUE_INTS;
  value.ints.items = items;
  value.ints.n = n;
  return value;
}

static inline EngValue
eng_value_dtype (EngDtype dtype)
{
  EngValue value;
  value.kind = ENG_VALUE_DTYPE;
  value.dtype = dtype;
  return value;
}

static inline EngValue
eng_value_none (void)
{
  EngValue value;
  value.kind = ENG_VALUE_NONE;
  return value;
}

/* A number as Python would give it for this tensor: an int where it is whole and
 * the tensor holds no floats, so that nothing is promoted by it. */
static inline EngValue
eng_value_number_for (const EngTensor *tensor, double number)
{
  gboolean floating = eng_dtype_category (eng_tensor_get_dtype (tensor)) == ENG_CATEGORY_FLOATING;
  return !floating && number == (double) (gint64) number ? eng_value_int ((gint64) number)
                                                         : eng_value_double (number);
}

/* Calls a card of one output. New reference, or NULL with error. */
static inline EngTensor *
eng_call_one (const EngOp *op, const EngValue *args, GError **error)
{
  EngTensor *outputs[ENG_MAX_OUTPUTS];
  return eng_call (op, args, outputs, error) ? outputs[0] : NULL;
}

static inline EngTensor *
eng_call_tensor (const EngOp *op, EngTensor *self, GError **error)
{
  EngValue args[] = { eng_value_tensor (self) };
  return eng_call_one (op, args, error);
}

static inline EngTensor *
eng_call_two (const EngOp *op, EngTensor *self, EngTensor *other, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_tensor (other) };
  return eng_call_one (op, args, error);
}

static inline EngTensor *
eng_call_number (const EngOp *op, EngTensor *self, double number, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_number_for (self, number) };
  return eng_call_one (op, args, error);
}

/* In a vjp: is the gradient of input k wanted? */
static inline gboolean
eng_vjp_needs (const EngVjp *vjp, guint k)
{
  return (vjp->needs >> k) & 1;
}

/* Hands over the gradient of input k (taken); FALSE if it is NULL, that is on error. */
static inline gboolean
eng_vjp_give (EngTensor **grad_inputs, guint k, EngTensor *gradient)
{
  grad_inputs[k] = gradient;
  return gradient != NULL;
}

/* The vjp of a card of one tensor whose derivative is the card op->backward (gradient,
 * what was saved, the call's other arguments in their order). */
gboolean eng_vjp_by_card (EngVjp *vjp, EngTensor **grad_inputs, GError **error);
/* The vjp of such a backward card, out = grad · slope (x): the gradient of grad is the
 * card once more, that of x is G · grad · slope′ (x) with bend giving slope′ (NULL: 0). */
typedef struct _EngChain EngChain;
typedef EngTensor *(*EngBend) (EngChain *chain, EngTensor *x, const EngValue *args);
gboolean eng_vjp_of_slope (EngVjp *vjp, EngBend bend, EngTensor **grad_inputs, GError **error);

/* Sets an ENG_ERROR and returns FALSE, for use in rules. */
gboolean eng_rule_fails (GError **error, EngErrorCode code, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* Whether dtype can hold the number value; else PyTorch's text. */
gboolean eng_rule_value_fits (const EngValue *value, EngDtype dtype, GError **error);

/* Rule of the cards that put a gradient back among zeros: parameter 0's dtype, the
 * sizes in parameter 1. */
gboolean eng_infer_placed (EngCall *call, GError **error);

/* The hidden cards that vjps call. */
EngTensor *eng_tanh_backward (EngTensor *grad, EngTensor *output, GError **error);
EngTensor *eng_sigmoid_backward (EngTensor *grad, EngTensor *output, GError **error);
EngTensor *eng_threshold_backward (EngTensor *grad, EngTensor *output, GError **error);
EngTensor *eng_mm_second_turned (EngTensor *self, EngTensor *mat2, GError **error); /* self · mat2ᵀ */
EngTensor *eng_mm_first_turned (EngTensor *self, EngTensor *mat2, GError **error);  /* selfᵀ · mat2 */
/* zeros of these sizes with src added at one place of one dim: what select and
 * slice send back. */
EngTensor *eng_select_backward (EngTensor *grad, const EngMeta *input, gint64 dim, gint64 index, GError **error);
EngTensor *eng_slice_backward (EngTensor *grad, const EngMeta *input, gint64 dim, gint64 start, gint64 end,
                               gint64 step, GError **error);
/* zeros of these sizes with grad added where the indices read: what index, index_select,
 * take and masked_select send back. dims as for eng_index. */
EngTensor *eng_index_backward (EngTensor *grad, const EngMeta *input, EngTensor *const *indices, guint n_indices,
                               const gint64 *dims, GError **error);
/* zeros with grad on a diagonal, given as to eng_diagonal. */
EngTensor *eng_diagonal_backward (EngTensor *grad, guint ndim, const gint64 *sizes, gint64 offset, gint64 dim1,
                                  gint64 dim2, GError **error);
/* zeros of input's sizes with grad added where gather read. */
EngTensor *eng_gather_backward (EngTensor *grad, const EngMeta *input, gint64 dim, EngTensor *index, GError **error);
