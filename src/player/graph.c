/* SPDX-License-Identifier: MIT
 *
 * Nodes and edges in order of their ids, their links, the structure's hash and
 * who is lit. All changes go through the journal. Built by the graph-*.c files,
 * read by layout and painter through graph.h. */
#include "graph-private.h"

#include <string.h>

static void
clear_grad_fn (gpointer data)
{
  GraphGradFn *grad_fn = data;
  g_free (grad_fn->next);
}

PlayerGraph *
player_graph_new (RecRecording *recording, PlayerRunIndex *index, gboolean undoable)
{
  PlayerGraph *graph = g_new0 (PlayerGraph, 1);

  player_arena_init (&graph->arena);
  player_journal_init (&graph->journal, !undoable);
  graph->recording = recording;
  graph->index = index;
  graph->nodes = g_ptr_array_new ();
  graph->edges = g_ptr_array_new ();
  graph->slots = g_hash_table_new (g_int64_hash, g_int64_equal);
  graph->grad_fns = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, clear_grad_fn);
  graph->storages = g_hash_table_new (g_int64_hash, g_int64_equal);
  graph->alive_nodes = player_graph_alive_new ();
  graph->alive_edges = player_graph_alive_new ();
  graph->free_nodes = graph->free_edges = PLAYER_NONE;
  graph->names = g_hash_table_new (g_str_hash, g_str_equal);
  graph->name_list = g_ptr_array_new ();
  graph->values = g_ptr_array_new ();
  graph->strings = g_string_chunk_new (1024);
  graph->scratch = g_new0 (RecOp, 1);
  graph->marks = g_array_new (FALSE, FALSE, sizeof (gsize));
  graph->first_lit = PLAYER_NONE;
  graph->focus = graph->failed_pill = PLAYER_NONE;
  return graph;
}

void
player_graph_free (PlayerGraph *graph)
{
  player_journal_clear (&graph->journal);
  g_ptr_array_unref (graph->nodes);
  g_ptr_array_unref (graph->edges);
  g_hash_table_unref (graph->slots);
  g_hash_table_unref (graph->grad_fns);
  g_hash_table_unref (graph->storages);
  player_graph_alive_free (graph->alive_nodes);
  player_graph_alive_free (graph->alive_edges);
  g_hash_table_unref (graph->names);
  g_ptr_array_unref (graph->name_list);
  g_ptr_array_unref (graph->values);
  player_arena_clear (&graph->arena);
  g_string_chunk_free (graph->strings);
  g_free (graph->scratch);
  g_array_unref (graph->marks);
  g_free (graph);
}

PlayerGraph *
player_graph_new_from (const PlayerNode *nodes, guint n_nodes, const PlayerEdge *edges, guint n_edges)
{
  PlayerGraph *graph = player_graph_new (NULL, NULL, FALSE);

  for (guint k = 0; k < n_nodes; k++)
    {
      GraphNode *node = player_graph_add_node (graph, nodes[k].kind, nodes[k].label);
      guint id = node->pub.id;
      player_graph_touch_structure (graph, node);
      node->pub = nodes[k];
      node->pub.id = id;
      player_graph_touch_structure (graph, node);
    }
  for (guint k = 0; k < n_edges; k++)
    {
      GraphEdge *edge = player_graph_add_edge (graph, edges[k].from, edges[k].to, edges[k].operand, NULL);
      guint id = edge->pub.id;
      player_graph_move_edge (graph, edge, edges[k].from, edges[k].tag);
      if (edges[k].upward)
        player_graph_turn_edge (graph, edge);
      edge->pub = edges[k];
      edge->pub.id = id;
    }
  return graph;
}

/* A number for what layout sees of an element; XORed, so that order does not matter. */
static guint64
mix (guint64 hash, guint64 value)
{
  hash = (hash ^ value) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  return hash ^ (hash >> 29);
}

static guint64
mix_text (guint64 hash, const char *text)
{
  return mix (hash, text != NULL ? g_str_hash (text) : 0);
}

