/* SPDX-License-Identifier: MIT
 *
 * What the graph knows beyond what it shows: values (tensor versions), grad_fns,
 * names and who consumes what. Every field that an event changes is set through
 * PLAYER_SET, so that undoing an event restores it; lists are linked through
 * fields for the same reason. Only graph-*.c, outlines.c and player files include this. */
#pragma once

#include "arena.h"
#include "graph-builder.h"
#include "journal.h"
#include "run-index.h"

#define PLAYER_NONE G_MAXUINT

typedef struct _GraphValue GraphValue;
typedef struct _GraphGradFn GraphGradFn;

typedef struct
{
  PlayerNode pub;
  guint first_in, first_out;   /* edge ids, linked by next_in and next_out */
  guint next_lit;              /* boxes and pills touched by the step */
  gboolean in_lit, gone;
  guint next_free;             /* gone: the next id that may be used again */
  guint sweep;                 /* the last sweep that found it alive */
  guint64 since;               /* the event that brought it */
  GraphValue *value;           /* boxes */
  GraphValue *made[4];         /* pills: their results */
  guint n_made;
  GraphGradFn *grad_fn;        /* pills */
} GraphNode;

typedef struct
{
  PlayerEdge pub;
  guint next_in, next_out;
  gboolean gone;
  guint next_free;
  GraphValue *value;           /* what it carries, as the consumer got it */
} GraphEdge;

/* One version of one tensor. */
struct _GraphValue
{
  guint64 id;
  guint32 version;
  RecTensor facts;             /* of the last time it was met; `shot` is the newest */
  guint node;                  /* its box, or PLAYER_NONE */
  guint producer;              /* its pill, or PLAYER_NONE */
  GraphValue *source;          /* views: what they look at */
  const char *tag;             /* views: "ᵀ" */
  gboolean is_grad;            /* the .grad of source: a row of its box */
  const char *written;         /* what the student wrote to make it */
  guint64 event;               /* that made it */
  guint32 line;
  const char *badge;           /* "12 of 20 nearly ±1" or NULL */
  guint n_saved;               /* grad_fns that keep it */
  guint n_names;
  guint n_consumers;
  gboolean was_made;           /* by a pill that is folded away */
  gboolean retains_grad;       /* no leaf, but it keeps its .grad */
  gboolean grad_cleared;       /* its .grad held something before it became None */
  gboolean factory;            /* a leaf made by a factory or first met as an input */
};

typedef struct { guint64 id; GraphValue *current; } GraphSlot;

struct _GraphGradFn
{
  guint64 id;
  guint pill;
  guint64 leaf;                /* AccumulateGrad: its tensor */
  gboolean is_view;
  guint n_next;
  RecNext *next;
  GraphValue *outputs[4];
  guint n_outputs;
  GraphValue *saved[16];
  guint n_saved;
  gboolean freed;
  gboolean done;               /* a pass that kept no graph ran it: it will not run again */
  /* of the backward pass it took part in last */
  guint pass;
  guint expected, arrived;
  guint64 first_shot;          /* of the gradient that came first, for that output */
  guint first_nr;
  gboolean ready, ran;
  GraphGradFn *next_ready;     /* in running order */
  GraphGradFn *next_in_pass;
};

typedef struct
{
  const char *name;
  GraphValue *value;           /* NULL: not bound now */
  RecNameRank rank;
} GraphName;

/* Which ids are not gone, made when asked for. */
typedef struct
{
  GArray *ids;                 /* of guint */
  guint64 structure;
  guint n_made, n_gone;
} GraphAlive;

typedef struct
{
  guint32 line;                /* 0: not in a loop */
  guint16 file;
  guint count;                 /* of its iterations so far */
  guint folded;                /* of these, how many are folded away */
  guint64 since;               /* event at which its first one began */
} GraphLoop;

