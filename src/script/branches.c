/* SPDX-License-Identifier: MIT
 *
 * Ways of ifs, waiting to be written, outermost first; and the way each took last. */
#include "branches.h"

typedef struct
{
  const ScriptStatement *statement;
  guint way, before, n_open;
} Branch;

static GArray *waiting;                /* of Branch */
static GHashTable *ways;               /* statement → the way it took last + 1 */

void
script_branches_start (void)
{
  waiting = g_array_new (FALSE, FALSE, sizeof (Branch));
  ways = g_hash_table_new (NULL, NULL);
}

void
script_branches_finish (void)
{
  g_clear_pointer (&waiting, g_array_unref);
  g_clear_pointer (&ways, g_hash_table_unref);
}

void
script_branches_take (const ScriptStatement *statement, guint way, guint n_open)
{
  Branch branch = { statement, way, GPOINTER_TO_UINT (g_hash_table_lookup (ways, statement)), n_open };

  g_hash_table_insert (ways, (gpointer) statement, GUINT_TO_POINTER (way + 1));
  g_array_append_val (waiting, branch);
}

gboolean
script_branches_write (RecWriter *writer, guint n_open)
{
  guint n = 0;

  for (; n < waiting->len && g_array_index (waiting, Branch, n).n_open <= n_open; n++)
    {
      const Branch *branch = &g_array_index (waiting, Branch, n);
      const ScriptStatement *statement = branch->statement;
      const guint *other = statement->branches[1 - branch->way];
      RecBranch taken = { branch->way, branch->before, MAX (statement->branches[0][1], statement->branches[1][1]),
                          other[0], other[1], statement->leaves };

      rec_writer_set_position (writer, statement->file, statement->line);
      rec_writer_branch_taken (writer, &taken);
    }
  if (n > 0)
    g_array_remove_range (waiting, 0, n);
  return n > 0;
}

void
script_branches_drop (guint n_open)
{
  guint n = waiting->len;

  while (n > 0 && g_array_index (waiting, Branch, n - 1).n_open > n_open)
    n--;
  g_array_set_size (waiting, n);
}
