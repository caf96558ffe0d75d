/* SPDX-License-Identifier: MIT
 *
 * Operations as Python sees them: one name with its overloads, cards and
 * composites alike, all from the engine's registry. From this one table come
 * Tensor's methods, torch's functions, the in-place twins and the operators. */
#pragma once

#include "arguments.h"
#include "engine/composite.h"

typedef struct
{
  const EngSignature *signature;
  const EngOp *op;                     /* one of op and composite */
  const EngComposite *composite;
  guint flags;
} ScriptOverload;

typedef struct
{
  const char *name;
  guint n;
  ScriptOverload *overloads;           /* in registry order: the first that fits is called */
} ScriptOperation;

/* Builds the table from the registry; once, after eng_init (). */
void script_operations_init (void);
const ScriptOperation *script_operation_lookup (const char *name);   /* NULL if unknown */
const ScriptOperation *script_operation_require (const char *name);  /* NULL with NotImplementedError set */

/* Calls the first overload that fits. written: what the student wrote ("+"), or
 * NULL for the function's own name; a static string. */
PyObject *script_operation_call (const ScriptOperation *operation, const ScriptCallArgs *call, const char *written);
/* The same, writing into the first argument. */
PyObject *script_operation_call_inplace (const ScriptOperation *operation, const ScriptCallArgs *call,
                                         const char *written);
/* For operators: NotImplemented instead of a TypeError when no overload fits. */
PyObject *script_operation_call_operator (const ScriptOperation *operation, PyObject *a, PyObject *b,
                                          gboolean in_place, const char *written);
/* The same for b op a, which is op (a, b): 2 * x. */
PyObject *script_operation_call_swapped (const ScriptOperation *operation, PyObject *a, PyObject *b,
                                         const char *written);
/* The tensor in another dtype: a new tensor, in the graph. */
PyObject *script_operation_cast (PyObject *tensor, EngDtype dtype);
/* For the host's own use: operation by name on Python objects, NULL-terminated. */
PyObject *script_operation_call_named (const char *name, const char *written, ...) G_GNUC_NULL_TERMINATED;

/* Puts torch.name of every operation into module and torch.nn.functional.name into nn;
 * Tensor.name into the type. */
gboolean script_operations_add_functions (PyObject *module, PyObject *nn);
gboolean script_operations_add_methods (PyTypeObject *type);