/* All that a node's size depends on. */
static guint64
hash_node (const GraphNode *node)
{
  guint64 hash = mix (1 + node->pub.kind, node->pub.id);

  hash = mix_text (hash, node->pub.label);
  hash = mix (hash, (node->pub.outline ? 1u : 0) | (node->pub.is_leaf ? 2u : 0) | (node->pub.requires_grad ? 4u : 0)
                    | (node->pub.is_output ? 8u : 0));
  hash = mix_text (hash, node->pub.badge);
  hash = mix_text (hash, node->pub.grad_fn_name);
  hash = mix_text (hash, node->pub.factor);
  for (guint d = 0; d < node->pub.ndim && node->pub.sizes != NULL; d++)
    hash = mix (hash, (guint64) node->pub.sizes[d] + 1);
  return hash;
}

static guint64
hash_edge (const GraphEdge *edge)
{
  guint64 hash = mix (17, edge->pub.id);

  hash = mix (hash, ((guint64) edge->pub.from << 32) | edge->pub.to);
  hash = mix (hash, edge->pub.operand | (edge->pub.upward ? 1u << 31 : 0));
  return mix_text (hash, edge->pub.tag);
}

/* Takes a node's part out of the hash, or puts it in: called before and after a change. */
void
player_graph_touch_structure (PlayerGraph *graph, const GraphNode *node)
{
  PLAYER_SET (graph, graph->structure, graph->structure ^ hash_node (node));
}

GraphNode *
player_graph_node (const PlayerGraph *graph, guint id)
{
  GraphNode *node = id < graph->n_nodes ? graph->nodes->pdata[id] : NULL;
  return node != NULL && !node->gone ? node : NULL;
}

GraphEdge *
player_graph_edge (const PlayerGraph *graph, guint id)
{
  GraphEdge *edge = id < graph->n_edges ? graph->edges->pdata[id] : NULL;
  return edge != NULL && !edge->gone ? edge : NULL;
}

const char *
player_graph_string (PlayerGraph *graph, const char *text)
{
  return text != NULL ? g_string_chunk_insert_const (graph->strings, text) : NULL;
}

/* The lowest id that is free, else one more. */
static GraphNode *
take_node (PlayerGraph *graph)
{
  GraphNode *node;
  guint id = graph->free_nodes;

  if (id != PLAYER_NONE)
    {
      node = graph->nodes->pdata[id];
      PLAYER_SET (graph, graph->free_nodes, node->next_free);
      PLAYER_SET (graph, graph->n_gone, graph->n_gone - 1);
      player_journal_save (&graph->journal, node, sizeof *node);
    }
  else
    {
      id = graph->n_nodes;
      if (id == graph->nodes->len)
        g_ptr_array_add (graph->nodes, player_arena_new0 (&graph->arena, sizeof (GraphNode)));
      node = graph->nodes->pdata[id];
      PLAYER_SET (graph, graph->n_nodes, id + 1);
    }
  memset (node, 0, sizeof *node);
  node->pub.id = id;
  return node;
}

GraphNode *
player_graph_add_node (PlayerGraph *graph, PlayerNodeKind kind, const char *label)
{
  GraphNode *node = take_node (graph);

  node->pub.kind = kind;
  node->pub.label = player_graph_string (graph, label);
  node->first_in = node->first_out = node->next_lit = PLAYER_NONE;
  node->since = graph->n_applied;
  player_graph_touch_structure (graph, node);
  return node;
}

static void
link_out (PlayerGraph *graph, GraphEdge *edge)
{
  GraphNode *from = player_graph_node (graph, edge->pub.from);

  PLAYER_SET (graph, edge->next_out, from->first_out);
  PLAYER_SET (graph, from->first_out, edge->pub.id);
}

