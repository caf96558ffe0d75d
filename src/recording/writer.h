/* SPDX-License-Identifier: MIT
 *
 * The writer's side: appends events and heap payloads to the two areas. One
 * writer, on the thread that runs the engine. Knows nothing of the engine; tests
 * write whole recordings with it. Shots are deduplicated by the caller. When the
 * heap budget is used up the writer keeps events going with shot 0 and output
 * dropped, and sets a flag that readers can see: nothing is ever overwritten. */
#pragma once

#include "recording.h"

typedef struct _RecWriter RecWriter;

/* One call of an operation by the places of its parts in the heap. */
typedef struct
{
  guint64 form;                            /* rec_writer_add_form; 0: did not fit, nothing is written of it */
  guint64 grad_fn;
  guint n_inputs, n_outputs, n_saved, n_next;
  guint64 inputs[REC_MAX_OPERANDS];        /* rec_writer_add_tensor; 0: None */
  guint64 outputs[4];
  guint64 first_output;                    /* its tensor id */
  guint64 saved[16];                       /* tensor ids */
  RecNext next[REC_MAX_OPERANDS];
  const char *message;                     /* OP_FAILED: why; else NULL */
} RecOpPlaces;

/* Maps the areas behind two descriptors (taken). */
RecWriter *rec_writer_new (int events_fd, int heap_fd, GError **error);
void rec_writer_free (RecWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RecWriter, rec_writer_free)

/* Writes output that waits to be written together with what may follow it: before a pause. */
void rec_writer_flush (RecWriter *writer);

/* The source position stamped on all following events. */
void rec_writer_set_position (RecWriter *writer, guint file, guint line);
void rec_writer_set_inside (RecWriter *writer, guint64 grad_fn);
/* Tells readers at once, without an event, which line of the script runs now. */
void rec_writer_set_running (RecWriter *writer, guint line);
guint rec_writer_get_running (RecWriter *writer);

guint64 rec_writer_add_shot (RecWriter *writer, RecDtype dtype, guint ndim, const gint64 *sizes, gconstpointer contiguous);
guint64 rec_writer_add_picture (RecWriter *writer, RecDtype dtype, guint ndim, const gint64 *sizes,
                                guint rows, guint cols, const float *picture, const RecStats *stats);
/* Reads back a shot of this recording; FALSE for 0. */
gboolean rec_writer_get_shot (RecWriter *writer, guint64 shot, RecShot *out);
guint rec_writer_add_op_def (RecWriter *writer, const RecOpDef *def);  /* returns its index */

void rec_writer_run_begins (RecWriter *writer, const char *path, const char *source, guint argc, const char *const *argv);
void rec_writer_run_ends (RecWriter *writer, const char *reason, int status);
/* The path of a user module's file, once, before anything of it is written. */
void rec_writer_file (RecWriter *writer, guint file, const char *path);
void rec_writer_statement_begins (RecWriter *writer, guint file, guint line, guint end_line);
void rec_writer_statement_ends (RecWriter *writer);
void rec_writer_scope_entered (RecWriter *writer, RecScopeKind kind, const char *name);
void rec_writer_scope_left (RecWriter *writer);
/* An if at the source position: see REC_BRANCH_TAKEN. */
typedef struct
{
  guint way, before, end_line, other_first, other_last;
  gboolean leaves;
} RecBranch;
void rec_writer_branch_taken (RecWriter *writer, const RecBranch *branch);
/* One operation at full length; whoever writes many tells its parts (below). */
void rec_writer_op_done (RecWriter *writer, const RecOp *op);
void rec_writer_op_failed (RecWriter *writer, const RecOp *op);
/* What repeats is written once and named by its offset (0: did not fit): what was
 * called and how (operation, arguments, flags), and a tensor's facts and values. */
guint64 rec_writer_add_form (RecWriter *writer, const RecOp *op);
guint64 rec_writer_add_tensor (RecWriter *writer, const RecTensor *tensor);
void rec_writer_op_at (RecWriter *writer, RecEventKind kind, const RecOpPlaces *places);
void rec_writer_name_bound (RecWriter *writer, const char *name, guint64 tensor, guint32 version,
                            RecNameRank rank);
void rec_writer_name_lost (RecWriter *writer, const char *name, guint64 tensor);
void rec_writer_output (RecWriter *writer, gboolean is_stderr, const char *bytes, gsize n);
/* A line that was typed into the script's standard input, in its place among the output. */
void rec_writer_typed (RecWriter *writer, const char *bytes, gsize n);
void rec_writer_backward_begins (RecWriter *writer, const RecBackward *backward);
void rec_writer_backward_ends (RecWriter *writer, gboolean failed);
void rec_writer_grad_fn_done (RecWriter *writer, const RecGradFnRun *run);
void rec_writer_grad_retained (RecWriter *writer, guint64 tensor, gboolean stored, guint64 shot);
void rec_writer_grad_replaced (RecWriter *writer, guint64 tensor, guint64 shot);
void rec_writer_storage_changed (RecWriter *writer, guint64 tensor, guint64 storage, guint32 version, guint64 shot);
void rec_writer_hook_changed (RecWriter *writer, guint64 tensor, guint64 shot);
void rec_writer_tensor_met (RecWriter *writer, const RecTensor *tensor);
void rec_writer_requires_grad (RecWriter *writer, guint64 tensor, gboolean value);
void rec_writer_grad_mode (RecWriter *writer, gboolean enabled);
void rec_writer_seeded (RecWriter *writer, guint64 seed);
/* text->process_ended: by whoever outlives the process and finds no REC_RUN_ENDS. */
void rec_writer_error (RecWriter *writer, const RecErrorText *text, guint line);
