/* SPDX-License-Identifier: MIT
 *
 * Values: versions of tensors, the boxes that show them, and where an edge that
 * carries one begins. A view without a name has no box: its edges begin at the
 * box it looks at and carry its tag. */
#include "graph-private.h"
#include "names.h"

#include <string.h>

GraphValue *
player_graph_value (PlayerGraph *graph, guint64 tensor)
{
  GraphSlot *slot = g_hash_table_lookup (graph->slots, &tensor);
  return slot != NULL ? slot->current : NULL;
}

static GraphSlot *
lookup_storage (PlayerGraph *graph, guint64 storage)
{
  return storage != 0 ? g_hash_table_lookup (graph->storages, &storage) : NULL;
}

/* Remembers who shows a storage first: whoever shows it later looks at that one. */
static void
keep_storage (PlayerGraph *graph, GraphValue *value)
{
  GraphSlot *slot = lookup_storage (graph, value->facts.storage);

  if (value->facts.storage == 0)
    return;
  if (slot == NULL)
    {
      slot = player_arena_new0 (&graph->arena, sizeof (GraphSlot));
      slot->id = value->facts.storage;
      g_hash_table_insert (graph->storages, &slot->id, slot);
    }
  if (slot->current == NULL || slot->current->id == value->id)
    PLAYER_SET (graph, slot->current, value);
}

/* The leaf whose .grad a tensor is, if that is drawn; else NULL. */
GraphValue *
player_graph_grad_owner (PlayerGraph *graph, guint64 tensor)
{
  guint64 owner = graph->index != NULL ? player_get_grad_owner (graph->index, tensor) : 0;
  GraphValue *leaf = owner != 0 ? player_graph_value (graph, owner) : NULL;

  return leaf != NULL && leaf->node != PLAYER_NONE ? leaf : NULL;
}

/* The .grad of a leaf that is drawn, as its row shows it; NULL: it is no such tensor. */
GraphValue *
player_graph_add_grad (PlayerGraph *graph, guint64 tensor)
{
  GraphValue *leaf = player_graph_grad_owner (graph, tensor);
  RecTensor facts;

  if (leaf == NULL)
    return NULL;
  facts = leaf->facts;
  facts.id = tensor;
  facts.version = 0;
  facts.storage = facts.base = 0;
  facts.requires_grad = FALSE;
  facts.shot = player_graph_node (graph, leaf->node)->pub.grad_shot;
  return player_graph_add_met (graph, &facts);
}

/* What a tensor that no operation made looks at: the leaf whose .grad it is, the
 * base of the view, or whoever had its storage before (detach, .data). */
static void
find_source (PlayerGraph *graph, GraphValue *value, GraphValue *same_storage)
{
  guint64 base = value->facts.base != value->id ? value->facts.base : 0;
  GraphValue *known = base != 0 ? player_graph_value (graph, base) : NULL;
  GraphValue *leaf = known == NULL ? player_graph_grad_owner (graph, value->id) : NULL;

  if (known == NULL && leaf == NULL && base != 0)
    leaf = player_graph_grad_owner (graph, base);
  if (leaf != NULL)
    {
      value->source = leaf;
      value->is_grad = TRUE;
      value->tag = ".grad";
    }
  else
    value->source = known;
  if (value->source == NULL && same_storage != NULL && same_storage->id != value->id)
    value->source = same_storage;
  if (value->source != NULL && value->tag == NULL && !value->facts.requires_grad && value->source->facts.requires_grad)
    value->tag = "detach";
}

/* A tensor that no operation on record made. */
GraphValue *
player_graph_add_met (PlayerGraph *graph, const RecTensor *facts)
{
  GraphSlot *slot = lookup_storage (graph, facts->storage);
  GraphValue *same_storage = slot != NULL ? slot->current : NULL;
  GraphValue *value = player_graph_add_value (graph, facts);

  find_source (graph, value, same_storage);
  value->factory = facts->leaf && value->source == NULL;
  return value;
}

