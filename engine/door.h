/* SPDX-License-Identifier: MIT
 *
 * Steps of the door that its ordinary and its in-place way share. Included by
 * call.c, call-inplace.c and door.c only. A pass owns the casts it made and the
 * outputs until they are handed to the caller. */
#pragma once

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
  guint n_inputs;
  guint n_casts;
  guint32 dtypes;                           /* of the inputs: bits 1 << dtype */
  gboolean may_need;                        /* one of the inputs requires grad */
  EngTensor *inputs[ENG_MAX_INPUTS];        /* borrowed; NULL where None */
  EngTensor *casts[ENG_MAX_INPUTS];         /* owned */
  EngTensor *cast_list[ENG_MAX_INPUTS];     /* items of a cast Tensor[] */
  EngValue cast_args[ENG_MAX_PARAMS];
} EngPass;

/* Looks the card up, lists its tensor inputs, takes what was written. */
gboolean eng_pass_begin (EngPass *pass, const EngOp *op, const EngValue *args, GError **error);
/* The slow halves of the functions below. */
gboolean eng_pass_make_casts (EngPass *pass, GError **error);
guint64 eng_pass_list_needs (const EngPass *pass);
void eng_pass_tell (EngPass *pass, EngGradFn *grad_fn, gboolean in_place);
/* Runs the kernel, with the long-kernel hooks round it where it will take long. */
gboolean eng_pass_run_kernel (EngPass *pass, GError **error);
void eng_pass_drop_outputs (EngPass *pass);
void eng_pass_observe_failure (EngPass *pass, GError **error);

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
  return pass->may_need && eng_grad_mode ? eng_pass_list_needs (pass) : 0;
}

static inline void
eng_pass_observe (EngPass *pass, EngGradFn *grad_fn, gboolean in_place)
{
  if (G_UNLIKELY (eng_observer != NULL))
    eng_pass_tell (pass, grad_fn, in_place);
}

/* A copy of src (any strides) in another dtype; no autograd, not observed. */
EngTensor *eng_raw_copy (EngTensor *src, EngDtype dtype, GError **error);
