/* SPDX-License-Identifier: MIT
 *
 * A map from 64-bit numbers to pointers for what is looked up at every recorded
 * operation: open addressing, neighbours probed in turn, at most half full. The
 * engine counts ids up: four in a row share a cache line, and such groups are
 * scattered, for removing walks to the end of the slots taken in a row. Key 0 is
 * not used; values are not owned. Private to this room. */
#pragma once

#include <glib.h>

typedef struct
{
  guint64 key;           /* 0: free */
  gpointer value;
} RecSlot;

typedef struct
{
  RecSlot *slots;        /* a power of two of them */
  gsize mask;
  gsize n;
  guint shift;           /* 64 − bits of the number of groups */
} RecTable;

void rec_table_init (RecTable *table);
void rec_table_clear (RecTable *table);               /* frees the slots */
void rec_table_remove_all (RecTable *table);
/* Adds the key or gives it another value. */
void rec_table_set (RecTable *table, guint64 key, gpointer value);
void rec_table_remove (RecTable *table, guint64 key); /* nothing when it is not there */

#define REC_TABLE_GROUP 4

/* Where the key stands when nobody is in its way. */
static inline gsize
rec_table_home (const RecTable *table, guint64 key)
{
  guint64 group = key / REC_TABLE_GROUP * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) >> table->shift;
  return group * REC_TABLE_GROUP + key % REC_TABLE_GROUP;
}

static inline gpointer
rec_table_lookup (const RecTable *table, guint64 key)
{
  for (gsize k = rec_table_home (table, key);; k = (k + 1) & table->mask)
    if (table->slots[k].key == key)
      return table->slots[k].value;
    else if (table->slots[k].key == 0)
      return NULL;
}
