/* SPDX-License-Identifier: MIT
 *
 * The reader's side of a recording: two shared-memory areas (events, heap) that
 * one writer appends to. Readers go by a release-stored count and check every
 * offset and size as they would a file's: a damaged recording gives FALSE, never
 * a crash. Decoded strings and arrays point into the recording and live as long
 * as it does. App side, UI thread and layout worker. */
#pragma once

#include "event.h"
#include <glib-object.h>

#define REC_ERROR_DOMAIN (rec_error_quark ())
GQuark rec_error_quark (void);
typedef enum
{
  REC_FAILURE_SYSTEM,        /* no memory, no descriptor */
  REC_FAILURE_DAMAGED,       /* not a recording, or of another version */
} RecFailure;

typedef struct _RecRecording RecRecording;

/* Makes an empty recording in memfds of the caller's process (the app's); the
 * runner gets duplicates of the two descriptors. budget_nbytes bounds the heap. */
RecRecording *rec_recording_new (gsize budget_nbytes, GError **error);
/* A second reader of the same areas (the runner's own): takes both descriptors. */
RecRecording *rec_recording_new_for_fds (int events_fd, int heap_fd, GError **error);
RecRecording *rec_recording_ref (RecRecording *recording);
void rec_recording_unref (RecRecording *recording);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RecRecording, rec_recording_unref)
int rec_recording_get_events_fd (RecRecording *recording);
int rec_recording_get_heap_fd (RecRecording *recording);

guint64 rec_recording_get_n_events (RecRecording *recording);       /* acquire-loaded */
gboolean rec_recording_is_exhausted (RecRecording *recording);      /* the budget ran out: later values are missing */
gboolean rec_recording_has_dropped_output (RecRecording *recording);
gboolean rec_recording_get_event (RecRecording *recording, guint64 index, RecEvent *event);
/* The script's line that runs now, or was the last to (0: none has); *n_moves, or NULL: how often it was another. */
guint rec_recording_get_running (RecRecording *recording, guint *n_moves);

/* Facts of a tensor at one moment. */
typedef struct
{
  guint64 id;
  guint32 version;
  RecDtype dtype;
  guint ndim;
  const gint64 *sizes;
  const gint64 *strides;
  gint64 storage_offset;
  guint64 storage;
  guint64 base;              /* tensor id of a view's base, else 0 */
  guint64 grad_fn;           /* 0 for leaves */
  guint output_nr;
  gboolean requires_grad;
  gboolean leaf;
  guint64 shot;              /* its values then; 0 none kept */
} RecTensor;

typedef struct { guint64 grad_fn; guint input_nr; guint64 leaf; } RecNext;  /* grad_fn 0: needs none; leaf: tensor id if AccumulateGrad */

#define REC_MAX_OPERANDS 64
typedef struct
{
  guint op;                  /* index for rec_recording_get_op_def */
  const char *written;       /* "@", "mm" */
  const char *params;        /* "dim=1, keepdim=True" */
  const char *arguments;     /* JSON object: non-tensor arguments that differ from their defaults, by name; NULL: none */
  guint64 grad_fn;           /* 0: not recorded for backward */
  gboolean swapped;          /* the second operand stands first in the source: 2 * x */
  gboolean in_place;
  gboolean grad_mode;
  guint n_inputs;
  RecTensor inputs[REC_MAX_OPERANDS];      /* id 0 where None */
  guint n_scalars;
  const char *scalars[8];                  /* number arguments in signature order, as text */
  guint scalar_places[8];                  /* their {k}: counted over tensor and number parameters in signature order */
  guint n_outputs;
  RecTensor outputs[4];
  guint n_saved;
  guint64 saved[16];                       /* tensor ids */
  guint n_next;
  RecNext next[REC_MAX_OPERANDS];
  const char *message;                     /* REC_OP_FAILED only */
} RecOp;

typedef struct
{
  guint64 grad_fn;
  guint64 leaf;              /* AccumulateGrad: tensor id, else 0 */
  gboolean accumulated;
  gboolean saved_freed;
  guint n_grad_outputs;
  guint64 grad_outputs[4];   /* shots; 0 none */
  guint n_grad_inputs;
  guint64 grad_inputs[REC_MAX_OPERANDS];
  guint64 leaf_grad;         /* AccumulateGrad: shot of .grad afterwards */
  guint64 leaf_grad_tensor;  /* AccumulateGrad: id of the .grad tensor afterwards; 0 unknown */
} RecGradFnRun;

