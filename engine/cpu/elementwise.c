/* SPDX-License-Identifier: MIT
 *
 * Elementwise rows for every element type: one source, compiled per processor
 * level. The formulas stand in kernels/scalar-ops.h. */
#include "maths.h"
#include "target.h"

#define T _Bool
#define S _bool
#include "elementwise-type.h"

#define T guint8
#define S _uint8
#include "elementwise-type.h"

#define T gint8
#define S _int8
#include "elementwise-type.h"

#define T gint16
#define S _int16
#include "elementwise-type.h"

#define T gint32
#define S _int32
#include "elementwise-type.h"

#define T gint64
#define S _int64
#include "elementwise-type.h"

#define T float
#define S _float32
#define FLOATING
#include "elementwise-type.h"

#define T double
#define S _float64
#define FLOATING
#include "elementwise-type.h"

const EngRow *const ENG_TARGETED (eng_cpu_rows)[ENG_N_DTYPES] = {
  [ENG_BOOL] = rows_bool, [ENG_UINT8] = rows_uint8, [ENG_INT8] = rows_int8, [ENG_INT16] = rows_int16,
  [ENG_INT32] = rows_int32, [ENG_INT64] = rows_int64, [ENG_FLOAT32] = rows_float32, [ENG_FLOAT64] = rows_float64,
};

const EngRow ENG_TARGETED (eng_cpu_where)[ENG_N_DTYPES] = {
  [ENG_BOOL] = row_where_bool, [ENG_UINT8] = row_where_uint8, [ENG_INT8] = row_where_int8,
  [ENG_INT16] = row_where_int16, [ENG_INT32] = row_where_int32, [ENG_INT64] = row_where_int64,
  [ENG_FLOAT32] = row_where_float32, [ENG_FLOAT64] = row_where_float64,
};
