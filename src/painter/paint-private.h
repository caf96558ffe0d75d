/* SPDX-License-Identifier: MIT
 *
 * What the painter's files share: text, colours, the inner geometry of a box
 * (one source for measuring and for drawing), marks. All lengths in px at 100 %
 * zoom. Included by files of this room and its tests only. */
#pragma once

#include "painter.h"
#include <pango/pangocairo.h>

/* color.c */
void paint_set_color (cairo_t *cr, const PaintColor *color);
void paint_set_color_alpha (cairo_t *cr, const PaintColor *color, double alpha);
PaintColor paint_color_mix (const PaintColor *a, const PaintColor *b, double t);   /* t 0: a, 1: b; opaque */
double paint_color_luminance (const PaintColor *color);                           /* WCAG 2.1 */
double paint_color_contrast (const PaintColor *a, const PaintColor *b);           /* 1…21 */
const PaintColor *paint_phase_color (const PaintTheme *theme, PlayerPhase phase);

/* text.c: layouts are cached; sizes do not depend on zoom. */
typedef enum
{
  PAINT_FONT_TITLE, PAINT_FONT_SIZES, PAINT_FONT_WORDS, PAINT_FONT_PILL, PAINT_FONT_GRAD_FN, PAINT_FONT_TAG,
  PAINT_FONT_MARK, PAINT_FONT_VALUE, PAINT_FONT_BAND, PAINT_FONT_CAPTION, PAINT_FONT_NEXT, PAINT_N_FONTS
} PaintFont;
typedef enum { PAINT_LEFT, PAINT_CENTER, PAINT_RIGHT } PaintAlign;
void paint_text_size (PaintFont font, const char *text, double *width, double *height);
/* x: left, middle or right; y: middle. Wider than max_width (> 0): drawn smaller, then cut with "…".
 * Returns the rectangle the text was drawn in. */
LayoutRect paint_text (cairo_t *cr, PaintFont font, const char *text, double x, double y, PaintAlign align,
                       double max_width, const PaintColor *color);
/* The text in at most max_lines lines no wider than width (> 0); what is left stands in the last one, which
 * may be wider. NULL-terminated, caller frees. */
char **paint_text_wrap (PaintFont font, const char *text, double width, guint max_lines);

guint paint_text_get_n_squeezed (void);

/* heat-map.c */
typedef struct { guint rows, cols; gint64 block; gboolean lying; } PaintGrid;  /* cells shown; block: entries per side */
PaintGrid paint_grid_for (guint ndim, const gint64 *sizes);
double paint_grid_cell (const PaintGrid *grid, double max_width, double max_height, double max_cell);
/* The entries as shown, rows × cols, newly allocated; NULL: no such shot. */
double *paint_grid_values (const RecShot *shot, PaintGrid *grid);
PaintColor paint_value_color (const PaintTheme *theme, double value, double scale);

/* shape.c: where things stand inside a box, relative to its corner; the same at every position. */
typedef struct
{
  double width, height;
  gboolean inline_value; /* one entry: the number stands in the title row */
  gboolean has_map, has_gradient_map, has_words;
  double title_y;            /* middle of the title row */
  LayoutRect map, gradient, words;  /* words: one line of text, or a framed word */
  LayoutRect scales;                /* below all that, only by paint_box_shape_scales */
} PaintBoxShape;
char *paint_format_entry (const PlayerNode *node, const char *number);
void paint_box_shape (const PlayerNode *node, PaintBoxShape *shape);
/* The same with room for the scales of its maps; all else keeps its place. */
void paint_box_shape_scales (const PlayerNode *node, PaintBoxShape *shape);
double paint_pill_width (const PlayerNode *node);
#define PAINT_PILL_HEIGHT 33.0
#define PAINT_BOX_RADIUS 9.0
#define PAINT_PAD 12.0
#define PAINT_TINY_ZOOM 0.3  /* below: no text, no cells */

