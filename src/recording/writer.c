/* SPDX-License-Identifier: MIT
 *
 * The writer's core: appending to the two areas. A payload is complete before
 * its event, and an event before the count that shows it. Memory is set aside
 * ahead of writing, so that a machine without any left ends the recording and
 * not the process. */
#include "writer-private.h"

#include <string.h>
#include <unistd.h>

#define RESERVED_EVENTS 4096 /* for output, and for how the run ended */
#define ENDING_EVENTS 64     /* of those: for how the run ended alone */
#define RESERVED_HEAP_NBYTES (2u << 20)
#define MAX_TEXTS 16384
#define OP_NBYTES (256u << 10)             /* no operation's facts are longer */

gint64
rec_writer_now_ns (RecWriter *writer)
{
  return rec_clock_now_ns (&writer->clock);
}

static gboolean
take_counts (RecWriter *writer, GError **error)
{
  writer->max_events = (writer->events.size - REC_AREA_HEADER_NBYTES) / sizeof (RecEvent);
  writer->n_events = rec_area_get_used (&writer->events);
  writer->heap_used = rec_area_get_used (&writer->heap);
  if (writer->n_events <= writer->max_events && writer->heap_used >= REC_AREA_HEADER_NBYTES
      && writer->heap_used <= writer->heap.size)
    return TRUE;
  g_set_error_literal (error, REC_ERROR_DOMAIN, REC_FAILURE_DAMAGED, "The recording is damaged");
  return FALSE;
}

RecWriter *
rec_writer_new (int events_fd, int heap_fd, GError **error)
{
  g_autoptr (RecWriter) writer = g_new0 (RecWriter, 1);
  writer->heap.fd = -1;
  writer->open = g_array_new (FALSE, FALSE, sizeof (RecOpen));
  writer->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  rec_outputs_init (&writer->outputs);
  if (!rec_area_map (&writer->events, REC_AREA_EVENTS, events_fd, TRUE, error))
    {
      close (heap_fd);
      return NULL;
    }
  if (!rec_area_map (&writer->heap, REC_AREA_HEAP, heap_fd, TRUE, error) || !take_counts (writer, error))
    return NULL;
  writer->events_ready = REC_AREA_HEADER_NBYTES + writer->n_events * sizeof (RecEvent);
  writer->heap_ready = writer->heap_used;
  writer->pager = rec_pager_new (&writer->events, writer->events_ready, &writer->heap, writer->heap_ready);
  rec_clock_start (&writer->clock);
  return g_steal_pointer (&writer);
}

void
rec_writer_free (RecWriter *writer)
{
  g_clear_pointer (&writer->pager, rec_pager_free);
  rec_area_clear (&writer->events);
  rec_area_clear (&writer->heap);
  g_array_unref (writer->open);
  g_hash_table_unref (writer->texts);
  rec_outputs_clear (&writer->outputs);
  g_free (writer);
}

void
rec_writer_set_flag (RecWriter *writer, RecAreaFlags flag)
{
  __atomic_fetch_or (&rec_area_header (&writer->heap)->flags, flag, __ATOMIC_RELAXED);
}

/* Makes sure of memory for bytes up to end. */
static inline gboolean
commit (RecWriter *writer, RecAreaKind kind, guint64 *ready, guint64 end)
{
  if (G_LIKELY (end <= *ready))
    return TRUE;
  guint64 now = rec_pager_need (writer->pager, kind, end);
  *ready = MAX (*ready, now);
  return now != 0;
}

/* Events */

static gboolean
is_essential (guint kind)
{
  return kind == REC_RUN_ENDS || kind == REC_ERROR || kind == REC_OUTPUT;
}

gboolean
rec_writer_has_room_for_output (const RecWriter *writer)
{
  return writer->n_events + ENDING_EVENTS < writer->max_events;
}

static gboolean
make_room_for_event (RecWriter *writer, guint kind)
{
  guint64 limit = writer->max_events - (is_essential (kind) ? 0 : RESERVED_EVENTS);
  gsize end = REC_AREA_HEADER_NBYTES + (writer->n_events + 1) * sizeof (RecEvent);
  if (writer->n_events >= limit || !commit (writer, REC_AREA_EVENTS, &writer->events_ready, end))
    {
      rec_writer_set_flag (writer, REC_AREA_EXHAUSTED);
      return FALSE;
    }
  writer->events_clear = MIN ((writer->events_ready - REC_AREA_HEADER_NBYTES) / sizeof (RecEvent),
                              writer->max_events - RESERVED_EVENTS);
  return TRUE;
}

