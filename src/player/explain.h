/* SPDX-License-Identifier: MIT
 *
 * What the inspector says of a node at a position, as data: no widgets here.
 * Strings are owned by the explanation. */
#pragma once

#include "player.h"

typedef struct
{
  char *label;               /* "to W_x, 20×10", "∂loss/∂i2h, 20×1" */
  char *note;                /* "size 4.230", "not required", "none yet" … at the right */
  guint64 shot;              /* 0: no heat map */
  gboolean gradient;         /* coloured on the gradients' scale */
  guint64 tensor;            /* whose entries these are: what a pick names; 0 none */
} PlayerFact;

typedef struct
{
  gboolean is_operation;
  char *title;               /* "mm  matrix product" or "W_x" */
  char *subtitle;            /* "MmBackward0 · line 10" or "20×10 · float32 · leaf · requires grad" */
  char *formula;             /* "i2h = W_x · xᵀ" */
  char *sizes;               /* "20×10 · 10×1" */
  char *result_size;         /* "20×1" */
  char *backward_title;      /* "Backward, step 14", or NULL while backward has not reached it */
  GPtrArray *derivatives;    /* of char*: "∂loss/∂W_x = ∂loss/∂i2h · x" */
  char *words;               /* "mm multiplies by the other matrix, transposed" */
  GPtrArray *facts;          /* of PlayerFact* */
  /* Of an edge: what it joins (node ids and their labels), and each view folded into its tag, as a sentence. */
  gboolean is_edge;
  guint from, to;
  char *from_label, *to_label;
  GPtrArray *views;          /* of char* */
  /* The element to show with its numbers: largest |gradient| sent to `element_input`. */
  gboolean has_element;
  guint64 element_event;     /* REC_GRAD_FN_DONE (or REC_OP_DONE when backward has not run) */
  int element_input;
  gint64 element_index;
  const char *element_target;/* "W_x": gradient's owner */
  const char *element_out;   /* "i2h": whose gradient came in */
  GPtrArray *element_inputs; /* of char*: display names of the operation's inputs before views */
  gboolean element_picked;   /* it is the one that was picked, not the largest */
} PlayerExplanation;

PlayerExplanation *player_explain (Player *player, guint node);   /* NULL: no such node now */
/* Of the value that travels along an edge (explain-edge.c); NULL: no such edge now. */
PlayerExplanation *player_explain_edge (Player *player, guint edge);
/* Where no node is in focus: outputs and the leaves' gradients at the position; NULL: nothing has run. */
PlayerExplanation *player_explain_position (Player *player);
void player_explanation_free (PlayerExplanation *explanation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerExplanation, player_explanation_free)
/* Lines of "One entry": "∂loss/∂W_x[11,3]", "= ∂loss/∂i2h[11] × x[3]", "= 0.8956 × 1.9536", "= +1.7496".
 * element_json as insight_element gives it. NULL-terminated, caller frees. */
char **player_explain_element (const PlayerExplanation *explanation, const char *element_json);

/* The same one term at a time, for granularity "element" (explain-terms.c). */
#define PLAYER_MAX_TERMS 12
typedef struct { guint64 tensor; gint64 index; gboolean gradient; } PlayerSpot;    /* an entry, flat; tensor 0: none */
typedef struct
{
  char *names, *numbers;     /* "W_h[2,5] × prev_h[5]", "2.3022 × 2.4966" */
  gboolean single;           /* a value, nothing is multiplied: the number is the product */
  double product;
  PlayerSpot spots[2];       /* what was multiplied */
} PlayerTerm;
typedef struct
{
  char *target;              /* "h2h[2]" */
  PlayerSpot spot;
  gboolean is_sum;           /* FALSE: a function of one entry, one term; or of many, no terms */
  gint64 n_terms;            /* all of them; only the largest are listed */
  guint n_listed;
  PlayerTerm terms[PLAYER_MAX_TERMS];
  gint64 n_rest;
  double rest, value;
} PlayerTerms;
PlayerTerms *player_explain_terms (const PlayerExplanation *explanation, const char *element_json);   /* NULL: damaged */
void player_terms_free (PlayerTerms *terms);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerTerms, player_terms_free)
guint player_terms_get_n_steps (const PlayerTerms *terms);       /* presses: each listed term, then the rest at once */
char *player_terms_dup_caption (const PlayerTerms *terms, guint k);    /* what press k did; 1 … n_steps */
char *player_terms_dup_next (const PlayerTerms *terms, guint k);       /* what press k will do */
char **player_terms_dup_lines (const PlayerTerms *terms, guint n);     /* "One entry" after n presses; the last line is the sum */

/* The words of states without numbers, for boxes and cards alike. NULL: such a gradient has a number, or no row;
 * that of a waiting one counts: player_dup_gradient_word. */
#define PLAYER_NOT_KEPT "not kept"
const char *player_get_gradient_word (PlayerGradState state); /* "none yet" */
char *player_dup_gradient_word (const PlayerNode *node);      /* "none yet", "waiting 1/2"; caller frees */

/* Numbers as the whole app shows them: 4 significant digits, − for minus, "1.2e−7". */
char *player_format_number (double value);
char *player_format_size (guint ndim, const gint64 *sizes);  /* "20×10", "scalar" */
