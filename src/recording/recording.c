/* SPDX-License-Identifier: MIT
 *
 * The reader. Every offset, size, count and text is checked against what the
 * heap holds before it is looked at. Called by the app on the UI thread and the
 * layout worker; the only state besides the areas is the list of operation texts
 * found so far, under its lock. */
#include "recording.h"

#include "area.h"
#include "codec.h"
#include "shot.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct _RecRecording
{
  gatomicrefcount refs;
  RecArea events, heap;
  GMutex lock;
  GArray *op_defs;         /* RecOpDef by index, as far as read */
};

G_DEFINE_QUARK (rec-error-quark, rec_error)

/* Room for what describes operations when values already fill the budget. */
#define SLACK_NBYTES(budget) ((budget) / 4 + (4u << 20))
#define MIN_EVENTS 65536

static RecRecording *
recording_alloc (void)
{
  RecRecording *recording = g_new0 (RecRecording, 1);
  g_atomic_ref_count_init (&recording->refs);
  recording->events.fd = recording->heap.fd = -1;
  g_mutex_init (&recording->lock);
  recording->op_defs = g_array_new (FALSE, TRUE, sizeof (RecOpDef));
  return recording;
}

RecRecording *
rec_recording_new (gsize budget_nbytes, GError **error)
{
  g_autoptr (RecRecording) recording = recording_alloc ();
  gsize n_events = MAX (budget_nbytes / 2 / sizeof (RecEvent), MIN_EVENTS);
  if (!rec_area_create (&recording->events, REC_AREA_EVENTS,
                        REC_AREA_HEADER_NBYTES + n_events * sizeof (RecEvent), 0, error)
      || !rec_area_create (&recording->heap, REC_AREA_HEAP,
                           REC_AREA_HEADER_NBYTES + budget_nbytes + SLACK_NBYTES (budget_nbytes), budget_nbytes, error))
    return NULL;
  return g_steal_pointer (&recording);
}

RecRecording *
rec_recording_new_for_fds (int events_fd, int heap_fd, GError **error)
{
  g_autoptr (RecRecording) recording = recording_alloc ();
  if (!rec_area_map (&recording->events, REC_AREA_EVENTS, events_fd, FALSE, error))
    {
      close (heap_fd);
      return NULL;
    }
  if (!rec_area_map (&recording->heap, REC_AREA_HEAP, heap_fd, FALSE, error))
    return NULL;
  return g_steal_pointer (&recording);
}

RecRecording *
rec_recording_ref (RecRecording *recording)
{
  g_atomic_ref_count_inc (&recording->refs);
  return recording;
}

void
rec_recording_unref (RecRecording *recording)
{
  if (!g_atomic_ref_count_dec (&recording->refs))
    return;
  rec_area_clear (&recording->events);
  rec_area_clear (&recording->heap);
  g_mutex_clear (&recording->lock);
  g_array_unref (recording->op_defs);
  g_free (recording);
}

int
rec_recording_get_events_fd (RecRecording *recording)
{
  return recording->events.fd;
}

int
rec_recording_get_heap_fd (RecRecording *recording)
{
  return recording->heap.fd;
}

static guint32
get_flags (RecRecording *recording)
{
  return __atomic_load_n (&rec_area_header (&recording->heap)->flags, __ATOMIC_RELAXED);
}

gboolean
rec_recording_is_exhausted (RecRecording *recording)
{
  return (get_flags (recording) & REC_AREA_EXHAUSTED) != 0;
}

gboolean
rec_recording_has_dropped_output (RecRecording *recording)
{
  return (get_flags (recording) & REC_AREA_OUTPUT_DROPPED) != 0;
}

guint
rec_recording_get_running (RecRecording *recording, guint *n_moves)
{
  guint64 running = __atomic_load_n (&rec_area_header (&recording->events)->running, __ATOMIC_RELAXED);
  if (n_moves != NULL)
    *n_moves = (guint32) running;
  return running >> 32;
}

guint64
rec_recording_get_n_events (RecRecording *recording)
{
  guint64 room = (recording->events.size - REC_AREA_HEADER_NBYTES) / sizeof (RecEvent);
  return MIN (rec_area_get_used (&recording->events), room);
}

gboolean
rec_recording_get_event (RecRecording *recording, guint64 index, RecEvent *event)
{
  if (index >= rec_recording_get_n_events (recording))
    return FALSE;
  memcpy (event, recording->events.bytes + REC_AREA_HEADER_NBYTES + index * sizeof *event, sizeof *event);
  return event->kind >= REC_RUN_BEGINS && event->kind <= REC_FILE;
}

static gboolean
get_payload (RecRecording *recording, const RecEvent *event, RecDecoder *decoder)
{
  const guint8 *bytes = event->payload % 8 == 0 ? rec_area_at (&recording->heap, event->payload, event->payload_nbytes) : NULL;
  if (bytes == NULL || event->payload_nbytes == 0)
    return FALSE;
  *decoder = (RecDecoder){ .at = bytes, .end = bytes + event->payload_nbytes };
  return TRUE;
}

/* Payloads, each of its own kinds of event */

gboolean
rec_recording_get_op (RecRecording *recording, const RecEvent *event, RecOp *op)
{
  RecDecoder decoder;
  if ((event->kind != REC_OP_DONE && event->kind != REC_OP_FAILED) || !get_payload (recording, event, &decoder))
    return FALSE;
  return rec_decode_op (&recording->heap, &decoder, event, op);
}