GraphValue *
player_graph_add_value (PlayerGraph *graph, const RecTensor *facts)
{
  GraphSlot *slot = g_hash_table_lookup (graph->slots, &facts->id);
  GraphValue *value;

  if (graph->n_values == graph->values->len)
    g_ptr_array_add (graph->values, player_arena_new0 (&graph->arena, sizeof (GraphValue)));
  value = graph->values->pdata[graph->n_values];
  memset (value, 0, sizeof *value);
  value->id = facts->id;
  value->version = facts->version;
  value->facts = *facts;
  value->node = value->producer = PLAYER_NONE;
  PLAYER_SET (graph, graph->n_values, graph->n_values + 1);
  if (slot == NULL)
    {
      slot = player_arena_new0 (&graph->arena, sizeof (GraphSlot));
      slot->id = facts->id;
      g_hash_table_insert (graph->slots, &slot->id, slot);
    }
  PLAYER_SET (graph, slot->current, value);
  keep_storage (graph, value);
  return value;
}

void
player_graph_refresh_value (PlayerGraph *graph, GraphValue *value, guint64 shot, guint32 version)
{
  GraphNode *node = player_graph_node (graph, value->node);

  PLAYER_SET (graph, value->version, version);
  PLAYER_SET (graph, value->facts.version, version);
  if (shot != 0)
    PLAYER_SET (graph, value->facts.shot, shot);
  if (value->is_grad && value->source != NULL && shot != 0)
    {
      GraphNode *leaf = player_graph_node (graph, value->source->node);
      if (leaf != NULL && leaf->pub.grad_state == PLAYER_GRAD_KEPT)
        player_graph_show_grad (graph, leaf, PLAYER_GRAD_KEPT, shot);
    }
  if (node == NULL)
    return;
  PLAYER_SET (graph, node->pub.version, version);
  if (shot != 0)
    PLAYER_SET (graph, node->pub.shot, shot);
}

/* An input as an operation met it: known, newer than known (memory shared with
 * another tensor), or new. */
GraphValue *
player_graph_meet_input (PlayerGraph *graph, const RecTensor *facts)
{
  GraphValue *value = player_graph_value (graph, facts->id);

  if (value != NULL)
    {
      if (facts->version != value->version)
        player_graph_refresh_value (graph, value, facts->shot, facts->version);
      return value;
    }
  return player_graph_add_met (graph, facts);
}

/* The nearest value that something on the screen stands for. */
GraphValue *
player_graph_holder (GraphValue *value)
{
  while (value->node == PLAYER_NONE && value->source != NULL)
    value = value->source;
  return value;
}

static void
append_tags (GString *text, const GraphValue *value)
{
  const GraphValue *chain[16];
  guint n = 0;

  for (; value->node == PLAYER_NONE && value->source != NULL && n < G_N_ELEMENTS (chain); value = value->source)
    chain[n++] = value;
  while (n > 0)
    player_append_tag (text, chain[--n]->tag);
}

/* A leaf without a name, or something of a folded iteration that is used again. */
static guint
make_unnamed_box (PlayerGraph *graph, GraphValue *holder)
{
  g_autofree char *name = NULL;

  if (holder->n_names > 0)
    name = g_strdup (player_graph_name_of (graph, holder));
  if (name == NULL && (holder->was_made || (graph->index != NULL && player_get_grad_owner (graph->index, holder->id) != 0)))
    name = player_dup_display_name (graph->index, holder->id, graph->n_applied);
  if (name == NULL)
    name = g_strdup (holder->written != NULL ? holder->written : "tensor");
  return player_graph_make_box (graph, holder, name)->pub.id;
}

/* The node where an edge that carries the value begins (made when it is a leaf
 * without a name), and the tag of the views between. */
guint
player_graph_origin (PlayerGraph *graph, GraphValue *value, const char **tag)
{
  GraphValue *holder = player_graph_holder (value);

  *tag = NULL;
  if (holder != value)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *sizes = player_format_size (value->facts.ndim, value->facts.sizes);
      append_tags (text, value);
      if (text->len > 0)
        {
          g_string_append_printf (text, " %s", sizes);
          *tag = player_graph_string (graph, text->str);
        }
    }
  if (holder->node != PLAYER_NONE)
    return holder->node;
  if (holder->producer != PLAYER_NONE)
    return holder->producer;
  return make_unnamed_box (graph, holder);
}

