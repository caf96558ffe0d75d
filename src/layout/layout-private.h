/* SPDX-License-Identifier: MIT
 *
 * What the files of this room share: the copied input, what dot answers
 * (LayoutPlaces: columns and ranks, no curves), and the result's inside.
 * dot decides who stands left of whom and in which rank; heights, gaps and
 * curves are ours, so that no curve can touch a foreign box. */
#pragma once

#include "layout.h"

/* A box that is used in many places stands once per use (uses.c): nodes of one id, use 0 … n_uses − 1. */
typedef struct
{
  guint id;
  guint use, n_uses;
  LayoutSize size;
  gboolean has_edge, has_input;
  gboolean is_box, is_leaf;
} LayoutInputNode;

typedef struct
{
  guint id;
  guint from, to;            /* indices into nodes */
  guint operand;
  gboolean tagged;
  gboolean upward;           /* from and to changed places: data flows up, and so does the finished curve */
  double tag_width, tag_height;
} LayoutInputEdge;

struct _LayoutInput
{
  guint64 structure_hash;    /* the graph's */
  guint64 hash;              /* of all that dot sees, sizes too */
  guint n_items;             /* nodes of the graph */
  gboolean tidy;             /* whatever stood where before */
  guint n_nodes, n_edges;
  LayoutInputNode *nodes;    /* the graph's, then further uses */
  LayoutInputEdge *edges;    /* sorted by (to, operand, id) */
};

/* uses.c: gives what is used in many places a node per use. Edges still in order of their ids. */
void layout_input_split_uses (LayoutInput *input);

/* One slot per node, then one per edge (its tag; unused where not tagged). */
/* left, right: how far it reaches to each side of x. */
typedef struct { double x, left, right, height; guint rank; gboolean used; } LayoutSlot;

typedef struct
{
  guint n_slots, n_ranks;
  LayoutSlot *slots;
  GArray **crossings;        /* per edge: LayoutCrossing, top to bottom, or NULL */
} LayoutPlaces;

/* Where an edge passes a rank it does not stop in. */
typedef struct { guint rank; double x; } LayoutCrossing;

typedef struct
{
  guint id, use, n_uses;
  LayoutRect rect, room;
  guint rank;
  gboolean has_edge;
} LayoutNode;
typedef struct
{
  guint id;
  guint upper, use;          /* the node that stands above, and which of its boxes the edge touches */
  LayoutRect tag;
  gboolean tagged;
  guint n_points;
  LayoutPoint *points;
} LayoutEdge;

struct _LayoutResult
{
  gint ref_count;
  guint64 structure_hash;
  guint64 input_hash;
  LayoutRect bounds;
  guint n_nodes, n_edges;
  LayoutNode *nodes;         /* sorted by id and use */
  LayoutEdge *edges;         /* sorted by id */
};

/* order.c: one rank of the previous picture, left to right (indices into input->nodes). */
GPtrArray *layout_order_from (const LayoutInput *input, const LayoutResult *previous);

/* dot.c: blocking, guarded by the caller. */
LayoutPlaces *layout_dot (const LayoutInput *input, GPtrArray *order, GError **error);
void layout_places_free (LayoutPlaces *places);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LayoutPlaces, layout_places_free)

/* run.c: for tests. */
void layout_forget_cached (void);

/* run.c: gives up soon after the cancellable (may be NULL) is cancelled, where dot is in a process of its own. */
LayoutResult *layout_run_until (const LayoutInput *input, const LayoutResult *previous, guint anchor,
                                GCancellable *cancellable, GError **error);

/* relax.c: better x for the same order, in place. */
void layout_relax (const LayoutInput *input, LayoutPlaces *places);

/* place.c */
LayoutResult *layout_place (const LayoutInput *input, const LayoutPlaces *places);

/* route.c: a curve through the bands of the ranks. Obstacles of rank r: first[r] … first[r + 1] − 1, by x. */
typedef struct { double top, bottom; } LayoutBand;
typedef struct { guint n_bands; LayoutBand *bands; LayoutRect *obstacles; guint *first; } LayoutField;
/* Straight down from top to bottom at x; fixed: may not be skipped. */
typedef struct { double x, top, bottom; guint rank; gboolean fixed; } LayoutWaypoint;
double layout_route_clear_x (const LayoutField *field, guint rank, double x);
LayoutPoint *layout_route (const LayoutField *field, const LayoutWaypoint *ways, guint n_ways, guint *n_points);

/* curve.c: one cubic of four points, or a whole curve of 3k+1. */
LayoutPoint layout_curve_at (const LayoutPoint *p, double t);
LayoutPoint layout_curve_tangent (const LayoutPoint *p, double t);
double layout_curve_length (const LayoutPoint *points, guint n_points);
/* Distance from (x, y) to the curve. */
double layout_curve_distance (const LayoutPoint *points, guint n_points, double x, double y);

/* result.c */
const LayoutEdge *layout_result_lookup_edge (const LayoutResult *result, guint edge);
const LayoutNode *layout_result_lookup_node (const LayoutResult *result, guint node);   /* its first use */
const LayoutNode *layout_result_lookup_use (const LayoutResult *result, guint node, guint use);
LayoutResult *layout_result_moved (const LayoutResult *result, double dx, double dy, guint64 structure_hash);
