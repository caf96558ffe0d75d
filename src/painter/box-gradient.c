/* SPDX-License-Identifier: MIT
 *
 * The second part of a box: its gradient as a map, or the word that says why
 * there is none. `.grad` (kept) and a gradient that passes are different things
 * and never bear the same name. Called by box.c. */
#include "paint-private.h"
#include "player/explain.h"

#define TWO_LINES_PX 13.5    /* the size and the badge */

static char *
format_norm (RecRecording *recording, guint64 shot)
{
  RecShot facts;
  RecStats stats;

  if (recording == NULL || shot == 0 || !rec_recording_get_shot (recording, shot, &facts))
    return NULL;
  rec_shot_get_stats (&facts, &stats);
  return player_format_number (stats.norm);
}

static LayoutRect
placed (const LayoutRect *part, const LayoutRect *box)
{
  return (LayoutRect) { box->x + part->x, box->y + part->y, part->width, part->height };
}

LayoutRect
paint_gradient_map (const PaintBoxShape *shape)
{
  return (LayoutRect) { shape->gradient.x, shape->gradient.y + (shape->gradient.height - shape->map.height) / 2,
                        shape->map.width, shape->map.height };
}

static void
draw_gradient_map (cairo_t *cr, const PaintScene *scene, guint64 shot, gboolean pale, const LayoutRect *box,
                   const PaintBoxShape *shape)
{
  LayoutRect part = paint_gradient_map (shape), map = placed (&part, box);

  paint_heat_map (cr, scene->recording, shot, &map, scene->gradient_scale, scene->theme, pale);
}

static void
draw_line (cairo_t *cr, const PaintScene *scene, const char *text, const LayoutRect *rect)
{
  paint_text (cr, PAINT_FONT_WORDS, text, rect->x, rect->y + rect->height / 2, PAINT_LEFT, rect->width,
              &scene->theme->text_dim);
}

/* Forward: how large the value is, and the badge in the room that the gradient will take. */
static void
draw_forward_lines (cairo_t *cr, const PaintScene *scene, const PlayerNode *node, const LayoutRect *box,
                    const PaintBoxShape *shape)
{
  g_autofree char *norm = format_norm (scene->recording, node->shot);
  g_autofree char *size = norm != NULL ? g_strdup_printf ("size %s", norm) : NULL;
  LayoutRect line = placed (&shape->words, box), above = line;
  gboolean two = shape->has_gradient_map && shape->gradient.y > shape->map.y;

  if (two && node->badge != NULL && size != NULL)
    {
      above.y = box->y + shape->map.y + shape->map.height + 9.5 - above.height / 2;
      line.y = above.y + TWO_LINES_PX;
      draw_line (cr, scene, size, &above);
    }
  else if (two)
    line.y = box->y + (shape->map.y + shape->map.height + shape->height - line.height) / 2 - 1;
  if (node->badge != NULL)
    draw_line (cr, scene, node->badge, &line);
  else if (size != NULL)
    draw_line (cr, scene, size, &line);
}

/* "∂loss passed, not kept", "∂loss  size 1.270"; NULL: nothing to say. Caller frees. */
static char *
dup_backward_line (const PaintScene *scene, const PlayerNode *node, const char *root)
{
  g_autofree char *norm = format_norm (scene->recording, node->grad_shot);

  if (node->grad_state == PLAYER_GRAD_PASSED)
    return g_strdup_printf ("∂%s passed, not kept", root);
  if (norm != NULL && node->grad_state == PLAYER_GRAD_KEPT)
    return g_strdup_printf (".grad  size %s", norm);
  return norm != NULL ? g_strdup_printf ("∂%s  size %s", root, norm) : NULL;
}

/* A root's name that is too long for the box is left out. */
static void
draw_backward_line (cairo_t *cr, const PaintScene *scene, const PlayerNode *node, const LayoutRect *line)
{
  g_autofree char *full = dup_backward_line (scene, node, node->grad_root != NULL ? node->grad_root : "");
  g_autofree char *brief = dup_backward_line (scene, node, "");
  double width = 0;

  if (full == NULL)
    return;
  paint_text_size (PAINT_FONT_WORDS, full, &width, NULL);
  draw_line (cr, scene, width <= line->width ? full : brief, line);
}

static char *
format_gradient (const PaintScene *scene, const PlayerNode *node, const char *name, guint64 shot)
{
  g_autofree char *number = NULL, *entry = NULL;
  RecShot facts;

  if (!rec_recording_get_shot (scene->recording, shot, &facts))
    return NULL;
  number = player_format_number (rec_shot_get (&facts, 0));
  entry = paint_format_entry (node, number);
  return g_strdup_printf ("%s %s", name, entry);
}

static void
draw_scalar_leaf (cairo_t *cr, const PaintScene *scene, const PlayerNode *node, guint64 share, const LayoutRect *line)
{
  g_autofree char *word = share == 0 ? player_dup_gradient_word (node) : NULL;
  g_autofree char *text = NULL;

  if (word == NULL)
    text = share != 0 ? format_gradient (scene, node, "share", share)
                      : format_gradient (scene, node, ".grad", node->grad_shot);
  if (text != NULL)
    paint_text (cr, PAINT_FONT_WORDS, text, line->x + line->width / 2, line->y + line->height / 2,
                PAINT_CENTER, line->width, &scene->theme->text_dim);
  else
    paint_framed_word (cr, line, word != NULL ? word : "", scene->theme);
}

/* Pale, as what passed is: it is a part of what is kept elsewhere. */
static void
draw_share (cairo_t *cr, const PaintScene *scene, const PlayerNode *node, const PaintUse *use, const LayoutRect *rect,
            const PaintBoxShape *shape)
{
  g_autofree char *norm = format_norm (scene->recording, use->share);
  g_autofree char *text = norm != NULL ? g_strdup_printf ("its share  size %s", norm) : NULL;
  LayoutRect words = placed (&shape->words, rect);

  if (shape->has_gradient_map)
    draw_gradient_map (cr, scene, use->share, TRUE, rect, shape);
  if (shape->has_words && text != NULL)
    draw_line (cr, scene, text, &words);
}

void
paint_box_gradient (cairo_t *cr, const PaintScene *scene, const PlayerNode *node, const PaintUse *use,
                    const LayoutRect *rect, const PaintBoxShape *shape)
{
  g_autofree char *word = player_dup_gradient_word (node);
  LayoutRect words = placed (&shape->words, rect), gradient = placed (&shape->gradient, rect);

  if (shape->inline_value)
    {
      if (shape->has_words && node->grad_state != PLAYER_GRAD_NO_ROW)
        draw_scalar_leaf (cr, scene, node, use->share, &words);
      return;
    }
  if (use->share != 0)
    {
      draw_share (cr, scene, node, use, rect, shape);
      return;
    }
  if (node->grad_state == PLAYER_GRAD_NO_ROW)
    {
      if (!node->is_leaf)
        draw_forward_lines (cr, scene, node, rect, shape);
      return;
    }
  if (word != NULL)
    {
      gboolean in_map = shape->has_gradient_map && (node->is_leaf || gradient.height >= 16);
      paint_framed_word (cr, in_map ? &gradient : &words, word, scene->theme);
      return;
    }
  if (shape->has_gradient_map)
    draw_gradient_map (cr, scene, node->grad_shot, node->grad_state == PLAYER_GRAD_PASSED, rect, shape);
  if (shape->has_words)
    draw_backward_line (cr, scene, node, &words);
}