/* Edges that began elsewhere because their value had no box yet begin at it now. */
static void
reroute (PlayerGraph *graph, guint old_origin)
{
  GraphNode *node = player_graph_node (graph, old_origin);
  guint next;

  for (guint id = node->first_out; id != PLAYER_NONE; id = next)
    {
      GraphEdge *edge = player_graph_edge (graph, id);
      const char *tag;
      guint origin;

      next = edge->next_out;
      if (edge->value == NULL || player_graph_node (graph, edge->pub.to)->value == edge->value)
        continue;
      origin = player_graph_origin (graph, edge->value, &tag);
      player_graph_move_edge (graph, edge, origin, tag);
    }
}

PlayerGradState
player_graph_no_grad_state (const GraphValue *value)
{
  return value->grad_cleared ? PLAYER_GRAD_CLEARED : PLAYER_GRAD_NONE_YET;
}

static PlayerGradState
first_grad_state (const GraphValue *value)
{
  if (value->facts.requires_grad)
    return value->facts.leaf || value->retains_grad ? player_graph_no_grad_state (value) : PLAYER_GRAD_NO_ROW;
  return value->factory ? PLAYER_GRAD_NOT_REQUIRED : PLAYER_GRAD_NO_ROW;
}

static gboolean
has_one_element (const RecTensor *facts)
{
  for (guint d = 0; d < facts->ndim; d++)
    if (facts->sizes[d] != 1)
      return FALSE;
  return TRUE;
}

static void
fill_box (PlayerGraph *graph, GraphNode *node, GraphValue *value)
{
  PlayerNode *pub = &node->pub;

  player_graph_touch_structure (graph, node);
  PLAYER_SET (graph, node->value, value);
  PLAYER_SET (graph, pub->outline, FALSE);
  PLAYER_SET (graph, pub->line, value->line);
  PLAYER_SET (graph, pub->event, value->event);
  PLAYER_SET (graph, pub->is_leaf, value->facts.leaf && (value->producer == PLAYER_NONE || value->facts.requires_grad));
  PLAYER_SET (graph, pub->requires_grad, value->facts.requires_grad);
  PLAYER_SET (graph, pub->is_output, value->producer != PLAYER_NONE && value->n_consumers == 0
                                       && has_one_element (&value->facts));
  PLAYER_SET (graph, pub->tensor, value->id);
  PLAYER_SET (graph, pub->version, value->version);
  PLAYER_SET (graph, pub->dtype, value->facts.dtype);
  PLAYER_SET (graph, pub->ndim, value->facts.ndim);
  PLAYER_SET (graph, pub->sizes, value->facts.sizes);
  PLAYER_SET (graph, pub->shot, value->facts.shot);
  PLAYER_SET (graph, pub->n_saved, value->n_saved);
  PLAYER_SET (graph, pub->grad_state, first_grad_state (value));
  PLAYER_SET (graph, pub->badge, value->badge);
  PLAYER_SET (graph, value->node, pub->id);
  player_graph_touch_structure (graph, node);
}

/* The outline that was drawn for this leaf before it was made, or NULL. */
static GraphNode *
find_outline (PlayerGraph *graph, const GraphValue *value, const char *label)
{
  for (guint id = 0; value->factory && id < graph->n_outlines; id++)
    {
      GraphNode *node = player_graph_node (graph, id);
      if (node != NULL && node->pub.outline && g_strcmp0 (node->pub.label, label) == 0)
        return node;
    }
  return NULL;
}

/* Gives a value its box: a leaf's own, or one that splits the edge it was. */
GraphNode *
player_graph_make_box (PlayerGraph *graph, GraphValue *value, const char *label)
{
  gboolean had_origin = value->producer != PLAYER_NONE || value->source != NULL;
  const char *tag = NULL;
  guint origin = had_origin ? player_graph_origin (graph, value, &tag) : PLAYER_NONE;
  GraphNode *node = find_outline (graph, value, label);

  if (node == NULL)
    node = player_graph_add_node (graph, PLAYER_BOX, label);
  fill_box (graph, node, value);
  player_graph_light (graph, node);
  if (had_origin)
    {
      GraphEdge *edge;
      reroute (graph, origin);
      edge = player_graph_add_edge (graph, origin, node->pub.id, 0, value);
      edge->pub.tag = NULL;
      player_graph_move_edge (graph, edge, origin, tag);
    }
  return node;
}
