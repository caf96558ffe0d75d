/* SPDX-License-Identifier: MIT
 *
 * Reference-counted memory of tensors. Header and data are one block aligned to
 * 64, so that four floats and their header are one cache line; blocks of a size class are kept in free lists (up to a limit), because a
 * fresh mapping costs a page fault per 4 KiB and a tiny net makes thousands a
 * second. Failing to allocate is a GError, never an abort. Engine thread only. */
#include "engine/inline.h"
#include "engine/memory.h"
#include "engine/pool.h"

#include <stdlib.h>
#include <string.h>

#define STORAGE_ALIGN 64
#define SMALL_HEAD ((gsize) 48)                    /* small data follows the header at once */
#define SMALL_MAX 1024                             /* data of blocks of 64, 128, … bytes */
#define N_SMALL ((SMALL_MAX + SMALL_HEAD + STORAGE_ALIGN - 1) / STORAGE_ALIGN)
#define N_CLASSES (N_SMALL + 4 * 54 + 1)           /* then four per power of two */
#define SMALL_CHUNK (64 * 1024)
#define CACHE_LIMIT ((gsize) 192 << 20) /* bytes of big blocks kept for reuse */

#if defined(__SANITIZE_ADDRESS__)
#define STORAGE_PLAIN 1
#else
#define STORAGE_PLAIN 0
#endif

G_STATIC_ASSERT (sizeof (EngStorage) <= SMALL_HEAD);

/* Memory of somebody else, who hears of its end. */
typedef struct
{
  EngStorage storage;
  GDestroyNotify release;
} Foreign;

static EngStorage *free_lists[N_CLASSES];
static gsize cached_nbytes;
guint64 eng_storage_last_id;
gsize eng_storage_n_live;

/* Class numbers start at 1; *capacity is the class's data size. */
static inline guint
size_class (gsize nbytes, gsize *capacity)
{
  if (G_LIKELY (nbytes <= SMALL_MAX))
    {
      guint class = (guint) ((nbytes + SMALL_HEAD + STORAGE_ALIGN - 1) / STORAGE_ALIGN);
      *capacity = (gsize) class * STORAGE_ALIGN - SMALL_HEAD;
      return class;
    }
  guint bits = 63 - (guint) __builtin_clzll (nbytes - 1);        /* 2^bits ≤ nbytes-1 < 2^(bits+1) */
  gsize quarter = (gsize) 1 << (bits - 2);
  gsize steps = (nbytes - 1 - ((gsize) 1 << bits)) / quarter + 1;   /* 1 … 4 */
  *capacity = ((gsize) 1 << bits) + steps * quarter;
  return N_SMALL + 4 * (bits - 10) + (guint) steps;
}

static gsize
class_capacity (guint class)
{
  if (class <= N_SMALL)
    return (gsize) class * STORAGE_ALIGN - SMALL_HEAD;
  guint bits = 10 + (class - N_SMALL - 1) / 4;
  guint steps = (class - N_SMALL - 1) % 4 + 1;
  return ((gsize) 1 << bits) + steps * ((gsize) 1 << (bits - 2));
}

/* Free lists are chained through `owner`, which a free block does not need. */
static void
push_free (EngStorage *storage, guint class)
{
  storage->owner = free_lists[class];
  free_lists[class] = storage;
}

static gpointer
allocate_block (gsize nbytes)
{
  void *memory = NULL;
  if (!eng_memory_may_take (nbytes))
    return NULL;
  return posix_memalign (&memory, STORAGE_ALIGN, nbytes) == 0 ? memory : NULL;
}

/* Gives back every big block that is only kept for reuse. */
static void
drop_cache (void)
{
  for (guint class = N_SMALL + 1; class < N_CLASSES; class++)
    while (free_lists[class] != NULL)
      {
        EngStorage *storage = free_lists[class];
        free_lists[class] = storage->owner;
        free (storage);
      }
  cached_nbytes = 0;
}

