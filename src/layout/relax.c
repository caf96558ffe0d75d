/* SPDX-License-Identifier: MIT
 *
 * Straightens dot's columns: every slot and every crossing of a long edge moves
 * towards the weighted middle of its neighbours above and below, never past what
 * stands beside it, so dot's order stays. An operation and its one result, and
 * the crossings of one edge, move as one block and stay straight. Result: the
 * inputs of an operation stand symmetrically above it. Deterministic. */
#include "layout-private.h"

#include <math.h>

#define NODE_GAP_PX 24.0
#define TAG_GAP_PX 16.0
#define CROSSING_GAP_PX 11.0
#define LANE_GAP_PX 9.0
#define MOST_SWEEPS 80
#define PULL_FROM_BELOW 0.25  /* a result stands below its inputs rather than above its uses */
#define USE_WEIGHT 0.02       /* one use of many hangs beside a chain and does not bend it, else a loop drifts away */
#define STILL_PX 0.05
#define NEARLY_PX 14.0

typedef enum { ITEM_NODE, ITEM_TAG, ITEM_CROSSING } ItemKind;
typedef struct
{
  ItemKind kind;
  double x, left, right;
  double *place;             /* where the final x goes */
  guint rank, position;      /* index in its rank */
  guint block;
} Item;
typedef struct { guint a, b; double weight; } Link;

typedef struct
{
  const LayoutInput *input;
  LayoutPlaces *places;
  GArray *items;             /* Item: slots in use first */
  GArray *links;             /* Link */
  guint *slot_item;          /* slot → item */
  GArray **ranks;            /* guint items by x */
  GArray **blocks;           /* guint items */
  GArray **block_links;      /* guint links that leave the block */
} RelaxJob;

static Item *
item_at (const RelaxJob *job, guint i)
{
  return &g_array_index (job->items, Item, i);
}

static guint
append_item (RelaxJob *job, ItemKind kind, double *place, double left, double right, guint rank)
{
  Item item = { .kind = kind, .x = *place, .left = left, .right = right, .place = place, .rank = rank };

  item.block = job->items->len;
  g_array_append_val (job->items, item);
  return item.block;
}

static double
gap_between (const Item *a, const Item *b)
{
  double gap = NODE_GAP_PX;

  if (a->kind == ITEM_CROSSING && b->kind == ITEM_CROSSING)
    gap = LANE_GAP_PX;
  else if (a->kind == ITEM_CROSSING || b->kind == ITEM_CROSSING)
    gap = CROSSING_GAP_PX;
  else if (a->kind == ITEM_TAG || b->kind == ITEM_TAG)
    gap = TAG_GAP_PX;
  return a->right + gap + b->left;
}

/* The room an item has between what stands beside it. */
static void
find_limits (const RelaxJob *job, guint i, double *low, double *high)
{
  const Item *item = item_at (job, i);
  const GArray *rank = job->ranks[item->rank];

  *low = -INFINITY;
  *high = INFINITY;
  if (item->position > 0)
    {
      const Item *beside = item_at (job, g_array_index (rank, guint, item->position - 1));
      *low = beside->x + gap_between (beside, item);
    }
  if (item->position + 1 < rank->len)
    {
      const Item *beside = item_at (job, g_array_index (rank, guint, item->position + 1));
      *high = beside->x - gap_between (item, beside);
    }
}

static void
add_link (RelaxJob *job, guint a, guint b, double weight)
{
  Link link = { a, b, weight };
  g_array_append_val (job->links, link);
}

