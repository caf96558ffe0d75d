/* SPDX-License-Identifier: MIT
 *
 * Where we are: one small shared model that every view follows. A position lies
 * between two steps; position n shows what is true after step n (0: nothing has
 * run). Stepping back never re-runs anything. UI thread. */
#pragma once

#include "graph.h"

typedef enum { PLAYER_BY_LINE, PLAYER_BY_OPERATION, PLAYER_BY_ELEMENT } PlayerGranularity;
typedef enum { PLAYER_PHASE_FORWARD, PLAYER_PHASE_BACKWARD, PLAYER_PHASE_UPDATE } PlayerPhase;

typedef struct
{
  guint64 first_event, end_event;  /* half open */
  guint32 line;                    /* of its main event; 0 none */
  guint16 file;
  PlayerPhase phase;
  gboolean ends_line;              /* a stop of granularity "line" */
  guint node;                      /* the node in focus (pill or box), G_MAXUINT none */
} PlayerStep;

#define PLAYER_TYPE_PLAYER (player_get_type ())
G_DECLARE_FINAL_TYPE (Player, player, PLAYER, PLAYER, GObject)

/* Signals: "moved" (guint old, guint new) after the position changed, also when the
 * recording was replaced; "grown" () when steps were added; "printed" () when output
 * was added, with or without a step; "need-more" () when a step is asked for beyond
 * the recorded end; "marks-changed" (); "question" (guint64 event, int input, gint64
 * index) when the terms of an entry are needed: the answer comes by player_answer,
 * which is said to all by "answered" (the same three).
 * Properties: "position", "n-steps", "granularity", "playing", "speed" (1.0 = one step per 0.8 s). */
Player *player_new (void);
void player_set_recording (Player *player, RecRecording *recording);   /* NULL: empty; position 0 */
RecRecording *player_get_recording (Player *player);
/* Reads what was added. follow: go to the new end if we stood at the old one. */
void player_sync (Player *player, gboolean follow);
/* The same for about so long. TRUE: there is more to read, and signals may come later. */
gboolean player_sync_for (Player *player, gboolean follow, gint64 budget_us);
/* Outlines of leaves before anything ran (script_scan's JSON; NULL: none). */
void player_set_outlines (Player *player, const char *scan_json);
/* The same outlines as another player has, for one that has no recording yet. */
void player_share_outlines (Player *player, Player *from);

/* What lines will do, from the same JSON: for a run of that script that is on the screen already. */
void player_set_statements (Player *player, const char *scan_json);
/* Where the run waits, once it has paused behind the last step: before this line of the script; 0: not known.
 * Forgotten when the recording grows. */
void player_set_waiting_line (Player *player, guint line);

guint player_get_position (Player *player);
void player_set_position (Player *player, guint position);             /* clamped; jump */
guint player_get_n_steps (Player *player);                             /* by operation */
const PlayerStep *player_get_step (Player *player, guint n);           /* 1 … n_steps */
void player_set_granularity (Player *player, PlayerGranularity granularity);
PlayerGranularity player_get_granularity (Player *player);
/* The same positions counted in lines when stepping goes by line, else in operations: "Step 8 of 10".
 * Number box, timeline and story count so (player-unit.c). */
guint player_get_count_position (Player *player);
guint player_get_count_steps (Player *player);
guint player_from_count (Player *player, guint count);                 /* position of the n-th stop */
guint player_count_of (Player *player, guint position);                /* the unit a position lies in, or ends */
double player_place_of (Player *player, guint position);               /* the same as a real number: 7.5 is half way through the 8th */
double player_get_place (Player *player);                              /* of the position, with the terms shown there */
gboolean player_step_forward (Player *player);   /* FALSE and "need-more" at the recorded end */
gboolean player_step_on (Player *player);        /* the same, past the terms that are left here */
gboolean player_step_back (Player *player);
gboolean player_is_finished (Player *player);    /* the run has ended and we stand at its end */
gboolean player_is_complete (Player *player);    /* the recording holds RUN_ENDS */
gboolean player_is_refused (Player *player); /* it holds an error and no step: the script could not begin */
guint player_next_stop (Player *player, int direction); /* start of the next/previous phase */

/* Marks 1 … 9, by number (player-marks.c). They outlive a recording. */
#define PLAYER_N_MARKS 9
guint player_get_mark (Player *player, guint k);                       /* its position; G_MAXUINT: not set */
guint player_find_mark (Player *player, guint position);               /* the number of the mark there; 0 none */
void player_set_mark (Player *player, guint k, guint position);        /* G_MAXUINT removes it */
gboolean player_toggle_mark (Player *player);                          /* at the position; FALSE: all nine are set elsewhere */

