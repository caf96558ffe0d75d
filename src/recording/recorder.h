/* SPDX-License-Identifier: MIT
 *
 * Watches the engine and writes down what it does; in this room only the recorder's
 * files include the engine. Runner side, on the thread that runs the script. The
 * script host calls the rest (statements, names, output). A tensor met for the
 * first time as an input is written with its values. */
#pragma once

#include "writer.h"
#include "engine/engine.h"

typedef struct _RecRecorder RecRecorder;

RecRecorder *rec_recorder_new (RecWriter *writer);          /* takes the writer */
void rec_recorder_free (RecRecorder *recorder);             /* detaches first */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RecRecorder, rec_recorder_free)
void rec_recorder_attach (RecRecorder *recorder);           /* eng_set_observer */
void rec_recorder_detach (RecRecorder *recorder);
/* Paused, nothing is written (questions asked of the engine between two statements). */
void rec_recorder_pause (RecRecorder *recorder, gboolean paused);
RecWriter *rec_recorder_get_writer (RecRecorder *recorder); /* for run, statement, scope, output, error */
/* Names are told once per change: the host may call this after every statement
 * for every target; an unchanged binding writes nothing. tensor NULL: name lost. */
void rec_recorder_name (RecRecorder *recorder, const char *name, EngTensor *tensor, RecNameRank rank);
/* numpy may have written into shared memory: compares bytes, writes a
 * STORAGE_CHANGED for every tensor known to share it. */
void rec_recorder_check_shared (RecRecorder *recorder, EngTensor *tensor);