static inline void
publish (RecWriter *writer, const RecEvent *event)
{
  gsize at = REC_AREA_HEADER_NBYTES + writer->n_events * sizeof *event;
  if (G_UNLIKELY (writer->n_events >= writer->events_clear) && !make_room_for_event (writer, event->kind))
    return;
  memcpy (writer->events.bytes + at, event, sizeof *event);
  rec_area_set_used (&writer->events, ++writer->n_events);
}

static inline void
publish_open (RecWriter *writer)
{
  for (; writer->n_open_written < writer->open->len; writer->n_open_written++)
    publish (writer, &g_array_index (writer->open, RecOpen, writer->n_open_written).event);
}

static inline void
stamp (RecWriter *writer, RecEvent *event)
{
  event->time_ns = rec_writer_now_ns (writer);
  event->file = writer->file;
  event->line = writer->line;
  event->inside = writer->inside;
}

void
rec_writer_append (RecWriter *writer, RecEvent *event)
{
  if (writer->outputs.pending->len > 0)
    rec_writer_flush_output (writer);
  stamp (writer, event);
  publish_open (writer);
  publish (writer, event);
}

void
rec_writer_append_output (RecWriter *writer, RecEvent *event)
{
  stamp (writer, event);
  publish (writer, event);
}

/* Payloads */

gboolean
rec_writer_make_room (RecWriter *writer, guint64 begin, gsize nbytes, RecRoom what)
{
  guint64 budget = rec_area_header (&writer->heap)->budget;
  guint64 reserve = what == REC_ROOM_ESSENTIAL ? 0 : RESERVED_HEAP_NBYTES;
  guint64 limit = writer->heap.size - MIN (reserve, writer->heap.size);
  if (what == REC_ROOM_FOR_VALUES)
    limit = MIN (limit, budget);
  if (begin > limit || nbytes > limit - begin || !commit (writer, REC_AREA_HEAP, &writer->heap_ready, begin + nbytes))
    {
      rec_writer_set_flag (writer, REC_AREA_EXHAUSTED);
      return FALSE;
    }
  if (writer->heap.size > RESERVED_HEAP_NBYTES)
    writer->heap_clear = MIN (writer->heap_ready, MIN (budget, writer->heap.size - RESERVED_HEAP_NBYTES));
  return TRUE;
}

gboolean
rec_writer_begin_payload (RecWriter *writer, gsize nbytes, gboolean essential, RecEncoder *encoder)
{
  guint64 begin;
  guint8 *at = rec_writer_claim (writer, 8, nbytes, essential ? REC_ROOM_ESSENTIAL : REC_ROOM_FOR_FACTS, &begin);
  if (at == NULL)
    return FALSE;
  *encoder = (RecEncoder){ .at = at, .end = at + nbytes };
  return TRUE;
}

void
rec_writer_end_payload (RecWriter *writer, RecEncoder *encoder, RecEvent *event)
{
  guint64 begin = (writer->heap_used + 7) & ~(guint64) 7;
  guint64 end = encoder->at - writer->heap.bytes;
  if (encoder->full || end == begin)
    return;
  event->payload = begin;
  event->payload_nbytes = end - begin;
  writer->heap_used = end;
  rec_area_set_used (&writer->heap, end);
}

gboolean
rec_writer_has_room_for_values (RecWriter *writer, gsize nbytes)
{
  guint64 budget = rec_area_header (&writer->heap)->budget;
  if (nbytes <= budget && writer->heap_used <= budget - nbytes)
    return TRUE;
  rec_writer_set_flag (writer, REC_AREA_EXHAUSTED);
  return FALSE;
}

static gsize
text_nbytes (const char *text)
{
  return 16 + (text != NULL ? strlen (text) : 0);
}

/* A short text that comes again and again: written once. */
static void
put_name (RecWriter *writer, const char *name, RecEvent *event)
{
  RecEncoder encoder;
  guint64 before = GPOINTER_TO_SIZE (g_hash_table_lookup (writer->texts, name));
  event->payload_nbytes = 8 + ((strlen (name) + 8) & ~(gsize) 7);
  event->payload = before;
  if (before != 0)
    return;
  event->payload_nbytes = 0;
  if (!rec_writer_begin_payload (writer, text_nbytes (name), FALSE, &encoder))
    return;
  rec_encode_text (&encoder, name);
  rec_writer_end_payload (writer, &encoder, event);
  if (event->payload != 0 && g_hash_table_size (writer->texts) < MAX_TEXTS)
    g_hash_table_insert (writer->texts, g_strdup (name), GSIZE_TO_POINTER (event->payload));
}

