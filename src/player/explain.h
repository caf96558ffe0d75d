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
  /* The element to show with its numbers: largest |gradient| sent to `element_input`. */
  gboolean has_element;
  guint64 element_event;     /* REC_GRAD_FN_DONE (or REC_OP_DONE when backward has not run) */
  int element_input;
  gint64 element_index;
  const char *element_target;/* "W_x": gradient's owner */
  const char *element_out;   /* "i2h": whose gradient came in */
  GPtrArray *element_inputs; /* of char*: display names of the operation's inputs before views */
  gboolean element_swapped[4]; /* input k was reached through a transpose: its index is shown reversed */
} PlayerExplanation;

PlayerExplanation *player_explain (Player *player, guint node);   /* NULL: no such node now */
void player_explanation_free (PlayerExplanation *explanation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerExplanation, player_explanation_free)
/* Lines of "One entry": "∂loss/∂W_x[11,3]", "= ∂loss/∂i2h[11] × x[3]", "= 0.8956 × 1.9536", "= +1.7496".
 * element_json as insight_element gives it. NULL-terminated, caller frees. */
char **player_explain_element (const PlayerExplanation *explanation, const char *element_json);

/* Numbers as the whole app shows them: 4 significant digits, − for minus, "1.2e−7". */
char *player_format_number (double value);
char *player_format_signed (double value);       /* with + or − */
char *player_format_size (guint ndim, const gint64 *sizes);  /* "20×10", "scalar" */
