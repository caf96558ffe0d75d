/* SPDX-License-Identifier: MIT
 *
 * One script's runs: ties the player (where we are) to the runner client (the
 * process that computes). Answers the player's "need-more" by asking the runner
 * for the next statement, follows the end while a run goes, and knows whether the
 * text was edited since the run. No widgets. UI thread. */
#pragma once

#include "player/player.h"
#include "runner/client.h"

#define TD_TYPE_RUN (td_run_get_type ())
G_DECLARE_FINAL_TYPE (TdRun, td_run, TD, RUN, GObject)

/* Signals: "changed" () when the run's state, its staleness or what is asked for
 * changed; "failed" (char *message) when a run could not be started.
 * program: the binary to spawn for the runner (NULL: this one). */
TdRun *td_run_new (const char *program);
Player *td_run_get_player (TdRun *run);           /* borrowed */
RunnerClient *td_run_get_client (TdRun *run);     /* borrowed */

/* Another script: stops what runs, forgets the recording, scans the new text for outlines. */
void td_run_open (TdRun *run, const char *path, const char *source);
/* The text was edited: outlines follow if nothing has run yet, else the run becomes stale. */
void td_run_edit (TdRun *run, const char *source);
/* The script got another path (saved as); its text stays. */
void td_run_set_path (TdRun *run, const char *path);
/* Lines, 0 ends; copied. */
void td_run_set_breakpoints (TdRun *run, const guint *lines);

void td_run_step (TdRun *run);                    /* one step on, asking the runner when needed */
void td_run_step_line (TdRun *run);               /* the same, to the end of a line */
void td_run_go_to_position (TdRun *run, guint position);  /* running as far as it takes; the end when it ends before */
void td_run_play (TdRun *run, gboolean playing);  /* walks on by itself */
void td_run_go (TdRun *run);                      /* Run: to the next breakpoint or the end; again when over */
void td_run_go_to_line (TdRun *run, guint line);  /* on, or again, until `line` is about to run */
void td_run_stop (TdRun *run);

gboolean td_run_is_running (TdRun *run);          /* a statement runs now: Stop is offered */
gboolean td_run_is_over (TdRun *run);             /* ended or dead: Run means again */
gboolean td_run_is_stale (TdRun *run);            /* the text differs from what ran */
gboolean td_run_is_waiting (TdRun *run);          /* a step was asked for and has not come yet */
gboolean td_run_is_stopping (TdRun *run);         /* Stop was pressed, the script has not ended yet */
gboolean td_run_may_begin (TdRun *run); /* what ran could not begin, and was changed since: Step runs it */
/* All that was recorded is shown, and for a while nothing has come although the script runs. */
typedef struct
{
  guint line;     /* that runs now; 0: not even the first has begun */
  guint seconds;  /* since it began; since the last step, if it moves */
  gboolean moves; /* from line to line: a loop in which nothing happens */
} TdStill;
gboolean td_run_get_still (TdRun *run, TdStill *still);
guint td_run_get_n_ahead (TdRun *run);            /* recorded steps beyond the position, as they are counted */