/* The items an edge runs through, from its source to its target. */
static void
add_edge_items (RelaxJob *job, guint e)
{
  const LayoutInputEdge *edge = &job->input->edges[e];
  GArray *crossings = job->places->crossings[e];
  guint tag = job->input->n_nodes + e, last = job->slot_item[edge->from];
  gboolean tag_done = !edge->tagged;
  double weight = crossings->len > 1 ? 0.35 : 1;

  if (job->input->nodes[edge->from].n_uses > 1)
    weight = USE_WEIGHT;
  for (guint k = 0; k < crossings->len; k++)
    {
      LayoutCrossing *crossing = &g_array_index (crossings, LayoutCrossing, k);
      guint item;

      if (!tag_done && crossing->rank > job->places->slots[tag].rank)
        {
          add_link (job, last, job->slot_item[tag], weight);
          last = job->slot_item[tag];
          tag_done = TRUE;
        }
      item = append_item (job, ITEM_CROSSING, &crossing->x, 0, 0, crossing->rank);
      add_link (job, last, item, weight);
      last = item;
    }
  if (!tag_done)
    {
      add_link (job, last, job->slot_item[tag], weight);
      last = job->slot_item[tag];
    }
  add_link (job, last, job->slot_item[edge->to], weight);
}

static void
collect_items (RelaxJob *job)
{
  LayoutPlaces *places = job->places;

  for (guint s = 0; s < places->n_slots; s++)
    if (places->slots[s].used)
      job->slot_item[s] = append_item (job, s < job->input->n_nodes ? ITEM_NODE : ITEM_TAG, &places->slots[s].x,
                                       places->slots[s].left, places->slots[s].right, places->slots[s].rank);
  for (guint e = 0; e < job->input->n_edges; e++)
    add_edge_items (job, e);
}

static int
compare_by_x (gconstpointer a, gconstpointer b, gpointer data)
{
  const RelaxJob *job = data;
  guint i = *(const guint *) a, j = *(const guint *) b;
  double x = item_at (job, i)->x, y = item_at (job, j)->x;

  if (x != y)
    return x < y ? -1 : 1;
  return (i > j) - (i < j);
}

static void
sort_ranks (RelaxJob *job)
{
  for (guint r = 0; r < job->places->n_ranks; r++)
    job->ranks[r] = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < job->items->len; i++)
    g_array_append_val (job->ranks[item_at (job, i)->rank], i);
  for (guint r = 0; r < job->places->n_ranks; r++)
    {
      g_array_sort_with_data (job->ranks[r], compare_by_x, job);
      for (guint k = 0; k < job->ranks[r]->len; k++)
        item_at (job, g_array_index (job->ranks[r], guint, k))->position = k;
    }
}

/* Whether the two ends of a link should stand exactly above each other. */
static gboolean
is_straight (const RelaxJob *job, const Link *link, const guint *n_in, const guint *n_out)
{
  const Item *a = item_at (job, link->a), *b = item_at (job, link->b);

  if (a->kind == ITEM_CROSSING && b->kind == ITEM_CROSSING)
    return TRUE;
  return a->kind == ITEM_NODE && b->kind == ITEM_NODE && n_out[link->a] == 1 && n_in[link->b] == 1;
}

static void
join_blocks (RelaxJob *job)
{
  g_autofree guint *n_in = g_new0 (guint, job->items->len + 1);
  g_autofree guint *n_out = g_new0 (guint, job->items->len + 1);

  for (guint k = 0; k < job->links->len; k++)
    {
      n_out[g_array_index (job->links, Link, k).a]++;
      n_in[g_array_index (job->links, Link, k).b]++;
    }
  for (guint k = 0; k < job->links->len; k++)
    {
      const Link *link = &g_array_index (job->links, Link, k);
      Item *a = item_at (job, link->a), *b = item_at (job, link->b);
      double low, high;

      if (!is_straight (job, link, n_in, n_out))
        continue;
      find_limits (job, link->b, &low, &high);
      if (b->block != link->b || (fabs (a->x - b->x) > 0.01 && (a->x < low || a->x > high)))
        continue;
      b->x = a->x;
      b->block = a->block;
    }
}

/* Follows a to the block it was joined to; joins were made in no order of ranks. */
static void
collect_blocks (RelaxJob *job)
{
  guint n = job->items->len;

  job->blocks = g_new0 (GArray *, n + 1);
  job->block_links = g_new0 (GArray *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      Item *item = item_at (job, i);

      while (item_at (job, item->block)->block != item->block)
        item->block = item_at (job, item->block)->block;
      item->x = item_at (job, item->block)->x;
    }
  for (guint i = 0; i < n; i++)
    {
      guint block = item_at (job, i)->block;

      if (job->blocks[block] == NULL)
        {
          job->blocks[block] = g_array_new (FALSE, FALSE, sizeof (guint));
          job->block_links[block] = g_array_new (FALSE, FALSE, sizeof (guint));
        }
      g_array_append_val (job->blocks[block], i);
    }
  for (guint k = 0; k < job->links->len; k++)
    {
      const Link *link = &g_array_index (job->links, Link, k);
      guint a = item_at (job, link->a)->block, b = item_at (job, link->b)->block;

      if (a == b)
        continue;
      g_array_append_val (job->block_links[a], k);
      g_array_append_val (job->block_links[b], k);
    }
}

