/* SPDX-License-Identifier: MIT
 *
 * The small matrix product of one element type: included by product.c with T and
 * NAME defined. (M,K) @ (K,N) → (M,N), any strides. It is for products too small
 * to pay for a BLAS call, and for the integers, which BLAS does not have. */

/* Four neighbours at once, from any address. */
typedef T ENG_JOIN3 (NAME, _, Four) __attribute__ ((vector_size (4 * sizeof (T))));
#define FOUR ENG_JOIN3 (NAME, _, Four)

static inline FOUR
ENG_JOIN3 (NAME, _, load) (const T *from)
{
  FOUR four;
  memcpy (&four, from, sizeof four);
  return four;
}

/* One row of the result, K = 1 or the first term of it: out[j] = a·b[j]. Added to 0, as
 * every sum here and in BLAS is: −0 alone would show. */
static inline void
ENG_JOIN3 (NAME, _, first) (T *out, T a, const T *b, gint64 n)
{
  ENG_IVDEP for (gint64 j = 0; j < n; j++) out[j] = a * b[j] + 0;
}

/* One row of the result: out[j] = Σ_k a[k]·b[k,j], the columns of b contiguous. */
static inline void
ENG_JOIN3 (NAME, _, row) (T *out, const T *a, gint64 sak, const T *b, gint64 sbk, gint64 n, gint64 k)
{
  gint64 l = 1;
  ENG_JOIN3 (NAME, _, first) (out, a[0], b, n);
  for (; l + 2 <= k; l += 2)
    {
      const T one = a[l * sak], two = a[(l + 1) * sak];
      const T *x = b + l * sbk, *y = b + (l + 1) * sbk;
      ENG_IVDEP for (gint64 j = 0; j < n; j++)
      {
        T sum = out[j] + one * x[j];
        sum += two * y[j];
        out[j] = sum;
      }
    }
  if (l < k)
    {
      const T factor = a[l * sak];
      const T *line = b + l * sbk;
      ENG_IVDEP for (gint64 j = 0; j < n; j++) out[j] += factor * line[j];
    }
}

/* One entry, in four lanes, then what is left over: the same sum in the same order as
 * `four_entries` makes it, whatever the strides. */
static inline T
ENG_JOIN3 (NAME, _, entry) (const T *a, gint64 sak, const T *b, gint64 sbk, gint64 k)
{
  T lane[4] = { 0, 0, 0, 0 };
  for (; k >= 4; k -= 4, a += 4 * sak, b += 4 * sbk)
    for (int i = 0; i < 4; i++)
      lane[i] += a[i * sak] * b[i * sbk];
  T total = (lane[0] + lane[1]) + (lane[2] + lane[3]);
  if (k > 0)
    total += a[0] * b[0];
  if (k > 1)
    total += a[sak] * b[sbk];
  if (k > 2)
    total += a[2 * sak] * b[2 * sbk];
  return total;
}

/* Four entries below one another; a's rows (sai apart) and b's column are contiguous. */
static inline FOUR
ENG_JOIN3 (NAME, _, four_entries) (const T *a, gint64 sai, const T *b, gint64 k)
{
  FOUR r0 = { 0 }, r1 = { 0 }, r2 = { 0 }, r3 = { 0 };
  gint64 l = 0;
  for (; l + 4 <= k; l += 4)
    {
      const FOUR x = ENG_JOIN3 (NAME, _, load) (b + l);
      r0 += ENG_JOIN3 (NAME, _, load) (a + l) * x;
      r1 += ENG_JOIN3 (NAME, _, load) (a + sai + l) * x;
      r2 += ENG_JOIN3 (NAME, _, load) (a + 2 * sai + l) * x;
      r3 += ENG_JOIN3 (NAME, _, load) (a + 3 * sai + l) * x;
    }
  /* Lanes 0 + 1 and 2 + 3 of each, then the two sums of each. */
  const FOUR low = __builtin_shufflevector (r0, r1, 0, 4, 2, 6)
                   + __builtin_shufflevector (r0, r1, 1, 5, 3, 7);
  const FOUR high = __builtin_shufflevector (r2, r3, 0, 4, 2, 6)
                    + __builtin_shufflevector (r2, r3, 1, 5, 3, 7);
  FOUR total = __builtin_shufflevector (low, high, 0, 1, 4, 5)
               + __builtin_shufflevector (low, high, 2, 3, 6, 7);
  for (; l < k; l++)
    total += (FOUR) { a[l], a[sai + l], a[2 * sai + l], a[3 * sai + l] } * b[l];
  return total;
}

/* Column j of the result where a's rows and b's columns are contiguous. */
static inline void
ENG_JOIN3 (NAME, _, column) (const EngProduct *p, gint64 j)
{
  const T *a = p->a;
  const T *b = (const T *) p->b + j * p->sbj;
  T *out = (T *) p->out + j;
  gint64 i = 0;
  for (; i + 4 <= p->m; i += 4)
    {
      const FOUR entries = ENG_JOIN3 (NAME, _, four_entries) (a + i * p->sai, p->sai, b, p->k);
      if (p->ldo == 1)
        memcpy (out + i, &entries, sizeof entries);
      else
        for (int r = 0; r < 4; r++)
          out[(i + r) * p->ldo] = entries[r];
    }
  for (; i < p->m; i++)
    out[i * p->ldo] = ENG_JOIN3 (NAME, _, entry) (a + i * p->sai, 1, b, 1, p->k);
}

void
ENG_TARGETED (NAME) (const EngProduct *p)
{
  const T *a = p->a;
  const T *b = p->b;
  T *out = p->out;
  if (p->sbj == 1 && p->n >= 4 && p->k > 0)
    for (gint64 i = 0; i < p->m; i++)
      ENG_JOIN3 (NAME, _, row) (out + i * p->ldo, a + i * p->sai, p->sak, b, p->sbk, p->n, p->k);
  else if (p->sak == 1 && p->sbk == 1 && p->m >= 4)
    for (gint64 j = 0; j < p->n; j++)
      ENG_JOIN3 (NAME, _, column) (p, j);
  else
    for (gint64 i = 0; i < p->m; i++)
      for (gint64 j = 0; j < p->n; j++)
        out[i * p->ldo + j] = ENG_JOIN3 (NAME, _, entry) (a + i * p->sai, p->sak, b + j * p->sbj, p->sbk,
                                                          p->k);
}

#undef FOUR
#undef T
#undef NAME
