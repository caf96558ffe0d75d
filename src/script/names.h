/* SPDX-License-Identifier: MIT
 *
 * Tells the recorder which source names hold which tensors. */
#pragma once

#include "py.h"
#include "statements.h"
#include "recording/recorder.h"

void script_names_start (void);
void script_names_finish (void);
/* values: what the targets of statement hold, in the order statements.h says.
 * Runs no Python code of the user: attributes are looked up in __dict__ only. passing:
 * a loop's targets, whose names do not replace others. */
void script_names_tell (RecRecorder *recorder, const ScriptStatement *statement, PyObject *const *values,
                        guint n, gboolean passing);
/* The same for a function's arguments: a tensor keeps the name its caller has for it,
 * and takes the parameter's only when it has none and no one else has that. */
void script_names_tell_arguments (RecRecorder *recorder, const ScriptStatement *statement, PyObject *const *values,
                                  guint n);
