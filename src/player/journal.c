/* SPDX-License-Identifier: MIT
 *
 * The undo log: cells of at most eight bytes, popped in reverse order. Called by
 * the graph on the UI thread; knows nothing of what it keeps. */
#include "journal.h"

#include <string.h>

#define CELL_NBYTES 8

typedef struct
{
  gpointer address;
  guint8 nbytes;
  guint8 old[CELL_NBYTES];
} JournalCell;

void
player_journal_init (PlayerJournal *journal, gboolean off)
{
  journal->cells = g_array_new (FALSE, FALSE, sizeof (JournalCell));
  journal->off = off;
}

void
player_journal_clear (PlayerJournal *journal)
{
  g_clear_pointer (&journal->cells, g_array_unref);
}

gsize
player_journal_mark (const PlayerJournal *journal)
{
  return journal->cells->len;
}

void
player_journal_undo (PlayerJournal *journal, gsize mark)
{
  g_return_if_fail (!journal->off && mark <= journal->cells->len);
  for (gsize k = journal->cells->len; k > mark; k--)
    {
      const JournalCell *cell = &g_array_index (journal->cells, JournalCell, k - 1);
      memcpy (cell->address, cell->old, cell->nbytes);
    }
  g_array_set_size (journal->cells, mark);
}

void
player_journal_save (PlayerJournal *journal, gpointer address, gsize nbytes)
{
  if (journal->off)
    return;
  for (gsize done = 0; done < nbytes; done += CELL_NBYTES)
    {
      JournalCell cell = { (guint8 *) address + done, (guint8) MIN (nbytes - done, CELL_NBYTES), { 0 } };
      memcpy (cell.old, cell.address, cell.nbytes);
      g_array_append_val (journal->cells, cell);
    }
}
