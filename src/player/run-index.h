/* SPDX-License-Identifier: MIT
 *
 * One pass over a recording: which events make a step, which event made a tensor
 * or a grad_fn, which names a tensor has had, where output and the error stand.
 * Grows with the recording; nothing is read twice. Player only, UI thread. */
#pragma once

#include "arena.h"
#include "player.h"

typedef enum
{
  PLAYER_STEP_LEAF,            /* a factory made a leaf */
  PLAYER_STEP_OP,
  PLAYER_STEP_UPDATE,          /* an operation wrote a leaf in place, under no_grad */
  PLAYER_STEP_BACKWARD_BEGINS,
  PLAYER_STEP_GRAD_FN,
  PLAYER_STEP_ACCUMULATE,
  PLAYER_STEP_BACKWARD_ENDS,
  PLAYER_STEP_GRAD_REPLACED,
  PLAYER_STEP_STORAGE,
  PLAYER_STEP_OPTIMIZER,
  PLAYER_STEP_ERROR,
  PLAYER_STEP_REST,            /* output or views after the last operation */
} PlayerStepKind;

/* A gradient that came to a tensor that waits for several. */
typedef struct
{
  guint64 tensor;              /* 0: none came */
  gboolean leaf;               /* AccumulateGrad gets it */
  guint nr, expected;          /* the first of 2 */
  guint64 event;               /* of the grad_fn that sent it */
  guint64 grad_fn;             /* it was sent to, as the gradient of that output */
  guint output_nr;
  guint64 first, shot;         /* the one that came first (0: to another output), and this one */
} PlayerArrival;

typedef struct
{
  PlayerStep pub;
  PlayerStepKind kind;
  guint64 main;                /* its main event */
  guint32 end_line;            /* last line of its statement */
  guint call;                  /* the call of a function it is in, counted from 1 in `calls`; 0: in none */
  guint n_main;                /* gradients cleared, storages changed: how many at once */
  const char *function;        /* the innermost one that its event happened in; NULL: none */
  /* what the graph found when it applied the step */
  const char *moved_name;      /* a name that left an older tensor for this result */
  PlayerArrival arrival;       /* the last one */
  guint iteration;             /* of the loop in iteration_line, when earlier ones were folded away; 0 none */
  guint32 iteration_line;
  guint16 iteration_file;
  guint sweep;                 /* how often that had happened */
  guint64 shot_before;         /* of a leaf's values or .grad, when the step replaced it */
} PlayerStepInfo;

typedef struct
{
  guint64 grad_fn;
  guint64 op_event;            /* REC_OP_DONE that made it; G_MAXUINT64 unknown */
  gboolean is_view;
  GArray *runs;                /* of guint64: its REC_GRAD_FN_DONE events; NULL none */
  char *factor;                /* its pill's text, once asked for */
  gboolean factor_has_run;     /* made when a run of it was known */
} PlayerGradFnInfo;

typedef struct
{
  guint64 event;
  const char *name;
  RecNameRank rank;
} PlayerNaming;
typedef struct
{
  guint64 tensor;
  guint64 op_event;            /* that made it; G_MAXUINT64 unknown */
  GArray *namings;             /* of PlayerNaming, NULL: never named */
  guint64 base;                /* it only looks at that tensor's memory (view, detach, .data); 0: it does not */
  gboolean is_parameter;       /* a leaf that requires grad */
  guint64 grad_of;             /* it is the .grad of that leaf; 0: it is not */
} PlayerTensorInfo;

typedef struct { guint64 event, tensor; } PlayerBinding;          /* tensor 0: the name was lost */
typedef struct
{
  guint64 event;
  gsize nbytes, before;
  guint64 lines_before;
} PlayerOutput;
typedef struct
{
  guint32 line, end_line;
  guint16 file;
} PlayerStatement;
typedef struct
{
  PlayerStatement by;
  guint outer;
} PlayerCall; /* outer: the call that it is in, likewise */
typedef struct
{
  guint64 event, root;         /* a backward pass and its first root's tensor */
  gboolean read, known;        /* the loss was looked for, and is one number */
  double loss;
} PlayerPass;

