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

/* One entry, in four lanes: the same ones whatever the strides. */
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

/* Row i of the result by entries. Called with strides of 1 as constants where they
 * are, so that the lanes become one vector. */
static inline void
ENG_JOIN3 (NAME, _, entries) (const EngProduct *p, gint64 i, gint64 sak, gint64 sbk)
{
  const T *a = (const T *) p->a + i * p->sai;
  const T *b = p->b;
  T *out = (T *) p->out + i * p->ldo;
  for (gint64 j = 0; j < p->n; j++)
    out[j] = ENG_JOIN3 (NAME, _, entry) (a, sak, b + j * p->sbj, sbk, p->k);
}

void
ENG_TARGETED (NAME) (const EngProduct *p)
{
  const T *a = p->a;
  const T *b = p->b;
  T *out = p->out;
  for (gint64 i = 0; i < p->m; i++)
    if (p->sbj == 1 && p->n > 1)
      ENG_JOIN3 (NAME, _, row) (out + i * p->ldo, a + i * p->sai, p->sak, b, p->sbk, p->n, p->k);
    else if (p->sak == 1 && p->sbk == 1)
      ENG_JOIN3 (NAME, _, entries) (p, i, 1, 1);
    else
      ENG_JOIN3 (NAME, _, entries) (p, i, p->sak, p->sbk);
}

#undef T
#undef NAME
