/* SPDX-License-Identifier: MIT
 *
 * An undo log of memory: every change of a journaled field saves its old bytes
 * first, so that popping back to a mark restores the state exactly. Fields must
 * have stable addresses (no realloc'ed arrays). Without recording (a graph that
 * is never undone) a change costs one store. Used by the graph only. */
#pragma once

#include <glib.h>

typedef struct
{
  GArray *cells;               /* of JournalCell */
  gboolean off;                /* keep nothing: never undone */
} PlayerJournal;

void player_journal_init (PlayerJournal *journal, gboolean off);
void player_journal_clear (PlayerJournal *journal);
/* The state now; player_journal_undo() to it restores every field changed since. */
gsize player_journal_mark (const PlayerJournal *journal);
void player_journal_undo (PlayerJournal *journal, gsize mark);
/* Saves the bytes at address before the caller overwrites them. */
void player_journal_save (PlayerJournal *journal, gpointer address, gsize nbytes);

/* Sets a field of the graph, undoably; a field that has the value already costs nothing. */
#define PLAYER_SET(graph, field, value) \
  G_STMT_START { \
    __typeof__ (field) player_new_value = (value); \
    if ((field) != player_new_value) \
      { \
        player_journal_save (&(graph)->journal, &(field), sizeof (field)); \
        (field) = player_new_value; \
      } \
  } G_STMT_END