/* The run */

void
rec_writer_set_inside (RecWriter *writer, guint64 grad_fn)
{
  writer->inside = grad_fn;
}

void
rec_writer_run_begins (RecWriter *writer, const char *path, const char *source, guint argc, const char *const *argv)
{
  RecRun run = { .path = path, .source = source, .argc = MIN (argc, G_N_ELEMENTS (run.argv)) };
  RecEvent event = { .kind = REC_RUN_BEGINS };
  RecEncoder encoder;
  gsize nbytes = text_nbytes (path) + text_nbytes (source) + 8;
  for (guint k = 0; k < run.argc; k++)
    nbytes += text_nbytes (run.argv[k] = argv[k]);
  rec_clock_start (&writer->clock);
  if (rec_writer_begin_payload (writer, nbytes, TRUE, &encoder))
    {
      rec_encode_run (&encoder, &run);
      rec_writer_end_payload (writer, &encoder, &event);
    }
  rec_writer_append (writer, &event);
}

void
rec_writer_run_ends (RecWriter *writer, const char *reason, int status)
{
  RecEvent event = { .kind = REC_RUN_ENDS, .number = status };
  RecEncoder encoder;
  rec_writer_finish_output (writer);
  if (reason != NULL && rec_writer_begin_payload (writer, text_nbytes (reason), TRUE, &encoder))
    {
      rec_encode_text (&encoder, reason);
      rec_writer_end_payload (writer, &encoder, &event);
    }
  rec_writer_append (writer, &event);
}

/* Statements and scopes */

static void
push_open (RecWriter *writer, RecEvent *event)
{
  RecOpen open = { .event = *event, .outer_file = writer->file, .outer_line = writer->line };
  g_array_append_val (writer->open, open);
}

/* Leaves the innermost; its end is written only if its beginning was. */
static void
pop_open (RecWriter *writer, guint end_kind)
{
  RecOpen open = g_array_index (writer->open, RecOpen, writer->open->len - 1);
  RecEvent event = { .kind = end_kind };
  if (writer->n_open_written == writer->open->len)
    {
      rec_writer_append (writer, &event);
      writer->n_open_written--;
    }
  g_array_set_size (writer->open, writer->open->len - 1);
  rec_writer_set_position (writer, open.outer_file, open.outer_line);
}

static guint
innermost_kind (RecWriter *writer)
{
  guint n = writer->open->len;
  return n > 0 ? g_array_index (writer->open, RecOpen, n - 1).event.kind : 0;
}

void
rec_writer_statement_begins (RecWriter *writer, guint file, guint line, guint end_line)
{
  RecEvent event = { .kind = REC_STATEMENT_BEGINS, .number = end_line };
  if (innermost_kind (writer) == REC_STATEMENT_BEGINS && writer->open->len > 100000)
    return;
  stamp (writer, &event);
  event.file = file;
  event.line = line;
  push_open (writer, &event);
  rec_writer_set_position (writer, file, line);
  if (writer->outputs.pending->len > 0)
    rec_writer_flush_old_output (writer, event.time_ns);
}

void
rec_writer_statement_ends (RecWriter *writer)
{
  if (innermost_kind (writer) == REC_STATEMENT_BEGINS)
    pop_open (writer, REC_STATEMENT_ENDS);
}

void
rec_writer_scope_entered (RecWriter *writer, RecScopeKind kind, const char *name)
{
  RecEvent event = { .kind = REC_SCOPE_ENTERED, .flags = kind };
  stamp (writer, &event);
  put_name (writer, name != NULL ? name : "", &event);
  push_open (writer, &event);
}

void
rec_writer_scope_left (RecWriter *writer)
{
  guint scope = writer->open->len;
  while (scope > 0 && g_array_index (writer->open, RecOpen, scope - 1).event.kind != REC_SCOPE_ENTERED)
    scope--;
  if (scope == 0)
    return;
  while (writer->open->len > scope)
    pop_open (writer, REC_STATEMENT_ENDS);
  pop_open (writer, REC_SCOPE_LEFT);
}

/* Operations */

