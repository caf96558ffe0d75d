/* SPDX-License-Identifier: MIT
 *
 * See places.h. */
#include "places.h"

#define EDGE_SAMPLES 200

void
truth_problem (TruthCheck *check, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  check->n_problems++;
  g_test_message ("position %u: %s", check->position, text);
}

gboolean
truth_overlap (const LayoutRect *a, const LayoutRect *b, double by)
{
  return a->x + by < b->x + b->width && b->x + by < a->x + a->width
         && a->y + by < b->y + b->height && b->y + by < a->y + a->height;
}

gboolean
truth_inside (const LayoutRect *inner, const LayoutRect *outer)
{
  return inner->x >= outer->x - TRUTH_TOLERANCE_PX && inner->y >= outer->y - TRUTH_TOLERANCE_PX
         && inner->x + inner->width <= outer->x + outer->width + TRUTH_TOLERANCE_PX
         && inner->y + inner->height <= outer->y + outer->height + TRUTH_TOLERANCE_PX;
}

gboolean
truth_has_point (const LayoutRect *rect, double x, double y)
{
  return x > rect->x && x < rect->x + rect->width && y > rect->y && y < rect->y + rect->height;
}


GArray *
truth_list_drawn (TruthCheck *check, const PlayerGraph *graph)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (TruthDrawn));

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      TruthDrawn drawn = { player_graph_get_node (graph, k), 0, { 0 } };

      g_assert_cmpuint (layout_result_get_n_uses (check->run->layout, drawn.node->id), >, 0);
      for (; layout_result_get_use (check->run->layout, drawn.node->id, drawn.use, &drawn.rect); drawn.use++)
        g_array_append_val (all, drawn);
    }
  return all;
}

static void
check_boxes (TruthCheck *check, const PlayerGraph *graph)
{
  g_autoptr (GArray) all = truth_list_drawn (check, graph);

  for (guint k = 0; k < all->len; k++)
    for (guint m = k + 1; m < all->len; m++)
      {
        const TruthDrawn *a = &g_array_index (all, TruthDrawn, k), *b = &g_array_index (all, TruthDrawn, m);

        if (truth_overlap (&a->rect, &b->rect, 0))
          truth_problem (check, "%s and %s overlap", a->node->label, b->node->label);
      }
}

static void
check_tags (TruthCheck *check, const PlayerGraph *graph)
{
  g_autoptr (GArray) all = truth_list_drawn (check, graph);

  for (guint e = 0; e < player_graph_get_n_edges (graph); e++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph, e);
      LayoutRect tag;

      if (edge->tag == NULL)
        continue;
      g_assert_true (layout_result_get_tag (check->run->layout, edge->id, &tag));
      for (guint k = 0; k < all->len; k++)
        if (truth_overlap (&tag, &g_array_index (all, TruthDrawn, k).rect, 0))
          truth_problem (check, "the tag %s lies on %s", edge->tag, g_array_index (all, TruthDrawn, k).node->label);
    }
}

/* Samples the curve: a point inside a box that the edge does not join is a crossing. */
static void
check_edge (TruthCheck *check, const GArray *all, const PlayerEdge *edge)
{
  for (guint k = 0; k < all->len; k++)
    {
      const TruthDrawn *drawn = &g_array_index (all, TruthDrawn, k);
      guint id = drawn->node->id;

      if ((id == edge->from || id == edge->to)
          && drawn->use == layout_result_get_edge_use (check->run->layout, edge->id, id))
        continue;
      for (guint s = 0; s <= EDGE_SAMPLES; s++)
        {
          LayoutPoint point;
          double angle;

          g_assert_true (layout_result_point_on_edge (check->run->layout, edge->id, (double) s / EDGE_SAMPLES,
                                                      &point, &angle));
          if (!truth_has_point (&drawn->rect, point.x, point.y))
            continue;
          truth_problem (check, "the edge %u → %u crosses %s", edge->from, edge->to, drawn->node->label);
          break;
        }
    }
}

void
truth_check_places (TruthCheck *check)
{
  const PlayerGraph *graph = truth_run_get_laid_out (check->run);
  g_autoptr (GArray) all = truth_list_drawn (check, graph);

  check_boxes (check, graph);
  check_tags (check, graph);
  for (guint e = 0; e < player_graph_get_n_edges (graph); e++)
    check_edge (check, all, player_graph_get_edge (graph, e));
}
