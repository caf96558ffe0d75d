/* SPDX-License-Identifier: MIT
 *
 * Graphviz dot in process: input → columns and ranks. A tag is a small node of
 * its own between the two halves of its edge, so that nothing overlaps it. The
 * plugin is linked in. Two contexts in two threads fail: the caller (run.c) lets
 * one thread in at a time. Numbers are parsed by dot in the thread's locale,
 * hence the C locale here. */
#include "layout-private.h"

#include <gvc.h>
#include <locale.h>
#include <math.h>
#include <string.h>

extern gvplugin_library_t gvplugin_dot_layout_LTX_library;

#define PX_PER_INCH 72.0
#define NODE_SEPARATION_PX 26.0
#define RANK_SEPARATION_PX 30.0

typedef struct
{
  const LayoutInput *input;
  Agraph_t *graph;
  Agnode_t **nodes;          /* per slot: nodes, then tags */
  Agedge_t **upper, **lower; /* per edge; lower only where tagged */
  Agsym_t *width, *height, *ordering, *weight, *minlen, *style;
} DotJob;

static int
swallow_message (char *message)
{
  g_debug ("dot: %s", message);
  return 0;
}

static GVC_t *
get_context (void)
{
  static const lt_symlist_t plugins[] = {
    { "gvplugin_dot_layout_LTX_library", &gvplugin_dot_layout_LTX_library },
    { NULL, NULL },
  };
  static GVC_t *context;

  if (context == NULL)
    {
      context = gvContextPlugins (plugins, 0);
      agseterrf (swallow_message);
    }
  return context;
}

static void
set_number (gpointer object, Agsym_t *symbol, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  agxset (object, symbol, g_ascii_formatd (text, sizeof text, "%.5f", value));
}

static void
set_attributes (DotJob *job)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  agattr (job->graph, AGRAPH, "nodesep",
          g_ascii_formatd (text, sizeof text, "%.4f", NODE_SEPARATION_PX / PX_PER_INCH));
  agattr (job->graph, AGRAPH, "ranksep",
          g_ascii_formatd (text, sizeof text, "%.4f", RANK_SEPARATION_PX / PX_PER_INCH));
  agattr (job->graph, AGRAPH, "splines", "true");
  agattr (job->graph, AGRAPH, "rank", "");
  agattr (job->graph, AGNODE, "shape", "box");
  agattr (job->graph, AGNODE, "fixedsize", "true");
  agattr (job->graph, AGNODE, "label", "");
  agattr (job->graph, AGEDGE, "dir", "none");
  job->width = agattr (job->graph, AGNODE, "width", "1");
  job->height = agattr (job->graph, AGNODE, "height", "1");
  job->ordering = agattr (job->graph, AGNODE, "ordering", "");
  job->weight = agattr (job->graph, AGEDGE, "weight", "1");
  job->minlen = agattr (job->graph, AGEDGE, "minlen", "1");
  job->style = agattr (job->graph, AGEDGE, "style", "");
}

static void
add_slot (DotJob *job, guint slot, double width, double height)
{
  g_autofree char *name = g_strdup_printf ("n%u", slot);

  job->nodes[slot] = agnode (job->graph, name, 1);
  set_number (job->nodes[slot], job->width, width / PX_PER_INCH);
  set_number (job->nodes[slot], job->height, height / PX_PER_INCH);
}

static double
slot_width (const LayoutInputNode *node)
{
  return node->size.width + 2 * MAX (node->size.left, node->size.right);
}

static Agedge_t *
add_edge (DotJob *job, guint from, guint to, int weight, int minlen)
{
  g_autofree char *name = g_strdup_printf ("e%u-%u-%d", from, to, agnedges (job->graph));
  g_autofree char *weight_text = g_strdup_printf ("%d", weight);
  g_autofree char *minlen_text = g_strdup_printf ("%d", minlen);
  Agedge_t *edge = agedge (job->graph, job->nodes[from], job->nodes[to], name, 1);

  agxset (edge, job->weight, weight_text);
  agxset (edge, job->minlen, minlen_text);
  return edge;
}

/* Whether an input of that node has a tag: then its untagged leaves stand level with the tagged ones. */
static gboolean
has_tagged_input (const LayoutInput *input, guint to, gboolean *several)
{
  gboolean tagged = FALSE;
  guint n = 0;

  for (guint i = 0; i < input->n_edges; i++)
    if (input->edges[i].to == to)
      {
        tagged = tagged || input->edges[i].tagged;
        n++;
      }
  *several = n > 1;
  return tagged;
}

