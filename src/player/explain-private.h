/* SPDX-License-Identifier: MIT
 *
 * An explanation with what its element lines need beside the public part. */
#pragma once

#include "explain.h"
#include "player-private.h"
#include "template.h"

#include <json-glib/json-glib.h>

typedef struct { guint ndim; gint64 sizes[8], strides[8], offset; } ExplainShape;
/* Whose indices are shown: an element of a view is named as the element of its base. */
typedef struct { ExplainShape own, base; gboolean through; } ExplainGrid;

/* An entry of an operand. */
typedef struct
{
  guint ndim;
  gint64 place[8];
  double value;
} ExplainOperand;

typedef struct
{
  PlayerExplanation pub;
  GPtrArray *strings;          /* owned: element_target, element_out and others */
  ExplainGrid target, out;
  ExplainGrid inputs[4];
  guint64 input_tensors[4];    /* whose entries the inputs' names and indices are */
  guint64 out_tensor, target_tensor;
  char *partial_target;        /* "∂loss/∂W_x" */
  char *partial_out;           /* "∂loss/∂i2h"; NULL: the entry is one of a result */
  /* explain-operator.c: what stands round the one operand ("tanh(" and ")", "" and " + 1"), or between two */
  char *before, *after;  /* NULL: no operation of one input */
  const char *pair_sign; /* " / ", or NULL */
  gboolean is_operator;  /* before and after are a sign and a number */
  gboolean is_smooth;    /* it has a derivative: no term then means one of 0 */
  guint n_operands;      /* 0: not known */
  ExplainOperand operands[2];
} Explanation;

void player_explain_pill (Player *player, const PlayerNode *node, Explanation *explanation);
void player_explain_box (Player *player, const PlayerNode *node, Explanation *explanation);
Explanation *player_explanation_alloc (void);      /* empty */
/* "size 4.230", "none yet", "waiting 1/2"; NULL where there is no row. Caller frees. */
char *player_explain_gradient_note (Player *player, const PlayerNode *node);
/* A box's name without the line that a dimmed one bears. Caller frees. */
char *player_explain_dup_name (const PlayerNode *box);
/* "∂loss/∂h" of the pass that started at root (NULL: none has). Caller frees. */
char *player_explain_dup_partial (const char *root, const char *of);
/* The script's line that made a node, as the inspector says it; its own where the script has none. */
guint player_explain_line (Player *player, const PlayerNode *node);
/* tensor: whose entries the shot's are, for picking one; 0: none can be picked. */
void player_explain_add_fact (Explanation *explanation, char *label, char *note, guint64 shot, gboolean gradient,
                              guint64 tensor);
/* "size 4.230", or the word of what is not there. Caller frees. */
char *player_explain_size_note (Player *player, guint64 shot);

/* explain-element.c: one term of an answer as it stands in a line; its sign is taken out, so that lines read "a − b". */
typedef struct
{
  gboolean negative;
  char *text;
} ExplainPart;
JsonObject *player_explain_get_term (JsonArray *terms, guint k);             /* NULL: damaged */
double player_explain_get_number (JsonObject *term, const char *name);      /* NaN: not finite */
JsonArray *player_explain_get_array (JsonObject *object, const char *name);
ExplainPart player_explain_name_term (const Explanation *self, JsonObject *term);
ExplainPart player_explain_number_term (const Explanation *self, JsonObject *term, gboolean whole);
char *player_explain_dup_index (JsonArray *index, const ExplainGrid *grid);  /* "[11,3]" */
/* The flat place of an entry in the tensor it is named after; −1: not known. */
gint64 player_explain_find_place (JsonArray *index, const ExplainGrid *grid);
gint64 player_explain_find_spot (const gint64 *own, guint ndim, const ExplainGrid *grid);
/* The flat index in the operand of that place in the tensor it is named after; −1: it is not in the view. */
gint64 player_explain_from_place (const ExplainGrid *grid, gint64 place);
char *player_explain_dup_place (const gint64 *place, guint ndim, const ExplainGrid *grid);
/* explain-operator.c: how the operation is written, then the operands of the entry that is shown. */
void player_explain_find_operator (const PlayerTemplate *context, Explanation *out);
void player_explain_find_operands (Player *player, const PlayerTemplate *context, Explanation *out);
/* "tanh(h[3])" and "tanh(0.9123)", "d[0] + 1" and "2 + 1"; FALSE: it does not work entry by entry. */
gboolean player_explain_dup_function (const Explanation *self, gint64 n_terms, char **names, char **numbers);
