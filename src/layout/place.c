/* SPDX-License-Identifier: MIT
 *
 * From dot's columns and ranks to the picture: heights of the ranks' bands, gaps
 * (wider where curves swing far sideways), ports at the bodies, curves, bounds.
 * Invariant: slots of one rank are disjoint in x (dot's), bands in y (ours). */
#include "layout-private.h"

#include <math.h>
#include <string.h>

#define GAP_PX 24.0
#define TAG_GAP_PX 14.0
#define GAP_PER_SWING 0.04
#define MAX_EXTRA_GAP_PX 40.0
#define LANE_PX 9.0
#define SNAP_PX 8.0
#define MARGIN_PX 4.0

typedef struct
{
  const LayoutInput *input;
  const LayoutPlaces *places;
  LayoutField field;
  gboolean *only_tags;       /* per rank */
  double *from_x, *to_x;     /* per edge: ports */
} PlaceJob;

static double
slot_x_of (const PlaceJob *job, guint slot)
{
  return job->places->slots[slot].x;
}

/* What an edge meets first below its source, or last above its target. */
static double
neighbour_x (const PlaceJob *job, guint edge, gboolean at_source)
{
  const LayoutInputEdge *facts = &job->input->edges[edge];
  const GArray *crossings = job->places->crossings[edge];
  guint tag = job->input->n_nodes + edge;
  guint tag_rank = facts->tagged ? job->places->slots[tag].rank : 0;
  const LayoutCrossing *nearest = NULL;

  if (crossings->len > 0)
    nearest = &g_array_index (crossings, LayoutCrossing, at_source ? 0 : crossings->len - 1);
  if (facts->tagged && (nearest == NULL || (at_source ? tag_rank < nearest->rank : tag_rank > nearest->rank)))
    return slot_x_of (job, tag);
  if (nearest != NULL)
    return nearest->x;
  return slot_x_of (job, at_source ? facts->to : facts->from);
}

typedef struct { guint edge; double x; guint operand; } Port;

static int
compare_ports (gconstpointer a, gconstpointer b)
{
  const Port *left = a, *right = b;

  if (fabs (left->x - right->x) > 0.5)
    return left->x < right->x ? -1 : 1;
  if (left->operand != right->operand)
    return left->operand < right->operand ? -1 : 1;
  return (left->edge > right->edge) - (left->edge < right->edge);
}

/* Spreads the edges that end at (or leave) one node along its border, in the order in which they come. */
static void
spread_ports (PlaceJob *job, GArray *ports, guint node, gboolean outgoing)
{
  double width = job->input->nodes[node].size.width;
  double *x = outgoing ? job->from_x : job->to_x;
  double spacing = 0;

  if (ports->len > 1)
    spacing = MIN ((outgoing ? 0.5 : 0.62) * width / (ports->len - 1), outgoing ? 26 : 44);
  g_array_sort (ports, compare_ports);
  for (guint k = 0; k < ports->len; k++)
    {
      const Port *port = &g_array_index (ports, Port, k);
      double even = slot_x_of (job, node) + (k - (ports->len - 1) / 2.0) * spacing;

      x[port->edge] = fabs (port->x - even) < MIN (SNAP_PX, spacing / 2) ? port->x : even;
    }
}

static void
find_ports (PlaceJob *job, gboolean outgoing)
{
  const LayoutInput *input = job->input;
  g_autofree GArray **per_node = g_new0 (GArray *, input->n_nodes + 1);

  for (guint i = 0; i < input->n_edges; i++)
    {
      guint node = outgoing ? input->edges[i].from : input->edges[i].to;
      Port port = { i, neighbour_x (job, i, outgoing), input->edges[i].operand };

      if (per_node[node] == NULL)
        per_node[node] = g_array_new (FALSE, FALSE, sizeof (Port));
      g_array_append_val (per_node[node], port);
    }
  for (guint n = 0; n < input->n_nodes; n++)
    if (per_node[n] != NULL)
      {
        spread_ports (job, per_node[n], n, outgoing);
        g_array_unref (per_node[n]);
      }
}

