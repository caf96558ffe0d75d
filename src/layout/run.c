/* SPDX-License-Identifier: MIT
 *
 * One layout from start to end: size limit, cache by structure, dot (in this
 * process under a lock: two at once fail), alignment on the anchor. The cache holds the last results;
 * what is in it depends on nothing but the input and the order to keep. */
#include "helper.h"

#define CACHE_SIZE 32

typedef struct { guint64 key; LayoutResult *result; } CacheEntry;

static GMutex dot_lock;
static GMutex cache_lock;
static CacheEntry cache[CACHE_SIZE];
static guint cache_next;

G_DEFINE_QUARK (layout-error-quark, layout_error)

static guint64
make_key (const LayoutInput *input, GPtrArray *order)
{
  guint64 key = input->hash;

  for (guint r = 0; r < order->len; r++)
    {
      GArray *rank = g_ptr_array_index (order, r);
      for (guint k = 0; k < rank->len; k++)
        key = (key ^ g_array_index (rank, guint, k)) * G_GUINT64_CONSTANT (1099511628211);
      key = (key ^ G_MAXUINT) * G_GUINT64_CONSTANT (1099511628211);
    }
  return key;
}

static LayoutResult *
lookup_cache (guint64 key)
{
  LayoutResult *result = NULL;

  g_mutex_lock (&cache_lock);
  for (guint i = 0; i < CACHE_SIZE && result == NULL; i++)
    if (cache[i].result != NULL && cache[i].key == key)
      result = layout_result_ref (cache[i].result);
  g_mutex_unlock (&cache_lock);
  return result;
}

static void
store_cache (guint64 key, LayoutResult *result)
{
  CacheEntry *entry;

  g_mutex_lock (&cache_lock);
  entry = &cache[cache_next++ % CACHE_SIZE];
  g_clear_pointer (&entry->result, layout_result_unref);
  entry->key = key;
  entry->result = layout_result_ref (result);
  g_mutex_unlock (&cache_lock);
}

void
layout_forget_cached (void)
{
  g_mutex_lock (&cache_lock);
  for (guint i = 0; i < CACHE_SIZE; i++)
    g_clear_pointer (&cache[i].result, layout_result_unref);
  g_mutex_unlock (&cache_lock);
}

static LayoutPlaces *
find_places (const LayoutInput *input, GPtrArray *order, GCancellable *cancellable, GError **error)
{
  LayoutPlaces *places;

  if (layout_helper_is_for (input))
    return layout_helper_run (input, order, cancellable, error);
  g_mutex_lock (&dot_lock);
  places = layout_dot (input, order, error);
  g_mutex_unlock (&dot_lock);
  return places;
}

static LayoutResult *
lay_out (const LayoutInput *input, GPtrArray *order, GCancellable *cancellable, GError **error)
{
  guint64 key = make_key (input, order);
  LayoutResult *result = lookup_cache (key);
  g_autoptr (LayoutPlaces) places = NULL;

  if (result != NULL)
    return result;
  places = find_places (input, order, cancellable, error);
  if (places == NULL)
    return NULL;
  layout_relax (input, places);
  result = layout_place (input, places);
  store_cache (key, result);
  return result;
}

static void
find_shift (const LayoutResult *result, const LayoutResult *previous, guint anchor, double *dx, double *dy)
{
  const LayoutNode *now = layout_result_lookup_node (result, anchor);
  const LayoutNode *before = previous != NULL ? layout_result_lookup_node (previous, anchor) : NULL;

  *dx = *dy = 0;
  if (now == NULL || before == NULL)
    return;
  *dx = before->rect.x + before->rect.width / 2 - now->rect.x - now->rect.width / 2;
  *dy = before->rect.y + before->rect.height / 2 - now->rect.y - now->rect.height / 2;
}

LayoutResult *
layout_run_until (const LayoutInput *input, const LayoutResult *previous, guint anchor, GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (GPtrArray) order = NULL;
  g_autoptr (LayoutResult) result = NULL;
  double dx, dy;

  g_return_val_if_fail (input != NULL, NULL);
  if (input->n_items > LAYOUT_MAX_NODES)
    {
      g_set_error (error, LAYOUT_ERROR, LAYOUT_ERROR_TOO_BIG,
                   "This graph has %u boxes and operations; up to %d can be laid out",
                   input->n_items, LAYOUT_MAX_NODES);
      return NULL;
    }
  if (previous != NULL && previous->input_hash == input->hash && !input->tidy)
    {
      if (previous->structure_hash == input->structure_hash)
        return layout_result_ref ((LayoutResult *) previous);
      return layout_result_moved (previous, 0, 0, input->structure_hash);
    }

  order = layout_order_from (input, input->tidy ? NULL : previous);
  result = lay_out (input, order, cancellable, error);
  if (result == NULL)
    return NULL;
  find_shift (result, previous, anchor, &dx, &dy);
  if (dx == 0 && dy == 0 && result->structure_hash == input->structure_hash)
    return g_steal_pointer (&result);
  return layout_result_moved (result, dx, dy, input->structure_hash);
}

LayoutResult *
layout_run (const LayoutInput *input, const LayoutResult *previous, guint anchor, GError **error)
{
  return layout_run_until (input, previous, anchor, NULL, error);
}
