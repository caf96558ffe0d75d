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
 * Runs no Python code of the user: attributes are looked up in __dict__ only. */
void script_names_tell (RecRecorder *recorder, const ScriptStatement *statement, PyObject *const *values, guint n);
