/* SPDX-License-Identifier: MIT
 *
 * The player's fields, for player-*.c and explain*.c. */
#pragma once

#include "graph-private.h"
#include "player.h"

struct _Player
{
  GObject parent_instance;
  RecRecording *recording;
  PlayerRunIndex *index;
  PlayerGraph *graph;          /* at the position */
  PlayerGraph *final;          /* at the recorded end */
  PlayerGraph *ahead;          /* where the iteration of the position ends, once asked for */
  GPtrArray *outlines;         /* of PlayerOutline*: of the script that is loaded */
  guint first_line;
  gboolean has_next_scan;      /* outlines for the next recording came while this one is shown */
  char *next_scan;
  guint position;
  PlayerGranularity granularity;
  /* playing */
  gboolean playing;
  double speed;
  gint64 last_tick_us;         /* 0: the clock starts with the next tick */
  gint64 spent_us;
  gboolean asked;              /* need-more was said and nothing has come since */
  /* what views asked for */
  GArray *pulses;
  PlayerMotion motion;
  GPtrArray *captions, *nexts; /* of char*, by step; NULL not made yet */
  char *status;
  GArray *variables;           /* of PlayerVariable, at the position */
  gboolean variables_known;
};

guint64 player_end_event (Player *player);          /* events before it are shown */
void player_emit_need_more (Player *player);
/* The position steps have to reach to be at the next or previous stop of the granularity. */
guint player_stop_after (Player *player, guint position);
guint player_stop_before (Player *player, guint position);
/* Texts made for a step are made anew (the step grew, or all: step 0). */
void player_forget_texts (Player *player, guint step);
