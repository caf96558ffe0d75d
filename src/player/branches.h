/* SPDX-License-Identifier: MIT
 *
 * Which way ifs went, and what a change of it changed in the graph: the operations
 * that ran in it, and where a way of it leaves its scope (a function's call, an
 * iteration) those from it to the scope's end, compared with the time before. */
#pragma once

#include "run-index.h"

typedef struct
{
  guint64 event, end;          /* half open; end G_MAXUINT64: it still runs */
  guint32 line, end_line;
  guint16 file;
  guint way;                   /* 0: its body, 1: else */
  gboolean leaves;
  gboolean turned;             /* it went the other way the time before */
  guint before;                /* place + 1 of the last branch of the same if; 0 none */
  guint depth;                 /* open scopes */
  guint32 other_first, other_last;   /* lines of the way it did not take; 0 none */
} PlayerBranch;

/* Run index only: the next event, whatever it is. */
void player_branches_read (PlayerRunIndex *index, guint64 event, const RecEvent *record);
/* "This time the if on line 7 went the other way: relu is new in the graph, tanh is gone." for what led to a
 * step; NULL: nothing changed. Caller frees. */
char *player_dup_branch_sentence (PlayerRunIndex *index, const PlayerStepInfo *step);
/* The first step whose sentence may still change, because its if still runs; 0 none. */
guint player_branches_get_open_step (PlayerRunIndex *index);
