/* SPDX-License-Identifier: MIT
 *
 * Where in the source things happen: the position stamped on events, the files it
 * counts, the line that runs now. Called by the script host. */
#include "writer-private.h"

void
rec_writer_set_position (RecWriter *writer, guint file, guint line)
{
  writer->file = file;
  writer->line = line;
}

void
rec_writer_file (RecWriter *writer, guint file, const char *path)
{
  RecEvent event = { .kind = REC_FILE, .number = file };
  RecEncoder encoder;

  g_return_if_fail (path != NULL);
  if (rec_writer_begin_payload (writer, rec_text_nbytes (path), TRUE, &encoder))
    {
      rec_encode_text (&encoder, path);
      rec_writer_end_payload (writer, &encoder, &event);
    }
  rec_writer_append (writer, &event);
}

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