/* marks.c */
void paint_rounded (cairo_t *cr, const LayoutRect *rect, double radius);
void paint_glow (cairo_t *cr, const LayoutRect *rect, double radius, const PaintColor *color);
void paint_framed_word (cairo_t *cr, const LayoutRect *rect, const char *word, const PaintTheme *theme);
LayoutRect paint_saved_tab_rect (const LayoutRect *box);   /* over the lower right corner */
void paint_saved_tab (cairo_t *cr, const LayoutRect *box, const PaintTheme *theme);
void paint_arrow_head (cairo_t *cr, double x, double y, double angle, double length, const PaintColor *color);
void paint_open_head (cairo_t *cr, double x, double y, double angle, double length, const PaintColor *color);
void paint_chevron (cairo_t *cr, double x, double y, double angle, double length,
                    const PaintColor *color, const PaintColor *halo);
void paint_number_mark (cairo_t *cr, double x, double y, guint number, const PaintTheme *theme);
LayoutRect paint_grown (const LayoutRect *rect, double by);

/* uses.c: one of the boxes of a tensor that is used in many places. share: the gradient that came back from this
 * use, once it has; 0: the box says what the tensor's says. */
typedef struct
{
  guint use, n_uses;
  gboolean there; /* the finished graph's layout has room for uses that are yet to come */
  guint64 share;
} PaintUse;
PaintUse *paint_list_uses (const PaintScene *scene, const PlayerNode *node);   /* n_uses of them, or one; caller frees */
char *paint_use_text (const PaintUse *use, gboolean shares);   /* "use 3 of 40"; NULL: it stands once. Caller frees */
LayoutRect paint_use_tab_rect (const LayoutRect *box, const char *text);
void paint_use_tab (cairo_t *cr, const LayoutRect *box, const char *text, const PaintTheme *theme);
/* box.c, box-gradient.c, pill.c, edge.c */
void paint_box (cairo_t *cr, const PaintScene *scene, const PlayerNode *node, const PaintUse *use, const LayoutRect *rect);
void paint_box_gradient (cairo_t *cr, const PaintScene *scene, const PlayerNode *node, const PaintUse *use,
                         const LayoutRect *rect, const PaintBoxShape *shape);
void paint_box_scales (cairo_t *cr, const PaintScene *scene, const PlayerNode *node,
                       const LayoutRect *rect); /* scales.c */
void paint_pill (cairo_t *cr, const PaintScene *scene, const PlayerNode *node, const LayoutRect *rect);
void paint_edge (cairo_t *cr, const PaintScene *scene, const PlayerEdge *edge);
#define PAINT_RING_PX 6.0
double paint_ring_reach (const PaintScene *scene, guint node);
int paint_curve_direction (const LayoutPoint *points, guint n_points);
LayoutPoint *paint_trim_curve (const LayoutPoint *points, guint n_points, double trim_start, double trim_end);
void paint_edge_path (cairo_t *cr, const LayoutPoint *points, guint n_points, double trim_start, double trim_end);
void paint_tag (cairo_t *cr, const PaintScene *scene, const PlayerEdge *edge, const LayoutRect *rect);
gboolean paint_is_inside (const PaintScene *scene, const LayoutRect *rect, double margin);
#define PAINT_PASSED_ALPHA 0.72
/* pointed.c */
void paint_hover (cairo_t *cr, const PaintScene *scene);
void paint_selection (cairo_t *cr, const PaintScene *scene);
void paint_marked (cairo_t *cr, const PaintScene *scene);
/* lights.c */
void paint_lights (cairo_t *cr, const PaintScene *scene);
gboolean paint_entry_rect (guint ndim, const gint64 *sizes, gint64 index, const LayoutRect *map, LayoutRect *rect);
LayoutRect paint_gradient_map (const PaintBoxShape *shape);   /* box-gradient.c: where in its part the map stands */
/* timeline.c, timeline-strip.c: steps as the player counts them, first … last, 1-based. */
#define PAINT_KNOB_PX 8.0
typedef struct { guint first, last; double top, bottom; } PaintTimelineWindow;
double paint_strip_height (double height);
void paint_strip (cairo_t *cr, Player *player, const PaintTimelineWindow *window, double width, double full_height,
                  const PaintTheme *theme);
PlayerPhase paint_phase_of (Player *player, guint unit);
gboolean paint_begins_iteration (Player *player, guint unit);
PaintColor paint_band_color (const PaintTheme *theme, PlayerPhase phase);
PaintColor paint_pale_tick (const PaintTheme *theme, PlayerPhase phase); /* of steps to come */