typedef struct { guint n_roots; guint64 roots[8]; guint64 grad_fns[8]; guint64 grads[8]; gboolean retain_graph, create_graph; } RecBackward;

/* Self-description: what each operation says of itself (templates as in
 * engine/text.h). Written once, before the first use. */
typedef struct
{
  const char *name;          /* "mm", overload "sum.dim" */
  const char *grad_fn_name;  /* "MmBackward0" or NULL */
  gboolean is_view;
  gboolean is_factory;
  const char *symbol, *title, *formula, *caption, *caption_moved, *backward_caption, *shape_rule, *view_tag, *saturation;
  struct { const char *symbols, *words, *factor; } derivative[4];
} RecOpDef;

gboolean rec_recording_get_op_def (RecRecording *recording, guint op, RecOpDef *def);
gboolean rec_recording_get_op (RecRecording *recording, const RecEvent *event, RecOp *op);
gboolean rec_recording_get_grad_fn_run (RecRecording *recording, const RecEvent *event, RecGradFnRun *run);
gboolean rec_recording_get_backward (RecRecording *recording, const RecEvent *event, RecBackward *backward);
gboolean rec_recording_get_tensor (RecRecording *recording, const RecEvent *event, RecTensor *tensor);  /* TENSOR_MET */
/* NAME_*: the name; SCOPE_*: its name; RUN_ENDS: the reason; FILE: the path. */
const char *rec_recording_get_text (RecRecording *recording, const RecEvent *event);
/* OUTPUT: n bytes, not terminated, not necessarily valid UTF-8. */
const char *rec_recording_get_bytes (RecRecording *recording, const RecEvent *event, gsize *n);
typedef struct { const char *path, *source; guint argc; const char *argv[64]; } RecRun;
gboolean rec_recording_get_run (RecRecording *recording, RecRun *run);
/* process_ended: no exception; the message is a whole sentence, the type a few words ("segmentation fault").
 * script_line: of the script, where the error itself was in another file; 0 unknown. */
typedef struct
{
  const char *type, *message, *traceback, *file;
  gboolean process_ended;
  guint script_line;
} RecErrorText;
gboolean rec_recording_get_error (RecRecording *recording, const RecEvent *event, RecErrorText *text);
/* STORAGE_CHANGED, GRAD_REPLACED, GRAD_RETAINED and HOOK_CHANGED: the shot (0: cleared). */
guint64 rec_recording_get_event_shot (RecRecording *recording, const RecEvent *event);

/* A snapshot of values. Small tensors are whole (row-major, contiguous); big ones
 * a reduced picture: rows × cols blocks, each the entry of largest magnitude, NaN
 * winning. Statistics of big ones are stored, of whole ones computed here. */
typedef struct
{
  double min, max;           /* of the entries that are not NaN (±inf counts); NaN when there is none */
  double mean, norm;         /* of all entries: one NaN makes them NaN, as in PyTorch */
  gint64 n_nan, n_inf;
  double largest;            /* finite entry of largest magnitude, with its sign; 0 when there is none */
  gint64 largest_index;      /* flat; −1 when there is none */
} RecStats;
typedef struct
{
  RecDtype dtype;
  guint ndim;
  const gint64 *sizes;
  gint64 numel;
  gboolean whole;
  gconstpointer data;        /* whole: numel elements of dtype */
  guint rows, cols;          /* reduced picture */
  const float *picture;
  const RecStats *stats;     /* reduced picture: statistics of all its elements */
} RecShot;
gboolean rec_recording_get_shot (RecRecording *recording, guint64 shot, RecShot *out);
double rec_shot_get (const RecShot *shot, gint64 flat_index);        /* whole shots; NaN out of range */
void rec_shot_get_stats (const RecShot *shot, RecStats *stats);      /* O(numel) for whole shots */
/* Rows and columns a heat map shows: 0-dim 1×1, 1-dim 1×n, more dims are folded
 * into rows by the last dimension. */
void rec_shot_get_matrix (const RecShot *shot, gint64 *rows, gint64 *cols);
void rec_sizes_get_matrix (guint ndim, const gint64 *sizes, gint64 *rows, gint64 *cols);
/* The flat index as one index per dimension. */
void rec_shot_get_position (const RecShot *shot, gint64 flat_index, gint64 *position);
