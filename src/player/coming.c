/* SPDX-License-Identifier: MIT
 *
 * Reads the scan's statements and finds one by its line. Called by the player's
 * texts on the UI thread. */
#include "coming.h"

#include <json-glib/json-glib.h>

#define MOST_FOLLOWED 256

typedef struct { char *does; guint then; } Statement;
struct _PlayerComing { GHashTable *statements; };   /* line → Statement */

static void
free_statement (gpointer data)
{
  Statement *statement = data;
  g_free (statement->does);
  g_free (statement);
}

static void
add_statement (PlayerComing *coming, JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  gint64 line = object != NULL ? json_object_get_int_member_with_default (object, "line", 0) : 0;
  Statement *statement;

  if (line <= 0 || line > G_MAXINT || g_hash_table_contains (coming->statements, GINT_TO_POINTER (line)))
    return;
  statement = g_new0 (Statement, 1);
  statement->does = g_strdup (json_object_get_string_member_with_default (object, "does", NULL));
  statement->then = (guint) CLAMP (json_object_get_int_member_with_default (object, "then", 0), 0, G_MAXINT);
  g_hash_table_insert (coming->statements, GINT_TO_POINTER (line), statement);
}

PlayerComing *
player_coming_new (const char *scan_json)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *scan;
  JsonArray *list;
  PlayerComing *coming;

  if (scan_json == NULL || !json_parser_load_from_data (parser, scan_json, -1, NULL)
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return NULL;
  scan = json_node_get_object (json_parser_get_root (parser));
  if (!json_object_has_member (scan, "statements")
      || !JSON_NODE_HOLDS_ARRAY (json_object_get_member (scan, "statements")))
    return NULL;
  list = json_object_get_array_member (scan, "statements");
  coming = g_new (PlayerComing, 1);
  coming->statements = g_hash_table_new_full (NULL, NULL, NULL, free_statement);
  for (guint k = 0; k < json_array_get_length (list); k++)
    add_statement (coming, json_array_get_element (list, k));
  return coming;
}

void
player_coming_free (PlayerComing *coming)
{
  g_hash_table_unref (coming->statements);
  g_free (coming);
}

char *
player_coming_dup_next (const PlayerComing *coming, guint line)
{
  const Statement *statement = NULL;

  for (guint n = 0; coming != NULL && n < MOST_FOLLOWED; n++)
    {
      statement = g_hash_table_lookup (coming->statements, GUINT_TO_POINTER (line));
      if (statement == NULL || statement->then == 0)
        break;
      line = statement->then;
    }
  if (statement == NULL || statement->does == NULL)
    return g_strdup_printf ("Next: line %u", line);
  return g_strdup_printf ("Next: line %u %s", line, statement->does);
}
