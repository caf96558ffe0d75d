/* SPDX-License-Identifier: MIT
 *
 * What the stage's aspects share: draw, motion, input, camera, layout. Only
 * td-stage*.c include it. */
#pragma once

#include "painter/painter.h"
#include "td-stage.h"

#define TD_NO_NODE G_MAXUINT
#define TD_ZOOM_MIN 0.05
#define TD_ZOOM_MAX 8.0

#define TD_FOLDS_PX 14           /* of the plate of folded iterations, from the corner */

/* screen = layout × zoom + (x, y), in widget px. */
typedef struct { double zoom, x, y; } TdCamera;

struct _TdStage
{
  GtkWidget parent_instance;

  Player *player;
  /* layout */
  LayoutResult *layout;
  guint64 wanted_hash;          /* structure asked for last */
  GCancellable *cancellable;    /* of the request on its way, NULL: none */
  guint n_wanted;               /* nodes of the graph asked for last */
  guint most_nodes;             /* of this recording, more are not asked for: it would take too long */
  gconstpointer recording;      /* whose graph was asked for last: only compared */
  char *note;                   /* what one waits for, or why nothing comes; NULL: all is well */
  guint note_id;
  gboolean tidying;             /* it is the user's: boxes may change sides, and nothing may have moved */
  gboolean refit;               /* the next layout is shown whole again, unless the user has moved the picture */
  /* glide from one layout to the next */
  LayoutGlide *glide;           /* NULL: only the camera moves */
  LayoutResult *glide_to;
  TdCamera glide_camera_from, glide_camera_to;
  gboolean gliding;
  gint64 glide_begin_us;        /* 0: the next frame is its first */
  /* camera */
  TdCamera camera;
  int inset_top, inset_right;   /* px under the caption and the inspector: kept free by fit */
  gboolean user_moved;          /* the user panned or zoomed: hands off until fit */
  /* still layer */
  GskRenderNode *still;
  TdCamera still_camera;
  int still_width, still_height, still_scale;
  gboolean still_stale;
  double still_ms;              /* what painting it cost last time */
  guint refine_id;
  double value_scale, gradient_scale; /* 0: each map has its own */
  gboolean scale_per_tensor;
  gboolean wanted_scales; /* the layout asked for last has room for them */
  /* motion */
  gboolean animate;
  gboolean moving;
  gboolean hurried;             /* the last move came from a held key: no motion */
  gboolean motion_waits;        /* for the layout that holds its nodes */
  gint64 motion_begin_us, motion_length_us, last_move_us;
  double progress;
  guint tick_id;
  /* input */
  guint hovered, selected;      /* nodes */
  guint hovered_edge, selected_edge;  /* TD_NO_NODE where a node is */
  guint marked_line;                  /* 0 none */
  GArray *marked;                     /* of guint: nodes that this line made; NULL none */
  guint selected_use;                 /* of a node that stands once per use: which of its boxes one came to */
  GtkWidget *card;              /* of card_edge: what hovering it shows; NULL: to be made */
  guint card_edge;
  double drag_x, drag_y;
  gboolean dragging;
  double pinch_zoom;
  double pointer_x, pointer_y;
};

/* td-stage.c */
void td_stage_invalidate (TdStage *self);                        /* the still layer must be painted again */
void td_stage_describe (TdStage *self);                          /* for screen readers, anew */
/* td-stage-layout.c */
void td_stage_request_layout (TdStage *self);
gboolean td_stage_layout_is_due (TdStage *self);   /* the layout that was asked for last is of another structure */
void td_stage_cancel_layout (TdStage *self);
/* td-stage-note.c */
void td_stage_set_note (TdStage *self, const char *text);        /* NULL: none */
void td_stage_note_snapshot (TdStage *self, GtkSnapshot *snapshot, int width, int height);
/* td-stage-motion.c */
void td_stage_motion_moved (TdStage *self, guint old, guint new_position);
void td_stage_motion_stop (TdStage *self);
gboolean td_stage_may_move (TdStage *self);                      /* motion is wanted here at all */
void td_stage_motion_layout_arrived (TdStage *self);
void td_stage_motion_update_tick (TdStage *self);
/* td-stage-glide.c */
void td_stage_glide_to (TdStage *self, LayoutResult *layout);     /* there is a layout already */
void td_stage_glide_camera (TdStage *self, const TdCamera *camera);  /* the picture stays, one looks elsewhere */
void td_stage_glide_tick (TdStage *self, gint64 now_us);
void td_stage_glide_finish (TdStage *self);                      /* at once; no effect at rest */
/* td-stage-draw.c */
void td_stage_snapshot (GtkWidget *widget, GtkSnapshot *snapshot);
/* td-stage-camera.c */
void td_stage_camera_follow (TdStage *self);                     /* brings the step's node into view if it may */
void td_stage_camera_keep_whole (TdStage *self);                 /* after a new layout */
void td_stage_camera_zoom_at (TdStage *self, double factor, double x, double y);
void td_stage_camera_pan (TdStage *self, double dx, double dy);
void td_stage_camera_to_layout (TdStage *self, double x, double y, double *layout_x, double *layout_y);
/* td-stage-point.c: what lies under a point of the widget, an edge only where no node is; TD_NO_NODE: nothing. */
void td_stage_target_at (TdStage *self, double x, double y, guint *node, guint *edge);
void td_stage_set_hovered (TdStage *self, guint node, guint edge);
void td_stage_remember_marked (TdStage *self); /* what the marked line made, at this position */
void td_stage_go_to_end (TdStage *self, const PlayerEdge *edge,
                         guint node);                                   /* the box that the edge touches */
void td_stage_travel (TdStage *self, guint edge, double x, double y);   /* to the end that is further from the point */
void td_stage_forget_card (TdStage *self);                       /* what it says is not true any more */
void td_stage_point_init (TdStage *self);
/* td-stage-input.c */
void td_stage_input_init (TdStage *self);
/* td-stage-keys.c */
void td_stage_keys_add_bindings (GtkWidgetClass *widget_class);
void td_stage_hover_at (TdStage *self, double x, double y);
