/* SPDX-License-Identifier: MIT
 *
 * How it looks: pure Cairo and Pango, one painter for screen, pictures and films.
 * No GTK, no clocks: whoever calls says how far the motion is. */
#pragma once

#include "layout/layout.h"
#include "player/player.h"
#include <cairo.h>

typedef enum { PAINT_LIGHT, PAINT_DARK } PaintThemeKind;
typedef struct { double red, green, blue, alpha; } PaintColor;
/* All colours of the app in one place, per theme. */
typedef struct
{
  PaintThemeKind kind;
  PaintColor background, background_edge, panel, panel_edge;
  PaintColor box, box_border, box_dim, text, text_dim, edge, edge_dim, frame;
  PaintColor leaf, output, forward, backward, update, error, accent;
  PaintColor positive, negative, zero, nan;   /* blue, orange, neutral cell, crossed */
} PaintTheme;
const PaintTheme *paint_theme_get (PaintThemeKind kind);

typedef struct
{
  RecRecording *recording;       /* values; NULL while only outlines are shown */
  const PlayerGraph *graph;
  const LayoutResult *layout;
  const PlayerMotion *motion;    /* may be NULL */
  const PaintTheme *theme;
  PlayerPhase phase;
  double progress;               /* 0…1 of the motion; 1: at rest */
  guint hovered, selected;       /* node ids, G_MAXUINT none */
  guint hovered_edge, selected_edge; /* edge ids, same */
  const guint *marked;               /* node ids to mark softly: what the editor's line made */
  guint n_marked;
  const PlayerLight *const *lights;  /* entries to ring */
  guint n_lights;
  double value_scale,
      gradient_scale; /* |value| of full colour: paint_scene_scales; 0: each map has its own, which its box says */
  double zoom;                   /* device px per layout px: level of detail */
  LayoutRect clip;               /* in layout px: nothing outside is drawn */
} PaintScene;

/* Scales over all values and all gradients on the scene: |value| of full colour (twice the root mean
 * square, at most the largest); the legend says "± scale and beyond". */
void paint_scene_scales (RecRecording *recording, const PlayerGraph *graph, double *value_scale, double *gradient_scale);
/* The same of one tensor alone; 0: it has no number but 0. O(entries). */
double paint_shot_scale (RecRecording *recording, guint64 shot);
/* "±3.270"; "all 0" for 0. Caller frees. */
char *paint_format_scale (double scale);
/* How strongly an editor's line is coloured: by the phase at the position and where it still runs, by the accent where
 * a node is pointed at. */
#define PAINT_POSITION_ALPHA 0.26
#define PAINT_RUNNING_ALPHA 0.12
#define PAINT_POINTED_ALPHA 0.13
/* Layers, cr in layout px. `still` (background too) changes only with position, theme and view;
 * `moving` each frame of a motion, and lies above it at rest too: resting chevrons, hover, selection. */
void paint_still (cairo_t *cr, const PaintScene *scene);
void paint_moving (cairo_t *cr, const PaintScene *scene);

/* How many iterations of loops are folded away, on a plate whose lower left corner is (left, bottom), cr in device px.
 * FALSE: none are, nothing is drawn. rect, cr: may be NULL. */
gboolean paint_folds (cairo_t *cr, const PlayerGraph *graph, double left, double bottom, const PaintTheme *theme,
                      LayoutRect *rect);

/* The head of a picture or film, PAINT_CAPTION_HEIGHT high: what the step did (two lines at most), paler what
 * comes next. The foot, PAINT_FOOT_HEIGHT high: the phase's word, the timeline, the step's number. */
#define PAINT_CAPTION_HEIGHT 74.0
#define PAINT_FOOT_HEIGHT 60.0
void paint_caption (cairo_t *cr, const char *caption, const char *next, double width, const PaintTheme *theme);
void paint_foot (cairo_t *cr, Player *player, double width, const PaintTheme *theme);

/* Texts of cr are told to taker instead of drawn (SVG keeps them as texts): where their left end and baseline
 * stand is matrix applied to (0, baseline). taker NULL: drawn again. */
typedef struct
{
  const char *text, *family;
  double size_px, width, baseline;
  gboolean bold;
  PaintColor color;
  cairo_matrix_t matrix;
} PaintTextSpan;
typedef void (*PaintTextTaker) (const PaintTextSpan *span, gpointer data);
void paint_text_divert (cairo_t *cr, PaintTextTaker taker, gpointer data);

/* Sizes for layout. data: GINT_TO_POINTER of whether boxes say the scales of their maps; NULL: they do not. */
void paint_measure_node (const PlayerNode *node, LayoutSize *size, gpointer data);
void paint_measure_tag (const PlayerEdge *edge, double *width, double *height, gpointer data);

/* A heat map in true proportions inside the rectangle (inspector, boxes). scale 0: the tensor's own. */
void paint_heat_map (cairo_t *cr, RecRecording *recording, guint64 shot, const LayoutRect *rect, double scale,
                     const PaintTheme *theme, gboolean pale);
/* The flat index of the entry under a point of it: of a block, the entry it shows. −1: none. */
gint64 paint_heat_map_entry_at (RecRecording *recording, guint64 shot, const LayoutRect *rect, double x, double y);
/* The natural size in px of that heat map, at most max_width × max_height. */
void paint_heat_map_size (RecRecording *recording, guint64 shot, double max_width, double max_height,
                          double *width, double *height);
/* The flat index of the entry under a point of such a map, or −1: beside it, or a cell that stands for several. */
gint64 paint_entry_at (guint ndim, const gint64 *sizes, const LayoutRect *map, double x, double y);
/* The same for a box that stands at `box`; gradient: in which of its two maps. */
gint64 paint_box_entry_at (const PlayerNode *node, const LayoutRect *box, double x, double y, gboolean *gradient);
/* The timeline's bands and ticks (best about 44 px high); the legend's swatches. */
void paint_timeline (cairo_t *cr, Player *player, double width, double height, const PaintTheme *theme);
double paint_timeline_get_height (Player *player);   /* more beyond 60 steps: there is an overview */
/* The position under a point: beyond 60 steps the strip on top leads anywhere in the run. */
guint paint_timeline_hit_at (Player *player, double width, double height, double x, double y);
typedef enum { PAINT_SWATCH_LEAF, PAINT_SWATCH_BOX, PAINT_SWATCH_OUTPUT, PAINT_SWATCH_PILL, PAINT_SWATCH_TAG, PAINT_SWATCH_SAVED,
  PAINT_SWATCH_FLOW, PAINT_SWATCH_FORWARD, PAINT_SWATCH_BACKWARD, PAINT_SWATCH_PASSED, PAINT_SWATCH_SCALE } PaintSwatch;
void paint_swatch (cairo_t *cr, PaintSwatch swatch, const LayoutRect *rect, const PaintTheme *theme);
