/* SPDX-License-Identifier: MIT
 *
 * Collecting terms and naming their factors. A factor is an input element when
 * its derivative is 1 with respect to that element and 0 with respect to all
 * others, and the two are equal. Called by insight.c. */
#include "terms.h"

#include <math.h>
#include <string.h>

static void
insert_term (InsightTerms *terms, const InsightTerm *term)
{
  guint at = terms->n_shown;
  while (at > 0 && !(fabs (terms->terms[at - 1].product) >= fabs (term->product)))
    at--;
  if (at == INSIGHT_MAX_TERMS)
    {
      terms->rest += term->product;
      return;
    }
  if (terms->n_shown == INSIGHT_MAX_TERMS)
    terms->rest += terms->terms[--terms->n_shown].product;
  memmove (&terms->terms[at + 1], &terms->terms[at], (terms->n_shown - at) * sizeof *term);
  terms->terms[at] = *term;
  terms->n_shown++;
}

void
insight_terms_add (InsightTerms *terms, guint group, EngTensor *values, EngTensor *factors)
{
  for (gint64 m = 0; m < eng_tensor_get_numel (values); m++)
    {
      double factor = eng_tensor_get_double (factors, m);
      if (factor == 0.0)
        continue;
      double value = eng_tensor_get_double (values, m);
      InsightTerm term = { .group = group, .index = m, .value = value, .factor = factor, .product = value * factor,
                           .factor_input = -1 };
      insert_term (terms, &term);
      terms->n_terms++;
    }
}

double
insight_terms_get_sum (const InsightTerms *terms)
{
  double sum = terms->rest;
  for (guint k = 0; k < terms->n_shown; k++)
    sum += terms->terms[k].product;
  return sum;
}

/* The one element of slopes that is not zero: its index if it is 1; −1 if there is
 * none, −2 if there is more. */
static gint64
find_single_one (EngTensor *slopes)
{
  gint64 found = -1;
  for (gint64 k = 0; k < eng_tensor_get_numel (slopes); k++)
    {
      double slope = eng_tensor_get_double (slopes, k);
      if (slope == 0.0)
        continue;
      if (found != -1 || slope != 1.0)
        return -2;
      found = k;
    }
  return found;
}

static guint
list_leaves (const InsightRerun *rerun, EngTensor **leaves, guint *places)
{
  guint n = 0;
  for (guint k = 0; k < rerun->n_inputs; k++)
    if (rerun->inputs[k] != NULL && eng_tensor_get_requires_grad (rerun->inputs[k]))
      {
        places[n] = k;
        leaves[n++] = rerun->inputs[k];
      }
  return n;
}

static void
name_term (InsightTerm *term, EngTensor *const *slopes, EngTensor *const *leaves, const guint *places, guint n)
{
  gint64 at = -1;
  guint input = 0;
  for (guint k = 0; k < n; k++)
    {
      gint64 found = slopes[k] != NULL ? find_single_one (slopes[k]) : -1;
      if (found == -1)
        continue;
      if (found == -2 || at != -1)
        return;
      at = found;
      input = k;
    }
  if (at == -1 || eng_tensor_get_double (leaves[input], at) != term->factor)
    return;
  term->factor_input = places[input];
  term->factor_index = at;
}

gboolean
insight_terms_name (InsightTerms *terms, guint group, EngTensor *factors, const InsightRerun *rerun, GError **error)
{
  EngTensor *leaves[REC_MAX_OPERANDS];
  guint places[REC_MAX_OPERANDS], n = list_leaves (rerun, leaves, places);
  if (n == 0 || !eng_tensor_get_requires_grad (factors))
    return TRUE;
  for (guint k = 0; k < terms->n_shown; k++)
    {
      EngTensor *slopes[REC_MAX_OPERANDS] = { NULL };
      if (terms->terms[k].group != group)
        continue;
      g_autoptr (EngTensor) seed = insight_one_hot (factors, terms->terms[k].index, error);
      if (seed == NULL || !eng_grad (&factors, &seed, 1, leaves, n, slopes, TRUE, FALSE, TRUE, error))
        return FALSE;
      name_term (&terms->terms[k], slopes, leaves, places, n);
      for (guint j = 0; j < n; j++)
        g_clear_pointer (&slopes[j], eng_tensor_unref);
    }
  return TRUE;
}
