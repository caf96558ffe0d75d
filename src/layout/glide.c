/* SPDX-License-Identifier: MIT
 *
 * The pictures between two pictures: boxes that stand in both go from their old
 * place to the new one, straight or, where one would slide over another, first down
 * and then aside; one that would be in the way even so stands in its new place at
 * once, as what is new does. Curves stay at the borders of their boxes. UI thread. */
#include "layout-private.h"

#define BORDER_PX 1.0
#define N_SAMPLES 12

typedef struct
{
  const LayoutNode *from;    /* NULL: it is new */
  gboolean jumps;            /* at once to where it will be */
} Mover;

struct _LayoutGlide
{
  LayoutResult *from, *to;
  gboolean down_first;
  Mover *movers;             /* per node of `to` */
};

/* How much of the way is done, sideways and down. */
typedef struct { double x, y; } Way;

static double
between (double from, double to, double t)
{
  return from + (to - from) * t;
}

double
layout_ease (double t)
{
  t = CLAMP (t, 0, 1);
  return t * t * (3 - 2 * t);
}

static Way
find_way (const LayoutGlide *glide, double t)
{
  if (glide->down_first)
    return (Way) { layout_ease (2 * t - 1), layout_ease (2 * t) };
  return (Way) { layout_ease (t), layout_ease (t) };
}

static LayoutRect
rect_between (const LayoutRect *from, const LayoutRect *to, Way way)
{
  return (LayoutRect) { between (from->x, to->x, way.x), between (from->y, to->y, way.y),
                        between (from->width, to->width, way.x), between (from->height, to->height, way.y) };
}

static gboolean
moves (const Mover *mover)
{
  return mover->from != NULL && !mover->jumps;
}

/* --- finding a way ---------------------------------------------------------------- */

static gboolean
overlap (const LayoutRect *a, const LayoutRect *b)
{
  return a->x + BORDER_PX < b->x + b->width && b->x + BORDER_PX < a->x + a->width
         && a->y + BORDER_PX < b->y + b->height && b->y + BORDER_PX < a->y + a->height;
}

/* Whether the two may not lie on each other on the way. A new one may lie on what makes room for it, but no leaf
 * on its way to its first use may pass over it. */
static gboolean
must_keep_clear (const Mover *a, const Mover *b)
{
  if (a->from == NULL || b->from == NULL)
    return (moves (a) && !a->from->has_edge) || (moves (b) && !b->from->has_edge);
  return TRUE;
}

static double
distance (const LayoutGlide *glide, guint i)
{
  const LayoutRect *from = &glide->movers[i].from->rect, *to = &glide->to->nodes[i].rect;

  return ABS (to->x - from->x) + ABS (to->y - from->y);
}

/* A leaf on its way to its first use jumps rather than what already has an edge, else what has further to go. */
static guint
choose_jumper (const LayoutGlide *glide, guint a, guint b)
{
  const Mover *left = &glide->movers[a], *right = &glide->movers[b];

  if (!moves (left) || !moves (right))
    return moves (left) ? a : b;
  if (left->from->has_edge != right->from->has_edge)
    return left->from->has_edge ? b : a;
  return distance (glide, a) > distance (glide, b) ? a : b;
}

/* Whether two boxes lie on each other at that time; jump: then one of the two is told to jump, and so on. */
static gboolean
find_clash (LayoutGlide *glide, double t, gboolean jump)
{
  guint n = glide->to->n_nodes;
  g_autofree LayoutRect *rects = g_new (LayoutRect, n + 1);
  Way way = find_way (glide, t);
  gboolean found = FALSE;

  for (guint i = 0; i < n; i++)
    {
      const Mover *mover = &glide->movers[i];
      const LayoutRect *place = &glide->to->nodes[i].rect;

      rects[i] = moves (mover) ? rect_between (&mover->from->rect, place, way) : *place;
      for (guint j = 0; j < i; j++)
        if (must_keep_clear (mover, &glide->movers[j]) && overlap (&rects[i], &rects[j]))
          {
            guint jumper = choose_jumper (glide, i, j);

            if (!jump)
              return TRUE;
            found = found || moves (&glide->movers[jumper]);
            glide->movers[jumper].jumps = TRUE;
            rects[jumper] = glide->to->nodes[jumper].rect;
          }
    }
  return found;
}

static gboolean
find_any_clash (LayoutGlide *glide, gboolean jump)
{
  gboolean found = FALSE;

  for (guint k = 1; k < N_SAMPLES && (jump || !found); k++)
    found = find_clash (glide, (double) k / N_SAMPLES, jump) || found;
  return found;
}

static void
find_path (LayoutGlide *glide)
{
  if (!find_any_clash (glide, FALSE))
    return;
  glide->down_first = TRUE;
  if (!find_any_clash (glide, FALSE))
    return;
  glide->down_first = FALSE;
  while (find_any_clash (glide, TRUE))
    ;
}

LayoutGlide *
layout_glide_new (LayoutResult *from, LayoutResult *to)
{
  LayoutGlide *glide;

  g_return_val_if_fail (from != NULL && to != NULL, NULL);
  glide = g_new0 (LayoutGlide, 1);
  glide->from = layout_result_ref (from);
  glide->to = layout_result_ref (to);
  glide->movers = g_new0 (Mover, to->n_nodes + 1);
  for (guint i = 0; i < to->n_nodes; i++)
    glide->movers[i].from = layout_result_lookup_use (from, to->nodes[i].id, to->nodes[i].use);
  find_path (glide);
  return glide;
}

