/* SPDX-License-Identifier: MIT
 *
 * Steps of the door that its ordinary and its in-place way share. Included by
 * call.c, call-inplace.c and door.c only. A pass owns the casts it made and the
 * outputs until they are handed to the caller. */
#pragma once

#include "call.h"
#include "grad-fn.h"
#include "infer.h"

typedef struct
{
  EngCall call;                             /* call.args may point to cast_args */
  const EngEntry *entry;
  const EngValue *args;                     /* as the caller gave them */
  const char *written;
  guint n_inputs;
  guint n_casts;
  EngTensor *inputs[ENG_MAX_INPUTS];        /* borrowed; NULL where None */
  EngTensor *casts[ENG_MAX_INPUTS];         /* owned */
  EngTensor *cast_list[ENG_MAX_INPUTS];     /* items of a cast Tensor[] */
  EngValue cast_args[ENG_MAX_PARAMS];
} EngPass;

/* Looks the card up, lists its tensor inputs, takes what was written. */
gboolean eng_pass_begin (EngPass *pass, const EngOp *op, const EngValue *args, GError **error);
/* Converts inputs to call.compute_dtype where the rule asked for it. */
gboolean eng_pass_cast (EngPass *pass, GError **error);
/* Runs the kernel, with the long-kernel hooks round it where it will take long. */
gboolean eng_pass_run_kernel (EngPass *pass, GError **error);
/* Which inputs need a gradient: 0 when no graph is to be recorded. */
guint64 eng_pass_needs (const EngPass *pass);
void eng_pass_drop_casts (EngPass *pass);
void eng_pass_drop_outputs (EngPass *pass);
void eng_pass_observe (EngPass *pass, EngGradFn *grad_fn, gboolean in_place);
void eng_pass_observe_failure (EngPass *pass, GError **error);
/* A copy of src (any strides) in another dtype; no autograd, not observed. */
EngTensor *eng_raw_copy (EngTensor *src, EngDtype dtype, GError **error);