struct _PlayerGraph
{
  PlayerJournal journal;
  PlayerArena arena;           /* holds all of the structs below */
  RecRecording *recording;     /* borrowed; NULL for graphs made by hand */
  PlayerRunIndex *index;       /* borrowed */
  GPtrArray *nodes;            /* of GraphNode*, n_nodes of them alive */
  GPtrArray *edges;            /* of GraphEdge* */
  guint n_nodes, n_edges;
  guint n_gone, n_edges_gone;  /* of folded iterations; outlines that were never made, once the run is over */
  guint free_nodes, free_edges; /* lowest first */
  GraphAlive *alive_nodes, *alive_edges;
  guint64 structure;
  GHashTable *slots;           /* tensor id → GraphSlot */
  GHashTable *grad_fns;        /* id → GraphGradFn */
  GHashTable *storages;        /* storage id → GraphSlot: who showed it first */
  GHashTable *names;           /* text → GraphName */
  GPtrArray *name_list;        /* of GraphName* in order of first binding */
  GPtrArray *values;           /* every GraphValue ever made; n_values alive */
  guint n_values;
  GStringChunk *strings;
  RecOp *scratch;              /* the operation that is being applied */
  guint step;                  /* that the next event belongs to, or the one before */
  guint first_lit;
  guint pass;
  const char *root; /* what that pass started at, as the source names it */
  gboolean in_backward, retain_graph;
  GraphGradFn *ready, *members;
  guint64 failed_op;           /* event + 1 of an OP_FAILED that may become the error */
  guint failed_pill;           /* whose grad_fn a pass stopped in, which may become the error; PLAYER_NONE */
  guint focus;                 /* node of the last main event */
  guint n_outlines;
  /* loops: see graph-iterations.c */
  GraphLoop loops[PLAYER_MAX_LOOPS];
  guint loop_depth;            /* iterations that run now */
  guint scopes;                /* bit k: the k-th open scope is an iteration */
  guint n_scopes;
  guint dirty_depth;           /* of the iteration that ran backward since the last sweep; 0 none */
  guint64 dirty_since;
  guint n_sweeps;
  guint iteration;             /* that the step began after a sweep; 0 none */
  guint32 iteration_line;
  guint16 iteration_file;
  /* for the caption of the step: see PlayerStepInfo */
  const char *moved_name;
  PlayerArrival arrival;
  guint64 shot_before;
  guint64 step_begin;          /* first event of the step that is applied */
  /* position: next event to apply, and where the journal stood before each */
  guint64 n_applied;
  GArray *marks;               /* of gsize */
};

/* graph.c */
PlayerGraph *player_graph_new (RecRecording *recording, PlayerRunIndex *index, gboolean undoable);
GraphNode *player_graph_node (const PlayerGraph *graph, guint id);
GraphEdge *player_graph_edge (const PlayerGraph *graph, guint id);
GraphNode *player_graph_add_node (PlayerGraph *graph, PlayerNodeKind kind, const char *label);
GraphEdge *player_graph_add_edge (PlayerGraph *graph, guint from, guint to, guint operand, GraphValue *value);
void player_graph_turn_edge (PlayerGraph *graph, GraphEdge *edge);             /* upward from now on */
void player_graph_remove_edge (PlayerGraph *graph, GraphEdge *edge);
void player_graph_remove_node (PlayerGraph *graph, GraphNode *node);           /* its edges first */
void player_graph_list_free (PlayerGraph *graph);                              /* after removing */
void player_graph_move_edge (PlayerGraph *graph, GraphEdge *edge, guint from, const char *tag);
void player_graph_set_label (PlayerGraph *graph, GraphNode *node, const char *label);
void player_graph_set_output (PlayerGraph *graph, GraphNode *node, gboolean is_output);
void player_graph_set_factor (PlayerGraph *graph, GraphNode *pill, const char *factor);
void player_graph_light (PlayerGraph *graph, GraphNode *node);
void player_graph_begin_step (PlayerGraph *graph);
const char *player_graph_string (PlayerGraph *graph, const char *text);
void player_graph_touch_structure (PlayerGraph *graph, const GraphNode *node);

/* graph-alive.c */
GraphAlive *player_graph_alive_new (void);
void player_graph_alive_free (GraphAlive *alive);

