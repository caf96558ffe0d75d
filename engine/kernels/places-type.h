/* SPDX-License-Identifier: MIT
 *
 * The rows of one element type: included by places.c once per dtype with T (the C
 * type), W (the type its sums wrap around in) and S (its suffix) defined. No include guard: that is its purpose. */

static void
ENG_JOIN3 (take, , S) (void *tensor, void *dense, const PlaceRow *row)
{
  const gint64 stride = row->stride;
  for (gint64 i = 0; i < row->n; i++)
    {
      const T *from = (const T *) tensor + row->offsets[i];
      T *to = (T *) dense + i * row->step;
      if (row->length == 1)
        *to = *from;
      else if (stride == 1)
        memcpy (to, from, (gsize) row->length * sizeof (T));
      else
        for (gint64 j = 0; j < row->length; j++)
          to[j] = from[j * stride];
    }
}

#define ENG_PUT_ROW(NAME, formula)                                                                           \
  static void ENG_JOIN3 (put_, NAME, S) (void *tensor, void *dense, const PlaceRow *row)                     \
  {                                                                                                          \
    const gint64 stride = row->stride, advance = row->advance;                                               \
    for (gint64 i = 0; i < row->n; i++)                                                                      \
      {                                                                                                      \
        T *to = (T *) tensor + row->offsets[i];                                                              \
        const T *from = (const T *) dense + i * row->step;                                                   \
        for (gint64 j = 0; j < row->length; j++)                                                             \
          {                                                                                                  \
            const T a G_GNUC_UNUSED = to[j * stride], b = from[j * advance];                                 \
            const __typeof__ (a + b) result = (formula);                                                     \
            to[j * stride] = (T) result;                                                                     \
          }                                                                                                  \
      }                                                                                                      \
  }

ENG_PUT_ROW (set, b)
ENG_PUT_ROW (add, (W) a + (W) b)
ENG_PUT_ROW (multiply, (W) a *(W) b)
ENG_PUT_ROW (max, a > b || a != a ? a : b)
ENG_PUT_ROW (min, a < b || a != a ? a : b)

static const PlaceRows ENG_JOIN3 (rows, , S) = {
  ENG_JOIN3 (take, , S),
  {
      [ENG_PUT_SET] = ENG_JOIN3 (put_, set, S),
      [ENG_PUT_ADD] = ENG_JOIN3 (put_, add, S),
      [ENG_PUT_MULTIPLY] = ENG_JOIN3 (put_, multiply, S),
      [ENG_PUT_MAX] = ENG_JOIN3 (put_, max, S),
      [ENG_PUT_MIN] = ENG_JOIN3 (put_, min, S),
  },
};

#undef ENG_PUT_ROW
#undef T
#undef W
#undef S
