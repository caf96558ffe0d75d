/* SPDX-License-Identifier: MIT
 *
 * Faint outlines of the leaves a script will make, read from the scan's JSON
 * before anything ran. The leaf of that name takes its outline over. */
#include "graph-private.h"
#include "outlines.h"

#include <json-glib/json-glib.h>

static void
free_outline (gpointer data)
{
  PlayerOutline *outline = data;
  g_free (outline->name);
  g_free (outline);
}

static void
read_sizes (PlayerOutline *outline, JsonObject *leaf)
{
  JsonArray *sizes = json_object_has_member (leaf, "sizes")
                     && JSON_NODE_HOLDS_ARRAY (json_object_get_member (leaf, "sizes"))
                       ? json_object_get_array_member (leaf, "sizes") : NULL;

  outline->ndim = sizes != NULL ? MIN (json_array_get_length (sizes), G_N_ELEMENTS (outline->sizes)) : 0;
  for (guint d = 0; d < outline->ndim; d++)
    {
      JsonNode *size = json_array_get_element (sizes, d);
      outline->sizes[d] = JSON_NODE_HOLDS_VALUE (size) ? MAX (json_node_get_int (size), 0) : 0;
    }
}

static PlayerOutline *
read_outline (JsonNode *node)
{
  JsonObject *leaf;
  const char *name;
  PlayerOutline *outline;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  leaf = json_node_get_object (node);
  name = json_object_get_string_member_with_default (leaf, "name", NULL);
  if (name == NULL)
    return NULL;
  outline = g_new0 (PlayerOutline, 1);
  outline->name = g_strdup (name);
  outline->line = (guint32) json_object_get_int_member_with_default (leaf, "line", 0);
  outline->place = json_object_get_int_member_with_default (leaf, "place", G_MAXINT64);
  outline->requires_grad = json_object_get_boolean_member_with_default (leaf, "requires_grad", FALSE);
  read_sizes (outline, leaf);
  return outline;
}

GPtrArray *
player_outlines_new (const char *scan_json, guint *first_line)
{
  GPtrArray *outlines = g_ptr_array_new_with_free_func (free_outline);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *scan;
  JsonArray *leaves;

  *first_line = 0;
  if (scan_json == NULL || !json_parser_load_from_data (parser, scan_json, -1, NULL)
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return outlines;
  scan = json_node_get_object (json_parser_get_root (parser));
  *first_line = (guint) json_object_get_int_member_with_default (scan, "first_line", 0);
  if (!json_object_has_member (scan, "leaves") || !JSON_NODE_HOLDS_ARRAY (json_object_get_member (scan, "leaves")))
    return outlines;
  leaves = json_object_get_array_member (scan, "leaves");
  for (guint k = 0; k < json_array_get_length (leaves); k++)
    {
      PlayerOutline *outline = read_outline (json_array_get_element (leaves, k));
      if (outline != NULL)
        g_ptr_array_add (outlines, outline);
    }
  return outlines;
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const PlayerOutline *left = *(const PlayerOutline *const *) a, *right = *(const PlayerOutline *const *) b;

  if (left->place != right->place)
    return left->place < right->place ? -1 : 1;
  return (left->line > right->line) - (left->line < right->line);
}

/* In the order of their first use, so that they stand side by side as the operations will need them. */
void
player_graph_add_outlines (PlayerGraph *graph, GPtrArray *outlines)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();

  g_ptr_array_extend (sorted, outlines, NULL, NULL);
  g_ptr_array_sort (sorted, compare_places);
  for (guint k = 0; k < sorted->len; k++)
    {
      const PlayerOutline *outline = sorted->pdata[k];
      GraphNode *node = player_graph_add_node (graph, PLAYER_BOX, outline->name);

      player_graph_touch_structure (graph, node);
      node->pub.outline = TRUE;
      node->pub.line = outline->line;
      node->pub.is_leaf = TRUE;
      node->pub.requires_grad = outline->requires_grad;
      node->pub.dtype = REC_FLOAT32;
      node->pub.ndim = outline->ndim;
      node->pub.sizes = outline->sizes;
      player_graph_touch_structure (graph, node);
    }
  graph->n_outlines = outlines->len;
}