/* graph-values.c: tensors and where an edge that carries one begins. */
GraphValue *player_graph_value (PlayerGraph *graph, guint64 tensor);           /* newest version, or NULL */
GraphValue *player_graph_add_value (PlayerGraph *graph, const RecTensor *facts);
GraphValue *player_graph_grad_owner (PlayerGraph *graph, guint64 tensor);
GraphValue *player_graph_add_grad (PlayerGraph *graph, guint64 tensor);
GraphValue *player_graph_add_met (PlayerGraph *graph, const RecTensor *facts);
GraphValue *player_graph_meet_input (PlayerGraph *graph, const RecTensor *facts);
GraphValue *player_graph_holder (GraphValue *value);                           /* nearest value with a box or pill */
guint player_graph_origin (PlayerGraph *graph, GraphValue *value, const char **tag);
GraphNode *player_graph_make_box (PlayerGraph *graph, GraphValue *value, const char *label);
void player_graph_refresh_value (PlayerGraph *graph, GraphValue *value, guint64 shot, guint32 version);

/* graph-forward.c, graph-names.c, graph-backward.c, graph-ready.c */
GraphNode *player_graph_add_pill (PlayerGraph *graph, guint64 event, guint32 line, const RecOp *op, const RecOpDef *def);
void player_graph_add_input (PlayerGraph *graph, GraphNode *pill, const RecOp *op, guint k, GraphValue *value);
void player_graph_op_done (PlayerGraph *graph, guint64 event, const RecEvent *record);
void player_graph_update_factor (PlayerGraph *graph, GraphNode *pill);
void player_graph_tensor_met (PlayerGraph *graph, guint64 event, const RecEvent *record);
void player_graph_op_failed (PlayerGraph *graph, guint64 event);
void player_graph_name_bound (PlayerGraph *graph, const char *name, guint64 tensor, RecNameRank rank);
void player_graph_name_lost (PlayerGraph *graph, const char *name);
const char *player_graph_name_of (PlayerGraph *graph,
                                  const GraphValue *value); /* the best that means it; NULL none */
void player_graph_move_names (PlayerGraph *graph, GraphValue *from, GraphValue *to);
GraphGradFn *player_graph_grad_fn (PlayerGraph *graph, guint64 id);            /* made when missing */
void player_graph_grad_retained (PlayerGraph *graph, const RecEvent *record);
void player_graph_backward_begins (PlayerGraph *graph, const RecEvent *record);
void player_graph_grad_fn_done (PlayerGraph *graph, guint64 event, const RecEvent *record);
void player_graph_backward_ends (PlayerGraph *graph, gboolean failed);
void player_graph_pass_failed (PlayerGraph *graph);                            /* the script ended with it */
PlayerGradState player_graph_no_grad_state (const GraphValue *value); /* of one that could have a .grad */
void player_graph_show_grad (PlayerGraph *graph, GraphNode *node, PlayerGradState state, guint64 shot);
void player_graph_make_ready (PlayerGraph *graph, GraphGradFn *grad_fn);
void player_graph_end_ready (PlayerGraph *graph, GraphGradFn *grad_fn);
void player_graph_number_ready (PlayerGraph *graph);
void player_graph_release_saved (PlayerGraph *graph, GraphGradFn *grad_fn);
void player_graph_keep_saved (PlayerGraph *graph, GraphGradFn *grad_fn, GraphValue *value);

/* graph-inplace.c: TRUE when the operation changed a box that stays. */
gboolean player_graph_update_in_place (PlayerGraph *graph, guint64 event, guint32 line, const RecOp *op,
                                       const RecOpDef *def);
/* A view was written to: what it looks at is a new value, made by the pill, and given. */
GraphValue *player_graph_renew_base (PlayerGraph *graph, GraphValue *before, GraphValue *after, GraphNode *pill,
                                     guint64 event, guint32 line);

/* graph-iterations.c */
void player_graph_scope_entered (PlayerGraph *graph, const RecEvent *record);
void player_graph_scope_left (PlayerGraph *graph);
void player_graph_note_pass (PlayerGraph *graph);

/* graph-apply.c */
void player_graph_apply (PlayerGraph *graph);        /* the event n_applied */
void player_graph_undo (PlayerGraph *graph);         /* the last applied event */
void player_graph_seek (PlayerGraph *graph, guint64 n_events);

/* outlines.c: one outline node per leaf of the scan (outlines.h), before any event. */
void player_graph_add_outlines (PlayerGraph *graph, GPtrArray *outlines);