/* How far sideways an edge swings in each gap: extra[r] is the gap below rank r. */
static void
measure_swings (const PlaceJob *job, double *extra)
{
  for (guint i = 0; i < job->input->n_edges; i++)
    {
      const LayoutInputEdge *edge = &job->input->edges[i];
      double swing = fabs (neighbour_x (job, i, FALSE) - slot_x_of (job, edge->to));
      guint rank = job->places->slots[edge->to].rank;

      if (rank > 0)
        extra[rank - 1] = MAX (extra[rank - 1], swing);
      swing = fabs (neighbour_x (job, i, TRUE) - slot_x_of (job, edge->from));
      rank = job->places->slots[edge->from].rank;
      extra[rank] = MAX (extra[rank], swing);
    }
}

static void
find_bands (PlaceJob *job)
{
  const LayoutPlaces *places = job->places;
  g_autofree double *height = g_new0 (double, places->n_ranks + 1);
  g_autofree double *extra = g_new0 (double, places->n_ranks + 1);
  double y = 0;

  job->only_tags = g_new (gboolean, places->n_ranks + 1);
  for (guint r = 0; r <= places->n_ranks; r++)
    job->only_tags[r] = TRUE;
  for (guint s = 0; s < places->n_slots; s++)
    if (places->slots[s].used)
      {
        guint rank = places->slots[s].rank;
        height[rank] = MAX (height[rank], places->slots[s].height);
        job->only_tags[rank] = job->only_tags[rank] && s >= job->input->n_nodes;
      }
  measure_swings (job, extra);
  job->field.n_bands = places->n_ranks;
  job->field.bands = g_new0 (LayoutBand, places->n_ranks + 1);
  for (guint r = 0; r < places->n_ranks; r++)
    {
      gboolean tags = job->only_tags[r] || (r + 1 < places->n_ranks && job->only_tags[r + 1]);

      job->field.bands[r] = (LayoutBand) { y, y + height[r] };
      y += height[r] + (tags ? TAG_GAP_PX : GAP_PX) + MIN (GAP_PER_SWING * extra[r], MAX_EXTRA_GAP_PX);
    }
}

/* A slot's room. Leaves of the first rank hang from the top, all else is centred in its band. */
static LayoutRect
slot_rect (const PlaceJob *job, guint s)
{
  const LayoutSlot *slot = &job->places->slots[s];
  const LayoutBand *band = &job->field.bands[slot->rank];
  double y = (band->top + band->bottom - slot->height) / 2;

  if (slot->rank == 0 && s < job->input->n_nodes && !job->input->nodes[s].has_input)
    y = band->top;
  return (LayoutRect) { slot->x - slot->left, y, slot->left + slot->right, slot->height };
}

typedef struct { guint rank; LayoutRect rect; } Obstacle;

static int
compare_obstacles (gconstpointer a, gconstpointer b)
{
  const Obstacle *left = a, *right = b;

  if (left->rank != right->rank)
    return left->rank < right->rank ? -1 : 1;
  return (left->rect.x > right->rect.x) - (left->rect.x < right->rect.x);
}

static void
fill_obstacles (PlaceJob *job)
{
  const LayoutPlaces *places = job->places;
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Obstacle));
  guint rank = 0;

  for (guint s = 0; s < places->n_slots; s++)
    if (places->slots[s].used)
      {
        Obstacle obstacle = { places->slots[s].rank, slot_rect (job, s) };
        g_array_append_val (all, obstacle);
      }
  g_array_sort (all, compare_obstacles);
  job->field.obstacles = g_new0 (LayoutRect, all->len + 1);
  job->field.first = g_new0 (guint, places->n_ranks + 2);
  for (guint i = 0; i < all->len; i++)
    {
      const Obstacle *obstacle = &g_array_index (all, Obstacle, i);

      for (; rank < obstacle->rank; rank++)
        job->field.first[rank + 1] = i;
      job->field.obstacles[i] = obstacle->rect;
    }
  for (; rank <= places->n_ranks; rank++)
    job->field.first[rank + 1] = all->len;
}

static int
compare_crossings (gconstpointer a, gconstpointer b)
{
  const LayoutCrossing *const *left = a, *const *right = b;
  return ((*left)->x > (*right)->x) - ((*left)->x < (*right)->x);
}

