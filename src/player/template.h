/* SPDX-License-Identifier: MIT
 *
 * Fills the templates that operations bring along (their language: engine/text.h)
 * with names and numbers of the run. */
#pragma once

#include "names.h"

typedef struct
{
  PlayerRunIndex *index;
  const PlayerGraph *graph;    /* not NULL: its boxes' labels come before names */
  const RecOp *op;             /* the forward operation */
  const RecOpDef *def;
  guint64 op_event;            /* names in forward texts are those of this event */
  const RecGradFnRun *run;     /* backward texts; NULL: no run yet */
  guint64 run_event;
} PlayerTemplate;

/* NULL when the template is NULL or something in braces is not known. Caller frees. */
char *player_template_expand (const PlayerTemplate *context, const char *template);
/* Names of the operands, in braces' terms: input k of the operation. Caller frees. */
char *player_template_dup_input (const PlayerTemplate *context, guint input);        /* "xᵀ" */
char *player_template_dup_input_base (const PlayerTemplate *context, guint input);   /* "x" */
char *player_template_dup_output (const PlayerTemplate *context);
char *player_template_dup_grad (const PlayerTemplate *context);                      /* "∂loss/∂i2h" */
/* "∂loss/∂" before a name; Caller frees. */
char *player_template_dup_partial (const PlayerTemplate *context, const char *of);
/* Whether input k can receive a gradient from this operation. */
gboolean player_template_receives (const PlayerTemplate *context, guint input);
/* "h2h and to i2h"; receivers only, each base once. Caller frees. */
char *player_template_dup_receivers (const PlayerTemplate *context);

/* factor.c: "× (1 − next_h²)", or NULL. Caller frees. */
char *player_dup_factor (const PlayerTemplate *context);

/* template-counts.c */
char *player_template_dup_almost0 (const PlayerTemplate *context);  /* "; 12 of 20 are now almost 0" or "" */
/* "12 of 20 nearly ±1", or NULL when no entry is: saturation names the limits. */
char *player_dup_badge (RecRecording *recording, guint64 shot, const char *saturation);
/* The one element of a shot; FALSE when it has more or is not kept. */
gboolean player_get_scalar (RecRecording *recording, guint64 shot, double *value);
