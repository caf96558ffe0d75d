/* SPDX-License-Identifier: MIT
 *
 * Lines to objects and back; used by both ends. Whatever arrives, nothing here
 * warns or stops: a broken line is no message. */
#include "message.h"

#include <string.h>

JsonObject *
runner_message_parse (const char *line, gssize n)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, line, n, NULL))
    return NULL;
  JsonNode *root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  return json_object_ref (json_node_get_object (root));
}

GBytes *
runner_message_format (JsonObject *message)
{
  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc (), message);
  char *text = json_to_string (root, FALSE);
  json_object_unref (message);
  gsize n = strlen (text);
  text = g_realloc (text, n + 2);
  text[n] = '\n';
  text[n + 1] = '\0';
  return g_bytes_new_take (text, n + 1);
}

static JsonNode *
get_member (JsonObject *message, const char *member, JsonNodeType type)
{
  JsonNode *node = json_object_get_member (message, member);
  return node != NULL && json_node_get_node_type (node) == type ? node : NULL;
}

const char *
runner_message_get_string (JsonObject *message, const char *member)
{
  JsonNode *node = get_member (message, member, JSON_NODE_VALUE);
  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

gint64
runner_message_get_int (JsonObject *message, const char *member)
{
  JsonNode *node = get_member (message, member, JSON_NODE_VALUE);
  return node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : 0;
}

JsonArray *
runner_message_get_array (JsonObject *message, const char *member)
{
  JsonNode *node = get_member (message, member, JSON_NODE_ARRAY);
  return node != NULL ? json_node_get_array (node) : NULL;
}
