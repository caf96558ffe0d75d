/* SPDX-License-Identifier: MIT
 *
 * An explanation with what its element lines need beside the public part. */
#pragma once

#include "explain.h"
#include "player-private.h"
#include "template.h"

typedef struct { guint ndim; gint64 sizes[8], strides[8], offset; } ExplainShape;
/* Whose indices are shown: an element of a view is named as the element of its base. */
typedef struct { ExplainShape own, base; gboolean through; } ExplainGrid;

typedef struct
{
  PlayerExplanation pub;
  GPtrArray *strings;          /* owned: element_target, element_out and others */
  ExplainGrid target, out;
  ExplainGrid inputs[4];
  char *partial_target;        /* "∂loss/∂W_x" */
  char *partial_out;           /* "∂loss/∂i2h"; NULL: the entry is one of a result */
  char *function;              /* "tanh": an operation of one input and nothing else, or NULL */
  gboolean has_argument;
  double argument;             /* of function, for the entry that is shown */
} Explanation;

void player_explain_pill (Player *player, const PlayerNode *node, Explanation *explanation);
void player_explain_box (Player *player, const PlayerNode *node, Explanation *explanation);
void player_explain_add_fact (Explanation *explanation, char *label, char *note, guint64 shot, gboolean gradient);
/* "size 4.230", or the word of what is not there. Caller frees. */
char *player_explain_size_note (Player *player, guint64 shot);
