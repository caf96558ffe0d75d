/* SPDX-License-Identifier: MIT
 *
 * What Python knows as one function but PyTorch makes of several operations:
 * matmul, reshape, flatten, … A composite is no card: it records nothing of its
 * own, it calls operations through the door. The script host offers composites
 * beside the cards, with the same argument parsing. */
#pragma once

#include "op.h"

typedef struct
{
  const char *signature;           /* as on a card */
  guint flags;                     /* ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION; 0: a property (T, mT) */
  /* args as for eng_call. outputs[0 …] are new references. */
  gboolean (*run) (const EngValue *args, EngTensor **outputs, GError **error);
} EngComposite;

const EngComposite *const *eng_composite_list (guint *n_composites);
const EngComposite *eng_composite_lookup (const char *name_dot_overload);   /* NULL if unknown */
const EngSignature *eng_composite_get_signature (const EngComposite *composite);
