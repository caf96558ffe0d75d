/* SPDX-License-Identifier: MIT
 *
 * What the door needs to know of a card without asking twice: its parsed
 * signature and where its tensor arguments stand. Cards outside op-list.h (the
 * engine's own, and those of tests) are entered when first met. */
#pragma once

#include "op.h"

#define ENG_MAX_PARAMS 16
#define ENG_NO_PARAM 0xff

typedef struct
{
  const EngOp *op;
  EngSignature *signature;
  guint index;                               /* in eng_op_list; G_MAXUINT: not listed */
  guint8 n_params;
  guint8 n_inputs;                           /* Tensor parameters (a Tensor[] counts as one here) */
  guint8 input_params[ENG_MAX_PARAMS];       /* their places among the parameters */
  guint8 n_others;                           /* parameters that are no tensors */
  guint8 other_params[ENG_MAX_PARAMS];
  guint8 n_outputs;
  guint8 requires_grad_param;                /* "bool requires_grad", else ENG_NO_PARAM */
  guint8 n_saves;                            /* entries of op->saves */
  gboolean saves_output;                     /* among what its grad_fn keeps */
  gboolean has_list;                         /* a Tensor[] among them */
} EngEntry;

/* The last entry found at each place of the address: a card is found again in one
 * comparison, which the door does for every operation. */
#define ENG_REGISTRY_CACHE 512
extern const EngEntry *eng_registry_cache[ENG_REGISTRY_CACHE];
const EngEntry *eng_registry_find_slowly (const EngOp *op);

static inline const EngEntry *
eng_registry_find (const EngOp *op)
{
  const EngEntry *entry = eng_registry_cache[((gsize) op >> 5) % ENG_REGISTRY_CACHE];
  return G_LIKELY (entry != NULL && entry->op == op) ? entry : eng_registry_find_slowly (op);
}
