/* SPDX-License-Identifier: MIT
 *
 * How the recorder watches. At most one observer; when there is none each site
 * costs one predictable branch. Callbacks run synchronously on the engine's
 * thread, must not call operations and never wait. Pointers are valid during the
 * callback. */
#pragma once

#include "autograd.h"

typedef struct
{
  const EngOp *op;
  const EngValue *args;
  const char *written;             /* "@", "+", or NULL: the card's symbol */
  gboolean swapped;                /* the second operand stands first in the source: 2 * x */
  EngTensor *const *inputs;        /* tensor parameters in order; NULL where None */
  guint n_inputs;
  EngTensor *const *outputs;
  guint n_outputs;
  EngGradFn *grad_fn;              /* NULL: not recorded for backward */
  EngTensor *const *saved;         /* what grad_fn keeps */
  guint n_saved;
  EngGradFn *inside;               /* the grad_fn whose vjp runs this, or NULL in forward */
  gboolean in_place;
  gboolean grad_mode;
} EngOpDone;

typedef struct
{
  EngGradFn *grad_fn;
  EngTensor *const *grad_outputs;  /* arrived, one per output of the forward operation; NULL: zero */
  guint n_grad_outputs;
  EngTensor *const *grad_inputs;   /* sent, one per next_function, after unbroadcasting; NULL: none */
  guint n_grad_inputs;
  gboolean saved_freed;
  EngTensor *leaf;                 /* AccumulateGrad: its variable; .grad already updated */
  gboolean accumulated;            /* there was a gradient before, the new one was added */
} EngGradFnDone;

typedef struct
{
  void (*op_done) (gpointer data, const EngOpDone *done);
  void (*op_failed) (gpointer data, const EngOp *op, const EngValue *args, const char *written, const GError *error);
  void (*backward_begins) (gpointer data, EngTensor *const *roots, EngTensor *const *grads, guint n_roots,
                           gboolean retain_graph, gboolean create_graph);
  void (*grad_fn_done) (gpointer data, const EngGradFnDone *done);
  void (*backward_ends) (gpointer data, gboolean succeeded);
  void (*grad_replaced) (gpointer data, EngTensor *tensor);       /* .grad set or cleared from outside */
  void (*grad_retained) (gpointer data, EngTensor *tensor,
                         gboolean stored); /* retain_grad(); stored: .grad has it now */
  void (*storage_changed) (gpointer data, EngTensor *tensor);     /* written in place by no recorded operation */
  void (*requires_grad_changed) (gpointer data, EngTensor *tensor);
  void (*grad_mode_changed) (gpointer data, gboolean enabled);
  void (*hook_changed) (gpointer data, EngTensor *tensor, EngTensor *before, EngTensor *after);
  void (*seeded) (gpointer data, guint64 seed);
  void (*tensor_freed) (gpointer data, guint64 tensor_id);
} EngObserver;

/* What an observer wants to know of a tensor, asked at once. Ids are 0 where there is
 * none; sizes and strides are the tensor's own. */
typedef struct
{
  guint64 id, storage, base, grad_fn;
  gpointer data;
  const gint64 *sizes, *strides;
  gint64 storage_offset, numel;
  guint version, output_nr;
  guint8 dtype, ndim;
  gboolean requires_grad, is_contiguous;
} EngTensorFacts;
void eng_observe_tensor (const EngTensor *tensor, EngTensorFacts *facts);
/* An edge of a grad_fn: where it leads (0: no gradient is needed), and of which leaf
 * that is the AccumulateGrad (0: of none). */
typedef struct { guint64 grad_fn; guint input_nr; guint64 leaf; } EngEdgeFacts;
guint eng_observe_edges (const EngGradFn *grad_fn, EngEdgeFacts *edges, guint max);  /* how many there are, at most max */

void eng_set_observer (const EngObserver *observer, gpointer data);  /* NULL removes */
