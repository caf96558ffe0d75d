/* SPDX-License-Identifier: MIT
 *
 * The writer's insides, shared by its files: areas and limits, the statements
 * and scopes that are open, printed output on its way. */
#pragma once

#include "area.h"
#include "clock.h"
#include "codec.h"
#include "pager.h"
#include "writer.h"

#define REC_OUTPUT_SHARE 8                     /* per stream, from the start: this part of the budget … */
#define REC_OUTPUT_KEPT_NBYTES (1u << 20)      /* … and at least as much */
#define REC_OUTPUT_TAIL_NBYTES (32u << 10)     /* per stream, from the end */

typedef struct
{
  gsize begin; /* in a stream's tail, whose parts follow each other */
  guint32 line;
  guint16 file;
} RecTailPart;

typedef struct
{
  gsize kept;                /* bytes written to the heap so far */
  GString *tail;             /* the latest bytes after those; NULL: nothing left out yet */
  GArray *parts;             /* RecTailPart: which line printed what of the tail */
  guint64 dropped_lines, dropped_nbytes;
} RecStream;

typedef struct
{
  GString *pending; /* bytes not yet in an event, all of one stream and one line (0: of several) */
  gboolean is_stderr;
  guint32 line;
  guint16 file;
  gint64 pending_ns;         /* when the first of them came */
  guint n_events;            /* written so far */
  double credit;             /* events that may be written at once */
  gint64 credit_ns;
  RecStream streams[2];
} RecOutputs;

/* A statement or scope that has begun. Its event is written when something
 * happens inside; if nothing does, it leaves no trace. */
typedef struct
{
  RecEvent event;
  guint64 text;              /* heap offset of a scope's name */
  guint16 outer_file;        /* position to go back to */
  guint32 outer_line;
} RecOpen;

struct _RecWriter
{
  RecArea events, heap;
  guint64 n_events, max_events;
  guint64 heap_used;
  guint64 events_ready, heap_ready;  /* bytes known to have memory */
  guint64 events_clear;      /* events, and bytes of the heap, that may be written */
  guint64 heap_clear;        /* without a closer look: memory, budget and reserve are there */
  RecPager *pager;
  guint n_op_defs;
  RecClock clock;
  guint16 file;
  guint32 line;
  guint64 inside;
  guint32 running_line, n_running; /* as told, and how often it was another */
  GArray *open;              /* RecOpen */
  guint n_open_written;      /* the first so many of them have their event */
  GHashTable *texts;         /* names written before → heap offset */
  RecOutputs outputs;
};

gint64 rec_writer_now_ns (RecWriter *writer);
/* Fills in time, position and place and publishes; drops the event when the area is full. */
void rec_writer_append (RecWriter *writer, RecEvent *event);
/* The same without the beginnings of the statements and scopes around it: print
 * alone is not worth a statement event. */
void rec_writer_append_output (RecWriter *writer, RecEvent *event);
/* Room for a payload of about nbytes, 8-byte aligned; essential ones may use the last reserve. */
gboolean rec_writer_begin_payload (RecWriter *writer, gsize nbytes, gboolean essential, RecEncoder *encoder);
/* Publishes what was encoded and puts its place into event (nothing when it did not fit). */
void rec_writer_end_payload (RecWriter *writer, RecEncoder *encoder, RecEvent *event);
/* Whether nbytes may follow `begin` in the heap; sets the flag when not. Values must
 * also fit into the budget; essential payloads may use the last reserve. */
typedef enum { REC_ROOM_FOR_FACTS, REC_ROOM_FOR_VALUES, REC_ROOM_ESSENTIAL } RecRoom;
gboolean rec_writer_make_room (RecWriter *writer, guint64 begin, gsize nbytes, RecRoom what);
void rec_writer_set_flag (RecWriter *writer, RecAreaFlags flag);
gboolean rec_writer_has_room_for_values (RecWriter *writer, gsize nbytes);

/* Where nbytes are to be written, and where they begin in the heap; NULL: no room. */
static inline guint8 *
rec_writer_claim (RecWriter *writer, gsize alignment, gsize nbytes, RecRoom what, guint64 *begin)
{
  guint64 at = (writer->heap_used + alignment - 1) & ~(guint64) (alignment - 1);
  if (G_UNLIKELY (at > writer->heap_clear || nbytes > writer->heap_clear - at)
      && !rec_writer_make_room (writer, at, nbytes, what))
    return NULL;
  *begin = at;
  return writer->heap.bytes + at;
}

/* Shows readers what was claimed and is now written. */
static inline void
rec_writer_show (RecWriter *writer, guint64 end)
{
  writer->heap_used = end;
  rec_area_set_used (&writer->heap, end);
}

void rec_outputs_init (RecOutputs *outputs);
void rec_outputs_clear (RecOutputs *outputs);
/* Writes what was printed before another event, or when it has waited long enough. */
void rec_writer_flush_output (RecWriter *writer);
void rec_writer_flush_old_output (RecWriter *writer, gint64 now_ns);
/* At the end of the run: says what was left out and gives the last of it. */
void rec_writer_finish_output (RecWriter *writer);
/* FALSE: the events left are for how the run ends; output waits for that. */
gboolean rec_writer_has_room_for_output (const RecWriter *writer);
