/* SPDX-License-Identifier: MIT
 *
 * Recordings made by hand for the player's tests: a few operations computed in
 * plain C, written event by event as a run would. */
#pragma once

#include "player/player.h"
#include "recording/writer.h"

#define TAPE_MAX 512

typedef struct
{
  guint64 id;
  guint32 version;
  guint ndim;
  gint64 sizes[2], strides[2];
  gboolean requires_grad, leaf;
  guint64 grad_fn, accumulate, base;
  guint64 shot;
  double values[TAPE_MAX];
} TapeTensor;

typedef enum { TAPE_RANDN, TAPE_T, TAPE_MM, TAPE_ADD, TAPE_MUL, TAPE_TANH, TAPE_SUM, TAPE_LOG, TAPE_N_OPS } TapeOp;

typedef struct
{
  RecRecording *recording;
  RecWriter *writer;
  guint64 next_tensor, next_grad_fn;
  guint64 seed;
  gboolean no_grad;
  guint defs[TAPE_N_OPS];
  GPtrArray *tensors;
} Tape;

Tape *tape_new (void);
void tape_free (Tape *tape);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tape, tape_free)

void tape_begin (Tape *tape, guint line);
void tape_end (Tape *tape);
/* A leaf with random values, or those given. */
TapeTensor *tape_leaf (Tape *tape, gint64 rows, gint64 cols, gboolean requires_grad, const double *values);
/* An operation on one or two tensors; written NULL: the function's name. */
TapeTensor *tape_op (Tape *tape, TapeOp op, TapeTensor *a, TapeTensor *b, const char *written);
/* a += b: the next version of a non-leaf. */
void tape_add_in_place (Tape *tape, TapeTensor *a, TapeTensor *b);
void tape_fail (Tape *tape, TapeOp op, TapeTensor *a, TapeTensor *b, const char *message);
void tape_name (Tape *tape, const char *name, TapeTensor *tensor);
void tape_print (Tape *tape, const char *text);
void tape_ends (Tape *tape);

void tape_backward_begins (Tape *tape, TapeTensor *root, gboolean retain);
/* A grad_fn ran: what came in, what it sent to its inputs (NULL: nothing). */
void tape_ran (Tape *tape, TapeTensor *output, const double *grad, const double *to_a, const double *to_b,
               TapeTensor *a, TapeTensor *b, gboolean freed);
void tape_accumulated (Tape *tape, TapeTensor *leaf, const double *grad, gboolean accumulated);
void tape_backward_ends (Tape *tape);

/* resources/examples/dynamic_graph.py with numbers of its own. */
Tape *tape_new_demo (void);
