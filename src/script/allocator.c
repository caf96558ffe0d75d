/* SPDX-License-Identifier: MIT
 *
 * Wrappers round what Python takes from the system: blocks of more than 512 bytes
 * and the arenas for smaller ones. A refusal is a MemoryError on the script's line.
 * They are called without the GIL too.
 *
 * The limit is that of private memory (RLIMIT_DATA): the recording is shared memory
 * with a budget of its own, and mappings that nobody writes to cost nothing. It is a
 * soft one, which the script may change and which is lifted for telling the error. */
#include "allocator.h"

#include "engine/memory.h"
#include "py.h"
#include "script.h"

#include <string.h>
#include <sys/resource.h>

#define RESERVE_SHARE 20 /* a twentieth of what is left is for the others */

static PyMemAllocatorEx raw;
static PyObjectArenaAllocator arenas;

static void *
raw_malloc (void *context, size_t n)
{
  return eng_memory_may_take (n) ? raw.malloc (raw.ctx, n) : NULL;
}

static void *
raw_calloc (void *context, size_t n_items, size_t size)
{
  gsize n = size != 0 && n_items > G_MAXSIZE / size ? G_MAXSIZE : n_items * size;
  return eng_memory_may_take (n) ? raw.calloc (raw.ctx, n_items, size) : NULL;
}

static void *
raw_realloc (void *context, void *old, size_t n)
{
  return eng_memory_may_take (n) ? raw.realloc (raw.ctx, old, n) : NULL;
}

static void
raw_free (void *context, void *old)
{
  raw.free (raw.ctx, old);
}

static void *
arena_alloc (void *context, size_t n)
{
  return eng_memory_may_take (n) ? arenas.alloc (arenas.ctx, n) : NULL;
}

static void
arena_free (void *context, void *old, size_t n)
{
  arenas.free (arenas.ctx, old, n);
}

void
script_allocator_install (void)
{
  if (raw.malloc != NULL)
    return;
  PyMem_GetAllocator (PYMEM_DOMAIN_RAW, &raw);
  PyObject_GetArenaAllocator (&arenas);
  PyMemAllocatorEx asking = { NULL, raw_malloc, raw_calloc, raw_realloc, raw_free };
  PyObjectArenaAllocator asking_for_arenas = { NULL, arena_alloc, arena_free };
  PyMem_SetAllocator (PYMEM_DOMAIN_RAW, &asking);
  PyObject_SetArenaAllocator (&asking_for_arenas);
}

/* A row of /proc/meminfo in bytes; 0 when it is not there. */
static guint64
read_row (const char *meminfo, const char *name)
{
  g_autofree char *row = g_strdup_printf ("\n%s:", name);
  const char *at = strstr (meminfo, row);
  return at != NULL ? g_ascii_strtoull (at + strlen (row), NULL, 10) * 1024 : 0;
}

void
script_limit_memory (void)
{
  g_autofree char *meminfo = NULL;
  struct rlimit limit;
  if (!g_file_get_contents ("/proc/meminfo", &meminfo, NULL, NULL) || getrlimit (RLIMIT_DATA, &limit) != 0)
    return;
  guint64 left = read_row (meminfo, "MemAvailable") + read_row (meminfo, "SwapFree"),
          own = eng_memory_get_own ();
  rlim_t wanted = own + left - left / RESERVE_SHARE;
  if (left == 0 || own == 0 || (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur <= wanted))
    return;
  limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? wanted : MIN (wanted, limit.rlim_max);
  if (setrlimit (RLIMIT_DATA, &limit) != 0)
    g_debug ("RLIMIT_DATA is not ours to set");
}

void
script_allocator_lift_limit (void)
{
  struct rlimit limit;
  if (getrlimit (RLIMIT_DATA, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_DATA, &limit);
}