void
layout_glide_free (LayoutGlide *glide)
{
  if (glide == NULL)
    return;
  layout_result_unref (glide->from);
  layout_result_unref (glide->to);
  g_free (glide->movers);
  g_free (glide);
}

/* --- the picture at a time ---------------------------------------------------------- */

/* The box that this end of a curve touches in the new picture, or NULL. */
static const Mover *
find_mover (const LayoutGlide *glide, LayoutPoint end, guint *index)
{
  for (guint i = 0; i < glide->to->n_nodes; i++)
    {
      const LayoutRect *rect = &glide->to->nodes[i].rect;

      if (end.x >= rect->x - BORDER_PX && end.x <= rect->x + rect->width + BORDER_PX
          && end.y >= rect->y - BORDER_PX && end.y <= rect->y + rect->height + BORDER_PX)
        {
          *index = i;
          return &glide->movers[i];
        }
    }
  return NULL;
}

/* How far the box that this end of a curve touches still has to go. */
static LayoutPoint
box_offset (const LayoutGlide *glide, LayoutPoint end)
{
  guint i;
  const Mover *mover = find_mover (glide, end, &i);
  const LayoutRect *old, *rect;

  if (mover == NULL || !moves (mover))
    return (LayoutPoint) { 0, 0 };
  old = &mover->from->rect;
  rect = &glide->to->nodes[i].rect;
  return (LayoutPoint) { old->x + old->width / 2 - rect->x - rect->width / 2,
                         old->y + (old->height - rect->height) / 2 - rect->y };
}

static gboolean
end_jumps (const LayoutGlide *glide, LayoutPoint end)
{
  guint i;
  const Mover *mover = find_mover (glide, end, &i);

  return mover != NULL && mover->jumps;
}

static LayoutPoint
difference (LayoutPoint a, LayoutPoint b)
{
  return (LayoutPoint) { a.x - b.x, a.y - b.y };
}

/* Moves a curve of the new picture back towards where its ends were. */
static void
bend (LayoutEdge *edge, LayoutPoint first, LayoutPoint last, Way way)
{
  for (guint k = 0; k < edge->n_points; k++)
    {
      double along = edge->n_points > 1 ? (double) k / (edge->n_points - 1) : 0;

      edge->points[k].x += (1 - way.x) * between (first.x, last.x, along);
      edge->points[k].y += (1 - way.y) * between (first.y, last.y, along);
    }
  edge->tag.x += (1 - way.x) * (first.x + last.x) / 2;
  edge->tag.y += (1 - way.y) * (first.y + last.y) / 2;
}

static void
blend_edge (const LayoutGlide *glide, LayoutEdge *edge, Way way)
{
  const LayoutEdge *old = layout_result_lookup_edge (glide->from, edge->id);
  guint n = edge->n_points;
  LayoutRect tag = edge->tag;

  if (n == 0)
    return;
  if (old == NULL || old->n_points == 0 || end_jumps (glide, edge->points[0]) || end_jumps (glide, edge->points[n - 1]))
    {
      bend (edge, box_offset (glide, edge->points[0]), box_offset (glide, edge->points[n - 1]), way);
      return;
    }
  if (old->n_points != n)
    bend (edge, difference (old->points[0], edge->points[0]),
          difference (old->points[old->n_points - 1], edge->points[n - 1]), way);
  else
    for (guint k = 0; k < n; k++)
      edge->points[k] = (LayoutPoint) { between (old->points[k].x, edge->points[k].x, way.x),
                                        between (old->points[k].y, edge->points[k].y, way.y) };
  if (old->tagged && edge->tagged)
    edge->tag = rect_between (&old->tag, &tag, way);
}

LayoutResult *
layout_glide_at (const LayoutGlide *glide, double t)
{
  Way way = find_way (glide, t);
  LayoutResult *result = layout_result_moved (glide->to, 0, 0, glide->to->structure_hash);

  for (guint i = 0; i < result->n_nodes; i++)
    {
      LayoutNode *node = &result->nodes[i];
      const Mover *mover = &glide->movers[i];

      if (!moves (mover))
        continue;
      node->rect = rect_between (&mover->from->rect, &node->rect, way);
      node->room = rect_between (&mover->from->room, &node->room, way);
    }
  for (guint i = 0; i < result->n_edges; i++)
    blend_edge (glide, &result->edges[i], way);
  result->bounds = rect_between (&glide->from->bounds, &glide->to->bounds, way);
  return result;
}

gboolean
layout_result_same_places (const LayoutResult *from, const LayoutResult *to)
{
  for (guint i = 0; i < from->n_nodes; i++)
    {
      const LayoutRect *old = &from->nodes[i].rect;
      const LayoutNode *now = layout_result_lookup_use (to, from->nodes[i].id, from->nodes[i].use);

      if (now != NULL && (ABS (now->rect.x - old->x) > BORDER_PX || ABS (now->rect.y - old->y) > BORDER_PX))
        return FALSE;
    }
  return TRUE;
}
