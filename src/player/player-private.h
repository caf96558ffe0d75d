/* SPDX-License-Identifier: MIT
 *
 * The player's fields, for player-*.c and explain*.c. */
#pragma once

#include "coming.h"
#include "explain.h"
#include "graph-private.h"
#include "player.h"

/* An entry that is followed; tensor 0: none was picked. */
typedef struct { guint64 tensor; gint64 index; guint ndim; gint64 sizes[8]; } PlayerPick;

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
  PlayerComing *coming;        /* what the lines of that script will do; NULL not known */
  guint waiting_line;          /* the run waits before it; 0: not known */
  gboolean has_next_scan;      /* outlines for the next recording came while this one is shown */
  char *next_scan;
  guint position;
  /* what was read and not told yet: how things stood when views were told last */
  gboolean untold;
  guint told_n, told_position;
  guint64 told_end;
  gsize told_output;           /* bytes */
  gint64 told_us;
  PlayerGranularity granularity;
  /* playing */
  gboolean playing;
  double speed;
  gint64 last_tick_us;         /* 0: the clock starts with the next tick */
  gint64 spent_us;
  gboolean asked;              /* need-more was said and nothing has come since */
  GArray *stops;               /* of guint: where lines end, those found so far */
  guint n_stops_read;
  guint marks[PLAYER_N_MARKS]; /* positions; G_MAXUINT none */
  /* granularity "element": see player-element.c */
  PlayerPick pick;
  guint term;                  /* terms shown of the followed entry */
  gboolean all_terms;          /* came back here: all of them, as soon as they are known */
  gboolean pressed;            /* a step waits for the terms */
  gboolean followed_known;
  PlayerExplanation *followed; /* of the step at the position; NULL it has no entry */
  PlayerTerms *terms;          /* NULL not answered yet, or refused */
  char *here_caption, *here_next;
  GPtrArray *lights;
  GHashTable *answers;         /* PlayerQuestion → PlayerAnswer */
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
void player_emit_marks_changed (Player *player);
void player_emit_question (Player *player, guint64 event, int input, gint64 index);
void player_emit_answered (Player *player, guint64 event, int input, gint64 index);
/* Only the terms shown have changed. */
void player_emit_term_moved (Player *player);
/* The position steps have to reach to be at the next or previous stop of the granularity. */
guint player_stop_after (Player *player, guint position);
guint player_stop_before (Player *player, guint position);
void player_forget_stops (Player *player, guint from_step);
/* player-element.c. The position has changed, or what its entry is: nothing of it is known any more. */
void player_element_init (Player *player);
void player_element_clear (Player *player);
void player_element_forget (Player *player);
void player_element_forget_answers (Player *player);
/* Asks for the terms of the entry at the position, if they are needed and not known. */
void player_element_ask (Player *player);
/* TRUE: the step was one of terms, or waits for them. */
gboolean player_element_forward (Player *player);
gboolean player_element_back (Player *player);
/* Texts made for a step are made anew (the step grew, or all: step 0). */
void player_forget_texts (Player *player, guint step);
