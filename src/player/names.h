/* SPDX-License-Identifier: MIT
 *
 * What a tensor is called in a sentence or formula: its source name, the name of
 * what it views with the view's tag, or the expression that made it. */
#pragma once

#include "numbers.h"
#include "run-index.h"

/* The leaf whose .grad a tensor is; 0: none. */
guint64 player_get_grad_owner (PlayerRunIndex *index, guint64 tensor);
/* The best name a tensor had at an event, else the first it got in the step that made it; NULL: none. */
const char *player_name_of (PlayerRunIndex *index, guint64 tensor, guint64 at);
/* Always something: "x", "xᵀ", "(a * b)", "mm(…)". */
char *player_dup_display_name (PlayerRunIndex *index, guint64 tensor, guint64 at);
/* The tensor that a chain of unnamed views looks at (itself when it is no view). */
guint64 player_get_base (PlayerRunIndex *index, guint64 tensor, guint64 at);
/* What the last backward pass before an event started at, as it was called then: "loss"; NULL: none began. */
char *player_dup_root_name (PlayerRunIndex *index, guint64 before);
/* "line 13" of the script ("Line 13" where a sentence begins with it), "helper.py, line 13" of a module. Caller frees. */
char *player_dup_place (PlayerRunIndex *index, guint file, guint line, gboolean begins);
/* "ᵀ" after "ᵀ" cancels; words are set apart. */
void player_append_tag (GString *text, const char *tag);
/* "dim=1, keepdim=True": the value of one of an operation's arguments, brackets kept together; NULL: not there. */
char *player_dup_param (const RecOp *op, const char *name);
/* What a view appends to a name: "ᵀ", else ".view(2, 3)". Caller frees. */
char *player_dup_view_suffix (const RecOp *op, const RecOpDef *def);
/* What stands on the edge: "ᵀ", "view". Caller frees. */
char *player_dup_view_tag (const RecOp *op, const RecOpDef *def);
