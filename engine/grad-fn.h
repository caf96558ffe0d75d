/* SPDX-License-Identifier: MIT
 *
 * What a grad_fn is made of. Only the door and the backward loop include this.
 * One pooled block: header, edges, saved tensors, kept arguments, sizes of the
 * inputs. Invariants: a saved output is kept without its history (Note [Saved outputs]
 * in saved.c), so that no cycle of references exists; edges never change once made. */
#pragma once

#include "autograd.h"
#include "hooks.h"
#include "inline.h"
#include "pool.h"
#include "registry.h"

typedef enum
{
  ENG_GRAD_FN_OP,            /* made by the door for a card */
  ENG_GRAD_FN_ACCUMULATE,    /* the end of a leaf */
  ENG_GRAD_FN_COPY_SLICES,   /* a base after one of its views was changed in place */
} EngGradFnKind;

typedef struct
{
  EngGradFn *grad_fn;        /* owned; NULL: this input needs no gradient */
  guint input_nr;            /* which output of that grad_fn's operation */
} EngEdge;

typedef struct
{
  EngTensor *tensor;         /* owned, of an output in a block only its storage; NULL once freed */
  guint version;             /* of the tensor when it was saved */
  gint8 what;                /* ENG_SAVE_INPUT (k) or ENG_SAVE_OUTPUT (k) */
} EngSaved;

typedef struct
{
  guint8 dtype;
  guint8 ndim;
  guint16 first_size;        /* where its sizes begin among the numbers */
} EngPackedMeta;

typedef struct _EngNodeTask EngNodeTask;   /* what the running backward keeps per grad_fn */

struct _EngGradFn
{
  guint ref_count;
  guint8 kind;
  guint8 n_next;             /* = number of inputs */
  guint8 n_saved;
  guint8 n_others;           /* kept non-tensor arguments */
  guint8 n_outputs;
  guint8 freed;              /* saved tensors were freed by a backward */
  guint16 nbytes;            /* of the whole block */
  guint64 id;
  union
  {
    const EngEntry *entry;   /* of an operation */
    EngTensor *variable;     /* of AccumulateGrad: owned */
    struct _EngCopySlices *copy_slices;   /* owned */
  };
  EngHooks *hooks;
  union
  {
    EngNodeTask *task;       /* NULL outside backward */
    EngGradFn *next_free;    /* while it waits to be freed */
  };
  EngEdge edges[];
};

static inline EngSaved *
eng_grad_fn_saved (const EngGradFn *grad_fn)
{
  return (EngSaved *) (grad_fn->edges + grad_fn->n_next);
}

static inline EngValue *
eng_grad_fn_others (const EngGradFn *grad_fn)
{
  return (EngValue *) (eng_grad_fn_saved (grad_fn) + grad_fn->n_saved);
}

static inline EngPackedMeta *
eng_grad_fn_metas (const EngGradFn *grad_fn)
{
  return (EngPackedMeta *) (eng_grad_fn_others (grad_fn) + grad_fn->n_others);
}

/* Numbers: sizes of inputs, then the items of kept int[] arguments. */
static inline gint64 *
eng_grad_fn_numbers (const EngGradFn *grad_fn)
{
  gsize metas = (grad_fn->n_next * sizeof (EngPackedMeta) + 7) & ~(gsize) 7;
  return (gint64 *) ((char *) eng_grad_fn_metas (grad_fn) + metas);
}

/* The last id given, here only to be reached quickly. */
extern guint64 eng_grad_fn_last_id;

/* A grad_fn of kind with room for what the counts say; edges and saved tensors are
 * the caller's to fill. */
