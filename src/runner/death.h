/* SPDX-License-Identifier: MIT
 *
 * Words for the end of a process that did not come to the script's own end. Private
 * to this room. */
#pragma once

#include <glib.h>

typedef struct
{
  int signal;               /* 0: it exited */
  int status;               /* then with this */
  gboolean out_of_memory;   /* the system killed a process for want of memory meanwhile */
  gboolean starved;         /* it said itself that it got no memory, and gave up */
  gboolean memory_unknown;  /* whether it did cannot be told */
  gboolean broke_line;      /* we killed it: it wrote into our socket */
} RunnerDeath;

/* A few words: "segmentation fault", "os._exit(3)". */
char *runner_death_dup_name (const RunnerDeath *death);
/* A sentence; line: which line of the script ran, 0 unknown. */
char *runner_death_describe (const RunnerDeath *death, guint line);

/* How many processes the system has killed for want of memory since it started; −1 unknown. */
gint64 runner_death_count_oom_kills (void);
