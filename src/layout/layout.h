/* SPDX-License-Identifier: MIT
 *
 * Where things stand: turns a player graph into boxes and curves with Graphviz
 * dot. Results are immutable and reference-counted. dot runs in a worker thread,
 * for bigger graphs in a process that can be killed; the UI never waits, and no
 * graph waits for another one's. Units: px at 100 % zoom, y down. */
#pragma once

#include "player/graph.h"
#include <gio/gio.h>

typedef struct { double x, y; } LayoutPoint;
typedef struct { double x, y, width, height; } LayoutRect;

/* left, right: room beside the body for what hangs outside (a number, a factor); edges end at the body. */
typedef struct { double width, height, left, right; } LayoutSize;

/* How big a node or a tag is drawn (the painter's to say). */
typedef void (*LayoutMeasureNode) (const PlayerNode *node, LayoutSize *size, gpointer data);
typedef void (*LayoutMeasureTag) (const PlayerEdge *edge, double *width, double *height, gpointer data);

/* A plain copy of what dot needs: may be handed to another thread. */
typedef struct _LayoutInput LayoutInput;
LayoutInput *layout_input_new (const PlayerGraph *graph, LayoutMeasureNode measure_node,
                               LayoutMeasureTag measure_tag, gpointer data);
/* Boxes may change sides: the picture before only says where the new one is aligned. */
void layout_input_forget_order (LayoutInput *input);
void layout_input_free (LayoutInput *input);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LayoutInput, layout_input_free)

/* Beyond so many nodes dot would take too long in this process: LAYOUT_ERROR_TOO_BIG. */
#define LAYOUT_MAX_NODES 1000
#define LAYOUT_ERROR (layout_error_quark ())
typedef enum { LAYOUT_ERROR_TOO_BIG, LAYOUT_ERROR_TOO_SLOW, LAYOUT_ERROR_FAILED } LayoutError;
GQuark layout_error_quark (void);

/* Bigger graphs are laid out in a process of their own, which is killed when it takes longer than the limit
 * (LAYOUT_ERROR_TOO_SLOW) or is not wanted any more. program: called with "--layout", it does layout_helper_main;
 * NULL: everything is done in this process, without a limit. */
#define LAYOUT_LIMIT_S 10
void layout_set_helper (const char *program, guint limit_s);
guint layout_get_limit (void);
int layout_helper_main (int argc, char **argv);

typedef struct _LayoutResult LayoutResult;
LayoutResult *layout_result_ref (LayoutResult *result);
void layout_result_unref (LayoutResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LayoutResult, layout_result_unref)

/* Blocking, from any thread. previous: boxes keep their
 * left-to-right order and the result is aligned on `anchor` (node id in both; G_MAXUINT none). */
LayoutResult *layout_run (const LayoutInput *input, const LayoutResult *previous, guint anchor, GError **error);
/* In a worker; input is taken. A newer request with the same data (its owner) replaces a waiting
 * one, which then ends with G_IO_ERROR_CANCELLED; so does one whose cancellable is cancelled, even while it
 * is laid out, if that is done in a process of its own. */
void layout_run_async (LayoutInput *input, LayoutResult *previous, guint anchor, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer data);
LayoutResult *layout_run_finish (GAsyncResult *async, GError **error);

LayoutRect layout_result_get_bounds (const LayoutResult *result);
gboolean layout_result_get_node (const LayoutResult *result, guint node, LayoutRect *rect);
/* A box that is used in many places stands once per use, 0 … n_uses − 1 in the order of its edges; get_node tells
 * the first. All else stands once. */
guint layout_result_get_n_uses (const LayoutResult *result, guint node);   /* 0: not laid out */
gboolean layout_result_get_use (const LayoutResult *result, guint node, guint use, LayoutRect *rect);
/* At which of its boxes an edge begins, or ends where the edge goes upward; 0 for a node that stands once. */
guint layout_result_get_edge_use (const LayoutResult *result, guint edge, guint node);
/* Whether that use is one of the graph's: the layout may be of the finished graph, and know more. */
gboolean layout_result_has_use_in (const LayoutResult *result, const PlayerGraph *graph, guint node,
                                   guint use);
guint layout_result_get_use_at (const LayoutResult *result, guint node, double x, double y);   /* the nearest */
/* Cubic Bézier: 3k+1 points from the data's source to its target. */
const LayoutPoint *layout_result_get_edge (const LayoutResult *result, guint edge, guint *n_points);
gboolean layout_result_get_tag (const LayoutResult *result, guint edge, LayoutRect *rect);
guint64 layout_result_get_structure_hash (const LayoutResult *result);
/* What lies there; node wins over edge. FALSE: nothing. within: px of tolerance for edges. */
gboolean layout_result_hit (const LayoutResult *result, double x, double y, double within, guint *node, guint *edge);
/* px from a point to an edge's curve, 0 on its tag; G_MAXDOUBLE: it is not laid out. */
double layout_result_get_edge_distance (const LayoutResult *result, guint edge, double x, double y);
/* Point and direction at t in 0…1 of an edge's length. */
gboolean layout_result_point_on_edge (const LayoutResult *result, guint edge, double t, LayoutPoint *point, double *angle);
/* The way from one picture to another, found so that no box slides over another: O(nodes²), more where they would. */
typedef struct _LayoutGlide LayoutGlide;
LayoutGlide *layout_glide_new (LayoutResult *from, LayoutResult *to);
void layout_glide_free (LayoutGlide *glide);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LayoutGlide, layout_glide_free)
/* The picture at t in 0…1 of the time: boxes in both glide, the rest is as in `to`. O(nodes + edges),
 * O(nodes × new edges) at worst. */
LayoutResult *layout_glide_at (const LayoutGlide *glide, double t);
/* Slow at both ends: 0…1 of the time to 0…1 of the way. */
double layout_ease (double t);
/* TRUE: no box that stands in both has another place. */
gboolean layout_result_same_places (const LayoutResult *from, const LayoutResult *to);