typedef struct
{
  RecRecording *recording;     /* borrowed */
  PlayerArena arena;           /* holds the infos below */
  guint64 n_read;
  GArray *steps;               /* of PlayerStepInfo; step n is n − 1 */
  GPtrArray *op_defs;          /* of RecOpDef*, by index; NULL not read yet */
  GHashTable *grad_fns;        /* id → PlayerGradFnInfo */
  GHashTable *tensors;         /* id → PlayerTensorInfo */
  GHashTable *bindings;        /* name → GArray of PlayerBinding */
  GArray *outputs;             /* of PlayerOutput */
  gsize n_output_bytes;
  guint64 n_output_lines;
  GArray *passes;              /* of PlayerPass */
  /* ifs: see branches.c */
  GArray *branches;            /* of PlayerBranch */
  GArray *open_branches;       /* of guint: those whose scope still runs */
  GHashTable *last_branches;   /* file and line → the last one's place + 1 */
  guint n_scopes;              /* open */
  guint64 error_event;         /* G_MAXUINT64 none */
  guint64 failed_op;           /* REC_OP_FAILED before it, same */
  gboolean refused;            /* that error came before any statement: nothing has run */
  gboolean ended;
  gboolean stopped;            /* by the user, in stopped_line (0 unknown) */
  guint stopped_line;
  /* the step that is being made: see run-steps.c */
  guint64 step_end;
  gboolean attach, contiguous, something;
  gboolean has_begun; /* a statement has */
  guint64 something_event;
  GArray *statements;          /* of PlayerStatement: the open ones, innermost last */
  GPtrArray *functions;        /* by open scope: the innermost function there, or NULL */
  GHashTable *files;           /* number → name without its folder: the user's modules */
  GArray *calls;               /* of PlayerCall: every function that was entered */
  GArray *scopes;              /* of guint: the call in which each open scope was entered */
  guint call;                  /* in which one is now; 0 none */
} PlayerRunIndex;

PlayerRunIndex *player_run_index_new (RecRecording *recording);
void player_run_index_free (PlayerRunIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerRunIndex, player_run_index_free)
/* Reads what was added since, so many events at most. TRUE: steps were added or the last one grew. */
gboolean player_run_index_sync (PlayerRunIndex *index, guint64 most_events);
gboolean player_run_index_has_more (PlayerRunIndex *index); /* something was added that is not read yet */

const RecOpDef *player_run_index_get_op_def (PlayerRunIndex *index, guint op);      /* NULL: damaged */
PlayerStepInfo *player_run_index_get_step (PlayerRunIndex *index, guint n);         /* 1 … n; else NULL */
guint player_run_index_get_n_steps (PlayerRunIndex *index);
guint player_run_index_find_step (PlayerRunIndex *index, guint64 event);            /* the step it belongs to; 0 none */
PlayerGradFnInfo *player_run_index_get_grad_fn (PlayerRunIndex *index, guint64 grad_fn);
PlayerTensorInfo *player_run_index_get_tensor (PlayerRunIndex *index, guint64 tensor);
/* Whether a name meant that tensor at an event. */
gboolean player_run_index_is_bound (PlayerRunIndex *index, const char *name, guint64 tensor, guint64 at);
/* The first run of grad_fn after an event, or the last one before an event; G_MAXUINT64 none. */
guint64 player_run_index_next_run (PlayerRunIndex *index, guint64 grad_fn, guint64 after);
guint64 player_run_index_last_run (PlayerRunIndex *index, guint64 grad_fn, guint64 before);
/* The last backward pass that began before an event; NULL none. */
const PlayerPass *player_run_index_get_pass (PlayerRunIndex *index, guint64 before);
/* The tensor whose memory one shows: itself, a base, or the leaf whose .grad it is a part of (of_grad: TRUE). */
guint64 player_run_index_get_target (PlayerRunIndex *index, guint64 tensor, gboolean *of_grad);
/* The forward operation of a grad_fn. */
gboolean player_run_index_get_op_of (PlayerRunIndex *index, guint64 grad_fn, RecOp *op, const RecOpDef **def);

/* Newlines. */
guint64 player_count_lines (const char *bytes, gsize nbytes);

/* run-steps.c: tells the steps of one more event. TRUE: a step was added or grew. */
gboolean player_run_index_add_to_steps (PlayerRunIndex *index, guint64 event, const RecEvent *record,
                                        const RecOp *op, const RecOpDef *def, const RecGradFnRun *run);