/* Moves crossings off the boxes and, where there is room, off each other. */
static void
clear_crossings (PlaceJob *job)
{
  g_autofree GPtrArray **ranks = g_new0 (GPtrArray *, job->places->n_ranks + 1);

  for (guint i = 0; i < job->input->n_edges; i++)
    for (guint k = 0; k < job->places->crossings[i]->len; k++)
      {
        LayoutCrossing *crossing = &g_array_index (job->places->crossings[i], LayoutCrossing, k);

        crossing->x = layout_route_clear_x (&job->field, crossing->rank, crossing->x);
        if (ranks[crossing->rank] == NULL)
          ranks[crossing->rank] = g_ptr_array_new ();
        g_ptr_array_add (ranks[crossing->rank], crossing);
      }
  for (guint r = 0; r < job->places->n_ranks; r++)
    if (ranks[r] != NULL)
      {
        g_ptr_array_sort (ranks[r], compare_crossings);
        for (guint k = 1; k < ranks[r]->len; k++)
          {
            LayoutCrossing *left = ranks[r]->pdata[k - 1], *here = ranks[r]->pdata[k];
            double wanted = MAX (here->x, left->x + LANE_PX);

            if (layout_route_clear_x (&job->field, r, wanted) == wanted)
              here->x = wanted;
          }
        g_ptr_array_unref (ranks[r]);
      }
}

static LayoutRect
body_rect (const PlaceJob *job, guint node)
{
  const LayoutSize *size = &job->input->nodes[node].size;
  LayoutRect room = slot_rect (job, node);

  return (LayoutRect) { slot_x_of (job, node) - size->width / 2, room.y, size->width, room.height };
}

static void
append_tag (const PlaceJob *job, guint edge, GArray *ways)
{
  guint slot = job->input->n_nodes + edge;
  LayoutRect rect = slot_rect (job, slot);
  LayoutWaypoint way = { slot_x_of (job, slot), rect.y, rect.y + rect.height,
                         job->places->slots[slot].rank, TRUE };

  g_array_append_val (ways, way);
}

static void
place_edge (const PlaceJob *job, guint i, LayoutEdge *edge)
{
  const LayoutInputEdge *facts = &job->input->edges[i];
  const GArray *crossings = job->places->crossings[i];
  guint tag_slot = job->input->n_nodes + i;
  g_autoptr (GArray) ways = g_array_new (FALSE, FALSE, sizeof (LayoutWaypoint));
  LayoutRect from = body_rect (job, facts->from), to = body_rect (job, facts->to);
  LayoutWaypoint way = { job->from_x[i], from.y + from.height, from.y + from.height,
                         job->places->slots[facts->from].rank, TRUE };
  gboolean tag_done = !facts->tagged;

  g_array_append_val (ways, way);
  for (guint k = 0; k < crossings->len; k++)
    {
      const LayoutCrossing *crossing = &g_array_index (crossings, LayoutCrossing, k);
      const LayoutBand *band = &job->field.bands[crossing->rank];

      if (!tag_done && crossing->rank > job->places->slots[tag_slot].rank)
        {
          append_tag (job, i, ways);
          tag_done = TRUE;
        }
      way = (LayoutWaypoint) { crossing->x, band->top, band->bottom, crossing->rank, FALSE };
      g_array_append_val (ways, way);
    }
  if (!tag_done)
    append_tag (job, i, ways);
  way = (LayoutWaypoint) { job->to_x[i], to.y, to.y, job->places->slots[facts->to].rank, TRUE };
  g_array_append_val (ways, way);

  edge->id = facts->id;
  edge->upper = job->input->nodes[facts->from].id;
  edge->use = job->input->nodes[facts->from].use;
  edge->tagged = facts->tagged;
  if (facts->tagged)
    edge->tag = slot_rect (job, tag_slot);
  edge->points = layout_route (&job->field, (LayoutWaypoint *) ways->data, ways->len, &edge->n_points);
  for (guint k = 0; facts->upward && k < edge->n_points / 2; k++)
    {
      LayoutPoint swapped = edge->points[k];

      edge->points[k] = edge->points[edge->n_points - 1 - k];
      edge->points[edge->n_points - 1 - k] = swapped;
    }
}

