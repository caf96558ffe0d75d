/* SPDX-License-Identifier: MIT
 *
 * The table of statements of the user's code, filled by probes.py when a file is
 * instrumented, read by the probes. Numbers are stable for the process. */
#pragma once

#include "py.h"

typedef enum
{
  SCRIPT_TARGET_NAME,      /* value: what the name holds */
  SCRIPT_TARGET_ATTRIBUTE, /* value: the object; attribute: where to look in its __dict__ */
  SCRIPT_TARGET_ITEM,      /* two values: the list or dict, and the index */
  SCRIPT_TARGET_DELETED,   /* no value */
  SCRIPT_TARGET_GLOBAL,    /* as NAME, of a name that a function declared global */
} ScriptTargetKind;

typedef struct
{
  ScriptTargetKind kind;
  const char *name;          /* interned: "W_x", "self.w", "layers" */
  const char *attribute;     /* interned */
} ScriptTarget;

typedef struct
{
  guint number;
  guint function; /* whose body it is in: the function's number + 1; 0: none's */
  guint file, line, end_line;
  guint depth;               /* of loops round it, in its function */
  const char *label;         /* of functions and loops: "forward", "for i in range(3)" */
  guint n_targets;
  ScriptTarget *targets;
  guint branches[2][2]; /* an if: first and last line of its body and of its else; 0 none */
  gboolean leaves;      /* an if: one of them returns, breaks, goes on or raises */
} ScriptStatement;

/* NULL for numbers that were never given; stays where it is until script_statements_clear(). */
const ScriptStatement *script_statement_get (guint number);
/* register_file (path) → number of the file; register_statements (file, list) →
 * number of the first: each is (function, line, end_line, depth, label, [(kind, name, attribute)…]),
 * an if with the four numbers of branches and leaves behind. */
PyObject *script_statements_register_file (PyObject *module, PyObject *path);
PyObject *script_statements_register (PyObject *module, PyObject *args);
/* The path of a file number, NULL if unknown. */
const char *script_statements_get_file (guint file);
/* Forgets everything: before a run. */
void script_statements_clear (void);
