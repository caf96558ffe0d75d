/* SPDX-License-Identifier: MIT
 *
 * Rows that copy with a change of element type: every pair of dtypes. A float
 * goes to an integer through int64, as C truncates; NaN and what does not fit
 * have no meaning there, in PyTorch neither, but must not trap. */
#include <string.h>

#include "target.h"

static inline gint64
to_integer (double x)
{
  return x >= -9223372036854775808.0 && x < 9223372036854775808.0 ? (gint64) x : G_MININT64;
}

#define ENG_KEEP(x) (x)
#define ENG_NOT_ZERO(x) ((x) != 0)

#define ENG_CAST(to, TO, from, FROM, convert) \
  static void cast_##to##_##from (char *const *data, const gint64 *strides, gint64 n, const double *numbers) \
  { \
    TO *o = (TO *) data[0]; \
    const FROM *x = (const FROM *) data[1]; \
    const gint64 so = strides[0], sx = strides[1]; \
    if (so == 1 && sx == 1) \
      { \
        if (sizeof (TO) == sizeof (FROM) && ENG_##to == ENG_##from) \
          { \
            memmove (o, x, (gsize) n * sizeof (TO)); \
            return; \
          } \
        for (gint64 i = 0; i < n; i++) o[i] = (TO) convert (x[i]); \
        return; \
      } \
    for (gint64 i = 0; i < n; i++) o[i * so] = (TO) convert (x[i * sx]); \
  }

#define ENG_CASTS(to, TO, convert_floating) \
  ENG_CAST (to, TO, BOOL, _Bool, ENG_KEEP) \
  ENG_CAST (to, TO, UINT8, guint8, ENG_KEEP) \
  ENG_CAST (to, TO, INT8, gint8, ENG_KEEP) \
  ENG_CAST (to, TO, INT16, gint16, ENG_KEEP) \
  ENG_CAST (to, TO, INT32, gint32, ENG_KEEP) \
  ENG_CAST (to, TO, INT64, gint64, ENG_KEEP) \
  ENG_CAST (to, TO, FLOAT32, float, convert_floating) \
  ENG_CAST (to, TO, FLOAT64, double, convert_floating)

ENG_CASTS (BOOL, _Bool, ENG_NOT_ZERO)
ENG_CASTS (UINT8, guint8, to_integer)
ENG_CASTS (INT8, gint8, to_integer)
ENG_CASTS (INT16, gint16, to_integer)
ENG_CASTS (INT32, gint32, to_integer)
ENG_CASTS (INT64, gint64, to_integer)
ENG_CASTS (FLOAT32, float, ENG_KEEP)
ENG_CASTS (FLOAT64, double, ENG_KEEP)

#define ENG_CAST_ROW(to) \
  [ENG_##to] = { \
    [ENG_BOOL] = cast_##to##_BOOL, [ENG_UINT8] = cast_##to##_UINT8, [ENG_INT8] = cast_##to##_INT8, \
    [ENG_INT16] = cast_##to##_INT16, [ENG_INT32] = cast_##to##_INT32, [ENG_INT64] = cast_##to##_INT64, \
    [ENG_FLOAT32] = cast_##to##_FLOAT32, [ENG_FLOAT64] = cast_##to##_FLOAT64, \
  },

const EngRow ENG_TARGETED (eng_cpu_cast)[ENG_N_DTYPES][ENG_N_DTYPES] = {
  ENG_CAST_ROW (BOOL) ENG_CAST_ROW (UINT8) ENG_CAST_ROW (INT8) ENG_CAST_ROW (INT16)
  ENG_CAST_ROW (INT32) ENG_CAST_ROW (INT64) ENG_CAST_ROW (FLOAT32) ENG_CAST_ROW (FLOAT64)
};
