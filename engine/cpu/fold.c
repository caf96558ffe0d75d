/* SPDX-License-Identifier: MIT
 *
 * Folds (sum, product, extremes, norms, any, all) for every element type: one
 * source, compiled per processor level. Callers start each accumulator; MAX and
 * MIN are started with the first element. */
#include "target.h"

#define T _Bool
#define S _bool
#define ACC integer
#define A gint64
#include "fold-type.h"

#define T guint8
#define S _uint8
#define ACC integer
#define A gint64
#include "fold-type.h"

#define T gint8
#define S _int8
#define ACC integer
#define A gint64
#include "fold-type.h"

#define T gint16
#define S _int16
#define ACC integer
#define A gint64
#include "fold-type.h"

#define T gint32
#define S _int32
#define ACC integer
#define A gint64
#include "fold-type.h"

#define T gint64
#define S _int64
#define ACC integer
#define A gint64
#include "fold-type.h"

#define T float
#define S _float32
#define ACC number
#define A double
#include "fold-type.h"

#define T double
#define S _float64
#define ACC number
#define A double
#include "fold-type.h"

const EngFoldLoops *const ENG_TARGETED (eng_cpu_folds)[ENG_N_DTYPES] = {
  [ENG_BOOL] = folds_bool, [ENG_UINT8] = folds_uint8, [ENG_INT8] = folds_int8, [ENG_INT16] = folds_int16,
  [ENG_INT32] = folds_int32, [ENG_INT64] = folds_int64, [ENG_FLOAT32] = folds_float32,
  [ENG_FLOAT64] = folds_float64,
};
