/* SPDX-License-Identifier: MIT
 *
 * The small matrix product of one element type: included by product.c with T and
 * NAME defined. (M,K) @ (K,N) → (M,N), any strides. It is for products too small
 * to pay for a BLAS call, and for the integers, which BLAS does not have. */

/* One row of the result: out[j] = Σ_k a[k]·b[k,j], the columns of b contiguous. */
static inline void
ENG_JOIN3 (NAME, _, row) (T *out, const T *a, gint64 sak, const T *b, gint64 sbk, gint64 n, gint64 k)
{
  for (gint64 j = 0; j < n; j++)
    out[j] = 0;
  for (gint64 l = 0; l < k; l++)
    {
      const T factor = a[l * sak];
      const T *line = b + l * sbk;
      ENG_IVDEP for (gint64 j = 0; j < n; j++)
        out[j] += factor * line[j];
    }
}

/* One entry, in four lanes. */
static inline T
ENG_JOIN3 (NAME, _, entry) (const T *a, gint64 sak, const T *b, gint64 sbk, gint64 k)
{
  T lane[4] = { 0, 0, 0, 0 };
  gint64 l = 0;
  for (; l + 4 <= k; l += 4)
    for (int i = 0; i < 4; i++)
      lane[i] += a[(l + i) * sak] * b[(l + i) * sbk];
  for (; l < k; l++)
    lane[0] += a[l * sak] * b[l * sbk];
  return (lane[0] + lane[1]) + (lane[2] + lane[3]);
}

void
ENG_TARGETED (NAME) (const EngProduct *p)
{
  const T *a = p->a;
  const T *b = p->b;
  T *out = p->out;
  for (gint64 i = 0; i < p->m; i++)
    {
      if (p->sbj == 1 && p->n > 1)
        {
          ENG_JOIN3 (NAME, _, row) (out + i * p->ldo, a + i * p->sai, p->sak, b, p->sbk, p->n, p->k);
          continue;
        }
      for (gint64 j = 0; j < p->n; j++)
        out[i * p->ldo + j] = ENG_JOIN3 (NAME, _, entry) (a + i * p->sai, p->sak, b + j * p->sbj, p->sbk, p->k);
    }
}

#undef T
#undef NAME
