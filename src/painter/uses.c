/* SPDX-License-Identifier: MIT
 *
 * A tensor that is used in many places stands once per use. Its boxes are one: the
 * same name and values, lit and pointed at together, each with a tab "use 3 of 40".
 * What differs is the gradient: a box shows the share that came back from its use;
 * the first one shows the tensor's own row, the .grad all shares are added to. */
#include "paint-private.h"

#define TAB_HEIGHT 15.0
#define TAB_LEFT 10.0

/* The gradient that came back along an edge, where it is one of this tensor's form. */
static guint64
share_of (const PaintScene *scene, const PlayerNode *node, const PlayerEdge *edge)
{
  RecShot facts;

  if (!edge->passed || edge->grad_shot == 0 || scene->recording == NULL
      || !rec_recording_get_shot (scene->recording, edge->grad_shot, &facts) || facts.ndim != node->ndim)
    return 0;
  for (guint d = 0; d < facts.ndim; d++)
    if (facts.sizes[d] != node->sizes[d])
      return 0;
  return edge->grad_shot;
}

PaintUse *
paint_list_uses (const PaintScene *scene, const PlayerNode *node)
{
  guint n = layout_result_get_n_uses (scene->layout, node->id);
  PaintUse *uses = g_new0 (PaintUse, MAX (n, 1));

  for (guint use = 0; use < n; use++)
    uses[use] = (PaintUse) { use, n, use == 0, 0 };
  for (guint k = 0; n > 1 && k < player_graph_get_n_edges (scene->graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (scene->graph, k);
      guint use = 0;

      if (edge->from == node->id || edge->to == node->id)
        use = layout_result_get_edge_use (scene->layout, edge->id, node->id);
      if (use == 0)
        continue;
      uses[use].there = TRUE;
      if (edge->from == node->id && uses[use].share == 0)
        uses[use].share = share_of (scene, node, edge);
    }
  return uses;
}

char *
paint_use_text (const PaintUse *use, gboolean shares)
{
  if (use->n_uses <= 1)
    return NULL;
  if (use->share != 0)
    return g_strdup_printf ("use %u of %u · share", use->use + 1, use->n_uses);
  if (use->use == 0 && shares)
    return g_strdup_printf ("use 1 of %u · .grad", use->n_uses);
  return g_strdup_printf ("use %u of %u", use->use + 1, use->n_uses);
}

LayoutRect
paint_use_tab_rect (const LayoutRect *box, const char *text)
{
  double width, left;

  paint_text_size (PAINT_FONT_TAG, text, &width, NULL);
  width += 12;
  left = width + 2 * TAB_LEFT <= box->width ? TAB_LEFT : (box->width - width) / 2;
  return (LayoutRect) { box->x + left, box->y - TAB_HEIGHT + 4, width, TAB_HEIGHT };
}

void
paint_use_tab (cairo_t *cr, const LayoutRect *box, const char *text, const PaintTheme *theme)
{
  LayoutRect tab = paint_use_tab_rect (box, text);

  paint_rounded (cr, &tab, 4);
  paint_set_color (cr, &theme->background_edge);
  cairo_fill_preserve (cr);
  paint_set_color (cr, &theme->edge_dim);
  cairo_set_line_width (cr, 1.2);
  cairo_stroke (cr);
  paint_text (cr, PAINT_FONT_TAG, text, tab.x + tab.width / 2, tab.y + tab.height / 2, PAINT_CENTER, 0,
              &theme->text_dim);
}
