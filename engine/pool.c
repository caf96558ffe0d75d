/* SPDX-License-Identifier: MIT
 *
 * Size classes of 16 bytes up to 1 KiB, carved from 64 KiB chunks that are kept
 * for the life of the process; larger requests go to malloc. Called by tensors,
 * grad_fns and the backward queue, on the engine's thread. */
#include "engine/pool.h"

#define POOL_CHUNK (64 * 1024)

EngPoolPiece *eng_pool_lists[ENG_POOL_MAX / ENG_POOL_STEP + 1];

/* Cuts a new chunk into pieces of one class and returns the first. */
static gpointer
pool_refill (gsize class)
{
  gsize size = class * ENG_POOL_STEP;
  guint n = POOL_CHUNK / size;
  char *chunk = g_aligned_alloc (n, size, ENG_POOL_STEP);
  for (guint k = n - 1; k > 0; k--)
    {
      EngPoolPiece *piece = (EngPoolPiece *) (chunk + k * size);
      piece->next = eng_pool_lists[class];
      eng_pool_lists[class] = piece;
    }
  return chunk;
}

gpointer
eng_pool_alloc_slowly (gsize size)
{
  if (ENG_POOL_PLAIN || size > ENG_POOL_MAX)
    return g_malloc (size);
  return pool_refill ((size + ENG_POOL_STEP - 1) / ENG_POOL_STEP);
}
