/* SPDX-License-Identifier: MIT
 *
 * Printed output. What a script prints now and then is an event at once; a flood
 * is gathered into few events, each of one line of the script as long as there are
 * not too many of them. Each stream may take an eighth of the budget, which holds
 * millions of lines; from then on only the latest lines are kept: the end of the
 * run says how many are missing between them, so that a loop that prints for ever
 * costs neither memory nor time. The same goes for output when the events run out:
 * their last are for the end. */
#include "writer-private.h"

#include <string.h>

#define CREDIT_MAX 2000.0                  /* events in a burst */
#define CREDIT_PER_NS 1e-6                 /* one each millisecond */
#define GATHER_NBYTES (64u << 10)
#define GATHER_NS (20 * 1000 * 1000)
#define EXACT_EVENTS_MAX 200000 /* then a flood from many lines in turn is gathered as of none */

void
rec_outputs_init (RecOutputs *outputs)
{
  *outputs = (RecOutputs){ .pending = g_string_new (NULL), .credit = CREDIT_MAX };
}

void
rec_outputs_clear (RecOutputs *outputs)
{
  g_string_free (outputs->pending, TRUE);
  for (guint k = 0; k < G_N_ELEMENTS (outputs->streams); k++)
    if (outputs->streams[k].tail != NULL)
      {
        g_string_free (outputs->streams[k].tail, TRUE);
        g_array_unref (outputs->streams[k].parts);
      }
}

static void
append_bytes (RecWriter *writer, guint flags, const char *bytes, gsize n)
{
  RecEvent event = { .kind = REC_OUTPUT, .flags = flags };
  RecEncoder encoder;
  if (!rec_writer_begin_payload (writer, n, TRUE, &encoder))
    return;
  memcpy (encoder.at, bytes, n);
  encoder.at += n;
  rec_writer_end_payload (writer, &encoder, &event);
  rec_writer_append_output (writer, &event);
}

void
rec_writer_flush_output (RecWriter *writer)
{
  RecOutputs *outputs = &writer->outputs;
  guint16 file = writer->file;
  guint32 line = writer->line;
  if (outputs->pending->len == 0)
    return;
  g_autoptr (GString) bytes = outputs->pending;
  outputs->pending = g_string_new (NULL);
  rec_writer_set_position (writer, outputs->file, outputs->line);
  append_bytes (writer, outputs->is_stderr ? 1 : 0, bytes->str, bytes->len);
  outputs->n_events++;
  rec_writer_set_position (writer, file, line);
}

void
rec_writer_flush (RecWriter *writer)
{
  rec_writer_flush_output (writer);
}

void
rec_writer_flush_old_output (RecWriter *writer, gint64 now_ns)
{
  if (now_ns - writer->outputs.pending_ns > GATHER_NS)
    rec_writer_flush_output (writer);
}

static guint64
count_lines (const char *bytes, gsize n)
{
  guint64 lines = 0;
  const char *end = bytes + n;
  for (const char *at = bytes; (at = memchr (at, '\n', end - at)) != NULL; at++)
    lines++;
  return lines;
}

/* The tail has lost its first n bytes. */
static void
shift_parts (GArray *parts, gsize n)
{
  guint gone = 0;
  while (gone + 1 < parts->len && g_array_index (parts, RecTailPart, gone + 1).begin <= n)
    gone++;
  g_array_remove_range (parts, 0, gone);
  for (guint k = 0; k < parts->len; k++)
    {
      RecTailPart *part = &g_array_index (parts, RecTailPart, k);
      part->begin -= MIN (part->begin, n);
    }
}

static void
begin_part (RecWriter *writer, RecStream *stream)
{
  RecTailPart part = { stream->tail->len, writer->line, writer->file };
  guint n = stream->parts->len;
  const RecTailPart *last = n > 0 ? &g_array_index (stream->parts, RecTailPart, n - 1) : NULL;
  if (last == NULL || last->line != part.line || last->file != part.file)
    g_array_append_val (stream->parts, part);
}

/* Forgets the older half of the tail, whole lines where there are any. */
static void
trim_tail (RecStream *stream)
{
  GString *tail = stream->tail;
  gsize cut = tail->len - REC_OUTPUT_TAIL_NBYTES;
  const char *newline = memchr (tail->str + cut, '\n', tail->len - cut);
  if (newline != NULL)
    cut = newline + 1 - tail->str;
  stream->dropped_lines += count_lines (tail->str, cut);
  stream->dropped_nbytes += cut;
  g_string_erase (tail, 0, cut);
  shift_parts (stream->parts, cut);
}

static void
keep_tail (RecWriter *writer, RecStream *stream, const char *bytes, gsize n)
{
  if (stream->tail == NULL)
    {
      stream->tail = g_string_sized_new (2 * REC_OUTPUT_TAIL_NBYTES);
      stream->parts = g_array_new (FALSE, FALSE, sizeof (RecTailPart));
      rec_writer_set_flag (writer, REC_AREA_OUTPUT_DROPPED);
    }
  while (n > 0)
    {
      gsize part = MIN (n, 2 * REC_OUTPUT_TAIL_NBYTES - stream->tail->len);
      begin_part (writer, stream);
      g_string_append_len (stream->tail, bytes, part);
      if (stream->tail->len >= 2 * REC_OUTPUT_TAIL_NBYTES)
        trim_tail (stream);
      bytes += part;
      n -= part;
    }
}