guint64
rec_writer_add_form (RecWriter *writer, const RecOp *op)
{
  RecEvent place = { 0 };
  RecEncoder encoder;
  if (!rec_writer_begin_payload (writer, OP_NBYTES, FALSE, &encoder))
    return 0;
  rec_encode_form (&encoder, op);
  rec_writer_end_payload (writer, &encoder, &place);
  return place.payload;
}

guint64
rec_writer_add_tensor (RecWriter *writer, const RecTensor *tensor)
{
  guint64 begin;
  gsize nbytes = rec_tensor_nbytes (tensor->ndim);
  guint8 *at = rec_writer_claim (writer, 8, nbytes, REC_ROOM_FOR_FACTS, &begin);
  if (at == NULL)
    return 0;
  rec_put_tensor ((guint64 *) at, tensor);
  rec_writer_show (writer, begin + nbytes);
  return begin;
}

void
rec_writer_op_at (RecWriter *writer, RecEventKind kind, const RecOpPlaces *places)
{
  RecEvent event = { .kind = kind, .subject = places->first_output, .object = places->grad_fn };
  gsize nbytes = rec_places_nbytes (places);
  guint8 *at = places->form != 0 ? rec_writer_claim (writer, 8, nbytes, REC_ROOM_FOR_FACTS, &event.payload) : NULL;
  if (at != NULL)
    {
      event.payload_nbytes = nbytes;
      rec_put_places ((guint64 *) at, places);
      rec_writer_show (writer, event.payload + nbytes);
    }
  rec_writer_append (writer, &event);
}

static void
add_tensors (RecWriter *writer, const RecTensor *tensors, guint n, guint64 *at, RecOpPlaces *places)
{
  for (guint k = 0; k < n; k++)
    {
      at[k] = tensors[k].id != 0 ? rec_writer_add_tensor (writer, &tensors[k]) : 0;
      if (tensors[k].id != 0 && at[k] == 0)
        places->form = 0;
    }
}

static void
append_op (RecWriter *writer, const RecOp *op, RecEventKind kind)
{
  RecOpPlaces places = { .form = rec_writer_add_form (writer, op), .grad_fn = op->grad_fn,
                         .n_inputs = op->n_inputs, .n_outputs = op->n_outputs, .n_saved = op->n_saved,
                         .n_next = op->n_next, .first_output = op->n_outputs > 0 ? op->outputs[0].id : 0 };
  add_tensors (writer, op->inputs, op->n_inputs, places.inputs, &places);
  add_tensors (writer, op->outputs, op->n_outputs, places.outputs, &places);
  memcpy (places.saved, op->saved, op->n_saved * sizeof *op->saved);
  memcpy (places.next, op->next, op->n_next * sizeof *op->next);
  places.message = op->message;
  rec_writer_op_at (writer, kind, &places);
}

void
rec_writer_op_done (RecWriter *writer, const RecOp *op)
{
  append_op (writer, op, REC_OP_DONE);
}

void
rec_writer_op_failed (RecWriter *writer, const RecOp *op)
{
  append_op (writer, op, REC_OP_FAILED);
}

guint
rec_writer_add_op_def (RecWriter *writer, const RecOpDef *def)
{
  RecAreaHeader *header = rec_area_header (&writer->heap);
  RecEvent place = { 0 };
  RecEncoder encoder;
  if (!rec_writer_begin_payload (writer, OP_NBYTES, FALSE, &encoder))
    return G_MAXUINT;
  rec_encode_op_def (&encoder, def, writer->n_op_defs, header->last_op_def);
  rec_writer_end_payload (writer, &encoder, &place);
  if (place.payload == 0)
    return G_MAXUINT;
  __atomic_store_n (&header->last_op_def, place.payload, __ATOMIC_RELEASE);
  return writer->n_op_defs++;
}

/* Names and facts */

void
rec_writer_name_bound (RecWriter *writer, const char *name, guint64 tensor, guint32 version, RecNameRank rank)
{
  RecEvent event = { .kind = REC_NAME_BOUND, .flags = rank, .subject = tensor, .number = version };
  put_name (writer, name, &event);
  rec_writer_append (writer, &event);
}

void
rec_writer_name_lost (RecWriter *writer, const char *name, guint64 tensor)
{
  RecEvent event = { .kind = REC_NAME_LOST, .subject = tensor };
  put_name (writer, name, &event);
  rec_writer_append (writer, &event);
}

