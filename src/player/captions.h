/* SPDX-License-Identifier: MIT
 *
 * What a step did, in one or two sentences, past tense, with names and numbers of
 * the run; and what the next step will do. All results are the caller's. */
#pragma once

#include "template.h"

char *player_dup_caption (PlayerRunIndex *index, guint n);          /* step 1 … n_steps */
char *player_dup_next_text (PlayerRunIndex *index, guint n);        /* "Next: …" said of step n, before it */

/* captions-forward.c */
char *player_dup_leaf_caption (PlayerRunIndex *index, const PlayerStepInfo *step);
char *player_dup_op_caption (PlayerRunIndex *index, const PlayerStepInfo *step);
char *player_dup_update_caption (PlayerRunIndex *index, const PlayerStepInfo *step);
char *player_dup_rest_caption (PlayerRunIndex *index, const PlayerStepInfo *step);
char *player_dup_error_caption (PlayerRunIndex *index, const PlayerStepInfo *step);
char *player_dup_view_caption (PlayerRunIndex *index, guint64 event, const RecOp *op, const RecOpDef *def);
/* captions-nan.c: NULL when the result has no NaN of its own making. */
char *player_dup_nan_caption (PlayerRunIndex *index, const PlayerStepInfo *step, const RecOp *op, const RecOpDef *def);
/* captions-backward.c */
char *player_dup_backward_begins_caption (PlayerRunIndex *index, const PlayerStepInfo *step);
char *player_dup_grad_fn_caption (PlayerRunIndex *index, const PlayerStepInfo *step);
char *player_dup_accumulate_caption (PlayerRunIndex *index, const PlayerStepInfo *step);
char *player_dup_backward_ends_caption (PlayerRunIndex *index, const PlayerStepInfo *step);
char *player_dup_grad_replaced_caption (PlayerRunIndex *index, const PlayerStepInfo *step);
char *player_dup_storage_caption (PlayerRunIndex *index, const PlayerStepInfo *step);

/* Helpers of these files. */
gboolean player_read_op (PlayerRunIndex *index, guint64 event, RecOp *op, const RecOpDef **def);
/* A leaf's facts and what the student wrote, for a step of kind LEAF. */
gboolean player_read_leaf (PlayerRunIndex *index, guint64 event, RecTensor *facts, const char **written);
gboolean player_read_run (PlayerRunIndex *index, guint64 event, RecGradFnRun *run);
gboolean player_get_norm (PlayerRunIndex *index, guint64 shot, double *norm);
char *player_dup_size_change (PlayerRunIndex *index, guint64 before, guint64 after);  /* " (size 4.23 → 8.46)" or "" */
