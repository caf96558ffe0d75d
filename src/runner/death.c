/* SPDX-License-Identifier: MIT
 *
 * What a process died of, said to someone who wrote the script. UI thread. */
#include "death.h"

#include <signal.h>
#include <string.h>

#define COUNTER "\noom_kill "

gint64
runner_death_count_oom_kills (void)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents ("/proc/vmstat", &text, NULL, NULL))
    return -1;
  const char *at = strstr (text, COUNTER);
  return at != NULL ? g_ascii_strtoll (at + strlen (COUNTER), NULL, 10) : -1;
}

/* Signals that mean a fault of C code: what it is called and why it comes. */
static const struct { int signal; const char *name, *why;
} faults[] = {
  { SIGSEGV, "segmentation fault", "C code that it called used memory that is not its own" },
  { SIGBUS, "bus error", "C code that it called used memory that is not there" },
  { SIGABRT, "abort", "C code that it called found itself in a state it cannot go on from" },
  { SIGTRAP, "trap", "C code that it called gave up" },
  { SIGFPE, "arithmetic error", "C code that it called divided an integer by zero, or the like" },
  { SIGILL, "illegal instruction", "C code that it called is not for this processor, or is damaged" },
};

static int
find_fault (int number)
{
  for (guint k = 0; k < G_N_ELEMENTS (faults); k++)
    if (faults[k].signal == number)
      return (int) k;
  return -1;
}

char *
runner_death_dup_name (const RunnerDeath *death)
{
  int fault = find_fault (death->signal);
  if (death->broke_line)
    return g_strdup ("ended by Tapedeck");
  if (death->starved)
    return g_strdup ("out of memory");
  if (death->signal == 0)
    return g_strdup_printf ("os._exit(%d)", death->status);
  if (fault >= 0)
    return g_strdup (faults[fault].name);
  if (death->signal == SIGKILL && death->out_of_memory)
    return g_strdup ("out of memory");
  return g_strdup_printf ("signal %d", death->signal);
}

static char *
describe_kill (const RunnerDeath *death, const char *where)
{
  if (death->out_of_memory)
    return g_strdup_printf ("Memory ran out%s, so the system killed the script.", where);
  return g_strdup_printf ("The script was killed from outside%s%s.", where,
                          death->memory_unknown ? ": most often the system does that when memory runs out" : "");
}

char *
runner_death_describe (const RunnerDeath *death, guint line)
{
  int fault = find_fault (death->signal);
  g_autofree char *where = line != 0 ? g_strdup_printf (" on line %u", line) : g_strdup ("");
  g_autofree char *subject = line != 0 ? g_strdup_printf ("Line %u", line) : g_strdup ("The script");
  if (death->broke_line)
    return g_strdup_printf ("The script was ended%s: it wrote into the line that Tapedeck itself uses.", where);
  if (death->starved)
    return g_strdup_printf ("Memory ran out%s: C code that it called got none and gave up.",
                            line != 0 ? where : " in the script");
  if (death->signal == 0)
    return g_strdup_printf ("%s left with os._exit(%d), which ends a script at once.", subject, death->status);
  if (fault >= 0)
    return g_strdup_printf ("%s crashed with %s %s: %s.", subject, strchr ("aio", *faults[fault].name) ? "an" : "a",
                            faults[fault].name, faults[fault].why);
  if (death->signal == SIGKILL)
    return describe_kill (death, where);
  return g_strdup_printf ("The script was ended%s by signal %d (%s).", where, death->signal, g_strsignal (death->signal));
}