gboolean
rec_recording_get_grad_fn_run (RecRecording *recording, const RecEvent *event, RecGradFnRun *run)
{
  RecDecoder decoder;
  if (event->kind != REC_GRAD_FN_DONE || !get_payload (recording, event, &decoder))
    return FALSE;
  if (!rec_decode_grad_fn_run (&decoder, event, run))
    return FALSE;
  run->leaf_grad_tensor = run->leaf != 0 ? (guint64) event->number : 0;
  return TRUE;
}

gboolean
rec_recording_get_backward (RecRecording *recording, const RecEvent *event, RecBackward *backward)
{
  RecDecoder decoder;
  if (event->kind != REC_BACKWARD_BEGINS || !get_payload (recording, event, &decoder))
    return FALSE;
  return rec_decode_backward (&decoder, backward);
}

gboolean
rec_recording_get_tensor (RecRecording *recording, const RecEvent *event, RecTensor *tensor)
{
  return event->kind == REC_TENSOR_MET && rec_read_tensor (&recording->heap, event->payload, tensor);
}

gboolean
rec_recording_get_error (RecRecording *recording, const RecEvent *event, RecErrorText *text)
{
  RecDecoder decoder;
  if (event->kind != REC_ERROR || !get_payload (recording, event, &decoder))
    return FALSE;
  gboolean done = rec_decode_error (&decoder, text);
  text->process_ended = (event->flags & 1) != 0;
  text->script_line = (guint) CLAMP (event->number, 0, (gint64) G_MAXUINT32);
  return done;
}

gboolean
rec_recording_get_run (RecRecording *recording, RecRun *run)
{
  RecEvent event;
  RecDecoder decoder;
  if (!rec_recording_get_event (recording, 0, &event) || event.kind != REC_RUN_BEGINS
      || !get_payload (recording, &event, &decoder))
    return FALSE;
  return rec_decode_run (&decoder, run);
}

const char *
rec_recording_get_text (RecRecording *recording, const RecEvent *event)
{
  RecDecoder decoder;
  switch (event->kind)
    {
    case REC_NAME_BOUND: case REC_NAME_LOST: case REC_SCOPE_ENTERED: case REC_RUN_ENDS: case REC_FILE:
      return get_payload (recording, event, &decoder) ? rec_decode_text (&decoder) : NULL;
    default:
      return NULL;
    }
}

const char *
rec_recording_get_bytes (RecRecording *recording, const RecEvent *event, gsize *n)
{
  RecDecoder decoder;
  *n = 0;
  if (event->kind != REC_OUTPUT || !get_payload (recording, event, &decoder))
    return NULL;
  *n = event->payload_nbytes;
  return (const char *) decoder.at;
}

guint64
rec_recording_get_event_shot (RecRecording *recording, const RecEvent *event)
{
  switch (event->kind)
    {
    case REC_STORAGE_CHANGED:
    case REC_GRAD_REPLACED:
    case REC_HOOK_CHANGED:
    case REC_GRAD_RETAINED:
      return event->payload;
    default:
      return 0;
    }
}

/* Operation texts: the header names the latest, each names the one before. */

static gboolean
read_op_def (RecRecording *recording, guint64 offset, RecOpDef *def, guint *index, guint64 *before)
{
  guint64 used = MIN (rec_area_get_used (&recording->heap), recording->heap.size);
  const guint8 *bytes = offset % 8 == 0 && offset < used ? rec_area_at (&recording->heap, offset, used - offset) : NULL;
  if (bytes == NULL)
    return FALSE;
  RecDecoder decoder = { .at = bytes, .end = bytes + (used - offset) };
  return rec_decode_op_def (&decoder, def, index, before) && *before < offset;
}

/* Reads what was added since the last time. The chain must count down by one. */
static void
read_new_op_defs (RecRecording *recording)
{
  guint known = recording->op_defs->len;
  guint64 at = __atomic_load_n (&rec_area_header (&recording->heap)->last_op_def, __ATOMIC_ACQUIRE);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (RecOpDef));
  guint expected = G_MAXUINT;
  while (at != 0)
    {
      RecOpDef def;
      guint index;
      if (!read_op_def (recording, at, &def, &index, &at) || (expected != G_MAXUINT && index != expected))
        return;
      if (index < known)
        break;
      g_array_append_val (found, def);
      expected = index - 1;
      if (index == known)
        break;
    }
  if (found->len == 0 || expected + 1 != known)
    return;
  for (guint k = found->len; k-- > 0;)
    g_array_append_val (recording->op_defs, g_array_index (found, RecOpDef, k));
}

gboolean
rec_recording_get_op_def (RecRecording *recording, guint op, RecOpDef *def)
{
  g_mutex_lock (&recording->lock);
  if (op >= recording->op_defs->len)
    read_new_op_defs (recording);
  gboolean found = op < recording->op_defs->len;
  if (found)
    *def = g_array_index (recording->op_defs, RecOpDef, op);
  g_mutex_unlock (&recording->lock);
  return found;
}

/* Shots */

gboolean
rec_recording_get_shot (RecRecording *recording, guint64 shot, RecShot *out)
{
  return rec_shot_read (&recording->heap, shot, out);
}
