/* SPDX-License-Identifier: MIT
 *
 * Free lists for the engine's small fixed structures (tensor headers, grad_fns,
 * queues): a step of a tiny net makes and drops dozens of them, and malloc would
 * be most of its time. One thread uses the engine, so there are no locks. Under
 * AddressSanitizer it is plain malloc, so that misuse is seen. */
#pragma once

#include <glib.h>
#include <string.h>

#define ENG_POOL_STEP 16
#define ENG_POOL_MAX 1024

#if defined(__SANITIZE_ADDRESS__)
#define ENG_POOL_PLAIN 1
#else
#define ENG_POOL_PLAIN 0
#endif

typedef struct _EngPoolPiece EngPoolPiece;
struct _EngPoolPiece
{
  EngPoolPiece *next;
};

/* Free pieces of each class; the pool's own, here only to be reached quickly. */
extern EngPoolPiece *eng_pool_lists[ENG_POOL_MAX / ENG_POOL_STEP + 1];
/* A piece of a class whose list is empty, or of a size the pool does not keep. */
gpointer eng_pool_alloc_slowly (gsize size);

/* Uninitialised memory, aligned to 16. Give the same size when freeing. */
static inline gpointer
eng_pool_alloc (gsize size)
{
  gsize class = (size + ENG_POOL_STEP - 1) / ENG_POOL_STEP;
  if (ENG_POOL_PLAIN || G_UNLIKELY (size > ENG_POOL_MAX || eng_pool_lists[class] == NULL))
    return eng_pool_alloc_slowly (size);
  EngPoolPiece *piece = eng_pool_lists[class];
  eng_pool_lists[class] = piece->next;
  return piece;
}

static inline gpointer
eng_pool_alloc0 (gsize size)
{
  return memset (eng_pool_alloc (size), 0, size);
}

static inline void
eng_pool_free (gpointer memory, gsize size)
{
  if (ENG_POOL_PLAIN || G_UNLIKELY (size > ENG_POOL_MAX))
    {
      g_free (memory);
      return;
    }
  gsize class = (size + ENG_POOL_STEP - 1) / ENG_POOL_STEP;
  EngPoolPiece *piece = memory;
  piece->next = eng_pool_lists[class];
  eng_pool_lists[class] = piece;
}
