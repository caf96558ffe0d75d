/* SPDX-License-Identifier: MIT
 *
 * What happened, one 64-byte record per event, append-only. Wider facts stand in
 * the heap, a second append-only area; `payload` is their offset there. Nothing
 * here knows the engine, Python or GTK: another program could write a recording.
 * Values of enums are stored in files: never renumber. */
#pragma once

#include <glib.h>

typedef enum
{
  REC_RUN_BEGINS = 1,       /* payload: path, source, argv */
  REC_RUN_ENDS = 2,         /* payload: reason; number = exit status */
  REC_STATEMENT_BEGINS = 3, /* line, number = last line of the statement, file */
  REC_STATEMENT_ENDS = 4,
  REC_SCOPE_ENTERED = 5, /* payload: RecScope kind and name */
  REC_SCOPE_LEFT = 6,
  REC_OP_DONE = 7,          /* subject = first output's tensor id, object = grad_fn id; payload: RecOp */
  REC_OP_FAILED = 8,        /* payload: RecOp without outputs, message */
  REC_NAME_BOUND = 9,       /* subject = tensor id, number = version; flags: RecNameRank; payload: name */
  REC_NAME_LOST = 10,       /* subject = tensor id; payload: name */
  REC_OUTPUT = 11,          /* flags: see below; payload: bytes */
  REC_BACKWARD_BEGINS = 12, /* payload: roots with their gradients; flags: retain, create */
  REC_BACKWARD_ENDS = 13,   /* flags: 1 failed */
  REC_GRAD_FN_DONE =
      14, /* subject = grad_fn id; AccumulateGrad: object = leaf, number = its .grad tensor; payload: RecGradFnRun */
  REC_GRAD_REPLACED = 15, /* subject = tensor id; payload: shot or none (cleared) */
  REC_OPTIMIZER_STEP = 16,
  REC_STORAGE_CHANGED = 17, /* subject = tensor id, object = storage id; payload: new shot, version */
  REC_REQUIRES_GRAD = 18,   /* subject = tensor id, number = 0/1 */
  REC_GRAD_MODE = 19,       /* number = 0/1 */
  REC_HOOK_CHANGED = 20,    /* subject = tensor id; payload: shot of its gradient as the hook left it */
  REC_VERSION_CLASH = 21,
  REC_DEVICE_COPY = 22,
  REC_SEEDED = 23, /* number = seed */
  REC_ERROR = 24,  /* line; number = line of the script that ran then; flags: 1 it ended the process; payload: type, message, traceback, file */
  REC_TENSOR_MET =
      25, /* subject = tensor id; payload: RecTensor. One that no recorded operation made (numpy, lists) */
  REC_GRAD_RETAINED =
      26, /* subject = tensor id, no leaf; number: 0 retain_grad() was called, 1 its .grad was stored; payload: shot */
  REC_BRANCH_TAKEN =
      27, /* line of an if; number: 0 its body, 1 else; object: its last line (high half), and the number of
                            the time before + 1 (0: there was none); subject: first (high half) and last line of the
                            way it did not take, 0 none; flags: 1 a way of it may leave its scope (return, break) */
  REC_FILE = 28,           /* number = index of a user module's file; payload: its path. Before its first event */
} RecEventKind;

typedef struct
{
  guint8 kind;
  guint8 flags;             /* OUTPUT: 1 stderr, 2 a note of ours, 4 typed by the user; SCOPE_ENTERED: RecScopeKind; else as below */
  guint16 file;             /* 0 the script itself, else index of a user module's file */
  guint32 line;             /* source line the event belongs to; 0 unknown */
  gint64 time_ns;           /* since the run began */
  guint64 subject;
  guint64 object;
  gint64 number;
  guint64 payload;          /* heap offset; 0 none */
  guint32 payload_nbytes;
  guint32 reserved;
  guint64 inside;           /* grad_fn id whose vjp ran this operation; 0 in forward */
} RecEvent;
G_STATIC_ASSERT (sizeof (RecEvent) == 64);

/* Element types as stored; the engine's EngDtype has the same values. */
typedef enum
{
  REC_BOOL = 0, REC_UINT8 = 1, REC_INT8 = 2, REC_INT16 = 3, REC_INT32 = 4,
  REC_INT64 = 5, REC_FLOAT32 = 6, REC_FLOAT64 = 7,
} RecDtype;
const char *rec_dtype_name (RecDtype dtype);
gsize rec_dtype_size (RecDtype dtype);

/* How good a name is: the best one names the box. */
typedef enum
{
  REC_NAME_OWN = 0,     /* a variable of the script, or an object's attribute */
  REC_NAME_LOCAL = 1,   /* a variable of a function */
  REC_NAME_ITEM = 2,    /* of a list or dict */
  REC_NAME_PASSING = 3, /* an argument, a loop's variable, an attribute of an object without a name */
  REC_NAME_NONE = 4,
} RecNameRank;

typedef enum
{
  REC_SCOPE_MODULE = 1,
  REC_SCOPE_FUNCTION = 2,
  REC_SCOPE_ITERATION = 3,
} RecScopeKind;
