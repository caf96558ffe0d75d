/* SPDX-License-Identifier: MIT
 *
 * The folds of one element type: included by fold.c once per dtype with T, S,
 * ACC (the accumulator's member) and A (its C type) defined. Floating elements
 * accumulate in double, so that the order of the terms does not show. No include
 * guard: that is its purpose. */

/* step: the new accumulator from acc and the element a. Lanes along a row break the
 * dependency and fill vectors; join unites two accumulators. */
#define ENG_FOLD_LANES 16

#define ENG_FOLD(NAME, start, step, join) \
  static inline void ENG_JOIN3 (lanes_, NAME, S) (EngAccumulator *accumulator, const T *x, gint64 stride, gint64 n) \
  { \
    A lane[ENG_FOLD_LANES] = { accumulator->ACC }; \
    gint64 i = 0; \
    for (int l = 1; l < ENG_FOLD_LANES; l++) lane[l] = (start); \
    for (; i + ENG_FOLD_LANES <= n; i += ENG_FOLD_LANES) \
      for (int l = 0; l < ENG_FOLD_LANES; l++) \
        { const A a = (A) x[(i + l) * stride], acc = lane[l]; lane[l] = (step); } \
    for (; i < n; i++) { const A a = (A) x[i * stride], acc = lane[0]; lane[0] = (step); } \
    A total = lane[0]; \
    for (int l = 1; l < ENG_FOLD_LANES; l++) { const A a = lane[l], acc = total; total = (join); } \
    accumulator->ACC = total; \
  } \
  static void ENG_JOIN3 (along_, NAME, S) (EngAccumulator *accumulator, const void *row, gint64 stride, gint64 n) \
  { \
    if (stride == 1) \
      ENG_JOIN3 (lanes_, NAME, S) (accumulator, row, 1, n); \
    else \
      ENG_JOIN3 (lanes_, NAME, S) (accumulator, row, stride, n); \
  } \
  static void ENG_JOIN3 (across_, NAME, S) (EngAccumulator *accumulator, const void *row, gint64 stride, gint64 n) \
  { \
    const T *x = (const T *) row; \
    if (stride == 1) \
      { \
        ENG_IVDEP for (gint64 i = 0; i < n; i++) \
          { const A a = (A) x[i], acc = accumulator[i].ACC; accumulator[i].ACC = (step); } \
        return; \
      } \
    for (gint64 i = 0; i < n; i++) \
      { const A a = (A) x[i * stride], acc = accumulator[i].ACC; accumulator[i].ACC = (step); } \
  }

#define ENG_FOLD_GREATER (a > acc || a != a ? a : acc)
#define ENG_FOLD_LESS (a < acc || a != a ? a : acc)
#define ENG_FOLD_ENTRY(NAME) \
  [ENG_FOLD_##NAME] = { ENG_JOIN3 (along_, NAME, S), ENG_JOIN3 (across_, NAME, S) },

ENG_FOLD (SUM, 0, acc + a, acc + a)
ENG_FOLD (PROD, 1, acc * a, acc * a)
ENG_FOLD (MAX, lane[0], ENG_FOLD_GREATER, ENG_FOLD_GREATER)
ENG_FOLD (MIN, lane[0], ENG_FOLD_LESS, ENG_FOLD_LESS)
ENG_FOLD (ABS_SUM, 0, acc + (a < 0 ? -a : a), acc + a)
ENG_FOLD (SQUARE_SUM, 0, acc + a * a, acc + a)
ENG_FOLD (ABS_MAX, 0, (a < 0 ? -a : a) > acc || a != a ? (a < 0 ? -a : a) : acc, ENG_FOLD_GREATER)
ENG_FOLD (ANY, 0, acc != 0 || a != 0, acc != 0 || a != 0)
ENG_FOLD (ALL, 1, acc != 0 && a != 0, acc != 0 && a != 0)

static const EngFoldLoops ENG_JOIN3 (folds, , S)[ENG_N_FOLDS] = {
  ENG_FOLD_ENTRY (SUM) ENG_FOLD_ENTRY (PROD) ENG_FOLD_ENTRY (MAX) ENG_FOLD_ENTRY (MIN)
  ENG_FOLD_ENTRY (ABS_SUM) ENG_FOLD_ENTRY (SQUARE_SUM) ENG_FOLD_ENTRY (ABS_MAX)
  ENG_FOLD_ENTRY (ANY) ENG_FOLD_ENTRY (ALL)
};

#undef ENG_FOLD
#undef ENG_FOLD_LANES
#undef ENG_FOLD_GREATER
#undef ENG_FOLD_LESS
#undef ENG_FOLD_ENTRY
#undef T
#undef S
#undef ACC
#undef A
