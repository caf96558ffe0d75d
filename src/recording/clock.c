/* SPDX-License-Identifier: MIT
 *
 * The counter's rate is measured against the system clock since the start of the
 * run, so it gets better with time; a wrong guess lasts until the next look only.
 * Called by the writer for every event. */
#include "clock.h"

#include <time.h>

#ifdef __x86_64__
#include <x86intrin.h>
#endif

#define MIN_BASE_NS 1000000        /* no rate from less */
#define MAX_TICKS 1000000          /* between two looks: a third of a millisecond */

static inline guint64
read_ticks (void)
{
#ifdef __x86_64__
  return __rdtsc ();
#else
  return 0;
#endif
}

static gint64
monotonic_ns (void)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

void
rec_clock_start (RecClock *clock)
{
  *clock = (RecClock){ .start_ns = monotonic_ns (), .first_ticks = read_ticks () };
}

static gint64
look (RecClock *clock, guint64 ticks)
{
  gint64 ns = monotonic_ns () - clock->start_ns;
  gboolean steady = ticks > clock->first_ticks && ns >= MIN_BASE_NS;
  clock->anchor_ns = ns;
  clock->anchor_ticks = ticks;
  clock->ns_per_tick = steady ? (double) ns / (double) (ticks - clock->first_ticks) : 0;
  return ns;
}

gint64
rec_clock_now_ns (RecClock *clock)
{
  guint64 ticks = read_ticks (), since = ticks - clock->anchor_ticks;
  gint64 ns;
  if (clock->ns_per_tick > 0 && since < MAX_TICKS)
    ns = clock->anchor_ns + (gint64) ((double) since * clock->ns_per_tick);
  else
    ns = look (clock, ticks);
  return clock->latest_ns = MAX (ns, clock->latest_ns);
}