/* Granularity "element" (player-element.c): one entry of what the step made is followed, the picked one
 * or the largest; its terms are added one press at a time before the next operation. */
void player_pick (Player *player, guint64 tensor, gint64 index, guint ndim, const gint64 *sizes);
void player_unpick (Player *player);
guint player_get_term (Player *player);          /* presses done at the position */
guint player_get_n_terms (Player *player);       /* of how many; 0: none, or not known yet */
gboolean player_may_step_terms (Player *player); /* one more is there, or may be: the terms are not known yet */
typedef struct { guint node; gboolean gradient, target; gint64 index; } PlayerLight;   /* index: flat */
guint player_get_n_lights (Player *player);      /* the entries of the term just added, where a box shows them */
const PlayerLight *const *player_get_lights (Player *player);
/* An answer to a question, as insight_element gives it; json NULL: refused, with the reason. Copied. */
void player_answer (Player *player, guint64 event, int input, gint64 index, const char *json, const char *reason);
/* TRUE: it was answered; *json or *reason is set, owned by the player. */
gboolean player_lookup_answer (Player *player, guint64 event, int input, gint64 index, const char **json,
                               const char **reason);
/* Asks unless it was asked before ("question"). */
void player_ask (Player *player, guint64 event, int input, gint64 index);
gboolean player_is_followed (Player *player, guint64 event, int input, gint64 index);
char **player_dup_term_lines (Player *player);   /* "One entry" as far as it is built up; NULL: not known */

void player_set_playing (Player *player, gboolean playing);
gboolean player_get_playing (Player *player);
void player_set_speed (Player *player, double speed);
double player_get_speed (Player *player);
void player_tick (Player *player, gint64 now_us); /* the stage's frame clock, or a test's */

const PlayerGraph *player_get_graph (Player *player);          /* at the position */
/* At the recorded end, or where the next iteration of a loop folds what stands at the position: what is laid out. */
const PlayerGraph *player_get_final_graph (Player *player);
const PlayerMotion *player_get_motion (Player *player);        /* of the step just done; never NULL */
PlayerPhase player_get_phase (Player *player);
guint player_get_n_losses (Player *player);                    /* backward passes so far */
/* Where pass k began and the number it began at; FALSE: no single number, or not kept. */
gboolean player_get_loss (Player *player, guint k, guint *position, double *loss);
/* The editor's mark: the statement of the script the position is in, though it may be in a module; 0 none. */
guint player_get_line (Player *player, guint *end_line);
/* The same of the statement that made a node; 0: the script has none. */
guint player_get_line_of (Player *player, guint node, guint *end_line);
/* Nodes that a line of the script made, itself or by what it called, in the order of the graph. Array of guint; caller
 * unrefs. O(nodes). */
GArray *player_list_made_by (Player *player, guint line);
guint player_get_focus (Player *player);                       /* node of the step; G_MAXUINT none */

/* Texts. Owned by the player, valid until it moves or grows. */
const char *player_get_caption (Player *player, guint step);   /* step 0: "Press Step: line 4 will create W_h." */
const char *player_get_next (Player *player, guint step);      /* "Next: …", the end's sentence, or "" */
const char *player_get_caption_here (Player *player);          /* of the position, or of the term just added there */
const char *player_get_next_here (Player *player);
const char *player_phase_word (PlayerPhase phase);             /* "forward", "backward", "update" */
const char *player_get_status (Player *player);                /* "paused in line 15 · backward" */

/* Output up to the position, the last max_bytes of it; left_out, or NULL, says how much came before. Caller frees. */
typedef struct
{
  gsize nbytes;
  guint64 n_lines;
} PlayerLeftOut;
char *player_dup_output (Player *player, gsize max_bytes, PlayerLeftOut *left_out);
/* The uncaught error, if it lies at or before the position; line: of the script, 0 none. */
gboolean player_get_error (Player *player, RecErrorText *text, guint *line);
/* The same as one sentence or two; NULL: none there. Caller frees. */
char *player_dup_error (Player *player, guint *line);

typedef struct { const char *name; guint64 tensor; guint node; RecTensor facts; guint64 grad_shot; } PlayerVariable;
guint player_get_n_variables (Player *player);                 /* names bound at the position */
const PlayerVariable *player_get_variable (Player *player, guint k);
