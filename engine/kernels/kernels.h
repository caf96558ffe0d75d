/* SPDX-License-Identifier: MIT
 *
 * The table of kernels that a backend fills: rows of elements, folds and small
 * products per element type. Cards reach it through run.h, which walks strides;
 * the table's functions see one row at a time. It is chosen once, at start, for
 * the processor at hand, and never changes afterwards.
 *
 * Strides are in elements of the operand they belong to. An output may be the
 * same memory as an input, element for element; any other overlap is excluded by
 * the caller. */
#pragma once

#include "engine/dtype.h"
#include "scalar-ops.h"

#define ENG_FORMULA_ENUM(NAME, formula) ENG_FORMULA_##NAME,
typedef enum
{
  ENG_UNARY_FORMULAS (ENG_FORMULA_ENUM)
  ENG_UNARY_FLOATING_FORMULAS (ENG_FORMULA_ENUM)
  ENG_PREDICATE_FORMULAS (ENG_FORMULA_ENUM)
  ENG_BINARY_FORMULAS (ENG_FORMULA_ENUM)
  ENG_BINARY_FLOATING_FORMULAS (ENG_FORMULA_ENUM)
  ENG_TERNARY_FORMULAS (ENG_FORMULA_ENUM)
  ENG_TERNARY_FLOATING_FORMULAS (ENG_FORMULA_ENUM)
  ENG_COMPARE_FORMULAS (ENG_FORMULA_ENUM)
  ENG_N_FORMULAS
} EngFormula;

#define ENG_MAX_OPERANDS 4

#define ENG_MAX_NUMBERS 3

/* data[0], strides[0]: output; then the inputs. numbers: p, q and r of the formula. */
typedef void (*EngRow) (char *const *data, const gint64 *strides, gint64 n, const double *numbers);

typedef enum
{
  ENG_FOLD_SUM,
  ENG_FOLD_PROD,
  ENG_FOLD_MAX,
  ENG_FOLD_MIN,
  ENG_FOLD_ABS_SUM,
  ENG_FOLD_SQUARE_SUM,
  ENG_FOLD_ABS_MAX,
  ENG_FOLD_ANY,
  ENG_FOLD_ALL,
  ENG_N_FOLDS
} EngFold;

/* An accumulator: number for floating dtypes, integer for the others. */
typedef union
{
  double number;
  gint64 integer;
} EngAccumulator;

typedef struct
{
  /* One accumulator over a row of n elements. */
  void (*along) (EngAccumulator *acc, const void *row, gint64 stride, gint64 n);
  /* n accumulators, one element of the row each. */
  void (*across) (EngAccumulator *acc, const void *row, gint64 stride, gint64 n);
} EngFoldLoops;

/* out[i*ldo + j] = Σ_k a[i*sai + k*sak] · b[k*sbk + j*sbj]; (M,K) @ (K,N) → (M,N). */
typedef struct
{
  gint64 m, n, k;
  const void *a, *b;
  void *out;
  gint64 sai, sak, sbk, sbj, ldo;
} EngProduct;

typedef struct
{
  const char *name;                                   /* "baseline", "x86-64-v3", … */
  const EngRow *rows[ENG_N_DTYPES];                   /* [dtype][formula]; NULL: no such kernel */
  EngRow where[ENG_N_DTYPES];                         /* out, condition (bool), a, b */
  EngRow cast[ENG_N_DTYPES][ENG_N_DTYPES];            /* [to][from] */
  const EngFoldLoops *folds[ENG_N_DTYPES];            /* [dtype][fold] */
  void (*product[ENG_N_DTYPES]) (const EngProduct *product);
} EngKernels;

extern const EngKernels *eng_kernels;
/* Chooses the table; called by eng_init and harmless when repeated. */
void eng_kernels_init (void);
