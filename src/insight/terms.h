/* SPDX-License-Identifier: MIT
 *
 * The terms of one element: what is multiplied by what, largest first. Private to
 * this room. */
#pragma once

#include "rerun.h"

#define INSIGHT_MAX_TERMS 12

typedef struct
{
  guint group;              /* which tensor the multiplied element stands in */
  gint64 index;             /* flat, in that tensor */
  double value, factor, product;
  int factor_input;         /* the input whose element the factor is; −1: none */
  gint64 factor_index;
} InsightTerm;

typedef struct
{
  guint n_terms;            /* all of them */
  guint n_shown;
  InsightTerm terms[INSIGHT_MAX_TERMS];
  double rest;              /* the sum of those not shown */
} InsightTerms;

/* Adds value[m] · factor[m] for every m where the factor is not zero. */
void insight_terms_add (InsightTerms *terms, guint group, EngTensor *values, EngTensor *factors);
/* Finds the input element that each shown factor of this group is, if there is one. */
gboolean insight_terms_name (InsightTerms *terms, guint group, EngTensor *factors, const InsightRerun *rerun,
                             GError **error);
double insight_terms_get_sum (const InsightTerms *terms);
