/* SPDX-License-Identifier: MIT
 *
 * Which way each `if` of the user's code went. Told before what happens there: an if
 * after which nothing happens in its scope leaves no event. */
#pragma once

#include "recording/recorder.h"
#include "statements.h"

void script_branches_start (void);
void script_branches_finish (void);
/* The if went a way (0: its body, 1: else) while so many entries of the probes' stack were open. */
void script_branches_take (const ScriptStatement *statement, guint way, guint n_open);
/* Writes what waits and was taken with at most n_open entries open. TRUE: something was written. */
gboolean script_branches_write (RecWriter *writer, guint n_open);
/* Forgets what waits and was taken with more entries open. */
void script_branches_drop (guint n_open);
