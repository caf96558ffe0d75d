/* SPDX-License-Identifier: MIT
 *
 * Search in the graph as it stands: names of boxes, operations as they were written,
 * their grad_fns, lines of the script. */
#include "graph.h"

#include <string.h>

/* "line 11", "11": a line's number; 0: the text is none. */
static guint32
line_of (const char *text, gboolean *only)
{
  gsize n_letters;
  guint64 line;
  char *end;

  *only = g_str_has_prefix (text, "line ");
  if (*only)
    text += strlen ("line ");
  while (*text == ' ')
    text++;
  n_letters = strspn (text, "0123456789");
  if (n_letters == 0 || text[n_letters] != '\0')
    {
      *only = FALSE;
      return 0;
    }
  line = g_ascii_strtoull (text, &end, 10);
  return line <= G_MAXUINT32 ? (guint32) line : 0;
}

static gboolean
contains (const char *text, gsize length, const char *wanted)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, (gssize) length) : NULL;

  return folded != NULL && strstr (folded, wanted) != NULL;
}

/* A box whose name has moved on says its line behind the name: that is no part of it. */
static gboolean
is_named (const PlayerNode *node, const char *wanted)
{
  const char *suffix = node->dimmed ? strstr (node->label, " (line ") : NULL;

  return contains (node->label, suffix != NULL ? (gsize) (suffix - node->label) : strlen (node->label), wanted)
         || (node->grad_fn_name != NULL && contains (node->grad_fn_name, strlen (node->grad_fn_name), wanted));
}

GArray *
player_graph_find (const PlayerGraph *graph, const char *text)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree char *trimmed = g_strstrip (g_strdup (text)), *wanted = g_utf8_casefold (trimmed, -1);
  gboolean only_line;
  guint32 line = line_of (wanted, &only_line);

  if (*wanted == '\0')
    return found;
  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);

      if ((line != 0 && node->line == line) || (!only_line && is_named (node, wanted)))
        g_array_append_val (found, node->id);
    }
  return found;
}
