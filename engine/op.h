/* SPDX-License-Identifier: MIT
 *
 * One operation is one card: a const EngOp in engine/ops/<family>.c, listed in
 * op-list.h. Adding an operation is one card and one line there. The one door
 * (call.h) runs it: check → infer → allocate → kernel → grad_fn → observer. */
#pragma once

#include "signature.h"
#include "text.h"

#define ENG_MAX_OUTPUTS 4
#define ENG_MAX_INPUTS 64          /* bits of a needs mask; longer tensor lists are refused */

typedef struct _EngOp EngOp;
typedef struct _EngVjp EngVjp;

typedef enum
{
  ENG_OP_FACTORY = 1 << 0,         /* no tensor input makes it a leaf; requires_grad= is applied by the door */
  ENG_OP_VIEW = 1 << 1,            /* `view` instead of `kernel`; output shares storage */
  ENG_OP_ELEMENTWISE = 1 << 2,     /* output may alias an input of the same sizes and dtype */
  ENG_OP_HIDDEN = 1 << 3,          /* backward cards: not for Python, not in the legend */
  ENG_OP_NOT_DIFFERENTIABLE = 1 << 4,
  ENG_OP_INPLACE_TWIN = 1 << 5,    /* name_() exists: eng_call_inplace is allowed */
  ENG_OP_MUTATES_SELF = 1 << 6,    /* zero_, fill_, copy_, uniform_…: writes its first tensor */
  ENG_OP_TENSOR_METHOD = 1 << 7,   /* Tensor.name exists */
  ENG_OP_FUNCTION = 1 << 8,        /* torch.name exists */
  ENG_OP_NN = 1 << 10,             /* torch.nn.functional.name exists */
  ENG_OP_SAVES_SCALAR = 1 << 9,    /* backward needs the number: freed like a saved tensor, so a second pass fails as in PyTorch */
} EngOpFlags;

typedef struct
{
  EngDtype dtype;
  guint ndim;
  gint64 sizes[ENG_MAX_NDIM];
} EngMeta;

/* One call on its way through the door. */
typedef struct
{
  const EngOp *op;
  const EngSignature *signature;
  const EngValue *args;            /* signature->n_params of them, defaults filled in */
  EngDtype compute_dtype;          /* set by infer rules: inputs are cast to it before the kernel */
  EngMeta out[ENG_MAX_OUTPUTS];    /* filled by infer */
  EngTensor *outputs[ENG_MAX_OUTPUTS]; /* allocated by the door (kernel) or made by `view` */
} EngCall;

/* What a grad_fn keeps. Input numbers count Tensor parameters only. */
typedef struct
{
  gint8 what;                      /* ENG_SAVE_INPUT (k), ENG_SAVE_OUTPUT (k), 0 ends the list */
  guint32 needed_for;              /* saved only if one of these inputs (bits) needs a gradient */
} EngSave;
#define ENG_SAVE_INPUT(k) ((gint8) ((k) + 1))
#define ENG_SAVE_OUTPUT(k) ((gint8) (-(k) - 1))
#define ENG_MAX_SAVES 5
#define ENG_MAX_PLAIN_NUMBERS 3

struct _EngOp
{
  const char *signature;
  guint flags;
  const char *grad_fn;             /* "MmBackward0", as PyTorch names it */
  /* Checks arguments, sets call->compute_dtype and call->out[]. */
  gboolean (*infer) (EngCall *call, GError **error);
  /* Fills call->outputs[0…]; inputs may have any strides; never fails half-way. */
  gboolean (*kernel) (EngCall *call, GError **error);
  guint formula; /* EngFormula, for the kernels of kernels/run.h that read it */
  guint plain;   /* how many tensors it takes, in front, if Note [The plain way] (call.c) holds */
  /* For other cards, the same shortcut: the result where there is nothing to check, cast or
   * report and the work is small; NULL: take the ordinary way. Tensor arguments are there. */
  EngTensor *(*quick) (const EngValue *args);
  /* Views: makes call->outputs[0] by eng_tensor_new_alias. */
  gboolean (*view) (EngCall *call, GError **error);
  EngSave saves[ENG_MAX_SAVES];
  /* The vector-Jacobian product: fills grad_inputs[k] (owned by the engine
   * afterwards) for every k whose bit is set in needs; NULL means zero. Made of
   * differentiable operations, so that double backward works. It need not undo
   * broadcasting or casting: the engine does, once, for all. */
  gboolean (*vjp) (EngVjp *vjp, EngTensor **grad_inputs, GError **error);
  const EngOp *backward;           /* the backward card that the vjp eng_vjp_by_card (ops/card.h) calls */
  EngOpText text;
  /* Test samples: one Python-like argument list each, NULL ends:
   * "T(2,3), T(3,4)" — see tests/engine for the little language. */
  const char *samples[8];
};

/* What a vjp may ask. Borrowed pointers, valid during the vjp. */
struct _EngVjp
{
  const EngOp *op;
  const EngValue *args;            /* non-tensor arguments as given; tensor entries are NONE */
  EngTensor *const *grad_outputs;  /* NULL where no gradient arrived (zero) */
  guint64 needs;
  EngGradFn *grad_fn;
};
EngTensor *eng_vjp_get_input (EngVjp *vjp, guint k, GError **error);   /* a saved input: borrowed; errors on version clash */
EngTensor *eng_vjp_get_output (EngVjp *vjp, guint k, GError **error);  /* a saved output, with its history */
const EngMeta *eng_vjp_get_input_meta (EngVjp *vjp, guint k);          /* always kept */

/* The registry, in op-list.h order. Signatures are parsed once, at eng_init(). */
void eng_init (void);
const EngOp *const *eng_op_list (guint *n_ops);
const EngOp *eng_op_lookup (const char *name_dot_overload);            /* "sum.dim"; NULL if unknown */
const EngSignature *eng_op_get_signature (const EngOp *op);
guint eng_op_get_index (const EngOp *op);                              /* place in eng_op_list */
