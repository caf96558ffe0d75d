/* SPDX-License-Identifier: MIT
 *
 * The stage: the graph at the player's position, drawn by the painter. Pan by
 * dragging, zoom with Ctrl+wheel or pinch, hover and select nodes. It asks for
 * layouts in the worker and never waits for them. UI thread. */
#pragma once

#include "layout/layout.h"
#include "player/player.h"
#include <gtk/gtk.h>

#define TD_TYPE_STAGE (td_stage_get_type ())
G_DECLARE_FINAL_TYPE (TdStage, td_stage, TD, STAGE, GtkWidget)

/* Signals: "tidied" (gboolean moved) after td_stage_tidy; "selected" () when the selected node or edge changed; "hovered" () when what lies under the
 * pointer did; "layout-failed" (char *reason) when the graph cannot be drawn: the picture before it stays;
 * "resized" () during an allocation. */
GtkWidget *td_stage_new (void);
void td_stage_set_player (TdStage *stage, Player *player);      /* kept by reference; NULL: empty */
Player *td_stage_get_player (TdStage *stage);                   /* borrowed */
guint td_stage_get_selected (TdStage *stage);                   /* G_MAXUINT none */
void td_stage_select (TdStage *stage, guint node);              /* G_MAXUINT: nothing; one thing at most is selected */
guint td_stage_get_selected_edge (TdStage *stage);              /* G_MAXUINT none */
void td_stage_select_edge (TdStage *stage, guint edge);
/* The node one points at, or whose value travels along the edge one points at: hovered, else selected. G_MAXUINT none. */
guint td_stage_get_pointed (TdStage *stage);
/* Marks softly what a line of the script made (0: nothing), at each position anew. */
void td_stage_mark_line (TdStage *stage, guint line);
guint td_stage_get_n_marked (TdStage *stage);
gboolean td_stage_is_marked (TdStage *stage, guint node);
/* Selects a node and, where it cannot be seen whole, brings it into the middle. */
void td_stage_go_to (TdStage *stage, guint node);
void td_stage_go_to_use (TdStage *stage, guint node,
                         guint use); /* of one that stands once per use: to that box */

void td_stage_fit (TdStage *stage);                             /* whole graph; the camera follows again */
/* Lays the graph out as if nothing had stood before: its boxes may change sides, in a glide. */
void td_stage_tidy (TdStage *stage);
/* px covered by what lies over the top and the right of the stage: the picture keeps clear of them. */
void td_stage_set_insets (TdStage *stage, int top, int right);
void td_stage_zoom_by (TdStage *stage, double factor);          /* around the middle */
void td_stage_zoom_to (TdStage *stage, double zoom);            /* 1.0: 100 % */
double td_stage_get_zoom (TdStage *stage);
/* FALSE: positions change without motion (tests, reduced motion). */
void td_stage_set_animate (TdStage *stage, gboolean animate);
gboolean td_stage_is_gliding (TdStage *stage);                  /* boxes are on their way to new places */
/* Nothing moves and no layout is on its way: the picture is final. */
gboolean td_stage_is_settled (TdStage *stage);
LayoutResult *td_stage_get_layout (TdStage *stage);             /* borrowed, NULL before the first */
/* What the stage says about the picture itself: places are being found, or cannot be. NULL: nothing. */
const char *td_stage_get_note (TdStage *stage);
/* Where a node's middle lies in the widget; FALSE when it is not laid out. */
gboolean td_stage_locate (TdStage *stage, guint node, double *x, double *y);
/* The same for the middle of an edge. */
gboolean td_stage_locate_edge (TdStage *stage, guint edge, double *x, double *y);
/* The card that hovering an edge at a point shows: owned by the stage; NULL: no edge is there. */
GtkWidget *td_stage_get_card_at (TdStage *stage, double x, double y);
/* |value| of full colour; 0: each map has a scale of its own. */
/* "19 iterations of the loop in line 5 are folded into what is shown."; NULL: none are. Caller frees. */
char *td_stage_dup_folds (TdStage *stage);
/* FALSE: nothing is folded; rect: where the plate lies in the widget that says how much is. */
gboolean td_stage_get_folds_rect (TdStage *stage, LayoutRect *rect);
void td_stage_get_scales (TdStage *stage, double *value_scale, double *gradient_scale);
/* A scale for each tensor, which its box says, instead of one for all values and one for all gradients. */
void td_stage_set_scale_per_tensor (TdStage *stage, gboolean per_tensor);
gboolean td_stage_get_scale_per_tensor (TdStage *stage);