void
rec_writer_backward_begins (RecWriter *writer, const RecBackward *backward)
{
  RecEvent event = { .kind = REC_BACKWARD_BEGINS, .subject = backward->n_roots > 0 ? backward->roots[0] : 0,
                     .flags = (backward->retain_graph ? 1 : 0) | (backward->create_graph ? 2 : 0) };
  RecEncoder encoder;
  if (rec_writer_begin_payload (writer, sizeof *backward + 64, FALSE, &encoder))
    {
      rec_encode_backward (&encoder, backward);
      rec_writer_end_payload (writer, &encoder, &event);
    }
  rec_writer_append (writer, &event);
}

void
rec_writer_backward_ends (RecWriter *writer, gboolean failed)
{
  RecEvent event = { .kind = REC_BACKWARD_ENDS, .flags = failed ? 1 : 0 };
  rec_writer_append (writer, &event);
}

void
rec_writer_grad_fn_done (RecWriter *writer, const RecGradFnRun *run)
{
  RecEvent event = { .kind = REC_GRAD_FN_DONE, .subject = run->grad_fn, .object = run->leaf,
                     .number = (gint64) run->leaf_grad_tensor };
  gsize nbytes = rec_grad_fn_run_nbytes (run);
  guint8 *at = rec_writer_claim (writer, 8, nbytes, REC_ROOM_FOR_FACTS, &event.payload);
  if (at != NULL)
    {
      event.payload_nbytes = nbytes;
      rec_put_grad_fn_run ((guint64 *) at, run);
      rec_writer_show (writer, event.payload + nbytes);
    }
  rec_writer_append (writer, &event);
}

void
rec_writer_grad_replaced (RecWriter *writer, guint64 tensor, guint64 shot)
{
  RecEvent event = { .kind = REC_GRAD_REPLACED, .subject = tensor, .payload = shot };
  rec_writer_append (writer, &event);
}

void
rec_writer_grad_retained (RecWriter *writer, guint64 tensor, gboolean stored, guint64 shot)
{
  RecEvent event = { .kind = REC_GRAD_RETAINED, .subject = tensor, .number = stored, .payload = shot };
  rec_writer_append (writer, &event);
}

void
rec_writer_storage_changed (RecWriter *writer, guint64 tensor, guint64 storage, guint32 version, guint64 shot)
{
  RecEvent event = { .kind = REC_STORAGE_CHANGED, .subject = tensor, .object = storage, .number = version,
                     .payload = shot };
  rec_writer_append (writer, &event);
}

void
rec_writer_hook_changed (RecWriter *writer, guint64 tensor, guint64 shot)
{
  RecEvent event = { .kind = REC_HOOK_CHANGED, .subject = tensor, .payload = shot };
  rec_writer_append (writer, &event);
}

void
rec_writer_tensor_met (RecWriter *writer, const RecTensor *tensor)
{
  RecEvent event = { .kind = REC_TENSOR_MET, .subject = tensor->id };
  event.payload = rec_writer_add_tensor (writer, tensor);
  event.payload_nbytes = event.payload != 0 ? rec_tensor_nbytes (tensor->ndim) : 0;
  rec_writer_append (writer, &event);
}

void
rec_writer_requires_grad (RecWriter *writer, guint64 tensor, gboolean value)
{
  RecEvent event = { .kind = REC_REQUIRES_GRAD, .subject = tensor, .number = value ? 1 : 0 };
  rec_writer_append (writer, &event);
}

void
rec_writer_grad_mode (RecWriter *writer, gboolean enabled)
{
  RecEvent event = { .kind = REC_GRAD_MODE, .number = enabled ? 1 : 0 };
  rec_writer_append (writer, &event);
}

void
rec_writer_seeded (RecWriter *writer, guint64 seed)
{
  RecEvent event = { .kind = REC_SEEDED, .number = (gint64) seed };
  rec_writer_append (writer, &event);
}

void
rec_writer_error (RecWriter *writer, const RecErrorText *text, guint line)
{
  RecEvent event = { .kind = REC_ERROR, .flags = text->process_ended ? 1 : 0, .number = text->script_line };
  RecEncoder encoder;
  gsize nbytes = text_nbytes (text->type) + text_nbytes (text->message) + text_nbytes (text->traceback)
                 + text_nbytes (text->file);
  if (rec_writer_begin_payload (writer, nbytes, TRUE, &encoder))
    {
      rec_encode_error (&encoder, text);
      rec_writer_end_payload (writer, &encoder, &event);
    }
  guint32 outer = writer->line;
  writer->line = line != 0 ? line : outer;
  rec_writer_append (writer, &event);
  writer->line = outer;
}
