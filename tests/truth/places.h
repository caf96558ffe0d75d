/* SPDX-License-Identifier: MIT
 *
 * Where things stand in a picture: no boxes overlap, no tag lies on one, no edge
 * crosses one that it does not join. What is wrong is counted and told. */
#pragma once

#include "painter/painter.h"
#include "truth-run.h"

#define TRUTH_TOLERANCE_PX 1.0

typedef struct
{
  TruthRun *run;
  guint position;
  guint n_texts, n_numbers, n_factors, n_problems;
  guint n_tabs, n_shares; /* of tensors that are used in many places */
} TruthCheck;

/* A box as drawn: of a tensor that is used in many places there are several. */
typedef struct
{
  const PlayerNode *node;
  guint use;
  LayoutRect rect;
} TruthDrawn;

void truth_problem (TruthCheck *check, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* by: how much two may share. */
gboolean truth_overlap (const LayoutRect *a, const LayoutRect *b, double by);
gboolean truth_inside (const LayoutRect *inner, const LayoutRect *outer);
gboolean truth_has_point (const LayoutRect *rect, double x, double y);
/* Every box, of TruthDrawn; owned by the caller. */
GArray *truth_list_drawn (TruthCheck *check, const PlayerGraph *graph);
/* The graph that is laid out at this position. */
void truth_check_places (TruthCheck *check);