static double
move_block (RelaxJob *job, guint block)
{
  const GArray *members = job->blocks[block], *links = job->block_links[block];
  double sum = 0, weight = 0, low = -INFINITY, high = INFINITY, before, wanted;

  if (links->len == 0)
    return 0;
  for (guint k = 0; k < links->len; k++)
    {
      const Link *link = &g_array_index (job->links, Link, g_array_index (links, guint, k));
      gboolean below = item_at (job, link->a)->block == block;
      double pull = link->weight * (below ? PULL_FROM_BELOW : 1);

      sum += pull * item_at (job, below ? link->b : link->a)->x;
      weight += pull;
    }
  for (guint k = 0; k < members->len; k++)
    {
      double l, h;

      find_limits (job, g_array_index (members, guint, k), &l, &h);
      low = MAX (low, l);
      high = MIN (high, h);
    }
  before = item_at (job, block)->x;
  if (low > high)
    return 0;
  wanted = CLAMP (sum / weight, low, high);
  for (guint k = 0; k < members->len; k++)
    item_at (job, g_array_index (members, guint, k))->x = wanted;
  return fabs (wanted - before);
}

static void
sweep (RelaxJob *job)
{
  for (guint n = 0; n < MOST_SWEEPS; n++)
    {
      double moved = 0;

      for (guint i = 0; i < job->items->len; i++)
        {
          guint block = n % 2 == 0 ? i : job->items->len - 1 - i;
          if (job->blocks[block] != NULL)
            moved = MAX (moved, move_block (job, block));
        }
      if (moved < STILL_PX)
        break;
    }
}

/* A tag nearly below its source stands exactly below it: no needless bend. */
static void
straighten_tags (RelaxJob *job)
{
  for (guint k = 0; k < job->links->len; k++)
    {
      const Link *link = &g_array_index (job->links, Link, k);
      const Item *above = item_at (job, link->a);
      Item *tag = item_at (job, link->b);
      double low, high;

      if (tag->kind != ITEM_TAG || above->kind != ITEM_NODE || fabs (above->x - tag->x) > NEARLY_PX)
        continue;
      find_limits (job, link->b, &low, &high);
      if (above->x >= low && above->x <= high)
        tag->x = above->x;
    }
}

static void
free_job (RelaxJob *job)
{
  for (guint r = 0; r < job->places->n_ranks; r++)
    g_array_unref (job->ranks[r]);
  for (guint i = 0; i < job->items->len; i++)
    {
      g_clear_pointer (&job->blocks[i], g_array_unref);
      g_clear_pointer (&job->block_links[i], g_array_unref);
    }
  g_free (job->ranks);
  g_free (job->blocks);
  g_free (job->block_links);
  g_free (job->slot_item);
  g_array_unref (job->items);
  g_array_unref (job->links);
}

void
layout_relax (const LayoutInput *input, LayoutPlaces *places)
{
  RelaxJob job = { .input = input, .places = places };

  job.items = g_array_new (FALSE, FALSE, sizeof (Item));
  job.links = g_array_new (FALSE, FALSE, sizeof (Link));
  job.slot_item = g_new0 (guint, places->n_slots + 1);
  job.ranks = g_new0 (GArray *, places->n_ranks + 1);
  collect_items (&job);
  sort_ranks (&job);
  join_blocks (&job);
  collect_blocks (&job);
  sweep (&job);
  straighten_tags (&job);
  for (guint i = 0; i < job.items->len; i++)
    *item_at (&job, i)->place = item_at (&job, i)->x;
  free_job (&job);
}
