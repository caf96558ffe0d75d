/* SPDX-License-Identifier: MIT
 *
 * Size classes of 16 bytes up to 1 KiB, carved from 64 KiB chunks that are kept
 * for the life of the process; larger requests go to malloc. Called by tensors,
 * grad_fns and the backward queue, on the engine's thread. */
#include "engine/pool.h"

#include <string.h>

#define POOL_STEP 16
#define POOL_MAX 1024
#define POOL_CHUNK (64 * 1024)

#if defined(__SANITIZE_ADDRESS__)
#define POOL_PLAIN 1
#else
#define POOL_PLAIN 0
#endif

typedef struct _Free Free;
struct _Free
{
  Free *next;
};

static Free *free_lists[POOL_MAX / POOL_STEP + 1];

/* Cuts a new chunk into pieces of one class and returns the first. */
static gpointer
pool_refill (guint class)
{
  gsize size = (gsize) class * POOL_STEP;
  guint n = POOL_CHUNK / size;
  char *chunk = g_aligned_alloc (n, size, POOL_STEP);
  for (guint k = n - 1; k > 0; k--)
    {
      Free *piece = (Free *) (chunk + k * size);
      piece->next = free_lists[class];
      free_lists[class] = piece;
    }
  return chunk;
}

gpointer
eng_pool_alloc (gsize size)
{
  if (POOL_PLAIN || G_UNLIKELY (size > POOL_MAX))
    return g_malloc (size);
  guint class = (size + POOL_STEP - 1) / POOL_STEP;
  Free *piece = free_lists[class];
  if (G_UNLIKELY (piece == NULL))
    return pool_refill (class);
  free_lists[class] = piece->next;
  return piece;
}

gpointer
eng_pool_alloc0 (gsize size)
{
  return memset (eng_pool_alloc (size), 0, size);
}

void
eng_pool_free (gpointer memory, gsize size)
{
  if (POOL_PLAIN || G_UNLIKELY (size > POOL_MAX))
    {
      g_free (memory);
      return;
    }
  guint class = (size + POOL_STEP - 1) / POOL_STEP;
  Free *piece = memory;
  piece->next = free_lists[class];
  free_lists[class] = piece;
}
