/* SPDX-License-Identifier: MIT
 *
 * A map from 64-bit numbers to pointers for what is looked up at every recorded
 * operation: open addressing, neighbours probed in turn, at most half full. Ids
 * are counted up by the engine, so that low bits spread well and tensors of one
 * step lie side by side. Key 0 is not used; values are not owned. Private to
 * this room. */
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
} RecTable;

void rec_table_init (RecTable *table);
void rec_table_clear (RecTable *table);               /* frees the slots */
void rec_table_remove_all (RecTable *table);
/* Adds the key or gives it another value. */
void rec_table_set (RecTable *table, guint64 key, gpointer value);
void rec_table_remove (RecTable *table, guint64 key); /* nothing when it is not there */

static inline gpointer
rec_table_lookup (const RecTable *table, guint64 key)
{
  for (gsize k = key & table->mask;; k = (k + 1) & table->mask)
    if (table->slots[k].key == key)
      return table->slots[k].value;
    else if (table->slots[k].key == 0)
      return NULL;
}
