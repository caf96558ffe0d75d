/* SPDX-License-Identifier: MIT
 *
 * The graph as it stands at a position: boxes (tensors that have a name in the
 * source), pills (operations) and edges between them; an unnamed result is the
 * edge itself; views are tags on edges. Ids are stable within an iteration of a
 * loop, also across undo; when an iteration is folded away, what the next one makes
 * takes over its ids in the same order, so that the picture stays as it was. Strings
 * belong to the graph's owner. All that layout knows of a run; the painter takes captions,
 * steps and texts from the player beside it. */
#pragma once

#include "recording/recording.h"

typedef enum { PLAYER_BOX, PLAYER_PILL } PlayerNodeKind;

/* What the second row of a box says. */
typedef enum
{
  PLAYER_GRAD_NO_ROW, /* non-leaf, nothing has passed yet */
  PLAYER_GRAD_NOT_REQUIRED,
  PLAYER_GRAD_NONE_YET, /* leaf that requires grad, .grad is None and was never anything else */
  PLAYER_GRAD_CLEARED,  /* its .grad was set back to None */
  PLAYER_GRAD_WAITING,  /* grad_arrived of grad_expected gradients are here */
  PLAYER_GRAD_ARRIVING, /* leaf: sent, AccumulateGrad has not run yet */
  PLAYER_GRAD_PASSING,  /* non-leaf: complete, its grad_fn has not run yet: ∂loss */
  PLAYER_GRAD_PASSED,   /* non-leaf: gone on, not kept: pale */
  PLAYER_GRAD_KEPT,     /* .grad: leaf or retained */
} PlayerGradState;

typedef enum
{
  PLAYER_PILL_IDLE,
  PLAYER_PILL_FORWARD,       /* done by the step at the position: teal */
  PLAYER_PILL_READY,         /* backward: all its gradients are here; ready_nr in running order */
  PLAYER_PILL_LIT,           /* backward: ran in the step at the position: magenta */
  PLAYER_PILL_RAN,           /* backward: ran in an earlier step */
  PLAYER_PILL_FAILED,        /* the operation that raised, or whose grad_fn did */
} PlayerPillState;

typedef struct
{
  guint id;
  PlayerNodeKind kind;
  const char *label;         /* box: source name; pill: what the student wrote */
  guint32 line;
  guint64 event;             /* that made it */
  /* boxes */
  gboolean outline;          /* not made yet: where a leaf will be (scan) */
  gboolean dimmed;           /* its name moved on: drawn "next_h (line 11)" */
  gboolean is_leaf, requires_grad, is_output;
  gboolean lit;              /* touched by the step at the position */
  guint64 tensor;
  guint32 version;
  RecDtype dtype;
  guint ndim;
  const gint64 *sizes;
  guint64 shot;
  guint n_saved;             /* grad_fns that keep it: tab "S" */
  PlayerGradState grad_state;
  guint64 grad_shot;
  const char *grad_root; /* what the backward pass that brought it started at: "loss"; NULL: none did */
  guint grad_arrived, grad_expected;
  const char *badge;         /* "12 of 20 nearly ±1" or NULL */
  /* pills */
  guint op;                  /* index of its RecOpDef */
  guint64 grad_fn;
  const char *grad_fn_name;
  PlayerPillState pill_state;
  guint ready_nr;
  const char *factor;        /* "× (1 − next_h²)": shown once its grad_fn was reached by a backward pass; of an
                              * operation that raised, the sizes that went in */
} PlayerNode;

typedef struct
{
  guint id;
  guint from, to;            /* node ids, in data-flow direction */
  guint operand;             /* which input of `to` (pill), for a stable order */
  const char *tag;           /* folded views: "ᵀ 10×1", ".grad 2×1", or NULL */
  gboolean upward;           /* ends in a box that was there before: an update in place */
  guint64 tensor;            /* value it carries (after views) */
  guint64 shot;
  gboolean needs_grad;       /* a gradient can come back along it */
  gboolean passed;           /* a gradient has: second, magenta head at its upper end */
  guint64 grad_shot;
  const char *grad_root; /* as a node's */
} PlayerEdge;

typedef struct _PlayerGraph PlayerGraph;

guint player_graph_get_n_nodes (const PlayerGraph *graph);
const PlayerNode *player_graph_get_node (const PlayerGraph *graph, guint k);      /* k-th in order of id */
const PlayerNode *player_graph_find_node (const PlayerGraph *graph, guint id);    /* NULL if not there now */
guint player_graph_get_n_edges (const PlayerGraph *graph);
const PlayerEdge *player_graph_get_edge (const PlayerGraph *graph, guint k);
const PlayerEdge *player_graph_find_edge (const PlayerGraph *graph, guint id);
/* Loops of which iterations are folded away: the graph shows the last one in place of all. Outermost first; at most
 * PLAYER_MAX_LOOPS. The text says it, "line 5 × 20"; NULL: nothing is folded. Caller frees. */
#define PLAYER_MAX_LOOPS 16
typedef struct
{
  guint32 line;              /* of the script; 0: it stands in a module */
  guint count, folded;       /* iterations begun so far, and those that left the picture */
} PlayerFold;
guint player_graph_list_folds (const PlayerGraph *graph, PlayerFold folds[PLAYER_MAX_LOOPS]);
char *player_graph_dup_folds (const PlayerGraph *graph);
/* The nodes a search means, in the order in which they were made: those of "line 11" or "11", and those whose name,
 * written operation or grad_fn contains the text, whatever its case. Array of guint; caller unrefs. */
GArray *player_graph_find (const PlayerGraph *graph, const char *text);
gboolean player_graph_equal (const PlayerGraph *a, const PlayerGraph *b);         /* structure and every state */
/* Changes when boxes, pills, edges appear or go, or what their sizes depend on changes: layout's cache key. */
guint64 player_graph_get_structure_hash (const PlayerGraph *graph);

/* What moves between step n−1 and n. Waves run one after the other (wave 0 first). */
typedef struct { guint edge; gboolean backward; guint wave; } PlayerPulse;
typedef struct { const PlayerPulse *pulses; guint n_pulses; guint n_waves; } PlayerMotion;
