/* SPDX-License-Identifier: MIT
 *
 * Lines to objects and back; used by both ends. Whatever arrives, nothing here
 * warns or stops: a broken line is no message. */
#include "message.h"

#include <string.h>

/* Ours are three deep; the parser goes down the C stack for each level. */
#define DEPTH_MAX 16

static gboolean
is_shallow (const char *line, gsize n)
{
  guint depth = 0;
  gboolean quoted = FALSE;
  for (gsize k = 0; k < n; k++)
    if (quoted && line[k] == '\\')
      k++;
    else if (line[k] == '"')
      quoted = !quoted;
    else if (!quoted && (line[k] == '[' || line[k] == '{') && ++depth > DEPTH_MAX)
      return FALSE;
    else if (!quoted && (line[k] == ']' || line[k] == '}') && depth-- == 0)
      return FALSE;
  return TRUE;
}

JsonObject *
runner_message_parse (const char *line, gsize n)
{
  if (n == 0 || !is_shallow (line, n) || !g_utf8_validate (line, (gssize) n, NULL))
    return NULL;
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, line, (gssize) n, NULL))
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

/* Lines */

struct _RunnerLines
{
  GByteArray *begun;         /* a line without its end */
  gboolean dropping;         /* the rest of a line that is too long */
  RunnerMessageFunc func;
  gpointer data;
};

RunnerLines *
runner_lines_new (RunnerMessageFunc func, gpointer data)
{
  RunnerLines *lines = g_new0 (RunnerLines, 1);
  *lines = (RunnerLines){ .begun = g_byte_array_new (), .func = func, .data = data };
  return lines;
}

void
runner_lines_free (RunnerLines *lines)
{
  g_byte_array_unref (lines->begun);
  g_free (lines);
}

static void
take_line (RunnerLines *lines, const char *line, gsize n)
{
  JsonObject *message = runner_message_parse (line, n);
  if (message == NULL)
    return;
  lines->func (message, lines->data);
  json_object_unref (message);
}

static gboolean
begin_line (RunnerLines *lines, const char *bytes, gsize n)
{
  if (lines->dropping)
    return TRUE;
  if (lines->begun->len + n <= RUNNER_MESSAGE_MAX_NBYTES)
    {
      g_byte_array_append (lines->begun, (const guint8 *) bytes, (guint) n);
      return TRUE;
    }
  lines->dropping = TRUE;
  g_byte_array_unref (lines->begun);
  lines->begun = g_byte_array_new ();
  return FALSE;
}

gboolean
runner_lines_take (RunnerLines *lines, const char *bytes, gsize n)
{
  gboolean fits = TRUE;
  const char *newline;
  while ((newline = memchr (bytes, '\n', n)) != NULL)
    {
      gsize length = newline - bytes;
      if (!begin_line (lines, bytes, length))
        fits = FALSE;
      else if (!lines->dropping)
        take_line (lines, (const char *) lines->begun->data, lines->begun->len);
      g_byte_array_set_size (lines->begun, 0);
      lines->dropping = FALSE;
      bytes += length + 1;
      n -= length + 1;
    }
  return begin_line (lines, bytes, n) && fits;
}
