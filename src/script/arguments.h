/* SPDX-License-Identifier: MIT
 *
 * Python arguments to engine values, by a card's signature: positional and keyword
 * arguments, defaults, sizes spread as varargs, numbers, dtypes, None. What a
 * parse points to (numbers' lists, tensors' lists) lives in the ScriptArguments
 * and in the Python objects it was made from. */
#pragma once

#include "py.h"

#define SCRIPT_MAX_PARAMS 16
#define SCRIPT_MAX_INTS 64

typedef struct
{
  EngValue values[SCRIPT_MAX_PARAMS];
  gint64 ints[SCRIPT_MAX_INTS];
  EngTensor *tensors[ENG_MAX_INPUTS];
  guint n_ints, n_tensors;
} ScriptArguments;

/* Why a list of arguments does not fit a signature. */
typedef enum
{
  SCRIPT_FIT,
  SCRIPT_TOO_MANY,
  SCRIPT_MISSING,
  SCRIPT_UNKNOWN_KEYWORD,
  SCRIPT_TWICE,
  SCRIPT_WRONG_TYPE,
  SCRIPT_RAISED,         /* a Python exception is set: say that instead */
} ScriptFitness;

typedef struct
{
  ScriptFitness fitness;
  guint param;           /* MISSING, WRONG_TYPE: its number */
  guint position;        /* WRONG_TYPE: of the argument, counted from 0; G_MAXUINT by keyword */
  PyObject *culprit;     /* WRONG_TYPE: the argument; keyword's name else; borrowed */
} ScriptFit;

/* How a Python argument list is seen: self first for methods. */
typedef struct
{
  PyObject *const *args;
  gsize n_args;
  PyObject *kwnames;     /* tuple or NULL; values follow the positional ones */
  gboolean method;       /* args[0] is self and is not counted in messages */
} ScriptCallArgs;

/* Fills out->values for signature; FALSE says why in fit. */
gboolean script_arguments_parse (const EngSignature *signature, const ScriptCallArgs *call,
                                 ScriptArguments *out, ScriptFit *fit);
/* Raises the TypeError that PyTorch's parser has for these signatures. */
void script_arguments_raise (const char *name, const EngSignature *const *signatures, guint n,
                             const ScriptCallArgs *call);

/* A number of Python as a Scalar value; FALSE when it is none (no exception, or
 * OverflowError set). */
gboolean script_scalar_from_python (PyObject *object, EngValue *value);
/* An int, or anything with __index__, or a one-element integer tensor; no bool. */
gboolean script_int_from_python (PyObject *object, gint64 *value);
