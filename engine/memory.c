/* SPDX-License-Identifier: MIT
 *
 * What was asked for since the last look is counted, not what was given back: a
 * look costs some microseconds, once in several MB. Nothing here allocates, but for
 * a question about very much at once. */
#include "engine/memory.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define LOOK_NBYTES ((gsize) 8 << 20)
#define RESERVE_NBYTES ((guint64) 64 << 20)  /* of a limit: for recording and telling the error */
#define CHECK_FROM ((gsize) 256 << 20)       /* ask the system first from this size */

static gsize unlooked;                       /* atomic: bytes asked for since the last look */

guint64
eng_memory_get_own (void)
{
  char text[256] = "";
  int fd = open ("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return 0;
  gssize n = read (fd, text, sizeof text - 1);
  close (fd);
  char *at = n > 0 ? text : NULL;
  for (guint field = 0; at != NULL && field < 5; field++)     /* the sixth is data + stack, in pages */
    at = strchr (at + (field > 0), ' ');
  return at != NULL ? g_ascii_strtoull (at, NULL, 10) * (guint64) sysconf (_SC_PAGESIZE) : 0;
}

static gboolean
fits_limit (gsize nbytes)
{
  struct rlimit limit;
  if (getrlimit (RLIMIT_DATA, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return TRUE;
  guint64 own = eng_memory_get_own ();
  return own == 0 || (nbytes < limit.rlim_cur && own + RESERVE_NBYTES <= limit.rlim_cur - nbytes);
}

/* Bytes the system says it can still give, or G_MAXSIZE when it does not say. */
static gsize
available_memory (void)
{
  g_autofree char *text = NULL;
  guint64 total = 0;
  gboolean found = FALSE;
  if (!g_file_get_contents ("/proc/meminfo", &text, NULL, NULL))
    return G_MAXSIZE;
  static const char *const fields[] = { "\nMemAvailable:", "\nSwapFree:" };
  for (guint k = 0; k < G_N_ELEMENTS (fields); k++)
    {
      const char *at = strstr (text, fields[k]);
      if (at == NULL)
        continue;
      found = TRUE;
      total += g_ascii_strtoull (at + strlen (fields[k]), NULL, 10) * 1024;
    }
  return found ? (gsize) total : G_MAXSIZE;
}

gboolean
eng_memory_may_take (gsize nbytes)
{
  gsize before = __atomic_fetch_add (&unlooked, MIN (nbytes, LOOK_NBYTES), __ATOMIC_RELAXED);
  if (G_LIKELY (nbytes < LOOK_NBYTES && before < LOOK_NBYTES))
    return TRUE;
  gboolean fits = fits_limit (nbytes) && (nbytes < CHECK_FROM || nbytes <= available_memory ());
  __atomic_store_n (&unlooked, fits ? 0 : LOOK_NBYTES, __ATOMIC_RELAXED);     /* near the limit every time */
  return fits;
}