static void
unlink_in (PlayerGraph *graph, GraphEdge *edge)
{
  GraphNode *to = player_graph_node (graph, edge->pub.to);
  guint *link = &to->first_in;

  while (*link != PLAYER_NONE && *link != edge->pub.id)
    link = &player_graph_edge (graph, *link)->next_in;
  if (*link == edge->pub.id)
    PLAYER_SET (graph, *link, edge->next_in);
}

static void
unlink_out (PlayerGraph *graph, GraphEdge *edge)
{
  GraphNode *from = player_graph_node (graph, edge->pub.from);
  guint *link = &from->first_out;

  while (*link != PLAYER_NONE && *link != edge->pub.id)
    link = &player_graph_edge (graph, *link)->next_out;
  if (*link == edge->pub.id)
    PLAYER_SET (graph, *link, edge->next_out);
}

static GraphEdge *
take_edge (PlayerGraph *graph)
{
  GraphEdge *edge;
  guint id = graph->free_edges;

  if (id != PLAYER_NONE)
    {
      edge = graph->edges->pdata[id];
      PLAYER_SET (graph, graph->free_edges, edge->next_free);
      PLAYER_SET (graph, graph->n_edges_gone, graph->n_edges_gone - 1);
      player_journal_save (&graph->journal, edge, sizeof *edge);
    }
  else
    {
      id = graph->n_edges;
      if (id == graph->edges->len)
        g_ptr_array_add (graph->edges, player_arena_new0 (&graph->arena, sizeof (GraphEdge)));
      edge = graph->edges->pdata[id];
      PLAYER_SET (graph, graph->n_edges, id + 1);
    }
  memset (edge, 0, sizeof *edge);
  edge->pub.id = id;
  return edge;
}

GraphEdge *
player_graph_add_edge (PlayerGraph *graph, guint from, guint to, guint operand, GraphValue *value)
{
  GraphNode *target = player_graph_node (graph, to);
  GraphEdge *edge;

  g_return_val_if_fail (player_graph_node (graph, from) != NULL && target != NULL, NULL);
  edge = take_edge (graph);
  edge->pub.from = from;
  edge->pub.to = to;
  edge->pub.operand = operand;
  edge->value = value;
  if (value != NULL)
    {
      edge->pub.tensor = value->id;
      edge->pub.shot = value->facts.shot;
      edge->pub.needs_grad = value->facts.requires_grad;
    }
  edge->next_in = target->first_in;
  PLAYER_SET (graph, target->first_in, edge->pub.id);
  link_out (graph, edge);
  PLAYER_SET (graph, graph->structure, graph->structure ^ hash_edge (edge));
  return edge;
}

void
player_graph_move_edge (PlayerGraph *graph, GraphEdge *edge, guint from, const char *tag)
{
  PLAYER_SET (graph, graph->structure, graph->structure ^ hash_edge (edge));
  if (edge->pub.from != from)
    {
      unlink_out (graph, edge);
      PLAYER_SET (graph, edge->pub.from, from);
      link_out (graph, edge);
    }
  PLAYER_SET (graph, edge->pub.tag, tag);
  PLAYER_SET (graph, graph->structure, graph->structure ^ hash_edge (edge));
}

void
player_graph_turn_edge (PlayerGraph *graph, GraphEdge *edge)
{
  PLAYER_SET (graph, graph->structure, graph->structure ^ hash_edge (edge));
  PLAYER_SET (graph, edge->pub.upward, TRUE);
  PLAYER_SET (graph, graph->structure, graph->structure ^ hash_edge (edge));
}

void
player_graph_remove_edge (PlayerGraph *graph, GraphEdge *edge)
{
  PLAYER_SET (graph, graph->structure, graph->structure ^ hash_edge (edge));
  unlink_in (graph, edge);
  unlink_out (graph, edge);
  PLAYER_SET (graph, edge->gone, TRUE);
  PLAYER_SET (graph, graph->n_edges_gone, graph->n_edges_gone + 1);
}

