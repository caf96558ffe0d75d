/* SPDX-License-Identifier: MIT
 *
 * Steps of the door that its ordinary and its in-place way share. Included by
 * call.c, call-inplace.c, door.c and accumulate-grad.c only. A pass owns the casts it made and the
 * outputs until they are handed to the caller. */
#pragma once

#include <string.h>

#include "call.h"
#include "grad-fn.h"
#include "infer.h"
#include "observer-private.h"

typedef struct
{
  EngCall call;                             /* call.args may point to cast_args */
  const EngEntry *entry;
  const EngValue *args;                     /* as the caller gave them */
  const char *written;
  gboolean swapped;
  guint n_inputs;
  guint n_casts;
  guint32 dtypes;                           /* of the inputs: bits 1 << dtype */
  guint64 wanting;                          /* the inputs that require grad: bits */
  EngTensor *inputs[ENG_MAX_INPUTS];        /* borrowed; NULL where None */
  EngTensor *casts[ENG_MAX_INPUTS];         /* owned */
  EngTensor *cast_list[ENG_MAX_INPUTS];     /* items of a cast Tensor[] */
  EngValue cast_args[ENG_MAX_PARAMS];
} EngPass;

/* The slow halves of the functions below. */
gboolean eng_pass_list_other (EngPass *pass, guint k, GError **error);
gboolean eng_pass_make_casts (EngPass *pass, GError **error);
/* Tells the observer, which is there; fills in what is saved and where this happens. */
void eng_tell_op (EngOpDone *done);
gboolean eng_pass_run_hooked (EngPass *pass, GError **error);
void eng_pass_drop_outputs (EngPass *pass);
void eng_pass_observe_failure (EngPass *pass, GError **error);

/* What was written for the next call, and the long-kernel hooks; door.c sets them. */
extern const char *eng_door_written;
extern gboolean eng_door_swapped;
extern void (*eng_door_leave) (void);
extern void (*eng_door_enter) (void);

static inline gboolean
eng_tensor_wants_grad (const EngTensor *tensor)
{
  return tensor->requires_grad || (G_UNLIKELY (tensor->base != NULL) && tensor->base->requires_grad);
}

static inline void
eng_pass_add_input (EngPass *pass, EngTensor *input)
{
  guint k = pass->n_inputs++;
  pass->inputs[k] = input;
  pass->dtypes |= 1u << input->dtype;
  pass->wanting |= (guint64) eng_tensor_wants_grad (input) << k;
}

/* Looks the card up, lists its tensor inputs, takes what was written. */
static inline gboolean
eng_pass_begin (EngPass *pass, const EngOp *op, const EngValue *args, GError **error)
{
  const EngEntry *entry = eng_registry_find (op);
  EngCall *call = &pass->call;
  pass->entry = entry;
  pass->args = args;
  pass->written = eng_door_written;
  eng_door_written = NULL;
  pass->swapped = eng_door_swapped;
  eng_door_swapped = FALSE;
  pass->n_inputs = 0;
  pass->n_casts = 0;
  pass->dtypes = 0;
  pass->wanting = 0;
  call->op = op;
  call->signature = entry->signature;
  call->args = args;
  call->compute_dtype = ENG_NO_CAST;
  memset (call->outputs, 0, sizeof call->outputs);
  for (guint k = 0; k < entry->n_inputs; k++)
    {
      const EngValue *value = &args[entry->input_params[k]];
      if (G_LIKELY (value->kind == ENG_VALUE_TENSOR))
        eng_pass_add_input (pass, value->tensor);
      else if (!eng_pass_list_other (pass, k, error))
        return FALSE;
    }
  return TRUE;
}

/* Runs the kernel, with the long-kernel hooks round it where it will take long. */
static inline gboolean
eng_pass_run_kernel (EngPass *pass, GError **error)
{
  if (G_LIKELY (eng_door_leave == NULL))
    return pass->call.op->kernel (&pass->call, error);
  return eng_pass_run_hooked (pass, error);
}

/* Converts inputs to call.compute_dtype where the rule asked for it. */
static inline gboolean
eng_pass_cast (EngPass *pass, GError **error)
{
  EngDtype dtype = pass->call.compute_dtype;
  if (G_LIKELY (dtype == ENG_NO_CAST || (pass->dtypes & ~(1u << dtype)) == 0))
    return TRUE;
  return eng_pass_make_casts (pass, error);
}

static inline void
eng_pass_drop_casts (EngPass *pass)
{
  for (guint k = 0; k < pass->n_casts; k++)
    eng_tensor_unref (pass->casts[k]);
  pass->n_casts = 0;
}

/* Which inputs need a gradient: 0 when no graph is to be recorded. */
static inline guint64
eng_pass_needs (const EngPass *pass)
{
  gboolean never = (pass->call.op->flags & (ENG_OP_NOT_DIFFERENTIABLE | ENG_OP_FACTORY)) != 0;
  return eng_grad_mode && !never ? pass->wanting : 0;
}

static inline void
eng_pass_observe (EngPass *pass, EngGradFn *grad_fn, gboolean in_place)
{
  if (G_UNLIKELY (eng_observer != NULL))
    eng_tell_op (&(EngOpDone){
        .op = pass->entry->op,
        .args = pass->args,
        .written = pass->written,
        .swapped = pass->swapped,
        .inputs = pass->inputs,
        .n_inputs = pass->n_inputs,
        .outputs = pass->call.outputs,
        .n_outputs = pass->entry->n_outputs,
        .grad_fn = grad_fn,
        .in_place = in_place,
    });
}

/* A copy of src (any strides) in another dtype; no autograd, not observed. */
EngTensor *eng_raw_copy (EngTensor *src, EngDtype dtype, GError **error);
