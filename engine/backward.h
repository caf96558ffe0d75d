/* SPDX-License-Identifier: MIT
 *
 * One backward pass under way: what autograd.c sets up and backward.c runs. */
#pragma once

#include "grad-fn.h"
#include "work-list.h"

typedef struct _EngTask EngTask;

struct _EngTask
{
  gboolean retain_graph;
  gboolean create_graph;
  EngNodeTask *nodes;
  EngNodeTask **last;         /* where the next one goes */
  EngWorkList ready;          /* heap: latest-made first */
  EngWorkList leaves;         /* AccumulateGrad: first come, first served */
  const EngEdge *captures;    /* torch.autograd.grad: where the inputs stand; NULL entries never */
  guint n_captures;           /* 0: run into every leaf */
  EngTensor **results;        /* one per capture; new references */
};

/* In this order: discover, capture each, mark, deliver to each root, run, end. */
void eng_task_discover (EngTask *task, const EngEdge *roots, guint n_roots);
gboolean eng_task_capture (EngTask *task, const EngEdge *edge);
void eng_task_mark_needed (EngTask *task);
gboolean eng_task_deliver (EngTask *task, const EngEdge *edge, EngTensor *grad, GError **error);
gboolean eng_task_run (EngTask *task, GError **error);
void eng_task_end (EngTask *task);
