/* SPDX-License-Identifier: MIT
 *
 * What the aspects of a script's runs share: wishes, questions, a line that does not
 * end. Only td-run*.c include it. */
#pragma once

#include "td-run.h"

typedef enum { WISH_NONE, WISH_STEP, WISH_LINE, WISH_REST_OF_LINE, WISH_POSITION } Wish;

struct _TdRun
{
  GObject parent_instance;

  Player *player;
  RunnerClient *client;
  char *path;
  char *source;                /* as it stands in the editor */
  char *ran_source;            /* as it was when the run began, NULL: nothing has run */
  char *scanned_source;        /* whose leaves are outlined */
  char *scanning_source;       /* whose leaves are being looked for */
  guint *breakpoints;
  Wish wish;
  guint wished_position;
  gboolean moving;             /* the player moves on our behalf */
  gboolean follow;             /* Run was pressed: stay at the end */
  gboolean stopping;           /* Stop was pressed: the process is on its way out */
  guint reading_id;            /* not all that was recorded has been read yet */
  gboolean state_is_news;      /* and when it has, the runner's state is to be looked at */
  /* td-run-still.c */
  guint still_id;              /* while it runs */
  guint n_seen;                /* steps */
  gint64 quiet_us;             /* since when there are as many */
  TdStill told;
  guint scan_id;
  GCancellable *scan;
};

void td_run_emit_changed (TdRun *self);
/* td-run-questions.c */
void td_run_questions_init (TdRun *self);
/* td-run-still.c: the run's state or the number of its steps may be another. */
void td_run_still_update (TdRun *self);
void td_run_still_clear (TdRun *self);