void
player_graph_remove_node (PlayerGraph *graph, GraphNode *node)
{
  while (node->first_in != PLAYER_NONE)
    player_graph_remove_edge (graph, player_graph_edge (graph, node->first_in));
  while (node->first_out != PLAYER_NONE)
    player_graph_remove_edge (graph, player_graph_edge (graph, node->first_out));
  player_graph_touch_structure (graph, node);
  PLAYER_SET (graph, node->gone, TRUE);
  PLAYER_SET (graph, graph->n_gone, graph->n_gone + 1);
}

/* Chains what is gone, lowest id first: the next iteration takes the ids in the old order. */
void
player_graph_list_free (PlayerGraph *graph)
{
  guint next = PLAYER_NONE;

  for (guint id = graph->n_nodes; id-- > 0;)
    {
      GraphNode *node = graph->nodes->pdata[id];
      if (!node->gone)
        continue;
      PLAYER_SET (graph, node->next_free, next);
      next = id;
    }
  PLAYER_SET (graph, graph->free_nodes, next);
  next = PLAYER_NONE;
  for (guint id = graph->n_edges; id-- > 0;)
    {
      GraphEdge *edge = graph->edges->pdata[id];
      if (!edge->gone)
        continue;
      PLAYER_SET (graph, edge->next_free, next);
      next = id;
    }
  PLAYER_SET (graph, graph->free_edges, next);
}

void
player_graph_set_output (PlayerGraph *graph, GraphNode *node, gboolean is_output)
{
  if (node->pub.is_output == is_output)
    return;
  player_graph_touch_structure (graph, node);
  PLAYER_SET (graph, node->pub.is_output, is_output);
  player_graph_touch_structure (graph, node);
}

void
player_graph_set_factor (PlayerGraph *graph, GraphNode *pill, const char *factor)
{
  if (g_strcmp0 (pill->pub.factor, factor) == 0)
    return;
  player_graph_touch_structure (graph, pill);
  PLAYER_SET (graph, pill->pub.factor, factor);
  player_graph_touch_structure (graph, pill);
}

void
player_graph_set_label (PlayerGraph *graph, GraphNode *node, const char *label)
{
  player_graph_touch_structure (graph, node);
  PLAYER_SET (graph, node->pub.label, player_graph_string (graph, label));
  player_graph_touch_structure (graph, node);
}

/* Marks a node as touched by the step. */
void
player_graph_light (PlayerGraph *graph, GraphNode *node)
{
  PLAYER_SET (graph, node->pub.lit, TRUE);
  if (node->in_lit)
    return;
  PLAYER_SET (graph, node->in_lit, TRUE);
  PLAYER_SET (graph, node->next_lit, graph->first_lit);
  PLAYER_SET (graph, graph->first_lit, node->pub.id);
}

/* What the last step lit goes out. */
void
player_graph_begin_step (PlayerGraph *graph)
{
  for (guint id = graph->first_lit; id != PLAYER_NONE;)
    {
      GraphNode *node = graph->nodes->pdata[id];   /* perhaps folded away since */
      id = node->next_lit;
      PLAYER_SET (graph, node->pub.lit, FALSE);
      PLAYER_SET (graph, node->in_lit, FALSE);
      if (node->pub.pill_state == PLAYER_PILL_FORWARD)
        PLAYER_SET (graph, node->pub.pill_state, PLAYER_PILL_IDLE);
      if (node->pub.pill_state == PLAYER_PILL_LIT)
        PLAYER_SET (graph, node->pub.pill_state, PLAYER_PILL_RAN);
    }
  PLAYER_SET (graph, graph->first_lit, PLAYER_NONE);
  PLAYER_SET (graph, graph->focus, PLAYER_NONE);
  PLAYER_SET (graph, graph->moved_name, NULL);
  PLAYER_SET (graph, graph->arrival.tensor, 0);
  PLAYER_SET (graph, graph->shot_before, 0);
  PLAYER_SET (graph, graph->iteration, 0);
  PLAYER_SET (graph, graph->step_begin, graph->n_applied);
}

guint64
player_graph_get_structure_hash (const PlayerGraph *graph)
{
  return graph->structure;
}