static void
add_edges (DotJob *job)
{
  const LayoutInput *input = job->input;
  gboolean tagged = FALSE, several = FALSE;

  for (guint i = 0; i < input->n_edges; i++)
    {
      const LayoutInputEdge *edge = &input->edges[i];
      const LayoutInputNode *from = &input->nodes[edge->from];

      if (i == 0 || input->edges[i - 1].to != edge->to)
        tagged = has_tagged_input (input, edge->to, &several);
      if (edge->tagged)
        {
          job->upper[i] = add_edge (job, edge->from, input->n_nodes + i, 3, 1);
          job->lower[i] = add_edge (job, input->n_nodes + i, edge->to, 2, 1);
        }
      else
        job->upper[i] = add_edge (job, edge->from, edge->to, from->n_uses > 1 ? 1 : several ? 2 : 6,
                                  tagged && !from->has_input ? 2 : 1);
    }
}

/* Operands from left to right as written, where all of a node's inputs are leaves: there it costs no crossing. */
static void
order_operands (DotJob *job)
{
  const LayoutInput *input = job->input;

  for (guint i = 0; i < input->n_edges;)
    {
      guint first = i, to = input->edges[i].to;
      gboolean leaves = TRUE;

      for (; i < input->n_edges && input->edges[i].to == to; i++)
        leaves = leaves && !input->nodes[input->edges[i].from].has_input;
      if (leaves && i - first > 1)
        agxset (job->nodes[to], job->ordering, "in");
    }
}

static void
keep_order (DotJob *job, GPtrArray *order)
{
  for (guint r = 0; r < order->len; r++)
    {
      GArray *rank = g_ptr_array_index (order, r);
      g_autofree char *name = g_strdup_printf ("rank%u", r);
      Agraph_t *same = agsubg (job->graph, name, 1);

      agset (same, (char *) "rank", (char *) "same");
      for (guint k = 0; k < rank->len; k++)
        {
          guint slot = g_array_index (rank, guint, k);

          agsubnode (same, job->nodes[slot], 1);
          if (k > 0)
            agxset (add_edge (job, g_array_index (rank, guint, k - 1), slot, 1, 1), job->style, "invis");
        }
    }
}

static void
build_graph (DotJob *job, GPtrArray *order)
{
  const LayoutInput *input = job->input;

  job->graph = agopen ((char *) "tapedeck", Agdirected, NULL);
  set_attributes (job);
  for (guint i = 0; i < input->n_nodes; i++)
    add_slot (job, i, slot_width (&input->nodes[i]), input->nodes[i].size.height);
  for (guint i = 0; i < input->n_edges; i++)
    if (input->edges[i].tagged)
      add_slot (job, input->n_nodes + i, input->edges[i].tag_width, input->edges[i].tag_height);
  add_edges (job);
  order_operands (job);
  keep_order (job, order);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;
  return (left > right) - (left < right);
}

/* The distinct heights dot gave, from the top (its y points up). */
static GArray *
list_levels (const DotJob *job, guint n_slots)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (double));
  GArray *levels = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint s = 0; s < n_slots; s++)
    if (job->nodes[s] != NULL)
      {
        double y = -ND_coord (job->nodes[s]).y;
        g_array_append_val (all, y);
      }
  g_array_sort (all, compare_doubles);
  for (guint i = 0; i < all->len; i++)
    {
      double y = g_array_index (all, double, i);
      if (levels->len == 0 || y - g_array_index (levels, double, levels->len - 1) > 0.5)
        g_array_append_val (levels, y);
    }
  return levels;
}

