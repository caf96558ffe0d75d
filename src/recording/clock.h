/* SPDX-License-Identifier: MIT
 *
 * Time stamps for events: the processor's own counter where there is a steady one,
 * held to the system's monotonic clock every few hundred microseconds; the system
 * clock alone elsewhere. Never runs backwards. Private to this room. */
#pragma once

#include <glib.h>

typedef struct
{
  gint64 start_ns;          /* of the monotonic clock */
  guint64 first_ticks;      /* counter at start */
  guint64 anchor_ticks;     /* counter and time at the latest look at the system's clock */
  gint64 anchor_ns;
  gint64 latest_ns;
  double ns_per_tick;       /* 0: not known yet */
} RecClock;

void rec_clock_start (RecClock *clock);
gint64 rec_clock_now_ns (RecClock *clock);   /* since the start */