static void
extend (double *box, double x, double y, double width, double height)
{
  box[0] = MIN (box[0], x);
  box[1] = MIN (box[1], y);
  box[2] = MAX (box[2], x + width);
  box[3] = MAX (box[3], y + height);
}

static void
find_bounds (LayoutResult *result)
{
  double box[4] = { INFINITY, INFINITY, -INFINITY, -INFINITY };

  for (guint i = 0; i < result->n_nodes; i++)
    extend (box, result->nodes[i].room.x, result->nodes[i].room.y,
            result->nodes[i].room.width, result->nodes[i].room.height);
  for (guint i = 0; i < result->n_edges; i++)
    {
      const LayoutEdge *edge = &result->edges[i];

      if (edge->tagged)
        extend (box, edge->tag.x, edge->tag.y, edge->tag.width, edge->tag.height);
      for (guint k = 0; k < edge->n_points; k++)
        extend (box, edge->points[k].x, edge->points[k].y, 0, 0);
    }
  if (result->n_nodes == 0)
    return;
  result->bounds = (LayoutRect) { box[0] - MARGIN_PX, box[1] - MARGIN_PX,
                                  box[2] - box[0] + 2 * MARGIN_PX, box[3] - box[1] + 2 * MARGIN_PX };
}

static int
compare_result_nodes (gconstpointer a, gconstpointer b)
{
  const LayoutNode *left = a, *right = b;

  if (left->id != right->id)
    return left->id < right->id ? -1 : 1;
  return (left->use > right->use) - (left->use < right->use);
}

static int
compare_result_edges (gconstpointer a, gconstpointer b)
{
  const LayoutEdge *left = a, *right = b;
  return (left->id > right->id) - (left->id < right->id);
}

static LayoutResult *
collect (const PlaceJob *job)
{
  const LayoutInput *input = job->input;
  LayoutResult *result = g_new0 (LayoutResult, 1);

  result->ref_count = 1;
  result->structure_hash = input->structure_hash;
  result->input_hash = input->hash;
  result->n_nodes = input->n_nodes;
  result->n_edges = input->n_edges;
  result->nodes = g_new0 (LayoutNode, MAX (input->n_nodes, 1));
  result->edges = g_new0 (LayoutEdge, MAX (input->n_edges, 1));
  for (guint i = 0; i < input->n_nodes; i++)
    {
      LayoutRect body = body_rect (job, i);
      const LayoutSize *size = &input->nodes[i].size;

      result->nodes[i] = (LayoutNode) {
        .id = input->nodes[i].id, .use = input->nodes[i].use, .n_uses = input->nodes[i].n_uses, .rect = body, .rank = job->places->slots[i].rank,
        .room = { body.x - size->left, body.y, body.width + size->left + size->right, body.height },
        .has_edge = input->nodes[i].has_edge };
    }
  for (guint i = 0; i < input->n_edges; i++)
    place_edge (job, i, &result->edges[i]);
  qsort (result->nodes, result->n_nodes, sizeof *result->nodes, compare_result_nodes);
  qsort (result->edges, result->n_edges, sizeof *result->edges, compare_result_edges);
  find_bounds (result);
  return result;
}

/* Makes the picture. Deterministic; the crossings in places are adjusted. */
LayoutResult *
layout_place (const LayoutInput *input, const LayoutPlaces *places)
{
  PlaceJob job = { .input = input, .places = places };
  LayoutResult *result;

  job.from_x = g_new0 (double, input->n_edges + 1);
  job.to_x = g_new0 (double, input->n_edges + 1);
  find_bands (&job);
  fill_obstacles (&job);
  clear_crossings (&job);
  find_ports (&job, FALSE);
  find_ports (&job, TRUE);
  result = collect (&job);
  g_free (job.from_x);
  g_free (job.to_x);
  g_free (job.only_tags);
  g_free (job.field.bands);
  g_free (job.field.obstacles);
  g_free (job.field.first);
  return result;
}
