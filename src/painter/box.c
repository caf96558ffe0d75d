/* SPDX-License-Identifier: MIT
 *
 * One box: frame by role (leaf, output, dimmed, outline yet to come), title row,
 * value. Its second part is in box-gradient.c. Called by still.c. */
#include "paint-private.h"
#include "player/explain.h"

#define OUTLINE_ALPHA 0.75

static const PaintColor *
border_color (const PlayerNode *node, const PaintTheme *theme)
{
  if (node->is_output)
    return &theme->output;
  if (node->is_leaf && node->requires_grad)
    return &theme->leaf;
  return node->dimmed ? &theme->edge_dim : &theme->box_border;
}

static void
draw_outline (cairo_t *cr, const PaintScene *scene, const PlayerNode *node, const LayoutRect *rect)
{
  static const double dashes[] = { 5, 4 };
  const PaintTheme *theme = scene->theme;
  LayoutRect frame = paint_grown (rect, -1);

  cairo_save (cr);
  paint_rounded (cr, &frame, PAINT_BOX_RADIUS);
  cairo_set_dash (cr, dashes, 2, 0);
  cairo_set_line_width (cr, 1.2);
  paint_set_color (cr, &theme->edge_dim);
  cairo_stroke (cr);
  cairo_restore (cr);
  if (scene->zoom < PAINT_TINY_ZOOM)
    return;
  paint_text (cr, PAINT_FONT_TITLE, node->label, rect->x + rect->width / 2, rect->y + rect->height / 2 - 9,
              PAINT_CENTER, rect->width - 2 * PAINT_PAD, &theme->text_dim);
  if (node->line > 0)
    {
      g_autofree char *line = g_strdup_printf ("line %u", node->line);
      paint_text (cr, PAINT_FONT_WORDS, line, rect->x + rect->width / 2, rect->y + rect->height / 2 + 9,
                  PAINT_CENTER, rect->width - 2 * PAINT_PAD, &theme->text_dim);
    }
}

static void
draw_frame (cairo_t *cr, const PaintScene *scene, const PlayerNode *node, const LayoutRect *rect)
{
  const PaintTheme *theme = scene->theme;
  const PaintColor *border = border_color (node, theme);
  gboolean parameter = node->is_leaf && node->requires_grad && !node->is_output;
  gboolean tiny = scene->zoom < PAINT_TINY_ZOOM;   /* far away a border stays a visible line */
  LayoutRect frame = paint_grown (rect, -1);

  if (node->lit)
    paint_glow (cr, rect, PAINT_BOX_RADIUS, paint_phase_color (theme, scene->phase));
  paint_rounded (cr, &frame, PAINT_BOX_RADIUS);
  paint_set_color (cr, node->dimmed ? &theme->box_dim : &theme->box);
  cairo_fill_preserve (cr);
  paint_set_color (cr, border);
  cairo_set_line_width (cr, MAX (parameter || node->is_output ? 2.2 : 1.6, tiny ? 1.5 / scene->zoom : 0));
  cairo_stroke (cr);
  if (!parameter || tiny)
    return;
  frame = paint_grown (rect, -4.2);
  paint_rounded (cr, &frame, PAINT_BOX_RADIUS - 3);
  cairo_set_line_width (cr, 1.3);
  cairo_stroke (cr);
}

static char *
format_entry (RecRecording *recording, const PlayerNode *node, guint64 shot)
{
  g_autofree char *number = NULL;
  RecShot facts;

  if (recording == NULL || shot == 0 || !rec_recording_get_shot (recording, shot, &facts) || !facts.whole)
    return NULL;
  number = player_format_number (rec_shot_get (&facts, 0));
  return paint_format_entry (node, number);
}

