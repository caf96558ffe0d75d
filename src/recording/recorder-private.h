/* SPDX-License-Identifier: MIT
 *
 * The recorder's insides: tensors it has met, operations it has described, names
 * it has told. Invariant: a RecKnown lives exactly as long as its tensor (the
 * engine tells of each tensor's end), so its pointer may be used. */
#pragma once

#include "recorder.h"

typedef struct _RecKnown RecKnown;
struct _RecKnown
{
  guint64 id;
  EngTensor *tensor;           /* borrowed, see above */
  guint64 storage;
  guint32 version;             /* that shot shows */
  gboolean has_shot;           /* shot is of that version (0: could not be kept) */
  guint64 shot;
  RecKnown *next_in_storage;
};

struct _RecRecorder
{
  RecWriter *writer;
  GHashTable *known;           /* tensor id → RecKnown */
  GHashTable *storages;        /* storage id → first RecKnown over it */
  GHashTable *ops;             /* const EngOp → its place in the recording + 1 */
  GHashTable *names;           /* name → RecNamed */
  GByteArray *scratch;         /* contiguous copies on their way to the heap */
  gboolean attached;
};

/* Values (recorder-values.c) */
RecKnown *rec_recorder_lookup (RecRecorder *recorder, guint64 id);
RecKnown *rec_recorder_meet (RecRecorder *recorder, EngTensor *tensor);
void rec_recorder_forget (RecRecorder *recorder, guint64 id);
/* The shot of the tensor's values now: an earlier one when nothing changed since. */
guint64 rec_recorder_get_shot (RecRecorder *recorder, EngTensor *tensor);
guint64 rec_recorder_get_passing_shot (RecRecorder *recorder, EngTensor *tensor);
/* Writes a STORAGE_CHANGED for each known tensor over the same memory that is out of date. */
void rec_recorder_storage_changed (RecRecorder *recorder, EngTensor *tensor, gboolean itself);
gboolean rec_recorder_bytes_differ (RecRecorder *recorder, RecKnown *known);

/* Descriptions (recorder-text.c) */
guint rec_recorder_get_op (RecRecorder *recorder, const EngOp *op);
/* The non-tensor arguments that differ from their defaults as a JSON object, or NULL. */
char *rec_recorder_format_arguments (const EngSignature *signature, const EngValue *args);
/* The number arguments; texts are written one after the other into buffer. */
void rec_recorder_list_scalars (const EngSignature *signature, const EngValue *args, RecOp *op,
                                char *buffer, gsize nbytes);
