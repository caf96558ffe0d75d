/* SPDX-License-Identifier: MIT
 *
 * The populating thread. `ready` is raised by whoever populated, never lowered;
 * `wanted` by the writer. Both sides may populate the same pages at the same time:
 * that changes no byte. Called by the writer. */
#include "pager.h"

#define STEP_NBYTES (256u << 10)     /* populated at a time */
#define MIN_AHEAD_NBYTES (512u << 10) /* between the writer and the end of what is ready: */
#define MAX_AHEAD_NBYTES (8u << 20)  /* half of what is used, within these */

typedef struct
{
  const RecArea *area;
  guint64 ready;                     /* bytes from the start that have memory */
  guint64 wanted;
} RecPaged;

struct _RecPager
{
  RecPaged paged[2];
  GThread *thread;
  GMutex lock;
  GCond changed;
  gboolean quit;
};

static void
raise_to (guint64 *value, guint64 to)
{
  guint64 now = __atomic_load_n (value, __ATOMIC_RELAXED);
  while (now < to && !__atomic_compare_exchange_n (value, &now, to, FALSE, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
    ;
}

/* Populates up to end at least; FALSE when there is no memory. */
static gboolean
populate (RecPaged *paged, guint64 end)
{
  guint64 ready = __atomic_load_n (&paged->ready, __ATOMIC_ACQUIRE);
  guint64 until = MIN (MAX (end, ready + STEP_NBYTES), paged->area->size);
  if (until <= ready)
    return TRUE;
  if (!rec_area_commit (paged->area, ready, until))
    return FALSE;
  raise_to (&paged->ready, until);
  return TRUE;
}

static gboolean
has_work (RecPaged *paged)
{
  return __atomic_load_n (&paged->ready, __ATOMIC_RELAXED) < __atomic_load_n (&paged->wanted, __ATOMIC_RELAXED);
}

/* One step for each area that wants it; FALSE when nothing was done. */
static gboolean
work (RecPager *pager)
{
  gboolean done = FALSE;
  for (guint k = 0; k < G_N_ELEMENTS (pager->paged); k++)
    if (has_work (&pager->paged[k]) && populate (&pager->paged[k], 0))
      done = TRUE;
  return done;
}

static gpointer
run (gpointer data)
{
  RecPager *pager = data;
  g_mutex_lock (&pager->lock);
  while (!pager->quit)
    {
      g_mutex_unlock (&pager->lock);
      gboolean done = work (pager);
      g_mutex_lock (&pager->lock);
      if (!done && !pager->quit)
        g_cond_wait (&pager->changed, &pager->lock);
    }
  g_mutex_unlock (&pager->lock);
  return NULL;
}

/* A busy lock is passed by: the thread is told at the next step. (A forked copy of
 * the process has no such thread, and perhaps a lock that nobody will ever open.) */
static void
want (RecPager *pager, RecPaged *paged, guint64 end)
{
  guint64 ahead = CLAMP (end / 2, MIN_AHEAD_NBYTES, MAX_AHEAD_NBYTES);
  raise_to (&paged->wanted, MIN (end + ahead, paged->area->size));
  if (!g_mutex_trylock (&pager->lock))
    return;
  g_cond_signal (&pager->changed);
  g_mutex_unlock (&pager->lock);
}

RecPager *
rec_pager_new (const RecArea *events, guint64 events_begin, const RecArea *heap, guint64 heap_begin)
{
  RecPager *pager = g_new0 (RecPager, 1);
  g_mutex_init (&pager->lock);
  g_cond_init (&pager->changed);
  pager->paged[REC_AREA_EVENTS] = (RecPaged){ .area = events, .ready = events_begin };
  pager->paged[REC_AREA_HEAP] = (RecPaged){ .area = heap, .ready = heap_begin };
  pager->thread = g_thread_try_new ("pager", run, pager, NULL);
  want (pager, &pager->paged[REC_AREA_EVENTS], events_begin);
  want (pager, &pager->paged[REC_AREA_HEAP], heap_begin);
  return pager;
}

void
rec_pager_free (RecPager *pager)
{
  g_mutex_lock (&pager->lock);
  pager->quit = TRUE;
  g_cond_signal (&pager->changed);
  g_mutex_unlock (&pager->lock);
  if (pager->thread != NULL)
    g_thread_join (pager->thread);
  g_mutex_clear (&pager->lock);
  g_cond_clear (&pager->changed);
  g_free (pager);
}

guint64
rec_pager_need (RecPager *pager, RecAreaKind kind, guint64 end)
{
  RecPaged *paged = &pager->paged[kind];
  if (end > paged->area->size)
    return 0;
  if (__atomic_load_n (&paged->ready, __ATOMIC_ACQUIRE) < end && !populate (paged, end))
    return 0;
  want (pager, paged, end);
  return MIN (__atomic_load_n (&paged->ready, __ATOMIC_ACQUIRE), end + STEP_NBYTES);
}