/* Whether an event may be written at once. */
static gboolean
spend_credit (RecOutputs *outputs, gint64 now_ns)
{
  double earned = (now_ns - outputs->credit_ns) * CREDIT_PER_NS;
  outputs->credit = MIN (outputs->credit + earned, CREDIT_MAX);
  outputs->credit_ns = now_ns;
  if (outputs->credit < 1.0)
    return FALSE;
  outputs->credit -= 1.0;
  return TRUE;
}

/* What waits came from another line than what comes now. */
static void
leave_line (RecWriter *writer, gint64 now_ns)
{
  RecOutputs *outputs = &writer->outputs;
  if (outputs->n_events < MIN (EXACT_EVENTS_MAX, writer->max_events / 16) || spend_credit (outputs, now_ns))
    rec_writer_flush_output (writer);
  else
    outputs->file = outputs->line = 0;
}

static void
gather (RecWriter *writer, gboolean is_stderr, const char *bytes, gsize n)
{
  RecOutputs *outputs = &writer->outputs;
  gint64 now_ns = rec_writer_now_ns (writer);
  if (outputs->is_stderr != is_stderr)
    rec_writer_flush_output (writer);
  else if (outputs->pending->len > 0 && (outputs->line != writer->line || outputs->file != writer->file))
    leave_line (writer, now_ns);
  if (outputs->pending->len == 0)
    {
      outputs->pending_ns = now_ns;
      outputs->file = writer->file;
      outputs->line = writer->line;
    }
  outputs->is_stderr = is_stderr;
  g_string_append_len (outputs->pending, bytes, n);
  if (outputs->pending->len >= GATHER_NBYTES || now_ns - outputs->pending_ns > GATHER_NS
      || spend_credit (outputs, now_ns))
    rec_writer_flush_output (writer);
}

static gsize
get_share (RecWriter *writer)
{
  guint64 budget = rec_area_header (&writer->heap)->budget;
  return MAX (budget / REC_OUTPUT_SHARE, REC_OUTPUT_KEPT_NBYTES);
}

void
rec_writer_output (RecWriter *writer, gboolean is_stderr, const char *bytes, gsize n)
{
  RecStream *stream = &writer->outputs.streams[is_stderr ? 1 : 0];
  gsize room = get_share (writer) - stream->kept;
  gsize part = stream->tail == NULL ? MIN (room, n) : 0;
  if (part > 0 && !(rec_writer_has_room_for_values (writer, part) && rec_writer_has_room_for_output (writer)))
    part = 0;
  stream->kept += part;
  if (part > 0)
    gather (writer, is_stderr, bytes, part);
  if (n > part)
    keep_tail (writer, stream, bytes + part, n - part);
}

void
rec_writer_typed (RecWriter *writer, const char *bytes, gsize n)
{
  rec_writer_flush_output (writer);
  append_bytes (writer, 4, bytes, n);
}

static void
append_tail (RecWriter *writer, guint flag, const RecStream *stream)
{
  const RecTailPart *parts = &g_array_index (stream->parts, RecTailPart, 0);
  for (guint k = 0; k < stream->parts->len; k++)
    {
      gsize end = k + 1 < stream->parts->len ? parts[k + 1].begin : stream->tail->len;
      rec_writer_set_position (writer, parts[k].file, parts[k].line);
      if (end > parts[k].begin)
        append_bytes (writer, flag, stream->tail->str + parts[k].begin, end - parts[k].begin);
    }
}

static void
finish_stream (RecWriter *writer, guint flag, RecStream *stream)
{
  guint16 file = writer->file;
  guint32 line = writer->line;
  if (stream->tail == NULL)
    return;
  if (stream->dropped_nbytes > 0)
    {
      g_autofree char *size = g_format_size (stream->dropped_nbytes);
      g_autofree char *note = g_strdup_printf ("\n… %" G_GUINT64_FORMAT " lines (%s) are left out here …\n",
                                               stream->dropped_lines, size);
      rec_writer_set_position (writer, 0, 0);
      append_bytes (writer, flag | 2, note, strlen (note));
    }
  append_tail (writer, flag, stream);
  rec_writer_set_position (writer, file, line);
  g_string_truncate (stream->tail, 0);
  g_array_set_size (stream->parts, 0);
  stream->dropped_nbytes = stream->dropped_lines = 0;
}

void
rec_writer_finish_output (RecWriter *writer)
{
  rec_writer_flush_output (writer);
  for (guint k = 0; k < G_N_ELEMENTS (writer->outputs.streams); k++)
    finish_stream (writer, k, &writer->outputs.streams[k]);
}