static inline EngGradFn *
eng_grad_fn_alloc (EngGradFnKind kind, guint n_next, guint n_saved, guint n_others, gsize n_numbers)
{
  gsize metas = (n_next * sizeof (EngPackedMeta) + 7) & ~(gsize) 7;
  gsize nbytes = sizeof (EngGradFn) + n_next * sizeof (EngEdge) + n_saved * sizeof (EngSaved)
                 + n_others * sizeof (EngValue) + metas + n_numbers * sizeof (gint64);
  g_assert (nbytes <= G_MAXUINT16 && n_next <= ENG_MAX_INPUTS);
  EngGradFn *grad_fn = eng_pool_alloc (nbytes);
  grad_fn->ref_count = 1;
  grad_fn->kind = (guint8) kind;
  grad_fn->n_next = (guint8) n_next;
  grad_fn->n_saved = (guint8) n_saved;
  grad_fn->n_others = (guint8) n_others;
  grad_fn->n_outputs = 1;
  grad_fn->freed = FALSE;
  grad_fn->nbytes = (guint16) nbytes;
  grad_fn->id = ++eng_grad_fn_last_id;
  grad_fn->entry = NULL;
  grad_fn->hooks = NULL;
  grad_fn->task = NULL;
  return grad_fn;
}

/* The AccumulateGrad of a leaf that requires grad. One that rested is a new grad_fn to
 * everybody: ids are never used twice. */
static inline EngGradFn *
eng_leaf_dup_accumulator (EngTensor *leaf)
{
  EngTensorExtra *extra = leaf->extra;
  if (G_UNLIKELY (extra == NULL || extra->accumulator == NULL))
    return eng_tensor_dup_grad_accumulator (leaf);
  EngGradFn *accumulator = extra->accumulator;
  if (accumulator->ref_count++ == 0)
    {
      accumulator->id = ++eng_grad_fn_last_id;
      accumulator->variable = eng_tensor_ref (leaf);
    }
  return accumulator;
}

/* The edge on which a gradient of tensor travels on; {NULL} when it needs none. */
static inline EngEdge
eng_tensor_dup_edge (EngTensor *tensor)
{
  EngGradFn *grad_fn = G_LIKELY (tensor->base == NULL) ? tensor->grad_fn : eng_tensor_get_grad_fn (tensor);
  if (grad_fn != NULL)
    {
      grad_fn->ref_count++;
      return (EngEdge){ grad_fn, tensor->output_nr };
    }
  return (EngEdge) { tensor->requires_grad ? eng_leaf_dup_accumulator (tensor) : NULL, 0 };
}

/* Made by the door: one edge per input, inputs saved as the card says for needs.
 * clone0 (or NULL) is kept where the card saves input 0: in place overwrote it. */
EngGradFn *eng_grad_fn_new_for_call (const EngEntry *entry, const EngValue *args, EngTensor *const *inputs,
                                     guint n_inputs, guint64 needs, EngTensor *clone0);
EngGradFn *eng_grad_fn_new_plain (const EngEntry *entry, const EngValue *args, EngTensor *const *inputs,
                                  guint64 needs);
/* Saves outputs, as the card says; the second half of the above, after the kernel. */
void eng_grad_fn_save_outputs (EngGradFn *grad_fn, EngTensor *const *outputs, guint64 needs);
/* Its hooks forget tensor, which goes or gets another history. */
static inline void
eng_grad_fn_forget_tensor (EngGradFn *grad_fn, const EngTensor *tensor)
{
  if (grad_fn->hooks != NULL)
    eng_hooks_forget (grad_fn->hooks, tensor);
}

/* Drops one entry that is there. */
void eng_saved_drop (EngSaved *saved);
/* Drops what was saved, TRUE if there was anything: then a later run fails. */
gboolean eng_grad_fn_release_saved (EngGradFn *grad_fn);
/* FALSE with PyTorch's sentence once a backward has freed what it kept. */
gboolean eng_grad_fn_check_freed (const EngGradFn *grad_fn, GError **error);
/* Unpacks entry k: checks freed and version. New reference; an output gets its history back. */
EngTensor *eng_grad_fn_unpack (EngGradFn *grad_fn, guint k, GError **error);
gboolean eng_grad_fn_input_meta (const EngGradFn *grad_fn, guint k, EngMeta *meta);

/* The grad_fn whose vjp is running, or NULL in forward. */
extern EngGradFn *eng_running_grad_fn;
extern gboolean eng_grad_mode;