/* "−0.6520", and beside it "| ∂ 1" while that passes, "| ∂ 1 passed" in the colour of what is over afterwards. */
static void
draw_scalar (cairo_t *cr, const PaintScene *scene, const PlayerNode *node, const LayoutRect *rect,
             const PaintBoxShape *shape, double title_width)
{
  g_autofree char *value = format_entry (scene->recording, node, node->shot);
  g_autofree char *gradient = node->is_leaf ? NULL : format_entry (scene->recording, node, node->grad_shot);
  g_autofree char *text = NULL;
  g_autofree char *waiting = NULL;
  const PaintColor *color = &scene->theme->text_dim;

  if (!node->is_leaf && node->grad_state == PLAYER_GRAD_WAITING)
    waiting = player_dup_gradient_word (node);
  if (value == NULL)
    value = g_strdup (node->outline ? "" : PLAYER_NOT_KEPT);
  if (waiting != NULL)
    text = g_strdup_printf ("%s | %s", value, waiting);
  else if (gradient != NULL && node->grad_state == PLAYER_GRAD_PASSED)
    text = g_strdup_printf ("%s | ∂ %s passed", value, gradient);
  else if (gradient != NULL)
    text = g_strdup_printf ("%s | ∂ %s", value, gradient);
  else
    text = g_strdup (value);
  if (node->grad_state == PLAYER_GRAD_PASSING)
    color = &scene->theme->text;
  paint_text (cr, PAINT_FONT_VALUE, text, rect->x + rect->width - PAINT_PAD, rect->y + shape->title_y, PAINT_RIGHT,
              rect->width - 2 * PAINT_PAD - title_width - 8, color);
}

static void
draw_title (cairo_t *cr, const PaintScene *scene, const PlayerNode *node, const LayoutRect *rect,
            const PaintBoxShape *shape)
{
  const PaintTheme *theme = scene->theme;
  g_autofree char *sizes = player_format_size (node->ndim, node->sizes);
  double y = rect->y + shape->title_y, sizes_width = 0;
  LayoutRect drawn;

  if (!shape->inline_value)
    paint_text_size (PAINT_FONT_SIZES, sizes, &sizes_width, NULL);
  drawn = paint_text (cr, PAINT_FONT_TITLE, node->label, rect->x + PAINT_PAD, y, PAINT_LEFT,
                      rect->width - 2 * PAINT_PAD - (sizes_width > 0 ? sizes_width + 8 : 60),
                      node->dimmed ? &theme->text_dim : &theme->text);
  if (shape->inline_value)
    draw_scalar (cr, scene, node, rect, shape, drawn.width);
  else
    paint_text (cr, PAINT_FONT_SIZES, sizes, rect->x + rect->width - PAINT_PAD, y, PAINT_RIGHT, 0, &theme->text_dim);
}

static void
draw_value (cairo_t *cr, const PaintScene *scene, const PlayerNode *node, const LayoutRect *rect,
            const PaintBoxShape *shape)
{
  LayoutRect map = shape->map;
  RecShot facts;

  if (!shape->has_map)
    return;
  map.x += rect->x;
  map.y += rect->y;
  if (node->shot != 0 && scene->recording != NULL && rec_recording_get_shot (scene->recording, node->shot, &facts))
    paint_heat_map (cr, scene->recording, node->shot, &map, scene->value_scale, scene->theme, node->dimmed);
  else
    {
      map.height = MAX (map.height, 8);
      paint_framed_word (cr, &map, map.height >= 16 && map.width >= 50 ? PLAYER_NOT_KEPT : "", scene->theme);
    }
}

void
paint_box (cairo_t *cr, const PaintScene *scene, const PlayerNode *node, const PaintUse *use, const LayoutRect *rect)
{
  g_autofree char *text = paint_use_text (use, node->is_leaf && node->grad_shot != 0);
  PlayerNode shown = *node;
  PaintBoxShape shape;

  if (node->outline)
    {
      draw_outline (cr, scene, node, rect);
      return;
    }
  draw_frame (cr, scene, node, rect);
  if (scene->zoom < PAINT_TINY_ZOOM)
    return;
  paint_box_shape (node, &shape);
  draw_title (cr, scene, node, rect, &shape);
  draw_value (cr, scene, node, rect, &shape);
  paint_box_gradient (cr, scene, node, use, rect, &shape);
  if (use->share != 0)
    shown.grad_shot = use->share;
  if (scene->value_scale <= 0 || scene->gradient_scale <= 0)
    paint_box_scales (cr, scene, &shown, rect);
  if (node->n_saved > 0)
    paint_saved_tab (cr, rect, scene->theme);
  if (text != NULL)
    paint_use_tab (cr, rect, text, scene->theme);
}
