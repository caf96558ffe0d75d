/* SPDX-License-Identifier: MIT
 *
 * The recorder's insides: tensors it has met, operations it has described, names
 * it has told. Invariant: a RecKnown lives exactly as long as its tensor (the
 * engine tells of each tensor's end), so its pointer may be used. */
#pragma once

#include "recorder.h"
#include "table.h"
#include "engine/observer.h"

typedef struct _RecKnown RecKnown;
typedef struct _RecForm RecForm;
#define REC_RECENT_FORMS_BITS 6

/* The facts of a tensor that may change while it lives (sizes and strides never do). */
typedef struct
{
  guint64 shot;
  guint64 grad_fn;
  gpointer data;
  guint32 version;
  guint16 output_nr;
  guint8 requires_grad;
} RecPlaced;

struct _RecKnown
{
  guint64 id;
  EngTensor *tensor;           /* borrowed, see above */
  guint64 storage;
  guint32 version;             /* that shot shows */
  gboolean is_quiet;           /* a .grad that no event with its facts has shown yet, while place is 0 */
  gboolean has_shot;           /* shot is of that version (0: could not be kept) */
  guint64 shot;
  guint64 place;               /* of its latest facts in the recording; 0: not written */
  RecPlaced placed;            /* what those facts say */
  RecKnown *next_in_storage;
};

/* What was called and how. */
typedef struct
{
  const EngOp *op;
  const EngValue *args;
  const char *written;
  gboolean swapped;
  gboolean in_place;
  gboolean grad_mode;
} RecCall;

struct _RecRecorder
{
  RecWriter *writer;
  RecTable known;              /* tensor id → RecKnown */
  RecTable storages;           /* storage id → first RecKnown over it */
  RecTable forms;              /* hash of a call's key → its form */
  RecForm *recent_forms[1 << REC_RECENT_FORMS_BITS];   /* one of those, by its operation; NULL: none */
  RecKnown *spare;             /* to be used again */
  GHashTable *ops;             /* const EngOp → its place in the recording + 1 */
  GHashTable *names;           /* name → RecNamed */
  GByteArray *scratch;         /* contiguous copies on their way to the heap */
  gboolean attached;
};

/* Values (recorder-values.c) */
static inline RecKnown *
rec_recorder_lookup (RecRecorder *recorder, guint64 id)
{
  return rec_table_lookup (&recorder->known, id);
}
RecKnown *rec_recorder_meet (RecRecorder *recorder, EngTensor *tensor);
void rec_recorder_forget (RecRecorder *recorder, guint64 id);
void rec_recorder_forget_all (RecRecorder *recorder);
/* The shot of the tensor's values now: an earlier one when nothing changed since. */
guint64 rec_recorder_get_shot (RecRecorder *recorder, EngTensor *tensor);
guint64 rec_recorder_get_passing_shot (RecRecorder *recorder, EngTensor *tensor);
/* The same for whom the tensor's facts, and who is known, are at hand; known NULL: the
 * former meets it, the latter does not. */
guint64 rec_recorder_get_shot_of (RecRecorder *recorder, RecKnown **known, EngTensor *tensor,
                                  const EngTensorFacts *facts);
guint64 rec_recorder_get_passing_shot_of (RecRecorder *recorder, RecKnown *known, EngTensor *tensor,
                                          const EngTensorFacts *facts);
/* Writes a STORAGE_CHANGED for each known tensor over the same memory that is out of date. */
void rec_recorder_storage_changed (RecRecorder *recorder, EngTensor *tensor, gboolean itself);
gboolean rec_recorder_bytes_differ (RecRecorder *recorder, RecKnown *known);

/* Where the facts and values of tensors stand (recorder-facts.c); 0: no room. */
guint64 rec_recorder_get_place (RecRecorder *recorder, EngTensor *tensor);
guint64 rec_recorder_get_passing_place (RecRecorder *recorder, EngTensor *tensor);
/* An input that this very operation has overwritten: as it was before. */
guint64 rec_recorder_get_place_before (RecRecorder *recorder, EngTensor *tensor);
void rec_recorder_get_facts (RecRecorder *recorder, EngTensor *tensor, RecTensor *facts);

/* Forms of calls (recorder-form.c) */
guint64 rec_recorder_get_form (RecRecorder *recorder, const RecCall *call);
void rec_recorder_forget_forms (RecRecorder *recorder);

/* Descriptions (recorder-text.c) */
guint rec_recorder_get_op (RecRecorder *recorder, const EngOp *op);
/* The non-tensor arguments that differ from their defaults as a JSON object, or NULL. */
char *rec_recorder_format_arguments (const EngSignature *signature, const EngValue *args);
/* The number arguments; texts are written one after the other into buffer. */
void rec_recorder_list_scalars (const EngSignature *signature, const EngValue *args, RecOp *op,
                                char *buffer, gsize nbytes);
