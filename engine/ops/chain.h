/* SPDX-License-Identifier: MIT
 *
 * Formulas over tensors, written as they read. A chain keeps the intermediate
 * results of a derivative; each step gives a borrowed tensor, or NULL once any step
 * before it has failed, so that only the end has to look. Included by engine/ops.
 *
 *   EngChain chain = eng_chain (error);
 *   EngTensor *s = eng_step_sigmoid (&chain, x);
 *   return eng_chain_give (&chain, eng_step_mul (&chain, grad, s));
 */
#pragma once

#include "card.h"

#define ENG_CHAIN_LENGTH 40

struct _EngChain
{
  GError **error;
  guint n;
  EngTensor *kept[ENG_CHAIN_LENGTH];
};

static inline EngChain
eng_chain (GError **error)
{
  return (EngChain) { .error = error };
}

/* Takes a fresh result (or NULL) into the chain. */
static inline EngTensor *
eng_chain_keep (EngChain *chain, EngTensor *result)
{
  g_assert (chain->n < ENG_CHAIN_LENGTH);
  if (result != NULL)
    chain->kept[chain->n++] = result;
  return result;
}

/* Ends the chain: a new reference to result, which may be NULL after a failure. */
static inline EngTensor *
eng_chain_give (EngChain *chain, EngTensor *result)
{
  EngTensor *given = result != NULL ? eng_tensor_ref (result) : NULL;
  for (guint k = 0; k < chain->n; k++)
    eng_tensor_unref (chain->kept[k]);
  chain->n = 0;
  return given;
}

static inline EngTensor *
eng_step_one (EngChain *chain, EngTensor *(*apply) (EngTensor *, GError **), EngTensor *a)
{
  return a != NULL ? eng_chain_keep (chain, apply (a, chain->error)) : NULL;
}

static inline EngTensor *
eng_step_two (EngChain *chain, EngTensor *(*apply) (EngTensor *, EngTensor *, GError **), EngTensor *a, EngTensor *b)
{
  return a != NULL && b != NULL ? eng_chain_keep (chain, apply (a, b, chain->error)) : NULL;
}

static inline EngTensor *
eng_step_number (EngChain *chain, EngTensor *(*apply) (EngTensor *, double, GError **), EngTensor *a, double number)
{
  return a != NULL ? eng_chain_keep (chain, apply (a, number, chain->error)) : NULL;
}

static inline EngTensor *eng_step_neg (EngChain *c, EngTensor *a) { return eng_step_one (c, eng_neg, a); }
static inline EngTensor *
eng_step_exp (EngChain *c, EngTensor *a)
{
  return eng_step_one (c, eng_exp, a);
}
static inline EngTensor *eng_step_tanh (EngChain *c, EngTensor *a) { return eng_step_one (c, eng_tanh, a); }
static inline EngTensor *eng_step_sigmoid (EngChain *c, EngTensor *a) { return eng_step_one (c, eng_sigmoid, a); }
static inline EngTensor *eng_step_reciprocal (EngChain *c, EngTensor *a) { return eng_step_one (c, eng_reciprocal, a); }
static inline EngTensor *eng_step_square (EngChain *c, EngTensor *a) { return eng_step_two (c, eng_mul, a, a); }
static inline EngTensor *eng_step_add (EngChain *c, EngTensor *a, EngTensor *b) { return eng_step_two (c, eng_add, a, b); }
static inline EngTensor *eng_step_sub (EngChain *c, EngTensor *a, EngTensor *b) { return eng_step_two (c, eng_sub, a, b); }
static inline EngTensor *
eng_step_mul (EngChain *c, EngTensor *a, EngTensor *b)
{
  return eng_step_two (c, eng_mul, a, b);
}
static inline EngTensor *eng_step_plus (EngChain *c, EngTensor *a, double k) { return eng_step_number (c, eng_add_scalar, a, k); }
static inline EngTensor *eng_step_times (EngChain *c, EngTensor *a, double k) { return eng_step_number (c, eng_mul_scalar, a, k); }
static inline EngTensor *eng_step_from (EngChain *c, double k, EngTensor *a) { return eng_step_number (c, eng_rsub_scalar, a, k); } /* k − a */
static inline EngTensor *eng_step_pow (EngChain *c, EngTensor *a, double k) { return eng_step_number (c, eng_pow_scalar, a, k); }

/* grad where condition holds, else 0. */
static inline EngTensor *
eng_step_where (EngChain *chain, EngTensor *condition, EngTensor *value)
{
  if (condition == NULL || value == NULL)
    return NULL;
  EngTensor *zero = eng_chain_keep (chain, eng_zeros (eng_tensor_get_dtype (value), 0, NULL, chain->error));
  return zero != NULL ? eng_chain_keep (chain, eng_where (condition, value, zero, chain->error)) : NULL;
}