static guint
find_level (const GArray *levels, double y)
{
  guint low = 0, high = levels->len - 1;

  while (low < high)
    {
      guint middle = (low + high) / 2;
      if (g_array_index (levels, double, middle) + 0.5 < y)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* x where dot's curve passes the height y (down); the straight line between the ends if it has none. */
static double
edge_x_at (Agedge_t *edge, double y)
{
  pointf tail = ND_coord (agtail (edge)), head = ND_coord (aghead (edge));
  splines *spline = ED_spl (edge);

  for (int b = 0; spline != NULL && b < spline->size; b++)
    {
      bezier *piece = &spline->list[b];
      for (int k = 0; k + 3 < piece->size; k += 3)
        {
          LayoutPoint p[4];
          double low = 0, high = 1;

          for (int i = 0; i < 4; i++)
            p[i] = (LayoutPoint) { piece->list[k + i].x, -piece->list[k + i].y };
          if ((y - p[0].y) * (y - p[3].y) > 0)
            continue;
          for (int i = 0; i < 24; i++)
            {
              double middle = (low + high) / 2;
              if ((layout_curve_at (p, middle).y < y) == (p[0].y < p[3].y))
                low = middle;
              else
                high = middle;
            }
          return layout_curve_at (p, low).x;
        }
    }
  if (head.y == tail.y)
    return tail.x;
  return tail.x + (head.x - tail.x) * (-y - tail.y) / (head.y - tail.y);
}

static void
add_crossings (GArray *crossings, Agedge_t *edge, const GArray *levels, guint from, guint to)
{
  for (guint rank = from + 1; rank < to; rank++)
    {
      LayoutCrossing crossing = { rank, edge_x_at (edge, g_array_index (levels, double, rank)) };
      g_array_append_val (crossings, crossing);
    }
}

static LayoutPlaces *
read_places (const DotJob *job)
{
  const LayoutInput *input = job->input;
  LayoutPlaces *places = g_new0 (LayoutPlaces, 1);
  g_autoptr (GArray) levels = NULL;

  places->n_slots = input->n_nodes + input->n_edges;
  places->slots = g_new0 (LayoutSlot, MAX (places->n_slots, 1));
  places->crossings = g_new0 (GArray *, input->n_edges + 1);
  levels = list_levels (job, places->n_slots);
  places->n_ranks = levels->len;
  for (guint s = 0; s < places->n_slots; s++)
    {
      LayoutSlot *slot = &places->slots[s];

      if (job->nodes[s] == NULL)
        continue;
      slot->used = TRUE;
      slot->x = ND_coord (job->nodes[s]).x;
      slot->rank = find_level (levels, -ND_coord (job->nodes[s]).y);
      if (s < input->n_nodes)
        {
          const LayoutSize *size = &input->nodes[s].size;

          slot->left = size->width / 2 + size->left;
          slot->right = size->width / 2 + size->right;
          slot->height = size->height;
        }
      else
        {
          slot->left = slot->right = input->edges[s - input->n_nodes].tag_width / 2;
          slot->height = input->edges[s - input->n_nodes].tag_height;
        }
    }
  for (guint i = 0; i < input->n_edges; i++)
    {
      guint from = places->slots[input->edges[i].from].rank, to = places->slots[input->edges[i].to].rank;
      guint tag = input->edges[i].tagged ? places->slots[input->n_nodes + i].rank : to;

      places->crossings[i] = g_array_new (FALSE, FALSE, sizeof (LayoutCrossing));
      add_crossings (places->crossings[i], job->upper[i], levels, from, tag);
      if (input->edges[i].tagged)
        add_crossings (places->crossings[i], job->lower[i], levels, tag, to);
    }
  return places;
}

/* Runs dot. Blocking; one thread at a time. Errors: LAYOUT_ERROR_FAILED. */
LayoutPlaces *
layout_dot (const LayoutInput *input, GPtrArray *order, GError **error)
{
  GVC_t *context = get_context ();
  locale_t plain = newlocale (LC_ALL_MASK, "C", NULL);
  locale_t before = uselocale (plain);
  guint n_slots = input->n_nodes + input->n_edges;
  DotJob job = { .input = input };
  LayoutPlaces *places = NULL;

  job.nodes = g_new0 (Agnode_t *, n_slots + 1);
  job.upper = g_new0 (Agedge_t *, input->n_edges + 1);
  job.lower = g_new0 (Agedge_t *, input->n_edges + 1);
  build_graph (&job, order);
  if (context != NULL && gvLayout (context, job.graph, "dot") == 0)
    {
      places = read_places (&job);
      gvFreeLayout (context, job.graph);
    }
  else
    g_set_error (error, LAYOUT_ERROR, LAYOUT_ERROR_FAILED,
                 "Graphviz dot could not lay out this graph of %u nodes", input->n_nodes);
  agclose (job.graph);
  g_free (job.nodes);
  g_free (job.upper);
  g_free (job.lower);
  uselocale (before);
  freelocale (plain);
  return places;
}

void
layout_places_free (LayoutPlaces *places)
{
  if (places == NULL)
    return;
  for (guint i = 0; places->crossings[i] != NULL; i++)
    g_array_unref (places->crossings[i]);
  g_free (places->crossings);
  g_free (places->slots);
  g_free (places);
}
