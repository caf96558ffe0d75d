/* SPDX-License-Identifier: MIT
 *
 * A layout's job and its answer as bytes for the way to the helper and back. Both
 * ends are the same program, so structs go as they are; counts and indices are
 * checked all the same. Called by helper.c on both sides of the line. */
#include "helper.h"

#include <math.h>
#include <string.h>

#define MOST_ITEMS (1u << 20)

typedef struct { guint n_nodes, n_edges, n_ranks; } JobHead;
typedef struct { guint n_slots, n_ranks, n_edges; } PlacesHead;

/* What is left to read. */
typedef struct { const guint8 *bytes; gsize n; } Reader;

static gboolean
take (Reader *reader, gpointer to, gsize n)
{
  if (n > reader->n)
    return FALSE;
  if (n > 0)   /* an array that was never filled has no memory */
    memcpy (to, reader->bytes, n);
  reader->bytes += n;
  reader->n -= n;
  return TRUE;
}

static void
put (GByteArray *bytes, gconstpointer from, gsize n)
{
  g_byte_array_append (bytes, from, (guint) n);
}

GByteArray *
layout_parcel_pack_job (const LayoutInput *input, GPtrArray *order)
{
  GByteArray *bytes = g_byte_array_new ();
  JobHead head = { input->n_nodes, input->n_edges, order->len };

  put (bytes, &head, sizeof head);
  put (bytes, input->nodes, input->n_nodes * sizeof *input->nodes);
  put (bytes, input->edges, input->n_edges * sizeof *input->edges);
  for (guint r = 0; r < order->len; r++)
    {
      const GArray *rank = g_ptr_array_index (order, r);

      put (bytes, &rank->len, sizeof rank->len);
      put (bytes, rank->data, rank->len * sizeof (guint));
    }
  return bytes;
}

static gboolean
take_rank (Reader *reader, guint n_nodes, GPtrArray *order)
{
  GArray *rank = g_array_new (FALSE, FALSE, sizeof (guint));
  guint n = 0;

  g_ptr_array_add (order, rank);
  if (!take (reader, &n, sizeof n) || n > n_nodes)
    return FALSE;
  g_array_set_size (rank, n);
  if (!take (reader, rank->data, n * sizeof (guint)))
    return FALSE;
  for (guint k = 0; k < n; k++)
    if (g_array_index (rank, guint, k) >= n_nodes)
      return FALSE;
  return TRUE;
}

static gboolean
take_items (Reader *reader, LayoutInput *input)
{
  input->nodes = g_new0 (LayoutInputNode, MAX (input->n_nodes, 1));
  input->edges = g_new0 (LayoutInputEdge, MAX (input->n_edges, 1));
  if (!take (reader, input->nodes, input->n_nodes * sizeof *input->nodes)
      || !take (reader, input->edges, input->n_edges * sizeof *input->edges))
    return FALSE;
  for (guint i = 0; i < input->n_edges; i++)
    if (input->edges[i].from >= input->n_nodes || input->edges[i].to >= input->n_nodes)
      return FALSE;
  return TRUE;
}

gboolean
layout_parcel_unpack_job (const GByteArray *bytes, LayoutInput **input, GPtrArray **order)
{
  Reader reader = { bytes->data, bytes->len };
  g_autoptr (LayoutInput) job = g_new0 (LayoutInput, 1);
  g_autoptr (GPtrArray) ranks = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  JobHead head;

  if (!take (&reader, &head, sizeof head) || head.n_nodes > MOST_ITEMS || head.n_edges > MOST_ITEMS)
    return FALSE;
  job->n_nodes = head.n_nodes;
  job->n_edges = head.n_edges;
  if (!take_items (&reader, job))
    return FALSE;
  for (guint r = 0; r < head.n_ranks; r++)
    if (!take_rank (&reader, head.n_nodes, ranks))
      return FALSE;
  *input = g_steal_pointer (&job);
  *order = g_steal_pointer (&ranks);
  return TRUE;
}

GByteArray *
layout_parcel_pack_places (const LayoutInput *input, const LayoutPlaces *places)
{
  GByteArray *bytes = g_byte_array_new ();
  PlacesHead head = { 0 };

  if (places == NULL)
    return bytes;
  head = (PlacesHead) { places->n_slots, places->n_ranks, input->n_edges };
  put (bytes, &head, sizeof head);
  put (bytes, places->slots, places->n_slots * sizeof *places->slots);
  for (guint i = 0; i < input->n_edges; i++)
    {
      const GArray *crossings = places->crossings[i];

      put (bytes, &crossings->len, sizeof crossings->len);
      put (bytes, crossings->data, crossings->len * sizeof (LayoutCrossing));
    }
  return bytes;
}

static gboolean
take_slots (Reader *reader, LayoutPlaces *places)
{
  places->slots = g_new0 (LayoutSlot, MAX (places->n_slots, 1));
  if (!take (reader, places->slots, places->n_slots * sizeof *places->slots))
    return FALSE;
  for (guint s = 0; s < places->n_slots; s++)
    {
      const LayoutSlot *slot = &places->slots[s];
      if (slot->used && (slot->rank >= places->n_ranks || !isfinite (slot->x)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_crossings (Reader *reader, LayoutPlaces *places, guint edge)
{
  GArray *crossings = g_array_new (FALSE, FALSE, sizeof (LayoutCrossing));
  guint n = 0;

  places->crossings[edge] = crossings;
  if (!take (reader, &n, sizeof n) || n > places->n_ranks)
    return FALSE;
  g_array_set_size (crossings, n);
  if (!take (reader, crossings->data, n * sizeof (LayoutCrossing)))
    return FALSE;
  for (guint k = 0; k < n; k++)
    {
      const LayoutCrossing *crossing = &g_array_index (crossings, LayoutCrossing, k);
      if (crossing->rank >= places->n_ranks || !isfinite (crossing->x))
        return FALSE;
    }
  return TRUE;
}

static gboolean
all_placed (const LayoutInput *input, const LayoutPlaces *places)
{
  for (guint i = 0; i < input->n_nodes; i++)
    if (!places->slots[i].used)
      return FALSE;
  for (guint i = 0; i < input->n_edges; i++)
    if (places->slots[input->n_nodes + i].used != input->edges[i].tagged)
      return FALSE;
  return TRUE;
}

LayoutPlaces *
layout_parcel_unpack_places (const LayoutInput *input, const GByteArray *bytes)
{
  Reader reader = { bytes->data, bytes->len };
  g_autoptr (LayoutPlaces) places = g_new0 (LayoutPlaces, 1);
  PlacesHead head;

  places->crossings = g_new0 (GArray *, input->n_edges + 1);
  if (!take (&reader, &head, sizeof head) || head.n_slots != input->n_nodes + input->n_edges
      || head.n_edges != input->n_edges || head.n_ranks > head.n_slots)
    return NULL;
  places->n_slots = head.n_slots;
  places->n_ranks = head.n_ranks;
  if (!take_slots (&reader, places) || !all_placed (input, places))
    return NULL;
  for (guint i = 0; i < input->n_edges; i++)
    if (!take_crossings (&reader, places, i))
      return NULL;
  return g_steal_pointer (&places);
}
