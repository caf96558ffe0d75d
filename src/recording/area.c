/* SPDX-License-Identifier: MIT
 *
 * Shared-memory areas: memfd, seals, mapping. A page of zeros follows each
 * mapping, so that a text whose end was damaged still ends. */
#include "area.h"

#include "recording.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const magics[] = { "TDECKEV1", "TDECKHP1" };

static gboolean
set_system_error (GError **error, const char *what)
{
  int code = errno;
  g_set_error (error, REC_ERROR_DOMAIN, REC_FAILURE_SYSTEM, "%s: %s", what, g_strerror (code));
  return FALSE;
}

static gsize
round_to_page (gsize size)
{
  gsize page = REC_AREA_HEADER_NBYTES;
  return (size + page - 1) / page * page;
}

/* Maps size bytes of fd with one page of zeros behind them. */
static guint8 *
map_guarded (int fd, gsize size, int protection)
{
  gsize whole = round_to_page (size) + REC_AREA_HEADER_NBYTES;
  guint8 *bytes = mmap (NULL, whole, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (bytes == MAP_FAILED)
    return NULL;
  if (mmap (bytes, size, protection, MAP_SHARED | MAP_FIXED | MAP_NORESERVE, fd, 0) == MAP_FAILED)
    {
      munmap (bytes, whole);
      return NULL;
    }
  return bytes;
}

static gboolean
write_header (int fd, RecAreaKind kind, guint64 budget)
{
  RecAreaHeader header = { 0 };
  memcpy (header.magic, magics[kind], sizeof header.magic);
  header.version = REC_AREA_VERSION;
  header.used = kind == REC_AREA_HEAP ? REC_AREA_HEADER_NBYTES : 0;
  header.budget = budget;
  return pwrite (fd, &header, sizeof header, 0) == (gssize) sizeof header;
}

gboolean
rec_area_create (RecArea *area, RecAreaKind kind, gsize size, guint64 budget, GError **error)
{
  const char *name = kind == REC_AREA_HEAP ? "tapedeck-heap" : "tapedeck-events";
  int fd = memfd_create (name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0)
    return set_system_error (error, "No shared memory for the recording");
  size = round_to_page (size);
  if (ftruncate (fd, size) < 0 || !write_header (fd, kind, budget)
      || fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
    {
      set_system_error (error, "No shared memory for the recording");
      close (fd);
      return FALSE;
    }
  return rec_area_map (area, kind, fd, FALSE, error);
}

static gboolean
check_header (RecArea *area, RecAreaKind kind, GError **error)
{
  const RecAreaHeader *header = rec_area_header (area);
  if (memcmp (header->magic, magics[kind], sizeof header->magic) != 0)
    {
      g_set_error_literal (error, REC_ERROR_DOMAIN, REC_FAILURE_DAMAGED, "This is not a recording");
      return FALSE;
    }
  if (header->version != REC_AREA_VERSION)
    {
      g_set_error (error, REC_ERROR_DOMAIN, REC_FAILURE_DAMAGED,
                   "The recording has version %u; this Tapedeck reads version %d", header->version, REC_AREA_VERSION);
      return FALSE;
    }
  return TRUE;
}

gboolean
rec_area_map (RecArea *area, RecAreaKind kind, int fd, gboolean writable, GError **error)
{
  struct stat facts;
  *area = (RecArea){ .fd = fd };
  if (fstat (fd, &facts) < 0)
    {
      set_system_error (error, "The recording cannot be read");
      rec_area_clear (area);
      return FALSE;
    }
  if (facts.st_size < REC_AREA_HEADER_NBYTES)
    {
      g_set_error_literal (error, REC_ERROR_DOMAIN, REC_FAILURE_DAMAGED, "The recording is cut short");
      rec_area_clear (area);
      return FALSE;
    }
  area->size = facts.st_size;
  area->bytes = map_guarded (fd, area->size, writable ? PROT_READ | PROT_WRITE : PROT_READ);
  if (area->bytes == NULL)
    {
      set_system_error (error, "The recording cannot be mapped");
      rec_area_clear (area);
      return FALSE;
    }
  if (!check_header (area, kind, error))
    {
      rec_area_clear (area);
      return FALSE;
    }
  return TRUE;
}

void
rec_area_clear (RecArea *area)
{
  if (area->bytes != NULL)
    munmap (area->bytes, round_to_page (area->size) + REC_AREA_HEADER_NBYTES);
  if (area->fd >= 0)
    close (area->fd);
  *area = (RecArea){ .fd = -1 };
}

/* Populating maps the pages at the same time, so that writing takes no faults; older
 * systems only set them aside. */
gboolean
rec_area_commit (const RecArea *area, gsize begin, gsize end)
{
  int result;
  begin = begin / REC_AREA_HEADER_NBYTES * REC_AREA_HEADER_NBYTES;
#ifdef MADV_POPULATE_WRITE
  result = madvise (area->bytes + begin, round_to_page (end) - begin, MADV_POPULATE_WRITE);
  if (result == 0 || errno != EINVAL)
    return result == 0;
#endif
  do
    result = fallocate (area->fd, 0, begin, end - begin);
  while (result < 0 && errno == EINTR);
  return result == 0 || errno == EOPNOTSUPP || errno == ENOSYS;
}
