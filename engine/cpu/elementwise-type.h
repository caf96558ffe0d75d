/* SPDX-License-Identifier: MIT
 *
 * The elementwise rows of one element type: included by elementwise.c once per
 * dtype with T (the C type) and S (its suffix) defined, and FLOATING where T is
 * float or double. No include guard: that is its purpose. */

#define ENG_ROW_HEAD(NAME, OUT) \
  static void ENG_JOIN3 (row_, NAME, S) (char *const *data, const gint64 *strides, gint64 n, const double *numbers) \
  { \
    OUT *o = (OUT *) data[0]; \
    const T p G_GNUC_UNUSED = (T) numbers[0], q G_GNUC_UNUSED = (T) numbers[1], r G_GNUC_UNUSED = (T) numbers[2];

#define ENG_ROW_UNARY_TO(NAME, OUT, formula) \
  ENG_ROW_HEAD (NAME, OUT) \
    const T *x = (const T *) data[1]; \
    const gint64 so = strides[0], sx = strides[1]; \
    if (so == 1 && sx == 1) \
      { \
        ENG_IVDEP for (gint64 i = 0; i < n; i++) { const T a = x[i]; o[i] = (OUT) (formula); } \
        return; \
      } \
    for (gint64 i = 0; i < n; i++) { const T a = x[i * sx]; o[i * so] = (OUT) (formula); } \
  }

#define ENG_ROW_BINARY_TO(NAME, OUT, formula) \
  ENG_ROW_HEAD (NAME, OUT) \
    const T *x = (const T *) data[1]; \
    const T *y = (const T *) data[2]; \
    const gint64 so = strides[0], sx = strides[1], sy = strides[2]; \
    if (so == 1 && sx == 1 && sy == 1) \
      { \
        ENG_IVDEP for (gint64 i = 0; i < n; i++) { const T a = x[i], b = y[i]; o[i] = (OUT) (formula); } \
        return; \
      } \
    if (so == 1 && sx == 1 && sy == 0) \
      { \
        const T b = *y; \
        ENG_IVDEP for (gint64 i = 0; i < n; i++) { const T a = x[i]; o[i] = (OUT) (formula); } \
        return; \
      } \
    for (gint64 i = 0; i < n; i++) { const T a = x[i * sx], b = y[i * sy]; o[i * so] = (OUT) (formula); } \
  }

#define ENG_ROW_TERNARY(NAME, formula) \
  ENG_ROW_HEAD (NAME, T) \
    const T *x = (const T *) data[1]; \
    const T *y = (const T *) data[2]; \
    const T *z = (const T *) data[3]; \
    const gint64 so = strides[0], sx = strides[1], sy = strides[2], sz = strides[3]; \
    if (so == 1 && sx == 1 && sy == 1 && sz == 1) \
      { \
        ENG_IVDEP for (gint64 i = 0; i < n; i++) { const T a = x[i], b = y[i], c = z[i]; o[i] = (T) (formula); } \
        return; \
      } \
    for (gint64 i = 0; i < n; i++) \
      { const T a = x[i * sx], b = y[i * sy], c = z[i * sz]; o[i * so] = (T) (formula); } \
  }

#define ENG_ROW_UNARY(NAME, formula) ENG_ROW_UNARY_TO (NAME, T, formula)
#define ENG_ROW_PREDICATE(NAME, formula) ENG_ROW_UNARY_TO (NAME, _Bool, formula)
#define ENG_ROW_BINARY(NAME, formula) ENG_ROW_BINARY_TO (NAME, T, formula)
#define ENG_ROW_COMPARE(NAME, formula) ENG_ROW_BINARY_TO (NAME, _Bool, formula)
#define ENG_ROW_ENTRY(NAME, formula) [ENG_FORMULA_##NAME] = ENG_JOIN3 (row_, NAME, S),

ENG_UNARY_FORMULAS (ENG_ROW_UNARY)
ENG_PREDICATE_FORMULAS (ENG_ROW_PREDICATE)
ENG_BINARY_FORMULAS (ENG_ROW_BINARY)
ENG_TERNARY_FORMULAS (ENG_ROW_TERNARY)
ENG_COMPARE_FORMULAS (ENG_ROW_COMPARE)
#ifdef FLOATING
ENG_UNARY_FLOATING_FORMULAS (ENG_ROW_UNARY)
ENG_BINARY_FLOATING_FORMULAS (ENG_ROW_BINARY)
ENG_TERNARY_FLOATING_FORMULAS (ENG_ROW_TERNARY)
#endif

static const EngRow ENG_JOIN3 (rows, , S)[ENG_N_FORMULAS] = {
  ENG_UNARY_FORMULAS (ENG_ROW_ENTRY)
  ENG_PREDICATE_FORMULAS (ENG_ROW_ENTRY)
  ENG_BINARY_FORMULAS (ENG_ROW_ENTRY)
  ENG_TERNARY_FORMULAS (ENG_ROW_ENTRY)
  ENG_COMPARE_FORMULAS (ENG_ROW_ENTRY)
#ifdef FLOATING
  ENG_UNARY_FLOATING_FORMULAS (ENG_ROW_ENTRY)
  ENG_BINARY_FLOATING_FORMULAS (ENG_ROW_ENTRY)
  ENG_TERNARY_FLOATING_FORMULAS (ENG_ROW_ENTRY)
#endif
};

/* out = condition ? a : b */
static void
ENG_JOIN3 (row_where, , S) (char *const *data, const gint64 *strides, gint64 n, const double *numbers)
{
  T *o = (T *) data[0];
  const _Bool *c = (const _Bool *) data[1];
  const T *x = (const T *) data[2];
  const T *y = (const T *) data[3];
  for (gint64 i = 0; i < n; i++)
    o[i * strides[0]] = c[i * strides[1]] ? x[i * strides[2]] : y[i * strides[3]];
}

#undef ENG_ROW_HEAD
#undef ENG_ROW_UNARY_TO
#undef ENG_ROW_BINARY_TO
#undef ENG_ROW_TERNARY
#undef ENG_ROW_UNARY
#undef ENG_ROW_PREDICATE
#undef ENG_ROW_BINARY
#undef ENG_ROW_COMPARE
#undef ENG_ROW_ENTRY
#undef T
#undef S
#undef FLOATING
