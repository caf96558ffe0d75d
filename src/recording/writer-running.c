/* SPDX-License-Identifier: MIT
 *
 * The line that runs now, in the header of the events: whoever looks while a
 * statement runs, or finds its process dead, learns of it. One store, only when the
 * line is another. The writer's thread. */
#include "writer-private.h"

void
rec_writer_set_running (RecWriter *writer, guint line)
{
  if (line == writer->running_line)
    return;
  writer->running_line = line;
  __atomic_store_n (&rec_area_header (&writer->events)->running, (guint64) line << 32 | ++writer->n_running,
                    __ATOMIC_RELAXED);
}

guint
rec_writer_get_running (RecWriter *writer)
{
  return writer->running_line;
}