/* Cuts a chunk into blocks of a small class; returns the first. */
static EngStorage *
refill_small (guint class)
{
  gsize size = (gsize) class * STORAGE_ALIGN;
  guint n = SMALL_CHUNK / size;
  char *chunk = allocate_block (n * size);
  if (chunk == NULL)
    return NULL;
  for (guint k = n - 1; k > 0; k--)
    push_free ((EngStorage *) (chunk + k * size), class);
  return (EngStorage *) chunk;
}

static EngStorage *
take_block (gsize nbytes, guint *class)
{
  gsize capacity;
  *class = size_class (nbytes, &capacity);
  if (STORAGE_PLAIN)
    return allocate_block (STORAGE_ALIGN + MAX (nbytes, 1));
  EngStorage *storage = free_lists[*class];
  if (G_LIKELY (storage != NULL))
    {
      free_lists[*class] = storage->owner;
      if (*class > N_SMALL)
        cached_nbytes -= capacity;
      return storage;
    }
  if (*class <= N_SMALL)
    return refill_small (*class);
  storage = allocate_block (STORAGE_ALIGN + capacity);
  if (G_UNLIKELY (storage == NULL))
    {
      drop_cache ();
      storage = allocate_block (STORAGE_ALIGN + capacity);
    }
  return storage;
}

EngStorage *
eng_storage_new (gsize nbytes, GError **error)
{
  guint class = 0;
  EngStorage *storage = nbytes <= G_MAXSSIZE / 2 ? take_block (nbytes, &class) : NULL;
  if (G_UNLIKELY (storage == NULL))
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_MEMORY,
                   "[enforce fail at alloc_cpu.cpp:66] . DefaultCPUAllocator: can't allocate memory: "
                   "you tried to allocate %" G_GSIZE_FORMAT " bytes. Error code 12 (Cannot allocate memory)",
                   nbytes);
      return NULL;
    }
  storage->ref_count = 1;
  storage->version = 0;
  storage->id = ++eng_storage_last_id;
  storage->nbytes = nbytes;
  storage->data = (char *) storage + (nbytes <= SMALL_MAX ? SMALL_HEAD : STORAGE_ALIGN);
  storage->size_class = class;
  storage->block_nbytes = 0;
  eng_storage_n_live++;
  return storage;
}

EngStorage *
eng_storage_new_foreign (gpointer data, gsize nbytes, GDestroyNotify release, gpointer owner)
{
  Foreign *foreign = g_new0 (Foreign, 1);
  EngStorage *storage = &foreign->storage;
  storage->ref_count = 1;
  storage->id = ++eng_storage_last_id;
  storage->nbytes = nbytes;
  storage->data = data;
  foreign->release = release;
  storage->owner = owner;
  eng_storage_n_live++;
  return storage;
}

static void
free_foreign (EngStorage *storage)
{
  Foreign *foreign = (Foreign *) storage;
  if (foreign->release != NULL)
    foreign->release (storage->owner);
  g_free (foreign);
}

/* A storage inside a tensor that is gone takes the whole block with it. */
void
eng_storage_free (EngStorage *storage)
{
  eng_storage_n_live--;
  guint class = storage->size_class;
  if (storage->block_nbytes > 0)
    {
      eng_pool_free (storage->owner, storage->block_nbytes);
      return;
    }
  if (class == 0)
    {
      free_foreign (storage);
      return;
    }
  if (STORAGE_PLAIN)
    {
      free (storage);
      return;
    }
  if (class > N_SMALL)
    {
      gsize capacity = class_capacity (class);
      if (cached_nbytes + capacity > CACHE_LIMIT)
        {
          free (storage);
          return;
        }
      cached_nbytes += capacity;
    }
  push_free (storage, class);
}

guint64
eng_storage_get_id (const EngStorage *storage)
{
  return storage->id;
}

gsize
eng_storage_get_nbytes (const EngStorage *storage)
{
  return storage->nbytes;
}

/* Storages not yet freed, of any tensor. For leak tests. */
gsize
eng_live_storages (void)
{
  return eng_storage_n_live;
}
